"""A booking made through the API is in the calendars by the next request: in the
room's, in those of the rooms that share its walls, in the office's; on every worker."""

import pytest

from kattegat import paths
from kattegat.api import Api, new_api_token, new_person
from kattegat.calendar import Calendar

OFFICE = "AAR"
WORKERS = 2
ROUNDS = 200 if paths.LONG else 8


@pytest.fixture(scope="module")
def connections(daemon):
    connections = daemon.client.each_worker(WORKERS)
    yield connections
    for connection in connections.values():
        connection.close()


class OnWorker(Api):
    """The API by a connection to one worker."""

    def __init__(self, api, connection):
        super().__init__(api.client, api.token)
        self._document = api.document
        self._link = connection


@pytest.fixture(scope="module")
def apis(daemon, database, connections):
    """A coordinator's client on each worker."""
    api = Api(daemon.client, new_api_token(
        database, new_person(database, "coordinator", OFFICE)))
    assert api.document
    api.close()
    return [OnWorker(api, connection) for connection in connections.values()]


@pytest.fixture(scope="module")
def house(database):
    return int(database.value(
        "SELECT v.id FROM kg.venue v JOIN kg.office o ON o.id = v.office_id"
        " WHERE v.own AND o.code = %s", OFFICE))


@pytest.fixture
def rooms(database, house, request):
    """Two halves, and the hall that they are."""
    def add(name, halves=None):
        return int(database.value(
            "SELECT (kg.room_add(NULL, 'test', %s, %s, %s, true, true,"
            " '[]')).object_id", house, "%s af %s" % (
                name, request.node.name[5:80]), halves))
    halves = [add("Øst"), add("Vest")]
    return [*halves, add("Salen", halves)]


class Feeds:
    """Fetched from each worker, which must all say the same."""

    def __init__(self, connections):
        self.connections = connections

    def events(self, path):
        texts = set()
        for worker, connection in self.connections.items():
            answer = connection.get(path)
            assert answer.status == 200
            assert answer.worker == worker
            texts.add(answer.text)
        assert len(texts) == 1, "the workers differ"
        return Calendar(texts.pop()).by_uid()

    def room(self, room):
        """[(starts, ends)] of what takes it."""
        return sorted((event["DTSTART"], event["DTEND"])
                      for event in self.events(
                          "/f/lokale/%d.ics" % room).values())


@pytest.fixture
def feeds(connections):
    return Feeds(connections)


def good(answer, status=200):
    assert answer.status == status, answer
    return answer


def span(day, start, end):
    """As the calendar shows it."""
    day = day.replace("-", "")
    return ("%sT%s00" % (day, start.replace(":", "")),
            "%sT%s00" % (day, end.replace(":", "")))


