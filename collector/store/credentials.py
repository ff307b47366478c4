"""The sealed sign-ins as a whole: all of them sealed anew at once, or those that nothing opens let go."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, text, update

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import to_ms

_TABLE = schema.credentials
_OF_ROW = (_TABLE.c.account_id == bindparam("of_account"), _TABLE.c.slot == bindparam("of_slot"))


class Credentials:
    """Writes and reads all sealed sign-ins of a database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def reseal(self, anew: Callable[[bytes], bytes]) -> int:
        """Seal everything anew in one transaction: all of it or, where one fails, nothing. Returns how many."""
        with self._store.write() as connection:
            if not self._store.is_sqlite:  # on SQLite there is one writer anyway
                connection.execute(text(f"LOCK TABLE {_TABLE.name} IN EXCLUSIVE MODE"))
            rows = [
                {"of_account": row.account_id, "of_slot": row.slot, "anew": anew(bytes(row.sealed))}
                for row in connection.execute(select(_TABLE.c.account_id, _TABLE.c.slot, _TABLE.c.sealed))
            ]
            if rows:
                connection.execute(update(_TABLE).where(*_OF_ROW).values(sealed=bindparam("anew")), rows)
            return len(rows)

    def drop(self, is_lost: Callable[[bytes], bool], code: str, at: datetime) -> tuple[int, ...]:
        """Let go of what is lost, and mark the accounts it was of for reconnecting. Returns these accounts."""
        accounts = schema.accounts
        with self._store.write() as connection:
            rows = connection.execute(select(_TABLE.c.account_id, _TABLE.c.slot, _TABLE.c.sealed)).all()
            lost = [row for row in rows if is_lost(bytes(row.sealed))]
            if lost:
                connection.execute(
                    delete(_TABLE).where(*_OF_ROW),
                    [{"of_account": row.account_id, "of_slot": row.slot} for row in lost],
                )
            found = sorted({row.account_id for row in lost})
            marked = connection.execute(
                select(accounts.c.id).where(accounts.c.id.in_(found), accounts.c.state.in_(("active", "reconnect")))
            ).scalars().all()  # fmt: skip
            for number in marked:  # paused and removed ones stay so: a person wanted that
                connection.execute(
                    update(accounts).where(accounts.c.id == number)
                    .values(state="reconnect", state_code=code, state_since=to_ms(at))
                )  # fmt: skip
                connection.execute(
                    insert(schema.audit).values(at=to_ms(at), by="", action="account.reconnect",
                                                detail=f"{number}: {code}")
                )  # fmt: skip
            return tuple(marked)
