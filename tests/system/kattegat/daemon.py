"""kattegatd, started with a configuration of its own."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile

from kattegat import paths
from kattegat.client import Client
from kattegat.cluster import OPERATOR
from kattegat.notify import NotifySocket
from kattegat.wait import wait_for


class CtlFailed(Exception):
    def __init__(self, run):
        super().__init__("exit %d: %s%s" % (run.returncode, run.stdout,
                                            run.stderr))
        self.code = run.returncode
        self.stdout = run.stdout
        self.stderr = run.stderr


class Ctl:
    """ctl("run", "list") gives what --json prints, or raises CtlFailed."""

    def __init__(self, config, dsn=None, control=None):
        self.config = config
        self.dsn = dsn
        self.control = control

    def run(self, *words, input_text=None, limit_s=120):
        command = [str(paths.CTL), "--config", str(self.config)]
        if self.dsn:
            command += ["--database", self.dsn]
        if self.control:
            command += ["--control", self.control]
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("PG", "KATTEGAT_"))}
        return subprocess.run(
            command + [str(word) for word in words], text=True,
            input=input_text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment, timeout=limit_s * paths.SLOWER)

    def __call__(self, *words):
        run = self.run("--json", *words)
        if run.returncode != 0:
            raise CtlFailed(run)
        return json.loads(run.stdout) if run.stdout.strip() else None


def free_port(given=set()):
    """Below those that the system gives to clients: nobody takes it before it is
    listened on, nor while a daemon is started again."""
    while True:
        port = random.randrange(10000, 32000)
        with socket.socket() as link:
            if port in given or link.connect_ex(("127.0.0.1", port)) == 0:
                continue
            try:
                link.bind(("127.0.0.1", port))
            except OSError:
                continue
        given.add(port)
        return port


def runs(pid):
    """Whether there is such a process, and it has not ended."""
    try:
        with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Daemon:
    def __init__(self, folder, database, authority, *, dsn=None, **options):
        """dsn: another way to the same database."""
        self.folder = folder
        self.database = database
        self.authority = authority
        self.port = free_port()
        # A short name, since a socket's path is 107 bytes at most.
        self.run_dir = tempfile.mkdtemp(prefix="kg-run.")
        self.config = folder / "kattegat.conf"
        self.log_file = folder / "kattegatd.log"
        self.reports = folder / "reports"
        self.reports.mkdir(parents=True)
        self.reports.chmod(0o777)
        if paths.AM_ROOT:
            shutil.chown(self.run_dir, paths.USER)
        self.certificate, self.key = authority.certificate()
        self.options = {
            "listen": "127.0.0.1:%d" % self.port,
            "base_url": "https://localhost:%d" % self.port,
            "certificate": self.certificate,
            "key": self.key,
            "database": dsn or database.cluster.dsn(database.name, "kattegat"),
            "user": paths.USER,
            "run_dir": self.run_dir,
            "workers": 2,
            "worker_header": "yes",
            "requests_per_connection": 1000000,
            # a busy machine is no database that hangs
            "statement_limit_ms": 20000,
        }
        self.options.update(options)
        self.process = None
        self.notify = None
        self.client = Client(self.port, authority.file)
        # Told all, so that it does not stumble over a broken configuration.
        self.ctl = Ctl(self.config, self.options["database"].replace(
            "user=kattegat ", "user=%s " % OPERATOR), self.run_dir + "/control")

    def write_config(self, **options):
        """With changes that stay. An option of None is left out."""
        self.options.update(options)
        self.config.write_text("".join(
            "%s = %s\n" % pair for pair in self.options.items()
            if pair[1] is not None))

    def command(self):
        words = [str(paths.DAEMON), "--config", str(self.config)]
        if paths.VALGRIND:
            # fair: else a password's thread keeps the loop from its heartbeat
            words = ["valgrind", "--quiet", "--vgdb=no", "--fair-sched=yes",
                     "--leak-check=full",
                     "--errors-for-leak-kinds=definite",
                     "--show-leak-kinds=definite", "--num-callers=30",
                     "--log-file=%s/valgrind.%%p" % self.reports, *words]
        return words

    def environment(self):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("PG", "KATTEGAT_"))}
        log = "log_path=%s/sanitizer" % self.reports
        environment.update({
            "ASAN_OPTIONS": log + ":detect_leaks=0",
            "UBSAN_OPTIONS": log + ":print_stacktrace=1",
        })
        return environment

    def launch(self, command=None, **environment):
        """Starts it without waiting."""
        self.write_config()
        if self.notify is not None:
            self.notify.close()
        self.notify = NotifySocket(os.path.join(self.run_dir, "notify"))
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                command or self.command(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd="/",
                env={**self.environment(), "NOTIFY_SOCKET": self.notify.path,
                     **environment})

    def start(self):
        self.launch()
        wait_for(self.is_ready, 15, "READY=1")
        return self

    def is_ready(self):
        assert self.process.poll() is None, "it ended:\n" + self.log()
        return self.notify.said("READY=1")

    def stop(self):
        """SIGTERM; gives the exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(30 * paths.PATIENCE)
        except subprocess.TimeoutExpired:
            for pid in self.pids():
                os.kill(pid, signal.SIGKILL)
            raise AssertionError("it does not end:\n" + self.log()) from None
        self.process = None
        return code

    def kill(self):
        """kill -9 of the parent, as a crash would; back when all have ended."""
        pids = self.pids()
        self.process.kill()
        self.process.wait(30 * paths.PATIENCE)
        wait_for(lambda: not any(map(runs, pids)), 10, "its children end")

    def clear(self):
        """Ends it and fails when valgrind or a sanitizer had something to say."""
        try:
            self.stop()
        finally:
            if self.notify is not None:
                self.notify.close()
                self.notify = None
            shutil.rmtree(self.run_dir, ignore_errors=True)
        said = [file.read_text(errors="replace")
                for file in sorted(self.reports.iterdir())]
        assert "".join(said) == "", "\n".join(said)

    def log(self):
        return self.log_file.read_text(errors="replace")

    def log_lines(self):
        return self.log().splitlines()

    def status(self):
        return self.ctl("status")

    def workers(self):
        """{number: pid} of those that serve."""
        return {worker["number"]: worker["pid"]
                for worker in self.status()["workers"] if worker["serving"]}

    def keeper(self):
        return self.status()["keeper"]["pid"]

    def pids(self):
        """The parent and all that it started, read from the kernel."""
        parent = self.process.pid
        children = subprocess.run(["pgrep", "-P", str(parent)], text=True,
                                  stdout=subprocess.PIPE).stdout.split()
        return [parent, *map(int, children)]

    def reload(self):
        self.process.send_signal(signal.SIGHUP)
