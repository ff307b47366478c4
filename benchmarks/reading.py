"""Answers to rows by hand, as the sides read them that do without the product: no checks, no places, no gaps.

A row is (account, measure, about, at, value), the same as the product's readings come to. `plan` says of each recorded
request whose it is and how its answer is to be read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from benchmarks.answers import Asked
from benchmarks.fastest import Parse
from benchmarks.population import NOW

Row = tuple[str, str, str, int, int]
Found = Iterator[tuple[str, str, int, int]]

NOW_MS = int(NOW.timestamp() * 1000)
_DAY_ZERO = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Step:
    """One request to replay: its bytes, its account ("bench3:00012"), and the name of how its answer is read."""

    raw: bytes
    account: str
    how: str


def plan(raw: bytes) -> Step:
    """Say of a recorded request whose it is and how its answer is read."""
    asked = Asked.parse(raw)
    return Step(raw, f"{asked.slug}:{asked.id}", asked.question)


def read(how: str, body: bytes, parse: Parse) -> list[tuple[str, str, int, int]]:
    """Return the rows of an answer, without the account. A sign-in has none."""
    reader = _READERS.get(how)
    return list(reader(parse(body))) if reader is not None else []


def _profile(answer: Any) -> Found:  # noqa: ANN401 - JSON is what it is, in all of these
    for name, count in answer["counts"].items():
        yield f"{name}:account:now", "", NOW_MS, count


def _days(answer: Any) -> Found:  # noqa: ANN401 - JSON
    for name, points in answer["series"].items():
        measure = f"{name}:account:day"
        for point in points:
            yield measure, "", _day(point["day"]), point["value"]


def _audience(answer: Any) -> Found:  # noqa: ANN401 - JSON
    day = _day(answer["day"])
    for part in answer["parts"]:
        yield "followers:audience:day", f"{part['dimension']}:{part['name']}", day, part["count"]


def _posts(answer: Any) -> Found:  # noqa: ANN401 - JSON
    for post in answer["posts"]:
        for name, count in post["counts"].items():
            yield f"{name}:post:now", post["id"], NOW_MS, count


@lru_cache(maxsize=4096)
def _day(written: str) -> int:
    return date.fromisoformat(written).toordinal() - _DAY_ZERO


_READERS: Mapping[str, Callable[[Any], Found]] = {
    "profile": _profile, "days": _days, "audience": _audience, "posts": _posts,
}  # fmt: skip
