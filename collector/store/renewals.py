"""Renewals of sign-ins: who is at one, and what is known of those that came to nothing.

A renewal is written down before the key is sent. So whoever comes after a crash sees that the key may be used up, and
over several homes on one database only one renews. The row goes in the transaction that seals what came of it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import StoredRenewal, from_ms, to_ms
from collector.store.rows import insert_new

_TABLE = schema.renewals


class Renewals:
    """Writes and reads renewals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, account_id: int, slot: str) -> StoredRenewal | None:
        """Return what is known of the renewal of an account's key; None where the last one went well."""
        with self._store.read() as connection:
            row = connection.execute(select(_TABLE).where(*_of(account_id, slot))).one_or_none()
            return _renewal(row) if row is not None else None

    def begin(self, wanted: StoredRenewal, is_over: Callable[[StoredRenewal], bool]) -> StoredRenewal | None:
        """Write down that a renewal is begun, with what is known of the value sent. None where another is at it.

        `is_over` says of the renewal that somebody has begun whether that one is dead.
        """
        with self._store.write() as connection:
            if insert_new(connection, _TABLE, [_row(wanted)]):
                return wanted
            row = connection.execute(
                select(_TABLE).where(*_of(wanted.account_id, wanted.slot)).with_for_update()
            ).one_or_none()
            if row is None:
                return None  # the other one was done this very moment
            known = _renewal(row)
            if known.holder and not is_over(known):
                return None
            begun = _take_over(wanted, known)
            connection.execute(update(_TABLE).where(*_of(wanted.account_id, wanted.slot)).values(_row(begun)))
            return begun

    def end(self, renewal: StoredRenewal) -> None:
        """Write down what a renewal came to that gave no key. One that left nothing to know is forgotten."""
        own = (*_of(renewal.account_id, renewal.slot), _TABLE.c.holder == renewal.holder)
        with self._store.write() as connection:
            if renewal.lost_at is None and renewal.retry_at is None and renewal.refusal is None:
                connection.execute(_TABLE.delete().where(*own))
            else:
                connection.execute(update(_TABLE).where(*own).values(_row(replace(renewal, holder=""))))


def _take_over(wanted: StoredRenewal, known: StoredRenewal) -> StoredRenewal:
    """Return a renewal with what was known of the same value. One whose holder died may have used that value up."""
    if known.seed != wanted.seed:
        return wanted
    lost_at = known.lost_at or (known.begun_at if known.holder else None)
    return replace(wanted, lost_at=lost_at, failures=known.failures, retry_at=known.retry_at)


def _of(account_id: int, slot: str) -> tuple[Any, ...]:
    return _TABLE.c.account_id == account_id, _TABLE.c.slot == slot


def _row(renewal: StoredRenewal) -> dict[str, object]:
    return {
        "account_id": renewal.account_id, "slot": renewal.slot, "seed": renewal.seed,
        "begun_at": to_ms(renewal.begun_at), "holder": renewal.holder,
        "lost_at": to_ms(renewal.lost_at) if renewal.lost_at is not None else None, "failures": renewal.failures,
        "retry_at": to_ms(renewal.retry_at) if renewal.retry_at is not None else None, "refusal": renewal.refusal,
    }  # fmt: skip


def _renewal(row: Row[Any]) -> StoredRenewal:
    def moment(milliseconds: int | None) -> datetime | None:
        return from_ms(milliseconds) if milliseconds is not None else None

    return StoredRenewal(
        row.account_id, row.slot, row.seed, from_ms(row.begun_at), row.holder, moment(row.lost_at), row.failures,
        moment(row.retry_at), row.refusal,
    )  # fmt: skip
