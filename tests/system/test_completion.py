"""Shell completion of kattegatctl, in bash and in zsh."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import pytest

from kattegat import paths
from kattegat.cluster import OPERATOR
from kattegat.daemon import Ctl


def asking(ctl):
    """The environment in which kattegatctl reaches the database, or none."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("PG", "KATTEGAT_"))}
    if ctl is not None:
        environment["KATTEGAT_DSN"] = ctl.dsn
    return environment


def printed():
    return subprocess.run([str(paths.CTL), "--print", "completion"], text=True,
                          stdout=subprocess.PIPE, check=True).stdout


def patient():
    """The script; a second is not enough where all is slow."""
    assert "timeout 1 " in printed()
    return printed().replace("timeout 1 ", "timeout %d " % (
        60 * paths.SLOWER))


def complete(shell, *words, ctl=None):
    """What the shell offers for the last word; `ctl` may ask its database."""
    script = printed() if ctl is None else patient()
    # as bashcompinit calls it; there, zsh leaves out itself what does not fit
    begin = ("autoload -U compinit bashcompinit; compinit -D; bashcompinit\n"
             if shell == "zsh" else "")
    ask = ('COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kattegatctl\n'
           'printf "%s\\n" "${COMPREPLY[@]}"\n')
    if shell == "zsh":
        ask = "emulate sh; setopt kshglob braceexpand\n" + ask
    run = subprocess.run([shell, "-c", begin + script + ask, shell, *words],
                         text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, cwd=paths.DEMO,
                         env=asking(ctl))
    assert run.stderr == ""
    return {word for word in run.stdout.split()
            if shell == "bash" or word.startswith(words[-1])}


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("words, offered", [
    (("boo",), {"booking"}),
    (("booking", "c"), {"create", "change", "cancel", "confirm"}),
    (("booking", "create", "3", "--set"), {"--setup", "--setup-min"}),
    (("booking", "create", "--setup", "th"), {"theatre"}),
    (("--database", "booking", "booking", "list", "--st"), {"--status"}),
    (("account", "role", "7", ""), {"coordinator", "planner", "admin",
                                    "auditor"}),
    (("account", "role", "--why", "x", "7", "pl"), {"planner"}),
    (("account", "role", "7", "--off"), {"--office"}),
    (("booking", "create", "--title", ""), set()),
    (("season", "import", "kattegat-s"), {"kattegat-season-model.csv"}),
    (("booking", "list", "--status=held", "--kind", "s"), {"session"}),
    (("booking", "create", "--setup=th"), {"--setup=theatre"}),
    (("status", "--js"), {"--json"}),
    (("bl",), {"block"}),
    (("block", "1", "--aro"), {"--around"}),
    (("demo", "--sc"), {"--scale"}),
])
def test_a_shell_completes(shell, words, offered):
    assert complete(shell, "kattegatctl", *words) == offered


@pytest.mark.parametrize("words, offered", [
    # as bash cuts --setup=th
    (("booking", "create", "--setup", "=", "th"), {"theatre"}),
    (("booking", "create", "--setup", "="), {
        "theatre", "classroom", "horseshoe", "islands", "circle"}),
    (("booking", "list", "--status", "=", "held", "--kind", "s"), {"session"}),
    (("registry", "load", "--from", "../de"), {"../demo"}),
])
def test_bash_completes(words, offered):
    assert complete("bash", "kattegatctl", *words) == offered


def test_shellcheck_finds_nothing_in_it():
    # SC2207: no word that is offered holds a blank
    run = subprocess.run(["shellcheck", "-s", "bash", "-e", "SC2207", "-"],
                         input=printed().encode(), stdout=subprocess.PIPE)
    assert run.stdout.decode() == ""


@pytest.fixture(scope="module")
def ctl(database, folder):
    return Ctl(folder / "nothing.conf",
               database.cluster.dsn(database.name, OPERATOR),
               str(folder / "nobody"))


@pytest.mark.parametrize("words, offered", [
    (("booking", "list", "--office", "AA"), {"AAL", "AAR"}),
    (("run", "show", "KAT27-0"), {"KAT27-0%d" % no for no in range(1, 10)}),
    (("booking", "list", "--office", "zz"), set()),
])
def test_it_asks_the_database(ctl, words, offered):
    assert complete("bash", str(paths.CTL), *words, ctl=ctl) == offered


def test_rooms_are_offered_by_number(ctl, database):
    rooms = {str(row.id) for row in database.rows("SELECT id FROM kg.room")}
    assert complete("bash", str(paths.CTL), "booking", "create", "",
                    ctl=ctl) == rooms
    words = ("--database", '"%s"' % ctl.dsn, "booking", "move", "1", "--room",
             "")
    nobody = Ctl(ctl.config, "host=/nowhere dbname=x", ctl.control)
    assert complete("bash", str(paths.CTL), *words, ctl=nobody) == rooms


def test_who_does_not_answer_is_not_waited_for(folder):
    silent = folder / "silent"
    silent.write_text("#!/bin/sh\nexec sleep infinity\n")
    silent.chmod(0o755)
    assert complete("bash", str(silent), "booking", "list", "--office",
                    "") == set()


def test_without_a_database_nothing_is_said():
    assert complete("bash", str(paths.CTL), "--database",
                    '"host=/nowhere dbname=x"', "booking", "list", "--office",
                    "A") == set()


def type_into_bash(environment, steps):
    """What a bash shows to whom types; each step waits for what it shows first."""
    pid, leader = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
        os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"],
                   environment)
    shown = [b""]
    end = time.monotonic() + 30 * paths.SLOWER
    for awaited, typed in steps:
        while not re.search(awaited, shown[-1]) and time.monotonic() < end:
            if select.select([leader], [], [], 1)[0]:
                shown[-1] += os.read(leader, 65536)
        os.write(leader, typed)
        shown.append(b"")
    os.close(leader)
    os.waitpid(pid, 0)
    return shown[:-1]


def test_an_interactive_bash_completes_as_one_types(ctl, folder):
    script = folder / "completion"
    script.write_text(patient())
    environment = dict(asking(ctl), TERM="dumb", PS1="> ",
                       PATH="%s:%s" % (paths.CTL.parent, os.environ["PATH"]))
    shown = type_into_bash(environment, [
        (rb"> $", b". %s\n" % str(script).encode()),
        (rb"> $", b"kattegatctl boo\tcre\t1 --cap\x15"),
        # a line of its own that is not finished, as it stands
        (rb"create 1 --cap", b"kattegatctl booking list --office KB\t --js\t"),
        (rb"--office KBH  ?--json ", b"\x15exit\n"),
        (rb"exit", b""),
    ])
    assert b"kattegatctl booking create 1 --cap" in shown[2]
    assert re.search(rb"kattegatctl booking list --office KBH  ?--json ",
                     shown[3])
