"""What a booking may ask for, and what an answer that refuses it promises, as a
coordinator's client sees it. Each rule by itself is tested in tests/sql."""

import pytest

from kattegat.api import Api, new_api_token, new_person

OFFICE = "AAR"


@pytest.fixture(scope="module")
def house(database):
    """The id of a venue of the office without rooms."""
    return int(database.value(
        "SELECT (kg.venue_add(NULL, 'test', %s, 'Regelhuset', NULL, NULL, 'Ry',"
        " NULL, NULL, false)).object_id", OFFICE))


@pytest.fixture(scope="module")
def new_room(database, house):
    def make(name, capacity=25, halves=None, default="islands"):
        room = int(database.value(
            "SELECT (kg.room_add(NULL, 'test', %s, %s, %s, true, true,"
            " jsonb_build_array(jsonb_build_object('setup', 'islands',"
            " 'capacity', %s, 'setup_min', 60, 'clear_min', 30)))).object_id",
            house, name, halves, capacity))
        if default:
            database.run(
                "SELECT kg.room_change(NULL, 'test', %s, NULL,"
                " jsonb_build_object('default_setup', %s))", room, default)
        return room
    return make


@pytest.fixture(scope="module")
def api(daemon, database):
    person = new_person(database, "coordinator", OFFICE, "Kirsten Regel")
    with Api(daemon.client, new_api_token(database, person)) as api:
        yield api


def wish(day, start="09:00", end="12:00", **more):
    return {"starts_local": "%sT%s" % (day, start),
            "ends_local": "%sT%s" % (day, end), "title": "Møde", **more}


def refused(answer, status, problem):
    assert (answer.status, answer.problem) == (status, problem), answer
    return answer.json


def test_a_head_count_is_held_to_without_a_set_up_too(api, new_room):
    room = new_room("Hoveder", 25, default=None)
    said = refused(api.post("/bookings", wish(
        "2031-03-03", room_id=room, head_count=5000)), 422, "value-refused")
    assert said["capacity"] == 25 and "25 in islands" in said["hint"]
    made = api.post("/bookings", wish("2031-03-03", room_id=room,
                                      head_count=25))
    assert made.status == 201
    refused(api.patch("/bookings/%d" % made.json["id"], {
        "setup": None, "head_count": 26}, if_match=made.etag),
        422, "value-refused")


def test_what_is_offered_instead_of_several_rooms_is_to_be_had(api, new_room):
    east, west = new_room("Øst"), new_room("Vest")
    hall = new_room("Salen", 60, [east, west])
    other = new_room("Anneks")
    day = "2031-03-04"
    said = refused(api.post("/bookings", wish(day, room_ids=[east, hall])),
                   422, "value-refused")
    assert [one["name"] for one in said["fields"]] == ["room_ids"]
    assert api.post("/bookings", wish(day, room_id=east)).status == 201
    asked = wish(day, room_ids=[east, west], head_count=25)
    said = refused(api.post("/bookings", asked), 409, "in-the-way")
    offered = said["alternatives"]
    assert [(one["reason"], one["room_ids"]) for one in offered] == [
        ("room", [west, other]), ("time", [east, west]), ("day", [east, west])]
    assert all(one["capacity"] == 25 and one["may_book"] for one in offered)
    for one in offered:
        made = api.post("/bookings", {**asked, **{name: one[name] for name in (
            "room_ids", "starts_local", "ends_local")}})
        assert made.status == 201, made
        for booking in made.json["items"]:
            assert api.post("/bookings/%d/cancel" % booking["id"], {},
                            if_match='"1"').status == 200


