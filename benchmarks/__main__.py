"""`python -m benchmarks`: run the cells, print what they came to, and write the page.

    python -m benchmarks                       200 and 1,000 accounts, without latency and with 80 ms; storing
    python -m benchmarks --base 24m            the full base besides (minutes; it is made once and kept)
    python -m benchmarks --skip collect,storing --base 24m
    python -m benchmarks --database URL        the same on PostgreSQL; only printed, the page is SQLite's

This process does nothing itself, so that no side is charged for it.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.collecting import Cell, Comparison, measure_storing
from benchmarks.installations import Installations
from benchmarks.machine import describe_machine
from benchmarks.page import ROOT, write_page
from benchmarks.population import EVEN, USUAL, Mix
from benchmarks.processes import run, serve

_FIGURES = ROOT / "benchmarks" / "figures.json"
_BASES = Path(tempfile.gettempdir()) / "collector-benchmarks"


def main() -> None:
    """Run what is asked for."""
    wanted = _read_arguments()
    skipped = wanted.skip.split(",")
    figures: Cell = {} if wanted.database else json.loads(_FIGURES.read_text("utf-8") if _FIGURES.exists() else "{}")
    with tempfile.TemporaryDirectory() as folder:
        installations = Installations(Path(folder), wanted.database)
        accounts = [int(number) for number in wanted.accounts.split(",")]
        if "collect" not in skipped:
            latencies = [int(number) for number in wanted.latency.split(",")]
            figures.update(_collect(installations, accounts, latencies, wanted.rounds))
        if "storing" not in skipped and not wanted.database:
            figures["storing"] = _store(installations, min(accounts), wanted.rounds)
    if wanted.base:
        figures["base"] = _measure_base(wanted.base, wanted.database)
    figures["machine"] = describe_machine()
    if wanted.database:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    else:
        _FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
        sys.stdout.write(write_page(figures))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What collecting costs.")
    parser.add_argument("--accounts", default="200,1000", help="numbers of accounts, smallest first")
    parser.add_argument("--latency", default="0,80", help="milliseconds by which the platforms answer late")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side without latency; the median counts")
    parser.add_argument("--base", default="", help="24m: also measure on a base of 24 million readings")
    parser.add_argument("--skip", default="", help="parts to leave out: collect, storing")
    parser.add_argument(
        "--database", default="", help="a PostgreSQL server's address; databases bench_… are made there"
    )
    return parser.parse_args()


def _collect(installations: Installations, accounts: list[int], latencies: list[int], rounds: int) -> Cell:
    cells: list[Cell] = []
    nights: dict[str, Any] = {}
    for mix, numbers in ((USUAL, accounts), (EVEN, accounts[-1:])):
        for number in numbers:
            with serve() as server:
                comparison = Comparison(server, installations, mix, number)
                _say(f"{number} accounts, {mix.name}: making them and recording what is asked")
                comparison.prepare()
                cells += _cells_of(comparison, mix, latencies, rounds)
                if mix is USUAL:
                    nights[str(number)] = comparison.usual_night()
    return {"cells": cells, "nights": nights}


def _cells_of(comparison: Comparison, mix: Mix, latencies: list[int], rounds: int) -> list[Cell]:
    cells = []
    for latency in latencies:
        if latency:
            _say(f"  {latency} ms")
            cells.append(comparison.delayed(latency))
        elif mix is USUAL:  # the even mix is there for the connections, which nothing waits for without latency
            _say("  0 ms")
            cells.append(comparison.at_once(rounds))
    return cells


def _store(installations: Installations, accounts: int, rounds: int) -> Cell:
    _say(f"storing what {accounts} accounts come to")
    with serve() as server:
        Comparison(server, installations, USUAL, accounts).prepare()
    return measure_storing(installations, rounds)


def _measure_base(size: str, server: str) -> Cell:
    bases = Installations(_BASES / ("postgresql" if server else "sqlite"), server)
    bases.folder.mkdir(parents=True, exist_ok=True)
    name = f"base_{size}"
    told = bases.folder / f"{name}.json"
    if not bases.exists(name) or not told.exists():
        _say(f"making the base of {size} in {bases.folder}; it is kept for the next time")
        bases.make(name)
        told.write_text(
            json.dumps(run("national", "fill", size, environment=bases.environment(name, "")).told), "utf-8"
        )
    measured: Cell = {"size": size, "fill": json.loads(told.read_text("utf-8"))}
    for part in ("account", "rollup"):
        _say(f"  {part}")
        measured[part] = run("national", part, size, environment=bases.environment(name, "")).told
    _say("  the roll-up in DuckDB")
    measured["duckdb"] = run("columns", size).told
    if {measured["duckdb"][key] for key in ("figures", "sum")} != {
        measured["rollup"][key] for key in ("figures", "sum")
    }:
        raise RuntimeError("DuckDB came to other figures")
    _say("  one more night")
    bases.copy(name, "night")
    measured["night"] = run("national", "night", size, environment=bases.environment("night", "")).told
    bases.drop("night")
    return measured


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
