"""Every command of kattegatctl: what it does, and how it refuses."""

import hashlib
import itertools
import json
import re
import socket
import subprocess
import threading
import time

import pytest

from kattegat import paths
from kattegat.cluster import OPERATOR
from kattegat.daemon import Ctl, CtlFailed
from kattegat.wait import wait_for


class World:
    """kattegatctl on this module's database, and things for it to work on."""

    days = itertools.count(1)

    def __init__(self, database, folder):
        self.database = database
        self.folder = folder
        login = database.cluster.dsn(database.name, OPERATOR)
        nobody = str(folder / "nobody")
        self.ctl = Ctl(folder / "nothing.conf", login, nobody)
        # whoever has taken over the daemon
        self.daemon = Ctl(folder / "nothing.conf",
                          database.cluster.dsn(database.name, "kattegat"),
                          nobody)
        self.owner = Ctl(folder / "nothing.conf", database.dsn, nobody)
        self.run_no = self.one("SELECT run_no FROM kg.run WHERE run_no"
                               " LIKE 'KAT%-02' ORDER BY id DESC LIMIT 1")
        self.office = "AAR"
        # a room that is no part of another, in the office's own house
        self.room = self.one(
            "SELECT r.id FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id"
            " JOIN kg.office o ON o.id = v.office_id WHERE v.own"
            " AND o.code = 'ODE' ORDER BY r.id LIMIT 1")
        self.venue = self.one("SELECT venue_id FROM kg.room WHERE id = %s",
                              self.room)

    def one(self, statement, *values):
        return self.database.value(statement, *values)

    def time(self, hour="09:00"):
        """On a Monday to Thursday that nobody had yet."""
        number = next(self.days)
        return self.one(
            "SELECT to_char(date '2031-01-06' + %s, 'YYYY-MM-DD\"T\"') || %s",
            number // 4 * 7 + number % 4, hour)

    def day(self):
        return self.time()[:10]

    def hour(self, starts="--starts", ends="--ends"):
        day = self.day()
        return starts, day + "T09:00", ends, day + "T10:00"

    def booking(self, *words):
        return self.ctl("booking", "create", self.room, "--title", "Møde",
                        *self.hour(), *words)["object_id"]

    def change(self):
        """The journal's row of a change that nothing stands upon."""
        number = self.booking()
        self.ctl("booking", "change", number, "--title", "Andet")
        return self.one("SELECT max(id) FROM kg.journal WHERE object ="
                        " 'booking' AND object_id = %s", str(number))

    def cancelled(self):
        number = self.booking()
        self.ctl("booking", "cancel", number)
        return number

    def series(self):
        day = self.day()
        return self.ctl("series", "create", self.room, "--title", "Kor",
                        "--from", day, "--until", day, "--starts", "18:00",
                        "--ends", "19:00", "--on-holidays")["object_id"]

    def person(self, role="planner"):
        number = next(self.days)
        return self.ctl("person", "add", "Person %d" % number, "--role", role,
                        "--mail", "p%d@example.org" % number)["object_id"]

    def account(self):
        return self.ctl("account", "invite", "--person", self.person(),
                        "--base-url", "https://x")["object_id"]

    def token(self):
        return self.ctl("token", "create", self.person(), "min telefon",
                        "--base-url", "https://x")["object_id"]

    def api_token(self):
        return self.ctl("account", "token", self.person(), "tavle")["object_id"]

    def taught(self):
        """RUN, NO and PERSON, who teaches there."""
        words = (*self.session(), self.person("teacher"))
        self.ctl("session", "teacher", *words, "asked")
        return words

    def session(self):
        """RUN and NO of a session on its own, that nothing else needs."""
        found = self.database.rows(
            "SELECT r.run_no, s.no FROM kg.session s JOIN kg.run r"
            " ON r.id = s.run_id WHERE r.run_no LIKE 'KAT%%'"
            " AND s.status <> 'cancelled' ORDER BY s.id DESC OFFSET %s LIMIT 1",
            next(self.days))[0]
        return found.run_no, found.no


@pytest.fixture(scope="module")
def world(database, folder):
    return World(database, folder)


TIMES = ("--starts", "2030-05-06T09:00", "--ends", "2030-05-06T10:00")
SERIES = ("--title", "x", "--starts", "09:00", "--ends", "10:00",
          "--from", "2030-05-06", "--until", "2030-05-20")
NOBODY = 999999

# Command: what it takes, and what it refuses with which exit code. Commands that
# need an owner's login or a daemon have tests of their own.
EXAMPLES = {
    "run list": (lambda w: ("--office", w.office), None),
    "run show": (lambda w: (w.run_no,), ((NOBODY,), 4)),
    "run create": (lambda w: ("NY-%d" % next(w.days), "--seminar",
                              "kattegat-kommune", "--office", w.office),
                   (("NY-1", "--seminar", "none", "--office", "AAR"), 4)),
    "run change": (lambda w: (w.run_no, "--title", "Titel %s" % w.day()),
                   (("X-1", "--title", "x"), 4)),
    "run move": (lambda w: (w.run_no, "--to", "2032-02-12"),
                 (("X-1", "--to", "2032-02-12"), 4)),
    "run cancel": (lambda w: (w.run_no,), (("X-1",), 4)),
    "run restore": (lambda w: (w.run_no,), (("X-1",), 4)),
    "session list": (lambda w: (w.run_no,), (("X-1",), 4)),
    "session create": (lambda w: (w.run_no, *w.hour()),
                       (("X-1", *TIMES), 4)),
    "session change": (lambda w: (*w.session(), "--title", "Dag i felten"),
                       (("X-1", 1, "--title", "x"), 4)),
    "session move": (lambda w: (*w.session(), "--starts", w.time("08:00"),
                                "--ends", w.time("23:00")),
                     (("X-1", 1), 4)),
    "session cancel": (lambda w: w.session(), (("X-1", 1), 4)),
    "session restore": (lambda w: w.session(), (("X-1", 1), 4)),
    "session teacher": (lambda w: (*w.session(), w.person("teacher"), "asked"),
                        (("X-1", 1, 1, "asked"), 4)),
    "session unteach": (lambda w: w.taught(), (("X-1", 1, 1), 4)),
    "seminar list": (lambda w: (), None),
    "seminar create": (lambda w: ("nyt-%d" % next(w.days), "--title", "Nyt"),
                       (("X", "--title", "Nyt"), 1)),
    "seminar change": (lambda w: ("kattegat-kommune", "--title",
                                  "Titel %s" % w.day()),
                       (("nope", "--title", "x"), 4)),
    "room add": (lambda w: (w.venue, "Nyt lokale %s" % w.day(), "--setups",
                            "islands:25:60:30"),
                 ((NOBODY, "Nyt"), 4)),
    "room free": (lambda w: TIMES, ((*TIMES, "--office", "ZZZ"), 4)),
    "room list": (lambda w: ("--venue", w.venue), None),
    "office add": (lambda w: ("Z" + "".join(chr(65 + int(digit)) for digit in
                                            w.day() if digit.isdigit())[-5:],
                              "Kontor %s" % w.day(), "--town", "Ry"),
                   (("x", "y", "--town", "z"), 1)),
    "office list": (lambda w: (), None),
    "office change": (lambda w: (w.office, "--mail", "kontor@example.org"),
                      (("ZZZ", "--mail", ""), 4)),
    "venue add": (lambda w: (w.office, "Hus %s" % w.day(), "--town",
                             "Viby"),
                  (("ZZZ", "Nyt", "--town", "Viby"), 4)),
    "venue list": (lambda w: (), None),
    "venue change": (lambda w: (w.venue, "--street", "Gade %s" % w.day()),
                     ((NOBODY, "--name", "x"), 4)),
    "person add": (lambda w: ("Ib", "--role", "teacher"),
                   (("Ib", "--role", "coordinator"), 1)),
    "person list": (lambda w: ("--role", "teacher"), None),
    "token create": (lambda w: (w.person(), "x", "--base-url", "https://x"),
                     ((NOBODY, "x", "--base-url", "https://x"), 4)),
    "token list": (lambda w: (), None),
    "token revoke": (lambda w: (w.token(),), ((NOBODY,), 4)),
    "booking create": (lambda w: (w.room, "--title", "x", *w.hour()),
                       ((NOBODY, *TIMES, "--title", "x"), 4)),
    "booking move": (lambda w: (w.booking(), "--starts", w.time("13:00"),
                                "--ends", w.time("15:00")),
                     ((NOBODY,), 4)),
    "booking change": (lambda w: (w.booking(), "--title", "Andet"),
                       ((NOBODY, "--title", "x"), 4)),
    "booking cancel": (lambda w: (w.booking(),), ((NOBODY,), 4)),
    "booking restore": (lambda w: (w.cancelled(),), ((NOBODY,), 4)),
    "booking confirm": (lambda w: (w.booking("--hold-until",
                                             "2030-12-01T12:00"),),
                        ((NOBODY,), 4)),
    "booking show": (lambda w: (w.booking(),), ((NOBODY,), 4)),
    "booking list": (lambda w: ("--kind", "internal"), None),
    "block": (lambda w: (w.room, *w.hour("--from", "--to"), "--title",
                         "Maling"),
              ((NOBODY, "--from", "2030-07-01T08:00", "--to",
                "2030-07-01T12:00", "--title", "x"), 4)),
    "closing-day": (lambda w: ("--office", w.office, "--from", w.day(),
                               "--title", "Ferie"),
                    (("--office", "ZZZ", "--from", "2030-07-02",
                      "--title", "x"), 4)),
    "series preview": (lambda w: (w.room, *SERIES), ((NOBODY, *SERIES), 4)),
    "series create": (lambda w: (w.room, *SERIES[:7], w.day(), "--until",
                                 "2032-12-31", "--freq", "monthly", "--interval",
                                 48, "--on-holidays"),
                      ((NOBODY, *SERIES), 4)),
    "series show": (lambda w: (w.series(),), ((NOBODY,), 4)),
    "series change": (lambda w: (w.series(), "--title", "Nyt kor"),
                      ((NOBODY, "--title", "x"), 4)),
    "series cancel": (lambda w: (w.series(),), ((NOBODY,), 4)),
    "series restore": (lambda w: (w.series(),), ((NOBODY,), 4)),
    "journal list": (lambda w: ("--object", "booking"),
                     (("--id", 7), 1)),
    "journal undo": (lambda w: (w.change(),), ((NOBODY,), 4)),
    "journal verify": (lambda w: (), None),
    "mail list": (lambda w: (), None),
    "account invite": (lambda w: ("--person", w.person(), "--base-url",
                                  "https://x"),
                       (("--person", NOBODY, "--base-url", "https://x"), 4)),
    "account list": (lambda w: (), None),
    "account role": (lambda w: (w.account(), "auditor"),
                     ((NOBODY, "auditor"), 4)),
    "account lock": (lambda w: (w.account(),), ((NOBODY,), 4)),
    "account unlock": (lambda w: (w.account(),), ((NOBODY,), 4)),
    "account token": (lambda w: (w.person(), "tavle"), ((NOBODY, "x"), 4)),
    "account tokens": (lambda w: (), None),
    "account revoke": (lambda w: (w.api_token(),), ((NOBODY,), 4)),
}
ELSEWHERE = {"db init", "db upgrade", "db status", "db retime",
             "registry load", "season import", "season list", "demo",
             "demo load", "reload", "status"}


def commands():
    """All there are, from the completion that kattegatctl makes of its table."""
    text = subprocess.run([str(paths.CTL), "--print", "completion"], text=True,
                          stdout=subprocess.PIPE, check=True).stdout
    verbs = text.split("_kattegatctl_verbs()")[1].split("esac")[0]
    for noun, words in re.findall(r"\t(\S+)\) echo(.*) ;;", verbs):
        for verb in words.split():
            yield "%s %s" % (noun, verb)
        if not words.strip() or noun == "demo":
            yield noun


def test_every_command_has_an_example():
    assert set(commands()) == set(EXAMPLES) | ELSEWHERE


@pytest.mark.parametrize("command", EXAMPLES)
def test_a_command_answers_in_json_and_in_words(world, command):
    words = command.split() + list(EXAMPLES[command][0](world))
    answer = world.ctl(*words)
    assert isinstance(answer, (dict, list))
    if "changed" in answer:
        assert answer["object"] and answer["object_id"]
        assert answer["changed"] in (True, False)
    run = world.ctl.run(*command.split(), *EXAMPLES[command][0](world))
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()
    with pytest.raises(ValueError):
        json.loads(run.stdout)


@pytest.mark.parametrize("command", [
    name for name, example in EXAMPLES.items() if example[1]])
def test_a_command_refuses_with_its_exit_code(world, command):
    words, code = EXAMPLES[command][1]
    run = world.ctl.run("--json", *command.split(), *words)
    assert run.returncode == code, run.stderr
    assert run.stderr.startswith("kattegatctl: ")
    error = json.loads(run.stdout)["error"]
    assert re.match("[A-Z0-9]{5}$", error["code"])
    assert error["exit"] == code


@pytest.mark.parametrize("command", EXAMPLES)
def test_no_command_works_with_the_daemons_login(world, command):
    words = EXAMPLES[command][0](world)
    before = world.one("SELECT max(id) FROM kg.journal")
    run = world.daemon.run(*command.split(), *words)
    assert run.returncode == 3, run.stdout
    assert "permission denied" in run.stderr
    assert "log in with --database as kattegat_operator" in run.stderr
    assert world.one("SELECT max(id) FROM kg.journal") == before


@pytest.mark.parametrize("words, code, said", [
    (("nothing",), 2, "is no command"),
    (("booking", "cancel"), 2, "ID is missing"),
    (("booking", "cancel", "x"), 2, "cannot be used"),
    (("booking", "list", "--kind", "party"), 2, "is not known"),
    (("series", "create", 1, *SERIES, "--skip", "2030-02-30"), 2,
     "days that exist"),
    (("booking", "create", 1, "--diets", "vegan"), 2, "how many"),
    (("account", "lock"), 2, "PERSON is missing"),
])
def test_a_wrong_command_line_ends_with_2(world, words, code, said):
    run = world.ctl.run(*words)
    assert run.returncode == code
    assert said in run.stderr


@pytest.mark.parametrize("command", ["room list", "booking list",
                                     "account list", "db status"])
def test_without_a_database_it_ends_with_3(world, folder, command):
    ctl = Ctl(folder / "nothing.conf", "host=%s dbname=x" % folder)
    run = ctl.run(*command.split())
    assert run.returncode == 3
    assert "is PostgreSQL running" in run.stderr


def test_a_configuration_that_was_named_must_be_there(folder):
    run = Ctl(folder / "none.conf").run("room", "list")
    assert run.returncode == 3
    assert "none.conf" in run.stderr


def test_a_stale_version_ends_with_5_and_the_difference(world):
    number = world.booking()
    world.ctl("booking", "change", number, "--title", "Noget andet")
    run = world.ctl.run("booking", "cancel", number, "--expect", 1)
    assert run.returncode == 5
    assert "Changed since:" in run.stderr
    assert re.search(r"title +Møde +Noget andet", run.stderr)
    with pytest.raises(CtlFailed) as failed:
        world.ctl("booking", "cancel", number, "--expect", 1)
    error = json.loads(failed.value.stdout)["error"]
    assert error["code"] == "KG003"
    assert error["detail"]["version"] == 2


def test_a_change_is_journalled_with_its_reason(world):
    number = world.booking("--why", "chefen ringede")
    assert world.database.row(
        "SELECT actor_id, why FROM kg.journal WHERE object = 'booking'"
        " AND object_id = %s", str(number)) == (None, "chefen ringede")
    number = world.booking()
    assert world.one("SELECT why FROM kg.journal WHERE object = 'booking'"
                     " AND object_id = %s", str(number)) == \
        "kattegatctl booking create"


def test_a_move_is_undone_unless_somebody_built_upon_it(world):
    number = world.booking()
    at = world.ctl("booking", "show", number)["starts_local"]
    other = world.hour()
    world.ctl("booking", "move", number, *other)
    entry = world.ctl("journal", "list", "--object", "booking", "--id", number,
                      "--limit", 1)["items"][0]
    assert (entry["action"], entry["person_id"]) == ("update", None)
    assert entry["before"]["starts_local"][:16] == at
    words = world.ctl.run("journal", "list", "--object", "booking", "--id",
                          number)
    assert "starts_local: " in words.stdout
    run = world.ctl.run("journal", "undo", entry["id"])
    assert run.returncode == 0, run.stderr
    assert "undone" in run.stdout
    assert world.ctl("booking", "show", number)["starts_local"] == at

    world.ctl("booking", "move", number, *other)
    entry = world.ctl("journal", "list", "--object", "booking", "--id", number,
                      "--limit", 1)["items"][0]
    world.ctl("booking", "change", number, "--title", "Bygget videre")
    world.ctl("booking", "create", world.room, "--title", "I vejen", "--starts",
              at, "--ends", at[:11] + "10:00")
    run = world.ctl.run("journal", "undo", entry["id"])
    assert run.returncode == 1
    assert run.stderr.startswith("kattegatctl: ")


def test_a_run_is_made_with_a_session_in_a_room(world):
    number = "NY-%d" % next(world.days)
    world.ctl("run", "create", number, "--seminar", "kattegat-kommune",
              "--office", "ODE", "--venue", world.venue, "--capacity", 20,
              "--status", "open")
    hour = world.hour()
    made = world.ctl("session", "create", number, *hour, "--room", world.room,
                     "--heads", 12)
    assert made["answer"]["no"] == 1
    assert made["answer"]["rooms"][0]["id"] == world.room
    run = world.ctl.run("session", "create", number, *hour, "--room",
                        world.room)
    assert run.returncode == 1
    assert "In the way:" in run.stderr
    moved = world.ctl("run", "move", number, "--to", world.day(), "--rooms",
                      "1:%d" % world.room)
    assert moved["changed"]
    assert world.ctl("run", "show", number)["sessions"][0]["room"]
    world.ctl("run", "move", number, "--rooms", "1:0")
    assert not world.ctl("run", "show", number)["sessions"][0]["room"]


def test_a_journal_that_was_changed_is_found(new_database, folder):
    database = new_database("test_ctl_journal")
    ctl = Ctl(folder / "nothing.conf", database.dsn, str(folder / "nobody"))
    try:
        rows = {row["result"]: row for row in ctl("journal", "verify")}
        assert rows["sealed"]["seal"] is None
        assert rows["unsealed"]["row_count"] > 0
        wait_for(lambda: database.value("SELECT kg.journal_seal(100000)"), 10,
                 "the journal is sealed")
        run = ctl.run("journal", "verify")
        assert run.returncode == 0
        assert "rows are sealed and right" in run.stdout
        # as who could only do it by way of the superuser
        database.run("ALTER TABLE kg.journal DISABLE TRIGGER ALL")
        database.run("UPDATE kg.journal SET why = 'x' WHERE id = 7")
        run = ctl.run("journal", "verify")
        assert run.returncode == 1
        assert "Seal 1, row 7: the row was changed." in run.stdout
        assert "not what was sealed" in run.stderr
    finally:
        database.close()
        database.cluster.drop(database.name)


def test_a_mail_is_listed_until_it_is_sent(world):
    world.database.run(
        "INSERT INTO kg.outbox (kind, person_id, message_id, facts, created_at,"
        " give_up_at, next_try_at, problem) VALUES ('account_invitation', %s,"
        " 'x@y', '{}', now(), now() + interval '3 days', now(),"
        " 'nobody answers')", world.person())
    row = world.ctl("mail", "list", "--state", "waiting")[0]
    assert (row["kind"], row["state"], row["problem"]) == (
        "account_invitation", "waiting", "nobody answers")
    assert world.ctl("mail", "list", "--state", "sent") == []


def test_an_invitation_is_shown_once_and_only_its_hash_is_kept(world):
    made = world.ctl("account", "invite", "--name", "Ida Lund", "--mail",
                     "ida@example.org", "--role", "planner", "--base-url",
                     "https://kg.example")
    found = re.fullmatch(r"https://kg\.example/log-ind/invitation/([a-z2-7]{26})",
                         made["url"])
    digest = hashlib.sha256(found.group(1).encode()).digest()
    assert world.one("SELECT person_id FROM kg.invitation WHERE hash = %s"
                     " AND ended_at IS NULL", digest) == made["object_id"]
    state = {row["person"]: row["state"] for row in world.ctl("account", "list")}
    assert state[made["object_id"]] == "invited"
    mailed = ("SELECT count(*) FROM kg.outbox WHERE person_id = %s"
              " AND kind = 'account_invitation' AND facts ->> 'token' = %s")
    assert made["mailed"] is True
    assert world.one(mailed, made["object_id"], found.group(1)) == 1
    again = world.ctl.run("account", "invite", "--mail", "ida@example.org",
                          "--base-url", "https://kg.example")
    assert "/log-ind/invitation/" in again.stdout
    assert "shown this once" in again.stdout
    assert "A mail with it waits to be sent." in again.stdout
    made = world.ctl("account", "invite", "--mail", "ida@example.org",
                     "--no-mail", "--base-url", "https://kg.example")
    assert made["mailed"] is False
    assert world.one(mailed, made["object_id"],
                     made["url"].rsplit("/", 1)[1]) == 0
    assert world.one("SELECT ended_by FROM kg.invitation WHERE hash = %s",
                     digest) == "replaced"


def test_a_secretary_has_a_municipality(world):
    add = ("person", "add", "Bo Dahl", "--role", "secretary")
    for wrong, status in (((), 1), (("--municipality", "0000"), 4)):
        assert world.ctl.run(*add, *wrong).returncode == status
    assert world.ctl.run("person", "add", "Bo", "--role", "planner",
                         "--municipality", "0751").returncode == 1
    made = world.ctl(*add, "--municipality", "0751")["object_id"]
    row, = [row for row in world.ctl("person", "list", "--role", "secretary")
            if row["id"] == made]
    assert row["municipality"] == "0751"
    member = world.ctl("person", "add", "Byråd", "--role", "councillor")
    assert member["changed"]


def test_an_api_token_is_good_until_it_is_revoked(world):
    person = world.person()
    made = world.ctl("account", "token", person, "tavle", "--role", "auditor",
                     "--until", "2031-01-01")
    digest = hashlib.sha256(made["token"].encode()).digest()
    ask = "SELECT (kg.api_find_actor(%s)).role"
    assert world.one(ask, digest) == "auditor"
    row = world.ctl("account", "tokens", "--person", person)[0]
    assert row["id"] == made["object_id"]
    assert row["until"] == "2031-01-01"
    assert "token" not in row
    world.ctl("account", "revoke", made["object_id"])
    assert world.one(ask, digest) is None
    assert world.ctl("account", "tokens", "--person", person) == []
    assert world.ctl("account", "tokens", "--person", person, "--all")


def test_a_locked_account_ends_its_invitation(world):
    person = world.account()
    world.ctl("account", "lock", person)
    assert world.ctl("account", "list", "--state", "locked")[-1]["person"] == \
        person
    run = world.ctl.run("account", "invite", "--person", person, "--base-url",
                        "https://x")
    assert run.returncode == 1
    assert "locked" in run.stderr
    assert world.ctl("account", "lock", person)["changed"] is False
    world.ctl("account", "unlock", person)


def test_the_daemon_answers_and_reloads(daemon):
    assert len(daemon.workers()) >= 1
    assert daemon.ctl.run("reload").returncode == 0


def test_without_a_daemon_its_commands_end_with_3(world):
    for command in ("status", "reload"):
        run = world.ctl.run(command)
        assert run.returncode == 3, command
        assert run.stderr.startswith("kattegatctl: ")


def test_a_silent_daemon_is_told_after_a_second_and_the_change_stands(
        world, folder):
    path = folder / "silent-ctl"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen(8)
        ctl = Ctl(world.ctl.config, world.ctl.dsn, str(path))
        number = world.booking()
        began = time.monotonic()
        run = ctl.run("booking", "cancel", number)
        took_s = time.monotonic() - began
    assert run.returncode == 0
    assert "cancelled" in run.stdout
    assert "the change is made" in run.stderr
    assert 1 <= took_s < 3 * paths.PATIENCE
    assert world.one("SELECT status FROM kg.booking WHERE id = %s", number) == \
        "cancelled"


def test_who_waits_for_somebody_else_gets_through(world):
    """A change waits for the transaction before it, and then decides anew."""
    day = world.day()
    other = world.database.cluster
    words = ("booking", "create", world.room, "--title", "Anden", "--starts",
             day + "T09:00", "--ends", day + "T10:00")
    runs = []
    with type(world.database)(other, world.database.name) as first:
        first.run("BEGIN")
        first.run("SELECT * FROM kg.operator_call('booking_create', %s, NULL)",
                  json.dumps({"room_id": world.room, "title": "Første",
                              "starts_local": day + "T09:00",
                              "ends_local": day + "T10:00"}))
        waiting = threading.Thread(target=lambda: runs.append(
            world.ctl.run(*words)))
        waiting.start()
        wait_for(lambda: world.one(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            " AND wait_event_type = 'Lock'", world.database.name), 10,
            "the second waits")
        first.run("COMMIT")
    waiting.join()
    assert runs[0].returncode == 1
    assert "Første" in runs[0].stderr


def test_a_seminar_is_made_changed_and_listed(ctl):
    ctl("seminar", "create", "netvaerk", "--title", "Netværk", "--kind",
        "network")
    ctl("seminar", "change", "netvaerk", "--title", "Netværket", "--expect",
        "1")
    found, = ctl("seminar", "list", "--q", "netv")["items"]
    assert (found["title"], found["kind"], found["version"]) == (
        "Netværket", "network", 2)


def test_a_teacher_is_taken_off_a_session(ctl, database):
    run, no, session = (str(value) for value in database.rows(
        "SELECT r.run_no, s.no, s.id FROM kg.session s JOIN kg.run r"
        " ON r.id = s.run_id ORDER BY s.id LIMIT 1")[0])
    person = str(ctl("person", "add", "Ulla Underviser", "--role",
                     "teacher")["object_id"])
    ctl("session", "teacher", run, no, person, "asked")
    ctl("session", "unteach", run, no, person)
    assert database.value("SELECT count(*) FROM kg.session_teacher"
                          " WHERE session_id = %s AND person_id = %s",
                          session, person) == 0
