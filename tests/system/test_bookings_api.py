"""Bookings, series, block-outs and holds over HTTPS; the document is held against every
answer. What each rule says is tested in tests/sql."""

import pytest

from kattegat.api import Api, new_api_token, new_person

OFFICE, OTHER = "AAR", "KBH"


@pytest.fixture(scope="module")
def rooms(database):
    """A hall and its two halves, in a house without other rooms."""
    venue = int(database.value(
        "SELECT (kg.venue_add(NULL, 'test', %s, 'Prøvehuset', NULL, NULL,"
        " 'Ry', NULL, NULL, false)).object_id", OFFICE))

    def add(name, halves=None):
        return int(database.value(
            "SELECT (kg.room_add(NULL, 'test', %s, %s, %s, true, true,"
            " '[{\"setup\": \"islands\", \"capacity\": 25,"
            " \"setup_min\": 60, \"clear_min\": 30}]')).object_id",
            venue, name, halves))
    halves = [add("Øst"), add("Vest")]
    return [*halves, add("Salen", halves)]


def client_of(daemon, database, role, office=None):
    return Api(daemon.client, new_api_token(
        database, new_person(database, role, office)))


@pytest.fixture(scope="module")
def api(daemon, database):
    with client_of(daemon, database, "coordinator", OFFICE) as api:
        yield api


@pytest.fixture(scope="module")
def stranger(daemon, database):
    with client_of(daemon, database, "coordinator", OTHER) as api:
        yield api


@pytest.fixture(scope="module")
def planner(daemon, database):
    with client_of(daemon, database, "planner") as api:
        yield api


def wish(day, start="09:00", end="12:00", **more):
    return {"starts_local": "%sT%s" % (day, start),
            "ends_local": "%sT%s" % (day, end), "title": "Møde", **more}


def test_a_room_too_small_is_refused_with_what_would_do(api, rooms):
    answer = api.post("/bookings", wish("2031-03-03", setup="islands",
                                        room_id=rooms[0], head_count=26))
    assert (answer.status, answer.problem) == (422, "value-refused")
    assert answer.json["capacity"] == 25


def test_a_booking_goes_through_all_its_states(api, rooms):
    made = api.post("/bookings", wish("2031-03-04", room_id=rooms[0],
                                      setup="islands", head_count=25,
                                      catering_count=25, catering_days=3,
                                      catering_diets={"vegetarian": 2}))
    assert made.status == 201
    assert made.json["occupied_from_local"] == "2031-03-04T08:00"
    assert made.json["catering"]["due"] == "2031-02-27"
    path = "/bookings/%d" % made.json["id"]
    moved = api.post(path + "/move", {"room_id": rooms[1],
                                      "starts_local": "2031-03-05T10:00"},
                     if_match=made.etag)
    assert moved.json["ends_local"] == "2031-03-05T13:00"
    changed = api.patch(path, {"setup": None, "head_count": None},
                        if_match=moved.etag)
    assert (changed.json["setup"], changed.json["setup_min"]) == (None, 0)
    gone = api.post(path + "/cancel", {}, if_match=changed.etag)
    assert gone.json["status"] == "cancelled"
    back = api.post(path + "/restore", {}, if_match=gone.etag)
    assert (back.status, back.json["status"]) == (200, "confirmed")
    stale = api.post(path + "/cancel", {}, if_match=made.etag)
    assert (stale.status, stale.problem) == (412, "other-version")
    assert stale.json["difference"]["room_id"] == {"before": rooms[0],
                                                   "after": rooms[1]}


def test_several_rooms_are_booked_all_or_none(api, rooms):
    both = api.post("/bookings", wish("2031-03-06", room_ids=rooms[:2]))
    assert [item["room"]["id"] for item in both.json["items"]] == rooms[:2]
    hall = api.post("/bookings", wish("2031-03-06", "11:00", "14:00",
                                      room_id=rooms[2]))
    assert hall.status == 409
    assert {hit["room"] for hit in hall.json["conflicts"]} == {"Øst", "Vest"}
    assert hall.json["alternatives"][0]["starts_local"] == "2031-03-06T12:00"


