"""Time: one place asks for it, one clock is moved by hand, and the schedule knows the office's night."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.clock import SetClock, SystemClock, monotonic, to_milliseconds
from collector.ops.scheduler import next_due
from collector.store.records import Office

JAKARTA = ZoneInfo("Asia/Jakarta")


def office(zone: str) -> Office:
    return Office(1, "kpu", "KPU", "", zone)


def test_the_machines_clock_gives_utc_in_whole_milliseconds() -> None:
    """The store's unit: a moment must be the same before and after it was stored."""
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
    before = monotonic()
    SystemClock().sleep(0)
    assert monotonic() >= before


def test_a_set_clock_moves_only_when_it_is_told_to() -> None:
    """Waiting moves it, so that retries in a test take no time."""
    clock = SetClock(datetime(2026, 11, 20, 10, 0, 0, 123_999, tzinfo=JAKARTA))
    assert clock.now() == datetime(2026, 11, 20, 3, 0, 0, 123_000, tzinfo=UTC)
    assert clock.now().tzinfo is UTC

    clock.sleep(90)
    assert clock.now() == datetime(2026, 11, 20, 3, 1, 30, 123_000, tzinfo=UTC)
    clock.move_to(datetime(2026, 1, 1, tzinfo=JAKARTA))
    assert clock.now() == datetime(2025, 12, 31, 17, tzinfo=UTC)


@given(st.lists(st.floats(0, 3, allow_nan=False), max_size=20))
def test_a_set_clock_gives_whole_milliseconds_and_loses_no_time(waits: list[float]) -> None:
    """Many waits of less than a millisecond still come to one."""
    start = datetime(2026, 11, 20, tzinfo=UTC)
    clock = SetClock(start)
    for seconds in waits:
        clock.sleep(seconds)
        assert clock.now().microsecond % 1000 == 0

    assert abs((clock.now() - start).total_seconds() - sum(waits)) < 0.002


def test_a_set_clock_is_safe_to_share() -> None:
    """Threads that wait at the same time each move it."""
    clock = SetClock(datetime(2026, 11, 20, tzinfo=UTC))
    threads = [threading.Thread(target=lambda: [clock.sleep(1) for _ in range(100)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert clock.now() == datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=800)


def test_milliseconds_are_cut_and_never_rounded_up() -> None:
    """Rounded up, a moment would lie in the future."""
    assert to_milliseconds(datetime(2026, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)).microsecond == 999_000


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("Asia/Jakarta", "2026-11-20T10:00:00+07:00", "2026-11-21T02:30:00+07:00"),
        ("Asia/Jakarta", "2026-11-20T02:29:59+07:00", "2026-11-20T02:30:00+07:00"),
        ("Asia/Jakarta", "2026-11-20T02:30:01+07:00", "2026-11-21T02:30:00+07:00"),
        ("Asia/Makassar", "2026-11-20T10:00:00+08:00", "2026-11-21T02:30:00+08:00"),
        ("Asia/Jayapura", "2026-12-31T20:00:00+09:00", "2027-01-01T02:30:00+09:00"),
        ("Asia/Jakarta", "2026-11-20T20:00:00+00:00", "2026-11-21T19:30:00+00:00"),
    ],
)
def test_the_next_collection_is_the_next_night_of_the_office(zone: str, now: str, due: str) -> None:
    """Half past two by the office's own clock, given in UTC."""
    moment = next_due(office(zone), datetime.fromisoformat(now))

    assert moment == datetime.fromisoformat(due)
    assert moment.tzinfo is UTC


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_there_is_a_next_collection_within_a_day_and_never_a_past_one(now: datetime) -> None:
    """A next time that is over would be due again at once, for ever."""
    due = next_due(office("Asia/Pontianak"), now)

    assert timedelta(0) <= due - now <= timedelta(days=1)
