"""What breaks under coordinators who book: no promise is broken, nothing is booked
twice, and it goes on by itself. checker.py judges what they saw against the rows."""

import contextlib
import http.client
import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest
from conftest import DEMO, EMPTY

from kattegat import paths
from kattegat.api import Api, new_api_token, new_person
from kattegat.bookers import Bookers, watched_workers
from kattegat.cluster import Cluster, Database
from kattegat.daemon import free_port
from kattegat.judge import add_rooms, check, held
from kattegat.load import Poller
from kattegat.metrics import scrape
from kattegat.pg_proxy import AFTER, BEFORE, PgProxy
from kattegat.wait import wait_for

OFFICE = "AAR"
LIMIT_S = 20
OPTIONS = {"statement_limit_ms": 1000 * LIMIT_S}


@pytest.fixture(scope="module")
def own_cluster(folder):
    """One of this module's own, since it is killed."""
    cluster = Cluster(folder / "bookings-db")
    cluster.start()
    yield cluster
    cluster.stop("immediate")


@pytest.fixture(scope="module")
def database(own_cluster, fill):
    database = Database(own_cluster, "kattegat")
    fill(database.dsn, EMPTY + DEMO)
    yield database
    database.close()


@pytest.fixture(scope="module")
def impatient(new_daemon):
    """It gives up a statement that hangs before the test gets bored."""
    return new_daemon(statement_limit_ms=3000).start()


@pytest.fixture(scope="module")
def token(database):
    return new_api_token(database, new_person(database, "coordinator", OFFICE))


@pytest.fixture
def own_rooms(database):
    """Of one test only, so that its history explains all their rows."""
    return add_rooms(database, OFFICE)


def wish(room, day, start="09:00", end="10:00"):
    return {"room_id": room, "title": "Møde", "starts_local": "%sT%s" % (
        day, start), "ends_local": "%sT%s" % (day, end)}


def count(database, room, day):
    return database.value(
        "SELECT count(*) FROM kg.booking WHERE room_id = %s AND"
        " starts_local::date = %s", room, day)


def retitle(database, season, title):
    database.run("UPDATE kg.run SET title = %s WHERE id = (SELECT min(id)"
                 " FROM kg.run WHERE season_id = (SELECT id FROM kg.season"
                 " WHERE slug = %s))", title, season)


def judge(tmp_path, database, bookers):
    """Every request settles when it is asked again, and every answer was true."""
    bookers.ask_again()
    assert check(tmp_path, bookers.history,
                 held(database, bookers.rooms)) == []


# ---- the database ----

def test_a_killed_database_breaks_no_promise_and_booking_goes_on(
        daemon, database, own_cluster, own_rooms, token, tmp_path):
    database.close()
    with watched_workers(daemon), Bookers(
            daemon.client, token, own_rooms, seed=1) as bookers:
        bookers.wait_for_booked(20)
        own_cluster.kill()
        bookers.wait_for_refused(20)
        own_cluster.start()
        back = time.monotonic()
        first = bookers.wait_for_booked(20)
    print("503 after %.2f s at most, booked %.2f s after it was back" % (
        bookers.longest_s(503), first["ended"] - back))
    assert first["ended"] - back < 3 * paths.PATIENCE
    assert bookers.broken == []
    assert {entry["status"] for entry in bookers.history} <= {201, 409, 503}
    assert all(int(entry["retry_s"]) > 0 for entry in bookers.having(503))
    # nobody waited for the limit of a statement
    assert bookers.longest_s(503) < LIMIT_S / 2
    judge(tmp_path, database, bookers)


@pytest.fixture(scope="module")
def proxy(folder, own_cluster):
    proxy = PgProxy(folder / "proxy", own_cluster.socket()).start()
    yield proxy
    proxy.stop()


@pytest.fixture(scope="module")
def proxied(new_daemon, proxy):
    return new_daemon(workers=1,
                      dsn=proxy.dsn("kattegat", "kattegat")).start()


@pytest.mark.parametrize("when, there, day", [(BEFORE, 0, "2033-02-01"),
                                              (AFTER, 1, "2033-02-02")])
def test_an_answer_lost_at_the_commit_is_told_by_the_key(
        proxied, proxy, database, own_rooms, token, when, there, day):
    room = own_rooms[3]
    with Api(proxied.client, token) as api:
        assert api.get("/me").status == 200
        proxy.cut("booking_create", when)
        lost = api.post("/bookings", wish(room, day), key="lost-%s" % when)
        assert proxy.done.wait(60)
        assert (lost.status, lost.problem) == (503, "outcome-unknown")
        assert int(lost.headers["Retry-After"]) > 0
        assert count(database, room, day) == there
        again = api.post("/bookings", wish(room, day), key="lost-%s" % when)
        assert again.status == 201
        third = api.post("/bookings", wish(room, day), key="lost-%s" % when)
        assert (third.status, third.body) == (201, again.body)
        assert third.headers["Location"] == again.headers["Location"]
    assert count(database, room, day) == 1


