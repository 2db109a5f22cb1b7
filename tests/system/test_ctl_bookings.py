"""kattegatctl books: rooms, series, block-outs; and says what is in the way."""

import json
import re
import subprocess

import pytest

from kattegat import paths
from kattegat.cluster import OPERATOR
from kattegat.daemon import Ctl, CtlFailed


@pytest.fixture(scope="module")
def ctl(database, folder):
    return Ctl(folder / "nothing.conf",
               database.cluster.dsn(database.name, OPERATOR),
               str(folder / "nobody"))


@pytest.fixture(scope="module")
def hall(database):
    """A hall that divides in two: (hall, half, half), with set-ups for each."""
    return tuple(database.rows(
        "SELECT h.id AS hall, a.id AS east, b.id AS west FROM kg.room h"
        " JOIN kg.room a ON a.parts <@ h.parts AND a.id <> h.id"
        " JOIN kg.room b ON b.parts <@ h.parts AND b.id > a.id AND b.id <> h.id"
        " JOIN kg.venue v ON v.id = h.venue_id JOIN kg.office o"
        " ON o.id = v.office_id WHERE o.code = 'AAR'")[0])


def book(ctl, rooms, day, *words, hours=("09:00", "12:00")):
    return ctl("booking", "create", rooms, "--title", "Møde", "--starts",
               "%sT%s" % (day, hours[0]), "--ends", "%sT%s" % (day, hours[1]),
               *words)


def refused(ctl, *words):
    """The error of --json, and what stands on stderr."""
    with pytest.raises(CtlFailed) as failed:
        ctl(*words)
    return json.loads(failed.value.stdout)["error"], failed.value.stderr


def test_free_rooms_come_ranked_and_filtered(ctl, hall):
    book(ctl, hall[1], "2030-01-07")
    time = ("--starts", "2030-01-07T10:00", "--ends", "2030-01-07T11:00")
    rows = ctl("room", "free", *time)["items"]
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["office"] for row in rows} == {"AAL", "AAR", "KBH", "NAE",
                                               "ODE", "VEJ"}
    free = {row["room"]["id"] for row in rows}
    assert hall[2] in free
    assert hall[0] not in free and hall[1] not in free
    rows = ctl("room", "free", *time, "--office", "AAR", "--heads", 20,
               "--setup", "islands")["items"]
    assert {row["office"] for row in rows} == {"AAR"}
    assert all(row["capacity"] >= 20 and row["setup"] == "islands"
               for row in rows)
    assert len(ctl("room", "free", *time, "--limit", 2)["items"]) == 2
    assert all("projector" in row["equipment"] for row in ctl(
        "room", "free", *time, "--equipment", "projector")["items"])
    assert "one of: projector" in ctl.run(
        "room", "free", *time, "--equipment", "organ").stderr
    table = ctl.run("room", "free", *time).stdout.splitlines()
    assert table[0].split()[:4] == ["rank", "room", "name", "venue"]


def test_several_rooms_are_booked_all_or_none(ctl, database, hall):
    made = book(ctl, "%d,%d" % hall[1:], "2030-01-08")
    assert len(made["answer"]["items"]) == 2
    assert made["changed"] and made["object"] == "booking"
    error, said = refused(ctl, "booking", "create", "%d,%d" % (hall[1], 10),
                          "--title", "x", "--starts", "2030-01-08T11:00",
                          "--ends", "2030-01-08T12:30")
    assert error["code"] == "KG007"
    assert database.value("SELECT count(*) FROM kg.booking"
                          " WHERE title = 'x'") == 0


def test_a_taken_room_is_told_with_what_would_do_instead(ctl, hall):
    made = book(ctl, hall[1], "2030-01-09", "--setup", "islands", "--heads", 18)
    error, said = refused(
        ctl, "booking", "create", hall[0], "--title", "x", "--starts",
        "2030-01-09T08:30", "--ends", "2030-01-09T09:30")
    hit = error["detail"]["conflicts"][0]
    assert hit["booking_id"] == made["object_id"]
    assert hit["title"] == "Møde"
    assert 1 <= len(error["detail"]["alternatives"]) <= 3
    assert re.search(r"In the way:\n *booking +title +room +from +to", said)
    assert re.search(r"Free instead:\nother +room +name", said)
    assert str(made["object_id"]) in said


