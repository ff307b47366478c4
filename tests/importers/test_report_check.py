"""Checking a typed report: the real faults found, with their reason, and right sentences left alone."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import SelectionError
from collector.importers.report_check import Checked, check_report, to_csv
from collector.importers.verdicts import RIGHT, WRONG, whole_bases
from collector.reports import formats
from collector.reports.renderers import RENDERERS

PONTIANAK = """Posisi data per 28 Desember 2022, pukul 14.24 WIB.

1. Twitter

Akun Twitter @KpuPontianak memiliki 376 pengikut, +62 atau naik 14,1% dibandingkan semester pertama.

2. Facebook

Halaman Facebook @KPUPontianakKota diikuti 1.689 pengikut atau naik 2,2% persen dari Juni. Layarnya menulis 1.6K.

Dalam 28 hari terakhir (1–28 Desember 2022) jangkauan mencapai 788 orang, naik 29%.

3. Instagram

Instagram @kpukotapontianak memiliki 1.619 pengikut, naik 30,6% dari Juni. Tangkapan layar menulis 1,619 pengikut.

4. YouTube

Kanal YouTube @KPUKotaPontianak memiliki 32 subscriber, naik 3,1% dari Juni.

5. TikTok

TikTok @kpukotapontianak memiliki 129 pengikut.
"""


def check(tmp_path: Path, text: str, name: str = "laporan.txt") -> Checked:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return check_report(path)


def messages(checked: Checked, result: str) -> list[str]:
    return [one.message for one in checked.verdicts if one.result == result]


def test_the_real_report(tmp_path: Path) -> None:
    """Two figures are wrong, each for its own reason; three are right; four faults in the writing."""
    checked = check(tmp_path, PONTIANAK)

    assert messages(checked, WRONG) == [
        "376, +62: seharusnya 19,7% dari 314; tertulis 14,1%",
        "32, 3,1%: dibagi nilai akhir; dari 31 menjadi 3,2%",
    ]
    assert messages(checked, RIGHT) == [
        "1.689, 2,2%: cocok dari 1.652 sampai 1.653; selisihnya tidak tercetak",
        "788, 29%: cocok dari 609 sampai 613; selisihnya tidak tercetak",
        "1.619, 30,6%: cocok dari 1.240",
    ]
    assert [(fault.code, fault.message.partition(":")[0]) for fault in checked.faults] == [
        ("percent_twice", "“2,2% persen”"),
        ("shortened", "“1.6K” di samping “1.689”"),
        ("mixed_grouping", "“1,619” di samping “1.619”"),
    ]


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("Per 28 Desember 2022 pengikut naik 379 (30,6%) dari 1.240 menjadi 1.619.", "1.619, +379: cocok dari 1.240"),
        ("Per 1 Juli 2022 pengikut 1.060, turun 12 (1,1%) dari 1.072.", "1.060, −12: cocok dari 1.072"),
        ("Pengikut turun 1,1% menjadi 1.060 per 1 Juli 2022.", "1.060, −1,1%: cocok dari 1.072"),
        ("Per 1 Juli 2022: 2.000 pengikut, bertambah 500 dari 1.400.",
         "2.000, +500: selisihnya +600, tertulis +500"),
        ("Per 1 Juli 2022 pengikut 100, naik 50%.", "100, 50,0%: "),
        ("Per 1 Juli 2022 pengikut 12, naik 12 (100%) dari 0.", "12, +12: dari 0 tidak ada persentase"),
        ("Per 1 Juli 2022 terdapat 3 pengikut, naik 17,0%.", "3, 17,0%: tidak ada data dasar bulat"),
    ],
)  # fmt: skip
def test_single_sentences(tmp_path: Path, sentence: str, message: str) -> None:
    """Reckoned from what is printed, and from nothing else."""
    (one,) = check(tmp_path, sentence).verdicts

    assert message.rstrip() in one.message or one.message.startswith(message.split(",")[0])
    if not message.endswith(": "):
        assert one.message.startswith(message.rstrip())


@pytest.mark.parametrize(
    "text",
    [
        "Sejak April 2016 kantor mempunyai empat akun.",
        "Pada 28 Desember 2022 pukul 14.24 WIB terdapat 129 pengikut.",
        "Menurut PKPU 22/2023 pasal 4 ayat 2, laporan dibuat tiap semester.",
        "Tahun 2022 diterbitkan 119 berita, 34 video, dan 12 infografis.",
    ],
)
def test_what_states_no_change_is_left_alone(tmp_path: Path, text: str) -> None:
    """Years, articles of law and counts of their own are no growth."""
    checked = check(tmp_path, text)

    assert (checked.verdicts, checked.faults) == ((), ())


def test_a_figure_without_a_date_is_named(tmp_path: Path) -> None:
    """Nobody can check a figure of an unknown day."""
    checked = check(tmp_path, "Instagram memiliki 1.619 pengikut, naik 379 (30,6%) dari 1.240.")

    assert [fault.code for fault in checked.faults] == ["undated"]
    assert checked.wrong == ()


def test_tables_of_word_files_are_read(tmp_path: Path) -> None:
    """The recapitulation is a table, and the faults are in it."""
    document = Document()
    document.add_paragraph("Posisi data per 28 Desember 2022")
    table = document.add_table(rows=0, cols=4)
    for row in (("Platform", "Pengikut", "Selisih", "%"), ("Twitter", "376", "+62", "14,1%"),
                ("Instagram", "1.619", "+379", "30,6%")):  # fmt: skip
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(tmp_path / "laporan.docx")

    checked = check_report(tmp_path / "laporan.docx")

    assert messages(checked, WRONG) == ["376, +62: seharusnya 19,7% dari 314; tertulis 14,1%"]
    assert messages(checked, RIGHT) == ["1.619, +379: cocok dari 1.240"]
    assert checked.faults == ()


def test_its_figures_and_bases_become_a_table_to_import(tmp_path: Path) -> None:
    """Worked-back bases are marked so, an interval stays one; they are the next report's base."""
    rows = list(csv.DictReader(io.StringIO(to_csv(check(tmp_path, PONTIANAK)))))

    followers = [(row["platform"], row["value"], row["upto"], row["at"], row["mark"]) for row in rows
                 if row["metric"] == "followers"]  # fmt: skip
    assert ("x", "314", "", "2022-06", "derived") in followers
    assert ("facebook", "1652", "1653", "Juni 2022", "derived") in followers
    assert ("youtube", "31", "", "Juni 2022", "derived") in followers
    assert ("instagram", "1619", "", "28 Desember 2022", "stated") in followers
    reach = next(row for row in rows if row["metric"] == "reach")
    assert (reach["value"], reach["days"], reach["at"]) == ("788", "28", "28 Desember 2022")
    assert {row["account"] for row in rows if row["platform"] == "x"} == {"@KpuPontianak"}


