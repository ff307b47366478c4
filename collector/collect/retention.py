"""Letting go of whole answers where a platform's terms say so; the figures and what they cite stay.

Done at the end of a run, a little at a time: what one run leaves over the next one takes up. How long an answer may be
kept whole is the connector's word on the account as it was last asked, not as today's settings describe it: a key that
is missing for a day must not cost an answer that cannot be had again.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

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

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retention:
    """Reduces the answers whose time is over to what is cited of them."""

    clock: Clock
    queries: Queries
    bodies: Bodies

    def reduce(self) -> int:
        """Reduce what may not be kept whole any longer. Returns how many answers there were."""
        now = self.clock.now()
        accounts = (*self.queries.list_accounts(), *self.queries.list_removed())
        ends = {account.id: end for account in accounts if (end := self._end(account, now)) is not None}
        count = 0
        for account_id, end in ends.items():
            snapshots = self.bodies.list_over(account_id, end, MOST)
            if snapshots:
                count += self._reduce(self.bodies.list_whole(snapshots), ends, now)
                self.bodies.mark(snapshots, now)
        for platform in sorted({account.platform for account in accounts}):
            outside = _end_outside(platform, now)
            if outside is not None:
                count += self._reduce(self.bodies.list_whole_outside(platform, outside, MOST), ends, now)
        return count

    def _end(self, account: StoredAccount, now: datetime) -> datetime | None:
        """Return before which moment an account's answers may not be whole any longer, None for never."""
        assignment = self.queries.find_last_assignment(account.id)
        if assignment is None:
            return _end_outside(account.platform, now)
        try:
            days = get_connector(account.platform).raw_answer_days(load_assignment(assignment).account)
        except LookupError:  # a platform that this version does not have
            return None
        except ValueError:
            _log.warning("account %s: its last assignment cannot be read; its answers stay whole", account.id)
            return None
        return now - timedelta(days=days) if days is not None else None

    def _reduce(self, digests: Collection[str], ends: dict[int, datetime], now: datetime) -> int:
        owners = self.bodies.list_owners(digests)
        over = [digest for digest in digests if all(_is_over(owner, ends, now) for owner in owners[digest])]
        cited = self.bodies.list_cited(over)
        return sum(
            self.bodies.reduce(digest, sum(one.exchanges for one in owners[digest]), cited[digest], cite, now)
            for digest in over
        )


def _end_outside(platform: str, now: datetime) -> datetime | None:
    """Return the same for answers from before it was known whose account it is: what holds without any sign-in."""
    try:
        days = get_connector(platform).raw_answer_days(Account(None, ""))
    except LookupError:  # typed figures and files, too: they are the office's own
        return None
    return now - timedelta(days=days) if days is not None else None


def _is_over(owner: Owner, ends: dict[int, datetime], now: datetime) -> bool:
    end = ends.get(owner.account_id) if owner.account_id is not None else _end_outside(owner.platform, now)
    return owner.is_read and end is not None and owner.newest < end
