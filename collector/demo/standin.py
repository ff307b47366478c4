"""The stand-in: a real HTTP server on loopback that speaks the platforms' contracts.

Each platform's contract is a module in `contracts/`, found by walking the package. A contract answers for one or more
hosts; each host is served below its own prefix, so that its address is what the host's setting takes
(`FACEBOOK_GRAPH_URL=http://127.0.0.1:PORT/facebook-graph`). Faults are put over any contract from outside.
"""

import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pkgutil import iter_modules
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from collector.demo import contracts
from collector.demo.contract import Answered, Asked, Contract, telling, without
from collector.demo.replaying import replay_samples
from collector.demo.world import World
from collector.platforms import list_connectors
from collector.settings import list_addresses

__all__ = ["Answered", "Asked", "Contract", "Fault", "StandIn", "list_contracts", "telling", "without"]


@dataclass(slots=True)
class Fault:
    """A misbehaviour put over the stand-in's answers.

    `where` is a regular expression searched in "HOST METHOD /path?query"; `change` makes the answer out of the
    request and the good answer; `times` is how often it strikes (None: always).
    """

    where: str
    change: Callable[[Asked, Answered], Answered]
    times: int | None = 1


def throttled(seconds: int) -> Callable[[Asked, Answered], Answered]:
    """Make every answer a 429 with Retry-After."""
    return lambda asked, good: Answered({"error": {"message": "slow down"}}, 429, {"Retry-After": str(seconds)})


def broken(status: int = 503) -> Callable[[Asked, Answered], Answered]:
    """Make every answer an HTML error page."""
    return lambda asked, good: Answered("<html><title>Service Unavailable</title></html>", status)


def truncated(asked: Asked, good: Answered) -> Answered:
    """Cut the body in the middle, with lengths that agree."""
    body = good.encoded()[0]
    return replace(good, body=body[: len(body) // 2])


def cut(asked: Asked, good: Answered) -> Answered:
    """Cut the line before the answer."""
    return replace(good, drop=True)


def slow(seconds: float) -> Callable[[Asked, Answered], Answered]:
    """Answer late."""

    def change(asked: Asked, good: Answered) -> Answered:
        time.sleep(seconds)
        return good

    return change


class StandIn:
    """The server. Use it as a context manager, or `start` and `stop` it."""

    def __init__(self, world: World, *, port: int = 0, latency: float = 0.0) -> None:
        self.world = world
        self.contracts = {contract.slug: contract(world) for contract in list_contracts()}
        self.faults: list[Fault] = []
        self.latency = latency
        self.asked: deque[Asked] = deque(maxlen=100_000)
        self._lock = threading.Lock()
        self._hosts = {
            prefix_of(host): (host, contract) for contract in self.contracts.values() for host in contract.hosts
        }
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.standin = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """The origin, `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def address_of(self, host: str) -> str:
        """Return the address of the host whose setting is `host`."""
        return f"{self.address}/{prefix_of(host)}"

    def environment(self) -> dict[str, str]:
        """Return the settings of an office whose accounts are all at the stand-in."""
        declared = {one.setting for connector in list_connectors() for one in list_addresses(connector)}
        settings = {host: self.address_of(host) for host, _ in self._hosts.values() if host in declared}
        for contract in self.contracts.values():
            settings.update({name: value.replace("{address}", self.address) for name, value in contract.keys.items()})
        return settings

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Answer one request, faults included."""
        parts = urlsplit(target)
        prefix, _, path = parts.path.lstrip("/").partition("/")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        host, contract = self._hosts.get(prefix, ("", None))
        asked = Asked(host, method, f"/{path}", query, headers, body)
        self.asked.append(asked)
        if contract is None:
            return Answered("<html><title>Not Found</title></html>", 404)
        with self._lock:
            good = contract.answer(asked)
            fault = self._strike(f"{host} {method} /{path}?{parts.query}")
        if self.latency:
            time.sleep(self.latency)
        return fault.change(asked, good) if fault else good

    def _strike(self, line: str) -> Fault | None:
        for fault in self.faults:
            if fault.times != 0 and re.search(fault.where, line):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def prefix_of(host: str) -> str:
    """Return the path prefix under which the host of a setting is served (FACEBOOK_GRAPH_URL: facebook-graph)."""
    return host.removesuffix("_URL").lower().replace("_", "-")


def list_contracts() -> list[type[Contract]]:
    """Find the contracts: every module of the package has one as `CONTRACT`. Without one, samples are replayed."""
    names = sorted(module.name for module in iter_modules(contracts.__path__))
    found = [import_module(f"{contracts.__name__}.{name}").CONTRACT for name in names]
    spoken = {contract.slug for contract in found}
    others = (replay_samples(connector) for connector in list_connectors() if connector.slug not in spoken)
    return [*found, *(contract for contract in others if contract is not None)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    standin: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the library's own
        """Say nothing of a client that went away; anything else is a fault of a contract."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answered = self.server.standin.answer(self.command, self.path, headers, self.rfile.read(length))
        if answered.drop:
            self.close_connection = True
            return
        body, kind = answered.encoded()
        self.send_response(answered.status)
        for name, value in {"Content-Type": kind, **answered.headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date of an answer: the world's, by which everything here lives."""
        return format_datetime(self.server.standin.world.now().astimezone(UTC), usegmt=True)

    do_GET = _serve
    do_POST = _serve

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests and the demo ask `StandIn.asked`."""
