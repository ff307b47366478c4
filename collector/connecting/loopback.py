"""Where the browser comes back to: a listener on this machine alone, for one answer.

Whatever else knocks (the browser's own icon, an old tab, another program) gets a page and is forgotten; only an answer
with this connecting's state ends the waiting. Nothing of an address is ever logged.
"""

from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from collector.connecting.callback import Callback, read_query
from collector.connecting.refusals import not_mine, port_taken
from collector.language import current, t

_PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><body style="font-family:sans-serif;max-width:32em;margin:4em auto;padding:0 1em">
<h1>{title}</h1><p>{text}</p></body></html>"""


class Loopback:
    """Listens on loopback. Use it as a context manager. Raises ConnectingError where the port is not free."""

    def __init__(self, host: str, port: int, path: str, codes: tuple[str, ...]) -> None:
        try:
            self._server = _Server(("127.0.0.1", port), _Request)
        except (OSError, OverflowError):
            raise port_taken(port) from None
        self._server.take = self._take
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._path, self._codes = path, codes
        self._is_mine: Callable[[str], bool] = lambda state: False
        self._came = Event()
        self._callback: Callback | None = None
        self.had_stranger = False
        self.address = f"http://{host}:{self._server.server_address[1]}{path}"

    def wait(self, is_mine: Callable[[str], bool], seconds: float) -> Callback | None:
        """Wait for the browser. Returns None where it did not come. `is_mine` tells this connecting's state."""
        self._is_mine = is_mine
        self._came.wait(seconds)
        return self._callback

    def _take(self, target: str) -> tuple[int, str]:
        """Take a request's target. Returns the status and the page that the person sees."""
        parts = urlsplit(target)
        if parts.path != self._path:
            return 404, _page(t("Tidak ada", en="Not here"), t("Halaman ini tidak ada.", en="There is no such page."))
        callback = read_query(parts.query, self._codes)
        if self._came.is_set() or not self._is_mine(callback.state) or not (callback.code or callback.error):
            self.had_stranger = True
            return 400, _page(t("Bukan untuk penyambungan ini", en="Not for this connecting"), str(not_mine()))
        self._callback = callback
        self._came.set()
        if callback.error:
            return 200, _page(
                t("Izin tidak diberikan", en="Not allowed"),
                t("Tab ini boleh ditutup. Kembali ke jendela program untuk melihat langkah berikutnya.",
                  en="You may close this tab. The program's window says how to go on."),
            )  # fmt: skip
        return 200, _page(
            t("Izin diterima", en="Permission received"),
            t("Tab ini boleh ditutup. Kembali ke jendela program; akunnya sedang diperiksa.",
              en="You may close this tab. Go back to the program's window; the account is being checked."),
        )  # fmt: skip

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a browser holds connections open that it may never use
    take: Callable[[str], tuple[int, str]]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that went away is no fault, and a trace could show an address."""


class _Request(BaseHTTPRequestHandler):
    server: _Server
    server_version = "collector"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Answer a browser."""
        status, page = self.server.take(self.path)
        body = page.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: an address holds the code."""


def _page(title: str, text: str) -> str:
    return _PAGE.format(lang=current(), title=escape(title), text=escape(text))
