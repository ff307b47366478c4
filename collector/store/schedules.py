"""When to collect: the rules that people set, and which accounts are due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, or_, select, update

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import StoredAccount, from_ms, to_ms

_ACCOUNTS, _RULES, _SNAPSHOTS = schema.accounts, schema.schedules, schema.snapshots

_DUE = (
    select(_ACCOUNTS.c.id, _ACCOUNTS.c.due_at)
    .where(
        or_(_ACCOUNTS.c.due_at.is_(None), _ACCOUNTS.c.due_at <= bindparam("at")),
        _ACCOUNTS.c.state.not_in(("paused", "removed")),
        # Whoever is neither in the environment nor has a sealed sign-in has typed figures only.
        or_(
            _ACCOUNTS.c.configured.is_not(None),
            select(schema.credentials.c.slot).where(schema.credentials.c.account_id == _ACCOUNTS.c.id).exists(),
        ),
        ~select(_SNAPSHOTS.c.id)
        .where(_SNAPSHOTS.c.account_id == _ACCOUNTS.c.id, _SNAPSHOTS.c.outcome == "running")
        .exists(),
    )
    .order_by(_ACCOUNTS.c.id)
)  # fmt: skip
_NEXT_DUE = select(func.min(_ACCOUNTS.c.due_at)).where(_ACCOUNTS.c.state.not_in(("paused", "removed")))
_RULES_OF = (
    select(_RULES)
    .where(
        or_(_RULES.c.account_id.is_(None), _RULES.c.account_id == bindparam("account")),
        or_(_RULES.c.office_id.is_(None), _RULES.c.office_id == bindparam("office")),
        _RULES.c.platform.in_(("", bindparam("platform"))),
    )
    .order_by(_RULES.c.id.desc())
)
_SET_DUE = update(_ACCOUNTS).where(_ACCOUNTS.c.id == bindparam("account")).values(due_at=bindparam("due"))
_LAST_ENDS = (
    select(_SNAPSHOTS.c.outcome)
    .where(_SNAPSHOTS.c.account_id == bindparam("account"), _SNAPSHOTS.c.finished_at.is_not(None))
    .order_by(_SNAPSHOTS.c.started_at.desc(), _SNAPSHOTS.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a rule is for: an account, else the accounts of a platform, of an office, of both; else all of them."""

    office_id: int | None = None
    platform: str = ""
    account_id: int | None = None


class Schedules:
    """Writes and reads rules and due times."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set_rule(self, scope: Scope, rule: str, at: datetime) -> None:
        """Set the rule of a scope, in place of the one that it had."""
        row = {"office_id": scope.office_id, "platform": scope.platform, "account_id": scope.account_id, "rule": rule}
        with self._store.write() as connection:
            connection.execute(delete(_RULES).where(*_same(scope)))
            connection.execute(insert(_RULES).values(updated_at=to_ms(at), **row))

    def reset_rule(self, scope: Scope) -> bool:
        """Drop the rule of a scope. Returns whether there was one."""
        with self._store.write() as connection:
            return connection.execute(delete(_RULES).where(*_same(scope))).rowcount > 0

    def list_rules(self, account: StoredAccount) -> tuple[tuple[Scope, str], ...]:
        """Return the rules that an account is in the scope of, newest first."""
        with self._store.read() as connection:
            found = connection.execute(
                _RULES_OF, {"account": account.id, "office": account.office.id, "platform": account.platform}
            )
            return tuple((_scope(row), row.rule) for row in found)

    def list_due(self, at: datetime) -> Mapping[int, datetime | None]:
        """Return the connected accounts that are to be collected by a moment, with since when; None: never yet.

        Those are left out that are paused or being collected.
        """
        with self._store.read() as connection:
            found = connection.execute(_DUE, {"at": to_ms(at)})
            return {row.id: from_ms(row.due_at) if row.due_at is not None else None for row in found}

    def find_next_due(self) -> datetime | None:
        """Return when the next account is due, None where none has a time yet."""
        with self._store.read() as connection:
            found = connection.execute(_NEXT_DUE).scalar()
        return from_ms(found) if found is not None else None

    def set_due(self, due: Mapping[int, datetime]) -> None:
        """Set when accounts are due, by their numbers."""
        rows = [{"account": account, "due": to_ms(moment)} for account, moment in due.items()]
        if rows:
            with self._store.write() as connection:
                connection.execute(_SET_DUE, rows)

    def count_deaths(self, account_id: int, most: int) -> int:
        """Return how many of an account's last snapshots died with their process, one after the other, up to `most`."""
        with self._store.read() as connection:
            ends = connection.execute(_LAST_ENDS.limit(most), {"account": account_id}).scalars().all()
        return next((number for number, end in enumerate(ends) if end != "interrupted"), len(ends))


def _same(scope: Scope) -> tuple[Any, ...]:
    return (
        _RULES.c.office_id.is_not_distinct_from(scope.office_id),
        _RULES.c.platform == scope.platform,
        _RULES.c.account_id.is_not_distinct_from(scope.account_id),
    )


def _scope(row: Row[Any]) -> Scope:
    return Scope(row.office_id, row.platform, row.account_id)
