"""Metrics: every count is right, stays right, and tells of nobody."""

import os
import re
import signal
import socket
import stat
import subprocess
import time

import pytest

from kattegat import paths
from kattegat.daemon import free_port
from kattegat.metrics import ask, names_of_samples, scrape
from kattegat.wait import wait_for

ADDRESS = "127.0.0.1:%d" % free_port()
OPTIONS = {"listen_metrics": ADDRESS}

UNKNOWN = "/f/%s.ics" % ("z" * 26)
BEAT_S = 1


@pytest.fixture(scope="module")
def new_token(daemon, database):
    """new_token(name): the path of a new feed of somebody."""
    person = database.value("SELECT person_id FROM kg.session_teacher LIMIT 1")

    def make(name):
        made = daemon.ctl("token", "create", person, name)
        return re.search(r"/f/[^/]+\.ics$", made["url"]).group(0)

    return make


def settled(address=ADDRESS):
    """A scrape of all that happened before: every worker has published since."""
    began = time.monotonic()

    def published():
        passed = time.monotonic() - began
        found = scrape(address)
        ages = [sample.value for sample in found.samples
                if sample.name == "kattegat_heartbeat_age_seconds"
                and sample.labels["process"] == "worker"]
        return ages and max(ages) < passed and found

    return wait_for(published, 5 * BEAT_S, "a heartbeat of every worker")


def more(before, after, name, **labels):
    return after.value(name, **labels) - before.value(name, **labels)


def requests(before, after, **labels):
    return more(before, after, "kattegat_requests_total", **labels)


# ---- what is counted ----

