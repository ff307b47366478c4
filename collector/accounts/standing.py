"""How an account stands: what its sign-in may read, until when, and what the next report would lack.

Everything is read from the store. Whoever wants the platform's newest word asks it first (`collector accounts check`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.clock import Clock
from collector.figures.growth import Growth, compare_accounts
from collector.figures.lines import Lines
from collector.growth.change import Change, Flag
from collector.growth.periods import period_of, previous
from collector.language import current, t
from collector.platforms import get_connector
from collector.reports import formats
from collector.store.accesses import Accesses
from collector.store.queries import Queries
from collector.store.records import SnapshotSummary, StoredAccess, StoredAccount
from connectors.kit import Kind, Permission
from connectors.kit.metrics import FOLLOWERS

_WITHOUT_BASE = {Flag.NO_BASE, Flag.FIRST_IN_PERIOD}
_NOT_FRESH = {Flag.NO_READING_IN_PERIOD, Flag.END_TOO_OLD, Flag.STALE_END}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one account stands. `missing` are the permissions not given, `lacks` what the report lacks, in sentences."""

    account: StoredAccount
    access: tuple[StoredAccess, ...]
    missing: tuple[Permission, ...]
    last: SnapshotSummary | None
    lacks: tuple[str, ...]

    @property
    def granted(self) -> tuple[str, ...] | None:
        """The permissions that were given, by the platform's names; None where it does not tell."""
        told = [one.granted for one in self.access if one.granted is not None]
        return tuple(sorted(frozenset().union(*told))) if told else None

    @property
    def ends_at(self) -> datetime | None:
        """When a person has to act at the latest: the first end that the platform named, None where it named none."""
        ends = [end for one in self.access for end in (one.ends_at, one.data_ends_at) if end is not None]
        return min(ends, default=None)

    def days_left(self, now: datetime) -> int | None:
        """Return how many days of the office's calendar are left until then; below 0 it is over."""
        zone, end = self.account.office.timezone, self.ends_at
        return (end.astimezone(zone).date() - now.astimezone(zone).date()).days if end is not None else None


@dataclass(frozen=True, slots=True)
class Standings:
    """Says how accounts stand."""

    queries: Queries
    accesses: Accesses
    lines: Lines
    clock: Clock

    def of(self, accounts: Sequence[StoredAccount]) -> tuple[Standing, ...]:
        """Return how accounts stand, in their order."""
        access = self.accesses.list_all([account.id for account in accounts])
        last = self.queries.list_last_snapshots()
        found = []
        for account in accounts:
            its = access.get(account.id, ())
            missing = tuple(dict.fromkeys(gone for one in its for gone in _missing(account, one)))
            lacks = (*(gone.without.text(current()) for gone in missing), *self._lacks(account))
            found.append(Standing(account, its, missing, last.get(account.id), lacks))
        return tuple(found)

    def _lacks(self, account: StoredAccount) -> Iterator[str]:
        """Say what a report of the present semester, made now, would lack of an account."""
        now = self.clock.now()
        period = period_of("semester", now.astimezone(account.office.timezone).date())
        (growth,) = compare_accounts(self.lines, [account], period, previous(period), now)
        change = _leading(growth)
        if change is None:
            yield t("belum ada angka sama sekali", en="there is no figure at all yet")
            return
        if change.flags & _WITHOUT_BASE:
            day = formats.day(previous(period).last)
            yield t(f"belum ada data dasar per {day}; catat angka laporan lalu dengan collector record",
                    en=f"there is no base of {day}; type the last report's figure in: collector record")  # fmt: skip
        if change.flags & _NOT_FRESH:
            yield t("belum ada angka dalam tujuh hari terakhir", en="there is no figure of the last seven days")
        if Flag.HIDDEN in change.flags:
            yield t("angkanya disembunyikan pemilik akun", en="its owner hides the figure")
        if Flag.PARTIAL_COVERAGE in change.flags:
            yield t("kurang dari 90% hari tercatat", en="less than 90% of the days were recorded")
        if Flag.HELD in change.flags:
            yield t("ada angka yang menunggu konfirmasi: collector findings list",
                    en="a figure waits for a person's word: collector findings list")  # fmt: skip


def _leading(growth: Growth) -> Change | None:
    """Return the change that a report speaks of first: of the followers where there are any."""
    followers = [one for one in growth.changes if one.metric == FOLLOWERS.key and one.kind is Kind.LEVEL]
    return next(iter((*followers, *growth.changes)), None)


def _missing(account: StoredAccount, access: StoredAccess) -> Iterator[Permission]:
    """Yield the permissions that a way to connect asks for and that were not given.

    A sign-in that came from the environment names no way: then it is the way whose permissions it has most of.
    """
    if access.granted is None:
        return
    granted = access.granted
    try:
        ways = [way for way in get_connector(account.platform).ways if way.slot == access.slot and way.permissions]
    except LookupError:  # a platform that this version does not have
        return
    named = [way for way in ways if way.name == access.way]
    for way in named or sorted(ways, key=lambda way: -len({one.name for one in way.permissions} & granted))[:1]:
        yield from (one for one in way.permissions if one.name not in granted)
