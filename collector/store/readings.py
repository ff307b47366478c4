"""Writing readings, gaps, coverage and posts: idempotent, by the thousand, inside the caller's transaction.

A reading is identified by its series and its `at`. Met again with an equal value it changes nothing; with another
value the old one moves to `replaced` and the new one takes its place. So a day read twice is never doubled, and what
was once reported can always be found again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, tuple_, update

from collector.store import schema
from collector.store.records import Stored, to_day_number, to_ms
from collector.store.rows import insert_many, insert_new
from collector.store.sums import month_of, recompute
from connectors.kit import Coverage, Gap, Kind, Measure, Moment, Post, Reading, Subject
from connectors.kit.metrics import DAY
from connectors.kit.observations import When

_BATCH = 400

_Row = Mapping[str, int | None]
_Key = tuple[int, int]  # series and at


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """What makes a line of readings one line."""

    account_id: int
    measure: str
    definition: int
    about: str
    origin: str
    precision: str


def series_key(account_id: int, reading: Reading, origin: str, precision: str) -> SeriesKey:
    """Return the series that a reading belongs to. Its definition is the one in force on its last day."""
    version = reading.measure.version(last_day(reading.when))
    return SeriesKey(account_id, reading.measure.key, version, reading.about, origin, precision)


def last_day(when: When) -> date:
    """Return the day by which a figure is dated: a span's last day, a moment's UTC day."""
    return when.at.date() if isinstance(when, Moment) else when.last


def at_of(when: When) -> int:
    """Return `at` as stored: milliseconds of a moment, the day number of a span's last day."""
    return to_ms(when.at) if isinstance(when, Moment) else to_day_number(when.last)


