"""A province's server: backed up without outside tools, restored into an empty database, and to and from an office."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from backup_homes import back_up, content
from office import Office, own_settings
from sqlalchemy import create_engine, make_url, text

from collector.backups import archive
from collector.store.copying import is_sound
from collector.store.schema import metadata

PERIOD = ("report", "2022-S2", "--office", "kota-pontianak", "--format", "html")


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """Make an empty database on the server."""
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def on(address: str, folder: Path, office: Office) -> Office:
    """Return an installation whose database is on the server."""
    folder.mkdir()
    return Office({**office.environment, **own_settings(folder), "COLLECTOR_DATABASE_URL": address}, office.clock)


def rows_on(address: str) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of a server's database by table, but for which backups were made."""
    engine = create_engine(address)
    with engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
            if table.name != "backups"
        }
    engine.dispose()
    return found


@pytest.fixture
def addresses(postgresql_address: str) -> Iterator[tuple[str, str]]:
    """Two empty databases."""
    with database(postgresql_address, "backup_one") as one, database(postgresql_address, "backup_two") as two:
        yield one, two


def test_from_an_office_to_the_server_and_back(
    office: Office, addresses: tuple[str, str], tmp_path: Path, elsewhere: Office
) -> None:
    """One kind of backup: what an office saved, the server takes, and the other way round, with the same report."""
    made, told = back_up(office), office.readings()
    server = on(addresses[0], tmp_path / "server", office)
    key = Path(server.environment["COLLECTOR_KEY_FILE"])
    key.parent.mkdir()
    key.write_bytes(Path(office.environment["COLLECTOR_KEY_FILE"]).read_bytes())

    server.run("restore", made)

    assert server.readings() == told
    before = rows_on(addresses[0])
    again = back_up(server)
    archive.unpack(again, tmp_path / "out")
    assert is_sound(tmp_path / "out" / "collector.db")
    other = on(addresses[1], tmp_path / "other", server)
    other.environment["COLLECTOR_KEY_FILE"] = str(key)
    other.run("restore", again)
    assert rows_on(addresses[1]) == before
    other.run("init", "--name", "KPU Baru", "--slug", "baru")  # numbers go on where they were
    Path(elsewhere.environment["COLLECTOR_KEY_FILE"]).parent.mkdir()
    Path(elsewhere.environment["COLLECTOR_KEY_FILE"]).write_bytes(key.read_bytes())
    elsewhere.run("restore", again)
    mine, theirs = content(office.home), content(elsewhere.home)
    assert {name for name in mine if mine[name] != theirs.get(name)} == set()
    [printed] = [Path(one).read_bytes() for one in office.run(*PERIOD, "--json").json["files"]]
    for one in (elsewhere, other):
        [fresh] = [Path(path).read_bytes() for path in one.run(*PERIOD, "--json").json["files"]]
        assert fresh == printed


def test_a_database_with_something_in_it_is_left_alone(
    office: Office, addresses: tuple[str, str], tmp_path: Path, office_in: Callable[[Path], Office]
) -> None:
    """On a server nothing can be put aside: an empty database is asked for."""
    made = back_up(office)
    server = on(addresses[0], tmp_path / "server", office)
    server.run("init", "--name", "KPU Contoh")
    before = rows_on(addresses[0])

    said = server.run("restore", made, "--yes", status=2)

    assert "tidak kosong" in said.err
    assert rows_on(addresses[0]) == before
