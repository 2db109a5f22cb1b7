"""What coordinators must be able to do, by their facts: C1-C4, C8, C9, T2; the hours of
both changes of the clocks, Easter, and what undo does. All over HTTPS."""

import pytest

from kattegat.api import Api, new_api_token, new_person
from kattegat.calendar import Calendar

OFFICE = "AAR"
SPRING, AUTUMN = "2031-03-30", "2031-10-26"    # the clocks change at night
NAMED = {SPRING: "Sunday 30 March 2031", AUTUMN: "Sunday 26 October 2031"}


@pytest.fixture(scope="module")
def api(daemon, database):
    """A coordinator of the office."""
    with Api(daemon.client, new_api_token(
            database, new_person(database, "coordinator", OFFICE))) as api:
        yield api


@pytest.fixture(scope="module")
def colleague(api, database):
    with api.as_(new_api_token(database, new_person(
            database, "coordinator", OFFICE))) as colleague:
        yield colleague


@pytest.fixture(scope="module")
def planner(api, database):
    with api.as_(new_api_token(database, new_person(
            database, "planner"))) as planner:
        yield planner


class House:
    """A venue of the office with rooms for one test."""

    def __init__(self, planner, name):
        self.planner = planner
        self.id = good(planner.post("/venues", {
            "office": OFFICE, "name": name, "town": "Ry"}), 201).json["id"]

    def room(self, name, capacity=25, setup_min=0, clear_min=0):
        return good(self.planner.post("/rooms", {
            "venue_id": self.id, "name": name, "setups": [
                {"setup": "islands", "capacity": capacity,
                 "setup_min": setup_min, "clear_min": clear_min}]}),
            201).json["id"]


@pytest.fixture
def house(planner, request):
    return House(planner, "Hus " + request.node.name[:80])


@pytest.fixture
def room(house):
    return house.room("Salen")


@pytest.fixture
def move_clock(database):
    def move(by):
        database.run("UPDATE kg.clock SET shift = shift + %s::interval", by)
    yield move
    database.run("UPDATE kg.clock SET shift = '0'")


def good(answer, status=200):
    assert answer.status == status, answer
    return answer


def wish(room, day, start="09:00", end="12:00", **more):
    if "T" not in end:
        end = "%sT%s" % (day, end)
    return {"room_id": room, "starts_local": "%sT%s" % (day, start),
            "ends_local": end, "title": "Møde", **more}


def booked(api, *words, **more):
    return good(api.post("/bookings", wish(*words, **more)), 201)


def at(answer, end=""):
    return "/bookings/%d%s" % (answer.json["id"], end)


def refused(answer, status, problem):
    assert (answer.status, answer.problem) == (status, problem), answer
    return answer.json


# ---- C1: a room for 25 in islands, with 60 minutes' set-up ----

def test_c1_a_room_too_small_is_refused_with_free_ones_ranked(api, house):
    small = house.room("Lille", 12, 60, 30)
    taken = house.room("Optaget", 25, 60, 30)
    large = house.room("Stor", 60, 60, 30)
    fits = house.room("Passer", 26, 60, 30)
    # what its set-up runs into counts, too
    booked(api, taken, "2031-02-03", "07:00", "08:30")
    asked = wish(small, "2031-02-03", setup="islands", head_count=25)
    said = refused(api.post("/bookings", asked), 422, "value-refused")
    assert said["capacity"] == 12
    assert "Lille is too small for 25" in said["message"]
    assert "12" in said["hint"] and "islands" in said["hint"]
    assert [one["name"] for one in said["fields"]] == ["head_count"]
    here = [one["room_id"] for one in said["alternatives"]
            if one["venue"].startswith("Hus ")]
    assert here[0] == fits and taken not in here and small not in here
    assert len(said["alternatives"]) <= 3
    free = [one["room"]["id"] for one in good(api.get(
        "/rooms/free", starts_local=asked["starts_local"],
        ends_local=asked["ends_local"], setup="islands", head_count=25,
        office=OFFICE, limit=200)).json["items"]]
    assert small not in free and taken not in free
    assert free.index(fits) < free.index(large)
    made = good(api.post("/bookings", {**asked, "room_id": here[0]}), 201).json
    assert made["occupied_from_local"] == "2031-02-03T08:00"
    assert made["occupied_to_local"] == "2031-02-03T12:30"


