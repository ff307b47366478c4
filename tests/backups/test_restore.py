"""Bringing a backup back: whole or not at all, asked first, kept aside, with or without its key."""

import json
import os
import pty
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from shutil import copytree

import pytest
from backup_homes import back_up, content
from cryptography.fernet import Fernet
from filelock import FileLock
from killing import count_steps, kill_at
from office import Office, own_settings

from collector.backups import archive
from collector.backups.switch import Move, put_in_place, restoring
from collector.collect.holder import Holder
from collector.store.copying import is_sound

PERIOD = ("report", "2022-S2", "--office", "kota-pontianak")
PASSPHRASE = "empat kata acak sekali"


def key_of(office: Office) -> Path:
    """Return the place of an office's key."""
    return Path(office.environment["COLLECTOR_KEY_FILE"])


def files_of(office: Office, *words: str) -> dict[str, bytes]:
    """Make a report and return its files."""
    said = office.run(*words, "--json").json
    return {Path(one).name: Path(one).read_bytes() for one in said["files"]}


def test_on_another_machine_the_same_report_byte_for_byte(office: Office, elsewhere: Office) -> None:
    """The printed version and a fresh one: whoever goes on from the backup signs the same figures."""
    printed = files_of(office, *PERIOD, "--version", "1", "--format", "pdf,html")
    made = back_up(office)

    elsewhere.run("restore", made)

    assert files_of(elsewhere, *PERIOD, "--version", "1", "--format", "pdf,html") == printed
    for period in ("2022-S2", "2026-S2"):
        fresh = ("report", period, "--office", "kota-pontianak", "--format", "html,xlsx,pdf")
        assert files_of(elsewhere, *fresh) == files_of(office, *fresh)
    assert elsewhere.readings() == office.readings()
    trace = office.rows("SELECT series_id FROM readings LIMIT 1")
    assert trace == elsewhere.rows("SELECT series_id FROM readings LIMIT 1")


def test_all_of_the_home_comes_back(office: Office, elsewhere: Office) -> None:
    """Every row and every file, but for the sign-ins, whose key is not here."""
    before = content(office.home)
    made = back_up(office)

    elsewhere.run("restore", made)

    after = content(elsewhere.home)
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {"credentials", "accounts", "audit"}
    assert set(after) == set(before)
    assert [path.name for path in elsewhere.home.iterdir() if path.name.startswith((".", "before", "restore"))] == []
    assert is_sound(elsewhere.home / "collector.db")


def test_without_the_key_accounts_are_connected_anew(office: Office, elsewhere: Office) -> None:
    """History stays; the sign-ins that nothing opens do not stand in the way of a new key."""
    made = back_up(office)
    [before] = office.rows("SELECT count(*) FROM credentials")
    assert before[0] > 0

    said = elsewhere.run("restore", made)

    assert "Perlu disambung ulang" in said.out
    assert "tersegel di berkas cadangan" in said.out
    assert elsewhere.rows("SELECT count(*) FROM credentials") == [(0,)]
    assert elsewhere.rows("SELECT state, state_code FROM accounts WHERE platform = 'x'") == [
        ("reconnect", "key.missing")
    ]
    assert "perlu disambung ulang" in elsewhere.run("accounts", "list").out
    sealed = [row[0] for row in office.rows("SELECT sealed FROM credentials")]
    raw = (elsewhere.home / "collector.db").read_bytes()
    assert not [one for one in sealed if one in raw]
    with elsewhere.open() as application:
        [account] = application.queries.list_accounts(platform="x")
        application.vault.seal(account.id, {"refresh_token": "new"})
        assert application.vault.open_all(account.id)["refresh_token"].value == "new"
    assert key_of(elsewhere).exists()
    assert key_of(elsewhere).read_bytes() != key_of(office).read_bytes()


def test_with_its_key_in_place_nothing_has_to_be_connected(office: Office, elsewhere: Office) -> None:
    """The key was kept on paper and typed in: all goes on."""
    made = back_up(office)
    key_of(elsewhere).parent.mkdir()
    key_of(elsewhere).write_bytes(Fernet.generate_key() + b"\n" + key_of(office).read_bytes())

    said = elsewhere.run("restore", made)

    assert "disambung ulang" not in said.out
    assert content(elsewhere.home) == content(office.home)


