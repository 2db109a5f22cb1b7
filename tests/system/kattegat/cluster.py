"""A PostgreSQL of the tests' own, and its databases."""

import os
import signal
import subprocess

import psycopg2
import psycopg2.extras

from kattegat import paths
from kattegat.wait import wait_for


# Of kattegatctl; the daemon's is "kattegat".
OPERATOR = "kattegat_operator"


class Cluster:
    def __init__(self, folder):
        self.folder = folder

    def _run(self, *words):
        return subprocess.run([str(paths.CLUSTER), *words], check=True,
                              text=True, stdout=subprocess.PIPE).stdout.strip()

    def start(self):
        words = ["--user", paths.USER] if paths.AM_ROOT else []
        self._run("start", str(self.folder), "--throwaway", *words)

    def stop(self, mode="fast"):
        self._run("stop", str(self.folder), "--" + mode)

    def pid(self):
        return int(self._run("pid", str(self.folder)))

    def signal(self, number):
        """To the server and all its children."""
        parent = self.pid()
        children = subprocess.run(
            ["pgrep", "-P", str(parent)], text=True,
            stdout=subprocess.PIPE).stdout.split()
        for pid in [parent, *map(int, children)]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def kill(self):
        """kill -9, as a crash would."""
        self.signal(signal.SIGKILL)

    def socket(self):
        return (self.folder / "socket").read_text().strip()

    def dsn(self, database, user="postgres"):
        return "host=%s user=%s dbname=%s" % (self.socket(), user, database)

    def create(self, database, template=None):
        with Database(self, "postgres") as admin:
            # The template must have nobody on it, and goodbyes take a moment.
            if template:
                wait_for(lambda: not admin.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = %s",
                    template), 10, "%s is left alone" % template)
            admin.run('CREATE DATABASE "%s" TEMPLATE "%s"' % (
                database, template or "template0"))

    def drop(self, database):
        with Database(self, "postgres") as admin:
            admin.run('DROP DATABASE IF EXISTS "%s" WITH (FORCE)' % database)


class Database:
    """Statements as psql would send them: each its own transaction."""

    def __init__(self, cluster, name, user="postgres"):
        self.cluster = cluster
        self.name = name
        self.user = user
        self._link = None

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()

    def close(self):
        if self._link is not None:
            self._link.close()
            self._link = None

    @property
    def dsn(self):
        return self.cluster.dsn(self.name, self.user)

    def link(self):
        if self._link is None or self._link.closed:
            self._link = psycopg2.connect(
                self.dsn, cursor_factory=psycopg2.extras.NamedTupleCursor)
            self._link.autocommit = True
        return self._link

    def rows(self, statement, *values):
        try:
            with self.link().cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg2.OperationalError:
            self.close()
            raise

    def run(self, statement, *values):
        self.rows(statement, *values)

    def row(self, statement, *values):
        found = self.rows(statement, *values)
        assert len(found) == 1, "%d rows: %s" % (len(found), statement)
        return found[0]

    def value(self, statement, *values):
        return self.row(statement, *values)[0]
