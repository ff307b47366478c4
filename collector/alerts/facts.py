"""What causes are judged by: plain values as they stood at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector.accounts.service import DEFAULT_ZONE
from collector.store.records import Office, StoredAccess, StoredAccount
from collector.store.watch import Backup, Failure, Question
from connectors.kit import Words

EVERYONE = "Collector"
"""Whose a cause is that is not of one office, where there are several."""

_GRACE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account that is neither removed nor replaced. `label` is what people call it.

    `failures` are those since it last went well. `is_connected` says whether it has what it is collected with; `base`
    and `last` are the days of its newest readings before the semester and at all, None where there is none.
    """

    account: StoredAccount
    label: str
    is_connected: bool = True
    last_good: datetime | None = None
    failures: tuple[Failure, ...] = ()
    accesses: tuple[StoredAccess, ...] = ()
    questions: tuple[Question, ...] = ()
    base: date | None = None
    last: date | None = None

    @property
    def is_watched(self) -> bool:
        """Whether it should be collected: neither paused nor only typed."""
        return self.is_connected and self.account.state != "paused"

    @property
    def is_cut_off(self) -> bool:
        """Whether it was collected once and has nothing to be collected with now, though nobody paused it."""
        return not self.is_connected and self.last_good is not None and self.account.state != "paused"


@dataclass(frozen=True, slots=True)
class Facts:
    """An installation at a moment. `off` are the spans in which nothing could be collected, `free` bytes of the disk.

    `served_since` is when the service first collected, None where it never did. `drift` is how far the clock was ahead
    of the platforms', `newest` the latest moment at which a run began since the platforms last confirmed the clock.
    `unwritten` names, by office and period, the texts of the report that nobody has written, for the offices whose
    semester is about to end.
    """

    now: datetime
    offices: tuple[Office, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()
    off: Sequence[tuple[datetime, datetime]] = ()
    free: int = 1 << 60
    database_size: int = 0
    last_backup: Backup | None = None
    last_good_backup: datetime | None = None
    served_since: datetime | None = None
    newest: datetime | None = None
    drift: timedelta | None = None
    unwritten: Mapping[tuple[int, str], tuple[Words, ...]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which moments are told that are no office's own."""
        return self.offices[0].timezone if self.offices else ZoneInfo(DEFAULT_ZONE)

    @property
    def house(self) -> str:
        """The name under which causes are told that are no office's own."""
        return self.offices[0].name if len(self.offices) == 1 else EVERYONE

    def of(self, office: Office) -> tuple[AccountFacts, ...]:
        """Return the accounts of an office."""
        return tuple(one for one in self.accounts if one.account.office.id == office.id)

    def was_off(self, moment: datetime) -> bool:
        """Whether nothing could be collected at a moment."""
        return any(begin <= moment <= end for begin, end in self.off)

    def on_time(self, since: datetime) -> timedelta:
        """Return for how long collecting was possible since a moment."""
        passed = self.now - since
        for begin, end in merged(self.off):
            passed -= max(timedelta(0), min(end, self.now) - max(begin, since))
        return max(passed, timedelta(0))

    def is_overdue(self, since: datetime, allowed: timedelta) -> bool:
        """Whether something should have happened again by now that last happened at `since`.

        A machine that was off in between has some hours to make up for it.
        """
        return self.on_time(since) >= allowed or self.on_time(since + allowed) >= _GRACE


def merged(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return spans without overlaps: no power is no line either."""
    apart: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(spans):
        if apart and begin <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        elif begin < end:
            apart.append((begin, end))
    return apart
