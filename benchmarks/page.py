"""docs/benchmarks.md, written from the figures of the last runs: every target beside what was reached."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

Figures = dict[str, Any]

ROOT = Path(__file__).parents[1]
_PAGE = ROOT / "docs" / "benchmarks.md"
_NONE = "not measured"
_SIDES = ("product", "limit", "floor")

_HEAD = """# What collecting costs

`make bench` measures it and writes this page; `make bench BASE=24m` also measures on a base of 24 million readings,
which takes minutes the first time. Only ratios inside one run mean anything: every compared side is a fresh process,
its CPU is the operating system's account of that process, start included, and where runs are short the median of
several is taken. All sides have to end with equal row counts and checksums, or there is no figure.

"""

_WORK = """
## The work

One `collect now` for the month so far, by the product's one path (`Collecting.run`), on SQLite with its real settings
(WAL, synchronous=FULL), over accounts that are bound already and of which nothing was collected before, so that every
reading is new. The platforms are a server of its own process on loopback that keeps its answers ready; no TLS, no
compression. Facebook and YouTube provide the volume, because the other platforms are asked one or two small questions:
of 20 accounts 9 are Facebook Pages (5 requests, 361 readings), 7 YouTube channels with the owner's sign-in (7 requests
with the sign-in, 383 readings), and one each is Instagram, X, TikTok and a website. Sign-ins count as requests.

Two things are replaced for the benchmark: the polite pace that connectors declare (five requests a second and the
like), and the first day of a first snapshot, which is the first of this month instead of the previous semester's.

- **limit**: the same requests, byte for byte as the product made them, by a hand-written asyncio client with 50
  connections; answers parsed by hand, the same rows upserted in one transaction. No retry, no check, no evidence.
- **floor**: the same client; each answer hashed, compressed and committed by itself before it is read
  (synchronous=FULL), an account's rows upserted and committed when its last answer is there.
- **with 80 ms**: every answer comes 80 ms later. The product holds 8 connections to each platform, 48 to all six; the
  least possible time by arithmetic is requests × 80 ms ÷ 48. Only the *even* mix, in which every platform is asked
  equally often, can come near to it; in the usual mix the busiest platform's 8 connections are the bound.
- **a usual night**: the third run in a row, a day later each; recent days are read again, posts and levels are new.
- **storing**: `Ledger.finish_snapshot` against raw sqlite3 that upserts the very same rows into the same tables, both
  with one transaction an account and synchronous=FULL; then everything once more, when nothing may change.
- **base**: 3,312 accounts × 10 series × 730 days, made in key order. The account's query and the roll-up ask for
  levels at both ends of two semesters and for the sums of five flows within (`store.sums`); DuckDB answers the same
  question on the same rows.
"""

_PEERS = """
## The others, as published with the targets

Not run here: figures of the study that the targets were set from, on a like machine. CPU as a multiple of the limit of
the same block of runs, 0 ms; peak memory at 1,000 accounts.

| | 200 accounts | 1,000 accounts | peak MiB |
| --- | --: | --: | --: |
| limit | 1 | 1 | 40 |
| a plain script (requests, sqlite3) | 5.6 | 8.2 to 9.1 | 32 |
| Singer tap and target, SQLite | 52 | 43 | 55 |
| Airbyte CDK, to a file, storing nothing | 26 | 40 | 96 |
| dlt to SQLite | 34 to 49 | 61 | 155 |
| PyAirbyte to DuckDB | 114 | not run | 358 at 200 |

With 80 ms, 1,000 accounts, against requests × latency ÷ 50: limit 1.16; sequential ones (plain, Singer) over 400 s and
left out. Storing 24 million rows: 19.2 bytes a row (clustered SQLite), 83.8 (PostgreSQL), 6.4 (DuckDB). Account query
0.27 ms by key seeks, 2.4 to 5.5 ms in DuckDB. Roll-up 1.1 to 1.3 s by seeks, 0.4 s from monthly sums, 0.5 s in DuckDB.
One more night 1.4 s (SQLite), 1.2 s (PostgreSQL).
"""

_REPEAT = """
## Doing it again

```
make bench                      # about ten minutes
make bench BASE=24m             # and the full base, kept in the system's temporary folder
python -m benchmarks --accounts 200 --latency 0 --rounds 5
python -m benchmarks --skip collect,storing --base 24m
python -m benchmarks --database postgresql://… --base 24m      # printed only
```

