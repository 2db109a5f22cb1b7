"""The page of one's own account, as somebody who is signed in uses it."""

import crypt
import hashlib
import re
import urllib.parse

import pytest

from kattegat.browser import COOKIE, Browser
from test_accounts import (PASSWORD, WRONG, account, clock,  # noqa: F401
                           move_clock)

# All come from one address: one test's failures must not make another wait.
OPTIONS = {"workers": 1, "sign_in_failures": 1000}


def session(database, person_id, value, role="planner",
            client="Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"):
    """As signing in leaves it."""
    database.run(
        "INSERT INTO kg.sign_in (person_id, hash, role, client, created_at,"
        " confirmed_at, last_seen_at) VALUES (%s, decode(%s, 'hex'), %s, %s,"
        " kg.now(), kg.now(), kg.now())", person_id, hashlib.sha256(
            ("%s=%s" % (COOKIE, value)).encode()).hexdigest(), role, client)


@pytest.fixture
def signed_in(client, database, account):
    """(the account, a browser that is signed in with it)."""
    some = account()
    value = hashlib.sha256(some.mail.encode()).hexdigest()[:26].translate(
        str.maketrans("0189", "wxyz"))
    session(database, some.person_id, value)
    return some, Browser(client, value)


def form_of(page, action):
    return [form for form in page.forms if form.action == action][0]


def send(browser, page, action, **fields):
    """Fills in and sends the form of that action."""
    form = form_of(page, action)
    return browser.post(action, {**form.fields, **fields})


def ten_minutes_ago(database):
    database.run("UPDATE kg.sign_in SET confirmed_at = confirmed_at"
                 " - interval '10 minutes'")


def test_who_is_not_signed_in_is_led_to_the_sign_in(client):
    for path, where, back in (
            ("/konto", "/log-ind", ""),
            ("/konto/bekraeft", "/log-ind/personale", ""),
            ("/konto/adgangskode", "/log-ind/personale",
             "&til=%2Fkonto%2Fadgangskode")):
        for cookie in (None, "a" * 26):
            browser = Browser(client, cookie)
            page = browser.get(path)
            assert (page.status, page.location) == (
                303, "%s?slut=login%s" % (where, back))
            assert "Log ind for at se siden" in browser.follow(page).text


@pytest.mark.parametrize("change, role, word, said", [
    ("last_seen_at = last_seen_at - interval '8 hours'", "planner", "pause",
     "efter 8 timers pause"),
    ("created_at = created_at - interval '12 hours'", "planner", "tid",
     "der er gået 12 timer"),
    ("ended_at = kg.now(), ended_by = 'revoked'", "planner", "andet-sted",
     "fra et andet sted"),
    ("role = 'auditor'", "planner", "rolle", "din rolle eller dit kontor"),
    ("last_seen_at = last_seen_at - interval '30 minutes'", "admin",
     "kort-pause", "efter 30 minutters pause")])
def test_why_a_session_is_over_is_told(client, database, account, change,
                                       role, word, said):
    some = account(role)
    session(database, some.person_id, "l" * 26, role=role)
    browser = Browser(client, "l" * 26)
    assert browser.get("/konto").status == 200
    database.run("UPDATE kg.sign_in SET %s WHERE id = (SELECT max(id)"
                 " FROM kg.sign_in)" % change)
    page = browser.get("/konto/adgangskode")
    assert page.location == "/log-ind/personale?slut=%s" \
        "&til=%%2Fkonto%%2Fadgangskode" % word
    page = browser.follow(page)
    assert said in page.text and "Det, du skrev" not in page.text
    page = browser.send(page, mail=some.mail, adgangskode=PASSWORD)
    page = browser.send(browser.follow(page), kode=some.fresh_code())
    assert (page.status, page.location) == (303, "/konto/adgangskode")
    database.run("DELETE FROM kg.sign_in WHERE hash = decode(%s, 'hex')",
                 hashlib.sha256(("%s=%s" % (COOKIE, "l" * 26)).encode())
                 .hexdigest())


