"""A short way to fill a store in a test: measures of a made-up platform, observations, and whole snapshots."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from collector.store import schema
from collector.store.directory import Directory
from collector.store.engine import Store
from collector.store.findings import Findings
from collector.store.history import History
from collector.store.ledger import Entry, Kept, Ledger
from collector.store.queries import Queries
from collector.store.records import Stored
from connectors.kit import (
    Coverage,
    Days,
    Gap,
    Kind,
    Measure,
    Moment,
    Observation,
    Place,
    Post,
    Reading,
    Reason,
    Subject,
    since,
    window,
)
from connectors.kit.metrics import DAY, FOLLOWERS, LIKES, MONTH, NOW, REACH, USERS, VIEWS

START = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
BREAK = date(2026, 8, 24)
"""The day from which the daily views of the made-up platform mean something else."""

_PLAIN = (since(None, "apa adanya", "as it is"),)

FOLLOWERS_NOW = Measure(FOLLOWERS, Subject.ACCOUNT, NOW, Kind.LEVEL, _PLAIN)
VIEWS_DAY = Measure(VIEWS, Subject.ACCOUNT, DAY, Kind.FLOW, (*_PLAIN, since(BREAK, "arti baru", "new meaning")))
LIKES_OF_POST = Measure(LIKES, Subject.POST, NOW, Kind.COUNTER, _PLAIN)
REACH_28 = Measure(REACH, Subject.ACCOUNT, window(28), Kind.UNIQUE, _PLAIN)
USERS_MONTH = Measure(USERS, Subject.ACCOUNT, MONTH, Kind.UNIQUE, _PLAIN)
RATE = Measure(REACH, Subject.ACCOUNT, NOW, Kind.RATIO, _PLAIN, places=2)

NOWHERE = 0
"""The exchange of observations that are yet to be placed."""


def reading(
    measure: Measure,
    value: int,
    when: date | Days,
    *,
    about: str = "",
    upto: int | None = None,
    pointer: str = "body:/value",
) -> Reading:
    """Make a reading of a moment (given as datetime), a day or some days."""
    return Reading(measure, value, _when(when), Place(NOWHERE, pointer), about, upto)


def gap(
    measure: Measure,
    when: date | Days,
    reason: Reason = Reason.EMPTY,
    *,
    about: str = "",
    note: str = "",
    pointer: str | None = "body:/value",
) -> Gap:
    """Make a gap; without a pointer it is one that no answer tells of."""
    return Gap(measure, reason, _when(when), Place(NOWHERE, pointer) if pointer else None, about, note)


def covered(measure: Measure, first: date, last: date) -> Coverage:
    """Make the note that some days were answered."""
    return Coverage(measure, Days(first, last), Place(NOWHERE, "body:"))


def post(number: str, created_at: datetime, *, title: str = "", link: str = "", kind: str = "photo") -> Post:
    """Make a post that was seen."""
    return Post(number, created_at, kind, title, link, Place(NOWHERE, "body:/posts/0"))


def entry(figure: Reading, *, precision: str = "day", mark: str = "stated", **more: str) -> Entry:
    """Make what a person typed."""
    given = {"source": "laporan", "note": "", **more}
    return Entry(figure, precision, mark, **given)


def day(offset: int) -> date:
    """Return a day by its distance from the one on which the daily views' meaning changed."""
    return BREAK + timedelta(days=offset)


def _when(when: date | Days) -> Moment | Days:
    if isinstance(when, datetime):
        return Moment(when)
    return when if isinstance(when, Days) else Days(when, when)


