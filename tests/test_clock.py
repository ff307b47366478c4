"""Time: one place asks for it, one clock is moved by hand, and one of them only ever goes forward."""

import threading
from datetime import UTC, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from collector.clock import SetClock, SystemClock, monotonic, to_milliseconds

JAKARTA = ZoneInfo("Asia/Jakarta")


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


def test_the_machines_steady_clock_goes_forward_by_seconds() -> None:
    """It tells a night's sleep from a clock that somebody set."""
    clock = SystemClock()
    before = clock.steady()
    Event().wait(0.01)

    assert 0.005 < clock.steady() - before < 60


def test_a_clock_that_is_set_is_not_time_that_passed() -> None:
    """Only waiting is: so a test can do both."""
    clock = SetClock(datetime(2026, 11, 20, tzinfo=UTC))
    clock.sleep(5)
    clock.move_to(datetime(2025, 11, 20, tzinfo=UTC))

    assert clock.steady() == 5


def test_waiting_ends_when_the_program_is_to_stop() -> None:
    """A pause that a platform asked for must not hold up who wants to switch the computer off."""
    clock = SystemClock()
    thread = threading.Thread(target=clock.sleep, args=(600,))
    thread.start()
    clock.wake()
    thread.join(10)

    assert not thread.is_alive()
