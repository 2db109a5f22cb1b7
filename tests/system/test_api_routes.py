"""Each route once, in the life of a thing: made, read, changed, moved, ended.

What the answers look like the client holds against the OpenAPI document.
"""

import pytest

from kattegat.api import Api, new_api_token, new_person

OFFICE = "ODE"


@pytest.fixture(scope="module")
def planner(daemon, database):
    with Api(daemon.client, new_api_token(
            database, new_person(database, "planner"))) as api:
        yield api


@pytest.fixture(scope="module")
def coordinator(daemon, database):
    with Api(daemon.client, new_api_token(
            database, new_person(database, "coordinator", OFFICE))) as api:
        yield api


@pytest.fixture(scope="module")
def house(database):
    """The office's own venue."""
    return database.value(
        "SELECT v.id FROM kg.venue v JOIN kg.office o ON o.id = v.office_id"
        " WHERE v.own AND o.code = %s", OFFICE)


@pytest.fixture
def hall(planner, house, request):
    """A room of the test's own."""
    return good(planner.post("/rooms", {
        "venue_id": house, "name": "Sal " + request.node.name[:80],
        "setup_min": 15, "clear_min": 15, "equipment": ["projector"],
        "setups": [{"setup": "islands", "capacity": 25, "setup_min": 60,
                    "clear_min": 30},
                   {"setup": "theatre", "capacity": 60}]})).json


def good(answer, status=None):
    assert answer.status == status if status else answer.status < 300, answer
    return answer


def test_an_office_is_written_by_planners_and_gets_its_mail(planner,
                                                            coordinator):
    made = good(planner.post("/offices", {
        "code": "SKA", "name": "Skagen", "town": "Skagen",
        "mail": "skagen@example.org"}, key="skagen-123"), 201)
    path = "/offices/SKA"
    assert made.headers["Location"] == "/api/v1" + path
    changed = good(planner.patch(path, {"mail": "hold@example.org"},
                                 if_match=made.etag))
    assert good(coordinator.get(path)).json == changed.json
    assert changed.json["mail"] == "hold@example.org"
    assert planner.patch(path, {"name": "x"},
                         if_match=made.etag).status == 412
    assert coordinator.patch(path, {"name": "x"},
                             if_match=changed.etag).status == 403


def test_a_run_is_made_from_what_the_lists_tell(planner, coordinator):
    made = good(planner.post("/seminars", {
        "slug": "temadag-1", "title": "Temadag", "kind": "theme_day"}), 201)
    assert good(planner.get("/seminars/temadag-1")).json == made.json
    assert good(planner.patch("/seminars/temadag-1", {
        "description": "En dag", "tags": ["velfærd"]},
        if_match=made.etag)).json == {
            **made.json, "description": "En dag", "tags": ["velfærd"],
            "version": made.json["version"] + 1}
    found, = coordinator.pages("/seminars", q="temadag")
    run = good(coordinator.post("/runs", {
        "run_no": "TEMA-01", "seminar": found["slug"], "office": OFFICE}), 201)
    assert run.json["title"] == "Temadag"


def test_a_venue_and_its_rooms(planner, hall, house):
    made = good(planner.post("/venues", {
        "office": OFFICE, "name": "Hotellet", "town": "Middelfart",
        "street": "Havnegade 1", "postcode": "5500"}, key="hotel-1234"), 201)
    path = "/venues/%d" % made.json["id"]
    assert made.headers["Location"] == "/api/v1" + path
    changed = good(planner.patch(path, {"street": None, "name": "Hotel"},
                                 if_match=made.etag))
    assert changed.json["street"] is None
    assert good(planner.get(path)).json == changed.json
    assert made.json["id"] in [one["id"] for one in planner.pages(
        "/venues", q="hotel", office=OFFICE)]
    room = "/rooms/%d" % hall["id"]
    more = good(planner.patch(room, {
        "step_free": True, "equipment": [], "default_setup": "islands"},
        if_match=hall["version"]))
    assert (more.json["equipment"], more.json["default_setup"]) == (
        [], "islands")
    put = good(planner.put(room + "/setups/circle", {"capacity": 12},
                           if_match=more.etag))
    good(planner.delete(room + "/setups/circle", if_match=put.etag))
    assert hall["id"] in [one["id"] for one in planner.pages(
        "/rooms", venue_id=house)]
    assert good(planner.get(room)).json["setups"] == hall["setups"]
    assert OFFICE in [one["code"] for one in planner.pages("/offices")]


