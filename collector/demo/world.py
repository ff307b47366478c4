"""Living, deterministic numbers for the stand-in: the same day always has the same figures.

Nothing here is random at run time: every number is made from a hash of its name and day, so that two runs of the demo,
and two reads of one day, agree.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

EPOCH = date(2024, 1, 1)
"""The day on which the stand-in's accounts begin to live; before it every sum is nought."""


def chance(*names: object) -> float:
    """Return a number from 0 up to 1 that depends only on `names`."""
    digest = sha256("|".join(str(name) for name in names).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


@lru_cache(maxsize=200_000)
def flow(name: str, day: date, average: float) -> int:
    """Return the amount of `name` that happens on `day`: around `average`, quieter on weekends, idle now and then."""
    if chance(name, "idle", day) < 0.04:
        return 0
    weekend = 0.6 if day.weekday() >= 5 else 1.15
    return round(average * weekend * (0.3 + 1.4 * chance(name, day)))


@lru_cache(maxsize=200_000)
def total(name: str, day: date, average: float) -> int:
    """Return the sum of `flow` from the epoch up to and including `day`."""
    if day < EPOCH:
        return 0
    known = day if (day - EPOCH).days % 64 == 0 else EPOCH + timedelta(days=(day - EPOCH).days // 64 * 64)
    before = total(name, known - timedelta(days=1), average) if known > EPOCH else 0
    days = ((known + timedelta(days=offset)) for offset in range((day - known).days + 1))
    return before + sum(flow(name, each, average) for each in days)


class World:
    """The stand-in's time. `now` is a function, so that a demo can move the clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now: Callable[[], datetime] = now

    @property
    def today(self) -> date:
        """Today in UTC."""
        return self.now().astimezone(UTC).date()