def test_a_run_that_leaves_a_hotel_says_how_its_rooms_are_to_be(api, database,
                                                               house, new_room):
    large, small = new_room("Til flytning", 25), new_room("Mindre", 20)
    hotel = int(database.value(
        "SELECT (kg.venue_add(NULL, 'test', %s, 'Regelhotellet', NULL, NULL,"
        " 'Ry', NULL, NULL, false)).object_id", OFFICE))
    seminar = database.value("SELECT slug FROM kg.seminar LIMIT 1")
    run = api.post("/runs", {
        "run_no": "REGEL-1", "seminar": seminar, "office": OFFICE,
        "venue_id": hotel, "capacity": 25, "sessions": [
            {"starts_local": "2031-03-1%dT09:00" % day,
             "ends_local": "2031-03-1%dT15:00" % day} for day in (0, 1)]})
    assert run.status == 201, run

    def moved(*rooms):
        return api.post("/runs/REGEL-1/move",
                        {"venue_id": house, "rooms": list(rooms)},
                        if_match=run.etag)

    said = refused(moved({"no": 1, "room_id": small}), 422, "value-refused")
    assert said["capacity"] == 20
    said = moved({"no": 1, "room_id": large},
                 {"no": 2, "room_id": small, "setup": "islands",
                  "head_count": 20, "setup_min": 15, "clear_min": 0})
    assert said.status == 200, said
    booked = [api.get("/bookings/%d" % session["rooms"][0]["booking_id"]).json
              for session in said.json["sessions"]]
    assert [(one["setup"], one["head_count"], one["setup_min"], one["clear_min"])
            for one in booked] == [("islands", 25, 60, 30),
                                   ("islands", 20, 15, 0)]


def test_the_kitchen_is_asked_in_time_and_for_who_eats(api, database, new_room):
    room = new_room("Køkkenlokalet")
    tomorrow = database.value("SELECT (kg.now() + '1 day')::date::text")
    said = refused(api.post("/bookings", wish(
        tomorrow, room_id=room, catering_count=3, catering_days=5)),
        422, "value-refused")
    assert [one["name"] for one in said["fields"]] == ["catering_days"]
    said = refused(api.post("/bookings", wish(
        "2031-03-05", room_id=room, catering_count=3,
        catering_diets={"vegan": 30})), 422, "value-refused")
    assert "3" in said["message"]


def test_who_has_the_room_and_who_was_first_is_told(api, database, daemon,
                                                    new_room):
    room = new_room("Optaget")
    made = api.post("/bookings", wish("2031-03-06", room_id=room))
    assert made.status == 201
    other = new_person(database, "coordinator", OFFICE)
    with Api(daemon.client, new_api_token(database, other)) as colleague:
        said = refused(colleague.post("/bookings", wish(
            "2031-03-06", room_id=room)), 409, "in-the-way")
        hit, = said["conflicts"]
        assert (hit["changed_by"], hit["changed_at"]) == (
            "Kirsten Regel", made.json["changed_at"])
        path = "/bookings/%d" % made.json["id"]
        assert api.patch(path, {"title": "Nyt"},
                         if_match=made.etag).status == 200
        said = colleague.patch(path, {"title": "Andet"}, if_match=made.etag)
        assert said.status == 412
        assert said.json["changed_by"] == "Kirsten Regel"


def test_dates_out_of_reach_and_the_end_of_no_hold_are_refused(api, new_room):
    room = new_room("Fjern")
    for day in ("2020-02-03", "2199-02-03"):
        said = refused(api.post("/bookings", wish(day, room_id=room)),
                       422, "value-refused")
        assert {one["name"] for one in said["fields"]} == {
            "starts_local", "ends_local"}
    untitled = wish("2031-03-07", room_id=room)
    del untitled["title"]
    said = refused(api.post("/bookings", untitled), 422, "value-refused")
    assert [one["name"] for one in said["fields"]] == ["title"]
    made = api.post("/bookings", wish("2031-03-07", room_id=room))
    answer = api.patch("/bookings/%d" % made.json["id"], {
        "expires_local": "2031-03-01T09:00"}, if_match=made.etag)
    assert answer.status == 409


@pytest.fixture(scope="module")
def seminar(database):
    database.run("SELECT kg.seminar_add(NULL, 'test', 'regler', 'Regler', 'course',"
                 " NULL, NULL, false, '{}')")
    return "regler"


@pytest.fixture
def new_run(api, house):
    """A run of some days in a room, as it was answered."""
    def make(run_no, seminar, room, days):
        made = api.post("/runs", {
            "run_no": run_no, "seminar": seminar, "office": OFFICE,
            "venue_id": house, "capacity": 20, "sessions": [
                {"starts_local": day + "T09:00", "ends_local": day + "T15:00",
                 "room_id": room} for day in days]})
        assert made.status == 201, made.json
        return made
    return make


