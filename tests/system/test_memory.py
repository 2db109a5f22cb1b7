"""What stands in a worker's memory when those who gave a secret have their answer."""

import base64
import re

import pytest

from kattegat import paths
from kattegat.accounts import (PASSWORD, Account, account, clock,  # noqa: F401
                               invite, mailed, whoever)
from kattegat.browser import Browser

pytestmark = pytest.mark.skipif(
    "san" in paths.BUILD.name,
    reason="its shadow is larger than any memory, and it keeps what is freed")

# One worker, whose memory is all there is to read.
OPTIONS = {"workers": 1, "sign_in_failures": 1000}
NEW = "hemmelig tudekop 1"
NEWER = "hemmelig tudekop 2"


def memory_of(pid):
    """The writable parts of a process."""
    parts = []
    with open("/proc/%d/maps" % pid, encoding="ascii") as maps, \
            open("/proc/%d/mem" % pid, "rb", buffering=0) as memory:
        for line in maps:
            bounds, rights = line.split()[:2]
            if not rights.startswith("rw") or line.endswith("[vvar]\n"):
                continue
            start, end = (int(bound, 16) for bound in bounds.split("-"))
            memory.seek(start)
            while start < end:
                part = memory.read(end - start)
                if not part:
                    break
                parts.append(part)
                start += len(part)
    return b"\0".join(parts)


def found(daemon, secrets):
    """The names of those that are there."""
    try:
        memory = memory_of(*daemon.workers().values())
    except PermissionError:
        pytest.skip("this user may not read a worker's memory")
    assert b"kattegatd" in memory
    return sorted(name for name, text in secrets.items()
                  if text.encode() in memory)


def forms_of(page, action):
    return [form for form in page.forms if form.action == action][0].fields


def test_a_worker_forgets_what_the_api_was_told(
        client, daemon, database, account):
    some = account("planner")
    secrets = {"password": PASSWORD, "new password": NEW,
               "authenticator": base64.b32encode(some.secret).decode(),
               "authenticator, hex": some.secret.hex()}
    code = some.fresh_code()
    answer = some.sign_in(code=code)
    assert answer.status == 201
    secrets["code"] = '"%s"' % code
    secrets["session"] = answer.json["token"]
    with whoever(client, answer.json["token"]) as api:
        assert api.post("/account/password", {"password": NEW}).status == 204
        made = api.post("/api-tokens", {"name": "Skærm", "role": "planner"})
        assert made.status == 201, made.body
        secrets["API token"] = made.json["token"]
        codes = api.post("/account/recovery-codes").json["recovery_codes"]
        assert api.get("/me").status == 200
    answer = some.sign_in(NEW, codes[3])
    assert answer.status == 201
    for number in range(10):
        secrets["recovery code %d" % number] = some.recovery[number]
        secrets["newer recovery code %d" % number] = codes[number]
        secrets["hashed recovery code %d" % number] = \
            codes[number].replace("-", "")
    _, invitation = invite(database, "Husk", "husk@example.org", "planner")
    secrets["invitation"] = invitation
    assert whoever(client).post("/invitations/accept", {
        "token": invitation, "password": NEWER}).status == 200
    secrets["invited password"] = NEWER
    assert found(daemon, secrets) == []


def test_a_worker_forgets_a_link_by_mail(client, daemon, database):
    person = int(database.value(
        "SELECT (kg.person_add(NULL, 'test', 'Lærer', 'glem@example.org', NULL,"
        " 'teacher', NULL)).object_id"))
    assert whoever(client).post("/sign-in/links", {
        "mail": "glem@example.org"}).status == 202
    link = mailed(database, person)
    answer = whoever(client).post("/sign-in/by-link", {"token": link})
    assert answer.status == 201
    assert found(daemon, {"link": link, "session": answer.json["token"]}) == []


def test_a_worker_forgets_what_the_pages_were_told(
        client, daemon, database, account):
    some = account("planner")
    browser = Browser(client)
    page = browser.follow(browser.send(
        browser.get("/log-ind/personale"), mail=some.mail, adgangskode=PASSWORD))
    code = some.fresh_code()
    page = browser.send(page, kode=code)
    assert page.status == 303, page.text
    secrets = {"cookie": browser.cookie, "code": "kode=%s" % code,
               "password": PASSWORD.replace(" ", "+"),
               "password, decoded": PASSWORD}
    page = browser.get("/konto")
    page = browser.post("/konto/noegle", {
        **forms_of(page, "/konto/noegle"), "navn": "Skærm"})
    secrets["API token"] = re.search(
        '<code class="secret">([a-z2-7]{26})</code>', page.text).group(1)
    page = browser.get("/konto")
    page = browser.post("/konto/noedkoder", forms_of(page, "/konto/noedkoder"))
    for number, code in enumerate(re.findall(
            "<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>", page.text)):
        secrets["recovery code %d" % number] = code
    page = browser.get("/konto/adgangskode")
    page = browser.post("/konto/adgangskode", {
        **forms_of(page, None), "adgangskode": NEW})
    assert page.status == 303
    secrets["new password"] = NEW
    assert len(secrets) == 16
    assert found(daemon, secrets) == []
