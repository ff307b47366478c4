"""`collector import`: the figures of two real reports, what Indonesian spreadsheets write, files that are refused."""

from decimal import Decimal
from pathlib import Path

import pytest
from office import Office
from openpyxl import Workbook

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def reports(bare: Office) -> Office:
    """One home with the figures of both reports."""
    for name in ("pontianak-2022.csv", "kayong-utara-2021.csv"):
        bare.run("import", EXAMPLES / name)
    return bare


def test_both_reports_stand_in_one_home_as_two_offices(reports: Office) -> None:
    """A province keeps several offices in one home; their accounts must not run together."""
    followers = reports.readings("--platform", "instagram", "--metric", "followers")

    assert [(one["office"], one["account"], one["value"], one["at"]) for one in followers] == [
        ("kabupaten-kayong-utara", "kpukayongutarakab", 1030, "2021-06"),
        ("kota-pontianak", "kpukotapontianak", 1240, "2022-06"),
        ("kota-pontianak", "kpukotapontianak", 1619, "2022-12-28T14:24:00+07:00"),
    ]
    assert [one["origin"] for one in followers] == ["typed", "derived", "typed"]
    assert [one["precision"] for one in followers] == ["month", "month", "instant"]
    assert [one["source"] for one in followers] == [
        "Laporan Penggunaan Media Sosial Tahun 2021",
        "Laporan Media Sosial Tahun 2022 (dihitung balik)",
        "Laporan Media Sosial Tahun 2022",
    ]
    assert {one["kind"] for one in followers} == {"level"}


def test_a_report_imported_again_adds_nothing(reports: Office) -> None:
    """People import the same file twice; the second time must be harmless, and said."""
    before = reports.counts()

    said = reports.run("import", EXAMPLES / "pontianak-2022.csv")

    assert reports.counts() == before
    assert "sudah pernah dimasukkan" in said.out


def test_the_same_rows_in_another_file_add_no_reading(reports: Office, tmp_path: Path) -> None:
    """A file that was only saved again under another name holds nothing new."""
    again = tmp_path / "salinan.csv"
    again.write_bytes((EXAMPLES / "pontianak-2022.csv").read_bytes() + b"\n")
    before = reports.counts()

    said = reports.run("import", again, "--json").json

    after = reports.counts()
    assert (said["figures"], said["readings"], said["revised"], said["known"]) == (48, 0, 0, False)
    for table in ("readings", "replaced", "series", "accounts", "offices"):
        assert after[table] == before[table], table


def test_an_interval_keeps_both_ends(reports: Office) -> None:
    """Facebook's June 2022 can only be told to lie between two numbers; neither may pass for the figure."""
    asked = ("--platform", "fb", "--office", "kota-pontianak", "--metric", "followers", "--until", "2022-06")

    (base,) = reports.readings(*asked)

    assert (base["value"], base["upto"], base["origin"], base["mark"]) == (1652, 1653, "derived", "derived")
    assert "1652–1653" in reports.run("history", *asked).out


def test_figures_of_28_days_keep_their_window(reports: Office) -> None:
    """People reached in 28 days must never be read as those of a day, or of the semester."""
    (reach,) = reports.readings("--metric", "reach")
    (engaged,) = reports.readings("--metric", "interactions")

    assert [(one["value"], one["at"], one["days"], one["precision"]) for one in (reach, engaged)] == [
        (788, "2022-12-28", 28, "28d"),
        (357, "2022-12-28", 28, "28d"),
    ]
    assert (reach["kind"], engaged["kind"]) == ("unique", "flow")


def test_percentages_are_quoted_as_printed_and_exact(reports: Office) -> None:
    """The report's own percentages are kept to be checked, never computed with, and never as floats."""
    quoted = reports.readings("--metric", "followers_change")

    assert {(one["platform"], one["value"], one["kind"], one["mark"]) for one in quoted} == {
        ("x", "14.1", "ratio", "quoted"),
        ("facebook", "2.2", "ratio", "quoted"),
        ("instagram", "30.6", "ratio", "quoted"),
        ("youtube", "3.1", "ratio", "quoted"),
    }
    assert all(Decimal(one["value"]) for one in quoted)


def test_cities_and_countries_carry_their_dimension(reports: Office) -> None:
    """An audience figure without its dimension would look like the account's own followers."""
    followers = reports.readings("--platform", "facebook", "--metric", "followers", "--office", "kota-pontianak")
    by_dimension = {one["dimension"]: one["value"] for one in followers if one["dimension"]}

    assert (by_dimension["city:Sanggau"], by_dimension["country:Malaysia"], len(by_dimension)) == (45, 8, 18)
    assert [one["value"] for one in followers if one["dimension"] is None] == [1652, 1689]
    assert {one["post"] for one in followers} == {None}


INDONESIAN_EXPORT = (
    "﻿Platform;Akun;Metrik;Nilai;Tanggal;Sumber;Catatan\r\n"
    'Instagram;@kpu_contoh;pengikut;1.619;28/12/2022;Laporan;"dari layar;\r\nlengkap"\r\n'
    "Twitter;@kpu_contoh;pengikut;376;30 Juni 2022;Laporan;\r\n"
)


def test_an_indonesian_excel_export_comes_in_as_it_is(bare: Office, tmp_path: Path) -> None:
    """Semicolons, byte order mark, 28/12/2022 and CRLF are what Excel writes here; nobody should have to convert."""
    file = tmp_path / "angka.csv"
    file.write_bytes(INDONESIAN_EXPORT.encode())

    bare.run("import", file)

    assert [(one["platform"], one["value"], one["at"], one["precision"]) for one in bare.readings()] == [
        ("instagram", 1619, "2022-12-28", "day"),
        ("x", 376, "2022-06-30", "day"),
    ]
    assert bare.readings("--platform", "instagram")[0]["note"] == "dari layar;\r\nlengkap"


