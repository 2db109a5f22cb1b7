"""Due work: holds run out and are told of; mails go out, once, and in the end."""

import pytest

from kattegat.calendar import Calendar
from kattegat.daemon import free_port
from kattegat.smtp import SmtpSink
from kattegat.wait import wait_for


@pytest.fixture(scope="module")
def sink():
    sink = SmtpSink().start()
    yield sink
    sink.stop()


@pytest.fixture(scope="module")
def mail_options(sink):
    return {"mail_server": "127.0.0.1:%d" % sink.port, "mail_tls": "none",
            "mail_sender": "kurser@example.org",
            "mail_sender_name": "Politikerakademiet, kurser"}


@pytest.fixture(scope="module")
def daemon(new_daemon, mail_options):
    return new_daemon(**mail_options).start()


@pytest.fixture(scope="module")
def office(database):
    """With a mailbox, and a room of its own."""
    return database.row(
        "UPDATE kg.office o SET mail = 'aarhus@example.org'"
        " FROM kg.venue v JOIN kg.room r ON r.venue_id = v.id"
        " WHERE o.code = 'AAR' AND v.office_id = o.id AND r.id = (SELECT min(x.id)"
        " FROM kg.room x JOIN kg.venue y ON y.id = x.venue_id"
        " WHERE y.office_id = o.id)"
        " RETURNING o.id, r.id AS room_id, r.name AS room")


@pytest.fixture(autouse=True)
def no_mails(sink, database, daemon):
    database.run("DELETE FROM kg.outbox")
    sink.mails.clear()
    sink.commands.clear()
    sink.refuse.clear()
    sink.silent = None


def hold(database, room_id, expires_in, title="Formandskursus"):
    """A hold of that room on a day of its own; gives its id."""
    return database.value(
        "SELECT object_id FROM kg.booking_create(NULL, 'test', %s,"
        " (SELECT coalesce(max(starts_local)::date, '2033-06-01') + 1"
        "  FROM kg.booking WHERE starts_local > '2033-06-01')"
        "  + time '09:00',"
        " (SELECT coalesce(max(starts_local)::date, '2033-06-01') + 1"
        "  FROM kg.booking WHERE starts_local > '2033-06-01')"
        "  + time '12:00', 0, 0, 'internal', NULL, NULL, NULL, %s,"
        " kg.now() + %s::interval)", room_id, title, expires_in)


def queue(database, office):
    return database.value(
        "SELECT kg.mail_queue('hold_expired', NULL, %s, '{\"room\": \"X\","
        " \"venue\": \"Y\", \"title\": \"Z\", \"span\": \"\","
        " \"expires\": \"nu\", \"booking\": 7}')", office.id)


def mail_row(database, number):
    return database.row("SELECT ended_as, tries, problem, facts,"
                        " next_try_at - kg.now() AS wait FROM kg.outbox"
                        " WHERE id = %s", number)


def due_now(database, number):
    database.run("UPDATE kg.outbox SET next_try_at = kg.now() WHERE id = %s",
                 number)


def test_hold_that_expires_leaves_its_rooms_feed(daemon, database, office, sink):
    path = "/f/lokale/%d.ics" % office.room_id
    if daemon.client.get(path).status != 200:
        path = database.value(
            "SELECT path FROM kg.feed_list() WHERE path LIKE '/f/lokale/%%'"
            " AND title LIKE '%%' || %s || '%%' LIMIT 1", office.room)
    before = Calendar(daemon.client.get(path).text).by_uid()
    number = hold(database, office.room_id, "10 minutes")
    uid = database.value("SELECT uid FROM kg.booking WHERE id = %s", number)
    wait_for(lambda: uid in Calendar(daemon.client.get(path).text).by_uid())
    # not before it was seen
    database.run("UPDATE kg.booking SET expires_at = kg.now() WHERE id = %s",
                 number)
    wait_for(lambda: database.value(
        "SELECT status = 'expired' FROM kg.booking WHERE id = %s", number), 10)
    wait_for(lambda: Calendar(daemon.client.get(path).text).by_uid().keys()
             == before.keys(), 2, "the next fetch shows it")
    mails = wait_for(lambda: [mail for mail in sink.mails
                              if "er udløbet" in mail.subject])
    assert mails[0].recipient == "aarhus@example.org"
    assert "nummer %s." % number in mails[0].text


def test_warning_comes_once_in_danish(daemon, database, office, sink):
    number = hold(database, office.room_id, "47 hours", "Øvelse; \"A\" <b>")
    database.run("SELECT kg.job_holds_warn()")
    database.run("SELECT kg.job_holds_warn()")
    mail = wait_for(lambda: sink.mails)[0]
    assert mail.sender == "kurser@example.org"
    assert mail.recipient == "aarhus@example.org"
    assert mail.message["From"] == (
        '"Politikerakademiet, kurser" <kurser@example.org>')
    assert mail.message["To"] == "aarhus@example.org"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Date"].datetime.utcoffset().seconds == 0
    assert mail.subject.startswith(
        "Forhåndsreservationen af %s udløber" % office.room)
    assert "\n    Øvelse; \"A\" <b>\n" in mail.text
    assert " kl. 09.00 til 12.00\n" in mail.text
    row = wait_for(lambda: database.rows(
        "SELECT facts FROM kg.outbox WHERE ended_as = 'sent'"))[0]
    assert row.facts is None
    database.run("SELECT kg.booking_cancel(NULL, 'test', %s, NULL)", int(number))
    assert len(sink.mails) == 1


