"""What a full base costs: one account's report query, one more night, and the roll-up of the whole country.

Run as `python -m benchmarks.national PART SIZE` in the environment of an installation whose database is a base; PART
is `fill`, `account`, `rollup`, or `night` (which adds a night, so give it a copy).
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median

from benchmarks.base import DAY_MS, MEASURES, SIZES, TAKEN_AT, Size, fill, last_day
from benchmarks.connector import LEVELS
from benchmarks.opening import read_settings
from benchmarks.storing import measure
from collector.home import open_home
from collector.store.engine import Store
from collector.store.migrate import upgrade
from collector.store.readings import ReadingWriter
from collector.store.records import from_day_number, from_ms, to_ms
from collector.store.sums import Sums
from connectors.kit import Days, Moment, Place, Reading
from connectors.kit.metrics import NOW

SEMESTERS = (Days(date(2025, 7, 1), date(2025, 12, 31)), Days(date(2026, 1, 1), date(2026, 6, 30)))
"""The two semesters that a report compares."""

_ACCOUNTS_A_ROUND, _ROUNDS = 50, 5
_TRIES = 3


def end_of(day: date) -> int:
    """Return the last millisecond of a day in UTC, as the store counts."""
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)) - 1


@dataclass(frozen=True, slots=True)
class Report:
    """What a report asks of the store: levels at both ends of each semester, and sums of flows within."""

    sums: Sums

    def of(self, accounts: Sequence[int]) -> tuple[int, int]:
        """Ask it for some accounts. Returns how many figures there were and their sum."""
        levels = [(account - 1) * 10 + place for account in accounts for place in range(1, len(LEVELS) + 1)]
        flows = [(account - 1) * 10 + place for account in accounts for place in range(len(LEVELS) + 1, 11)]
        ends = [end_of(day) for span in SEMESTERS for day in (span.first - timedelta(days=1), span.last)]
        figures = [value for found in self.sums.find_levels(levels, *ends) for _, value in found.values()]
        figures += [one.total for found in self.sums.sum_days(flows, *SEMESTERS) for one in found.values()]
        return len(figures), sum(figures)


def ask_accounts(store: Store, size: Size) -> dict[str, object]:
    """Ask for one account at a time, another one each time. Milliseconds, median of the rounds."""
    report, rounds = Report(Sums(store)), []
    for number in range(_ROUNDS):
        asked = [1 + (number * 997 + count * 61) % size.accounts for count in range(_ACCOUNTS_A_ROUND)]
        spent = measure(partial(_ask_each, report, asked))
        rounds.append(spent.wall / _ACCOUNTS_A_ROUND * 1000)
    return {"ms": median(rounds)}


def _ask_each(report: Report, accounts: Sequence[int]) -> None:
    for account in accounts:
        report.of([account])


def roll_up(store: Store, size: Size) -> dict[str, object]:
    """Ask for all accounts at once. Seconds, median of the tries, and what identifies the answer."""
    report, everyone = Report(Sums(store)), range(1, size.accounts + 1)
    figures, total = report.of(everyone)
    return {"seconds": _median_seconds(lambda: report.of(everyone)), "figures": figures, "sum": total}


def add_night(store: Store, size: Size) -> dict[str, object]:
    """Store the day after the last one: all accounts in one transaction, and the same readings once more."""
    day = last_day(size) + 1
    at = day * DAY_MS + TAKEN_AT
    nights = {account: _night_of(account, day, at) for account in range(1, size.accounts + 1)}
    spent = measure(lambda: _write(store, nights, at))
    again = measure(lambda: _write(store, nights, at))
    following = {account: _night_of(account, day + 1, at + DAY_MS) for account in nights}
    apart = measure(lambda: _write_apart(store, following, at))
    return {"readings": size.accounts * len(MEASURES), "seconds": spent.wall, "again": again.wall, "apart": apart.wall}


def measure_size(store: Store) -> int:
    """Return the bytes that the database takes."""
    with store.read() as connection:
        if store.is_sqlite:
            pages, page = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("page_count", "page_size")
            )
            return int(pages or 0) * int(page or 0)
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar() or 0)


def make(store: Store, size: Size) -> dict[str, object]:
    """Make the base."""
    upgrade(store)
    empty = measure_size(store)
    spent = measure(lambda: fill(store, size))
    return {"readings": size.readings, "seconds": spent.wall, "bytes": measure_size(store) - empty}


def _night_of(account: int, day: int, at: int) -> list[Reading]:
    moment, whole_day = Moment(from_ms(at)), Days(from_day_number(day), from_day_number(day))
    return [
        Reading(one, 1000 + account % 97 + place, moment if one.span == NOW else whole_day,
                Place(20_000_000 + account, f"body:/data/{place}/value"))
        for place, one in enumerate(MEASURES)
    ]  # fmt: skip


def _write(store: Store, nights: dict[int, list[Reading]], at: int) -> None:
    with store.write() as connection:
        writer = ReadingWriter(connection, from_ms(at))
        for account, night in nights.items():
            writer.write_readings(account, night)


def _write_apart(store: Store, nights: dict[int, list[Reading]], at: int) -> None:
    for account, night in nights.items():
        _write(store, {account: night}, at)


def _median_seconds(work: Callable[[], object]) -> float:
    return median(measure(work).wall for _ in range(_TRIES))


def run(part: str, size: Size) -> dict[str, object]:
    """Do one part on this process's installation."""
    settings = read_settings()
    open_home(settings.home)
    store = Store(settings.database_url)
    parts: dict[str, Callable[[], dict[str, object]]] = {
        "fill": lambda: make(store, size),
        "account": lambda: ask_accounts(store, size),
        "rollup": lambda: roll_up(store, size),
        "night": lambda: add_night(store, size),
    }
    told = parts[part]()
    store.close()
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(sys.argv[1], SIZES[sys.argv[2]])))
