"""Who keeps an account outside this program: the answers that a successor needs and no platform gives."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from collector.store import schema
from collector.store.among import among
from collector.store.engine import Store
from collector.store.records import from_ms, to_ms
from collector.store.rows import insert_new

_OF_ACCOUNTS = select(schema.custody).where(among(schema.custody.c.account_id, "accounts"))


@dataclass(frozen=True, slots=True)
class Custody:
    """Who keeps an account. Texts as people typed them, "" where nobody did; no field is for a secret."""

    owner: str = ""
    recovery_mail: str = ""
    second_admin: str = ""
    note: str = ""
    updated_at: datetime | None = None


class Custodies:
    """Writes and reads who keeps the accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, account_id: int, custody: Custody, at: datetime) -> None:
        """Record who keeps an account, in the place of what was recorded before."""
        row = {
            "account_id": account_id, "owner": custody.owner, "recovery_mail": custody.recovery_mail,
            "second_admin": custody.second_admin, "note": custody.note, "updated_at": to_ms(at),
        }  # fmt: skip
        with self._store.write() as connection:
            insert_new(connection, schema.custody, [row], owner=True, recovery_mail=True, second_admin=True, note=True,
                       updated_at=True)  # fmt: skip

    def list_all(self, account_ids: Collection[int]) -> dict[int, Custody]:
        """Return what is recorded of accounts, by account."""
        with self._store.read() as connection:
            return {
                row.account_id: Custody(
                    row.owner, row.recovery_mail, row.second_admin, row.note, from_ms(row.updated_at)
                )
                for row in connection.execute(_OF_ACCOUNTS, {"accounts": account_ids})
            }
