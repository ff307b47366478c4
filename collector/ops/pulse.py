"""The service's pulse: signs of life, the times without one, and a clock that somebody set.

Within one life of the process the steady clock tells how long it was without a sign of life (the machine slept); over
a restart only the store can. A time of day that leaps is no outage.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.clock import Clock
from collector.language import t
from collector.store.outages import Outages
from collector.store.queries import Queries

NAME = "serve"
"""Whose signs of life these are, in the store."""

QUIET = timedelta(minutes=15)
"""For how long there must have been no sign of life to call it an outage: a restart takes less."""

_TOLERANCE = timedelta(minutes=5)  # of the clock: it is put right by seconds all the time

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pulse:
    """Notes signs of life. `at` and `steady` are those of the last one."""

    clock: Clock
    outages: Outages
    queries: Queries
    at: datetime | None = None
    steady: float = 0.0

    def begin(self) -> bool:
        """Note that the service starts. Returns whether it was away for long."""
        now, last = self.clock.now(), self.outages.find_beat(NAME)
        newest = self.queries.find_newest_moment()
        was_away = False
        if last is not None and last > now + _TOLERANCE:
            self._say_clock(
                t("lebih lama dari tanda hidup terakhir layanan ini", en="earlier than its last sign of life")
            )
        elif last is not None:
            # What was collected since, by hand or by a clock that was wrong then, was no outage.
            since = max(last, newest) if newest is not None and newest <= now else last
            was_away = now - since > QUIET
            if was_away:
                self._note(since, now)
        self._beat(now)
        return was_away

    def beat(self) -> bool:
        """Note a sign of life. Returns whether something happened to time since the last: a sleep, or a set clock."""
        now, passed = self.clock.now(), timedelta(seconds=self.clock.steady() - self.steady)
        moved = now - self.at if self.at is not None else passed
        slept, was_set = passed > QUIET, abs(moved - passed) > _TOLERANCE
        if slept:
            self._note(now - passed, now)
        if was_set:
            minutes = round((moved - passed) / timedelta(minutes=1))
            self._say_clock(t(f"digeser {minutes} menit", en=f"set by {minutes} minutes"))
        self._beat(now)
        return slept or was_set

    def _beat(self, now: datetime) -> None:
        self.outages.beat(NAME, now)
        self.at, self.steady = now, self.clock.steady()

    def _note(self, since: datetime, until: datetime) -> None:
        self.outages.note_power(since, until)
        hours = f"{(until - since) / timedelta(hours=1):.1f}"
        _log.info("the service was away for %s hours", hours)

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
