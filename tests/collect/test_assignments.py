"""What one snapshot is to do: everything still missing, nothing known twice, and what is closed until it is final."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from toy import FOLLOWERS, LIKES, USERS, VIEWS, Play

from collector.clock import SetClock
from collector.collect.assignments import Assigner
from collector.demo.standin import Answered
from collector.growth.periods import Period, parse_period
from collector.store import schema
from collector.store.records import StoredAccount
from collector.store.resume_points import ResumePoints
from connectors.kit import (
    POST_REFRESH_DAYS,
    Account,
    Assignment,
    ClosedPeriod,
    Coverage,
    Days,
    Fetch,
    Gap,
    KnownPost,
    Moment,
    Observation,
    Post,
    Reason,
    Request,
)
from connectors.kit.replay import dump_assignment, load_assignment

WIB = ZoneInfo("Asia/Jakarta")


def day(text: str) -> date:
    return date.fromisoformat(text)


def month(text: str) -> ClosedPeriod:
    period = parse_period(text)
    return ClosedPeriod("month", Days(period.first, period.last))


class Office:
    """An account of the toy whose assignments are looked at, and which is collected at any moment."""

    def __init__(self, toy: Play, clock: SetClock) -> None:
        self.toy, self.clock = toy, clock
        self.account: StoredAccount = toy.add("kantor")
        self.yields: Callable[[Assignment], Iterator[Observation]] = lambda assignment: iter(())

        def script(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
            self.place = fetch(Request("api", "/kantor"))["followers"].place
            yield from self.yields(assignment)

        toy.connector.script = script
        toy.answer("/kantor", Answered({"followers": 1}))

    def at(self, text: str) -> "Office":
        self.clock.move_to(datetime.fromisoformat(text).replace(tzinfo=WIB))
        return self

    def assign(self, period: Period | None = None) -> Assignment:
        account = self.toy.application.accounts.get(self.account.id)
        seen = Account(account.external_id, account.handle)
        assigner = Assigner(self.toy.application.queries, ResumePoints(self.toy.application.store))
        return assigner.assign(self.toy.connector, account, seen, self.clock.now(), period)

    def collect(self, *observations: Any) -> Assignment:
        """Collect once; each observation is made from the place of the answer. Returns what was assigned."""
        self.yields = lambda assignment: (make(self.place) for make in observations)
        assert self.toy.collect()["kantor"].result == "ok"
        stored = self.toy.application.queries.list_snapshots()[-1].assignment
        return load_assignment(stored)


def covered(measure: Any, first: str, last: str) -> Callable[[Any], Coverage]:
    return lambda place: Coverage(measure, Days(day(first), day(last)), place)


@pytest.fixture
def office(toy: Play, clock: SetClock) -> Office:
    """Return an office with one account."""
    return Office(toy, clock)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        ("2026-11-20", "2026-01-01"),
        ("2026-12-31", "2026-01-01"),
        ("2027-01-01", "2026-07-01"),
        ("2027-06-30", "2026-07-01"),
        ("2027-07-01", "2027-01-01"),
    ],
)
def test_the_first_snapshot_asks_from_the_previous_semester_on(office: Office, today: str, first: str) -> None:
    """The report compares two semesters; the base must be there when the first one is written."""
    assert office.at(f"{today} 10:00").assign().window == Days(day(first), day(today))


def test_today_is_the_offices_day(office: Office) -> None:
    """At half past midnight in Indonesia it is still yesterday in UTC; the semester turns by the office's clock."""
    assert office.at("2027-01-01 00:30").assign().window == Days(day("2026-07-01"), day("2027-01-01"))


def test_answered_days_are_not_asked_again_but_for_those_still_revised(office: Office) -> None:
    """The toy revises three days: from the last answered day those are read once more."""
    office.at("2026-11-20 10:00").collect(covered(VIEWS, "2026-01-01", "2026-11-19"))

    assert office.at("2026-11-21 10:00").assign().resume == {VIEWS.key: day("2026-11-17")}
    assert office.assign().first_day(VIEWS) == day("2026-11-17")
    assert office.assign().first_day(FOLLOWERS) == day("2026-01-01")


@pytest.mark.parametrize(("reach", "first"), [(730, "2024-11-21"), (60, None), (None, None)])
def test_the_first_snapshot_reaches_as_far_back_as_the_platform_remembers(
    office: Office, reach: int | None, first: str | None
) -> None:
    """What is not had now can never be had later; else the report's own days are asked for, and gaps say the rest."""
    far = replace(VIEWS, reach_back=reach)
    office.toy.connector.measures = (FOLLOWERS, far)

    assignment = office.at("2026-11-21 10:00").assign()

    assert assignment.window.first == day("2026-01-01")
    assert assignment.resume == ({far.key: day(first)} if first else {})
    office.collect(covered(far, "2024-11-21", "2025-02-18"))
    assert office.assign().first_day(far) == day("2025-02-16")


