"""How hard a platform may be asked: a bucket for whom it counts, and pauses that the platform itself asks for.

Pauses are kept in the store, so that the next process respects them too. A wait of up to a minute is waited; a longer
one ends the snapshot instead, because it would hold a thread.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.clock import Clock
from collector.store.ledger import Ledger
from collector.store.queries import Queries
from connectors.kit import Limits, ThrottledError

LONGEST_WAIT = timedelta(seconds=60)
_LONGEST_PAUSE = timedelta(days=32)  # more than any platform asks for: it was noted by a clock that went wrong
_USUAL_PAUSE = timedelta(minutes=15)  # where a platform says "too many" and names no time


@dataclass(slots=True)
class _Bucket:
    """Tokens that fill up again with time; taking one more than there are costs a wait.

    Time is the steady clock's: one that was set back by a year would fill nothing for a year.
    """

    tokens: float
    filled_at: float

    def take(self, limits: Limits, steady: float) -> float:
        """Take one token and return the seconds to wait before using it."""
        passed = max(0.0, steady - self.filled_at)
        self.tokens = min(float(limits.burst), self.tokens + passed * limits.per_second) - 1
        self.filled_at = steady
        return max(0.0, -self.tokens / limits.per_second)


class Gate:
    """Lets requests through at a platform's pace. One per process; safe to use from several threads."""

    def __init__(self, clock: Clock, ledger: Ledger, queries: Queries) -> None:
        self._clock = clock
        self._ledger = ledger
        self._queries = queries
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._pauses: dict[tuple[str, str], datetime | None] = {}

    def enter(self, platform: str, scope: str, limits: Limits) -> None:
        """Wait for the turn of one request. Raises ThrottledError where that would take more than a minute."""
        now = self._clock.now()
        until = self._paused_until(platform, scope)
        if until is not None and now < until < now + _LONGEST_PAUSE:
            self._wait(platform, until)
        with self._lock:
            counted = platform, scope if limits.by_account else ""
            bucket = self._buckets.setdefault(counted, _Bucket(float(limits.burst), self._clock.steady()))
            seconds = bucket.take(limits, self._clock.steady())
        if seconds > 0:
            self._clock.sleep(seconds)

    def pause(self, platform: str, scope: str, until: datetime) -> None:
        """Close the gate until a moment, here and in the store. An earlier moment never shortens a later one."""
        known = self._paused_until(platform, scope)
        with self._lock:
            self._pauses[(platform, scope)] = max(until, known or until)
        self._ledger.pause(platform, scope, until)

    def moment(self, error: ThrottledError) -> datetime:
        """Return until when a platform wants to be left alone, by its error."""
        now = self._clock.now()
        if error.until is not None:
            return max(error.until, now)
        return now + (error.after if error.after is not None else _USUAL_PAUSE)

    def _wait(self, platform: str, until: datetime) -> None:
        left = until - self._clock.now()
        if left > LONGEST_WAIT:
            raise ThrottledError(f"{platform} is to be left alone until {until:%Y-%m-%d %H:%M} UTC", until=until)
        self._clock.sleep(max(0.0, left.total_seconds()))

    def _paused_until(self, platform: str, scope: str) -> datetime | None:
        with self._lock:
            if (platform, scope) not in self._pauses:
                self._pauses[(platform, scope)] = self._queries.find_pause(platform, scope)
            return self._pauses[(platform, scope)]
