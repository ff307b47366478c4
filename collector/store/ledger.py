"""Every change of the store, one transaction each.

The order is the product's promise: an exchange is committed before anyone reads it; the readings of a snapshot are
committed together with the mark that its exchanges are read. So a crash costs at most the snapshot under way, and
what it had been answered is read at the next start.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from collector.store import schema
from collector.store.bodies import keep_body
from collector.store.digests import IS_RUNNING, tie
from collector.store.engine import Store
from collector.store.readings import ReadingWriter
from collector.store.records import Stored, to_ms
from collector.store.rows import insert_new, inserted_id
from connectors.kit import Coverage, Gap, Observation, Post, Reading, Reason

# What every snapshot does is put together once: building a statement costs five times what executing it does.
_OF_SNAPSHOT = schema.snapshots.c.id == bindparam("snapshot")
_EXCHANGES = schema.exchanges.c.snapshot_id == schema.snapshots.c.id
_INSERT_SNAPSHOT, _INSERT_EXCHANGE = insert(schema.snapshots), insert(schema.exchanges)
_ASSIGN = (
    update(schema.snapshots).where(_OF_SNAPSHOT).values(account_id=bindparam("account"), assignment=bindparam("wanted"))
)
_RENEW_LEASE = update(schema.snapshots).where(_OF_SNAPSHOT).values(lease_until=bindparam("until"))
_MARK_READ = (
    update(schema.exchanges)
    .where(schema.exchanges.c.snapshot_id == bindparam("snapshot"), schema.exchanges.c.read_at.is_(None))
    .values(read_at=bindparam("at"))
)
_END_SNAPSHOT = (
    update(schema.snapshots)
    .where(_OF_SNAPSHOT)
    .values(
        outcome=bindparam("ended"), finished_at=bindparam("at"), error_code=bindparam("code"),
        error_message=bindparam("message"), readings=bindparam("stored"), revised=bindparam("changed"),
        tally=bindparam("tallied"),
        requests=select(func.count()).where(_EXCHANGES).scalar_subquery(),
        cost=select(func.coalesce(func.sum(schema.exchanges.c.cost), 0))
        .where(_EXCHANGES)
        .scalar_subquery(),
    )
)  # fmt: skip
_SET_DUE = update(schema.accounts).where(schema.accounts.c.id == bindparam("account")).values(due_at=bindparam("due"))

_STILL_DUE = select(schema.accounts.c.id).where(
    schema.accounts.c.id == bindparam("account"),
    or_(schema.accounts.c.due_at.is_(None), schema.accounts.c.due_at <= bindparam("by")),
)

_MOST_PLACES = 50_000  # remembered; all platforms together have a few thousand


@dataclass(frozen=True, slots=True)
class Kept:
    """An exchange on its way into the store. `request` and `headers` are plain values without secrets."""

    run_id: int
    snapshot_id: int | None
    step: int
    attempt: int
    platform: str
    request: Mapping[str, object]
    status: int
    headers: Mapping[str, str]
    sent_at: datetime
    elapsed_ms: int
    body: bytes | None
    error: str | None = None
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person said of one typed reading. `mark` is stated, derived or quoted."""

    reading: Reading
    precision: str
    mark: str
    source: str
    note: str
    by: str = ""
    attachment: str | None = None


class _NotDueError(Exception):
    """Another process has collected the account meanwhile."""


