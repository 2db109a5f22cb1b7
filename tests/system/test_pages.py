"""The pages on which one signs in, as somebody with a browser goes them."""

import base64
import concurrent.futures
import hashlib
import html
import re
import subprocess
import xml.dom.minidom

import pytest

from kattegat.accounts import (  # noqa: F401 (clock: a fixture)
    PASSWORD, WRONG, Account, clock, invite, mailed, move_clock,
    pause_ends)
from kattegat.browser import Browser
from kattegat.wait import wait_for

# All come from one address: one test's failures must not make another wait.
OPTIONS = {"workers": 1, "sign_in_failures": 1000,
           "unknown_tokens_per_minute": 1000}

SHORT = "elleve tegn"


@pytest.fixture
def browser(client):
    return Browser(client)


@pytest.fixture
def account(client, database):
    """account(role, office): somebody whose invitation is confirmed, by pages."""
    def make(role="planner", office=None):
        make.count += 1
        mail = "side-%d@example.org" % account_count(database)
        person, token = invite(database, "Eva <Side> %d" % make.count, mail,
                               role, office)
        made, page = confirm(Browser(client), database, person, mail, token)
        made.recovery = re.findall("<li>([a-z2-7-]{19})</li>", page.text)
        return made

    make.count = 0
    return make


def account_count(database):
    return database.value("SELECT count(*) FROM kg.person")


def secret_of(page):
    """The authenticator's secret, as one types it."""
    shown = re.search('<code class="secret">((?:[A-Z2-7]{4} ?){8})</code>',
                      page.text)
    assert shown.group(1).count(" ") == 7
    return shown.group(1).replace(" ", "")


def confirm(browser, database, person, mail, token):
    """Goes the whole way of an invitation: (the account, the last page)."""
    page = browser.get("/log-ind/invitation/" + token)
    page = browser.send(page, adgangskode=PASSWORD)
    assert page.status == 200, page.text
    made = Account(browser.client, database, person, mail, secret_of(page),
                   None)
    page = browser.send(page, kode=made.fresh_code())
    assert page.status == 200, page.text
    return made, page


def password_step(browser, some, password=PASSWORD):
    page = browser.get("/log-ind/personale")
    return browser.send(page, mail=some.mail, adgangskode=password)


def sign_in(browser, some):
    """Both steps; gives the session's cookie."""
    page = browser.follow(password_step(browser, some))
    page = browser.send(page, kode=some.fresh_code())
    assert (page.status, page.location) == (303, "/konto"), page.text
    return browser.cookie


def is_session(database, cookie):
    """Whether the database takes it for somebody."""
    return database.value(
        "SELECT (kg.api_find_actor(sha256(convert_to(%s, 'UTF8'))))"
        ".person_id IS NOT NULL", "__Host-kattegat=%s" % cookie)


def teacher(database):
    """(person, mail) of somebody without a password."""
    mail = "laerer-%d@example.org" % account_count(database)
    return int(database.value(
        "SELECT (kg.person_add(NULL, 'test', 'Lis Lærer', %s, NULL,"
        " 'teacher', NULL)).object_id", mail)), mail


@pytest.fixture
def linked(browser, database):
    """A teacher's token of a link that came by mail."""
    person, mail = teacher(database)
    page = browser.send(browser.get("/log-ind"), mail=mail)
    assert (page.status, page.location) == (303, "/log-ind?sendt=1")
    return mailed(database, person)


# ---- every page ----

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": "da",
    "Content-Security-Policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def is_page(page):
    """What ui/guide.md sections 2 and 7 and security.md ask of these pages."""
    for name, value in HEADERS.items():
        assert page.headers[name] == value, (page, name)
    secret = re.match("/log-ind/(?!personale$|kode)[^?]", page.path)
    assert page.headers["Referrer-Policy"] == (
        "strict-origin" if secret else "same-origin"), page
    assert page.headers["Server"] is None
    assert '<html lang="da">' in page.text
    assert not re.search(r"<style|<script|<[^>]* (style|on[a-z]+)=|javascript:",
                         page.text, re.I), page
    for name in re.findall('<input id="([^"]+)"', page.text):
        assert '<label for="%s">' % name in page.text
    for form in page.forms:
        assert form.method == "post"
        assert re.fullmatch("[0-9a-f]{32}", form.fields["csrf"])


