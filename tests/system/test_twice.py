"""Forms that are sent twice: who clicks twice, or does not wait for the answer.

A browser whose form is sent again drops the first request and shows the answer to the
second one: this must end as well as one click.
"""

import base64
import concurrent.futures
import re
import urllib.parse

import pytest

from kattegat.accounts import (  # noqa: F401 (clock and account: fixtures)
    PASSWORD, WRONG, account, clock, invite, mailed, move_clock, now_s, totp,
    whoever)
from kattegat.browser import COOKIE, URLENCODED, Browser
from kattegat.wait import wait_for

OPTIONS = {"workers": 2, "sign_in_failures": 1000,
           "unknown_tokens_per_minute": 1000}


@pytest.fixture
def browser(client):
    return Browser(client)


class Dropped:
    """A form that is sent, and whose answer nobody reads."""

    def __init__(self, browser, page, **fields):
        self.link = browser.client.connect()
        self.link._link.request(
            "POST", page.form.action or page.path,
            urllib.parse.urlencode({**page.form.fields, **fields}), {
                "Content-Type": URLENCODED, "Origin": browser.origin,
                "Cookie": "%s=%s" % (COOKIE, browser.cookie)})

    def drop(self):
        self.link.close()


def same(browser):
    """Another connection of the same browser, as it was when it clicked."""
    return Browser(browser.client, browser.cookie)


