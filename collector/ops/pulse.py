"""The service's pulse: signs of life, the times without one, and a clock that somebody set.

Within one life of the process the steady clock tells how long it was without a sign of life (the machine slept); over
a restart only the store can. A time of day that leaps is no outage.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from collector.clock import Clock
from collector.language import t
from collector.store.outages import Outages
from collector.store.queries import Queries

NAME = "serve"
"""Whose signs of life these are, in the store."""

QUIET = timedelta(minutes=15)
"""For how long there must have been no sign of life to call it an outage: a restart takes less."""

_TOLERANCE = timedelta(minutes=5)  # of the clock: it is put right by seconds all the time

Happened = Literal["", "back", "set"]
"""What a sign of life tells of the time before it: that nobody was there for long, or that the clock was set."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pulse:
    """Notes signs of life. `at` and `steady` are those of the last one, `since` is the first's, by the steady clock.

    `unseen` is the last sign of the life before, where a clock that was set back hides for how long there was none.
    """

    clock: Clock
    outages: Outages
    queries: Queries
    at: datetime | None = None
    steady: float = 0.0
    since: float = 0.0
    unseen: datetime | None = None

    def beat(self) -> Happened:
        """Note a sign of life. Returns what happened to time since the last, or since the service's life before."""
        now, steady = self.clock.now(), self.clock.steady()
        happened = self._begin(now) if self.at is None else self._go_on(now, timedelta(seconds=steady - self.steady))
        if self.at is None:
            self.since = steady
        self.at, self.steady = now, steady  # before it is written: what was noted is not to be noted again
        self.outages.beat(NAME, now)
        return happened

    def _begin(self, now: datetime) -> Happened:
        last = self.outages.find_beat(NAME)
        if last is None:
            return ""
        if last > now + _TOLERANCE:
            self.unseen = last
            self.outages.close_line(last)
            self._say_clock(
                t("lebih lama dari tanda hidup terakhir layanan ini", en="earlier than its last sign of life")
            )
            return ""
        return "back" if self._note(last, now) else ""

    def _go_on(self, now: datetime, passed: timedelta) -> Happened:
        assert self.at is not None
        moved = now - self.at
        was_set = abs(moved - passed) > _TOLERANCE
        if was_set:
            minutes = round((moved - passed) / timedelta(minutes=1))
            self._say_clock(t(f"digeser {minutes} menit", en=f"set by {minutes} minutes"))
            self._set_right(now, moved - passed)
        if passed > QUIET and self._note(now - passed, now):
            return "back"
        return "set" if was_set else ""

    def _set_right(self, now: datetime, by: timedelta) -> None:
        """Date by the clock as it is set now what was dated by it before."""
        self.outages.shift(now, by)
        began = now - timedelta(seconds=self.clock.steady() - self.since)
        if self.unseen is not None and self.unseen < began:
            self._note(self.unseen, began, closes_line=False)
            self.unseen = None

    def _note(self, last: datetime, until: datetime, *, closes_line: bool = True) -> bool:
        """Note that there was no sign of life after the last, where that was for long. Returns whether it was."""
        # What was collected since, by hand or by a clock that was wrong then, was no outage.
        newest = self.queries.find_newest_moment()
        since = max(last, newest) if newest is not None and newest <= until else last
        if until - since <= QUIET:
            return False
        if closes_line:  # of the line is known only what it was like before
            self.outages.close_line(last)
        self.outages.note_power(since, until)
        hours = f"{(until - since) / timedelta(hours=1):.1f}"
        _log.info("the service was away for %s hours", hours)
        return True

    def _say_clock(self, how: str) -> None:
        now = self.clock.now()
        _log.warning(
            t(
                f"Jam komputer menunjuk {now:%Y-%m-%d %H:%M} UTC, {how}. Periksa tanggal dan jamnya; angka dicatat "
                "menurut jam ini.",
                en=f"The computer's clock says {now:%Y-%m-%d %H:%M} UTC, {how}. Check its date and time: figures are "
                "dated by it.",
            )
        )
