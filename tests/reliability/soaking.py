"""An office lived through in minutes: the real service on a clock that is moved, with faults, and what befalls a PC.

The platforms live by a clock of their own, the true one: the office's can be wrong.
"""

import gc
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from office import Office
from receivers import PATIENCE

from collector.alerts.channels import list_channels
from collector.alerts.gather import FactGatherer, free_space
from collector.alerts.service import Alerts
from collector.demo import world
from collector.demo.standin import Answered, Asked, StandIn, broken, cut, throttled, truncated
from collector.demo.world import World
from collector.reports.naskah import Manuscripts
from collector.store.alerts import AlertBook
from collector.wiring import Application

BEAT = timedelta(minutes=14)
"""A sign of life, in minutes instead of half a minute: less than what would be an outage."""

LOOK = timedelta(hours=4)
"""How often the service looks where nothing is due: at every beat it would be the same, and take an hour."""

_FAULTS = (broken(500), broken(503), cut, truncated, throttled(20))
_ENDED = Answered({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)


class Troubled(StandIn):
    """The platforms behind a bad line: it spoils a share of all requests, and all that an incident is about.

    Each host has a generator of its own, so that a seed always gives the same. What asks for a sign-in is spoiled on
    its way there: where it uses the old one up, an answer that is never seen ends it for good.
    """

    def __init__(self, now: Callable[[], datetime], seed: int, share: float = 0.05) -> None:
        super().__init__(World(now))
        self.seed, self.share = seed, share
        self.is_line_gone = False
        self.ended = ""  # the grant that Google refuses
        self.given = self.spoiled = 0
        self._chances: dict[str, Random] = {}
        self._counting = threading.Lock()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Answer one request, or spoil it."""
        if self.is_line_gone:
            return Answered(b"", drop=True)
        fault = self._draw(target.split("/")[1])
        if "/token" not in target:
            good = super().answer(method, target, headers, body)
            return fault(Asked("", method, target, {}, headers, body), good) if fault is not None else good
        if fault is not None:
            return fault(Asked("", method, target, {}, headers, body), Answered(b"{}"))
        is_ended = self.ended and target.startswith("/google-oauth") and self.ended in body.decode()
        return _ENDED if is_ended else super().answer(method, target, headers, body)

    def _draw(self, host: str) -> Callable[[Asked, Answered], Answered] | None:
        with self._counting:
            chance = self._chances.setdefault(host, Random(f"{self.seed} {host}"))
            self.given += 1
            if chance.random() >= self.share:
                return None
            self.spoiled += 1
            return chance.choice(_FAULTS)


@dataclass(frozen=True)
class Level:
    """What a process held at a moment. `blocks` are Python's own of memory, `resident` and `database` bytes."""

    at: datetime
    blocks: int
    resident: int
    files: int
    threads: int
    database: int


@dataclass
class Soak:
    """An office's computer with its service, driven tick by tick. It is on when made.

    `away` are the spans in which it could not collect; `wrong` is by how much its clock is behind.
    """

    office: Office
    standin: Troubled
    free: int | None = None  # bytes of the disk, None: as it is
    levels: list[Level] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    wrong: timedelta = timedelta(0)
    ticks: int = 0
    application: Application = field(init=False)

    def __post_init__(self) -> None:
        self.on()

    def now(self) -> datetime:
        """Return what the office's clock says."""
        return self.office.clock.now()

    def truth(self) -> datetime:
        """Return what time it is."""
        return self.now() + self.wrong

    def on(self) -> None:
        """Switch the computer on."""
        self.application = opened = self.office.open()
        gatherer = FactGatherer(
            opened.store, opened.queries, opened.accounts.accesses, opened.keyring, Manuscripts(self.office.home),
            lambda folder: free_space(folder) if self.free is None else self.free,
        )  # fmt: skip
        channels = list_channels(opened.settings.alerts, opened.redactor)
        opened.alerts = Alerts(AlertBook(opened.store), gatherer.gather, channels, opened.clock)
        opened.service.begin()
        self.tick()

    def off(self, span: timedelta) -> None:
        """Switch the computer off for a while."""
        since = self.now()
        self.application.close()
        self.office.clock.move_to(since + span)
        self.on()
        self.away.append((since, self.now()))

    def live(self, span: timedelta) -> None:
        """Let time pass."""
        until = self.office.clock.steady() + span.total_seconds()
        looked, due = self.office.clock.steady(), self.next_due()
        while (left := until - self.office.clock.steady()) > 0:
            self.office.clock.sleep(min(BEAT.total_seconds(), left))
            self.application.service.beat()
            if due <= self.now() or self.office.clock.steady() - looked >= LOOK.total_seconds():
                looked = self.office.clock.steady()
                self.tick()
                due = self.next_due()

    def next_due(self) -> datetime:
        """Return when the next account is due."""
        due = self.application.plan.schedules.find_next_due()
        assert due is not None
        return due

    def tick(self) -> None:
        """Look for what is due; what there is to tell arrives before time goes on."""
        self.ticks += 1
        self.application.service.tick()
        assert self.application.alerts.wait(PATIENCE)

    def set_clock(self, by: timedelta) -> None:
        """Set the office's clock wrong, or right again."""
        self.office.clock.move_to(self.now() + by)
        self.wrong -= by

    def measure(self) -> None:
        """Note what this process holds, without what the stand-in remembers of its own."""
        self.standin.asked.clear()
        world.flow.cache_clear()
        world.total.cache_clear()
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        size = self.office.rows("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")[0][0]
        self.levels.append(
            Level(
                self.truth(),
                sys.getallocatedblocks(),
                resident,
                len(list(Path("/proc/self/fd").iterdir())),
                threading.active_count(),
                size,
            )
        )

    def alerts(self) -> Counter[str]:
        """Count how often each cause began, those of every week left out."""
        rows = self.office.rows("SELECT cause FROM alerts WHERE cause NOT LIKE 'weekly:%'")
        return Counter(cause for (cause,) in rows)
