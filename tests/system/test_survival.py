"""What is killed comes back by itself, and feeds go on meanwhile."""

import os
import signal
import socket

import pytest
from conftest import DEMO, EMPTY

from kattegat.cluster import Cluster, Database
from kattegat.load import Poller
from kattegat.wait import wait_for

# What hangs is given up before that.
OPTIONS = {"statement_limit_ms": 3000}


@pytest.fixture(scope="module")
def own_cluster(folder):
    """One of this module's own, since it is killed."""
    cluster = Cluster(folder / "survival-db")
    cluster.start()
    yield cluster
    cluster.stop("immediate")


@pytest.fixture(scope="module")
def database(own_cluster, fill):
    database = Database(own_cluster, "kattegat")
    fill(database.dsn, EMPTY + DEMO)
    yield database
    database.close()


def retitle(database, season, title):
    database.run("UPDATE kg.run SET title = %s WHERE id = (SELECT min(id)"
                 " FROM kg.run WHERE season_id = (SELECT id FROM kg.season"
                 " WHERE slug = %s))", title, season)


def shows(daemon, path, title):
    return lambda: all(
        title in connection.get(path).text
        for connection in daemon.client.each_worker(2).values())


def test_a_killed_worker_is_replaced_within_a_second(daemon, path):
    worker, pid = sorted(daemon.workers().items())[0]
    with Poller(daemon.client, path) as poller:
        wait_for(lambda: poller.count > 10, 5)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: daemon.workers().get(worker, pid) != pid
                 and len(daemon.workers()) == 2, 1, "a new worker")
        seen = poller.count
        wait_for(lambda: poller.count > seen + 10, 5)
    # Only what that worker had in its hands: one request a thread.
    assert len(poller.failures) <= 2, poller.failures
    daemon.client.each_worker(2)


def test_a_killed_keeper_is_replaced_and_hears_again(
        daemon, database, path, season):
    pid = daemon.keeper()
    with Poller(daemon.client, path) as poller:
        os.kill(pid, signal.SIGKILL)
        retitle(database, season, "Uden vogter")
        wait_for(shows(daemon, path, "Uden vogter"), 5)
        wait_for(lambda: daemon.keeper() not in (0, pid), 5, "a new keeper")
    assert poller.failures == [], daemon.log()
    wait_for(lambda: daemon.status()["listening"], 5, "the keeper listens")
    retitle(database, season, "Med ny vogter")
    wait_for(shows(daemon, path, "Med ny vogter"), 1)


def test_feeds_go_on_from_memory_while_postgresql_is_dead(
        daemon, database, own_cluster, path, season):
    for connection in daemon.client.each_worker(2).values():
        assert connection.get(path).status == 200
    before = daemon.workers()
    database.close()
    with Poller(daemon.client, path) as poller:
        own_cluster.kill()
        wait_for(lambda: not daemon.status()["database"], 10,
                 "the daemon notices")
        seen = poller.count
        wait_for(lambda: poller.count > seen + 100, 10)
        answer = daemon.client.get(path)
        assert answer.status == 200
        assert answer.text.count("BEGIN:VEVENT") == 99
        # What was never asked for cannot be answered, and never as empty.
        other = daemon.client.get("/f/kontor/VEJ.ics")
        assert other.status == 503
        assert int(other.headers["Retry-After"]) > 0
        own_cluster.start()
        wait_for(lambda: daemon.status()["listening"], 10, "it hears again")
    assert poller.failures == [], daemon.log()
    assert daemon.workers() == before
    retitle(database, season, "Efter nedbruddet")
    wait_for(shows(daemon, path, "Efter nedbruddet"), 3)


def test_a_killed_listen_connection_costs_at_most_five_seconds(
        daemon, database, path, season):
    wait_for(lambda: daemon.status()["listening"], 10)
    database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE datname = 'kattegat' AND pid <> pg_backend_pid()")
    retitle(database, season, "Afbrudt")
    wait_for(shows(daemon, path, "Afbrudt"), 5)


def test_hanging_statements_are_answered_from_memory_or_503(
        daemon, database, own_cluster, path):
    for connection in daemon.client.each_worker(2).values():
        assert connection.get(path).status == 200
    own_cluster.signal(signal.SIGSTOP)
    try:
        assert daemon.client.get("/f/kontor/ODE.ics").status == 503
        assert daemon.client.get(path).status == 200
    finally:
        own_cluster.signal(signal.SIGCONT)
    wait_for(lambda: daemon.client.get("/f/kontor/ODE.ics").status != 503, 15)


def test_without_the_database_a_start_gives_503_and_then_the_feed(
        new_daemon, own_cluster, database, path):
    database.close()
    own_cluster.stop("immediate")
    daemon = new_daemon()
    daemon.launch()

    def answers():
        try:
            return daemon.client.get(path).status
        except OSError:
            return None

    try:
        assert wait_for(answers, 15, "an answer") == 503
    finally:
        own_cluster.start()
    wait_for(lambda: answers() == 200, 15, "the feed")


def test_after_a_killed_parent_nobody_listens_and_a_start_works(
        new_daemon, path):
    daemon = new_daemon().start()
    daemon.kill()
    with socket.socket() as link:
        assert link.connect_ex(("127.0.0.1", daemon.port)) != 0
    daemon.start()
    assert daemon.client.get(path).status == 200