@pytest.mark.parametrize("name", ["laporan.odt", "laporan.docx", "laporan.pdf", "kosong.txt", "tidak-ada.txt"])
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    """A scan, a damaged file, another kind of file."""
    if name != "tidak-ada.txt":
        (tmp_path / name).write_bytes(b"" if name.startswith("kosong") else b"no document")

    with pytest.raises(SelectionError) as said:
        check_report(tmp_path / name)
    assert "\n" not in str(said.value)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_what_our_own_report_prints_always_passes(base: int, value: int) -> None:
    """Whatever two numbers there are: the percentage printed of them is possible from the very base."""
    from fractions import Fraction

    percent = formats.rounded(Fraction(100 * (value - base), base))

    bases = whole_bases(value, Decimal(percent), 1)
    assert bases is not None
    assert bases[0] <= base
    assert base <= bases[1] or bases[1] - bases[0] >= 58


def test_our_own_report_has_no_fault(tmp_path: Path, own_report: bytes) -> None:
    """The product's own file, checked as any other."""
    (tmp_path / "laporan.docx").write_bytes(own_report)

    checked = check_report(tmp_path / "laporan.docx")

    assert [one.message for one in checked.wrong] == []
    assert [fault.code for fault in checked.faults] == []
    assert len(checked.verdicts) >= 8


@pytest.fixture
def own_report(tmp_path: Path) -> bytes:
    """A report of exact bases, as the product makes it."""
    from datetime import UTC, datetime

    from collector import settings
    from collector.clock import SetClock
    from collector.figures.growth import default_position
    from collector.growth.periods import parse_period
    from collector.importers.service import Importer
    from collector.wiring import Application

    (tmp_path / "none.env").touch()
    loaded = settings.load({"COLLECTOR_HOME": str(tmp_path / "home"), "COLLECTOR_KEY_FILE": str(tmp_path / "key"),
                            "COLLECTOR_ENV_FILE": str(tmp_path / "none.env")})  # fmt: skip
    (tmp_path / "angka.csv").write_text(
        "platform,account,metric,value,at\n"
        "instagram,@a,followers,1240,2022-06-30\ninstagram,@a,followers,1619,2022-12-28\n"
        "x,@b,followers,314,2022-06-30\nx,@b,followers,376,2022-12-28\n"
        "tiktok,@c,followers,500,2022-06-30\ntiktok,@c,followers,480,2022-12-28\n"
        "youtube,@d,followers,31,2022-06-30\nyoutube,@d,followers,32,2022-12-28\n"
    )
    with Application.open(loaded, clock=SetClock(datetime(2023, 1, 9, tzinfo=UTC))) as application:
        Importer(application.accounts, application.ledger, loaded.home, "test").import_file(
            tmp_path / "angka.csv", office=None, dry_run=False
        )
        office, period = application.accounts.get_office(None), parse_period("2022-S2")
        made = application.reporting.make(
            office, application.queries.list_accounts(), period,
            default_position(period, application.clock.now(), office.timezone), formats=(),
        )  # fmt: skip
    return RENDERERS["docx"](made.report)
