"""Leaps in the followers: held until explained, and never for what a person typed."""

import pytest
from growth_tables import ask, at, change_of, line, point
from hypothesis import given
from hypothesis import strategies as st

from collector.growth.change import Flag
from collector.growth.holding import Doubt, Ruling, Verdict, hold, leaps
from collector.growth.points import Ending


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


def ruled(row: str, verdict: Verdict, when: str = "2022-08-31") -> Ruling:
    """Say a verdict on a figure."""
    meant = point(row)
    return Ruling(meant.code, verdict, at(when), meant.day, meant.value)


def test_a_person_decides():
    """What is accepted is the new base, what is refused is never shown as a figure of the account."""
    rows = [point("2022-08-01 1000"), point("2022-08-02 5000"), point("2022-08-03 5010")]

    accepted = hold(rows, [ruled("2022-08-02 5000", Verdict.ACCEPTED)])
    assert values(accepted.accepted) == [1000, 5000, 5010]
    assert [(leap.ending, values(leap.points)) for leap in accepted.leaps] == [(Ending.CONFIRMED, [5000])]
    refused = hold(rows, [ruled("2022-08-02 5000", Verdict.REFUSED)])
    assert (values(refused.accepted), values(refused.held), values(refused.refused)) == ([1000], [], [5000, 5010])


def test_what_stays_up_after_a_refusal_waits_for_another_word():
    """The hack went on after somebody said no, or the owner has the account back with a new number: nobody knows."""
    days = [f"2022-08-{day:02} {5000 + day}" for day in range(2, 12)]
    rows = [point("2022-08-01 1000"), *(point(row) for row in days)]
    refusal = ruled("2022-08-02 5002", Verdict.REFUSED, "2022-08-04")

    found = hold(rows, [refusal])
    assert values(found.accepted) == [1000]
    assert values(found.refused) == [5002, 5003, 5004]
    assert values(found.held) == list(range(5005, 5012)), "three days that agree with what was refused prove nothing"

    back = hold(rows, [refusal, ruled("2022-08-08 5008", Verdict.ACCEPTED)])
    assert values(back.accepted) == [1000, 5008, 5009, 5010, 5011]
    assert values(back.held) == [5005, 5006, 5007]

    usual = hold([*rows, point("2022-08-12 1010"), *(point(f"2022-08-{day} 5000") for day in range(13, 17))], [refusal])
    assert values(usual.accepted) == [1000, 1010, 5000, 5000, 5000, 5000], "after a usual figure a leap is a new one"


def test_a_verdict_on_a_leap_holds_for_the_other_count_of_it():
    """Some platforms tell the followers of the moment and of the day's end: one leap, one question."""
    of_day = [point("2022-08-01 1001"), point("2022-08-03 5080"), point("2022-08-04 5090")]

    for verdict, used in ((Verdict.ACCEPTED, [1001, 5080, 5090]), (Verdict.REFUSED, [1001])):
        assert values(hold(of_day, [ruled("2022-08-02 5000", verdict)]).accepted) == used
    elsewhere = [ruled("2022-08-09 5000", Verdict.REFUSED), ruled("2022-08-03 1001", Verdict.REFUSED)]
    assert values(hold(of_day, elsewhere).refused) == []


@pytest.mark.parametrize(
    ("doubt", "used"),
    [
        (("2022-07-20", None), [1000]),
        (("2022-08-04T11:00", None), [1000]),
        (("2022-08-05T13:00", None), [1000, 5000, 5000, 5000, 5000]),  # believed before anybody doubted
        (("2022-07-20", "2022-07-30"), [1000, 5000, 5000, 5000, 5000]),
        (("2022-08-03", "2022-08-04T13:00"), [1000]),
    ],
)
def test_no_figure_is_believed_by_itself_while_the_account_may_be_in_other_hands(doubt, used):
    """Bought followers stay for weeks; three days that agree say nothing of a hacked account."""
    since, until = doubt
    rows = [point("2022-08-01T12:00 1000"), *(point(f"2022-08-0{day}T12:00 5000") for day in range(2, 6))]
    doubts = [Doubt(at(since), at(until) if until else None)]

    assert values(hold(rows, (), doubts).accepted) == used


def test_after_the_doubt_three_more_days_are_wanted():
    """The owner has the account back, and the number stays: counted from then on."""
    rows = [point("2022-08-01 1000"), *(point(f"2022-08-{day:02} 5000") for day in range(2, 10))]

    found = hold(rows, (), [Doubt(at("2022-08-03"), at("2022-08-05"))])

    assert [one.day.day for one in found.accepted] == [1, 6, 7, 8, 9]
    assert [(leap.ending, len(leap.points)) for leap in found.leaps] == [(Ending.HELD, 4), (Ending.AGREED, 4)]


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


_DAYS = st.integers(0, 40)
_SAID = st.tuples(st.integers(0, 24), st.sampled_from(list(Verdict)), _DAYS)
_DOUBTED = st.tuples(_DAYS, st.none() | _DAYS)


@given(st.lists(st.tuples(_DAYS, st.sampled_from([1000, 1010, 5000, 5100, 40])), max_size=25), st.lists(_SAID),
       st.lists(_DOUBTED, max_size=3))  # fmt: skip
def test_every_figure_ends_in_one_place(history, said, doubted):
    """None is lost, none doubled, and the order in which figures and words come does not matter."""
    first = at("2022-08-01").date().toordinal()

    def moment(day: int) -> str:
        return f"{type(at('2022-08-01').date()).fromordinal(first + day)}T12:00"

    points = [point(f"{moment(day)} {value}") for day, value in history]
    meant = [(points[number], verdict, day) for number, verdict, day in said if number < len(points)]
    rulings = {one.code: Ruling(one.code, verdict, at(moment(day)), one.day, one.value) for one, verdict, day in meant}
    doubts = [Doubt(at(moment(since)), at(moment(until)) if until is not None else None) for since, until in doubted]
    found = hold(points, rulings.values(), doubts)

    assert sorted(values([*found.accepted, *found.held, *found.refused])) == sorted(values(points))
    assert hold(points[::-1], [*rulings.values()][::-1], doubts[::-1]) == found
    for leap in found.leaps:
        place = {Ending.HELD: found.held, Ending.REFUSED: found.refused}.get(leap.ending, found.accepted)
        assert set(leap.points) <= set(place)
        if leap.ending is Ending.AGREED:
            spans = [(one.since, one.until) for one in doubts]
            begin, end = leap.points[0].at, leap.points[-1].at
            assert not any(since <= end and (until is None or until >= begin) for since, until in spans)
            assert len({one.day for one in leap.points}) >= 4
    assert {one.code for one in points if one.code in rulings and rulings[one.code].verdict is Verdict.REFUSED} <= {
        one.code for one in found.refused
    }
