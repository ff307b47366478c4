"""Flows: sums against sums, missing days never noughts, and no rise out of the calendar alone."""

from datetime import date
from fractions import Fraction

import pytest
from growth_tables import answered, ask, change_of, daily, days_of, point, told
from hypothesis import given
from hypothesis import strategies as st

from collector.growth.change import WITHOUT_PERCENT, Flag
from collector.growth.points import Line
from connectors.kit import Kind

S1, S2 = days_of("2022-01-01", "2022-06-30"), days_of("2022-07-01", "2022-12-31")
BOTH = [*S1, *S2]


def test_whole_months_of_one_length_are_compared_as_sums():
    """July and August have 31 days each."""
    days = days_of("2022-07-01", "2022-08-31")
    change = change_of(daily({day: 10 if day.month == 7 else 12 for day in days}), ask("2022-08"))

    assert told(change) == (310, 372, 62, set())
    assert change.percent.value == 20


def test_the_sums_and_days_of_two_semesters_are_printed():
    """181 and 184 days: both sums are shown, the percentage is of the mean of a day."""
    change = change_of(daily({day: 100 if day in S1 else 110 for day in BOTH}), ask("2022-S2"))

    assert told(change) == (18100, 20240, 2140, {"mean_per_day"})
    assert (change.base.recorded, change.base.days, change.end.recorded, change.end.days) == (181, 181, 184, 184)
    assert change.percent.value == 10


def test_days_that_were_answered_without_a_figure_were_idle():
    """YouTube and Google leave idle days out; they count as recorded and add nothing."""
    seen = dict.fromkeys(S1, 100) | dict.fromkeys(S2[:92], 100)
    line = daily(seen, answered=(answered("2022-01-01", "2022-12-31"),))

    change = change_of(line, ask("2022-S2"))

    assert told(change) == (18100, 9200, -8900, {"mean_per_day"})
    assert change.end.recorded == 184
    assert change.percent.value == Fraction(100 * (9200 * 181 - 18100 * 184), 18100 * 184)


def test_days_that_were_not_answered_are_missing():
    """Half a semester is part of one: its sum is shown with its days and without a percentage."""
    change = change_of(daily(dict.fromkeys([*S1, *S2[:92]], 100)), ask("2022-S2"))

    assert told(change)[3] == {"partial_coverage", "mean_per_day"}
    assert (change.end.value, change.end.recorded, change.end.days) == (9200, 92, 184)
    assert change.percent is None


@pytest.mark.parametrize(("missing", "is_partial"), [(18, False), (19, True)])
def test_nine_tenths_of_the_days_are_enough(missing, is_partial):
    """Of 184 days 166 are 90,2 per cent, 165 are 89,7."""
    change = change_of(daily(dict.fromkeys([*S1, *S2[missing:]], 100)), ask("2022-S2"))

    assert (Flag.PARTIAL_COVERAGE in change.flags) == is_partial == (change.percent is None)


def test_an_outage_does_not_make_a_fall():
    """166 recorded days against 181 would be a fall of 8 per cent, made of nothing."""
    change = change_of(daily(dict.fromkeys([*S1, *S2[18:]], 100)), ask("2022-S2"))

    assert change.percent.value == 0
    assert change.difference.least == 16600 - 18100


def test_a_period_or_a_base_without_a_day_is_said():
    """Nothing recorded is not a sum of nought."""
    assert told(change_of(daily(dict.fromkeys(S1, 5)), ask("2022-S2"))) == (905, None, None, {"no_reading_in_period"})
    assert told(change_of(daily(dict.fromkeys(S2, 5)), ask("2022-S2"))) == (None, 920, None, {"no_base"})


def test_a_sum_never_goes_over_a_change_of_meaning():
    """Views were redefined on 24 August 2026: only the days since are summed, and nothing is compared."""
    rows = [f"{day} {100} v{1 if day < date(2026, 8, 24) else 2}" for day in days_of("2026-01-01", "2026-12-31")]
    line = Line("views:account:day", "views", "day", Kind.FLOW, tuple(point(row) for row in rows))

    change = change_of(line, ask("2026-S2"))

    assert change.end.value == 100 * len(days_of("2026-08-24", "2026-12-31"))
    assert Flag.DEFINITION_CHANGED in change.flags
    assert (change.difference, change.percent) == (None, None)


def test_days_after_the_position_are_not_counted():
    """The report of 10 July knows nine days."""
    line = daily(dict.fromkeys(BOTH, 1), answered=(answered("2022-01-01", "2022-12-31"),))

    assert change_of(line, ask("2022-S2", position="2022-07-10T09:00")).end.value == 9


def test_negative_sums_have_no_percentage():
    """YouTube takes views back; a day's sum may be below nought."""
    change = change_of(daily({day: -1 if day in S1 else 2 for day in BOTH}), ask("2022-S2"))

    assert told(change)[3] == {"base_zero", "mean_per_day"}
    assert change.percent is None


@given(st.sets(st.sampled_from(BOTH)), st.integers(1, 500))
def test_a_constant_rate_never_rises_or_falls_whatever_days_are_missing(missing, rate):
    """The calendar and the outages make no growth."""
    change = change_of(daily({day: rate for day in BOTH if day not in missing}), ask("2022-S2"))

    assert change.percent is None or change.percent.value == 0


@given(st.dictionaries(st.sampled_from(S2), st.integers(-20, 900)), st.integers(1, 183))
def test_the_parts_of_a_period_sum_to_the_whole(values, cut):
    """Wherever a period is split, its parts have the same sum and the same recorded days."""
    line = daily(values)
    whole = change_of(line, ask("2022-S2")).end
    parts = [
        change_of(line, ask(f"{first}..{last}")).end
        for first, last in ((S2[0], S2[cut - 1]), (S2[cut], S2[-1]))
    ]  # fmt: skip

    there = [part for part in parts if part is not None]
    assert (whole is None) == (not there) == (not values)
    if whole is not None:
        assert whole.value == sum(part.value for part in there) == sum(values.values())
        assert whole.recorded == sum(part.recorded for part in there) == len(values)


@given(st.dictionaries(st.sampled_from(BOTH), st.integers(-20, 900)))
def test_a_percentage_is_absent_exactly_when_a_flag_says_why(values):
    """And where it is there, it is what a second reckoning comes to."""
    change = change_of(daily(values), ask("2022-S2"))

    assert (change.percent is None) == bool(change.flags & WITHOUT_PERCENT)
    if change.percent is not None:
        before, after = ([values[day] for day in days if day in values] for days in (S1, S2))
        mean, later = Fraction(sum(before), len(before)), Fraction(sum(after), len(after))
        assert change.percent.value == later / mean * 100 - 100
