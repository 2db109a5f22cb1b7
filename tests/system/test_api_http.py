"""The JSON API as HTTP: addresses, bodies, headers, problems, versions, keys."""

import json
import re

import jsonschema
import pytest

from kattegat.api import Api, new_api_token, new_person
from kattegat.wait import wait_for

OFFICE = "AAR"


@pytest.fixture(scope="module")
def room(database):
    """A room of the office, its own."""
    venue = database.value("SELECT id FROM kg.venue WHERE own AND office_id ="
                           " (SELECT id FROM kg.office WHERE code = %s)",
                           OFFICE)
    return int(database.value(
        "SELECT (kg.room_add(NULL, 'test', %s, 'Prøvesal', NULL, true, true,"
        " '[{\"setup\": \"islands\", \"capacity\": 24, \"setup_min\": 60,"
        " \"clear_min\": 30}]')).object_id", venue))


@pytest.fixture(scope="module")
def token(database):
    return new_api_token(database, new_person(database, "coordinator", OFFICE))


@pytest.fixture(scope="module")
def api(daemon, token):
    with Api(daemon.client, token) as api:
        yield api


@pytest.fixture(scope="module")
def planner(daemon, database):
    with Api(daemon.client, new_api_token(
            database, new_person(database, "planner"))) as api:
        yield api


@pytest.fixture
def day():
    """A day of the test's own, so that tests are not in each other's way."""
    day.count += 1
    return "2031-%02d-%02d" % (1 + day.count // 28, 1 + day.count % 28)


day.count = 0


def a_wish(room, day, start="09:00", end="12:00", **more):
    return {"room_id": room, "starts_local": "%sT%s" % (day, start),
            "ends_local": "%sT%s" % (day, end), "title": "Møde", **more}


def booked(api, room, day, **named):
    answer = api.post("/bookings", a_wish(room, day), **named)
    assert answer.status == 201, answer
    return answer


# ---- the document ----

def test_the_document_is_openapi_and_its_schemas_are_schemas(api):
    document = api.document.document
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] and document["info"]["version"]
    assert document["servers"][0]["url"].endswith("/api/v1")
    assert [set(one) for one in document["security"]] == [
        set(document["components"]["securitySchemes"])]
    for kind in document["components"].values():
        assert all(re.match("^[A-Za-z0-9._-]+$", name) for name in kind)
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    names = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names.append(operation["operationId"])
            assert operation["summary"]
            assert set(operation) <= {
                "operationId", "summary", "tags", "parameters",
                "requestBody", "responses", "security"}
            for status, said in operation["responses"].items():
                assert re.match("^[2345][0-9][0-9]$", status)
                assert api.document.follow(said)["description"]
            for one in map(api.document.follow, operation["parameters"]):
                assert one["in"] in ("path", "query", "header")
                assert one["name"] and one["schema"]
                assert one["in"] != "path" or one["required"]
            held = [one["name"] for one in map(
                api.document.follow, operation["parameters"])
                if one["in"] == "path"]
            assert held == re.findall(r"\{(\w+)\}", path)
            for one in map(api.document.follow, operation["parameters"]):
                jsonschema.Draft202012Validator.check_schema(one["schema"])
            assert (method == "get") <= ("requestBody" not in operation)
    assert len(names) == len(set(names)) > 50


def test_every_reference_of_the_document_leads_somewhere(api):
    text = json.dumps(api.document.document)
    refs = set(re.findall(r'"\$ref": "([^"]+)"', text))
    assert len(refs) > 20
    for ref in refs:
        api.document.resolver.resolve(ref)


def test_every_route_of_the_document_is_one_of_the_database(api, database):
    stored = {row.name for row in database.rows(
        "SELECT name FROM kg.api_route")}
    handled = {"openapi"}
    operations = {operation["operationId"]: operation for *_, operation in
                  api.document.operations}
    for name in set(operations) - handled - stored:
        # signing in is steps of the daemon's own
        assert operations[name]["tags"] == ["accounts"], name
        assert any(step.startswith(name.split("_")[0]) for step in stored)


