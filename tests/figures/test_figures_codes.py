"""The short codes of readings lead to one row and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.figures.codes import parse_reading_code, reading_code

NUMBERS = st.integers(min_value=0, max_value=36**12 - 1)


@given(NUMBERS, NUMBERS)
def test_a_code_leads_back_to_its_reading(series_id: int, at: int) -> None:
    """Milliseconds and day numbers alike, in any case and with spaces around, as people type from paper."""
    code = reading_code(series_id, at)

    assert parse_reading_code(code) == (series_id, at)
    assert parse_reading_code(f" {code.lower()}\n") == parse_reading_code(code.upper()) == (series_id, at)


@given(st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS))
def test_two_readings_never_share_a_code(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Two figures of a report with one code could not be told apart."""
    assert (reading_code(*one) == reading_code(*other)) == (one == other)


def test_codes_are_short_enough_for_print() -> None:
    """Base 36: a reading of the year 2027 in the thousandth series."""
    assert reading_code(1000, 1_799_121_600_000) == "R-rs-myi6jr40"
    assert reading_code(0, 0) == "R-0-0"


@given(st.text(max_size=20))
def test_anything_else_is_no_code_and_no_fault(text: str) -> None:
    """Whatever is typed, the answer is a code or None, and what is taken for one fits the store."""
    parsed = parse_reading_code(f"R-{text}")

    assert parsed is None or all(0 <= number < 2**63 for number in parsed)


@pytest.mark.parametrize("text", ["", "R-", "R-1", "F-1-1", "R-1-1-1", "R--1-1", "R-ſ-1", "R-1-" + "z" * 13, "R-1-é"])
def test_near_misses_are_no_codes(text: str) -> None:
    """Codes of figures (F-…), negative and overlong numbers, letters that only look like ours."""
    assert parse_reading_code(text) is None