def sealed_backup(office: Office, tmp_path: Path) -> tuple[Path, Path]:
    """Make a backup with the key, and return it and the file with the passphrase."""
    word = tmp_path / "kata-sandi"
    word.write_text(f"{PASSPHRASE}\n")
    return back_up(office, "--with-key", "--passphrase-file", word), word


def test_the_key_comes_along_under_a_passphrase(office: Office, elsewhere: Office, tmp_path: Path) -> None:
    """One stick and one remembered sentence are enough for a new PC; the stick alone opens nothing."""
    made, word = sealed_backup(office, tmp_path)
    assert key_of(office).read_bytes().strip() not in made.read_bytes()

    said = elsewhere.run("restore", made, "--passphrase-file", word)

    assert "Kunci ditulis" in said.out
    assert key_of(elsewhere).read_bytes() == key_of(office).read_bytes()
    assert key_of(elsewhere).stat().st_mode & 0o777 == 0o600
    assert content(elsewhere.home) == content(office.home)
    assert not list(elsewhere.home.rglob("key.sealed"))


def test_a_wrong_passphrase_restores_nothing(office: Office, elsewhere: Office, tmp_path: Path) -> None:
    """A slip of the finger must not cost every account its sign-in."""
    made, word = sealed_backup(office, tmp_path)
    word.write_text("bukan yang itu")

    said = elsewhere.run("restore", made, "--passphrase-file", word, status=2)

    assert "tidak membuka kunci" in said.err
    assert not (elsewhere.home / "collector.db").exists()
    assert not key_of(elsewhere).exists()
    assert "--without-key" in elsewhere.run("restore", made, status=2).err
    elsewhere.run("restore", made, "--without-key")
    assert not key_of(elsewhere).exists()


def test_another_key_is_never_overwritten(office: Office, elsewhere: Office, tmp_path: Path) -> None:
    """Another home of this machine may live by it."""
    made, word = sealed_backup(office, tmp_path)
    key_of(elsewhere).parent.mkdir()
    other = Fernet.generate_key()
    key_of(elsewhere).write_bytes(other)

    said = elsewhere.run("restore", made, "--passphrase-file", word, status=2)

    assert "tidak ditimpa" in said.err
    assert key_of(elsewhere).read_bytes() == other
    assert not (elsewhere.home / "collector.db").exists()


def test_where_nothing_is_restored_no_key_is_left(office: Office, elsewhere: Office, tmp_path: Path) -> None:
    """A key that fits nothing there would stand in the way of the home's own."""
    made, word = sealed_backup(office, tmp_path)
    elsewhere.run("init", "--name", "KPU")
    key_of(elsewhere).unlink(missing_ok=True)

    with open_in_a_command(elsewhere):
        assert "lalu ulangi" in elsewhere.run("restore", made, "--yes", "--passphrase-file", word, status=2).err

    assert not key_of(elsewhere).exists()


@pytest.mark.parametrize("text", ["pendek", ""])
def test_a_passphrase_that_is_soon_guessed_is_refused(office: Office, tmp_path: Path, text: str) -> None:
    """Who has the stick has all the time in the world to guess."""
    word = tmp_path / "kata-sandi"
    word.write_text(text)

    assert "terlalu pendek" in office.run("backup", "--with-key", "--passphrase-file", word, status=2).err
    assert "--passphrase-file" in office.run("backup", "--with-key", status=2).err
    assert not list((office.home / "backups").glob("*")) if (office.home / "backups").exists() else True


def test_a_home_with_something_in_it_is_asked_for_and_kept_aside(office: Office, tmp_path: Path) -> None:
    """The wrong stick: what was typed since the backup must still be there."""
    made, then = back_up(office), content(office.home)
    (office.home / "naskah" / "kota-pontianak" / "2022-S2.md").write_text("diubah sesudah cadangan")
    (office.home / "kop" / "baru.docx").write_bytes(b"PK")
    now = content(office.home)

    assert "--yes" in office.run("restore", made, status=2).err
    assert content(office.home) == now
    said = office.run("restore", made, "--yes")

    [aside] = office.home.glob("before-restore-*")
    assert str(aside) in said.out
    assert content(office.home) == then
    assert content(aside) == now
    assert (office.home / "backups" / made.name).exists()


@contextmanager
def held_by_a_run(office: Office) -> Iterator[None]:
    """Hold a home as a run or the service does."""
    holder = Holder(office.home.absolute())
    try:
        yield
    finally:
        holder.close()


