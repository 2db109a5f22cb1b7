"""Accounts: invitations, changes, API tokens."""

import base64
import json
import re

import pytest

from kattegat.accounts import (  # noqa: F401 (clock and account: fixtures)
    PASSWORD, WRONG, Account, accept, account, clock, invite, mailed,
    move_clock, now_s, pause_ends, same_refusal, totp, whoever)

# All come from one address: one test's failures must not make another wait.
OPTIONS = {"workers": 1, "sign_in_failures": 1000}


# ---- invitation ----

def test_an_invitation_leads_to_a_sign_in(client, database):
    person, token = invite(database, "Ny Koordinator", "ny@example.org",
                           "coordinator", "AAR")
    answer = accept(client, token)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert re.fullmatch("[A-Z2-7]{32}", answer.json["secret"])
    assert answer.json["uri"].startswith(
        "otpauth://totp/Kattegat:ny%40example.org?secret="
        + answer.json["secret"])
    new = Account(client, database, person, "ny@example.org",
                  answer.json["secret"], None)
    answer = whoever(client).post("/invitations/confirm", {
        "token": token, "code": new.fresh_code()})
    assert answer.status == 200
    assert len(set(answer.json["recovery_codes"])) == 10
    answer = new.sign_in()
    assert answer.status == 201
    assert re.fullmatch("[a-z2-7]{26}", answer.json["token"])
    me = whoever(client, answer.json["token"]).get("/me")
    assert me.status == 200
    assert (me.json["role"], me.json["office"]) == ("coordinator", "AAR")
    assert me.json["person_id"] == person
    assert me.json["recovery_codes"] == 10


