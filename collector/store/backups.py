"""The backups that were made, or that failed: what rotation may touch, and what the doctor and the alerts ask for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class LoggedBackup:
    """One attempt. `error` is None where it went well."""

    path: str
    size: int
    sha256: str
    made_at: datetime
    error: str | None


class BackupLog:
    """Writes and reads the attempts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, one: LoggedBackup) -> None:
        """Write an attempt down."""
        with self._store.write() as connection:
            connection.execute(
                insert(schema.backups).values(
                    path=one.path, size=one.size, sha256=one.sha256, made_at=to_ms(one.made_at), error=one.error
                )
            )

    def list_all(self) -> tuple[LoggedBackup, ...]:
        """Return all attempts, the newest first, whatever the clock said when they were made."""
        table = schema.backups
        with self._store.read() as connection:
            rows = connection.execute(select(table).order_by(table.c.id.desc()))
            return tuple(_logged(row) for row in rows)

    def find_last(self) -> LoggedBackup | None:
        """Return the last attempt, None where there was none."""
        return next(iter(self.list_all()), None)

    def find_last_good(self) -> LoggedBackup | None:
        """Return the last one that went well, None where there is none."""
        return next((one for one in self.list_all() if one.error is None), None)


def _logged(row: Row[Any]) -> LoggedBackup:
    return LoggedBackup(row.path, row.size, row.sha256, from_ms(row.made_at), row.error)
