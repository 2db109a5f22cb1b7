"""What the server refuses before it is known what was asked: to a client of the API a
problem, to a visitor a Danish page, to a calendar a plain sentence."""

import email
import json
import re

import pytest

from kattegat.api import Api

OPTIONS = {"hosts": "localhost"}
LINE_BYTES, HEAD_BYTES, HEAD_FIELDS, BODY_BYTES = 8192, 16384, 100, 65536
HOST = b"Host: localhost\r\n"
LARGE = b"x" * 70000
LONG = b"l" * LINE_BYTES
CHUNKED = b"Transfer-Encoding: chunked\r\n"

# Its name, what is asked ({} is the path), after the fields, status, problem,
# details, whether Accept-Language was read by then.
REFUSED = [
    ("zero", b"GET {}?q=%00", b"", 400, "malformed-request",
     {"reason": "The target is no usable address."}, True),
    ("escape", b"HEAD {}?q=%zz", b"", 400, "malformed-request", {}, True),
    ("path", b"GET {}/%00<i>", b"", 400, "malformed-request", {}, True),
    ("byte", b"GET {}/\xc3\xb8", b"", 400, "malformed-request",
     {"reason": "The target holds a byte that may not be there."}, False),
    ("long", b"GET {}?q=" + LONG, b"", 414, "address-too-long",
     {"limit_bytes": LINE_BYTES}, False),
    ("large", b"POST {}", b"Content-Length: 70000\r\n\r\n" + LARGE, 413,
     "body-too-large", {"limit_bytes": BODY_BYTES}, True),
    ("chunked", b"POST {}", CHUNKED + b"\r\n8000\r\n" + LARGE[:0x8000] +
     b"\r\n8000\r\n" + LARGE[:0x8000] + b"\r\n1\r\nx\r\n0\r\n\r\n", 413,
     "body-too-large", {"limit_bytes": BODY_BYTES}, True),
    ("chunk", b"POST {}", CHUNKED + b"\r\nten\r\n", 400, "malformed-request",
     {"reason": "A chunk has no plain size."}, True),
    ("expect", b"POST {}", b"Expect: gold\r\nContent-Length: 1\r\n\r\n", 417,
     "no-such-expectation", {}, True),
    ("fields", b"GET {}", b"x: y\r\n" * HEAD_FIELDS, 431, "head-too-large",
     {"limit_bytes": HEAD_BYTES, "limit_fields": HEAD_FIELDS}, True),
    ("field", b"GET {}", b"X: " + b"x" * HEAD_BYTES, 431, "head-too-large",
     {"limit_bytes": HEAD_BYTES}, True),
    ("trace", b"TRACE {}", b"", 405, "method-not-allowed", {}, True),
    ("version", b"GET {}", None, 505, "other-http-version", {}, False),
]

REASONS_DA = {
    "The target is no usable address.": "Adressen kan ikke bruges.",
    "The target holds a byte that may not be there.":
        "Adressen indeholder en byte, der ikke må være der.",
    "A chunk has no plain size.": "En bid af indholdet har ikke en størrelse "
        "skrevet med hexadecimale cifre.",
}

refused = pytest.mark.parametrize(
    "asked, rest, status, problem, details, read",
    [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])


class Answer:
    def __init__(self, data):
        head, self.body = data.split(b"\r\n\r\n", 1)
        line, fields = head.decode().split("\r\n", 1)
        self.status = int(line.split()[1])
        self.headers = email.message_from_string(fields)
        self.text = self.body.decode()


def ask(client, asked, rest, path, language=None, piece=None, host=HOST):
    data = asked.replace(b"{}", path.encode())
    if rest is None:
        data += b" HTTP/3.0\r\n" + host
    else:
        data += b" HTTP/1.1\r\n" + host
    if language:
        data += b"Accept-Language: " + language.encode() + b"\r\n"
    data += rest or b""
    if b"\r\n\r\n" not in data:
        data += b"\r\n\r\n"
    answer = Answer(client.raw(data, piece=piece))
    assert answer.headers["Connection"] == "close"
    return answer


@pytest.fixture(scope="module")
def api(daemon):
    with Api(daemon.client) as api:
        yield api


# ---- methods ----

@pytest.mark.parametrize("path", [
    "/api/v1/bookings", "/api/v1/bookings/17", "/api/v1/openapi.json",
    "/api/v1/sign-in", "/api/problems", "/kalendere", "/log-ind", "/log-ud",
    "/konto/noegle", "/s/KAT30-07", "/f/all.ics"])
def test_a_method_that_nobody_takes_is_told_what_the_address_takes(
        client, path):
    told = {method: set(ask(client, method + b" {}", b"", path)
                        .headers["Allow"].split(", "))
            for method in (b"TRACE", b"CONNECT")}
    other = client.request(path, "PUT").headers["Allow"]
    assert told == {b"TRACE": set(other.split(", ")),
                    b"CONNECT": set(other.split(", "))}


def test_of_no_address_all_methods_are_told(client):
    answer = ask(client, b"TRACE {}", b"", "/api/v1/nothing")
    assert answer.headers["Allow"].startswith("GET, HEAD, POST, PUT")


# ---- the API ----