# ---- C2: two want the same room ----

def test_c2_the_second_is_told_who_has_it_and_what_would_do(
        api, colleague, house, room):
    other = house.room("Naboen")
    first = booked(api, room, "2031-02-04", title="Ledelsesmøde",
                   setup="islands", head_count=20)
    said = refused(colleague.post("/bookings", wish(
        room, "2031-02-04", "11:00", "13:00", setup="islands",
        head_count=20)), 409, "in-the-way")
    hit, = said["conflicts"]
    assert hit["booking_id"] == first.json["id"]
    assert (hit["title"], hit["room"], hit["from"], hit["to"], hit["setup"]
            ) == ("Ledelsesmøde", "Salen", "2031-02-04T09:00",
                  "2031-02-04T12:00", "islands")
    assert len(said["alternatives"]) == 3
    best = said["alternatives"][0]
    assert (best["reason"], best["room_id"]) == ("room", other)
    assert [one["starts_local"] for one in said["alternatives"]
            if one["reason"] == "time"] == ["2031-02-04T12:00"]
    # every one of them is as good as its word
    for one in said["alternatives"]:
        good(colleague.post("/bookings", {
            "title": "Møde", **{name: one[name] for name in (
                "room_id", "starts_local", "ends_local")}}), 201)


# ---- C3: a hold expires, and warns ----

def test_c3_a_hold_warns_48_hours_before_and_then_the_room_is_free(
        api, colleague, room, database, move_clock):
    day, hour = database.row(
        "SELECT (kg.now() + '30 days')::date::text AS day, to_char((kg.now()"
        " + '5 days') AT TIME ZONE 'Europe/Copenhagen',"
        " 'YYYY-MM-DD\"T\"12:00') AS hour")
    database.run("UPDATE kg.person SET mail = 'c3@example.org' WHERE id = %s",
                 api.get("/me").json["person_id"])
    held = booked(api, room, day, expires_local=hour)
    assert held.json["status"] == "held"

    def to(before):
        """The clock stands so long before the end."""
        move_clock(database.value(
            "SELECT (expires_at - %s::interval - kg.now())::text"
            " FROM kg.booking WHERE id = %s", before, held.json["id"]))

    def warnings():
        database.rows("SELECT * FROM kg.job_holds_warn()")
        return int(database.value(
            "SELECT count(*) FROM kg.outbox WHERE kind = 'hold_warning'"
            " AND facts ->> 'booking' = %s", str(held.json["id"])))

    to("48 hours 5 minutes")
    assert warnings() == 0
    to("48 hours")
    assert warnings() == 1
    to("1 minute")
    assert warnings() == 1
    refused(colleague.post("/bookings", wish(room, day)), 409, "in-the-way")
    to("0 minutes")
    booked(colleague, room, day)
    assert good(api.get(at(held))).json["status"] == "expired"
    refused(api.post(at(held, "/confirm"), {},
                     if_match=api.get(at(held)).etag), 409, "wrong-state")


# ---- C4: 13.00 and half an hour's clearing ----

def test_c4_clearing_until_half_past_refuses_quarter_past(api, room):
    booked(api, room, "2031-02-05", "10:00", "13:00", clear_min=30)
    said = refused(api.post("/bookings", wish(
        room, "2031-02-05", "13:15", "15:00")), 409, "in-the-way")
    assert said["conflicts"][0]["to"] == "2031-02-05T13:30"
    assert said["conflicts"][0]["clear_min"] == 30
    refused(api.post("/bookings", wish(room, "2031-02-05", "13:30", "15:00",
                                       setup_min=15)), 409, "in-the-way")
    booked(api, room, "2031-02-05", "13:30", "15:00")


# ---- C9: a closing day ----

