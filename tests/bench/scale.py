"""Whether a poll stays as cheap when the academy is large."""

import hashlib

import data
import measure
from kattegat import paths
from row import Row

LINKS = 100


def link(number):
    """The path of a link of the scale data, as kattegatctl(8) says."""
    words = "kattegat demo token %d" % number
    return "/f/%s.ics" % hashlib.sha256(words.encode()).hexdigest()[:32]


def server_of(bench, scale):
    """A daemon on a database of so many hundreds of sessions and links, and a
    file with a hundred of those links from all over it."""
    name = "bench_scale_%d" % scale
    database = bench.place.database(name)
    ctl = bench.place.admin_ctl(name)
    data.prepare(ctl)
    data.command(ctl, "demo", "--from", paths.DEMO, "--scale", scale,
                 limit_s=3600)
    urls = bench.place.folder / name
    urls.write_text("\n".join(
        link(place * scale // LINKS * LINKS + place + 1)
        for place in range(LINKS)))
    return bench.place.kattegatd(database), urls, database


def flat(bench):
    few = server_of(bench, 1)
    many = server_of(bench, 3 if bench.smoke else 10000)
    requests = 200 if bench.smoke else 20000

    def one(side):
        server, urls, _ = side
        return measure.load(server, "--connections", 16, "--requests",
                            requests, "--conditional", "--urls",
                            urls)["cpu_us"]

    figures = measure.in_turns(bench.rounds, one, few, many)
    counts = many[2].row(
        "SELECT (SELECT count(*) FROM kg.session) AS sessions,"
        " (SELECT count(*) FROM kg.feed_token) AS links")
    for server, _, database in (few, many):
        server.stop()
        database.close()
        bench.place.cluster.drop(database.name)
    ratio = measure.middle(figures.ratios())
    return Row(
        "scale", "304 with %d sessions and %d links" % counts,
        "0.8 to 1.2", "us", measure.middle(figures.baseline),
        measure.middle(figures.value), ratio,
        measure.quartiles(figures.ratios()), 0.8 <= ratio <= 1.2,
        note="in the place of nginx: kattegatd with the demo's sessions and "
        "100 links more; %d links polled" % LINKS)


ROWS = [("scale", flat)]
