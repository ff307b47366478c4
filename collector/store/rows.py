"""The small steps that every writer of rows needs, alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite

_COPY_FROM = 1_000  # rows; below this the two ways cost the same


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], **changed: bool) -> None:
    """Insert rows; where a key is there already, update the columns named in `changed`, or leave the row alone."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    if changed:
        statement = statement.on_conflict_do_update(
            index_elements=[column.name for column in table.primary_key],
            set_={name: statement.excluded[name] for name in changed},
        )
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement, rows)


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that are known to be new, by the fastest way that the database has for so many."""
    if connection.dialect.name == "postgresql" and len(rows) >= _COPY_FROM:
        _copy(connection, table, rows)
    elif rows:
        connection.execute(table.insert(), rows)


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Send rows by COPY, which PostgreSQL takes five times as fast as inserts (in a trial of 200,000)."""
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id that the database gave to the row just inserted."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