def test_c9_a_closing_day_shows_conflicts_and_deletes_nothing(
        api, colleague, planner, database):
    rooms = [one["id"] for one in planner.pages("/rooms", office="VEJ")]
    assert rooms
    made = [good(planner.post("/bookings", wish(
        rooms[0], "2031-09-02", start, end, setup=None)), 201).json
        for start, end in (("08:00", "10:00"), ("13:00", "15:00"))]
    closing = {"office": "VEJ", "title": "Personaledag", "from": "2031-09-02",
               "to": "2031-09-03"}
    before = database.value("SELECT max(id) FROM kg.journal")
    said = refused(planner.post("/closing-days", closing), 409, "in-the-way")
    assert [hit["booking_id"] for hit in said["conflicts"]] == (
        [one["id"] for one in made])
    assert database.value("SELECT max(id) FROM kg.journal") == before
    closed = good(planner.post("/closing-days", {**closing, "around": True}),
                  201).json
    assert [hit["booking_id"] for hit in closed["conflicts"]] == (
        [one["id"] for one in made])
    for one in made:
        assert good(planner.get("/bookings/%d" % one["id"])).json == one
    around = sorted((item["starts_local"], item["ends_local"])
                    for item in closed["items"]
                    if item["room"]["id"] == rooms[0])
    assert around == [("2031-09-02T00:00", "2031-09-02T08:00"),
                      ("2031-09-02T10:00", "2031-09-02T13:00"),
                      ("2031-09-02T15:00", "2031-09-04T00:00")]
    assert good(planner.get(
        "/rooms/free", office="VEJ", starts_local="2031-09-03T10:00",
        ends_local="2031-09-03T11:00")).json["items"] == []


# ---- the changes of the clocks ----

@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@pytest.mark.parametrize("start, end", [("02:30", "05:00"),
                                        ("01:00", "02:30")])
def test_an_hour_of_a_change_is_refused_with_what_to_name(api, room, day,
                                                          start, end):
    said = refused(api.post("/bookings", wish(room, day, start, end)), 422,
                   "no-such-hour")
    assert " 2:30 " in said["message"]
    assert NAMED[day] in said["message"]
    assert "1:59" in said["hint"] and "3:00" in said["hint"]
    # which is good
    booked(api, room, day, start.replace("02:30", "03:00"),
           end.replace("02:30", "01:59"))


def test_no_other_write_takes_such_an_hour_either(api, planner, room):
    made = booked(api, room, "2031-03-03", "02:30", "04:00")
    for path, body in ((at(made, "/move"), {
            "starts_local": SPRING + "T02:30"}), (at(made, "/move"), {
                "starts_local": AUTUMN + "T02:15"})):
        refused(api.post(path, body, if_match=made.etag), 422, "no-such-hour")
    refused(api.post("/block-outs", wish(room, AUTUMN, "02:30", "09:00")),
            422, "no-such-hour")
    plan = good(api.post("/series/preview", {
        "room_id": room, "title": "Nat", "starts": "02:30", "ends": "04:00",
        "from": "2031-03-23", "until": "2031-04-06"})).json
    assert [(item["date"], item["problem"] is not None)
            for item in plan["items"]] == [
                ("2031-03-23", False), (SPRING, True), ("2031-04-06", False)]


def test_a_booking_across_a_change_keeps_its_local_hours(api, room):
    for first, last, starts_at, ends_at in (
            ("2031-03-29", SPRING, "2031-03-29T21:00:00Z",
             SPRING + "T06:00:00Z"),
            ("2031-10-25", AUTUMN, "2031-10-25T20:00:00Z",
             AUTUMN + "T07:00:00Z")):
        made = booked(api, room, first, "22:00", last + "T08:00").json
        assert (made["starts_local"], made["ends_local"]) == (
            first + "T22:00", last + "T08:00")
        assert (made["starts_at"], made["ends_at"]) == (starts_at, ends_at)
        booked(api, room, last, "08:00", "09:00")
        refused(api.post("/bookings", wish(room, last, "03:00", "04:00")),
                409, "in-the-way")


def test_set_up_minutes_are_real_ones(api, room):
    """An hour before half past three in spring is half past one."""
    made = booked(api, room, SPRING, "03:30", "05:00", setup_min=60).json
    assert made["occupied_from_local"] == SPRING + "T01:30"
    booked(api, room, SPRING, "00:30", "01:30")
    refused(api.post("/bookings", wish(room, SPRING, "01:00", "01:45")), 409,
            "in-the-way")


@pytest.mark.parametrize("first, last, hours", [
    ("2031-03-25", "2031-04-01", ["08:00:00Z", "07:00:00Z"]),
    ("2031-10-21", "2031-10-28", ["07:00:00Z", "08:00:00Z"])])
