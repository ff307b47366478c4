"""Levels: which figure is the base, which the end, and what has to be said about them."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from growth_tables import ask, at, change_of, line, told
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.growth.change import WITHOUT_PERCENT, Flag
from collector.growth.differ import compare
from collector.growth.points import Line, Origin, Point
from connectors.kit import Kind

S2 = "2022-S2"


def test_a_plain_semester():
    """The example of the growth rules: 1.619 on 28 December, up 379 from 1.240 on 30 June."""
    change = change_of(line("2022-06-30 1240\n2022-12-28T14:24 1619"), ask(S2, position="2022-12-28T14:24"))

    assert told(change) == (1240, 1619, 379, set())
    assert change.percent.value == Fraction(37900, 1240)
    assert (change.base.last, change.end.last) == (at("2022-06-30").date(), at("2022-12-28").date())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2022-06 314 derived\n2022-12-28 376 typed", (314, 376, 62, {"derived_base", "manual"})),
        ("2022-06 1652..1653 derived\n2022-12-28 1689 typed",
         (1652, 1689, (36, 37), {"derived_base", "interval", "manual"})),
        ("2022-06 1240 derived\n2022-12-28 1619 typed", (1240, 1619, 379, {"derived_base", "manual"})),
        ("2022-06 31 derived\n2022-12-28 32 typed", (31, 32, 1, {"derived_base", "small_base", "manual"})),
        ("2022-12-28 129 typed", (None, 129, None, {"no_base", "manual"})),
    ],
)  # fmt: skip
def test_the_pontianak_report_computed_right(rows, expected):
    """Two of the four printed growth figures of the real report are wrong; these are the right ones."""
    assert told(change_of(line(rows), ask(S2, position="2022-12-28"))) == expected


def test_an_intervals_percentage_is_an_interval():
    """1.230 and 1.310 are floored: 71 to 89 more, 5,7 to 7,2 per cent."""
    change = change_of(line("2022-06-30 1230..1239\n2022-12-31 1310..1319"), ask(S2))

    assert (change.difference.least, change.difference.most) == (71, 89)
    assert change.percent.least == Fraction(7100, 1239)
    assert change.percent.most == Fraction(8900, 1230)
    assert change.percent.value == Fraction(8000, 1230)


@pytest.mark.parametrize(
    ("base", "flags"),
    [
        ("2022-06-23", set()),
        ("2022-06-22", {"stale_base"}),
        ("2022-05-30", {"stale_base"}),
        ("2022-05-29", {"no_base"}),
    ],
)
def test_a_base_ages(base, flags):
    """A week is nothing, a month too much: then there is no base any more."""
    change = change_of(line(f"{base} 1240\n2022-12-28 1619"), ask(S2))

    assert {str(flag) for flag in change.flags} == flags
    assert (change.percent is None) == ("no_base" in flags)


def test_a_month_alone_does_not_age():
    """Nobody knows its day, so nobody can say that it is stale."""
    assert told(change_of(line("2022-04 1240 typed\n2022-12-28 1619"), ask(S2))) == (1240, 1619, 379, {"manual"})


def test_without_a_base_the_periods_first_figure_is_compared_without_a_percentage():
    """The office began in August: that much is known, and no more."""
    change = change_of(line("2022-03-01 900\n2022-08-14 1409\n2022-10-01 1500\n2022-12-28 1619"), ask(S2))

    assert told(change) == (1409, 1619, 210, {"first_in_period"})
    assert change.percent is None


def test_one_reading_never_makes_a_change():
    """A position alone is a position."""
    assert told(change_of(line("2022-12-28 129"), ask(S2))) == (None, 129, None, {"no_base"})


def test_a_period_without_a_figure_has_none():
    """The last one known is named, and not carried into the period."""
    change = change_of(line("2022-06-29 1240"), ask(S2))

    assert told(change) == (1240, None, None, {"no_reading_in_period"})
    assert change.last_known.value == 1240


@pytest.mark.parametrize(
    ("end", "flags"),
    [("2022-12-24", set()), ("2022-12-23", {"stale_end"}), ("2022-11-29", {"stale_end", "end_too_old"})],
)
def test_an_end_ages(end, flags):
    """A figure of November cannot stand for the end of December."""
    change = change_of(line(f"2022-06-30 1240\n{end} 1619"), ask(S2))

    assert {str(flag) for flag in change.flags} == flags
    assert (change.percent is None) == ("end_too_old" in flags)


def test_what_comes_after_the_position_is_not_known_yet():
    """A report of 28 December, 14.24, does not know what 28 December, 14.25, brought."""
    rows = "2022-06-30 1240\n2022-12-28T14:24 1619\n2022-12-28T14:25 9999\n2023-01-02 9999"

    assert told(change_of(line(rows), ask(S2, position="2022-12-28T14:24")))[1] == 1619


@pytest.mark.parametrize(("opened", "flags"), [("2022-10", {"new_account"}), ("2022-06", set())])
def test_an_account_of_the_period_is_new(opened, flags):
    """It had nothing to grow from."""
    opened_on = at(opened).date().replace(day=1)
    change = change_of(line("2022-06-30 100\n2022-12-28 129"), ask(S2, opened=opened_on))

    assert {str(flag) for flag in change.flags} == flags
    assert (change.base is None) == bool(flags)


@pytest.mark.parametrize(("base", "flags"), [(0, {"base_zero"}), (-3, {"base_zero"}), (1, {"small_base"}),
                                             (99, {"small_base"}), (100, set())])  # fmt: skip
def test_small_and_empty_bases_are_said(base, flags):
    """From nought there is no percentage; from 31 one person is three of them."""
    change = change_of(line(f"2022-06-30 {base}\n2022-12-31 112"), ask(S2))

    assert {str(flag) for flag in change.flags} == flags
    assert change.difference.least == 112 - base
    assert (change.percent is None) == ("base_zero" in flags)


def test_a_hidden_count_has_no_figure():
    """What the owner hides is not what it was before."""
    hidden = (at("2022-12-20T10:00"),)
    change = change_of(line("2022-06-30 1240\n2022-12-01 1500", hidden=hidden), ask(S2))

    assert told(change) == (1240, None, None, {"hidden"})
    shown_again = line("2022-06-30 1240\n2022-12-21 1500", hidden=hidden)
    assert told(change_of(shown_again, ask(S2))) == (1240, 1500, 260, {"stale_end"})


def test_two_meanings_are_never_compared():
    """Reach became viewers: the difference would be of two things."""
    change = change_of(line("2022-06-30 1240 v1\n2022-12-31 1619 v2"), ask(S2))

    assert told(change) == (1240, 1619, None, {"definition_changed"})
    assert change.percent is None


def test_an_account_that_took_anothers_place_is_not_compared_with_it():
    """After a hack the new account has its own history."""
    change = change_of(line("2022-06-30 1240\n2022-12-31 40"), ask(S2, replaced=at("2022-08-01").date()))

    assert told(change) == (1240, 40, None, {"account_replaced"})


def test_a_counter_that_falls_was_corrected():
    """Platforms take back views; the difference is shown as it is, and said."""
    change = change_of(line("2022-06-30 500\n2022-12-31 480", metric="views", kind=Kind.COUNTER), ask(S2))

    assert told(change) == (500, 480, -20, {"counter_fell"})
    assert "counter_fell" not in told(change_of(line("2022-06-30 500\n2022-12-31 480"), ask(S2)))[3]


def test_of_one_day_the_most_trusted_figure_is_taken():
    """Exact from the platform, then typed, then rounded, then worked back."""
    rows = ["2022-12-31T08:00 1619", "2022-12-31T14:00 1600 typed", "2022-12-31T15:00 1610..1619",
            "2022-12-31T16:00 1500 derived"]  # fmt: skip
    for number, value in enumerate((1619, 1600, 1610, 1500)):
        change = change_of(line("2022-06-30 1240\n" + "\n".join(rows[number:])), ask(S2))
        assert change.end.value == value


def test_one_measure_at_both_ends():
    """The moment's count has no June; the daily one goes back two years: it is taken for both ends."""
    moment = line("2022-11-20 1500\n2022-12-31 1619")
    day = line("2022-06-30 1241\n2022-12-30 1617", span="day")

    change = change_of([moment, day], ask(S2))

    assert (change.measure, change.base.value, change.end.value) == ("followers:account:day", 1241, 1617)
    both = change_of([line("2022-06-30 1240\n2022-12-31 1619"), day], ask(S2))
    assert (both.measure, both.base.value) == ("followers:account:now", 1240)


