"""The report of the real example: what it says, where each figure comes from, and what is checked before signing."""

import json

import pytest
from report_office import SIGNED, make

from collector.reports.archive import dump, list_changes, load, substance_of
from collector.reports.evidence import figure_code
from collector.reports.model import Bullets, Paragraph, Report, Table
from collector.reports.narrative import read_narrative
from collector.reports.tracing import trace_figure
from collector.reports.wording_faults import find_faults
from collector.wiring import Application


def paragraphs(report: Report) -> str:
    return "\n".join(block.text for block in report.blocks() if isinstance(block, Paragraph))


def test_it_says_what_the_real_report_should_have_said(report: Report) -> None:
    """19,7 % and not 14,1; 3,2 and not 3,1; each worked-back base said to be one."""
    told = paragraphs(report)

    assert "376 pengikut per 28 Desember 2022, naik 62 (19,7%; data dasar dihitung balik dari laporan)" in told
    assert "naik 36–37 (2,2%; data dasar dihitung balik dari laporan) dari 1.652–1.653" in told
    assert "naik 379 (30,6%; data dasar dihitung balik dari laporan) dari 1.240" in told
    assert "bertambah 1 (3,2%; basis kecil; data dasar dihitung balik dari laporan) dari 31" in told
    assert "129 pengikut per 28 Desember 2022, belum ada data pembanding" in told
    assert "788 orang dalam 28 hari (1–28 Desember 2022)" in told
    assert "+29% (1–28 Desember 2022, Laporan Media Sosial Tahun 2022)" in told
    assert report.period_text == "Semester II (Juli–Desember) 2022"


def test_printed_percentages_that_differ_are_named_in_the_notes(report: Report) -> None:
    """The reader of the old report must not wonder."""
    (notes,) = [section for section in report.sections if section.key == "notes"]
    items = next(block.items for block in notes.blocks if isinstance(block, Bullets))

    assert "X: Laporan Media Sosial Tahun 2022 mencantumkan +14,1%; dihitung ulang dari angkanya +19,7%." in items
    assert not any("mencantumkan +30,6%" in item for item in items)


def test_sections_stand_in_the_order_of_the_real_reports(report: Report) -> None:
    """Readers look for them there."""
    keys = [section.key for section in report.sections]

    assert keys == ["introduction", "recap", *["platform"] * 5, "obstacles", "solutions", "notes", "closing",
                    "evidence"]  # fmt: skip
    instagram = next(section for section in report.sections if section.platform == "instagram")
    assert Bullets(("Story", "Reels & siaran <langsung>")) in instagram.blocks


def test_every_figure_has_a_code_of_its_own_and_evidence(report: Report) -> None:
    """No number without its way back."""
    codes = [figure.code for figure in report.figures]

    assert len(codes) == len(set(codes)) > 20
    assert all(figure.evidence for figure in report.figures)
    (annex,) = [block for block in report.blocks() if isinstance(block, Table) and block.title.startswith("Bukti")]
    assert [row[0].text for row in annex.rows] == codes


def test_a_code_is_of_what_a_figure_is_about() -> None:
    """The same in every version, whatever its value."""
    assert figure_code("a|b") == figure_code("a|b") != figure_code("a|c")
    assert figure_code("a|b", 6).startswith(figure_code("a|b"))


def test_what_is_checked_before_signing(report: Report) -> None:
    """Worked-back bases never pass as confirmed; everything else of this report is in order."""
    failed = {one.code: one.detail for one in report.checks if not one.is_passed}

    assert set(failed) == {"base"}
    assert "X pengikut: 314" in failed["base"]
    assert len(report.checks) == 12


def test_it_is_stored_and_read_again(report: Report) -> None:
    """A frozen report is the report."""
    assert load(dump(report)) == report
    assert json.loads(dump(report))["office"] == "kota-pontianak"


def test_unchanged_it_is_the_same_version(pontianak: Application, report: Report) -> None:
    """Asking twice does not make two reports."""
    again = make(pontianak)

    assert (again.is_new, again.report) == (False, report)
    assert again.report.version == 1


def test_what_changed_is_listed(report: Report) -> None:
    """The reader of version 2 sees what is other than in version 1, and why."""
    told = dump(report).replace('"376"', '"377"').replace("Menambah petugas", "Menambah dua petugas")
    changed = load(told)

    lines = list_changes(report, changed)

    assert any("X pengikut: 376 / 314 / +19,7% → 377 / 314 / +19,7%" in line for line in lines)
    assert "Naskah diubah." in lines
    assert substance_of(changed) != substance_of(report)
    assert list_changes(report, report) == ()


def test_a_figure_is_traced_to_the_rows_of_the_file(pontianak: Application, report: Report) -> None:
    """From F-… to both readings, and to the cells that they stand in."""
    figure = next(one for one in report.figures if one.platform == "X" and one.value == "376")
    reporting = pontianak.reporting

    traced = trace_figure(figure.code.lower(), reporting.archive, pontianak.history, pontianak.queries)
    lines = "\n".join(traced.lines())

    assert "376 − 314 = 62; 62 ÷ 314 = +19,7%" in lines
    assert ">>> 314 <<<" in lines
    assert ">>> 376 <<<" in lines
    assert all(one.is_same for one in traced.selections)
    assert traced.plain()["evidence"][0]["readings"][0]["value"] == 314


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("naik 2,2% persen dari Juni", ["persen ditulis dua kali"]),
        ("1,619 pengikut", ["ribuan ditulis dengan titik"]),
        ("sekitar 1.6K pengikut", ["angka disingkat"]),
        ("1,7 rb orang", ["angka disingkat"]),
        ("1.619 pengikut, naik 30,6% (2,2 persen) pada 28 Desember 2022, pukul 14.24 WIB", []),
        ("PKPU 22/2023 dan pasal 3.1.2", []),
    ],
)
def test_faults_in_the_writing_of_numbers(text: str, faults: list[str]) -> None:
    """What made the real report embarrassing, and what is right."""
    found = list(find_faults(text))

    assert len(found) == len(faults)
    assert all(fault in said for fault, said in zip(faults, found, strict=True))


def test_texts_are_read_from_plain_markdown() -> None:
    """Lists, paragraphs over several lines, comments; unknown headings are left alone."""
    read = read_narrative("<!-- - Nama: tidak -->\n" + SIGNED + "\n## Lain\nabc\n## Kendala\nBaris satu\nbaris dua\n")

    assert read.fields == {"place": "Pontianak", "date": "Januari 2023", "role": "Ketua KPU Kota Pontianak",
                           "name": "(nama ketua)"}  # fmt: skip
    assert read.part("solutions").items == ("Menambah petugas",)
    assert read.part("obstacles").paragraphs == ("Baris satu baris dua",)
    assert read.part("features").below["Instagram"].items == ("Story", "Reels & siaran <langsung>")
    assert read.part("closing").paragraphs == ("Demikian laporan ini.",)
    assert read_narrative("").part("closing").is_empty
