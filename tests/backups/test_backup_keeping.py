"""Which backups are kept: enough of the past, never none."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from collector.backups.keeping import Keeping, keep_last

ZONE = ZoneInfo("Asia/Jakarta")
NIGHT = datetime(2026, 12, 31, 2, 30, tzinfo=ZONE)


def test_two_years_of_nights() -> None:
    """Seven days, four weeks, twelve months: 21 at most, for an office with a small disk."""
    nights = [NIGHT - timedelta(days=day) for day in range(730)]

    kept = sorted(Keeping().choose(nights), reverse=True)

    assert kept[:7] == nights[:7]
    assert [one.day for one in kept if one.month != 12] == [30, 31, 30, 31, 31, 30, 31, 30, 31, 28, 31]
    assert len(kept) <= 7 + 4 + 12


def test_a_pc_that_was_off_keeps_what_it_has() -> None:
    """Of the last seven days that have one, not of the last seven days: after a long holiday none would be left."""
    nights = [NIGHT - timedelta(days=400 + day) for day in range(3)]

    assert Keeping().choose(nights) == set(nights)


_MOMENTS = st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(lambda one: one.replace(tzinfo=ZONE)))


@given(_MOMENTS, st.integers(1, 5))
def test_the_newest_is_always_kept_and_again_nothing_goes(moments: list[datetime], count: int) -> None:
    """Whatever there is: rotation never empties a folder, and done twice it does nothing."""
    for keeping in (Keeping(), keep_last(count)):
        kept = keeping.choose(moments)
        assert kept <= set(moments)
        assert not moments or moments[0] in kept
        assert keeping.choose([one for one in moments if one in kept]) == kept
    assert len(keep_last(count).choose(moments)) <= count
