"""Clients that cost a server more than they ask for, as a process of its own.

    crowd = Crowd(client, authority_file)
    crowd.start(path, idle=500, senders=100, readers=50)
    crowd.state()       # answers once all are there; then how many are served still
    crowd.read_all()    # how many slow readers get all they asked for in the end
    crowd.stop()

Idle ones have made their TLS connection and say nothing. Slow senders send a byte of
a request's head each second. Slow readers ask for a feed many times at once and take
nothing.
"""

import collections
import json
import pathlib
import selectors
import socket
import ssl
import subprocess
import sys
import time

from kattegat.client import tls_context

PIPELINED = 16
# So that little of an answer fits into the kernel's buffers on the way.
SEGMENT_BYTES = 536
WINDOW_BYTES = 4096
HEAD = b"GET %s HTTP/1.1\r\nHost: localhost\r\n"


class Crowd:
    def __init__(self, client, authority_file):
        self.wanted = {"port": client.port, "authority": str(authority_file)}
        self.process = None

    def start(self, path, **counts):
        """counts: of idle, senders and readers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kattegat.crowd",
             json.dumps({**self.wanted, "path": path, **counts})],
            cwd=pathlib.Path(__file__).parents[1], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _ask(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the crowd has ended"
        return json.loads(line)

    def state(self):
        """{"idle": n, "senders": n, "refused": {"408": n}}"""
        return self._ask("state")

    def read_all(self):
        return self._ask("read")

    def stop(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait(60)
            self.process.stdout.close()
            self.process = None


# ---- the process ----

class Guest:
    def __init__(self, wanted, context, kind):
        self.kind = kind
        self.heard = b""
        plain = socket.socket()
        if kind == "readers":
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG,
                             SEGMENT_BYTES)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                             WINDOW_BYTES)
        plain.settimeout(60)
        plain.connect(("127.0.0.1", wanted["port"]))
        self.link = context.wrap_socket(plain, server_hostname="localhost")
        head = HEAD % wanted["path"].encode()
        if kind == "senders":
            self.link.sendall(head + b"X-Slow: ")
        elif kind == "readers":
            self.link.sendall((head + b"\r\n") * PIPELINED)
        self.link.setblocking(False)

    def send_byte(self):
        try:
            self.link.send(b"a")
        except OSError:
            pass                    # its end is heard

    def hear(self):
        """Whether it is still served."""
        try:
            part = self.link.recv(65536)
        except ssl.SSLWantReadError:
            return True
        except OSError:
            return False
        self.heard += part
        return bool(part)

    def read_all(self):
        """Whether it gets everything, until the server's end or for 5 s."""
        self.link.settimeout(5)
        while self.hear():
            pass
        return self.heard.count(b"END:VCALENDAR") == PIPELINED


class Hall:
    """All of them, and stdin."""

    def __init__(self, wanted):
        context = tls_context(wanted["authority"])
        self.selector = selectors.DefaultSelector()
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        self.guests = {kind: set() for kind in ("idle", "senders", "readers")}
        self.refused = collections.Counter()
        for kind, guests in self.guests.items():
            for _ in range(wanted[kind]):
                guest = Guest(wanted, context, kind)
                guests.add(guest)
                if kind != "readers":
                    self.selector.register(guest.link, selectors.EVENT_READ,
                                           guest)

    def lose(self, guest):
        self.selector.unregister(guest.link)
        self.guests[guest.kind].remove(guest)
        self.refused[guest.heard[9:12].decode()] += 1
        guest.link.close()

    def answer(self, word):
        if word == "read":
            said = sum(guest.read_all() for guest in self.guests["readers"])
        else:
            said = {"idle": len(self.guests["idle"]),
                    "senders": len(self.guests["senders"]),
                    "refused": self.refused}
        print(json.dumps(said), flush=True)

    def run(self):
        next_byte = time.monotonic() + 1
        while True:
            for key, _ in self.selector.select(0.1):
                if key.data is None:
                    word = sys.stdin.readline().strip()
                    if not word:
                        return
                    self.answer(word)
                elif not key.data.hear():
                    self.lose(key.data)
            if time.monotonic() >= next_byte:
                next_byte += 1
                for guest in self.guests["senders"]:
                    guest.send_byte()


if __name__ == "__main__":
    Hall(json.loads(sys.argv[1])).run()