def test_the_document_is_public_and_not_sent_twice(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    again = client.get("/api/v1/openapi.json",
                       if_none_match=answer.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


# ---- addresses and methods ----

@pytest.mark.parametrize("path", [
    "/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/bookings",
    "/api/v1/bookings/", "/api/v1/nothing", "/api/v1/bookings/1/nothing"])
def test_an_address_that_is_none_is_a_problem(client, path):
    answer = client.get(path)
    assert answer.status == 404
    problem = json.loads(answer.body)
    assert problem["type"].endswith("/api/problems/no-such-address")
    assert problem["instance"] == path


def test_a_thing_that_is_not_there_is_404(api):
    assert api.get("/bookings/2000000000").problem == "not-found"
    # no such thing can be: not even the database is asked
    answer = api.get("/bookings/first")
    assert answer.status == 404
    assert answer.json["fields"][0]["name"] == "booking_id"


def test_a_wrong_method_is_405_and_told_what_there_is(api):
    answer = api.request("DELETE", "/bookings")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    answer = api.request("OPTIONS", "/rooms/1/setups/islands")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Allow"] == "PUT, DELETE, OPTIONS"
    assert answer.headers["Access-Control-Allow-Origin"] is None


def test_head_is_get_without_the_body(api):
    get, head = api.get("/offices"), api.request("HEAD", "/offices")
    assert head.status == 200 and head.body == b""
    assert head.headers["Content-Length"] == str(len(get.body))


def test_every_answer_says_that_it_is_private_and_from_here(api, room):
    for answer in (api.get("/offices"), api.get("/nothing"),
                   api.get("/rooms/%d" % room), api.as_(None).get("/me")):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"]
        assert answer.headers["Access-Control-Allow-Origin"] is None
        assert answer.headers["Set-Cookie"] is None


# ---- who asks ----

def test_without_a_token_nobody_is_anybody(api):
    answer = api.as_(None).get("/offices")
    assert (answer.status, answer.problem) == (401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="kattegat"'


@pytest.mark.parametrize("header", [
    "Bearer", "Bearer short", "Basic YTpi", "Bearer a b",
    "Bearer " + "a" * 201, "Bearer " + "a" * 26 + ", Bearer " + "b" * 26])
def test_a_malformed_token_is_401(api, header):
    answer = api.as_(None).get("/offices", headers={"Authorization": header})
    assert answer.status == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_a_token_counts_only_in_its_header(api, token):
    nobody = api.as_(None)
    for headers in ({"Cookie": "__Host-session=" + token},
                    {"X-Api-Key": token}):
        assert nobody.get("/offices", headers=headers).status == 401
    assert nobody.get("/offices", access_token=token).status == 401


def test_a_wrong_token_is_401_and_a_revoked_one_too(api, daemon, database):
    assert api.as_("a" * 26).get("/offices").status == 401
    person = new_person(database, "planner")
    other = api.as_(new_api_token(database, person))
    assert other.get("/offices").status == 200
    database.run("UPDATE kg.api_token SET revoked_at = now()"
                 " WHERE person_id = %s", person)
    assert other.get("/offices").status == 401


def test_many_wrong_tokens_from_one_address_are_429(
        new_daemon, database, token):
    api = Api(new_daemon(workers=1, unknown_tokens_per_minute=3).start()
              .client, "z" * 26)
    statuses = [api.get("/offices").status for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert api.get("/offices").headers["Retry-After"] == "60"
    assert api.as_(token).get("/offices").status == 200
    person = new_person(database, "planner")
    ended = api.as_(new_api_token(database, person))
    database.run("UPDATE kg.api_token SET revoked_at = now()"
                 " WHERE person_id = %s", person)
    assert {ended.get("/offices").status for _ in range(5)} == {401}


def test_a_coordinator_writes_in_the_own_office_only(api, database, day):
    other = database.value(
        "SELECT r.id FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id"
        " JOIN kg.office o ON o.id = v.office_id WHERE o.code <> %s LIMIT 1",
        OFFICE)
    answer = api.post("/bookings", a_wish(other, day))
    assert (answer.status, answer.problem) == (403, "not-allowed")


# ---- bodies ----

@pytest.mark.parametrize("body, reason", [
    ("{", "line 1"), ("", None), ("[]", "no object"), ("7", "no object"),
    ('{"a": 1, "a": 2}', "duplicate"), ("{} {}", "end of file"),
    ('{"title": "\ud800"}', None), ("[" * 40 + "]" * 40, "deeper"),
    ('{"title": 1e999}', None), ('{"title": "\\u0000"}', None),
    ("{'a': 1}", "line 1")])
def test_a_body_that_is_no_json_object_is_told_where(api, body, reason):
    answer = api.post("/bookings", body.encode("utf-8", "surrogatepass"))
    if body == "":
        assert answer.status == 422
        return
    assert (answer.status, answer.problem) == (400, "malformed-body")
    assert reason is None or reason in answer.json["reason"]


def test_only_json_is_taken(api, room, day):
    text = json.dumps(a_wish(room, day))
    for kind in ("text/plain", "application/x-www-form-urlencoded",
                 "application/json; charset=latin1", "application/jsonx"):
        answer = api.post("/bookings", text, headers={"Content-Type": kind})
        assert (answer.status, answer.problem) == (415, "not-json")
    assert api.post("/bookings", text, headers={
        "Content-Type": "Application/JSON; charset=UTF-8"}).status == 201


def test_everything_that_is_wrong_is_told_at_once(api):
    answer = api.post("/bookings", {
        "room_id": "1", "starts_local": "2031-02-29T09:00",
        "ends_local": "2031-03-01 12:00", "head_count": 0, "setup": "chaos",
        "colour": "red", "catering_diets": {"vegan": -1}})
    assert (answer.status, answer.problem) == (422, "invalid-input")
    assert {one["name"]: one["code"] for one in answer.json["fields"]} == {
        "room_id": "not-integer", "starts_local": "not-local-time",
        "ends_local": "not-local-time", "head_count": "not-integer",
        "setup": "not-one-of", "colour": "unknown",
        "catering_diets/vegan": "not-integer"}
    unknown = [one for one in answer.json["fields"]
               if one["name"] == "colour"][0]
    assert "starts_local" in unknown["sentence"]


def test_a_query_is_checked_like_a_body(api):
    answer = api.get("/bookings", limit=201, week="2031-W54", colour="red",
                     **{"from": "2031-02-30"})
    assert answer.status == 422
    assert {one["name"] for one in answer.json["fields"]} == {
        "limit", "week", "colour", "from"}
    assert all(one["in"] == "query" for one in answer.json["fields"])
    twice = api.request("GET", "/bookings?limit=1&limit=2")
    assert twice.json["fields"][0]["code"] == "twice"


def test_an_hour_that_does_not_exist_or_exists_twice_is_refused(api, room):
    for day in ("2031-03-30", "2031-10-26"):
        answer = api.post("/bookings", a_wish(room, day, "02:30", "04:30"))
        assert (answer.status, answer.problem) == (422, "no-such-hour")


def test_text_of_all_kinds_comes_back_as_it_was(api, room, day):
    title = "Æøå '; DROP TABLE <script> \U0001f600 \u202eabc {} %s"
    notes = "én\nto \"tre\" \\ fire"
    made = api.post("/bookings", a_wish(room, day, title=title[:200],
                                        notes=notes))
    assert made.status == 201, made
    assert made.json["title"] == title
    assert made.json["notes"] == notes
    for bad in ("a\nb", "a\x00b", "a\x7fb", "a\x85b"):
        assert api.post("/bookings",
                        a_wish(room, day, title=bad)).status in (400, 422)


# ---- problems ----

@pytest.mark.parametrize("wanted, language", [
    ("da", "da"), ("en", "en"), ("en;q=0.5, da;q=0.9", "da"),
    ("de, en-GB;q=0.8, da;q=0.1", "en"), ("fr", "da"), ("*", "da"),
    ("en, *;q=0.1", "en"), ("da;q=0, en;q=0.1", "en")])
def test_a_problem_is_in_the_language_that_is_wanted(api, wanted, language):
    answer = api.get("/bookings/2000000000",
                     headers={"Accept-Language": wanted})
    assert answer.headers["Content-Language"] == language
    assert answer.json["title"] == {
        "da": "Det findes ikke", "en": "There is no such thing"}[language]


def test_a_taken_room_is_told_with_what_is_in_the_way(api, room, day):
    first = booked(api, room, day)
    answer = api.post("/bookings", a_wish(room, day, "11:00", "13:00"))
    assert (answer.status, answer.problem) == (409, "in-the-way")
    assert answer.json["conflicts"][0]["booking_id"] == first.json["id"]
    assert 1 <= len(answer.json["alternatives"]) <= 3
    assert answer.json["instance"] == "/api/v1/bookings"
    assert answer.json["status"] == 409


def test_what_the_database_finds_wrong_names_its_field(api, room, day):
    answer = api.post("/bookings", a_wish(room, day, catering_diets={
        "VEGAN ": 1}))
    assert (answer.status, answer.problem) == (422, "value-refused")
    assert answer.json["fields"][0]["name"] == "catering_diets"


# ---- versions ----

def test_a_change_needs_the_version_and_gives_the_next(api, room, day):
    made = booked(api, room, day)
    path = "/bookings/%d" % made.json["id"]
    assert made.headers["Location"] == "/api/v1" + path
    assert made.etag == '"1"' == api.get(path).etag
    answer = api.patch(path, {"title": "Andet"})
    assert (answer.status, answer.problem) == (428, "needs-version")
    changed = api.patch(path, {"title": "Andet"}, if_match=made.etag)
    assert (changed.status, changed.etag) == (200, '"2"')
    stale = api.patch(path, {"title": "Tredje"}, if_match=made.etag)
    assert (stale.status, stale.problem) == (412, "other-version")
    assert api.get(path).json["title"] == "Andet"


@pytest.mark.parametrize("if_match, status", [
    ("*", 428), ('W/"1"', 412), ('"x"', 412), ('"01"', 412), ('"99"', 412),
    ('"99999999999999999999"', 412), ("1", 400), ('"1", 2', 400),
    ('"1', 400), ('"1"', 200)])
def test_if_match_takes_strong_versions(api, room, day, if_match, status):
    made = booked(api, room, day)
    answer = api.patch("/bookings/%d" % made.json["id"], {"title": "Ny"},
                       if_match=if_match)
    assert answer.status == status, answer


def test_what_has_not_changed_is_304(api, room, day):
    path = "/bookings/%d" % booked(api, room, day).json["id"]
    for tags, status in (('"1"', 304), ('W/"1"', 304), ('"7", "1"', 304),
                         ("*", 304), ('"2"', 200)):
        answer = api.get(path, headers={"If-None-Match": tags})
        assert answer.status == status, (tags, answer)


def test_a_write_names_its_transaction_and_a_read_its_snapshot(
        api, room, day, database):
    made = booked(api, room, day)
    assert re.match(r"^\d+$", made.version)
    assert database.value(
        "SELECT j.xid::text FROM kg.journal j WHERE j.object = 'booking' AND"
        " j.object_id = %s", str(made.json["id"])) == made.version
    read = api.get("/bookings/%d" % made.json["id"],
                   headers={"Kattegat-Min-Version": made.version})
    assert read.status == 200
    assert database.value(
        "SELECT pg_visible_in_snapshot(%s::xid8, %s::pg_snapshot)",
        made.version, read.version)
    assert api.get("/offices", headers={
        "Kattegat-Min-Version": "new"}).status == 400


def test_a_booking_is_in_the_rooms_feed_by_the_next_request(
        api, room, day, daemon):
    connections = daemon.client.each_worker(2)
    path = "/f/lokale/%d.ics" % room
    try:
        for at, connection in enumerate(connections.values()):
            connection.get(path)
            made = api.post("/bookings", a_wish(
                room, day, "%02d:00" % (9 + at), "%02d:00" % (10 + at)))
            assert made.status == 201, made
            for other in connections.values():
                answer = other.get(path, kattegat_min_version=made.version)
                assert answer.status == 200
                assert made.json["uid"] in answer.text
    finally:
        for connection in connections.values():
            connection.close()


# ---- idempotency ----

def test_the_same_key_and_request_is_one_booking(api, room, day, database):
    wish = a_wish(room, day)
    first = api.post("/bookings", wish, key="key-%s" % day)
    again = api.post("/bookings", dict(reversed(wish.items())),
                     key="key-%s" % day)
    assert first.status == again.status == 201
    assert first.body == again.body
    assert first.version == again.version
    assert first.headers["Location"] == again.headers["Location"]
    assert database.value("SELECT count(*) FROM kg.booking WHERE room_id = %s"
                          " AND starts_local::date = %s", room, day) == 1


def test_the_same_key_with_another_request_is_refused(api, room, day):
    assert api.post("/bookings", a_wish(room, day),
                    key="key-%s" % day).status == 201
    answer = api.post("/bookings", a_wish(room, day, "14:00", "15:00"),
                      key="key-%s" % day)
    assert (answer.status, answer.problem) == (422, "idempotency-key-reused")


def test_a_refusal_is_not_kept(api, room, day):
    made = booked(api, room, day)
    wish = a_wish(room, day)
    assert api.post("/bookings", wish, key="key-%s" % day).status == 409
    assert api.post("/bookings/%d/cancel" % made.json["id"],
                    if_match=1).status == 200
    assert api.post("/bookings", wish, key="key-%s" % day).status == 201


@pytest.mark.parametrize("key", ["short", "k" * 201, "with a blank"])
def test_a_key_has_a_form(api, room, day, key):
    answer = api.post("/bookings", a_wish(room, day), key=key)
    assert (answer.status, answer.problem) == (400, "malformed-header")
    assert answer.json["header"] == "Idempotency-Key"


# ---- lists ----

def test_pages_of_a_list_hold_everything_once(api, room, day):
    made = [api.post("/bookings", a_wish(
        room, day, "%02d:00" % hour, "%02d:00" % (hour + 1))).json["id"]
        for hour in range(8, 15)]
    found = [one["id"] for one in api.pages(
        "/bookings", room_id=room, limit=3, **{"from": day, "to": day})]
    assert found == made


def test_places_are_read_by_staff_and_written_by_planners(api, planner):
    assert {one["code"] for one in api.get("/offices").json["items"]} >= {
        OFFICE}
    wish = {"office": OFFICE, "name": "Huset", "town": "Aarhus",
            "lat": 56.15674, "lon": 10.21076}
    assert api.post("/venues", wish).status == 403
    made = planner.post("/venues", wish)
    assert made.status == 201, made
    assert made.json["lat"] == 56.15674
    room = planner.post("/rooms", {
        "venue_id": made.json["id"], "name": "Sal",
        "equipment": ["projector"], "setups": [
            {"setup": "theatre", "capacity": 40}]})
    assert room.status == 201, room
    path = "/rooms/%d" % room.json["id"]
    put = planner.put(path + "/setups/islands", {"capacity": 20},
                      if_match=room.etag)
    assert put.status == 200, put
    gone = planner.delete(path + "/setups/islands", if_match=put.etag,
                          why="for lille")
    assert gone.status == 200, gone
    assert [one["setup"] for one in gone.json["setups"]] == ["theatre"]
    assert api.get(path + "/week").status == 200
    free = api.get("/rooms/free", starts_local="2031-12-01T09:00",
                   ends_local="2031-12-01T10:00", equipment=["projector"],
                   office=OFFICE, head_count=30, setup="theatre")
    assert free.status == 200, free
    assert room.json["id"] in [one["room"]["id"]
                               for one in free.json["items"]]


# ---- when the database does not answer ----

def test_without_a_database_there_is_no_false_answer(
        new_daemon, cluster, token, room):
    api = Api(new_daemon(statement_limit_ms=500, workers=1).start().client,
              token)
    assert api.get("/offices").status == 200
    cluster.signal(19)          # SIGSTOP: it hangs
    try:
        read = api.get("/offices")
        write = api.post("/bookings", a_wish(room, "2031-12-24"),
                         key="key-hanging")
    finally:
        cluster.signal(18)
    assert (read.status, read.problem) == (503, "away")
    assert (write.status, write.problem) == (503, "outcome-unknown")
    assert "Idempotency-Key" in write.json["detail"]
    assert int(write.headers["Retry-After"]) > 0

    def answered():
        answer = api.post("/bookings", a_wish(room, "2031-12-24"),
                          key="key-hanging")
        return answer.status == 201

    wait_for(answered, 20, "the database is back")


def test_no_token_and_no_form_content_is_in_the_log(daemon, api, room, day):
    api.post("/bookings", a_wish(room, day, title="Hemmeligheden"))
    assert api.token not in daemon.log()
    assert "Hemmeligheden" not in daemon.log()


def test_who_sees_less_has_another_etag(daemon, database, api, room, day):
    made = booked(api, room, day)
    path = "/bookings/%d" % made.json["id"]
    with Api(daemon.client, new_api_token(database, new_person(
            database, "coordinator", "KBH"))) as other:
        busy = other.get(path)
        assert busy.json["busy"] and busy.etag != made.etag
        for who, etag, status in (
                (other, made.etag, 200), (api, busy.etag, 200),
                (other, busy.etag, 304), (api, made.etag, 304)):
            assert who.get(path, headers={"If-None-Match": etag}
                           ).status == status
        # it is the same version all the same
        assert other.patch(path, {"title": "x"}, if_match=busy.etag
                           ).status == 403
    assert api.patch(path, {"title": "Nyt"}, if_match=busy.etag).status == 200


def test_one_of_several_versions_is_enough_and_a_weak_one_is_none(
        api, room, day):
    made = booked(api, room, day)
    path = "/bookings/%d" % made.json["id"]
    weak = api.patch(path, {"title": "A"}, if_match="W/" + made.etag)
    assert (weak.status, weak.problem) == (412, "other-version")
    assert (weak.json["version"], weak.json["difference"]) == (1, {})
    assert "W/" in weak.json["hint"]
    none = api.patch(path, {"title": "A"}, if_match='"98", W/"1", "99"')
    assert (none.status, none.json["expected"]) == (412, 99)
    done = api.patch(path, {"title": "A"}, if_match='"99" , ' + made.etag)
    assert (done.status, done.etag) == (200, '"2"')


def test_the_document_says_what_the_check_keeps_to(api, room, day):
    paths = api.document.document["paths"]
    body = paths["/bookings"]["post"]["requestBody"]
    members = body["content"]["application/json"]["schema"]["properties"]
    assert body["required"] and members["title"]["minLength"] == 1
    assert members["room_ids"]["maxItems"] == 50
    for wish in ({"room_ids": [*range(1, 52)]}, {"title": ""},
                 {"ends_local": "2200-01-01T00:00"}):
        sent = {**a_wish(room, day), **wish}
        if "room_ids" in wish:
            del sent["room_id"]
        refused = api.post("/bookings", sent)
        assert (refused.status, [one["name"] for one in refused.json["fields"]
                                 ]) == (422, [*wish])
    assert api.get("/rooms/%d/week" % room, week="9999-W52").status == 422
    assert api.get("/journal", room_id=room, week="2031-W01").status == 200
