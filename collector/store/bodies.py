"""Bodies: the bytes of answers, each kept once, and what is left of one when its time is over.

Some platforms let whole answers be kept for some days only. Then a body is *reduced* to what stood at the places that
readings and gaps cite; its hash and all that its exchanges say stay. A body belongs to every exchange that had the
same bytes as its answer: it is reduced when the time of all of them is over, and is whole again when it comes again.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Select, Table, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import from_ms, to_ms

Cite = Callable[[bytes, Collection[str]], Mapping[str, object]]
"""Returns what stands at some places of a body, by their pointers."""

_BATCH = 5_000  # exchanges; each batch is one walk over the readings of their accounts


@dataclass(frozen=True, slots=True)
class Owner:
    """The exchanges of one account that share a body. `account_id` is None for those outside any snapshot."""

    account_id: int | None
    platform: str
    exchanges: int
    newest: datetime
    is_read: bool


def keep_body(connection: Connection, body: bytes) -> str:
    """Keep a body, once; one that was reduced is whole again. Returns its hash."""
    digest, table = sha256(body).hexdigest(), schema.bodies
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    packed = zlib.compress(body, 6)
    statement = dialect.insert(table).values(sha256=digest, size=len(body), packed=packed, crc=zlib.crc32(packed))
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["sha256"],
            set_={"packed": statement.excluded.packed, "crc": statement.excluded.crc, "reduced_at": None},
            where=table.c.reduced_at.is_not(None),
        )
    )
    return digest


def unpack(packed: bytes | None, reduced_at: int | None) -> tuple[bytes | None, Mapping[str, object] | None]:
    """Return a body's bytes while it is whole, and what is left of it once it was reduced."""
    if packed is None:
        return None, None
    unpacked = zlib.decompress(packed)
    return (unpacked, None) if reduced_at is None else (None, json.loads(unpacked))


