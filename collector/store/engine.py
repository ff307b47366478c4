"""Opening the database: one engine that writes, one that only reads.

SQLite is opened in WAL mode with synchronous=FULL, because this office has power cuts. Writers begin with BEGIN
IMMEDIATE under one lock of the process: a deferred transaction that reads and then writes fails at once with
"database is locked" when another process wrote in between, whatever the busy timeout (2,635 of 4,500 in a trial).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError

from collector.errors import StoreError
from collector.language import t

_BUSY_TIMEOUT_MS = 30_000


class Store:
    """The database of one home. `write` and `read` give transactions; nothing else touches the engines."""

    def __init__(self, url: str) -> None:
        self._lock = threading.RLock()
        try:
            self._url = _read_url(url)
            self.is_sqlite = self._url.get_backend_name() == "sqlite"
            self._writer = _make_engine(self._url, writes=True)
            self._reader = _make_engine(self._url, writes=False) if self.is_sqlite else _reading_only(self._writer)
        except (ArgumentError, NoSuchModuleError):
            raise StoreError(
                t(
                    "COLLECTOR_DATABASE_URL bukan alamat basis data yang dikenal. Kosongkan untuk memakai SQLite.",
                    en="COLLECTOR_DATABASE_URL is no known database address. Leave it empty to use SQLite.",
                )
            ) from None
        except ImportError:
            raise StoreError(
                t(
                    "Untuk PostgreSQL, pasang dulu tambahannya: pip install 'collector[postgres]'.",
                    en="For PostgreSQL install the extra first: pip install 'collector[postgres]'.",
                )
            ) from None

    @property
    def path(self) -> Path | None:
        """The SQLite file, None for another database."""
        database = self._url.database
        return Path(database) if self.is_sqlite and database else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that is committed at the end, or rolled back as a whole."""
        with self._lock, plain_faults(self), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one moment of the database and cannot change it."""
        with plain_faults(self), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def examine(self) -> Iterator[Connection]:
        """Give the same, in which a text that is damaged is given out too, its unreadable letters marked as such."""
        with self.read() as connection:
            driver = connection.connection.driver_connection
            if not isinstance(driver, sqlite3.Connection):
                yield connection
                return
            driver.text_factory = _decode_damaged
            try:
                yield connection
            finally:
                driver.text_factory = str

    def size(self) -> int:
        """Return how many bytes the database takes on the disk."""
        here = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        with self.read() as connection:
            asked = here if self.is_sqlite else "SELECT pg_database_size(current_database())"
            return int(connection.exec_driver_sql(asked).scalar_one())

    def compact(self) -> None:
        """Give back the room that is no longer needed, and overwrite what was let go of. A server keeps the room."""
        with self._lock, plain_faults(self):
            connection = self._writer.raw_connection()  # no transaction: in one the room cannot be given back
            try:
                if not self.is_sqlite:
                    driver = connection.driver_connection
                    assert driver is not None  # it was opened just now
                    driver.autocommit = True
                cursor = connection.cursor()
                cursor.execute("VACUUM")
                if self.is_sqlite:  # where somebody reads, it is done by whoever comes after
                    cursor.execute("PRAGMA busy_timeout = 500")
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()
            finally:
                connection.invalidate()

    def close(self) -> None:
        """Let go of all connections."""
        self._writer.dispose()
        self._reader.dispose()


@contextmanager
def plain_faults(store: Store) -> Iterator[None]:
    """Turn what a database says of itself into one sentence: full disk, damage, no permission."""
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError):
        raise  # a row that is there already, or a mistake of ours: nothing that the database could help
    except DBAPIError as error:
        where, reason = store.path or "PostgreSQL", str(error.orig).partition("\n")[0]
        raise StoreError(
            t(
                f"Basis data {where} tidak dapat dipakai ({reason}). Periksa ruang disk, izin folder, atau sambungan; "
                "data yang sudah tersimpan tidak berubah.",
                en=f"The database {where} cannot be used ({reason}). Check the disk space, the folder's permissions or "
                "the connection; what was already stored is unchanged.",
            )
        ) from error


def _read_url(text: str) -> URL:
    """Read a database's address; of PostgreSQL it is always psycopg that is spoken to."""
    url = make_url("postgresql" + text.removeprefix("postgres") if text.startswith("postgres://") else text)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise ArgumentError(url.get_backend_name())
    return url


def _make_engine(url: URL, *, writes: bool) -> Engine:
    # A connection is tried before it is used: a server may have been restarted since.
    engine = create_engine(url, pool_size=20, max_overflow=40, pool_pre_ping=url.get_backend_name() != "sqlite")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_for_writing if writes else _open_for_reading)
        event.listen(engine, "begin", _begin_immediate if writes else _begin_deferred)
    return engine


def _reading_only(engine: Engine) -> Engine:
    """Return the same PostgreSQL connections for reading: from one moment, which is not PostgreSQL's habit."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _open_for_writing(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
    connection.isolation_level = None  # the "begin" event says how to begin
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _open_for_reading(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA query_only = ON")


def _decode_damaged(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
