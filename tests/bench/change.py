"""What a change costs: the second table."""

import datetime
import gzip
import os
import re
import time

import measure
import servers
from booking import bookings
from data import teachers
from row import Row, at_most

MOVE = ("SELECT * FROM kg.session_move(NULL, 'benchmark', %s, 1, NULL,"
        " NULL, %s, NULL, NULL)")


class Mover:
    """Gives the first session of a run another end, later than its programme's,
    and knows how a feed shows it."""

    def __init__(self, database, run_no):
        self.database = database
        self.run_no = run_no
        self.path = "/f/hold/%s.ics" % run_no
        self.ends = database.value(
            "SELECT s.ends_local FROM kg.session s JOIN kg.run r"
            " ON r.id = s.run_id WHERE r.run_no = %s AND s.no = 1", run_no)
        self.moves = 0

    def next(self):
        """The new end, and the line of the calendar that shows it."""
        self.moves += 1
        ends = self.ends + datetime.timedelta(minutes=1 + self.moves % 89)
        return ends, b"DTEND;TZID=Europe/Copenhagen:" + \
            ends.strftime("%Y%m%dT%H%M%S").encode()

    def move(self):
        """By plain SQL, as another machine would; gives the line."""
        ends, line = self.next()
        self.database.run(MOVE, self.run_no, ends)
        return line

    def move_by_ctl(self, ctl):
        ends, line = self.next()
        ctl("session", "move", self.run_no, 1, "--ends",
            ends.strftime("%Y-%m-%dT%H:%M"))
        return line


def next_request(bench):
    """kattegatctl's command has returned: the next answer shows the change."""
    times = 3 if bench.smoke else 60
    server = bench.kattegatd
    mover = Mover(bench.database, bench.run_nos[0])
    stale = 0
    with server.client.connect() as link:
        link.get(mover.path)
        for _ in range(times):
            line = mover.move_by_ctl(server.ctl)
            if line not in link.get(mover.path).body:
                stale += 1
    return Row("next", "write answered until served, same node",
               "0 stale", "stale", value=stale, reached=stale == 0,
               note="of %d next requests" % times)


def seen_after_ms(bench, times):
    """Milliseconds from the return of COMMIT to the answer that shows it."""
    server = bench.kattegatd
    mover = Mover(bench.database, bench.run_nos[1])
    found = []
    with server.client.connect() as link:
        link.get(mover.path)
        for _ in range(times):
            line = mover.move()
            began = time.monotonic()
            while line not in link.get(mover.path).body:
                if time.monotonic() - began > 10:
                    raise measure.WrongAnswer("a write is not shown in 10 s")
            found.append(1000 * (time.monotonic() - began))
    return found


def p99_row(name, work, values, goal, **more):
    p99 = measure.percentile(values, 0.99)
    return Row(name, work, "<= %g ms" % goal, "ms", None, p99,
               iqr=measure.quartiles(values), reached=p99 <= goal, **more)


def elsewhere(bench):
    return p99_row("elsewhere", "write elsewhere until served, idle (p99)",
                   seen_after_ms(bench, 5 if bench.smoke else 300), 50,
                   note="the range is that of all; by plain SQL")


def elsewhere_loaded(bench):
    rate = 200 if bench.smoke else 4000
    with measure.Load(bench.kattegatd, "--connections", 64, "--rate", rate,
                      "--requests", rate * 300, "--limit", 300,
                      "--conditional", "--changing", bench.season,
                      bench.personal) as load:
        load.begin()
        values = seen_after_ms(bench, 5 if bench.smoke else 300)
        load.stop()
        found = load.result()
    return p99_row("elsewhere-load",
                   "write elsewhere until served, under load (p99)", values,
                   500, note="64 connections, %.0f polls/s" %
                   found["per_second"])


def cold(bench):
    """Feeds that nobody asked for before, of events nobody has rendered."""
    each = 5 if bench.smoke else 50
    paths = teachers(bench.database, "bench-middle", 1000,
                     each * bench.rounds, 12)
    server = bench.kattegatd
    values = []
    for number in range(bench.rounds):
        urls = bench.place.folder / "cold"
        urls.write_text("\n".join(
            [bench.personal, *paths[number * each:(number + 1) * each]]))
        with measure.Load(server, "--cold", "--gzip", "--urls", urls,
                          "--requests", each) as load:
            worker = server.worker_pid()
            before = measure.cpu_us(worker)
            load.begin()
            load.result()
            values.append((measure.cpu_us(worker) - before) / each / 1000)
    check_cold(bench, paths[0])
    return at_most("cold", "cold personal feed (12 events): worker CPU",
                   values, 2, "ms")


