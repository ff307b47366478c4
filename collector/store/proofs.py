"""Reading all that is kept, to be proven: as it was at one moment, and never more of it in memory than one snapshot.

Figures are sorted by the snapshot whose answers they stand in, so that each answer is opened once. Where the database
is damaged it raises StoreError; what was read before that holds.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    CursorResult,
    Row,
    Select,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from collector.store import schema
from collector.store.among import among
from collector.store.digests import Link, contents_of, count_unlinked, list_links
from collector.store.engine import Store, plain_faults

OUTSIDE = 0
"""Stands for the snapshot of answers that belong to none: typed figures, and answers to who an account is."""

_MOST_REMEMBERED = 200_000  # series and places; an office has some thousands


@dataclass(frozen=True, slots=True)
class Answer:
    """An exchange as it lies there: its body is neither unpacked nor checked. `held` says if the body is there."""

    id: int
    run_id: int
    snapshot_id: int | None
    step: int
    platform: str
    request: str
    status: int
    headers: str
    sent_at: int
    sha256: str | None
    held: bool
    size: int
    packed: bytes
    crc: int | None
    reduced_at: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot that has ended."""

    id: int
    run_id: int
    account_id: int
    platform: str
    assignment: str
    outcome: str
    started_at: int
    tally: str | None
    program: str


@dataclass(frozen=True, slots=True)
class About:
    """What a series is of."""

    account_id: int
    measure: str
    definition: int
    about: str
    origin: str
    precision: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A reading, or what one was before it was replaced."""

    exchange_id: int
    series_id: int
    at: int
    value: int
    upto: int | None
    place_id: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A gap as it is kept, with the answer that tells of it."""

    exchange_id: int
    account_id: int
    measure: str
    about: str
    from_at: int
    to_at: int
    reason: str
    note: str
    place_id: int | None


T = TypeVar("T")


