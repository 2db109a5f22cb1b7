"""Everybody who may ask the API, and one request for each of its routes."""

import datetime
import hashlib
import itertools
import secrets

from kattegat.api import new_api_token, new_person

OFFICE, OTHER = "AAR", "KBH"


def new_sign_in(database, person):
    """The bearer token of a session, as if somebody had just signed in."""
    token = secrets.token_hex(13)
    database.run(
        "INSERT INTO kg.sign_in (person_id, hash, role, created_at,"
        " confirmed_at, last_seen_at) SELECT id, %s, role, kg.now(), kg.now(),"
        " kg.now() FROM kg.person WHERE id = %s",
        hashlib.sha256(token.encode()).digest(), person)
    return token


class Askers:
    def __init__(self, api, database):
        self.api = api
        self.database = database
        self.roles = {
            "teacher": ("teacher", None), "councillor": ("councillor", None),
            "secretary": ("secretary", None), "own": ("coordinator", OFFICE),
            "other": ("coordinator", OTHER), "planner": ("planner", None),
            "auditor": ("auditor", None), "admin": ("admin", None),
            "program": ("admin", None), "ended": ("planner", None),
            "revoked": ("planner", None)}
        self.persons = {name: new_person(database, *role)
                        for name, role in self.roles.items()}

    def __getitem__(self, name):
        """A client with a token of its own."""
        if name == "nobody":
            return self.api.as_(None)
        person = self.persons[name]
        if name in ("program", "revoked"):
            token = new_api_token(self.database, person)
        else:
            token = new_sign_in(self.database, person)
        if name == "revoked":
            self.database.run("UPDATE kg.api_token SET revoked_at = kg.now()"
                              " WHERE person_id = %s", person)
        if name == "ended":
            self.database.run(
                "UPDATE kg.sign_in SET last_seen_at = kg.now() - interval '8h'"
                " WHERE person_id = %s", person)
        return self.api.as_(token)


class Things:
    """Makes what a request is about: new for every request that changes it."""

    def __init__(self, planner, database, askers):
        self.planner = planner
        self.database = database
        self.askers = askers
        self.days = (datetime.date(2032, 1, 1) + datetime.timedelta(days=n)
                     for n in itertools.count())
        self.numbers = itertools.count(1)
        self.venue = self.made("/venues", office=OFFICE, name="Rollehuset",
                               town="Ry")["id"]
        self.room = self.new_room()["id"]

    def made(self, path, **body):
        answer = self.planner.post(path, body)
        assert answer.status == 201, answer
        return answer.json

    def done(self, path, version, **body):
        answer = self.planner.post(path, body, if_match=version)
        assert answer.status == 200, answer
        return answer.json

    def span(self):
        day = next(self.days)
        return {"starts_local": "%sT09:00" % day, "ends_local": "%sT12:00" % day}

    def new_room(self):
        return self.made("/rooms", venue_id=self.venue, setups=[
            {"setup": "islands", "capacity": 25}],
            name="Rollesal %d" % next(self.numbers))

    def wish(self, **more):
        return {"room_id": self.room, "title": "Rolleprøve", **self.span(),
                **more}

    def booking(self, state="confirmed"):
        more = {"expires_local": "2031-12-01T12:00"} if state == "held" else {}
        booking = self.made("/bookings", **self.wish(**more))
        if state == "cancelled":
            booking = self.done("/bookings/%d/cancel" % booking["id"],
                                booking["version"])
        return "/bookings/%d" % booking["id"], booking["version"]

    def rule(self):
        day = next(self.days)
        return {"room_id": self.room, "title": "Rollerække", "starts": "13:00",
                "ends": "14:00", "from": str(day), "until": str(day),
                "skip_holidays": False}

    def series(self):
        series = self.made("/series", **self.rule())
        return "/series/%d" % series["id"], series["version"]

    def run_wish(self):
        return {"run_no": "ROLLE-%02d" % next(self.numbers), "office": OFFICE,
                "seminar": "kattegat-kommune", "venue_id": self.venue,
                "sessions": [self.span()]}

    def run(self, cancelled=False):
        run = self.made("/runs", **self.run_wish())
        path = "/runs/" + run["run_no"]
        if cancelled:
            run = self.done(path + "/cancel", run["version"])
        return path, run["version"]

    def session(self, cancelled=False):
        path = self.run()[0] + "/sessions/1"
        version = self.planner.get(path).json["version"]
        if cancelled:
            version = self.done(path + "/cancel", version)["version"]
        return path, version

    def taught(self):
        """A session, no body, and the end of its teacher's address."""
        path, version = self.session()
        end = "/teachers/%d" % new_person(self.database, "teacher")
        return (path, self.planner.put(path + end, {"status": "asked"},
                                       if_match=version).json["version"]
                ), None, end

    def account(self, locked=False):
        person = new_person(self.database, "coordinator", OFFICE)
        self.database.run(
            "SELECT kg.account_invite(NULL, 'test', %s, NULL, %s, NULL, NULL,"
            " %s, NULL)", person, "rolle-%d@example.org" % person,
            hashlib.sha256(b"%d" % person).digest())
        if locked:
            self.database.run("SELECT kg.account_lock(NULL, 'test', %s, NULL)",
                              person)
        return "/accounts/%d" % person, int(self.database.value(
            "SELECT version FROM kg.account WHERE person_id = %s", person))

    def change(self):
        """The journal row of a change that nothing has followed."""
        path, version = self.booking()
        self.planner.patch(path, {"title": "Ny titel"}, if_match=version)
        return int(self.database.value(
            "SELECT max(id) FROM kg.journal WHERE object = 'booking'"
            " AND object_id = %s", path.rsplit("/", 1)[1]))

    def sign_in_of(self, asker):
        """Another session of the asker's own; nobody's is as good as any."""
        person = self.askers.persons.get(asker, self.askers.persons["own"])
        new_sign_in(self.database, person)
        return "/sign-ins/%s" % self.database.value(
            "SELECT max(id) FROM kg.sign_in WHERE person_id = %s", person)

    def api_token_of(self, asker):
        person = self.askers.persons.get(asker, self.askers.persons["own"])
        if asker in ("teacher", "councillor", "secretary"):
            # as one who was a coordinator would have
            self.database.run(
                "INSERT INTO kg.api_token (person_id, hash, name, role,"
                " created_at) VALUES (%s, %s, 'før', 'planner', kg.now())",
                person, secrets.token_bytes(32))
        else:
            new_api_token(self.database, person)
        return "/api-tokens/%s" % self.database.value(
            "SELECT max(id) FROM kg.api_token WHERE person_id = %s", person)


