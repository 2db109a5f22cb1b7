"""Who may do what: every route of the API as every kind of asker.

The table is written by hand, from what the roles are for: coordinators have their own
office and see that others are busy, planners have all calendars, auditors read,
admins have people and places and book nothing; teachers, members of councils and their
secretaries sign in by a link and have no part in this API but what is about themselves.
"""

import datetime
import hashlib
import re

import pytest

from kattegat.api import Api, new_api_token, new_person
from kattegat.roles import (OFFICE, OTHER, REQUESTS, Askers, Things, at,
                            new_sign_in)

OPTIONS = {"sign_in_failures": 1000, "unknown_tokens_per_minute": 1000}

ASKERS = ("nobody", "teacher", "councillor", "secretary", "own", "other",
          "planner", "auditor", "admin", "program", "ended", "revoked")

# What a word of the table stands for. "yes": the one 2xx that the document has.
ANSWERS = {
    "who": (401, "not-signed-in"),
    "no": (403, "not-allowed"),
    "again": (403, "confirm-again"),    # password and code must be fresh
    "pass": (401, "sign-in-refused"),   # was let in, and had a wrong password
    "none": (404, "not-found"),         # was let in, and had a wrong invitation
    "state": (409, "wrong-state"),
    "value": (422, "value-refused"),
}

# own, other: coordinators, of the office that the things of the test belong to and of
# another one. program: an admin's API token. ended, revoked: a session that was idle
# for too long, and an API token that was taken back, of a planner.
MATRIX = """
                    nobody teacher councillor secretary own   other planner auditor admin program ended revoked
offices_list        who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
office_get          who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
office_create       who    no      no         no        no    no    yes     no      yes   yes     who   who
office_change       who    no      no         no        no    no    yes     no      yes   yes     who   who
venues_list         who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
venue_get           who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
venue_create        who    no      no         no        no    no    yes     no      yes   yes     who   who
venue_change        who    no      no         no        no    no    yes     no      yes   yes     who   who
rooms_list          who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
rooms_free          who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
room_get            who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
room_week           who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
room_create         who    no      no         no        no    no    yes     no      yes   yes     who   who
room_change         who    no      no         no        no    no    yes     no      yes   yes     who   who
room_setup_put      who    no      no         no        no    no    yes     no      yes   yes     who   who
room_setup_remove   who    no      no         no        no    no    yes     no      yes   yes     who   who

bookings_list       who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
booking_get         who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
booking_create      who    no      no         no        yes   no    yes     no      no    no      who   who
booking_change      who    no      no         no        yes   no    yes     no      no    no      who   who
booking_move        who    no      no         no        yes   no    yes     no      no    no      who   who
booking_cancel      who    no      no         no        yes   no    yes     no      no    no      who   who
booking_restore     who    no      no         no        yes   no    yes     no      no    no      who   who
booking_confirm     who    no      no         no        yes   no    yes     no      no    no      who   who
series_preview      who    no      no         no        yes   no    yes     no      no    no      who   who
series_create       who    no      no         no        yes   no    yes     no      no    no      who   who
series_get          who    no      no         no        yes   no    yes     yes     no    no      who   who
series_change       who    no      no         no        yes   no    yes     no      no    no      who   who
series_cancel       who    no      no         no        yes   no    yes     no      no    no      who   who
series_restore      who    no      no         no        yes   no    yes     no      no    no      who   who
block_out_create    who    no      no         no        yes   no    yes     no      no    no      who   who
closing_day_create  who    no      no         no        yes   no    yes     no      no    no      who   who

seminars_list       who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
seminar_get         who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
seminar_create      who    no      no         no        no    no    yes     no      no    no      who   who
seminar_change      who    no      no         no        no    no    yes     no      no    no      who   who
runs_list           who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
run_get             who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
run_create          who    no      no         no        yes   no    yes     no      no    no      who   who
run_change          who    no      no         no        yes   no    yes     no      no    no      who   who
run_move            who    no      no         no        yes   no    yes     no      no    no      who   who
run_cancel          who    no      no         no        yes   no    yes     no      no    no      who   who
run_restore         who    no      no         no        yes   no    yes     no      no    no      who   who
sessions_list       who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
session_get         who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
session_create      who    no      no         no        yes   no    yes     no      no    no      who   who
session_change      who    no      no         no        yes   no    yes     no      no    no      who   who
session_move        who    no      no         no        yes   no    yes     no      no    no      who   who
session_cancel      who    no      no         no        yes   no    yes     no      no    no      who   who
session_restore     who    no      no         no        yes   no    yes     no      no    no      who   who
session_teachers_list who  no      no         no        yes   no    yes     yes     no    no      who   who
session_teacher_put who    no      no         no        yes   no    yes     no      no    no      who   who
session_teacher_remove who no      no         no        yes   no    yes     no      no    no      who   who

journal_list        who    no      no         no        yes   yes   yes     yes     yes   yes     who   who
journal_undo        who    no      no         no        yes   no    yes     no      no    no      who   who

me                  who    yes     yes        yes       yes   yes   yes     yes     yes   yes     who   who
own_account         who    yes     yes        yes       yes   yes   yes     yes     yes   yes     who   who
sign_in             pass   pass    pass       pass      pass  pass  pass    pass    pass  pass    pass  pass
sign_in_again       who    pass    pass       pass      pass  pass  pass    pass    pass  state   who   who
mail_link_send      yes    yes     yes        yes       yes   yes   yes     yes     yes   yes     yes   yes
mail_link_use       none   none    none       none      none  none  none    none    none  none    none  none
sign_out            who    yes     yes        yes       yes   yes   yes     yes     yes   state   who   who
sign_ins_list       who    yes     yes        yes       yes   yes   yes     yes     yes   yes     who   who
sign_in_revoke      who    yes     yes        yes       yes   yes   yes     yes     yes   again   who   who
sign_ins_end_others who    yes     yes        yes       yes   yes   yes     yes     yes   state   who   who
recovery_renew      who    state   state      state     state state state   state   state again   who   who
password_change     who    state   state      state     state state state   state   state again   who   who
api_tokens_list     who    yes     yes        yes       yes   yes   yes     yes     yes   yes     who   who
api_token_create    who    value   value      value     yes   yes   yes     yes     yes   again   who   who
api_token_revoke    who    yes     yes        yes       yes   yes   yes     yes     yes   again   who   who

accounts_list       who    no      no         no        no    no    no      no      yes   yes     who   who
account_get         who    no      no         no        no    no    no      no      yes   yes     who   who
account_invite      who    no      no         no        no    no    no      no      yes   again   who   who
account_change      who    no      no         no        no    no    no      no      yes   again   who   who
account_lock        who    no      no         no        no    no    no      no      yes   again   who   who
account_unlock      who    no      no         no        no    no    no      no      yes   again   who   who
invitation_accept   none   none    none       none      none  none  none    none    none  none    none  none
invitation_confirm  none   none    none       none      none  none  none    none    none  none    none  none

openapi             yes    yes     yes        yes       yes   yes   yes     yes     yes   yes     yes   yes
"""


