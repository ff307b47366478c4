"""Files as spreadsheet programs write them become rows of cells."""

import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from collector import language
from collector.errors import ImportRowsError
from collector.importers import tables, workbook
from collector.importers.tables import read_table

ROWS = [("platform", "catatan"), ("x", "naik – tetap")]


def cells(body: bytes, name: str = "angka.csv") -> list[tuple[object, ...]]:
    """Return a table's rows as plain tuples."""
    return [row.cells for row in read_table(name, body).rows]


def xlsx(*rows: tuple[object, ...], formats: dict[str, str] | None = None) -> bytes:
    """Write a workbook as a spreadsheet program would."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_csv_is_read_in_every_usual_form(separator: str, end: str, encoding: str) -> None:
    """Excel in Indonesian writes semicolons, "Unicode text" is UTF-16 with tabs, old programs write Windows-1252."""
    text = end.join(separator.join(row) for row in ROWS) + end

    assert cells(text.encode(encoding)) == ROWS


def test_quoted_cells_keep_separators_quotes_and_line_breaks() -> None:
    """A note may hold anything; a line break in it makes no new row."""
    table = read_table("a.csv", b'value,note\n"1,619","kata ""naik""\nlalu; turun"\n32,\n')

    assert [row.cells for row in table.rows] == [("value", "note"), ("1,619", 'kata "naik"\nlalu; turun'), ("32", "")]
    assert [row.number for row in table.rows] == [1, 2, 3]


def test_blank_rows_are_left_out_and_still_counted() -> None:
    """A message must name the row that the person sees in the spreadsheet."""
    table = read_table("a.csv", b"value,note\n\n , \n32,\n")

    assert [(row.number, row.cells[0]) for row in table.rows] == [(1, "value"), (4, "32")]


def test_excels_own_separator_line_is_obeyed() -> None:
    """Excel writes and hides `sep=;`, so it is no row; a comma in the header does not matter then."""
    table = read_table("a.csv", b"sep=;\r\nvalue;a,b,c\r\n1;2\r\n")

    assert [(row.number, row.cells) for row in table.rows] == [(1, ("value", "a,b,c")), (2, ("1", "2"))]
    assert table.separator == ";"


def test_cells_that_begin_like_formulas_are_text() -> None:
    """An account begins with @; nothing is ever computed from a cell."""
    assert cells(b"a,b,c\n=1+1,@kpu,+62\n")[1] == ("=1+1", "@kpu", "+62")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "kosong"),
        (b"\xef\xbb\xbf \r\n\r\n", "kosong"),
        (b"value,no\0te\n1,2\n", "bukan berkas teks CSV"),
        (b"\xff\xfea", "bukan berkas teks CSV"),
        (b"value\x81\x8d\n", "bukan berkas teks CSV"),
        (b'value,note\n1,"buka\n2,3\n', "tanda kutip .* mulai baris 2"),
        (b'value,note\n1,"a"b\n', "tanda kutip .* mulai baris 2"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "kata sandi"),
        (b"PK\x05\x06" + b"\0" * 18, "bukan berkas XLSX"),
        (b"PK\x03\x04 lalu sampah", "rusak"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(body: bytes, says: str) -> None:
    """Never a traceback, always the file's name and a way out."""
    with pytest.raises(ImportRowsError, match=says) as caught:
        read_table("angka.csv", body)

    assert str(caught.value).startswith("angka.csv: ")
    assert "\n" not in str(caught.value)