def at(place, body=None, end=""):
    """place: (path, version)"""
    return {"path": place[0] + end, "body": body, "if_match": place[1]}


def room_at(things, end=""):
    room = things.new_room()
    return {"path": "/rooms/%d" % room["id"] + end,
            "if_match": room["version"]}


# What is asked: {operation: (things, asker) -> what Api.request() takes}
REQUESTS = {
    "offices_list": lambda t, a: {"path": "/offices"},
    "office_get": lambda t, a: {"path": "/offices/" + OFFICE},
    "office_create": lambda t, a: {"path": "/offices", "body": {
        "code": "ZQ" + "".join(chr(65 + int(digit)) for digit in
                               str(next(t.numbers))),
        "name": "Kontor %d" % next(t.numbers), "town": "Ry"}},
    "office_change": lambda t, a: {
        "path": "/offices/" + OFFICE,
        "body": {"street": "Gade %d" % next(t.numbers)},
        "if_match": t.planner.get("/offices/" + OFFICE).etag},
    "seminars_list": lambda t, a: {"path": "/seminars"},
    "seminar_get": lambda t, a: {"path": "/seminars/kattegat-kommune"},
    "seminar_create": lambda t, a: {"path": "/seminars", "body": {
        "slug": "kursus-%d" % next(t.numbers), "title": "Kursus"}},
    "seminar_change": lambda t, a: {
        "path": "/seminars/kattegat-kommune",
        "body": {"colour": "teal" if next(t.numbers) % 2 else "navy"},
        "if_match": t.planner.get("/seminars/kattegat-kommune").etag},
    "venues_list": lambda t, a: {"path": "/venues"},
    "venue_get": lambda t, a: {"path": "/venues/%d" % t.venue},
    "venue_create": lambda t, a: {"path": "/venues", "body": {
        "office": OFFICE, "name": "Hus %d" % next(t.numbers), "town": "Ry"}},
    "venue_change": lambda t, a: {
        "path": "/venues/%d" % t.venue,
        "body": {"street": "Vej %d" % next(t.numbers)},
        "if_match": t.planner.get("/venues/%d" % t.venue).etag},
    "rooms_list": lambda t, a: {"path": "/rooms"},
    "rooms_free": lambda t, a: {"path": "/rooms/free", **t.span()},
    "room_get": lambda t, a: {"path": "/rooms/%d" % t.room},
    "room_week": lambda t, a: {"path": "/rooms/%d/week" % t.room},
    "room_create": lambda t, a: {"path": "/rooms", "body": {
        "venue_id": t.venue, "name": "Ny sal %d" % next(t.numbers)}},
    "room_change": lambda t, a: {**room_at(t), "body": {"step_free": True}},
    "room_setup_put": lambda t, a: {**room_at(t, "/setups/theatre"),
                                    "body": {"capacity": 40}},
    "room_setup_remove": lambda t, a: room_at(t, "/setups/islands"),

    "bookings_list": lambda t, a: {"path": "/bookings"},
    "booking_get": lambda t, a: {"path": t.booking()[0]},
    "booking_create": lambda t, a: {"path": "/bookings", "body": t.wish()},
    "booking_change": lambda t, a: at(t.booking(), {"title": "Anden"}),
    "booking_move": lambda t, a: at(t.booking(), t.span(), "/move"),
    "booking_cancel": lambda t, a: at(t.booking(), {}, "/cancel"),
    "booking_restore": lambda t, a: at(t.booking("cancelled"), {}, "/restore"),
    "booking_confirm": lambda t, a: at(t.booking("held"), {}, "/confirm"),
    "series_preview": lambda t, a: {"path": "/series/preview",
                                    "body": t.rule()},
    "series_create": lambda t, a: {"path": "/series", "body": t.rule()},
    "series_get": lambda t, a: {"path": t.series()[0]},
    "series_change": lambda t, a: at(t.series(), {"title": "Anden"}),
    "series_cancel": lambda t, a: at(t.series(), {}, "/cancel"),
    "series_restore": lambda t, a: at(t.series(), {}, "/restore"),
    "block_out_create": lambda t, a: {"path": "/block-outs", "body": t.wish()},
    "closing_day_create": lambda t, a: {"path": "/closing-days", "body": {
        "room_id": t.room, "title": "Lukket", "from": str(next(t.days))}},

    "runs_list": lambda t, a: {"path": "/runs"},
    "run_get": lambda t, a: {"path": t.run()[0]},
    "run_create": lambda t, a: {"path": "/runs", "body": t.run_wish()},
    "run_change": lambda t, a: at(t.run(), {"capacity": 24}),
    "run_move": lambda t, a: at(t.run(), {"starts_on": str(next(t.days))},
                                "/move"),
    "run_cancel": lambda t, a: at(t.run(), {}, "/cancel"),
    "run_restore": lambda t, a: at(t.run(True), {}, "/restore"),
    "sessions_list": lambda t, a: {"path": "/sessions"},
    "session_get": lambda t, a: {"path": t.session()[0]},
    "session_create": lambda t, a: {"path": t.run()[0] + "/sessions",
                                    "body": t.span()},
    "session_change": lambda t, a: at(t.session(), {"title": "Anden"}),
    "session_move": lambda t, a: at(t.session(), t.span(), "/move"),
    "session_cancel": lambda t, a: at(t.session(), {}, "/cancel"),
    "session_restore": lambda t, a: at(t.session(True), {}, "/restore"),
    "session_teachers_list": lambda t, a: {
        "path": t.session()[0] + "/teachers"},
    "session_teacher_put": lambda t, a: at(
        t.session(), {"status": "asked"},
        "/teachers/%d" % new_person(t.database, "teacher")),
    "session_teacher_remove": lambda t, a: at(*t.taught()),

    "journal_list": lambda t, a: {"path": "/journal"},
    "journal_undo": lambda t, a: {"path": "/journal/%d/undo" % t.change()},

    "me": lambda t, a: {"path": "/me"},
    "own_account": lambda t, a: {"path": "/account"},
    "sign_in": lambda t, a: {"path": "/sign-in", "body": {
        "mail": "ingen-%s@example.org" % a, "password": "en adgangskode",
        "code": "123456"}},
    "sign_in_again": lambda t, a: {"path": "/sign-in/again", "body": {
        "password": "en adgangskode", "code": "123456"}},
    "mail_link_send": lambda t, a: {"path": "/sign-in/links", "body": {
        "mail": "ingen-%s@example.org" % a}},
    "mail_link_use": lambda t, a: {"path": "/sign-in/by-link", "body": {
        "token": "a" * 26}},
    "sign_out": lambda t, a: {"path": "/sign-out"},
    "sign_ins_list": lambda t, a: {"path": "/sign-ins"},
    "sign_in_revoke": lambda t, a: {"path": t.sign_in_of(a)},
    "sign_ins_end_others": lambda t, a: {"path": "/sign-ins"},
    "recovery_renew": lambda t, a: {"path": "/account/recovery-codes"},
    "password_change": lambda t, a: {"path": "/account/password", "body": {
        "password": "en ny adgangskode"}},
    "api_tokens_list": lambda t, a: {"path": "/api-tokens"},
    "api_token_create": lambda t, a: {"path": "/api-tokens",
                                      "body": {"name": "prøve"}},
    "api_token_revoke": lambda t, a: {"path": t.api_token_of(a)},

    "accounts_list": lambda t, a: {"path": "/accounts"},
    "account_get": lambda t, a: {"path": t.account()[0]},
    "account_invite": lambda t, a: {"path": "/accounts", "body": {
        "name": "Ny", "mail": "ny-%s@example.org" % a, "role": "planner"}},
    "account_change": lambda t, a: at(t.account(), {"role": "planner",
                                                    "office": None}),
    "account_lock": lambda t, a: at(t.account(), {}, "/lock"),
    "account_unlock": lambda t, a: at(t.account(True), {}, "/unlock"),
    "invitation_accept": lambda t, a: {"path": "/invitations/accept", "body": {
        "token": "a" * 26, "password": "en lang adgangskode"}},
    "invitation_confirm": lambda t, a: {
        "path": "/invitations/confirm",
        "body": {"token": "a" * 26, "code": "123456"}},

    "openapi": lambda t, a: {"path": "/openapi.json"},
}
