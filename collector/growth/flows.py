"""Flows: the sum of a period's days against the sum of an earlier one's.

A day is recorded when the platform answered it; an answered day without a figure was idle and adds nothing. A day that
was not answered is missing and is never taken for a nought.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from collector.growth.change import Change, End, Flag, flags_of_ends
from collector.growth.periods import Period
from collector.growth.points import Line, Point, newest
from collector.growth.question import Question

ENOUGH = (9, 10)
"""The part of a period's days that has to be recorded for a percentage: nine of ten."""


def compare_flows(line: Line, question: Question) -> Change:
    """Compare the sums of a line of daily figures."""
    known = [point for point in line.points if point.at <= question.position]
    end, is_mixed = _sum(line, known, question.period, question.today)
    base, was_mixed = None, False
    if not question.is_new_account:
        base, was_mixed = _sum(line, known, question.against, question.today)
    flags = set()
    if question.is_new_account:
        flags.add(Flag.NEW_ACCOUNT)
    elif base is None:
        flags.add(Flag.NO_BASE)
    elif question.is_replaced:
        flags.add(Flag.ACCOUNT_REPLACED)
    if end is None:
        flags.add(Flag.NO_READING_IN_PERIOD)
    if any(one is not None and _is_partial(one) for one in (base, end)):
        flags.add(Flag.PARTIAL_COVERAGE)
    if is_mixed or was_mixed or len(_definitions(base) | _definitions(end)) > 1:
        flags.add(Flag.DEFINITION_CHANGED)
    # Sums of unequally many days would make a rise or a fall out of the calendar (or of an outage) alone.
    if base is not None and end is not None and base.recorded != end.recorded:
        flags.add(Flag.MEAN_PER_DAY)
    return Change(
        line.measure, line.metric, line.span, line.kind, line.by, line.decimals, base, end,
        frozenset(flags | flags_of_ends(base, end, question.position)), newest(known),
    )  # fmt: skip


def _sum(line: Line, known: Iterable[Point], period: Period, today: date) -> tuple[End | None, bool]:
    """Return the sum over a period's recorded days, and whether its figures changed their meaning on the way.

    Where they did, only the days of the newest meaning are summed: two meanings are never added up.
    """
    of_day: dict[date, Point] = {}
    for point in known:
        if period.first <= point.day <= period.last:
            held = of_day.get(point.day)
            if held is None or (point.trust, point.at) > (held.trust, held.at):
                of_day[point.day] = point
    last = min(period.last, today)
    first, is_mixed = period.first, False
    if of_day:
        meaning = of_day[max(of_day)].definition
        others = [day for day, point in of_day.items() if point.definition != meaning]
        if others:
            first, is_mixed = max(others) + timedelta(days=1), True
    points = tuple(of_day[day] for day in sorted(of_day) if day >= first)
    recorded = {point.day for point in points} | _answered(line, first, last)
    if not recorded:
        return None, is_mixed
    value = sum(point.value for point in points)
    most = sum(point.most for point in points)
    return End(value, most, period.first, period.last, period.days, len(recorded), points), is_mixed


def _answered(line: Line, first: date, last: date) -> set[date]:
    days: set[date] = set()
    for window in line.answered:
        begin, end = max(window.first, first), min(window.last, last)
        days.update(begin + timedelta(days=number) for number in range((end - begin).days + 1))
    return days


def _is_partial(end: End) -> bool:
    part, whole = ENOUGH
    return end.recorded * whole < end.days * part


def _definitions(end: End | None) -> frozenset[int]:
    return frozenset(point.definition for point in end.points) if end is not None else frozenset()
