"""What a poll costs: the first table, against nginx on the same bytes."""

import measure
from row import Row, at_most, by_ratio, missing

KEPT = 16


def counts(bench, requests):
    return max(20, requests // 100) if bench.smoke else requests


def compare(bench, requests, *words):
    """CPU time a request of both servers."""
    requests = counts(bench, requests)
    suites = set()

    def one(server):
        found = measure.load(server, "--requests", requests, *words)
        suites.add(found["cipher"])
        if len(suites) != 1:
            raise measure.WrongAnswer("not the same ciphers: %s" % suites)
        return found["cpu_us"]

    return measure.in_turns(bench.rounds, one, bench.nginx, bench.kattegatd)


def kept_304(bench):
    return by_ratio("304", "304 on a kept connection", compare(
        bench, 20000, "--connections", KEPT, "--conditional",
        bench.personal), 1.25)


def personal_200(bench):
    size = len(bench.bytes_of[bench.personal][0])
    return by_ratio(
        "personal", "%.0f KB personal feed, 200" % (size / 1000),
        compare(bench, 10000, "--connections", KEPT, bench.personal), 1.25)


def feed_gzip(bench):
    identity, gzipped = bench.bytes_of[bench.season]
    return by_ratio(
        "gzip", "%.0f KB feed, gzip, 200" % (len(identity) / 1000),
        compare(bench, 10000, "--connections", KEPT, "--gzip", bench.season),
        1.2, note="%.1f KB on the wire" % (len(gzipped) / 1000))


def feed_identity(bench):
    size = len(bench.bytes_of[bench.season][0])
    return by_ratio(
        "identity", "%.0f KB feed, identity, 200" % (size / 1000),
        compare(bench, 2000, "--connections", KEPT, bench.season), 1.3)


def new_connection(bench):
    return by_ratio("new", "new TLS 1.3 connection + 304", compare(
        bench, 2000, "--connections", 4, "--new", "--conditional",
        bench.personal), 1.1)


def resumed(bench):
    figures = compare(bench, 2000, "--connections", 4, "--new", "--resume",
                      "--conditional", bench.personal)
    row = by_ratio("resumed", "resumed TLS 1.3 connection + 304", figures, 1)
    row.goal, row.reached = "-", None
    return row


def memory(bench):
    """PSS of fresh servers before and after so many idle connections."""
    connections = 50 if bench.smoke else 2000
    figures = measure.Figures()

    def one(server):
        server.restart()
        measure.load(server, "--requests", 20, bench.personal)
        before = measure.pss_bytes(server.pid)
        with measure.Load(server, "--connections", connections, "--requests",
                          0, bench.personal):
            grown = measure.pss_bytes(server.pid) - before
        return grown / connections / 1024

    figures = measure.in_turns(min(bench.rounds, 3), one, bench.nginx,
                               bench.kattegatd)
    row = at_most("memory", "memory per idle TLS 1.3 connection",
                  figures.value, 16, "KiB",
                  note="%d connections, PSS of all processes" % connections)
    row.baseline = measure.middle(figures.baseline)
    row.ratio = measure.middle(figures.ratios())
    return row


def radicale(bench):
    """Once, for the sense of scale: it answers such a poll with everything."""
    work = "the same poll at Radicale, for scale"
    if bench.radicale is None:
        return missing("radicale", work, "-", "Radicale is not installed")
    server = bench.radicale
    client = bench.client_of(server)
    requests = 3 if bench.smoke else 100
    with client.connect() as link:
        first = link.get("/bench/feed/")
        etag = first.headers["ETag"]
        events = first.body.count(b"BEGIN:VEVENT")
        wanted = bench.bytes_of[bench.personal][0].count(b"BEGIN:VEVENT")
        if first.status != 200 or events != wanted:
            raise measure.WrongAnswer("Radicale: %r, %d of %d events" % (
                first, events, wanted))
    statuses = set()
    before = measure.cpu_ticks_us(server.pid)
    for _ in range(requests):
        with client.connect() as link:
            statuses.add(link.get("/bench/feed/", If_None_Match=etag).status)
    spent = (measure.cpu_ticks_us(server.pid) - before) / requests
    return Row("radicale", work, "-", "us", value=spent, note="%d events, new "
               "connection, If-None-Match; its answers: %s" % (
                   wanted, sorted(statuses)))


ROWS = [
    ("304", kept_304),
    ("personal", personal_200),
    ("gzip", feed_gzip),
    ("identity", feed_identity),
    ("new", new_connection),
    ("resumed", resumed),
    ("memory", memory),
    ("radicale", radicale),
]
