"""Numbers, days and periods as people read them, and the one place that rounds."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import language
from collector.growth.change import Amount
from collector.growth.periods import parse_period
from collector.reports import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [("5/100", "0.1"), ("-5/100", "-0.1"), ("4999/100000", "0.0"), ("15/100", "0.2"), ("25/100", "0.3"),
     ("-25/100", "-0.3"), ("6200/314", "19.7"), ("1/3", "0.3"), ("0", "0.0")],
)  # fmt: skip
def test_half_goes_away_from_zero(value, text):
    """0,25 is 0,3 and −0,25 is −0,3: what people learned at school."""
    assert str(formats.rounded(Fraction(value))) == text


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_rounding_agrees_with_decimal_arithmetic(above, below):
    """With so many digits that nothing is lost on the way."""
    scaled = (Decimal(above) * 10 / Decimal(below)).quantize(Decimal(1), ROUND_HALF_UP)
    exact = Fraction(above, below) * 10
    if abs(exact - int(exact)) != Fraction(1, 2):
        assert formats.rounded(Fraction(above, below)) == scaled / 10


def test_numbers_are_grouped_and_never_shortened():
    """1.6K is no number."""
    assert [formats.number(value) for value in (0, 999, 1619, -12, 2_080_000)] == [
        "0", "999", "1.619", "−12", "2.080.000"]  # fmt: skip
    assert formats.number(306, 1) == "30,6"
    assert (formats.amount(Amount(36, 37)), formats.signed(Amount(379, 379))) == ("36–37", "+379")
    language.use("en")
    assert formats.number(1619) == "1,619"


@pytest.mark.parametrize(("value", "text"), [("306/10", "30,6%"), ("-306/10", "30,6%"), ("4/100", "<0,1%"),
                                             ("0", "0,0%"), ("5/100", "0,1%")])  # fmt: skip
def test_a_percentage_has_one_decimal(value, text):
    """What is there but would round to nothing is less than a tenth."""
    assert formats.percentage(Fraction(value)) == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Pontianak", "28 Desember 2022, pukul 14.24 WIB"),
        ("Asia/Makassar", "28 Desember 2022, pukul 15.24 WITA"),
        ("Asia/Jayapura", "28 Desember 2022, pukul 16.24 WIT"),
        ("UTC", "28 Desember 2022, pukul 07.24 UTC+0"),
        ("Asia/Kolkata", "28 Desember 2022, pukul 12.54 UTC+5.5"),
    ],
)
def test_a_moment_has_the_offices_zone(zone, text):
    """Three zones, no summer time."""
    assert formats.moment(datetime(2022, 12, 28, 7, 24, tzinfo=UTC), ZoneInfo(zone)) == text


@pytest.mark.parametrize(
    ("text", "name", "english"),
    [
        ("2022-S2", "Semester II (Juli–Desember) 2022", "Semester II (July–December) 2022"),
        ("2022-Q4", "Triwulan IV (Oktober–Desember) 2022", "Quarter IV (October–December) 2022"),
        ("2022-12", "Desember 2022", "December 2022"),
        ("2022", "Tahun 2022", "Year 2022"),
        ("2022-12-01..2022-12-28", "1–28 Desember 2022", "1–28 December 2022"),
        ("2022-07-01..2022-12-28", "1 Juli–28 Desember 2022", "1 July–28 December 2022"),
        ("2021-12-31..2022-01-01", "31 Desember 2021–1 Januari 2022", "31 December 2021–1 January 2022"),
    ],
)
def test_a_period_has_its_name(text, name, english):
    """The product always prints the semester in full; titles of old reports say only the year."""
    assert formats.period(parse_period(text)) == name
    assert parse_period(text).name == text
    language.use("en")
    assert formats.period(parse_period(text)) == english


def test_one_day_is_one_day():
    """No span from a day to itself."""
    assert formats.days(date(2022, 12, 28), date(2022, 12, 28)) == "28 Desember 2022"
