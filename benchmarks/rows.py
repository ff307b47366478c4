"""The rows that each side ended with, and their checksum: no figure counts unless all sides hold the same.

`python -m benchmarks.rows product` reads this process's installation, `… flat FILE` a replaying side's table, and
prints how many rows there are and the checksum of all of them in order.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from benchmarks.population import sqlite_file

MAKE_FLAT = """CREATE TABLE rows (account TEXT, measure TEXT, about TEXT, at INTEGER, value INTEGER NOT NULL,
    PRIMARY KEY (account, measure, about, at)) STRICT, WITHOUT ROWID"""
UPSERT_FLAT = """INSERT INTO rows VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value"""

_OF_PRODUCT = """SELECT a.platform, a.external_id, s.measure, s.about, r.at, r.value
    FROM readings r JOIN series s ON s.id = r.series_id JOIN accounts a ON a.id = s.account_id"""


def checksum(rows: Iterable[tuple[object, ...]]) -> dict[str, object]:
    """Return the number of rows and what identifies them all."""
    lines = sorted("|".join(map(str, row)) for row in rows)
    return {"rows": len(lines), "checksum": sha256("\n".join(lines).encode()).hexdigest()}


def of_product() -> dict[str, object]:
    """Return the checksum of the readings in this process's installation."""
    file = sqlite_file(os.environ)
    found = _find(file, _OF_PRODUCT) if file is not None else _find_in_postgresql(os.environ["COLLECTOR_DATABASE_URL"])
    return checksum((f"{platform}:{external}", *row) for platform, external, *row in found)


def of_flat(database: str) -> dict[str, object]:
    """Return the checksum of a replaying side's rows."""
    return checksum(_find(database, "SELECT account, measure, about, at, value FROM rows"))


def _find(database: str, statement: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    found = connection.execute(statement).fetchall()
    connection.close()
    return found


def _find_in_postgresql(url: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute(_OF_PRODUCT).fetchall()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(of_product() if sys.argv[1] == "product" else of_flat(sys.argv[2])))