@contextmanager
def open_in_a_command(office: Office) -> Iterator[None]:
    """Have a home's database open, as any command does."""
    with office.open() as application:
        application.queries.list_offices()
        yield


@contextmanager
def being_restored(office: Office) -> Iterator[None]:
    """Be in the middle of another restoring."""
    with restoring(office.home):
        yield


@pytest.mark.parametrize("hold", [held_by_a_run, open_in_a_command, being_restored])
def test_a_home_that_is_in_use_is_left_alone(office: Office, hold: Callable[..., object]) -> None:
    """What a run stores into a database that was just put aside would be lost."""
    made, before = back_up(office), content(office.home)

    with hold(office):
        said = office.run("restore", made, "--yes", status=2)

    assert "lalu ulangi" in said.err
    assert content(office.home) == before
    assert not list(office.home.glob("before-restore*"))
    office.run("restore", made, "--yes")


def test_no_command_opens_a_home_while_it_is_restored(office: Office) -> None:
    """It would open the old database, and write into what is put aside."""
    with restoring(office.home):
        assert "sedang dipulihkan" in office.run("accounts", "list", status=2).err
    office.run("accounts", "list")


def test_a_newer_programs_backup_is_refused(office: Office, elsewhere: Office, tmp_path: Path) -> None:
    """The old program would not know what it leaves out."""
    with closing(sqlite3.connect(office.home / "collector.db")) as database:
        before = database.execute("SELECT version_num FROM alembic_version").fetchone()
    made = back_up(office)
    newer = rewritten(made, tmp_path / "newer.zip", revision="9999")
    later = rewritten(made, tmp_path / "later.zip", format=2)

    for told in ({"zone": "Atlantis/Utama"}, {"zone": "/etc/passwd"}, {"zone": ""},
                 {"made_at": "2027-01-05T10:00:00"}, {"made_at": "0001-01-01T00:00:00+14:00"}):  # fmt: skip
        answer = elsewhere.run("restore", rewritten(made, tmp_path / "told.zip", **told), status=2)
        assert "rusak atau diubah" in answer.err
    for one in (newer, later):
        assert "program yang lebih baru" in elsewhere.run("restore", one, status=2).err
    assert before == ("0004",)
    assert not (elsewhere.home / "collector.db").exists()


def rewritten(made: Path, target: Path, **told: object) -> Path:
    """Return a backup whose manifest says something else."""
    import zipfile

    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, json.dumps({**json.loads(body), **told}) if name == "manifest.json" else body)
    return target


def test_a_broken_home_is_restored_all_the_same(office: Office) -> None:
    """That is what the backup is for: the database is no database any more."""
    made, then = back_up(office), content(office.home)
    (office.home / "collector.db").write_bytes(b"overwritten by something else")

    office.run("restore", made, "--yes")

    assert content(office.home) == then


def test_backups_made_after_the_one_restored_go_in_their_turn(bare: Office, tmp_path: Path) -> None:
    """The database that knew of them is put aside: left to nobody they would fill the disk of years."""
    bare.run("init", "--name", "KPU")
    stick = tmp_path / "stick"
    stick.mkdir()
    made = []
    for _ in range(4):
        made.append(back_up(bare))
        bare.clock.sleep(86_400)
    bare.run("backup", "--to", stick)
    [brought] = stick.iterdir()
    other = Office(own_settings(tmp_path / "stick"), bare.clock)
    other.run("init", "--name", "Kantor lain")
    foreign = back_up(other).rename(made[0].with_name("collector-2099-01-01T0000.zip"))

    bare.run("restore", made[1], "--yes")

    assert bare.rows("SELECT path FROM backups ORDER BY made_at") == [(str(one),) for one in made]
    bare.clock.sleep(86_400)
    newest = back_up(bare, "--keep", "2")
    assert set(newest.parent.glob("*.zip")) == {made[3], newest, foreign}
    bare.run("restore", brought, "--yes")
    bare.run("backup", "--to", stick, "--keep", "1")
    assert brought not in stick.glob("*.zip"), "the one restored is this home's as well"


