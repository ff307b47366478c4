"""Opening the database: how safely it writes, who may write, and what it says when it cannot."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from store_books import START, Books, ask_sqlite, day, reading
from store_books import VIEWS_DAY as VIEWS

from collector import language
from collector.errors import StoreError
from collector.store import schema
from collector.store.engine import Store
from collector.store.migrate import revision_of, upgrade
from collector.store.records import to_ms

ROOT = Path(__file__).parents[2]


def _ask(connection: Connection, pragma: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()


def test_a_writer_survives_a_power_cut(store: Store) -> None:
    """This office has power cuts: a commit that was reported must be on the disk (FULL is 2), and the file whole."""
    with store.write() as connection:
        found = {name: _ask(connection, name) for name in ("journal_mode", "synchronous", "foreign_keys")}
        patience = _ask(connection, "busy_timeout")

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert patience == 30_000


def test_every_connection_of_a_reader_is_set_up(store: Store) -> None:
    """The settings belong to a connection and not to the file; the second one is easily forgotten."""
    with store.read() as first, store.read() as second:
        assert [_ask(one, "query_only") for one in (first, second)] == [1, 1]
        assert [_ask(one, "busy_timeout") for one in (first, second)] == [30_000, 30_000]


def test_a_reader_cannot_write(store: Store) -> None:
    """What reads figures for a report must not be able to change one."""
    with pytest.raises(StoreError), store.read() as connection:
        connection.execute(insert(schema.runs).values(trigger="x", by="", program="", started_at=0))

    with store.read() as connection:
        assert _ask(connection, "query_only") == 1
        assert connection.execute(select(schema.runs)).all() == []


def test_a_row_that_refers_to_nothing_is_refused(books: Books) -> None:
    """A snapshot of no account would be a figure of nobody."""
    with pytest.raises(IntegrityError), books.store.write() as connection:
        connection.execute(insert(schema.dead_measures).values(account_id=77, measure="views:account:day", since=0))


def test_a_text_is_refused_where_a_number_belongs(file_books: Books) -> None:
    """SQLite without STRICT would take "1.6K" for a follower count."""
    with pytest.raises(IntegrityError), file_books.store.write() as connection:
        connection.exec_driver_sql("INSERT INTO readings VALUES (1, 1, '1.6K', NULL, 1, 1)")


def test_a_transaction_that_fails_leaves_nothing(books: Books) -> None:
    """All of a change is there or none of it."""
    with pytest.raises(RuntimeError), books.store.write() as connection:
        connection.execute(insert(schema.runs).values(trigger="x", by="", program="", started_at=0))
        raise RuntimeError

    assert books.rows(schema.runs) == []


def test_a_reader_sees_one_moment(books: Books) -> None:
    """Two questions of one report must not be answered from two states of the store."""
    books.run()
    with books.store.read() as connection:
        before = len(connection.execute(select(schema.runs)).all())
        books.run()
        after = len(connection.execute(select(schema.runs)).all())

    assert (before, after) == (1, 1)
    assert len(books.rows(schema.runs)) == 2


def test_a_reader_is_not_held_up_by_a_writer(books: Books) -> None:
    """The history must be readable while a collection is storing."""
    with books.store.write() as connection:
        connection.execute(insert(schema.runs).values(trigger="x", by="", program="", started_at=0))

        assert books.rows(schema.runs) == []


def test_threads_that_read_and_then_write_never_find_it_locked(store: Store, database: Path) -> None:
    """A transaction that begins as a reader fails at once when another process wrote in between."""
    Books(store).run()
    other = Store(f"sqlite:///{database}")  # a store of its own has locks of its own, like another process

    def add_one(one: Store) -> None:
        for _ in range(20):
            with one.write() as connection:
                seen = connection.execute(select(schema.runs.c.started_at)).scalar_one()
                connection.execute(update(schema.runs).values(started_at=seen + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, [store, other] * 4))
    other.close()

    assert Books(store).rows(schema.runs)[0]["started_at"] == to_ms(START) + 60_000 + 8 * 20


_WRITE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from store_books import Books
from collector.store.engine import Store
file_books = Books(Store(f"sqlite:///{sys.argv[1]}"))
def work(number):
    for turn in range(10):
        file_books.keep(body=f"{sys.argv[2]} {number} {turn}".encode())
        file_books.ledger.pause("square", sys.argv[2], file_books.later())
with ThreadPoolExecutor(4) as pool:
    list(pool.map(work, range(4)))
"""


