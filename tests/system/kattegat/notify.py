"""What the daemon says to a service manager."""

import os
import socket
import threading


class NotifySocket:
    """Reads at once, as a service manager does: whoever writes would wait."""

    def __init__(self, path):
        self.path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        os.chmod(self.path, 0o777)
        self.lines = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            data = self._socket.recv(65536)
            if data == b"end of the test":
                return
            self.lines += data.decode("utf-8").split("\n")

    def said(self, line):
        return line in self.lines

    def count(self, line):
        return self.lines.count(line)

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"end of the test", self.path)
        self._reader.join(10)
        self._socket.close()
        os.unlink(self.path)