def test_a_booking_whose_answer_was_lost_is_in_the_feed(
        proxied, proxy, database, own_rooms, token):
    feed = "/f/lokale/%d.ics" % own_rooms[4]
    assert proxied.client.get(feed).status == 200
    wait_for(lambda: proxied.status()["listening"], 10, "it hears")
    proxy.cut("booking_create", AFTER)
    with Api(proxied.client, token) as api:
        lost = api.post("/bookings", wish(own_rooms[4], "2033-02-03"))
    assert lost.status == 503
    assert count(database, own_rooms[4], "2033-02-03") == 1
    wait_for(lambda: "20330203T090000" in proxied.client.get(feed).text, 5,
             "the feed shows it")


def test_answers_of_the_database_in_small_pieces_change_no_byte(
        daemon, proxied, proxy, database, own_rooms, token, path, season):
    def body(daemon):
        """The port stands in links."""
        return daemon.client.get(path).body.replace(
            b":%d" % daemon.port, b":PORT")

    proxy.step = 3
    try:
        retitle(database, season, "I små stykker")
        wait_for(lambda: "I små stykker".encode() in body(proxied), 10,
                 "it was made anew")
        wait_for(lambda: body(daemon) == body(proxied), 5, "they are the same")
        with Api(proxied.client, token) as api:
            made = api.post("/bookings", wish(own_rooms[3], "2033-02-04"))
            assert made.status == 201
            assert api.get("/bookings/%d" % made.json["id"]).json == made.json
    finally:
        proxy.step = 65536


def through_a_keyhole(client, request):
    """Sends a byte a record, and reads little at once through a small window, up
    to the server's end."""
    plain = socket.socket()
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(120)
    plain.connect(("127.0.0.1", client.port))
    with client.context.wrap_socket(plain, server_hostname="localhost") as link:
        for byte in request.encode():
            link.sendall(bytes([byte]))
        heard = b""
        while part := link.recv(300):
            heard += part
    return heard


def test_clients_that_take_and_give_little_at_once_get_the_same_bytes(
        daemon, database, own_rooms, token, path):
    whole = daemon.client.get(path).body
    ask = "GET %s HTTP/1.1\r\nHost: localhost\r\n" % path
    # More than the kernel takes for a client that has read nothing yet.
    heard = through_a_keyhole(daemon.client, 9 * (ask + "\r\n") + ask
                              + "Connection: close\r\n\r\n")
    assert heard.count(whole) == heard.count(b"HTTP/1.1 200 OK\r\n") == 10
    body = json.dumps(wish(own_rooms[3], "2033-02-05"))
    heard = through_a_keyhole(
        daemon.client, "POST /api/v1/bookings HTTP/1.1\r\nHost: localhost\r\n"
        "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
        "Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (
            token, len(body), body))
    assert heard.startswith(b"HTTP/1.1 201 Created\r\n")
    assert count(database, own_rooms[3], "2033-02-05") == 1


def ask_and_reset(client, token, body, key, after_s):
    """Asks, and resets the connection so late, whatever has come."""
    connection = client.connect()
    connection.certificate()
    link = connection._link
    link.request("POST", "/api/v1/bookings", json.dumps(body), {
        "Authorization": "Bearer " + token, "Idempotency-Key": key,
        "Content-Type": "application/json"})
    select.select([link.sock], [], [], after_s)
    link.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         struct.pack("ii", 1, 0))
    connection.close()