def test_a_booking_from_hold_to_end(coordinator, hall):
    free = good(coordinator.get(
        "/rooms/free", starts_local="2032-03-01T09:00", office=OFFICE,
        ends_local="2032-03-01T12:00", setup="islands", head_count=25))
    assert hall["id"] in [one["room"]["id"] for one in free.json["items"]]
    made = good(coordinator.post("/bookings", {
        "room_id": hall["id"], "starts_local": "2032-03-01T09:00",
        "ends_local": "2032-03-01T12:00", "title": "Kursus",
        "setup": "islands", "head_count": 25, "kind": "let_out",
        "expires_local": "2032-02-01T12:00", "notes": "to\nlinjer",
        "catering_count": 20, "catering_days": 3,
        "catering_diets": {"vegan": 2}, "why": "aftalt"}), 201)
    assert made.json["status"] == "held"
    assert made.json["occupied_from_local"] == "2032-03-01T08:00"
    assert made.json["starts_at"] == "2032-03-01T08:00:00Z"
    path = "/bookings/%d" % made.json["id"]
    sure = good(coordinator.post(path + "/confirm", if_match=made.etag))
    moved = good(coordinator.post(path + "/move", {
        "starts_local": "2032-03-02T10:00"}, if_match=sure.etag,
        key="move-1234"))
    assert moved.json["ends_local"] == "2032-03-02T13:00"
    changed = good(coordinator.patch(path, {
        "notes": None, "head_count": 24, "catering_diets": None},
        if_match=moved.etag))
    assert changed.json["notes"] is None
    gone = good(coordinator.post(path + "/cancel", {"why": "afbud"},
                                 if_match=changed.etag))
    assert gone.json["status"] == "cancelled"
    back = good(coordinator.post(path + "/restore", if_match=gone.etag))
    assert good(coordinator.get(path)).json == back.json
    week = good(coordinator.get("/rooms/%d/week" % hall["id"],
                                week="2032-W10"))
    assert [one["id"] for one in week.json["items"]] == [made.json["id"]]
    assert made.json["id"] in [one["id"] for one in coordinator.pages(
        "/bookings", room_id=hall["id"], week="2032-W10", kind="let_out",
        status="confirmed", q="kur")]


def test_several_rooms_in_one_go_are_all_or_none(coordinator, planner, hall,
                                                 house):
    other = good(planner.post("/rooms", {
        "venue_id": house, "name": "Sal ved siden af"}), 201).json
    wish = {"room_ids": [hall["id"], other["id"]], "title": "Temadag",
            "starts_local": "2032-04-01T09:00",
            "ends_local": "2032-04-01T12:00"}
    made = good(coordinator.post("/bookings", wish), 201)
    assert {one["room"]["id"] for one in made.json["items"]} == {
        hall["id"], other["id"]}
    wish.update(starts_local="2032-04-01T11:30", room_ids=[
        other["id"], hall["id"]], ends_local="2032-04-01T14:00")
    assert coordinator.post("/bookings", wish).problem == "in-the-way"
    assert len(list(coordinator.pages("/bookings", room_id=hall["id"]))) == 1


