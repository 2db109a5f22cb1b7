"""Four calendar readers agree with the database about every event."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess

import icalendar
import pytest


HERE = pathlib.Path(__file__).parent
ZONE = "Europe/Copenhagen"


@pytest.fixture(scope="module")
def truth(database):
    """truth(condition): {uid: (local start, local end, start in UTC)}"""
    def find(condition, *values):
        rows = database.rows(
            "SELECT s.uid, s.starts_local, s.ends_local,"
            " (s.starts_local AT TIME ZONE s.zone) AT TIME ZONE 'UTC' AS utc"
            " FROM kg.session s JOIN kg.run r ON r.id = s.run_id"
            " WHERE " + condition, *values)
        return {row.uid: (row.starts_local, row.ends_local, row.utc)
                for row in rows}
    return find


@pytest.fixture(scope="module")
def season_truth(truth, season):
    return truth("r.season_id = (SELECT id FROM kg.season WHERE slug = %s)",
                 season)


@pytest.fixture(scope="module")
def clocks_run(database):
    """The demo's seminar that begins before a change of clocks and ends after."""
    return database.row(
        "SELECT r.id, r.run_no FROM kg.run r JOIN kg.session s"
        " ON s.run_id = r.id, LATERAL (VALUES (s.starts_local),"
        " (s.ends_local)) t(local) WHERE r.season_id IS NULL"
        " GROUP BY r.id, r.run_no HAVING count(DISTINCT local"
        " - (local AT TIME ZONE s.zone) AT TIME ZONE 'UTC') = 2"
        " ORDER BY r.run_no LIMIT 1")


def by_icalendar(text):
    calendar = icalendar.Calendar.from_ical(text)
    found = {}
    for event in calendar.walk("VEVENT"):
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        found[str(event["UID"])] = (
            start.replace(tzinfo=None), end.replace(tzinfo=None),
            start.astimezone(datetime.timezone.utc).replace(tzinfo=None))
    return found


@pytest.fixture(scope="session")
def ical_js(folder):
    """The folder that ical.js is installed in, from the lock file."""
    place = folder / "npm"
    place.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, place)
    subprocess.run(["npm", "ci", "--no-progress"], cwd=place, check=True,
                   stdout=subprocess.DEVNULL)
    return place


def by_ical_js(text, place):
    run = subprocess.run(
        ["node", str(HERE / "read_ical.js"), str(place)], input=text,
        text=True, check=True, stdout=subprocess.PIPE,
        # Another zone than the events': nothing may lean on the machine's.
        env={**os.environ, "TZ": "America/New_York"})
    when = datetime.datetime.fromisoformat
    return {event["uid"]: (when(event["start"]), when(event["end"]),
                           when(event["utc"]))
            for event in json.loads(run.stdout)}


def by_vdirsyncer(daemon, path, place):
    """Syncs the feed into a folder, one file an event; gives the folder."""
    place.mkdir(parents=True)
    config = place / "config"
    config.write_text("""
[general]
status_path = "{place}/status/"
[pair feed]
a = "far"
b = "near"
collections = null
[storage far]
type = "http"
url = "https://localhost:{port}{path}"
verify = "{ca}"
[storage near]
type = "filesystem"
path = "{place}/events/"
fileext = ".ics"
""".format(place=place, port=daemon.port, path=path, ca=daemon.authority.file))
    (place / "events").mkdir()
    for words in (["discover", "feed"], ["sync"]):
        subprocess.run(["vdirsyncer", "-c", str(config), *words], check=True,
                       input="y\n", text=True, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT)
    return place / "events"


def by_khal(events, place):
    """What khal makes of the folder that vdirsyncer filled."""
    place.mkdir(parents=True)
    config = place / "config"
    config.write_text("""
[calendars]
[[feed]]
path = {events}
readonly = True
[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {place}/khal.db
""".format(events=events, zone=ZONE, place=place))
    run = subprocess.run(
        ["khal", "-c", str(config), "list", "--once", "--day-format", "",
         "--format", "{uid}|{start-long}|{end-long}", "2020-01-01",
         "5500d"], check=True, text=True, stdout=subprocess.PIPE)
    found = {}
    for line in run.stdout.splitlines():
        if "|" in line:
            uid, start, end = line.strip().split("|")
            when = datetime.datetime.fromisoformat
            found[uid] = (when(start), when(end))
    return found


def check_all(daemon, path, truth, ical_js, place):
    text = daemon.client.get(path).text
    assert by_icalendar(text) == truth
    assert by_ical_js(text, ical_js) == truth
    events = by_vdirsyncer(daemon, path, place / "vdirsyncer")
    # vdirsyncer gives each event of a feed a UID of its own.
    stored = [times for file in events.iterdir() for times in by_icalendar(
        file.read_text(encoding="utf-8")).values()]
    assert sorted(stored) == sorted(truth.values())
    assert sorted(by_khal(events, place / "khal").values()) == sorted(
        times[:2] for times in truth.values())


def test_the_coming_season_is_99_events_in_four_readers(
        daemon, season, season_truth, ical_js, tmp_path):
    assert len(season_truth) == 99
    check_all(daemon, "/f/saeson/%s.ics" % season, season_truth, ical_js,
              tmp_path)


def test_the_change_of_clocks_reads_alike_in_four_readers(
        daemon, truth, clocks_run, ical_js, tmp_path):
    check_all(daemon, "/f/hold/%s.ics" % clocks_run.run_no,
              truth("r.id = %s", clocks_run.id), ical_js, tmp_path)


def test_the_seasons_of_2022_read_with_their_real_periods(
        daemon, truth, database):
    text = daemon.client.get("/f/saeson/kattegat-2022.ics").text
    events = by_icalendar(text)
    assert len(events) == 99
    assert {times[0].date() for times in events.values()} == {
        datetime.date.fromisoformat("2022-" + day) for first, last in (
            ("01-20", "01-22"), ("02-03", "02-05"), ("02-24", "02-26"),
            ("03-03", "03-05"), ("03-10", "03-12"), ("03-24", "03-26"))
        for day in (first, first[:3] + "%02d" % (int(first[3:]) + 1), last)}
