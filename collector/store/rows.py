"""Two small steps that every writer of rows needs, alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite


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


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id that the database gave to the row just inserted."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
