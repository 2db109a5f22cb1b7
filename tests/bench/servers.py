"""The servers that are compared, each pinned to the server's core."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from kattegat import paths
from kattegat.certificates import Authority
from kattegat.cluster import Cluster, Database
from kattegat.daemon import Ctl, Daemon, free_port

import measure

NGINX = """\
daemon off;
%(user)s
worker_processes 1;
worker_rlimit_nofile 30000;
pid %(folder)s/pid;
error_log %(folder)s/error.log;
events { worker_connections 20000; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	server_tokens off;
	keepalive_requests 100000000;
	keepalive_timeout 300;
	types { text/calendar ics; }
	client_body_temp_path %(folder)s/tmp1;
	proxy_temp_path %(folder)s/tmp2;
	fastcgi_temp_path %(folder)s/tmp3;
	uwsgi_temp_path %(folder)s/tmp4;
	scgi_temp_path %(folder)s/tmp5;
	server {
		listen 127.0.0.1:%(port)d ssl backlog=4096;
		root %(folder)s/www;
		gzip_static on;
		ssl_certificate %(certificate)s;
		ssl_certificate_key %(key)s;
		ssl_protocols TLSv1.2 TLSv1.3;
		ssl_session_cache off;
		ssl_session_tickets on;
		ssl_conf_command NumTickets 1;
	}
}
"""


class Nginx:
    name = "nginx"

    def __init__(self, folder, authority, certificate, key, core):
        self.folder = folder
        self.authority = authority
        self.port = free_port()
        self.core = core
        self.process = None
        (folder / "www").mkdir(parents=True)
        (folder / "conf").write_text(NGINX % {
            "folder": folder, "port": self.port, "certificate": certificate,
            "key": key,
            "user": "user %s;" % paths.USER if paths.AM_ROOT else ""})

    @property
    def pid(self):
        return self.process.pid

    def put(self, path, identity, gzipped):
        """Serves these very bytes there."""
        file = self.folder / "www" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(identity)
        if gzipped is not None:
            file.with_name(file.name + ".gz").write_bytes(gzipped)

    def start(self):
        self.process = subprocess.Popen(
            ["taskset", "-c", str(self.core), "nginx", "-c",
             str(self.folder / "conf")], stdin=subprocess.DEVNULL)
        measure.wait_until(lambda: listens(self.port), 10, "nginx listens")
        return self

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
            self.process = None

    def restart(self):
        self.stop()
        self.start()


class Kattegatd(Daemon):
    """The system tests' daemon, on one core and with limits for a load."""

    name = "kattegatd"

    def __init__(self, folder, database, authority, core, **options):
        self.core = core
        wide = {"workers": 1, "worker_header": "no", "connections": 25000,
                "connections_per_address": 25000, "idle_limit_ms": 300000,
                "requests_per_connection": 1000000, "log_level": "warn",
                "cache_bytes": 512 * 1024 * 1024}
        wide.update(options)
        super().__init__(folder, database, authority, **wide)

    def command(self):
        return ["taskset", "-c", str(self.core), *super().command()]

    @property
    def pid(self):
        return self.process.pid

    def worker_pid(self):
        return list(self.workers().values())[0]

    def restart(self):
        self.stop()
        self.start()


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


RADICALE = """\
[server]
hosts = 127.0.0.1:%(port)d
ssl = True
certificate = %(certificate)s
key = %(key)s
max_connections = 20
[auth]
type = none
[rights]
type = authenticated
[storage]
filesystem_folder = %(folder)s/data
[logging]
level = error
"""


class Radicale:
    name = "radicale"

    def __init__(self, folder, authority, certificate, key, core):
        folder.mkdir(parents=True)
        self.folder = folder
        self.authority = authority
        self.port = free_port()
        self.core = core
        self.process = None
        (folder / "conf").write_text(RADICALE % {
            "folder": folder, "port": self.port, "certificate": certificate,
            "key": key})

    @property
    def pid(self):
        return self.process.pid

    def start(self):
        self.process = subprocess.Popen(
            ["taskset", "-c", str(self.core), "/usr/bin/python3", "-m",
             "radicale", "--config", str(self.folder / "conf")],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        measure.wait_until(lambda: listens(self.port), 30, "Radicale listens")
        return self

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
            self.process = None


class Place:
    """A folder, a PostgreSQL and a certificate; all gone at the end."""

    def __init__(self, server_core, client_core):
        self.server_core = server_core
        self.client_core = client_core
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kg-bench."))
        self.folder.chmod(0o755)
        self.cluster = Cluster(self.folder / "db")
        self.authority = Authority(self.folder / "tls")
        self.made = []

    def __enter__(self):
        try:
            self.cluster.start()
        except BaseException:
            self.clear()
            raise
        return self

    def __exit__(self, *ignored):
        self.clear()

    def clear(self):
        for server in reversed(self.made):
            server.stop()
            if isinstance(server, Kattegatd):
                server.clear()
        self.cluster.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name):
        self.cluster.create(name)
        return Database(self.cluster, name)

    def admin_ctl(self, name):
        """kattegatctl as the owner, without a daemon."""
        config = self.folder / "nothing.conf"
        config.write_text("run_dir = %s\n" % (self.folder / "nowhere"))
        return Ctl(config, self.cluster.dsn(name))

    def kattegatd(self, database, **options):
        server = Kattegatd(
            self.folder / ("kattegatd-%d" % len(self.made)), database,
            self.authority, self.server_core, **options)
        self.made.append(server)
        return server.start()

    def _other(self, kind, like):
        server = kind(
            self.folder / ("%s-%d" % (kind.name, len(self.made))),
            self.authority, like.certificate, like.key, self.server_core)
        self.made.append(server)
        return server.start()

    def nginx(self, like):
        """With the certificate of that daemon."""
        return self._other(Nginx, like)

    def radicale(self, like):
        return self._other(Radicale, like)


def start_s(server, path):
    """Seconds from the start of the program to its first good answer."""
    began = time.monotonic()
    server.launch()
    while True:
        try:
            if server.client.get(path).status == 200:
                return time.monotonic() - began
        except OSError:
            pass
        if time.monotonic() - began > 30:
            raise TimeoutError("no answer within 30 s:\n" + server.log())


def environment():
    """What the reader must know of the machine."""
    def first(path, name):
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(name):
                    return line.split(":", 1)[1].strip()
        return "unknown"

    def said(*words):
        run = subprocess.run(words, stdout=subprocess.PIPE, text=True,
                             stderr=subprocess.STDOUT, check=False)
        return run.stdout.strip().split("\n")[0]

    with open("/proc/sys/net/ipv4/tcp_congestion_control",
              encoding="ascii") as file:
        congestion = file.read().strip()
    return {
        "cpu": first("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "kernel": os.uname().release,
        "openssl": said("openssl", "version"),
        "nginx": said("nginx", "-v"),
        "congestion_control": congestion,
        "load_average": " ".join("%.2f" % one for one in os.getloadavg()),
        "date": time.strftime("%Y-%m-%d %H:%M"),
    }
