"""Tables and command lines become figures, or say all that is wrong at once."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from collector import language
from collector.errors import ImportRowsError
from collector.importers.figures import TypedFigure
from connectors.kit import Moment

Read = Callable[..., tuple[TypedFigure, ...]]
ReadOne = Callable[..., TypedFigure]

HEADER = "platform,account,metric,value,at,source,note"


def sentences(read: Callable[..., object], *arguments: str | bytes, **options: str) -> list[str]:
    """Return what a refusal says, line by line."""
    with pytest.raises(ImportRowsError) as caught:
        read(*arguments, **options)
    return str(caught.value).split("\n")


def rows(*lines: str, header: str = HEADER) -> str:
    """Return a table's text."""
    return "\n".join([header, *lines]) + "\n"


def test_a_row_becomes_a_figure_with_all_that_was_written(read: Read) -> None:
    """The whole road of one row, with every column there is."""
    header = "office,platform,account,metric,value,at,days,dimension,upto,mark,source,note"
    line = 'Kota Contoh , Plaza ,@ kpu,followers,"1,652",28/12/2022 14.24,,kota: Sambas ,1.653,dihitung,Laporan,"a, b"'
    (figure,) = read(rows(line, header=header))

    assert figure == TypedFigure(
        office="Kota Contoh",
        platform="square",
        handle="@ kpu",
        measure=figure.measure,
        value=1652,
        upto=1653,
        when=Moment(datetime(2022, 12, 28, 7, 24, tzinfo=UTC)),
        precision="instant",
        about="city:Sambas",
        mark="derived",
        source="Laporan",
        note="a, b",
        row=2,
        column=5,
    )


def test_the_indonesian_excel_export_is_read(read: Read) -> None:
    """What "Simpan sebagai CSV" gives in an Indonesian Excel: mark, semicolons, CRLF, day first, dots."""
    text = "Platform;Akun;Metrik;Nilai;Tanggal;Sumber;Catatan\r\nPLAZA;@kpu;Pengikut;1.619;28/12/2022;Laporan;\r\n"
    (figure,) = read(text.encode("utf-8-sig"))

    assert (figure.platform, figure.measure.key, figure.value) == ("square", "followers:account:now", 1619)
    assert figure.when == Moment(datetime(2022, 12, 28, 16, 59, 59, tzinfo=UTC))


def test_headers_are_known_in_any_case_order_and_language(read: Read) -> None:
    """People move columns about and rename them."""
    header = " AT ,kantor,Hari, dimensi,Sampai,tanda,Nilai,metric,AKUN,Platform"
    (figure,) = read(rows("2022-11,Kota,,,,,1619,followers,@kpu,square", header=header))

    assert (figure.office, figure.value, figure.source, figure.note) == ("Kota", 1619, "", "")


def test_a_workbook_is_read_like_a_csv(read: Read) -> None:
    """Numbers, dates and percentages in cells of their own kind."""
    book = Workbook()
    assert book.active is not None
    for row in (
        HEADER.split(","),
        ["square", "@kpu", "followers", 1619, date(2022, 12, 28), "Laporan", None],
        ["square", "@kpu", "followers", "1.240", "2022-06"],
        ["square", "@kpu", "followers_change", 0.306, datetime(2022, 12, 28, 14, 24)],
        ["square", 4711, "followers", 5, "2022-12-01"],
    ):
        book.active.append(row)
    book.active["D4"].number_format = "0.0%"
    file = io.BytesIO()
    book.save(file)
    figures = read(file.getvalue(), "angka.xlsx")

    assert [(figure.value, figure.precision) for figure in figures] == [
        (1619, "day"),
        (1240, "month"),
        (306, "instant"),
        (5, "day"),
    ]
    assert figures[3].handle == "4711"


def test_a_fraction_in_a_workbook_count_is_refused(read: Read) -> None:
    """An English Excel takes the typed 1.619 for a fraction."""
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADER.split(","))
    book.active.append(["square", "@kpu", "followers", 1.619, "2022-12-28"])
    file = io.BytesIO()
    book.save(file)

    (first, _) = sentences(read, file.getvalue(), "angka.xlsx")
    assert first.startswith("angka.xlsx, baris 2, kolom value: 1.619 adalah pecahan")
    assert "tulis 1619 tanpa titik" in first