def is_refused(page, words):
    """A form that is shown again."""
    assert page.status == 422, page
    assert page.title.startswith("Fejl: ")
    assert 'role="alert"' in page.text
    assert words in html.unescape(page.text)
    assert not page.set_cookies
    is_page(page)


def test_the_pages_keep_to_the_guide(browser, database, account):
    some = account()
    _, token = invite(database, "Ny", "ny-side@example.org", "planner")
    for path in ("/log-ind", "/log-ind?sendt=1", "/log-ind?ud=1",
                 "/log-ind/personale", "/log-ind/kode", "/log-ind/" + "a" * 26,
                 "/log-ind/ukendt", "/log-ind/invitation/" + "a" * 26,
                 "/log-ind/invitation/kort", "/log-ind/invitation/" + token):
        browser.get(path)
    browser.get("/log-ind/personale")
    page = browser.follow(password_step(browser, some))
    browser.get("/log-ind/kode?noedkode=1")
    browser.send(page, kode="000000")
    for page in browser.pages:
        if page.status != 303:
            is_page(page)


def test_head_answers_as_get_without_a_body(browser):
    for path in ("/log-ind", "/log-ind/personale", "/log-ind/kode",
                 "/log-ind/" + "a" * 26):
        page = browser.request(path, "HEAD")
        again = browser.get(path)
        assert page.status == again.status
        assert page.text == ""
        assert page.headers["Content-Length"] == \
            again.headers["Content-Length"]


def test_other_methods_are_not_allowed(browser):
    page = browser.get("/log-ud")
    assert (page.status, page.headers["Allow"]) == (405, "POST")
    page = browser.request("/log-ind/personale", "PUT")
    assert (page.status, page.headers["Allow"]) == (405, "GET, HEAD, POST")


# ---- the cookie ----

LINE = "__Host-kattegat=[a-z2-7]{26}; Path=/; Secure; HttpOnly; SameSite=Lax"


def test_the_cookie_is_new_at_every_step_and_has_its_attributes(
        browser, database, account):
    some = account()
    page = browser.get("/log-ind/personale")
    values = [browser.cookie]
    assert [re.fullmatch(LINE, line) is not None
            for line in page.set_cookies] == [True]
    assert not browser.get("/log-ind/personale").set_cookies
    page = password_step(browser, some)
    assert re.fullmatch(LINE, *page.set_cookies)
    values.append(browser.cookie)
    page = browser.send(browser.follow(page), kode=some.fresh_code())
    assert re.fullmatch(LINE, *page.set_cookies)
    values.append(browser.cookie)
    assert len(set(values)) == 3
    assert [is_session(database, value) for value in values] == [
        False, False, True]
    page = browser.follow(page)
    assert page.status == 200
    assert some.mail in page.text
    for value in values[:2]:
        page = Browser(browser.client, value).get("/konto")
        assert (page.status, page.location) == (303, "/log-ind?slut=login")
        page = Browser(browser.client, value).get("/log-ind/kode")
        assert page.status == 410, "and the first step is used up"
    assert database.value("SELECT client FROM kg.sign_in ORDER BY id DESC"
                          " LIMIT 1") == "Testfox 1.0"


def test_a_cookie_is_no_bearer_token_and_a_bearer_token_no_cookie(
        browser, account):
    some = account()
    cookie = sign_in(browser, some)
    me = "/api/v1/me"
    assert browser.client.get(me, authorization="Bearer " + cookie) \
        .status == 401
    assert browser.get(me).status == 401
    token = some.api().token
    assert browser.client.get(me, authorization="Bearer " + token) \
        .status == 200
    assert Browser(browser.client, token).get("/konto").status == 303
    assert browser.get("/konto").status == 200


def test_a_cookie_of_another_name_or_twice_is_none(browser, account):
    cookie = sign_in(browser, account())
    for line in ("kattegat=" + cookie, "__host-kattegat=" + cookie,
                 "__Host-kattegat=%s; __Host-kattegat=%s" % (cookie, cookie)):
        page = browser.client.request("/konto", headers={"Cookie": line})
        assert page.status == 303, line


def test_who_signs_in_again_ends_the_session_before(browser, database, account):
    some = account()
    first = sign_in(browser, some)
    assert is_session(database, first)
    password_step(browser, some)
    assert not is_session(database, first)


# ---- staff ----

