"""Signing in: with a password and a code, by a link, and how a session ends."""

import base64
import crypt
import threading
import time

import pytest

from kattegat import paths
from kattegat.accounts import (  # noqa: F401 (clock and account: fixtures)
    PASSWORD, WRONG, Account, accept, account, clock, mailed, move_clock,
    pause_ends, same_refusal, whoever)
from kattegat.browser import Browser

# All come from one address: one test's failures must not make another wait.
OPTIONS = {"workers": 1, "sign_in_failures": 1000}


def test_wrong_mail_password_and_code_get_the_same_answer(client, account):
    some = account()
    nobody = Account(client, some.database, 0, "ingen@example.org",
                     base64.b32encode(some.secret), None)
    answers = {
        same_refusal(some.sign_in(WRONG)),
        same_refusal(account().sign_in(code="000000")),
        same_refusal(account().sign_in(code="aaaa-bbbb-cccc-dddd")),
        same_refusal(nobody.sign_in(code="123456")),
    }
    assert len(answers) == 1


def test_a_code_works_once(account):
    some = account()
    code = some.fresh_code()
    assert some.sign_in(code=code).status == 201
    same_refusal(some.sign_in(code=code))


def test_a_code_with_a_blank_works_too(account):
    some = account()
    code = some.fresh_code()
    assert some.sign_in(code=code[:3] + " " + code[3:]).status == 201


def test_a_recovery_code_works_once_instead_of_a_code(account):
    some = account()
    answer = some.sign_in(code=some.recovery[0].upper())
    assert answer.status == 201
    assert answer.json["recovery_codes"] == 9
    same_refusal(some.sign_in(code=some.recovery[0]))
    own = whoever(some.client, answer.json["token"])
    assert own.get("/sign-ins").json["items"][0]["by_recovery"]


# What is wrong is told after a hash, which may take longer than the pause it is
# about: so the pause is read where it stands, and then made longer or ended.

LOGIN = "kg.sign_in_login_hash(%s)"
ADDRESS = "(SELECT login_hash FROM kg.sign_in_try WHERE failures > 1 AND %s <> '')"


def paused(database, which, name, attempt):
    """Lets an attempt fail; gives the pause that came of it, in seconds, at least
    and at most: it began between two looks at the clock."""
    before = database.value("SELECT kg.now()")
    same_refusal(attempt())
    after = database.value("SELECT kg.now()")
    ends = database.value("SELECT next_try_at FROM kg.sign_in_try"
                          " WHERE login_hash = " + which, name)
    return (ends - after).total_seconds(), (ends - before).total_seconds()


def has_to_wait(database, attempt):
    """Whether it is refused, and told for how long, as long as a pause goes on."""
    pause_ends(database, 60)
    answer = attempt()
    return answer.status == 429 and 30 < int(
        answer.headers["Retry-After"]) <= 60


def test_an_account_that_was_wrong_has_to_wait_longer_each_time(
        database, account):
    some = account()
    for wait_s in (1, 2, 4, 8):
        least, most = paused(database, LOGIN, some.mail,
                             lambda: some.sign_in(WRONG, "000000"))
        assert least <= wait_s <= most
        assert has_to_wait(database, lambda: some.sign_in(code="000000"))
        pause_ends(database, 0)
    assert some.sign_in().status == 201
    least, most = paused(database, LOGIN, some.mail,
                         lambda: some.sign_in(WRONG, "000000"))
    assert least <= 1 <= most, "it began anew"


def test_who_does_not_exist_has_to_wait_alike(client, database):
    nobody = Account(client, database, 0, "slet-ingen@example.org",
                     "A" * 32, None)
    for wait_s in (1, 2):
        least, most = paused(database, LOGIN, nobody.mail,
                             lambda: nobody.sign_in(WRONG, "000000"))
        assert least <= wait_s <= most
        assert has_to_wait(database, lambda: nobody.sign_in(WRONG, "000000"))
        pause_ends(database, 0)


def knock(client, number):
    return whoever(client, check=False).post("/sign-in", {
        "mail": "ingen-%d@example.org" % number, "password": WRONG,
        "code": "000000"})


def test_an_address_that_was_wrong_too_often_has_to_wait(new_daemon, database):
    other = new_daemon(workers=2, sign_in_failures=3).start()
    third = new_daemon(workers=1, sign_in_failures=3).start()
    for number in range(3):
        same_refusal(knock(other.client, number))
    least, most = paused(database, ADDRESS, "x",
                         lambda: knock(other.client, 3))
    assert least <= 1 <= most
    for number, client in enumerate((other.client, third.client)):
        assert has_to_wait(database, lambda: knock(client, 4)), (
            "another mail address does not help, nor another machine")
    assert has_to_wait(database, lambda: accept(other.client, "a" * 26)), (
        "nor another door")
    assert has_to_wait(database, lambda: whoever(other.client).post(
        "/sign-in/by-link", {"token": "a" * 26})), "nor that one"