def test_a_run_that_meets_several_finds_rooms_for_all_its_days(
        api, new_room, new_run, seminar):
    first, second, third = (new_room(name) for name in "ABC")
    made = new_run("HELT-1", seminar, first, ["2031-09-01", "2031-09-02"])
    for day in ("2031-09-15", "2031-09-16"):
        assert api.post("/bookings", wish(day, room_id=first)).status == 201
    assert api.post("/bookings", wish("2031-09-16",
                                      room_id=second)).status == 201
    move = {"starts_on": "2031-09-15"}
    said = refused(api.post("/runs/HELT-1/move", move, if_match=made.etag),
                   409, "in-the-way")
    assert len(said["conflicts"]) == 2
    offered = {one["room_id"]: one["sessions"] for one in said["alternatives"]}
    assert offered[third] == [1, 2] and second not in offered
    moved = api.post("/runs/HELT-1/move", dict(move, rooms=[
        {"no": no, "room_id": third} for no in offered[third]]),
        if_match=made.etag)
    assert moved.status == 200
    assert [one["rooms"][0]["id"] for one in moved.json["sessions"]] == [
        third, third]


def test_a_series_that_meets_several_is_told_what_does_for_all(api, new_room):
    here, there = new_room("Serie"), new_room("Anden serie")
    for day in ("2032-03-09", "2032-03-16"):
        assert api.post("/bookings", wish(day, room_id=here)).status == 201
    asked = {"room_id": here, "title": "Hver uge", "from": "2032-03-02",
             "until": "2032-03-23", "starts": "09:00", "ends": "12:00"}
    said = refused(api.post("/series", asked), 409, "in-the-way")
    assert [one["date"] for one in said["items"]] == ["2032-03-09",
                                                      "2032-03-16"]
    by_reason = {one["reason"]: one for one in said["alternatives"]}
    assert set(by_reason) == {"room", "time"}
    later = by_reason["time"]["starts_local"][-5:]
    assert api.post("/series", dict(
        asked, starts=later, ends=by_reason["time"]["ends_local"][-5:])
        ).status == 201
    assert api.post("/series", dict(
        asked, room_id=by_reason["room"]["room_id"])).status == 201


def test_what_has_a_date_is_not_moved_into_the_past(api, new_room, new_run,
                                                    seminar):
    made = new_run("HELT-2", seminar, new_room("Før"), ["2031-10-06"])
    said = refused(api.post("/runs/HELT-2/sessions/1/move", {
        "starts_local": "2026-01-05T09:00"},
        if_match='"%d"' % made.json["sessions"][0]["version"]),
        422, "value-refused")
    assert [one["name"] for one in said["fields"]] == ["starts_local"]
    assert said["earliest"] > "2026-01-05"
    assert said["earliest"] == refused(api.post("/runs/HELT-2/move", {
        "starts_on": "2026-01-05"}, if_match=made.etag),
        422, "value-refused")["earliest"]


def test_the_kitchen_hears_in_time_of_the_day_a_run_is_moved_to(
        api, database, new_room, new_run, seminar):
    room = new_room("Køkken")
    made = new_run("HELT-3", seminar, room, ["2031-11-03"])
    made = api.post("/runs/HELT-3/move", {"rooms": [{
        "no": 1, "room_id": room, "catering_count": 18, "catering_days": 60,
        "catering_diets": {"vegan": 2}}]}, if_match=made.etag)
    tomorrow = database.value("SELECT (kg.today() + 1)::text")
    move = {"starts_on": tomorrow}
    said = refused(api.post("/runs/HELT-3/move", move, if_match=made.etag),
                   422, "value-refused")
    assert said["due"] < tomorrow
    booking = made.json["sessions"][0]["rooms"][0]["booking_id"]
    assert said["booking_id"] == booking
    assert api.post("/runs/HELT-3/move", dict(move, rooms=[
        {"no": 1, "room_id": room, "catering_days": None}]),
        if_match=made.etag).status == 200
    assert api.get("/bookings/%d" % booking).json["catering"] == {
        "count": 18, "days": None, "due": None, "diets": {"vegan": 2}}
