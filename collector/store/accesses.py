"""What platforms said of the sign-ins: what each allows, until when, and who allowed it."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from collector.store import schema
from collector.store.among import among
from collector.store.engine import Store
from collector.store.records import StoredAccess, from_ms, to_ms
from collector.store.rows import insert_new
from connectors.kit import Access

_OF_ACCOUNTS = (
    select(schema.accesses)
    .where(among(schema.accesses.c.account_id, "accounts"))
    .order_by(schema.accesses.c.account_id, schema.accesses.c.slot)
)


class Accesses:
    """Writes and reads accesses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, account_id: int, access: Access, at: datetime) -> None:
        """Take a platform's word on a sign-in. Who allowed it, and how, stays as it was."""
        row = {**_said(account_id, access, at), "person": "", "way": "", "connected_at": None}
        with self._store.write() as connection:
            insert_new(connection, schema.accesses, [row], granted=True, ends_at=True, data_ends_at=True,
                       checked_at=True)  # fmt: skip

    def connect(self, account_id: int, access: Access, person: str, way: str, at: datetime) -> None:
        """Record that somebody connected an account, and what was allowed."""
        row = {**_said(account_id, access, at), "person": person, "way": way, "connected_at": to_ms(at)}
        with self._store.write() as connection:
            insert_new(connection, schema.accesses, [row], granted=True, ends_at=True, data_ends_at=True,
                       checked_at=True, person=True, way=True, connected_at=True)  # fmt: skip

    def list_all(self, account_ids: Collection[int]) -> dict[int, tuple[StoredAccess, ...]]:
        """Return what is known of accounts' sign-ins, by account."""
        found: dict[int, tuple[StoredAccess, ...]] = {}
        with self._store.read() as connection:
            for row in connection.execute(_OF_ACCOUNTS, {"accounts": account_ids}):
                found[row.account_id] = (*found.get(row.account_id, ()), _access(row))
        return found


def _said(account_id: int, access: Access, at: datetime) -> dict[str, object]:
    return {
        "account_id": account_id, "slot": access.slot,
        "granted": json.dumps(sorted(access.granted)) if access.granted is not None else None,
        "ends_at": to_ms(access.ends_at) if access.ends_at is not None else None,
        "data_ends_at": to_ms(access.data_ends_at) if access.data_ends_at is not None else None,
        "checked_at": to_ms(at),
    }  # fmt: skip


def _access(row: Row[Any]) -> StoredAccess:
    def moment(milliseconds: int | None) -> datetime | None:
        return from_ms(milliseconds) if milliseconds is not None else None

    return StoredAccess(
        row.account_id, row.slot, frozenset(json.loads(row.granted)) if row.granted is not None else None, row.person,
        row.way, moment(row.ends_at), moment(row.data_ends_at), moment(row.connected_at), from_ms(row.checked_at),
    )  # fmt: skip