def test_others_see_that_a_room_is_taken_and_no_more(api, stranger, rooms):
    made = api.post("/bookings", wish("2031-03-07", room_id=rooms[0],
                                      title="Fortroligt", notes="hemmeligt"))
    seen = stranger.get("/bookings/%d" % made.json["id"])
    assert (seen.json["busy"], seen.json["title"]) == (True, "optaget")
    assert "Fortroligt" not in str(seen.json)
    week = stranger.get("/rooms/%d/week" % rooms[2], week="2031-W10")
    assert "optaget" in [item["title"] for item in week.json["items"]]
    assert "Fortroligt" not in str(week.json)
    refused = stranger.post("/bookings/%d/cancel" % made.json["id"], {},
                            if_match=1)
    assert refused.status == 403


def test_a_hold_is_confirmed(api, rooms):
    held = api.post("/bookings", wish("2031-03-10", room_id=rooms[0],
                                      expires_local="2031-03-01T12:00"))
    assert held.json["status"] == "held"
    sure = api.post("/bookings/%d/confirm" % held.json["id"], {},
                    if_match=held.etag)
    assert (sure.json["status"], sure.json["expires_at"]) == ("confirmed",
                                                             None)


def test_a_series_is_previewed_fixed_changed_and_cancelled(api, rooms):
    rule = {"room_id": rooms[1], "title": "Ledelse", "starts": "09:00",
            "ends": "12:00", "from": "2031-04-03", "until": "2031-05-29",
            "weekdays": ["thu"]}
    blocked = api.post("/bookings", wish("2031-04-17", room_id=rooms[2]))
    plan = api.post("/series/preview", rule)
    days = {item["date"]: item for item in plan.json["items"]}
    assert days["2031-04-10"]["holiday"] == "Skærtorsdag"
    assert days["2031-05-22"]["holiday"] == "Kristi himmelfartsdag"
    assert days["2031-04-17"]["conflicts"][0]["booking_id"] == (
        blocked.json["id"])
    assert days["2031-04-17"]["alternatives"]
    assert (plan.json["count"], plan.json["conflicts"]) == (7, 1)
    refused = api.post("/series", rule)
    assert refused.status == 409
    assert [item["date"] for item in refused.json["items"]] == ["2031-04-17"]
    rule["overrides"] = [{"date": "2031-04-17", "skip": True},
                         {"date": "2031-04-10", "keep": True}]
    made = api.post("/series", rule)
    assert (made.status, len(made.json["items"])) == (201, 7)
    path = "/series/%d" % made.json["id"]
    later = api.patch(path, {"from": "2031-05-01", "starts": "10:00"},
                      if_match=made.etag)
    assert [item["starts_local"][11:] for item in later.json["items"]] == (
        ["09:00"] * 3 + ["10:00"] * 4)
    gone = api.post(path + "/cancel", {"from": "2031-05-01"},
                    if_match=later.etag)
    assert [item["status"] for item in gone.json["items"]] == (
        ["confirmed"] * 3 + ["cancelled"] * 4)
    assert api.get(path).etag == gone.etag


