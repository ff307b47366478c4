"""Making a backup: one whole file or none, of one moment, without the key, and older ones let go."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from backup_homes import back_up, content
from filelock import FileLock
from killing import count_steps, kill_at
from office import Office

from collector.backups import archive
from collector.errors import BackupError
from collector.store.copying import is_sound


def test_a_backup_holds_all_that_cannot_be_made_again(office: Office, tmp_path: Path) -> None:
    """The database, the proofs behind typed figures, letterheads, texts and what was printed; and says what it is."""
    made = back_up(office)

    manifest = archive.check(made)
    kept = {name for name in content(office.home) if "/" in name}
    assert set(manifest.files) == {"collector.db", *kept}
    assert {name.split("/")[0] for name in kept} == {"attachments", "kop", "naskah", "laporan"}
    assert made.name == "collector-2027-01-05T1000.zip"
    assert made.stat().st_mode & 0o777 == 0o600
    assert (manifest.revision, manifest.offices) == ("0004", ("Kota Pontianak",))
    assert manifest.counts["readings"] == office.rows("SELECT count(*) FROM readings")[0][0]
    archive.unpack(made, tmp_path)
    assert is_sound(tmp_path / "collector.db")
    [row] = office.rows("SELECT path, size, sha256, error FROM backups")
    assert row == (str(made), made.stat().st_size, archive.digest(made), None)


def test_neither_key_nor_locks_nor_other_backups_are_in_it(office: Office) -> None:
    """Who finds the stick opens no account; and a backup of backups would double each night."""
    (office.home / "kop" / "key").write_bytes(Path(office.environment["COLLECTOR_KEY_FILE"]).read_bytes())
    office.environment["COLLECTOR_KEY_FILE"] = str(office.home / "kop" / "key")
    back_up(office)
    office.clock.sleep(3600)

    made = back_up(office)

    names = zipfile.ZipFile(made).namelist()
    assert "kop/kantor.docx" in names
    assert not [name for name in names if name.startswith(("locks", "backups", "before")) or name.endswith("key")]


MOST = 300  # transactions beside a backup


def test_it_is_of_one_moment_while_others_write(office: Office, tmp_path: Path) -> None:
    """The nightly backup meets a run: what is in it fits together, and the run is not held up."""
    stop: list[bool] = []
    written: list[int] = []

    def write() -> None:
        with closing(sqlite3.connect(office.home / "collector.db", timeout=5, isolation_level=None)) as database:
            while not stop and len(written) < MOST:
                number = len(written)
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT INTO audit (at, by, action, detail) VALUES (?, '', 'pair', 'a')", (number,))
                database.execute("INSERT INTO audit (at, by, action, detail) VALUES (?, '', 'pair', 'b')", (number,))
                database.execute("COMMIT")
                written.append(number)

    writing = Thread(target=write)
    writing.start()
    try:
        while len(written) < 5:
            pass
        made, before = back_up(office), len(written)
        while len(written) < min(before + 5, MOST):
            pass
    finally:
        stop.append(True)
        writing.join(10)

    archive.unpack(made, tmp_path)
    with closing(sqlite3.connect(tmp_path / "collector.db")) as copy:
        pairs = copy.execute("SELECT count(*) FROM audit WHERE action = 'pair' GROUP BY at").fetchall()
    assert 5 <= len(pairs) <= len(written)
    assert set(pairs) == {(2,)}


def test_a_stick_that_is_not_there_is_not_made(office: Office, tmp_path: Path) -> None:
    """Without the stick the folder is a folder of the PC: the backup would lie beside what it is to save."""
    said = office.run("backup", "--to", tmp_path / "stick", status=2)

    assert "tidak dibuat sendiri" in said.err
    assert not (tmp_path / "stick").exists()
    assert office.rows("SELECT count(*) FROM backups WHERE error LIKE '%tidak ada%'") == [(1,)]


def test_on_a_stick_each_has_its_name(office: Office, tmp_path: Path) -> None:
    """Two backups of one minute are two."""
    for _ in range(2):
        office.run("backup", "--to", tmp_path)

    assert sorted(path.name for path in tmp_path.glob("collector*")) == [
        "collector-2027-01-05T1000-2.zip", "collector-2027-01-05T1000.zip",
    ]  # fmt: skip


def test_older_ones_go_but_never_what_others_made(bare: Office) -> None:
    """A month of nights leaves seven days and the weeks before; a file of somebody else's stays whatever its name."""
    office = bare
    office.run("init", "--name", "KPU")
    folder = office.home / "backups"
    folder.mkdir()
    foreign = folder / "collector-2020-01-01T0230.zip"
    foreign.write_bytes(b"somebody's")
    with office.open() as application:
        for _ in range(32):
            application.backups.make()
            office.clock.sleep(timedelta(days=1).total_seconds())

    names = sorted(path.name.removesuffix(".zip")[-15:-5] for path in folder.glob("*.zip") if path != foreign)
    assert foreign.exists()
    assert names[-7:] == [f"2027-01-{day}" for day in (30, 31)] + [f"2027-02-0{day}" for day in range(1, 6)]
    assert names == ["2027-01-17", "2027-01-24", *names[-7:]]  # ends of weeks; of January the 31st is its newest
    office.run("backup", "--keep", "2")
    assert len([path for path in folder.glob("*.zip") if path != foreign]) == 2
    assert office.run("backup", "--keep", "0", status=2)