@dataclass
class Books:
    """A store with its writers and readers, and a time that goes on with each thing that happens."""

    store: Store
    address: str = ""
    now: datetime = START
    ledger: Ledger = field(init=False)
    directory: Directory = field(init=False)
    queries: Queries = field(init=False)
    history: History = field(init=False)
    findings: Findings = field(init=False)

    def __post_init__(self) -> None:
        self.ledger, self.directory = Ledger(self.store), Directory(self.store)
        self.queries, self.history = Queries(self.store), History(self.store)
        self.findings = Findings(self.store)

    def elsewhere(self) -> "Books":
        """Open the same store once more, as another process would. Close its store in the end."""
        return Books(Store(self.address), self.address, self.now)

    def later(self, **span: float) -> datetime:
        """Let a minute pass, or the span that is given."""
        self.now += timedelta(**(span or {"minutes": 1}))
        return self.now

    def office(self, slug: str = "kpu-contoh", *, zone: str = "Asia/Jakarta") -> int:
        """Return an office, made where it is not there."""
        return self.directory.add_office(slug, f"Kantor {slug}", "Contoh", zone, self.now)

    def account(self, handle: str = "kpu_contoh", *, platform: str = "square", office: int | None = None) -> int:
        """Make an account."""
        return self.directory.add_account(
            office if office is not None else self.office(), platform, handle, handle.casefold(), self.now
        )

    def run(self, trigger: str = "test") -> int:
        """Begin a run."""
        return self.ledger.begin_run(trigger, "tester", "collector 0", self.later())

    def claim(self, account: int, *, holder: str = "me", assignment: str = "{}") -> int | None:
        """Begin a snapshot of an account, None where one is running."""
        now = self.later()
        return self.ledger.claim(self.run(), account, assignment, holder, now, now + timedelta(minutes=10))

    def must_claim(self, account: int) -> int:
        """Begin a snapshot that can be begun."""
        snapshot = self.claim(account)
        assert snapshot is not None
        return snapshot

    def keep(self, snapshot: int | None = None, *, lease_until: datetime | None = None, **changes: Any) -> int:
        """Keep an exchange."""
        kept = Kept(
            run_id=changes.pop("run_id", None) or self.run(), snapshot_id=snapshot, step=1, attempt=1,
            platform="square", request={"api": "square", "method": "GET", "path": "/v1/me"}, status=200,
            headers={}, sent_at=self.later(), elapsed_ms=12, body=b'{"value": 1}',
        )  # fmt: skip
        return self.ledger.keep_exchange(replace(kept, **changes), lease_until)

    def collect(self, account: int, *seen: Observation, outcome: str = "ok", body: bytes | None = None) -> Stored:
        """Take a snapshot of one exchange that holds all that is seen."""
        snapshot = self.must_claim(account)
        exchange = self.keep(snapshot, **({"body": body} if body is not None else {}))
        return self.finish(snapshot, account, placed(seen, exchange), outcome=outcome)

    def finish(self, snapshot: int, account: int, seen: Sequence[Observation], *, outcome: str = "ok") -> Stored:
        """End a snapshot with what was seen."""
        return self.ledger.finish_snapshot(snapshot, account, seen, outcome=outcome, at=self.later())

    def enter(self, *entries: tuple[int, Iterable[Entry]], body: bytes = b"platform,account\n") -> Stored:
        """Store typed figures of some accounts as one file."""
        kept = Kept(
            run_id=self.run("import"), snapshot_id=None, step=0, attempt=1, platform="import",
            request={"api": "import", "method": "FILE", "path": "/angka.csv"}, status=200, headers={},
            sent_at=self.later(), elapsed_ms=0, body=body,
        )  # fmt: skip
        return self.ledger.store_entries(kept, [(account, list(given)) for account, given in entries], self.now)

    def rows(self, table: Table, **wanted: object) -> list[dict[str, Any]]:
        """Return a table's rows with these values, in the order of its key."""
        find = select(table).where(*(table.c[name] == value for name, value in wanted.items()))
        with self.store.read() as connection:
            return [dict(row) for row in connection.execute(find.order_by(*table.primary_key)).mappings()]

    def one(self, table: Table, **wanted: object) -> dict[str, Any]:
        """Return the only row with these values."""
        (row,) = self.rows(table, **wanted)
        return row

    def series(self, account: int, measure: Measure, **wanted: object) -> int:
        """Return the number of the only series of a measure."""
        return int(self.one(schema.series, account_id=account, measure=measure.key, **wanted)["id"])

    def values(self, account: int, measure: Measure, **wanted: object) -> dict[int, int]:
        """Return the current values of a measure's series by their time."""
        found = (row["id"] for row in self.rows(schema.series, account_id=account, measure=measure.key, **wanted))
        return {row["at"]: row["value"] for number in found for row in self.rows(schema.readings, series_id=number)}

    def contents(self) -> dict[str, list[dict[str, Any]]]:
        """Return everything in the store."""
        return {name: self.rows(table) for name, table in schema.metadata.tables.items()}


def placed(seen: Iterable[Observation], exchange: int) -> list[Observation]:
    """Return observations as read from an exchange."""
    return [replace(one, place=replace(one.place, exchange=exchange)) if one.place is not None else one for one in seen]


def ask_sqlite(path: Path, question: str) -> list[tuple[Any, ...]]:
    """Ask a database file something, apart from the program."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()
