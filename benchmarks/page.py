"""docs/benchmarks.md, written from the figures of the last runs: every target beside what was reached."""

from collections.abc import Iterator
from math import log
from pathlib import Path
from typing import Any

from benchmarks import texts
from benchmarks.parts import FIVE_YEARS, FORMATS

Figures = dict[str, Any]

ROOT = Path(__file__).parents[1]
_PAGE = ROOT / "docs" / "benchmarks.md"
_NONE = "not measured"
_SIDES = ("product", "limit", "floor")


def write_page(figures: Figures) -> str:
    """Write the page and return it."""
    text = compose(figures)
    _PAGE.write_text(text, "utf-8")
    return text


def compose(figures: Figures) -> str:
    """Return the page that figures come to."""
    parts = [
        texts.HEAD,
        *_machine(figures.get("machine", {})),
        *_targets(figures),
        texts.WORK,
        *_details(figures),
        texts.PEERS,
        texts.REPEAT,
    ]
    return "".join(parts)


def _machine(machine: Figures) -> Iterator[str]:
    if machine:
        versions = ", ".join(
            f"{name} {version}" for name, version in machine.items() if name not in ("processors", "system")
        )
        yield f"Last taken on {machine['processors']} processors, {machine['system']}: {versions}.\n\n"


def _targets(figures: Figures) -> Iterator[str]:
    yield "## Targets\n\n| what | ours | target | reach |\n| --- | --: | --: | --: |\n"
    cells = figures.get("cells", [])
    large, small, late = _cell(cells, 0, -1), _cell(cells, 0, 0), _cell(cells, None, -1)
    base, storing, report = _full_base(figures), figures.get("storing", {}), _whole_report(figures)
    count = large.get("accounts", 1000)
    rows = (
        (f"collect and store {count} accounts, CPU against the limit", _times(large.get("cpu against limit")), "≤ 5 ×",
         "3.5 ×"),
        ("the same against the fair floor", _times(large.get("cpu against floor")), "≤ 3 ×", "2 ×"),
        ("the same at 80 ms, against requests × latency ÷ 48", _late(late), "≤ 1.6 ×", "1.25 ×"),
        (f"peak memory at {count} accounts", _unit(_peak(large), "MiB"), "≤ 120 MiB", "80 MiB"),
        ("growth of the peak from the smaller number", _growth(small, large), "≤ 15 MiB", ""),
        ("CPU growth for 5 × the accounts", _times(_cpu_growth(small, large)), "≤ 5.5 ×", "5.0 ×"),
        ("storing rows against raw sqlite3, rows a second (CPU)", _times(storing.get("first cpu")), "≥ 0.5 ×",
         "0.7 ×"),
        ("one national night (33,120 readings) into 24 million", _unit(base.get("night", {}).get("seconds"), "s"),
         "≤ 3 s", "1.5 s"),
        ("bytes a reading, sums included, answers apart", _bytes_of(base), "≤ 30", "23"),
        ("account's report query over 24 million", _unit(base.get("account", {}).get("ms"), "ms"), "≤ 1 ms", "0.3 ms"),
        ("national roll-up against DuckDB with 2 threads", _times(_roll_up(base)), "≤ 2.5 ×", "1 ×"),
        ("whole semester report of one office, four formats: time", _unit(report.get("wall"), "s"), "≤ 5 s", "2 s"),
        ("… peak memory", _unit(report.get("peak"), "MiB"), "≤ 300 MiB", ""),
    )  # fmt: skip
    yield from (f"| {what} | {ours} | {target} | {reach} |\n" for what, ours, target, reach in rows)


def _details(figures: Figures) -> Iterator[str]:
    yield "\n## In detail\n\n| accounts | latency | side | CPU s | wall s | peak MiB | CPU ms a request |\n"
    yield "| --: | --: | --- | --: | --: | --: | --: |\n"
    for cell in figures.get("cells", []):
        for side, cost in sorted(cell["sides"].items(), key=lambda one: _SIDES.index(one[0])):
            each = cost["cpu"] / cell["requests"] * 1000
            yield (
                f"| {cell['accounts']} | {cell['latency']} ms | {side} | {cost['cpu']:.1f} | {cost['wall']:.1f} | "
                f"{cost['peak']:.0f} | {each:.2f} |\n"
            )
    for cell in figures.get("cells", []):
        yield _sentence(cell)
    for number, night in figures.get("nights", {}).items():
        each = night["cpu"] / night["accounts"] * 1000
        yield (
            f"\nA usual night of {number} accounts: {night['readings']} new readings, {night['cpu']:.1f} s CPU "
            f"({each:.1f} ms an account), {night['peak']:.0f} MiB.\n"
        )
    yield from _report_details(figures.get("report", {}))
    yield from _store_details(figures.get("storing", {}), _full_base(figures))