def table():
    """{operation: {asker: word}}"""
    lines = [line.split() for line in MATRIX.splitlines() if line.strip()]
    assert tuple(lines[0]) == ASKERS
    found = {}
    for operation, *words in lines[1:]:
        assert operation not in found and len(words) == len(ASKERS)
        found[operation] = dict(zip(ASKERS, words))
    return found


TABLE = table()


@pytest.fixture(scope="module")
def api(daemon):
    api = Api(daemon.client)
    assert api.document
    return api


@pytest.fixture(scope="module")
def askers(api, database):
    return Askers(api, database)


@pytest.fixture(scope="module")
def things(api, database, askers):
    return Things(api.as_(new_api_token(
        database, new_person(database, "planner"))), database, askers)


@pytest.fixture(scope="module")
def routes(api):
    """{operation: (method, the status when it is done)}"""
    return {operation["operationId"]: (method.upper(), *[
        int(status) for status in operation["responses"]
        if status.startswith("2")][:1])
        for _, _, method, _, operation in api.document.operations}


def test_every_route_has_a_row_and_a_request(routes, database):
    assert set(routes) == set(TABLE) == set(REQUESTS)
    # what signing in is made of is no route; the rest is all there
    handled = {row.name for row in database.rows(
        "SELECT name FROM kg.api_route WHERE verb IS NOT NULL")}
    assert {name for name in handled - set(TABLE)
            if not name.startswith(("sign_in_", "invitation_",
                                    "password_change_"))} == set()


@pytest.mark.parametrize("operation", TABLE)
def test_only_who_may_is_let_in(operation, routes, askers, things, database):
    method, done = routes[operation]
    found = {}
    for asker, word in TABLE[operation].items():
        client = askers[asker]
        wanted = REQUESTS[operation](things, asker)
        before = database.value("SELECT max(id) FROM kg.journal")
        answer = client.request(method, wanted.pop("path"), **wanted)
        client.close()
        status, problem = ANSWERS.get(word, (done, None))
        if (answer.status, problem and answer.problem) != (status, problem):
            found[asker] = (word, answer)
        elif word != "yes":
            assert before == database.value(
                "SELECT max(id) FROM kg.journal"), "%s changed something" % (
                    asker,)
    assert found == {}


