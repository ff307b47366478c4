"""Reading figures for people: the history, one reading with its past, the open gaps, and what was answered.

Everything can be read as it was known at a past moment: the current rows that were there by then, and of the replaced
ones those that were there and not replaced yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, func, or_, select, union_all

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import (
    Attempt,
    EarlierReading,
    HistoryGap,
    HistoryReading,
    SeenPost,
    from_day_number,
    from_ms,
    to_day_number,
    to_ms,
)
from connectors.kit import Days

_RECORDED = 18  # the place of `recorded_at` in a HistoryReading
_MOST_DAYS = 10_000_000  # day numbers are smaller than this, milliseconds larger


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures are wanted; None and empty mean all. `metric` is a metric's key, `subject` what they are about.

    `abouts` are the posts or dimensions that readings are wanted of, and is not looked at for anything else. `since`
    and `until` are days, both included (of a moment its UTC day); `as_of` the moment as of which it is known.
    """

    office_id: int | None = None
    account_ids: Sequence[int] | None = None
    platform: str | None = None
    metric: str | None = None
    subject: str | None = None
    abouts: Collection[str] | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None


class History:
    """The reader of figures."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_readings(self, wanted: Wanted) -> tuple[HistoryReading, ...]:
        """Return the current readings, by account, series and time."""
        table = _readings_as_of(wanted.as_of, wanted.account_ids)
        find = _select_from(table, wanted).order_by(
            schema.offices.c.id, schema.accounts.c.platform, schema.accounts.c.id, schema.series.c.id, table.c.at
        )
        return tuple(_reading(row) for row in self._rows(find))

    def list_newest_before(self, wanted: Wanted, day: date) -> tuple[HistoryReading, ...]:
        """Return each series' last reading before a day, where there is one. `since` and `until` are not looked at."""
        table = _readings_as_of(wanted.as_of, wanted.account_ids)
        find = (
            _select_from(table, replace(wanted, since=None, until=None))
            .where(table.c.at == _newest_before(table.alias(), day))
            .order_by(schema.series.c.id)
        )
        return tuple(_reading(row) for row in self._rows(find))

    def list_revised(self, wanted: Wanted, after: datetime) -> dict[tuple[int, int], datetime]:
        """Return when readings were last given another value, of those after a moment, by series and `at`."""
        table = schema.replaced
        find = (
            select(table.c.series_id, table.c.at, func.max(table.c.replaced_at).label("revised"))
            .join(schema.series, schema.series.c.id == table.c.series_id)
            .join(schema.accounts, schema.accounts.c.id == schema.series.c.account_id)
            .where(table.c.replaced_at > to_ms(after))
            .group_by(table.c.series_id, table.c.at)
        )
        rows = self._rows(_narrow(find, wanted, schema.series.c.measure))
        return {(row.series_id, row.at): from_ms(row.revised) for row in rows}

    def list_answered(self, wanted: Wanted) -> dict[tuple[int, str], tuple[Days, ...]]:
        """Return which days were answered, by account and measure key."""
        table = schema.coverage
        find = (
            select(table.c.account_id, table.c.measure, table.c.first_day, table.c.last_day)
            .join(schema.accounts, schema.accounts.c.id == table.c.account_id)
            .order_by(table.c.account_id, table.c.measure, table.c.first_day)
        )
        if wanted.since is not None:
            find = find.where(table.c.last_day >= to_day_number(wanted.since))
        if wanted.until is not None:
            find = find.where(table.c.first_day <= to_day_number(wanted.until))
        if wanted.as_of is not None:
            find = find.where(table.c.answered_at <= to_ms(wanted.as_of))
        found: dict[tuple[int, str], list[Days]] = {}
        for row in self._rows(_narrow(find, wanted, table.c.measure)):
            days = Days(from_day_number(row.first_day), from_day_number(row.last_day))
            found.setdefault((row.account_id, row.measure), []).append(days)
        return {key: tuple(days) for key, days in found.items()}

    def list_posts(self, account_id: int, since: datetime, until: datetime) -> tuple[SeenPost, ...]:
        """Return the posts made from one moment to another (the latter excluded) that were ever seen, oldest first."""
        table = schema.posts
        find = (
            select(table)
            .where(
                table.c.account_id == account_id, table.c.created_at >= to_ms(since), table.c.created_at < to_ms(until)
            )
            .order_by(table.c.created_at, table.c.post_id)
        )  # fmt: skip
        return tuple(
            SeenPost(row.post_id, from_ms(row.created_at), row.kind, row.title, row.link) for row in self._rows(find)
        )

    def list_attempts(self, office_id: int, since: datetime, until: datetime) -> tuple[Attempt, ...]:
        """Return how the snapshots of an office that began between two moments ended, oldest first."""
        table, accounts = schema.snapshots, schema.accounts
        find = (
            select(table.c.started_at, table.c.outcome, table.c.error_code)
            .join(accounts, accounts.c.id == table.c.account_id)
            .where(
                accounts.c.office_id == office_id, table.c.started_at >= to_ms(since), table.c.started_at < to_ms(until)
            )
            .order_by(table.c.started_at, table.c.id)
        )  # fmt: skip
        return tuple(Attempt(from_ms(row.started_at), row.outcome, row.error_code or "") for row in self._rows(find))

    def find_reading(self, series_id: int, at: int) -> HistoryReading | None:
        """Return one current reading, None where there is none."""
        find = _select_from(schema.readings, Wanted()).where(
            schema.readings.c.series_id == series_id, schema.readings.c.at == at
        )
        rows = self._rows(find)
        return _reading(rows[0]) if rows else None

    def list_of_series(
        self, series: Sequence[int], since: date, until: date, as_of: datetime | None = None
    ) -> tuple[HistoryReading, ...]:
        """Return the readings of some series from one day to another, by time."""
        table = _readings_as_of(as_of)
        find = (
            _select_from(table, Wanted(since=since, until=until))
            .where(table.c.series_id.in_(series))
            .order_by(table.c.at, table.c.series_id)
        )
        return tuple(_reading(row) for row in self._rows(find))

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
            .where(_is_open(table, wanted.as_of))
            .order_by(schema.offices.c.id, schema.accounts.c.id, table.c.measure, table.c.about, table.c.from_at)
        )
        if wanted.as_of is not None:
            find = find.where(table.c.recorded_at <= to_ms(wanted.as_of))
        return tuple(
            HistoryGap(row.slug, row.zone, row.platform, row.handle, row.measure, row.about, row.from_at, row.to_at,
                       row.reason, row.note)
            for row in self._rows(_narrow(find, wanted, table.c.measure))
        )  # fmt: skip

    def _rows(self, find: Select[Any]) -> Sequence[Row[Any]]:
        with self._store.read() as connection:
            return connection.execute(find).all()


