"""Hands a history, and what the database then holds, to checker.py."""

import json
import pathlib
import secrets
import subprocess
import sys

CHECKER = pathlib.Path(__file__).parents[1] / "checker.py"


def check(folder, history, held):
    """What the checker finds, line by line."""
    names = []
    for name, thing in (("history", history), ("rows", held)):
        names.append(str(folder / (name + ".json")))
        pathlib.Path(names[-1]).write_text(json.dumps(thing), "utf-8")
    run = subprocess.run([sys.executable, str(CHECKER), *names],
                         capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert run.returncode == (1 if run.stdout else 0)
    return run.stdout.splitlines()


def add_rooms(database, office):
    """A hall, its two halves, and two rooms of their own: their ids. May be called
    again; the names are others then."""
    venue = database.value("SELECT id FROM kg.venue WHERE own AND office_id ="
                           " (SELECT id FROM kg.office WHERE code = %s)",
                           office)
    some = secrets.token_hex(3)

    def add(name, halves=None):
        return int(database.value(
            "SELECT (kg.room_add(NULL, 'test', %s, %s, %s::int[], true, true,"
            " '[]')).object_id", venue, name + " " + some, halves))

    left, right = add("Venstre halvdel"), add("Højre halvdel")
    return [add("Kapløbssalen", "{%d,%d}" % (left, right)), left, right,
            add("Stuen"), add("Loftet")]


def held(database, rooms):
    """What checker.py calls ROWS."""
    atoms = database.rows(
        "SELECT m.id, array_to_json(array_agg(g)) AS atoms FROM kg.room m,"
        " unnest(m.parts) r, generate_series(lower(r), upper(r) - 1) g"
        " WHERE m.id = ANY (%s::int[]) GROUP BY m.id",
        "{%s}" % ",".join(map(str, rooms)))
    rows = database.rows(
        "SELECT id, room_id, to_char(starts_local, 'YYYY-MM-DD\"T\"HH24:MI')"
        " AS starts, to_char(ends_local, 'YYYY-MM-DD\"T\"HH24:MI') AS ends,"
        " setup_min, clear_min,"
        " status FROM kg.booking WHERE room_id = ANY (%s::int[])",
        "{%s}" % ",".join(map(str, rooms)))
    names = ("booking", "room", "from", "to", "setup_min", "clear_min",
             "status")
    return {"rooms": {str(room): json.loads(list_) if isinstance(list_, str)
                      else list_ for room, list_ in atoms},
            "bookings": [dict(zip(names, row)) for row in rows]}
