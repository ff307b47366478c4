"""The times in which nothing could be collected, and the service's signs of life that they are known by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import CLOCK_TOLERANCE, from_ms, to_ms
from collector.store.rows import insert_new

POWER, LINE = "power", "line"

_OUTAGES, _EXCHANGES = schema.outages, schema.exchanges
_IS_OPEN_LINE = (_OUTAGES.c.kind == LINE) & _OUTAGES.c.to_at.is_(None)


@dataclass(frozen=True, slots=True)
class StoredOutage:
    """An outage. `until` is None while it lasts."""

    kind: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Answering:
    """Whether anything answered in a run: the platforms that were asked, and when they were asked and answered first.

    A moment is None where nobody was asked, or nothing came.
    """

    platforms: frozenset[str]
    asked_at: datetime | None
    answered_at: datetime | None


class Outages:
    """Writes and reads outages and signs of life."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_between(self, since: datetime, until: datetime, known_at: datetime) -> tuple[StoredOutage, ...]:
        """Return the outages of a span of time that were known at a moment, oldest first; those that reach beyond the
        span too."""
        find = select(_OUTAGES).where(
            _OUTAGES.c.noted_at <= to_ms(known_at),
            _OUTAGES.c.from_at < to_ms(until),
            func.coalesce(_OUTAGES.c.to_at, to_ms(until)) > to_ms(since),
        )
        return self._list(find.order_by(_OUTAGES.c.from_at, _OUTAGES.c.id))

    def find_open_line(self) -> StoredOutage | None:
        """Return the outage of the line that lasts, None where there is none."""
        return next(iter(self._list(select(_OUTAGES).where(_IS_OPEN_LINE))), None)

    def open_line(self, since: datetime, at: datetime) -> None:
        """Note that the line is gone; one that is gone already stays as it was noted."""
        with self._store.write() as connection:
            if connection.execute(select(_OUTAGES.c.id).where(_IS_OPEN_LINE)).first() is None:
                row = {"kind": LINE, "from_at": to_ms(since), "to_at": None, "noted_at": to_ms(at)}
                connection.execute(insert(_OUTAGES).values(row))

    def close_line(self, at: datetime) -> None:
        """Note that the line is back. Where the clock was set back meanwhile, the outage had no length."""
        with self._store.write() as connection:
            until = func.max if self._store.is_sqlite else func.greatest
            connection.execute(update(_OUTAGES).where(_IS_OPEN_LINE).values(to_at=until(_OUTAGES.c.from_at, to_ms(at))))

    def note_power(self, since: datetime, until: datetime) -> None:
        """Note a time in which the service did not run."""
        row = {"kind": POWER, "from_at": to_ms(since), "to_at": to_ms(until), "noted_at": to_ms(until)}
        with self._store.write() as connection:
            connection.execute(insert(_OUTAGES).values(row))

    def shift(self, now: datetime, by: timedelta) -> None:
        """Date the outages anew that a clock dated which was set just now: the one that lasts, and those that end later
        than now and began before."""
        moved = _ms(by)
        is_ahead = (_OUTAGES.c.from_at <= to_ms(now)) & (_OUTAGES.c.to_at > to_ms(now))
        is_whole = _OUTAGES.c.to_at + moved >= _OUTAGES.c.from_at
        with self._store.write() as connection:
            connection.execute(
                update(_OUTAGES)
                .where(is_ahead, is_whole)
                .values(to_at=_OUTAGES.c.to_at + moved, noted_at=_OUTAGES.c.noted_at + moved)
            )
            connection.execute(
                update(_OUTAGES)
                .where(_IS_OPEN_LINE)
                .values(from_at=_OUTAGES.c.from_at + moved, noted_at=_OUTAGES.c.noted_at + moved)
            )

    def end_ahead(self, at: datetime) -> None:
        """End the outages that were noted by a clock which was ahead, now that it is known to be right: what answered
        at that moment shows that they were over."""
        with self._store.write() as connection:
            is_ahead = _OUTAGES.c.noted_at > to_ms(at + CLOCK_TOLERANCE)
            connection.execute(delete(_OUTAGES).where(is_ahead, _OUTAGES.c.from_at >= to_ms(at)))
            connection.execute(update(_OUTAGES).where(is_ahead).values(to_at=to_ms(at), noted_at=to_ms(at)))

    def find_answering(self, run_id: int) -> Answering:
        """Return whether anything answered in a run."""
        table, came = _EXCHANGES, _EXCHANGES.c.status > 0
        find = (
            select(table.c.platform, came.label("came"), func.min(table.c.sent_at).label("at"))
            .where(table.c.run_id == run_id)
            .group_by(table.c.platform, came)
        )
        with self._store.read() as connection:
            rows = connection.execute(find).all()
        asked, answered = [row.at for row in rows], [row.at for row in rows if row.came]
        return Answering(
            frozenset(row.platform for row in rows),
            from_ms(min(asked)) if asked else None,
            from_ms(min(answered)) if answered else None,
        )

    def beat(self, name: str, at: datetime) -> None:
        """Note a sign of life."""
        with self._store.write() as connection:
            insert_new(connection, schema.beats, [{"name": name, "at": to_ms(at)}], at=True)

    def find_beat(self, name: str) -> datetime | None:
        """Return the last sign of life, None where there never was one."""
        with self._store.read() as connection:
            found = connection.execute(select(schema.beats.c.at).where(schema.beats.c.name == name)).scalar()
        return from_ms(found) if found is not None else None

    def _list(self, find: Select[Any]) -> tuple[StoredOutage, ...]:
        with self._store.read() as connection:
            return tuple(_outage(row) for row in connection.execute(find))


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _outage(row: Row[Any]) -> StoredOutage:
    return StoredOutage(row.kind, from_ms(row.from_at), from_ms(row.to_at) if row.to_at is not None else None)