def test_every_wrong_cell_is_said_with_its_place_and_nothing_is_taken(read: Read) -> None:
    """A person mends the file once, not once for each cell."""
    text = rows(
        "square,@kpu,followers,1619,2022-12-28,,",
        "squares,,,1.6K,besok,,",
        "square,@kpu,followers,,2023-01-01,,",
        "nowhere,@kpu,followers,12,2022-12-28,,",
    )

    assert sentences(read, text, "pontianak.csv") == [
        'pontianak.csv, baris 3, kolom platform: "squares" bukan platform yang dikenal. Mungkin maksudnya "square"? '
        "Yang dikenal: square.",
        "pontianak.csv, baris 3, kolom account: kosong. Tulis nama akunnya, misalnya @akun.",
        "pontianak.csv, baris 3, kolom metric: kosong. Tulis metriknya, misalnya followers.",
        'pontianak.csv, baris 3, kolom value: "1.6K" adalah angka singkat yang sudah dipotong. Angka lengkapnya ada di '
        "halaman statistik akun atau di profil yang dibuka lewat komputer; tulis misalnya 1619.",
        'pontianak.csv, baris 3, kolom at: "besok" tidak dapat dibaca sebagai tanggal. Tulis hari, bulan, lalu tahun '
        "empat angka, misalnya 28/12/2022, 28 Desember 2022, 2022-12-28 14:24, atau bulannya saja: 2022-06.",
        "pontianak.csv, baris 4, kolom value: kosong. Hapus barisnya; jangan tulis 0 kalau angkanya tidak diketahui.",
        'pontianak.csv, baris 4, kolom at: "2023-01-01" adalah tanggal di masa depan.',
        'pontianak.csv, baris 5, kolom platform: "nowhere" bukan platform yang dikenal. Yang dikenal: square.',
        "Tidak ada yang disimpan.",
    ]


def test_a_missing_window_is_said_beside_a_wrong_date(read_one: ReadOne) -> None:
    """That reach needs a window does not depend on when it was."""
    said = sentences(read_one, metric="reach", at="besok")

    assert [line.split(":")[0] for line in said[:2]] == [
        "angka.csv, baris 2, kolom at",
        "angka.csv, baris 2, kolom days",
    ]


def test_messages_name_the_column_as_the_file_does(read: Read) -> None:
    """The person looks for the words of the own header."""
    text = "platform;akun;metrik;Nilai;tanggal\nsquare;@kpu;followers;12.5;2022-12-28\n"

    assert sentences(read, text)[0].startswith("angka.csv, baris 2, kolom Nilai: ")


def test_of_many_wrong_cells_twenty_are_said(read: Read) -> None:
    """A screenful is enough; the rest are counted."""
    said = sentences(read, rows(*["square,@kpu,followers,?,2022-12-28,,"] * 25))

    assert len(said) == 22
    assert said[19].startswith("angka.csv, baris 21, ")
    assert said[20:] == ["… dan 5 lagi.", "Tidak ada yang disimpan."]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("platform,account,metric,value,at,colour", ['kolom "colour" tidak dikenal. Yang dikenal: platform, account']),
        ("platform,account,metric,value,at,sourc", ['kolom "sourc" tidak dikenal. Mungkin maksudnya "source"?']),
        ("platform,account,metric", ["kolom yang wajib tidak ada: value, at."]),
        ("platform,account,metric,value,nilai,at", ['kolom value ada dua kali ("value" dan "nilai").']),
        ("platform,account,warna,at", ['kolom "warna" tidak dikenal.', "kolom yang wajib tidak ada: metric, value."]),
        (
            "square,@kpu,followers",
            ["baris pertama harus berisi judul kolom: platform,account,metric,value,at,source,n"],
        ),
    ],
)
def test_a_wrong_header_is_refused(read: Read, header: str, says: list[str]) -> None:
    """Rows under a wrong header would all be read wrongly."""
    said = sentences(read, rows("square,@kpu,followers,1619,2022-12-28", header=header))

    assert [line[: len("angka.csv: " + wanted)] for line, wanted in zip(said, says, strict=False)] == [
        "angka.csv: " + wanted for wanted in says
    ]
    assert said[len(says) :] == ["Tidak ada yang disimpan."]


def test_a_header_alone_holds_no_figures(read: Read) -> None:
    """An import that takes nothing must not look like a success."""
    assert sentences(read, HEADER) == ["angka.csv: tidak ada baris angka di bawah judul."]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "square,@kpu,followers,1,619,2022-12-28,Laporan,",
            '1,619 ditulis tanpa tanda kutip, .* Tulis 1619 atau "1,619"',
        ),
        ("square,@kpu,followers,1,619,2022-12-28,Laporan,catatan", "1,619 ditulis tanpa tanda kutip"),
        ("square,@kpu,followers,1,619,2022-12-28,Laporan", "1,619 ditulis tanpa tanda kutip"),
        ("square,@kpu,followers_change,30,6%,2022-12-28,Laporan,", '30,6% ditulis tanpa .* Tulis 30.6% atau "30,6%"'),
        ("square,@kpu,followers_change,+2,2,2022-12-28,,", r"\+2,2 ditulis tanpa tanda kutip"),
    ],
)
def test_an_unquoted_number_with_a_comma_is_said_as_what_it_is(read: Read, line: str, says: str) -> None:
    """It shifts all the following cells, and errors about those would only mislead."""
    first, last = sentences(read, rows(line))

    assert last == "Tidak ada yang disimpan."
    with pytest.raises(ImportRowsError, match=f"^angka.csv, baris 2: {says}"):
        raise ImportRowsError(first)


