"""`python -m benchmarks`: run the cells, print what they came to, and write the page.

    python -m benchmarks                       200 and 1,000 accounts, without latency and with 80 ms; storing; report
    python -m benchmarks --base 24m            the full base besides (minutes; it is made once and kept)
    python -m benchmarks --skip collect,storing,report --base 24m
    python -m benchmarks --database URL        the same on PostgreSQL, without storing and report; only printed

This process does nothing itself, so that no side is charged for it.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.collecting import Cell, Comparison
from benchmarks.installations import Installations
from benchmarks.machine import describe_machine
from benchmarks.page import ROOT, write_page
from benchmarks.parts import FIVE_YEARS, measure_base, measure_report, measure_storing, say
from benchmarks.processes import serve

_FIGURES = ROOT / "benchmarks" / "figures.json"
_KEPT = Path(tempfile.gettempdir()) / "collector-benchmarks"


def main() -> None:
    """Run what is asked for."""
    wanted = _read_arguments()
    skipped = wanted.skip.split(",")
    figures: Cell = {} if wanted.database else json.loads(_FIGURES.read_text("utf-8") if _FIGURES.exists() else "{}")
    kept = Installations(_KEPT / ("postgresql" if wanted.database else "sqlite"), wanted.database)
    kept.folder.mkdir(parents=True, exist_ok=True)
    accounts = [int(number) for number in wanted.accounts.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        installations = Installations(Path(folder), wanted.database)
        if "collect" not in skipped:
            latencies = [int(number) for number in wanted.latency.split(",")]
            figures.update(_collect(installations, accounts, latencies, wanted.rounds))
        if "storing" not in skipped and not wanted.database:
            figures["storing"] = _store(installations, min(accounts), wanted.rounds)
    if "report" not in skipped and not wanted.database:
        say("the report of an office")
        figures["report"] = measure_report(kept, FIVE_YEARS, wanted.rounds)
    if wanted.base:
        say(f"the base of {wanted.base}")
        figures["base"] = measure_base(kept, wanted.base)
    figures["machine"] = describe_machine()
    if wanted.database:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    else:
        _FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
        sys.stdout.write(write_page(json.loads(_FIGURES.read_text("utf-8"))))  # as kept, so that it can be made again


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What collecting costs.")
    parser.add_argument("--accounts", default="200,1000", help="numbers of accounts, smallest first")
    parser.add_argument("--latency", default="0,80", help="milliseconds by which the platforms answer late")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side without latency; the median counts")
    parser.add_argument("--base", default="", help="24m: also measure on a base of 24 million readings")
    parser.add_argument("--skip", default="", help="parts to leave out: collect, storing, report")
    parser.add_argument(
        "--database", default="", help="a PostgreSQL server's address; databases bench_… are made there"
    )
    return parser.parse_args()


def _collect(installations: Installations, accounts: list[int], latencies: list[int], rounds: int) -> Cell:
    cells: list[Cell] = []
    nights: dict[str, Any] = {}
    for number in accounts:
        with serve() as server:
            comparison = Comparison(server, installations, number)
            say(f"{number} accounts: making them and recording what is asked")
            comparison.prepare()
            for latency in latencies:
                say(f"  {latency} ms")
                cells.append(comparison.delayed(latency) if latency else comparison.at_once(rounds))
            nights[str(number)] = comparison.usual_night()
    return {"cells": cells, "nights": nights}


def _store(installations: Installations, accounts: int, rounds: int) -> Cell:
    say(f"storing what {accounts} accounts come to")
    with serve() as server:
        Comparison(server, installations, accounts).prepare()
    return measure_storing(installations, rounds)


if __name__ == "__main__":
    main()