def test_a_series_keeps_its_local_hours(api, room, first, last, hours):
    made = good(api.post("/series", {
        "room_id": room, "title": "Tirsdage", "starts": "09:00",
        "ends": "12:00", "from": first, "until": last}), 201).json
    assert [item["starts_local"][11:] for item in made["items"]] == (
        ["09:00"] * 2)
    assert [item["starts_at"][11:] for item in made["items"]] == hours


# ---- Easter and Ascension ----

def test_a_series_over_easter_and_ascension_lists_the_holidays(api, room):
    rule = {"room_id": room, "title": "Forår", "starts": "09:00",
            "ends": "12:00", "from": "2031-04-07", "until": "2031-05-23",
            "weekdays": ["mon", "thu", "fri"]}
    plan = good(api.post("/series/preview", rule)).json
    holidays = {item["date"]: item["holiday"] for item in plan["items"]
                if item["holiday"]}
    assert holidays == {
        "2031-04-10": "Skærtorsdag", "2031-04-11": "Langfredag",
        "2031-04-14": "2. påskedag", "2031-05-22": "Kristi himmelfartsdag",
        "2031-05-23": "Fredag efter Kristi himmelfartsdag"}
    assert plan["holidays"] == 5
    assert len(plan["items"]) == 21 and plan["count"] == 16
    assert all(item["skipped"] is (item["date"] in holidays)
               for item in plan["items"])
    assert good(api.get("/bookings", room_id=room)).json["items"] == []
    made = good(api.post("/series", {**rule, "overrides": [
        {"date": "2031-04-14", "keep": True},
        {"date": "2031-05-05", "starts_local": "2031-05-06T10:00",
         "ends_local": "2031-05-06T11:00"}]}), 201).json
    days = {item["starts_local"][:10] for item in made["items"]}
    assert len(made["items"]) == 17
    assert days & set(holidays) == {"2031-04-14"}
    assert "2031-05-06" in days and "2031-05-05" not in days


# ---- a run, its sessions and their rooms belong together ----

def test_who_saw_a_run_before_its_session_moved_is_told(api, house):
    a_run(api, house, "ETAG-01", "2033-03-03", [house.room("Et")])
    seen = api.get("/runs/ETAG-01").etag
    path = "/runs/ETAG-01/sessions/1"
    good(api.post(path + "/move", {"starts_local": "2033-03-03T10:00",
                                   "ends_local": "2033-03-03T17:00"},
                  if_match=api.get(path).etag))
    said = refused(api.patch("/runs/ETAG-01", {"capacity": 30},
                             if_match=seen), 412, "other-version")
    assert said["difference"]["sessions.1.starts_local"] == {
        "before": "2033-03-03T09:00", "after": "2033-03-03T10:00"}
    now = api.get("/runs/ETAG-01").etag
    assert now != seen
    good(api.patch("/runs/ETAG-01", {"capacity": 30}, if_match=now))


def test_a_sessions_room_stays_with_it_and_its_programme_fits(api, house):
    a_run(api, house, "COVER-01", "2033-03-10", [house.room("Et")])
    path = "/runs/COVER-01/sessions/1"
    session = good(api.get(path))
    room, = session.json["rooms"]
    booking = good(api.get("/bookings/%d" % room["booking_id"]))
    said = refused(api.post("/bookings/%d/move" % room["booking_id"], {
        "starts_local": "2033-03-11T09:00"}, if_match=booking.etag), 422,
        "value-refused")
    assert "/runs/COVER-01/sessions/1/move" in said["hint"]
    late = [{"starts_local": "2033-03-10T15:00",
             "ends_local": "2033-03-10T16:00", "title": "Opsamling"}]
    session = good(api.patch(path, {"agenda": late}, if_match=session.etag))
    shorter = {"ends_local": "2033-03-10T15:30"}
    said = refused(api.post(path + "/move", shorter, if_match=session.etag),
                   422, "value-refused")
    assert "Opsamling" in said["hint"]
    assert [item["title"] for item in said["agenda"]] == ["Opsamling"]
    moved = good(api.post(path + "/move", {**shorter, "agenda": []},
                          if_match=session.etag))
    assert moved.json["agenda"] == []
    assert good(api.get("/bookings/%d" % room["booking_id"])).json[
        "ends_local"] == "2033-03-10T15:30"


