"""Idle connections, slow senders and slow readers do not keep others waiting, and the
slow ones are gone by the limits. In the long run with figures."""

import os
import pathlib
import resource
import time

import pytest

from kattegat import paths
from kattegat.crowd import Crowd
from kattegat.load import Poller
from kattegat.wait import wait_for

SMALL = {"idle": 500, "senders": 100, "readers": 50}
LARGE = {"idle": 10000, "senders": 1000, "readers": 500}
POLLS = 1500


@pytest.fixture
def new_crowd(authority):
    made = []

    def make(daemon):
        crowd = Crowd(daemon.client, authority.file)
        made.append(crowd)
        return crowd

    yield make
    for crowd in made:
        crowd.stop()


def connections(daemon):
    return sum(worker["counts"]["connections"]
               for worker in daemon.status()["workers"])


def memory_bytes(daemon):
    """Of all processes; what they share is divided among them where that may be
    read, else counted for each."""
    total = 0
    for pid in daemon.pids():
        place = pathlib.Path("/proc/%d" % pid)
        try:
            lines = (place / "smaps_rollup").read_text().splitlines()
            total += 1024 * int(next(line for line in lines if
                                     line.startswith("Pss:")).split()[1])
        except PermissionError:
            total += (resource.getpagesize()
                      * int((place / "statm").read_text().split()[1]))
    return total


def p99_ms(client, path, count):
    """Each on a connection of its own, as calendars do."""
    waits = []
    for _ in range(count):
        began = time.monotonic()
        answer = client.get(path)
        waits.append(time.monotonic() - began)
        assert answer.status == 200
    return 1000 * sorted(waits)[int(0.99 * count)]


def check_gone(daemon, crowd, counts, limit_s):
    """The slow ones, told why where they can hear it; the idle ones stay."""
    wait_for(lambda: crowd.state()["senders"] == 0, limit_s,
             "the slow senders are gone")
    wait_for(lambda: connections(daemon) <= counts["idle"] + 10, limit_s,
             "the slow readers are gone")
    state = crowd.state()
    assert state["idle"] == counts["idle"]
    assert sum(state["refused"].values()) == counts["senders"]
    assert "408" in state["refused"]
    assert crowd.read_all() == 0


def test_slow_clients_are_gone_by_the_limits_and_harm_nobody(
        new_daemon, new_crowd, season):
    path = "/f/saeson/%s.ics" % season
    daemon = new_daemon(connections_unlimited_from="127.0.0.1",
                        header_limit_ms=2000 * paths.SLOWER,
                        stalled_limit_ms=2000 * paths.SLOWER).start()
    crowd = new_crowd(daemon)
    assert daemon.client.get(path).status == 200
    before = daemon.workers()
    with Poller(daemon.client, path) as poller:
        crowd.start(path, **SMALL)
        assert crowd.state()["idle"] == SMALL["idle"]
        seen = poller.count
        wait_for(lambda: poller.count > seen + 50, 20, "others are served")
        check_gone(daemon, crowd, SMALL, 20)
    assert poller.failures == []
    assert len(poller.bodies) == 1
    assert daemon.workers() == before


@pytest.mark.long
@pytest.mark.skipif(paths.SLOWER > 1, reason="its figures are of a plain build")
def test_a_large_crowd_costs_good_polls_little(new_daemon, new_crowd, season):
    path = "/f/saeson/%s.ics" % season
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < sum(LARGE.values()) + 99:
        pytest.skip("too few descriptors here: raise ulimit -n")
    daemon = new_daemon(connections_unlimited_from="127.0.0.1",
                        idle_limit_ms=600000).start()
    crowd = new_crowd(daemon)
    p99_ms(daemon.client, path, 100)
    undisturbed_ms = p99_ms(daemon.client, path, POLLS)
    crowd.start(path, **LARGE)
    assert crowd.state()["idle"] == LARGE["idle"]
    disturbed_ms = p99_ms(daemon.client, path, POLLS)
    most = memory_bytes(daemon)
    state = crowd.state()
    print("p99 %.1f ms undisturbed, %.1f ms disturbed; %.0f MB; %s" % (
        undisturbed_ms, disturbed_ms, most / 1e6, state))
    assert state["senders"] > 0, "the slow ones were gone before it was measured"
    assert most < 512 * 1024 * 1024
    check_gone(daemon, crowd, LARGE, 60)
    assert disturbed_ms < 3 * undisturbed_ms
