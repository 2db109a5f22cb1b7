"""Runs the rows and prints the table; contrib/bench builds and calls this."""

import argparse
import functools
import json
import os
import pathlib
import shutil
import signal
import sys
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "system")]

import change  # noqa: E402
import data  # noqa: E402
import measure  # noqa: E402
import poll  # noqa: E402
import scale  # noqa: E402
import servers  # noqa: E402
from kattegat.client import Client  # noqa: E402

ROWS = poll.ROWS + change.ROWS + scale.ROWS
RUNS = 61      # of the middle season: its feed has about 140 KB

HEADINGS = ["work", "nginx", "kattegatd", "ratio [IQR]", "goal", "reached"]


class Bench:
    """Databases and servers, made when a row first asks for them."""

    def __init__(self, place, rounds, smoke):
        self.place = place
        self.rounds = rounds
        self.smoke = smoke
        self.bulk_base = 0

    @functools.cached_property
    def database(self):
        database = self.place.database("bench")
        ctl = self.place.admin_ctl("bench")
        data.prepare(ctl)
        data.season(ctl, self.place.folder, "bench-middle", "MID", RUNS)
        return database

    @functools.cached_property
    def run_nos(self):
        return ["MID-%05d" % (number + 1) for number in range(RUNS)]

    @functools.cached_property
    def personal(self):
        return data.teachers(self.database, "bench-middle", 0, 1, 9)[0]

    season = "/f/saeson/bench-middle.ics"

    @functools.cached_property
    def _long(self):
        runs = 34 if self.smoke else 3334
        data.season(self.place.admin_ctl("bench"), self.place.folder,
                    "bench-long", "LNG", runs, short=True)
        return "/f/saeson/bench-long.ics", "LNG-00007", 3 * runs

    def long_season(self):
        """Path of the feed, one of its runs, how many sessions."""
        _ = self.database
        return self._long

    @functools.cached_property
    def _bulk(self):
        runs = 34 if self.smoke else 334
        data.season(self.place.admin_ctl("bench"), self.place.folder,
                    "bench-bulk", "BLK", runs, short=True)
        return ("/f/saeson/bench-bulk.ics",
                ["BLK-%05d" % (number + 1) for number in range(runs)],
                3 * runs)

    def bulk_season(self):
        _ = self.database
        return self._bulk

    def with_runs(self, runs):
        """A daemon and a database that holds about so many runs."""
        database = self.place.database("bench_runs")
        ctl = self.place.admin_ctl("bench_runs")
        data.prepare(ctl)
        runs -= database.value("SELECT count(*) FROM kg.run")
        data.season(ctl, self.place.folder, "bench-runs", "RUN", max(1, runs))
        return self.place.kattegatd(database), database

    @functools.cached_property
    def kattegatd(self):
        return self.place.kattegatd(self.database)

    @functools.cached_property
    def bytes_of(self):
        """{path: (identity, gzip)} as kattegatd serves them."""
        found = {}
        for path in (self.personal, self.season):
            plain = self.kattegatd.client.get(path)
            zipped = self.kattegatd.client.get(path, accept_encoding="gzip")
            if (plain.status, zipped.status) != (200, 200) or \
                    zipped.headers["Content-Encoding"] != "gzip":
                raise measure.WrongAnswer("%r, %r" % (plain, zipped))
            found[path] = (plain.body, zipped.body)
        return found

    @functools.cached_property
    def nginx(self):
        server = self.place.nginx(self.kattegatd)
        for path, (identity, gzipped) in self.bytes_of.items():
            server.put(path, identity, gzipped)
        return server

    def client_of(self, server):
        return Client(server.port, server.authority.file)

    @functools.cached_property
    def radicale(self):
        """With the events of the personal feed; None when not installed."""
        if shutil.which("radicale") is None:
            return None
        server = self.place.radicale(self.kattegatd)
        with self.client_of(server).connect() as link:
            link.request("/bench/", "MKCOL")
            answer = link.request(
                "/bench/feed/", "PUT", {"Content-Type": "text/calendar"},
                self.bytes_of[self.personal][0])
        if answer.status != 201:
            raise measure.WrongAnswer("Radicale: %r" % answer)
        return server


def print_table(rows):
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines)
              for i in range(len(HEADINGS))]
    for number, line in enumerate(lines):
        print("  ".join(cell.ljust(width)
                        for cell, width in zip(line, widths)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
    notes = [row for row in rows if row.note]
    if notes:
        print()
    for row in notes:
        print("%s: %s" % (row.name, row.note))


def print_environment(found, options, cores):
    print("%(cpu)s, %(cores)d cores, Linux %(kernel)s, congestion control "
          "%(congestion_control)s" % found)
    print("%(openssl)s; %(nginx)s" % found)
    print("%s; load average at the begin %s, nice %d; %d rounds; server on "
          "core %d, client and PostgreSQL on core %d%s" % (
              found["date"], found["load_average"], found["nice"],
              options.rounds, *cores,
              "" if cores[0] != cores[1] else
              " (only one core: the figures are worth little)"))
    print()


def parse(words):
    names = [name for name, _ in ROWS]
    parser = argparse.ArgumentParser(
        prog="contrib/bench", description="Measures kattegatd: CPU time of the "
        "server's processes, against nginx on the same bytes; what a change "
        "costs; the goals reached or not.")
    parser.add_argument("--only", action="append", metavar="NAME",
                        choices=names, help="this row; may be given several "
                        "times: " + " ".join(names))
    parser.add_argument("--rounds", type=int, metavar="N",
                        help="pairs of runs for each ratio; 9")
    parser.add_argument("--json", metavar="FILE", help="the rows as a list")
    parser.add_argument("--smoke", action="store_true", help="everything "
                        "once and shortly: does it run, are answers right; "
                        "the figures say nothing, and nothing is judged")
    options = parser.parse_args(words)
    if options.rounds is None:
        options.rounds = 2 if options.smoke else 9
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    return options


def run_rows(bench, wanted):
    """Rows as they are done; a wrong answer spoils its own row only."""
    for name, function in ROWS:
        if wanted and name not in wanted:
            continue
        print("%s ..." % name, file=sys.stderr, flush=True)
        try:
            yield name, function(bench), None
        except Exception as error:  # told, and the code is 1
            if not isinstance(error, measure.WrongAnswer):
                traceback.print_exc()
            yield name, None, error


def end(number, _frame):
    """What was started is ended on the way out."""
    sys.exit(128 + number)


def main(words):
    options = parse(words)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    cores = sorted(os.sched_getaffinity(0))
    server_core, client_core = cores[0], cores[min(1, len(cores) - 1)]
    environment = servers.environment()
    measure.pin(client_core)
    environment["nice"] = measure.come_first()
    rows, errors = [], 0
    with servers.Place(server_core, client_core) as place:
        bench = Bench(place, options.rounds, options.smoke)
        for name, row, error in run_rows(bench, options.only):
            if options.smoke:
                print("%s - %s" % ("not ok" if error else "ok", name))
            if error:
                errors += 1
                print("# %s: %s" % (name, str(error).replace("\n", "\n# ")),
                      flush=True)
            else:
                rows.append(row)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(
            [row.as_json() for row in rows], indent=1) + "\n")
    if options.smoke:
        print("1..%d" % (len(rows) + errors))
    else:
        print_environment(environment, options, (server_core, client_core))
        print_table(rows)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
