"""A hand-written HTTP/1.1 client on asyncio: the fastest way in CPython to send recorded requests again.

It knows just enough of HTTP for the benchmark's own server. No retry, no pool, no checks: this is what a limit is
made of, not what anybody should collect with.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import cast
from urllib.parse import urlsplit

from benchmarks.reading import Step

CONNECTIONS = 50
"""As many as the limit of the comparison table had."""

Take = Callable[[Step, bytes], None]
"""What is done with each answer's body."""


class _Line(asyncio.Protocol):
    """One connection: a request out, its answer's body in."""

    def __init__(self) -> None:
        self._pending = b""
        self._wanted = 0  # bytes of the whole answer, once its head has come
        self._head = 0
        self._answered: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass of it

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(ConnectionError("the server went away"))

    def ask(self, raw: bytes) -> asyncio.Future[bytes]:
        self._answered = asyncio.get_running_loop().create_future()
        self.transport.write(raw)
        return self._answered

    def data_received(self, data: bytes) -> None:
        pending = self._pending = self._pending + data if self._pending else data
        if not self._wanted:
            self._head = pending.find(b"\r\n\r\n") + 4
            if self._head < 4:
                return
            start = pending.index(b"Content-Length: ") + 16
            self._wanted = self._head + int(pending[start : pending.index(b"\r", start)])
        if len(pending) >= self._wanted and self._answered is not None:
            body = pending[self._head : self._wanted]
            self._pending, self._wanted = b"", 0
            self._answered.set_result(body)


async def replay(address: str, steps: Sequence[Step], take: Take) -> None:
    """Ask everything again, as many questions at once as there are connections."""
    parts, waiting = urlsplit(address), iter(steps)
    host, port = str(parts.hostname), int(parts.port or 80)

    async def work() -> None:
        _, line = await asyncio.get_running_loop().create_connection(_Line, host, port)
        for step in waiting:
            take(step, await line.ask(step.raw))
        line.transport.close()

    await asyncio.gather(*(work() for _ in range(min(CONNECTIONS, len(steps)))))
