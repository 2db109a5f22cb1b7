"""What the daemon says to a service manager."""

import os
import socket


class NotifySocket:
    def __init__(self, path):
        self.path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        os.chmod(self.path, 0o777)
        self._socket.setblocking(False)
        self.lines = []

    def read(self):
        """All lines so far, oldest first."""
        while True:
            try:
                data = self._socket.recv(65536)
            except BlockingIOError:
                return self.lines
            self.lines += data.decode("utf-8").split("\n")

    def said(self, line):
        return line in self.read()

    def count(self, line):
        return self.read().count(line)

    def close(self):
        self._socket.close()
        os.unlink(self.path)