def test_a_coordinator_takes_no_room_of_another_office(askers, things,
                                                       database):
    """Whatever it is asked by; and gives nothing away to it."""
    venue = things.made("/venues", office=OTHER, name="Nabohuset",
                        town="Herlev")["id"]
    theirs = things.made("/rooms", venue_id=venue, name="Nabosalen")["id"]
    booking, series, run, session = (things.booking(), things.series(),
                                     things.run(), things.session())
    both = {"room_ids": [things.room, theirs], "title": "Begge"}
    day = str(next(things.days))
    with askers["own"] as own:
        before = database.value("SELECT max(id) FROM kg.journal")
        for method, wanted in (
                ("POST", {"path": "/bookings",
                          "body": {**both, **things.span()}}),
                ("POST", at(booking, {"room_id": theirs}, "/move")),
                ("POST", {"path": "/block-outs",
                          "body": {**both, **things.span()}}),
                ("POST", {"path": "/closing-days", "body": {
                    "office": OTHER, "title": "Lukket", "from": day}}),
                ("POST", {"path": "/series", "body": {
                    **things.rule(), "room_id": theirs}}),
                ("POST", {"path": "/series", "body": {
                    **things.rule(), "from": day, "until": day,
                    "overrides": [{"date": day, "room_id": theirs}]}}),
                ("PATCH", at(series, {"room_id": theirs})),
                ("POST", {"path": "/runs", "body": {
                    **things.run_wish(), "office": OTHER}}),
                ("POST", {"path": "/runs", "body": {
                    **things.run_wish(), "venue_id": venue,
                    "sessions": [{**things.span(), "room_id": theirs}]}}),
                ("PATCH", at(run, {"office": OTHER})),
                ("POST", at(run, {"venue_id": venue, "rooms": [
                    {"no": 1, "room_id": theirs}]}, "/move")),
                ("POST", {"path": run[0] + "/sessions",
                          "body": {**things.span(), "room_id": theirs}}),
                ("POST", at(session, {"room_id": theirs}, "/move"))):
            answer = own.request(method, **wanted)
            assert (answer.status, answer.problem) == (
                403, "not-allowed"), (wanted, answer)
    assert database.value("SELECT max(id) FROM kg.journal") == before


# ---- what others may know ----

SECRETS = ("Fortroligt møde", "hemmelige noter", "1717", "pescetarian")


def told(text):
    """The secrets that a text tells; a number within another is none."""
    return [word for word in SECRETS
            if re.search(r"(?<![\w-])%s(?![\w-])" % word, text)]


@pytest.fixture(scope="module")
def private(things, askers):
    """A booking of the office that tells everything a booking can tell."""
    room = things.new_room()["id"]
    things.planner.put("/rooms/%d/setups/theatre" % room, {"capacity": 2000},
                       if_match=1)
    own = askers["own"]
    day = next(things.days)
    answer = own.post("/bookings", {
        "room_id": room, "starts_local": "%sT09:00" % day,
        "ends_local": "%sT12:00" % day, "title": SECRETS[0],
        "notes": SECRETS[1], "setup": "theatre", "head_count": 1717,
        "catering_count": 1717, "catering_diets": {SECRETS[3]: 1}})
    assert answer.status == 201, answer
    assert told(answer.body.decode()) == list(SECRETS)
    return answer.json


def looks(private):
    """Every way to come by a booking: (path, what is asked)"""
    day = private["starts_local"][:10]
    week = "%d-W%02d" % datetime.date.fromisoformat(day).isocalendar()[:2]
    room, venue = private["room"]["id"], private["venue"]["id"]
    return [("/bookings/%d" % private["id"], {}),
            ("/bookings", {"room_id": room}), ("/bookings", {"week": week}),
            ("/bookings", {"venue_id": venue, "from": day, "to": day}),
            ("/bookings", {"office": OFFICE, "status": "all", "from": day}),
            ("/rooms/%d/week" % room, {"week": week})]


