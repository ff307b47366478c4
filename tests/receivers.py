"""Real receivers on loopback: a webhook and a mail server, each of which can refuse, hold back, or keep silent."""

import json
import socketserver
import threading
import warnings
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self

from collector.wiring import Application

PATIENCE = 20
"""Seconds after which a test gives up waiting for what should happen at once."""


def look(application: Application) -> None:
    """Look, and wait until everything that could be sent was sent."""
    application.alerts.look()
    assert application.alerts.wait(PATIENCE)


def load_apprise() -> None:
    """Load apprise with all its plugins once: some of them are warned of, which would end a test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import apprise

        apprise.Apprise.instantiate("json://127.0.0.1")


@dataclass(frozen=True)
class Received:
    """One message as it arrived."""

    title: str
    text: str
    path: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines of the message, without the signs before them."""
        return [line.removeprefix("- ") for line in self.text.splitlines() if line.strip()]


@dataclass
class Receiver:
    """A server in threads of its own. Until `answers` is set it holds its answer back; `asked`: it was asked."""

    received: Queue[Received] = field(default_factory=Queue)
    answers: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)
    is_refusing: bool = False

    def __post_init__(self) -> None:
        self.answers.set()
        self.server = self._make()
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def _make(self) -> socketserver.BaseServer:
        raise NotImplementedError

    @property
    def port(self) -> int:
        """Where it listens."""
        address: Any = self.server.server_address
        return int(address[1])

    def hold(self) -> None:
        """Accept from now on, and answer nothing."""
        self.asked.clear()
        self.answers.clear()

    def next(self) -> Received:
        """Return the next message, waiting for it."""
        return self.received.get(timeout=PATIENCE)

    def rest(self) -> list[Received]:
        """Return what arrived and was not looked at yet."""
        found = []
        while True:
            try:
                found.append(self.received.get_nowait())
            except Empty:
                return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.answers.set()
        self.server.shutdown()
        self.server.server_close()


class Webhook(Receiver):
    """What takes a JSON message over HTTP."""

    def _make(self) -> socketserver.BaseServer:
        receiver = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not receiver.is_refusing:
                    receiver.received.put(Received(sent["title"], sent["message"], self.path))
                receiver.asked.set()
                receiver.answers.wait(PATIENCE)
                try:
                    self.send_response(401 if receiver.is_refusing else 200)
                    self.end_headers()
                except OSError:
                    self.close_connection = True  # who asked is dead

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return ThreadingHTTPServer(("127.0.0.1", 0), Answering)

    def address(self, path: str = "hook/canary-of-the-webhook") -> str:
        """Return the address as an office fills it in."""
        return f"json://127.0.0.1:{self.port}/{path}"


class MailServer(Receiver):
    """What takes mail over SMTP from one user, and is silent from the first moment while it holds back."""

    password = "canary-of-the-mail-1"

    def _make(self) -> socketserver.BaseServer:
        receiver = self

        class Answering(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                receiver.asked.set()
                if not receiver.answers.is_set():
                    receiver.answers.wait(PATIENCE)
                    return  # it comes to itself, and the line is cut
                self.say("220 here")
                while line := self.rfile.readline():
                    word = line[:4].upper().strip()
                    if word in (b"EHLO", b"HELO"):
                        self.say("250-here\r\n250 AUTH PLAIN LOGIN")
                    elif word == b"AUTH":
                        self.say("535 no" if receiver.is_refusing else "235 yes")
                    elif word == b"DATA":
                        self.say("354 go on")
                        self.take()
                        self.say("250 taken")
                    elif word == b"QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 yes")

            def take(self) -> None:
                body = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    body += line
                mail = message_from_bytes(body, policy=policy.default)
                part = mail.get_body(("plain", "html"))
                assert part is not None
                receiver.received.put(Received(str(mail["Subject"]), str(part.get_content()), str(mail["To"])))

            def say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answering)
        server.daemon_threads = True
        return server

    def address(self) -> str:
        """Return the address as an office fills it in."""
        return (
            f"mailto://kpu:{self.password}@kpu-contoh.go.id:{self.port}"
            "?smtp=127.0.0.1&mode=insecure&to=staf@kpu-contoh.go.id"
        )
