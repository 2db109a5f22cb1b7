"""The primary dies, its synchronous standby is promoted: nothing that was promised is
lost, nothing is booked twice, and nobody's hand is needed on the daemon."""

import contextlib
import os
import signal
import time

import pytest
from conftest import DEMO, EMPTY

from kattegat import paths
from kattegat.api import new_api_token, new_person
from kattegat.bookers import Bookers, watched_workers
from kattegat.cluster import Cluster, Database
from kattegat.judge import add_rooms, check, held
from kattegat.load import Poller
from kattegat.standby import Standby
from kattegat.wait import wait_for

OFFICE = "AAR"


@pytest.fixture(scope="module")
def primary(folder):
    cluster = Cluster(folder / "primary")
    cluster.start()
    yield cluster
    cluster.stop("immediate")


@pytest.fixture(scope="module")
def database(primary, fill):
    database = Database(primary, "kattegat")
    fill(database.dsn, EMPTY + DEMO)
    yield database
    database.close()


@pytest.fixture(scope="module")
def rooms(database):
    return add_rooms(database, OFFICE)


@pytest.fixture(scope="module")
def token(database):
    return new_api_token(database, new_person(database, "coordinator", OFFICE))


@pytest.fixture(scope="module")
def standby(folder, primary, database, rooms, token):
    standby = Standby(folder / "standby", primary)
    standby.start()
    yield standby
    standby.stop("immediate")


@pytest.fixture(scope="module")
def daemon(new_daemon, primary, standby):
    return new_daemon(statement_limit_ms=3000, dsn="host=%s,%s user=kattegat"
                      " dbname=kattegat target_session_attrs=read-write" % (
                          primary.socket(), standby.socket())).start()


def retitle(database, season, title):
    database.run("UPDATE kg.run SET title = %s WHERE id = (SELECT min(id)"
                 " FROM kg.run WHERE season_id = (SELECT id FROM kg.season"
                 " WHERE slug = %s))", title, season)


@contextlib.contextmanager
def stopped(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def test_after_a_failover_no_promise_is_lost_and_booking_goes_on(
        daemon, database, primary, standby, rooms, token, season, tmp_path):
    path = "/f/saeson/%s.ics" % season
    links = list(daemon.client.each_worker(2).values())
    keeper = daemon.keeper()
    promoted = Database(standby, "kattegat")

    def shown(title):
        return all(title in link.get(path).text for link in links)

    with watched_workers(daemon), \
            Poller(daemon.client, "/f/alle.ics") as poller, \
            Bookers(daemon.client, token, rooms, seed=6) as bookers:
        bookers.wait_for_booked(20)
        # From here on the primary has commits that the standby has not, and
        # may promise none of them.
        standby.cut_off()
        bookers.wait_for_refused(4)
        database.close()
        primary.kill()
        bookers.wait_for_refused(8)
        # The keeper comes over later than a change of which it hears nothing.
        with stopped(keeper):
            standby.promote()
            back = time.monotonic()
            first = bookers.wait_for_booked(20)
            retitle(promoted, season, "Kort efter")
            wait_for(lambda: shown("Kort efter"), 8, "feeds are made anew")
            retitle(promoted, season, "Uden vogter")
        wait_for(lambda: daemon.status()["listening"], 10, "it hears again")
        assert shown("Uden vogter")
    print("booked %.2f s after the promotion" % (first["ended"] - back))
    assert first["ended"] - back < 5 * paths.PATIENCE
    assert poller.failures == []
    assert bookers.broken == []
    assert {entry["status"] for entry in bookers.history} <= {201, 409, 503}
    bookers.ask_again()
    assert check(tmp_path, bookers.history, held(promoted, rooms)) == []
    promoted.close()
