"""Alerts from their begin to their end, and what each channel was told of them.

A telling is claimed, in a transaction of its own, before it is sent, and noted after: who dies in between leaves a
claim that runs out, so that the message is sent once more and never lost. Of two processes only one has the claim.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import from_ms, to_ms
from collector.store.rows import insert_new

BEGIN, END = "begin", "end"
"""What a channel is told of an alert."""

FLAPPING = timedelta(days=1)
"""What comes back within this time after its end was told is not told anew until then."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Alert:
    """One cause from its begin to its end. `detail` is JSON, of whoever opened it."""

    id: int
    cause: str
    detail: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Telling:
    """What a channel is to be told: that an alert began (`about` is begin) or is over (end)."""

    alert: Alert
    about: str


class AlertBook:
    """Writes and reads alerts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_open(self) -> tuple[Alert, ...]:
        """Return the alerts whose cause lasts, the oldest first."""
        table = schema.alerts
        find = select(table).where(table.c.closed_at.is_(None)).order_by(table.c.id)
        with self._store.read() as connection:
            return tuple(_alert(row) for row in connection.execute(find))

    def note(
        self,
        opened: Mapping[str, str],
        closed: Collection[int],
        closed_quietly: Collection[int],
        channels: Sequence[str],
        at: datetime,
    ) -> bool:
        """Open causes (with their details) and close alerts, and have each channel told what it does not know yet.

        Returns whether any channel waits to be told something. A channel that is new is told of all that is open.
        """
        with self._store.write() as connection:
            for number in (*closed, *closed_quietly):
                _close(connection, number, at, is_told=number not in closed_quietly)
            rows = [{"cause": cause, "detail": text, "opened_at": to_ms(at)} for cause, text in opened.items()]
            insert_new(connection, schema.alerts, rows)
            for channel in channels:
                _queue(connection, channel, at)
            waits = select(schema.tellings.c.alert_id).where(schema.tellings.c.told_at.is_(None)).limit(1)
            return connection.execute(waits).first() is not None

    def claim(self, channel: str, at: datetime) -> tuple[Telling, ...]:
        """Take all that a channel waits to be told, for one message; nothing while it rests after a failure.

        What is not `told` before the pause is over is given again, after ever longer pauses.
        """
        table, alerts = schema.tellings, schema.alerts
        waiting = (table.c.channel == channel) & table.c.told_at.is_(None)
        find = (
            select(alerts, table.c.about, table.c.due_at, table.c.tries)
            .join(alerts, alerts.c.id == table.c.alert_id)
            .where(waiting)
            .order_by(alerts.c.id, table.c.about)
            .with_for_update(of=table)
        )
        with self._store.write() as connection:
            rows = connection.execute(find).all()
            if any(row.tries and _is_ahead(row.due_at, at, _LONGEST_PAUSE) for row in rows):
                return ()
            due = [row for row in rows if row.tries or not _is_ahead(row.due_at, at, FLAPPING)]
            tries = max((row.tries for row in due), default=0) + 1
            pause = min(_FIRST_PAUSE * 2 ** min(tries - 1, 10), _LONGEST_PAUSE)
            for row in due:
                connection.execute(
                    update(table)
                    .where(waiting, table.c.alert_id == row.id, table.c.about == row.about)
                    .values(tries=tries, due_at=to_ms(at + pause))
                )
            return tuple(Telling(_alert(row), row.about) for row in due)

    def told(self, channel: str, tellings: Sequence[Telling], at: datetime) -> None:
        """Note that a channel took a message with these tellings."""
        table = schema.tellings
        with self._store.write() as connection:
            for one in tellings:
                connection.execute(
                    update(table)
                    .where(table.c.channel == channel, table.c.alert_id == one.alert.id, table.c.about == one.about)
                    .values(told_at=to_ms(at))
                )


def _is_ahead(due_at: int, at: datetime, longest: timedelta) -> bool:
    """Whether a moment is yet to come. One further ahead than it was ever set is from before a clock was set back."""
    return to_ms(at) < due_at <= to_ms(at + longest)


def _close(connection: Connection, number: int, at: datetime, *, is_told: bool) -> None:
    alerts, table = schema.alerts, schema.tellings
    open_one = update(alerts).where(alerts.c.id == number, alerts.c.closed_at.is_(None))
    if not connection.execute(open_one.values(closed_at=to_ms(at))).rowcount:
        return  # another process closed it
    unsaid = (table.c.alert_id == number) & (table.c.about == BEGIN) & table.c.told_at.is_(None)
    # What waited for a flapping cause to settle, and what ends without a word, need not be said any more.
    needless = unsaid & (table.c.tries == 0) & (table.c.due_at > to_ms(at)) if is_told else unsaid
    connection.execute(delete(table).where(needless))
    if is_told:
        begun = select(table.c.channel).where(table.c.alert_id == number, table.c.about == BEGIN)
        _wait(connection, [(number, channel, END, at) for channel in connection.execute(begun).scalars().all()])


def _queue(connection: Connection, channel: str, at: datetime) -> None:
    """Have a channel told of every open alert that it does not know of."""
    alerts, table = schema.alerts, schema.tellings
    known = select(table.c.alert_id).where(table.c.channel == channel, table.c.about == BEGIN)
    find = select(alerts.c.id, alerts.c.cause).where(alerts.c.closed_at.is_(None), alerts.c.id.not_in(known))
    unknown = connection.execute(find).all()
    if not unknown:
        return
    just_ended = (
        select(alerts.c.cause, func.max(alerts.c.closed_at).label("at"))
        .join(table, table.c.alert_id == alerts.c.id)
        .where(
            table.c.channel == channel, table.c.about == BEGIN, table.c.told_at.is_not(None),
            alerts.c.closed_at > to_ms(at - FLAPPING), alerts.c.closed_at <= to_ms(at),
        )
        .group_by(alerts.c.cause)
    )  # fmt: skip
    lately = {row.cause: from_ms(row.at) + FLAPPING for row in connection.execute(just_ended)}
    _wait(connection, [(row.id, channel, BEGIN, lately.get(row.cause, at)) for row in unknown])


def _wait(connection: Connection, tellings: Sequence[tuple[int, str, str, datetime]]) -> None:
    rows = [
        {"alert_id": number, "channel": channel, "about": about, "due_at": to_ms(due), "tries": 0}
        for number, channel, about, due in tellings
    ]
    insert_new(connection, schema.tellings, rows)


def _alert(row: Row[Any]) -> Alert:
    closed = from_ms(row.closed_at) if row.closed_at is not None else None
    return Alert(row.id, row.cause, row.detail, from_ms(row.opened_at), closed)
