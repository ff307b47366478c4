"""The first sheet of an XLSX file becomes rows of cells.

Dates become ISO text with the precision that the sheet shows, percentages the text that it shows, other numbers stay
numbers. Formulas give the result that was saved with them.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from collector.errors import ImportRowsError
from collector.importers.cells import Cell, Row
from collector.language import t

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.cell.cell import MergedCell

MOST_UNPACKED = 100 * 1024 * 1024  # a file within the 10 MB limit that unpacks to more is no table of figures
_MOST_COLUMNS = 32  # far more than there are columns; keeps a cell in column XFD from making rows of 16,384
_LAST_ROW = 1_048_576  # of any XLSX sheet
_HALF_SECOND = timedelta(microseconds=500_000)
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')  # the parts of a number format that are not codes


def read_workbook(name: str, body: bytes, *, most: int) -> tuple[Row, ...]:
    """Return the first `most` rows with writing of the first sheet. Raises ImportRowsError for an unreadable file."""
    try:
        _check_archive(name, body)
        return _read_first_sheet(body, most)
    except ImportRowsError:
        raise
    except Exception as damage:  # a damaged file makes openpyxl and the archive reader fail in a dozen ways
        raise ImportRowsError(
            t(
                f"{name}: berkas XLSX rusak atau tidak lengkap. Buka di Excel atau LibreOffice, lalu simpan ulang.",
                en=f"{name}: the XLSX file is damaged or incomplete. Open it in Excel or LibreOffice, and save again.",
            )
        ) from damage


def _check_archive(name: str, body: bytes) -> None:
    """Refuse another kind of file, and one that would unpack to far more than a table.

    The sizes are the file's own words, but the archive reader never unpacks more of a part than they say.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = archive.infolist()
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ImportRowsError(
            t(
                f"{name}: isi berkas XLSX terlalu besar. Salin tabel angkanya saja ke berkas baru.",
                en=f"{name}: the XLSX file holds too much. Copy only the table of figures to a new file.",
            )
        )
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise ImportRowsError(
            t(
                f"{name}: bukan berkas XLSX. Simpan tabelnya sebagai .xlsx atau CSV.",
                en=f"{name}: this is not an XLSX file. Save the table as .xlsx or CSV.",
            )
        )


def _read_first_sheet(body: bytes, most: int) -> tuple[Row, ...]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():  # openpyxl warns of styles and extensions that it leaves out: no concern of ours
        warnings.simplefilter("ignore")
        with closing(load_workbook(io.BytesIO(body), read_only=True, data_only=True)) as book:
            sheet = book.worksheets[0].iter_rows(max_col=_MOST_COLUMNS, max_row=_LAST_ROW)
            rows = (Row(number, _contents(cells)) for number, cells in enumerate(sheet, start=1))
            return tuple(islice((row for row in rows if not row.is_blank), most))


def _contents(cells: "Sequence[SheetCell | MergedCell]") -> tuple[Cell, ...]:
    """Return a row's cells up to the last with content: the sheet fills all rows up to the same width."""
    width = next((place for place in range(len(cells), 0, -1) if cells[place - 1].value is not None), 0)
    return tuple(map(_content, cells[:width]))


def _content(cell: "SheetCell | MergedCell") -> Cell:
    """Return what the sheet shows in a cell, as far as it decides what the figure is."""
    value = cell.value
    if isinstance(value, datetime):
        return _shown_date(value, _codes(cell.number_format))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    exact = Decimal(int(value)) if value == int(value) else Decimal(repr(value))
    return f"{_plain(exact * 100)}%" if "%" in _codes(cell.number_format) else exact


def _shown_date(value: datetime, codes: str) -> str:
    """Return a date cell in ISO form. Excel makes the first of June out of a typed "2022-06", and shows "Jun-22"."""
    moment = (value + _HALF_SECOND).replace(microsecond=0)
    if "h" in codes or (moment.hour, moment.minute, moment.second) != (0, 0, 0):
        return moment.isoformat()
    return moment.date().isoformat() if "d" in codes or "y" not in codes else f"{moment:%Y-%m}"


def _codes(number_format: str | None) -> str:
    return _LITERALS.sub("", number_format or "").casefold()


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
