"""The parts that ask nothing: storing alone, the base of the whole country, and one office's report.

A base and an office are made once and kept, because that takes minutes; the other parts throw away what they made.
"""

import json
import sys
from pathlib import Path
from statistics import median

from benchmarks.collecting import Cell, summarize
from benchmarks.installations import Installations
from benchmarks.processes import run

FORMATS = ("docx", "pdf", "xlsx", "html")
FIVE_YEARS = 1826


def measure_storing(installations: Installations, rounds: int) -> Cell:
    """Measure storing alone, on the home that the last comparison collected. Rows a second against raw sqlite3."""
    taken = []
    for _ in range(rounds):
        folder = installations.folder / "storing"
        _empty(folder)
        taken.append(dict(run("storing", str(folder), environment=installations.environment("recorded", "")).told))
    cell: Cell = {"readings": taken[0]["readings"], "runs": rounds}
    for which in ("first", "again"):
        for place, kind in enumerate(("cpu", "wall")):
            raw, ours = ([one[f"{side} {which}"][place] for one in taken] for side in ("raw", "product"))
            cell[f"{which} {kind}"] = median(theirs / mine for theirs, mine in zip(raw, ours, strict=True))
    return cell


def measure_report(installations: Installations, days: int, rounds: int) -> Cell:
    """Measure the report of an office that collected for so many days: each format alone, then all four together."""
    name = f"office_{days}"
    cell: Cell = {"days": days, "fill": _make_once(installations, name, "office", str(days)), "formats": {}}
    for formats in (*FORMATS, ",".join(FORMATS)):
        say(f"  {formats}")
        costs = []
        for _ in range(rounds):
            installations.copy(name, "report")
            costs.append(run("reporting", formats, environment=installations.environment("report", "")))
        cell["formats"][formats] = summarize(costs)
    installations.drop("report")
    return cell


def measure_base(bases: Installations, size: str) -> Cell:
    """Measure what a full base costs. Raises RuntimeError where DuckDB comes to other figures."""
    name = f"base_{size}"
    measured: Cell = {"size": size, "fill": _make_once(bases, name, "national", "fill", size)}
    for part in ("account", "rollup"):
        say(f"  {part}")
        measured[part] = run("national", part, size, environment=bases.environment(name, "")).told
    say("  the roll-up in DuckDB")
    measured["duckdb"] = run("columns", size).told
    if any(measured["duckdb"][key] != measured["rollup"][key] for key in ("figures", "sum")):
        raise RuntimeError("DuckDB came to other figures")
    say("  one more night")
    bases.copy(name, "night")
    measured["night"] = run("national", "night", size, environment=bases.environment("night", "")).told
    bases.drop("night")
    return measured


def say(line: str) -> None:
    """Tell the person who waits what is being done."""
    sys.stderr.write(line + "\n")


def _make_once(installations: Installations, name: str, module: str, *arguments: str) -> Cell:
    """Make an installation unless it is there already, and return what making it came to."""
    told = installations.folder / f"{name}.json"
    if not installations.exists(name) or not told.exists():
        say(f"making {name} in {installations.folder}; it is kept for the next time")
        installations.make(name)
        made = run(module, *arguments, environment=installations.environment(name, "")).told
        told.write_text(json.dumps(made), "utf-8")
    return dict(json.loads(told.read_text("utf-8")))


def _empty(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
