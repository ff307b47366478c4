"""The only place that asks for the time. Every other module is handed a clock."""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the application needs of time."""

    def now(self) -> datetime:
        """Return the present in UTC, cut to milliseconds, the store's unit."""

    def steady(self) -> float:
        """Return seconds that pass evenly, whatever the time is set to; they count while the machine is suspended."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def wake(self) -> None:
        """End all waiting, for good: the program is to stop."""


class SystemClock:
    """The machine's own clock."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return to_milliseconds(datetime.now(UTC))

    def steady(self) -> float:
        """Return the seconds since the machine was started."""
        if sys.platform == "linux":  # where the monotonic clock stands still meanwhile
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        self._woken.wait(seconds)

    def wake(self) -> None:
        """End all waiting."""
        self._woken.set()


class SetClock:
    """A clock that is moved by hand; waiting moves it. For the seeding of past months and for tests.

    Time passes by `sleep`; by `move_to` the clock is only set to another one.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._slept = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the moment it was last moved to."""
        with self._lock:
            return to_milliseconds(self._now)

    def move_to(self, moment: datetime) -> None:
        """Set the time."""
        with self._lock:
            self._now = moment.astimezone(UTC)

    def steady(self) -> float:
        """Return how many seconds were slept."""
        with self._lock:
            return self._slept

    def sleep(self, seconds: float) -> None:
        """Move on instead of waiting."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._slept += max(0.0, seconds)

    def wake(self) -> None:
        """Do nothing: nobody ever waits."""


def to_milliseconds(moment: datetime) -> datetime:
    """Cut a moment to whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def monotonic() -> float:
    """Return seconds that only ever go forward, for measuring how long something takes."""
    return time.monotonic()
