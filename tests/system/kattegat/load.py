"""Clients that poll without a pause and remember what went wrong."""

import threading


class Poller:
    """with Poller(client, path, ...) as poller: do what should do no harm."""

    def __init__(self, client, path, keep=False, threads=2):
        self.client = client
        self.path = path
        self.keep = keep
        self.failures = []
        self.answers = []
        self.bodies = set()
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._poll, daemon=True)
                         for _ in range(threads)]

    def _poll(self):
        connection = self.client.connect()
        while not self._ended.is_set():
            try:
                answer = connection.get(self.path)
                self.answers.append(answer.status)
                if answer.status == 200:
                    self.bodies.add(answer.body)
                else:
                    self.failures.append((answer.status, answer.worker,
                                          answer.text[:200]))
            except Exception as error:  # each one is a failed request
                self.failures.append(repr(error))
            if not self.keep or self.failures:
                connection.close()
                connection = self.client.connect()
        connection.close()

    @property
    def count(self):
        return len(self.answers)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *ignored):
        self._ended.set()
        for thread in self._threads:
            thread.join(60)
