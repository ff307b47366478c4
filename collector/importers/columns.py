"""The header of an import table, and which cell of a row belongs to which column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from collector.importers.cells import Cell, Row, Table, text_of
from collector.importers.nearest import suggest
from collector.importers.values import CellError
from collector.language import t

REQUIRED = ("platform", "account", "metric", "value", "at")
OPTIONAL = ("source", "note", "office", "days", "dimension", "upto", "mark")

_SPELLINGS = {name: name for name in (*REQUIRED, *OPTIONAL)} | {
    "akun": "account",
    "metrik": "metric",
    "nilai": "value",
    "jumlah": "value",
    "tanggal": "at",
    "per": "at",
    "sumber": "source",
    "catatan": "note",
    "kantor": "office",
    "hari": "days",
    "dimensi": "dimension",
    "sampai": "upto",
    "tanda": "mark",
}
_WHOLE = re.compile(r"[+-]?[0-9]+")
_PIECE = re.compile(r"[0-9]{1,3}%?")


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands (from 0), how the file itself calls it, and how many cells its row has."""

    places: Mapping[str, int]
    labels: Mapping[str, str]
    width: int


def read_header(table: Table) -> tuple[Header, list[str]]:
    """Read the first row. The second value holds a sentence for each thing that is wrong with it."""
    cells = table.rows[0].cells
    places: dict[str, int] = {}
    labels: dict[str, str] = {}
    faults: list[str] = []
    for place, cell in enumerate(cells):
        label = text_of(cell)
        name = _SPELLINGS.get(" ".join(label.split()).casefold())
        if name is None and label:
            faults.append(
                t(f'kolom "{label}" tidak dikenal. ', en=f'unknown column "{label}". ') + suggest(label, _SPELLINGS)
            )
        elif name in places:
            faults.append(
                t(f'kolom {name} ada dua kali ("{labels[name]}" dan "{label}").', en=f"column {name} is there twice.")
            )
        elif name is not None:
            places[name], labels[name] = place, label
    missing = [name for name in REQUIRED if name not in places]
    if len(missing) == len(REQUIRED):
        wanted = ",".join((*REQUIRED, "source", "note"))
        faults = [
            t(f"baris pertama harus berisi judul kolom: {wanted}.", en=f"the first row must be the header: {wanted}.")
        ]
    elif missing:
        names = ", ".join(missing)
        faults.append(t(f"kolom yang wajib tidak ada: {names}.", en=f"required columns are missing: {names}."))
    return Header(places, labels, len(cells)), faults


def cells_by_column(row: Row, header: Header, separator: str | None) -> Mapping[str, Cell]:
    """Return a row's cells by column name. Raises CellError where they do not stand under the header's columns."""
    if separator == ",":
        _check_split_numbers(row, header)
    named = set(header.places.values())
    for place, cell in enumerate(row.cells):
        if place not in named and text_of(cell):
            raise CellError(
                t(
                    f'"{text_of(cell)}" berada di kolom ke-{place + 1} yang tanpa judul. Periksa pemisah kolomnya.',
                    en=f'"{text_of(cell)}" stands in column {place + 1}, which has no header. Check the separators.',
                )
            )
    return {name: row.cells[place] for name, place in header.places.items() if place < len(row.cells)}


def _check_split_numbers(row: Row, header: Header) -> None:
    """Find the `1,619` that lost its quotation marks: its halves stand in two columns and all others are shifted."""
    for name in ("value", "upto"):
        place = header.places.get(name)
        if place is None or place + 1 >= len(row.cells):
            continue
        first, second = text_of(row.cells[place]), text_of(row.cells[place + 1])
        is_shifted = len(row.cells) > header.width or header.places["at"] == place + 1
        if is_shifted and _WHOLE.fullmatch(first) and _PIECE.fullmatch(second):
            written = f"{first},{second}"
            plain = f"{first}{second}" if len(second) == 3 else f"{first}.{second}"
            raise CellError(
                t(
                    f"{written} ditulis tanpa tanda kutip, jadi komanya terbaca sebagai pemisah dan menambah satu "
                    f'kolom. Tulis {plain} atau "{written}".',
                    en=f"{written} is written without quotation marks, so its comma is read as a separator and makes "
                    f'an extra column. Write {plain} or "{written}".',
                )
            )
