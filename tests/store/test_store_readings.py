"""Readings one by one: which series they belong to, what an equal and what another value does, and how much fits."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DataError
from store_books import (
    BREAK,
    FOLLOWERS_NOW,
    LIKES_OF_POST,
    RATE,
    REACH_28,
    START,
    USERS_MONTH,
    VIEWS_DAY,
    Books,
    day,
    entry,
    placed,
    reading,
)

from collector.store import schema
from collector.store.readings import ReadingWriter, at_of, last_day
from collector.store.records import Stored, from_day_number, from_ms, to_day_number, to_ms
from connectors.kit import Days, Moment

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)


def test_a_moment_is_stored_to_the_millisecond_and_a_day_as_the_platforms_own() -> None:
    """A day that were shifted to the office's zone would fall into the wrong month."""
    moment = datetime(2026, 9, 1, 0, 0, 0, 123_000, tzinfo=UTC)

    assert at_of(Moment(moment)) == to_ms(moment) == 1_788_220_800_123
    assert from_ms(1_788_220_800_123) == moment
    assert at_of(Days(day(-27), day(0))) == to_day_number(day(0)) == 20_689
    assert from_day_number(20_689) == BREAK
    assert last_day(Days(day(-27), day(0))) == BREAK
    assert last_day(Moment(moment)) == moment.date()


def test_times_before_1970_are_times_like_any_other() -> None:
    """A clock that was set wrong must not make the store fail."""
    moment = datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)

    assert from_ms(to_ms(moment)) == moment
    assert to_ms(moment) == -1
    assert from_day_number(to_day_number(moment.date())) == moment.date()


def test_an_equal_value_changes_nothing(books: Books) -> None:
    """A platform day is read again for weeks; the first answer that said it stays its source."""
    account = books.account()
    books.collect(account, reading(VIEWS_DAY, 10, day(1)))
    before = books.rows(schema.readings)

    assert books.collect(account, reading(VIEWS_DAY, 10, day(1), pointer="body:/elsewhere")) == Stored(0, 0)
    assert books.rows(schema.readings) == before
    assert books.rows(schema.replaced) == []


def test_another_value_replaces_the_old_one_which_is_kept(books: Books) -> None:
    """What was reported once must be found again, with the answer it stood in."""
    account = books.account()
    books.collect(account, reading(VIEWS_DAY, 10, day(1), pointer="body:/first"))
    first = books.one(schema.readings)

    assert books.collect(account, reading(VIEWS_DAY, 12, day(1), pointer="body:/second")) == Stored(0, 1)

    now, old = books.one(schema.readings), books.one(schema.replaced)
    assert (now["value"], now["exchange_id"], now["place_id"]) == (12, 2, first["place_id"] + 1)
    assert {name: old[name] for name in first} == first
    assert (old["replaced_by"], old["replaced_at"]) == (2, to_ms(books.now))


def test_a_value_that_goes_back_is_a_third_value(books: Books) -> None:
    """A platform that corrects its correction has said three things."""
    account = books.account()
    for value in (10, 12, 10):
        books.collect(account, reading(VIEWS_DAY, value, day(1)))

    assert [row["value"] for row in books.rows(schema.replaced)] == [10, 12]
    assert books.one(schema.readings)["exchange_id"] == 3


def test_equal_values_of_two_moments_are_two_readings(books: Books) -> None:
    """1,619 followers on Monday and on Tuesday are two facts."""
    account = books.account()
    books.collect(account, reading(FOLLOWERS_NOW, 1619, NOON))

    assert books.collect(account, reading(FOLLOWERS_NOW, 1619, NOON + timedelta(days=1))) == Stored(1, 0)
    assert sorted(books.values(account, FOLLOWERS_NOW).values()) == [1619, 1619]


