"""Whoever asks after a change sees it: on every worker, and nothing but it."""

import datetime
import itertools

import pytest

from kattegat import paths
from kattegat.calendar import Calendar
from kattegat.wait import wait_for

if paths.SLOWER == 1:
    ROUNDS = 10000 if paths.LONG else 200
else:
    ROUNDS = 200 if paths.LONG else 20


class Watch:
    """A feed on each worker, and what it showed last."""

    def __init__(self, daemon, path):
        self.daemon = daemon
        self.path = path
        self.connections = daemon.client.each_worker(2)
        self.last = self.fetch()

    def fetch_each(self):
        texts = []
        for worker, connection in self.connections.items():
            answer = connection.get(self.path)
            assert answer.status == 200
            assert answer.worker == worker
            texts.append(answer.text)
        return texts

    def fetch(self):
        texts = set(self.fetch_each())
        assert len(texts) == 1, "the workers differ"
        return Calendar(texts.pop())

    def see(self, uids, sequence_rises=True):
        """The next fetch differs in these events alone; gives them."""
        before, self.last = self.last, self.fetch()
        assert before.changed(self.last) == set(uids)
        assert before.head == self.last.head
        old, new = before.by_uid(), self.last.by_uid()
        for uid in uids:
            assert new[uid]["LAST-MODIFIED"] >= old[uid]["LAST-MODIFIED"]
            if sequence_rises:
                assert new[uid].sequence == old[uid].sequence + 1
            else:
                assert new[uid].sequence >= old[uid].sequence
        return [new[uid] for uid in uids]

    def close(self):
        for connection in self.connections.values():
            connection.close()


@pytest.fixture(scope="module")
def watch(daemon, season):
    watch = Watch(daemon, "/f/saeson/%s.ics" % season)
    yield watch
    watch.close()


@pytest.fixture(scope="module")
def runs(database, season):
    return database.rows(
        "SELECT r.id, r.run_no FROM kg.run r JOIN kg.season n"
        " ON n.id = r.season_id WHERE n.slug = %s ORDER BY r.run_no", season)


def uids_of_run(database, run_id):
    return [row.uid for row in database.rows(
        "SELECT uid FROM kg.session WHERE run_id = %s ORDER BY no", run_id)]


def move_a_session(database, ctl, watch, run, number):
    no = number % 3 + 1
    old = database.row("SELECT uid, starts_local, ends_local FROM kg.session"
                       " WHERE run_id = %s AND no = %s", run.id, no)
    by = datetime.timedelta(minutes=5 if number % 2 else -5)
    starts = old.starts_local + by
    ctl("session", "move", run.run_no, no,
        "--starts", starts.strftime("%Y-%m-%dT%H:%M"),
        "--ends", (old.ends_local + by).strftime("%Y-%m-%dT%H:%M"))
    event, = watch.see([old.uid])
    assert event["DTSTART"] == starts.strftime("%Y%m%dT%H%M%S")


def cancel_the_run(database, ctl, watch, run, number):
    ctl("run", "cancel", run.run_no)
    for event in watch.see(uids_of_run(database, run.id)):
        assert event["STATUS"] == "CANCELLED"
        assert event["TRANSP"] == "TRANSPARENT"
        assert event["SUMMARY"].startswith("AFLYST: ")


def restore_the_run(database, ctl, watch, run, number):
    ctl("run", "restore", run.run_no)
    for event in watch.see(uids_of_run(database, run.id)):
        assert event["STATUS"] == "CONFIRMED"
        assert not event["SUMMARY"].startswith("AFLYST: ")


def rename_the_venue(database, ctl, watch, run, number):
    venue = database.value("SELECT venue_id FROM kg.session"
                           " WHERE run_id = %s AND no = 1", run.id)
    uids = [row.uid for row in database.rows(
        "SELECT s.uid FROM kg.session s JOIN kg.run r ON r.id = s.run_id"
        " WHERE s.venue_id = %s AND r.season_id = (SELECT season_id"
        " FROM kg.run WHERE id = %s)", venue, run.id)]
    name = "Hotel nr. %d" % number
    ctl("venue", "change", venue, "--name", name)
    for event in watch.see(uids, sequence_rises=False):
        assert name in event.text("LOCATION")


def test_the_next_fetch_on_every_worker_shows_a_change(
        database, daemon, watch, runs):
    kinds = itertools.cycle([move_a_session, cancel_the_run, restore_the_run,
                             rename_the_venue])
    for number in range(ROUNDS):
        run = runs[number // 4 % len(runs)]
        next(kinds)(database, daemon.ctl, watch, run, number)


def test_a_change_with_psql_is_seen_within_a_second(database, watch, runs):
    run = runs[0]
    uids = uids_of_run(database, run.id)
    database.run("UPDATE kg.run SET title = 'Et nyt navn' WHERE id = %s",
                 run.id)

    def shown():
        return all("Et nyt navn" in text for text in watch.fetch_each())

    wait_for(shown, 1.0, "the new title in the feed")
    watch.see(uids, sequence_rises=False)


def test_a_change_that_is_rolled_back_shows_nowhere(database, watch, runs):
    database.run("BEGIN; UPDATE kg.run SET title = 'Aldrig' WHERE id = %s;"
                 " ROLLBACK", runs[1].id)
    watch.see([])


def test_a_body_shows_the_write_that_a_request_names(
        database, daemon, watch, runs):
    database.run("UPDATE kg.run SET title = 'Efter skrivning' WHERE id = %s",
                 runs[2].id)
    version = database.value(
        "SELECT max(changed_xid::text::bigint) FROM kg.session"
        " WHERE run_id = %s", runs[2].id)
    for connection in watch.connections.values():
        answer = connection.get(watch.path, Kattegat_Min_Version=str(version))
        assert answer.status == 200
        assert "Efter skrivning" in answer.text
    watch.see(uids_of_run(database, runs[2].id), sequence_rises=False)