def test_an_unquoted_upper_end_is_said_too(read: Read) -> None:
    """The same trap one column further."""
    text = rows('square,@kpu,followers,"1,652",1,653,2022-06', header="platform,account,metric,value,upto,at")

    assert sentences(read, text)[0].startswith("angka.csv, baris 2: 1,653 ditulis tanpa tanda kutip")


def test_a_surplus_cell_is_refused_and_a_surplus_separator_is_not(read: Read) -> None:
    """Hand-written files end in stray commas; a stray word may be a shifted row."""
    assert len(read(rows("square,@kpu,followers,1619,2022-12-28,Laporan,,,"))) == 1
    said = sentences(read, rows("square,@kpu,followers,1619,2022-12-28,Laporan,a,b"))
    assert said[0] == 'angka.csv, baris 2: "b" berada di kolom ke-8 yang tanpa judul. Periksa pemisah kolomnya.'


def test_empty_columns_beside_the_table_are_no_concern(read: Read) -> None:
    """A spreadsheet exports every column that was ever touched; a word in one of them has no meaning, though."""
    header = HEADER + ",,"

    assert len(read(rows("square,@kpu,followers,1619,2022-12-28,Laporan,,,", header=header))) == 1
    assert "kolom ke-9" in sentences(read, rows("square,@kpu,followers,1619,2022-12-28,,,,x", header=header))[0]


def test_a_small_number_beside_a_date_is_no_split_number(read: Read) -> None:
    """Semicolon files have commas inside cells, and a value of 1 is a value."""
    assert read(rows("square,@kpu,followers,1,2022-12-28,,"))[0].value == 1
    assert (
        read(rows("square,@kpu,followers,1,619,2022-12-28", header="platform,account,metric,value,note,at"))[0].note
        == "619"
    )
    assert (
        read(rows("square;@kpu;followers;1,619;2022-12-28", header="platform;account;metric;value;at"))[0].value == 1619
    )


def test_equal_rows_are_taken_once_and_contradictions_are_refused(read: Read) -> None:
    """Which of two numbers is right only a person knows."""
    first = "square,@KPU,followers,1619,2022-12-28,a,"

    assert [figure.row for figure in read(rows(first, 'square,kp u,followers,"1.619",28/12/2022,b,'))] == [2]
    assert sentences(read, rows(first, "square,kpu,followers,1.620,28/12/2022,b,"))[0] == (
        "angka.csv, baris 3, kolom value: baris 2 menulis 1619 dan baris ini 1.620 untuk hal yang sama. "
        "Hapus yang salah."
    )


@pytest.mark.parametrize(
    "other",
    [
        {"office": "Kabupaten"},
        {"account": "@lain"},
        {"metric": "posts"},
        {"at": "2022-12-27"},
        {"at": "2022-12-28 23:59:59"},
        {"dimension": "city:Sambas"},
    ],
)
def test_figures_of_different_things_do_not_contradict(read: Read, other: dict[str, str]) -> None:
    """Another office, account, metric, moment, precision or dimension is another figure."""
    plain = {"office": "Kota", "platform": "square", "account": "@kpu", "metric": "followers", "value": "1619"}
    plain |= {"at": "2022-12-28", "dimension": ""}
    both = [",".join(plain.values()), ",".join((plain | {"value": "45"} | other).values())]

    assert [figure.value for figure in read(rows(*both, header=",".join(plain)))] == [1619, 45]


