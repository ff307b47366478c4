"""Another server that speaks the platforms' contracts, written from the fact sheets and from nothing of the program's.

It stands for every server that the program has not seen: other ids, other page sizes and orders, members that nobody
asked for, optional ones left out. It is strict where a platform is strict, and remembers what it had to refuse.
"""

import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from elsewhere.question import Platform, Question, RefusedError, Reply


class Elsewhere:
    """The server. `platforms` are its parts by the first step of their addresses; the Graph has none."""

    def __init__(self, now: Callable[[], datetime], folder: Path) -> None:
        from elsewhere.business import Business
        from elsewhere.google import Analytics, OAuth, Property, YouTube
        from elsewhere.meta import Instagram, Page
        from elsewhere.others import Matomo, Site, TikTok, X

        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.elsewhere = self
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.oauth = OAuth(now, f"{self.origin}/sign-in/token")
        self.page, self.instagram = Page(now), Instagram(now)
        self.youtube = YouTube(now, self.oauth)
        self.analytics = Analytics(now, self.oauth, self.youtube)
        self.property = Property(now, self.oauth)
        self.matomo, self.site = Matomo(now), Site(now)
        self.x, self.tiktok, self.business = X(now), TikTok(now), Business(now)
        self.platforms: Mapping[str, Platform] = {
            "": self.page, "ig": self.instagram, "tube": self.youtube, "reports": self.analytics,
            "sign-in": self.oauth, "x": self.x, "tt": self.tiktok, "ga": self.property, "counts": self.matomo,
            "kantor": self.site, "tb": self.business,
        }  # fmt: skip
        self.refused: list[str] = []
        self.hold: Callable[[Question], None] = lambda question: None
        self._folder = folder
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def environment(self) -> dict[str, str]:
        """Return what an office would fill in; the addresses as people write them, with and without a slash."""
        key_file = self._folder / "google.json"
        key_file.write_text(self.oauth.key_file)
        return {
            "FACEBOOK_GRAPH_URL": f"{self.origin}/", "INSTAGRAM_GRAPH_URL": f"{self.origin}/ig",
            "YOUTUBE_DATA_URL": f"{self.origin}/tube/", "YOUTUBE_ANALYTICS_URL": f"{self.origin}/reports",
            "GOOGLE_OAUTH_URL": f"{self.origin}/sign-in", "X_API_URL": f"{self.origin}/x",
            "TIKTOK_API_URL": f"{self.origin}/tt", "TIKTOK_BUSINESS_URL": f"{self.origin}/tb/",
            "GA4_DATA_URL": f"{self.origin}/ga/",
            "MATOMO_URL": f"{self.origin}/counts", "WEBSITE_URL": f"{self.origin}/kantor/beranda?lang=id",
            "GA4_SERVICE_ACCOUNT_FILE": str(key_file), **{
                name: value for platform in self.platforms.values() for name, value in platform.keys.items()
            },
        }  # fmt: skip

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request; what is refused is remembered."""
        parts = urlsplit(target)
        first, _, rest = parts.path.lstrip("/").partition("/")
        platform, path = (self.platforms[first], f"/{rest}") if first in self.platforms else (self.page, parts.path)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        question = Question(method, path, dict(pairs), headers, body)
        self.hold(question)
        with self._lock:
            try:
                question.check_once(pairs)
                return platform.answer(question)
            except RefusedError as refused:
                self.refused.append(f"{method} {target}: {refused.reply.body}")
                return refused.reply

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Held:
    """Holds all questions after the first few, until it is let go: to kill a process at a known point."""

    after: int
    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, question: Question) -> None:
        """Hold a question."""
        self.after -= 1
        if self.after < 0:
            self.reached.set()
            self.let_go.wait(30)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    elsewhere: Elsewhere

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.elsewhere.answer(self.command, self.path, headers, body)
        sent = reply.body.encode() if isinstance(reply.body, str) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(sent)), "X-Nobody-Knows": "1"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    do_GET = _serve
    do_POST = _serve

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
