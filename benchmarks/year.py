"""How much room a year of one office takes: six accounts, collected every night from the stand-in platforms.

Run as `python -m benchmarks.year [--nights N] [--whole]` (a year takes ten to twenty minutes). `--whole` keeps whole
answers where the platforms' terms do not, to show what that makes. The figures are in docs/retention.md.
"""

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from collector.clock import SetClock
from collector.collect.retention import Due, Retention
from collector.collect.run import Selection
from collector.demo.seed import make_home, write_settings
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.wiring import Application

START = datetime(2026, 1, 1, 19, 30, tzinfo=UTC)


class Keeping(Retention):
    """Lets go of nothing."""

    def list_due(self, most: int | None = None) -> Iterator[Due]:
        """Yield nothing."""
        return iter(())


def live(home: Path, nights: int, *, whole: bool) -> None:
    """Collect every night."""
    clock = SetClock(START)
    with StandIn(World(clock.now)) as standin, Application.open(write_settings(home, standin), clock=clock) as office:
        office.accounts.ensure_office("kpu-contoh", "KPU Kota Contoh", seat="Contoh", zone="Asia/Jakarta")
        collecting = office.collecting
        if whole:
            kept = collecting.retention
            collecting = replace(collecting, retention=Keeping(kept.clock, kept.queries, kept.bodies))
        for night in range(nights):
            clock.move_to(START + timedelta(days=night))
            collecting.run("year", Selection())


def measure(path: Path) -> Iterator[tuple[str, int, int]]:
    """Yield each table with its rows and its bytes, indexes included, the largest first; then the whole file."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
        found = database.execute(
            "SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master m ON m.name = d.name "
            "GROUP BY m.tbl_name ORDER BY 2 DESC"
        ).fetchall()
        for table, size in found:
            yield table, database.execute(f"SELECT count(*) FROM {table}").fetchone()[0], size  # noqa: S608 - its own
    yield "=", 0, path.stat().st_size


def main() -> None:
    """Live through the nights and print what they take."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--nights", type=int, default=365)
    asked.add_argument("--whole", action="store_true")
    given = asked.parse_args()
    with TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home")
        live(home, given.nights, whole=given.whole)
        for table, rows, size in measure(home / "collector.db"):
            sys.stdout.write(f"{table:16}{rows:>10}{size / 1_000_000:>10.2f} MB\n")


if __name__ == "__main__":
    main()
