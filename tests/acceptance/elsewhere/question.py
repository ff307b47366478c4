"""What is asked and answered, and what the parts of the server have in common."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Question:
    """One request, below the address of its platform."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def check_once(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Check that no parameter is there twice: which one counts differs between servers."""
        if len(pairs) != len(self.query):
            raise RefusedError(400, {"error": "a parameter is there twice"})

    @property
    def form(self) -> dict[str, str]:
        """The body as a form, which has to say that it is one."""
        if self.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
            raise RefusedError(415, {"error": "not a form"})
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The body as JSON, which has to say that it is."""
        if self.headers.get("content-type", "").split(";")[0] != "application/json":
            raise RefusedError(415, {"error": "not JSON"})
        return json.loads(self.body)

    @property
    def bearer(self) -> str:
        """The bearer, "" without one."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        return value if scheme == "Bearer" else ""


@dataclass(frozen=True)
class Reply:
    """One answer."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


class RefusedError(Exception):
    """A request that the platform refuses."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body)
        self.reply = Reply(body, status, headers or {"Content-Type": "application/json"})


class Platform(ABC):
    """A part of the server. `keys` are what an office fills in for it."""

    keys: ClassVar[Mapping[str, str]] = {}

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now

    @abstractmethod
    def answer(self, question: Question) -> Reply:
        """Answer one question. Raises RefusedError."""


def days_between(first: date, last: date) -> list[date]:
    """Return all days from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def amount(name: str, day: date) -> int:
    """Return a number that looks like a day's, and is the same each time."""
    return (day.toordinal() * 31 + sum(map(ord, name)) * 17) % 97
