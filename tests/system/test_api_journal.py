"""The journal over HTTPS: read, a change taken back, and what stands in the way."""

import pytest

from kattegat.api import Api, new_api_token, new_person

OFFICE = "VEJ"


@pytest.fixture(scope="module")
def person(database):
    return new_person(database, "coordinator", OFFICE)


@pytest.fixture(scope="module")
def api(daemon, database, person):
    with Api(daemon.client, new_api_token(database, person)) as api:
        yield api


@pytest.fixture(scope="module")
def planner(daemon, database):
    with Api(daemon.client, new_api_token(
            database, new_person(database, "planner"))) as api:
        yield api


@pytest.fixture(scope="module")
def room(database):
    return int(database.value(
        "SELECT (kg.room_add(NULL, 'test', v.id, 'Fortrydelsen', NULL, true,"
        " true, '[]')).object_id FROM kg.venue v JOIN kg.office o"
        " ON o.id = v.office_id WHERE v.own AND o.code = %s", OFFICE))


def booked(api, room, day):
    answer = api.post("/bookings", {
        "room_id": room, "title": "Møde", "why": "til et møde",
        "starts_local": day + "T09:00", "ends_local": day + "T10:00"})
    assert answer.status == 201, answer
    return answer.json["id"]


def entries(api, booking):
    return list(api.pages("/journal", object="booking", object_id=str(booking),
                          limit=1))


def test_the_journal_tells_who_did_what_and_why(api, room, person):
    booking = booked(api, room, "2033-03-01")
    (entry,) = entries(api, booking)
    assert (entry["action"], entry["why"], entry["office"]) == (
        "insert", "til et møde", OFFICE)
    assert entry["person_id"] == int(person)
    assert entry["after"]["title"] == "Møde"


def test_a_booking_is_undone_and_the_room_is_free(api, room):
    booking = booked(api, room, "2033-03-02")
    (entry,) = entries(api, booking)
    answer = api.post("/journal/%d/undo" % entry["id"], {"why": "fortrudt"})
    assert answer.status == 200, answer
    assert answer.version
    assert answer.json["undone"] == [entry["id"]]
    assert answer.json["items"][0]["why"] == "fortrudt"
    assert api.get("/bookings/%d" % booking).json["status"] == "cancelled"
    booked(api, room, "2033-03-02")


def test_what_somebody_built_upon_a_move_is_told(api, planner, room):
    booking = booked(api, room, "2033-03-03")
    path = "/bookings/%d" % booking
    for client, hour in ((api, "11:00"), (planner, "13:00")):
        answer = client.post(path + "/move", {
            "starts_local": "2033-03-03T" + hour}, if_match=client.get(path).etag)
        assert answer.status == 200, answer
    later, mine, _ = entries(api, booking)
    refused = api.post("/journal/%d/undo" % mine["id"])
    assert (refused.status, refused.problem) == (409, "wrong-state")
    assert [(one["journal_id"], one["person_id"], one["columns"])
            for one in refused.json["later"]] == [
        (later["id"], later["person_id"], ["ends_local", "starts_local"])]
    assert api.get(path).json["starts_local"] == "2033-03-03T13:00"


def test_a_room_that_was_left_before_a_move_in_time_stays_left(api, planner,
                                                               room):
    """Nobody ever chose the old room at the new time."""
    venue = api.get("/rooms/%d" % room).json["venue"]["id"]
    other = planner.post("/rooms", {"venue_id": venue, "name": "Ved siden af"})
    booking = booked(api, room, "2033-03-06")
    path = "/bookings/%d" % booking
    for client, wish in ((api, {"room_id": other.json["id"]}),
                         (planner, {"starts_local": "2033-03-06T11:00"})):
        assert client.post(path + "/move", wish,
                           if_match=client.get(path).etag).status == 200
    later, mine, _ = entries(api, booking)
    refused = api.post("/journal/%d/undo" % mine["id"])
    assert (refused.status, refused.problem) == (409, "wrong-state")
    assert [(one["journal_id"], one["person"], one["at"], one["columns"])
            for one in refused.json["later"]] == [
        (later["id"], planner.get("/me").json["name"], later["at"],
         ["ends_local", "starts_local"])]
    now = api.get(path).json
    assert (now["room"]["id"], now["starts_local"]) == (
        other.json["id"], "2033-03-06T11:00")


def test_a_room_that_is_taken_now_is_told(api, room):
    booking = booked(api, room, "2033-03-04")
    path = "/bookings/%d" % booking
    assert api.post(path + "/move", {"starts_local": "2033-03-04T11:00"},
                    if_match=api.get(path).etag).status == 200
    taken = booked(api, room, "2033-03-04")
    refused = api.post("/journal/%d/undo" % entries(api, booking)[0]["id"])
    assert (refused.status, refused.problem) == (409, "in-the-way")
    assert refused.json["conflicts"][0]["booking_id"] == taken
    assert refused.json["alternatives"]


def test_the_same_undo_again_has_the_same_answer(api, room):
    (entry,) = entries(api, booked(api, room, "2033-03-05"))
    path = "/journal/%d/undo" % entry["id"]
    first = api.post(path, {"why": "fortrudt"}, key="undo-%d" % entry["id"])
    again = api.post(path, {"why": "fortrudt"}, key="undo-%d" % entry["id"])
    assert (first.status, first.json) == (again.status, again.json)
    assert api.post(path).status == 409


def test_the_journal_is_found_by_object_and_local_time(api, room):
    entry, = entries(api, booked(api, room, "2033-03-08"))
    query = {"object": "booking", "object_id": entry["object_id"]}
    for moments, found in (({"from": entry["at_local"]}, [entry]),
                           ({"to": entry["at_local"]}, [entry]),
                           ({"to": entry["at_local"][:10]}, [entry]),
                           ({"from": "2050-01-01T00:00"}, [])):
        assert api.get("/journal", **query, **moments).json["items"] == found
    refused = api.get("/journal", object="nosuch")
    assert (refused.status, refused.problem) == (422, "value-refused")
    assert "booking, " in refused.json["hint"]
    assert api.get("/journal", **{"from": "2033-03-08T9"}).status == 422