def test_a_series_from_its_preview_to_its_end(coordinator, hall):
    wish = {"room_id": hall["id"], "title": "Netværk", "starts": "09:00",
            "ends": "12:00", "from": "2032-01-06", "until": "2032-03-02",
            "freq": "weekly", "interval": 2, "weekdays": ["tue"]}
    plan = good(coordinator.post("/series/preview", wish), 200).json
    assert [one["date"] for one in plan["items"]] == [
        "2032-01-06", "2032-01-20", "2032-02-03", "2032-02-17", "2032-03-02"]
    taken = good(coordinator.post("/bookings", {
        "room_id": hall["id"], "starts_local": "2032-02-03T10:00",
        "ends_local": "2032-02-03T11:00", "title": "I vejen"}), 201)
    refused = coordinator.post("/series", wish)
    assert (refused.status, refused.problem) == (409, "in-the-way")
    assert [one["date"] for one in refused.json["items"]] == ["2032-02-03"]
    assert refused.json["items"][0]["conflicts"][0][
        "booking_id"] == taken.json["id"]
    wish["overrides"] = [
        {"date": "2032-02-03", "starts_local": "2032-02-04T09:00",
         "ends_local": "2032-02-04T12:00"},
        {"date": "2032-02-17", "skip": True}]
    made = good(coordinator.post("/series", wish), 201)
    path = "/series/%d" % made.json["id"]
    assert len(made.json["items"]) == 4
    changed = good(coordinator.patch(path, {
        "title": "Netværk for formænd", "starts": "08:30",
        "from": "2032-01-01"}, if_match=made.etag))
    assert {one["title"] for one in changed.json["items"]} == {
        "Netværk for formænd"}
    gone = good(coordinator.post(path + "/cancel", {"from": "2032-01-15"},
                                 if_match=changed.etag))
    assert [one["status"] for one in gone.json["items"]] == [
        "confirmed", "cancelled", "cancelled", "cancelled"]
    assert good(coordinator.get(path)).json == gone.json


def test_a_block_out_goes_around_only_when_it_is_told_to(coordinator, hall):
    taken = good(coordinator.post("/bookings", {
        "room_id": hall["id"], "starts_local": "2032-05-03T10:00",
        "ends_local": "2032-05-03T11:00", "title": "Møde"}), 201)
    wish = {"room_id": hall["id"], "starts_local": "2032-05-03T08:00",
            "ends_local": "2032-05-03T16:00", "title": "Maling"}
    refused = coordinator.post("/block-outs", wish)
    assert (refused.status, refused.problem) == (409, "in-the-way")
    made = good(coordinator.post("/block-outs", {**wish, "around": True}), 201)
    assert len(made.json["items"]) == 2
    assert [one["booking_id"] for one in made.json["conflicts"]] == [
        taken.json["id"]]


def test_a_closing_day_takes_the_house_and_deletes_nothing(
        coordinator, hall):
    day = {"office": OFFICE, "from": "2032-06-07", "title": "Lukket"}
    kept = good(coordinator.post("/bookings", {
        "room_id": hall["id"], "starts_local": "2032-06-07T10:00",
        "ends_local": "2032-06-07T11:00", "title": "Møde"}), 201)
    assert coordinator.post("/closing-days", day).problem == "in-the-way"
    made = good(coordinator.post("/closing-days", {**day, "around": True}),
                201)
    assert kept.json["id"] in [one["booking_id"]
                               for one in made.json["conflicts"]]
    assert good(coordinator.get("/bookings/%d" % kept.json["id"])).json[
        "status"] == "confirmed"


