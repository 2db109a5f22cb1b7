"""People with accounts, as the tests of signing in and of accounts need them."""

import base64
import hashlib
import hmac
import struct
import time

import pytest

from kattegat.api import Api

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
    digest = hashlib.sha256(mail.encode()).digest()
    token = base64.b32encode(digest)[:26].decode().lower()
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


def same_refusal(answer, path="/api/v1/sign-in"):
    assert answer.status == 401
    assert answer.json["type"].endswith("/problems/sign-in-refused")
    assert answer.json["instance"] == path
    return answer.body


def pause_ends(database, in_s):
    database.run("UPDATE kg.sign_in_try SET next_try_at = kg.now()"
                 " + %s * interval '1 second'", in_s)
