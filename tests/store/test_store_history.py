"""Reading figures for people: what is given with each, in which order, and what a filter leaves out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from store_books import (
    FOLLOWERS_NOW,
    LIKES_OF_POST,
    RATE,
    REACH_28,
    VIEWS_DAY,
    Books,
    day,
    entry,
    gap,
    reading,
)

from collector.store import schema
from collector.store.history import Wanted
from collector.store.records import HistoryGap, to_day_number, to_ms
from connectors.kit import Days, Metric, Reason, Words

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)


def _values(books: Books, wanted: Wanted | None = None) -> list[int]:
    return [one.value for one in books.history.list_readings(wanted or Wanted())]


def test_a_collected_reading_comes_with_all_that_says_what_it_is(books: Books) -> None:
    """A bare number is no figure."""
    office = books.office("kpu-pontianak", zone="Asia/Pontianak")
    account = books.account("kpu_contoh", office=office)
    books.collect(account, reading(RATE, 306, NOON, pointer="body:/rate"))

    (one,) = books.history.list_readings(Wanted())
    assert (one.office, one.zone, one.platform, one.account) == (
        "kpu-pontianak", "Asia/Pontianak", "square", "kpu_contoh",
    )  # fmt: skip
    assert (one.measure, one.definition, one.about, one.kind, one.decimals) == ("reach:account:now", 1, "", "ratio", 2)
    assert (one.value, one.upto, one.at, one.origin, one.precision) == (306, None, to_ms(NOON), "api", "instant")
    assert (one.series_id, one.exchange_id, one.recorded_at) == (1, 1, books.now)
    assert one.request == '{"api": "square", "method": "GET", "path": "/v1/me"}'
    assert (one.source, one.mark, one.note) == ("", "", "")
    assert books.history.find_pointer(one.place_id) == "body:/rate"


def test_a_typed_reading_comes_with_what_the_person_said(books: Books) -> None:
    """Source, mark and note belong to the row that they were typed in, not to its neighbour."""
    account = books.account()
    rows = [
        entry(reading(FOLLOWERS_NOW, value, NOON - timedelta(days=days), pointer=f"cell:/{row}/4"), mark=mark,
              source=f"halaman {row}", note=f"catatan {row}", precision="month")
        for row, (value, days, mark) in enumerate([(1240, 60, "derived"), (1619, 0, "stated")], start=2)
    ]  # fmt: skip
    books.enter((account, rows))

    found = books.history.list_readings(Wanted())
    assert [(one.value, one.origin, one.precision, one.source, one.mark, one.note) for one in found] == [
        (1240, "derived", "month", "halaman 2", "derived", "catatan 2"),
        (1619, "typed", "month", "halaman 3", "stated", "catatan 3"),
    ]
    assert {one.recorded_at for one in found} == {books.now}


def test_readings_come_by_office_account_series_and_time(books: Books) -> None:
    """Whatever was stored first: a history that jumps is not read."""
    later, earlier = books.office("satu"), books.office("dua")
    third = books.account("c", office=earlier)
    second = books.account("b", platform="square", office=later)
    first = books.account("a", platform="circle", office=later)
    books.collect(third, reading(FOLLOWERS_NOW, 31, NOON))
    for number, account in ((2, second), (1, first)):
        books.collect(account, reading(VIEWS_DAY, number * 10 + 2, day(2)), reading(VIEWS_DAY, number * 10 + 1, day(1)))
        books.collect(account, reading(FOLLOWERS_NOW, number * 10 + 3, NOON))

    assert _values(books) == [11, 12, 13, 21, 22, 23, 31]


def test_each_filter_leaves_out_what_it_should(books: Books) -> None:
    """A figure of another office in a report is worse than a missing one."""
    here, there = books.office("satu"), books.office("dua")
    first, second = books.account("a", office=here), books.account("b", platform="circle", office=here)
    third = books.account("c", office=there)
    for number, account in enumerate((first, second, third), start=1):
        books.collect(account, reading(FOLLOWERS_NOW, number, NOON), reading(VIEWS_DAY, number * 10, day(1)))

    assert sorted(_values(books)) == [1, 2, 3, 10, 20, 30]
    assert sorted(_values(books, Wanted(office_id=here))) == [1, 2, 10, 20]
    assert sorted(_values(books, Wanted(platform="square"))) == [1, 3, 10, 30]
    assert sorted(_values(books, Wanted(account_ids=[second, third]))) == [2, 3, 20, 30]
    assert sorted(_values(books, Wanted(metric="views"))) == [10, 20, 30]
    assert _values(books, Wanted(account_ids=[])) == []
    assert _values(books, Wanted(here, [first], "square", "followers")) == [1]
    assert _values(books, Wanted(there, [first])) == []


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        ("followers", [1]),
        ("followers_lost", [2]),
        ("followersXlost", [3]),
        ("follow%", [4]),
        ("follow", []),
        ("%", []),
        ("followers_", []),
        ("\\", []),
        ("", []),
    ],
)
def test_a_metric_is_found_by_its_whole_name_alone(books: Books, metric: str, found: list[int]) -> None:
    """`_` and `%` are signs of the search, and `followers` begins like `followers_lost`."""
    account = books.account()
    for number, name in enumerate(["followers", "followers_lost", "followersXlost", "follow%"], start=1):
        measure = replace(FOLLOWERS_NOW, metric=Metric(name, "person", Words("", "")))
        books.collect(account, reading(measure, number, NOON), gap(measure, NOON + timedelta(hours=number)))

    assert _values(books, Wanted(metric=metric)) == found
    assert len(books.history.list_gaps(Wanted(metric=metric))) == len(found)


def test_one_reading_is_found_by_its_series_and_time(books: Books) -> None:
    """A code of a figure leads to it years later."""
    account = books.account()
    books.collect(account, reading(LIKES_OF_POST, 7, NOON, about="p1"), reading(LIKES_OF_POST, 8, NOON, about="p2"))

    series = books.series(account, LIKES_OF_POST, about="p2")
    found = books.history.find_reading(series, to_ms(NOON))
    assert found is not None
    assert (found.value, found.about) == (8, "p2")
    assert books.history.find_reading(series, to_ms(NOON) + 1) is None
    assert books.history.find_reading(99, to_ms(NOON)) is None


def test_what_a_reading_was_before_comes_newest_first(books: Books) -> None:
    """Who asks why a figure changed begins with the last change."""
    account = books.account()
    changed = []
    for value in (5, 6, 7):
        books.collect(
            account, reading(VIEWS_DAY, value, day(1), pointer=f"body:/{value}"), reading(VIEWS_DAY, value, day(2))
        )
        changed.append(books.now)

    earlier = books.history.list_earlier(books.series(account, VIEWS_DAY), to_day_number(day(1)))
    assert [(one.value, one.exchange_id, one.place, one.replaced_at) for one in earlier] == [
        (6, 2, "body:/6", changed[2]), (5, 1, "body:/5", changed[1]),
    ]  # fmt: skip
    assert books.history.list_earlier(99, 1) == ()


def test_open_gaps_come_with_their_account_and_reason(books: Books) -> None:
    """A closed one is no gap any more."""
    account = books.account(office=books.office("kpu", zone="Asia/Makassar"))
    books.collect(account, gap(VIEWS_DAY, Days(day(1), day(3)), Reason.TOO_EARLY, note="soon"), gap(VIEWS_DAY, day(9)))
    books.collect(account, reading(VIEWS_DAY, 1, day(9)))

    assert books.history.list_gaps(Wanted()) == (
        HistoryGap("kpu", "Asia/Makassar", "square", "kpu_contoh", "views:account:day", "",
                   to_day_number(day(1)), to_day_number(day(3)), "too_early", "soon"),
    )  # fmt: skip


def test_gaps_are_in_order_and_filtered_like_readings(books: Books) -> None:
    """The list of what is missing stands beside the list of what is there."""
    first, second = books.account("a"), books.account("b", platform="circle")
    books.collect(second, gap(FOLLOWERS_NOW, NOON))
    books.collect(first, gap(VIEWS_DAY, day(2)), gap(VIEWS_DAY, day(1)), gap(REACH_28, Days(day(-27), day(0))))

    def listed(wanted: Wanted) -> list[tuple[str, str, int]]:
        return [(one.account, one.measure.split(":")[0], one.to_at) for one in books.history.list_gaps(wanted)]

    days = [to_day_number(day(number)) for number in (0, 1, 2)]
    every = [("a", "reach", days[0]), ("a", "views", days[1]), ("a", "views", days[2]), ("b", "followers", to_ms(NOON))]
    assert listed(Wanted()) == every
    assert listed(Wanted(platform="circle")) == every[3:]
    assert listed(Wanted(account_ids=[first], metric="views")) == every[1:3]
    assert listed(Wanted(office_id=99)) == []


def test_a_reading_whose_answer_is_gone_is_still_given(books: Books) -> None:
    """Answers may be pruned; the figure stays, and says so by having no request."""
    account = books.account()
    books.collect(account, reading(FOLLOWERS_NOW, 5, NOON))
    with books.store.write() as connection:
        connection.execute(schema.exchanges.delete())

    (one,) = books.history.list_readings(Wanted())
    assert (one.value, one.request, one.recorded_at) == (5, "{}", None)


def test_the_newest_before_a_day_is_of_each_series(books: Books) -> None:
    """A base is the last figure before a period, of moments and of days alike, also as it was known once."""
    account, other = books.account(), books.account("other")
    then = books.now
    books.collect(
        account,
        *(reading(FOLLOWERS_NOW, 100 + days, NOON + timedelta(days=days)) for days in (0, 1, 2)),
        *(reading(VIEWS_DAY, 10 + number, date(2026, 9, number)) for number in (1, 2, 3)),
    )
    known = books.now
    books.later(days=1)
    books.collect(account, reading(FOLLOWERS_NOW, 105, NOON + timedelta(days=1)))
    books.collect(other, reading(FOLLOWERS_NOW, 7, NOON))

    def newest(wanted: Wanted, before: date) -> list[int]:
        return [one.value for one in books.history.list_newest_before(wanted, before)]

    mine = Wanted(account_ids=(account,))
    assert newest(mine, date(2026, 9, 3)) == [105, 12]
    assert newest(replace(mine, as_of=known), date(2026, 9, 3)) == [101, 12]
    assert newest(replace(mine, as_of=then - timedelta(days=1)), date(2026, 9, 3)) == []
    assert newest(Wanted(), date(2026, 9, 2)) == [100, 11, 7]
    assert newest(mine, date(2026, 9, 1)) == []


def test_readings_are_found_by_what_they_are_about(books: Books) -> None:
    """A report ranks the posts of its period and need not read every post that there ever was."""
    account = books.account()
    books.collect(account, *(reading(LIKES_OF_POST, 5, NOON, about=about) for about in ("p1", "p2", "p3")))

    wanted = Wanted(account_ids=(account,), abouts=("p1", "p3"))
    assert [one.about for one in books.history.list_newest_before(wanted, date(2026, 10, 1))] == ["p1", "p3"]
    assert books.history.list_readings(Wanted(abouts=())) == ()
