"""Windows: people counted once are only compared window by window."""

from datetime import date

import pytest
from growth_tables import ask, line, told

from collector.growth.differ import compare
from connectors.kit import Kind


def changes(rows, question, span, kind=Kind.UNIQUE):
    return compare([line(rows, metric="reach", span=span, kind=kind)], question)


def test_the_last_28_days_against_the_28_before():
    """788 people within 1 to 28 December, 611 within 3 to 30 November."""
    (change,) = changes("2022-11-30 611\n2022-12-27 700\n2022-12-28 788", ask("2022-S2", position="2022-12-28"), "28d")

    assert told(change) == (611, 788, 177, set())
    assert (change.end.first, change.end.last) == (date(2022, 12, 1), date(2022, 12, 28))
    assert (change.base.first, change.base.last) == (date(2022, 11, 3), date(2022, 11, 30))


def test_a_window_that_overlaps_is_no_base():
    """The window of 29 November shares no day with that of 27 December; that of 1 December shares some."""
    (change,) = changes("2022-12-01 611\n2022-12-28 788", ask("2022-S2", position="2022-12-28"), "28d")

    assert told(change) == (None, 788, None, {"no_base"})


def test_two_calendar_semesters_are_compared_with_both_lengths_printed():
    """Google was asked for each semester's people as one."""
    rows = "2022-06-30 9000\n2022-12-31 9900"
    line_ = line(rows, metric="users", span="semester", kind=Kind.UNIQUE)

    (change,) = compare([line_], ask("2022-S2"))

    assert told(change) == (9000, 9900, 900, set())
    assert compare([line_], ask("2022-Q4")) == ()


@pytest.mark.parametrize("period", ["2022-S2", "2022-12", "2022"])
def test_the_people_of_single_days_say_nothing_about_a_longer_period(period):
    """They could only be added up, and would then count people twice."""
    rows = "\n".join(f"2022-{month:02}-15 10" for month in range(1, 13))

    assert changes(rows, ask(period), "day") == ()


def test_the_people_of_a_day_against_those_of_the_day_before():
    """A day is a window like others where a day is asked for."""
    (change,) = changes("2022-12-27 10\n2022-12-28 12", ask("2022-12-28..2022-12-28"), "day")

    assert told(change) == (10, 12, 2, {"small_base"})


def test_a_changed_meaning_breaks_windows_too():
    """Reach of May, viewers of July."""
    (change,) = changes("2026-05-31 611 v1\n2026-06-28 788 v2", ask("2026-06", position="2026-06-28"), "28d")

    assert told(change) == (611, 788, None, {"definition_changed"})


def test_quoted_percentages_are_not_compared():
    """A ratio is quoted, never grown."""
    assert changes("2022-06-30 20\n2022-12-31 30", ask("2022-S2"), "now", Kind.RATIO) == ()
