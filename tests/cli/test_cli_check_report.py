"""`collector check-report` at the command line: said in words, as JSON, as a table; its exit status."""

from pathlib import Path

import pytest
from office import Office

WRONG = "Per 28 Desember 2022 Twitter @KpuPontianak memiliki 376 pengikut, +62 atau naik 14,1% dari Juni.\n"
RIGHT = "Per 28 Desember 2022 Instagram memiliki 1.619 pengikut, naik 379 (30,6%) dari 1.240.\n"


def test_a_wrong_figure_ends_with_status_1(bare: Office, tmp_path: Path) -> None:
    """A script may stop a report from being sent."""
    (tmp_path / "laporan.txt").write_text(WRONG + "\n" + RIGHT, "utf-8")

    said = bare.run("check-report", str(tmp_path / "laporan.txt"), status=1)
    plain = bare.run("check-report", str(tmp_path / "laporan.txt"), "--json", status=1).json

    assert "✗ 376, +62: seharusnya 19,7% dari 314; tertulis 14,1%" in said.out
    assert "✓ 1.619, +379: cocok dari 1.240" in said.out
    assert [one["result"] for one in plain["statements"]] == ["wrong", "right"]
    assert plain["statements"][0]["base"] == [314, 314]


def test_a_right_report_ends_with_status_0(bare: Office, tmp_path: Path) -> None:
    """Nothing to mend."""
    (tmp_path / "laporan.txt").write_text(RIGHT, "utf-8")

    assert bare.run("check-report", str(tmp_path / "laporan.txt")).out.startswith("✓")


def test_its_table_can_be_imported(bare: Office, tmp_path: Path) -> None:
    """From the old report to the base of the next one, without typing a number."""
    (tmp_path / "laporan.txt").write_text(WRONG, "utf-8")
    bare.run("check-report", str(tmp_path / "laporan.txt"), "--write-csv", str(tmp_path / "angka.csv"), status=1)

    bare.run("import", str(tmp_path / "angka.csv"))

    (one,) = bare.run("growth", "2022-S2", "--json").json["changes"]
    assert (one["base"], one["end"], one["percent"]) == (314, 376, "19.7")
    assert "derived_base" in one["flags"]


@pytest.mark.parametrize(("name", "part"), [("tidak-ada.txt", "tidak ada"), ("laporan.odt", ".docx, .pdf, dan .txt")])
def test_what_cannot_be_read(bare: Office, tmp_path: Path, name: str, part: str) -> None:
    """One sentence, status 2."""
    if name.endswith("odt"):
        (tmp_path / name).write_text("x")

    assert part in bare.run("check-report", str(tmp_path / name), status=2).err
