"""What a database can say of itself: its own checks, rows that lead nowhere, and sums that are not the sums."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Select, Table, exists, func, select, text

from collector.store import schema
from collector.store.engine import Store, plain_faults
from collector.store.sums import month_of
from connectors.kit.metrics import DAY

_MOST_LINES = 20  # of what the database says of itself; where there is more, all is lost anyway


@dataclass(frozen=True, slots=True)
class Orphans:
    """Rows of a table whose `column` names something that is not there, or that nothing names any more."""

    table: str
    column: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class WrongSum:
    """A month of a series whose kept sum is not that of its readings."""

    series_id: int
    month: int
    kept: tuple[int, int] | None
    summed: tuple[int, int] | None


def check_database(store: Store) -> list[str]:
    """Return what the database finds wrong with itself. A server checks its own pages and references as it goes."""
    if not store.is_sqlite:
        return []
    said: list[str] = []
    with store.read() as connection:
        found = connection.execute(text(f"PRAGMA integrity_check({_MOST_LINES})")).scalars().all()
        said += [str(line) for line in found if line != "ok"]
        for table, row, target, _ in connection.execute(text("PRAGMA foreign_key_check")).all()[:_MOST_LINES]:
            said.append(f"{table} #{row} -> {target}")
    return said


def _references() -> Iterator[tuple[Table, Column[Any], Column[Any]]]:
    """Yield the columns that point to another table without a foreign key, and where to."""
    made = schema
    for table in (made.readings, made.replaced):
        yield table, table.c.series_id, made.series.c.id
        yield table, table.c.exchange_id, made.exchanges.c.id
        yield table, table.c.place_id, made.places.c.id
    yield made.replaced, made.replaced.c.replaced_by, made.exchanges.c.id
    yield made.gaps, made.gaps.c.exchange_id, made.exchanges.c.id
    yield made.gaps, made.gaps.c.place_id, made.places.c.id
    yield made.coverage, made.coverage.c.exchange_id, made.exchanges.c.id
    yield made.entries, made.entries.c.exchange_id, made.exchanges.c.id
    yield made.entries, made.entries.c.place_id, made.places.c.id
    yield made.entries, made.entries.c.attachment, made.attachments.c.sha256
    yield made.exchanges, made.exchanges.c.body, made.bodies.c.sha256
    yield made.monthly_sums, made.monthly_sums.c.series_id, made.series.c.id
    yield made.bodies, made.bodies.c.sha256, made.exchanges.c.body  # a body whose exchange was taken away


def list_orphans(store: Store) -> Iterator[Orphans]:
    """Yield what leads nowhere, by table and column."""
    with store.read() as connection, plain_faults(store):
        for table, column, target in _references():
            lost = column.is_not(None) & ~exists().where(target == column)
            count = connection.execute(select(func.count()).select_from(table).where(lost)).scalar_one()
            if count:
                row = connection.execute(select(*table.primary_key).where(lost).limit(1)).one()
                yield Orphans(table.name, column.name, count, ", ".join(str(part) for part in row))


def list_misplaced(store: Store) -> Iterator[tuple[int, int]]:
    """Yield series and `at` of what was replaced by something that did not replace it: by nothing that ever stood
    there, or not at the time at which that was stored. Joining two accounts sets a reading aside at any time."""
    old, asked, audit, now = schema.replaced, schema.exchanges, schema.audit, schema.readings
    by = old.c.replaced_by
    other = old.alias()
    stands = exists().where(now.c.series_id == old.c.series_id, now.c.at == old.c.at, now.c.exchange_id == by)
    stood = exists().where(other.c.series_id == old.c.series_id, other.c.at == old.c.at, other.c.exchange_id == by)
    in_time = exists().where(asked.c.id == by, asked.c.read_at == old.c.replaced_at, by > old.c.exchange_id)
    joined = exists().where(audit.c.action == "account.joined", audit.c.at == old.c.replaced_at)
    find = select(old.c.series_id, old.c.at).where(~(stands | stood) | ~(in_time | joined))
    find = find.execution_options(yield_per=1000)
    with store.read() as connection, plain_faults(store), connection.execute(find) as rows:
        yield from ((row.series_id, row.at) for row in rows)


def list_wrong_sums(store: Store) -> Iterator[WrongSum]:
    """Yield the months whose sums are not what their days come to."""
    series, readings, sums = schema.series, schema.readings, schema.monthly_sums
    days = (
        select(readings.c.series_id, readings.c.at, readings.c.value)
        .join(series, series.c.id == readings.c.series_id)
        .where(series.c.kind == "flow", series.c.measure.endswith(f":{DAY}"))
        .order_by(readings.c.series_id, readings.c.at)
    )
    kept = select(sums).order_by(sums.c.series_id, sums.c.month)
    with store.read() as connection, plain_faults(store):
        there = _pairs(connection.execute(kept.execution_options(yield_per=2000)))
        own = next(there, None)
        for key, value in _sum(connection.execute(days.execution_options(yield_per=2000))):
            while own is not None and own[0] < key:
                yield WrongSum(*own[0], own[1], None)
                own = next(there, None)
            found = own[1] if own is not None and own[0] == key else None
            if found != value:
                yield WrongSum(*key, found, value)
            if found is not None:
                own = next(there, None)
        while own is not None:
            yield WrongSum(*own[0], own[1], None)
            own = next(there, None)


_Sum = tuple[tuple[int, int], tuple[int, int]]


def _pairs(rows: Any) -> Iterator[_Sum]:  # noqa: ANN401 - a result
    for row in rows:
        yield (row.series_id, row.month), (row.days, row.total)


def _sum(rows: Any) -> Iterator[_Sum]:  # noqa: ANN401 - SQLAlchemy's own rows
    for key, group in groupby(rows, key=lambda row: (row.series_id, _month(row.at))):
        values = [row.value for row in group]
        yield key, (len(values), sum(values))


def _month(at: int) -> int:
    try:
        return month_of(at)
    except (ValueError, OverflowError):  # a moment where a day should stand: no month, and so in no sum
        return -1


def describe_series(store: Store, series_id: int) -> tuple[int, str, str] | None:
    """Return whose a series is, its measure and what it is about; None where there is no such series."""
    find: Select[Any] = select(schema.series).where(schema.series.c.id == series_id)
    with store.read() as connection:
        row = connection.execute(find).first()
    return (row.account_id, row.measure, row.about) if row is not None else None


def month_name(month: int) -> str:
    """Return a month of the sums as people write it."""
    return f"{month // 12}-{month % 12 + 1:02}"
