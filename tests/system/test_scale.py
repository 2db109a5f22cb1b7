"""kattegatctl demo --scale N: data for measurements."""

import hashlib

import pytest

from kattegat import paths
from kattegat.calendar import Calendar
from kattegat.daemon import Ctl, CtlFailed

SCALE = ("demo", "--from", paths.DEMO, "--scale")


@pytest.fixture(scope="module")
def owner_ctl(daemon, database):
    return Ctl(daemon.config, database.dsn, daemon.run_dir + "/control")


def held(client, path):
    answer = client.get(path)
    assert answer.status == 200
    return len(Calendar(answer.text).by_uid())


def link(number):
    """The path of a link of the scale data, as kattegatctl(8) says."""
    words = "kattegat demo token %d" % number
    return "/f/%s.ics" % hashlib.sha256(words.encode()).hexdigest()[:32]


def test_the_daemons_login_may_not(ctl):
    with pytest.raises(CtlFailed) as failed:
        ctl(*SCALE, 2)
    assert failed.value.code == 3
    assert "--database" in failed.value.stderr


@pytest.fixture(scope="module")
def before(daemon, owner_ctl):
    """How many events there were before two seasons were made."""
    count = held(daemon.client, "/f/alle.ics")
    assert owner_ctl(*SCALE, 2)["changed"]
    return count


def test_scale_data_is_served_when_the_command_returns(client, before):
    assert held(client, "/f/alle.ics") == before + 100
    assert held(client, "/f/saeson/skala-00002.ics") == 100
    assert held(client, link(1)) == 12
    assert held(client, link(100)) == 0
    assert client.get(link(201)).status == 404


def test_a_second_time_changes_nothing(database, owner_ctl, before):
    newest = "SELECT max(id) FROM kg.journal"
    last = database.value(newest)
    assert owner_ctl(*SCALE, 2) == {"changed": False}
    assert database.value(newest) == last


def test_a_database_with_other_data_stays_as_it_is(cluster, new_database,
                                                   folder):
    with new_database("test_scale_other", demo=False) as other:
        ctl = Ctl(folder / "nothing.conf", other.dsn, str(folder / "nobody"))
        ctl("person", "add", "Ida Ibsen", "--role", "teacher")
        with pytest.raises(CtlFailed) as failed:
            ctl(*SCALE, 2)
        assert failed.value.code == 1
        assert "more than demo data: person" in failed.value.stderr
        assert other.value("SELECT count(*) FROM kg.season") == 0
    cluster.drop("test_scale_other")
