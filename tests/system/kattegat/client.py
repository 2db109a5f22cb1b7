"""HTTP over TLS, on connections that are kept or new."""

import http.client
import socket
import ssl

from kattegat.wait import wait_for


class Answer:
    def __init__(self, reply, body):
        self.status = reply.status
        self.headers = reply.headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def worker(self):
        return int(self.headers["Kattegat-Worker"])

    def __repr__(self):
        return "<%d, %d bytes>" % (self.status, len(self.body))


def tls_context(authority_file):
    context = ssl.create_default_context(cafile=str(authority_file))
    context.set_alpn_protocols(["http/1.1"])
    return context


class Connection:
    """One kept connection. Opened at the first request."""

    def __init__(self, port, context, timeout_s=120):
        self._link = http.client.HTTPSConnection(
            "localhost", port, context=context, timeout=timeout_s)

    def request(self, path, method="GET", headers=None, body=None):
        self._link.request(method, path, body=body, headers=headers or {})
        reply = self._link.getresponse()
        return Answer(reply, reply.read())

    def get(self, path, **headers):
        """get(path, if_none_match=etag)"""
        return self.request(path, headers={
            name.replace("_", "-"): value for name, value in headers.items()})

    def certificate(self):
        """The server's, as the handshake gave it."""
        if self._link.sock is None:
            self._link.connect()
        return self._link.sock.getpeercert(binary_form=True)

    def close(self):
        self._link.close()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()


class Client:
    """Each request on a connection of its own."""

    def __init__(self, port, authority_file):
        self.port = port
        self.context = tls_context(authority_file)

    def connect(self, timeout_s=120):
        return Connection(self.port, self.context, timeout_s)

    def request(self, *words, **named):
        with self.connect() as connection:
            return connection.request(*words, **named)

    def get(self, path, **headers):
        with self.connect() as connection:
            return connection.get(path, **headers)

    def raw(self, data, timeout_s=120, piece=None):
        """Sends bytes over TLS and gives all that comes until the close. piece:
        so many in a record, and each is a packet."""
        with socket.create_connection(("localhost", self.port),
                                      timeout_s) as plain:
            with self.context.wrap_socket(
                    plain, server_hostname="localhost") as link:
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for at in range(0, len(data), piece or len(data)):
                    link.sendall(data[at:at + (piece or len(data))])
                parts = []
                while True:
                    try:
                        part = link.recv(65536)
                    except ssl.SSLEOFError:
                        part = b""
                    if not part:
                        return b"".join(parts)
                    parts.append(part)

    def each_worker(self, count):
        """A kept connection to each of the workers, by their numbers."""
        found = {}
        spare = []

        def all_seen():
            connection = self.connect()
            worker = connection.get("/f/alle.ics").worker
            if worker in found:
                # Kept open meanwhile, so that the others get their turn.
                spare.append(connection)
            else:
                found[worker] = connection
            return len(found) == count

        wait_for(all_seen, 10, "an answer from each of %d workers" % count)
        for connection in spare:
            connection.close()
        return found
