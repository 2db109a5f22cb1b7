"""Bookings a second: over HTTPS, and the same rows inserted by pgbench."""

import datetime
import json
import multiprocessing
import re
import socket
import subprocess
import time

import measure
from kattegat.api import new_api_token, new_person
from kattegat.client import tls_context
from row import Row, missing

CLIENTS = 8
# What the API writes for a booking without a set-up; the triggers, the constraint
# and the journal are the same.
INSERT = """\
SELECT nextval('public.bench_hours') AS n \\gset
\\set room %d + :client_id
INSERT INTO kg.booking (room_id, starts_local, ends_local, zone, setup_min,
	clear_min, status, kind, title)
SELECT :room, t, t + interval '1 hour', 'Europe/Copenhagen', 0, 0, 'confirmed',
	'internal', 'Maaling'
FROM CAST(timestamp '2100-01-01 08:00' + :n / 8 * interval '1 day'
	+ :n %% 8 * interval '1 hour' AS timestamp) AS t;
"""


LENGTH = datetime.timedelta(minutes=15)
A_DAY = 80
FIRST_DAY = datetime.date.today() + datetime.timedelta(days=1)


def start(number):
    """The nth quarter of days from tomorrow on: never one that the clocks skip, and
    none that is too far ahead to be booked."""
    day = FIRST_DAY + datetime.timedelta(days=number // A_DAY)
    return datetime.datetime.combine(day, datetime.time(4)) \
        + number % A_DAY * LENGTH


class Booker:
    """One client on one connection: the next follows upon the answer."""

    def __init__(self, server, token, room, begin, seconds):
        self.server = server
        self.room = room
        self.number = begin
        self.seconds = seconds
        self.head = ("POST /api/v1/bookings HTTP/1.1\r\nHost: localhost\r\n"
                     "Authorization: Bearer %s\r\n"
                     "Content-Type: application/json\r\n" % token)

    def request(self):
        starts = start(self.number)
        self.number += 1
        body = json.dumps({
            "room_id": self.room, "title": "Maaling",
            "starts_local": starts.strftime("%Y-%m-%dT%H:%M"),
            "ends_local": (starts + LENGTH).strftime("%Y-%m-%dT%H:%M")})
        return ("%sContent-Length: %d\r\n\r\n%s" % (
            self.head, len(body), body)).encode()

    @staticmethod
    def answer(link):
        """The status line and the whole answer, read to its end."""
        found = b""
        while b"\r\n\r\n" not in found:
            found += link.recv(65536)
        head, body = found.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"Content-Length: (\d+)", head).group(1))
        while len(body) < length:
            body += link.recv(65536)
        return head, body

    def run(self, results):
        done, wrong = 0, None
        context = tls_context(self.server.authority.file)
        with context.wrap_socket(
                socket.create_connection(("127.0.0.1", self.server.port)),
                server_hostname="localhost") as link:
            ends = time.monotonic() + self.seconds
            while wrong is None and time.monotonic() < ends:
                link.sendall(self.request())
                head, body = self.answer(link)
                if not head.startswith(b"HTTP/1.1 201 "):
                    wrong = (head + body).decode("utf-8", "replace")
                done += 1
        results.put((done, wrong))


class Hall:
    """Rooms of the bench's own, and who may book them."""

    def __init__(self, bench):
        self.server = bench.kattegatd
        self.database = bench.database
        self.seconds = 1 if bench.smoke else 5
        self.begin = 0
        venue = self.database.row(
            "SELECT v.id, o.code FROM kg.venue v JOIN kg.office o"
            " ON o.id = v.office_id WHERE v.own ORDER BY v.id LIMIT 1")
        self.rooms = [int(self.database.value(
            "SELECT (kg.room_add(NULL, 'benchmark', %s, %s, NULL, true, true,"
            " '[]')).object_id", venue.id, "Sal %d" % number))
            for number in range(2 * CLIENTS)]
        self.token = new_api_token(self.database, new_person(
            self.database, "coordinator", venue.code))
        self.database.run("CREATE SEQUENCE public.bench_hours")
        self.script = bench.place.folder / "booking.sql"
        self.script.write_text(INSERT % self.rooms[CLIENTS])

    def by_pgbench(self):
        run = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2",
             "-T", str(self.seconds), "-f", str(self.script),
             self.database.dsn], text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        found = re.search(r"^tps = ([0-9.]+)", run.stdout, re.M)
        if run.returncode != 0 or not found or \
                "failed transactions: 0 " not in run.stdout:
            raise measure.WrongAnswer("pgbench: %s%s" % (run.stdout,
                                                         run.stderr))
        return float(found.group(1))

    def by_https(self):
        # a hundred days of each room for each turn
        results = multiprocessing.Queue()
        clients = [multiprocessing.Process(target=Booker(
            self.server, self.token, room, self.begin, self.seconds).run,
            args=(results,)) for room in self.rooms[:CLIENTS]]
        self.begin += 8000
        for client in clients:
            client.start()
        found = [results.get() for _ in clients]
        for client in clients:
            client.join()
        for _, wrong in found:
            if wrong is not None:
                raise measure.WrongAnswer("a booking: %s" % wrong)
        return sum(done for done, _ in found) / self.seconds


def bookings(bench):
    name, work = "bookings", "bookings per second over HTTPS, 8 clients"
    if subprocess.run(["which", "pgbench"], stdout=subprocess.DEVNULL,
                      check=False).returncode != 0:
        return missing(name, work, ">= 0.5 of pgbench",
                       "pgbench is not installed")
    hall = Hall(bench)
    figures = measure.in_turns(1 if bench.smoke else bench.rounds,
                               lambda way: way(), hall.by_https,
                               hall.by_pgbench)
    ratios = figures.ratios()
    ratio = measure.middle(ratios)
    return Row(name, work, ">= 0.5 of pgbench", "/s",
               measure.middle(figures.value),
               measure.middle(figures.baseline), ratio,
               measure.quartiles(ratios), ratio >= 0.5,
               note="the baseline is pgbench: INSERTs of the same rows with "
               "the same rules; clients, daemon and database share the cores")