def test_a_wrong_mail_and_a_wrong_password_get_the_same_bytes(
        browser, database, account):
    some = account()
    bodies = set()
    for mail in (some.mail, "ingen-%s" % some.mail):
        page = browser.get("/log-ind/personale")
        page = browser.send(page, mail=mail, adgangskode=WRONG)
        is_refused(page, "Mailadressen eller adgangskoden passer ikke")
        assert page.form.fields["mail"] == mail
        assert page.form.fields["adgangskode"] == ""
        assert WRONG not in page.text
        bodies.add(page.text.replace(mail, "MAIL"))
    assert len(bodies) == 1
    assert database.value("SELECT count(*) FROM kg.sign_in_start s"
                          " WHERE s.person_id = %s", some.person_id) == 0


def test_what_is_missing_is_told_at_its_field(browser):
    page = browser.send(browser.get("/log-ind/personale"), mail="eva <x>",
                        adgangskode="")
    is_refused(page, "Ret 2 felter")
    assert page.form.fields["mail"] == "eva <x>"
    assert '<a href="#mail">Skriv en mailadresse' in page.text
    assert '<a href="#adgangskode">Skriv din adgangskode' in page.text
    page = browser.send(page, mail="eva@example.org", adgangskode="x" * 501)
    is_refused(page, "højst være på 120 tegn")


def test_who_was_wrong_waits_and_is_told_how_long(browser, database, account):
    some = account()
    assert password_step(browser, some, WRONG).status == 422
    pause_ends(database, 30)
    page = password_step(browser, some)
    assert page.status == 429
    assert 20 < int(page.headers["Retry-After"]) <= 30
    assert re.search("forkerte forsøg .* Vent [23][0-9] sekunder", page.text)
    is_page(page)
    # to be sent again without typing the mail address again
    assert page.form.fields["mail"] == some.mail
    assert PASSWORD not in page.text and "<title>Fejl: " in page.text
    pause_ends(database, 0)
    page = password_step(browser, some)
    assert page.status == 303
    page = browser.follow(page)
    assert browser.send(page, kode="000000").status == 422
    pause_ends(database, 30)
    page = browser.send(page, kode="000000")
    assert page.status == 429 and "Skriv koden fra din app" in page.text
    assert "000000" not in page.text


def test_more_than_can_wait_are_told_to_come_again(browser):
    form = browser.get("/log-ind/personale").form
    cookie = browser.cookie

    def knock(number):
        return Browser(browser.client, cookie).post("/log-ind/personale", {
            **form.fields, "mail": "ingen-%d@example.org" % number,
            "adgangskode": WRONG})

    pages = []
    # Where they come one after another: until one is refused.
    for begin in range(0, 200, 20):
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            pages += pool.map(knock, range(begin, begin + 20))
        # 60 it is when the database was too slow to answer
        busy = [page for page in pages if page.status == 503
                and page.headers["Retry-After"] == "2"]
        if busy:
            break
    assert busy
    assert {page.status for page in pages} <= {422, 503}
    for page in busy:
        assert "Vi har for travlt lige nu" in page.text
        is_page(page)


def test_the_code_may_be_pasted_with_blanks(browser, account):
    some = account()
    page = browser.follow(password_step(browser, some))
    assert some.mail in page.text
    assert 'inputmode="numeric" autocomplete="one-time-code"' in page.text
    code = some.fresh_code()
    page = browser.send(page, kode=" %s %s " % (code[:3], code[3:]))
    assert (page.status, page.location) == (303, "/konto")


def test_a_wrong_code_is_told_and_a_right_one_is_still_taken(
        browser, database, account):
    some = account()
    page = browser.follow(password_step(browser, some))
    page = browser.send(page, kode="000 000")
    is_refused(page, "Koden passede ikke. Vent på den næste i appen")
    assert page.form.fields["kode"] == ""
    is_refused(browser.send(page, kode="  "), "Skriv de seks cifre")
    move_clock(database, "1 second")
    assert browser.send(page, kode=some.fresh_code()).status == 303
    assert is_session(database, browser.cookie)


def test_a_code_works_once(browser, account):
    some = account()
    page = browser.follow(password_step(browser, some))
    code = some.fresh_code()
    assert browser.send(page, kode=code).status == 303
    other = Browser(browser.client)
    page = other.follow(password_step(other, some))
    is_refused(other.send(page, kode=code), "Koden passede ikke")


