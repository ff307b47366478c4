"""Counts and percentages as people write them: one number or a refusal, never a guess."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import language
from collector.importers.values import CellError, read_count, read_decimal, read_value
from connectors.kit import Kind, Measure, Subject, since
from connectors.kit.metrics import FOLLOWERS_CHANGE, FOLLOWERS_SHARE, NOW, WATCH_MINUTES

AS_STATED = (since(None, "apa adanya", "as it is"),)
CHANGE = Measure(FOLLOWERS_CHANGE, Subject.ACCOUNT, NOW, Kind.RATIO, AS_STATED, places=1)
SHARE = Measure(FOLLOWERS_SHARE, Subject.AUDIENCE, NOW, Kind.RATIO, AS_STATED, places=1)
WHOLE_CHANGE = Measure(FOLLOWERS_CHANGE, Subject.ACCOUNT, NOW, Kind.RATIO, AS_STATED)
MINUTES = Measure(WATCH_MINUTES, Subject.ACCOUNT, NOW, Kind.LEVEL, AS_STATED, places=2)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("1619", 1619),
        ("1.619", 1619),
        ("1,619", 1619),
        ("1 619", 1619),
        ("1\u00a0619", 1619),
        ("1\u202f619", 1619),
        (" 1619\u00a0", 1619),
        ("\u200e1619", 1619),
        ("0", 0),
        ("1.234.567", 1234567),
        ("12,345,678", 12345678),
        (str(2**63 - 1), 2**63 - 1),
        (Decimal("1619"), 1619),
    ],
)
def test_a_count_is_read_in_every_usual_grouping(written: str | Decimal, count: int) -> None:
    """The samples write 1.619 in the text and 1,619 in the picture of the same figure."""
    assert read_count(written) == count


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("1.61", "tanpa pemisah"),
        ("16.19", "tanpa pemisah"),
        ("12.5", "tanpa pemisah"),
        ("1.6190", "tanpa pemisah"),
        ("1.619,5", "tanpa pemisah"),
        ("1.619,000", "tanpa pemisah"),
        ("1,61,900", "tanpa pemisah"),
        ("0.619", "tanpa pemisah"),
        ("1 .619", "tanpa pemisah"),
        ("0619", "tanpa pemisah"),
        ("1.6K", "dipotong"),
        ("1,6 rb", "dipotong"),
        ("1,2 jt", "dipotong"),
        ("3 ribu", "dipotong"),
        ("2M", "dipotong"),
        ("1.6k+", "dipotong"),
        ("67%", "persen"),
        ("67 persen", "persen"),
        ("+62", "selisih"),
        ("-62", "kurang dari nol"),
        ("−62", "kurang dari nol"),
        ("", "jangan tulis 0"),
        ("  ", "jangan tulis 0"),
        ("–", "jangan tulis 0"),
        ("--", "jangan tulis 0"),
        ("banyak", "bukan angka"),
        ("1619 orang", "bukan angka"),
        ("=1619", "bukan angka"),
        ("١٦١٩", "bukan angka"),
        (str(2**63), "terlalu besar"),
    ],
)
def test_what_is_no_exact_count_is_refused_with_a_hint(written: str, hint: str) -> None:
    """A guessed or cut-off number would be printed and signed."""
    with pytest.raises(CellError, match=hint):
        read_count(written)


@pytest.mark.parametrize(
    ("cell", "hint"),
    [(Decimal("1.619"), "tulis 1619 "), (Decimal("1.61"), "tulis 1610 "), (Decimal("0.12345"), "tulis 1619 ")],
)
def test_a_fraction_in_a_workbook_cell_says_how_it_came_about(cell: Decimal, hint: str) -> None:
    """An English Excel takes 1.619 for one and a half; the person sees the same digits and wonders."""
    with pytest.raises(CellError, match=hint) as caught:
        read_count(cell)

    assert "pecahan" in str(caught.value)


@given(st.integers(0, 2**63 - 1), st.sampled_from([".", ",", " ", ""]))
def test_every_count_comes_back_from_every_grouping(count: int, mark: str) -> None:
    """No size of number may be read differently from another."""
    assert read_count(f"{count:,}".replace(",", mark)) == count


@given(st.integers(1, 10**9), st.text("0123456789., ", max_size=12))
def test_digits_and_marks_are_read_as_written_or_refused(count: int, tail: str) -> None:
    """Whatever is accepted has exactly the digits that were written."""
    written = f"{count}{tail}"
    try:
        read = read_count(written)
    except CellError:
        return
    assert str(read) == "".join(digit for digit in written if digit.isdigit())


@pytest.mark.parametrize(
    ("written", "tenths"),
    [
        ("2,2", 22),
        ("2.2", 22),
        ("2,2%", 22),
        ("2,2 %", 22),
        ("2,2 persen", 22),
        ("+30,6%", 306),
        ("−1,5", -15),
        ("-1.5%", -15),
        ("– 1,5", -15),
        ("29", 290),
        ("0", 0),
        (Decimal("30.6"), 306),
        (Decimal("-5"), -50),
    ],
)
def test_a_percentage_is_read_with_its_decimals(written: str | Decimal, tenths: int) -> None:
    """A quoted percentage must come back exactly as its source prints it."""
    assert read_value(written, CHANGE) == tenths


@pytest.mark.parametrize("written", ["2,25", "1.240,5", "2,", ",5", "naik", "2,2% persen", "1/3", Decimal("30.5645")])
def test_a_percentage_that_is_not_one_exact_number_is_refused(written: str | Decimal) -> None:
    """Rounding a quoted figure would make it another figure."""
    with pytest.raises(CellError, match="tidak dapat dibaca"):
        read_value(written, CHANGE)


def test_an_empty_or_abbreviated_percentage_has_its_own_hint() -> None:
    """The same advice holds as for counts."""
    with pytest.raises(CellError, match="jangan tulis 0"):
        read_value("", CHANGE)
    with pytest.raises(CellError, match="dipotong"):
        read_value("1,6 rb", CHANGE)


@pytest.mark.parametrize("written", ["100,1", "-1"])
def test_a_share_of_the_audience_lies_between_0_and_100(written: str) -> None:
    """A count that slipped into a share would otherwise pass."""
    assert [read_value("100", SHARE), read_value("0", SHARE)] == [1000, 0]
    with pytest.raises(CellError, match="antara 0 dan 100"):
        read_value(written, SHARE)


def test_only_ratios_may_be_negative() -> None:
    """Minutes watched with decimals are still an amount."""
    assert [read_value("12,5", MINUTES), read_value("0", MINUTES)] == [1250, 0]
    assert read_value("-3", WHOLE_CHANGE) == -3
    with pytest.raises(CellError, match="kurang dari nol"):
        read_value("-12,5", MINUTES)


@given(st.integers(-(10**12), 10**12), st.integers(0, 4), st.sampled_from([".", ","]), st.sampled_from(["", "%", " %"]))
def test_every_decimal_comes_back_scaled(scaled: int, places: int, mark: str, percent: str) -> None:
    """The stored integer and the places give the written number back."""
    digits = str(abs(scaled)).rjust(places + 1, "0")
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    sign = "-" if scaled < 0 else ""

    assert read_decimal(f"{sign}{whole}{mark + part if part else ''}{percent}", places) == scaled


def test_hints_are_in_english_too() -> None:
    """The second language of every screen."""
    language.use("en")
    with pytest.raises(CellError, match="abbreviated"):
        read_count("1.6K")
