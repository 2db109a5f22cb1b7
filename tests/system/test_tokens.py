"""Feeds of a person: a link that is secret, named and revocable."""

import re

import pytest

from kattegat.calendar import Calendar


@pytest.fixture(scope="module")
def teacher(database):
    return database.value(
        "SELECT person_id FROM kg.session_teacher GROUP BY 1"
        " ORDER BY count(*) DESC, 1 LIMIT 1")


def new_token(ctl, person, name, *words):
    made = ctl("token", "create", person, name, *words)
    return made, re.search(r"/f/[^/]+\.ics$", made["url"]).group(0)


def test_a_teachers_feed_holds_the_own_sessions(client, ctl, database, teacher):
    _, path = new_token(ctl, teacher, "min telefon")
    answer = client.get(path)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Access-Control-Allow-Origin"] is None
    own = {row.uid for row in database.rows(
        "SELECT s.uid FROM kg.session s JOIN kg.session_teacher t"
        " ON t.session_id = s.id WHERE t.person_id = %s"
        " AND t.status <> 'declined' AND s.ends_local > now() - interval"
        " '90 days'", teacher)}
    assert own
    assert set(Calendar(answer.text).by_uid()) == own


def test_a_feed_of_a_person_names_no_other_person(
        client, ctl, database, teacher):
    _, path = new_token(ctl, teacher, "uden navne")
    text = client.get(path).text
    for row in database.rows("SELECT name, mail FROM kg.person"
                             " WHERE id <> %s", teacher):
        assert row.name not in text
        assert not row.mail or row.mail not in text
    assert "ATTENDEE" not in text


def test_a_revoked_link_says_so_in_one_event(client, ctl, teacher):
    made, path = new_token(ctl, teacher, "gammel telefon")
    assert client.get(path).status == 200
    ctl("token", "revoke", made["object_id"])
    answer = client.get(path)
    assert answer.status == 200
    assert len(Calendar(answer.text)) == 1


def test_revoking_one_leaves_the_others(client, ctl, teacher):
    made, _ = new_token(ctl, teacher, "en")
    _, kept = new_token(ctl, teacher, "to")
    before = client.get(kept)
    ctl("token", "revoke", made["object_id"])
    assert client.get(kept).body == before.body


def test_an_unknown_link_is_404_with_the_same_bytes(client):
    guesses = ["/f/%s.ics" % (letter * 26) for letter in "ab2"]
    answers = [client.get(path) for path in guesses]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1


def every_text(database):
    """Every row of every table, as text."""
    for (table,) in database.rows(
            "SELECT format('%I.%I', schemaname, tablename) AS name"
            " FROM pg_tables WHERE schemaname = 'kg'"):
        for row in database.rows("SELECT t::text AS row FROM %s t" % table):
            yield row[0]


def test_no_log_error_or_table_holds_any_of_200_tokens(
        new_daemon, database, teacher):
    daemon = new_daemon(log_level="debug").start()
    said = []
    tokens = set()
    with daemon.client.connect() as link:
        for number in range(200):
            path = new_token(daemon.ctl, teacher, "link %d" % number)[1]
            tokens.add(path[len("/f/"):-len(".ics")])
            assert link.get(path).status == 200
            for asked in (link.get(path + "x"), link.get("/s" + path),
                          link.request(path, method="POST")):
                assert asked.status in (404, 405, 429)
                said.append(asked.text + str(asked.headers))
    assert len(tokens) == 200
    daemon.stop()
    found = "\n".join([daemon.log(), *said, *every_text(database)])
    assert "link 199" in found
    assert [token for token in tokens if token in found] == []


def test_an_answer_to_a_teacher_is_tentative_until_accepted(
        client, ctl, database):
    session = database.row(
        "SELECT r.run_no, s.no, s.uid FROM kg.session s JOIN kg.run r"
        " ON r.id = s.run_id WHERE s.starts_local > now() + interval '1 day'"
        " AND s.status = 'confirmed' ORDER BY s.id DESC LIMIT 1")
    person = ctl("person", "add", "Prøve Lærer", "--role", "teacher")
    _, path = new_token(ctl, person["object_id"], "spurgt")
    for answer, status in (("asked", "TENTATIVE"), ("accepted", "CONFIRMED")):
        ctl("session", "teacher", session.run_no, session.no,
            person["object_id"], answer)
        events = Calendar(client.get(path).text).by_uid()
        assert events[session.uid]["STATUS"] == status
    ctl("session", "teacher", session.run_no, session.no,
        person["object_id"], "declined")
    assert session.uid not in Calendar(client.get(path).text).by_uid()


def test_the_last_fetch_is_written_before_the_daemon_ends(
        daemon, database, teacher):
    made, path = new_token(daemon.ctl, teacher, "til sidst")
    assert daemon.client.get(path).status == 200
    assert daemon.stop() == 0
    daemon.start()
    last = database.row("SELECT last_fetch_at, last_client"
                        " FROM kg.feed_token WHERE id = %s",
                        made["object_id"])
    assert last.last_fetch_at is not None