@pytest.mark.parametrize("asker", ["other", "admin", "program"])
def test_others_see_that_a_room_is_busy_and_no_more(asker, askers, private,
                                                    api):
    with askers[asker] as client:
        for path, query in looks(private):
            answer = client.get(path, **query)
            assert answer.status == 200
            text = answer.body.decode()
            assert "optaget" in text, path
            assert told(text) == [], path
            items = answer.json.get("items", [answer.json])
            for item in items:
                if item["id"] != private["id"]:
                    continue
                assert item["busy"] is True
                assert {name for name, value in item.items()
                        if value is None} >= {
                            "uid", "kind", "setup", "head_count", "capacity",
                            "notes", "session", "series_id", "catering"}
        # nor can it be looked for
        for query in ({"q": "Fortroligt"}, {"kind": "internal"}):
            answer = client.get("/bookings", room_id=private["room"]["id"],
                                **query)
            assert answer.json["items"] == []


@pytest.mark.parametrize("asker", ["own", "planner", "auditor"])
def test_the_office_planners_and_auditors_see_it_all(asker, askers, private):
    with askers[asker] as client:
        for path, query in looks(private):
            assert SECRETS[0] in client.get(path, **query).body.decode(), path


def test_a_refusal_tells_others_nothing(askers, private):
    day, room = private["starts_local"][:10], private["room"]["id"]
    with askers["other"] as client:
        preview = client.post("/series/preview", {
            "room_id": room, "title": "Prøve", "starts": "10:00",
            "ends": "11:00", "from": day, "until": day,
            "skip_holidays": False})
        assert preview.status == 403
        path = "/bookings/%d" % private["id"]
        answers = [preview] + [
            client.patch(path, {"title": "Ny"}, if_match=99),
            client.post(path + "/move", {"room_id": room}, if_match=99),
            client.post(path + "/cancel", {}, if_match=99),
            client.post("/bookings", {
                "room_id": room, "starts_local": "%sT10:00" % day,
                "ends_local": "%sT11:00" % day, "title": "Prøve"}),
            client.post("/closing-days", {"room_id": room, "from": day,
                                          "title": "Lukket"}),
            client.post("/block-outs", {
                "office": OFFICE, "starts_local": "%sT10:00" % day,
                "ends_local": "%sT11:00" % day, "title": "Lukket"})]
        assert {answer.status for answer in answers[1:]} == {403}
        for answer in answers:
            text = answer.body.decode()
            assert told(text) == []


def test_a_guest_in_the_house_is_told_no_more(askers, things, private):
    """A run of another office that is held in a room of this one."""
    day, room = private["starts_local"][:10], private["room"]["id"]
    run = things.made("/runs", run_no="GUEST-01", office=OTHER,
                      seminar="kattegat-kommune", venue_id=things.venue,
                      sessions=[{**things.span(), "room_id": room}])
    session = "/runs/GUEST-01/sessions/1"
    with askers["other"] as client:
        booking = "/bookings/%d" % run["sessions"][0]["rooms"][0]["booking_id"]
        assert client.get(booking).json["busy"] is False
        for answer in (
                client.post("/runs/GUEST-01/move", {"starts_on": day},
                            if_match=run["version"]),
                client.post(session + "/move", {
                    "starts_local": "%sT10:00" % day},
                    if_match=client.get(session).etag)):
            assert (answer.status, answer.problem) == (409, "in-the-way")
            hit, = answer.json["conflicts"]
            assert (hit["booking_id"], hit["title"], hit["busy"]) == (
                private["id"], "optaget", True)
            assert told(answer.body.decode()) == []


def test_the_public_feeds_do_not_tell_of_it(daemon, private, database):
    for path in ("/f/lokale/%d.ics" % private["room"]["id"],
                 "/f/kontor/%s.ics" % OFFICE):
        text = daemon.client.get(path).text.replace("\r\n ", "")
        assert told(text) == [], path
    assert "optaget" in daemon.client.get(
        "/f/lokale/%d.ics" % private["room"]["id"]).text.lower()


def without_checks(client):
    """Long lists are read faster when they are not held against the document."""
    return Api(client.client, client.token, check=False)


def test_the_journal_of_a_booking_is_its_offices(askers, private, things):
    entry = {"object": "booking", "object_id": private["id"]}
    run = things.run()[0].rsplit("/", 1)[1]
    for asker, sees in (("own", True), ("planner", True), ("auditor", True),
                        ("other", False), ("admin", False),
                        ("program", False)):
        with askers[asker] as client:
            found = client.get("/journal", **entry)
            assert found.status == 200
            assert bool(found.json["items"]) is sees, asker
            assert (SECRETS[0] in found.body.decode()) is sees, asker
            with without_checks(client) as reader:
                pages = list(reader.pages("/journal", limit=200))
            assert (SECRETS[0] in str(pages)) is sees, asker
            assert (run in str(pages)) is sees, asker