def test_what_was_typed_is_there_after_signing_in(signed_in, database):
    some, browser = signed_in
    page = browser.get("/konto")
    database.run("UPDATE kg.sign_in SET last_seen_at = last_seen_at"
                 " - interval '8 hours'")
    page = send(browser, page, "/konto/noegle",
                **{"navn": "Skærmen & <foyeren>", "sidste-dag": "1.8.2099"})
    page = browser.follow(page)
    assert "Det, du skrev, er gemt" in page.text
    page = browser.send(page, mail=some.mail, adgangskode=WRONG)
    assert page.status == 422
    database.run("DELETE FROM kg.sign_in_try")
    page = browser.send(page, mail=some.mail, adgangskode=PASSWORD)
    page = browser.send(browser.follow(page), kode=some.fresh_code())
    page = browser.follow(page)
    fields = form_of(page, "/konto/noegle").fields
    assert (fields["navn"], fields["sidste-dag"]) == (
        "Skærmen & <foyeren>", "1.8.2099")


@pytest.mark.parametrize("there", [
    "//evil.example", "https://evil.example", "/kalendere", "/log-ud",
    "/konto/log-af", "/konto\\evil", "/s/{run_no}"])
def test_signing_in_leads_to_no_other_place(client, account, there):
    some, browser = account(), Browser(client)
    page = browser.get("/log-ind/personale?til=" + urllib.parse.quote(there))
    page = browser.send(page, mail=some.mail, adgangskode=PASSWORD)
    page = browser.send(browser.follow(page), kode=some.fresh_code())
    assert page.location == "/konto"


def test_the_account_tells_who_and_where_one_is(signed_in, database):
    some, browser = signed_in
    session(database, some.person_id, "b" * 26, client="curl/8.1")
    page = browser.get("/konto")
    assert page.status == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert some.mail in page.text and "planlægger" in page.text
    assert "Firefox på Linux <strong>– her</strong>" in page.text
    assert "10 af 10 tilbage" in page.text
    assert "Skiftet %d." % database.value(
        "SELECT extract(day FROM kg.local_at(kg.now()))::int") in page.text
    others = [form for form in page.forms if form.action == "/konto/log-af"]
    assert len(others) == 1, "one does not end the session one is in"


def test_another_session_is_ended(signed_in, client, database):
    some, browser = signed_in
    session(database, some.person_id, "c" * 26)
    other = Browser(client, "c" * 26)
    assert other.get("/konto").status == 200
    page = send(browser, browser.get("/konto"), "/konto/log-af")
    assert (page.status, page.location) == (303, "/konto?gjort=log-af")
    assert "er logget af" in browser.follow(page).text
    assert other.get("/konto").status == 303
    assert browser.get("/konto").status == 200


def test_all_other_sessions_are_ended(signed_in, client, database):
    some, browser = signed_in
    for letter in "de":
        session(database, some.person_id, letter * 26)
    page = send(browser, browser.get("/konto"), "/konto/log-af-andre")
    assert page.location == "/konto?gjort=log-af-andre"
    for letter in "de":
        assert Browser(client, letter * 26).get("/konto").status == 303
    page = browser.follow(page)
    assert page.status == 200 and "Log af alle andre" not in "".join(
        re.findall("<button.*?</button>", page.text))


def test_nobody_ends_anothers_session(signed_in, client, database, account):
    _, browser = signed_in
    other = account()
    session(database, other.person_id, "f" * 26)
    theirs = database.value("SELECT max(id) FROM kg.sign_in")
    session(database, signed_in[0].person_id, "g" * 26)
    page = send(browser, browser.get("/konto"), "/konto/log-af", id=theirs)
    assert page.status == 403
    assert Browser(client, "f" * 26).get("/konto").status == 200
    for text in ("", "x", "1x", "99999999999999999999", "-1"):
        page = send(browser, browser.get("/konto"), "/konto/log-af", id=text)
        assert page.status == 404, text


