"""Storing alone: `Ledger.finish_snapshot` against raw sqlite3 that upserts the very rows that came of it.

The observations are those of a collected home, read again from its kept answers, so that nothing is fetched or parsed
while it is measured. Both sides use the product's own tables, one transaction an account, synchronous=FULL. The second
pass stores everything once more: nothing may change.
Run as `python -m benchmarks.storing FOLDER` in the environment of a home that was collected with SQLite.
"""

import json
import resource
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks import platforms
from benchmarks.opening import read_settings
from benchmarks.population import NOW
from collector.collect.recovery import read_again
from collector.store.directory import Directory
from collector.store.engine import Store
from collector.store.ledger import Ledger
from collector.store.migrate import upgrade
from collector.store.queries import Queries
from connectors.kit import Observation

_WRITTEN = {
    "places": "id, pointer", "series": "id, account_id, measure, definition, about, origin, precision, kind, decimals",
    "readings": "series_id, at, value, upto, exchange_id, place_id", "monthly_sums": "series_id, month, days, total",
    "coverage": "account_id, measure, first_day, last_day, exchange_id, answered_at",
    "posts": "account_id, post_id, created_at, kind, title, link, first_seen, last_seen",
}  # fmt: skip
"""The tables that the end of a snapshot writes."""

_WHOSE = {
    "places": "id IN (SELECT place_id FROM readings WHERE series_id IN (SELECT id FROM series WHERE account_id = ?))",
    "readings": "series_id IN (SELECT id FROM series WHERE account_id = ?)",
    "monthly_sums": "series_id IN (SELECT id FROM series WHERE account_id = ?)",
}
_UPSERTS = {
    "readings": """ON CONFLICT (series_id, at) DO UPDATE SET value = excluded.value, upto = excluded.upto,
        exchange_id = excluded.exchange_id, place_id = excluded.place_id
        WHERE value <> excluded.value OR upto IS NOT excluded.upto""",
    "monthly_sums": "ON CONFLICT (series_id, month) DO UPDATE SET days = excluded.days, total = excluded.total",
    "coverage": """ON CONFLICT (account_id, measure, first_day, last_day)
        DO UPDATE SET exchange_id = excluded.exchange_id, answered_at = excluded.answered_at""",
    "posts": """ON CONFLICT (account_id, post_id)
        DO UPDATE SET title = excluded.title, link = excluded.link, last_seen = excluded.last_seen""",
}

Taken = dict[int, tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of CPU and by the wall clock."""

    cpu: float
    wall: float


def measure(work: Callable[[], object]) -> Spent:
    """Do something and return what it cost this process, by the operating system's account."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), monotonic()
    work()
    wall, after = monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    return Spent(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def load_observations(home: Store) -> Taken:
    """Read the kept answers of a home again: what was observed of each account."""
    queries = Queries(home)
    return {snapshot.account_id: read_again(snapshot, queries).observations for snapshot in queries.list_snapshots()}


class ProductSide:
    """A new database with the home's accounts, filled through the ledger."""

    def __init__(self, home: Store, path: Path, taken: Taken) -> None:
        self.store = Store(f"sqlite:///{path}")
        upgrade(self.store)
        self._ledger, self._taken = Ledger(self.store), taken
        directory = Directory(self.store)
        for account in sorted(Queries(home).list_accounts(), key=lambda account: account.id):
            office = directory.add_office(account.office.slug, account.office.slug, "", account.office.zone, NOW)
            self._add(directory, office, account.platform, account.handle, wanted=account.id)

    def store_all(self) -> Spent:
        """Store what was observed of every account. The snapshots are claimed beforehand."""
        run_id = self._ledger.begin_run("benchmark", "", "", NOW)
        claimed = {account: self._claim(run_id, account) for account in self._taken}
        return measure(lambda: self._finish_all(claimed))

    def _add(self, directory: Directory, office: int, platform: str, handle: str, *, wanted: int) -> None:
        made = directory.add_account(office, platform, handle, handle, NOW)
        if made != wanted:
            raise RuntimeError(f"account {wanted} got the number {made}")

    def _claim(self, run_id: int, account: int) -> int:
        snapshot = self._ledger.claim(run_id, account, "", "benchmark", NOW, NOW + timedelta(hours=1))
        assert snapshot is not None
        return snapshot

    def _finish_all(self, claimed: dict[int, int]) -> None:
        for account, snapshot in claimed.items():
            self._ledger.finish_snapshot(snapshot, account, self._taken[account], outcome="ok", at=NOW)


class RawSide:
    """The same tables, filled with the same rows by sqlite3 alone."""

    def __init__(self, filled: Path, path: Path) -> None:
        store = Store(f"sqlite:///{path}")
        upgrade(store)
        store.close()
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = FULL")
        source = sqlite3.connect(filled)
        accounts = [account for (account,) in source.execute("SELECT id FROM accounts ORDER BY id")]
        self._batches = [{table: _rows_of(source, table, account) for table in _WRITTEN} for account in accounts]
        source.close()

    @property
    def readings(self) -> int:
        """How many readings there are."""
        return sum(len(batch["readings"]) for batch in self._batches)

    def store_all(self) -> Spent:
        """Upsert everything, one transaction an account."""
        return measure(self._upsert_all)

    def _upsert_all(self) -> None:
        for batch in self._batches:
            self._upsert(batch)

    def _upsert(self, batch: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for table, rows in batch.items():
            marks = ", ".join("?" * (_WRITTEN[table].count(",") + 1))
            conflict = _UPSERTS.get(table, "ON CONFLICT DO NOTHING")
            statement = f"INSERT INTO {table} ({_WRITTEN[table]}) VALUES ({marks}) {conflict}"  # noqa: S608 - our own
            self._connection.executemany(statement, rows)
        self._connection.execute("COMMIT")


def _rows_of(source: sqlite3.Connection, table: str, account: int) -> list[tuple[Any, ...]]:
    whose = _WHOSE.get(table, "account_id = ?")
    return source.execute(f"SELECT {_WRITTEN[table]} FROM {table} WHERE {whose}", (account,)).fetchall()  # noqa: S608 - our own names


def run(folder: Path) -> dict[str, object]:
    """Measure both sides, in turn. Each has its first pass and its second."""
    platforms.install()
    home = Store(read_settings().database_url)
    product = ProductSide(home, folder / "product.db", load_observations(home))
    passes = {"product first": product.store_all()}
    raw = RawSide(folder / "product.db", folder / "raw.db")
    passes["raw first"] = raw.store_all()
    passes["product again"], passes["raw again"] = product.store_all(), raw.store_all()
    counted = sqlite3.connect(folder / "product.db").execute("SELECT count(*) FROM readings").fetchone()[0]
    if counted != raw.readings:
        raise RuntimeError(f"the second pass changed something: {counted} readings instead of {raw.readings}")
    return {"readings": raw.readings, **{name: [spent.cpu, spent.wall] for name, spent in passes.items()}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]))))
