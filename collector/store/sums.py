"""Sums of daily flows and levels at a day, read fast: what growth over many accounts and years is made of.

Monthly sums stand beside the readings and are used for whole months; the days at the ends are summed from the readings
themselves. Levels are found by their key, one seek each, which is eight times faster than a grouped join over all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, FromClause, Select, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from collector.store import schema
from collector.store.among import among
from collector.store.engine import Store
from collector.store.records import from_day_number, to_day_number
from connectors.kit import Days

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class DaySum:
    """The sum of a daily flow and how many of the days have a reading."""

    days: int
    total: int

    def plus(self, days: int, total: int) -> "DaySum":
        """Return the sum with further days."""
        return DaySum(self.days + days, self.total + total)


def month_of(day_number: int) -> int:
    """Return the month of a day number, counted since year 0."""
    day = from_day_number(day_number)
    return day.year * 12 + day.month - 1


def month_ends(month: int) -> tuple[int, int]:
    """Return the first and last day number of a month."""
    first = date(month // 12, month % 12 + 1, 1)
    following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return to_day_number(first), to_day_number(following - timedelta(days=1))


def recompute(connection: Connection, touched: Iterable[tuple[int, int]]) -> None:
    """Make the sums of (series, month) pairs anew from the readings, inside the caller's transaction.

    A month that was touched holds a reading at least: none is ever taken away.
    """
    by_month: dict[int, set[int]] = {}
    for series_id, month in touched:
        by_month.setdefault(month, set()).add(series_id)
    statement = _SUM_MONTH[connection.dialect.name]
    for month, series in by_month.items():
        first, last = month_ends(month)
        connection.execute(statement, {"month": month, "series": series, "first": first, "last": last})


def _sum_month(insert: Any) -> Any:  # noqa: ANN401 - the two databases' inserts have no class in common
    """Return the statement that sums one month of some series: an insert, which then is an update."""
    table, readings = schema.monthly_sums, schema.readings
    sums = (
        select(
            readings.c.series_id, bindparam("month", type_=BigInteger), func.count(),
            cast(func.sum(readings.c.value), BigInteger),
        )
        .where(among(readings.c.series_id, "series"), readings.c.at.between(bindparam("first"), bindparam("last")))
        .group_by(readings.c.series_id)
    )  # fmt: skip
    statement = insert(table).from_select(["series_id", "month", "days", "total"], sums)
    return statement.on_conflict_do_update(
        index_elements=["series_id", "month"],
        set_={name: statement.excluded[name] for name in ("days", "total")},
    )


_SUM_MONTH = {"sqlite": _sum_month(sqlite.insert), "postgresql": _sum_month(postgresql.insert)}


class Sums:
    """Reads sums and levels of series, as they are known now."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def sum_days(self, series: Sequence[int], *spans: Days) -> tuple[dict[int, DaySum], ...]:
        """Return, for each span and by series, the sum of a daily flow over its days. Without a reading: no entry."""
        with self._store.read() as connection:
            return tuple(_sum_span(connection, series, span) for span in spans)

    def find_levels(self, series: Sequence[int], *ats: int) -> tuple[dict[int, tuple[int, int]], ...]:
        """Return, for each `at` and by series, the last reading at or before it: its `at` and value, if there is one.

        What a report compares is asked for together: it is of one moment of the database, and costs one transaction.
        """
        with self._store.read() as connection:
            return tuple(
                {
                    number: (when, value)
                    for batch in _batches(series)
                    for number, when, value in connection.execute(_FIND_LEVELS, {"series": batch, "at": at})
                }
                for at in ats
            )


def _sum_span(connection: Connection, series: Sequence[int], span: Days) -> dict[int, DaySum]:
    months, loose = _cut(to_day_number(span.first), to_day_number(span.last))
    parts = [(_SUM_DAYS, ends) for ends in loose]
    if months is not None:
        parts.append((_SUM_MONTHS, months))
    found: dict[int, DaySum] = {}
    for batch in _batches(series):
        for statement, (first, last) in parts:
            for number, days, total in connection.execute(statement, {"series": batch, "first": first, "last": last}):
                before = found.get(number)
                found[number] = DaySum(days, int(total)) if before is None else before.plus(days, int(total))
    return found


def _batches(series: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut into pieces, so that one statement's answer stays small."""
    return (series[start : start + _BATCH] for start in range(0, len(series), _BATCH))


def _last_levels() -> Select[Any]:
    """Select the last reading at or before a moment of each series: one seek in the clustered key for each."""
    table, earlier = schema.readings, schema.readings.alias()
    newest = (
        select(func.max(earlier.c.at))
        .where(earlier.c.series_id == schema.series.c.id, earlier.c.at <= bindparam("at"))
        .scalar_subquery()
        .correlate(schema.series)
    )
    return (
        select(table.c.series_id, table.c.at, table.c.value)
        .select_from(schema.series)
        .join(table, (table.c.series_id == schema.series.c.id) & (table.c.at == newest))
        .where(among(schema.series.c.id, "series"))
    )


def _cut(first: int, last: int) -> tuple[tuple[int, int] | None, list[tuple[int, int]]]:
    """Cut days into whole months (the first and the last of them) and the loose days at either end."""
    begin, end = month_of(first), month_of(last)
    if month_ends(begin)[0] != first:
        begin += 1
    if month_ends(end)[1] != last:
        end -= 1
    if begin > end:
        return None, [(first, last)]
    before, after = (first, month_ends(begin)[0] - 1), (month_ends(end)[1] + 1, last)
    return (begin, end), [ends for ends in (before, after) if ends[0] <= ends[1]]


def _sum_of(table: FromClause, span: str, days: ColumnElement[int], total: str) -> Select[Any]:
    """Select the days and the sum of each series from what stands in a table between two days or months."""
    return (
        select(table.c.series_id, days, func.sum(table.c[total]))
        .where(among(table.c.series_id, "series"), table.c[span].between(bindparam("first"), bindparam("last")))
        .group_by(table.c.series_id)
    )


# Built once: building a statement costs more than asking for one account.
_FIND_LEVELS = _last_levels()
_SUM_DAYS = _sum_of(schema.readings, "at", func.count(), "value")
_SUM_MONTHS = _sum_of(schema.monthly_sums, "month", func.sum(schema.monthly_sums.c.days), "total")
