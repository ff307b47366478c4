"""The same roll-up in DuckDB with two threads, on the same rows: what a store made for such questions takes.

DuckDB makes the rows itself, by the base's own formulas: its reader of SQLite files would have to be fetched at run
time. Run as `python -m benchmarks.columns SIZE`; needs the extra `bench`.
"""

import json
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

from benchmarks.base import AT, FIRST_DAY, MEASURES, SIZES, VALUE, Size
from benchmarks.national import SEMESTERS, end_of
from benchmarks.storing import measure
from collector.store.records import to_day_number

_TRIES = 3


def make(size: Size) -> Any:  # noqa: ANN401 - DuckDB is only there with the extra
    """Return a connection to the rows."""
    connection = import_module("duckdb").connect()
    connection.execute("SET threads = 2")
    first, most = to_day_number(FIRST_DAY), size.accounts * len(MEASURES)
    connection.execute(
        f"CREATE TABLE readings AS SELECT s.id AS series_id, {AT} AS moment, {VALUE} AS value "  # noqa: S608 - our own
        f"FROM (SELECT range AS id FROM range(1, {most + 1})) s "
        f"CROSS JOIN (SELECT range AS n, {first} + range AS day FROM range({size.days})) d ORDER BY 1, 2"
    )
    return connection


def question() -> str:
    """Return the roll-up: levels at both ends of each semester, and sums of flows within."""
    columns = []
    for span in SEMESTERS:
        columns += [
            f"arg_max(value, moment) FILTER (WHERE is_level AND moment <= {end_of(day)})"
            for day in (span.first - timedelta(days=1), span.last)
        ]
        first, last = to_day_number(span.first), to_day_number(span.last)
        columns.append(f"sum(value) FILTER (WHERE NOT is_level AND moment BETWEEN {first} AND {last})")
    rows = "SELECT *, (series_id - 1) % 10 < 5 AS is_level FROM readings"
    return f"SELECT series_id, {', '.join(columns)} FROM ({rows}) GROUP BY series_id"  # noqa: S608 - our own


def run(size: Size) -> dict[str, object]:
    """Ask as often as the product is asked. Seconds, the median, and what identifies the answer."""
    connection = make(size)
    asked = question()
    answers = connection.execute(asked).fetchall()
    figures = [figure for row in answers for figure in row[1:] if figure is not None]
    tries = sorted(measure(lambda: connection.execute(asked).fetchall()).wall for _ in range(_TRIES))
    return {"seconds": tries[_TRIES // 2], "figures": len(figures), "sum": int(sum(figures))}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(SIZES[sys.argv[1]])))