def test_an_invitation_works_once_and_for_three_days(client, database):
    _, token = invite(database, "Sen", "sen@example.org", "planner")
    move_clock(database, "71 hours 59 minutes")
    secret = base64.b32decode(accept(client, token).json["secret"])
    move_clock(database, "1 minute")
    assert accept(client, token).status == 404
    move_clock(database, "-1 minute")
    confirm = {"token": token, "code": totp(secret, now_s(database) // 30)}
    assert whoever(client).post("/invitations/confirm", confirm).status == 200
    assert whoever(client).post("/invitations/confirm", confirm).status == 404
    assert accept(client, token).status == 404


def test_an_unknown_invitation_and_a_short_password_are_refused(client):
    assert accept(client, "a" * 26).status == 404
    answer = accept(client, "a" * 26, "elleve tegn")
    assert answer.status == 422
    assert b"elleve" not in answer.body


def test_a_wrong_first_code_confirms_nothing(client, database):
    _, token = invite(database, "Fejl", "fejl@example.org", "planner")
    secret = base64.b32decode(accept(client, token).json["secret"])
    answer = whoever(client).post("/invitations/confirm", {
        "token": token, "code": totp(secret, now_s(database) // 30 + 5)})
    assert answer.status == 401
    assert database.value("SELECT confirmed_at FROM kg.account JOIN kg.person"
                          " ON id = person_id WHERE mail = %s",
                          "fejl@example.org") is None
    pause_ends(database, 30)
    answer = whoever(client).post("/invitations/confirm", {
        "token": token, "code": totp(secret, now_s(database) // 30)})
    assert (answer.status, answer.headers["Retry-After"]) == (429, "30"), (
        "it was counted, so the right one waits")


def test_unknown_invitations_and_links_are_counted_by_all_workers(
        new_daemon, database):
    other = new_daemon(workers=2, sign_in_failures=3).start()
    database.run("DELETE FROM kg.sign_in_try")
    links = list(other.client.each_worker(2).values())

    def guess(link, path, **body):
        return link.request("/api/v1" + path, "POST", {
            "Content-Type": "application/json"}, json.dumps(body))

    for link in links:
        assert guess(link, "/sign-in/by-link", token="b" * 26).status == 404
        assert guess(link, "/invitations/accept", token="a" * 26,
                     password=PASSWORD).status == 404
    pause_ends(database, 30)
    for link in links:
        answer = guess(link, "/sign-in/by-link", token="c" * 26)
        assert (answer.status, answer.headers["Retry-After"]) == (429, "30")


# ---- accounts ----

def test_changes_of_accounts_ask_for_password_and_code_again(
        database, account):
    admin = account("admin")
    api = admin.api()
    wish = {"name": "Nr. To", "mail": "to-%s@example.org" % admin.person_id,
            "role": "planner"}
    move_clock(database, "10 minutes")
    answer = api.post("/accounts", wish)
    assert answer.status == 403
    assert answer.json["type"].endswith("/problems/confirm-again")
    same_refusal(api.post("/sign-in/again", {
        "password": WRONG, "code": admin.fresh_code()}),
        "/api/v1/sign-in/again")
    move_clock(database, "1 second")
    answer = api.post("/sign-in/again", {
        "password": PASSWORD, "code": admin.fresh_code()})
    assert answer.status == 200, answer.body
    answer = api.post("/accounts", wish, key="invitation-1")
    assert answer.status == 201
    assert answer.json["state"] == "invited"
    again = api.post("/accounts", wish, key="invitation-1")
    assert again.json == answer.json, "nobody is invited twice"
    token = mailed(database, answer.json["id"])
    assert token.encode() not in answer.body, "not even the admin sees it"
    assert accept(admin.client, token).status == 200


def change(api, person, method, path="", body=None):
    its = api.get("/accounts/%d" % person)
    return api.request(method, "/accounts/%d%s" % (person, path), body,
                       if_match=its.etag)


def test_another_role_ends_sessions_and_tokens(account):
    admin, some = account("admin").api(), account("coordinator", "AAR")
    session = some.api()
    token = session.post("/api-tokens", {"name": "dørskilt"}).json["token"]
    machine = whoever(some.client, token)
    assert machine.get("/me").status == 200
    answer = change(admin, some.person_id, "PATCH", body={"role": "auditor",
                                                          "office": None})
    assert answer.status == 200, answer.body
    assert (answer.json["role"], answer.json["office"]) == ("auditor", None)
    assert session.get("/me").status == 401
    assert machine.get("/me").status == 401
    assert some.api().get("/me").json["role"] == "auditor"


def test_a_locked_account_is_out_until_it_is_unlocked(database, account):
    admin, some = account("admin").api(), account()
    session = some.api()
    token = session.post("/api-tokens", {"name": "program"}).json["token"]
    machine = whoever(some.client, token)
    assert change(admin, some.person_id, "POST", "/lock").status == 200
    assert session.get("/me").status == 401
    assert machine.get("/me").status == 401
    same_refusal(some.sign_in())
    assert change(admin, some.person_id, "POST", "/unlock").status == 200
    move_clock(database, "1 second")
    assert some.sign_in().status == 201
    assert session.get("/me").status == 401, "it stays ended"
    assert machine.get("/me").status == 200


def test_only_admins_see_accounts(account):
    for role, office, status in (("admin", None, 200), ("planner", None, 403),
                                 ("auditor", None, 403),
                                 ("coordinator", "AAR", 403)):
        assert account(role, office).api().get("/accounts").status == status


def test_a_new_invitation_replaces_a_lost_authenticator(
        client, database, account):
    some = account()
    session = some.api()
    _, token = invite(database, "Konto 1", some.mail.upper(), "planner")
    assert session.get("/me").status == 200
    secret = accept(client, token, PASSWORD + "!").json["secret"]
    new = Account(client, database, some.person_id, some.mail, secret, None)
    answer = whoever(client).post("/invitations/confirm", {
        "token": token, "code": new.fresh_code()})
    assert answer.status == 200
    assert session.get("/me").status == 401
    assert new.sign_in(PASSWORD + "!").status == 201
    same_refusal(some.sign_in(PASSWORD + "!", some.recovery[1]))


# ---- API tokens ----

def test_a_token_has_a_name_a_role_an_office_and_an_end(database, account):
    session = account("planner").api()
    made = session.post("/api-tokens", {
        "name": "skærm i Aarhus", "role": "coordinator", "office": "AAR",
        "expires_on": database.value("SELECT kg.now()::date + 1")
        .isoformat()})
    assert made.status == 201, made.body
    machine = whoever(session.client, made.json["token"])
    me = machine.get("/me").json
    assert (me["role"], me["office"]) == ("coordinator", "AAR")
    assert me["sign_in_id"] is None
    listed = session.get("/api-tokens").json["items"]
    assert listed[0]["name"] == "skærm i Aarhus"
    assert listed[0]["last_used_at"] is not None
    move_clock(database, "3 days")
    assert machine.get("/me").status == 401


def test_a_token_is_no_more_than_its_person(account):
    session = account("coordinator", "AAR").api()
    for wish in ({"role": "planner"}, {"role": "admin"}, {"office": "KBH"}):
        answer = session.post("/api-tokens", {"name": "for meget", **wish})
        assert answer.status == 422, wish
    assert session.get("/api-tokens").json["items"] == []


def test_a_token_changes_no_accounts_and_no_tokens(account):
    session = account("admin").api()
    token = session.post("/api-tokens", {"name": "program"}).json["token"]
    machine = whoever(session.client, token)
    for path, wish in (("/api-tokens", {"name": "endnu en"}),
                       ("/accounts", {"name": "N", "mail": "n@example.org",
                                      "role": "admin"})):
        answer = machine.post(path, wish)
        assert answer.status == 403, path
        assert answer.json["type"].endswith("/problems/confirm-again")
    assert machine.post("/sign-out").status == 409
    assert machine.post("/sign-in/again", {
        "password": PASSWORD, "code": "123456"}).status == 409


def test_a_revoked_token_is_good_no_more(account):
    session = account().api()
    made = session.post("/api-tokens", {"name": "program"}).json
    machine = whoever(session.client, made["token"])
    assert machine.get("/me").status == 200
    other = account().api()
    path = "/api-tokens/%d" % made["id"]
    assert other.delete(path).status == 403
    assert machine.get("/me").status == 200
    assert session.delete(path).status == 204
    assert machine.get("/me").status == 401


def test_a_narrower_token_books_only_where_it_may(database, account):
    session = account("planner").api()
    token = session.post("/api-tokens", {
        "name": "kun Aarhus", "role": "coordinator",
        "office": "AAR"}).json["token"]
    machine = whoever(session.client, token)
    for office, status in (("AAR", 201), ("KBH", 403)):
        room = database.value(
            "SELECT min(r.id) FROM kg.room r JOIN kg.venue v"
            " ON v.id = r.venue_id JOIN kg.office o ON o.id = v.office_id"
            " WHERE o.code = %s", office)
        answer = machine.post("/bookings", {
            "room_id": room, "starts_local": "2031-03-03T09:00",
            "ends_local": "2031-03-03T10:00", "kind": "internal",
            "title": "Møde"})
        assert answer.status == status, answer.body


# ---- what nobody may see ----

def test_no_secret_is_in_the_log_the_journal_or_a_kept_answer(
        daemon, database, account):
    admin = account("admin")
    session = admin.api()
    same_refusal(admin.sign_in(WRONG, "000000"))
    made = session.post("/api-tokens", {"name": "program"},
                        key="secret-1")
    invited = session.post("/accounts", {
        "name": "Hemmelig", "mail": "hemmelig@example.org",
        "role": "planner"}, key="secret-2")
    assert (made.status, invited.status) == (201, 201)
    invitation = mailed(database, invited.json["id"])
    secret = accept(admin.client, invitation).json["secret"]
    secrets = [PASSWORD, WRONG, session.token, made.json["token"],
               invitation, secret,
               base64.b32encode(admin.secret).decode(), *admin.recovery]
    rows = [row[0] for table in ("journal", "journal_personal", "idempotency",
                                 "sign_in", "api_token", "account",
                                 "invitation", "recovery_code")
            for row in database.rows("SELECT t::text FROM kg.%s t" % table)]
    hashes = [row[0] for row in database.rows(
        "SELECT password_hash FROM kg.account WHERE password_hash IS NOT"
        " NULL")]
    for row in rows:
        assert not [secret for secret in secrets if secret in row]
    kept = [row[0] for row in database.rows(
        "SELECT t::text FROM kg.journal t UNION ALL"
        " SELECT t::text FROM kg.idempotency t")]
    assert hashes and kept
    for row in kept:
        assert not [one for one in hashes if one in row]
    assert not [secret for secret in secrets + hashes
                if secret in daemon.log()]
    assert admin.mail not in daemon.log()
