"""The migrations and the schema are one thing said twice; these tests hold the two together."""

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, text
from store_books import Books, ask_sqlite

from collector import language
from collector.errors import StoreError
from collector.settings import HOME, load
from collector.store import migrate
from collector.store.engine import Store
from collector.store.migrate import revision_of, scripts, upgrade
from collector.store.schema import REVISION, metadata
from collector.wiring import Application

ROOT = Path(__file__).parents[2]


def _describe(path: Path) -> dict[str, Any]:
    """Return all that SQLite knows of a database's shape, apart from the order in which it was made."""
    with closing(sqlite3.connect(path)) as connection:
        tables = {
            name: (columns, bool(without_rowid), bool(strict))
            for _, name, kind, columns, without_rowid, strict in connection.execute("PRAGMA table_list")
            if kind == "table" and not name.startswith("sqlite_") and name != "alembic_version"
        }
        return {
            name: {
                "table": shape,
                "columns": connection.execute(f"PRAGMA table_xinfo({name})").fetchall(),
                "references": sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})")),
                "indexes": sorted(
                    (row[1] if row[3] == "c" else "", *row[2:], *_index(connection, row[1]))
                    for row in connection.execute(f"PRAGMA index_list({name})").fetchall()
                ),
            }
            for name, shape in tables.items()
        }


def _index(connection: sqlite3.Connection, name: str) -> tuple[object, ...]:
    """Return an index's columns, and the condition of a partial one."""
    columns = tuple(row[1:] for row in connection.execute(f"PRAGMA index_xinfo({name})"))
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone() or (None,)
    where = re.search(r"WHERE (.*)$", sql or "")
    return (columns, where[1] if where else "")


def test_the_migrations_make_the_tables_of_the_schema(store: Store, database: Path, tmp_path: Path) -> None:
    """A column that only one of them knows works in the tests and fails in an office."""
    made = Store(f"sqlite:///{tmp_path / 'schema.db'}")
    with made.write() as connection:
        metadata.create_all(connection)
    made.close()
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)

    assert differences == []
    assert _describe(database) == _describe(tmp_path / "schema.db")


def test_the_migrations_make_the_same_tables_on_a_server(server_books: Books) -> None:
    """The province's database is made by the same scripts."""
    with server_books.store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)
        partial = {
            name: re.search(r"WHERE \((.*)\)$", definition)
            for name, definition in connection.execute(text("SELECT indexname, indexdef FROM pg_indexes"))
            if name in ("uq_accounts_external", "uq_snapshots_running")
        }

    assert differences == []
    assert {name: found[1] if found else "" for name, found in partial.items()} == {
        "uq_accounts_external": "external_id IS NOT NULL", "uq_snapshots_running": "outcome = 'running'::text",
    }  # fmt: skip


def test_a_newer_database_on_a_server_is_refused(server_books: Books) -> None:
    """One office of the province was upgraded before the others."""
    _set_revision(server_books.store, "9999")
    try:
        with pytest.raises(StoreError, match="9999"):
            upgrade(server_books.store)
        assert revision_of(server_books.store) == "9999"
    finally:
        _set_revision(server_books.store, REVISION)
    upgrade(server_books.store)


def _set_revision(store: Store, revision: str) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_every_table_is_strict_and_the_clustered_ones_have_no_rowid(database: Path) -> None:
    """Without STRICT a text slips into a count; with a rowid a reading takes twice the room."""
    shapes = {name: described["table"] for name, described in _describe(database).items()}
    clustered = {
        name for name, table in metadata.tables.items() if table.dialect_options["sqlite"]["with_rowid"] is False
    }

    assert set(shapes) == set(metadata.tables)
    assert {name for name, (_, _, strict) in shapes.items() if not strict} == set()
    assert {name for name, (_, without_rowid, _) in shapes.items() if without_rowid} == clustered
    assert {"readings", "replaced", "gaps", "coverage"} <= clustered


def test_only_what_holds_at_present_is_unique(database: Path) -> None:
    """Two accounts may wait for their id; of many snapshots one runs, and of a cause's many alerts one is open."""
    described = _describe(database)
    partial = {row[0]: (row[1], row[-1]) for shape in described.values() for row in shape["indexes"] if row[-1]}

    assert partial == {
        "uq_accounts_external": (1, "external_id IS NOT NULL"),
        "uq_alerts_open": (1, "closed_at IS NULL"),
        "uq_snapshots_running": (1, "outcome = 'running'"),
    }