def test_after_an_outage_every_missed_day_is_asked_for(office: Office) -> None:
    """The office's PC was off for two months: nothing is skipped."""
    office.at("2026-08-20 10:00").collect(covered(VIEWS, "2026-01-01", "2026-08-19"))

    assignment = office.at("2026-11-20 10:00").assign()

    assert assignment.resume[VIEWS.key] == day("2026-08-17")
    assert assignment.window.last == day("2026-11-20")


def test_a_day_that_the_platform_answered_ahead_is_not_the_future(office: Office) -> None:
    """A platform east of the office may cover a day that has not come here yet."""
    office.at("2026-11-20 10:00").collect(covered(VIEWS, "2026-01-01", "2026-11-25"))

    assert office.assign().resume == {VIEWS.key: day("2026-11-17")}


def test_listed_posts_resume_like_days_and_closed_periods_do_not(office: Office) -> None:
    """Of a post's measure the covered days are those whose posts were listed to the end."""
    office.at("2026-11-20 10:00").collect(
        covered(LIKES, "2026-01-01", "2026-11-20"), covered(USERS, "2026-10-01", "2026-10-31")
    )

    assert office.assign().resume == {LIKES.key: day("2026-11-17")}


def test_a_named_period_is_asked_for_anew_and_up_to_today(office: Office) -> None:
    """What is answered stays without a hole: the next snapshot goes on after the last answered day."""
    office.collect(covered(VIEWS, "2026-01-01", "2026-11-15"))

    assert office.assign(parse_period("2025-S2")).window == Days(day("2025-07-01"), day("2026-11-20"))
    assert office.assign(parse_period("2025-S2")).resume[VIEWS.key] == day("2025-07-01")
    assert office.assign(parse_period("2026-10")).window == office.assign().window
    assert office.assign(parse_period("2026-10")).resume[VIEWS.key] == day("2026-10-01")
    assert office.assign(parse_period("2027")).resume == office.assign().resume


def test_a_named_period_before_anything_was_asked_leaves_no_days_out(office: Office) -> None:
    """`collect now --period 2026-10` as the first command must not make the months before it look answered."""
    first = office.assign(parse_period("2026-10"))

    assert first.resume == {}
    assert first.window == Days(day("2026-01-01"), day("2026-11-20"))


def test_closed_periods_are_asked_for_until_they_were_answered_when_final(office: Office) -> None:
    """Google may still move a month's visitors for days after it ended; then it is left in peace."""
    months = [f"2026-{number:02}" for number in range(1, 11)]
    assert office.at("2026-11-02 10:00").assign().closed_periods == tuple(month(text) for text in months)

    office.collect(*(covered(USERS, str(month(text).days.first), str(month(text).days.last)) for text in months))
    assert office.assign().closed_periods == (month("2026-10"),)  # answered on 2 November: not final yet

    office.at("2026-11-03 23:59").collect(covered(USERS, "2026-10-01", "2026-10-31"))
    assert office.assign().closed_periods == (month("2026-10"),)
    office.at("2026-11-04 00:00").collect(covered(USERS, "2026-10-01", "2026-10-31"))
    assert office.assign().closed_periods == ()
    assert office.at("2026-11-30 23:59").assign().closed_periods == ()
    assert office.at("2026-12-01 00:00").assign().closed_periods == (month("2026-11"),)


def test_a_named_period_asks_for_its_closed_periods_anew(office: Office) -> None:
    """Before a report they are read once more, final or not."""
    office.at("2026-11-20 10:00").collect(covered(USERS, "2026-10-01", "2026-10-31"))

    assert office.assign(parse_period("2026-Q3")).closed_periods == (
        month("2026-07"), month("2026-08"), month("2026-09"),
    )  # fmt: skip
    assert office.assign(parse_period("2026-10")).closed_periods == (month("2026-10"),)
    assert month("2026-10") not in office.assign().closed_periods


def test_only_spans_that_the_platform_has_are_closed_periods(office: Office) -> None:
    """The toy has months; nobody asks it for quarters."""
    assert {closed.span for closed in office.assign().closed_periods} == {"month"}