@refused
@pytest.mark.parametrize("language", ["en", "da"])
def test_a_refusal_of_the_api_is_a_problem(
        api, client, asked, rest, status, problem, details, read, language):
    answer = ask(client, asked, rest, "/api/v1/bookings", language)
    method = asked.split()[0].decode()
    # who is refused before it has said no language
    told = language if read else "da"
    assert answer.status == status
    api.hold(method, "/bookings", answer)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Content-Language"] == told
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (answer.headers["Allow"] is not None) == (status == 405)
    if method == "HEAD":
        assert answer.body == b"" and int(answer.headers["Content-Length"])
        return
    assert len(answer.body) == int(answer.headers["Content-Length"])
    said = json.loads(answer.body)
    assert said["type"].endswith("/api/problems/" + problem)
    assert said["status"] == status
    if told == "da" and "reason" in details:
        details = {"reason": REASONS_DA[details["reason"]]}
    assert {name: said[name] for name in details} == details
    assert bool(re.search("[æøå]| er | ikke ", said["detail"])) == (
        told == "da")
    assert b"<" not in answer.body and "instance" not in said
    # its type leads to the same words
    page = client.get("/api/problems/" + problem)
    assert page.status == 200
    assert said["title"] in page.text and said["detail"] in page.text


@refused
def test_how_it_is_sent_makes_no_difference(
        client, asked, rest, status, problem, details, read):
    whole = ask(client, asked, rest, "/api/v1/bookings", "en")
    length = len(asked) + len(rest or b"")
    for piece in (1, 7) if length < 1000 else (1000,):
        parts = ask(client, asked, rest, "/api/v1/bookings", "en", piece)
        assert (parts.status, parts.body) == (whole.status, whole.body)
        del parts.headers["Date"], whole.headers["Date"]
        del parts.headers["Kattegat-Worker"]
        del whole.headers["Kattegat-Worker"]
        assert parts.headers.items() == whole.headers.items()


def test_the_document_tells_of_what_a_client_may_meet(api):
    for answer, status, problem in (
            (api.post("/bookings", LARGE), 413, "body-too-large"),
            (api.get("/bookings", q=LONG.decode()), 414, "address-too-long"),
            (api.request("GET", "/bookings?q=%00"), 400, "malformed-request"),
            (api.request("GET", "/bookings/%zz"), 400, "malformed-request"),
            (api.get("/bookings", headers={"X": "x" * HEAD_BYTES}), 431,
             "head-too-large"),
            (api.get("/bookings", headers={"Host": "elsewhere.example"}), 421,
             "other-host"),
            (api.post("/bookings", {}, headers={"Expect": "gold"}), 417,
             "no-such-expectation")):
        assert (answer.status, answer.problem) == (status, problem)


def test_what_does_not_come_in_time_is_told(new_daemon):
    client = new_daemon(workers=1, header_limit_ms=100, body_limit_ms=100,
                        body_bytes_per_s=1000000).start().client
    with Api(client) as api:
        for data, language in (
                (b"POST /api/v1/bookings HTTP/1.1\r\n" + HOST, "da"),
                (b"POST /api/v1/bookings", "da"),
                (b"POST /api/v1/bookings HTTP/1.1\r\nAccept-Language: en\r\n",
                 "en"),
                (b"POST /api/v1/bookings HTTP/1.1\r\nAccept-Language: en\r\n" +
                 HOST + b"Content-Length: 3\r\n\r\n{", "en")):
            answer = Answer(client.raw(data))
            assert answer.status == 408
            assert api.hold("POST", "/bookings", answer).problem == "too-slow"
            assert answer.headers["Content-Language"] == language
    assert "Det tog for lang tid" in Answer(
        client.raw(b"GET /kalendere HTTP/1.1\r\n")).text


@pytest.mark.parametrize("path", [
    "/api", "/api/", "/%61pi/v1/offices", "https://localhost/api/v1",
    "/api/nothing"])
def test_an_address_of_the_api_is_known_however_it_is_written(client, path):
    answer = ask(client, b"GET {}?q=%00", b"", path)
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


# ---- pages about problems ----

def test_every_problem_of_the_list_has_a_page(client, api):
    answer = client.get("/api/problems")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Language"] == "da, en"
    names = set(re.findall('href="/api/problems/([^"]+)"', answer.text))
    assert len(names) > 30
    for name in names:
        assert client.get("/api/problems/" + name).status == 200
    assert api.document.document["externalDocs"]["url"].endswith(
        "/api/problems")
    missing = client.get("/api/problems/nothing")
    assert missing.status == 404
    assert missing.headers["Content-Type"] == "application/problem+json"
    head = client.request("/api/problems", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert client.request("/api/problems", "POST").status == 405


# ---- pages and feeds ----

@refused
@pytest.mark.parametrize("path", ["/kalendere", "/nothing", "/apis"])
def test_a_refusal_of_a_page_is_a_danish_page(
        client, asked, rest, status, problem, details, read, path):
    answer = ask(client, asked, rest, path, "en")
    assert answer.status == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Language"] == "da"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if asked.startswith(b"HEAD"):
        assert answer.body == b""
        return
    assert '<html lang="da">' in answer.text
    assert re.search("<h1>(Vi kunne ikke læse|Det, du sendte, er for stort|"
                     "Adressen er for lang|Din browser sendte)", answer.text)
    assert "<i>" not in answer.text


@refused
@pytest.mark.parametrize("path", [
    "/f/alle.ics", "/s/kat30-07.ics", "/static/kattegat.css"])
def test_a_refusal_of_a_feed_is_a_plain_sentence(
        client, asked, rest, status, problem, details, read, path):
    answer = ask(client, asked, rest, path, "da")
    assert answer.status == status
    if asked.startswith(b"GET {}/"):
        return          # such a path is no feed's any more
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    if not asked.startswith(b"HEAD"):
        assert re.match(r"^[A-Z][^<]+\.\n$", answer.text)


@pytest.mark.parametrize("data", [
    b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET localhost/api/v1 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET  /api/v1 HTTP/1.1\r\n" + HOST + b"\r\n"])
def test_who_asked_for_what_nobody_knows_gets_a_plain_sentence(client, data):
    answer = Answer(client.raw(data))
    assert answer.status in (400, 405)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
