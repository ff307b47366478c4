"""Leaps in the followers: held until explained, and never for what a person typed."""

import pytest
from growth_tables import ask, at, change_of, line, point
from hypothesis import given
from hypothesis import strategies as st

from collector.growth.change import Flag
from collector.growth.holding import Verdict, hold, leaps


def values(points):
    return [one.value for one in points]


@pytest.mark.parametrize(
    ("before", "after", "is_leap"),
    [
        ("2022-08-01 1000", "2022-08-02 1200", False),  # a fifth
        ("2022-08-01 1000", "2022-08-02 1201", True),
        ("2022-08-01 100", "2022-08-02 150", False),  # fifty
        ("2022-08-01 100", "2022-08-02 151", True),
        ("2022-08-01 1000", "2022-08-02 950", False),  # a twentieth
        ("2022-08-01 1000", "2022-08-02 949", True),
        ("2022-08-01 100", "2022-08-02 90", False),  # ten
        ("2022-08-01 100", "2022-08-02 89", True),
        ("2022-08-01 1000", "2022-08-03 1400", False),  # two days, twice as much
        ("2022-08-01 1000", "2022-08-03 1401", True),
        ("2022-08-01 1000", "2022-12-01 2401", True),  # seven days at most
        ("2022-08-01T08:00 1000", "2022-08-01T20:00 1201", True),  # less than a day is a day
    ],
)
def test_what_is_a_leap(before, after, is_leap):
    """Up by more than max(50, 20 %), down by more than max(10, 5 %), for each day between, at most seven."""
    assert leaps(point(before), point(after)) == is_leap


def test_a_leap_waits_and_the_next_usual_figure_goes_on():
    """A day of five thousand between two of a thousand is a fault of the platform's, or a hack."""
    found = hold([point("2022-08-01 1000"), point("2022-08-02 5000"), point("2022-08-03 1001")], {})

    assert (values(found.accepted), values(found.held)) == ([1000, 1001], [5000])


def test_three_more_days_that_agree_accept_it():
    """A post that went round the country: after three further days it is true."""
    rows = ["2022-08-01 1000", "2022-08-02 5000", "2022-08-03 5100", "2022-08-04 5200"]

    assert values(hold([point(row) for row in rows], {}).accepted) == [1000]
    four = hold([point(row) for row in [*rows, "2022-08-05 5250"]], {})
    assert (values(four.accepted), four.held) == ([1000, 5000, 5100, 5200, 5250], ())


def test_figures_that_do_not_agree_begin_anew():
    """Five thousand, then eight: neither is believed for the other's sake."""
    rows = ["2022-08-01 1000", "2022-08-02 5000", "2022-08-03 8000", "2022-08-04 8100", "2022-08-05 8000"]

    found = hold([point(row) for row in rows], {})

    assert (values(found.accepted), values(found.held)) == ([1000], [5000, 8000, 8100, 8000])
    accepted = hold([point(row) for row in [*rows, "2022-08-06 8000"]], {})
    assert (values(accepted.accepted), values(accepted.held)) == ([1000, 8000, 8100, 8000, 8000], [5000])


def test_a_person_decides():
    """What is accepted is the new base, what is refused is never shown as a figure of the account."""
    rows = [point("2022-08-01 1000"), point("2022-08-02 5000"), point("2022-08-03 5010")]
    leap = rows[1].code

    assert values(hold(rows, {leap: Verdict.ACCEPTED}).accepted) == [1000, 5000, 5010]
    refused = hold(rows, {leap: Verdict.REFUSED})
    assert (values(refused.accepted), values(refused.held), values(refused.refused)) == ([1000], [5010], [5000])


def test_what_a_person_typed_is_not_doubted():
    """They looked at the screen."""
    assert values(hold([point("2022-08-01 10"), point("2022-08-02 5000 typed")], {}).accepted) == [10, 5000]


def test_a_held_figure_is_said():
    """The report uses the last accepted one, and says that a newer one waits."""
    leap = point("2022-12-30 5000")
    change = change_of(line("2022-06-30 1240\n2022-12-28 1619", held=(leap,)), ask("2022-S2"))

    assert change.end.value == 1619
    assert change.flags == {Flag.HELD}
    earlier = line("2022-06-30 1240\n2022-12-28 1619", held=(point("2022-12-20 5000"),))
    assert change_of(earlier, ask("2022-S2")).flags == set()


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 9000)), max_size=25))
def test_every_figure_ends_in_one_place(history):
    """None is lost, none doubled, and the order in which they come does not matter."""
    days = [at("2022-08-01").date().toordinal() + number for number, _ in history]
    points = [
        point(f"{type(at('2022-08-01').date()).fromordinal(day)}T12:00 {value}")
        for day, (_, value) in zip(days, history, strict=True)
    ]
    found = hold(points, {})

    assert sorted(values([*found.accepted, *found.held, *found.refused])) == sorted(values(points))
    assert hold(points[::-1], {}) == found
