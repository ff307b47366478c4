"""Days that follow each other, as one span."""

from datetime import date

import pytest

from connectors.kit import Days, join_days


@pytest.mark.parametrize(
    ("days", "spans"),
    [
        ([], []),
        ([3], [(3, 3)]),
        ([3, 4, 5], [(3, 5)]),
        ([3, 5, 6, 9], [(3, 3), (5, 6), (9, 9)]),
    ],
)
def test_days_that_follow_each_other_are_one_span(days, spans):
    """A span that swallowed a missing day would say of it that it was answered."""
    joined = join_days(date(2026, 11, day) for day in days)

    assert list(joined) == [Days(date(2026, 11, first), date(2026, 11, last)) for first, last in spans]