def test_a_recovery_code_works_once(browser, database, account):
    some = account()
    assert len(some.recovery) == 10
    password_step(browser, some)
    page = browser.get("/log-ind/kode?noedkode=1")
    assert "inputmode" not in page.text
    assert 'autocomplete="off" autocapitalize="off" spellcheck="false"' in \
        page.text
    is_refused(browser.send(page, kode="aaaa-bbbb-cccc-dddd"),
               "Nødkoden passede ikke")
    move_clock(database, "1 second")
    page = browser.send(page, kode=some.recovery[3].upper())
    assert (page.status, page.location) == (303, "/konto")
    other = Browser(browser.client)
    page = other.follow(password_step(other, some))
    is_refused(other.send(page, kode=some.recovery[3]), "Koden passede ikke")


def test_the_code_has_ten_minutes(browser, database, account):
    some = account()
    page = browser.follow(password_step(browser, some))
    move_clock(database, "10 minutes")
    assert browser.get("/log-ind/kode").status == 410
    page = browser.send(page, kode=some.fresh_code())
    assert page.status == 410
    assert "Begynd forfra" in page.text
    assert 'href="/log-ind/personale"' in page.text
    is_page(page)
    assert not is_session(database, browser.cookie)


def test_without_a_first_step_there_is_no_second(browser):
    for _ in range(2):
        page = browser.get("/log-ind/kode")
        assert page.status == 410
        assert 'href="/log-ind/personale"' in page.text
        browser.get("/log-ind")
    form = browser.get("/log-ind").form.fields
    page = browser.post("/log-ind/kode", {"csrf": form["csrf"],
                                          "kode": "123456"})
    assert page.status == 410


# ---- by a link ----

def test_nobody_learns_who_has_a_mail_address(browser, database, account):
    person, mail = teacher(database)
    answers = set()
    for address in (mail, account().mail, "ingen@example.org"):
        page = browser.send(browser.get("/log-ind"), mail=address)
        assert page.status == 303
        page = browser.follow(page)
        answers.add(page.text)
    assert len(answers) == 1
    assert "Se i din indbakke" in page.text
    assert "et kvarter og virker én gang" in page.text
    assert database.value("SELECT count(*) FROM kg.mail_link WHERE person_id"
                          " = %s", person) == 1
    is_refused(browser.send(browser.get("/log-ind"), mail="eva"),
               "Skriv en mailadresse")


def test_the_mail_names_the_page(database, linked):
    body = database.value("SELECT body FROM kg.mail_template('mail_link')")
    assert "\n{base_url}/log-ind/{token}\n" in body
    body = database.value(
        "SELECT body FROM kg.mail_template('account_invitation')")
    assert "\n{base_url}/log-ind/invitation/{token}\n" in body


def test_opening_a_link_uses_nothing_up_and_its_button_does(
        browser, database, linked):
    path = "/log-ind/" + linked
    for method in ("GET", "HEAD", "GET"):
        assert Browser(browser.client).request(path, method).status == 200
    assert database.value("SELECT used_at FROM kg.mail_link WHERE hash ="
                          " kg.secret_hash(%s)", linked) is None
    page = browser.get(path)
    before = browser.cookie
    page = browser.send(page)
    assert (page.status, page.location) == (303, "/konto")
    assert re.fullmatch(LINE, *page.set_cookies)
    assert browser.cookie != before
    assert is_session(database, browser.cookie)
    assert browser.follow(page).status == 200
    other = Browser(browser.client)
    page = other.send(other.get(path))
    assert page.status == 410
    assert "Linket virker ikke længere" in page.text
    assert 'href="/log-ind"' in page.text
    assert not page.set_cookies
    is_page(page)


def test_a_link_is_good_for_a_quarter_of_an_hour(browser, database, linked):
    page = browser.get("/log-ind/" + linked)
    move_clock(database, "15 minutes")
    assert browser.send(page).status == 410


def test_a_link_that_is_none_leads_to_a_new_one(browser):
    for path in ("/log-ind/kort", "/log-ind/" + "A" * 26,
                 "/log-ind/invitation"):
        page = browser.get(path)
        assert page.status == 404
        assert "Linket virker ikke længere" in page.text
    page = browser.send(browser.get("/log-ind/" + "b" * 26))
    assert page.status == 410


# ---- invitations ----

