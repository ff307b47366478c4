"""The hand-over sheet: what the next person needs, in a file that opens, and no secret."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from docx import Document
from office import Office, only
from pypdf import PdfReader

from collector.demo.standin import StandIn


def words_of(path: Path) -> str:
    """Return all the text of a Word or PDF file, read back."""
    if path.suffix == ".pdf":
        return " ".join(page.extract_text().replace("\u200b", "") for page in PdfReader(path).pages)
    document = Document(BytesIO(path.read_bytes()))
    heads = (one.text for section in document.sections for one in section.header.paragraphs)
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return " ".join(" ".join(text.split()) for text in (*(one.text for one in document.paragraphs), *cells, *heads))


def test_the_sheet_holds_what_a_successor_needs_and_no_secret(
    office_with: Callable[..., Office], standin: StandIn, tmp_path: Path
) -> None:
    """Staff rotate: what is not on this sheet leaves with the person."""
    office = office_with("instagram", "x")
    office.run("init", "--name", "KPU Kota Contoh", "--seat", "Contoh", "--zone", "WIB")
    office.collect()
    office.run(
        "accounts", "custody", "kpu_contoh", "--platform", "instagram", "--owner", "Subbagian Parmas",
        "--recovery-mail", "humas@kpu.example",
    )  # fmt: skip
    office.run("accounts", "custody", "kpu_contoh", "--platform", "instagram", "--second-admin", "Sekretaris")

    said = office.run("accounts", "handover", "--from", "Staf Lama", "--to", "Staf Baru", "--out", tmp_path / "sheet")

    paths = [Path(line) for line in said.out.split()]
    assert [path.suffix for path in paths] == [".docx", ".pdf"]
    secrets = [
        value
        for name, value in only(standin.environment(), "instagram", "x").items()
        if name.endswith(("TOKEN", "SECRET")) and value
    ]
    assert secrets
    for path in paths:
        words = words_of(path)
        for expected in (
            "KPU Kota Contoh", "5 Januari 2027", "17841400000000001", "Subbagian Parmas", "humas@kpu.example",
            "Sekretaris", "Staf Lama", "Staf Baru", str(office.home), "collector backup",
        ):  # fmt: skip
            assert "".join(expected.split()) in "".join(words.split()), f"{path.suffix}: {expected}"
        assert "Versi" not in words
        assert [secret for secret in secrets if secret.encode() in path.read_bytes() or secret in words] == []


def test_the_offices_own_letterhead_is_used(office_with: Callable[..., Office], tmp_path: Path) -> None:
    """An official sheet goes out under the office's own head."""
    office = office_with("instagram")
    office.run("accounts", "check")
    folder = office.home / "kop"
    folder.mkdir()
    letterhead = Document()
    letterhead.add_paragraph("KOMISI PEMILIHAN UMUM")
    letterhead.add_paragraph("{{p isi }}")
    letterhead.save(str(folder / "default.docx"))

    (path,) = office.run("accounts", "handover", "--format", "docx", "--out", tmp_path / "sheet").out.split()

    assert words_of(Path(path)).startswith("KOMISI PEMILIHAN UMUM Akun yang diserahterimakan")


def test_what_cannot_be_made_is_said(office_with: Callable[..., Office], bare: Office) -> None:
    """A slip gets one sentence."""
    assert "Belum ada akun" in bare.run("accounts", "handover", status=2).err
    office = office_with("instagram")
    office.run("accounts", "check")
    assert "Yang ada: docx, pdf" in office.run("accounts", "handover", "--format", "xlsx", status=2).err


def test_custody_keeps_what_is_not_named_and_shows_it(office_with: Callable[..., Office]) -> None:
    """One fact at a time is how people fill such a table in."""
    office = office_with("instagram")
    office.run("accounts", "check")
    office.run("accounts", "custody", "kpu_contoh", "--owner", "Subbagian Parmas", "--note", "nomor kantor")

    office.run("accounts", "custody", "kpu_contoh", "--note", "")

    assert office.rows("SELECT owner, recovery_mail, second_admin, note FROM custody") == [
        ("Subbagian Parmas", "", "", "")
    ]
    assert "Subbagian Parmas" in office.run("accounts", "custody", "kpu_contoh").out


def test_a_check_says_until_when_and_what_is_missing(office_with: Callable[..., Office]) -> None:
    """The one look before the semester ends."""
    office = office_with("youtube")

    (said,) = office.run("accounts", "check", "--json").json["accounts"]

    assert (said["state"], said["office"], said["last_success"]) == ("active", "default", None)
    assert said["lacks"] == ["belum ada angka sama sekali"]
    assert set(said) >= {"granted", "missing", "ends_at", "days_left"}
    office.collect()
    (said,) = office.run("accounts", "check", "--json").json["accounts"]
    assert said["last_success"].startswith("2027-01-05T10:00:")
    assert "belum ada data dasar per 31 Desember 2026" in " ".join(said["lacks"])
