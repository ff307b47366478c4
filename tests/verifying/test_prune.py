"""`collector prune` lets go of what need not be kept, and of nothing else."""

import re
import shutil
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from office import START, Office
from tampering import Broken

from collector.clock import SetClock
from collector.store.ledger import Kept

KEPT = ("readings", "replaced", "entries", "gaps", "coverage", "posts", "series", "places", "exchanges", "runs",
        "snapshots", "reports", "report_files", "digests", "monthly_sums")  # fmt: skip


def later(broken: Broken, **span: float) -> Office:
    """Return the office some time later, when a platform has just answered, of which nothing was kept but its date."""
    office, now = broken.office, START + timedelta(**span)
    office.clock = SetClock(now)
    with office.open() as application:
        run = application.ledger.begin_run("check", "", "test", now)
        asked, dated = {"api": "a", "method": "GET", "path": "/"}, {"date": format_datetime(now.astimezone(UTC), True)}
        application.ledger.keep_exchange(Kept(run, None, 0, 1, "tiktok", asked, 200, dated, now, 1, None))
        application.ledger.finish_run(run, now)
    return office


def contents(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of what must stay; when snapshots were gone through is no figure."""
    rows = {table: office.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in KEPT if table != "snapshots"}
    return {**rows, "snapshots": office.rows("SELECT id, outcome, tally, assignment FROM snapshots ORDER BY 1")}


def test_a_dry_run_tells_and_changes_nothing(broken: Broken) -> None:
    """Who asks what would be lost must not lose it by asking."""
    office = later(broken, days=100)
    (office.home / "attachments" / ".abc.123").write_bytes(b"draf")
    before = {path: path.read_bytes() for path in office.home.rglob("*") if path.is_file()}

    said = office.run("prune", "--dry-run", "--older-than", "30")
    told = office.run("prune", "--dry-run", "--older-than", "30", "--json").json

    assert "Akan diringkas" in said.out and "Belum ada yang diubah" in said.out
    assert {path: path.read_bytes() for path in office.home.rglob("*") if path.is_file()} == before
    assert {row["platform"] for row in told["answers"]} == {"tiktok"}
    assert {row["year"] for row in told["answers"]} == {2027}
    assert sum(row["bytes"] for row in told["answers"]) > 1_000


def test_after_pruning_every_figure_is_there_and_traces(broken: Broken) -> None:
    """What is cited of an answer proves the figure as well as the whole did."""
    office = later(broken, days=100)
    before, size = contents(office), (office.home / "collector.db").stat().st_size
    promised = office.run("prune", "--dry-run", "--older-than", "30", "--json").json["answers"]

    told = office.run("prune", "--older-than", "30", "--json").json

    assert told["answers"] == promised
    assert contents(office) == before
    assert office.rows("SELECT count(*) FROM bodies WHERE reduced_at IS NOT NULL")[0][0] == sum(
        row["answers"] for row in told["answers"]
    )
    assert told["compacted"] is True
    assert (office.home / "collector.db").stat().st_size < size
    assert (office.home / "collector.db").stat().st_size == told["database_bytes"]["after"]
    verified = office.run("verify", "--json").json
    assert (verified["intact"], verified["snapshots"]["reduced"]) == (True, 2)
    for one in office.readings()[::150]:
        assert office.run("trace", one["id"], "--json").json["agrees"], one
    assert office.run("prune", "--older-than", "30", "--json").json["answers"] == []


def test_a_clock_that_is_far_ahead_prunes_nothing(broken: Broken) -> None:
    """The battery of an old computer is empty: what was read yesterday is not sixty years old, and that is said."""
    later(broken, hours=25)
    office = broken.office
    office.clock = SetClock(START + timedelta(days=20_000))

    said = office.run("prune", "--older-than", "30")

    assert "Diringkas: 0 jawaban" in said.out
    assert "dihitung sampai 6 Januari 2027" in said.out
    assert office.rows("SELECT count(*) FROM bodies WHERE reduced_at IS NOT NULL") == [(0,)]


def test_the_setting_does_it_at_the_end_of_every_run(broken: Broken) -> None:
    """The office sets it once and never thinks of it again; typed files and entries stay whole."""
    office = later(broken, days=100)

    office.run("prune", COLLECTOR_KEEP_ANSWERS_DAYS="30")

    whole = office.rows(
        "SELECT e.platform FROM bodies b JOIN exchanges e ON e.body = b.sha256 WHERE b.reduced_at IS NULL"
    )
    assert {platform for (platform,) in whole} == {"import"}
    assert office.run("verify", "--json").json["intact"]


def test_without_a_wish_only_what_terms_ask_is_let_go_of(broken: Broken) -> None:
    """Evidence is not thrown away without need."""
    office = later(broken, days=2)

    said = office.run("prune")

    assert "Diringkas: 0 jawaban" in said.out
    assert office.rows("SELECT count(*) FROM bodies WHERE reduced_at IS NOT NULL") == [(0,)]


def test_a_proof_that_nothing_cites_goes_and_one_that_is_cited_stays(broken: Broken, tmp_path: Path) -> None:
    """A figure that was refused leaves its screenshot behind."""
    office = later(broken, days=1)
    lost, (cited,) = tmp_path / "tanpa-angka.png", (office.home / "attachments").iterdir()
    lost.write_bytes(b"gambar tanpa angka")
    with office.open() as application:
        from collector.importers.service import Importer

        importer = Importer(application.accounts, application.ledger, office.home, "test")
        digest = importer._keep_attachment(lost)
    later(broken, days=1, hours=1).run("prune")
    assert (office.home / "attachments" / f"{digest}.png").exists(), "it may be cited in a moment"

    said = later(broken, days=4).run("prune")

    assert "1 berkas" in said.out
    assert list((office.home / "attachments").iterdir()) == [cited]
    assert office.run("verify", "--json").json["intact"]


def test_locks_of_dead_processes_go_and_those_of_living_ones_stay(broken: Broken) -> None:
    """Each power cut leaves one behind."""
    office = broken.office
    with office.open() as application:
        alive, home = application.holder.name, application.holder.name.split("-")[0]
        dead = office.home / "locks" / f"{home}-{'0' * 32}.lock"
        dead.touch()

        assert "1 kunci" in office.run("prune").out

        assert not dead.exists()
        assert (office.home / "locks" / f"{alive}.lock").exists()


def test_where_there_is_no_room_the_database_stays_as_it_is(broken: Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    """Giving room back needs room first, on the very disk that is full."""

    class Usage(NamedTuple):
        free: int = 1000

    office = later(broken, days=100)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage())

    said = office.run("prune", "--older-than", "30")

    assert "Ruang belum dikembalikan: untuk itu perlu" in said.out
    monkeypatch.undo()
    said = office.run("prune").out
    assert re.search(r"Basis data: \d+,\d MB menjadi \d+,\d MB", said), "it is given back the next time"


def test_a_collection_under_way_is_not_disturbed(broken: Broken) -> None:
    """The database is in use: the room is used again, and given back another time."""
    office = later(broken, days=100)
    with office.open() as application, application.store.read() as reading:
        reading.exec_driver_sql("SELECT 1 FROM readings LIMIT 1").all()
        said = office.run("prune", "--older-than", "30")

    assert "Diringkas" in said.out
    assert office.run("verify", "--json").json["intact"]


@pytest.mark.parametrize("value", ["0", "-3", "dua tahun", "1.5", "9999999"])
def test_a_wrong_number_of_days_is_said(broken: Broken, value: str) -> None:
    """A slip of the keyboard must not cost the evidence of years."""
    said = broken.office.run("prune", status=2, COLLECTOR_KEEP_ANSWERS_DAYS=value)

    assert "COLLECTOR_KEEP_ANSWERS_DAYS" in said.err