def test_posts_are_known_while_they_are_young_enough_to_change(office: Office) -> None:
    """Their counts are read again; older ones have settled and would cost a request each."""
    now = office.at("2026-11-20 10:00").clock.now()
    ages = {"new": 0, "young": POST_REFRESH_DAYS, "old": POST_REFRESH_DAYS + 1}

    def post(name: str) -> Callable[[Any], Post]:
        return lambda place: Post(name, now - timedelta(days=ages[name]), "video", "", "", place)

    office.collect(*(post(name) for name in ages))

    known = office.assign().known_posts
    assert known == (KnownPost("young", now - timedelta(days=POST_REFRESH_DAYS), now), KnownPost("new", now, now))


def test_where_the_answered_days_begin_is_told_too(office: Office) -> None:
    """A list that begins with the newest goes on before it, however often it was cut."""
    assert office.assign().answered_from == {}
    office.collect(covered(VIEWS, "2026-10-01", "2026-11-19"), covered(VIEWS, "2026-08-03", "2026-09-30"))

    assert office.assign().answered_from == {VIEWS.key: day("2026-08-03")}


def test_a_refused_measure_is_not_asked_for_during_thirty_days(office: Office) -> None:
    """Asked each day it would fail the whole batch each day; platforms also bring things back."""
    began = office.at("2026-11-20 10:00").clock.now()
    days = Days(day("2026-11-01"), day("2026-11-02"))
    office.collect(
        lambda place: Gap(FOLLOWERS, Reason.RETIRED, Moment(began), place),
        lambda place: Gap(LIKES, Reason.HIDDEN, Moment(began), place),
        lambda place: Gap(VIEWS, Reason.RETIRED, days, None),
    )

    assert office.assign().dead_measures == {FOLLOWERS.key}  # the one that the platform refused just now
    office.clock.move_to(began + timedelta(days=30))
    assert office.assign().dead_measures == {FOLLOWERS.key}
    office.clock.sleep(1)
    assert office.assign().dead_measures == set()


def test_an_account_without_a_cap_has_no_budget(office: Office) -> None:
    """Most platforms are free."""
    assert office.assign().budget is None


@pytest.mark.parametrize("toy_keys", [{"token": "toy-token-one", "cap": "0.05"}])
def test_what_a_year_costs_adds_up_and_begins_anew_with_the_next(toy: Play, clock: SetClock) -> None:
    """Counted by the calendar year in UTC, as platforms bill; of this account only; refused questions are free."""
    seen = Account(None, "kantor", {"cap": "0.05"})
    account, other = toy.add("kantor"), toy.add("lain")
    assigner = Assigner(toy.application.queries, ResumePoints(toy.application.store))

    def left(moment: str) -> int | None:
        return assigner.budget(toy.connector, account, seen, datetime.fromisoformat(moment))

    def paid(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        yield fetch(Request("api", "/paid", cost=20_000))["followers"].read(FOLLOWERS)

    toy.connector.script = paid
    toy.answer("/paid", Answered({"followers": 1}))
    for moment in ("2026-12-31T23:00:00+00:00", "2027-01-01T00:00:00+00:00"):
        clock.move_to(datetime.fromisoformat(moment))
        toy.collect("kantor")
    assert other.id != account.id

    assert left("2027-06-01T00:00:00+00:00") == 30_000
    assert left("2028-01-01T00:00:00+00:00") == 50_000

    clock.move_to(datetime(2027, 6, 1, tzinfo=UTC))
    assert toy.collect("lain")["lain"].result == "ok"
    assert left("2027-06-01T00:00:00+00:00") == 30_000
    for _ in range(3):
        toy.collect("kantor")
        clock.sleep(3600)
    assert left("2027-06-01T00:00:00+00:00") == 10_000
    assert sum(row["cost"] for row in toy.rows(schema.snapshots)) == 20_000 * 4


def test_an_assignment_is_stored_whole_and_reads_the_same(office: Office, toy: Play) -> None:
    """With it every kept answer can be read again at any time; its text is the same for the same assignment."""
    now = office.at("2026-11-20 10:00").clock.now()
    assignment = Assignment(
        Account("17", "kantor", {"url": "https://a.example"}, frozenset({"token", "name"})),
        now,
        Days(day("2026-01-01"), day("2026-11-20")),
        (month("2026-10"),),
        (KnownPost("p/1", now),),
        frozenset({"b:account:day", "a:account:day"}),
        {VIEWS.key: day("2026-11-01")},
        12,
    )

    text = dump_assignment(assignment)

    assert load_assignment(text) == assignment
    assert dump_assignment(load_assignment(text)) == text
    assert '"keys": ["name", "token"]' in text

    collected = office.collect(covered(VIEWS, "2026-01-01", "2026-11-19"))
    assert collected.now == now
    assert collected.account == Account("id-kantor", "kantor", {"name": "kantor"}, frozenset({"name", "token"}))
