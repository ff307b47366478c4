"""Databases of every released revision, as an office has them: brought up after a backup, with all that is in them."""

import json
import lzma
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from make_released import digest_of
from office import START, Office, own_settings

from collector.backups import archive
from collector.clock import SetClock
from collector.ops.service_lock import ServiceLock
from collector.store.copying import is_sound
from collector.store.migrate import scripts
from collector.store.schema import REVISION, metadata

RELEASED = Path(__file__).with_name("released")
REVISIONS = sorted(path.name.partition(".")[0] for path in RELEASED.glob("*.db.xz"))
OLDER = [one for one in REVISIONS if one != REVISION]

Rows = dict[str, tuple[list[str], list[tuple[object, ...]]]]


@pytest.fixture
def office_of(tmp_path: Path) -> Callable[[str], Office]:
    """Return a function that makes an office with the database of a revision."""

    def make(revision: str) -> Office:
        office = Office(own_settings(tmp_path), SetClock(START))
        office.home.mkdir(mode=0o700)
        packed = (RELEASED / f"{revision}.db.xz").read_bytes()
        (office.home / "collector.db").write_bytes(lzma.decompress(packed))
        return office

    return make


def all_rows(database: Path, columns: Rows | None = None) -> Rows:
    """Return all rows by table, of those columns that `columns` has."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: Rows = {}
        for name in columns or names:
            of = columns[name][0] if columns else [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            rows = connection.execute(f"SELECT {', '.join(f'{one!r}' for one in of)} FROM {name}".replace("'", '"'))
            found[name] = (of, sorted(rows.fetchall(), key=repr))
        return found


def test_every_revision_before_this_one_has_its_database() -> None:
    """A new migration comes with the database of the revision before it: `make_released.py` makes it."""
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    known = sorted(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())

    assert [one for one in known[:-1] if one not in REVISIONS] == []
    assert sorted(json.loads((RELEASED / "histories.json").read_text("utf-8"))) == REVISIONS


@pytest.mark.parametrize("revision", OLDER)
def test_a_released_database_is_brought_up_after_a_backup(revision: str, office_of: Callable[[str], Office]) -> None:
    """Every row is there afterwards, the history is the same as it was told then, and the old one lies beside it."""
    office = office_of(revision)
    database = office.home / "collector.db"
    before = all_rows(database)
    told = json.loads((RELEASED / "histories.json").read_text("utf-8"))[revision]
    assert before["alembic_version"][1] == [(revision,)]

    said = office.run("history", "--json")

    after = all_rows(database, before)
    assert after.pop("alembic_version")[1] == [(REVISION,)]
    assert after == {name: rows for name, rows in before.items() if name != "alembic_version"}
    assert digest_of(said.json["readings"]) == told
    assert is_sound(database)
    [backup] = (office.home / "backups").iterdir()
    manifest = archive.check(backup)
    assert (backup.name.startswith(f"before-{REVISION}-"), manifest.revision) == (True, revision)
    assert (manifest.counts["readings"], manifest.offices) == (told["readings"], ("Kota Pontianak",))
    assert str(backup) in said.err
    assert office.rows("SELECT path, error FROM backups") == [(str(backup), None)]
    office.run("history", "--json")
    assert list((office.home / "backups").iterdir()) == [backup]


@pytest.mark.parametrize("revision", OLDER)
def test_a_backup_from_before_is_restored_into_this_version(
    revision: str, office_of: Callable[[str], Office], tmp_path: Path
) -> None:
    """The new PC has the new program, and the stick the old backup: it is brought up on the way."""
    office = office_of(revision)
    office.run("history")
    [backup] = (office.home / "backups").iterdir()
    (tmp_path / "new").mkdir()
    new = Office(own_settings(tmp_path / "new"), office.clock)

    new.run("restore", backup)

    told = json.loads((RELEASED / "histories.json").read_text("utf-8"))[revision]
    assert new.rows("SELECT version_num FROM alembic_version") == [(REVISION,)]
    assert digest_of(new.readings()) == told


@pytest.mark.parametrize("revision", [one for one in REVISIONS if one == REVISION])
def test_the_newest_ones_shape_is_this_programs(revision: str, office_of: Callable[[str], Office]) -> None:
    """A revision that is changed before it is released needs its database made anew."""
    office = office_of(revision)
    with closing(sqlite3.connect(office.home / "collector.db")) as connection:
        shape = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in metadata.tables}

    assert shape == {name: list(table.columns.keys()) for name, table in metadata.tables.items()}
    assert digest_of(office.readings()) == json.loads((RELEASED / "histories.json").read_text("utf-8"))[revision]
    assert not (office.home / "backups").exists()


def test_without_room_for_the_backup_nothing_is_upgraded(office_of: Callable[[str], Office], tmp_path: Path) -> None:
    """The one upgrade that goes wrong must not be the one without a backup; the way on is said."""
    office = office_of("0003")
    (office.home / "backups").write_text("in the way")
    before = (office.home / "collector.db").read_bytes()

    said = office.run("history", status=2)

    assert "collector upgrade --to DIR" in said.err
    assert "--without-backup" in said.err
    assert (office.home / "collector.db").read_bytes() == before
    stick = tmp_path / "stick"
    assert "tidak ada" in office.run("upgrade", "--to", stick, status=2).err
    stick.mkdir()
    assert "sesuai" in office.run("upgrade", "--to", stick).out
    assert [path.name for path in stick.iterdir()] == [f"before-{REVISION}-2027-01-05T1000.zip"]
    assert office.rows("SELECT version_num FROM alembic_version") == [(REVISION,)]


def test_a_person_may_go_on_without_a_backup(office_of: Callable[[str], Office]) -> None:
    """There is a copy elsewhere, and no room here."""
    office = office_of("0003")
    (office.home / "backups").write_text("in the way")

    office.run("upgrade", "--without-backup")

    assert office.rows("SELECT version_num FROM alembic_version") == [(REVISION,)]


def test_nothing_is_upgraded_under_a_service_of_the_older_program(office_of: Callable[[str], Office]) -> None:
    """It would go on writing as it always did, into tables that have another shape now."""
    office = office_of("0003")

    with ServiceLock(office.home).hold():
        said = office.run("history", status=2)
        assert f"masih berjalan (proses {os.getpid()})" in said.err
        assert office.rows("SELECT version_num FROM alembic_version") == [("0003",)]
    office.run("history")

    assert office.rows("SELECT version_num FROM alembic_version") == [(REVISION,)]
