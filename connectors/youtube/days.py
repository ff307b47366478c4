"""The figures of whole days, which only the owner sees (YouTube Analytics API v2, youtube.md §3 and §5).

A day is a Pacific day and is stored as it is. The newest days are absent rows, and so are idle days: a day without a
row counts as answered only where it lies far enough back, or before a row that came, and the window's own total is the
sum of the rows that came.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from connectors.kit import (
    Assignment,
    Coverage,
    Days,
    Gap,
    Measure,
    Node,
    Observation,
    Reason,
    ShapeError,
    slices,
)
from connectors.youtube.faults import PACIFIC
from connectors.youtube.measures import DAY_FIGURES, Figures
from connectors.youtube.reports import Analytics, Question, Table

LONGEST = 365
"""Days in one request: a backfill is cut into years (youtube.md §3)."""

FINISHED_AFTER = 4
"""Days before the last whole Pacific day from which on an absent row means an idle day: figures take up to 72 hours,
and a day is complete about four days later (youtube.md §3 Freshness, §5)."""


def last_finished_day(now: datetime) -> date:
    """Return the newest Pacific day whose figures are complete."""
    return _last_whole_day(now) - timedelta(days=FINISHED_AFTER)


def read_days(assignment: Assignment, made_on: date | None, analytics: Analytics) -> Iterator[Observation]:
    """Ask for the days that are over, a year at a time, oldest first, and read them.

    `made_on` is the channel's first day: what lies before it and before the report's own days is not asked for.
    """
    last = min(assignment.window.last, _last_whole_day(assignment.now))
    oldest = min(made_on or assignment.window.first, assignment.window.first)
    for first, figures in _by_first_day(assignment, oldest).items():
        if first > last:
            continue
        for days in slices(Days(first, last), LONGEST):
            for answer in analytics.ask(Question(days, "day", figures)):
                if isinstance(answer, Gap):
                    yield answer
                else:
                    yield from _read_table(answer, analytics, last_finished_day(assignment.now))


def _last_whole_day(now: datetime) -> date:
    return now.astimezone(PACIFIC).date() - timedelta(days=1)


def _by_first_day(assignment: Assignment, oldest: date) -> Mapping[date, Figures]:
    """Group the figures by the first day still to be asked for: one that lags must not drag all others back with it.

    Of one that was refused lately the report's own days are said to be missing; the older ones were said before.
    """
    groups: dict[date, dict[str, Measure]] = {}
    for name, measure in DAY_FIGURES.items():
        earliest = assignment.window.first if assignment.is_dead(measure) else oldest
        groups.setdefault(max(assignment.first_day(measure), earliest), {})[name] = measure
    return groups


def _read_table(table: Table, analytics: Analytics, finished: date) -> Iterator[Observation]:
    """Read the rows, and say which days were answered."""
    days, holed = table.question.days, set()
    values: dict[str, dict[date, int]] = {name: {} for name in table.told}
    covered = min(days.last, finished)
    for row in table.rows:
        day = _day(row.label)
        if not days.first <= day <= days.last:
            continue
        covered = max(covered, day)
        for name, cell in row.cells.items():
            if cell.exists:
                reading = cell.read(table.told[name], on=day)
                values[name][day] = reading.value
                yield reading
            else:
                holed.add(name)
                yield cell.gap(table.told[name], Reason.EMPTY, on=day)
    if covered < days.first:
        return
    answered = Days(days.first, covered)
    yield from table.gaps_of_columns(answered)
    # A row without its number is no idle day: such a figure is not said to be answered.
    told = {name: rows for name, rows in values.items() if name not in holed}
    yield from _cover(table, answered, told, analytics)


def _cover(
    table: Table, answered: Days, told: Mapping[str, Mapping[date, int]], analytics: Analytics
) -> Iterator[Coverage]:
    """Say what was answered: all days, or where the total is more than the rows only those that have one."""
    sparse = {name: table.told[name] for name, rows in told.items() if len(rows) < answered.length}
    totals = _ask_totals(replace(table.question, days=answered, by="", figures=sparse), analytics)
    for name, rows in told.items():
        is_whole = name not in sparse or totals.get(name) == sum(rows.values())
        for days in (answered,) if is_whole else _runs(rows):
            yield Coverage(table.told[name], days, table.body.place)


def _ask_totals(question: Question, analytics: Analytics) -> Mapping[str, int]:
    """Return the window's own totals by name, without those that are refused. No row at all: nothing happened."""
    totals: dict[str, int] = {}
    for answer in analytics.ask(question):
        if isinstance(answer, Table):
            cells = answer.rows[0].cells if answer.rows else {}
            totals.update({name: 0 for name in answer.told if not answer.rows})
            totals.update({name: cell.number() for name, cell in cells.items() if cell.exists})
    return totals


def _runs(days: Mapping[date, int]) -> Iterator[Days]:
    """Yield the spans of days that follow each other."""
    ordered = sorted(days)
    first = 0
    for number, day in enumerate(ordered, start=1):
        if number == len(ordered) or ordered[number] != day + timedelta(days=1):
            yield Days(ordered[first], day)
            first = number


def _day(cell: Node) -> date:
    text = cell.text()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ShapeError(f"expected a day at {cell.pointer}, found {text[:40]!r}", place=cell.place) from None
