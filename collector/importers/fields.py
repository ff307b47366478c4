"""The cells of one figure, by column name, become a checked figure or a sentence for each cell that is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from collector.importers.cells import Cell, text_of
from collector.importers.measures import list_measures, of_days, of_moment, of_subject
from collector.importers.moments import Stamp, read_moment
from collector.importers.values import CellError, read_count, read_decimal, read_value
from collector.importers.words import Platforms, read_account, read_dimension, read_length, read_mark, read_platform
from collector.language import t
from connectors.kit import Connector, Days, Measure, Moment

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A figure that a person wrote, checked. Nothing of it is stored yet.

    `value` and `upto` are scaled by the measure's places. A date or month alone is the last second of it in office
    time; `precision` tells ("instant", "day", "month"). `row` and `column` are those of the value's cell, counted
    from 1 with the header as row 1; both are 0 where the figure came from a command line.
    """

    office: str
    platform: str
    handle: str
    measure: Measure
    value: int
    upto: int | None
    when: Moment | Days
    precision: str
    about: str
    mark: str
    source: str
    note: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one cell: the column's own name and a sentence that does not repeat the place."""

    column: str
    sentence: str


class _Fields:
    """Reads cell after cell and remembers what could not be read."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self.cells = cells
        self.faults: list[FieldFault] = []

    def read(self, column: str, reader: Callable[[Cell], _Read]) -> _Read | None:
        """Return what `reader` makes of a cell ("" where there is none), None where it cannot."""
        try:
            return reader(self.cells.get(column, ""))
        except CellError as fault:
            self.faults.append(FieldFault(column, str(fault)))
            return None

    def text(self, column: str) -> str:
        """Return a cell's text."""
        return text_of(self.cells.get(column, ""))


def read_fields(
    cells: Mapping[str, Cell], *, zone: ZoneInfo, now: datetime, platforms: Platforms, row: int = 0, column: int = 0
) -> TypedFigure | tuple[FieldFault, ...]:
    """Read one figure, all of its cells even after a fault, so that a person mends once."""
    fields = _Fields(cells)
    connector = fields.read("platform", partial(read_platform, platforms=platforms))
    handle = fields.read("account", partial(read_account, connector=connector))
    stamp = fields.read("at", partial(read_moment, zone=zone, now=now))
    about = fields.read("dimension", read_dimension)
    length = fields.read("days", read_length)
    mark = fields.read("mark", read_mark)

    today = now.astimezone(zone).date()
    when = fields.read("days", lambda _: _span(stamp, length, today)) if stamp and length is not None else None
    of_metric = fields.read("metric", partial(_read_metric, connector=connector))
    declared = (
        fields.read("dimension", lambda _: of_subject(of_metric, about)) if of_metric and about is not None else None
    )
    measure = fields.read("days", lambda _: _measure(declared, when)) if declared and (when or length == 0) else None

    nearest = measure or next(iter(declared or of_metric or ()), None)
    value = fields.read("value", partial(_read_number, measure=nearest))
    upto = fields.read("upto", partial(_read_upper_end, measure=nearest, value=value))
    if fields.faults:
        return tuple(fields.faults)
    assert connector and handle and stamp and measure and when and mark and about is not None and value is not None
    return TypedFigure(
        office=fields.text("office"),
        platform=connector.slug,
        handle=handle,
        measure=measure,
        value=value,
        upto=upto,
        when=when,
        precision="day" if isinstance(when, Days) and stamp.precision == "instant" else stamp.precision,
        about=about,
        mark=mark,
        source=fields.text("source"),
        note=fields.text("note"),
        row=row,
        column=column,
    )


def _read_metric(cell: Cell, *, connector: Connector | None) -> tuple[Measure, ...]:
    """Return the measures of a metric; none where the platform, and so its metrics, is not known."""
    word = text_of(cell)
    if not word:
        raise CellError(
            t("kosong. Tulis metriknya, misalnya followers.", en="empty. Write the metric, such as followers.")
        )
    return list_measures(connector, word) if connector else ()


def _span(stamp: Stamp, length: int, today: date) -> Moment | Days:
    """Return when a figure holds. A window must have ended: the running month's last day is not yet there."""
    if not length:
        return Moment(stamp.at)
    if stamp.day > today:
        raise CellError(
            t(
                f"jendela {length} hari ini berakhir di masa depan. Tulis tanggal hari terakhirnya di kolom waktu.",
                en=f"this window of {length} days ends in the future. Write its last day as the date.",
            )
        )
    return Days(stamp.day - timedelta(days=length - 1), stamp.day)


def _measure(declared: Sequence[Measure], when: Moment | Days | None) -> Measure:
    return of_days(declared, when) if isinstance(when, Days) else of_moment(declared)


def _read_number(cell: Cell, *, measure: Measure | None) -> int:
    """Read a number of a measure; where the metric is not known, only refuse what no measure could take."""
    if measure is not None:
        return read_value(cell, measure)
    try:
        return read_count(cell)
    except CellError as fault:
        try:
            return read_decimal(cell, places=1)
        except CellError:
            raise fault from None


def _read_upper_end(cell: Cell, *, measure: Measure | None, value: int | None) -> int | None:
    """Return the upper end of an interval, None where the figure is exact."""
    if not text_of(cell):
        return None
    upto = _read_number(cell, measure=measure)
    if value is not None and upto < value:
        raise CellError(
            t(
                f'"{text_of(cell)}" lebih kecil dari nilainya. Tulis batas atas selangnya, atau kosongkan.',
                en=f'"{text_of(cell)}" is below the value. Write the upper end of the interval, or leave it empty.',
            )
        )
    return None if upto == value else upto
