"""Totals over all that was ever done: what a watcher from outside wants to see move."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import from_ms


@dataclass(frozen=True, slots=True)
class SnapshotTotal:
    """The snapshots of a platform that ended alike."""

    platform: str
    outcome: str
    snapshots: int
    requests: int
    readings: int


class Totals:
    """Reads totals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count_snapshots(self) -> tuple[SnapshotTotal, ...]:
        """Return the totals of snapshots by platform and outcome."""
        table, accounts = schema.snapshots, schema.accounts
        find = (
            select(accounts.c.platform, table.c.outcome, func.count(), func.sum(table.c.requests),
                   func.sum(table.c.readings))
            .join(accounts, accounts.c.id == table.c.account_id)
            .group_by(accounts.c.platform, table.c.outcome)
            .order_by(accounts.c.platform, table.c.outcome)
        )  # fmt: skip
        with self._store.read() as connection:
            return tuple(
                SnapshotTotal(platform, outcome, int(snapshots), int(requests), int(readings))
                for platform, outcome, snapshots, requests, readings in connection.execute(find)
            )

    def count_open_alerts(self) -> int:
        """Return how many causes are open that people are told of."""
        table = schema.alerts
        find = select(func.count()).select_from(table).where(table.c.closed_at.is_(None))
        with self._store.read() as connection:
            return int(connection.execute(find).scalar_one())

    def find_last_backup(self) -> datetime | None:
        """Return when a backup last succeeded, None where none did."""
        table = schema.backups
        with self._store.read() as connection:
            at = connection.execute(select(func.max(table.c.made_at)).where(table.c.error.is_(None))).scalar()
        return from_ms(at) if at is not None else None