def test_a_room_that_is_too_small_is_told_with_its_setups(ctl, hall):
    error, said = refused(
        ctl, "booking", "create", hall[1], "--title", "x", "--starts",
        "2030-01-10T09:00", "--ends", "2030-01-10T10:00", "--setup", "islands",
        "--heads", 30)
    assert error["code"] == "KG005"
    assert [row["setup"] for row in error["detail"]["setups"]] == ["theatre"]
    assert re.search(r"Set-ups that hold so many:\nsetup +seats", said)
    assert "theatre" in said


@pytest.mark.parametrize("hour", ["2030-03-31T02:30", "2030-10-27T02:30"])
def test_an_hour_of_a_change_of_clocks_is_refused(ctl, hall, hour):
    error, said = refused(ctl, "booking", "create", hall[1], "--title", "x",
                          "--starts", hour, "--ends", hour[:10] + "T05:00")
    assert error["code"] == "KG002"
    assert hour[:10] in said


def test_a_booking_is_changed_moved_cancelled_and_brought_back(ctl, hall):
    number = book(ctl, hall[1], "2030-01-14", "--notes", "nøglen ligger i 4",
                  "--catering", 12, "--catering-days", 3, "--diets",
                  "vegetarian:3,vegan:1")["object_id"]
    shown = ctl("booking", "show", number)
    assert shown["notes"] == "nøglen ligger i 4"
    assert shown["catering"]["diets"] == {"vegetarian": 3, "vegan": 1}
    assert "nøglen ligger i 4" in ctl.run("booking", "show", number).stdout
    moved = ctl("booking", "move", number, "--room", hall[2], "--starts",
                "2030-01-15T10:00", "--ends", "2030-01-15T11:00", "--expect", 1)
    assert moved["answer"]["room"]["id"] == hall[2]
    assert moved["answer"]["starts_local"] == "2030-01-15T10:00"
    assert moved["version"] == 2
    changed = ctl("booking", "change", number, "--title", "Bestyrelse",
                  "--kind", "let_out", "--heads", 7)
    assert (changed["answer"]["title"], changed["answer"]["kind"],
            changed["answer"]["head_count"]) == ("Bestyrelse", "let_out", 7)
    assert ctl("booking", "cancel", number)["answer"]["status"] == "cancelled"
    assert ctl("booking", "cancel", number)["changed"] is False
    assert ctl("booking", "restore", number)["answer"]["status"] == "confirmed"


def test_a_cancelled_booking_whose_room_is_taken_stays_cancelled(ctl, hall):
    number = book(ctl, hall[1], "2030-01-16")["object_id"]
    ctl("booking", "cancel", number)
    book(ctl, hall[0], "2030-01-16")
    error, said = refused(ctl, "booking", "restore", number)
    assert error["code"] == "KG007"
    assert "In the way:" in said


def test_a_hold_takes_the_room_and_becomes_a_booking(ctl, hall):
    made = book(ctl, hall[1], "2030-01-17", "--hold-until", "2030-01-10T12:00")
    assert made["answer"]["items"][0]["status"] == "held"
    listed = [row for row in ctl("booking", "list", "--status", "held")
              if row["id"] == made["object_id"]]
    assert listed[0]["held_until"] == "2030-01-10 12:00"
    assert ctl("booking", "confirm",
               made["object_id"])["answer"]["status"] == "confirmed"


def test_a_session_gives_its_booking_title_and_times(ctl, database):
    run = database.row(
        "SELECT r.run_no, s.no, k.room_id, k.id FROM kg.booking k"
        " JOIN kg.session s ON s.id = k.session_id JOIN kg.run r"
        " ON r.id = s.run_id ORDER BY k.id LIMIT 1")
    before = ctl("booking", "show", run.id)
    ctl("booking", "cancel", run.id)
    made = ctl("booking", "create", run.room_id, "--session",
               "%s/%d" % (run.run_no, run.no))["answer"]["items"][0]
    for name in ("title", "starts_local", "ends_local", "kind", "session"):
        assert made[name] == before[name]


def test_the_list_of_bookings_is_narrowed(ctl, hall):
    first = book(ctl, hall[1], "2030-01-21")["object_id"]
    second = book(ctl, hall[2], "2030-01-22", "--kind", "let_out")["object_id"]
    whole = book(ctl, hall[0], "2030-01-23")["object_id"]
    ctl("booking", "cancel", second)

    def ids(*words):
        return [row["id"] for row in ctl(
            "booking", "list", "--from", "2030-01-21", "--to", "2030-01-25",
            *words)]

    assert ids() == [first, whole]
    assert ids("--all") == [first, second, whole]
    assert ids("--status", "cancelled") == [second]
    assert ids("--all", "--kind", "let_out") == [second]
    assert ids("--room", hall[1]) == [first, whole]
    assert ids("--office", "KBH") == []


