"""A standby that follows a Cluster, and is waited for at each commit.

    standby = Standby(folder / "standby", primary)
    standby.start()             # follows from now on
    standby.cut_off()           # so that the primary is ahead of it
    primary.kill()
    standby.promote()
"""

import os
import pathlib
import signal
import subprocess

from kattegat import paths
from kattegat.cluster import Cluster, Database
from kattegat.wait import wait_for

NAME = "standby"


def binary(name):
    return str(max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/" + name)))


def as_user(*command):
    if paths.AM_ROOT:
        command = ("runuser", "-u", paths.USER, "--", *command)
    return subprocess.run(command, check=True, cwd="/", text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def add_setting(cluster, line):
    """contrib/cluster writes the other file of settings, which is read later."""
    with open(cluster.folder / "pg/postgresql.conf", "a",
              encoding="ascii") as file:
        file.write(line + "\n")


class Standby(Cluster):
    def __init__(self, folder, primary):
        super().__init__(folder)
        self.primary = primary

    def _copy(self):
        self.folder.mkdir()
        if paths.AM_ROOT:
            subprocess.run(["chown", paths.USER, str(self.folder)], check=True)
        as_user(binary("pg_basebackup"), "-h", self.primary.socket(),
                "-U", "postgres", "-D", str(self.folder / "pg"), "-X", "stream",
                "-c", "fast", "--no-sync")
        (self.folder / "pg/standby.signal").touch()
        add_setting(self, "primary_conninfo = 'host=%s user=postgres"
                    " application_name=%s'" % (self.primary.socket(), NAME))

    def start(self):
        """And from then on the primary acknowledges what both have."""
        self._copy()
        super().start()
        add_setting(self.primary, "synchronous_standby_names = '%s'" % NAME)
        with Database(self.primary, "postgres") as database:
            database.run("SELECT pg_reload_conf()")
            wait_for(lambda: database.rows(
                "SELECT pid FROM pg_stat_replication WHERE sync_state = 'sync'"
                " AND state = 'streaming'"), 10, "the standby is synchronous")

    def promote(self):
        with Database(self, "postgres") as database:
            assert database.value("SELECT pg_promote(true, 60)")

    def cut_off(self):
        """It gets nothing from the primary any more, and nobody is told."""
        with Database(self.primary, "postgres") as database:
            pid = database.value("SELECT pid FROM pg_stat_replication")
        os.kill(pid, signal.SIGSTOP)
