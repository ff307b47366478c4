"""Reading figures for people: the history, one reading with its past, and the open gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, or_, select

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import EarlierReading, HistoryGap, HistoryReading, from_ms


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures are wanted; None and empty mean all. `metric` is a metric's key."""

    office_id: int | None = None
    account_ids: Sequence[int] | None = None
    platform: str | None = None
    metric: str | None = None


class History:
    """The reader of figures."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_readings(self, wanted: Wanted) -> tuple[HistoryReading, ...]:
        """Return the current readings, by account, series and time."""
        find = _select_readings(wanted).order_by(
            schema.offices.c.id, schema.accounts.c.platform, schema.accounts.c.id, schema.series.c.id,
            schema.readings.c.at,
        )  # fmt: skip
        return tuple(_reading(row) for row in self._rows(find))

    def find_reading(self, series_id: int, at: int) -> HistoryReading | None:
        """Return one current reading, None where there is none."""
        find = _select_readings(Wanted()).where(schema.readings.c.series_id == series_id, schema.readings.c.at == at)
        rows = self._rows(find)
        return _reading(rows[0]) if rows else None

    def list_earlier(self, series_id: int, at: int) -> tuple[EarlierReading, ...]:
        """Return what a reading was before, newest first."""
        table = schema.replaced
        find = (
            select(table, schema.places.c.pointer)
            .join(schema.places, schema.places.c.id == table.c.place_id)
            .where(table.c.series_id == series_id, table.c.at == at)
            .order_by(table.c.replaced_at.desc())
        )
        return tuple(
            EarlierReading(row.value, row.exchange_id, row.pointer, from_ms(row.replaced_at))
            for row in self._rows(find)
        )

    def find_pointer(self, place_id: int) -> str:
        """Return the text of a place."""
        table = schema.places
        return str(self._rows(select(table.c.pointer).where(table.c.id == place_id))[0].pointer)

    def list_gaps(self, wanted: Wanted) -> tuple[HistoryGap, ...]:
        """Return the open gaps, oldest first."""
        table = schema.gaps
        find = (
            select(
                table,
                schema.accounts.c.platform,
                schema.accounts.c.handle,
                schema.offices.c.slug,
                schema.offices.c.zone,
            )
            .join(schema.accounts, schema.accounts.c.id == table.c.account_id)
            .join(schema.offices, schema.offices.c.id == schema.accounts.c.office_id)
            .where(table.c.closed_at.is_(None))
            .order_by(schema.offices.c.id, schema.accounts.c.id, table.c.measure, table.c.about, table.c.from_at)
        )
        return tuple(
            HistoryGap(row.slug, row.zone, row.platform, row.handle, row.measure, row.about, row.from_at, row.to_at,
                       row.reason, row.note)
            for row in self._rows(_narrow(find, wanted, table.c.measure))
        )  # fmt: skip

    def _rows(self, find: Select[Any]) -> Sequence[Row[Any]]:
        with self._store.read() as connection:
            return connection.execute(find).all()


def _select_readings(wanted: Wanted) -> Select[Any]:
    readings, series, entries = schema.readings, schema.series, schema.entries
    find = (
        select(
            readings, series.c.measure, series.c.definition, series.c.about, series.c.origin, series.c.precision,
            series.c.kind, series.c.decimals, schema.accounts.c.platform, schema.accounts.c.handle,
            schema.offices.c.slug, schema.offices.c.zone, schema.exchanges.c.request, schema.exchanges.c.read_at,
            entries.c.source, entries.c.mark, entries.c.note,
        )
        .join(series, series.c.id == readings.c.series_id)
        .join(schema.accounts, schema.accounts.c.id == series.c.account_id)
        .join(schema.offices, schema.offices.c.id == schema.accounts.c.office_id)
        .outerjoin(schema.exchanges, schema.exchanges.c.id == readings.c.exchange_id)
        .outerjoin(
            entries, (entries.c.exchange_id == readings.c.exchange_id) & (entries.c.place_id == readings.c.place_id)
        )
    )  # fmt: skip
    return _narrow(find, wanted, series.c.measure)


def _narrow(find: Select[Any], wanted: Wanted, measure: Any) -> Select[Any]:  # noqa: ANN401 - a column
    if wanted.office_id is not None:
        find = find.where(schema.accounts.c.office_id == wanted.office_id)
    if wanted.account_ids is not None:
        find = find.where(schema.accounts.c.id.in_(wanted.account_ids))
    if wanted.platform is not None:
        find = find.where(schema.accounts.c.platform == wanted.platform)
    if wanted.metric is not None:
        names = (f"{wanted.metric}:", f"{wanted.metric}@")  # with and without the service that counted
        find = find.where(or_(*(measure.startswith(name, autoescape=True) for name in names)))
    return find


def _reading(row: Row[Any]) -> HistoryReading:
    return HistoryReading(
        row.series_id, row.at, row.slug, row.zone, row.platform, row.handle, row.measure, row.definition, row.about,
        row.origin, row.precision, row.kind, row.decimals, row.value, row.upto, row.exchange_id, row.place_id,
        row.request or "{}", from_ms(row.read_at) if row.read_at is not None else None,
        row.source or "", row.mark or "", row.note or "",
    )  # fmt: skip
