"""Many coordinators want the same rooms at once: one wins, and nothing is lost.

What they saw and what the database then holds is judged by checker.py, a program of
its own; the first tests see it find what it is there to find.
"""

import copy

import pytest

from kattegat import paths
from kattegat.api import new_api_token, new_person
from kattegat.judge import add_rooms, check, held
from kattegat.race import (Racer, latency_ms, race_at_random,
                           race_for_slots)

CLIENTS = 64
LONG = paths.LONG and paths.SLOWER == 1
ROUNDS = 1000 if LONG else 40 // paths.SLOWER
REQUESTS = 200 if LONG else 15
OFFICE = "AAR"


# ---- the checker itself ----

def a_request(booking, start="2031-01-06T09:00", end="2031-01-06T10:00", **more):
    return {"op": "book", "room": 1, "from": start, "to": end, "setup_min": 0,
            "clear_min": 0, "began": 0.0, "ended": 1.0,
            "status": 201 if booking else 409, "booking": booking, **more}


def a_row(request, **more):
    return {"booking": request["booking"], "status": "confirmed",
            **{name: request[name] for name in
               ("room", "from", "to", "setup_min", "clear_min")}, **more}


ROOMS = {"1": [1, 2], "2": [1], "3": [2], "4": [9]}
FIRST = a_request(7)


@pytest.mark.parametrize("history, rows, finding", [
    ([FIRST, a_request(None)], [a_row(FIRST)], None),
    # the hall and its half
    ([FIRST, a_request(8, room=2)], [a_row(FIRST),
                                     a_row(a_request(8, room=2))], "overlap"),
    ([FIRST, a_request(8, room=4)], [a_row(FIRST),
                                     a_row(a_request(8, room=4))], None),
    # set-up counts, and what only touches does not
    ([FIRST, a_request(8, "2031-01-06T10:00", "2031-01-06T11:00")],
     [a_row(FIRST), a_row(a_request(8, "2031-01-06T10:00",
                                    "2031-01-06T11:00"))], None),
    ([FIRST, a_request(8, "2031-01-06T10:00", "2031-01-06T11:00",
                       setup_min=5)],
     [a_row(FIRST), a_row(a_request(8, "2031-01-06T10:00",
                                    "2031-01-06T11:00", setup_min=5))],
     "overlap"),
    ([FIRST], [], "lost"),
    ([FIRST], [a_row(FIRST, to="2031-01-06T11:00")], "lost"),
    ([FIRST], [a_row(FIRST, status="cancelled")], "lost"),
    ([], [a_row(FIRST)], "ghost"),
    ([FIRST, {"op": "cancel", "booking": 7, "began": 2.0, "ended": 3.0,
              "status": 200}], [a_row(FIRST)], "ghost"),
    ([a_request(None)], [], "unjustified"),
    ([FIRST, a_request(None, room=4)], [a_row(FIRST)], "unjustified"),
    # given back before it was asked for; begun after the answer
    ([FIRST, {"op": "cancel", "booking": 7, "began": 2.0, "ended": 3.0,
              "status": 200}, a_request(None, began=4.0, ended=5.0)],
     [a_row(FIRST, status="cancelled")], "unjustified"),
    ([dict(FIRST, began=9.0, ended=9.5), a_request(None)], [a_row(FIRST)],
     "unjustified"),
    ([a_request(None, status=503)], [], "failed"),
])
def test_the_checker_finds_what_it_is_there_to_find(tmp_path, history, rows,
                                                    finding):
    found = check(tmp_path, copy.deepcopy(history),
                  {"rooms": ROOMS, "bookings": rows})
    assert [line.partition(":")[0] for line in found] == (
        [finding] if finding else [])


# ---- the races ----

def tell_latency(what, history):
    """Stands in the log of the stage (pytest -s shows it)."""
    print("%s: %d requests, p50 %.0f ms, p99 %.0f ms" % (
        what, len(history), latency_ms(history, 0.5),
        latency_ms(history, 0.99)))


@pytest.fixture(scope="module")
def rooms(database):
    return add_rooms(database, OFFICE)


@pytest.fixture
def history():
    return []


@pytest.fixture
def racers(daemon, database, history):
    return [Racer(daemon.client, new_api_token(
        database, new_person(database, "coordinator", OFFICE)), history)
        for _ in range(CLIENTS)]


@pytest.fixture
def deadlocks(database):
    """How many there have been since."""
    def count():
        database.run("SELECT pg_stat_clear_snapshot()")
        return int(database.value(
            "SELECT deadlocks FROM pg_stat_database"
            " WHERE datname = current_database()"))
    before = count()
    return lambda: count() - before


def test_one_of_64_wins_each_slot(database, rooms, racers, history, tmp_path,
                                  deadlocks):
    room = rooms[3]
    race_for_slots(racers, room, ROUNDS)
    tell_latency("one slot", history)
    assert len(history) == CLIENTS * ROUNDS
    winners = {}
    for entry in history:
        if entry["status"] == 201:
            winners.setdefault(entry["from"], []).append(entry["booking"])
    assert len(winners) == ROUNDS
    assert all(len(ids) == 1 for ids in winners.values())
    assert check(tmp_path, history, held(database, [room])) == []
    assert deadlocks() == 0


def test_random_wishes_for_halls_and_halves_never_meet(
        database, rooms, racers, history, tmp_path, deadlocks):
    wanted = rooms[:3] + rooms[4:]
    race_at_random(racers, wanted, REQUESTS, seed=20261124)
    tell_latency("at random", history)
    assert len(history) == CLIENTS * REQUESTS
    assert {entry["status"] for entry in history} == {200, 201, 409}
    assert check(tmp_path, history, held(database, wanted)) == []
    assert deadlocks() == 0