class Bodies:
    """Finds the bodies whose time is over and reduces them, one transaction each."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_over(self, account_id: int, before: datetime, most: int | None) -> tuple[int, ...]:
        """Return an account's oldest ended snapshots with all answers from before a moment, not gone through yet."""
        table, asked = schema.snapshots, schema.exchanges
        later = select(asked.c.id).where(asked.c.snapshot_id == table.c.id, asked.c.sent_at >= to_ms(before))
        find = (
            select(table.c.id)
            .where(
                table.c.account_id == account_id, table.c.started_at < to_ms(before),
                table.c.finished_at.is_not(None), table.c.reduced_at.is_(None), ~later.exists(),
            )
            .order_by(table.c.started_at, table.c.id)
            .limit(most)
        )  # fmt: skip
        with self._store.read() as connection:
            return tuple(connection.execute(find).scalars())

    def mark(self, snapshots: Collection[int], at: datetime) -> None:
        """Remember that snapshots were gone through."""
        table = schema.snapshots
        with self._store.write() as connection:
            connection.execute(update(table).where(table.c.id.in_(snapshots)).values(reduced_at=to_ms(at)))

    def list_whole(self, snapshots: Collection[int]) -> tuple[str, ...]:
        """Return the hashes of the bodies of some snapshots that are whole."""
        return self._digests(select(schema.exchanges.c.body).where(schema.exchanges.c.snapshot_id.in_(snapshots)))

    def list_whole_outside(self, platform: str, before: datetime, most: int | None) -> tuple[str, ...]:
        """Return the hashes of whole bodies that a platform answered outside any snapshot before a moment."""
        table, runs = schema.exchanges, schema.runs
        return self._digests(
            select(table.c.body)
            .join(runs, runs.c.id == table.c.run_id)
            .where(
                runs.c.trigger == "check", table.c.snapshot_id.is_(None), table.c.platform == platform,
                table.c.sent_at < to_ms(before),
            )
            .limit(most)
        )  # fmt: skip

    def list_dates(self, most: int) -> tuple[str, ...]:
        """Return the moments that platforms named in their newest answers, as they wrote them."""
        table = schema.exchanges
        find = select(table.c.headers).where(table.c.headers.contains('"date": ')).order_by(table.c.id.desc())
        with self._store.read() as connection:
            rows = connection.execute(find.limit(most)).scalars()
            return tuple(str(json.loads(headers).get("date", "")) for headers in rows)

    def list_sizes(self, digests: Collection[str]) -> dict[str, int]:
        """Return by a body's hash how many bytes it takes as it lies there."""
        table = schema.bodies
        find = select(table.c.sha256, func.length(table.c.packed).label("size")).where(table.c.sha256.in_(digests))
        with self._store.read() as connection:
            return {row.sha256: row.size for row in connection.execute(find)}

    def list_owners(self, digests: Collection[str]) -> dict[str, list[Owner]]:
        """Return by a body's hash whose it is."""
        table, snapshots = schema.exchanges, schema.snapshots
        find = (
            select(
                table.c.body, snapshots.c.account_id, table.c.platform, func.count().label("exchanges"),
                func.max(table.c.sent_at).label("newest"), func.count(table.c.read_at).label("read"),
            )
            .outerjoin(snapshots, snapshots.c.id == table.c.snapshot_id)
            .where(table.c.body.in_(digests))
            .group_by(table.c.body, snapshots.c.account_id, table.c.platform)
        )  # fmt: skip
        owners: dict[str, list[Owner]] = defaultdict(list)
        with self._store.read() as connection:
            for row in connection.execute(find):
                is_read = row.account_id is None or row.read == row.exchanges  # nobody reads a check's answer again
                owner = Owner(row.account_id, row.platform, row.exchanges, from_ms(row.newest), is_read)
                owners[row.body].append(owner)
        return owners

    def list_cited(self, digests: Collection[str]) -> dict[str, set[str]]:
        """Return by a body's hash the places in it that readings, what they were before, and gaps cite.

        What was read is read once: nothing can come to cite it later.
        """
        table, snapshots = schema.exchanges, schema.snapshots
        find = (
            select(table.c.id, table.c.body, snapshots.c.account_id)
            .join(snapshots, snapshots.c.id == table.c.snapshot_id)
            .where(table.c.body.in_(digests))
        )
        cited: dict[str, set[str]] = defaultdict(set)
        with self._store.read() as connection:
            rows = connection.execute(find).all()
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                bodies = {row.id: row.body for row in batch}
                for exchange, pointer in _citations(connection, {row.account_id for row in batch}, bodies):
                    cited[bodies[exchange]].add(pointer)
        return cited

    def reduce(self, digest: str, exchanges: int, places: Collection[str], cite: Cite, at: datetime) -> bool:
        """Reduce a body to what it holds at some places.

        Returns False, and does nothing, where it was reduced meanwhile or is of another number of exchanges by now; and
        where it is damaged: what was made of it would look as good as the rest.
        """
        table, asked = schema.bodies, schema.exchanges.c.body
        find = select(table.c.packed).where(table.c.sha256 == digest, table.c.reduced_at.is_(None))
        with self._store.write() as connection:
            packed = connection.execute(find.with_for_update()).scalar()
            count = connection.execute(select(func.count()).where(asked == digest)).scalar()
            body = _unpack_sound(packed, digest) if packed is not None else None
            if body is None or count != exchanges:
                return False
            left = zlib.compress(json.dumps(cite(body, places), sort_keys=True).encode(), 6)
            connection.execute(
                update(table)
                .where(table.c.sha256 == digest)
                .values(packed=left, crc=zlib.crc32(left), reduced_at=to_ms(at))
            )
            return True

    def _digests(self, asked: Select[tuple[str | None]]) -> tuple[str, ...]:
        table = schema.bodies
        find = select(table.c.sha256).where(table.c.sha256.in_(asked), table.c.reduced_at.is_(None))
        with self._store.read() as connection:
            return tuple(connection.execute(find.order_by(table.c.sha256)).scalars())


def _unpack_sound(packed: bytes, digest: str) -> bytes | None:
    try:
        body = zlib.decompress(packed)
    except zlib.error:
        return None
    return body if sha256(body).hexdigest() == digest else None


def _citations(
    connection: Connection, accounts: Collection[int], exchanges: Collection[int]
) -> Iterator[tuple[int, str]]:
    """Yield exchange and pointer of each place that the figures of some accounts cite."""
    places, gaps, series = schema.places, schema.gaps, schema.series
    finds = [
        select(table.c.exchange_id, places.c.pointer)
        .join(series, series.c.id == table.c.series_id)
        .join(places, places.c.id == table.c.place_id)
        .where(series.c.account_id.in_(accounts), table.c.exchange_id.in_(exchanges))
        for table in _FIGURES
    ]
    finds.append(
        select(gaps.c.exchange_id, places.c.pointer)
        .join(places, places.c.id == gaps.c.place_id)
        .where(gaps.c.account_id.in_(accounts), gaps.c.exchange_id.in_(exchanges))
    )
    for find in finds:
        yield from ((row.exchange_id, row.pointer) for row in connection.execute(find.distinct()))


_FIGURES: Iterable[Table] = (schema.readings, schema.replaced)
