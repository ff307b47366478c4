"""`collector report`: made, frozen, changed, printed again, and refused in one sentence."""

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from office import Office

EXAMPLES = Path(__file__).parents[2] / "examples"
PERIOD = ("report", "2022-S2", "--office", "kota-pontianak")


@pytest.fixture
def reports(bare: Office) -> Office:
    """An office that took over the two real reports."""
    for name in ("pontianak-2022", "kayong-utara-2021"):
        bare.run("import", str(EXAMPLES / f"{name}.csv"))
    return bare


def figure(said: dict[str, Any], platform: str, label: str = "pengikut") -> dict[str, Any]:
    return next(one for one in said["figures"] if (one["platform"], one["label"]) == (platform, label))


def test_a_report_in_four_formats(reports: Office, tmp_path: Path) -> None:
    """The files are where they are said to be, and their figures are those of the growth."""
    said = reports.run(*PERIOD, "--format", "docx,pdf,xlsx,html", "--out", str(tmp_path / "out"), "--json").json

    paths = [Path(path) for path in said["files"]]
    assert [path.suffix for path in paths] == [".docx", ".pdf", ".xlsx", ".html"]
    assert [path.read_bytes()[:4] for path in paths] == [b"PK\x03\x04", b"%PDF", b"PK\x03\x04", b"<!do"]
    assert (figure(said, "X")["value"], figure(said, "X")["percent"]) == ("376", "+19,7%")
    assert figure(said, "Facebook")["difference"] == "+36–37"
    assert figure(said, "TikTok")["percent"] == "–"
    assert (said["version"], said["new"]) == (1, True)
    assert {one["code"] for one in said["checks"] if not one["passed"]} == {"base", "signer"}


def test_positions_alone_make_a_report_too(reports: Office) -> None:
    """Kayong Utara: nothing to compare with, and every figure says so."""
    said = reports.run("report", "2021-S1", "--office", "kabupaten-kayong-utara", "--format", "html", "--json").json
    page = Path(said["files"][0]).read_text("utf-8")

    assert {one["value"] for one in said["figures"]} >= {"1.030", "659", "350", "25"}
    assert page.count("belum ada data pembanding") >= 4


def test_unchanged_it_is_the_same_changed_a_new_version(reports: Office, clock: Any) -> None:
    """A correction makes version 2, which says what changed; version 1 is still what was signed."""
    first = reports.run(*PERIOD, "--format", "pdf", "--json").json
    signed = Path(first["files"][0]).read_bytes()
    assert reports.run(*PERIOD, "--format", "pdf", "--json").json["new"] is False
    clock.sleep(3600)
    reports.run("record", "--office", "kota-pontianak", "--platform", "tiktok", "--account", "kpukotapontianak",
                "--metric", "followers", "--value", "130", "--at", "2022-12-28T14:24+07:00")  # fmt: skip

    second = reports.run(*PERIOD, "--format", "pdf", "--json").json

    assert (second["version"], second["new"]) == (2, True)
    assert any("TikTok pengikut: 129 / – / – → 130 / – / –" in line for line in second["changed"])
    again = reports.run(*PERIOD, "--format", "pdf", "--version", "1", "--json").json
    assert Path(again["files"][0]).read_bytes() == signed
    code = figure(second, "TikTok")["code"]
    assert code == figure(first, "TikTok")["code"]
    assert '>>> "value": "130" <<<' in reports.run("trace", code).out


def test_as_it_was_known_before(reports: Office, clock: Any) -> None:
    """What was corrected since is as it was; that is the version which was made then."""
    made = reports.run(*PERIOD, "--format", "html", "--json").json
    then = clock.now()
    clock.sleep(3600)
    reports.run("record", "--office", "kota-pontianak", "--platform", "tiktok", "--account", "kpukotapontianak",
                "--metric", "followers", "--value", "130", "--at", "2022-12-28T14:24+07:00")  # fmt: skip

    before = reports.run(*PERIOD, "--format", "html", "--as-of", then.isoformat(), "--json").json
    now = reports.run(*PERIOD, "--format", "html", "--json").json

    assert figure(before, "TikTok")["value"] == figure(made, "TikTok")["value"] == "129"
    assert (before["version"], before["new"]) == (1, False)
    assert figure(now, "TikTok")["value"] == "130"