def test_a_clock_that_was_ahead_does_not_cost_the_backups_after_it(bare: Office) -> None:
    """Ten nights of the year 2081, and then the clock is put right: what is newest is what was made last."""
    bare.run("init", "--name", "KPU")
    right = bare.clock.now()
    with bare.open() as application:
        for start in (right + timedelta(days=20_000), right):
            bare.clock.move_to(start)
            for _ in range(10):
                made = application.backups.make()
                bare.clock.sleep(timedelta(days=1).total_seconds())
        last = application.backup_log.find_last_good()

    names = {path.name for path in (bare.home / "backups").iterdir()}
    assert names > {f"collector-2027-01-{day:02}T1000.zip" for day in range(8, 15)}
    assert last == made.logged


def test_a_file_that_cannot_be_read_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody copied a letterhead as another user: who looks at the stick's permissions would look for long."""
    locked, open_any = office.home / "kop" / "kantor.docx", Path.open

    def refuse(self: Path, *words: str) -> object:
        if self == locked:
            raise PermissionError(13, "Permission denied", str(self))
        return open_any(self, *words)

    monkeypatch.setattr(Path, "open", refuse)

    said = office.run("backup", status=2)

    assert f"Berkas {locked} tidak dapat dibaca" in said.err
    assert not list((office.home / "backups").iterdir())


def test_what_else_lies_beside_does_not_fail_a_backup(bare: Office) -> None:
    """A link whose target is gone is no backup of ours, and no reason to call a good one bad."""
    bare.run("init", "--name", "KPU")
    (bare.home / "backups").mkdir()
    (bare.home / "backups" / "collector-lama.zip").symlink_to("/tidak/ada")

    assert "Cadangan dibuat" in bare.run("backup").out


def test_too_little_room_is_said_before_anything_is_written(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a backup of two hours on a slow stick helps nobody."""
    usage = type("usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)

    said = office.run("backup", status=2)

    assert "Ruang di" in said.err
    assert "tersedia 1 MB" in said.err
    assert list((office.home / "backups").iterdir()) == []
    [(error,)] = office.rows("SELECT error FROM backups")
    assert "Ruang di" in error


FULL = """
import resource, sys
from collector.cli import main
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
main()
"""


@pytest.mark.parametrize(
    "limit", [200_000, *(pytest.param(one, marks=pytest.mark.prove) for one in (40_000, 400_000, 1_000_000))]
)
def test_a_disk_that_fills_up_leaves_nothing_behind(office: Office, tmp_path: Path, limit: int) -> None:
    """In the database's copy, or in the file itself: one sentence, and the folder is as before."""
    if limit < 100_000:  # the log of the database is kept small, so that the copy meets the limit and not the opening
        with closing(sqlite3.connect(office.home / "collector.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = content(office.home)
    stick = tmp_path / "stick"
    stick.mkdir()
    inherited = {name: value for name, value in os.environ.items() if name not in office.environment}

    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(limit), "backup", "--to", str(stick)], env={**inherited, **office.environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    if ended.returncode:
        assert ended.returncode == 2
        assert ended.stderr.count("\n") == 1
        assert "Traceback" not in ended.stderr
        assert list(stick.iterdir()) == []
    else:
        assert limit == 1_000_000
    assert content(office.home) == before
    office.run("backup", "--to", stick)
    assert archive.check(next(stick.iterdir()))
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit


def test_two_at_once_are_one(office: Office) -> None:
    """The night's and a person's: the second is told, and is no failed backup."""
    (office.home / "locks").mkdir(exist_ok=True)
    with FileLock(office.home / "locks" / "backup.lock"):
        said = office.run("backup", status=2)

    assert "Cadangan lain sedang dibuat" in said.err
    assert office.rows("SELECT count(*) FROM backups") == [(0,)]


def check_after_kill(office: Office, stick: Path, before: dict[str, object]) -> None:
    """Check that what stands under a backup's name is a whole one, and that the home is as it was."""
    for path in stick.glob("*.zip"):
        archive.check(path)
    assert content(office.home) == before


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.prove)])
def test_killed_at_any_step_no_half_backup_looks_whole(office: Office, tmp_path: Path, every: int) -> None:
    """The stick is pulled out, the power goes: a file that has the name is whole, and the next one cleans up."""
    stick = tmp_path / "stick"
    stick.mkdir()
    before = content(office.home)
    steps = count_steps(office, "backup", "--to", stick)

    for step in range(0, steps, every):
        kill_at(office, step, "backup", "--to", stick)
        check_after_kill(office, stick, before)
    office.run("backup", "--to", stick, "--keep", "50")

    assert [path.name for path in stick.iterdir() if path.suffix != ".zip"] == []
    assert [path.name for path in office.home.rglob(".draft*")] == []


