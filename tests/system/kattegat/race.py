"""Many clients that want the same rooms, and what each of them saw.

The history is a list of dicts, one a request, in no order:
  {"op": "book", "room": 1, "from": "2031-01-02T09:00", "to": ..., "setup_min": 0,
   "clear_min": 0, "began": s, "ended": s, "status": 201, "booking": 7}
  {"op": "cancel", "booking": 7, "began": s, "ended": s, "status": 200}
Seconds are of one monotonic clock; status 0 is a request without an answer.
"""

import datetime
import random
import threading
import time

from kattegat.api import Api

# A Monday. Two months of slots end before the clocks change.
START = datetime.datetime(2031, 1, 6)
SLOT_EVERY = datetime.timedelta(minutes=90)
QUARTER = datetime.timedelta(minutes=15)


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M")


class Racer:
    """One client on one kept connection."""

    def __init__(self, client, token, history):
        self.api = Api(client, token, check=False)
        self.history = history

    def _ask(self, entry, path, body, **named):
        entry["began"] = time.monotonic()
        try:
            answer = self.api.post(path, body, **named)
        except OSError:
            answer = None
        entry["ended"] = time.monotonic()
        entry["status"] = answer.status if answer else 0
        self.history.append(entry)
        return answer

    def book(self, room, start, end, title, setup_min=0, clear_min=0):
        entry = {"op": "book", "room": room, "from": text(start),
                 "to": text(end), "setup_min": setup_min,
                 "clear_min": clear_min, "booking": None}
        answer = self._ask(entry, "/bookings", {
            "room_id": room, "starts_local": text(start),
            "ends_local": text(end), "title": title, "kind": "internal",
            "setup_min": setup_min, "clear_min": clear_min})
        if answer and answer.status == 201:
            entry["booking"] = answer.json["id"]
        return answer

    def cancel(self, booking, etag):
        entry = {"op": "cancel", "booking": booking}
        return self._ask(entry, "/bookings/%d/cancel" % booking, {},
                         if_match=etag)


def run_all(racers, work):
    """work(racer, number) by all of them at once; the first failure is raised."""
    failed = []

    def one(racer, number):
        try:
            work(racer, number)
        except BaseException as error:      # told to who waits below
            failed.append(error)
        finally:
            racer.api.close()

    threads = [threading.Thread(target=one, args=(racer, number))
               for number, racer in enumerate(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def race_for_slots(racers, room, rounds):
    """In each round all want one slot at the same moment."""
    gate = threading.Barrier(len(racers))

    def work(racer, number):
        try:
            for turn in range(rounds):
                start = START + turn * SLOT_EVERY
                gate.wait(60)
                racer.book(room, start, start + datetime.timedelta(hours=1),
                           "Kapløb %d" % number)
        except BaseException:
            gate.abort()
            raise

    run_all(racers, work)


def race_at_random(racers, rooms, requests, seed):
    """Any room, any time of one week; some give theirs back."""
    def work(racer, number):
        dice = random.Random(seed * 1000 + number)
        own = []
        for _ in range(requests):
            if own and dice.random() < 0.4:
                racer.cancel(*own.pop(dice.randrange(len(own))))
                continue
            start = START + dice.randrange(7 * 96) * QUARTER
            end = start + dice.randrange(1, 24) * QUARTER
            answer = racer.book(dice.choice(rooms), start, end,
                                "Tilfælde %d" % number,
                                dice.choice((0, 0, 30)),
                                dice.choice((0, 0, 15)))
            if answer and answer.status == 201:
                booked = answer.json
                own.append((booked["id"], booked["version"]))

    run_all(racers, work)


def latency_ms(history, share):
    """For a figure to report, never to pass or fail by."""
    waits = sorted(entry["ended"] - entry["began"] for entry in history)
    return 1000 * waits[min(len(waits) - 1, int(share * len(waits)))]
