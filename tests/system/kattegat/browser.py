"""A browser of pages: keeps cookies, fills in forms, does not follow by itself."""

import html
import html.parser
import re
import urllib.parse

URLENCODED = "application/x-www-form-urlencoded"
COOKIE = "__Host-kattegat"


class Form:
    def __init__(self, attributes):
        self.method = attributes.get("method", "get")
        self.action = attributes.get("action")
        self.fields = {}


class _Forms(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms = []
        self.open = False

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag == "form":
            self.forms.append(Form(attributes))
            self.open = True
        elif tag == "input" and self.open:
            self.forms[-1].fields[attributes["name"]] = attributes.get(
                "value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = False


class Page:
    def __init__(self, path, answer):
        self.path = path
        self.answer = answer
        self.status = answer.status
        self.headers = answer.headers
        self.text = answer.text
        self.location = answer.headers["Location"]

    @property
    def title(self):
        return html.unescape(
            re.search("<title>(.*?)</title>", self.text, re.S).group(1))

    @property
    def forms(self):
        reader = _Forms()
        reader.feed(self.text)
        return reader.forms

    @property
    def form(self):
        """The page's own; that of the head is another one."""
        return [form for form in self.forms if form.action != "/log-ud"][0]

    @property
    def set_cookies(self):
        return self.headers.get_all("Set-Cookie") or []

    def __repr__(self):
        return "<%s: %d>" % (self.path, self.status)


class Browser:
    def __init__(self, client, cookie=None):
        self.client = client
        self.cookie = cookie
        self.origin = "https://localhost:%d" % client.port
        self.pages = []

    def request(self, path, method="GET", body=None, headers=None):
        fields = {"User-Agent": "Testfox 1.0", **(headers or {})}
        if self.cookie:
            fields.setdefault("Cookie", "%s=%s" % (COOKIE, self.cookie))
        answer = self.client.request(
            path, method, {n: v for n, v in fields.items() if v is not None},
            body)
        page = Page(path, answer)
        for line in page.set_cookies:
            value = re.match(COOKIE + "=([^;]*);", line).group(1)
            self.cookie = value or None
        self.pages.append(page)
        return page

    def get(self, path, **headers):
        return self.request(path, headers={
            name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path, fields, **headers):
        sent = {"Content-Type": URLENCODED, "Origin": self.origin,
                "Sec-Fetch-Site": "same-origin"}
        sent.update({name.replace("_", "-"): value
                     for name, value in headers.items()})
        return self.request(path, "POST", urllib.parse.urlencode(fields),
                            sent)

    def send(self, page, **fields):
        """Fills the page's form in and sends it."""
        form = page.form
        assert form.method == "post"
        assert set(fields) <= set(form.fields), sorted(form.fields)
        return self.post(form.action or page.path, {**form.fields, **fields})

    def follow(self, page):
        assert page.status == 303, page
        return self.get(page.location)
