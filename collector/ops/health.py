"""What the service says of itself on loopback: `/health` for whoever watches over it, `/metrics` for Prometheus.

Nobody else can ask: it listens on 127.0.0.1 only, answers two addresses, and neither needs a secret nor gives one.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from collector.language import t
from collector.system_errors import reason

_log = logging.getLogger(__name__)

Answer = Callable[[], tuple[int, str, bytes]]
"""Gives a status, a content type and a body."""


class HealthServer:
    """Serves both addresses while it is entered. Port 0 serves nothing; a port that is taken is said, no more."""

    def __init__(self, port: int, answers: Mapping[str, Answer]) -> None:
        self._port, self._answers = port, answers
        self._server: _Server | None = None

    @property
    def address(self) -> str | None:
        """The origin, None where nothing is served."""
        return f"http://127.0.0.1:{self._server.server_address[1]}" if self._server is not None else None

    def __enter__(self) -> Self:
        if not self._port:
            return self
        try:
            self._server = _Server(("127.0.0.1", self._port), _Handler)
        except OSError as error:
            _log.warning(
                t(f"Alamat kesehatan 127.0.0.1:{self._port} tidak dapat dipakai ({reason(error)}); layanan tetap "
                  "berjalan. Pilih angka lain dengan COLLECTOR_HEALTH_PORT.",
                  en=f"The health address 127.0.0.1:{self._port} cannot be used ({reason(error)}); the service runs "
                  "all the same. Choose another number with COLLECTOR_HEALTH_PORT.")
            )  # fmt: skip
            return self
        self._server.answers = self._answers
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="health", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def as_json(value: Mapping[str, Any], status: int = 200) -> tuple[int, str, bytes]:
    """Return an answer of plain values."""
    return status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    answers: Mapping[str, Answer]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10.0  # seconds; a caller that says nothing must not hold a thread

    def do_GET(self) -> None:
        """Answer one of the addresses."""
        answer = self.server.answers.get(self.path.partition("?")[0])
        status, kind, body = as_json({"error": "not found"}, 404) if answer is None else _guarded(answer)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Return the name that the answers give: no version of Python."""
        return "collector"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: whoever watches asks every few seconds."""


def _guarded(answer: Answer) -> tuple[int, str, bytes]:
    try:
        return answer()
    except Exception as error:  # noqa: BLE001 - the edge of a request; a database that is gone is the very thing to tell
        return as_json({"status": "broken", "message": type(error).__name__}, 503)
