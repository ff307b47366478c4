"""The rows of a table, or the options of a command line, become typed figures.

Everything is checked before anything is given back: a file with one wrong cell gives no figure at all, and says all
that is wrong with it at once. Storing them is not done here.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from collector.errors import ImportRowsError
from collector.importers.cells import Table, text_of
from collector.importers.columns import Header, cells_by_column, read_header
from collector.importers.fields import TypedFigure, read_fields
from collector.importers.values import CellError
from collector.importers.words import Platforms
from collector.language import t
from collector.platforms import find_connector, list_connectors
from connectors.kit import Connector

__all__ = ["TypedFigure", "read_entry", "read_figures"]

MOST_SENTENCES = 20  # more than anyone mends in one go

Find = Callable[[str], Connector | None]
Known = Callable[[], Iterable[Connector]]


def read_figures(
    table: Table,
    *,
    zone_of: Callable[[str], ZoneInfo],
    now: datetime,
    find: Find = find_connector,
    known: Known = list_connectors,
) -> tuple[TypedFigure, ...]:
    """Read a table's figures; equal ones are taken once.

    `zone_of` gives the zone of an office by what its column says ("" where the file names none). Raises
    ImportRowsError with a sentence for each wrong cell.
    """
    header, faults = read_header(table)
    if faults:
        raise ImportRowsError(_paragraph([f"{table.name}: {fault}" for fault in faults]))
    if len(table.rows) == 1:
        raise ImportRowsError(
            t(f"{table.name}: tidak ada baris angka di bawah judul.", en=f"{table.name}: no figures below the header.")
        )
    gathered = _Gathered(table.name, header, find)
    for row in table.rows[1:]:
        try:
            cells = cells_by_column(row, header, table.separator)
        except CellError as fault:
            gathered.refuse(row.number, str(fault))
            continue
        zone = zone_of(text_of(cells.get("office", "")))
        column = header.places["value"] + 1
        read = read_fields(cells, zone=zone, now=now, platforms=Platforms(find, known), row=row.number, column=column)
        if isinstance(read, TypedFigure):
            gathered.take(read, written=text_of(cells["value"]))
        else:
            for field_fault in sorted(read, key=lambda found: header.places.get(found.column, header.width)):
                gathered.refuse(row.number, field_fault.sentence, column=field_fault.column)
    if gathered.sentences:
        raise ImportRowsError(_paragraph(gathered.sentences))
    return tuple(gathered.figures)


def read_entry(
    cells: Mapping[str, str],
    *,
    zone: ZoneInfo,
    now: datetime,
    find: Find = find_connector,
    known: Known = list_connectors,
) -> TypedFigure:
    """Read one figure given by options, named like the columns; without `at` it is of now. Raises ImportRowsError."""
    filled = {**cells, "at": cells.get("at") or now.isoformat(timespec="seconds")}
    read = read_fields(filled, zone=zone, now=now, platforms=Platforms(find, known))
    if isinstance(read, TypedFigure):
        return read
    raise ImportRowsError("\n".join(f"--{fault.column}: {fault.sentence}" for fault in read))


class _Gathered:
    """The figures and the sentences of one file."""

    def __init__(self, file: str, header: Header, find: Find) -> None:
        self.figures: list[TypedFigure] = []
        self.sentences: list[str] = []
        self._file = file
        self._header = header
        self._find = find
        self._seen: dict[tuple[object, ...], tuple[TypedFigure, str]] = {}

    def refuse(self, row: int, sentence: str, *, column: str | None = None) -> None:
        """Note what is wrong with a row, or with its cell in a column."""
        place = t(f"{self._file}, baris {row}", en=f"{self._file}, row {row}")
        if column is not None:
            label = self._header.labels.get(column, column)
            place += t(f", kolom {label}", en=f", column {label}")
        self.sentences.append(f"{place}: {sentence}")

    def take(self, figure: TypedFigure, *, written: str) -> None:
        """Take a figure, unless an earlier row has it already or says otherwise."""
        connector = self._find(figure.platform)
        assert connector is not None
        handle = connector.handle_key(figure.handle)
        thing = (
            figure.office.casefold(), figure.platform, handle, figure.measure.key,
            figure.about, figure.when, figure.precision,
        )  # fmt: skip
        first, first_written = self._seen.setdefault(thing, (figure, written))
        if first is figure:
            self.figures.append(figure)
        elif (first.value, first.upto) != (figure.value, figure.upto):
            self.refuse(
                figure.row,
                t(
                    f"baris {first.row} menulis {first_written} dan baris ini {written} untuk hal yang sama. "
                    "Hapus yang salah.",
                    en=f"row {first.row} says {first_written} and this row {written} of the same thing. "
                    "Remove the wrong one.",
                ),
                column="value",
            )


def _paragraph(sentences: list[str]) -> str:
    """Join the sentences, the first ones of many, with what became of the file."""
    more = len(sentences) - MOST_SENTENCES
    return "\n".join(
        [
            *sentences[:MOST_SENTENCES],
            *([t(f"… dan {more} lagi.", en=f"… and {more} more.")] if more > 0 else []),
            t("Tidak ada yang disimpan.", en="Nothing was stored."),
        ]
    )