def test_each_row_is_read_in_its_own_offices_zone(read: Read) -> None:
    """A province's file holds offices of several zones; no column is the office without a name."""
    zones = {"Kota": ZoneInfo("Asia/Pontianak"), "Kabupaten": ZoneInfo("Asia/Jayapura"), "": ZoneInfo("UTC")}
    line = "square,@kpu,followers,1619,2022-12-28 14:24"
    columns = "platform,account,metric,value,at"
    of_offices = read(rows(f"Kota,{line}", f"Kabupaten,{line}", header="office," + columns), zone_of=zones.__getitem__)
    (of_none,) = read(rows(line, header=columns), zone_of=zones.__getitem__)

    hours = [figure.when.at.hour for figure in (*of_offices, of_none) if isinstance(figure.when, Moment)]
    assert hours == [7, 5, 14]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"days": "0", "metric": "reach"}, "kolom days: .* 1 sampai 400"),
        ({"days": "401", "metric": "reach"}, "kolom days: .* 1 sampai 400"),
        ({"days": "28,5", "metric": "reach"}, "kolom days: .* bilangan bulat"),
        ({"days": "sebulan", "metric": "reach"}, "kolom days: .* bilangan bulat"),
        ({"dimension": "Pontianak"}, "kolom dimension: .* city:Pontianak"),
        ({"dimension": "planet:Bumi"}, "kolom dimension: .* city:Pontianak"),
        ({"dimension": "city:"}, "kolom dimension: .* city:Pontianak"),
        ({"upto": "1618"}, "kolom upto: .* lebih kecil"),
        ({"upto": "1.7K"}, "kolom upto: .* dipotong"),
        ({"mark": "kira-kira"}, "kolom mark: .* Yang dikenal: stated, derived, quoted"),
        ({"mark": "derivd"}, 'kolom mark: .* Mungkin maksudnya "derived"'),
        ({"account": "@ "}, "kolom account: kosong"),
        ({"platform": ""}, "kolom platform: kosong. Yang dikenal: square"),
        ({"metric": "followers_share", "dimension": "city:A", "value": "101"}, "kolom value: .* antara 0 dan 100"),
    ],
)
def test_the_optional_columns_are_checked_too(read_one: ReadOne, columns: dict[str, str], says: str) -> None:
    """Each at its own column, with what may stand there."""
    with pytest.raises(ImportRowsError, match=says):
        read_one(**columns)


@pytest.mark.parametrize(
    ("written", "about"),
    [
        ("City: Ketapang Kecil", "city:Ketapang Kecil"),
        ("negara:Malaysia", "country:Malaysia"),
        ("country:ID", "country:ID"),
        ("usia:25-34", "age:25-34"),
        ("Jenis Kelamin:F", "gender:F"),
        ("city:a:b", "city:a:b"),
    ],
)
def test_a_dimension_keeps_its_label_as_written(read_one: ReadOne, written: str, about: str) -> None:
    """Two spellings of a town are joined by a person, not by the import."""
    assert read_one(dimension=written).about == about


def test_an_interval_of_one_number_is_exact(read_one: ReadOne) -> None:
    """1652 to 1652 would otherwise be printed as an estimate."""
    assert read_one(value="1652", upto="1653").upto == 1653
    assert read_one(value="1652", upto="1652").upto is None


@pytest.mark.parametrize(
    ("written", "mark"),
    [("", "stated"), ("stated", "stated"), ("Tertulis", "stated"), ("DERIVED", "derived"), ("dikutip", "quoted")],
)
def test_marks_are_known_in_both_languages(read_one: ReadOne, written: str, mark: str) -> None:
    """Nothing written means that the source prints the figure."""
    assert read_one(mark=written).mark == mark


def test_the_value_is_checked_even_where_its_metric_is_not_known(read_one: ReadOne) -> None:
    """So that both are mended in one go; what some metric could take is let pass."""
    assert len(sentences(read_one, metric="zzz", value="1.6K")) == 3
    assert len(sentences(read_one, metric="zzz", value="30,6")) == 2
    assert len(sentences(read_one, metric="zzz", value="1619")) == 2
    assert len(sentences(read_one, platform="zzz", value="banyak")) == 3


def test_an_entry_follows_the_same_rules(enter: Callable[..., TypedFigure]) -> None:
    """`collector record` is an import of one row."""
    figure = enter(platform="plaza", account="@kpu", metric="pengikut", value="1.619", at="28/12/2022 14.24")

    assert (figure.platform, figure.value, figure.precision) == ("square", 1619, "instant")
    assert figure.when == Moment(datetime(2022, 12, 28, 7, 24, tzinfo=UTC))
    assert (figure.office, figure.row, figure.column) == ("", 0, 0)


@pytest.mark.parametrize("given", [{}, {"at": ""}])
def test_an_entry_without_a_moment_is_of_now(enter: Callable[..., TypedFigure], given: dict[str, str]) -> None:
    """Typing what the phone shows at this moment is the usual case."""
    figure = enter(platform="square", account="@kpu", metric="followers", value="1619", **given)

    assert (figure.when, figure.precision) == (Moment(datetime(2022, 12, 28, 18, 0, tzinfo=UTC)), "instant")


def test_an_entry_names_its_options(enter: Callable[..., TypedFigure]) -> None:
    """There is no row and no column on a command line."""
    said = sentences(enter, platform="square", account="@kpu", metric="folowers", value="1.6K")

    assert [line.split(":")[0] for line in said] == ["--metric", "--value"]


def test_messages_are_in_english_too(read: Read) -> None:
    """The second language of every screen."""
    language.use("en")

    assert sentences(read, rows("square,@kpu,followers,-1,2022-12-28,,"), "a.csv") == [
        'a.csv, row 2, column value: "-1" is below zero. Write the whole count, not the difference.',
        "Nothing was stored.",
    ]
