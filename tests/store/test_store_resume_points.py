"""What was answered already is read alike from both databases: where the next snapshot goes on."""

from datetime import UTC, datetime, timedelta

from store_books import REACH_28, START, USERS_MONTH, VIEWS_DAY, Books, covered, day, gap, post

from collector.store.resume_points import ResumePoints
from connectors.kit import ClosedPeriod, Days, Measure, Reason, Subject
from connectors.kit.metrics import REACH

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
AUGUST = Days(day(-23), day(7))
JULY = Days(day(-54), day(-24))


def test_the_last_answered_day_is_the_last_of_all_answers(books: Books) -> None:
    """The next snapshot goes on from there."""
    account, other = books.account("satu"), books.account("dua")
    books.collect(account, covered(VIEWS_DAY, day(1), day(9)), covered(VIEWS_DAY, day(2), day(3)))
    books.collect(account, covered(USERS_MONTH, AUGUST.first, AUGUST.last))
    books.collect(other, covered(VIEWS_DAY, day(1), day(30)))

    assert ResumePoints(books.store).find_last_days(account, books.now) == {
        "views:account:day": day(9), "users:account:month": day(7),
    }  # fmt: skip
    assert ResumePoints(books.store).find_last_days(99, books.now) == {}


def test_a_closed_period_is_as_old_as_its_oldest_answer(books: Books) -> None:
    """Of two figures of August one was answered before the month was final: August is asked again."""
    account = books.account()
    second = Measure(REACH, Subject.ACCOUNT, "month", REACH_28.kind, REACH_28.definitions)
    books.collect(account, covered(USERS_MONTH, AUGUST.first, AUGUST.last), covered(USERS_MONTH, JULY.first, JULY.last))
    first = books.now
    books.collect(account, covered(second, AUGUST.first, AUGUST.last), covered(VIEWS_DAY, AUGUST.first, AUGUST.last))

    found = ResumePoints(books.store).list_periods(account, "month", books.now)
    assert found == {ClosedPeriod("month", AUGUST): first, ClosedPeriod("month", JULY): first}
    assert ResumePoints(books.store).list_periods(account, "quarter", books.now) == {}


def test_refused_measures_are_forgotten_after_their_time(books: Books) -> None:
    """Platforms also bring things back."""
    account = books.account()
    books.collect(account, gap(VIEWS_DAY, day(1), Reason.RETIRED))
    refused, points = books.now, ResumePoints(books.store)

    assert points.list_dead_measures(account, refused, books.now) == {"views:account:day"}
    assert points.list_dead_measures(account, refused + timedelta(milliseconds=1), books.now) == frozenset()
    assert points.list_dead_measures(99, START, books.now) == frozenset()


def test_known_posts_are_those_made_since_a_moment(books: Books) -> None:
    """Old posts hardly move; asking for all of them would cost the day's quota."""
    account, other = books.account("satu"), books.account("dua")
    made = [NOON - timedelta(days=days) for days in (0, 40, 5, 5)]
    books.collect(account, *(post(f"p{number}", at) for number, at in enumerate(made)))
    books.collect(other, post("p9", NOON))

    known = ResumePoints(books.store).list_known_posts(account, NOON - timedelta(days=40))
    assert [(one.id, one.created_at) for one in known] == [(f"p{number}", made[number]) for number in (1, 2, 3, 0)]
    assert len({one.seen_at for one in known}) == 1
    assert known[0].seen_at is not None
    assert len(ResumePoints(books.store).list_known_posts(account, NOON - timedelta(days=39))) == 3