def test_bookings_from_before_with_too_many_heads_are_found(ctl, database,
                                                            hall):
    book(ctl, hall[1], "2030-01-24", "--heads", "10")
    old = book(ctl, hall[1], "2030-01-25")["object_id"]
    # as before rule 8 was held to
    database.run("SET session_replication_role = replica;"
                 " UPDATE kg.booking SET head_count = 9000, room_setup = NULL,"
                 " setup_capacity = NULL WHERE id = %s", old)
    try:
        found = ctl("booking", "list", "--from", "2030-01-21",
                    "--over-capacity")
        assert [row["id"] for row in found] == [old]
        assert found[0]["head_count"] == 9000 > found[0]["capacity"]
        error, _ = refused(ctl, "booking", "move", old, "--starts",
                           "2030-01-26T09:00")
        assert "is for 9000" in error["message"]
        assert "number of persons" in error["hint"]
    finally:
        ctl("booking", "cancel", old)


def test_a_block_out_of_no_room_names_the_option(ctl):
    run = ctl.run("block", "--from", "2030-01-28T07:00", "--to",
                  "2030-01-28T20:00", "--title", "Maling")
    assert run.returncode == 2
    assert "--office" in run.stderr and "room_id" not in run.stderr


def test_a_block_out_is_refused_or_goes_around(ctl, hall):
    number = book(ctl, hall[1], "2030-01-28")["object_id"]
    words = ("block", "%d,%d" % hall[1:], "--from", "2030-01-28T07:00", "--to",
             "2030-01-28T20:00", "--title", "Maling")
    error, said = refused(ctl, *words)
    assert [hit["booking_id"] for hit in error["detail"]["conflicts"]] == \
        [number]
    assert "In the way:" in said
    made = ctl(*words, "--around")
    assert made["object"] == "series"
    stretches = sorted((row["room"]["id"], row["starts_local"][11:],
                        row["ends_local"][11:])
                       for row in made["answer"]["items"])
    assert stretches == sorted([(hall[1], "07:00", "08:00"),
                                (hall[1], "12:30", "20:00"),
                                (hall[2], "07:00", "20:00")])
    assert ctl("series", "cancel", made["object_id"])["changed"]
    run = ctl.run(*words, "--around")
    assert "Block-out" in run.stdout
    assert re.search(r"In the way:\n.*\n *%d +Møde" % number, run.stdout)


def test_a_closing_day_takes_all_rooms_of_the_office(ctl, database):
    made = ctl("closing-day", "--office", "KBH", "--from", "2030-02-01", "--to",
               "2030-02-02", "--title", "Ferie")
    free = ctl("room", "free", "--office", "KBH", "--starts",
               "2030-02-02T09:00", "--ends", "2030-02-02T10:00")["items"]
    own = {row["venue"]["id"] for row in made["answer"]["items"]}
    assert own
    assert not own & {row["venue"]["id"] for row in free}
    assert all(row["starts_local"] == "2030-02-01T00:00"
               and row["ends_local"] == "2030-02-03T00:00"
               for row in made["answer"]["items"])


# Thursdays over Easter (18 April) and Ascension (30 May 2030)
THURSDAYS = ("--title", "Kor", "--starts", "18:00", "--ends", "20:00",
             "--from", "2030-04-04", "--until", "2030-06-06")


def test_a_series_is_looked_at_before_it_is_written(ctl, database, hall):
    number = book(ctl, hall[1], "2030-05-09", hours=("19:00", "21:00"))
    plan = ctl("series", "preview", hall[1], *THURSDAYS)
    days = {row["date"]: row for row in plan["items"]}
    assert len(days) == 10
    assert days["2030-04-18"]["skipped"] and days["2030-05-30"]["skipped"]
    assert plan["conflicts"] == 1
    assert days["2030-05-09"]["conflicts"][0]["booking_id"] == \
        number["object_id"]
    words = ctl.run("series", "preview", hall[1], *THURSDAYS).stdout
    assert "8 bookings; 1 dates with something in the way, 2 on holidays" in \
        words

    error, said = refused(ctl, "series", "create", hall[1], *THURSDAYS)
    assert error["code"] == "KG409"
    assert [row["date"] for row in error["detail"]["items"]] == ["2030-05-09"]
    assert "Dates that cannot be had:" in said
    assert database.value("SELECT count(*) FROM kg.booking"
                          " WHERE title = 'Kor'") == 0

    made = ctl("series", "create", hall[1], *THURSDAYS, "--in-room",
               "2030-05-09:%d" % hall[2], "--skip", "2030-04-11", "--keep",
               "2030-05-30")
    rooms = {row["starts_local"][:10]: row["room"]["id"]
             for row in made["answer"]["items"]}
    assert rooms["2030-05-09"] == hall[2]
    assert "2030-04-11" not in rooms and "2030-04-18" not in rooms
    assert "2030-05-30" in rooms
    assert len(rooms) == 8


