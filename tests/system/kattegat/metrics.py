"""What kattegatd tells a monitoring system, read as Prometheus reads it."""

import http.client
import re
import socket

from prometheus_client.openmetrics.parser import text_string_to_metric_families

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def ask(address, path="/metrics", method="GET"):
    """The reply and its body. An address is "HOST:PORT" or a path."""
    if address.startswith("/"):
        link = UnixConnection(address)
    else:
        link = http.client.HTTPConnection(address, timeout=120)
    try:
        link.request(method, path)
        reply = link.getresponse()
        return reply, reply.read().decode("utf-8")
    finally:
        link.close()


class Scrape:
    def __init__(self, text):
        self.text = text
        self.families = list(text_string_to_metric_families(text))
        self.samples = [sample for family in self.families
                        for sample in family.samples]

    def value(self, name, **labels):
        """The sum of all samples with this name and these labels."""
        return sum(sample.value for sample in self.samples
                   if sample.name == name
                   and labels.items() <= sample.labels.items())

    def counters(self):
        """{name and labels: value} of what may only rise."""
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in self.families
            if family.type in ("counter", "histogram")
            for sample in family.samples}

    def fallen(self, before):
        """Counters that are lower here than they were before, or gone."""
        now = self.counters()
        return {key: (value, now.get(key))
                for key, value in before.counters().items()
                if now.get(key, -1) < value}


def scrape(address):
    reply, text = ask(address)
    assert reply.status == 200, text
    assert reply.headers["Content-Type"] == CONTENT_TYPE
    return Scrape(text)


def names_of_samples(page):
    """What a manual page calls its metrics."""
    text = page.read_text().replace("\\-", "-").replace("\\_", "_")
    return re.findall(r"^\.BR (kattegat_\w+)", text, re.M)