def test_what_was_moved_by_itself_is_seen_left_and_told(api, rooms):
    """One who holds the version of before changes nothing unseen."""
    made = api.post("/series", {
        "room_id": rooms[1], "title": "Hver onsdag", "starts": "09:00",
        "ends": "12:00", "from": "2032-01-07", "until": "2032-01-28"})
    assert made.status == 201, made
    path = "/series/%d" % made.json["id"]
    one = made.json["items"][1]
    moved = api.post("/bookings/%d/move" % one["id"], {
        "starts_local": "2032-01-14T14:00", "ends_local": "2032-01-14T15:00"},
        if_match='"%d"' % one["version"])
    assert moved.status == 200, moved
    wish = {"from": "2032-01-01", "starts": "08:00"}
    stale = api.patch(path, wish, if_match=made.etag)
    assert (stale.status, stale.problem) == (412, "other-version")
    assert stale.json["difference"]["bookings.%d.starts_local" % one["id"]] == {
        "before": "2032-01-14T09:00", "after": "2032-01-14T14:00"}
    done = api.patch(path, wish, if_match=api.get(path).etag)
    assert [item["starts_local"][11:] + item["ends_local"][10:]
            for item in done.json["items"]] == [
        "08:00T12:00", "14:00T15:00", "08:00T12:00", "08:00T12:00"]
    assert [(left["booking_id"], left["own"]) for left in done.json["left"]
            ] == [(one["id"], ["place"])]
    assert done.json["rule"]["starts"] == "08:00"
    # taken dates are all told, as everywhere, and skipped as when it was made
    taken = [api.post("/bookings", wish_at).json["id"] for wish_at in (
        {"room_id": rooms[0], "title": "Optaget", "starts_local": day +
         "T09:00", "ends_local": day + "T10:00"}
        for day in ("2032-01-21", "2032-01-28"))]
    room = {"from": "2032-01-01", "room_id": rooms[0]}
    refused = api.patch(path, room, if_match=done.etag)
    assert (refused.status, refused.problem) == (409, "in-the-way")
    assert [hit["booking_id"] for hit in refused.json["conflicts"]] == taken
    assert [day["date"] for day in refused.json["items"]] == [
        "2032-01-21", "2032-01-28"]
    assert refused.json["alternatives"]
    fixed = api.patch(path, {**room, "overrides": [
        {"date": "2032-01-21", "skip": True},
        {"date": "2032-01-28", "starts_local": "2032-01-28T13:00"}]},
        if_match=done.etag)
    assert [(item["room"]["id"], item["starts_local"][11:])
            for item in fixed.json["items"]] == [
        (rooms[0], "08:00"), (rooms[1], "14:00"), (rooms[1], "08:00"),
        (rooms[0], "13:00")]
    gone = api.post(path + "/cancel", {"from": "2032-01-01"},
                    if_match=fixed.etag)
    assert {item["status"] for item in gone.json["items"]} == {"cancelled"}
    in_the_way = api.post("/bookings", {
        "room_id": rooms[1], "title": "Nu her",
        "starts_local": "2032-01-14T14:00",
        "ends_local": "2032-01-14T16:00"}).json["id"]
    back = api.post(path + "/restore", {"from": "2032-01-01"},
                    if_match=gone.etag)
    assert (back.status, [hit["booking_id"] for hit in back.json["conflicts"]]
            ) == (409, [in_the_way])
    back = api.post(path + "/restore", {"bookings": [
        item["id"] for item in gone.json["items"] if item["id"] != one["id"]]},
        if_match=gone.etag)
    assert [item["status"] for item in back.json["items"]] == [
        "confirmed", "cancelled", "confirmed", "confirmed"]


def test_a_closing_day_shows_conflicts_and_deletes_nothing(planner, database):
    taken = planner.get("/rooms/free", office=OFFICE, limit=1,
                        starts_local="2031-06-03T10:00",
                        ends_local="2031-06-03T11:00").json["items"][0]
    made = planner.post("/bookings", wish(
        "2031-06-03", "10:00", "11:00", room_id=taken["room"]["id"]))
    closing = {"office": OFFICE, "from": "2031-06-03", "title": "Lukket"}
    refused = planner.post("/closing-days", closing)
    assert refused.status == 409
    assert [hit["booking_id"] for hit in refused.json["conflicts"]] == (
        [made.json["id"]])
    closed = planner.post("/closing-days", {**closing, "around": True})
    assert closed.status == 201
    assert len(closed.json["conflicts"]) == 1
    assert all(item["kind"] == "block_out" for item in closed.json["items"])
    assert planner.get("/bookings/%d" % made.json["id"]).etag == made.etag
    assert planner.get("/rooms/free", office=OFFICE,
                       starts_local="2031-06-03T12:00", equipment=[],
                       ends_local="2031-06-03T13:00", step_free=True,
                       ).status == 200


def test_a_block_out_is_opened_in_one_go(api, rooms):
    made = api.post("/block-outs", wish("2031-06-05", room_ids=rooms))
    assert [item["room"]["id"] for item in made.json["items"]] == rooms[:2]
    opened = api.post("/series/%d/cancel" % made.json["series_id"], {},
                      if_match=made.etag)
    assert {item["status"] for item in opened.json["items"]} == {"cancelled"}


def test_a_coordinator_blocks_no_other_office(api):
    answer = api.post("/block-outs", wish("2031-06-06", office=OTHER))
    assert (answer.status, answer.problem) == (403, "not-allowed")
