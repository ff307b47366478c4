"""Writing readings, gaps, coverage and posts: idempotent, by the thousand, inside the caller's transaction.

A reading is identified by its series and its `at`. Met again with an equal value it changes nothing; with another
value the old one moves to `replaced` and the new one takes its place. So a day read twice is never doubled, and what
was once reported can always be found again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from collector.store import schema
from collector.store.among import among
from collector.store.digests import Tally
from collector.store.interning import Interned, SeriesKey
from collector.store.records import Stored, to_day_number, to_ms
from collector.store.rows import insert_many, insert_new
from collector.store.sums import month_of, recompute
from connectors.kit import Coverage, Gap, Kind, Moment, Post, Reading, Subject
from connectors.kit.metrics import DAY
from connectors.kit.observations import When

_LAST_DAY_NUMBER = 10_000_000  # an `at` beyond is a moment's: milliseconds pass that within three hours of 1970

_Key = tuple[int, int]  # series and at

_FIND_READINGS = select(schema.readings).where(
    among(schema.readings.c.series_id, "series"), schema.readings.c.at.between(bindparam("first"), bindparam("last"))
)
_REPLACE_READING = (
    update(schema.readings)
    .where(schema.readings.c.series_id == bindparam("old_series"), schema.readings.c.at == bindparam("old_at"))
    .values({name: bindparam(f"new_{name}") for name in ("value", "upto", "exchange_id", "place_id")})
)
_FIND_OPEN_GAPS = select(
    schema.gaps.c.measure, schema.gaps.c.about, schema.gaps.c.from_at, schema.gaps.c.to_at
).where(
    schema.gaps.c.account_id == bindparam("account"), schema.gaps.c.closed_at.is_(None),
    among(schema.gaps.c.measure, "measures"),
)  # fmt: skip


class _Row(NamedTuple):
    """A reading as stored, in the order of the table's columns."""

    series_id: int
    at: int
    value: int
    upto: int | None
    exchange_id: int
    place_id: int

    @property
    def key(self) -> _Key:
        return self.series_id, self.at

    @property
    def said(self) -> tuple[int, int | None]:
        return self.value, self.upto


def last_day(when: When) -> date:
    """Return the day by which a figure is dated: a span's last day, a moment's UTC day."""
    return when.at.date() if isinstance(when, Moment) else when.last


def at_of(when: When) -> int:
    """Return `at` as stored: milliseconds of a moment, the day number of a span's last day."""
    return to_ms(when.at) if isinstance(when, Moment) else to_day_number(when.last)


def fact_of(key: SeriesKey, reading: Reading) -> tuple[object, ...]:
    """Return what is tallied of a reading, as `digests.facts_of` selects it."""
    place = reading.place
    return (*key[1:], at_of(reading.when), reading.value, reading.upto, place.exchange, place.pointer)


