"""A change: two ends, what lies between them, and the flags that say what it is worth.

The arithmetic is exact: integers, intervals of integers, and fractions. Nothing is rounded here; whoever shows a
percentage rounds it, once.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from collector.growth.points import Leap, Origin, Point
from connectors.kit import Kind


class Flag(StrEnum):
    """What must be said about a change: the closed list."""

    NO_BASE = "no_base"  # nothing to compare with
    STALE_BASE = "stale_base"  # the base is older than a week before the earlier period's end
    NO_READING_IN_PERIOD = "no_reading_in_period"
    STALE_END = "stale_end"  # the newest figure is older than a week before the position
    END_TOO_OLD = "end_too_old"  # … than a month: too old to speak of the period
    FIRST_IN_PERIOD = "first_in_period"  # compared with the period's own first figure
    NEW_ACCOUNT = "new_account"
    BASE_ZERO = "base_zero"  # zero or below (sums of days can be)
    SMALL_BASE = "small_base"
    HIDDEN = "hidden"
    INTERVAL = "interval"  # an end is only known to lie between two numbers
    DERIVED_BASE = "derived_base"  # worked back from an older report
    PARTIAL_COVERAGE = "partial_coverage"  # less than nine tenths of the days were recorded
    MEAN_PER_DAY = "mean_per_day"  # unequally many days: the percentage is of the mean of a recorded day
    DEFINITION_CHANGED = "definition_changed"
    COUNTER_FELL = "counter_fell"  # the platform corrected a lifetime count
    ACCOUNT_REPLACED = "account_replaced"
    HELD = "held"  # a newer figure waits for a person's word
    LEAP = "leap"  # the count leapt on the way, and that was confirmed
    REFUSED = "refused"  # figures of the period that a person refused are left out
    MANUAL = "manual"
    REVISED_SINCE = "revised_since"  # an end was another value at the report's position


WITHOUT_PERCENT = frozenset(
    {
        Flag.NO_BASE,
        Flag.NO_READING_IN_PERIOD,
        Flag.END_TOO_OLD,
        Flag.FIRST_IN_PERIOD,
        Flag.NEW_ACCOUNT,
        Flag.BASE_ZERO,
        Flag.HIDDEN,
        Flag.PARTIAL_COVERAGE,
        Flag.DEFINITION_CHANGED,
        Flag.ACCOUNT_REPLACED,
    }
)
"""The flags of which any one forbids a percentage; without them there is one."""

SMALL = 100
"""Below this a base is small: one person more is already a percent."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a change: a figure, or a sum over days.

    `first` and `last` are the days it covers, `days` how many they are and `recorded` how many of them are known.
    `points` are what it was made of.
    """

    value: int
    most: int
    first: date
    last: date
    days: int
    recorded: int
    points: tuple[Point, ...]

    @classmethod
    def of(cls, point: Point) -> "End":
        """Make an end of a single figure."""
        return cls(point.value, point.most, point.first, point.day, point.days, point.days, (point,))

    @property
    def mean(self) -> Fraction:
        """The exact mean of a recorded day."""
        return Fraction(self.value, self.recorded)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may be known only to lie between two, both included."""

    least: int
    most: int

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage of the base: `value` from the figures as they stand, `least` and `most` from their intervals."""

    value: Fraction
    least: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class Change:
    """How a measure changed. `last_known` is the newest figure there is where none lies in the period.

    `exact` is the difference where it is known better than its ends are (gained less lost). `leaps` are those on the
    way that somebody, or time, decided.
    """

    measure: str
    metric: str
    span: str
    kind: Kind
    by: str
    decimals: int
    base: End | None
    end: End | None
    flags: frozenset[Flag]
    last_known: Point | None = None
    exact: int | None = None
    leaps: tuple[Leap, ...] = ()

    @property
    def difference(self) -> Amount | None:
        """End less base; None where they may not be compared."""
        if self.base is None or self.end is None or self.flags & {Flag.DEFINITION_CHANGED, Flag.ACCOUNT_REPLACED}:
            return None
        if self.exact is not None:
            return Amount(self.exact, self.exact)
        return Amount(self.end.value - self.base.most, self.end.most - self.base.value)

    @property
    def percent(self) -> Percent | None:
        """The difference in percent of the base (or of a recorded day's mean); None exactly where a flag says why."""
        if self.flags & WITHOUT_PERCENT or self.base is None or self.end is None:
            return None
        if Flag.MEAN_PER_DAY in self.flags:
            part = _percent(self.end.mean - self.base.mean, self.base.mean)
            return Percent(part, part, part)
        if self.exact is not None:
            parts = [_percent(self.exact, base) for base in (self.base.value, self.base.most)]
            return Percent(parts[0], min(parts), max(parts))
        return Percent(
            _percent(self.end.value - self.base.value, self.base.value),
            _percent(self.end.value - self.base.most, self.base.most),
            _percent(self.end.most - self.base.value, self.base.value),
        )


def flags_of_ends(base: End | None, end: End | None, position: datetime) -> set[Flag]:
    """Return what two ends say of themselves, whatever kind of change they are of."""
    flags = set()
    points = [point for one in (base, end) if one is not None for point in one.points]
    if any(point.origin is Origin.TYPED for point in points):
        flags.add(Flag.MANUAL)
    if any(point.revised_at is not None and point.revised_at > position for point in points):
        flags.add(Flag.REVISED_SINCE)
    if any(one is not None and one.most != one.value for one in (base, end)):
        flags.add(Flag.INTERVAL)
    if base is not None:
        if any(point.origin is Origin.DERIVED for point in base.points):
            flags.add(Flag.DERIVED_BASE)
        if base.value <= 0:
            flags.add(Flag.BASE_ZERO)
        elif base.value < SMALL:
            flags.add(Flag.SMALL_BASE)
    return flags


def _percent(part: int | Fraction, whole: int | Fraction) -> Fraction:
    return Fraction(part) * 100 / Fraction(whole)