def test_too_large_a_file_is_refused() -> None:
    """Ten megabytes are a hundred years of figures."""
    with pytest.raises(ImportRowsError, match="10 MB"):
        read_table("a.csv", b"a" * (tables.MOST_BYTES + 1))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_too_many_rows_are_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The header does not count, and the limit itself is still taken."""
    monkeypatch.setattr(tables, "MOST_ROWS", 3)

    def body(rows: int) -> bytes:
        lines = [("value",), *[(str(number),) for number in range(rows)]]
        return xlsx(*lines) if form == "xlsx" else "\n".join(line[0] for line in lines).encode()

    assert len(read_table("a", body(3)).rows) == 4
    with pytest.raises(ImportRowsError, match="lebih dari 3 baris"):
        read_table("a", body(4))


def test_a_workbook_gives_text_numbers_and_dates_as_it_shows_them() -> None:
    """Excel turns a typed "2022-06" into the first of June shown as Jun-22, and 2,2% into 0.022."""
    body = xlsx(
        ("value", "at"),
        (1619, date(2022, 12, 28)),
        (1619.0, datetime(2022, 12, 28, 14, 24)),
        (1.619, datetime(2022, 6, 1)),
        (0.306, datetime(2022, 6, 1)),
        ("1.619", datetime(2022, 12, 28)),
        (True, time(14, 24)),
        (None, "2022-06"),
        formats={"B4": '[$-421]mmmm\\ yyyy;"tanggal"@', "A5": "0.0%", "B5": "mmm-yy", "B6": "dd/mm/yyyy hh:mm"},
    )

    assert cells(body, "a.xlsx")[1:] == [
        (Decimal(1619), "2022-12-28"),
        (Decimal(1619), "2022-12-28T14:24:00"),
        (Decimal("1.619"), "2022-06"),
        ("30.6%", "2022-06"),
        ("1.619", "2022-12-28T00:00:00"),
        ("True", "14:24:00"),
        ("", "2022-06"),
    ]


def test_a_workbook_is_known_by_its_content() -> None:
    """A file sent by chat often loses its ending."""
    table = read_table("angka", xlsx(("value",), (32,)))

    assert (table.separator, table.rows[1].cells) == (None, (Decimal(32),))


def test_only_the_first_sheet_is_read_and_formulas_give_their_saved_result() -> None:
    """A formula without a saved result gives nothing, which the reader of figures refuses as empty."""
    book = Workbook()
    assert book.active is not None
    book.active.append(("value",))
    book.active.append(("=1+1",))
    book.active.append((3,))
    book.create_sheet("lain").append(("bukan ini",))
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    empty = rb"(<f>1\+1</f>)<v ?(?:/>|></v>)"  # how an empty value is written depends on the library at hand
    saved = re.sub(empty, rb"\1<v>2</v>", parts["xl/worksheets/sheet1.xml"])
    assert saved != parts["xl/worksheets/sheet1.xml"]

    assert cells(file.getvalue()) == [("value",), (Decimal(3),)]
    assert cells(packed(parts | {"xl/worksheets/sheet1.xml": saved})) == [("value",), (Decimal(2),), (Decimal(3),)]


def packed(parts: dict[str, bytes]) -> bytes:
    """Pack the parts of a workbook."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def test_a_workbook_that_unpacks_to_far_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes can unpack to gigabytes."""
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 1000)
    with pytest.raises(ImportRowsError, match="terlalu besar"):
        read_table("a.xlsx", packed({"[Content_Types].xml": b" " * 1001}))


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_another_archive_is_no_workbook(name: str) -> None:
    """A Word or ODS file is an archive too."""
    with pytest.raises(ImportRowsError, match="bukan berkas XLSX"):
        read_table(name, packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}))


def test_text_named_xlsx_is_a_broken_workbook() -> None:
    """A download that failed leaves an HTML page under the file's name."""
    with pytest.raises(ImportRowsError, match="rusak"):
        read_table("a.XLSX", b"<html>masuk dulu</html>")


def test_a_hostile_sheet_ends_soon() -> None:
    """A row number beyond any sheet, a cell in the last column and nested entities are three ways to stall a reader."""
    body = xlsx(("value",), (32,))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    far = re.sub(rb'(<row r=")2(".*?r="A)2"', rb'\g<1>99999999999\g<2>99999999999"', sheet)
    wide = sheet.replace(b'r="A2"', b'r="XFD2"')
    entities = b"".join(b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 12))
    bomb = b'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">' + entities + b"]>" + sheet.replace(b"<v>32</v>", b"<v>&e11;</v>")
    assert len({sheet, far, wide, bomb}) == 4

    assert cells(packed(parts | {"xl/worksheets/sheet1.xml": far})) == [("value",)]
    assert len(cells(packed(parts | {"xl/worksheets/sheet1.xml": wide}))) == 1
    with pytest.raises(ImportRowsError, match="rusak"):
        read_table("a.xlsx", packed(parts | {"xl/worksheets/sheet1.xml": bomb}))


SOUND = xlsx(("value", "at"), (32, date(2022, 12, 28)))  # made once: a workbook holds the time of its making


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_to_a_workbook_gives_a_table_or_a_sentence(data: st.DataObject) -> None:
    """A USB stick pulled too early must not end in a traceback."""
    body = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(4, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_table("a.xlsx", bytes(body[: data.draw(st.integers(len(body) // 2, len(body)))]))
    except ImportRowsError as refusal:
        assert str(refusal).startswith("a.xlsx: ")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_a_sentence(body: bytes) -> None:
    """Whatever file a person picks by mistake."""
    try:
        read_table("a.csv", body)
    except ImportRowsError as refusal:
        assert str(refusal).startswith("a.csv: ")


def test_refusals_are_in_english_too() -> None:
    """The second language of every screen."""
    language.use("en")
    with pytest.raises(ImportRowsError, match="the file is empty"):
        read_table("a.csv", b"")