class Grouped(Generic[T]):
    """Rows that come sorted by a number, given out by that number in rising order."""

    def __init__(self, rows: Iterable[tuple[int, T]]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next: tuple[int, list[T]] | None = None

    def of(self, number: int) -> list[T]:
        """Return the rows of a number; those of smaller ones are passed over."""
        while self._next is None or self._next[0] < number:
            here = next(self._groups, None)
            if here is None:
                return []
            self._next = here[0], [row for _, row in here[1]]
        return self._next[1] if self._next[0] == number else []


_BODY = (
    schema.bodies.c.sha256.label("held"), schema.bodies.c.size, schema.bodies.c.packed, schema.bodies.c.crc,
    schema.bodies.c.reduced_at,
)  # fmt: skip
_ANSWERS = select(schema.exchanges, *_BODY).outerjoin(schema.bodies, schema.bodies.c.sha256 == schema.exchanges.c.body)
_OF_SNAPSHOT = _ANSWERS.where(schema.exchanges.c.snapshot_id == bindparam("snapshot")).order_by(
    schema.exchanges.c.step, schema.exchanges.c.attempt, schema.exchanges.c.id
)
_OUTSIDE_ANY = _ANSWERS.where(schema.exchanges.c.snapshot_id.is_(None)).order_by(schema.exchanges.c.id)
_TAKEN = (
    select(schema.snapshots, schema.accounts.c.platform, schema.runs.c.program)
    .join(schema.accounts, schema.accounts.c.id == schema.snapshots.c.account_id)
    .join(schema.runs, schema.runs.c.id == schema.snapshots.c.run_id)
    .where(schema.snapshots.c.outcome != "running")
    .order_by(schema.snapshots.c.id)
)
_SERIES = select(schema.series).where(among(schema.series.c.id, "numbers"))
_PLACES = select(schema.places).where(among(schema.places.c.id, "numbers"))
_ACCOUNT: BindParameter[int] = bindparam("account")
_SERIES_OF = select(schema.series).where(
    schema.series.c.account_id == _ACCOUNT, among(schema.series.c.measure, "measures"),
    among(schema.series.c.about, "abouts"), schema.series.c.origin == "api",
)  # fmt: skip


def _select_facts() -> Select[Any]:
    """Select what was ever stored as a figure, by the snapshot and then the exchange that it stands in."""
    every = union_all(
        *(
            select(table.c.series_id, table.c.at, table.c.value, table.c.upto, table.c.exchange_id, table.c.place_id)
            for table in (schema.readings, schema.replaced)
        )
    ).subquery()
    asked = schema.exchanges
    snapshot = func.coalesce(asked.c.snapshot_id, literal(OUTSIDE)).label("snapshot")
    return (
        select(snapshot, every).join(asked, asked.c.id == every.c.exchange_id).order_by(snapshot, every.c.exchange_id)
    )


def _select_missed() -> Select[Any]:
    gaps, asked = schema.gaps, schema.exchanges
    return select(asked.c.snapshot_id, gaps).join(asked, asked.c.id == gaps.c.exchange_id).order_by(asked.c.snapshot_id)


def _select_said() -> Select[Any]:
    """Select what some series say and said between two moments or days."""
    parts = (
        select(table.c.series_id, table.c.at, table.c.value, table.c.upto).where(
            among(table.c.series_id, "numbers"), table.c.at.between(bindparam("first"), bindparam("last"))
        )
        for table in (schema.readings, schema.replaced)
    )
    return select(union_all(*parts).subquery())


_FACTS, _MISSED, _SAID = _select_facts(), _select_missed(), _select_said()


@contextmanager
def open_proofs(store: Store) -> Iterator["Proofs"]:
    """Read the store as it is at this moment."""
    with store.examine() as connection:
        proofs = Proofs(store, connection)
        try:
            yield proofs
        finally:
            proofs.close()


class Proofs:
    """The reader of everything."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store, self._connection = store, connection
        self._series: dict[int, About] = {}
        self._places: dict[int, str] = {}
        self._reading: set[CursorResult[Any]] = set()

    def close(self) -> None:
        """Let go of what was not read to its end."""
        for result in self._reading:
            result.close()

    def count_taken(self) -> int:
        """Return how many snapshots have ended."""
        table = schema.snapshots
        return int(self._one(select(func.count()).where(table.c.outcome != "running")))

    def list_taken(self) -> Iterator[Taken]:
        """Yield the snapshots that have ended, the oldest first."""
        for row in self._rows(_TAKEN, most=100):
            yield Taken(
                row.id, row.run_id, row.account_id, row.platform, row.assignment, row.outcome, row.started_at,
                row.tally, row.program,
            )  # fmt: skip

    def list_answers(self, snapshot_id: int) -> list[Answer]:
        """Return all exchanges of a snapshot in the order asked."""
        return [_answer(row) for row in self._rows(_OF_SNAPSHOT, snapshot=snapshot_id)]

    def list_outside(self) -> Iterator[Answer]:
        """Yield the exchanges that belong to no snapshot."""
        return (_answer(row) for row in self._rows(_OUTSIDE_ANY, most=20))

    def list_facts(self) -> Iterator[tuple[int, Fact]]:
        """Yield all figures by the snapshot (`OUTSIDE` first) and then the exchange that they stand in."""
        for row in self._rows(_FACTS):
            yield row.snapshot, Fact(row.exchange_id, row.series_id, row.at, row.value, row.upto, row.place_id)

    def list_missed(self) -> Iterator[tuple[int, Missed]]:
        """Yield the gaps that answers tell of, by their snapshot."""
        for row in self._rows(_MISSED):
            yield row.snapshot_id or OUTSIDE, Missed(
                row.exchange_id, row.account_id, row.measure, row.about, row.from_at, row.to_at, row.reason, row.note,
                row.place_id,
            )  # fmt: skip

    def learn(self, facts: Iterable[Fact], missed: Iterable[Missed] = ()) -> None:
        """Look up what some figures are of and where they stand, all at once."""
        if len(self._series) + len(self._places) > _MOST_REMEMBERED:
            self._series.clear()
            self._places.clear()
        series: set[int] = set()
        places = {one.place_id for one in missed if one.place_id is not None}
        for fact in facts:
            series.add(fact.series_id)
            places.add(fact.place_id)
        unknown = series - self._series.keys()
        if unknown:
            for row in self._rows(_SERIES, numbers=unknown):
                self._series[row.id] = About(
                    row.account_id, row.measure, row.definition, row.about, row.origin, row.precision, row.decimals
                )
        nowhere = places - self._places.keys()
        if nowhere:
            self._places.update({row.id: row.pointer for row in self._rows(_PLACES, numbers=nowhere)})

    def about(self, series_id: int) -> About | None:
        """Return what a series is of, None where it is not there. It was learnt before."""
        return self._series.get(series_id)

    def pointer(self, place_id: int | None) -> str | None:
        """Return where a place points, None where it is not there. It was learnt before."""
        return self._places.get(place_id) if place_id is not None else None

    def list_said(
        self, account_id: int, measures: Collection[str], abouts: Collection[str], first: int, last: int
    ) -> set[tuple[object, ...]]:
        """Return all that an account's collected figures say or said of some `at`s: measure, definition, about,
        precision, at, value and upper end."""
        found = self._rows(_SERIES_OF, account=account_id, measures=measures, abouts=abouts)
        series = {row.id: (row.measure, row.definition, row.about, row.precision) for row in found}
        said = self._rows(_SAID, numbers=series.keys(), first=first, last=last)
        return {(*series[row.series_id], row.at, row.value, row.upto) for row in said}

    def list_gaps(self, account_id: int, first: int, last: int) -> dict[tuple[object, ...], tuple[object, ...]]:
        """Return an account's gaps that begin between two moments or days: by measure, about and ends what each says,
        and which exchange told it."""
        table = schema.gaps
        find = select(table).where(table.c.account_id == account_id, table.c.from_at.between(first, last))
        return {
            (row.measure, row.about, row.from_at, row.to_at): (row.reason, row.note, row.exchange_id)
            for row in self._rows(find)
        }

    def list_covered(self, account_id: int, first: int, last: int) -> set[tuple[str, int, int]]:
        """Return the measure and the days of all that was answered of an account from a day to another."""
        table = schema.coverage
        find = select(table.c.measure, table.c.first_day, table.c.last_day).where(
            table.c.account_id == account_id, table.c.first_day.between(first, last)
        )
        return {(row.measure, row.first_day, row.last_day) for row in self._rows(find)}

    def list_posts(self, account_id: int, posts: Collection[str]) -> set[str]:
        """Return those posts of an account that are there."""
        table = schema.posts
        find = select(table.c.post_id).where(table.c.account_id == account_id, among(table.c.post_id, "posts"))
        return {row.post_id for row in self._rows(find, posts=posts)}

    def list_links(self) -> Iterator[tuple[Link, str]]:
        """Yield the chain's links, the oldest first, with what each run's tallies come to now."""
        with plain_faults(self._store):
            for link in list_links(self._connection):
                yield link, contents_of(self._connection, link.run_id)

    def count_unlinked(self) -> tuple[int, int]:
        """Return how many runs are from before the chain, and how many that have ended since are not in it."""
        with plain_faults(self._store):
            return count_unlinked(self._connection)

    def _rows(self, find: Select[Any], *, most: int = 2_000, **values: object) -> Iterator[Row[Any]]:
        with plain_faults(self._store):
            result = self._connection.execute(find.execution_options(yield_per=most), values)
            self._reading.add(result)
            yield from result
            self._reading.discard(result)

    def _one(self, find: Select[Any]) -> Any:  # noqa: ANN401 - whatever is asked for
        with plain_faults(self._store):
            return self._connection.execute(find).scalar()


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        row.id, row.run_id, row.snapshot_id, row.step, row.platform, row.request, row.status, row.headers,
        row.sent_at, row.body, row.held is not None, row.size or 0, row.packed or b"", row.crc, row.reduced_at,
    )  # fmt: skip