def test_each_write_is_in_the_rooms_feeds_by_the_next_request(apis, rooms,
                                                              feeds):
    east, west, hall = rooms
    for room in rooms:
        assert feeds.room(room) == []
    for number in range(ROUNDS):
        api = apis[number % len(apis)]
        day = "2031-%02d-%02d" % (1 + number // 28 % 12, 1 + number % 28)
        made = good(api.post("/bookings", {
            "room_id": east, "title": "Møde", "starts_local": day + "T09:00",
            "ends_local": day + "T12:00", "setup_min": 30}), 201)
        path = "/bookings/%d" % made.json["id"]
        before = [span(day, "08:30", "12:00")]
        assert feeds.room(east) == feeds.room(hall) == before
        assert feeds.room(west) == []
        moved = good(api.post(path + "/move", {
            "room_id": west, "starts_local": day + "T10:00"},
            if_match=made.etag))
        after = [span(day, "09:30", "13:00")]
        assert feeds.room(west) == feeds.room(hall) == after
        assert feeds.room(east) == []
        changed = good(api.patch(path, {"clear_min": 15},
                                 if_match=moved.etag))
        after = [span(day, "09:30", "13:15")]
        assert feeds.room(west) == after
        gone = good(api.post(path + "/cancel", {}, if_match=changed.etag))
        assert feeds.room(west) == feeds.room(hall) == []
        back = good(api.post(path + "/restore", {}, if_match=gone.etag))
        event = feeds.events("/f/lokale/%d.ics" % west)[made.json["uid"]]
        assert (event["DTSTART"], event["DTEND"]) == after[0]
        assert event.sequence > 0
        good(api.post(path + "/cancel", {}, if_match=back.etag))
        assert feeds.room(hall) == []


def test_a_series_and_a_block_out_are_there_by_the_next_request(apis, rooms,
                                                                feeds):
    east, west, hall = rooms
    series = good(apis[0].post("/series", {
        "room_id": west, "title": "Torsdage", "starts": "09:00",
        "ends": "10:00", "from": "2031-01-02", "until": "2031-01-16"}), 201)
    assert feeds.room(hall) == [span("2031-01-%02d" % day, "09:00", "10:00")
                                for day in (2, 9, 16)]
    blocked = good(apis[1].post("/block-outs", {
        "room_id": hall, "title": "Maling", "around": True,
        "starts_local": "2031-01-09T08:00", "ends_local": "2031-01-09T12:00"}),
        201)
    assert feeds.room(east) == [span("2031-01-09", "08:00", "09:00"),
                                span("2031-01-09", "10:00", "12:00")]
    good(apis[0].post("/series/%d/cancel" % blocked.json["series_id"], {},
                      if_match=blocked.etag))
    assert feeds.room(east) == []
    good(apis[1].post("/series/%d/cancel" % series.json["id"],
                      {"from": "2031-01-09"}, if_match=series.etag))
    assert feeds.room(west) == [span("2031-01-02", "09:00", "10:00")]


def test_a_sessions_room_is_in_the_offices_feed_by_the_next_request(
        apis, rooms, feeds, database, house):
    session = database.row(
        "SELECT s.id, s.uid, s.no, r.run_no FROM kg.session s"
        " JOIN kg.run r ON r.id = s.run_id WHERE s.venue_id = %s"
        " AND s.status = 'confirmed' AND r.status = 'open'"
        " AND s.starts_local > kg.now()::timestamp"
        " ORDER BY s.starts_local LIMIT 1", house)
    database.run("UPDATE kg.booking SET status = 'cancelled'"
                 " WHERE session_id = %s", session.id)
    feed = "/f/kontor/%s.ics" % OFFICE
    names = [database.value("SELECT name FROM kg.room WHERE id = %s", room)
             for room in rooms[:2]]

    def shown():
        """Which of the rooms its event names, and how often it has changed."""
        event = feeds.events(feed)[session.uid]
        return ([name for name in names if name in event.text("LOCATION")],
                event.sequence)

    rest, sequence = shown()
    assert rest == []
    made = good(apis[0].post("/bookings", {
        "room_id": rooms[0], "run_no": session.run_no,
        "session_no": session.no}), 201)
    path = "/bookings/%d" % made.json["id"]
    for write in (
            lambda: (made, names[:1]),
            lambda: (good(apis[1].post(path + "/move", {"room_id": rooms[1]},
                                       if_match=1)), names[1:]),
            lambda: (good(apis[0].post(path + "/cancel", {},
                                       if_match=2)), []),
            lambda: (good(apis[1].post(path + "/restore", {}, if_match=3)),
                     names[1:])):
        _, there = write()
        now, later = shown()
        assert now == there
        # another place: clients are told
        assert later > sequence
        sequence = later


def test_the_offices_feed_has_its_other_bookings_busy_and_no_more(
        apis, feeds, rooms):
    """By the next request on every worker; nothing of what it is about."""
    feed = "/f/kontor/%s.ics" % OFFICE
    made = good(apis[0].post("/bookings", {
        "room_id": rooms[2], "title": "Lønforhandling", "notes": "fortroligt",
        "starts_local": "2031-10-01T09:00",
        "ends_local": "2031-10-01T10:00"}), 201)
    path, uid = "/bookings/%d" % made.json["id"], made.json["uid"]
    event = feeds.events(feed)[uid]
    assert event.text("SUMMARY") == "Optaget"
    assert "Salen af" in event.text("LOCATION")
    assert "Lønforhandling" not in str(event)
    assert "fortroligt" not in str(event)
    moved = good(apis[1].post(path + "/move", {
        "room_id": rooms[0], "starts_local": "2031-10-01T11:00"}, if_match=1))
    now = feeds.events(feed)[uid]
    assert "Øst af" in now.text("LOCATION")
    assert now.sequence > event.sequence
    good(apis[0].post(path + "/cancel", {}, if_match=moved.etag))
    assert uid not in feeds.events(feed)