def test_requests_are_counted_by_kind_and_status(daemon, path, new_token):
    client = daemon.client
    token = new_token("min telefon")
    etag = client.get(path).headers["ETag"]
    client.get(token)
    before = settled()
    with client.connect() as connection:
        for _ in range(5):
            assert connection.get(path).status == 200
        for _ in range(7):
            assert connection.get(path, if_none_match=etag).status == 304
        for _ in range(3):
            assert connection.get(token).status == 200
        for _ in range(2):
            assert connection.get(UNKNOWN).status == 404
        assert connection.request(path, method="POST").status == 405
        assert connection.get("/").status == 200
        assert connection.get("/findes/ikke").status == 404
        assert connection.get("/static/findes-ikke.css").status == 404
        assert connection.get("/api/findes/ikke").status == 404
    assert client.raw(b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400")
    after = settled()
    expected = {
        ("feed_public", "200"): 5, ("feed_public", "304"): 7,
        ("feed_public", "405"): 1, ("feed_token", "200"): 3,
        ("feed_token", "404"): 2, ("page", "200"): 1, ("page", "404"): 1,
        ("api", "404"): 1, ("other", "404"): 1, ("other", "400"): 1,
    }
    for (kind, code), count in expected.items():
        assert requests(before, after, kind=kind, code=code) == count, \
            (kind, code)
    assert requests(before, after) == sum(expected.values())
    assert more(before, after, "kattegat_bad_requests_total") == 1
    assert more(before, after, "kattegat_feed_unknown_total") == 2
    assert more(before, after, "kattegat_feed_cache_hits_total") >= 5 + 7 + 3 - 2


def test_each_worker_has_counts_of_its_own(daemon, path):
    connections = daemon.client.each_worker(2)
    before = settled()
    for worker, connection in connections.items():
        for _ in range(worker * 10):
            assert connection.get(path).status == 200
    after = settled()
    for worker, connection in connections.items():
        assert requests(before, after, number=str(worker)) == worker * 10
        assert after.value("kattegat_connections", process="worker",
                           number=str(worker)) >= 1
        connection.close()
    assert requests(before, after, process="worker") == 30
    wait_for(lambda: scrape(ADDRESS).value("kattegat_connections") == 0, 5)


def test_handshakes_connections_and_bytes_are_counted(daemon, path):
    context = daemon.client.context
    ask_head = ("GET %s HTTP/1.1\r\nHost: localhost\r\n"
                "Connection: close\r\n\r\n" % path).encode()

    def poll(session=None):
        with socket.create_connection(("localhost", daemon.port), 10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost",
                                     session=session) as link:
                link.sendall(ask_head)
                size = 0
                while True:
                    part = link.recv(65536)
                    if not part:
                        return link.session, link.session_reused, size
                    size += len(part)

    before = settled()
    session, reused, size = poll()
    assert not reused
    for _ in range(2):
        # heads differ by what Kattegat-Version and Last-Modified take
        session, reused, more_bytes = poll(session)
        assert reused
        size += more_bytes
    with socket.create_connection(("localhost", daemon.port), 10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while plain.recv(4096):
            pass
    after = settled()
    assert more(before, after, "kattegat_handshakes_total", kind="full") == 1
    assert more(before, after, "kattegat_handshakes_total",
                kind="resumed") == 2
    assert more(before, after, "kattegat_handshake_failures_total") == 1
    assert more(before, after, "kattegat_connections_accepted_total") == 4
    sent = more(before, after, "kattegat_sent_bytes_total")
    assert size < sent < size + 20000


def test_a_change_is_rebuilt_once_a_worker_and_its_delay_is_told(
        daemon, database, path, season):
    connections = daemon.client.each_worker(2)
    for connection in connections.values():
        connection.get(path)
    before = settled()
    database.run("UPDATE kg.run SET title = 'Talt' WHERE id = (SELECT min(id)"
                 " FROM kg.run WHERE season_id = (SELECT id FROM kg.season"
                 " WHERE slug = %s))", season)
    wait_for(lambda: all("Talt" in connection.get(path).text
                         for connection in connections.values()), 5)
    after = settled()
    for name in ("kattegat_feed_rebuild_seconds",
                 "kattegat_feed_change_to_served_seconds"):
        for worker in connections:
            assert more(before, after, name + "_count",
                        number=str(worker)) == 1
            assert 0 < more(before, after, name + "_sum",
                            number=str(worker)) < 5 * paths.PATIENCE
            assert more(before, after, name + "_bucket", number=str(worker),
                        le="+Inf") == 1
    assert more(before, after, "kattegat_changes_total") > 0
    assert more(before, after, "kattegat_statements_total",
                outcome="done") >= 2
    assert more(before, after, "kattegat_pool_wait_seconds_count") >= 2
    assert after.value("kattegat_feed_cache_bytes") > 0
    for connection in connections.values():
        connection.close()


def test_processes_and_the_database_are_told_of(daemon):
    found = settled()
    for name in ("kattegat_process_serving", "kattegat_database_up"):
        for labels in ({"process": "keeper", "number": "0"},
                       {"process": "worker", "number": "1"},
                       {"process": "worker", "number": "2"}):
            assert found.value(name, **labels) == 1, (name, labels)
    wait_for(lambda: scrape(ADDRESS).value("kattegat_listening") == 1, 5)
    assert abs(found.value("kattegat_start_time_seconds") - time.time()) < 600
    assert found.value("kattegat_build_info") == 1


# ---- what stays ----

class Watch:
    """Scrapes again and again; no counter may ever fall."""

    def __init__(self):
        self.last = settled()

    def look(self):
        now = scrape(ADDRESS)
        assert now.fallen(self.last) == {}
        self.last = now
        return now


def test_no_total_goes_down_when_a_worker_is_killed(daemon, path):
    for connection in daemon.client.each_worker(2).values():
        for _ in range(20):
            connection.get(path)
        connection.close()
    watch = Watch()
    before = watch.last
    for _ in range(3):
        worker, pid = sorted(daemon.workers().items())[0]
        starts = watch.last.value("kattegat_process_starts_total",
                                  process="worker", number=str(worker))
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: watch.look().value(
            "kattegat_process_starts_total", process="worker",
            number=str(worker)) == starts + 1, 5)
        wait_for(lambda: watch.look().value(
            "kattegat_process_serving", process="worker") == 2, 5)
    daemon.client.get(path)
    after = settled()
    assert after.fallen(before) == {}
    assert requests(before, after, code="200") == 1


def test_a_reload_loses_no_count(daemon, path):
    watch = Watch()
    before = watch.last
    for _ in range(3):
        for _ in range(10):
            assert daemon.client.get(path).status == 200
        # Before the next heartbeat: the old ones write down what they have.
        daemon.ctl("reload")
        watch.look()
    wait_for(lambda: len(daemon.pids()) == 4, 15, "the old ones are gone")
    watch.look()
    after = settled()
    assert requests(before, after) == 30
    assert more(before, after, "kattegat_process_starts_total",
                process="worker") == 6


def test_a_killed_keeper_comes_back_with_all_counts(daemon):
    before = settled()
    os.kill(daemon.keeper(), signal.SIGKILL)

    def answered():
        try:
            found = scrape(ADDRESS)
        except OSError:
            return None
        serving = found.value("kattegat_process_serving", process="keeper")
        return serving == 1 and found

    after = wait_for(answered, 5, "the new keeper")
    assert after.fallen(before) == {}
    assert more(before, after, "kattegat_process_starts_total",
                process="keeper") == 1


# ---- what is told, and to whom ----

def test_labels_hold_nothing_of_anybody(daemon, new_token):
    secrets = [new_token("telefon hos Åse %d" % i) for i in range(20)]
    for secret in secrets:
        assert daemon.client.get(secret).status == 200
        assert daemon.client.get(secret + "x").status == 404
    found = settled()
    known = re.compile(
        r"\d{1,3}|worker|keeper|feed_public|feed_token|page|api|other|full"
        r"|resumed|waiting|under_way|done|refused|away|late|busy|\+Inf"
        r"|\d+\.\d+|\d+\.\d+\.\d+")
    for sample in found.samples:
        for name, value in sample.labels.items():
            assert known.fullmatch(value), (sample.name, name, value)
    for secret in secrets:
        token = secret[len("/f/"):-len(".ics")]
        assert token not in found.text
    for word in ("Åse", "/f/", str(daemon.port), "127.0.0.1", "[::",
                 daemon.run_dir):
        assert word not in found.text


def test_every_metric_stands_in_the_manual(daemon):
    found = settled()
    page = paths.BUILD / "etc/kattegat-metrics.5"
    documented = set(names_of_samples(page))
    said = {re.sub(r"_(bucket|count|sum)$", "", sample.name)
            if family.type == "histogram" else sample.name
            for family in found.families for sample in family.samples}
    assert said == documented
    for family in found.families:
        assert family.documentation
        assert not family.unit or family.name.endswith("_" + family.unit)


def test_only_metrics_are_there_and_they_can_only_be_read(daemon):
    reply, _ = ask(ADDRESS, "/")
    assert reply.status == 404
    reply, _ = ask(ADDRESS, "/f/alle.ics")
    assert reply.status == 404
    reply, _ = ask(ADDRESS, method="POST")
    assert reply.status == 405
    reply, text = ask(ADDRESS, method="HEAD")
    assert reply.status == 200 and text == ""
    assert int(reply.headers["Content-Length"]) > 1000


def test_visitors_do_not_find_them(daemon):
    assert daemon.client.get("/metrics").status == 404


@pytest.mark.parametrize("value", [
    "0.0.0.0:9120", "[::]:9120", "192.0.2.1:9120", "[2001:db8::1]:9120",
    "localhost:9120", "9120", "metrics.socket"])
def test_a_listener_that_others_could_reach_is_refused(
        daemon, new_daemon, value):
    other = new_daemon(listen_metrics=value)
    other.write_config()
    line = [number for number, text in enumerate(
        other.config.read_text().splitlines(), 1)
        if text.startswith("listen_metrics ")][0]
    run = subprocess.run(
        [str(paths.DAEMON), "--config", str(other.config), "--check-config"],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert run.returncode == 1
    assert "%s:%d: listen_metrics" % (other.config, line) in run.stdout
    assert "127.0.0.1:9120" in run.stdout


def test_a_unix_socket_is_for_the_daemons_user_and_group(new_daemon, path):
    daemon = new_daemon()
    address = daemon.run_dir + "/metrics"
    daemon.write_config(listen_metrics=address)
    daemon.start()
    daemon.client.get(path)
    assert settled(address).value("kattegat_requests_total", code="200") == 1
    found = os.stat(address)
    assert stat.S_IMODE(found.st_mode) == 0o660
    if paths.AM_ROOT:
        assert found.st_uid != 0
    # What a killed one leaves does not keep the next one from starting.
    daemon.kill()
    daemon.start()
    assert settled(address).value("kattegat_requests_total") == 0
    daemon.reload()
    wait_for(lambda: scrape(address).value(
        "kattegat_process_starts_total", process="keeper") == 2, 10)
    assert daemon.stop() == 0
    with pytest.raises(OSError):
        ask(address)


def test_a_taken_address_is_said_with_its_line(daemon, new_daemon):
    other = new_daemon(listen_metrics=ADDRESS)
    other.launch()
    assert other.process.wait(15 * paths.PATIENCE) == 1
    assert re.search(r"%s:\d+: listen_metrics: %s: " % (
        re.escape(str(other.config)), re.escape(ADDRESS)), other.log())


def test_without_the_option_nobody_listens(daemon, new_daemon):
    other = new_daemon().start()
    assert "metrics on %s" % ADDRESS in daemon.log()
    assert "metrics on" not in other.log()