def test_the_newest_script_is_the_revision_of_the_program() -> None:
    """The program skips Alembic when the database says this revision; a wrong one would skip an upgrade."""
    config = Config()
    config.set_main_option("script_location", str(scripts()))

    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_database_is_made_where_there_is_none(tmp_path: Path) -> None:
    """The first command of a new installation needs nothing prepared."""
    store = Store(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(store)
    found = revision_of(store)
    store.close()

    assert found == REVISION
    assert ask_sqlite(tmp_path / "new.db", "PRAGMA integrity_check") == [("ok",)]


def test_an_empty_file_has_no_revision(tmp_path: Path) -> None:
    """A home whose disk filled up at the first command has such a file; it is filled the next time."""
    path = tmp_path / "empty.db"
    path.touch()
    store = Store(f"sqlite:///{path}")

    assert revision_of(store) is None
    upgrade(store)
    assert revision_of(store) == REVISION
    store.close()


def test_upgrading_again_changes_nothing(file_books: Books, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command begins with it, so it has to be nothing at all, and fast."""
    account = file_books.account()
    monkeypatch.setattr(migrate, "scripts", lambda: pytest.fail("the scripts are not even looked for"))
    before = file_books.contents()

    upgrade(file_books.store)
    upgrade(file_books.store)

    assert file_books.contents() == before
    assert [row["id"] for row in before["accounts"]] == [account]


def _make_newer(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def _fingerprint(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(("tongue", "word"), [("id", "lebih baru"), ("en", "newer")])
def test_a_newer_database_is_refused_and_left_as_it_is(database: Path, tmp_path: Path, tongue: str, word: str) -> None:
    """An old program that goes on writing would damage what it does not understand."""
    language.use(tongue)
    _make_newer(database)
    before = _fingerprint(tmp_path)
    store = Store(f"sqlite:///{database}")

    with pytest.raises(StoreError, match="9999") as refused:
        upgrade(store)
    store.close()

    assert word in str(refused.value)
    assert "\n" not in str(refused.value)
    assert _fingerprint(tmp_path) == before


def test_no_command_starts_on_a_newer_database(empty_database: Path, tmp_path: Path) -> None:
    """The refusal must come before any part of the program has written."""
    home = tmp_path / "home"
    home.mkdir()
    database = home / "collector.db"
    shutil.copy(empty_database, database)
    _make_newer(database)
    before = _fingerprint(home)

    with pytest.raises(StoreError, match="9999") as refused:
        Application.open(load({HOME: str(home)}))

    assert refused.value.exit_status == 2
    assert _fingerprint(home)["collector.db"] == before["collector.db"]


def test_a_migration_that_fails_leaves_nothing_behind(
    file_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut in the middle of an upgrade must leave a database that the old program still reads."""
    office = file_books.office()
    copied = tmp_path / "migrations"
    shutil.copytree(scripts(), copied, ignore=shutil.ignore_patterns("__pycache__"))
    (copied / "versions" / "9000_broken.py").write_text(
        f'"""Broken."""\nfrom alembic import op\nrevision = "9000"\ndown_revision = "{REVISION}"\n'
        'def upgrade():\n    op.execute("CREATE TABLE half_done (id INTEGER)")\n'
        "    op.execute(\"DELETE FROM offices\")\n    raise RuntimeError('the power went')\n"
    )
    monkeypatch.setattr(migrate, "scripts", lambda: copied)
    monkeypatch.setattr(migrate, "REVISION", "9000")

    with pytest.raises(RuntimeError, match="the power went"):
        upgrade(file_books.store)

    assert revision_of(file_books.store) == REVISION
    assert ask_sqlite(Path(str(file_books.store.path)), "SELECT name FROM sqlite_master WHERE name = 'half_done'") == []
    assert [one.id for one in file_books.queries.list_offices()] == [office]


def test_an_older_database_is_brought_up_with_its_data(
    file_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next version of the program finds this one's database and must keep what is in it."""
    office = file_books.office()
    copied = tmp_path / "migrations"
    shutil.copytree(scripts(), copied, ignore=shutil.ignore_patterns("__pycache__"))
    (copied / "versions" / "9000_more.py").write_text(
        f'"""More."""\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = "9000"\n'
        f'down_revision = "{REVISION}"\ndef upgrade():\n'
        '    op.add_column("offices", sa.Column("motto", sa.Text(), nullable=False, server_default="maju"))\n'
    )
    monkeypatch.setattr(migrate, "scripts", lambda: copied)
    monkeypatch.setattr(migrate, "REVISION", "9000")

    upgrade(file_books.store)

    assert revision_of(file_books.store) == "9000"
    assert ask_sqlite(Path(str(file_books.store.path)), "SELECT id, motto FROM offices") == [(office, "maju")]


_FIRST = """
INSERT INTO offices VALUES (1, 'kota', 'KPU Contoh', 'Contoh', 'Asia/Jakarta', 1);
INSERT INTO accounts VALUES (1, 1, 'square', '17', 'kpu', '', '', NULL, 'active', '', 1, NULL, NULL, 1);
INSERT INTO runs VALUES (1, 'test', '', 'collector 0.1', 1, 2);
INSERT INTO snapshots VALUES (1, 1, 1, '', 'ok', 'me', 1, 1, 2, NULL, NULL, 1, 0, 0, 0);
INSERT INTO exchanges VALUES (1, 1, 1, 1, 1, 'square', '{}', 200, '{}', 1, 1, 'ab', NULL, 0, 2)
"""
"""Rows as the first version wrote them."""


def _make_first(store: Store, tmp_path: Path) -> None:
    """Make a database as the first version of the program did, with something in it."""
    copied = tmp_path / "first"
    shutil.copytree(scripts(), copied, ignore=shutil.ignore_patterns("__pycache__", "000[2-9]_*"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "scripts", lambda: copied)
        patch.setattr(migrate, "REVISION", "0001")
        upgrade(store)
    with store.write() as connection:
        for statement in _FIRST.split(";"):
            connection.execute(text(statement))
        packed = {"packed": zlib.compress(b"{}")}
        connection.execute(text("INSERT INTO bodies VALUES ('ab', 2, :packed)"), packed)


def _assert_brought_up(store: Store) -> None:
    assert revision_of(store) == "0001"
    upgrade(store)
    assert revision_of(store) == REVISION
    books = Books(store)
    [account], kept = books.queries.list_accounts(), books.queries.find_exchange(1)
    assert (account.handle, account.external_id, account.bio_link) == ("kpu", "17", None)
    assert kept is not None
    assert (kept.body, kept.sha256, kept.reduced_at, kept.cited) == (b"{}", "ab", None, None)
    assert [row["reduced_at"] for row in books.rows(metadata.tables["snapshots"])] == [None]
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_first_versions_database_is_brought_up_with_its_data(tmp_path: Path) -> None:
    """An office that has collected for months upgrades: its answers are whole, and its accounts are there."""
    store = Store(f"sqlite:///{tmp_path / 'first.db'}")
    _make_first(store, tmp_path)

    _assert_brought_up(store)
    store.close()


def test_the_first_versions_database_on_a_server_is_brought_up(postgresql_address: str, tmp_path: Path) -> None:
    """The province upgrades, too."""
    address = make_url(postgresql_address).set(drivername="postgresql+psycopg")
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE first_version"))
    store = Store(address.set(database="first_version").render_as_string(hide_password=False))
    try:
        _make_first(store, tmp_path)
        _assert_brought_up(store)
    finally:
        store.close()
        with server.connect() as connection:
            connection.execute(text("DROP DATABASE first_version"))
        server.dispose()


_OPEN = """
import sys
from collector.store.engine import Store
from collector.store.migrate import revision_of, upgrade
import collector
store = Store(f"sqlite:///{sys.argv[1]}")
upgrade(store)
print(revision_of(store), collector.__file__)
"""


def test_two_first_commands_at_once_make_one_database(tmp_path: Path) -> None:
    """The scheduler and a person may both be the first to start after an installation."""
    command = [sys.executable, "-c", _OPEN, str(tmp_path / "new.db")]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in both]

    assert [process.returncode for process in both] == [0, 0], answers
    assert {out.split()[0].decode() for out, _ in answers} == {REVISION}
    assert ask_sqlite(tmp_path / "new.db", "SELECT version_num FROM alembic_version") == [(REVISION,)]


def test_an_installed_wheel_brings_its_migrations(tmp_path: Path) -> None:
    """An office installs the wheel and has no checkout to find the scripts in."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(installed)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    made = subprocess.run(
        [sys.executable, "-c", _OPEN, str(elsewhere / "new.db")],
        cwd=elsewhere, env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    source = {f"collector/migrations/{path.relative_to(ROOT / 'migrations').as_posix()}"
              for path in (ROOT / "migrations").rglob("*.py")}  # fmt: skip
    assert source <= names
    assert [name for name in names if name.startswith(("tests/", "migrations/")) or "__pycache__" in name] == []
    assert made.stdout.split() == [REVISION, str(installed / "collector" / "__init__.py")]


def test_the_scripts_of_a_checkout_are_the_ones_at_its_top() -> None:
    """In a checkout there is one copy of the scripts, so that none can be forgotten."""
    assert scripts() == ROOT / "migrations"
