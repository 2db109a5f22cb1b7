"""A client of the JSON API that holds every exchange against the OpenAPI document.

    api = Api(daemon.client, token=new_api_token(database, person_id))
    answer = api.post("/bookings", {"room_id": 1, ...}, key="k" * 8)
    answer.status, answer.json, answer.etag, answer.version

What is sent and answered must stand in the document: the path and method, the query's
names, the status, the media type, each header that is said to be there, every member of
the body. A request that is wrong on purpose may be refused, and the refusal is checked.
Api.asked, of all clients of a run, says which operations and statuses were met.

What the database refuses in English is asked again in Danish, which must say the same
(kattegat.danish). A refusal changes nothing, so that takes nothing from a test.
"""

import functools
import hashlib
import json
import re
import secrets
import urllib.parse

import jsonschema

from . import danish

DRAFT = jsonschema.Draft202012Validator
FORMATS = jsonschema.FormatChecker()
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


@FORMATS.checks("date-time")
def is_instant(value):
    return not isinstance(value, str) or bool(INSTANT.match(value))


def new_api_token(database, person_id, role=None, office=None):
    """For anybody, as the operator makes one."""
    token = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567")
                    for _ in range(26))
    database.run(
        "SELECT kg.api_token_create(NULL, 'test', %s, %s, %s, %s, %s, NULL)",
        person_id, hashlib.sha256(token.encode()).digest(), "test", role,
        office)
    return token


def new_person(database, role, office=None, name=None):
    """Gives the id."""
    return int(database.value(
        "SELECT (kg.person_add(NULL, 'test', %s, NULL, NULL, %s, %s, CASE %s"
        " WHEN 'secretary' THEN (SELECT min(code) FROM kg.municipality) END))"
        ".object_id", name or "Prøve %s %s" % (role, secrets.token_hex(3)),
        role, office, role))


class Broken(AssertionError):
    """An exchange that the document does not allow."""


class Document:
    """The OpenAPI document, and what it says of one exchange."""

    def __init__(self, document):
        self.document = document
        self.resolver = jsonschema.RefResolver.from_schema(document)
        self.operations = []
        for path, methods in document["paths"].items():
            # {names} are one segment; a path without any is looked at first
            pattern = re.compile("^%s$" % re.sub(
                r"\\\{[a-z_]+\\\}", "([^/]+)", re.escape(path)))
            for method, operation in methods.items():
                self.operations.append((path.count("{"), pattern, method,
                                        path, operation))
        self.operations.sort(key=lambda one: one[0])
        self.checkers = {}

    def find(self, method, path):
        """(path pattern, operation) or None. HEAD is as GET."""
        method = "get" if method == "HEAD" else method.lower()
        for _, pattern, its_method, its_path, operation in self.operations:
            if its_method == method and pattern.match(path):
                return its_path, operation
        return None

    def follow(self, thing):
        while "$ref" in thing:
            thing = self.resolver.resolve(thing["$ref"])[1]
        return thing

    def checker(self, schema):
        key = id(schema)
        if key not in self.checkers:
            self.checkers[key] = DRAFT(schema, resolver=self.resolver,
                                       format_checker=FORMATS)
        return self.checkers[key]

    def wrong(self, schema, value):
        """What is wrong with a value, in words; None: nothing."""
        error = jsonschema.exceptions.best_match(
            self.checker(schema).iter_errors(value))
        if error is None:
            return None
        return "%s: %s" % ("/".join(map(str, error.absolute_path)),
                           error.message)

    def undocumented(self, schema, value, place=""):
        """Members of an answer that no schema tells of."""
        schema = self.follow(schema)
        if "anyOf" in schema:
            return min((list(self.undocumented(one, value, place))
                        for one in schema["anyOf"]
                        if self.wrong(one, value) is None), key=len)
        if isinstance(value, list) and "items" in schema:
            return [name for at, one in enumerate(value) for name in
                    self.undocumented(schema["items"], one,
                                      "%s/%d" % (place, at))]
        if not isinstance(value, dict) or "properties" not in schema:
            return []
        found = []
        for name, one in value.items():
            if name in schema["properties"]:
                found += self.undocumented(schema["properties"][name], one,
                                           "%s/%s" % (place, name))
            elif "additionalProperties" not in schema:
                found.append("%s/%s" % (place, name))
        return found

    # ---- one exchange ----

    def check_request(self, operation, query, body, headers):
        """Of one that was taken: it must be one that the document allows."""
        named = {(one["in"], one["name"].lower()): one for one in
                 map(self.follow, operation.get("parameters", []))}
        for name in query:
            if ("query", name) not in named:
                raise Broken("query name %s was taken" % name)
        for (where, name), one in named.items():
            sent = query if where == "query" else headers
            if where != "path" and one.get("required") and name not in sent:
                raise Broken("%s was not sent, and taken" % name)
        if body is None:
            return
        if "requestBody" not in operation:
            # an empty object says nothing
            if body != {}:
                raise Broken("a body was taken")
            return
        schema = operation["requestBody"]["content"]["application/json"]
        wrong = self.wrong(schema["schema"], body)
        if wrong:
            raise Broken("this body was taken: %s" % wrong)

    def check_headers(self, answer, documented):
        for name, header in documented.items():
            value = answer.headers[name]
            header = self.follow(header)
            if value is None and not header.get("required"):
                continue
            if value is None:
                raise Broken("there is no %s" % name)
            wrong = self.wrong(header["schema"], value)
            if wrong:
                raise Broken("%s: %s" % (name, wrong))

    def check_answer(self, operation, answer, is_head):
        said = operation["responses"].get(str(answer.status))
        if said is None:
            raise Broken("status %d is not documented" % answer.status)
        said = self.follow(said)
        self.check_headers(answer, said.get("headers", {}))
        if "content" not in said:
            if answer.body:
                raise Broken("there is a body")
            return
        kind = answer.headers["Content-Type"]
        if kind not in said["content"]:
            raise Broken("Content-Type: %s" % kind)
        if is_head:
            return
        schema = said["content"][kind]["schema"]
        wrong = self.wrong(schema, answer.json)
        if wrong:
            raise Broken("answer: %s" % wrong)
        if answer.status >= 400 and not {"instance", "reason"} & set(
                answer.json):
            # only what could not be read has no place
            raise Broken("the problem says no instance")
        more = self.undocumented(schema, answer.json)
        if more and answer.status < 300:
            raise Broken("not documented: %s" % ", ".join(more))


