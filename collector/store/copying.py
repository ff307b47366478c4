"""Copying a whole database: out into one SQLite file while others go on writing, and from such a file into a server.

The copy is SQLite whichever database it is of, at the same revision: one kind of backup, which can be looked into and
migrated like any other database, and can move from the office's PC to the province's server and back.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from collector.errors import StoreError
from collector.language import t
from collector.store import schema
from collector.store.engine import Store
from collector.store.migrate import revision_of, upgrade
from collector.store.rows import insert_many

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What a copy holds: its revision, the offices' names, the first one's time zone, and how many rows of what."""

    revision: str
    offices: tuple[str, ...]
    zone: str | None
    counts: Mapping[str, int]


def size_of(store: Store) -> int:
    """Return how large a copy may become, in bytes."""
    if store.path is not None:
        beside = store.path.with_name(f"{store.path.name}-wal")
        return sum(path.stat().st_size for path in (store.path, beside) if path.exists())
    with store.read() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def copy_out(store: Store, target: Path) -> None:
    """Write a copy as of one moment into a new file. Others go on writing. Raises StoreError where it cannot be."""
    if store.path is None:
        _copy_server(store, target)
    else:
        with _plain_faults(), closing(sqlite3.connect(store.path, timeout=30)) as connection:
            # Not page by page: a copy made anew holds nothing that was deleted, and meets every damaged page.
            connection.execute("VACUUM INTO ?", (str(target),))
    _sync(target)


def read_facts(path: Path) -> Facts:
    """Return what a copy holds. Raises StoreError where it is none."""
    with _plain_faults(), closing(_open(path)) as connection:
        [(revision,)] = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        offices = connection.execute("SELECT name, zone FROM offices ORDER BY id").fetchall()
        counts = {
            name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - its own names
            for name in _tables(connection)
        }
    return Facts(str(revision), tuple(name for name, _ in offices), offices[0][1] if offices else None, counts)


def is_sound(path: Path) -> bool:
    """Whether a file is a database without any fault of its own, and whose rows all lead somewhere."""
    try:
        with closing(_open(path)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return whole and not connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError:
        return False


def is_alone(path: Path) -> bool:
    """Whether nobody else has a database open. Then all of it stands in its one file afterwards.

    Leaving the write-ahead mode takes the whole database, which SQLite gives only to the last one there.
    """
    try:
        with closing(sqlite3.connect(path, timeout=0.2)) as connection:
            return bool(connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete")
    except sqlite3.OperationalError as error:
        return "locked" not in str(error)
    except sqlite3.DatabaseError:
        return True  # no database at all, or a broken one: nobody works with it


def condense(path: Path) -> None:
    """Write a database anew without what was deleted from it, into its one file, and down on the disk."""
    with _plain_faults(), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    _sync(path)


def is_empty(store: Store) -> bool:
    """Whether a database holds no row at all of ours."""
    with store.read() as connection:
        there = set(inspect(connection).get_table_names())
        return not any(
            connection.execute(select(func.count()).select_from(table)).scalar()
            for table in schema.metadata.sorted_tables
            if table.name in there
        )


def load_into(connection: Connection, source: Path) -> None:
    """Load a copy of this revision into an empty database on a server, in the caller's transaction."""
    with _plain_faults(), closing(_open(source)) as copy:
        for table in schema.metadata.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            found = copy.execute(f"SELECT {names} FROM {table.name}")  # noqa: S608 - the schema's own names
            while rows := found.fetchmany(_BATCH * 10):
                insert_many(connection, table, rows)
            if "id" in table.columns:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}")  # noqa: S608 - the schema's own names
                )


def _copy_server(store: Store, target: Path) -> None:
    with store.read() as connection:  # one moment of the database: every table is read as of it
        shape = Store(f"sqlite:///{target}")
        upgrade(shape, to=revision_of(store))
        shape.close()
        with _plain_faults(), closing(sqlite3.connect(target)) as copy, copy:
            for name in _tables(copy):
                columns = [str(row[1]) for row in copy.execute(f'PRAGMA table_info("{name}")')]
                listed, marks = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
                for rows in _batches(connection, f'SELECT {listed} FROM "{name}"'):  # noqa: S608 - the schema's own names
                    copy.executemany(f'INSERT INTO "{name}" ({listed}) VALUES ({marks})', rows)  # noqa: S608 - the schema's own names


def _batches(connection: Connection, question: str) -> Iterator[list[tuple[Any, ...]]]:
    found = connection.execution_options(stream_results=True).exec_driver_sql(question)
    for rows in found.partitions(_BATCH):
        yield [tuple(row) for row in rows]


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows if not name.startswith("sqlite_") and name != "alembic_version"]


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _plain_faults() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        raise StoreError(
            t(
                f"Basis data tidak dapat disalin ({reason}). Periksa ruang disk dan izin folder; data tidak berubah.",
                en=f"The database cannot be copied ({reason}). Check the disk space and the folder's permissions; the "
                "data are unchanged.",
            )
        ) from error
