"""The bytes that readings take in SQLite as it lies there: with their series, places and sums, answers apart.

Run as `python -m benchmarks.sizes` in the environment of an installation. Says nothing where SQLite was built without
its table of pages, or of another database.
"""

import json
import os
import sqlite3
import sys

from benchmarks.population import sqlite_file

_TABLES = ("readings", "series", "places", "monthly_sums")


def measure_bytes(path: str) -> dict[str, object]:
    """Return how many readings there are and the bytes of each of their tables, indexes included."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(
            "SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master m ON m.name = d.name GROUP BY m.tbl_name"
        ).fetchall()
    except sqlite3.OperationalError:
        return {}
    readings = connection.execute("SELECT count(*) FROM readings").fetchone()[0]
    connection.close()
    return {"count": readings, **{table: size for table, size in found if table in _TABLES}}


if __name__ == "__main__":
    file = sqlite_file(os.environ)
    sys.stdout.write(json.dumps(measure_bytes(file) if file is not None else {}))