def test_of_two_answers_of_one_snapshot_the_later_stands(books: Books) -> None:
    """Pages overlap: the same day at the end of one and the start of the next is one day."""
    account = books.account()
    seen = [reading(VIEWS_DAY, value, day(1), pointer=f"body:/{value}") for value in (7, 8, 9)]

    assert books.collect(account, *seen) == Stored(1, 0)
    assert books.values(account, VIEWS_DAY) == {to_day_number(day(1)): 9}
    assert books.rows(schema.replaced) == []


def test_a_new_meaning_is_a_new_series_from_its_day_on(books: Books) -> None:
    """Views counted by two rules must never be subtracted from each other unseen."""
    account = books.account()
    books.collect(account, *(reading(VIEWS_DAY, 100 + offset, day(offset)) for offset in (-2, -1, 0, 1)))

    assert books.values(account, VIEWS_DAY, definition=1) == {to_day_number(day(at)): 100 + at for at in (-2, -1)}
    assert books.values(account, VIEWS_DAY, definition=2) == {to_day_number(day(at)): 100 + at for at in (0, 1)}


def test_what_a_reading_is_about_makes_its_series(books: Books) -> None:
    """The likes of two posts, of two accounts and by two ways of knowing are different lines."""
    first, second = books.account("satu"), books.account("dua")
    books.collect(first, reading(LIKES_OF_POST, 1, NOON, about="p1"), reading(LIKES_OF_POST, 2, NOON, about="p2"))
    books.collect(second, reading(LIKES_OF_POST, 3, NOON, about="p1"))
    books.enter((first, [entry(reading(FOLLOWERS_NOW, 4, NOON), precision=one) for one in ("day", "month")]))
    books.enter((first, [entry(reading(FOLLOWERS_NOW, 5, NOON), precision="day", mark="derived")]))

    about = [
        (row["account_id"], row["measure"], row["about"], row["origin"], row["precision"])
        for row in books.rows(schema.series)
    ]
    assert sorted(about) == sorted({
        (first, "likes:post:now", "p1", "api", "instant"),
        (first, "likes:post:now", "p2", "api", "instant"),
        (second, "likes:post:now", "p1", "api", "instant"),
        (first, "followers:account:now", "", "typed", "day"),
        (first, "followers:account:now", "", "typed", "month"),
        (first, "followers:account:now", "", "derived", "day"),
    })  # fmt: skip


def test_a_series_repeats_what_its_measure_is(books: Books) -> None:
    """Old readings must stay readable when a connector no longer declares their measure."""
    account = books.account()
    books.collect(account, reading(RATE, 306, NOON), reading(REACH_28, 9, Days(day(-27), day(0))))

    kinds = {row["measure"]: (row["kind"], row["decimals"], row["precision"]) for row in books.rows(schema.series)}
    assert kinds == {"reach:account:now": ("ratio", 2, "instant"), "reach:account:28d": ("unique", 0, "day")}


def test_an_interval_keeps_both_ends_and_differs_from_its_lower_end(books: Books) -> None:
    """ "1,652 or 1,653" is not 1,652; learning the exact figure later is a change."""
    account = books.account()
    books.enter((account, [entry(reading(FOLLOWERS_NOW, 1652, NOON, upto=1653))]))
    kept = books.one(schema.readings)
    same = books.enter((account, [entry(reading(FOLLOWERS_NOW, 1652, NOON, upto=1653))]), body=b"again")
    exact = books.enter((account, [entry(reading(FOLLOWERS_NOW, 1652, NOON))]), body=b"exactly")

    assert (kept["value"], kept["upto"]) == (1652, 1653)
    assert (same, exact) == (Stored(0, 0), Stored(0, 1))
    assert books.one(schema.readings)["upto"] is None
    assert books.one(schema.replaced)["upto"] == 1653


def test_figures_of_all_sizes_are_kept_exactly(books: Books) -> None:
    """Nothing on the way may pass through a float."""
    account = books.account()
    values = [0, 2**53 + 1, 2**63 - 1]
    books.collect(account, *(reading(FOLLOWERS_NOW, one, NOON + timedelta(days=one % 97)) for one in values))

    assert sorted(books.values(account, FOLLOWERS_NOW).values()) == values