def test_a_run_and_its_sessions(coordinator, database, hall, house):
    seminar = database.value("SELECT slug FROM kg.seminar ORDER BY id LIMIT 1")
    made = good(coordinator.post("/runs", {
        "run_no": "PRV-01", "seminar": seminar, "office": OFFICE,
        "title": "Prøvehold", "capacity": 20, "status": "planned",
        "sessions": [{
            "starts_local": "2032-09-06T09:00",
            "ends_local": "2032-09-06T15:00", "room_id": hall["id"],
            "setup": "islands", "head_count": 20, "agenda": [{
                "starts_local": "2032-09-06T09:30", "title": "Velkomst",
                "ends_local": "2032-09-06T10:00"}]}]}, key="run-12345"), 201)
    assert made.headers["Location"] == "/api/v1/runs/PRV-01"
    assert made.json["sessions"][0]["rooms"][0]["id"] == hall["id"]
    run = "/runs/PRV-01"
    changed = good(coordinator.patch(run, {"capacity": 22, "title": None},
                                     if_match=made.etag))
    assert changed.json["own_title"] is None
    second = good(coordinator.post(run + "/sessions", {
        "starts_local": "2032-09-07T09:00", "title": "Anden dag",
        "ends_local": "2032-09-07T12:00"}), 201)
    session = "%s/sessions/%d" % (run, second.json["no"])
    assert second.headers["Location"] == "/api/v1" + session
    named = good(coordinator.patch(session, {
        "online_url": "https://mode.example/1"}, if_match=second.etag))
    moved = good(coordinator.post(session + "/move", {
        "starts_local": "2032-09-07T10:00",
        "ends_local": "2032-09-07T13:00"}, if_match=named.etag))
    assert moved.json["sequence"] > second.json["sequence"]
    assert moved.json["uid"] == second.json["uid"]
    gone = good(coordinator.post(session + "/cancel", if_match=moved.etag))
    back = good(coordinator.post(session + "/restore", if_match=gone.etag))
    assert good(coordinator.get(session)).json == back.json
    assert [one["no"] for one in coordinator.pages(
        "/sessions", run_no="PRV-01", week="2032-W37")] == [1, 2]

    before = good(coordinator.get(run))
    moved = good(coordinator.post(run + "/move", {
        "starts_on": "2032-09-13"}, if_match=before.etag))
    assert [one["starts_local"] for one in moved.json["sessions"]] == [
        "2032-09-13T09:00", "2032-09-14T10:00"]
    for path, wish, status, problem in (
            ("", {"status": "completed"}, 409, "wrong-state"),
            ("", {"status": "running"}, 409, "wrong-state"),
            ("/move", {"starts_on": "2020-01-01"}, 422, "value-refused")):
        answer = (coordinator.post if path else coordinator.patch)(
            run + path, wish, if_match=moved.etag)
        assert (answer.status, answer.problem) == (status, problem), wish
    gone = good(coordinator.post(run + "/cancel", {"why": "for få"},
                                 if_match=moved.etag))
    assert gone.json["status"] == "cancelled"
    back = good(coordinator.post(run + "/restore", if_match=gone.etag))
    assert back.json["status"] == "planned"
    assert "PRV-01" in [one["run_no"] for one in coordinator.pages(
        "/runs", office=OFFICE, q="prv", **{"from": "2032-09-01"})]


def test_the_journal_tells_and_takes_back(coordinator, hall):
    made = good(coordinator.post("/bookings", {
        "room_id": hall["id"], "starts_local": "2032-10-04T09:00",
        "ends_local": "2032-10-04T12:00", "title": "Før"}), 201)
    path = "/bookings/%d" % made.json["id"]
    good(coordinator.patch(path, {"title": "Efter", "why": "nyt navn"},
                           if_match=made.etag))
    told = list(coordinator.pages("/journal", object="booking",
                                  object_id=made.json["id"]))
    assert told[0]["why"] == "nyt navn"
    undo = "/journal/%d/undo" % told[0]["id"]
    good(coordinator.post(undo, key="undo-1234"))
    assert good(coordinator.get(path)).json["title"] == "Før"
    # it is undone already: what it left is not there any more
    assert coordinator.post(undo).status == 409


def test_the_document_has_an_instant_beside_every_local_time(planner):
    schemas = planner.document.document["components"]["schemas"]
    alone = []
    for name, schema in schemas.items():
        members = schema["properties"]
        if schema.get("additionalProperties") is False:
            continue        # what is sent; what is answered holds more
        for member, its in members.items():
            bare = member.removesuffix("_local")
            if "T[0-9]" in its.get("pattern", "") and not (
                    {bare + "_at", "at" if bare == "at" else ""} & {*members}):
                alone.append((name, member))
    assert not alone