class ReadingWriter:
    """Writes what one transaction observed. Make one per transaction: what it interned may yet be rolled back."""

    def __init__(self, connection: Connection, recorded_at: datetime) -> None:
        self._connection = connection
        self._recorded_at = to_ms(recorded_at)
        self._places: dict[str, int] = {}
        self._series: dict[SeriesKey, int] = {}

    def write_readings(
        self, account_id: int, readings: Iterable[Reading], *, origin: str = "api", precision: str | None = None
    ) -> Stored:
        """Store readings of one account. `precision` is of typed moments; else instants, and days for spans."""
        wanted = list(readings)
        keys = {
            id(reading): series_key(
                account_id, reading, origin, precision or ("instant" if isinstance(reading.when, Moment) else "day")
            )
            for reading in wanted
        }
        self.intern_places({reading.place.pointer for reading in wanted})
        self._intern_series({keys[id(reading)]: reading.measure for reading in wanted})
        rows: dict[_Key, _Row] = {}
        for reading in wanted:  # a later answer of the same snapshot about the same thing is the one that stands
            key = (self._series[keys[id(reading)]], at_of(reading.when))
            rows[key] = {
                "series_id": key[0],
                "at": key[1],
                "value": reading.value,
                "upto": reading.upto,
                "exchange_id": reading.place.exchange,
                "place_id": self._places[reading.place.pointer],
            }
        summed = {
            self._series[keys[id(reading)]]
            for reading in wanted
            if reading.measure.kind is Kind.FLOW and reading.measure.span == DAY
        }
        new, changed = self._upsert(rows)
        recompute(self._connection, [(one, month_of(at)) for one, at in (*new, *changed) if one in summed])
        self._close_gaps(account_id, wanted)
        return Stored(len(new), len(changed))

    def write_gaps(self, account_id: int, gaps: Iterable[Gap]) -> None:
        """Store gaps; one that is there already gets the newest reason and is open again."""
        wanted = list(gaps)
        self.intern_places({gap.place.pointer for gap in wanted if gap.place is not None})
        rows: dict[tuple[object, ...], dict[str, object]] = {}
        for gap in wanted:
            start, end = self._span(gap)
            rows[(gap.measure.key, gap.about, start, end)] = {
                "account_id": account_id,
                "measure": gap.measure.key,
                "about": gap.about,
                "from_at": start,
                "to_at": end,
                "reason": str(gap.reason),
                "note": gap.note,
                "exchange_id": gap.place.exchange if gap.place is not None else None,
                "place_id": self._places[gap.place.pointer] if gap.place is not None else None,
                "recorded_at": self._recorded_at,
                "closed_at": None,
            }
        insert_new(
            self._connection, schema.gaps, list(rows.values()),
            reason=True, note=True, exchange_id=True, place_id=True, recorded_at=True, closed_at=True,
        )  # fmt: skip

    def write_coverage(self, account_id: int, covered: Iterable[Coverage]) -> None:
        """Store which days were answered; the same days answered again are dated by the newest answer."""
        rows = {
            (one.measure.key, one.days): {
                "account_id": account_id,
                "measure": one.measure.key,
                "first_day": to_day_number(one.days.first),
                "last_day": to_day_number(one.days.last),
                "exchange_id": one.place.exchange,
                "answered_at": self._recorded_at,
            }
            for one in covered
        }
        insert_new(self._connection, schema.coverage, list(rows.values()), exchange_id=True, answered_at=True)

    def write_posts(self, account_id: int, seen: Iterable[Post]) -> None:
        """Store posts that were seen, with their newest title and link."""
        rows = {
            post.id: {
                "account_id": account_id,
                "post_id": post.id,
                "created_at": to_ms(post.created_at),
                "kind": post.kind,
                "title": post.title,
                "link": post.link,
                "first_seen": self._recorded_at,
                "last_seen": self._recorded_at,
            }
            for post in seen
        }
        insert_new(self._connection, schema.posts, list(rows.values()), title=True, link=True, last_seen=True)

    def _span(self, gap: Gap) -> tuple[int, int]:
        if isinstance(gap.when, Moment):
            return to_ms(gap.when.at), to_ms(gap.when.at)
        return to_day_number(gap.when.first), to_day_number(gap.when.last)

    def intern_places(self, pointers: set[str]) -> Mapping[str, int]:
        """Return the numbers of places by their pointers; new ones are added."""
        unknown = sorted(pointers - self._places.keys())
        table = schema.places
        for start in range(0, len(unknown), _BATCH):
            batch = unknown[start : start + _BATCH]
            find = select(table.c.pointer, table.c.id).where(table.c.pointer.in_(batch))
            found = {row.pointer: row.id for row in self._connection.execute(find)}
            missing = [{"pointer": pointer} for pointer in batch if pointer not in found]
            if missing:
                insert_new(self._connection, table, missing)
                found = {row.pointer: row.id for row in self._connection.execute(find)}
            self._places.update(found)
        return self._places

    def _intern_series(self, wanted: dict[SeriesKey, Measure]) -> None:
        table = schema.series
        accounts = {key.account_id for key in wanted if key not in self._series}
        measures = {key.measure for key in wanted if key not in self._series}
        if not accounts:
            return
        find = select(table).where(table.c.account_id.in_(accounts), table.c.measure.in_(measures))
        self._series.update(self._find_series(find))
        missing = [
            {
                "account_id": key.account_id,
                "measure": key.measure,
                "definition": key.definition,
                "about": key.about,
                "origin": key.origin,
                "precision": key.precision,
                "kind": str(measure.kind),
                "decimals": measure.places,
            }
            for key, measure in wanted.items()
            if key not in self._series
        ]
        if missing:
            insert_new(self._connection, table, missing)
            self._series.update(self._find_series(find))

    def _find_series(self, find: Select[Any]) -> dict[SeriesKey, int]:
        return {
            SeriesKey(row.account_id, row.measure, row.definition, row.about, row.origin, row.precision): row.id
            for row in self._connection.execute(find)
        }

    def _upsert(self, rows: dict[_Key, _Row]) -> tuple[list[_Key], list[_Key]]:
        """Insert what is new and replace what differs. Returns the keys of both."""
        table = schema.readings
        current: dict[_Key, _Row] = {}
        keys = list(rows)
        for start in range(0, len(keys), _BATCH):
            find = select(table).where(tuple_(table.c.series_id, table.c.at).in_(keys[start : start + _BATCH]))
            current.update(
                {(row["series_id"], row["at"]): dict(row) for row in self._connection.execute(find).mappings()}
            )
        new = [key for key in rows if key not in current]
        changed = [
            key
            for key, row in rows.items()
            if key in current and (row["value"], row["upto"]) != (current[key]["value"], current[key]["upto"])
        ]
        if new:
            insert_many(self._connection, table, [rows[key] for key in new])
        if changed:
            self._replace([(current[key], rows[key]) for key in changed])
        return new, changed

    def _replace(self, pairs: list[tuple[_Row, _Row]]) -> None:
        table = schema.readings
        old = [
            {**before, "replaced_by": after["exchange_id"], "replaced_at": self._recorded_at} for before, after in pairs
        ]
        insert_new(self._connection, schema.replaced, old, replaced_by=True, replaced_at=True)
        self._connection.execute(
            update(table)
            .where(table.c.series_id == bindparam("old_series"), table.c.at == bindparam("old_at"))
            .values({name: bindparam(f"new_{name}") for name in ("value", "upto", "exchange_id", "place_id")}),
            [
                {
                    "old_series": after["series_id"],
                    "old_at": after["at"],
                    **{f"new_{name}": after[name] for name in ("value", "upto", "exchange_id", "place_id")},
                }
                for _, after in pairs
            ],
        )

    def _close_gaps(self, account_id: int, readings: Sequence[Reading]) -> None:
        """Close the gaps whose days all have a reading now. A gap of a moment stays: that moment had none.

        A gap about a whole dimension ("country"), or about no post in particular, is filled by any of its members.
        """
        table = schema.gaps
        filled = {
            (reading.measure.key, about, at_of(reading.when))
            for reading in readings
            if not isinstance(reading.when, Moment)
            for about in _whole_of(reading)
        }
        if not filled:
            return
        open_gaps = self._connection.execute(
            select(table.c.measure, table.c.about, table.c.from_at, table.c.to_at).where(
                table.c.account_id == account_id,
                table.c.closed_at.is_(None),
                table.c.measure.in_({measure for measure, _, _ in filled}),
            )
        ).all()
        for gap in open_gaps:
            days = _days_of(gap.measure, gap.from_at, gap.to_at)
            is_touched = any((gap.measure, gap.about, day) in filled for day in days)
            if is_touched and self._count_days(account_id, gap.measure, gap.about, days) == len(days):
                self._connection.execute(
                    update(table)
                    .where(
                        table.c.account_id == account_id, table.c.measure == gap.measure, table.c.about == gap.about,
                        table.c.from_at == gap.from_at, table.c.to_at == gap.to_at,
                    )
                    .values(closed_at=self._recorded_at)
                )  # fmt: skip

    def _count_days(self, account_id: int, measure: str, about: str, days: range) -> int:
        """Return how many of some days have a reading, of whichever definition and origin."""
        series, readings = schema.series, schema.readings
        find = (
            select(func.count(readings.c.at.distinct()))
            .join(series, series.c.id == readings.c.series_id)
            .where(
                series.c.account_id == account_id, series.c.measure == measure,
                readings.c.at.between(days[0], days[-1]),
            )
        )  # fmt: skip
        if f":{Subject.ACCOUNT}:" in measure:
            find = find.where(series.c.about == about)
        elif about:
            find = find.where((series.c.about == about) | series.c.about.startswith(f"{about}:", autoescape=True))
        return self._connection.execute(find).scalar_one()


def _whole_of(reading: Reading) -> set[str]:
    """Return what a gap may be about that this reading belongs to: itself, its dimension, or all of its subject."""
    if reading.measure.subject is Subject.ACCOUNT:
        return {reading.about}
    return {reading.about, reading.about.partition(":")[0], ""}


def _days_of(measure: str, first: int, last: int) -> range:
    """Return the `at`s whose readings fill a gap: every day of daily figures, the last day of a window or period."""
    return range(first if measure.endswith(":day") else last, last + 1)
