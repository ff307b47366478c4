"""Totals over all that was ever done: what a watcher from outside wants to see move."""

from dataclasses import dataclass

from sqlalchemy import func, select

from collector.store import schema
from collector.store.engine import Store


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
        """Return the totals of the snapshots that ended, by platform and outcome: they only ever grow."""
        table, accounts = schema.snapshots, schema.accounts
        find = (
            select(accounts.c.platform, table.c.outcome, func.count(), func.sum(table.c.requests),
                   func.sum(table.c.readings))
            .join(accounts, accounts.c.id == table.c.account_id)
            .where(table.c.outcome != "running")
            .group_by(accounts.c.platform, table.c.outcome)
            .order_by(accounts.c.platform, table.c.outcome)
        )  # fmt: skip
        with self._store.read() as connection:
            return tuple(
                SnapshotTotal(platform, outcome, int(snapshots), int(requests), int(readings))
                for platform, outcome, snapshots, requests, readings in connection.execute(find)
            )
