"""kattegatctl on a terminal: nothing is wider than it, and scripts get all."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

from kattegat import paths
from kattegat.cluster import OPERATOR
from kattegat.daemon import Ctl
from test_ctl import commands

TIME = ("--starts", "2030-03-04T09:00", "--ends", "2030-03-04T12:00")
LISTS = [
    ("run", "list"), ("session", "list", "--from", "2022-01-01"),
    ("season", "list"), ("room", "list"), ("room", "free", *TIME),
    ("office", "list"), ("venue", "list"), ("person", "list"),
    ("seminar", "list"), ("token", "list"), ("booking", "list"),
    ("series", "show", "{series}"), ("journal", "list"), ("mail", "list"),
    ("account", "list"), ("account", "tokens"), ("db", "status"),
]


class Terminal:
    def __init__(self, ctl):
        self.ctl = ctl

    def __call__(self, columns, *words):
        """The lines that stand there, without what makes them bold."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        run = subprocess.Popen(
            [str(paths.CTL), "--config", str(self.ctl.config), "--database",
             self.ctl.dsn, "--control", self.ctl.control,
             *(str(word) for word in words)],
            stdin=subprocess.DEVNULL, stdout=follower, stderr=follower)
        os.close(follower)
        said = b""
        while True:
            try:
                said += os.read(leader, 65536)
            except OSError:		# the last one has closed it
                break
        os.close(leader)
        run.wait()
        return re.sub("\033\\[[0-9]*m", "", said.decode()).splitlines()


@pytest.fixture(scope="module")
def ctl(database, folder):
    return Ctl(folder / "nothing.conf",
               database.cluster.dsn(database.name, OPERATOR),
               str(folder / "nobody"))


@pytest.fixture(scope="module")
def room(database):
    return database.value("SELECT r.id FROM kg.room r WHERE name ="
                          " 'Mødelokalet' ORDER BY r.id LIMIT 1")


@pytest.fixture(scope="module")
def series(ctl, room):
    """Every listing has something long to show."""
    long = "Årsmøde i Det Kommunale Vandsamarbejde 北海 " * 4
    ctl("account", "invite", "--name", "Ida Lund " * 12, "--mail",
        "ida@example.org", "--role", "coordinator", "--office", "AAR",
        "--base-url", "https://x")
    person = ctl("person", "add", "Ib Ibsen", "--role", "planner", "--mail",
                 "ib@example.org")["object_id"]
    ctl("account", "token", person, long[:80].strip(), "--role", "auditor")
    return ctl("series", "create", room, "--title", long, "--starts", "18:00",
               "--ends", "20:00", "--from", "2030-04-02", "--until",
               "2030-05-28")["object_id"]


@pytest.fixture(scope="module")
def terminal(ctl):
    return Terminal(ctl)


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_no_line_of_a_listing_is_wider(terminal, series, words, columns):
    lines = terminal(columns, *(word.format(series=series) for word in words))
    assert len(lines) > 1 and "kattegatctl:" not in lines[0]
    # 北 and 海 take two columns each
    wide = [line for line in lines
            if len(line) + len(re.findall("[北海]", line)) > columns
            and not line.startswith("More: --cursor")]
    assert wide == []


def test_every_listing_was_looked_at():
    listed = {" ".join(words[:2]) for words in LISTS}
    assert {name for name in commands()
            if re.search(" (list|tokens|status|free)$", name)} <= listed


def test_pipes_and_wide_get_whole_lines(ctl, terminal, series):
    words = ("series", "show", series)
    whole = ctl.run(*words).stdout.splitlines()
    assert max(map(len, whole)) > 160
    assert terminal(80, *words, "--wide") == whole
    assert terminal(80, *words)[-1] == "(--wide shows all of it)"
    # of the same day only the hour, on a terminal
    assert " 2030-04-02 20:00 " in whole[1]
    assert re.search("2030-04-02 18:00  20:00 .*Årsmøde.*…",
                     terminal(80, *words)[1])


def test_help_of_every_command_fits_and_has_an_example():
    for name in commands():
        said = subprocess.run([str(paths.CTL), "help", *name.split()],
                              text=True, stdout=subprocess.PIPE,
                              check=True).stdout
        assert "Usage: kattegatctl " + name in said
        assert "\nExample:\n  kattegatctl " + name in said
        assert [line for line in said.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("words, hint", [
    (("booking", "list", "--office", "ZZZ"), "AAR"),
    (("booking", "list", "--room", 999999), "room list"),
    (("booking", "list", "--run", "NOPE"), "run list"),
    (("booking", "list", "--series", 999999), "booking list"),
    (("booking", "list", "--venue", 999999), "venue list"),
    (("run", "list", "--season", "nope"), "season list"),
    (("run", "list", "--seminar", "nope"), "seminar list"),
    (("room", "list", "--office", "ZZZ"), "AAR"),
    (("token", "list", "--person", 999999), "person list"),
    (("journal", "list", "--office", "ZZZ"), "AAR"),
    (("room", "free", *TIME, "--office", "ZZZ"), "AAR"),
])
def test_a_filter_of_nothing_is_not_found(ctl, words, hint):
    run = ctl.run("--json", *words)
    assert run.returncode == 4
    error = json.loads(run.stdout)["error"]
    assert error["code"] == "KG004" and error["exit"] == 4
    assert error["message"].startswith("there is no ")
    assert hint in error["hint"]


@pytest.mark.parametrize("words, exit_code, code", [
    (("booking", "list", "--from", "2030-02-01", "--to", "2030-01-01"), 2,
     "usage"),
    (("block", "--from", "2030-01-01T08:00", "--to", "2030-01-01T09:00",
      "--title", "x"), 2, "usage"),
    (("room", "free", *TIME, "--heads", 0), 2, "usage"),
    (("bookings",), 2, "usage"),
    (("status",), 3, "unreachable"),
    (("run", "show", "NOPE"), 4, "KG004"),
    (("booking", "cancel", 999999), 4, "KG004"),
])
def test_what_ends_a_command_is_one_object_on_stdout(ctl, words, exit_code,
                                                     code):
    run = ctl.run(*words, "--json")
    assert run.returncode == exit_code
    error = json.loads(run.stdout)["error"]
    assert error["code"] == code and error["exit"] == exit_code
    assert set(error) == {"code", "message", "hint", "detail", "exit"}
    assert "kattegatctl: " + error["message"] in run.stderr


def test_without_a_database_a_script_is_told(ctl, folder):
    away = Ctl(ctl.config, "host=%s dbname=x" % folder)
    run = away.run("room", "list", "--json")
    assert run.returncode == 3
    assert json.loads(run.stdout)["error"]["code"] == "unreachable"


def test_lines_that_are_no_good_are_read_by_scripts(ctl, folder):
    bad = folder / "bad"
    bad.mkdir()
    for name in ("municipalities", "offices", "holidays", "elections"):
        (bad / (name + ".csv")).write_text("nothing\n")
    run = ctl.run("registry", "load", "--from", bad, "--json")
    assert run.returncode == 1
    error = json.loads(run.stdout)["error"]
    assert error["code"] == "refused"
    assert len([line for line in error["detail"]["lines"]
                if re.match(r".*/bad/[a-z]+\.csv:1: .", line)]) >= 4
    assert all(line in run.stderr for line in error["detail"]["lines"])