A machine that does other work besides spoils absolute times by half and more, ratios by about a fifth: repeat a row
that looks odd before believing it. The figures behind this page are in `benchmarks/figures.json`.
"""


def write_page(figures: Figures) -> str:
    """Write the page and return it."""
    text = compose(figures)
    _PAGE.write_text(text, "utf-8")
    return text


def compose(figures: Figures) -> str:
    """Return the page that figures come to."""
    parts = [
        _HEAD,
        *_machine(figures.get("machine", {})),
        *_targets(figures),
        _WORK,
        *_details(figures),
        _PEERS,
        _REPEAT,
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
    large, small = _cell(cells, "usual", 0, -1), _cell(cells, "usual", 0, 0)
    late, even = _cell(cells, "usual", None, -1), _cell(cells, "even", None, -1)
    base, storing = _full_base(figures), figures.get("storing", {})
    count = large.get("accounts", 1000)
    yield _row(
        f"collect and store {count} accounts, CPU against the limit",
        _times(large.get("cpu against limit")),
        "≤ 5 ×",
        "3.5 ×",
    )
    yield _row("the same against the fair floor", _times(large.get("cpu against floor")), "≤ 3 ×", "2 ×")
    yield _row("the same at 80 ms, against requests × latency ÷ 48: usual mix", _late(late), "≤ 1.6 ×", "1.25 ×")
    yield _row("… even mix, all connections busy", _late(even), "≤ 1.6 ×", "1.25 ×")
    yield _row(f"peak memory at {count} accounts", _unit(_peak(large), "MiB"), "≤ 120 MiB", "80 MiB")
    yield _row("growth of the peak from the smaller number", _growth(small, large), "≤ 15 MiB", "")
    yield _row("CPU growth for 5 × the accounts", _times(_cpu_growth(small, large)), "≤ 5.5 ×", "5.0 ×")
    yield _row(
        "storing rows against raw sqlite3, rows a second (CPU)", _times(storing.get("first cpu")), "≥ 0.5 ×", "0.7 ×"
    )
    yield _row(
        "one national night (33,120 readings) into 24 million",
        _unit(base.get("night", {}).get("seconds"), "s"),
        "≤ 3 s",
        "1.5 s",
    )
    yield _row("bytes a reading, sums included, answers apart", _bytes_of(base), "≤ 30", "23")
    yield _row(
        "account's report query over 24 million", _unit(base.get("account", {}).get("ms"), "ms"), "≤ 1 ms", "0.3 ms"
    )
    yield _row("national roll-up against DuckDB with 2 threads", _times(_roll_up(base)), "≤ 2.5 ×", "1 ×")
    yield _row("whole semester report of one office, four formats", _NONE, "≤ 5 s, ≤ 300 MiB", "2 s")


def _details(figures: Figures) -> Iterator[str]:
    yield "\n## In detail\n\n| mix | accounts | latency | side | CPU s | wall s | peak MiB | CPU ms a request |\n"
    yield "| --- | --: | --: | --- | --: | --: | --: | --: |\n"
    for cell in figures.get("cells", []):
        for side, cost in sorted(cell["sides"].items(), key=lambda one: _SIDES.index(one[0])):
            each = cost["cpu"] / cell["requests"] * 1000
            yield (
                f"| {cell['mix']} | {cell['accounts']} | {cell['latency']} ms | {side} | {cost['cpu']:.1f} | "
                f"{cost['wall']:.1f} | {cost['peak']:.0f} | {each:.2f} |\n"
            )
    for cell in figures.get("cells", []):
        yield _sentence(cell)
    for number, night in figures.get("nights", {}).items():
        each = night["cpu"] / night["requests"] * 1000
        yield (
            f"\nA usual night of {number} accounts: {night['requests']} requests, {night['readings']} new readings, "
            f"{night['cpu']:.1f} s CPU ({each:.2f} ms a request), {night['peak']:.0f} MiB.\n"
        )
    yield from _store_details(figures.get("storing", {}), _full_base(figures))


def _sentence(cell: Figures) -> str:
    if "least seconds" in cell:
        own = cell["sides"]["product"]["wall"] / cell["least seconds by platform"]
        return (
            f"\n{cell['accounts']} accounts, {cell['mix']} mix, {cell['latency']} ms: {cell['requests']} requests. "
            f"The least by arithmetic is {cell['least seconds']:.1f} s with 48 questions in flight, and "
            f"{cell['least seconds by platform']:.1f} s with the busiest platform's 8; the product took {own:.2f} × "
            "the latter.\n"
        )
    text = (
        f"\n{cell['accounts']} accounts, {cell['mix']} mix: {cell['requests']} requests, {cell['readings']} readings "
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


def _row(what: str, ours: str, target: str, reach: str) -> str:
    return f"| {what} | {ours} | {target} | {reach} |\n"


def _cell(cells: list[Figures], mix: str, latency: int | None, place: int) -> Figures:
    """Return the first or last cell of a mix: of that latency, or (None) of any but nought."""
    found = [
        cell
        for cell in cells
        if cell["mix"] == mix and (cell["latency"] > 0 if latency is None else cell["latency"] == latency)
    ]
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
    return float(grown ** (1.609 / _log(large["accounts"] / small["accounts"])))


def _log(ratio: float) -> float:
    from math import log

    return log(ratio)


def _bytes_of(base: Figures) -> str:
    return f"{base['fill']['bytes'] / base['fill']['readings']:.1f}" if base else _NONE


def _roll_up(base: Figures) -> float | None:
    return float(base["rollup"]["seconds"] / base["duckdb"]["seconds"]) if base else None
