"""What growth is computed from: points in time, in lines that may be compared with themselves only.

Everything here is a plain frozen value. Days are the platform's own for figures with a span and the office's for
figures of the moment; nothing knows a clock or a store.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from connectors.kit import Days, Kind


class Origin(StrEnum):
    """Where a point is from."""

    API = "api"  # collected
    TYPED = "typed"  # entered by a person
    DERIVED = "derived"  # worked back from an older report's change or percentage


@dataclass(frozen=True, slots=True)
class Point:
    """One accepted figure. `at` is the moment by which it sorts (with a zone), `day` the day that dates it.

    `value` is scaled by the line's decimals; `upto` the upper end, included, where only an interval is known. `days`
    is the length of what it covers (1 for a moment or a day). `precision` is "instant", "day" or "month". `code` finds
    the reading again. `revised_at` is when its value last became what it is, None if it always was.
    """

    value: int
    at: datetime
    day: date
    code: str = ""
    upto: int | None = None
    days: int = 1
    definition: int = 1
    origin: Origin = Origin.API
    precision: str = "instant"
    source: str = ""
    revised_at: datetime | None = None

    @property
    def most(self) -> int:
        """The upper end of what the value may be."""
        return self.value if self.upto is None else self.upto

    @property
    def first(self) -> date:
        """The first day that it covers."""
        return self.day - timedelta(days=self.days - 1)

    @property
    def trust(self) -> int:
        """Which of two figures of one day is taken: exact collected, typed, rounded collected, derived."""
        if self.origin is Origin.API:
            return 1 if self.upto is not None else 3
        return 2 if self.origin is Origin.TYPED else 0


class Ending(StrEnum):
    """How a leap ended: it waits, a person said yes, three more days agreed, or a person said no."""

    HELD = "held"
    CONFIRMED = "confirmed"
    AGREED = "agreed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Leap:
    """Figures that leapt away from the one `before` and stayed there."""

    before: Point
    points: tuple[Point, ...]
    ending: Ending

    @property
    def is_rise(self) -> bool:
        """Whether it went up."""
        return self.points[0].value > self.before.value


@dataclass(frozen=True, slots=True)
class Line:
    """The points of one measure of one account, of whichever origin, in any order.

    `span` is the measure's ("now", "day", "28d", "semester"). `answered` are the days that the platform answered,
    whether or not each has a point: an answered day without one was idle. `hidden` are the moments at which the figure
    was found hidden, `held` the points that wait for a person's word, `leaps` all leaps, however they ended.
    """

    measure: str
    metric: str
    span: str
    kind: Kind
    points: tuple[Point, ...]
    by: str = ""
    decimals: int = 0
    answered: tuple[Days, ...] = ()
    hidden: tuple[datetime, ...] = ()
    held: tuple[Point, ...] = ()
    leaps: tuple[Leap, ...] = ()


def newest(points: Iterable[Point]) -> Point | None:
    """Return the last point: of the last day the most trusted, of equally trusted ones the latest."""
    return max(points, key=lambda point: (point.day, point.trust, point.at, point.code), default=None)


def oldest(points: Iterable[Point]) -> Point | None:
    """Return the first point: of the first day the most trusted, of equally trusted ones the earliest."""
    found = list(points)
    first = min((point.day for point in found), default=None)
    of_day = [point for point in found if point.day == first]
    return min(of_day, key=lambda point: (-point.trust, point.at, point.code), default=None)
