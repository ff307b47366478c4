"""What is missing, what was answered without a figure, which posts were seen and which measures are refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from store_books import FOLLOWERS_NOW, REACH_28, USERS_MONTH, VIEWS_DAY, Books, covered, day, entry, gap, post, reading

from collector.store import schema
from collector.store.records import to_day_number, to_ms
from connectors.kit import Days, Kind, Measure, Reason, Subject, metrics, since

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)


def _open(books: Books) -> list[tuple[int, int]]:
    return [(row["from_at"], row["to_at"]) for row in books.rows(schema.gaps) if row["closed_at"] is None]


def _days(first: int, last: int) -> tuple[int, int]:
    return to_day_number(day(first)), to_day_number(day(last))


def test_a_gap_is_stored_with_its_reason_and_where_it_is_told(books: Books) -> None:
    """A reader must be able to see that a figure is missing, and why, in the answer itself."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, Days(day(1), day(2)), Reason.BELOW_FLOOR, note="< 100", pointer="body:/data"))

    row = books.one(schema.gaps)
    assert (row["measure"], row["about"], row["from_at"], row["to_at"]) == ("views:account:day", "", *_days(1, 2))
    assert (row["reason"], row["note"], row["exchange_id"], row["closed_at"]) == ("below_floor", "< 100", 1, None)
    assert books.one(schema.places, id=row["place_id"])["pointer"] == "body:/data"
    assert row["recorded_at"] == to_ms(books.now)


def test_a_gap_of_which_no_answer_tells_has_no_place(books: Books) -> None:
    """A dead line is a reason too, and there is nothing to point at."""
    books.collect(books.account(), gap(VIEWS_DAY, day(1), Reason.UNREACHABLE, pointer=None))

    row = books.one(schema.gaps)
    assert (row["exchange_id"], row["place_id"]) == (None, None)


def test_a_gap_is_no_reading_and_never_a_zero(books: Books) -> None:
    """The one mistake that cannot be seen in a report."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, day(1)), gap(FOLLOWERS_NOW, NOON))

    assert books.rows(schema.readings) == []
    assert books.rows(schema.series) == []


def test_a_gap_is_closed_by_the_figure_that_came_at_last(books: Books) -> None:
    """Yesterday is not finished yet, tomorrow it is."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, day(1), Reason.TOO_EARLY))
    books.collect(account, reading(VIEWS_DAY, 0, day(1)))

    assert books.one(schema.gaps)["closed_at"] == to_ms(books.now)


@pytest.mark.parametrize(
    ("arriving", "left"),
    [
        ([[1, 2, 3]], []),
        ([[1], [3], [2]], []),  # in parts, and in any order
        ([[1, 2]], [(1, 3)]),
        ([[0, 4, 5]], [(1, 3)]),
        ([[1], [1], [1]], [(1, 3)]),
    ],
)
def test_a_gap_of_days_is_closed_when_all_of_them_have_figures(
    books: Books, arriving: list[list[int]], left: list[tuple[int, int]]
) -> None:
    """Half of the days would make a month look complete that is not."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, Days(day(1), day(3))))
    for days in arriving:
        books.collect(account, *(reading(VIEWS_DAY, 5, day(one)) for one in days))

    assert _open(books) == [_days(*one) for one in left]


def test_days_before_and_after_a_change_of_meaning_fill_one_gap(books: Books) -> None:
    """They are two series, and yet the days have their figures."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, Days(day(-1), day(0))))
    books.collect(account, reading(VIEWS_DAY, 5, day(-1)))
    books.collect(account, reading(VIEWS_DAY, 5, day(0)))

    assert _open(books) == []


def test_a_figure_that_a_person_typed_closes_a_gap(books: Books) -> None:
    """That is what the hint told them to do."""
    account = books.account()
    books.collect(account, gap(REACH_28, Days(day(-27), day(0)), Reason.NOT_OFFERED))
    books.enter((account, [entry(reading(REACH_28, 812, Days(day(-27), day(0))))]))

    assert _open(books) == []


def test_a_day_that_is_known_twice_is_one_day(books: Books) -> None:
    """Collected and typed: two figures of the first day say nothing of the second."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, Days(day(1), day(2))))
    books.enter((account, [entry(reading(VIEWS_DAY, 5, day(1)))]))
    books.collect(account, reading(VIEWS_DAY, 5, day(1)))

    assert _open(books) == [_days(1, 2)]


def test_a_window_is_filled_by_its_own_figure_alone(books: Books) -> None:
    """A window's figure stands at its last day; those of other windows are other figures."""
    account = books.account()
    books.collect(account, gap(USERS_MONTH, Days(day(-23), day(7))))
    books.collect(account, reading(USERS_MONTH, 3, Days(day(-54), day(-24))))
    assert _open(books) == [_days(-23, 7)]

    books.collect(account, reading(USERS_MONTH, 4, Days(day(-23), day(7))))
    assert _open(books) == []


def test_a_gap_of_a_moment_stays(books: Books) -> None:
    """What was hidden at ten o'clock is unknown for ever, whatever is seen at eleven."""
    account = books.account()
    books.collect(account, gap(FOLLOWERS_NOW, NOON, Reason.HIDDEN))
    books.collect(account, reading(FOLLOWERS_NOW, 9, NOON + timedelta(hours=1)))
    books.collect(account, reading(FOLLOWERS_NOW, 9, NOON))

    assert _open(books) == [(to_ms(NOON), to_ms(NOON))]