# ---- C8, T2: runs move, teachers are in one place ----

def a_run(api, house, number, day, rooms, start="09:00", end="16:00"):
    """A published run; a day and a room for each session."""
    days = ["%s%02d" % (day[:8], int(day[8:]) + n) for n in range(len(rooms))]
    return good(api.post("/runs", {
        "run_no": number, "seminar": "kattegat-kommune", "office": OFFICE,
        "venue_id": house.id, "status": "open", "sessions": [
            {"starts_local": "%sT%s" % (day, start), "room_id": room,
             "ends_local": "%sT%s" % (day, end)}
            for day, room in zip(days, rooms)]}), 201)


def test_t2_whom_two_ask_is_refused_to_the_second(api, house, database):
    """By the API: asked for both, accepted for one, told what is in the way."""
    teacher = new_person(database, "teacher")
    a_run(api, house, "T2-11", "2033-02-24", [house.room("Et")])
    a_run(api, house, "T2-12", "2033-02-24", [house.room("To")])
    first, second = ("/runs/T2-1%d/sessions/1" % n for n in (1, 2))
    end = "/teachers/%d" % teacher
    asked = good(api.put(first + end, {"status": "asked"},
                         if_match=api.get(first).etag))
    refused(api.put(first + end, {"status": "accepted"}, if_match=1), 412,
            "other-version")
    good(api.put(first + end, {"status": "accepted"}, if_match=asked.etag))
    good(api.put(second + end, {"status": "asked"},
                 if_match=api.get(second).etag))
    said = refused(api.put(second + end, {"status": "accepted"},
                           if_match=api.get(second).etag), 409, "in-the-way")
    hit, = said["conflicts"]
    assert (hit["person_id"], hit["run_no"], hit["session_no"]) == (
        teacher, "T2-11", 1)
    listed, = good(api.get(second + "/teachers")).json["items"]
    assert (listed["person_id"], listed["status"]) == (teacher, "asked")
    gone = good(api.delete(first + end, if_match=api.get(first).etag))
    assert gone.json["teachers"] == []
    refused(api.delete(first + end, if_match=gone.etag), 404, "not-found")
    good(api.put(second + end, {"status": "accepted"},
                 if_match=api.get(second).etag))


def accepts(database, teacher, run, no=1):
    database.run("SELECT kg.session_teacher_set(NULL, 'test', %s, %s, %s,"
                 " 'accepted')", run, no, teacher)


class Events:
    """A feed as each worker shows it."""

    def __init__(self, daemon):
        self.connections = daemon.client.each_worker(2)

    def __call__(self, path):
        texts = {connection.get(path).text
                 for connection in self.connections.values()}
        assert len(texts) == 1, "the workers differ"
        return Calendar(texts.pop()).by_uid()

    def close(self):
        for connection in self.connections.values():
            connection.close()


@pytest.fixture
def events(daemon):
    events = Events(daemon)
    yield events
    events.close()


def test_c8_a_run_moves_to_another_place_in_one_transaction(
        api, house, planner, events, database):
    old = [house.room("Gammel 1"), house.room("Gammel 2")]
    other = House(planner, "Det nye sted")
    new = [other.room("Ny 1"), other.room("Ny 2")]
    run = a_run(api, house, "C8-01", "2033-02-03", old)
    uids = [one["uid"] for one in run.json["sessions"]]
    feeds = (["/f/kontor/%s.ics" % OFFICE, "/f/hold/C8-01.ics"]
             + ["/f/lokale/%d.ics" % room for room in old + new])
    before = [events(path) for path in feeds]
    assert [len(one) for one in before[2:]] == [1, 1, 0, 0]
    moved = good(api.post("/runs/C8-01/move", {
        "venue_id": other.id, "rooms": [
            {"no": 1, "room_id": new[0]}, {"no": 2, "room_id": new[1]}]},
        if_match=run.etag))
    after = [events(path) for path in feeds]
    assert [len(one) for one in after[2:]] == [0, 0, 1, 1]
    for one, was in zip(after[:2], before[:2]):
        assert set(one) == set(was)
        for uid in uids:
            assert one[uid].sequence > was[uid].sequence
            assert "Det nye sted" in one[uid].text("LOCATION")
            assert "Gammel" not in one[uid].raw
        assert all(one[uid].raw == was[uid].raw
                   for uid in set(one) - set(uids))
    assert {row.xid for row in database.rows(
        "SELECT xid::text FROM kg.journal WHERE object IN ('session',"
        " 'booking') AND id > (SELECT max(id) FROM kg.journal"
        " WHERE xid::text <> %s)", moved.version)} == {moved.version}


