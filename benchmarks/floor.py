"""The fair floor: what keeping the evidence costs at least, with the same client as the limit.

Each answer is hashed, compressed and committed by itself (synchronous=FULL) before it is read; when an account's last
answer is there, its rows are upserted with raw sqlite3 and committed. No retry, no gaps, no places, no validation.
Run as `python -m benchmarks.floor ADDRESS PLAN DATABASE`.
"""

import pickle
import sqlite3
import sys
import zlib
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path

from benchmarks.client import replay
from benchmarks.fastest import find_parser, run_loop
from benchmarks.reading import NOW_MS, Row, Step, read
from benchmarks.rows import MAKE_FLAT, UPSERT_FLAT

_MAKE_BODIES = "CREATE TABLE bodies (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, packed BLOB NOT NULL) STRICT"
_MAKE_EXCHANGES = """CREATE TABLE exchanges (id INTEGER PRIMARY KEY, account TEXT NOT NULL, request TEXT NOT NULL,
    status INTEGER NOT NULL, sent_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT"""


def run(address: str, steps: list[Step], database: str) -> None:
    """Replay the steps into a new database."""
    connection = sqlite3.connect(database, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", MAKE_FLAT, _MAKE_BODIES,
                      _MAKE_EXCHANGES):  # fmt: skip
        connection.execute(statement)
    parse = find_parser()
    left = Counter(step.account for step in steps)
    rows: dict[str, list[Row]] = defaultdict(list)

    def take(step: Step, body: bytes) -> None:
        _keep(connection, step, body)
        rows[step.account].extend((step.account, *row) for row in read(step.how, body, parse))
        left[step.account] -= 1
        if not left[step.account]:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(UPSERT_FLAT, rows.pop(step.account))
            connection.execute("COMMIT")

    run_loop(replay(address, steps, take))
    connection.close()


def _keep(connection: sqlite3.Connection, step: Step, body: bytes) -> None:
    digest = sha256(body).hexdigest()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)", (digest, len(body), zlib.compress(body, 6)))
    connection.execute(
        "INSERT INTO exchanges (account, request, status, sent_at, body) VALUES (?, ?, 200, ?, ?)",
        (step.account, step.raw.partition(b"\r\n")[0].decode(), NOW_MS, digest),
    )
    connection.execute("COMMIT")


if __name__ == "__main__":
    run(sys.argv[1], pickle.loads(Path(sys.argv[2]).read_bytes()), sys.argv[3])  # noqa: S301 - made by ourselves