def test_a_restoring_names_its_home(office: Office, tmp_path: Path) -> None:
    """To look into a backup without touching the home that is in use."""
    made = back_up(office)

    office.run("restore", made, "--home", tmp_path / "look")

    assert content(tmp_path / "look")["readings"] == content(office.home)["readings"]


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.prove)])
def test_killed_at_any_step_it_is_the_old_home_or_the_new(office: Office, tmp_path: Path, every: int) -> None:
    """The power goes while it restores: never a mixture, and the next command goes on."""
    made, then = back_up(office), content(office.home)
    text = office.home / "naskah" / "kota-pontianak" / "2022-S2.md"
    text.write_text("diubah sesudah cadangan")
    (office.home / "kop" / "baru.docx").write_bytes(b"PK")
    with closing(sqlite3.connect(office.home / "collector.db")) as database:
        database.execute("INSERT INTO audit (at, by, action, detail) VALUES (1, '', 'later', '')")
        database.commit()
    now, rest = content(office.home), tmp_path / "rest"
    copytree(office.home, rest)
    environment = office.environment
    counting = Office({**environment, "COLLECTOR_HOME": str(tmp_path / "counting" / "home")}, office.clock)
    copytree(rest, counting.home)
    steps = count_steps(counting, "restore", made, "--yes")
    seen = set()

    for step in range(every // 2, steps, every):
        folder = tmp_path / f"{step}"
        killed = Office({**environment, "COLLECTOR_HOME": str(folder / "home")}, office.clock)
        copytree(rest, killed.home)
        kill_at(killed, step, "restore", made, "--yes")
        killed.run("accounts", "list")
        after = content(killed.home)
        assert after in (now, then), f"step {step}"
        seen.add(after == then)
        assert not list(killed.home.glob(".restoring*"))
        killed.run("restore", made, "--yes")
        assert content(killed.home) == then
    assert seen == {True, False}


def test_a_restoring_that_was_cut_off_is_finished_before_anything_is_opened(office: Office, tmp_path: Path) -> None:
    """Cut off between two moves there is no database at all: a new, empty one must not take its place."""
    made, then = back_up(office), content(office.home)
    (office.home / "kop" / "baru.docx").write_bytes(b"PK")
    now, moved = content(office.home), []
    with restoring(office.home) as folder, pytest.MonkeyPatch.context() as patch:
        archive.unpack(made, folder)
        moves = [
            Move(str(office.home / name), str(office.home / "before-restore-x" / name), str(folder / name))
            for name in ("collector.db", "attachments", "kop", "naskah", "laporan")
        ]

        def cut(self: Path, target: Path) -> Path:
            moved.append(self)
            if len(moved) == 2:
                raise OSError(5, "cut off")
            return Path(shutil.move(self, target))

        patch.setattr(Path, "rename", cut)
        with pytest.raises(OSError, match="cut off"):
            put_in_place(office.home, moves)
    assert not (office.home / "collector.db").exists()

    office.run("accounts", "list")

    assert content(office.home) == then
    assert content(office.home / "before-restore-x") == now


def test_a_lock_left_by_a_killed_restoring_keeps_nobody_out(office: Office) -> None:
    """The operating system lets a lock go with its process; the file alone says nothing."""
    locks = office.home / "locks"
    locks.mkdir(exist_ok=True)
    (locks / "restore.lock").touch()
    (office.home / ".restoring-1").mkdir()

    office.run("accounts", "list")

    assert not (locks / "restore.lock").exists() or os.name == "nt"
    assert not (office.home / ".restoring-1").exists()
    with FileLock(locks / "restore.lock", timeout=0):
        assert "sedang dipulihkan" in office.run("accounts", "list", status=2).err


def at_a_terminal(office: Office, *words: str | Path, typed: str) -> str:
    """Run a command at a terminal and return all that was shown there."""
    ours, theirs = pty.openpty()
    running = office.start(*words, terminal=Path(os.ttyname(theirs)))
    os.write(ours, typed.encode())
    running.process.join(60)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # nobody is left at its other side
        while chunk := os.read(ours, 4096):
            shown += chunk
    os.close(ours)
    return shown.decode()


def test_a_person_at_a_terminal_is_asked(office: Office) -> None:
    """What is in the backup is shown before anything is replaced; a no changes nothing."""
    made = back_up(office)
    (office.home / "naskah" / "kota-pontianak" / "2022-S2.md").write_text("diubah sesudah cadangan")
    now = content(office.home)

    said = at_a_terminal(office, "restore", made, typed="n\n")

    assert "Kota Pontianak" in said
    assert "tidak ada yang diubah" in said
    assert content(office.home) == now
    assert "Dipulihkan" in at_a_terminal(office, "restore", made, typed="y\n")
    assert content(office.home) != now
