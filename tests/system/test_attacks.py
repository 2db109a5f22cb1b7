"""What is good for once, tried by many at once, on two workers."""

import base64
import concurrent.futures

import pytest

from kattegat.accounts import (  # noqa: F401 (clock and account: fixtures)
    WRONG, accept, account, clock, invite, mailed, now_s, totp, whoever)

OPTIONS = {"workers": 2, "sign_in_failures": 1000,
           "unknown_tokens_per_minute": 1000}

AT_ONCE = 6


def at_once(one):
    """The statuses of so many that are sent together, sorted."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(answer.status for answer in pool.map(
            lambda _: one(), range(AT_ONCE)))


def sessions(database, person_id):
    return database.value(
        "SELECT count(*) FROM kg.sign_in WHERE person_id = %s", person_id)


def test_a_link_that_many_use_at_once_signs_in_once(client, database):
    person = int(database.value(
        "SELECT (kg.person_add(NULL, 'test', 'Lærer', 'ens@example.org', NULL,"
        " 'teacher', NULL)).object_id"))
    whoever(client).post("/sign-in/links", {"mail": "ens@example.org"})
    token = mailed(database, person)
    assert at_once(lambda: whoever(client).post(
        "/sign-in/by-link", {"token": token})) == [201] + [404] * 5
    assert sessions(database, person) == 1


PAUSE = "kg.sign_in_pause(int)"


@pytest.fixture
def no_pause(database):
    """So that of many at once most are checked, not told to wait."""
    text = database.value("SELECT pg_get_functiondef(%s::regprocedure)", PAUSE)
    database.run("CREATE OR REPLACE FUNCTION kg.sign_in_pause(failures int)"
                 " RETURNS interval LANGUAGE sql IMMUTABLE AS"
                 " $$SELECT interval '0'$$")
    yield
    database.run(text)


def test_an_invitation_that_many_confirm_at_once_is_used_once(
        client, database, no_pause):
    person, token = invite(database, "Ny", "ny@example.org", "planner")
    secret = base64.b32decode(accept(client, token).json["secret"])
    code = totp(secret, now_s(database) // 30)
    got = at_once(lambda: whoever(client).post("/invitations/confirm", {
        "token": token, "code": code}))
    # 429: who counted later began earlier
    assert got[0] == 200 and set(got[1:]) <= {404, 429}, got
    assert database.value("SELECT count(*) FROM kg.recovery_code"
                          " WHERE person_id = %s", person) == 10


def test_of_many_wrong_passwords_at_once_one_is_checked(database, account):
    some = account()
    assert some.sign_in(WRONG, "000000").status == 401
    # so that the next pause is a minute, however slow this machine is
    database.run("UPDATE kg.sign_in_try SET failures = 10,"
                 " next_try_at = kg.now() WHERE login_hash ="
                 " kg.sign_in_login_hash(%s)", some.mail)
    assert at_once(lambda: some.sign_in(WRONG, "000000")) == (
        [401] + [429] * 5)


@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_a_code_that_many_use_at_once_signs_in_once(
        database, account, no_pause, kind):
    some = account()
    code = some.fresh_code() if kind == "code" else some.recovery[0]
    got = at_once(lambda: some.sign_in(code=code))
    # 429: who counted later began earlier
    assert got[0] == 201 and set(got[1:]) <= {401, 429} and 401 in got, got
    assert sessions(database, some.person_id) == 1