@pytest.mark.prove
def test_killed_at_any_moment_no_half_backup_looks_whole(office: Office, tmp_path: Path) -> None:
    """The same at a hundred moments in between the steps."""
    stick = tmp_path / "stick"
    stick.mkdir()
    before = content(office.home)
    for number in range(100):
        running = office.start("backup", "--to", stick, "--keep", "3")
        running.process.join(0.002 * number)
        running.process.kill()  # or it has just ended by itself
        running.process.join()
        check_after_kill(office, stick, before)


def test_names_that_another_system_could_not_take_are_left_out_and_said(office: Office) -> None:
    """A backup that Windows cannot unpack is none; the person can give the file another name."""
    (office.home / "naskah" / "a:b.md").write_text("x")
    (office.home / "naskah" / "link.md").symlink_to("/etc/passwd")

    said = office.run("backup")

    assert "Tidak ikut dicadangkan" in said.err
    assert "a:b.md" in said.err
    assert "link.md" in said.err


Altered = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda whole: b"", "kosong"),
        (lambda whole: whole[: len(whole) // 2], "terpotong"),
        (lambda whole: whole[:-10], "terpotong"),
        (lambda whole: b"just a text", "bukan cadangan"),
        (lambda whole: whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:], "rusak atau diubah"),
    ],
    ids=["empty", "half", "cut", "foreign", "one bit"],
)
def test_what_is_no_whole_backup_gets_its_sentence(
    office: Office, elsewhere: Office, tmp_path: Path, alter: Altered, said: str
) -> None:
    """Before anything is replaced, and without a half restored home."""
    made = back_up(office)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(alter(made.read_bytes()))

    answer = elsewhere.run("restore", broken, status=2)

    assert said in answer.err
    assert str(broken) in answer.err
    assert not (elsewhere.home / "collector.db").exists()
    assert not list(elsewhere.home.glob(".restoring*"))


def test_another_way_of_packing_is_a_damage(office: Office, tmp_path: Path) -> None:
    """A single bit of the directory makes one method of packing another, whose faults nobody would expect."""
    made = back_up(office)
    whole = bytearray(made.read_bytes())
    whole[whole.index(b"PK\x01\x02") + 10] ^= 4  # from deflated to bzip2
    made.write_bytes(whole)

    assert "rusak atau diubah" in office.run("restore", made, "--home", tmp_path / "look", status=2).err


def rewrite(made: Path, target: Path, **changes: object) -> Path:
    """Write a backup anew with other members: name=bytes, and `manifest` for what the manifest says."""
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != "manifest.json" and name not in changes:
                new.writestr(name, old.read(name))
        told = json.loads(old.read("manifest.json"))
        for name, body in changes.items():
            if isinstance(body, bytes):
                new.writestr(name, body)
        told.update(changes.get("manifest", {}))
        new.writestr("manifest.json", json.dumps(told))
    return target


@pytest.mark.parametrize(
    "name",
    ["../evil", "naskah/../../evil", "/etc/evil", "naskah\\..\\evil", "C:/evil", "naskah/ .. /x", "locks/x", "naskah/",
     "collector.db-wal"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(office: Office, elsewhere: Office, tmp_path: Path, name: str) -> None:
    """A made-up backup must not write outside the home, nor where a backup has nothing to say."""
    made = back_up(office)
    size = {"size": 1, "sha256": archive.sha256(b"x").hexdigest()}
    files = {**json.loads(zipfile.ZipFile(made).read("manifest.json"))["files"], name: size}
    evil = rewrite(made, tmp_path / "evil.zip", **{name: b"x"}, manifest={"files": files})

    answer = elsewhere.run("restore", evil, status=2)

    assert "rusak atau diubah" in answer.err
    assert not list(tmp_path.rglob("evil"))
    assert not (elsewhere.home / "collector.db").exists()


def test_what_the_manifest_does_not_name_is_refused(office: Office, elsewhere: Office, tmp_path: Path) -> None:
    """Something was added to the file, taken out of it, or packed so that it fills a disk."""
    made = back_up(office)
    whole = json.loads(zipfile.ZipFile(made).read("manifest.json"))["files"]
    more = rewrite(made, tmp_path / "more.zip", **{"naskah/x.md": b"x"})
    less = rewrite(made, tmp_path / "less.zip", manifest={"files": {**whole, "naskah/y.md": whole["collector.db"]}})
    bomb = {**whole, "collector.db": {**whole["collector.db"], "size": 10}}
    larger = rewrite(made, tmp_path / "larger.zip", manifest={"files": bomb})

    for one in (more, less, larger):
        assert "rusak atau diubah" in elsewhere.run("restore", one, status=2).err
    with pytest.raises(BackupError):
        archive.unpack(larger, tmp_path / "out")
    assert (tmp_path / "out" / "collector.db").stat().st_size <= 10
