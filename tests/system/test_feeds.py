"""The contract with calendar clients, as far as HTTP carries it."""

import email.utils
import gzip
import re

import pytest

from kattegat.calendar import Calendar, unfold
from kattegat.wait import wait_for


@pytest.fixture(scope="module")
def paths_of_all(database, season):
    run_no = database.value("SELECT run_no FROM kg.run ORDER BY id LIMIT 1")
    room = database.value("SELECT id FROM kg.room ORDER BY id LIMIT 1")
    seminar = database.value("SELECT slug FROM kg.seminar ORDER BY id LIMIT 1")
    return ["/f/alle.ics", "/f/saeson/%s.ics" % season,
            "/f/seminar/%s.ics" % seminar, "/f/kontor/KBH.ics",
            "/f/hold/%s.ics" % run_no, "/f/lokale/%d.ics" % room]


def test_every_public_feed_is_a_calendar(client, paths_of_all):
    for path in paths_of_all:
        answer = client.get(path)
        assert answer.status == 200, path
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Cache-Control"].startswith("public, max-age=60")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert int(answer.headers["Content-Length"]) == len(answer.body)
        assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
        assert answer.text.endswith("END:VCALENDAR\r\n")
        assert answer.text.count("BEGIN:VTIMEZONE") == 1
        assert "Set-Cookie" not in answer.headers


def test_lines_are_folded_between_letters(client, paths_of_all):
    for path in paths_of_all:
        for line in client.get(path).body.split(b"\r\n"):
            assert len(line) <= 75
            assert b"\n" not in line and b"\r" not in line
            line.decode("utf-8")


def test_times_are_local_and_never_utc_with_a_zone(client, path):
    text = unfold(client.get(path).text)
    for name in ("DTSTART", "DTEND"):
        values = re.findall(r"^%s[;:].*$" % name, text, re.M)
        in_events = [value for value in values if "TZID" in value]
        assert len(in_events) == 99
        for value in in_events:
            assert re.fullmatch(
                r"%s;TZID=Europe/Copenhagen:\d{8}T\d{6}\r?" % name, value)


# A head has one zone, and Outlook refuses a calendar with another in its events.
def test_hours_of_another_zone_are_told_as_copenhagen_has_them(
        client, database):
    session = database.rows(
        "SELECT s.id, r.run_no, to_char(s.starts_local + interval '1 hour',"
        " 'YYYYMMDD\"T\"HH24MISS') AS at"
        " FROM kg.session s JOIN kg.run r ON r.id = s.run_id"
        " WHERE s.zone = 'Europe/Copenhagen' AND NOT EXISTS"
        " (SELECT FROM kg.booking b WHERE b.session_id = s.id)"
        " ORDER BY s.id LIMIT 1")[0]
    change = "UPDATE kg.session SET zone = '%%s' WHERE id = %d" % session.id
    database.run(change % "Atlantic/Faroe")
    try:
        wait_for(lambda: "DTSTART;TZID=Europe/Copenhagen:" + session.at
                 in client.get("/f/hold/%s.ics" % session.run_no).text)
    finally:
        database.run(change % "Europe/Copenhagen")


def test_demo_data_says_that_it_is_demo_data(client, path):
    for event in Calendar(client.get(path).text).events:
        assert "demodata" in event.text("SUMMARY") + event.text("DESCRIPTION")


def test_two_fetches_are_byte_equal_on_both_workers(daemon, path):
    bodies = {(answer.body, answer.headers["ETag"])
              for connection in daemon.client.each_worker(2).values()
              for answer in (connection.get(path), connection.get(path))}
    assert len(bodies) == 1


def test_head_is_get_without_the_body(client, path):
    got = client.get(path)
    head = client.request(path, method="HEAD")
    assert head.status == 200
    assert head.body == b""
    for name in ("Content-Length", "ETag", "Content-Type"):
        assert head.headers[name] == got.headers[name]


