"""Reading the store for the collecting side: who is there, what is known already, what was kept.

Figures for people are read in `history`. Everything returned is a plain frozen value.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from collector.store import schema
from collector.store.bodies import unpack
from collector.store.engine import Store
from collector.store.records import (
    Office,
    OpenSnapshot,
    SnapshotSummary,
    StoredAccount,
    StoredCredential,
    StoredExchange,
    from_day_number,
    from_ms,
    to_ms,
)
from connectors.kit import ClosedPeriod, Days, KnownPost

CHECKED = "checked"
"""How a snapshot ended that only asked who an account is: it is there for what that cost."""

_ACCOUNT_COLUMNS = (
    schema.accounts,
    schema.offices.c.id.label("office_number"),
    schema.offices.c.slug,
    schema.offices.c.name.label("office_name"),
    schema.offices.c.seat,
    schema.offices.c.zone,
)


class Queries:
    """The reader of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_offices(self) -> tuple[Office, ...]:
        """Return all offices in the order they were added."""
        table = schema.offices
        return tuple(_office(row) for row in self._rows(select(table).order_by(table.c.id)))

    def list_accounts(self, *, office_id: int | None = None, platform: str | None = None) -> tuple[StoredAccount, ...]:
        """Return the accounts that were not removed, by office and platform."""
        find = _select_accounts(office_id, platform).where(schema.accounts.c.state != "removed")
        return tuple(_account(row) for row in self._rows(find))

    def list_removed(self, *, office_id: int | None = None, platform: str | None = None) -> tuple[StoredAccount, ...]:
        """Return the accounts that a person removed: their history stays, and they may come back."""
        find = _select_accounts(office_id, platform).where(schema.accounts.c.state == "removed")
        return tuple(_account(row) for row in self._rows(find))

    def list_handle_keys(self, account_id: int) -> frozenset[str]:
        """Return the keys of every spelling an account was ever called by."""
        table = schema.handles
        return frozenset(row.key for row in self._rows(select(table.c.key).where(table.c.account_id == account_id)))

    def list_last_snapshots(self) -> dict[int, SnapshotSummary]:
        """Return each account's last finished collection, by account id, with when it last went well."""
        table = schema.snapshots
        ended = table.c.finished_at.is_not(None) & (table.c.outcome != CHECKED)
        last = select(func.max(table.c.id)).where(ended).group_by(table.c.account_id)
        good = {
            row.account_id: from_ms(row.at)
            for row in self._rows(
                select(table.c.account_id, func.max(table.c.finished_at).label("at"))
                .where(table.c.outcome.in_(("ok", "partial")))
                .group_by(table.c.account_id)
            )
        }
        return {
            row.account_id: SnapshotSummary(
                row.outcome, from_ms(row.finished_at), row.error_code or "", row.error_message or "",
                good.get(row.account_id),
            )
            for row in self._rows(select(table).where(table.c.id.in_(last)))
        }  # fmt: skip

    def find_last_answered_days(self, account_id: int) -> dict[str, date]:
        """Return, by measure key, the last day that was answered."""
        table = schema.coverage
        find = (
            select(table.c.measure, func.max(table.c.last_day).label("last"))
            .where(table.c.account_id == account_id)
            .group_by(table.c.measure)
        )
        return {row.measure: from_day_number(row.last) for row in self._rows(find)}

    def find_first_answered_days(self, account_id: int) -> dict[str, date]:
        """Return, by measure key, the first day that was answered."""
        table = schema.coverage
        find = (
            select(table.c.measure, func.min(table.c.first_day).label("first"))
            .where(table.c.account_id == account_id)
            .group_by(table.c.measure)
        )
        return {row.measure: from_day_number(row.first) for row in self._rows(find)}

    def find_failing_since(self, account_id: int, code: str) -> datetime | None:
        """Return when an account first ended with this fault since it last went well, None where it did not."""
        table = schema.snapshots
        good = select(func.max(table.c.id)).where(table.c.account_id == account_id, table.c.outcome == "ok")
        find = select(func.min(table.c.finished_at).label("at")).where(
            table.c.account_id == account_id,
            table.c.error_code == code,
            table.c.id > func.coalesce(good.scalar_subquery(), 0),
        )
        at = self._rows(find)[0].at
        return from_ms(at) if at is not None else None

    def list_answered_periods(self, account_id: int, span: str) -> dict[ClosedPeriod, datetime]:
        """Return the closed periods of a span that were asked for, with when each was last answered."""
        table = schema.coverage
        find = select(table).where(table.c.account_id == account_id, table.c.measure.endswith(f":{span}"))
        answered: dict[ClosedPeriod, datetime] = {}
        for row in self._rows(find):
            period = ClosedPeriod(span, Days(from_day_number(row.first_day), from_day_number(row.last_day)))
            at = from_ms(row.answered_at)
            answered[period] = min(at, answered.get(period, at))
        return answered

    def list_dead_measures(self, account_id: int, since: datetime) -> frozenset[str]:
        """Return the keys of the measures that were refused since a moment."""
        table = schema.dead_measures
        find = select(table.c.measure).where(table.c.account_id == account_id, table.c.since >= to_ms(since))
        return frozenset(row.measure for row in self._rows(find))

    def list_known_posts(self, account_id: int, since: datetime) -> tuple[KnownPost, ...]:
        """Return the posts made since a moment, oldest first."""
        table = schema.posts
        find = (
            select(table.c.post_id, table.c.created_at, table.c.last_seen)
            .where(table.c.account_id == account_id, table.c.created_at >= to_ms(since))
            .order_by(table.c.created_at, table.c.post_id)
        )
        return tuple(
            KnownPost(row.post_id, from_ms(row.created_at), from_ms(row.last_seen)) for row in self._rows(find)
        )

    def sum_cost(self, account_id: int, since: datetime) -> int:
        """Return what an account's requests have cost since a moment, in millionths of a US dollar."""
        table, snapshots = schema.exchanges, schema.snapshots
        find = (
            select(func.coalesce(func.sum(table.c.cost), 0).label("cost"))
            .join(snapshots, snapshots.c.id == table.c.snapshot_id)
            .where(snapshots.c.account_id == account_id, table.c.sent_at >= to_ms(since))
        )
        return int(self._rows(find)[0].cost)

    def find_pause(self, platform: str, scope: str) -> datetime | None:
        """Return until when a platform asked to be left alone, None where it never did."""
        table = schema.pauses
        rows = self._rows(select(table.c.until).where(table.c.platform == platform, table.c.scope == scope))
        return from_ms(rows[0].until) if rows else None

    def list_open_snapshots(self) -> tuple[OpenSnapshot, ...]:
        """Return the snapshots that are marked as running."""
        table, accounts = schema.snapshots, schema.accounts
        find = (
            select(table, accounts.c.platform)
            .join(accounts, accounts.c.id == table.c.account_id)
            .where(table.c.outcome == "running")
            .order_by(table.c.id)
        )
        return tuple(_snapshot(row) for row in self._rows(find))

    def list_snapshots(self) -> tuple[OpenSnapshot, ...]:
        """Return every snapshot, oldest first."""
        table, accounts = schema.snapshots, schema.accounts
        find = (
            select(table, accounts.c.platform).join(accounts, accounts.c.id == table.c.account_id).order_by(table.c.id)
        )
        return tuple(_snapshot(row) for row in self._rows(find))

    def find_last_assignment(self, account_id: int) -> str | None:
        """Return what an account was last asked for, None where it never was."""
        table = schema.snapshots
        find = (
            select(table.c.assignment)
            .where(table.c.account_id == account_id, table.c.assignment != "")
            .order_by(table.c.started_at.desc(), table.c.id.desc())
            .limit(1)
        )
        rows = self._rows(find)
        return str(rows[0].assignment) if rows else None

    def list_exchanges(self, snapshot_id: int) -> tuple[StoredExchange, ...]:
        """Return the answers of a snapshot in the order asked: of each question the last try."""
        table = schema.exchanges
        find = (
            select(table, schema.bodies.c.packed, schema.bodies.c.reduced_at)
            .outerjoin(schema.bodies, schema.bodies.c.sha256 == table.c.body)
            .where(table.c.snapshot_id == snapshot_id)
            .order_by(table.c.step, table.c.attempt)
        )
        last = {row.step: row for row in self._rows(find)}
        return tuple(_exchange(row) for row in last.values())

    def find_exchange(self, exchange_id: int) -> StoredExchange | None:
        """Return one kept exchange with its body."""
        table = schema.exchanges
        find = (
            select(table, schema.bodies.c.packed, schema.bodies.c.reduced_at)
            .outerjoin(schema.bodies, schema.bodies.c.sha256 == table.c.body)
            .where(table.c.id == exchange_id)
        )
        rows = self._rows(find)
        return _exchange(rows[0]) if rows else None

    def find_imported(self, sha256: str) -> StoredExchange | None:
        """Return the import that kept a file with these bytes, None where there was none."""
        table, runs = schema.exchanges, schema.runs
        find = (
            select(table.c.id)
            .join(runs, runs.c.id == table.c.run_id)
            .where(table.c.body == sha256, runs.c.trigger == "import")
        )
        rows = self._rows(find)
        return self.find_exchange(rows[0].id) if rows else None

    def find_newest_moment(self) -> datetime | None:
        """Return when the newest exchange was had, None where there is none."""
        rows = self._rows(select(func.max(schema.exchanges.c.sent_at).label("at")))
        return from_ms(rows[0].at) if rows[0].at is not None else None

    def find_clock_drift(self) -> timedelta | None:
        """Return how far this machine's clock was ahead of a platform's at the newest answer that names its time."""
        table = schema.exchanges
        find = (
            select(table.c.headers, table.c.sent_at)
            .where(table.c.headers.contains('"date"'))
            .order_by(table.c.id.desc())
            .limit(1)
        )
        for row in self._rows(find):
            try:
                theirs = parsedate_to_datetime(json.loads(row.headers)["date"])
            except (ValueError, KeyError):
                return None
            return from_ms(row.sent_at) - theirs.replace(tzinfo=theirs.tzinfo or UTC)  # "-0000" says UTC and no place
        return None

    def list_credentials(self, account_id: int) -> dict[str, StoredCredential]:
        """Return an account's sealed sign-ins by slot."""
        table = schema.credentials
        return {
            row.slot: StoredCredential(row.sealed, row.seed, from_ms(row.expires_at) if row.expires_at else None)
            for row in self._rows(select(table).where(table.c.account_id == account_id))
        }

    def has_credentials(self) -> bool:
        """Whether anything at all is sealed in this store."""
        return bool(self._rows(select(schema.credentials.c.slot).limit(1)))

    def _rows(self, find: Select[Any]) -> Sequence[Row[Any]]:
        with self._store.read() as connection:
            return connection.execute(find).all()