def test_what_went_well_does_not_count_for_the_address(
        new_daemon, database, account):
    some = account()
    other = new_daemon(workers=1, sign_in_failures=1).start()
    for _ in range(3):
        assert some.sign_in(client=other.client).status == 201
    same_refusal(knock(other.client, 1))
    assert some.sign_in(client=other.client).status == 201
    same_refusal(knock(other.client, 2))
    assert has_to_wait(database, lambda: knock(other.client, 3))


def test_a_cheaper_hash_is_replaced_at_the_next_sign_in(database, account):
    some = account()
    # yescrypt of cost 1, as crypt(3) makes it
    cheap = crypt.crypt(PASSWORD, "$y$j75$n34PoBLMgFrQVl4Rn34Po/")
    database.run("UPDATE kg.account SET password_hash = %s WHERE person_id"
                 " = %s", cheap, some.person_id)
    same_refusal(some.sign_in(WRONG, "000000"))
    move_clock(database, "1 second")
    assert some.sign_in().status == 201
    now = database.value("SELECT password_hash FROM kg.account WHERE"
                         " person_id = %s", some.person_id)
    assert now != cheap
    assert crypt.crypt(PASSWORD, now) == now
    assert some.sign_in().status == 201


# ---- sessions ----

@pytest.mark.parametrize("role, limit_min", [("planner", 8 * 60),
                                             ("admin", 30)])
def test_a_session_ends_when_it_was_idle(
        database, account, role, limit_min):
    some = account(role)
    session = some.api()
    move_clock(database, "%d minutes" % (limit_min - 2))
    assert session.get("/me").status == 200
    session = some.api()
    move_clock(database, "%d minutes" % limit_min)
    assert session.get("/me").status == 401


def test_a_session_that_is_used_goes_on(database, account):
    session = account("admin").api()
    for _ in range(4):
        move_clock(database, "25 minutes")
        assert session.get("/me").status == 200


def test_a_session_ends_after_twelve_hours(database, account):
    session = account().api()
    for _ in range(2):
        move_clock(database, "5 hours 55 minutes")
        assert session.get("/me").status == 200
    move_clock(database, "10 minutes")
    assert session.get("/me").status == 401


def test_sessions_are_listed_and_ended(account):
    some = account()
    first, second = some.api(), some.api()
    listed = first.get("/sign-ins").json["items"]
    assert [one["current"] for one in listed] == [False, True]
    answer = first.delete("/sign-ins/%d" % listed[0]["id"])
    assert answer.status == 204
    assert second.get("/me").status == 401
    assert first.get("/me").status == 200
    assert first.post("/sign-out").status == 204
    assert first.get("/me").status == 401


def test_nobody_ends_anothers_session(account):
    one, other = account().api(), account().api()
    its = other.get("/me").json["sign_in_id"]
    assert one.delete("/sign-ins/%d" % its).status == 403
    assert other.get("/me").status == 200


def test_all_other_sessions_are_ended_at_once(account):
    some, other = account(), account().api()
    first, second, third = some.api(), some.api(), some.api()
    assert second.delete("/sign-ins").status == 204
    assert [one.get("/me").status for one in (first, second, third, other)
            ] == [401, 200, 401, 200]
    assert len(second.get("/sign-ins").json["items"]) == 1
    token = second.post("/api-tokens", {"name": "program"}).json["token"]
    assert whoever(some.client, token).delete("/sign-ins").status == 409
    assert second.get("/me").status == 200


# ---- the own password and recovery codes ----

NEW = "en helt anden adgangskode"


def test_a_new_password_ends_all_other_sessions(database, account):
    some = account()
    session, other = some.api(), some.api()
    answer = session.post("/account/password", {"password": "elleve tegn"})
    assert answer.status == 422
    assert session.post("/account/password", {"password": NEW}).status == 204
    assert session.get("/me").status == 200
    assert other.get("/me").status == 401
    same_refusal(some.sign_in())
    pause_ends(database, 0)
    assert some.sign_in(NEW).status == 201


def test_a_new_password_and_new_codes_ask_for_the_old_ones_again(
        database, account):
    some = account()
    session = some.api()
    move_clock(database, "10 minutes")
    for path, wish in (("/account/password", {"password": NEW}),
                       ("/account/recovery-codes", None)):
        answer = session.post(path, wish)
        assert answer.status == 403
        assert answer.json["type"].endswith("/problems/confirm-again")
    assert some.sign_in().status == 201
    assert some.sign_in(code=some.recovery[0]).status == 201


def test_new_recovery_codes_replace_the_old_ones(database, account):
    some = account()
    session = some.api()
    made = session.post("/account/recovery-codes", key="koderne-1")
    assert made.status == 200
    assert made.headers["Cache-Control"] == "private, no-store"
    codes = made.json["recovery_codes"]
    assert len(set(codes) - set(some.recovery)) == 10
    again = session.post("/account/recovery-codes", key="koderne-1")
    assert again.json == {"not_repeated": ["recovery_codes"]}
    same_refusal(some.sign_in(code=some.recovery[0]))
    pause_ends(database, 0)
    assert some.sign_in(code=codes[0]).json["recovery_codes"] == 9


# ---- nobody waits for it ----