def sent_twice(browser, page, **fields):
    """Both at once; gives each one's browser and page."""
    ones = [same(browser) for _ in range(2)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(zip(ones, pool.map(
            lambda one: one.send(page, **fields), ones)))


def failures(database):
    return database.value("SELECT coalesce(sum(failures), 0)"
                          " FROM kg.sign_in_try")


def live_sessions(database, person_id):
    return database.value("SELECT count(*) FROM kg.sign_in WHERE person_id = %s"
                          " AND ended_at IS NULL", person_id)


def signed_in(one):
    return one.get("/konto").status == 200


def code_page(browser, some):
    page = browser.send(browser.get("/log-ind/personale"), mail=some.mail,
                        adgangskode=PASSWORD)
    return browser.follow(page)


# ---- the password ----

def test_who_clicks_twice_on_the_password_gets_in(browser, database, account):
    some = account()
    database.run("DELETE FROM kg.sign_in_try")
    page = browser.get("/log-ind/personale")
    for _ in range(4):
        first = Dropped(browser, page, mail=some.mail, adgangskode=PASSWORD)
        wait_for(lambda: failures(database) > 0, 60, "the first has begun")
        first.drop()
        second = same(browser)
        answer = second.send(page, mail=some.mail, adgangskode=PASSWORD)
        assert (answer.status, answer.location) == (303, "/log-ind/kode")
        assert "Skriv koden" in second.follow(answer).text
        wait_for(lambda: failures(database) == 0, 60, "a right one is none")


def test_of_two_wrong_passwords_both_count(browser, database, account):
    some = account()
    database.run("DELETE FROM kg.sign_in_try")
    page = browser.get("/log-ind/personale")
    first = Dropped(browser, page, mail=some.mail, adgangskode=WRONG)
    wait_for(lambda: failures(database) > 0, 60, "the first has begun")
    first.drop()
    answer = browser.send(page, mail=some.mail, adgangskode=WRONG)
    assert answer.status == 422, "it came when the pause was over"
    # of the login and of the address
    assert failures(database) == 4


def test_a_program_that_does_not_wait_has_not_failed(database, account):
    some = account()
    database.run("DELETE FROM kg.sign_in_try")
    begun = live_sessions(database, some.person_id)
    with some.client.connect() as link:
        link._link.request("POST", "/api/v1/sign-in", (
            '{"mail": "%s", "password": "%s", "code": "%s"}' % (
                some.mail, PASSWORD, some.fresh_code())),
            {"Content-Type": "application/json"})
        wait_for(lambda: failures(database) > 0, 60, "it has begun")
    wait_for(lambda: failures(database) == 0, 60, "a right one is no failure")
    assert live_sessions(database, some.person_id) == begun


# ---- the code ----

def test_a_code_that_is_sent_twice_signs_in_once(browser, database, account):
    some = account()
    page = code_page(browser, some)
    both = sent_twice(browser, page, kode=some.fresh_code())
    assert [(page.status, page.location) for _, page in both] == (
        [(303, "/konto")] * 2)
    assert sorted(signed_in(one) for one, _ in both) == [False, True]
    assert live_sessions(database, some.person_id) == 1


def test_a_code_is_taken_again_from_the_same_browser_for_a_minute(
        browser, database, account):
    some = account()
    page = code_page(browser, some)
    code = some.fresh_code()
    first, second, late = same(browser), same(browser), same(browser)
    first.send(page, kode=code)
    assert second.send(page, kode=code).location == "/konto"
    assert [signed_in(first), signed_in(second)] == [False, True]
    other = Browser(browser.client)
    its = code_page(other, some)
    assert other.send(its, kode=code).status == 422, "not from another one"
    assert late.send(page, kode="000000").status == 410, "nor another code"
    move_clock(database, "1 minute")
    assert late.send(page, kode=code).status == 410
    assert signed_in(second)


# ---- the link ----

@pytest.fixture
def linked(browser, database):
    mail = "to-klik@example.org"
    person = int(database.value(
        "SELECT (kg.person_add(NULL, 'test', 'Lis Lærer', %s, NULL,"
        " 'teacher', NULL)).object_id", mail))
    browser.send(browser.get("/log-ind"), mail=mail)
    yield person, mailed(database, person)
    database.run("UPDATE kg.person SET mail = NULL WHERE id = %s", person)


def test_a_link_that_is_sent_twice_signs_in_once(browser, database, linked):
    person, token = linked
    page = browser.get("/log-ind/" + token)
    both = sent_twice(browser, page)
    assert [(page.status, page.location) for _, page in both] == (
        [(303, "/konto")] * 2)
    assert sorted(signed_in(one) for one, _ in both) == [False, True]
    assert live_sessions(database, person) == 1
    other = Browser(browser.client)
    assert other.send(other.get("/log-ind/" + token)).status == 410


# ---- the invitation ----

def codes_of(page):
    assert page.status == 200, page.text
    codes = re.findall("<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>", page.text)
    assert len(set(codes)) == 10
    return codes


def test_an_invitation_confirmed_twice_shows_its_recovery_codes(
        browser, database):
    mail = "bekraeft-%d@example.org" % database.value(
        "SELECT count(*) FROM kg.person")
    _, token = invite(database, "To Klik", mail, "planner")
    page = browser.get("/log-ind/invitation/" + token)
    page = browser.send(page, adgangskode=PASSWORD)
    letters = re.search('<code class="secret">([A-Z2-7 ]+)</code>', page.text)
    secret = base64.b32decode(letters.group(1).replace(" ", ""))
    code = totp(secret, now_s(database) // 30)
    both = sent_twice(browser, page, kode=code)
    codes = codes_of(both[0][1])
    assert codes_of(both[1][1]) == codes
    assert codes_of(same(browser).send(page, kode=code)) == codes
    other = Browser(browser.client)
    form = other.get("/log-ind").form
    assert other.post(page.form.action, {**form.fields, "kode": code}
                      ).status == 410, "not to another browser"
    move_clock(database, "1 minute")
    assert same(browser).send(page, kode=code).status == 410
    signs_in = whoever(browser.client).post("/sign-in", {
        "mail": mail, "password": PASSWORD, "code": codes[9]})
    assert signs_in.status == 201


# ---- the second click comes after the first answer ----

def test_a_form_of_the_cookie_before_leads_on(browser, database, account):
    some = account()
    staff = browser.get("/log-ind/personale")
    page = browser.follow(browser.send(staff, mail=some.mail,
                                       adgangskode=PASSWORD))
    again = browser.send(staff, mail=some.mail, adgangskode=PASSWORD)
    assert (again.status, again.location) == (303, "/log-ind/kode")
    code = some.fresh_code()
    assert browser.send(page, kode=code).location == "/konto"
    for form in (page, staff):
        again = browser.send(form, **{
            name: "x" for name in form.form.fields if name != "csrf"})
        assert (again.status, again.location) == (303, "/konto")
    assert signed_in(browser)
    assert live_sessions(database, some.person_id) == 1
    browser.cookie = "a" * 26
    answer = browser.send(page, kode=code)
    assert answer.status == 403 and "Siden var for gammel" in answer.text