def test_gzip_comes_only_when_asked_for_and_has_an_etag_of_its_own(
        client, path):
    plain = client.get(path)
    packed = client.get(path, Accept_Encoding="gzip")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for answer in (plain, packed):
        assert answer.headers["Vary"] == "Accept-Encoding"
    assert client.get(path, Accept_Encoding="gzip;q=0").body == plain.body


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"x", {0}', "*"])
def test_a_known_etag_is_answered_304(client, path, form):
    etag = client.get(path).headers["ETag"]
    answer = client.get(path, If_None_Match=form.format(etag))
    assert answer.status == 304
    assert answer.body == b""
    assert answer.headers["ETag"] == etag
    for name in ("Date", "Cache-Control", "Vary"):
        assert answer.headers[name]
    assert answer.headers["Content-Type"] is None


@pytest.mark.parametrize("etag", ['"stale"', "garbage", '""', ""])
def test_another_etag_is_answered_200(client, path, etag):
    assert client.get(path, If_None_Match=etag).status == 200


@pytest.fixture
def modified(client, path):
    """The feed's Last-Modified: not there while it lies in the future."""
    return wait_for(lambda: client.get(path).headers["Last-Modified"], 5)


def test_if_modified_since_is_304_only_when_equal(client, path, modified):
    seconds = email.utils.parsedate_to_datetime(modified).timestamp()
    assert client.get(path, If_Modified_Since=modified).status == 304
    for wrong in (email.utils.formatdate(seconds - 1, usegmt=True),
                  email.utils.formatdate(seconds + 86400, usegmt=True),
                  "yesterday", ""):
        assert client.get(path, If_Modified_Since=wrong).status == 200


def test_if_none_match_wins(client, path, modified):
    answer = client.get(path, If_None_Match='"stale"',
                        If_Modified_Since=modified)
    assert answer.status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND"])
def test_other_methods_are_405_and_say_which_are_allowed(
        client, path, method):
    answer = client.request(path, method=method)
    assert answer.status == 405
    assert {word.strip() for word in answer.headers["Allow"].split(",")} >= {
        "GET", "HEAD"}


def test_what_is_not_there_is_404(client):
    for path in ("/f/saeson/nowhere.ics", "/f/kontor/QQQ.ics", "/f/",
                 "/f/hold/KAT99-99.ics", "/f/lokale/999999.ics",
                 "/f/lokale/abc.ics"):
        assert client.get(path).status == 404, path


def test_a_room_shows_only_that_it_is_busy(client, database):
    room = database.value(
        "SELECT room_id FROM kg.booking WHERE session_id IS NOT NULL"
        " AND status = 'confirmed' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    events = Calendar(client.get("/f/lokale/%d.ics" % room).text).events
    titles = [row[0] for row in database.rows("SELECT title FROM kg.seminar")]
    assert events
    for event in events:
        for title in titles:
            assert title not in event.raw


def test_a_session_has_the_same_uid_in_every_feed(client, database, season):
    run = database.row(
        "SELECT r.run_no, o.code, m.slug FROM kg.run r"
        " JOIN kg.office o ON o.id = r.office_id"
        " JOIN kg.seminar m ON m.id = r.seminar_id"
        " WHERE r.season_id = (SELECT id FROM kg.season WHERE slug = %s)"
        " ORDER BY r.run_no LIMIT 1", season)
    uids = Calendar(client.get("/f/hold/%s.ics" % run.run_no).text).by_uid()
    assert len(uids) == 3
    for path in ("/f/alle.ics", "/f/saeson/%s.ics" % season,
                 "/f/kontor/%s.ics" % run.code, "/f/seminar/%s.ics" % run.slug):
        others = Calendar(client.get(path).text).by_uid()
        for uid, event in uids.items():
            assert others[uid].raw == event.raw, path


def test_a_restart_changes_no_byte(new_daemon, daemon, path):
    before = daemon.client.get(path)
    other = new_daemon(base_url=daemon.options["base_url"]).start()
    after = other.client.get(path)
    assert after.body == before.body
    assert after.headers["ETag"] == before.headers["ETag"]
