"""Places and series by number: looked up by the hundred, and made where they are not there yet."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from collector.store import schema
from collector.store.among import among
from collector.store.rows import insert_new, insert_new_rows
from connectors.kit import Measure

_FIND_PLACES = select(schema.places.c.pointer, schema.places.c.id).where(among(schema.places.c.pointer, "pointers"))
_FIND_SERIES = select(
    schema.series.c.id, schema.series.c.account_id, schema.series.c.measure, schema.series.c.definition,
    schema.series.c.about, schema.series.c.origin, schema.series.c.precision,
).where(
    schema.series.c.account_id == bindparam("account"), among(schema.series.c.measure, "measures"),
    among(schema.series.c.about, "abouts"),
)  # fmt: skip


class SeriesKey(NamedTuple):
    """What makes a line of readings one line."""

    account_id: int
    measure: str
    definition: int
    about: str
    origin: str
    precision: str


_NEW_SERIES = (*SeriesKey._fields, "kind", "decimals")


class Interned:
    """What one transaction interned. `known_places` are places that are committed already, and need not be asked for.

    Make one per transaction: what it made may yet be rolled back.
    """

    def __init__(self, connection: Connection, known_places: Mapping[str, int]) -> None:
        self._connection = connection
        self._known_places = known_places
        self.places: dict[str, int] = {}
        self._series: dict[SeriesKey, int] = {}

    def places_of(self, pointers: set[str]) -> Mapping[str, int]:
        """Return the numbers of places by their pointers; new ones are added."""
        self.places.update({one: self._known_places[one] for one in pointers & self._known_places.keys()})
        unknown = pointers - self.places.keys()
        if unknown:
            self._find_places(unknown)
            missing = sorted(unknown - self.places.keys())
            if missing:
                insert_new(self._connection, schema.places, [{"pointer": pointer} for pointer in missing])
                self._find_places(missing)
        return self.places

    def series_of(self, wanted: Mapping[SeriesKey, Measure]) -> tuple[Mapping[SeriesKey, int], set[int]]:
        """Return the numbers of series, and which of them were made only now and so have no readings."""
        missing = self._find_series([key for key in wanted if key not in self._series])
        if not missing:
            return self._series, set()
        rows = [(*key, str(wanted[key].kind), wanted[key].places) for key in missing]
        made = insert_new_rows(self._connection, schema.series, _NEW_SERIES, rows)
        self._find_series(missing)
        # Fewer than wanted: another process of this PostgreSQL made some meanwhile, and they may have readings.
        return self._series, {self._series[key] for key in missing} if made == len(rows) else set()

    def _find_places(self, pointers: Collection[str]) -> None:
        rows = self._connection.execute(_FIND_PLACES, {"pointers": pointers})
        self.places.update({pointer: number for pointer, number in rows})  # noqa: C416 - a Row is no pair to mypy

    def _find_series(self, keys: list[SeriesKey]) -> list[SeriesKey]:
        """Learn the numbers of series. Returns those that are not there."""
        for account in {key.account_id for key in keys}:
            asked = [key for key in keys if key.account_id == account]
            rows = self._connection.execute(
                _FIND_SERIES,
                {
                    "account": account,
                    "measures": {key.measure for key in asked},
                    "abouts": {key.about for key in asked},
                },
            )
            self._series.update({SeriesKey(*key): number for number, *key in rows})
        return [key for key in keys if key not in self._series]
