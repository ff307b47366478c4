"""The only place that asks for the time. Every other module is handed a clock."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the application needs of time."""

    def now(self) -> datetime:
        """Return the present in UTC, cut to milliseconds, the store's unit."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return to_milliseconds(datetime.now(UTC))

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        time.sleep(seconds)


class SetClock:
    """A clock that is moved by hand; waiting moves it. For the seeding of past months and for tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the moment it was last moved to."""
        with self._lock:
            return to_milliseconds(self._now)

    def move_to(self, moment: datetime) -> None:
        """Set the time."""
        with self._lock:
            self._now = moment.astimezone(UTC)

    def sleep(self, seconds: float) -> None:
        """Move on instead of waiting."""
        with self._lock:
            self._now += timedelta(seconds=seconds)


def to_milliseconds(moment: datetime) -> datetime:
    """Cut a moment to whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def monotonic() -> float:
    """Return seconds that only ever go forward, for measuring how long something takes."""
    return time.monotonic()