def picture(page):
    """The QR code of a page as a picture of bits, one module a bit."""
    side, path = re.search(
        r'viewBox="0 0 (\d+) \1".* d="([^"]+)"', page.text).groups()
    side = int(side)
    dark = [[0] * side for _ in range(side)]
    for x, y, width, back in re.findall(
            r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
        assert width == back
        for column in range(int(x), int(x) + int(width)):
            dark[int(y)][column] = 1
    return dark


def test_an_invitation_leads_to_a_sign_in(browser, database):
    person, token = invite(database, "Ny <Person>", "inviteret@example.org",
                           "coordinator", "AAR")
    page = browser.get("/log-ind/invitation/" + token)
    assert "Hej Ny &lt;Person&gt;." in page.text
    assert "inviteret@example.org" in page.text
    assert 'autocomplete="new-password"' in page.text
    assert '" autocomplete="username" readonly hidden>' in page.text
    page = browser.send(page, adgangskode=PASSWORD)
    assert page.status == 200
    is_page(page)
    assert 'role="img" aria-label="QR-kode' in page.text
    assert PASSWORD not in page.text
    some = Account(browser.client, database, person, "inviteret@example.org",
                   secret_of(page), None)
    dark = picture(page)
    finder = [list(map(int, row)) for row in (
        "1111111", "1000001", "1011101", "1011101", "1011101", "1000001",
        "1111111")]
    side = len(dark)
    for y, x in ((4, 4), (4, side - 11), (side - 11, 4)):
        assert [row[x:x + 7] for row in dark[y:y + 7]] == finder
    assert not any(map(any, dark[:4] + dark[-4:]))
    page = browser.send(page, kode=some.fresh_code())
    assert page.status == 200
    is_page(page)
    assert len(set(re.findall("<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>",
                              page.text))) == 10
    assert 'href="/log-ind/personale"' in page.text
    sign_in(browser, some)
    for _ in range(2):
        page = browser.get("/log-ind/invitation/" + token)
        assert page.status == 410
        assert "Invitationen virker ikke længere" in page.text
        is_page(page)


def test_a_password_has_twelve_characters(browser, database):
    _, token = invite(database, "Kort", "kort@example.org", "planner")
    page = browser.get("/log-ind/invitation/" + token)
    page = browser.send(page, adgangskode=SHORT)
    is_refused(page, "mindst 12 tegn")
    assert SHORT not in page.text
    is_refused(browser.send(page, adgangskode="ø" * 121), "højst")
    # characters are counted, not bytes
    is_refused(browser.send(page, adgangskode="ø" * 11), "mindst 12 tegn")
    assert browser.send(page, adgangskode="tyve øl " * 15).status == 200


def test_a_wrong_first_code_does_not_show_the_secret_again(browser, database):
    person, token = invite(database, "Fejl", "fejlkode@example.org", "planner")
    page = browser.get("/log-ind/invitation/" + token)
    page = browser.send(page, adgangskode=PASSWORD)
    secret = secret_of(page)
    some = Account(browser.client, database, person, "fejlkode@example.org",
                   secret, None)
    wrong = "%06d" % ((int(some.fresh_code()) + 1) % 1000000)
    page = browser.send(page, kode=wrong)
    is_refused(page, "Koden passede ikke")
    assert 'class="secret"' not in page.text and "<svg" not in page.text
    is_refused(browser.send(page, kode=""), "Skriv de seks cifre")
    # a reload of that page, and beginning anew from it: another secret
    again = browser.follow(browser.get(page.path))
    assert again.path == "/log-ind/invitation/" + token
    again = browser.send(again, adgangskode=PASSWORD)
    assert secret_of(again) != secret
    newer = Account(browser.client, database, person, "fejlkode@example.org",
                    secret_of(again), None)
    # whoever mistypes a code has to wait, which is not what is tested here
    database.run("DELETE FROM kg.sign_in_try")
    is_refused(browser.send(page, kode=some.fresh_code()), "passede ikke")
    database.run("DELETE FROM kg.sign_in_try")
    assert browser.send(again, kode=newer.fresh_code()).status == 200
    sign_in(browser, newer)


def test_an_invitation_ends_after_three_days(browser, database):
    _, token = invite(database, "Sen", "sen-side@example.org", "planner")
    page = browser.get("/log-ind/invitation/" + token)
    move_clock(database, "72 hours")
    assert browser.send(page, adgangskode=PASSWORD).status == 410
    assert browser.get("/log-ind/invitation/" + token).status == 410
    assert browser.get("/log-ind/invitation/nej").status == 404


# ---- forms of others ----

def changes(database):
    """What a form could have changed."""
    return [database.value("SELECT count(*) FROM kg." + table) for table in (
        "mail_link", "sign_in", "sign_in_start", "sign_in_try", "outbox",
        "journal")] + [database.value(
            "SELECT count(*) FROM kg.sign_in WHERE ended_at IS NOT NULL")]


def test_a_form_without_our_csrf_or_from_elsewhere_changes_nothing(
        browser, database, account, linked):
    some = account()
    cookie = sign_in(browser, some)
    others = Browser(browser.client).get("/log-ind").form.fields["csrf"]
    ours = browser.get("/log-ind").form.fields["csrf"]
    before = changes(database)
    leads_on = ("/log-ind/personale", "/log-ind/kode", "/log-ind/" + linked)
    forms = {
        "/log-ind": {"mail": "laerer@example.org"},
        "/log-ind/personale": {"mail": some.mail, "adgangskode": PASSWORD},
        "/log-ind/kode": {"kode": "123456"},
        "/log-ind/" + linked: {},
        "/log-ind/invitation/" + "a" * 26: {"adgangskode": PASSWORD},
        "/log-ind/invitation/" + "a" * 26 + "/kode": {"kode": "123456"},
        "/log-ud": {},
    }
    for path, fields in forms.items():
        for csrf in (None, "", others, ours[:-1], ours.upper() + "x"):
            sent = dict(fields) if csrf is None else {**fields, "csrf": csrf}
            page = browser.post(path, sent)
            # who is signed in may have clicked twice to be it
            if csrf == others and path in leads_on:
                assert page.location == "/konto", path
            else:
                assert page.status == 403, (path, csrf)
        sent = {**fields, "csrf": ours}
        for headers in ({"Origin": "https://example.com"}, {"Origin": "null"},
                        {"Sec_Fetch_Site": "cross-site"},
                        {"Origin": None, "Sec_Fetch_Site": "cross-site"}):
            page = browser.post(path, sent, **headers)
            assert page.status == 403, (path, headers)
        assert browser.post(path, sent, Content_Type="text/plain").status \
            == 415
        assert Browser(browser.client).post(path, sent).status == 403
    assert browser.cookie == cookie
    assert changes(database) == before
    assert browser.get("/konto").status == 200


def test_the_form_of_an_invitation_is_kept_while_the_database_is_busy(
        browser, database):
    mail = "travl@example.org"
    _, token = invite(database, "Tove Travl", mail, "planner", None)
    path = "/log-ind/invitation/" + token
    page = browser.get(path)
    with database.link().cursor() as lock:
        lock.execute("BEGIN; LOCK TABLE kg.invitation")
        page = browser.send(page, adgangskode=PASSWORD)
        lock.execute("ROLLBACK")
    assert page.status == 503 and int(page.headers["Retry-After"]) > 0
    assert page.title.startswith("Fejl: Vælg en adgangskode")
    assert mail in page.text and PASSWORD not in page.text
    page = browser.send(page, adgangskode="Password 12345")
    assert page.status == 422 and "man gætter først" in page.text
    page = browser.send(page, adgangskode=PASSWORD)
    assert page.status == 200 and "Knyt en app" in page.text


def test_every_page_has_an_icon(browser):
    assert '<link rel="icon" href="/favicon.ico"' in browser.get("/log-ind").text
    icon = browser.get("/favicon.ico")
    assert (icon.status, icon.headers["Content-Type"]) == (
        200, "image/svg+xml")
    assert icon.headers["Cache-Control"] == "public, max-age=86400"
    xml.dom.minidom.parseString(icon.text)


@pytest.mark.parametrize("code", ["12345", "1234567", "12 34-5", "abcdef",
                                  "abcd-efgh-ijkl"])
def test_what_is_no_code_is_no_attempt(browser, database, account, code):
    page = browser.follow(password_step(browser, account()))
    before = database.value("SELECT sum(failures) FROM kg.sign_in_try")
    page = browser.send(page, kode=code)
    assert page.status == 422 and "Skriv de seks cifre" in page.text
    assert before == database.value("SELECT sum(failures) FROM kg.sign_in_try")


# ---- the end ----

def test_who_signs_out_is_out(browser, database, account):
    cookie = sign_in(browser, account())
    page = browser.get("/konto")
    form = [form for form in page.forms if form.action == "/log-ud"][0]
    page = browser.post("/log-ud", form.fields)
    assert (page.status, page.location) == (303, "/log-ind?ud=1")
    assert page.set_cookies == ["__Host-kattegat=; Path=/; Secure; HttpOnly;"
                                " SameSite=Lax; Max-Age=0"]
    assert "Du er logget af." in browser.follow(page).text
    assert not is_session(database, cookie)
    again = Browser(browser.client, cookie)
    assert again.get("/konto").location.startswith("/log-ind/personale?slut=")
    # whose session is over already is out all the same
    page = again.post("/log-ud", form.fields)
    assert (page.status, page.location) == (303, "/log-ind?ud=1")


@pytest.mark.parametrize("role, limit_min, why", [
    ("planner", 8 * 60, "pause"), ("admin", 30, "kort-pause")])
def test_a_session_ends_when_it_was_idle(browser, database, account, role,
                                         limit_min, why):
    some = account(role)
    sign_in(browser, some)
    move_clock(database, "%d minutes" % (limit_min - 2))
    assert browser.get("/konto").status == 200
    sign_in(browser, some)
    move_clock(database, "%d minutes" % limit_min)
    page = browser.get("/konto")
    assert (page.status, page.location) == (
        303, "/log-ind/personale?slut=" + why)


def test_a_session_that_is_used_goes_on(browser, database, account):
    sign_in(browser, account("admin"))
    for _ in range(4):
        move_clock(database, "25 minutes")
        assert browser.get("/konto").status == 200


def test_a_session_ends_after_twelve_hours(browser, database, account):
    sign_in(browser, account())
    for _ in range(2):
        move_clock(database, "5 hours 55 minutes")
        assert browser.get("/konto").status == 200
    move_clock(database, "10 minutes")
    assert browser.get("/konto").status == 303


def test_another_role_and_a_lock_end_the_session(browser, account):
    for method, path, body in (
            ("PATCH", "", {"role": "coordinator", "office": "AAR"}),
            ("POST", "/lock", {})):
        some = account("planner")
        sign_in(browser, some)
        assert browser.get("/konto").status == 200
        admin = account("admin").api()
        its = "/accounts/%d" % some.person_id
        answer = admin.request(method, its + path, body,
                               if_match=admin.get(its).etag)
        assert answer.status == 200, answer.body
        assert browser.get("/konto").status == 303, path


def test_no_cookie_and_no_secret_is_kept(daemon, database, browser, account,
                                         linked):
    some = account()
    sign_in(browser, some)
    secrets = [some.recovery[0], base64.b32encode(some.secret).decode(),
               PASSWORD]
    cookies = set()
    for line in [line for page in browser.pages for line in page.set_cookies]:
        cookies.add(re.match("__Host-kattegat=([^;]+)", line).group(1))
    browser.send(browser.get("/log-ind/" + linked))
    cookies.add(browser.cookie)
    assert len(cookies) >= 4
    dump = subprocess.run(["pg_dump", "--data-only", database.dsn], text=True,
                          stdout=subprocess.PIPE, check=True).stdout
    for cookie in cookies:
        pair = ("__Host-kattegat=" + cookie).encode()
        assert cookie not in dump
        assert cookie not in daemon.log()
        assert hashlib.sha256(cookie.encode()).hexdigest() not in dump
        assert (hashlib.sha256(pair).hexdigest() in dump) == \
            (database.value("SELECT count(*) FROM kg.sign_in WHERE hash ="
                            " sha256(%s::bytea)", pair) == 1)
        for page in browser.pages:
            assert cookie not in page.text
    assert any(is_session(database, cookie) for cookie in cookies)
    for secret in secrets:
        assert secret not in daemon.log()
        assert secret not in dump
    # in the database it waits to be sent
    assert linked not in daemon.log()
    assert some.mail not in daemon.log()


def test_no_answer_from_the_database_is_told(browser, daemon, database,
                                             account):
    some = account()
    page = browser.get("/log-ind/personale")
    with database.link().cursor() as lock:
        lock.execute("BEGIN; LOCK TABLE kg.sign_in_try")
        answer = browser.send(page, mail=some.mail, adgangskode=PASSWORD)
        lock.execute("ROLLBACK")
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.form.fields["mail"] == some.mail
    assert PASSWORD not in answer.text
    wait_for(lambda: password_step(browser, some).status == 303, 10,
             "a sign-in after that")
