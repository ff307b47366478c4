"""A table as rows of cells, whatever file it came from."""

from dataclasses import dataclass
from decimal import Decimal

Cell = str | Decimal
"""Text as written (dates of a workbook in ISO form), or a Decimal where a workbook holds a number."""

# Marks without width that come along when figures are pasted from a chat or a web page.
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row. `number` counts from 1 as a spreadsheet shows it; column 1 is `cells[0]`."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not any(text_of(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows that are not blank, the header first. `separator` is None for a workbook."""

    name: str
    rows: tuple[Row, ...]
    separator: str | None


def text_of(cell: Cell) -> str:
    """Return what a cell says, without spaces around it and invisible marks in it."""
    written = cell if isinstance(cell, str) else f"{cell:f}"
    return written.translate(_INVISIBLE).strip()
