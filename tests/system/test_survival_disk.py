"""PostgreSQL's disk is full: bookings are refused in words, nothing is done by half, and
it goes on when there is room. Skipped where nothing can be mounted."""

import shutil
import subprocess

import psycopg2
import pytest
from conftest import DEMO, EMPTY

from kattegat.api import Api, new_api_token, new_person
from kattegat.bookers import Bookers, watched_workers
from kattegat.cluster import Cluster, Database
from kattegat.judge import add_rooms, check, held
from kattegat.load import Poller
from kattegat.small_disk import SmallDisk
from kattegat.wait import wait_for

OFFICE = "AAR"


@pytest.fixture(scope="module")
def new_disk(folder):
    made = []

    def make(name, size_mib):
        disk = SmallDisk(folder / name)
        made.append(disk)
        if not disk.mount(size_mib):
            pytest.skip("nothing can be mounted here")
        return disk

    yield make
    for disk in made:
        disk.unmount()


@pytest.fixture(scope="module")
def data_disk(new_disk):
    return new_disk("data-disk", 256)


@pytest.fixture(scope="module")
def log_disk(new_disk):
    return new_disk("log-disk", 256)


@pytest.fixture(scope="module")
def own_cluster(folder, data_disk, log_disk):
    """The log and the database's tables lie on the small disks."""
    cluster = Cluster(folder / "disk-db")
    cluster.start()
    cluster.stop()
    log = cluster.folder / "pg/pg_wal"
    place = log_disk.place("wal")
    subprocess.run(["cp", "-a", str(log) + "/.", str(place)], check=True)
    shutil.rmtree(log)
    log.symlink_to(place)
    with open(cluster.folder / "pg/postgresql.conf", "a",
              encoding="ascii") as file:
        # Each segment is a new file, and none goes for a while.
        file.write("wal_recycle = off\nmin_wal_size = 32MB\n"
                   "max_wal_size = 1GB\n")
    cluster.start()
    yield cluster
    cluster.stop("immediate")


@pytest.fixture(scope="module")
def database(own_cluster, data_disk, fill):
    place = data_disk.place("tables")
    with Database(own_cluster, "postgres") as admin:
        admin.run("CREATE TABLESPACE small LOCATION '%s'" % place)
        admin.run("ALTER DATABASE kattegat SET TABLESPACE small")
    database = Database(own_cluster, "kattegat")
    fill(database.dsn, EMPTY + DEMO)
    yield database
    database.close()


@pytest.fixture
def rooms(database):
    return add_rooms(database, OFFICE)


@pytest.fixture(scope="module")
def token(database):
    return new_api_token(database, new_person(database, "coordinator", OFFICE))


def rows_of(database):
    """Each booking has its line in the journal, and each line its booking."""
    return database.row(
        "SELECT (SELECT count(*) FROM kg.booking b WHERE NOT EXISTS (SELECT"
        " FROM kg.journal j WHERE j.object = 'booking' AND j.object_id ="
        " b.id::text)) AS unwritten, (SELECT count(*) FROM kg.journal j WHERE"
        " j.object = 'booking' AND NOT EXISTS (SELECT FROM kg.booking b"
        " WHERE b.id::text = j.object_id)) AS unfounded")


def test_without_room_for_rows_bookings_are_refused_and_nothing_is_half_done(
        daemon, database, data_disk, rooms, token, path, tmp_path):
    for connection in daemon.client.each_worker(2).values():
        assert connection.get(path).status == 200
    with watched_workers(daemon), Poller(daemon.client, path) as poller, \
            Bookers(daemon.client, token, rooms, seed=7) as bookers:
        bookers.wait_for_booked(10)
        with data_disk.full():
            # Pages that have room left are filled first.
            bookers.wait_for_refused(20, 30)
            with Api(daemon.client, token) as api:
                assert api.get("/rooms/%d/week" % rooms[3],
                               week="2031-W02").status == 200
            assert daemon.status()["database"]
        bookers.wait_for_booked(20)
    assert poller.failures == []
    assert bookers.broken == []
    refused = bookers.having(503)
    assert {entry["status"] for entry in bookers.history} <= {201, 409, 503}
    assert {entry["problem"] for entry in refused} == {"busy"}
    assert all(int(entry["retry_s"]) > 0 for entry in refused)
    bookers.ask_again()
    assert check(tmp_path, bookers.history, held(database, rooms)) == []
    assert tuple(rows_of(database)) == (0, 0)


def use_up_segment(database):
    """The rest of the log's present file; whether it could be said."""
    try:
        database.run("SELECT pg_switch_wal()")
    except psycopg2.Error:
        return False
    return True


def test_without_room_for_the_log_it_goes_down_and_comes_back_whole(
        daemon, database, own_cluster, log_disk, rooms, token, path, tmp_path):
    """PostgreSQL cannot go on then; what matters is what it promised before."""
    for connection in daemon.client.each_worker(2).values():
        assert connection.get(path).status == 200
    with watched_workers(daemon), Poller(daemon.client, path) as poller, \
            Bookers(daemon.client, token, rooms, seed=8) as bookers:
        bookers.wait_for_booked(10)
        with log_disk.full():
            while use_up_segment(database) and not bookers.having(503):
                bookers.wait_for_answers(1)
            bookers.wait_for_refused(20)
            database.close()
        own_cluster.start()         # nothing when it came back by itself
        bookers.wait_for_booked(20)
    assert "No space left on device" in (
        own_cluster.folder / "pg.log").read_text(errors="replace")
    assert poller.failures == []
    assert bookers.broken == []
    assert {entry["status"] for entry in bookers.history} <= {201, 409, 503}
    bookers.ask_again()
    assert check(tmp_path, bookers.history, held(database, rooms)) == []
    assert tuple(rows_of(database)) == (0, 0)
