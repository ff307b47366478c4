"""Holding back a leap in the followers until it is explained.

Hacked accounts are common; a count that leaps is stored and shown, but no report is made of it before a person says
yes, or three more days agree with it while nobody doubts whose hands the account is in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from collector.growth.points import Ending, Leap, Origin, Point

_MOST_DAYS = 7  # after a longer pause the limits grow no further
_RISE, _RISE_PART = 50, Fraction(20, 100)
_FALL, _FALL_PART = 10, Fraction(5, 100)
_AGREEING_DAYS, _AGREEING_PART = 3, Fraction(5, 100)


class Verdict(StrEnum):
    """What a person said of a leap."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with what it was said of: the leap's first figure, by its code. `at` is when it was said.

    The same leap in another line of the account is known by its `day` and `value`.
    """

    code: str
    verdict: Verdict
    at: datetime
    day: date
    value: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A time in which an account may have been in other hands; without `until` it lasts."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """Points sorted into those that may be used, those that wait, and those that a person refused; and the leaps."""

    accepted: tuple[Point, ...]
    held: tuple[Point, ...]
    refused: tuple[Point, ...]
    leaps: tuple[Leap, ...] = ()


def hold(points: Iterable[Point], rulings: Iterable[Ruling] = (), doubts: Iterable[Doubt] = ()) -> Sorted:
    """Sort the points of one line of followers. What a person typed is never held.

    A refusal is of all that stayed up there until it was said; what stays there afterwards waits for another word.
    """
    ordered = sorted(points, key=lambda point: (point.at, point.code))
    by_code = {ruling.code: ruling for ruling in rulings}
    elsewhere = [by_code[code] for code in sorted(by_code.keys() - {point.code for point in ordered})]
    sorting = _Sorting(tuple(doubts))
    for point in ordered:
        is_leap = bool(sorting.accepted) and leaps(sorting.accepted[-1], point)
        ruling = by_code.get(point.code)
        if ruling is None and is_leap:
            ruling = next((one for one in elsewhere if _is_of(one, point)), None)
        sorting.take(point, ruling, is_leap=is_leap)
    return sorting.end()


def leaps(before: Point, after: Point) -> bool:
    """Whether a count went up or down by more than an account of its size does in that time."""
    days = min(max((after.day - before.day).days, 1), _MOST_DAYS)
    rise = max(Fraction(_RISE), _RISE_PART * before.value) * days
    fall = max(Fraction(_FALL), _FALL_PART * before.value) * days
    return not -fall <= after.value - before.value <= rise


def agrees(anchor: int, value: int) -> bool:
    """Whether a figure stands where a leap had led to."""
    return abs(value - anchor) <= _AGREEING_PART * anchor


@dataclass(slots=True)
class _Sorting:
    """The state of sorting, point by point in order of time."""

    doubts: tuple[Doubt, ...]
    accepted: list[Point] = field(default_factory=list)
    held: list[Point] = field(default_factory=list)
    refused: list[Point] = field(default_factory=list)
    found: list[Leap] = field(default_factory=list)
    run: list[Point] = field(default_factory=list)  # the newest held ones, which agree with their first
    no: list[Point] = field(default_factory=list)  # the newest refused ones, as long as no usual figure came back
    refused_until: datetime | None = None

    def take(self, point: Point, ruling: Ruling | None, *, is_leap: bool) -> None:
        """Sort the next point."""
        if ruling is not None and ruling.verdict is Verdict.REFUSED:
            self._end_run()
            self.no.append(point)
            self.refused_until = max(ruling.at, self.refused_until or ruling.at)
        elif ruling is not None or point.origin is not Origin.API or not is_leap:
            self._end_run()
            self._end_refusal()
            if ruling is not None and is_leap:
                self.found.append(Leap(self.accepted[-1], (point,), Ending.CONFIRMED))
            self.accepted.append(point)
        elif self.refused_until is not None and point.at <= self.refused_until:
            self.no.append(point)
        else:
            self._wait(point)

    def end(self) -> Sorted:
        """Return all that was sorted."""
        self._end_run()
        self._end_refusal()
        found = tuple(sorted(self.found, key=lambda leap: (leap.points[0].at, leap.points[0].code)))
        return Sorted(tuple(self.accepted), tuple(self.held), tuple(self.refused), found)

    def _wait(self, point: Point) -> None:
        if self.run and not agrees(self.run[0].value, point.value):
            self._end_run()
        self.run.append(point)
        free = self._beyond_doubt() if self.refused_until is None else []
        if len({one.day for one in free} - {one.day for one in free[:1]}) >= _AGREEING_DAYS:
            before = self.accepted[-1]
            self.run = self.run[: len(self.run) - len(free)]
            self._end_run()
            self.found.append(Leap(before, tuple(free), Ending.AGREED))
            self.accepted += free

    def _beyond_doubt(self) -> list[Point]:
        """Return the end of the run in which nobody doubts whose hands the account is in."""
        first, last = self.run[0].at, self.run[-1].at
        meant = [one for one in self.doubts if one.since <= last and (one.until is None or one.until >= first)]
        if any(one.until is None for one in meant):
            return []
        ends = [one.until for one in meant if one.until is not None]
        return [point for point in self.run if not ends or point.at > max(ends)]

    def _end_run(self) -> None:
        if self.run:
            self.held += self.run
            self.found.append(Leap(self.accepted[-1], tuple(self.run), Ending.HELD))
            self.run = []

    def _end_refusal(self) -> None:
        if self.no:
            self.refused += self.no
            before = self.accepted[-1] if self.accepted else self.no[0]
            self.found.append(Leap(before, tuple(self.no), Ending.REFUSED))
        self.no, self.refused_until = [], None


def _is_of(ruling: Ruling, point: Point) -> bool:
    """Whether a verdict on another line of the account is of this point's leap too."""
    return abs((point.day - ruling.day).days) <= 1 and agrees(ruling.value, point.value)