def test_c8_where_one_room_is_taken_nothing_moves(api, house, planner,
                                                  events):
    old = [house.room("Gammel 1"), house.room("Gammel 2")]
    other = House(planner, "Det optagne sted")
    new = [other.room("Ny 1"), other.room("Ny 2")]
    run = a_run(api, house, "C8-02", "2033-02-10", old)
    taken = booked(api, new[1], "2033-02-11", title="Fødselsdag")
    feeds = ["/f/kontor/%s.ics" % OFFICE] + [
        "/f/lokale/%d.ics" % room for room in old + new]
    before = [{uid: event.raw for uid, event in events(path).items()}
              for path in feeds]
    said = refused(api.post("/runs/C8-02/move", {
        "venue_id": other.id, "rooms": [
            {"no": 1, "room_id": new[0]}, {"no": 2, "room_id": new[1]}]},
        if_match=run.etag), 409, "in-the-way")
    assert [(hit["booking_id"], hit["title"]) for hit in said["conflicts"]
            ] == [(taken.json["id"], "Fødselsdag")]
    assert good(api.get("/runs/C8-02")).json == run.json
    assert before == [{uid: event.raw for uid, event in events(path).items()}
                      for path in feeds]


def test_t2_a_teacher_is_never_in_two_places(api, house, database):
    teacher = new_person(database, "teacher")
    a_run(api, house, "T2-01", "2033-02-17", [house.room("Et")])
    a_run(api, house, "T2-02", "2033-02-18", [house.room("To")])
    accepts(database, teacher, "T2-01")
    accepts(database, teacher, "T2-02")
    path = "/runs/T2-02/sessions/1"
    session = good(api.get(path))
    said = refused(api.post(path + "/move", {
        "starts_local": "2033-02-17T15:00"}, if_match=session.etag), 409,
        "in-the-way")
    hit, = said["conflicts"]
    assert (hit["person_id"], hit["run_no"], hit["from"], hit["to"]) == (
        teacher, "T2-01", "2033-02-17T09:00", "2033-02-17T16:00")
    refused(api.post("/runs/T2-02/move", {"starts_on": "2033-02-17"},
                     if_match=api.get("/runs/T2-02").etag), 409,
            "in-the-way")
    assert good(api.get(path)).json == session.json
    # from when the other one ends it is no overlap
    good(api.post(path + "/move", {"starts_local": "2033-02-17T16:00",
                                   "ends_local": "2033-02-17T18:00"},
                  if_match=session.etag))


# ---- undo ----

def entry_of(api, answer, thing="booking"):
    """The journal's number of the last change of a thing."""
    found = good(api.get("/journal", object=thing,
                         object_id=answer.json["id"], limit=1)).json
    return found["items"][0]["id"]


def undo(api, entry):
    return api.post("/journal/%d/undo" % entry, {})


def test_a_move_is_undone_and_the_calendar_hears_of_it(api, room, events):
    made = booked(api, room, "2031-02-10")
    moved = good(api.post(at(made, "/move"), {
        "starts_local": "2031-02-11T09:00"}, if_match=made.etag))
    feed = "/f/lokale/%d.ics" % room
    was = events(feed)[made.json["uid"]]
    entry = entry_of(api, moved)
    assert entry in good(undo(api, entry)).json["undone"]
    back = good(api.get(at(made))).json
    assert back["starts_local"] == made.json["starts_local"]
    assert back["version"] > moved.json["version"]
    event = events(feed)[made.json["uid"]]
    assert event["DTSTART"] == "20310210T090000"
    assert event.sequence > was.sequence
    # an undo is a change, and can be undone
    good(undo(api, entry_of(api, made)))
    assert good(api.get(at(made))).json["starts_local"] == "2031-02-11T09:00"