def test_a_workbook_comes_in(bare: Office, tmp_path: Path) -> None:
    """Most offices keep their figures in an XLSX file; the trace must find the very cell."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["platform", "account", "metric", "value", "at"])
    sheet.append(["instagram", "@kpu_contoh", "followers", 1619, "2022-12-28"])
    sheet.append(["youtube", "@kpu_contoh", "followers", "1.240", "Juni 2022"])
    book.save(tmp_path / "angka.xlsx")

    bare.run("import", tmp_path / "angka.xlsx")

    readings = bare.readings()
    assert [(one["value"], one["at"]) for one in readings] == [(1619, "2022-12-28"), (1240, "2022-06")]
    marked = [line for line in bare.run("trace", readings[1]["id"]).out.splitlines() if ">>>" in line]
    assert marked == ["    3 | youtube | @kpu_contoh | followers | >>> 1.240 <<< | Juni 2022"]


REFUSED = {
    "abbreviated": ("1.6K", "kolom value", "1.6K"),
    "abbreviated in Indonesian": ('"1,6 rb"', "kolom value", "1,6 rb"),
    "fraction": ("12.5", "kolom value", "12.5"),
    "negative": ("-3", "kolom value", "-3"),
}


@pytest.mark.parametrize("value, column, shown", REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_number_leaves_nothing_behind(bare: Office, tmp_path: Path, value: str, column: str, shown: str) -> None:
    """Half a file is worse than none: not even an office or an account may stay of a file that is refused."""
    good = "instagram,@kpu_contoh,followers,1619,2022-12-28"
    file = tmp_path / "salah.csv"
    file.write_text(f"platform,account,metric,value,at\n{good}\ninstagram,@lain,followers,{value},2022-12-28\n")
    bare.run("metrics")
    before = bare.counts()

    said = bare.run("import", file, status=2)

    assert bare.counts() == before
    fault, *rest = said.err.splitlines()
    assert fault.startswith(f"salah.csv, baris 3, {column}: ")
    assert shown in fault
    assert rest == ["Tidak ada yang disimpan."]


@pytest.mark.parametrize(
    "row, column, guess",
    [
        ("instagrm,@a,followers,1,2022-12-28", "platform", "instagram"),
        ("instagram,@a,folowers,1,2022-12-28", "metric", "followers"),
        ("instagram,@a,followers,1,2027-01-06", "at", "masa depan"),
        ("instagram,,followers,1,2022-12-28", "account", "kosong"),
    ],
)
def test_a_bad_word_is_named_with_its_place(bare: Office, tmp_path: Path, row: str, column: str, guess: str) -> None:
    """The person mends the cell in the file: it has to be told which, and what was probably meant."""
    file = tmp_path / "salah.csv"
    file.write_text(f"platform,account,metric,value,at\n{row}\n")

    said = bare.run("import", file, status=2)

    assert f"salah.csv, baris 2, kolom {column}: " in said.err
    assert guess in said.err
    assert bare.counts()["readings"] == 0


def test_a_dry_run_reads_and_stores_nothing(bare: Office, tmp_path: Path) -> None:
    """A file can be checked before it counts."""
    said = bare.run("import", EXAMPLES / "pontianak-2022.csv", "--dry-run")

    assert "48 angka dapat dibaca" in said.out
    counts = bare.counts()
    assert {name for name, count in counts.items() if count} == {"alembic_version"}
    assert bare.run("import", EXAMPLES / "pontianak-2022.csv", "--dry-run", "--json").json == {
        "file": "pontianak-2022.csv", "figures": 48, "readings": 0, "revised": 0, "known": False, "dry_run": True,
    }  # fmt: skip


def test_a_corrected_figure_takes_the_place_of_the_wrong_one(bare: Office, tmp_path: Path) -> None:
    """A typing error is mended by importing the right figure; the wrong one stays known as what it was before."""
    header = "platform,account,metric,value,at\n"
    (tmp_path / "a.csv").write_text(f"{header}instagram,@kpu_contoh,followers,1691,2022-12-28\n")
    (tmp_path / "b.csv").write_text(f"{header}instagram,@KPU_Contoh,followers,1619,2022-12-28\n")
    bare.run("import", tmp_path / "a.csv")

    said = bare.run("import", tmp_path / "b.csv")

    (reading,) = bare.readings()
    assert "0 baru, 1 diganti" in said.out
    assert reading["value"] == 1619
    assert [one["value"] for one in bare.run("trace", reading["id"], "--json").json["earlier"]] == [1691]
    assert "sebelumnya 1691" in bare.run("trace", reading["id"]).out


def test_rows_without_an_office_need_one_where_there_are_two(reports: Office, tmp_path: Path) -> None:
    """A figure must not land in whichever office happens to come first."""
    file = tmp_path / "angka.csv"
    file.write_text("platform,account,metric,value,at\ninstagram,@baru,followers,5,2022-12-28\n")

    said = reports.run("import", file, status=2)
    reports.run("import", file, "--office", "kota-pontianak")

    assert "kota-pontianak, kabupaten-kayong-utara" in said.err
    assert [one["office"] for one in reports.readings("--account", "baru")] == ["kota-pontianak"]


@pytest.mark.parametrize("name", ["tidak-ada.csv", "."])
def test_a_file_that_cannot_be_read_is_said(bare: Office, tmp_path: Path, name: str) -> None:
    """A mistyped path is the most frequent fault of all."""
    said = bare.run("import", tmp_path / name, status=2)

    assert "tidak dapat dibaca" in said.err