def test_two_processes_write_at_once_and_lose_nothing(database: Path) -> None:
    """`collect now` may be typed while the schedule is collecting."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)])}
    both = [
        subprocess.Popen([sys.executable, "-c", _WRITE, str(database), name], env=environment, stderr=subprocess.PIPE)
        for name in ("one", "two")
    ]
    said = [process.communicate(timeout=60)[1] for process in both]

    assert said == [b"", b""]
    assert ask_sqlite(database, "SELECT count(*) FROM exchanges") == [(80,)]
    assert ask_sqlite(database, "SELECT count(*) FROM bodies") == [(80,)]
    assert ask_sqlite(database, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize(("tongue", "words"), [("id", "Periksa ruang disk"), ("en", "Check the disk space")])
def test_a_full_disk_is_one_sentence_and_costs_nothing_stored(file_books: Books, tongue: str, words: str) -> None:
    """The disk of the office's PC is full sooner or later; what is stored must stay readable and whole."""
    language.use(tongue)
    account = file_books.account()
    file_books.collect(account, reading(VIEWS, 5, day(0)))
    before = file_books.contents()
    with file_books.store.write() as connection:
        full = _ask(connection, "page_count")
        connection.exec_driver_sql(f"PRAGMA max_page_count = {full}")

    with pytest.raises(StoreError, match="full") as refused:
        file_books.keep(run_id=1, body=os.urandom(200_000))

    assert words in str(refused.value)
    assert str(file_books.store.path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert file_books.contents() == before

    with file_books.store.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    file_books.keep(run_id=1, body=os.urandom(200_000))  # room again: it goes on as if nothing had been


def test_a_read_only_file_is_one_sentence(database: Path) -> None:
    """A file restored by another user, or a disk mounted read-only after a fault."""
    store = Store(f"sqlite:///file:{database}?mode=ro&uri=true")

    with pytest.raises(StoreError, match="readonly") as refused:
        Books(store).run()
    store.close()

    assert "\n" not in str(refused.value)
    assert refused.value.exit_status == 2


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    """A disk that lost its mind, or a document saved under the wrong name."""
    path = tmp_path / "collector.db"
    path.write_bytes(b"this is a letter and no database\n" * 400)
    store = Store(f"sqlite:///{path}")

    for attempt in (upgrade, revision_of, lambda broken: Books(broken).run()):
        with pytest.raises(StoreError, match="not a database") as refused:
            attempt(store)
        assert "\n" not in str(refused.value)
    store.close()
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_file_with_a_damaged_page_is_one_sentence(file_books: Books, database: Path) -> None:
    """A bad sector in the middle: what is asked for from there is refused, not made up."""
    account = file_books.account()
    file_books.collect(account, *(reading(VIEWS, number, day(number)) for number in range(3000)))
    file_books.store.close()
    ask_sqlite(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    (page,) = ask_sqlite(database, "SELECT rootpage FROM sqlite_master WHERE name = 'readings'")[0]
    (size,) = ask_sqlite(database, "PRAGMA page_size")[0]
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    with pytest.raises(StoreError, match="malformed"):
        file_books.rows(schema.readings)


def test_a_folder_in_the_place_of_the_database_is_one_sentence(tmp_path: Path) -> None:
    """Somebody unpacked a backup one level too deep."""
    store = Store(f"sqlite:///{tmp_path}")

    with pytest.raises(StoreError, match="unable to open"):
        upgrade(store)
    store.close()


@pytest.mark.parametrize("address", ["no address", "wrong://host/base", "mysql://host/base", "sqlite+nothing:///x.db"])
def test_an_unknown_address_is_one_sentence(address: str) -> None:
    """A mistyped setting must name the setting, never show what stands in it: it may hold a password."""
    with pytest.raises(StoreError, match="COLLECTOR_DATABASE_URL") as refused:
        Store(address)

    assert address not in str(refused.value)


def test_a_fault_of_ours_is_not_blamed_on_the_disk(books: Books) -> None:
    """A wrong statement is a bug: it must not send the staff to look for disk space."""
    with pytest.raises(IntegrityError), books.store.write() as connection:
        connection.execute(insert(schema.places).values(id=1, pointer=None))


def test_the_path_is_known_for_sqlite_alone(store: Store, database: Path) -> None:
    """Only a file can be copied, checked for space and looked at by the doctor."""
    assert store.is_sqlite
    assert store.path == database


def test_a_server_has_no_path(server_books: Books) -> None:
    """There is no file of it on this machine."""
    assert not server_books.store.is_sqlite
    assert server_books.store.path is None


def test_nothing_can_be_changed_while_reading_from_a_server(server_books: Books) -> None:
    """The same promise as on a file: a report reads and nothing else."""
    with pytest.raises(StoreError, match="read-only"), server_books.store.read() as connection:
        connection.execute(insert(schema.runs).values(trigger="x", by="", program="", started_at=0))

    assert server_books.run() > 0  # and the connection writes again when it is asked to


@pytest.mark.parametrize(
    "address", ["postgres://nobody@127.0.0.1:1/base", "postgresql://nobody:secret@127.0.0.1:1/base"]
)
def test_a_server_that_does_not_answer_is_one_sentence(address: str) -> None:
    """The server of the province is down: the staff must read that, and no password."""
    store = Store(address)

    with pytest.raises(StoreError, match="refused") as refused:
        upgrade(store)
    store.close()

    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_server_needs_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is named, with the command that brings it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StoreError, match="collector\\[postgres\\]"):
        Store("postgresql://127.0.0.1/base")


def test_a_closed_store_leaves_no_journal_behind(file_books: Books, database: Path) -> None:
    """A home is copied file by file; all that was committed has to be in the one file then."""
    file_books.run()
    file_books.store.close()

    assert [path.name for path in database.parent.iterdir() if path.name.startswith("collector.db")] == ["collector.db"]
    assert ask_sqlite(database, "SELECT count(*) FROM runs") == [(1,)]


def test_writing_is_a_transaction_from_its_first_statement(store: Store) -> None:
    """Without a begin of ours SQLite's Python module decides, and leaves changes of the schema out."""
    with store.write() as connection:
        connection.execute(text("CREATE TABLE short_lived (id INTEGER)"))
        connection.rollback()

    with store.read() as connection:
        assert connection.execute(text("SELECT name FROM sqlite_master WHERE name = 'short_lived'")).all() == []