def test_a_token_is_made_shown_once_and_ended(signed_in, client):
    some, browser = signed_in
    page = send(browser, browser.get("/konto"), "/konto/noegle",
                **{"navn": "Skærmen <i> foyeren", "sidste-dag": "1.8.2099"})
    assert page.status == 200, page.text
    token = re.search('<code class="secret">([a-z2-7]{26})</code>',
                      page.text).group(1)
    assert "Skærmen &lt;i&gt; foyeren" in page.text
    asked = client.request("/api/v1/me", headers={
        "Authorization": "Bearer " + token})
    assert asked.status == 200, "it is a bearer token of the API"
    page = browser.get("/konto")
    assert token not in page.text
    assert "1. august 2099" in page.text
    page = send(browser, page, "/konto/noegle-sluk")
    assert page.location == "/konto?gjort=noegle-sluk"
    assert "Du har ingen nøgler" in browser.follow(page).text
    asked = client.request("/api/v1/me", headers={
        "Authorization": "Bearer " + token})
    assert asked.status == 401


def test_the_same_form_makes_one_token(signed_in, database):
    """Loading the answer again, or pressing twice, sends the form again."""
    _, browser = signed_in
    form = form_of(browser.get("/konto"), "/konto/noegle").fields
    form.update({"navn": "Skærmen", "sidste-dag": ""})
    page = browser.post("/konto/noegle", form)
    secret = re.search('<code class="secret">(.*?)</code>', page.text).group(1)
    count = database.value("SELECT count(*) FROM kg.api_token")
    again = browser.post("/konto/noegle", form)
    assert (again.status, again.location) == (303, "/konto?gjort=noegle-igen")
    again = browser.follow(again)
    assert "det samme to gange" in again.text and secret not in again.text
    assert count == database.value("SELECT count(*) FROM kg.api_token")
    assert not database.value(
        "SELECT count(*) FROM kg.idempotency i WHERE i::text LIKE %s",
        "%" + secret + "%"), "it is kept nowhere in clear"
    browser.post("/konto/noegle", {**form, "navn": "En anden"})
    assert count + 1 == database.value("SELECT count(*) FROM kg.api_token"), \
        "other words are another wish"
    send(browser, page, "/konto/noegle", navn="Skærmen")
    assert count + 2 == database.value("SELECT count(*) FROM kg.api_token"), \
        "and so is the form of another page"


def test_a_token_without_name_or_with_no_day_is_not_made(signed_in, database):
    _, browser = signed_in
    before = database.value("SELECT count(*) FROM kg.api_token")
    page = send(browser, browser.get("/konto"), "/konto/noegle",
                **{"navn": " ", "sidste-dag": "31.4.2099"})
    assert page.status == 422
    assert page.title.startswith("Fejl: ")
    assert "Ret 2 felter" in page.text and "31.4.2099" in page.text
    page = send(browser, browser.get("/konto"), "/konto/noegle",
                navn="ø" * 201)
    assert page.status == 422
    assert "højst være på 200 tegn" in page.text
    page = send(browser, browser.get("/konto"), "/konto/noegle",
                **{"navn": "Ny", "sidste-dag": "1.8.2020"})
    assert page.status == 422, "its last day is over"
    assert 'value="Ny"' in page.text
    assert "Nøglens sidste dag, lørdag den 1. august 2020, er forbi. Vælg en " \
        "sidste dag, der ikke er forbi, eller ingen." in page.text
    assert before == database.value("SELECT count(*) FROM kg.api_token")


def test_the_form_of_a_token_is_kept_while_the_database_is_busy(
        signed_in, database):
    _, browser = signed_in
    page = browser.get("/konto")
    with database.link().cursor() as lock:
        lock.execute("BEGIN; LOCK TABLE kg.api_token")
        page = send(browser, page, "/konto/noegle",
                    **{"navn": "Skærmen <i> foyeren", "sidste-dag": "1.8.2099"})
        lock.execute("ROLLBACK")
    assert page.status == 503 and int(page.headers["Retry-After"]) > 0
    assert page.title.startswith("Fejl: Ny API-nøgle")
    assert 'value="Skærmen &lt;i&gt; foyeren"' in page.text
    page = send(browser, page, "/konto/noegle", **{"navn": "Anden gang"})
    assert page.status == 200 and "Nøglen er lavet" in page.text


def test_what_cannot_be_done_is_told_by_the_database_s_own_words(
        signed_in, database):
    some, browser = signed_in
    session(database, some.person_id, "k" * 26)
    page = send(browser, browser.get("/konto"), "/konto/log-af", id="x")
    assert page.status == 404
    assert "<p>Der er ikke noget login 0. Listerne viser" in page.text


