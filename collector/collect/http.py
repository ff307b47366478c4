"""The only module that speaks HTTP: a prepared request in, an answer out, or one plain error.

One client per platform with at most eight connections, because httpx grows slower the more connections a pool holds;
all share one TLS context, whose making costs more than a request. Sign-in goes through here too.
"""

import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import httpx

from collector.clock import monotonic
from collector.settings import is_loopback
from connectors.kit import UnreachableError

CONNECTIONS = 8
"""Connections, and so threads, per platform."""

_HEADERS = {
    "User-Agent": "collector",
    "Accept": "application/json, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
}
_TIMEOUT = httpx.Timeout(120.0, connect=10.0)  # seconds; Matomo may build an archive for two minutes (website.md B4)
_KNOCK_SECONDS = 10.0
_LARGEST_ANSWER = 16 * 1024 * 1024  # bytes; a page of 100 posts with all fields is under 1 MiB
_WHOLE_ANSWER_SECONDS = 180.0


class NotSentError(UnreachableError):
    """No connection: the platform was not asked, so nothing can have been charged for it."""


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """A request with its secrets in it. It is never kept, logged or shown."""

    method: str
    url: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case; repeated headers are joined."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_ms: int


class Http:
    """The clients of a run, made when first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, bool], httpx.Client] = {}
        self._tls: ssl.SSLContext | None = None

    def send(self, platform: str, prepared: Prepared) -> Answer:
        """Send a request of a platform. Raises UnreachableError where no whole answer came."""
        client = self._client(platform, is_loopback(urlsplit(prepared.url).hostname or ""))
        began = monotonic()
        try:
            response = client.send(_as_request(prepared), stream=True)
            try:
                body = _read(response, began)
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSentError(f"{_origin(prepared.url)}: {_reason(error)}") from None
        except httpx.TransportError as error:
            raise UnreachableError(f"{_origin(prepared.url)}: {_reason(error)}") from None
        except (httpx.InvalidURL, httpx.DecodingError) as error:
            raise UnreachableError(f"{_origin(prepared.url)}: {type(error).__name__}") from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, body, int((monotonic() - began) * 1000))

    def answers(self, platform: str, address: str) -> bool:
        """Whether anything at all answers at an address. Nothing is signed in, tried again, or kept of it."""
        try:
            client = self._client(platform, is_loopback(urlsplit(address).hostname or ""))
            with client.stream("GET", address, headers=_HEADERS, timeout=_KNOCK_SECONDS):
                pass
        except (httpx.TransportError, httpx.InvalidURL, httpx.DecodingError):
            return False
        return True

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _client(self, platform: str, loopback: bool) -> httpx.Client:
        with self._lock:
            if self._tls is None:
                self._tls = httpx.create_ssl_context()
            key = (platform, loopback)
            if key not in self._clients:
                self._clients[key] = httpx.Client(
                    verify=self._tls,
                    timeout=_TIMEOUT,
                    limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
                    # A redirect could carry a sign-in to another host: it is an answer like any other.
                    follow_redirects=False,
                    # A proxy of the office is honoured, except towards this very machine.
                    trust_env=not loopback,
                )
            return self._clients[key]


def _as_request(prepared: Prepared) -> httpx.Request:
    """Return a request as httpx sends it. Left to a client, making one costs as much as half of its sending."""
    url = httpx.URL(f"{prepared.url}?{urlencode(prepared.params)}" if prepared.params else prepared.url)
    return httpx.Request(prepared.method, url, headers={**_HEADERS, **prepared.headers}, content=prepared.content)


def _read(response: httpx.Response, began: float) -> bytes:
    """Read an answer's body with an end to its size and its time."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        parts.append(part)
        if size > _LARGEST_ANSWER:
            raise UnreachableError(
                f"{_origin(str(response.url))}: the answer is larger than {_LARGEST_ANSWER // 1024 // 1024} MiB"
            )
        if monotonic() - began > _WHOLE_ANSWER_SECONDS:
            raise UnreachableError(f"{_origin(str(response.url))}: no whole answer in {_WHOLE_ANSWER_SECONDS:.0f} s")
    return b"".join(parts)


def _origin(url: str) -> str:
    """Return an address without path and query: httpx's own errors would name the whole one."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _reason(error: httpx.TransportError) -> str:
    """Say what went wrong without the library's text, which may hold the address."""
    return {
        httpx.ConnectError: "no connection",
        httpx.ConnectTimeout: "no connection in time",
        httpx.ReadTimeout: "no answer in time",
        httpx.ReadError: "the line was cut",
        httpx.RemoteProtocolError: "the line was cut",
    }.get(type(error), type(error).__name__)
