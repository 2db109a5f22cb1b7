"""Accounts: from the invitation to the end of a session."""

import base64
import crypt
import hashlib
import hmac
import re
import statistics
import struct
import threading
import time

import pytest

from kattegat.api import Api

# All come from one address: one test's failures must not make another wait.
OPTIONS = {"workers": 1, "sign_in_failures": 1000}

PASSWORD = "en lang adgangskode"
WRONG = "en forkert adgangskode"

# The OpenAPI document of each daemon, by its port.
DOCUMENTS = {}


def whoever(client, token=None, check=True):
    """The API as whoever has this token; the document is read once."""
    api = Api(client, token, check=check)
    if check:
        if client.port not in DOCUMENTS:
            DOCUMENTS[client.port] = api.document
        api._document = DOCUMENTS[client.port]
    return api


class Account:
    """One person with a password, and an authenticator that follows kg.clock."""

    def __init__(self, client, database, person_id, mail, secret, recovery):
        self.client = client
        self.database = database
        self.person_id = person_id
        self.mail = mail
        self.secret = base64.b32decode(secret)
        self.recovery = recovery

    def fresh_code(self):
        """One that was not used; when all are, the clock is moved on."""
        used = self.database.value(
            "SELECT totp_last_step FROM kg.account WHERE person_id = %s",
            self.person_id) if self.person_id else 0
        now = now_s(self.database) // 30
        if used > now:
            move_clock(self.database, "%d seconds" % ((used - now) * 30))
        # Not the one before: it would be too old if a step ended just now.
        return totp(self.secret, max(used + 1, now))

    def sign_in(self, password=PASSWORD, code=None, client=None):
        return whoever(client or self.client).post("/sign-in", {
            "mail": self.mail, "password": password,
            "code": code or self.fresh_code()})

    def api(self):
        answer = self.sign_in()
        assert answer.status == 201, answer.body
        return whoever(self.client, answer.json["token"])


def totp(secret, step):
    """RFC 6238, written anew from its text."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff
    return "%06d" % (number % 1000000)


def now_s(database):
    # a cast alone would round
    return int(database.value("SELECT floor(extract(epoch FROM kg.now()))"))


def move_clock(database, by):
    database.run("UPDATE kg.clock SET shift = shift + %s::interval", by)


@pytest.fixture(autouse=True)
def clock(database):
    yield
    database.run("UPDATE kg.clock SET shift = '0'")
    database.run("DELETE FROM kg.sign_in_try")


def invite(database, name, mail, role, office=None):
    """As the operator: (person, the invitation's secret)."""
    token = hashlib.sha256(mail.encode()).hexdigest()[:26]
    row = database.row(
        "SELECT * FROM kg.account_invite(NULL, 'test', NULL, %s, %s, %s, %s,"
        " sha256(%s::bytea), NULL)", name, mail, role, office,
        token.encode())
    return int(row.object_id), token


def mailed(database, person_id):
    """The secret in the mail that waits for somebody."""
    return database.value(
        "SELECT facts ->> 'token' FROM kg.outbox WHERE person_id = %s"
        " AND ended_at IS NULL", person_id)


def accept(client, token, password=PASSWORD):
    return whoever(client).post("/invitations/accept", {
        "token": token, "password": password})


@pytest.fixture
def account(client, database):
    """account(role, office): somebody who has confirmed an invitation."""
    def make(role="planner", office=None):
        make.count += 1
        mail = "konto-%d-%d@example.org" % (time.monotonic_ns(), make.count)
        person, token = invite(database, "Konto %d" % make.count, mail, role,
                               office)
        secret = accept(client, token).json["secret"]
        made = Account(client, database, person, mail, secret, None)
        answer = whoever(client).post("/invitations/confirm", {
            "token": token, "code": made.fresh_code()})
        assert answer.status == 200, answer.body
        made.recovery = answer.json["recovery_codes"]
        return made

    make.count = 0
    return make


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


# ---- sign-in ----

def same_refusal(answer, path="/api/v1/sign-in"):
    assert answer.status == 401
    assert answer.json["type"].endswith("/problems/sign-in-refused")
    assert answer.json["instance"] == path
    return answer.body


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


def pause_ends(database, in_s):
    database.run("UPDATE kg.sign_in_try SET next_try_at = kg.now()"
                 " + %s * interval '1 second'", in_s)


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
    _, token = invite(database, "Konto", some.mail.upper(), "planner")
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


# ---- what nobody may see, and nobody waits for ----

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


def test_polls_are_answered_while_sign_ins_hash(client, account):
    accounts = [account() for _ in range(4)]
    codes = [some.fresh_code() for some in accounts]
    with client.connect() as poll:
        etag = poll.get("/f/alle.ics").headers["ETag"]
        threads, results = at_once(
            4, lambda n: accounts[n].sign_in(code=codes[n]).status)
        times = []
        while any(thread.is_alive() for thread in threads):
            began = time.monotonic()
            assert poll.get("/f/alle.ics", if_none_match=etag).status == 304
            times.append(time.monotonic() - began)
    assert results == [201] * 4
    # If hashing blocked the loop there would be one poll a hash, as long as it.
    assert len(times) > 30
    assert statistics.median(times) < 0.05


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
