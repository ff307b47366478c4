"""Sums of daily flows and levels at a day, read fast: what growth over many accounts and years is made of.

Monthly sums stand beside the readings and are used for whole months; the days at the ends are summed from the readings
themselves. Levels are found by their key, one seek each, which is eight times faster than a grouped join over all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from collector.store import schema
from collector.store.among import among
from collector.store.engine import Store
from collector.store.records import from_day_number, to_day_number

_BATCH = 500


@dataclass(frozen=True, slots=True)
class DaySum:
    """The sum of a daily flow and how many of the days have a reading."""

    days: int
    total: int


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

    def sum_days(self, series: Sequence[int], first: date, last: date) -> dict[int, DaySum]:
        """Return, by series, the sum of a daily flow over days, both ends included. Without a reading: no entry."""
        months, loose = _cut(to_day_number(first), to_day_number(last))
        found: dict[int, DaySum] = {}
        with self._store.read() as connection:
            for start in range(0, len(series), _BATCH):
                batch = series[start : start + _BATCH]
                parts = [_select_days(batch, ends) for ends in loose]
                if months is not None:
                    parts.append(_select_months(batch, months))
                for row in (row for part in parts for row in connection.execute(part)):
                    before = found.get(row.series_id, DaySum(0, 0))
                    found[row.series_id] = DaySum(before.days + int(row.days), before.total + int(row.total))
        return found

    def find_levels(self, series: Sequence[int], at: int) -> dict[int, tuple[int, int]]:
        """Return, by series, the last reading at or before `at`: its `at` and value. Without one: no entry."""
        found: dict[int, tuple[int, int]] = {}
        with self._store.read() as connection:
            for start in range(0, len(series), _BATCH):
                rows = connection.execute(_select_levels(series[start : start + _BATCH], at))
                found.update({row.series_id: (row.at, row.value) for row in rows})
        return found


def _select_levels(series: Sequence[int], at: int) -> Select[Any]:
    """Select the last reading at or before a moment of each series: one seek in the clustered key for each."""
    table, earlier = schema.readings, schema.readings.alias()
    newest = (
        select(func.max(earlier.c.at))
        .where(earlier.c.series_id == schema.series.c.id, earlier.c.at <= at)
        .scalar_subquery()
        .correlate(schema.series)
    )
    return (
        select(table.c.series_id, table.c.at, table.c.value)
        .select_from(schema.series)
        .join(table, (table.c.series_id == schema.series.c.id) & (table.c.at == newest))
        .where(schema.series.c.id.in_(series))
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


def _select_months(series: Sequence[int], months: tuple[int, int]) -> Select[Any]:
    table = schema.monthly_sums
    return (
        select(table.c.series_id, func.sum(table.c.days).label("days"), func.sum(table.c.total).label("total"))
        .where(table.c.series_id.in_(series), table.c.month.between(*months))
        .group_by(table.c.series_id)
    )


def _select_days(series: Sequence[int], days: tuple[int, int]) -> Select[Any]:
    table = schema.readings
    return (
        select(table.c.series_id, func.count().label("days"), func.sum(table.c.value).label("total"))
        .where(table.c.series_id.in_(series), table.c.at.between(*days))
        .group_by(table.c.series_id)
    )
