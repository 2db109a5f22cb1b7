#!/usr/bin/python3
"""checker.py HISTORY ROWS - was every answer right, and is every row explained?

Stands alone: it shares no code with what it judges. HISTORY is JSON, a list of requests
as their clients saw them (kattegat/race.py says their form). ROWS is JSON, what
the database holds at the end:

  {"rooms": {"ID": [atom, ...]},
   "bookings": [{"booking": 7, "room": 1, "from": "2031-01-02T09:00", "to": ...,
                 "setup_min": 0, "clear_min": 0, "status": "confirmed"}]}

Two bookings are in each other's way when their rooms share an atom and their times,
set-up and clearing included, share a moment. Looked for:

  overlap      two rows that stand are in each other's way
  lost         a booking that was promised is not there, or is another one
  ghost        a row that stands and that nobody was promised or may have got
  unjustified  a refusal although nothing can have been in the way
  failed       an answer that is neither a booking nor a refusal

One line for each finding. Exit 0 when there are none, 1 otherwise.
"""

import datetime
import json
import sys

STANDS = ("held", "confirmed")


def span(one):
    """When the room is taken, as two moments."""
    minute = datetime.timedelta(minutes=1)
    start = datetime.datetime.fromisoformat(one["from"])
    end = datetime.datetime.fromisoformat(one["to"])
    return start - one["setup_min"] * minute, end + one["clear_min"] * minute


def in_the_way(rooms, one, other):
    start, end = span(one)
    other_start, other_end = span(other)
    return (start < other_end and other_start < end
            and not rooms[one["room"]].isdisjoint(rooms[other["room"]]))


def same(one, other):
    return all(one[name] == other[name] for name in
               ("room", "from", "to", "setup_min", "clear_min"))


def overlaps(rooms, rows):
    standing = sorted((row for row in rows if row["status"] in STANDS),
                      key=lambda row: span(row)[0])
    open_ones = []
    for row in standing:
        start = span(row)[0]
        open_ones = [one for one in open_ones if span(one)[1] > start]
        for one in open_ones:
            if in_the_way(rooms, one, row):
                yield "overlap: bookings %d and %d" % (one["booking"],
                                                       row["booking"])
        open_ones.append(row)


def promises(booked, cancelled, rows):
    """Every booking that a client was told of."""
    for entry in booked:
        row = rows.get(entry["booking"])
        given_back = cancelled.get(entry["booking"])
        if row is None or not same(row, entry):
            yield "lost: booking %s is not there as promised" % (
                entry["booking"],)
        elif given_back is None and row["status"] not in STANDS:
            yield "lost: booking %d is %s, and nobody gave it back" % (
                entry["booking"], row["status"])
        elif (given_back and given_back["status"] == 200
              and row["status"] in STANDS):
            yield "ghost: booking %d was given back and stands" % (
                entry["booking"],)


def ghosts(booked, unknown, rows):
    """A row may also be of a request whose answer was not heard."""
    promised = {entry["booking"] for entry in booked}
    maybe = list(unknown)
    for row in rows.values():
        if row["booking"] in promised or row["status"] not in STANDS:
            continue
        for entry in maybe:
            if same(row, entry):
                maybe.remove(entry)
                break
        else:
            yield "ghost: booking %d was promised to nobody" % row["booking"]


def unjustified(rooms, refused, blockers, cancelled):
    """
    Something must have been in the way at some moment between the question and the
    answer: booked by a request that began before the answer came, and not given
    back before the question was asked.
    """
    for entry in refused:
        for other in blockers:
            given_back = cancelled.get(other["booking"])
            gone = (given_back and given_back["status"] == 200
                    and given_back["ended"] < entry["began"])
            if (other["began"] < entry["ended"] and not gone
                    and in_the_way(rooms, entry, other)):
                break
        else:
            yield "unjustified: nothing was in the way of room %d, %s to %s" % (
                entry["room"], entry["from"], entry["to"])


def findings(history, held):
    rooms = {int(room): set(atoms) for room, atoms in held["rooms"].items()}
    rows = {row["booking"]: row for row in held["bookings"]}
    bookings = [one for one in history if one["op"] == "book"]
    cancelled = {one["booking"]: one for one in history
                 if one["op"] == "cancel"}
    booked = [one for one in bookings if one["status"] == 201]
    refused = [one for one in bookings if one["status"] == 409]
    unknown = [one for one in bookings if one["status"] not in (201, 409)]
    for one in unknown:
        yield "failed: status %d for room %d, %s" % (one["status"],
                                                     one["room"], one["from"])
    for one in cancelled.values():
        if one["status"] != 200:
            yield "failed: status %d for giving back %d" % (one["status"],
                                                            one["booking"])
    yield from overlaps(rooms, rows.values())
    yield from promises(booked, cancelled, rows)
    yield from ghosts(booked, unknown, rows)
    yield from unjustified(rooms, refused, booked + unknown, cancelled)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    history, held = (json.load(open(name, encoding="utf-8"))
                     for name in sys.argv[1:])
    found = list(findings(history, held))
    for one in found:
        print(one)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