@pytest.mark.parametrize("action, word", [
    ("/konto/noegle", "noegler"), ("/konto/noedkoder", "noedkoder")])
def test_what_gives_access_asks_for_password_and_code_again(
        signed_in, database, action, word):
    some, browser = signed_in
    ten_minutes_ago(database)
    fields = {"navn": "Døren"} if word == "noegler" else {}
    page = send(browser, browser.get("/konto"), action, **fields)
    assert page.location.startswith("/konto/bekraeft?til=" + word)
    asked = browser.follow(page)
    assert asked.status == 200
    page = browser.post(asked.path, {
        **form_of(asked, None).fields, "adgangskode": WRONG, "kode": "000000"})
    assert page.status == 422 and page.title.startswith("Fejl: ")
    assert WRONG not in page.text
    database.run("DELETE FROM kg.sign_in_try")
    page = browser.post(asked.path, {
        **form_of(page, None).fields, "adgangskode": PASSWORD,
        "kode": some.fresh_code()})
    assert page.status == 303
    assert page.location.startswith("/konto?gjort=bekraeft")
    page = browser.get(page.location.split("#")[0])
    assert "I de næste ti minutter" in page.text
    sent = form_of(page, action).fields
    assert {**sent, **fields} == sent, "what was typed is there"
    assert send(browser, page, action).status == 200


def test_nobody_is_led_anywhere_else(signed_in):
    some, browser = signed_in
    page = browser.get("/konto/bekraeft?til=//evil.example")
    assert "evil.example" not in page.text
    page = browser.post("/konto/bekraeft", {
        **form_of(page, None).fields, "til": "https://evil.example",
        "adgangskode": PASSWORD, "kode": some.fresh_code()})
    assert page.location == "/konto?gjort=bekraeft"


def test_keepers_of_passwords_are_told_whose_it_is(signed_in):
    some, browser = signed_in
    for path in ("/konto/bekraeft", "/konto/adgangskode"):
        page = browser.get(path)
        again = browser.send(page, adgangskode="")
        assert again.status == 422
        for shown in (page, again):
            assert '<input type="text" name="login" value="%s" autocomplete=' \
                '"username" readonly hidden>' % some.mail in shown.text, path


def test_either_code_can_be_typed_on_a_phone(signed_in):
    _, browser = signed_in
    field = re.search('<input id="kode"[^>]*>',
                      browser.get("/konto/bekraeft").text).group()
    assert "inputmode" not in field and 'autocapitalize="off"' in field


def test_empty_fields_are_named(signed_in):
    _, browser = signed_in
    page = browser.get("/konto/bekraeft")
    page = browser.post("/konto/bekraeft", form_of(page, None).fields)
    assert page.status == 422
    assert "Ret 2 felter" in page.text
    page = browser.post("/konto/bekraeft", {
        **form_of(page, None).fields, "adgangskode": WRONG, "kode": "12345"})
    assert page.status == 422 and "Ret 1 felt" in page.text


def test_new_recovery_codes_are_shown_once_and_work(signed_in):
    some, browser = signed_in
    page = send(browser, browser.get("/konto"), "/konto/noedkoder")
    codes = re.findall("<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>",
                       page.text)
    assert page.status == 200 and len(set(codes)) == 10
    assert some.sign_in(code=some.recovery[0]).status == 401
    some.database.run("DELETE FROM kg.sign_in_try")
    assert some.sign_in(code=codes[3]).status == 201
    assert "9 af 10 tilbage" in browser.get("/konto").text


def test_the_same_form_makes_ten_codes(signed_in):
    some, browser = signed_in
    form = form_of(browser.get("/konto"), "/konto/noedkoder").fields
    page = browser.post("/konto/noedkoder", form)
    code = re.search("<code>(.*?)</code>", page.text).group(1)
    again = browser.post("/konto/noedkoder", form)
    assert (again.status, again.location) == (
        303, "/konto?gjort=noedkoder-igen")
    assert "det samme to gange" in browser.follow(again).text
    assert some.sign_in(code=code).status == 201, "the first ten are good"