class ApiAnswer:
    def __init__(self, answer):
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.body

    @functools.cached_property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def etag(self):
        return self.headers["ETag"]

    @property
    def version(self):
        """Kattegat-Version"""
        return self.headers["Kattegat-Version"]

    @property
    def problem(self):
        """The last part of a problem's type."""
        assert self.headers["Content-Type"] == "application/problem+json"
        return self.json["type"].rsplit("/", 1)[1]

    def __repr__(self):
        return "<%d %s>" % (self.status, self.body.decode()[:1000])


class Api:
    # (operationId, status) of everything that was asked
    asked = set()
    PREFIX = "/api/v1"

    def __init__(self, client, token=None, language="en", check=True):
        """check=False: nothing is held against the document (for races)."""
        self.client = client
        self.token = token
        self.language = language
        self._link = None
        self._document = None
        self._check = check

    def as_(self, token, language=None):
        """Another one with another token."""
        other = Api(self.client, token, language or self.language, self._check)
        other._document = self._document
        return other

    @property
    def document(self):
        if self._document is None:
            answer = self._send("GET", "/openapi.json", {}, None)
            assert answer.status == 200, answer
            self._document = Document(json.loads(answer.body))
            Api.asked.add(("openapi", 200))
        return self._document

    def _send(self, method, path, headers, body):
        """On a kept connection."""
        if self._link is None:
            self._link = self.client.connect()
        try:
            return self._link.request(self.PREFIX + path, method, headers,
                                      body)
        except Exception:
            self.close()
            raise

    def close(self):
        if self._link is not None:
            self._link.close()
            self._link = None

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()

    def request(self, method, path, body=None, *, if_match=None, key=None,
                headers=None, **query):
        """A body of bytes or str is sent as it is. if_match: an ETag, or a
        version. Lists in the query are joined by commas."""
        fields = {"accept-language": self.language}
        if self.token:
            fields["authorization"] = "Bearer " + self.token
        if if_match is not None:
            fields["if-match"] = ('"%d"' % if_match
                                  if isinstance(if_match, int) else if_match)
        if key is not None:
            fields["idempotency-key"] = key
        if body is not None:
            fields["content-type"] = "application/json"
        fields.update((name.lower(), value)
                      for name, value in (headers or {}).items())
        raw = isinstance(body, (bytes, str))
        text = body if raw or body is None else json.dumps(body)
        words = {name: ",".join(map(str, value))
                 if isinstance(value, (list, tuple)) else
                 str(value).lower() if isinstance(value, bool) else str(value)
                 for name, value in query.items() if value is not None}
        whole = path + ("?" + urllib.parse.urlencode(words) if words else "")
        answer = ApiAnswer(self._send(
            method, whole, fields,
            text.encode() if isinstance(text, str) else text))
        if self._check:
            self._hold(method, path.partition("?")[0], words, None if raw else body, fields,
                       answer)
            if self._is_worth_danish(path, fields, answer):
                again = ApiAnswer(self._send(
                    method, whole, {**fields, "accept-language": "da"},
                    text.encode() if isinstance(text, str) else text))
                danish.hold(answer.json, again.json)
        return answer

    def _is_worth_danish(self, path, fields, answer):
        """A failed sign-in is counted, so it is not asked for again."""
        return (fields["accept-language"] == "en" and self.token
                and answer.status >= 400
                and not re.search("sign-in|invitation|password", path)
                and answer.body and "message" in answer.json)

    def _hold(self, method, path, query, body, fields, answer):
        found = self.document.find(method, path)
        if found is None:
            assert answer.status in (204, 404, 405), answer
            return
        pattern, operation = found
        try:
            if answer.status < 400:
                self.document.check_request(operation, query, body, fields)
            self.document.check_answer(operation, answer, method == "HEAD")
        except Broken as broken:
            raise Broken("%s %s: %s\n%r\n%r" % (method, pattern, broken, body,
                                                answer)) from None
        Api.asked.add((operation["operationId"], answer.status))

    def hold(self, method, path, answer):
        """An answer that came in another way, against the document."""
        answer = ApiAnswer(answer)
        self._hold(method, path, {}, None, {}, answer)
        return answer

    def get(self, path, **named):
        return self.request("GET", path, **named)

    def post(self, path, body=None, **named):
        return self.request("POST", path, body, **named)

    def patch(self, path, body=None, **named):
        return self.request("PATCH", path, body, **named)

    def put(self, path, body=None, **named):
        return self.request("PUT", path, body, **named)

    def delete(self, path, **named):
        return self.request("DELETE", path, **named)

    def pages(self, path, **named):
        """All items of a list, page by page."""
        cursor = None
        while True:
            answer = self.get(path, cursor=cursor, **named)
            assert answer.status == 200, answer
            yield from answer.json["items"]
            cursor = answer.json["next"]
            if cursor is None:
                return
