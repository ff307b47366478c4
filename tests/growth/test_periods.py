"""Calendar periods: without a gap, without an overlap, and as people write them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.growth.periods import MONTHS_OF, Period, list_closed, parse_period, period_of, previous

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
SPANS = st.sampled_from(sorted(MONTHS_OF))


@pytest.mark.parametrize(
    ("text", "span", "first", "last"),
    [
        ("2022-S1", "semester", "2022-01-01", "2022-06-30"),
        ("2022-S2", "semester", "2022-07-01", "2022-12-31"),
        ("2022-q1", "quarter", "2022-01-01", "2022-03-31"),
        ("2022-Q4", "quarter", "2022-10-01", "2022-12-31"),
        ("2022-12", "month", "2022-12-01", "2022-12-31"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        (" 2022 ", "year", "2022-01-01", "2022-12-31"),
        ("2022-07-01..2022-12-28", "days", "2022-07-01", "2022-12-28"),
        ("2022-12-28..2022-12-28", "days", "2022-12-28", "2022-12-28"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, span: str, first: str, last: str) -> None:
    """The words of the command line and of the reports."""
    period = parse_period(text)

    assert period == Period(span, date.fromisoformat(first), date.fromisoformat(last))
    assert period.days == (period.last - period.first).days + 1


@pytest.mark.parametrize(
    "text",
    ["", "2022-S3", "2022-Q5", "2022-13", "2022-00", "22-S1", "S2-2022", "2022-S2 2023", "2022-07-01", "2022-1",
     "2022-12-28..2022-07-01", "2022-02-30..2022-03-01", "2022-07-01..", "..2022-07-01", "2022-07-01..a..b", "0000"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    """A period read wrongly is a report about other months."""
    with pytest.raises(ValueError):
        parse_period(text)


@given(SPANS, DAYS)
def test_every_day_lies_in_the_period_that_holds_it(span: str, day: date) -> None:
    """And that period begins with a month and ends with one."""
    period = period_of(span, day)

    assert period.span == span
    assert period.first <= day <= period.last
    assert period.first.day == 1
    assert (period.last + timedelta(days=1)).day == 1
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    assert months == MONTHS_OF[span]
    assert (period.first.month - 1) % MONTHS_OF[span] == 0


@given(SPANS, DAYS)
def test_the_period_before_ends_where_this_one_begins(span: str, day: date) -> None:
    """No day is left out of a comparison, and none is counted twice."""
    period = period_of(span, day)
    before = previous(period)

    assert before.last + timedelta(days=1) == period.first
    assert before == period_of(span, before.first)


@given(DAYS, st.integers(1, 500))
def test_before_a_free_span_lie_as_many_days(first: date, length: int) -> None:
    """The report's own span is compared with one of the same length."""
    span = Period("days", first, first + timedelta(days=length - 1))
    before = previous(span)

    assert (before.span, before.days) == ("days", length)
    assert before.last + timedelta(days=1) == first


@given(SPANS, DAYS, st.integers(0, 900))
def test_closed_periods_follow_each_other_and_are_over(span: str, first: date, length: int) -> None:
    """All that began on or after the first day and ended before today, in order, none twice."""
    today = first + timedelta(days=length)

    closed = list(list_closed(span, first, today))

    assert all(period.first >= first and period.last < today for period in closed)
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(closed))
    assert all(period == period_of(span, period.first) for period in closed)
    if closed:
        assert previous(closed[0]).first < first
        assert period_of(span, closed[-1].last + timedelta(days=1)).last >= today
    else:
        begun = period_of(span, first)
        candidate = begun if begun.first == first else period_of(span, begun.last + timedelta(days=1))
        assert candidate.last >= today


def test_a_period_that_ends_today_is_not_closed() -> None:
    """Its last day is still going on."""
    assert list(list_closed("month", date(2026, 11, 1), date(2026, 11, 30))) == []
    assert list(list_closed("month", date(2026, 11, 1), date(2026, 12, 1))) == [parse_period("2026-11")]
    assert list(list_closed("month", date(2026, 11, 2), date(2026, 12, 1))) == []