def test_the_password_is_changed_and_others_are_out(
        signed_in, client, database):
    some, browser = signed_in
    session(database, some.person_id, "h" * 26)
    page = browser.get("/konto/adgangskode")
    for short in ("", "elleve tegn", "æøåæøåæøåæø"):
        refused = browser.post("/konto/adgangskode", {
            **form_of(page, None).fields, "adgangskode": short})
        assert refused.status == 422 and "mindst 12 tegn" in refused.text
    page = browser.post("/konto/adgangskode", {
        **form_of(page, None).fields, "adgangskode": "æøå helt nyt ord"})
    assert page.location == "/konto?gjort=adgangskode"
    done = browser.follow(page)
    assert "er skiftet" in done.text and "Dine nøgler gælder" not in done.text
    send(browser, done, "/konto/noegle", navn="Skærmen")
    done = browser.follow(page)
    assert "Dine nøgler gælder stadig" in done.text
    assert "<th scope=\"row\">Skærmen</th>" in done.text, "which those are"
    assert Browser(client, "h" * 26).get("/konto").status == 303
    assert some.sign_in().status == 401
    database.run("DELETE FROM kg.sign_in_try")
    assert some.sign_in("æøå helt nyt ord").status == 201


@pytest.mark.parametrize("password, said", [
    ("password1234", "en af dem, man gætter først"),
    ("a" * 12, "en af dem, man gætter først"),
    (" " * 12, "en af dem, man gætter først"),
    ("123456789012", "en af dem, man gætter først"),
    ("Adgangskode2026!", "en af dem, man gætter først"),
    ("a\u0335 fem lange ord", "en accent, der ikke hører til"),
    (PASSWORD, "er den gamle"), (None, "er din mailadresse")])
def test_a_password_that_is_guessed_is_not_taken(signed_in, database,
                                                 password, said):
    some, browser = signed_in
    page = browser.get("/konto/adgangskode")
    page = browser.send(page, adgangskode=password or some.mail.upper())
    assert page.status == 422 and page.title.startswith("Fejl: ")
    assert said in page.text
    assert some.sign_in(PASSWORD).status == 201


def test_a_password_is_the_same_on_every_keyboard(signed_in, database):
    some, browser = signed_in
    apart, joined = "gra\u030a a\u030al og is", "grå ål og is"
    page = browser.get("/konto/adgangskode")
    page = browser.send(page, adgangskode=apart)
    assert page.location == "/konto?gjort=adgangskode"
    for typed in (apart, joined):
        assert some.sign_in(typed).status == 201
    # one of an older day, with the accent on its own
    database.run(
        "UPDATE kg.account SET password_hash = %s WHERE person_id = %s",
        crypt.crypt(apart, "$y$j9T$abcdefghijklmnopqrstu."), some.person_id)
    assert some.sign_in(joined).status == 401
    database.run("DELETE FROM kg.sign_in_try")
    for typed in (apart, joined):
        assert some.sign_in(typed).status == 201


def test_the_password_is_not_changed_without_password_and_code(
        signed_in, database):
    _, browser = signed_in
    page = browser.get("/konto/adgangskode")
    ten_minutes_ago(database)
    page = browser.post("/konto/adgangskode", {
        **form_of(page, None).fields, "adgangskode": "æøå helt nyt ord"})
    assert page.location == "/konto/bekraeft?til=adgangskode"


def test_a_form_of_another_session_changes_nothing(
        signed_in, client, database):
    some, browser = signed_in
    session(database, some.person_id, "i" * 26)
    other = Browser(client, "i" * 26)
    fields = form_of(other.get("/konto"), "/konto/log-af-andre").fields
    page = browser.post("/konto/log-af-andre", fields)
    assert page.status == 403
    assert other.get("/konto").status == 200


def test_somebody_without_a_password_sees_only_sessions(client, database):
    person = int(database.row(
        "SELECT * FROM kg.person_add(NULL, 'test', 'Lis Lærer',"
        " 'lis@example.org', NULL, 'teacher', NULL)").object_id)
    session(database, person, "j" * 26, role="teacher")
    page = Browser(client, "j" * 26).get("/konto")
    assert page.status == 200
    assert "underviser" in page.text
    assert "API-nøgler" not in page.text and "Nødkoder" not in page.text
