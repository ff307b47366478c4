"""The chain of digests over runs: a value, time, place, request, outcome or row that changed silently breaks it.

When a run is over, what it stored is tallied and tied to the link before (docs/decisions/0012-chain-of-digests.md).
Only what nothing may change afterwards is tallied, in such a way that what may happen to it lawfully makes no
difference: a reading that was replaced counts as before, and a series is known by what it is of, not by its number.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Table, bindparam, func, insert, select, text

from collector.store import schema
from collector.store.records import to_ms

_LEFT_OVER = timedelta(days=1)
"""After so long a run without an end is over: its process is gone, and what it left was recovered."""

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


@dataclass(slots=True)
class Tally:
    """The sum of some rows' digests: the same in whatever order they come, another as soon as one of them is."""

    count: int = 0
    total: int = 0

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Add rows of plain values."""
        for row in rows:
            self.count += 1
            self.total += int.from_bytes(sha256(_encode(tuple(row)).encode()).digest())

    def __str__(self) -> str:
        return f"{self.count}:{self.total % 2**256:064x}"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain. `contents` are the tallies of what its run stored, by their kind; `trigger` and
    `started_at` say which run it was."""

    run_id: int
    number: int
    contents: str
    sha256: str
    made_at: int
    trigger: str = ""
    started_at: int = 0

    def digest_after(self, before: str) -> str:
        """Return what its digest has to be, after the link with the digest `before`."""
        said = (before, self.number, self.run_id, self.contents, self.made_at)
        return sha256(_encode(said).encode()).hexdigest()


_RUN: BindParameter[int] = bindparam("run")
_OUTSIDE = select(schema.exchanges.c.id).where(
    schema.exchanges.c.run_id == _RUN, schema.exchanges.c.snapshot_id.is_(None)
)
_ENTRIES = (
    select(
        schema.entries.c.exchange_id, schema.places.c.pointer, schema.entries.c.mark, schema.entries.c.source,
        schema.entries.c.note, schema.entries.c.by, schema.entries.c.attachment,
    )
    .join(schema.places, schema.places.c.id == schema.entries.c.place_id)
    .where(schema.entries.c.exchange_id.in_(_OUTSIDE))
)  # fmt: skip


def _select_typed(figures: Table) -> Select[Any]:
    """Select the typed figures of a run that are, or that once were."""
    return (
        select(*facts_of(figures))
        .select_from(schema.series)
        .join(figures, figures.c.series_id == schema.series.c.id)
        .join(schema.places, schema.places.c.id == figures.c.place_id)
        .where(schema.series.c.origin != "api", figures.c.exchange_id.in_(_OUTSIDE))
    )


def facts_of(figures: Table) -> list[Any]:
    """Return the columns of a figure that are tallied: what it is of, what it says, and where it stands.

    Kind and decimals are the measure's own and not repeated; whose it is its exchange tells.
    """
    series = schema.series.c
    return [
        series.measure, series.definition, series.about, series.origin, series.precision, figures.c.at,
        figures.c.value, figures.c.upto, figures.c.exchange_id, schema.places.c.pointer,
    ]  # fmt: skip


def _columns(table: Table, *left_out: str) -> list[Any]:
    return [column for column in table.columns if column.name not in left_out]


# A snapshot's account changes when two entries of one account are joined; who held it says nothing; `reduced_at` comes
# when the platform's terms ask for it. Of an exchange nothing changes once its run is over.
_PARTS: dict[str, tuple[Select[Any], ...]] = {
    "run": (select(schema.runs).where(schema.runs.c.id == _RUN),),
    "exchanges": (select(schema.exchanges).where(schema.exchanges.c.run_id == _RUN),),
    "snapshots": (
        select(*_columns(schema.snapshots, "account_id", "claimed_by", "lease_until", "reduced_at")).where(
            schema.snapshots.c.run_id == _RUN
        ),
    ),
    "entries": (_ENTRIES,),
}
_TYPED = tuple(_select_typed(figures) for figures in (schema.readings, schema.replaced))
IS_RUNNING = select(schema.snapshots.c.id).where(
    schema.snapshots.c.run_id == schema.runs.c.id, schema.snapshots.c.outcome == "running"
)
_LAST_LINK = select(schema.digests).order_by(schema.digests.c.number.desc()).limit(1)
_UNTIED = (
    select(schema.runs.c.id, schema.runs.c.finished_at, schema.runs.c.started_at)
    .outerjoin(schema.digests, schema.digests.c.run_id == schema.runs.c.id)
    .where(
        schema.digests.c.run_id.is_(None),
        (schema.runs.c.id > bindparam("first")) | (schema.runs.c.id == _RUN),
        ~IS_RUNNING.exists(),
    )
    .order_by(schema.runs.c.id)
)
_FIRST_LINK = select(schema.digests.c.run_id).order_by(schema.digests.c.number).limit(1)


def contents_of(connection: Connection, run_id: int) -> str:
    """Return the tallies of what a run stored, as the store has it now. Those of collected figures stand with the
    snapshots, made in the moment in which they were stored."""
    told: dict[str, str] = {}
    for kind, finds in (*_PARTS.items(), ("typed", _TYPED)):
        tally = Tally()
        if kind != "typed" or not told["entries"].startswith("0:"):  # seeking typed figures costs more than it may
            for find in finds:
                tally.add(connection.execute(find, {"run": run_id}))
        told[kind] = str(tally)
    return _encode(told)


def tie(connection: Connection, run_id: int, at: datetime) -> None:
    """Tie a run that is over to the chain, and with it those before it that ended without a word."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE digests IN EXCLUSIVE MODE"))  # two ends at once would be two chains
    first = connection.execute(_FIRST_LINK).scalar()
    left_over = to_ms(at - _LEFT_OVER)
    for run in connection.execute(_UNTIED, {"run": run_id, "first": first if first is not None else run_id}).all():
        if run.finished_at is not None or run.started_at <= left_over:
            _append(connection, run.id, to_ms(at))


def _append(connection: Connection, run_id: int, at: int) -> None:
    last = connection.execute(_LAST_LINK).first()
    number, before = (last.number + 1, last.sha256) if last is not None else (1, "")
    link = Link(run_id, number, contents_of(connection, run_id), "", at)
    connection.execute(
        insert(schema.digests).values(
            run_id=run_id, number=number, contents=link.contents, sha256=link.digest_after(before), made_at=at
        )
    )


def list_links(connection: Connection) -> Iterator[Link]:
    """Yield the links of the chain, the oldest first."""
    links, runs = schema.digests, schema.runs
    find = (
        select(links, runs.c.trigger, runs.c.started_at)
        .outerjoin(runs, runs.c.id == links.c.run_id)
        .order_by(links.c.number)
        .execution_options(yield_per=1000)
    )
    with connection.execute(find) as rows:
        for row in rows:
            yield Link(
                row.run_id, row.number, row.contents, row.sha256, row.made_at, row.trigger or "", row.started_at or 0
            )


def count_unlinked(connection: Connection) -> tuple[int, int]:
    """Return how many runs are from before the chain, and how many that have ended since are not in it."""
    runs = schema.runs
    first = connection.execute(_FIRST_LINK).scalar()
    untied = select(func.count()).select_from(runs).where(runs.c.id.not_in(select(schema.digests.c.run_id)))
    if first is None:
        return connection.execute(untied).scalar_one(), 0
    before = connection.execute(untied.where(runs.c.id < first)).scalar_one()
    ended = untied.where(runs.c.id >= first, runs.c.finished_at.is_not(None), ~IS_RUNNING.exists())
    return before, connection.execute(ended).scalar_one()