def test_a_cancellation_is_undone_while_the_room_is_free(api, colleague,
                                                         room):
    made = booked(api, room, "2031-02-12")
    gone = good(api.post(at(made, "/cancel"), {}, if_match=made.etag))
    entry = entry_of(api, gone)
    other = booked(colleague, room, "2031-02-12", "11:00", "13:00",
                   title="Imens")
    said = refused(undo(api, entry), 409, "in-the-way")
    hit, = said["conflicts"]
    assert (hit["booking_id"], hit["title"]) == (other.json["id"], "Imens")
    assert good(api.get(at(made))).json["status"] == "cancelled"
    good(colleague.post(at(other, "/cancel"), {}, if_match=other.etag))
    good(undo(api, entry))
    assert good(api.get(at(made))).json["status"] == "confirmed"


def test_a_move_that_another_has_built_upon_is_not_undone(api, colleague,
                                                          room):
    """Where it came from is taken; and it was moved on."""
    made = booked(api, room, "2031-02-13")
    moved = good(api.post(at(made, "/move"), {
        "starts_local": "2031-02-14T09:00"}, if_match=made.etag))
    entry = entry_of(api, moved)
    other = booked(colleague, room, "2031-02-13", title="På pladsen")
    said = refused(undo(api, entry), 409, "in-the-way")
    assert [(hit["booking_id"], hit["title"]) for hit in said["conflicts"]
            ] == [(other.json["id"], "På pladsen")]
    assert good(api.get(at(made))).json == moved.json
    good(colleague.post(at(other, "/cancel"), {}, if_match=other.etag))
    on = good(colleague.post(at(made, "/move"), {
        "starts_local": "2031-02-17T09:00"}, if_match=moved.etag))
    said = refused(undo(api, entry), 409, "wrong-state")
    later, = said["later"]
    assert (later["object"], later["object_id"]) == ("booking",
                                                     str(made.json["id"]))
    assert later["journal_id"] == entry_of(api, on)
    assert later["person_id"] == colleague.get("/me").json["person_id"]
    assert "starts_local" in later["columns"]
    assert good(api.get(at(made))).json == on.json
    # the later one first
    good(undo(colleague, later["journal_id"]))
    good(undo(api, entry_of(api, moved)))


def test_a_runs_move_is_undone_unless_somebody_built_upon_it(
        api, colleague, house, planner, events, database):
    old = [house.room("Gammel 1"), house.room("Gammel 2")]
    other = House(planner, "Et andet sted")
    new = [other.room("Ny 1"), other.room("Ny 2")]
    run = a_run(api, house, "UNDO-01", "2033-02-24", old)

    def move():
        return good(api.post("/runs/UNDO-01/move", {
            "venue_id": other.id, "rooms": [
                {"no": 1, "room_id": new[0]}, {"no": 2, "room_id": new[1]}]},
            if_match=api.get("/runs/UNDO-01").etag))

    moved = move()
    feed = "/f/hold/UNDO-01.ics"
    was = events(feed)
    good(undo(api, entry_of(api, moved, "run")))
    back = good(api.get("/runs/UNDO-01")).json
    assert back["venue"] == run.json["venue"]
    assert [one["rooms"][0]["id"] for one in back["sessions"]] == old
    for uid, event in events(feed).items():
        assert event.sequence > was[uid].sequence
        assert "Et andet sted" not in event.text("LOCATION")
    moved = move()
    # somebody agrees to teach at the new place; a session gets another room there
    accepts(database, new_person(database, "teacher"), "UNDO-01")
    session = colleague.get("/runs/UNDO-01/sessions/2")
    built = good(colleague.post("/runs/UNDO-01/sessions/2/move", {
        "room_id": other.room("Ny 3")}, if_match=session.etag)).json
    said = refused(undo(api, entry_of(api, moved, "run")), 409, "wrong-state")
    assert {one["object"] for one in said["later"]} == {"booking",
                                                        "session_teacher"}
    assert ("booking", str(built["rooms"][0]["booking_id"])) in {
        (one["object"], one["object_id"]) for one in said["later"]}
    after = good(api.get("/runs/UNDO-01")).json
    assert after["venue"]["id"] == other.id
    assert after["sessions"][1] == built