def at_once(count, work):
    """Runs work(number) in as many threads; gives what they returned."""
    results = [None] * count
    begin = threading.Barrier(count)

    def run(number):
        begin.wait(30)
        results[number] = work(number)

    threads = [threading.Thread(target=run, args=(number,))
               for number in range(count)]
    for thread in threads:
        thread.start()
    return threads, results


@pytest.mark.skipif(paths.VALGRIND, reason="valgrind runs one thread at a time")
def test_polls_are_answered_while_sign_ins_hash(client, account):
    accounts = [account() for _ in range(4)]
    codes = [some.fresh_code() for some in accounts]
    with client.connect() as poll:
        etag = poll.get("/f/alle.ics").headers["ETag"]
        threads, results = at_once(
            4, lambda n: accounts[n].sign_in(code=codes[n]).status)
        waits = []
        while any(thread.is_alive() for thread in threads):
            began = time.monotonic()
            assert poll.get("/f/alle.ics", if_none_match=etag).status == 304
            waits.append(time.monotonic() - began)
    assert results == [201] * 4
    # A poll that met a hash on the loop would wait for a quarter of the time or
    # more, and all of it would go to such polls, however fast the machine is.
    assert sum(wait for wait in waits if wait > sum(waits) / 8) < \
        sum(waits) / 2


def test_more_sign_ins_than_can_wait_are_told_to_come_again(client):
    # Where a hash takes long they come one after another: until one is refused.
    answers = []
    for begin in range(100, 300, 20):
        threads, some = at_once(20, lambda number: knock(client,
                                                         begin + number))
        for thread in threads:
            thread.join()
        answers += some
        busy = [answer for answer in answers if answer.status == 503]
        if busy:
            break
    assert busy and len(busy) < len(answers)
    assert {answer.status for answer in answers} == {401, 503}
    assert {answer.headers["Retry-After"] for answer in busy} == {"2"}


# ---- links by mail ----

def test_an_address_that_asks_for_many_links_has_to_wait(new_daemon, database):
    other = new_daemon(workers=2, sign_in_failures=3).start()
    database.run("DELETE FROM kg.sign_in_try")
    answers = [whoever(other.client).post("/sign-in/links", {
        "mail": "ingen-%d@example.org" % number}) for number in range(19)]
    assert [answer.status for answer in answers] == [202] * 19
    # more than any machine needs for the next
    database.run("UPDATE kg.sign_in_try SET next_try_at = kg.now()"
                 " + interval '30 seconds'")
    page = Browser(other.client)
    page = page.send(page.get("/log-ind"), mail="ingen@example.org")
    assert page.status == 429 and "Mange har bedt om links herfra" in page.text
    answer = whoever(other.client).post("/sign-in/links", {
        "mail": "ingen@example.org"})
    assert answer.status == 429
    assert 10 < int(answer.headers["Retry-After"]) <= 30
    assert whoever(other.client).post("/sign-in", {
        "mail": "ingen@example.org", "password": WRONG,
        "code": "000000"}).status == 401, "that is another door"


def test_a_teacher_signs_in_by_a_link_that_came_by_mail(client, database):
    mail = "laerer@example.org"
    person = int(database.value(
        "SELECT (kg.person_add(NULL, 'test', 'Lærer Lærersen', %s, NULL,"
        " 'teacher', NULL)).object_id", mail))
    api = whoever(client)
    same = [api.post("/sign-in/links", {"mail": address}) for address in
            (mail, "ingen@example.org")]
    assert [answer.status for answer in same] == [202, 202]
    assert same[0].body == same[1].body
    token = mailed(database, person)
    assert api.get("/sign-in/by-link").status == 405, "looking uses nothing up"
    answer = api.post("/sign-in/by-link", {"token": token})
    assert answer.status == 201
    teacher = whoever(client, answer.json["token"])
    assert teacher.get("/me").json["role"] == "teacher"
    assert teacher.get("/bookings").status == 403
    assert api.post("/sign-in/by-link", {"token": token}).status == 404


@pytest.mark.parametrize("role, municipality", [
    ("secretary", "0751"), ("councillor", None), ("councillor", "0751")])
def test_a_council_signs_in_by_links(client, database, role, municipality):
    mail = "%s-%s@example.org" % (role, municipality)
    person = int(database.value(
        "SELECT (kg.person_add(NULL, 'test', 'Råd', %s, NULL, %s, NULL, %s))"
        ".object_id", mail, role, municipality))
    assert whoever(client).post("/sign-in/links", {"mail": mail}).status == 202
    answer = whoever(client).post("/sign-in/by-link",
                                  {"token": mailed(database, person)})
    assert answer.status == 201
    session = whoever(client, answer.json["token"])
    me = session.get("/me").json
    assert (me["role"], me["municipality"]) == (role, municipality)
    assert session.get("/bookings").status == 403
    answer = session.post("/account/password", {"password": NEW})
    assert answer.status == 409, "there is none"
    database.run("UPDATE kg.person SET role = 'teacher', municipality = NULL"
                 " WHERE id = %s", person)
    assert session.get("/me").status == 401
