"""Percentages against an independent reckoning, on very many pairs."""

import random
from fractions import Fraction

import pytest
from growth_tables import ask, at, change_of, line, point

from collector.growth.change import Flag
from collector.growth.levels import compare_levels
from collector.growth.points import Line, Point
from connectors.kit import Kind


def check(pairs: int) -> None:
    """Compare random pairs of figures."""
    numbers, question = random.Random(2026), ask("2022-S2")
    june, december = at("2022-06-30"), at("2022-12-31")
    for _ in range(pairs):
        base = numbers.choice([numbers.randint(1, 2_000), numbers.randint(1, 10**15)])
        end = numbers.choice([numbers.randint(0, 2_000), numbers.randint(0, 10**15)])
        points = (Point(base, june, june.date()), Point(end, december, december.date()))
        percent = compare_levels(Line("f:account:now", "f", "now", Kind.LEVEL, points), question).percent
        assert percent is not None
        assert percent.value == percent.least == percent.most == Fraction(end, base) * 100 - 100


def test_percentages_agree_with_an_independent_reckoning():
    """Exactly: a fraction is compared with a fraction."""
    check(3_000)


@pytest.mark.prove
def test_a_hundred_thousand_percentages_agree():
    """The same on a hundred thousand pairs."""
    check(100_000)


def test_a_typed_and_a_collected_end_may_be_compared():
    """A June figure typed today meets the December one collected tomorrow."""
    change = change_of(line("2022-06-30 1240 typed\n2022-12-31 1619"), ask("2022-S2"))

    assert change.flags == {Flag.MANUAL}
    assert change.base.points[0].code == point("2022-06-30 1240 typed").code