def test_the_texts_are_the_staffs(reports: Office) -> None:
    """They edit one file; it is carried over to the next period."""
    reports.run(*PERIOD, "--format", "html")
    texts = Path(reports.environment["COLLECTOR_HOME"]) / "naskah" / "kota-pontianak" / "2022-S2.md"
    texts.write_text(texts.read_text("utf-8").replace("## Kendala\n", "## Kendala\n\n- Kuota data pribadi\n"), "utf-8")

    said = reports.run(*PERIOD, "--format", "html", "--json").json
    later = reports.run("report", "2023-S1", "--office", "kota-pontianak", "--format", "html", "--json").json

    assert "Kuota data pribadi" in Path(said["files"][0]).read_text("utf-8")
    assert "Naskah diubah." in said["changed"]
    assert "Kuota data pribadi" in Path(later["files"][0]).read_text("utf-8")


def test_into_the_offices_own_file(reports: Office, tmp_path: Path) -> None:
    """With the letterhead; not kept as the version's own file, because the letterhead is the office's."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "KOP KANTOR"
    document.add_paragraph("{{p isi }}")
    document.save(tmp_path / "kop.docx")

    said = reports.run(*PERIOD, "--template", str(tmp_path / "kop.docx"), "--out", str(tmp_path), "--json").json

    made = Document(next(path for path in said["files"] if path.endswith(".docx")))
    assert made.sections[0].header.paragraphs[0].text == "KOP KANTOR"
    assert any("19,7%" in paragraph.text for paragraph in made.paragraphs)
    plain = reports.run(*PERIOD, "--format", "docx", "--out", str(tmp_path / "plain"), "--json").json
    assert Document(plain["files"][0]).sections[0].header.paragraphs[0].text == "Kota Pontianak"


def test_in_english(reports: Office, tmp_path: Path) -> None:
    """The second language, in the same figures."""
    said = reports.run(*PERIOD, "--lang", "en", "--format", "html", "--out", str(tmp_path), "--json").json
    page = Path(said["files"][0]).read_text("utf-8")

    assert "1,619 followers on 28 December 2022" in page
    assert '<html lang="en">' in page


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--format", "odt"), "Format odt tidak dikenal"),
        (("--format", ","), "tidak dikenal"),
        (("--version", "7"), "versi 7 tidak ada"),
        (("--template", "tidak-ada.docx"), "tidak dapat dibuka"),
        (("--out", "/dev/null/x"), "tidak dapat ditulis"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(reports: Office, arguments: tuple[str, ...], part: str) -> None:
    """What, where, how to mend it; never a traceback."""
    said = reports.run(*PERIOD, *arguments, status=2)

    assert part in said.err
    assert "Traceback" not in said.err


def test_an_unknown_code_is_said_to_be_unknown(reports: Office) -> None:
    """A mistyped code is no empty answer."""
    assert "F-ZZZZ" in reports.run("trace", "F-ZZZZ", status=2).err


def test_an_office_keeps_its_letterhead_once_and_the_doctor_looks_at_it(reports: Office) -> None:
    """Put into the home it is used for every report; what is wrong with it is said before the report is due."""
    path = Path(reports.environment["COLLECTOR_HOME"]) / "kop" / "kota-pontianak.docx"
    path.parent.mkdir()
    document = Document()
    document.sections[0].header.paragraphs[0].text = "KOP KANTOR"
    document.add_paragraph("{{ judull }}")
    document.save(path)

    (finding,) = [one for one in reports.run("doctor", "--json").json["findings"]
                  if one["id"] == "report.template"]  # fmt: skip
    assert "judull" in finding["what"]
    assert "judull" in reports.run(*PERIOD, "--format", "docx", status=2).err
    document.paragraphs[0].text = "{{p isi }}"
    document.save(path)
    said = reports.run(*PERIOD, "--format", "docx", "--json").json
    assert Document(said["files"][0]).sections[0].header.paragraphs[0].text == "KOP KANTOR"


def test_a_bio_that_leads_elsewhere_is_found_before_signing(collected: Office, tmp_path: Path) -> None:
    """The real report's accounts still named the office's old domain."""
    said = collected.run("report", "2026-S2", "--format", "html", "--out", str(tmp_path), "--json").json

    (links,) = [one for one in said["checks"] if one["code"] == "links"]
    assert not links["passed"]
    assert "Facebook: https://kab-contoh.kpu.example/" in links["detail"]