class Ledger:
    """The writer of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places: dict[str, int] = {}  # of committed ones only; all accounts' answers have the same

    def begin_run(self, trigger: str, by: str, program: str, at: datetime) -> int:
        """Record that something caused a run. Returns its id."""
        with self._store.write() as connection:
            return inserted_id(
                connection.execute(
                    insert(schema.runs).values(trigger=trigger, by=by, program=program, started_at=to_ms(at))
                )
            )

    def finish_run(self, run_id: int, at: datetime) -> None:
        """Record that a run is over, unless a snapshot of it is under way, and tie what it stored to the chain."""
        table = schema.runs
        is_open = table.c.finished_at.is_(None) & ~IS_RUNNING.exists()
        with self._store.write() as connection:
            connection.execute(update(table).where(table.c.id == run_id, is_open).values(finished_at=to_ms(at)))
            tie(connection, run_id, at)

    def claim(
        self,
        run_id: int,
        account_id: int,
        assignment: str,
        holder: str,
        at: datetime,
        lease_until: datetime,
        *,
        due_by: datetime | None = None,
    ) -> int | None:
        """Begin a snapshot of an account. Returns its id, or None where one is running already.

        With `due_by` also where it is not due by then any more: of two processes that saw it due, one collects it.
        """
        row = {
            "run_id": run_id, "account_id": account_id, "assignment": assignment, "outcome": "running",
            "claimed_by": holder, "lease_until": to_ms(lease_until), "started_at": to_ms(at),
            "requests": 0, "readings": 0, "revised": 0, "cost": 0,
        }  # fmt: skip
        try:
            with self._store.write() as connection:
                number = inserted_id(connection.execute(_INSERT_SNAPSHOT, row))
                # Only now: what another process finished before this row went in is seen from here on.
                if due_by is not None:
                    _check_is_due(connection, account_id, due_by)
                return number
        except (IntegrityError, _NotDueError):
            return None

    def assign(self, snapshot_id: int, account_id: int, assignment: str) -> None:
        """Set what a claimed snapshot is to do, once it is known whose it is."""
        with self._store.write() as connection:
            connection.execute(_ASSIGN, {"snapshot": snapshot_id, "account": account_id, "wanted": assignment})

    def keep_exchange(self, kept: Kept, lease_until: datetime | None = None) -> int:
        """Commit an exchange, before anyone reads it, and renew the snapshot's lease. Returns its id."""
        with self._store.write() as connection:
            number = _insert_exchange(connection, kept)
            if kept.snapshot_id is not None and lease_until is not None:
                connection.execute(_RENEW_LEASE, {"snapshot": kept.snapshot_id, "until": to_ms(lease_until)})
            return number

    def take_over(self, run_id: int, snapshot_id: int) -> None:
        """Give a snapshot the exchanges of its run that were kept before anyone knew whose they are."""
        table = schema.exchanges
        with self._store.write() as connection:
            connection.execute(
                update(table)
                .where(table.c.run_id == run_id, table.c.snapshot_id.is_(None))
                .values(snapshot_id=snapshot_id)
            )

    def settle(self, exchange_id: int, cost: int) -> None:
        """Set what a kept exchange really cost, once its answer was looked at."""
        table = schema.exchanges
        with self._store.write() as connection:
            connection.execute(update(table).where(table.c.id == exchange_id).values(cost=cost))

    def finish_snapshot(
        self,
        snapshot_id: int,
        account_id: int,
        observations: Sequence[Observation],
        *,
        outcome: str,
        at: datetime,
        error_code: str | None = None,
        error_message: str | None = None,
        due_at: datetime | None = None,
    ) -> Stored:
        """Store what a snapshot read, mark its exchanges as read, and end it: all or nothing."""
        with self._store.write() as connection:
            writer = ReadingWriter(connection, at, self._places)
            stored = writer.write_readings(account_id, [one for one in observations if isinstance(one, Reading)])
            gaps = [one for one in observations if isinstance(one, Gap)]
            writer.write_gaps(account_id, gaps)
            writer.write_coverage(account_id, [one for one in observations if isinstance(one, Coverage)])
            writer.write_posts(account_id, [one for one in observations if isinstance(one, Post)])
            self._remember_dead(connection, account_id, gaps, at)
            connection.execute(_MARK_READ, {"snapshot": snapshot_id, "at": to_ms(at)})
            connection.execute(
                _END_SNAPSHOT,
                {
                    "snapshot": snapshot_id, "ended": outcome, "at": to_ms(at), "code": error_code,
                    "message": error_message, "stored": stored.readings, "changed": stored.revised,
                    "tallied": str(writer.tally),
                },
            )  # fmt: skip
            if due_at is not None:
                connection.execute(_SET_DUE, {"account": account_id, "due": to_ms(due_at)})
        if len(self._places) < _MOST_PLACES:
            self._places.update(writer.places)  # only now are they there for good
        return stored

    def store_entries(self, kept: Kept, accounts: Sequence[tuple[int, Sequence[Entry]]], at: datetime) -> Stored:
        """Keep a file or an entry and store the typed readings made from it, all or nothing.

        The readings' places are made to point into the kept exchange here, because only here has it a number.
        """
        readings = revised = 0
        with self._store.write() as connection:
            exchange = _insert_exchange(connection, kept)
            connection.execute(
                update(schema.exchanges).where(schema.exchanges.c.id == exchange).values(read_at=to_ms(at))
            )
            writer = ReadingWriter(connection, at)
            for account_id, entries in accounts:
                placed = [replace(entry, reading=_placed(entry.reading, exchange)) for entry in entries]
                for (origin, precision), group in _by_series(placed).items():
                    stored = writer.write_readings(account_id, group, origin=origin, precision=precision)
                    readings, revised = readings + stored.readings, revised + stored.revised
                places = writer.intern_places({entry.reading.place.pointer for entry in placed})
                insert_new(connection, schema.entries, [_entry_row(entry, places) for entry in placed])
        return Stored(readings, revised)

    def keep_attachment(self, digest: str, name: str, size: int, at: datetime) -> None:
        """Record a file that stands behind typed figures."""
        with self._store.write() as connection:
            insert_new(
                connection, schema.attachments, [{"sha256": digest, "name": name, "size": size, "added_at": to_ms(at)}]
            )

    def pause(self, platform: str, scope: str, until: datetime) -> None:
        """Remember until when a platform wants to be left alone. An earlier moment never shortens a later one."""
        with self._store.write() as connection:
            table = schema.pauses
            here = connection.execute(
                select(table.c.until).where(table.c.platform == platform, table.c.scope == scope)
            ).scalar()
            if here is None or here < to_ms(until):
                row = {"platform": platform, "scope": scope, "until": to_ms(until)}
                insert_new(connection, table, [row], until=True)

    def seal(
        self,
        account_id: int,
        slots: Mapping[str, bytes],
        seed: str,
        expires: Mapping[str, datetime | None],
        at: datetime,
        renewed: str | None = None,
    ) -> None:
        """Store sealed sign-ins together: a rotated pair is there as a whole or not at all.

        `renewed` is the slot whose renewal is over with that.
        """
        with self._store.write() as connection:
            rows = []
            for slot, sealed in slots.items():
                until = expires.get(slot)
                rows.append(
                    {
                        "account_id": account_id, "slot": slot, "sealed": sealed, "seed": seed,
                        "expires_at": to_ms(until) if until is not None else None, "updated_at": to_ms(at),
                    }
                )  # fmt: skip
            insert_new(connection, schema.credentials, rows, sealed=True, seed=True, expires_at=True, updated_at=True)
            if renewed is not None:
                table = schema.renewals
                connection.execute(table.delete().where(table.c.account_id == account_id, table.c.slot == renewed))

    def forget_credential(self, account_id: int, slot: str) -> None:
        """Drop a sealed sign-in that the platform no longer takes."""
        table = schema.credentials
        with self._store.write() as connection:
            connection.execute(table.delete().where(table.c.account_id == account_id, table.c.slot == slot))

    def _remember_dead(self, connection: Connection, account_id: int, gaps: Iterable[Gap], at: datetime) -> None:
        """Remember the measures that the platform refused just now (those without an answer were refused before)."""
        dead = {gap.measure.part(gap.about) for gap in gaps if gap.reason is Reason.RETIRED and gap.place is not None}
        rows = [{"account_id": account_id, "measure": key, "since": to_ms(at)} for key in sorted(dead)]
        insert_new(connection, schema.dead_measures, rows, since=True)