def test_more_readings_than_fit_in_one_statement_are_one_snapshot(books: Books) -> None:
    """A first snapshot brings a year of days and hundreds of posts; SQLite takes only so many values at a time."""
    account = books.account()
    days = [reading(VIEWS_DAY, number, day(-number), pointer=f"body:/days/{number}") for number in range(1700)]
    posts = [reading(LIKES_OF_POST, number, NOON, about=f"p{number}", pointer="body:/x") for number in range(900)]

    assert books.collect(account, *days, *posts) == Stored(2600, 0)
    assert books.collect(account, *days, *posts) == Stored(0, 0)

    again = [reading(VIEWS_DAY, number + number % 2, day(-number), pointer="body:/again") for number in range(1700)]
    assert books.collect(account, *again) == Stored(0, 850)
    assert books.values(account, VIEWS_DAY) == {
        to_day_number(day(-number)): number + number % 2 for number in range(1700)
    }
    assert len(books.rows(schema.places)) == 1702
    assert len(books.rows(schema.replaced)) == 850


def test_an_old_sqlite_takes_a_long_snapshot_too(file_books: Books) -> None:
    """The one of an old PC takes no more than 999 values in one statement."""
    account = file_books.account()
    with file_books.store.write() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    seen = [reading(VIEWS_DAY, number, day(number), pointer=f"body:/days/{number}") for number in range(1100)]

    assert file_books.collect(account, *seen) == Stored(1100, 0)
    assert file_books.collect(account, *seen) == Stored(0, 0)


def test_a_pointer_is_kept_once_however_many_share_it(books: Books) -> None:
    """Pointers are most of a reading's bytes; a million readings share a few thousand."""
    account = books.account()
    for number in range(3):
        books.collect(account, reading(FOLLOWERS_NOW, number, NOON + timedelta(days=number), pointer="body:/n"))

    assert [row["pointer"] for row in books.rows(schema.places)] == ["body:/n"]
    assert {row["place_id"] for row in books.rows(schema.readings)} == {1}


def test_places_are_numbered_alike_within_a_transaction(books: Books) -> None:
    """An entry and its reading must point at the same place."""
    with books.store.write() as connection:
        writer = ReadingWriter(connection, START)
        first = dict(writer.intern_places({"cell:/2/4", "cell:/3/4"}))
        again = dict(writer.intern_places({"cell:/3/4"}))

    assert first == again
    assert first == {row["pointer"]: row["id"] for row in books.rows(schema.places)}


def test_what_was_known_at_a_time_is_what_was_recorded_by_then(books: Books) -> None:
    """Collected in September of August: a report made on the first of September did not know it."""
    account = books.account()
    books.collect(account, reading(USERS_MONTH, 40, Days(day(-23), day(7))))
    first_known = to_ms(books.now)
    books.later(days=3)
    books.collect(account, reading(USERS_MONTH, 44, Days(day(-23), day(7))))

    recorded = {row["id"]: row["read_at"] for row in books.rows(schema.exchanges)}
    old, new = books.one(schema.replaced), books.one(schema.readings)
    assert recorded[old["exchange_id"]] == first_known
    assert recorded[new["exchange_id"]] == old["replaced_at"] == to_ms(books.now)


def test_a_snapshot_that_breaks_in_the_middle_stores_nothing(books: Books) -> None:
    """A count beyond 64 bits is refused by the database only after others were written."""
    account = books.account()
    snapshot = books.must_claim(account)
    exchange = books.keep(snapshot)
    before = books.contents()
    seen = [reading(VIEWS_DAY, 1, day(1)), reading(FOLLOWERS_NOW, 2**63, NOON)]

    with pytest.raises((OverflowError, DataError)):
        books.finish(snapshot, account, placed(seen, exchange))

    assert books.contents() == before
    assert books.one(schema.exchanges)["read_at"] is None
    assert books.finish(snapshot, account, placed(seen[:1], exchange)) == Stored(1, 0)