def test_a_series_is_changed_and_cancelled_together(ctl, hall):
    made = ctl("series", "create", hall[2], "--title", "Yoga", "--starts",
               "07:00", "--ends", "08:00", "--from", "2030-06-10", "--until",
               "2030-07-08", "--weekdays", "mon,wed", "--on-holidays")
    number = made["object_id"]
    assert len(made["answer"]["items"]) == 9
    ctl("series", "change", number, "--from", "2030-07-01", "--ends", "08:30")
    rows = ctl("series", "show", number)["items"]
    assert {row["ends_local"][11:] for row in rows
            if row["starts_local"] < "2030-07-01"} == {"08:00"}
    assert {row["ends_local"][11:] for row in rows
            if row["starts_local"] >= "2030-07-01"} == {"08:30"}
    ctl("series", "cancel", number, "--from", "2030-07-03")
    left = ctl("booking", "list", "--series", number)
    assert max(row["starts"] for row in left) == "2030-07-01 07:00"


def would_do(run):
    """The command that a refusal offers, and what the shell makes of it."""
    assert run.returncode == 1, run.stderr
    offered = run.stderr.split("\nThis would do:\n  ")[1].splitlines()[0]
    return offered, subprocess.run(
        ["bash", "-c", 'ctl=$1; kattegatctl() { "$ctl" "$@"; }; ' + offered,
         "bash", str(paths.CTL)],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_refusal_offers_the_command_that_would_do(ctl, hall, database):
    title = "Ib's møde; $(true) \"to\""
    day = "2030-09-02"
    hours = ("--starts", day + "T09:00", "--ends", day + "T12:00")
    book(ctl, hall[1], day)
    run = ctl.run("booking", "create", hall[1], "--title", title, *hours,
                  "--diets=vegan:2")
    offered, again = would_do(run)
    assert "--diets vegan:2" in offered
    assert again.returncode == 0, again.stderr
    made = int(re.search("Booking (\\d+) made", again.stdout).group(1))
    assert database.value("SELECT title FROM kg.booking WHERE id = %s",
                          made) == title
    # what it took is taken now, so the next one is another
    other = book(ctl, hall[1], "2030-09-03")["object_id"]
    offered, again = would_do(ctl.run("booking", "move", other, *hours))
    assert again.returncode == 0, again.stderr
    assert "booking move %d --room " % other in offered


def test_it_goes_around_and_skips_what_was_left_out(ctl, hall):
    day = "2030-09-10"
    book(ctl, hall[1], day)
    offered, again = would_do(ctl.run(
        "block", hall[1], "--from", day + "T08:00", "--to", day + "T22:00",
        "--title", "Nyt gulv"))
    assert offered.endswith(" --around")
    assert again.returncode == 0, again.stderr
    offered, again = would_do(ctl.run(
        "series", "create", hall[1], "--title", "Kor", "--starts", "10:00",
        "--ends", "12:00", "--from", "2030-09-03", "--until", "2030-09-24",
        "--skip", "2030-09-17"))
    assert "2030-09-17," in offered and day in offered
    assert again.returncode == 0, again.stderr


def test_a_password_is_not_repeated(ctl, hall):
    book(ctl, hall[1], "2030-10-01")
    known = Ctl(ctl.config, ctl.dsn + " password=hemmelig", ctl.control)
    run = known.run("booking", "create", hall[1], "--title", "x", "--starts",
                    "2030-10-01T09:00", "--ends", "2030-10-01T10:00")
    assert "\nThis would do:\n" in run.stderr
    assert " --database ... " in run.stderr
    assert "hemmelig" not in run.stderr


def test_of_several_rooms_nothing_is_offered(ctl, hall):
    book(ctl, hall[1], "2030-09-30")
    run = ctl.run("booking", "create", "%d,%d" % (hall[1], hall[2]), "--title",
                  "x", "--starts", "2030-09-30T09:00", "--ends",
                  "2030-09-30T10:00")
    assert run.returncode == 1
    assert "This would do" not in run.stderr
