"""A mail server that keeps what it gets, and fails as it is told."""

import base64
import email
import email.policy
import socket
import ssl
import threading

from kattegat.daemon import free_port


class Mail:
    def __init__(self, sender, recipient, data):
        self.sender = sender
        self.recipient = recipient
        self.data = data
        self.message = email.message_from_bytes(
            data, policy=email.policy.default)

    @property
    def id(self):
        return self.message["Message-ID"]

    @property
    def subject(self):
        return self.message["Subject"]

    @property
    def text(self):
        return self.message.get_content().replace("\r\n", "\n")


class SmtpSink:
    """SmtpSink(...).start(); port; mails; with one mail a line of answers.

    tls: None, "starttls" or "smtps". password: what AUTH PLAIN must give.
    refuse: {"MAIL": "450 later"}: what is answered to a command, while it is there.
    silent: the command that is never answered.
    """

    def __init__(self, certificate=None, key=None, tls=None, password=None):
        self.tls = tls
        self.password = password
        self.mails = []
        self.refuse = {}
        self.silent = None
        self.commands = []
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
        self._listener = None
        self.port = free_port()

    def start(self):
        """May be called again after stop()."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,),
                         daemon=True).start()
        return self

    def stop(self):
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def _accept(self, listener):
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,),
                             daemon=True).start()

    def _serve(self, link):
        link.settimeout(120)
        try:
            if self.tls == "smtps":
                link = self.context.wrap_socket(link, server_side=True)
            Talk(self, link).run()
        except (OSError, ValueError):
            pass
        finally:
            link.close()


class Talk:
    """One connection."""

    def __init__(self, sink, link):
        self.sink = sink
        self.link = link
        self.file = link.makefile("rb")
        self.secure = sink.tls == "smtps"
        self.signed_in = sink.password is None
        self.sender = self.recipient = None

    def say(self, *lines):
        self.link.sendall("".join(line + "\r\n" for line in lines).encode())

    def run(self):
        self.say("220 sink ESMTP")
        while True:
            line = self.file.readline().decode("ascii")
            if not line:
                return
            assert line.endswith("\r\n"), line
            command = line.split()[0].upper()
            self.sink.commands.append(command)
            if command == self.sink.silent:
                self.file.read(1)  # until the other side gives up
                return
            refusal = self.sink.refuse.get(command)
            if refusal:
                self.say(refusal)
            elif command == "QUIT":
                self.say("221 bye")
                return
            elif not self.answer(command, line.strip()):
                self.say("503 not now")

    def answer(self, command, line):
        if command == "EHLO":
            more = []
            if self.sink.tls == "starttls" and not self.secure:
                more.append("250-STARTTLS")
            if self.sink.password is not None:
                more.append("250-AUTH PLAIN")
            self.say("250-sink", *more, "250 SIZE 1000000")
        elif command == "STARTTLS" and self.sink.tls == "starttls":
            self.say("220 go ahead")
            self.link = self.sink.context.wrap_socket(self.link,
                                                      server_side=True)
            self.file = self.link.makefile("rb")
            self.secure = True
        elif command == "AUTH":
            words = line.split()
            if len(words) < 3:
                self.say("334 ")
                words.append(self.file.readline().decode("ascii").strip())
            given = base64.b64decode(words[2]).split(b"\0")[-1].decode()
            self.signed_in = given == self.sink.password
            self.say("235 welcome" if self.signed_in else "535 no")
        elif command == "MAIL" and self.signed_in:
            self.sender = line[line.index("<") + 1:line.index(">")]
            self.say("250-well", "250 known")
        elif command == "RCPT" and self.sender is not None:
            self.recipient = line[line.index("<") + 1:line.index(">")]
            self.say("250 ok")
        elif command == "DATA" and self.recipient is not None:
            self.say("354 go on")
            self.data()
        else:
            return False
        return True

    def data(self):
        lines = []
        while True:
            line = self.file.readline()
            if not line:
                return
            assert line.endswith(b"\r\n") and len(line) <= 78, line
            if line == b".\r\n":
                break
            assert not line.startswith(b"."), "not stuffed"
            lines.append(line)
        if self.sink.silent == "TEXT":
            self.file.read(1)
            return
        refusal = self.sink.refuse.get("TEXT")
        if not refusal:
            self.sink.mails.append(Mail(self.sender, self.recipient,
                                        b"".join(lines)))
        self.say(refusal or "250 taken")
        self.sender = self.recipient = None
