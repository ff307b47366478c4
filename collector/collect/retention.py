"""Letting go of whole answers where a platform's terms or the office say so; the figures and what they cite stay.

Done at the end of a run, a little at a time: what one run leaves over the next one takes up. How long an answer may be
kept whole is the connector's word on the account as it was last asked, not as today's settings describe it: a key that
is missing for a day must not cost an answer that cannot be had again. What the office itself wants counts for every
platform, and shortens that time but never lengthens it. Typed figures' files are the office's own, and always stay.

No more time is believed to have passed than a platform has said: an answer that is let go of cannot be had again, and
an old computer's clock may be years ahead.
"""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from collector.clock import Clock
from collector.figures.answers import cite
from collector.platforms import get_connector
from collector.store.bodies import Bodies, Owner
from collector.store.queries import Queries
from collector.store.records import StoredAccount
from connectors.kit import Account
from connectors.kit.replay import load_assignment

MOST = 100
"""Snapshots of one account, and answers outside any, that one run goes through: three months' worth of days."""

_DATED = 200  # newest answers that are asked for the time: one server's own clock may be behind
_NEVER = datetime.fromtimestamp(0, UTC)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """Some snapshots that are gone through together, and the bodies of theirs whose time is over, with their owners."""

    snapshots: tuple[int, ...]
    bodies: dict[str, list[Owner]]


@dataclass(frozen=True, slots=True)
class Retention:
    """Reduces the answers whose time is over to what is cited of them. `keep` is the office's wish, None: for ever."""

    clock: Clock
    queries: Queries
    bodies: Bodies
    keep: timedelta | None = None

    def reduce(self) -> int:
        """Reduce what may not be kept whole any longer. Returns how many answers there were."""
        return sum(self.apply(due) for due in self.list_due(MOST))

    def apply(self, due: Due) -> int:
        """Reduce what is due, and remember that it was gone through. Returns how many answers there were."""
        now = self.clock.now()
        cited = self.bodies.list_cited(due.bodies)
        count = sum(
            self.bodies.reduce(digest, sum(one.exchanges for one in owners), cited[digest], cite, now)
            for digest, owners in due.bodies.items()
        )
        if due.snapshots:
            self.bodies.mark(due.snapshots, now)
        return count

    def now(self) -> datetime:
        """Return until when the age of answers is counted: the present, as far as platforms' answers bear it out."""
        dates = [date for one in self.bodies.list_dates(_DATED) if (date := _read_date(one)) is not None]
        return min(self.clock.now(), max(dates, default=_NEVER))

    def list_due(self, most: int | None = None) -> Iterator[Due]:
        """Yield what is due, at most so many snapshots of each account and answers outside any; None: all of it."""
        now = self.now()
        accounts = (*self.queries.list_accounts(), *self.queries.list_removed())
        ends = {account.id: end for account in accounts if (end := self._end(account, now)) is not None}
        for account_id, end in ends.items():
            over = self.bodies.list_over(account_id, end, most)
            for some in (over[start : start + MOST] for start in range(0, len(over), MOST)):
                yield Due(some, self._list_over(self.bodies.list_whole(some), ends, now))
        for platform in sorted({account.platform for account in accounts}):
            outside = self._end_outside(platform, now)
            if outside is not None:
                whole = self.bodies.list_whole_outside(platform, outside, most)
                yield Due((), self._list_over(whole, ends, now))

    def _end(self, account: StoredAccount, now: datetime) -> datetime | None:
        """Return before which moment an account's answers may not be whole any longer, None for never."""
        assignment = self.queries.find_last_assignment(account.id)
        if assignment is None:
            return self._end_outside(account.platform, now)
        try:
            days = get_connector(account.platform).raw_answer_days(load_assignment(assignment).account)
        except LookupError:  # a platform that this version does not have
            return self._wished(now, None)
        except ValueError:
            _log.warning("account %s: its last assignment cannot be read; its answers stay whole", account.id)
            return None
        return self._wished(now, days)

    def _end_outside(self, platform: str, now: datetime) -> datetime | None:
        """Return the same for answers from before it was known whose account it is: what holds without any sign-in."""
        try:
            days = get_connector(platform).raw_answer_days(Account(None, ""))
        except LookupError:  # typed figures and files, too: they are the office's own
            return None
        return self._wished(now, days)

    def _wished(self, now: datetime, days: int | None) -> datetime | None:
        """Return the end that the platform's days or the office's wish set, whichever is sooner over."""
        times = [one for one in (self.keep, timedelta(days=days) if days is not None else None) if one is not None]
        return now - min(times) if times else None

    def _list_over(self, digests: Collection[str], ends: dict[int, datetime], now: datetime) -> dict[str, list[Owner]]:
        owners = self.bodies.list_owners(digests)
        return {one: owners[one] for one in digests if all(self._is_over(owner, ends, now) for owner in owners[one])}

    def _is_over(self, owner: Owner, ends: dict[int, datetime], now: datetime) -> bool:
        end = ends.get(owner.account_id) if owner.account_id is not None else self._end_outside(owner.platform, now)
        return owner.is_read and end is not None and owner.newest < end


def _read_date(text: str) -> datetime | None:
    """Return the moment that a Date header names, None where it names none."""
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
