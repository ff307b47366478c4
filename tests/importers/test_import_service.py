"""Typed figures on their way into the store: whose they are, what proves them, and all of a file or nothing."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from collector import language
from collector.clock import SetClock
from collector.errors import CollectorError, ImportRowsError, SelectionError
from collector.figures.history import at_text, plain_reading
from collector.importers.service import Imported, Importer, make_slug
from collector.settings import HOME, KEY_FILE, load
from collector.store.history import Wanted
from collector.store.records import HistoryReading
from collector.wiring import PROGRAM, Application

HEADER = "platform,account,metric,value,at"
ENTRY = {"platform": "instagram", "account": "@kpu", "metric": "followers", "value": "1.240", "at": "2026-06"}


@pytest.fixture
def opened(tmp_path: Path, clock: SetClock) -> Iterator[Application]:
    """An empty home."""
    with Application.open(load({HOME: str(tmp_path / "home"), KEY_FILE: str(tmp_path / "key")}), clock=clock) as one:
        yield one


@pytest.fixture
def importer(opened: Application) -> Importer:
    """The importer of that home."""
    return Importer(opened.accounts, opened.ledger, opened.settings.home, PROGRAM)


def imported(importer: Importer, path: Path, text: str, *, office: str | None = None) -> Imported:
    """Write a table and import it."""
    path.write_text(text)
    return importer.import_file(path, office=office, dry_run=False)


def readings(opened: Application) -> tuple[HistoryReading, ...]:
    """Return what is stored."""
    return opened.history.list_readings(Wanted())


@pytest.mark.parametrize(
    "name, slug",
    [
        ("Kota Pontianak", "kota-pontianak"), ("KPU  Kab. Kayong Utara!", "kpu-kab-kayong-utara"),
        ("default", "default"),
        ("2026", "2026"), ("北京", "kantor"), ("--", "kantor"), ("Siak Sri/Indrapura", "siak-sri-indrapura"),
    ],
)  # fmt: skip
def test_a_name_becomes_a_short_one_for_commands(name: str, slug: str) -> None:
    """It is typed after --office: lower case, no spaces, never empty."""
    assert make_slug(name) == slug


def test_an_office_is_known_by_its_name_or_short_name(opened: Application, importer: Importer, tmp_path: Path) -> None:
    """Files are written by many hands: "Kota Pontianak", "kota-pontianak" and "KOTA PONTIANAK" are one office."""
    opened.accounts.ensure_office("ptk", "KPU Kota Pontianak", zone="Asia/Makassar")
    rows = [f"instagram,@kpu,followers,{number},2026-0{number},{name}" for number, name in enumerate(
        ("kpu kota pontianak", "ptk", "PTK", "Kabupaten Sambas", "kabupaten-sambas"), start=1)]  # fmt: skip

    imported(importer, tmp_path / "a.csv", "\n".join((f"{HEADER},office", *rows)))

    assert [(office.slug, office.name) for office in opened.queries.list_offices()] == [
        ("ptk", "KPU Kota Pontianak"), ("kabupaten-sambas", "Kabupaten Sambas"),
    ]  # fmt: skip
    assert [one.office for one in readings(opened)] == ["ptk"] * 3 + ["kabupaten-sambas"] * 2


def test_times_are_of_the_office_that_the_row_names(opened: Application, importer: Importer, tmp_path: Path) -> None:
    """Ten in the morning in Makassar is nine in Jakarta; an office not known yet is taken to be in the west."""
    opened.accounts.ensure_office("makassar", "KPU Kota Makassar", zone="Asia/Makassar")
    rows = ["ig,@a,followers,1,2026-06-30 10:00,makassar", "ig,@b,followers,1,2026-06-30 10:00,Kota Baru"]

    imported(importer, tmp_path / "a.csv", "\n".join((f"{HEADER},office", *rows)))

    assert [at_text(one) for one in readings(opened)] == ["2026-06-30T10:00:00+08:00", "2026-06-30T10:00:00+07:00"]


def test_the_commands_office_is_that_of_rows_that_name_none(
    opened: Application, importer: Importer, tmp_path: Path
) -> None:
    """`--office` fills the empty cells; a named one wins."""
    for name in ("A", "B"):
        opened.accounts.ensure_office(make_slug(name), name)
    text = f"{HEADER},office\nig,@a,followers,1,2026-06,\nig,@b,followers,1,2026-06,A\n"

    imported(importer, tmp_path / "a.csv", text, office="b")

    assert {one.account: one.office for one in readings(opened)} == {"a": "b", "b": "a"}
    with pytest.raises(SelectionError, match="Kantor c tidak ada"):
        imported(importer, tmp_path / "c.csv", f"{HEADER}\nig,@a,followers,2,2026-06\n", office="c")
    with pytest.raises(SelectionError, match="a, b"):
        imported(importer, tmp_path / "d.csv", f"{HEADER}\nig,@a,followers,2,2026-06\n")
    assert len(readings(opened)) == 2


def test_a_file_is_kept_and_each_figure_points_at_its_cell(
    opened: Application, importer: Importer, tmp_path: Path
) -> None:
    """The evidence is the file itself, byte for byte, not a copy of the numbers."""
    text = f"{HEADER},source\nig,@a,followers,1.240,2026-06,Laporan\nfb,b,followers,7,2026-06,\n"

    imported(importer, tmp_path / "angka lama.csv", text)

    first, second = sorted(readings(opened), key=lambda one: one.platform, reverse=True)
    kept = opened.queries.find_exchange(first.exchange_id)
    assert kept is not None
    assert (kept.body, kept.sha256) == (text.encode(), sha256(text.encode()).hexdigest())
    assert opened.history.find_pointer(first.place_id) == "cell:/2/4"
    assert opened.history.find_pointer(second.place_id) == "cell:/3/4"
    assert plain_reading(first)["source"] == "Laporan"
    assert plain_reading(second)["source"] == "FILE import/angka lama.csv"


def test_one_wrong_cell_keeps_the_whole_file_out(opened: Application, importer: Importer, tmp_path: Path) -> None:
    """Also when the good rows come first and are of another office."""
    text = f"{HEADER},office\nig,@a,followers,1,2026-06,A\nfb,b,followers,x,2026-06,B\n"

    with pytest.raises(ImportRowsError, match=r"(?s)baris 3, kolom value.*Tidak ada yang disimpan"):
        imported(importer, tmp_path / "a.csv", text)

    assert readings(opened) == ()
    assert opened.queries.list_offices() == ()
    assert opened.queries.list_accounts() == ()


def test_a_known_file_is_told_and_not_stored_again(opened: Application, importer: Importer, tmp_path: Path) -> None:
    """Known by its bytes, whatever its name is now; a dry run of it says so too."""
    text = f"{HEADER}\nig,@a,followers,1,2026-06\n"
    assert imported(importer, tmp_path / "a.csv", text).stored.readings == 1

    again = imported(importer, tmp_path / "b.csv", text)
    dry = importer.import_file(tmp_path / "a.csv", office=None, dry_run=True)

    assert (again.known, again.stored.readings, len(again.figures)) == (True, 0, 1)
    assert (dry.known, dry.stored.readings) == (True, 0)


def test_a_derived_figure_is_of_another_origin_than_a_stated_one(
    opened: Application, importer: Importer, tmp_path: Path
) -> None:
    """A base worked out from a report must never pass for one that was written down, nor replace it."""
    text = f"{HEADER},mark\nig,@a,followers,1240,2026-06-30,derived\nig,@a,followers,1250,2026-06-29,\n"
    imported(importer, tmp_path / "a.csv", text)

    imported(importer, tmp_path / "b.csv", f"{HEADER}\nig,@a,followers,1239,2026-06-30\n")

    assert {(one.origin, one.value, one.mark) for one in readings(opened)} == {
        ("derived", 1240, "derived"), ("typed", 1250, "stated"), ("typed", 1239, "stated"),
    }  # fmt: skip


def test_an_entry_keeps_its_proof_once_and_whole(opened: Application, importer: Importer, tmp_path: Path) -> None:
    """Two figures of one screenshot share it; a draft never stays behind."""
    proof = tmp_path / "Layar 1.JPG"
    proof.write_bytes(b"picture")
    for at in ("2026-05", "2026-06"):
        _, stored = importer.record({**ENTRY, "at": at}, office=None, attachment=proof, by="Staf")
        assert stored.readings == 1

    folder = opened.settings.home / "attachments"
    assert [path.name for path in folder.iterdir()] == [f"{sha256(b'picture').hexdigest()}.jpg"]
    with opened.store.read() as connection:
        assert connection.exec_driver_sql("SELECT name, size FROM attachments").all() == [("Layar 1.JPG", 7)]
        entries = connection.exec_driver_sql('SELECT "by", attachment, mark FROM entries').all()
    assert entries == [("Staf", sha256(b"picture").hexdigest(), "stated")] * 2


@pytest.mark.parametrize("is_attachment", [False, True])
def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    importer: Importer, tmp_path: Path, opened: Application, is_attachment: bool
) -> None:
    """An old PC has little memory; a film is neither a table nor a screenshot."""
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)

    with pytest.raises(ImportRowsError, match=r"film\.mp4 lebih besar dari 10 MB"):
        if is_attachment:
            importer.record(ENTRY, office=None, attachment=film, by="")
        else:
            importer.import_file(film, office=None, dry_run=False)
    assert readings(opened) == ()


def test_a_missing_file_is_said_in_the_language_in_use(importer: Importer, tmp_path: Path) -> None:
    """With its whole path, because the folder is what is usually wrong."""
    missing = tmp_path / "nowhere" / "a.csv"

    with pytest.raises(ImportRowsError, match="tidak dapat dibaca"):
        importer.import_file(missing, office=None, dry_run=False)
    language.use("en")
    with pytest.raises(ImportRowsError, match="cannot be read") as raised:
        importer.record(ENTRY, office=None, attachment=missing, by="")
    assert str(missing) in str(raised.value)


def test_a_wrong_entry_names_its_option(importer: Importer, opened: Application) -> None:
    """There is no row and column on the command line; nothing stays, not even an office."""
    with pytest.raises(ImportRowsError, match="--value: "):
        importer.record({**ENTRY, "value": "1.6K"}, office=None, attachment=None, by="")

    assert opened.queries.list_offices() == ()


def test_an_entry_for_an_office_that_is_not_there_is_refused(importer: Importer) -> None:
    """It must not be made by a slip of the hand."""
    with pytest.raises(CollectorError, match="Kantor ptk tidak ada"):
        importer.record(ENTRY, office="ptk", attachment=None, by="")