def _select_accounts(office_id: int | None, platform: str | None) -> Select[Any]:
    table = schema.accounts
    find = (
        select(*_ACCOUNT_COLUMNS)
        .join(schema.offices, schema.offices.c.id == table.c.office_id)
        .order_by(table.c.office_id, table.c.platform, table.c.id)
    )
    if office_id is not None:
        find = find.where(table.c.office_id == office_id)
    if platform is not None:
        find = find.where(table.c.platform == platform)
    return find


def _office(row: Row[Any]) -> Office:
    return Office(row.id, row.slug, row.name, row.seat, row.zone)


def _account(row: Row[Any]) -> StoredAccount:
    return StoredAccount(
        row.id, Office(row.office_number, row.slug, row.office_name, row.seat, row.zone), row.platform,
        row.external_id, row.handle, row.name, row.link, row.opened, row.state, row.state_code, row.configured,
        from_ms(row.due_at) if row.due_at is not None else None, row.bio_link,
    )  # fmt: skip


def _snapshot(row: Row[Any]) -> OpenSnapshot:
    return OpenSnapshot(row.id, row.account_id, row.platform, row.assignment, row.claimed_by, from_ms(row.lease_until))


def _exchange(row: Row[Any]) -> StoredExchange:
    body, cited = unpack(row.packed, row.reduced_at)
    return StoredExchange(
        row.id, row.run_id, row.snapshot_id, row.step, row.platform, row.request, row.status, row.headers,
        from_ms(row.sent_at), row.elapsed_ms, row.body, body, row.error,
        from_ms(row.reduced_at) if row.reduced_at is not None else None, cited,
    )  # fmt: skip
