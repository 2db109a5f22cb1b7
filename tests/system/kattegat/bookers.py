"""Coordinators who book without a pause, whatever happens meanwhile.

    with Bookers(client, token, rooms, seed=1) as bookers:
        bookers.wait_for_booked(20)
        ... kill something, bring it back ...
        bookers.wait_for_booked(20)
    bookers.ask_again()
    judge.check(folder, bookers.history, judge.held(database, rooms))

Each request has an Idempotency-Key. The history has the form that checker.py reads,
and in each entry also the key, the problem, and Retry-After. ask_again() repeats
every request that did not get 201 or 409, as a client with a key would.
"""

import contextlib
import datetime
import http.client
import random
import threading
import time

from kattegat.api import Api
from kattegat.race import QUARTER, START, text
from kattegat.wait import wait_for

SETTLED = (201, 409)
# Few enough that they meet, and that some are left after a minute.
BOOKINGS_A_DAY = 40


class Bookers:
    def __init__(self, client, token, rooms, seed, threads=4):
        self.client = client
        self.token = token
        self.rooms = rooms
        self.history = []
        self.broken = []        # requests without an answer
        self.wrong = []         # what no client should ever see
        self._seed = seed
        self._count = 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,),
                                          daemon=True)
                         for number in range(threads)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *ignored):
        self._ended.set()
        for thread in self._threads:
            thread.join(60)
        assert self.wrong == []

    # ---- what they do ----

    def _wish(self, dice, key):
        self._count += 1
        day = datetime.timedelta(days=self._count // BOOKINGS_A_DAY % 60)
        start = START + day + dice.randrange(7 * 4, 17 * 4) * QUARTER
        end = start + dice.randrange(1, 8) * QUARTER
        return {"op": "book", "room": dice.choice(self.rooms),
                "from": text(start), "to": text(end),
                "setup_min": dice.choice((0, 15)), "clear_min": 0,
                "key": key, "booking": None}

    def _ask(self, api, entry):
        answer = api.post("/bookings", {
            "room_id": entry["room"], "starts_local": entry["from"],
            "ends_local": entry["to"], "title": "Under en prøve",
            "kind": "internal", "setup_min": entry["setup_min"],
            "clear_min": entry["clear_min"]}, key=entry["key"])
        entry["ended"] = time.monotonic()
        entry["status"] = answer.status
        entry["retry_s"] = answer.headers["Retry-After"]
        if answer.status == 201:
            entry["booking"] = answer.json["id"]
        else:
            entry["problem"] = answer.problem

    def _work(self, number):
        try:
            self._book(number)
        except Exception as error:
            self.wrong.append(repr(error))
            raise

    def _book(self, number):
        dice = random.Random(self._seed * 1000 + number)
        turn = 0
        with Api(self.client, self.token, check=False) as api:
            while not self._ended.is_set():
                entry = self._wish(dice, "booker-%d-%d-%d" % (
                    self._seed, number, turn))
                entry["began"] = time.monotonic()
                try:
                    self._ask(api, entry)
                except (OSError, http.client.HTTPException) as error:
                    entry["ended"] = time.monotonic()
                    entry["status"] = 0
                    api.close()
                    self.broken.append(repr(error))
                self.history.append(entry)
                turn += 1
                if entry["status"] not in SETTLED:
                    self._ended.wait(0.05)

    def ask_again(self):
        """All of them settle; not at once where this worker comes back later."""
        def settles(api, entry):
            self._ask(api, entry)
            return entry["status"] in SETTLED

        with Api(self.client, self.token, check=False) as api:
            for entry in self.history:
                if entry["status"] not in SETTLED:
                    wait_for(lambda: settles(api, entry), 10, entry)

    # ---- what was seen ----

    def having(self, *statuses, since=0.0):
        """Of those that were asked since a moment."""
        return [entry for entry in list(self.history)
                if entry["status"] in statuses and entry["began"] >= since]

    def wait_for_booked(self, count, limit_s=15):
        """So many that are asked for from now on; the first of them."""
        since = time.monotonic()
        wait_for(lambda: len(self.having(201, since=since)) >= count, limit_s,
                 "%d bookings are made" % count)
        return min(self.having(201, since=since),
                   key=lambda entry: entry["ended"])

    def wait_for_answers(self, count, limit_s=10):
        """So many answers, whatever they are, from now on."""
        seen = len(self.history)
        wait_for(lambda: len(self.history) >= seen + count, limit_s,
                 "%d answers" % count)

    def wait_for_refused(self, count, limit_s=10, since=None):
        """So many 503 since a moment or from now on, whenever asked for."""
        since = since or time.monotonic()
        wait_for(lambda: sum(entry["ended"] >= since
                             for entry in self.having(503)) >= count, limit_s,
                 "%d answers of 503" % count)

    def longest_s(self, *statuses):
        """How long the slowest of those answers took."""
        return max((entry["ended"] - entry["began"]
                    for entry in self.having(*statuses)), default=0.0)


@contextlib.contextmanager
def watched_workers(daemon):
    """Nobody was replaced at the end."""
    before = daemon.workers()
    yield before
    assert daemon.workers() == before, daemon.log()