def _select_from(readings: FromClause, wanted: Wanted) -> Select[Any]:
    series, entries = schema.series, schema.entries
    find = (
        select(  # in the order of a HistoryReading
            readings.c.series_id, readings.c.at, schema.offices.c.slug, schema.offices.c.zone,
            schema.accounts.c.platform, schema.accounts.c.handle, series.c.measure, series.c.definition,
            series.c.about, series.c.origin, series.c.precision, series.c.kind, series.c.decimals, readings.c.value,
            readings.c.upto, readings.c.exchange_id, readings.c.place_id,
            func.coalesce(schema.exchanges.c.request, "{}"), schema.exchanges.c.read_at,
            *(func.coalesce(said, "") for said in (entries.c.source, entries.c.mark, entries.c.note)),
            series.c.account_id,
        )
        .select_from(readings)
        .join(series, series.c.id == readings.c.series_id)
        .join(schema.accounts, schema.accounts.c.id == series.c.account_id)
        .join(schema.offices, schema.offices.c.id == schema.accounts.c.office_id)
        .outerjoin(schema.exchanges, schema.exchanges.c.id == readings.c.exchange_id)
        .outerjoin(
            entries, (entries.c.exchange_id == readings.c.exchange_id) & (entries.c.place_id == readings.c.place_id)
        )
    )  # fmt: skip
    if wanted.abouts is not None:
        find = find.where(series.c.about.in_(wanted.abouts))
    if wanted.since is not None:
        find = find.where(~_before(readings.c.at, wanted.since))
    if wanted.until is not None:
        find = find.where(_before(readings.c.at, wanted.until + timedelta(days=1)))
    return _narrow(find, wanted, series.c.measure)


