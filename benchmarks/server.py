"""A fast server that stands for all platforms and all accounts: raw HTTP/1.1 on asyncio, one process of its own.

Answers are made once and then kept by the request's very bytes, so that serving costs next to nothing beside what is
measured. It can delay its answers without blocking, and record what it is asked, for the sides that replay it.
Run as `python -m benchmarks.server`: it prints its port and serves until its input ends.
"""

import asyncio
import json
import sys
from typing import cast

from benchmarks.answers import Asked, answer
from benchmarks.fastest import run_loop

_QUOTA = b"x-rate-limit-limit: 300\r\nx-rate-limit-remaining: 299\r\nx-rate-limit-reset: 1795090500\r\n"


class Desk:
    """What all connections share: the kept answers, the record, and the delay in seconds."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.record: list[bytes] | None = None
        self._kept: dict[bytes, bytes] = {}

    def answer(self, raw: bytes) -> bytes:
        """Return the whole HTTP answer to a whole HTTP request."""
        if raw.startswith((b"GET /-/", b"POST /-/")):
            return _http(self._obey(Asked.parse(raw).path), b"application/octet-stream", b"")
        if self.record is not None:
            self.record.append(raw)
        kept = self._kept.get(raw)
        if kept is None:
            kept = self._kept[raw] = _make(Asked.parse(raw))
        return kept

    def _obey(self, order: str) -> bytes:
        """Do what the benchmark itself asks for."""
        match order.lstrip("/").split("/"):
            case ["latency", milliseconds]:
                self.latency = int(milliseconds) / 1000
            case ["record"]:
                self.record = []
            case ["recorded"]:
                recorded, self.record = self.record or [], None
                return b"".join(recorded)
        return b""


class Connection(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass of it

    def data_received(self, data: bytes) -> None:
        """Answer every whole request that has come."""
        self._pending += data
        while (length := request_length(self._pending)) is not None:
            raw, self._pending = self._pending[:length], self._pending[length:]
            answer = self._desk.answer(raw)
            if self._desk.latency:
                asyncio.get_running_loop().call_later(self._desk.latency, self._write, answer)
            else:
                self._write(answer)

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


def request_length(pending: bytes) -> int | None:
    """Return the length of the first request in what has come, None while it is not whole."""
    end = pending.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = end + 4
    if not pending.startswith(b"GET "):
        for line in pending[:end].split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length += int(value)
    return length if len(pending) >= length else None


def _make(asked: Asked) -> bytes:
    body = json.dumps(answer(asked), ensure_ascii=False, separators=(",", ":")).encode()
    return _http(body, b"application/json; charset=utf-8", _QUOTA)


def _http(body: bytes, kind: bytes, more: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nDate: Tue, 17 Nov 2026 12:00:00 GMT\r\nContent-Type: %b\r\n%bContent-Length: %d\r\n\r\n"
    return head % (kind, more, len(body)) + body


async def serve() -> None:
    """Serve until the input ends: then the benchmark that started this is over."""
    desk = Desk()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(desk), "127.0.0.1", 0, backlog=256)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    run_loop(serve())
