"""Monthly sums are a cache: whatever happens to the readings, they say what adding up the readings says."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from store_books import FOLLOWERS_NOW, REACH_28, USERS_MONTH, VIEWS_DAY, Books, day, reading

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import to_day_number, to_ms
from collector.store.sums import DaySum, Sums, month_ends, month_of
from connectors.kit import Days

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
FIRST = date(2026, 8, 25)  # behind the day on which the meaning changed, so that it is one series

_OFFSETS = st.integers(0, 130)
_WRITES = st.lists(st.tuples(_OFFSETS, st.integers(0, 50)), max_size=25)


def _day(offset: int) -> date:
    return FIRST + timedelta(days=offset)


@settings(max_examples=20, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(snapshots=st.lists(_WRITES, max_size=4), spans=st.lists(st.tuples(_OFFSETS, _OFFSETS), min_size=1, max_size=5))
def test_a_sum_of_days_is_the_sum_of_their_readings(
    empty_database: Path, tmp_path: Path, snapshots: list[list[tuple[int, int]]], spans: list[tuple[int, int]]
) -> None:
    """Any days, in any order, corrected any number of times, asked for any span."""
    books = Books(Store(f"sqlite:///{copy(empty_database, tmp_path / 'sums.db')}"))
    account = books.account()
    known: dict[date, int] = {}
    for written in [[(0, 1)], *snapshots]:
        books.collect(account, *(reading(VIEWS_DAY, value, _day(offset)) for offset, value in written))
        known.update({_day(offset): value for offset, value in written})
    series = books.series(account, VIEWS_DAY)

    for start, end in spans:
        first, last = _day(min(start, end)), _day(max(start, end))
        inside = [value for one, value in known.items() if first <= one <= last]
        expected = {series: DaySum(len(inside), sum(inside))} if inside else {}
        assert Sums(books.store).sum_days([series], Days(first, last)) == (expected,)
    months = {(one.year, one.month) for one in known}
    books.store.close()

    assert {(row["month"] // 12, row["month"] % 12 + 1) for row in books.rows(schema.monthly_sums)} == months
    books.store.close()


def test_whole_months_come_from_the_cache_and_only_they(books: Books) -> None:
    """The days at both ends are added up; a sum over years must not be."""
    account = books.account()
    books.collect(account, *(reading(VIEWS_DAY, 1, _day(offset)) for offset in range(100)))
    series = books.series(account, VIEWS_DAY)
    with books.store.write() as connection:  # so that it is seen which of the two was asked
        connection.execute(schema.monthly_sums.update().values(total=1000, days=100))

    def total(first: date, last: date) -> int:
        return Sums(books.store).sum_days([series], Days(first, last))[0][series].total

    assert total(date(2026, 9, 1), date(2026, 9, 30)) == 1000
    assert total(date(2026, 9, 1), date(2026, 10, 31)) == 2000
    assert total(date(2026, 8, 31), date(2026, 11, 1)) == 1 + 2000 + 1
    assert total(date(2026, 9, 2), date(2026, 9, 30)) == 29
    assert total(date(2026, 9, 1), date(2026, 9, 29)) == 29
    assert total(date(2026, 9, 2), date(2026, 10, 30)) == 59


def test_only_daily_flows_are_summed(books: Books) -> None:
    """Unique people of two months are not the people of both, and followers are not added up at all."""
    account = books.account()
    books.collect(account, reading(FOLLOWERS_NOW, 9, NOON), reading(REACH_28, 9, Days(day(-27), day(0))),
                  reading(USERS_MONTH, 9, Days(day(-23), day(7))))  # fmt: skip

    assert books.rows(schema.monthly_sums) == []


def test_an_equal_value_touches_no_sum(books: Books) -> None:
    """Days are read again for weeks; the cache is made anew for what changed and for nothing else."""
    account = books.account()
    seen = [reading(VIEWS_DAY, 4, _day(offset)) for offset in (0, 10)]
    books.collect(account, *seen)
    with books.store.write() as connection:
        connection.execute(schema.monthly_sums.update().values(total=77))

    books.collect(account, *seen)
    assert {row["total"] for row in books.rows(schema.monthly_sums)} == {77}

    books.collect(account, reading(VIEWS_DAY, 5, _day(10)))
    assert {row["month"] % 12 + 1: row["total"] for row in books.rows(schema.monthly_sums)} == {8: 77, 9: 5}


def test_sums_of_many_series_are_given_for_each(books: Books) -> None:
    """A province asks for hundreds at once."""
    accounts = [books.account(f"a{number}") for number in range(3)]
    for number, account in enumerate(accounts, start=1):
        books.collect(account, *(reading(VIEWS_DAY, number, _day(offset)) for offset in range(40)))
    series = [books.series(account, VIEWS_DAY) for account in accounts]
    many = [*range(10_000, 11_200), *series]

    (found,) = Sums(books.store).sum_days(many, Days(_day(5), _day(39)))
    assert found == {one: DaySum(35, 35 * number) for number, one in enumerate(series, start=1)}
    assert Sums(books.store).sum_days([], Days(_day(0), _day(9))) == ({},)


@pytest.mark.parametrize(
    ("hours", "expected"), [(-1, None), (0, 10), (1, 10), (24, 11), (47, 11), (48, 12), (9_999, 12)]
)
def test_a_level_at_a_moment_is_the_last_one_before_it(books: Books, hours: int, expected: int | None) -> None:
    """The base of a growth figure is what was known to be so at its date, never what came after."""
    account, other = books.account("satu"), books.account("dua")
    books.collect(account, *(reading(FOLLOWERS_NOW, 10 + one, NOON + timedelta(days=one)) for one in range(3)))
    books.collect(other, reading(FOLLOWERS_NOW, 99, NOON + timedelta(days=500)))
    series, foreign = books.series(account, FOLLOWERS_NOW), books.series(other, FOLLOWERS_NOW)

    (found,) = Sums(books.store).find_levels([series, foreign, 999], to_ms(NOON + timedelta(hours=hours)))

    assert {one: value for one, (_, value) in found.items() if one == series} == (
        {series: expected} if expected is not None else {}
    )
    assert foreign in found or hours < 500 * 24
    if expected is not None:
        assert found[series][0] == to_ms(NOON + timedelta(days=expected - 10))


def test_months_are_counted_without_a_calendars_help() -> None:
    """December is followed by January, and February ends when it ends."""
    december = month_of(to_day_number(date(2026, 12, 31)))

    assert december + 1 == month_of(to_day_number(date(2027, 1, 1)))
    assert month_ends(december) == (to_day_number(date(2026, 12, 1)), to_day_number(date(2026, 12, 31)))
    assert month_ends(month_of(to_day_number(date(2028, 2, 5)))) == (
        to_day_number(date(2028, 2, 1)), to_day_number(date(2028, 2, 29)),
    )  # fmt: skip