def _readings_as_of(as_of: datetime | None, account_ids: Sequence[int] | None = None) -> FromClause:
    """Return the readings' rows as they were known at a moment, the current ones without it.

    Those of a moment are of some accounts alone where these are named: databases put them together before they narrow.
    """
    now, before, exchanges, series = schema.readings, schema.replaced, schema.exchanges, schema.series
    if as_of is None:
        return now
    names = ("series_id", "at", "value", "upto", "exchange_id", "place_id")

    def there(table: FromClause) -> Select[Any]:
        find = select(*(table.c[name] for name in names)).join(exchanges, exchanges.c.id == table.c.exchange_id)
        if account_ids is not None:
            of_accounts = select(series.c.id).where(series.c.account_id.in_(account_ids))
            find = find.where(table.c.series_id.in_(of_accounts))
        return find.where(exchanges.c.read_at <= to_ms(as_of))

    return union_all(there(now), there(before).where(before.c.replaced_at > to_ms(as_of))).subquery("readings_as_of")


def _is_open(gaps: FromClause, as_of: datetime | None) -> ColumnElement[bool]:
    if as_of is None:
        return gaps.c.closed_at.is_(None)
    return or_(gaps.c.closed_at.is_(None), gaps.c.closed_at > to_ms(as_of))


def _newest_before(readings: FromClause, day: date) -> ColumnElement[int]:
    """Return the last `at` before a day of the row's series: one seek by key, where grouping would read every row."""
    midnight = to_ms(datetime.combine(day, datetime.min.time(), UTC))

    def last(*bounds: ColumnElement[bool]) -> ColumnElement[int]:
        of_series = select(func.max(readings.c.at)).where(readings.c.series_id == schema.series.c.id, *bounds)
        return of_series.correlate(schema.series).scalar_subquery()

    moment = last(readings.c.at > _MOST_DAYS, readings.c.at < midnight)
    return func.coalesce(moment, last(readings.c.at < to_day_number(day)))


def _before(at: Any, day: date) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Whether an `at` lies before a day: day numbers and milliseconds are told apart by their size."""
    midnight = to_ms(datetime.combine(day, datetime.min.time(), UTC))
    return or_(at < to_day_number(day), and_(at > _MOST_DAYS, at < midnight))


def _narrow(find: Select[Any], wanted: Wanted, measure: Any) -> Select[Any]:  # noqa: ANN401 - a column
    if wanted.office_id is not None:
        find = find.where(schema.accounts.c.office_id == wanted.office_id)
    if wanted.account_ids is not None:
        find = find.where(schema.accounts.c.id.in_(wanted.account_ids))
    if wanted.platform is not None:
        find = find.where(schema.accounts.c.platform == wanted.platform)
    if wanted.subject is not None:
        find = find.where(measure.contains(f":{wanted.subject}:", autoescape=True))
    if wanted.metric is not None:
        names = (f"{wanted.metric}:", f"{wanted.metric}@")  # with and without the service that counted
        find = find.where(or_(*(measure.startswith(name, autoescape=True) for name in names)))
    return find


def _reading(row: Row[Any]) -> HistoryReading:
    values: list[Any] = [*row]  # by place, not by name: a report reads tens of thousands
    if values[_RECORDED] is not None:
        values[_RECORDED] = from_ms(values[_RECORDED])
    return HistoryReading(*values)
