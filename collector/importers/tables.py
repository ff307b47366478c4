"""The bytes of a CSV or XLSX file become a table.

Takes what the spreadsheet programs of an Indonesian office write: commas, semicolons or tabs, with or without a byte
order mark, UTF-8, UTF-16 or Windows-1252. What cells mean is not decided here.
"""

import csv
import io
import re
from collections.abc import Iterable

from collector.errors import ImportRowsError
from collector.importers.cells import Row, Table
from collector.language import t

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000  # of figures; ten years of six platforms of one office are a tenth of it

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of an old .xls and of any workbook with a password
_WORKBOOK_NAMES = (".xlsx", ".xlsm")
_SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(
    r"sep=([,;|\t])\r?\n", re.IGNORECASE
)  # a first line that Excel writes for itself and hides


def read_table(name: str, body: bytes) -> Table:
    """Read a file's table. `name` is used in messages. Raises ImportRowsError where it is no table we can read."""
    if len(body) > MOST_BYTES:
        raise _refusal(
            name,
            f"berkas lebih dari {MOST_BYTES // 1024 // 1024} MB. Bagi menjadi beberapa berkas.",
            en=f"the file is over {MOST_BYTES // 1024 // 1024} MB. Split it into several files.",
        )
    if body.startswith(_OLE):
        raise _refusal(
            name,
            "berkas Excel lama (.xls) atau terkunci kata sandi. Simpan ulang sebagai .xlsx tanpa kata sandi.",
            en="an old Excel file (.xls) or one locked by a password. Save it again as .xlsx without a password.",
        )
    if body.startswith(_ZIP) or name.casefold().endswith(_WORKBOOK_NAMES):
        from collector.importers.workbook import read_workbook  # openpyxl costs a fifth of a second to load

        return _checked(name, read_workbook(name, body, most=MOST_ROWS + 2), None)
    text = _decode(name, body)
    line = _SEPARATOR_LINE.match(text)
    separator = line[1] if line else _most_frequent_separator(text)
    return _checked(name, _records(name, text[line.end() :] if line else text, separator), separator)


def _checked(name: str, rows: Iterable[Row], separator: str | None) -> Table:
    """Drop blank rows and refuse a table that is empty or too long."""
    kept: list[Row] = []
    for row in rows:
        if row.is_blank:
            continue
        if len(kept) > MOST_ROWS:
            raise _refusal(
                name,
                f"lebih dari {MOST_ROWS} baris. Bagi menjadi beberapa berkas.",
                en=f"more than {MOST_ROWS} rows. Split it into several files.",
            )
        kept.append(row)
    if not kept:
        raise _refusal(name, "berkas kosong.", en="the file is empty.")
    return Table(name, tuple(kept), separator)


def _decode(name: str, body: bytes) -> str:
    """Return the text of a CSV file, by its byte order mark or by what can be read without a fault."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif body[1:2] == b"\0":  # UTF-16 without a mark: the first letter of a header is plain ASCII
        encodings = ["utf-16-le"]
    elif body[:1] == b"\0":
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refusal(
        name,
        "bukan berkas teks CSV. Simpan tabelnya sebagai CSV UTF-8 atau XLSX.",
        en="this is not a CSV text file. Save the table as CSV UTF-8 or XLSX.",
    )


def _most_frequent_separator(text: str) -> str:
    """Return the separator that the header, the first line with writing, holds most of."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=header.count)


def _records(name: str, text: str, separator: str) -> Iterable[Row]:
    """Yield a CSV text's records, numbered as a spreadsheet numbers them: a quoted line break makes no new row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield Row(number, tuple(cells))
    except csv.Error as fault:
        raise _refusal(
            name,
            f'tanda kutip (") mulai baris {number + 1} tidak berpasangan. Tutup tanda kutipnya atau hapus.',
            en=f'the quotation marks (") from row {number + 1} on do not pair up. Close them or remove them.',
        ) from fault


def _refusal(name: str, id: str, *, en: str) -> ImportRowsError:
    return ImportRowsError(f"{name}: {t(id, en=en)}")
