"""What the databases hold: seasons of a size, teachers, their feed links."""

import csv
import datetime
import hashlib

from kattegat import paths

# One block a day: events of about 500 bytes, as performance.md has them.
SHORT_PROGRAMME = [
    ("day", "start", "end", "title_da", "title_en", "format"),
    (1, "13:00", "21:00", "Velkomst og oplæg", "Welcome", "plenary"),
    (2, "09:00", "17:00", "Arbejde i grupper", "Work in groups", "group"),
    (3, "09:00", "13:00", "Afslutning", "End", "plenary"),
]


def prepare(ctl):
    """The schema, the registries and the demo."""
    for words in (("db", "init"), ("db", "upgrade"),
                  ("registry", "load", "--from", paths.REGISTRY),
                  ("demo", "load", "--from", paths.DEMO)):
        command(ctl, *words)


def command(ctl, *words, limit_s=120):
    run = ctl.run(*words, limit_s=limit_s)
    if run.returncode != 0:
        raise RuntimeError("kattegatctl %s: %s%s" % (
            " ".join(map(str, words)), run.stdout, run.stderr))


def season(ctl, folder, slug, prefix, runs, short=False):
    """A season of so many runs of three days, one a week from 2027-03-01 on,
    and over again after 40 weeks."""
    offices = ("KBH", "AAR", "ODE", "AAL", "VEJ", "NAE")
    monday = datetime.date(2027, 3, 1)
    file = folder / (slug + ".csv")
    with open(file, "w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("run_no", "period", "office", "host_town",
                       "start_local", "end_local", "tz", "capacity",
                       "min_participants", "status"))
        for number in range(runs):
            week = number % 40
            day = monday + datetime.timedelta(days=7 * week)
            rows.writerow((
                "%s-%05d" % (prefix, number + 1), week + 1,
                offices[number % len(offices)], "By %d" % (number % 50),
                "%sT13:00" % day,
                "%sT13:00" % (day + datetime.timedelta(days=2)),
                "Europe/Copenhagen", 25, 14, "benchmark"))
    programme = paths.DEMO / "kattegat-programme-model.csv"
    if short:
        programme = folder / "short.csv"
        with open(programme, "w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(SHORT_PROGRAMME)
    command(ctl, "season", "import", file, "--season", slug, "--seminar",
            slug, "--programme", programme)


def token_of(number):
    """A feed link's secret: fixed, so that runs are alike. Base32 letters."""
    digest = hashlib.sha256(b"bench %d" % number).digest()
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[byte % 32]
                   for byte in digest[:26])


def teachers(database, slug, first, count, sessions):
    """Teachers who each hold the first days of `sessions` runs of the season,
    with a feed link each; their paths."""
    tokens = [token_of(first + number) for number in range(count)]
    hashes = [hashlib.sha256(token.encode()).hexdigest() for token in tokens]
    database.run("""
        WITH days AS (
            SELECT s.id, row_number() OVER (ORDER BY r.run_no) - 1 AS place
            FROM kg.session s JOIN kg.run r ON r.id = s.run_id
            JOIN kg.season z ON z.id = r.season_id
            WHERE z.slug = %s AND s.no = 1
            ORDER BY r.run_no LIMIT 40
        ), people AS (
            INSERT INTO kg.person (name, role)
            SELECT 'Underviser ' || n, 'teacher'
            FROM generate_series(%s, %s) n RETURNING id
        ), numbered AS (
            SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM people
        ), links AS (
            INSERT INTO kg.feed_token (person_id, hash, name)
            SELECT p.id, decode((%s::text[])[p.n + 1], 'hex'), 'bench'
            FROM numbered p
        )
        INSERT INTO kg.session_teacher (session_id, person_id, status)
        SELECT d.id, p.id, 'accepted'
        FROM numbered p CROSS JOIN generate_series(0, %s - 1) k
        JOIN days d ON d.place = (p.n + k) %% 40""",
                 slug, first, first + count - 1, hashes, sessions)
    return ["/f/%s.ics" % token for token in tokens]
