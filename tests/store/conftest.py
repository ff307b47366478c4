"""A store of its own for every test, made by the real migrations, on each of the two databases.

`books` is a store on SQLite and then on PostgreSQL, because the same promises hold on both; `store`, `database` and
`file_books` are SQLite's alone, for what only a file can do.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_books import Books

from collector.store import schema
from collector.store.engine import Store
from collector.store.migrate import upgrade


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database as the migrations make it. Copy it; do not open it."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    store = Store(f"sqlite:///{path}")
    upgrade(store)
    store.close()
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Path:
    """Return the file of this test's database."""
    return Path(shutil.copy(empty_database, tmp_path / "collector.db"))


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """Open this test's database."""
    opened = Store(f"sqlite:///{database}")
    yield opened
    opened.close()


@pytest.fixture
def file_books(store: Store, database: Path) -> Books:
    """Return a store in a file with a short way to fill it."""
    return Books(store, f"sqlite:///{database}")


@pytest.fixture(scope="session")
def server_books(postgresql_address: str) -> Iterator[Books]:
    """Open a store on the server, migrated once."""
    opened = Store(postgresql_address)
    upgrade(opened)
    yield Books(opened, postgresql_address)
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def books(request: pytest.FixtureRequest) -> Books:
    """Return an empty store, on each database in turn, with a short way to fill it."""
    if request.param == "sqlite":
        return request.getfixturevalue("file_books")
    opened: Books = request.getfixturevalue("server_books")
    with opened.store.write() as connection:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(schema.metadata.tables)} RESTART IDENTITY")
    return Books(opened.store, opened.address)