def test_keeper_does_the_warning_by_itself(database, office, new_daemon, sink,
                                           mail_options):
    number = hold(database, office.room_id, "46 hours")
    other = new_daemon(**mail_options).start()
    wait_for(lambda: sink.mails, 10)
    assert "nummer %s." % number in sink.mails[0].text
    other.stop()


def test_server_that_is_away_is_tried_again(daemon, database, office, sink):
    sink.stop()
    number = queue(database, office)
    wait_for(lambda: mail_row(database, number).problem)
    row = mail_row(database, number)
    assert row.problem.startswith("connection: Couldn't connect")
    assert row.ended_as is None and row.tries == 1
    assert 30 < row.wait.total_seconds() <= 60
    sink.start()
    due_now(database, number)
    wait_for(lambda: mail_row(database, number).ended_as == "sent")
    assert len(sink.mails) == 1
    assert mail_row(database, number).tries == 2


@pytest.mark.parametrize("command, answer, problem", [
    ("MAIL", "450 later", "sender: the server answers 450"),
    ("RCPT", "550 <aarhus@example.org> is nobody",
     "recipient: the server answers 550"),
    ("DATA", "451-not\r\n451 now", "data: the server answers 451"),
    ("TEXT", "554 spam", "text: the server answers 554"),
])
def test_refusal_is_kept_and_tried_again(daemon, database, office, sink, command,
                                         answer, problem):
    sink.refuse[command] = answer
    number = queue(database, office)
    wait_for(lambda: mail_row(database, number).problem)
    assert mail_row(database, number).problem == problem
    assert sink.mails == []
    sink.refuse.clear()
    due_now(database, number)
    wait_for(lambda: mail_row(database, number).ended_as == "sent")
    assert "aarhus@" not in daemon.log()


def test_same_mail_keeps_its_message_id(daemon, database, office, sink):
    number = queue(database, office)
    wait_for(lambda: sink.mails)
    wait_for(lambda: mail_row(database, number).ended_as == "sent")
    # As if the keeper had died before it could tell.
    database.run("UPDATE kg.outbox SET ended_at = NULL, ended_as = NULL, facts ="
                 " '{}', next_try_at = kg.now() WHERE id = %s", number)
    wait_for(lambda: len(sink.mails) == 2)
    assert sink.mails[0].id == sink.mails[1].id


def test_silent_server_holds_up_nothing(daemon, database, office, sink):
    """The keeper hears the database and answers while a mail hangs."""
    sink.silent = "TEXT"
    number = queue(database, office)
    wait_for(lambda: "DATA" in sink.commands)
    keeper = daemon.keeper()
    until = database.value("SELECT clock_timestamp() + interval '3 seconds'")
    while database.value("SELECT clock_timestamp() < %s", until):
        status = daemon.status()
        assert status["listening"]
        assert status["keeper"]["heartbeat_age_ms"] < 2500
    assert daemon.keeper() == keeper
    database.run("DELETE FROM kg.outbox WHERE id = %s", number)


def test_two_keepers_send_each_mail_once(daemon, database, office, sink,
                                         new_daemon, mail_options):
    other = new_daemon(**mail_options).start()
    numbers = [queue(database, office) for _ in range(40)]
    wait_for(lambda: database.value(
        "SELECT count(*) = 40 FROM kg.outbox WHERE ended_as = 'sent'"
        " AND id = ANY (%s)", numbers), 20)
    assert len(sink.mails) == 40
    assert len({mail.id for mail in sink.mails}) == 40
    other.stop()


def test_mails_wait_for_a_server(database, office, new_daemon, daemon, sink,
                                 mail_options):
    daemon.stop()
    without = new_daemon().start()
    numbers = [queue(database, office) for _ in range(3)]
    wait_for(lambda: without.status()["mails_waiting"] == 3, 20)
    database.run("UPDATE kg.outbox SET give_up_at = kg.now()"
                 " WHERE id = %s", numbers[0])
    database.run("SELECT kg.job_mails_give_up()")
    assert mail_row(database, numbers[0]).ended_as == "given_up"
    assert sink.commands == []
    without.write_config(**mail_options)
    without.reload()
    wait_for(lambda: len(sink.mails) == 2, 20)
    without.stop()
    daemon.start()


def test_given_up_is_logged_once(daemon, database, office, sink, new_daemon,
                                 mail_options):
    daemon.stop()
    number = queue(database, office)
    database.run("UPDATE kg.outbox SET give_up_at = kg.now()"
                 " WHERE id = %s", number)
    daemon.start()
    line = "given up: mail %d (hold_expired), tried 0 times" % number
    wait_for(lambda: line in daemon.log(), 10)
    assert daemon.log().count("given up: mail %d" % number) == 1
    assert sink.mails == []