def test_a_rounded_count_gets_its_exact_difference_from_gains_and_losses():
    """Where every day's gain and loss is known, the floored public count hides nothing."""
    days = [at("2022-06-30").date() + timedelta(days=number) for number in range(1, 185)]
    gained, lost = (
        Line(f"followers_{name}:account:day", f"followers_{name}", "day", Kind.FLOW,
             tuple(Point(value, at(str(day)), day) for day in days))
        for name, value in (("gained", 1), ("lost", 0))
    )  # fmt: skip
    level = line("2022-06-30 1230..1239\n2022-12-31 1410..1419")

    change = next(one for one in compare(
        [level, gained, lost], ask(S2)) if one.metric == "followers")  # fmt: skip

    assert told(change)[2] == 184
    assert change.percent.least == Fraction(18400, 1239)


@st.composite
def histories(draw):
    """Days of two semesters with a level on some of them, in any order."""
    begin = at("2022-01-01").date()
    numbers = draw(st.lists(st.integers(0, 364), unique=True, max_size=30))
    return [(begin + timedelta(days=number), draw(st.integers(-50, 3000))) for number in numbers]


@given(histories(), st.randoms(use_true_random=False))
def test_order_is_irrelevant_and_a_missing_day_is_never_nought(history, random):
    """Whatever days are missing, each end is a value that was read, on a day on which it was read."""
    check_pattern(history, random)


@pytest.mark.prove
@settings(max_examples=10_000)
@given(histories(), st.randoms(use_true_random=False))
def test_ten_thousand_patterns_of_missing_days(history, random):
    """The same on ten thousand patterns."""
    check_pattern(history, random)


def check_pattern(history, random):
    """Compare a history in two orders."""
    points = [Point(value, at(str(day)), day, str(day)) for day, value in history]
    shuffled = list(points)
    random.shuffle(shuffled)
    first, second = (
        change_of(Line("followers:account:now", "followers", "now", Kind.LEVEL, tuple(some)), ask(S2))
        for some in (points, shuffled)
    )

    assert first == second
    for one in (first.base, first.end):
        assert one is None or (one.last, one.value) in history
    assert (first.percent is None) == bool(first.flags & WITHOUT_PERCENT)
    if len(history) < 2:
        assert first.difference is None


def test_an_end_that_was_revised_after_the_position_is_said():
    """A figure in a signed report may have been corrected since."""
    later = datetime(2023, 1, 5, tzinfo=UTC)
    points = (Point(1240, at("2022-06-30"), at("2022-06-30").date()),
              Point(1619, at("2022-12-28"), at("2022-12-28").date(), revised_at=later))  # fmt: skip
    change = change_of(Line("f:account:now", "f", "now", Kind.LEVEL, points), ask(S2))

    assert change.flags == {Flag.REVISED_SINCE}
    assert Origin.API in {point.origin for point in change.end.points}