def test_clients_reset_at_any_moment_have_booked_once(
        daemon, database, own_rooms, token):
    """Some bookings are not done then, some are under way, some are done."""
    room = own_rooms[3]
    bodies = {}
    with Api(daemon.client, token, check=False) as api:
        for turn in range(40):
            body = wish(room, "2033-03-%02d" % (turn % 20 + 1),
                        *(("09:00", "10:00"), ("11:00", "12:00"))[turn // 20])
            ask_and_reset(daemon.client, token, body, "reset-%02d" % turn,
                          0.0005 * turn)
            again = api.post("/bookings", body, key="reset-%02d" % turn)
            assert again.status == 201, again
            bodies[again.json["id"]] = again.body
    assert len(bodies) == 40
    assert {row.id for row in database.rows(
        "SELECT id FROM kg.booking WHERE room_id = %s", room)} == set(bodies)


# ---- statements that hang ----

def backends(database, state="%"):
    return [row.pid for row in database.rows(
        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE"
        " 'kattegatd worker%%' AND state LIKE %s", state)]


def test_a_held_lock_costs_five_seconds_and_feeds_go_on(
        impatient, database, own_rooms, token, path, season, tmp_path):
    for connection in impatient.client.each_worker(2).values():
        assert connection.get(path).status == 200
    holder = Database(database.cluster, "kattegat")
    with watched_workers(impatient), Poller(impatient.client, path) as poller, \
            Bookers(impatient.client, token, own_rooms, seed=3,
                    threads=12) as bookers:
        bookers.wait_for_booked(10)
        holder.run("BEGIN")
        holder.rows("SELECT FROM kg.room WHERE id = ANY (%s::int[])"
                    " FOR UPDATE", "{%s}" % ",".join(map(str, own_rooms)))
        bookers.wait_for_refused(12)
        # A feed that must be made anew, with every connection waiting.
        retitle(database, season, "Under en lås")
        seen = poller.count
        wait_for(lambda: poller.count > seen + 3, 10, "feeds go on")
        # Nothing piles up in the server: two workers, each with four, and as
        # many that were given up within the last second.
        assert len(backends(database, "active")) <= 2 * 4 * 2
        holder.run("ROLLBACK")
        bookers.wait_for_booked(10)
    holder.close()
    assert poller.failures == []
    assert bookers.broken == []
    assert bookers.longest_s(201, 409, 503) < 5 * paths.PATIENCE
    judge(tmp_path, database, bookers)


def test_reads_and_feeds_answer_while_every_writer_waits(
        new_daemon, database, own_rooms, token):
    """Order, not seconds: the writers' statements may take a minute."""
    metrics = "127.0.0.1:%d" % free_port()
    daemon = new_daemon(workers=1, statement_limit_ms=60000,
                        listen_metrics=metrics).start()
    answers = []

    def book(turn):
        with Api(daemon.client, token) as api:
            answers.append(api.post("/bookings", wish(
                own_rooms[3], "2033-04-%02d" % (turn + 1))).status)

    writers = [threading.Thread(target=book, args=(turn,))
               for turn in range(8)]
    with Api(daemon.client, token) as api, \
            Database(database.cluster, "kattegat") as holder:
        holder.run("BEGIN")
        holder.rows("SELECT FROM kg.room WHERE id = ANY (%s::int[])"
                    " FOR UPDATE", "{%s}" % ",".join(map(str, own_rooms)))
        for writer in writers:
            writer.start()
        wait_for(lambda: scrape(metrics).value(
            "kattegat_pool_statements", process="worker") == 8,
            20, "writers that wait")
        assert api.get("/me").status == 200
        assert daemon.client.get(
            "/f/lokale/%d.ics" % own_rooms[0]).status == 200
        assert answers == []
        holder.run("ROLLBACK")
        for writer in writers:
            writer.join()
    assert answers == [201] * 8


def test_stopped_backends_cost_five_seconds_and_book_at_most_once(
        impatient, database, own_rooms, token, path, tmp_path):
    for connection in impatient.client.each_worker(2).values():
        assert connection.get(path).status == 200
    with watched_workers(impatient), Poller(impatient.client, path) as poller, \
            Bookers(impatient.client, token, own_rooms, seed=4,
                    threads=12) as bookers:
        bookers.wait_for_booked(10)
        stopped = backends(database)
        since = time.monotonic()
        try:
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            # As many as one worker has, which six bookers at least ask. What
            # comes later is booked by new ones, unless a stopped one holds the
            # rooms' locks.
            bookers.wait_for_refused(4, since=since)
            seen = poller.count
            wait_for(lambda: poller.count > seen + 20, 10, "feeds go on")
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        bookers.wait_for_booked(10)
    assert poller.failures == []
    assert bookers.broken == []
    assert bookers.longest_s(201, 409, 503) < 5 * paths.PATIENCE
    judge(tmp_path, database, bookers)


# ---- what a process may have ----

def cpu_s(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for_heartbeat(daemon):
    """The next one of the only worker."""
    def age_ms():
        return daemon.status()["workers"][0]["heartbeat_age_ms"]

    ages = [age_ms()]

    def is_younger():
        ages.append(age_ms())
        return ages[-1] < ages[-2]

    wait_for(is_younger, 5, "a heartbeat")


def prlimit(pid, *words):
    """As the worker's own user: root would need a capability for it."""
    command = ["prlimit", "--pid", str(pid), *words]
    if paths.AM_ROOT:
        command = ["runuser", "-u", paths.USER, "--", *command]
    return subprocess.run(command, capture_output=True, text=True,
                          check=False)


@contextlib.contextmanager
def limited(pid, what, most):
    old = prlimit(pid, "--noheadings", "--output", "SOFT", "--" + what)
    run = prlimit(pid, "--%s=%s:" % (what, most))
    assert run.returncode == 0, run.stderr
    try:
        yield
    finally:
        # it may have ended
        prlimit(pid, "--%s=%s:" % (what, old.stdout.strip()))


def test_a_worker_without_descriptors_serves_whom_it_has_and_goes_on(
        new_daemon, database, own_rooms, token, path):
    daemon = new_daemon(workers=1, statement_limit_ms=3000).start()
    pid = daemon.workers()[1]
    kept = daemon.client.connect()
    whole = kept.get(path).body
    late = []
    with Api(daemon.client, token, check=False) as api:
        assert api.post("/bookings", wish(own_rooms[3],
                                          "2033-05-01")).status == 201
        waiting = threading.Thread(target=lambda: late.append(
            daemon.client.get(path).body), daemon=True)
        # Below what it has open: nothing new can be had.
        with limited(pid, "nofile", 3):
            waiting.start()
            wait_for(lambda: "the next connections wait" in daemon.log(), 10,
                     "it says so")
            assert api.post("/bookings", wish(own_rooms[3],
                                              "2033-05-02")).status == 201
            database.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'kattegatd worker 1'")
            wait_for(lambda: api.get("/me").status == 503, 5,
                     "no connection can be made")
            refused = api.post("/bookings", wish(own_rooms[3], "2033-05-03"))
            assert refused.status == 503
            began, used = time.monotonic(), cpu_s(pid)
            for _ in range(2):
                wait_for_heartbeat(daemon)
            assert kept.get(path).body == whole
            share = (cpu_s(pid) - used) / (time.monotonic() - began)
            assert share < 0.25, "it spins"
            assert late == []
        waiting.join(10)
        wait_for(lambda: api.get("/me").status == 200, 5, "it is back")
        assert api.post("/bookings", wish(own_rooms[3],
                                          "2033-05-03")).status == 201
    kept.close()
    assert late == [whole]
    assert daemon.workers() == {1: pid}
    assert count(database, own_rooms[3], "2033-05-03") == 1


def address_space(pid):
    with open("/proc/%d/statm" % pid, encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def crowd_in(client, whole, most):
    """Connections that are kept, each of which costs memory, until fifty were
    not served; and how many were not. What is served must be as it was."""
    links, unserved = [], 0
    paths_of = sorted(whole)
    for number in range(most):
        if unserved >= 50:
            break
        links.append(client.connect(timeout_s=5))
        feed = paths_of[number % len(paths_of)]
        try:
            answer = links[-1].get(feed)
        except (OSError, http.client.HTTPException):
            unserved += 1
            continue
        assert answer.status in (200, 503), answer
        assert answer.status == 503 or answer.body == whole[feed], feed
        unserved += answer.status == 503
    return links, unserved


@pytest.mark.skipif("san" in paths.BUILD.name or paths.VALGRIND,
                    reason="their memory is not counted like this")
def test_a_worker_without_memory_says_nothing_false(
        new_daemon, database, own_rooms, token, path, tmp_path):
    """It refuses connections or ends and is replaced, by where it runs short."""
    daemon = new_daemon(connections_unlimited_from="127.0.0.1").start()
    feeds = [path, "/f/alle.ics"] + ["/f/kontor/%s.ics" % row.code for row in
                                     database.rows("SELECT code FROM kg.office"
                                                   " WHERE code <> %s", OFFICE)]
    whole = {feed: daemon.client.get(feed).body for feed in feeds}
    short = 0
    with Poller(daemon.client, path) as poller, Bookers(
            daemon.client, token, own_rooms, seed=5) as bookers:
        bookers.wait_for_booked(10)
        for more in (0, 20 << 10, 80 << 10, 300 << 10):
            number, pid = sorted(daemon.workers().items())[0]
            with limited(pid, "as", address_space(pid) + more):
                links, unserved = crowd_in(daemon.client, whole, 600)
            wait_for(lambda: len(daemon.workers()) == 2, 10, "two workers")
            short += unserved + (daemon.workers()[number] != pid)
            for link in links:
                link.close()
            seen = poller.count
            bookers.wait_for_booked(10)
            wait_for(lambda: poller.count > seen + 10, 10)
    assert short > 0, "the memory was enough"
    assert poller.bodies == {whole[path]}
    assert set(poller.answers) <= {200, 503}
    assert {entry["status"] for entry in bookers.history} <= {0, 201, 409, 503}
    judge(tmp_path, database, bookers)
