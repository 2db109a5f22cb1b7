"""New configuration and certificates while clients poll."""

import ssl
import subprocess

import pytest

from kattegat import paths
from kattegat.load import Poller
from kattegat.wait import wait_for


def certificate_of(file):
    return ssl.PEM_cert_to_DER_cert(file.read_text().split("\n\n")[-1])


def served_certificate(daemon):
    with daemon.client.connect() as connection:
        return connection.certificate()


@pytest.mark.parametrize("keep", [False, True])
def test_a_reload_under_load_fails_no_request(daemon, path, keep):
    with Poller(daemon.client, path, keep=keep) as poller:
        wait_for(lambda: poller.count > 20, 10)
        for _ in range(3):
            before = set(daemon.workers().values())
            daemon.ctl("reload")
            assert not before & set(daemon.workers().values())
            seen = poller.count
            wait_for(lambda: poller.count > seen + 20, 10)
    assert poller.failures == [], daemon.log()


def test_a_new_certificate_is_served_after_a_reload(daemon, path):
    certificate, key = daemon.authority.certificate()
    with Poller(daemon.client, path) as poller:
        wait_for(lambda: poller.count > 20, 10)
        daemon.write_config(certificate=certificate, key=key)
        daemon.ctl("reload")
        wait_for(lambda: served_certificate(daemon)
                 == certificate_of(certificate), 5, "the new certificate")
    assert poller.failures == [], daemon.log()


def refused(daemon, path, tells):
    """A reload that must change nothing but a line in the log."""
    before = daemon.workers()
    served = served_certificate(daemon)
    run = daemon.ctl.run("reload")
    assert run.returncode == 1
    for word in tells:
        assert word in run.stderr + daemon.log()
    assert daemon.workers() == before
    assert served_certificate(daemon) == served
    assert daemon.client.get(path).status == 200


def test_a_broken_certificate_is_refused_and_the_old_one_stays(daemon, path):
    good = daemon.options["certificate"]
    broken = daemon.folder / "broken.pem"
    broken.write_text("not a certificate\n")
    daemon.write_config(certificate=broken)
    refused(daemon, path, [str(daemon.config), str(broken)])
    daemon.write_config(certificate=good)


@pytest.mark.parametrize("name, value", [
    ("workers", "many"), ("wrokers", "2"), ("idle_limit_ms", "-1"),
    ("base_url", "http://localhost")])
def test_a_broken_configuration_is_refused_with_its_line(
        daemon, path, name, value):
    had = daemon.options.get(name)
    daemon.write_config(**{name: value})
    line = [number for number, text in enumerate(
        daemon.config.read_text().splitlines(), 1)
        if text.startswith(name + " ")][0]
    refused(daemon, path, ["%s:%d" % (daemon.config, line)])
    check = subprocess.run(
        [str(paths.DAEMON), "--config", str(daemon.config),
         "--check-config"], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    assert check.returncode == 1
    assert "%s:%d" % (daemon.config, line) in check.stdout
    daemon.write_config(**{name: had})
    daemon.ctl("reload")


def test_a_reload_changes_what_it_may(daemon, path):
    daemon.write_config(worker_header="no")
    daemon.ctl("reload")
    wait_for(lambda: daemon.client.get(path).headers["Kattegat-Worker"]
             is None, 5)
    daemon.write_config(worker_header="yes")
    daemon.ctl("reload")