def _report_details(report: Figures) -> Iterator[str]:
    if not report:
        return
    fill = report["fill"]
    yield (
        f"\nThe report of an office with {fill['accounts']} accounts, {report['days']} days and {fill['readings']} "
        "readings:\n\n| formats | wall s | CPU s | peak MiB | KiB |\n| --- | --: | --: | --: | --: |\n"
    )
    for formats, cost in report["formats"].items():
        size = sum(cost["bytes"].values()) / 1024
        yield (
            f"| {formats.replace(',', ', ')} | {cost['wall']:.1f} | {cost['cpu']:.1f} | {cost['peak']:.0f} | "
            f"{size:.0f} |\n"
        )


def _sentence(cell: Figures) -> str:
    if "least seconds" in cell:
        return (
            f"\n{cell['accounts']} accounts, {cell['latency']} ms: {cell['requests']} requests. The least by "
            f"arithmetic is {cell['least seconds']:.1f} s with 48 questions in flight.\n"
        )
    text = (
        f"\n{cell['accounts']} accounts: {cell['requests']} requests, {cell['readings']} readings "
        f"({cell['requests'] / cell['accounts']:.1f} and {cell['readings'] / cell['accounts']:.0f} an account)."
    )
    sizes = cell.get("bytes") or {}
    if sizes:
        each = sum(size for name, size in sizes.items() if name != "count") / sizes["count"]
        text += (
            f" After this one run a reading takes {each:.0f} bytes: most series are of posts and have one reading "
            "yet, so that the series weigh more than the readings."
        )
    return f"{text}\n"


def _store_details(storing: Figures, base: Figures) -> Iterator[str]:
    if storing:
        yield (
            f"\nStoring {storing['readings']} readings, rows a second against raw sqlite3: "
            f"{storing['first cpu']:.2f} × by CPU and {storing['first wall']:.2f} × by the clock; everything once more "
            f"{storing['again cpu']:.2f} × and {storing['again wall']:.2f} ×.\n"
        )
    if base:
        night = base["night"]
        yield (
            f"\nThe base of {base['fill']['readings']} readings was made in {base['fill']['seconds']:.0f} s and takes "
            f"{base['fill']['bytes'] / 2**20:.0f} MiB. One more night: {night['seconds']:.1f} s in one transaction, "
            f"{night['again']:.1f} s for the same readings again, {night['apart']:.1f} s with one transaction for each "
            f"of the accounts. Roll-up: {base['rollup']['seconds']:.2f} s, DuckDB {base['duckdb']['seconds']:.2f} s, "
            f"{base['rollup']['figures']} figures, equal sums.\n"
        )


def _full_base(figures: Figures) -> Figures:
    """Return what was measured on the full base; a small one is only for trying things out."""
    base: Figures = figures.get("base", {})
    return base if base.get("size") == "24m" else {}


def _whole_report(figures: Figures) -> Figures:
    """Return what all four formats together took of five years; a shorter past is only for trying things out."""
    report: Figures = figures.get("report", {})
    whole: Figures = report["formats"][",".join(FORMATS)] if report.get("days") == FIVE_YEARS else {}
    return whole


def _cell(cells: list[Figures], latency: int | None, place: int) -> Figures:
    """Return the first or last cell of that latency, or (None) of any but nought."""
    found = [cell for cell in cells if (cell["latency"] > 0 if latency is None else cell["latency"] == latency)]
    return found[place] if found else {}


def _times(ratio: float | None) -> str:
    return f"{ratio:.2g} ×" if ratio is not None else _NONE


def _unit(value: float | None, unit: str) -> str:
    return f"{value:.3g} {unit}" if value is not None else _NONE


def _late(cell: Figures) -> str:
    return _times(cell["sides"]["product"]["wall"] / cell["least seconds"]) if cell else _NONE


def _peak(cell: Figures) -> float | None:
    return float(cell["sides"]["product"]["peak"]) if cell else None


def _growth(small: Figures, large: Figures) -> str:
    before, after = _peak(small), _peak(large)
    return f"{after - before:.0f} MiB" if before is not None and after is not None and small is not large else _NONE


def _cpu_growth(small: Figures, large: Figures) -> float | None:
    """Return the growth for five times the accounts, also where the numbers are others."""
    if not small or small is large:
        return None
    grown = large["sides"]["product"]["cpu"] / small["sides"]["product"]["cpu"]
    return float(grown ** (log(5) / log(large["accounts"] / small["accounts"])))


def _bytes_of(base: Figures) -> str:
    return f"{base['fill']['bytes'] / base['fill']['readings']:.1f}" if base else _NONE


def _roll_up(base: Figures) -> float | None:
    return float(base["rollup"]["seconds"] / base["duckdb"]["seconds"]) if base else None
