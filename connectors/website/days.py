"""Days: a site's own, and those an answer speaks for. Runs of days become coverage, the holes between become gaps."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.kit import Coverage, Days, Measure, Node, Observation, Reason

_DAY = timedelta(days=1)


def day_in(moment: datetime, zone: str) -> date:
    """Return the day that a moment falls on in a zone; in UTC where this computer does not know the zone."""
    try:
        here = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        here = ZoneInfo("UTC")
    return moment.astimezone(here).date()


def yesterday_in(now: datetime, zone: str) -> date:
    """Return the last whole day in a zone."""
    return day_in(now, zone) - _DAY


def days_of(span: Days) -> list[date]:
    """List the days of a span."""
    return [span.first + _DAY * passed for passed in range(span.length)]


def runs(days: Collection[date]) -> Iterator[Days]:
    """Join days to spans without holes."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None or day - last > _DAY:
            if first is not None and last is not None:
                yield Days(first, last)
            first = day
        last = day
    if first is not None and last is not None:
        yield Days(first, last)


def say_answered(
    span: Days, answered: Collection[date], wanted: Sequence[Measure], where: Node, note: str
) -> Iterator[Observation]:
    """Cover the days that were answered, and name the others of the span: they are missing, not idle."""
    for covered in runs(answered):
        yield from (Coverage(measure, covered, where.place) for measure in wanted)
    for hole in runs(set(days_of(span)) - set(answered)):
        yield from (where.gap(measure, Reason.EMPTY, on=hole, note=note) for measure in wanted)