def check_cold(bench, path):
    answer = bench.kattegatd.client.get(path, accept_encoding="gzip")
    if gzip.decompress(answer.body).count(b"BEGIN:VEVENT") != 12:
        raise measure.WrongAnswer("a cold feed has not its 12 events")


def rebuild(bench):
    """HEAD: the body is built, and not sent."""
    times = 3 if bench.smoke else 20 + bench.rounds
    path, run_no, events = bench.long_season()
    server = bench.kattegatd
    mover = Mover(bench.database, run_no)
    worker = server.worker_pid()
    cpu, wall = [], []
    with server.client.connect(120) as link:
        size = len(link.get(path).body)
        etag = link.request(path, "HEAD").headers["ETag"]
        for _ in range(times):
            line = mover.move_by_ctl(server.ctl)
            before, began = measure.cpu_us(worker), time.monotonic()
            answer = link.request(path, "HEAD")
            wall.append(1000 * (time.monotonic() - began))
            cpu.append((measure.cpu_us(worker) - before) / 1000)
            if answer.status != 200 or answer.headers["ETag"] == etag:
                raise measure.WrongAnswer("not rebuilt: %r" % answer)
            etag = answer.headers["ETag"]
        answer = link.get(path)
    if line not in answer.body or \
            answer.body.count(b"BEGIN:VEVENT") != events:
        raise measure.WrongAnswer("the long feed is not whole")
    return at_most(
        "rebuild", "rebuild of %d sessions (%.1f MB) after one change" % (
            events, size / 1e6), cpu, 10, "ms",
        note="worker CPU; %.0f ms until answered" % measure.middle(wall))


def pages(bench):
    """A run's page and the page of all feeds, in a database of 1,000 runs."""
    server, database = bench.with_runs(100 if bench.smoke else 1000)
    runs = database.value("SELECT count(*) FROM kg.run")
    number = 20 if bench.smoke else 500
    urls = bench.place.folder / "pages"
    urls.write_text("\n".join("/s/" + run.run_no for run in database.rows(
        "SELECT run_no FROM kg.run WHERE published_at IS NOT NULL"
        " ORDER BY run_no DESC LIMIT %s", number)))
    rate = 50
    p99 = {}
    for name, requests, words in (
            ("run", 3 * number, ["--urls", urls]),
            ("list", number, ["/kalendere"])):
        found = measure.load(server, "--connections", 4, "--rate", rate,
                             "--requests", requests, *words)
        p99[name] = found["latency_us"]["p99"] / 1000
    server.stop()
    value = max(p99.values())
    return Row("page", "page, p99 (%d runs in the database)" % runs,
               "<= 20 ms", "ms", value=value, reached=value <= 20,
               note="seen by the client at %d/s; a run's %.1f ms, the list "
               "of feeds %.1f ms" % (rate, p99["run"], p99["list"]))


def start(bench):
    server = bench.kattegatd
    values = []
    for _ in range(2 if bench.smoke else 5):
        server.stop()
        values.append(servers.start_s(server, bench.personal))
    return at_most("start", "start to first answer", values, 1, "s")


def reload(bench):
    """Polls on kept and on new connections while workers are replaced."""
    server = bench.kattegatd
    rate, times = (50, 1) if bench.smoke else (300, 3)
    asked = failed = 0
    with measure.Load(server, "--rate", rate, "--requests", 300 * rate,
                      "--limit", 300, "--connections", 16, "--conditional",
                      bench.personal) as kept, \
            measure.Load(server, "--rate", rate, "--requests", 300 * rate,
                         "--limit", 300, "--connections", 16, "--new",
                         "--conditional", bench.season) as new:
        for load in (kept, new):
            load.begin()
        for _ in range(times):
            before = server.worker_pid()
            server.ctl("reload")
            measure.wait_until(lambda: before not in
                               server.workers().values(), 20,
                               "new workers serve")
        for load in (kept, new):
            load.stop()
            found = load.result(wrong_too=True)
            asked += found["requests"]
            failed += found["errors"]
    return Row("reload", "reload: failed requests", "0", "failed",
               value=failed, reached=failed == 0,
               note="of %d in %d reloads" % (asked, times))