def test_a_figure_closes_no_gap_of_another(books: Books) -> None:
    """Account, measure and what it is about have all to be the same."""
    account, other = books.account("satu"), books.account("dua")
    books.collect(account, gap(VIEWS_DAY, day(1)))
    books.collect(other, reading(VIEWS_DAY, 1, day(1)))
    books.collect(account, reading(VIEWS_DAY, 1, day(1), about="p1"))
    books.collect(account, reading(USERS_MONTH, 1, Days(day(-29), day(1))))

    assert _open(books) == [_days(1, 1)]


AUDIENCE_MONTH = Measure(metrics.VIEWS, Subject.AUDIENCE, metrics.MONTH, Kind.FLOW, (since(None, "v", "v"),))


@pytest.mark.parametrize(
    ("missing", "arriving", "is_open"),
    [("country", "country:ID", False), ("", "country:ID", False), ("country", "city:ID", True),
     ("country", "country_code:ID", True), ("country:MY", "country:ID", True), ("country:ID", "country", True)],
)  # fmt: skip
def test_a_gap_about_a_whole_dimension_is_filled_by_its_members(
    books: Books, missing: str, arriving: str, is_open: bool
) -> None:
    """A month without any country is told as one gap, and over as soon as its countries come; others leave it."""
    account, month = books.account(), Days(day(-23), day(7))
    books.collect(account, gap(AUDIENCE_MONTH, month, Reason.TOO_EARLY, about=missing))
    books.collect(account, reading(AUDIENCE_MONTH, 3, month, about=arriving))

    assert bool(_open(books)) is is_open


def test_a_gap_met_again_has_the_newest_reason_and_is_open(books: Books) -> None:
    """A figure that was there and was taken back is missing again."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, day(1), Reason.TOO_EARLY, note="soon"))
    books.collect(account, reading(VIEWS_DAY, 5, day(1)))
    books.collect(account, gap(VIEWS_DAY, day(1), Reason.RETIRED, note="gone", pointer="body:/error"))

    row = books.one(schema.gaps)
    assert (row["reason"], row["note"], row["exchange_id"], row["closed_at"]) == ("retired", "gone", 3, None)
    assert row["recorded_at"] == to_ms(books.now)
    assert books.one(schema.places, id=row["place_id"])["pointer"] == "body:/error"


def test_a_snapshot_that_gives_and_misses_one_day_leaves_it_open(books: Books) -> None:
    """Where an answer contradicts itself the doubt is what must be seen."""
    books.collect(books.account(), gap(VIEWS_DAY, day(1)), reading(VIEWS_DAY, 5, day(1)))

    assert _open(books) == [_days(1, 1)]


def test_the_same_days_answered_again_are_dated_by_the_newest_answer(books: Books) -> None:
    """Whether a closed month is final is told by when it was last answered."""
    account = books.account()
    books.collect(account, covered(VIEWS_DAY, day(1), day(3)), covered(VIEWS_DAY, day(1), day(3)))
    books.collect(account, covered(VIEWS_DAY, day(1), day(3)), covered(VIEWS_DAY, day(2), day(4)))

    rows = [(row["first_day"], row["last_day"], row["exchange_id"], row["answered_at"])
            for row in books.rows(schema.coverage)]  # fmt: skip
    assert rows == [(*_days(1, 3), 2, to_ms(books.now)), (*_days(2, 4), 2, to_ms(books.now))]


def test_a_post_seen_again_keeps_its_beginning_and_has_its_newest_title(books: Books) -> None:
    """A post belongs to the period in which it was made, however often its caption is corrected."""
    account = books.account()
    books.collect(account, post("p1", NOON, title="Rapat", link="a"))
    first = to_ms(books.now)
    books.collect(account, post("p1", NOON + timedelta(days=9), title="Rapat pleno", link="b", kind="video"))

    row = books.one(schema.posts)
    assert (row["title"], row["link"], row["kind"], row["created_at"]) == ("Rapat pleno", "b", "photo", to_ms(NOON))
    assert (row["first_seen"], row["last_seen"]) == (first, to_ms(books.now))


def test_a_measure_that_was_refused_is_remembered_until_it_is_refused_again(books: Books) -> None:
    """It is not asked for in the meantime, and asked for again after a month."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, day(1), Reason.RETIRED), gap(VIEWS_DAY, day(2), Reason.RETIRED))
    first = to_ms(books.now)
    assert books.one(schema.dead_measures)["since"] == first

    books.collect(account, gap(VIEWS_DAY, day(3), Reason.RETIRED))
    assert books.one(schema.dead_measures)["since"] == to_ms(books.now) > first


def test_of_an_audience_only_the_refused_dimension_is_remembered(books: Books) -> None:
    """All dimensions share one measure; the others are still asked for."""
    account = books.account()
    audience = replace(VIEWS_DAY, subject=Subject.AUDIENCE)
    of_post = replace(VIEWS_DAY, subject=Subject.POST)
    books.collect(account, gap(audience, day(1), Reason.RETIRED, about="age"))
    books.collect(account, gap(of_post, day(1), Reason.RETIRED, about="711_5"))

    assert {row["measure"] for row in books.rows(schema.dead_measures)} == {"views:audience:day/age", "views:post:day"}


def test_a_measure_left_out_because_it_was_refused_before_is_not_refused_anew(books: Books) -> None:
    """Else the month would begin again each day and it would never be tried again."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, day(1), Reason.RETIRED))
    first = to_ms(books.now)
    books.collect(account, gap(VIEWS_DAY, day(2), Reason.RETIRED, pointer=None), gap(VIEWS_DAY, day(3), Reason.EMPTY))

    assert [row["since"] for row in books.rows(schema.dead_measures)] == [first]