def _check_is_due(connection: Connection, account_id: int, by: datetime) -> None:
    if connection.execute(_STILL_DUE, {"account": account_id, "by": to_ms(by)}).first() is None:
        raise _NotDueError


def _insert_exchange(connection: Connection, kept: Kept) -> int:
    digest = keep_body(connection, kept.body) if kept.body is not None else None
    row = {
        "run_id": kept.run_id, "snapshot_id": kept.snapshot_id, "step": kept.step, "attempt": kept.attempt,
        "platform": kept.platform, "request": json.dumps(kept.request, ensure_ascii=False), "status": kept.status,
        "headers": json.dumps(dict(kept.headers), ensure_ascii=False), "sent_at": to_ms(kept.sent_at),
        "elapsed_ms": kept.elapsed_ms, "body": digest, "error": kept.error, "cost": kept.cost,
    }  # fmt: skip
    return inserted_id(connection.execute(_INSERT_EXCHANGE, row))


def _placed(reading: Reading, exchange: int) -> Reading:
    return replace(reading, place=replace(reading.place, exchange=exchange))


def _by_series(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Reading]]:
    """Group readings by what their series have in common beside the account: origin and precision."""
    groups: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for entry in entries:
        groups[("derived" if entry.mark == "derived" else "typed", entry.precision)].append(entry.reading)
    return groups


def _entry_row(entry: Entry, places: Mapping[str, int]) -> dict[str, object]:
    place = entry.reading.place
    return {
        "exchange_id": place.exchange, "place_id": places[place.pointer], "mark": entry.mark,
        "source": entry.source, "note": entry.note, "by": entry.by, "attachment": entry.attachment,
    }  # fmt: skip