def test_an_auditor_reads_pseudonyms(askers, database, things):
    names = ["Kaja Kendt", "Lars Lærer", "Ivar Inviteret", "ivar@example.org"]
    person = new_person(database, "coordinator", OFFICE, names[0])
    teacher = new_person(database, "teacher", name=names[1])
    run = things.run()[0]
    database.run("SELECT kg.session_teacher_set(NULL, 'test', %s, 1, %s,"
                 " 'accepted')", run.rsplit("/", 1)[1], teacher)
    with askers["admin"] as admin:
        assert admin.post("/accounts", {
            "name": names[2], "mail": names[3], "role": "planner"}
            ).status == 201
    with askers.api.as_(new_api_token(database, person)) as client:
        assert client.post("/bookings", things.wish()).status == 201

    def texts(client):
        """All that there is to read; of the journal the latest of each kind."""
        for path in (run, run + "/sessions/1", "/sessions", "/runs",
                     "/bookings", "/rooms", "/venues"):
            yield client.get(path).body.decode()
        for kind in (None, "person", "account", "invitation", "booking",
                     "session_teacher", "session", "api_token", "sign_in"):
            with without_checks(client) as reader:
                yield reader.get("/journal", object=kind,
                                 limit=200).body.decode()

    with askers["auditor"] as auditor, askers["planner"] as planner:
        assert [name for name in names
                if any(name in text for text in texts(auditor))] == []
        # by number they are told apart
        entry = auditor.get("/journal", person=person).json["items"][0]
        assert (entry["person_id"], entry["person"]) == (person, None)
        assert [name for name in names
                if any(name in text for text in texts(planner))] == names[:2]


# ---- tokens ----

def test_nobody_reads_a_token_again(askers, database):
    with askers["own"] as own, askers["admin"] as admin:
        made = own.post("/api-tokens", {"name": "regneark"}, key="k" * 20)
        assert made.status == 201
        secret = made.json["token"]
        again = own.post("/api-tokens", {"name": "regneark"}, key="k" * 20)
        assert again.status == 201 and again.json["id"] == made.json["id"]
        invited = admin.post("/accounts", {
            "name": "Ny", "mail": "token@example.org", "role": "planner"},
            key="i" * 20)
        assert invited.status == 201
        # that one goes by mail
        assert "token" not in invited.json
        hidden = [secret, hashlib.sha256(secret.encode()).hexdigest()]
        for answer in (again, own.get("/api-tokens"), admin.get("/accounts"),
                       admin.get("/accounts/%d" % invited.json["id"]),
                       admin.get("/journal", object="api_token"),
                       admin.post("/accounts", {
                           "name": "Ny", "mail": "token@example.org",
                           "role": "planner"}, key="i" * 20)):
            assert answer.status in (200, 201), answer
            assert [word for word in hidden if word in answer.body.decode()
                    ] == []
    kept = database.rows("SELECT body::text FROM kg.idempotency")
    assert kept
    assert not any(word in row.body for row in kept for word in hidden)


@pytest.mark.parametrize("kind", ["sign_in", "api_token"])
def test_an_admin_ends_what_is_others_and_nobody_else_does(kind, askers,
                                                           things):
    place = {"sign_in": things.sign_in_of,
             "api_token": things.api_token_of}[kind]("own")
    for asker, status in (("nobody", 401), ("teacher", 403), ("other", 403),
                          ("planner", 403), ("auditor", 403),
                          ("admin", 204)):
        with askers[asker] as client:
            assert client.delete(place).status == status, asker


def test_a_token_is_no_more_than_it_was_made_for(askers, database, things):
    """A planner's token for one office is a coordinator's; an auditor's reads."""
    person = new_person(database, "planner")
    for role, office, own, other in (("coordinator", OFFICE, 201, 403),
                                     ("coordinator", OTHER, 403, 403),
                                     ("auditor", None, 403, 403)):
        with askers.api.as_(new_api_token(database, person, role,
                                          office)) as client:
            assert client.post("/bookings", things.wish()).status == own
            assert client.post("/venues", {
                "office": OFFICE, "name": "Hus", "town": "Ry"}).status == other


def test_who_loses_the_role_loses_the_token(askers, database, things):
    person = new_person(database, "planner")
    with askers.api.as_(new_api_token(database, person)) as client, \
            askers.api.as_(new_sign_in(database, person)) as session:
        assert client.post("/bookings", things.wish()).status == 201
        assert session.post("/bookings", things.wish()).status == 201
        database.run("UPDATE kg.person SET role = 'auditor' WHERE id = %s",
                     person)
        for one in (client, session):
            assert one.post("/bookings", things.wish()).status == 401
