"""Which backups are kept: the newest of each of the last days, weeks and months."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many to keep: of how many days, weeks and months the newest one, and the newest `last` whatever their day."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    last: int = 1

    def choose(self, newest_first: Sequence[datetime]) -> frozenset[datetime]:
        """Return those to keep, of moments in the office's own time. The first is always one of them.

        They come in the order in which the backups were made, whatever the clock said then: one that was made while it
        was years ahead is no newer than those that came after it.
        """
        rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
            (self.daily, lambda one: one.date()),
            (self.weekly, lambda one: one.isocalendar()[:2]),
            (self.monthly, lambda one: (one.year, one.month)),
        )
        kept = set(newest_first[: max(self.last, 1)])
        for most, span_of in rules:
            newest_of: dict[object, datetime] = {}
            for moment in newest_first:
                newest_of.setdefault(span_of(moment), moment)
            kept.update(list(newest_of.values())[:most])
        return frozenset(kept)


def keep_last(count: int) -> Keeping:
    """Keep so many, the newest ones, and no others."""
    return Keeping(0, 0, 0, count)
