"""Windows that the platform itself computed: the newest against the equally long one before it.

Distinct people cannot be added up, so a window is only ever compared with a window: the last 28 days with the 28
before, a calendar semester with the one before.
"""

from datetime import timedelta

from collector.growth.change import Change, End, Flag, flags_of_ends
from collector.growth.periods import MONTHS_OF
from collector.growth.points import Line, Point, newest
from collector.growth.question import Question


def compare_windows(line: Line, question: Question) -> Change:
    """Compare the newest window within the period with the one that ends the day before it begins."""
    known = [point for point in line.points if point.at <= question.position]
    if line.span in MONTHS_OF:
        end = newest(point for point in known if point.day == question.period.last)
        base = newest(point for point in known if point.day == question.against.last)
    else:
        end = newest(point for point in known if question.period.first <= point.day <= question.period.last)
        base = None if end is None else _before(known, end)
    flags = set()
    if question.is_new_account:
        base = None
        flags.add(Flag.NEW_ACCOUNT)
    elif question.is_replaced:
        flags.add(Flag.ACCOUNT_REPLACED)
    elif base is None:
        flags.add(Flag.NO_BASE)
    if end is None:
        flags.add(Flag.NO_READING_IN_PERIOD)
    elif base is not None and base.definition != end.definition:
        flags.add(Flag.DEFINITION_CHANGED)
    ends = (End.of(base) if base else None, End.of(end) if end else None)
    return Change(
        line.measure, line.metric, line.span, line.kind, line.by, line.decimals, *ends,
        frozenset(flags | flags_of_ends(*ends, question.position)), newest(known),
    )  # fmt: skip


def _before(known: list[Point], end: Point) -> Point | None:
    return newest(point for point in known if point.day == end.first - timedelta(days=1))
