"""Stands between the daemon and PostgreSQL, and breaks off at a chosen moment.

    proxy = PgProxy(folder, cluster.socket()).start()
    proxy.dsn(user, database)
    proxy.cut("booking_create", BEFORE)     # the next statement with this word
    proxy.step = 1              # answers come in pieces of so many bytes
"""

import os
import socket
import threading

# The server never gets the statement; or its answer, given after COMMIT, is lost.
BEFORE, AFTER = "before", "after"
NAME = ".s.PGSQL.5432"
READY = b"Z\0\0\0\5I"       # ReadyForQuery, outside of a transaction


class PgProxy:
    def __init__(self, folder, server):
        self.folder = folder
        self.server = server
        self.done = threading.Event()
        self.step = 65536       # bytes of an answer that go on at once
        self._lock = threading.Lock()
        self._cut = None
        self._listener = None

    def start(self):
        self.folder.mkdir()
        self.folder.chmod(0o755)
        path = str(self.folder / NAME)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        os.chmod(path, 0o777)
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def dsn(self, user, database):
        return "host=%s user=%s dbname=%s" % (self.folder, user, database)

    def cut(self, word, when):
        """done is set when it has been done."""
        self.done.clear()
        with self._lock:
            self._cut = (word.encode(), when)

    def _take(self, part):
        """When to cut, if this is what was waited for."""
        with self._lock:
            if self._cut is None or self._cut[0] not in part:
                return None
            when, self._cut = self._cut[1], None
            return when

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(os.path.join(self.server, NAME))
            except OSError:
                client.close()
                continue
            link = Link(self, client, server)
            for work in (link.ask, link.answer):
                threading.Thread(target=work, daemon=True).start()


class Link:
    """One connection, both ways."""

    def __init__(self, proxy, client, server):
        self.proxy = proxy
        self.client = client
        self.server = server
        self.swallowing = False

    def end(self):
        for side in (self.client, self.server):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def ask(self):
        try:
            while part := self.client.recv(65536):
                when = self.proxy._take(part)
                if when == BEFORE:
                    self.end()
                    self.proxy.done.set()
                    break
                self.swallowing = self.swallowing or when == AFTER
                self.server.sendall(part)
        except OSError:
            pass
        self.end()
        self.client.close()

    def answer(self):
        try:
            while part := self.server.recv(65536):
                if not self.swallowing:
                    step = self.proxy.step
                    for at in range(0, len(part), step):
                        self.client.sendall(part[at:at + step])
                elif part.endswith(READY):
                    break
        except OSError:
            pass
        self.end()
        self.server.close()
        if self.swallowing:
            self.proxy.done.set()
