"""A full base: every account of the country, ten series each, two years of days, made once.

The rows go straight into the tables in the order of their keys, by statements that both databases understand: what is
measured on the base is not how it came to be. Values are made from the series and the day by the same whole numbers
everywhere, so that another program can be given the same rows. There are no answers behind them: readings name
exchanges of a likely size that are not there.
"""
# ruff: noqa: S608 - every statement is made here, of names and numbers alone

from dataclasses import dataclass
from datetime import date

from benchmarks.connector import FLOWS, LEVELS
from benchmarks.population import NOW
from collector.store.engine import Store
from collector.store.records import to_day_number, to_ms
from collector.store.sums import month_ends, month_of
from connectors.kit import metrics

FIRST_DAY = date(2024, 11, 18)
DAY_MS = 86_400_000
TAKEN_AT = 70_200_000  # milliseconds of the UTC day: half past two in the night of Western Indonesia
OFFICES_SHARE = 6  # accounts of an office

MEASURES = (*LEVELS, *FLOWS)
"""Five levels taken each night, then five flows of each day: the ten series of every account."""

VALUE = """CASE WHEN (s.id - 1) % 10 < 5 THEN 900 + s.id % 500 + d.n + (s.id * 7919 + d.n * 104729) % 13
    ELSE (s.id * 31 + d.n * d.n * 17 + d.n * 13) % 97 END"""
"""The value of series `s` on the day `d`, of which `n` is the count since the first: SQL that every database reads."""
AT = f"CASE WHEN (s.id - 1) % 10 < 5 THEN d.day * {DAY_MS} + {TAKEN_AT} ELSE d.day END"

_CHUNK = 50  # accounts in one statement: in key order, with little to sort


@dataclass(frozen=True, slots=True)
class Size:
    """How large a base is. Every account has ten series."""

    name: str
    accounts: int
    days: int

    @property
    def readings(self) -> int:
        """The number of readings."""
        return self.accounts * len(MEASURES) * self.days


FULL = Size("24m", 3312, 730)
SMALL = Size("tiny", 12, 400)
SIZES = {size.name: size for size in (FULL, SMALL)}
"""By the word on the command line. The small one is for trying things out."""


def fill(store: Store, size: Size) -> None:
    """Fill an empty, migrated database."""
    with store.write() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE bench_days (n BIGINT PRIMARY KEY, day BIGINT NOT NULL)")
        first = to_day_number(FIRST_DAY)
        for number in range(size.days):
            connection.exec_driver_sql(f"INSERT INTO bench_days VALUES ({number}, {first + number})")
        for statement in (*_accounts(size), *_rows(size)):
            # psycopg takes a single percent sign for the beginning of a value's place
            connection.exec_driver_sql(statement if store.is_sqlite else statement.replace("%", "%%"))
        connection.exec_driver_sql("DROP TABLE bench_days")
    with store.write() as connection:
        connection.exec_driver_sql("ANALYZE")


def last_day(size: Size) -> int:
    """Return the number of the base's last day."""
    return to_day_number(FIRST_DAY) + size.days - 1


def _accounts(size: Size) -> list[str]:
    """Make the offices, the accounts and their series, numbered from 1 in order."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
    at, offices = to_ms(NOW), -(-size.accounts // OFFICES_SHARE)
    series = " UNION ALL ".join(
        f"SELECT {place} AS k, '{measure.key}' AS measure, '{measure.kind}' AS kind, "
        f"'{'instant' if measure.span == metrics.NOW else 'day'}' AS precision"
        for place, measure in enumerate(MEASURES)
    )
    return [
        f"INSERT INTO offices (id, slug, name, seat, zone, created_at) {numbers.format(offices)}"
        f"SELECT i, 'kantor-' || i, 'Kantor ' || i, '', 'Asia/Jakarta', {at} FROM n ORDER BY i",
        "INSERT INTO accounts (id, office_id, platform, external_id, handle, name, link, state, state_code, "
        f"state_since, created_at) {numbers.format(size.accounts)}"
        f"SELECT i, (i - 1) / {OFFICES_SHARE} + 1, 'bench1', '7110' || i, 'kpu_' || i, '', '', 'active', '', {at}, "
        f"{at} FROM n ORDER BY i",
        "INSERT INTO series (id, account_id, measure, definition, about, origin, precision, kind, decimals) "
        "SELECT (a.id - 1) * 10 + m.k + 1, a.id, m.measure, 1, '', 'api', m.precision, m.kind, 0 "
        f"FROM accounts a CROSS JOIN ({series}) m ORDER BY 1",
        "INSERT INTO places (id, pointer) SELECT k + 1, 'body:/data/' || k || '/value' FROM "
        f"({series}) m ORDER BY 1",
    ]  # fmt: skip


def _rows(size: Size) -> list[str]:
    """Make the readings, chunk by chunk in key order, and the monthly sums of the flows from them."""
    first, last = to_day_number(FIRST_DAY), last_day(size)
    statements = [
        "INSERT INTO readings (series_id, at, value, upto, exchange_id, place_id) "
        f"SELECT s.id, {AT}, {VALUE}, NULL, (d.n * {size.accounts} + s.account_id) * 5, (s.id - 1) % 10 + 1 "
        f"FROM series s CROSS JOIN bench_days d WHERE s.id > {start * 10} AND s.id <= {(start + _CHUNK) * 10} "
        "ORDER BY s.id, d.n"
        for start in range(0, size.accounts, _CHUNK)
    ]
    months = " UNION ALL ".join(
        f"SELECT {month} AS month, {month_ends(month)[0]} AS first, {month_ends(month)[1]} AS last"
        for month in range(month_of(first), month_of(last) + 1)
    )
    statements.append(
        "INSERT INTO monthly_sums (series_id, month, days, total) "
        "SELECT s.id, m.month, count(*), CAST(sum(r.value) AS BIGINT) "
        f"FROM series s CROSS JOIN ({months}) m JOIN readings r ON r.series_id = s.id "
        "AND r.at BETWEEN m.first AND m.last WHERE s.kind = 'flow' GROUP BY s.id, m.month ORDER BY s.id, m.month"
    )
    return statements
