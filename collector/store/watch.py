"""What alerts are judged by, read from what the rest of the application writes. Nothing is written here."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, func, literal, select

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import from_day_number, from_ms, to_day_number, to_ms

_GOOD = ("ok", "partial")
_BY_HAND = ("collect now", "check", "import", "record", "demo")  # runs that a person's command caused
_LONGEST_FAILURE = timedelta(days=60)  # looked back at; who failed for longer is told of anyway
_MOMENT = ":now"  # how the key of a measure of the moment ends; the others are of days


@dataclass(frozen=True, slots=True)
class Failure:
    """One attempt that gave nothing, when it ended and why."""

    at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class Question:
    """A finding that waits for a person's answer, and when it was put."""

    id: int
    account_id: int | None
    code: str
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest backup: when it was made, or why it failed."""

    made_at: datetime
    error: str | None


class Watch:
    """The reader of what alerts are judged by."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_last_good(self, now: datetime) -> dict[int, datetime]:
        """Return when each account last gave figures up to now, by account id: a clock may have been ahead once."""
        table, accounts = schema.snapshots, schema.accounts
        newest = (  # from the index, the newest first: it ends at the first that went well
            select(table.c.finished_at)
            .where(table.c.account_id == accounts.c.id, table.c.outcome.in_(_GOOD), table.c.started_at <= to_ms(now))
            .order_by(table.c.started_at.desc())
            .limit(1)
            .scalar_subquery()
        )
        rows = self._rows(select(accounts.c.id, newest.label("at")).where(accounts.c.state != "removed"))
        return {row.id: from_ms(row.at) for row in rows if row.at is not None}

    def list_failures(self, now: datetime) -> dict[int, tuple[Failure, ...]]:
        """Return the attempts that failed since the account last gave figures, by account id."""
        table, good = schema.snapshots, schema.snapshots.alias()
        later = select(good.c.id).where(
            good.c.account_id == table.c.account_id,
            good.c.started_at > table.c.started_at,
            good.c.started_at <= to_ms(now),
            good.c.outcome.in_(_GOOD),
        )
        find = (
            select(table.c.account_id, table.c.finished_at, table.c.error_code)
            .where(
                table.c.started_at.between(to_ms(now - _LONGEST_FAILURE), to_ms(now)),
                table.c.outcome == "failed",
                ~later.exists(),
            )
            .order_by(table.c.id)
        )
        found: dict[int, tuple[Failure, ...]] = defaultdict(tuple)
        for row in self._rows(find):
            found[row.account_id] += (Failure(from_ms(row.finished_at), row.error_code or ""),)
        return dict(found)

    def list_off(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """Return the spans without power or line, up to now where they last: also since the service last lived."""
        table = schema.outages
        spans = [
            (from_ms(row.from_at), from_ms(row.to_at) if row.to_at is not None else now)
            for row in self._rows(select(table.c.from_at, table.c.to_at))
        ]
        beat = self._newest(schema.beats.c.at)
        return [*spans, (beat, now)] if beat is not None and now - beat > timedelta(hours=1) else spans

    def find_served_since(self) -> datetime | None:
        """Return when the service first collected, None where there is none."""
        table = schema.runs
        first = self._rows(select(func.min(table.c.started_at).label("at")).where(table.c.trigger.not_in(_BY_HAND)))
        is_served = self._newest(schema.beats.c.at) is not None
        return from_ms(first[0].at) if is_served and first[0].at is not None else None

    def find_last_run(self, since: int = 0) -> datetime | None:
        """Return the latest moment at which a run began, of those since one where it is named."""
        rows = self._rows(select(func.max(schema.runs.c.started_at).label("at")).where(schema.runs.c.id >= since))
        return from_ms(rows[0].at) if rows[0].at is not None else None

    def find_last_backup(self) -> Backup | None:
        """Return the newest backup, made or failed."""
        table = schema.backups
        rows = self._rows(select(table.c.made_at, table.c.error).order_by(table.c.id.desc()).limit(1))
        return Backup(from_ms(rows[0].made_at), rows[0].error) if rows else None

    def find_last_good_backup(self, now: datetime) -> datetime | None:
        """Return when a backup was last made, up to now: a clock may have been ahead once."""
        table = schema.backups
        good = select(table.c.made_at).where(table.c.error.is_(None), table.c.made_at <= to_ms(now))
        rows = self._rows(good.order_by(table.c.id.desc()).limit(1))
        return from_ms(rows[0].made_at) if rows else None

    def list_questions(self) -> tuple[Question, ...]:
        """Return the findings that are open, the oldest first."""
        table = schema.findings
        find = (
            select(table.c.id, table.c.account_id, table.c.code, table.c.created_at)
            .where(table.c.state == "open")
            .order_by(table.c.id)
        )
        return tuple(Question(row.id, row.account_id, row.code, from_ms(row.created_at)) for row in self._rows(find))

    def list_days(self, accounts: Collection[int], metric: str, until: date, before: datetime) -> dict[int, date]:
        """Return the day of each account's newest figure of itself up to a day, which ends at the moment `before`.

        Where an account has figures of `metric`, only these count.
        """
        series, readings = schema.series, schema.readings
        is_moment = series.c.measure.endswith(_MOMENT)
        limit = case((is_moment, literal(to_ms(before) - 1)), else_=literal(to_day_number(until)))
        newest = (
            select(func.max(readings.c.at))
            .where(readings.c.series_id == series.c.id, readings.c.at <= limit)
            .scalar_subquery()
        )
        find = select(series.c.account_id, series.c.measure, newest.label("at")).where(
            series.c.account_id.in_(accounts), series.c.about == ""
        )
        days: dict[int, dict[bool, list[date]]] = defaultdict(lambda: defaultdict(list))
        for row in self._rows(find):
            wanted = days[row.account_id][row.measure.startswith(f"{metric}:")]
            if row.at is not None:
                wanted.append(from_ms(row.at).date() if row.measure.endswith(_MOMENT) else from_day_number(row.at))
        found = {account: by[True] if True in by else by[False] for account, by in days.items()}
        return {account: max(listed) for account, listed in found.items() if listed}

    def _newest(self, column: Any) -> datetime | None:  # noqa: ANN401 - a column of moments
        row = self._rows(select(func.max(column).label("at")))[0]
        return from_ms(row.at) if row.at is not None else None

    def _rows(self, find: Select[Any]) -> Sequence[Row[Any]]:
        with self._store.read() as connection:
            return connection.execute(find).all()