def test_invitation_leads_to_this_server(daemon, database, sink):
    secret = "abcdefghijklmnopqrstuvwxy2"
    database.run(
        "SELECT kg.account_invite(NULL, 'test', NULL, 'Anna Ås',"
        " 'anna@example.org', 'planner', NULL, kg.secret_hash(%s), 72)", secret)
    database.run("SELECT kg.account_invitation_mail(%s)", secret)
    mail = wait_for(lambda: sink.mails)[0]
    assert mail.recipient == "anna@example.org"
    assert "Hej Anna Ås\n" in mail.text
    assert "https://localhost:%d/log-ind/invitation/%s\n" % (
        daemon.port, secret) in mail.text
    wait_for(lambda: database.value("SELECT kg.mails_waiting()") == 0)
    assert database.value("SELECT count(*) FROM kg.outbox m"
                          " WHERE m::text LIKE %s", "%" + secret + "%") == 0
    for word in (secret, "anna@", "Anna"):
        assert word not in daemon.log()


@pytest.fixture
def secure(new_daemon, authority, database, office, folder):
    """secure(tls, **changes): a sink and what its daemon made of one mail."""
    made = []

    def make(tls, password=None, **changes):
        certificate, key = authority.certificate()
        sink = SmtpSink(certificate, key, tls, password).start()
        made.append(sink)
        options = {"mail_server": "localhost:%d" % sink.port, "mail_tls": tls,
                   "mail_sender": "kurser@example.org",
                   "mail_authority": authority.file}
        options.update(changes)
        number = queue(database, office)
        other = new_daemon(**options).start()
        row = wait_for(lambda: [row for row in [mail_row(database, number)]
                                if row.ended_as or row.problem], 20)[0]
        other.stop()
        database.run("DELETE FROM kg.outbox WHERE id = %s", number)
        return sink, row

    yield make
    for sink in made:
        sink.stop()


@pytest.fixture
def alone(daemon):
    """No other keeper takes the mail."""
    daemon.stop()
    yield
    daemon.start()


@pytest.mark.parametrize("tls", ["starttls", "smtps"])
def test_tls_by_name_and_sign_in(alone, secure, folder, tls):
    place = folder / ("password-%s" % tls)
    place.write_text("hemmeligt, æøå\n")
    place.chmod(0o644)
    sink, row = secure(tls, "hemmeligt, æøå", mail_user="kattegat",
                       mail_password_file=place)
    assert row.ended_as == "sent", row.problem
    assert len(sink.mails) == 1


def test_certificate_that_is_not_trusted_gets_no_mail(alone, secure):
    sink, row = secure("starttls", mail_authority=None)
    assert row.problem.startswith("connection: ")
    assert "MAIL" not in sink.commands


def test_server_without_starttls_gets_no_mail(alone, secure):
    sink, row = secure("starttls", mail_server="127.0.0.1:%d" % free_port())
    assert row.ended_as is None
    plain = SmtpSink().start()
    sink, row = secure("starttls", mail_server="127.0.0.1:%d" % plain.port)
    plain.stop()
    assert row.problem.startswith("connection: ")
    assert "MAIL" not in plain.commands


def test_wrong_password_is_told_without_it(alone, secure, folder):
    place = folder / "password-wrong"
    place.write_text("forkert\n")
    place.chmod(0o644)
    sink, row = secure("smtps", "rigtigt", mail_user="kattegat",
                       mail_password_file=place)
    assert row.problem.startswith("connection: Login denied")
    assert sink.mails == []


def test_keeper_seals_the_journal(daemon, database, office):
    """More than one batch, to the last row, and then it rests."""
    def unsealed():
        return database.value(
            "SELECT count(*) FROM kg.journal WHERE id > (SELECT"
            " coalesce(max(last_id), 0) FROM kg.journal_seal)")

    database.run("DO $$ BEGIN FOR i IN 1..4500 LOOP"
                 " INSERT INTO kg.holiday (day, name, kind) VALUES"
                 " ('2040-01-01'::date + i, 'x', 'bridge'); END LOOP; END $$")
    wait_for(lambda: unsealed() == 0, 20)
    results = database.rows("SELECT result, row_count FROM kg.journal_verify()")
    assert "bad" not in [row.result for row in results]
    assert database.value("SELECT max(cardinality(ids)) <= 2000"
                          " FROM kg.journal_seal")
    mark = database.row("SELECT xid FROM kg.journal_mark")
    database.run("SELECT kg.mails_waiting()")
    wait_for(lambda: daemon.status()["mails_waiting"] >= 0)
    assert database.row("SELECT xid FROM kg.journal_mark") == mark
    hold(database, office.room_id, "40 days")
    wait_for(lambda: unsealed() == 0, 20)
    database.run("ALTER TABLE kg.journal DISABLE TRIGGER USER")
    database.run("UPDATE kg.journal SET why = 'not me' WHERE id ="
                 " (SELECT max(id) FROM kg.journal)")
    database.run("ALTER TABLE kg.journal ENABLE TRIGGER USER")
    assert "bad" in [row.result for row in database.rows(
        "SELECT result FROM kg.journal_verify()")]
