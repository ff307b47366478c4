"""Reading the store for the collecting side: who is there, what is known already, what was kept.

Figures for people are read in `history`. Everything returned is a plain frozen value.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select

from collector.store import schema
from collector.store.among import among
from collector.store.bodies import unpack
from collector.store.engine import Store
from collector.store.records import (
    Drift,
    Office,
    OpenSnapshot,
    SnapshotSummary,
    StoredAccount,
    StoredCredential,
    StoredExchange,
    from_ms,
    to_ms,
)

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

# What every snapshot asks is put together once: building a question costs five times what asking it does.
_OF_ACCOUNT: BindParameter[int] = bindparam("account")
_COST = (
    select(func.coalesce(func.sum(schema.exchanges.c.cost), 0).label("cost"))
    .join(schema.snapshots, schema.snapshots.c.id == schema.exchanges.c.snapshot_id)
    .where(schema.snapshots.c.account_id == _OF_ACCOUNT, schema.exchanges.c.sent_at >= bindparam("since"))
)
_PAUSE = select(schema.pauses.c.until).where(
    schema.pauses.c.platform == bindparam("platform"), schema.pauses.c.scope == bindparam("scope")
)
_CREDENTIALS = select(schema.credentials).where(among(schema.credentials.c.account_id, "accounts"))
_HANDLES = select(schema.handles.c.account_id, schema.handles.c.key).where(
    among(schema.handles.c.account_id, "accounts")
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

    def find_account(self, account_id: int) -> StoredAccount | None:
        """Return an account by its number, None where there is none or it was removed."""
        find = _select_accounts(None, None).where(schema.accounts.c.id == account_id)
        return next((_account(row) for row in self._rows(find.where(schema.accounts.c.state != "removed"))), None)

    def find_bound_account(self, platform: str, external_id: str) -> StoredAccount | None:
        """Return the account that has a platform's id, also where it was removed; None where none has it."""
        find = _select_accounts(None, platform).where(schema.accounts.c.external_id == external_id)
        return next((_account(row) for row in self._rows(find)), None)

    def list_handle_keys(self, account_id: int) -> frozenset[str]:
        """Return the keys of every spelling an account was ever called by."""
        return self.list_all_handle_keys([account_id]).get(account_id, frozenset())

    def list_all_handle_keys(self, account_ids: Collection[int]) -> dict[int, frozenset[str]]:
        """Return the keys of every spelling that accounts were ever called by, by account id."""
        keys: dict[int, set[str]] = defaultdict(set)
        for row in self._rows(_HANDLES, accounts=account_ids):
            keys[row.account_id].add(row.key)
        return {account: frozenset(spellings) for account, spellings in keys.items()}

    def list_last_snapshots(self) -> dict[int, SnapshotSummary]:
        """Return each account's last finished collection, by account id, with when it last went well."""
        table = schema.snapshots
        ended = table.c.finished_at.is_not(None) & (table.c.outcome != CHECKED)
        last = select(func.max(table.c.id)).where(ended).group_by(table.c.account_id)
        best = select(func.max(table.c.id)).where(table.c.outcome.in_(("ok", "partial"))).group_by(table.c.account_id)
        good = {  # the newest by number: a clock that was ahead once would be the latest for long
            row.account_id: from_ms(row.finished_at)
            for row in self._rows(select(table.c.account_id, table.c.finished_at).where(table.c.id.in_(best)))
        }
        return {
            row.account_id: SnapshotSummary(
                row.outcome, from_ms(row.finished_at), row.error_code or "", row.error_message or "",
                good.get(row.account_id),
            )
            for row in self._rows(select(table).where(table.c.id.in_(last)))
        }  # fmt: skip

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

    def sum_cost(self, account_id: int, since: datetime) -> int:
        """Return what an account's requests have cost since a moment, in millionths of a US dollar."""
        return int(self._rows(_COST, account=account_id, since=to_ms(since))[0].cost)

    def find_pause(self, platform: str, scope: str) -> datetime | None:
        """Return until when a platform asked to be left alone, None where it never did."""
        rows = self._rows(_PAUSE, platform=platform, scope=scope)
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

    def find_newest_moment(self, since: int = 0) -> datetime | None:
        """Return the latest moment of an exchange, of those since a run where one is named; None: there is none."""
        table = schema.exchanges
        rows = self._rows(select(func.max(table.c.sent_at).label("at")).where(table.c.run_id >= since))
        return from_ms(rows[0].at) if rows[0].at is not None else None

    def find_clock_drift(self) -> Drift | None:
        """Return how far this machine's clock was ahead of a platform's at the newest answer that names its time."""
        table = schema.exchanges
        find = (
            select(table.c.headers, table.c.sent_at, table.c.run_id)
            .where(table.c.headers.contains('"date"'))
            .order_by(table.c.id.desc())
            .limit(1)
        )
        for row in self._rows(find):
            try:
                theirs = parsedate_to_datetime(json.loads(row.headers)["date"])
            except (ValueError, KeyError):
                return None
            theirs = theirs.replace(tzinfo=theirs.tzinfo or UTC)  # "-0000" says UTC and no place
            return Drift(from_ms(row.sent_at) - theirs, row.run_id)
        return None

    def list_credentials(self, account_id: int) -> Mapping[str, StoredCredential]:
        """Return an account's sealed sign-ins by slot."""
        return self.list_all_credentials([account_id]).get(account_id, {})

    def list_all_credentials(self, account_ids: Collection[int]) -> dict[int, Mapping[str, StoredCredential]]:
        """Return accounts' sealed sign-ins by account id and slot."""
        sealed: dict[int, dict[str, StoredCredential]] = defaultdict(dict)
        for row in self._rows(_CREDENTIALS, accounts=account_ids):
            until = from_ms(row.expires_at) if row.expires_at else None
            at = from_ms(row.updated_at)
            sealed[row.account_id][row.slot] = StoredCredential(row.sealed, row.seed, until, at)
        return {**sealed}

    def has_credentials(self) -> bool:
        """Whether anything at all is sealed in this store."""
        return bool(self._rows(select(schema.credentials.c.slot).limit(1)))

    def list_sealed(self) -> tuple[bytes, ...]:
        """Return all that is sealed, without whose it is."""
        return tuple(bytes(row.sealed) for row in self._rows(select(schema.credentials.c.sealed)))

    def _rows(self, find: Select[Any], **values: object) -> Sequence[Row[Any]]:
        with self._store.read() as connection:
            return connection.execute(find, values).all()


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
        from_ms(row.due_at) if row.due_at is not None else None, row.bio_link, row.succeeds,
        from_ms(row.succeeds_since) if row.succeeds_since is not None else None,
    )  # fmt: skip


def _snapshot(row: Row[Any]) -> OpenSnapshot:
    return OpenSnapshot(
        row.id, row.account_id, row.platform, row.assignment, row.claimed_by, from_ms(row.lease_until),
        from_ms(row.started_at),
    )  # fmt: skip


def _exchange(row: Row[Any]) -> StoredExchange:
    body, cited = unpack(row.packed, row.reduced_at)
    return StoredExchange(
        row.id, row.run_id, row.snapshot_id, row.step, row.platform, row.request, row.status, row.headers,
        from_ms(row.sent_at), row.elapsed_ms, row.body, body, row.error,
        from_ms(row.reduced_at) if row.reduced_at is not None else None, cited,
    )  # fmt: skip