class ReadingWriter:
    """Writes what one transaction observed. Make one per transaction: what it interned may yet be rolled back."""

    def __init__(
        self, connection: Connection, recorded_at: datetime, known_places: Mapping[str, int] | None = None
    ) -> None:
        self._connection = connection
        self._recorded_at = to_ms(recorded_at)
        self._interned = Interned(connection, known_places or {})
        self.tally = Tally()
        """Of the readings that were stored, new ones and changed ones."""

    @property
    def places(self) -> Mapping[str, int]:
        """The numbers of the places that were met, by their pointers."""
        return self._interned.places

    def write_readings(
        self, account_id: int, readings: Iterable[Reading], *, origin: str = "api", precision: str | None = None
    ) -> Stored:
        """Store readings of one account. `precision` is of typed moments; else instants, and days for spans."""
        wanted = list(readings)
        keys = _series_keys(account_id, wanted, origin, precision)
        places = self.intern_places({reading.place.pointer for reading in wanted})
        series_of, made = self._interned.series_of(
            {key: reading.measure for key, reading in zip(keys, wanted, strict=True)}
        )
        rows: dict[_Key, _Row] = {}
        read: dict[_Key, tuple[SeriesKey, Reading]] = {}
        summed: set[int] = set()
        for key, reading in zip(keys, wanted, strict=True):
            series, at, place = series_of[key], at_of(reading.when), reading.place
            # A later answer of the same snapshot about the same thing is the one that stands.
            rows[series, at] = _Row(series, at, reading.value, reading.upto, place.exchange, places[place.pointer])
            read[series, at] = key, reading
            if reading.measure.kind is Kind.FLOW and reading.measure.span == DAY:
                summed.add(series)
        new, changed = self._upsert(rows, made)
        self.tally.add(fact_of(*read[one]) for one in (*new, *changed))
        recompute(self._connection, [(one, month_of(at)) for one, at in (*new, *changed) if one in summed])
        self._close_gaps(account_id, wanted)
        return Stored(len(new), len(changed))

    def write_gaps(self, account_id: int, gaps: Iterable[Gap]) -> None:
        """Store gaps; one that is there already gets the newest reason and is open again."""
        wanted = list(gaps)
        places = self.intern_places({gap.place.pointer for gap in wanted if gap.place is not None})
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
                "place_id": places[gap.place.pointer] if gap.place is not None else None,
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
        return self._interned.places_of(pointers)

    def _upsert(self, rows: dict[_Key, _Row], made: set[int]) -> tuple[list[_Key], list[_Key]]:
        """Insert what is new and replace what differs. Returns the keys of both. Series just `made` have nothing."""
        current = self._find_current([key for key in rows if key[0] not in made])
        new = [key for key in rows if key not in current]
        changed = [key for key, row in rows.items() if key in current and row.said != current[key].said]
        insert_many(self._connection, schema.readings, [rows[key] for key in new])
        if changed:
            self._replace([(current[key], rows[key]) for key in changed])
        return new, changed

    def _find_current(self, keys: list[_Key]) -> dict[_Key, _Row]:
        """Return what there is of these series between the first and the last of these days, and of these moments."""
        found: dict[_Key, _Row] = {}
        days = [key for key in keys if key[1] <= _LAST_DAY_NUMBER]
        moments = [key for key in keys if key[1] > _LAST_DAY_NUMBER]
        for some in (days, moments):
            if some:
                ats = [at for _, at in some]
                rows = self._connection.execute(
                    _FIND_READINGS, {"series": {one for one, _ in some}, "first": min(ats), "last": max(ats)}
                )
                found.update({(row[0], row[1]): _Row(*row) for row in rows})
        return found

    def _replace(self, pairs: list[tuple[_Row, _Row]]) -> None:
        old = [
            {**before._asdict(), "replaced_by": after.exchange_id, "replaced_at": self._recorded_at}
            for before, after in pairs
        ]
        insert_new(self._connection, schema.replaced, old, replaced_by=True, replaced_at=True)
        self._connection.execute(
            _REPLACE_READING,
            [
                {
                    "old_series": after.series_id, "old_at": after.at, "new_value": after.value,
                    "new_upto": after.upto, "new_exchange_id": after.exchange_id, "new_place_id": after.place_id,
                }
                for _, after in pairs
            ],
        )  # fmt: skip

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
            _FIND_OPEN_GAPS, {"account": account_id, "measures": {measure for measure, _, _ in filled}}
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


def _series_keys(account_id: int, readings: Sequence[Reading], origin: str, precision: str | None) -> list[SeriesKey]:
    """Return the series of each reading. Its definition is the one in force on its last day.

    What a measure says of a day is asked once: hundreds of readings have the same few measures and days.
    """
    told: dict[tuple[int, date], tuple[str, int]] = {}
    keys: list[SeriesKey] = []
    for reading in readings:
        measure, day = reading.measure, last_day(reading.when)
        if (id(measure), day) not in told:
            told[id(measure), day] = measure.key, measure.version(day)
        key, version = told[id(measure), day]
        kept = precision or ("instant" if isinstance(reading.when, Moment) else "day")
        keys.append(SeriesKey(account_id, key, version, reading.about, origin, kept))
    return keys
