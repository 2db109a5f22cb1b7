"""What the daemon and a service manager say to each other."""

import os
import signal
import socket
import threading

import pytest

from kattegat import paths
from kattegat.wait import wait_for


def test_it_is_ready_when_it_answers_and_says_when_it_stops(new_daemon, path):
    daemon = new_daemon().start()
    assert daemon.client.get(path).status == 200
    assert daemon.stop() == 0
    wait_for(lambda: daemon.notify.said("STOPPING=1"))


def test_the_watchdog_is_fed(new_daemon):
    daemon = new_daemon()
    daemon.launch(WATCHDOG_USEC="2000000")
    wait_for(lambda: daemon.notify.count("WATCHDOG=1") >= 3, 15)


def test_a_reload_by_signal_is_told(new_daemon):
    daemon = new_daemon().start()
    workers = daemon.workers()
    daemon.reload()
    wait_for(lambda: not set(workers.values())
             & set(daemon.workers().values()), 15, "new workers")
    wait_for(lambda: daemon.notify.said("RELOADING=1"))
    wait_for(lambda: daemon.notify.count("READY=1") == 2, 5)


def test_sigterm_lets_a_request_under_way_end(new_daemon, path):
    # one worker: a second request tells that it has read the first half
    daemon = new_daemon(workers=1).start()
    head = ("GET %s HTTP/1.1\r\nHost: localhost\r\n" % path).encode()
    answer = []
    with socket.create_connection(("localhost", daemon.port), 10) as plain, \
            daemon.client.context.wrap_socket(
                plain, server_hostname="localhost") as link:
        link.sendall(head)
        assert daemon.client.get(path).status == 200
        stopper = threading.Thread(target=lambda: answer.append(daemon.stop()))
        stopper.start()
        wait_for(lambda: daemon.notify.said("STOPPING=1"), 5)
        link.sendall(b"\r\n")
        assert link.recv(12).startswith(b"HTTP/1.1 200")
    stopper.join(60)
    assert answer == [0]


def test_sockets_come_from_systemd(new_daemon, path):
    daemon = new_daemon(listen="127.0.0.1:1")     # has no effect then
    command = ["systemd-socket-activate", "-l", "127.0.0.1:%d" % daemon.port,
               "-E", "NOTIFY_SOCKET", *daemon.command()]
    daemon.launch(command)

    def answered():
        try:
            return daemon.client.get(path).status == 200
        except OSError:
            return False

    wait_for(answered, 15)


def test_no_process_of_it_runs_as_root(daemon):
    if not paths.AM_ROOT:
        pytest.skip("not started as root")
    for pid in daemon.pids():
        assert os.stat("/proc/%d" % pid).st_uid != 0 or \
            b"\nUid:\t0\t" not in open("/proc/%d/status" % pid, "rb").read()


def test_a_taken_port_is_said_and_ends_it(daemon, new_daemon):
    other = new_daemon(listen=daemon.options["listen"])
    other.launch()
    assert other.process.wait(15 * paths.PATIENCE) == 1
    assert str(daemon.port) in other.log()
    assert daemon.process.poll() is None


def test_sigint_stops_it_like_sigterm(new_daemon):
    daemon = new_daemon().start()
    daemon.process.send_signal(signal.SIGINT)
    assert daemon.process.wait(30 * paths.PATIENCE) == 0