def full_load(bench):
    found = measure.load(
        bench.kattegatd, "--connections", 64, "--requests",
        1000 if bench.smoke else 200000, "--conditional", bench.personal,
        bench.season)
    p99 = found["latency_us"]["p99"] / 1000
    return Row("full-load", "poll on a kept connection at full load (p99)",
               "<= 5 ms", "ms", value=p99, reached=p99 <= 5,
               note="64 connections, %.0f polls/s, longest %.1f ms" % (
                   found["per_second"], found["latency_us"]["max"] / 1000))


# ---- a bulk change ----

ENDS = re.compile(rb"^DTEND;TZID=Europe/Copenhagen:\d{8}T\d\d(\d\d)00\r$",
                  re.M)


def visible(xid, snapshot):
    """Whether a snapshot (xmin:xmax:in,progress) shows that transaction."""
    xmin, xmax, running = snapshot.split(":")
    return xid < int(xmin) or (
        xid < int(xmax) and str(xid) not in running.split(","))


def bulk_change(bench):
    """All sessions of a season at once, while 64 clients poll it."""
    path, run_nos, sessions = bench.bulk_season()
    saved = bench.place.folder / "saved"
    saved.mkdir(exist_ok=True)
    rate, times = (100, 2) if bench.smoke else (2000, 8)
    writes = []
    with measure.Load(
            bench.kattegatd, "--connections", 64, "--rate", rate,
            "--requests", rate * 300, "--limit", 300, "--gzip",
            "--conditional", "--changing", "--save", saved, path,
            *("/f/hold/%s.ics" % one for one in run_nos[:30])) as load:
        load.begin()
        for _ in range(times):
            xid = bench.database.value("""
                WITH moved AS (
                    UPDATE kg.session s
                    SET ends_local = ends_local + interval '1 minute'
                    FROM kg.run r JOIN kg.season z ON z.id = r.season_id
                    WHERE r.id = s.run_id AND z.slug = 'bench-bulk'
                    RETURNING 1)
                SELECT pg_current_xact_id()::text FROM moved LIMIT 1""")
            writes.append((int(xid), time.time()))
            # Polls between the changes belong to what is measured.
            time.sleep(0.3 if bench.smoke else 1)
        load.stop()
        found = load.result()
    wrong = judge_bulk(bench, saved, found["bodies"], writes)
    p99 = found["latency_us"]["p99"] / 1000
    return Row("bulk", "poll during changes of %d sessions at once (p99)" %
               sessions, "<= 20 ms, 0 wrong", "ms", value=p99,
               reached=p99 <= 20 and wrong == 0,
               note="%d changes, %d polls by 64 clients, %d bodies, %d wrong "
               "or stale; longest %.0f ms" % (
                   times, found["requests"], len(found["bodies"]), wrong,
                   found["latency_us"]["max"] / 1000))


def judge_bulk(bench, saved, bodies, writes):
    """Each body shows just the changes that its Kattegat-Version shows, and was
    not given out half a second after a later one."""
    wrong = 0
    base = bench.bulk_base
    for body in bodies:
        shown = sum(visible(xid, body["version"]) for xid, _ in writes)
        bytes_of = gzip.decompress((saved / body["sha256"]).read_bytes())
        minutes = {int(one) for one in ENDS.findall(bytes_of)}
        late = shown < len(writes) and \
            body["last_sent_us"] / 1e6 > writes[shown][1] + 0.5
        if minutes != {base + shown} or late:
            wrong += 1
    bench.bulk_base += len(writes)
    for name in os.listdir(saved):
        (saved / name).unlink()
    return wrong


ROWS = [
    ("next", next_request),
    ("elsewhere", elsewhere),
    ("elsewhere-load", elsewhere_loaded),
    ("cold", cold),
    ("rebuild", rebuild),
    ("bookings", bookings),
    ("page", pages),
    ("start", start),
    ("reload", reload),
    ("full-load", full_load),
    ("bulk", bulk_change),
]
