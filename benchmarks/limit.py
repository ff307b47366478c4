"""The limit: the same requests by the fastest client, the same rows in one transaction, and nothing else.

No retry, no validation, no evidence: nothing useful gets below it in CPython.
Run as `python -m benchmarks.limit ADDRESS PLAN DATABASE`.
"""

import pickle
import sqlite3
import sys
from pathlib import Path

from benchmarks.client import replay
from benchmarks.fastest import find_parser, run_loop
from benchmarks.reading import Row, Step, read
from benchmarks.rows import MAKE_FLAT, UPSERT_FLAT

_BATCH = 5_000


def run(address: str, steps: list[Step], database: str) -> None:
    """Replay the steps into a new database."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(MAKE_FLAT)
    parse, rows = find_parser(), list[Row]()

    def take(step: Step, body: bytes) -> None:
        rows.extend((step.account, *row) for row in read(step.how, body, parse))
        if len(rows) >= _BATCH:
            connection.executemany(UPSERT_FLAT, rows)
            rows.clear()

    connection.execute("BEGIN")
    run_loop(replay(address, steps, take))
    connection.executemany(UPSERT_FLAT, rows)
    connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    run(sys.argv[1], pickle.loads(Path(sys.argv[2]).read_bytes()), sys.argv[3])  # noqa: S301 - made by ourselves
