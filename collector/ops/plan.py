"""The plan: by which rule each account is collected, and when that is next. The narrowest rule holds."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from collector.clock import Clock
from collector.collect.snapshot import LONGEST_PAUSE
from collector.errors import RuleError
from collector.ops.rules import Rule, parse_rule, spread_over_the_day
from collector.ops.scheduler import next_time
from collector.platforms import get_connector
from collector.store.queries import Queries
from collector.store.records import OpenSnapshot, StoredAccount
from collector.store.schedules import Schedules, Scope

SPREAD = timedelta(minutes=45)
"""Over how long the accounts of one rule are spread, so that hundreds of offices do not knock at once."""

_HOUR, _MINUTE = 2, 30  # a quiet hour: the line is free, and the platforms' day (Pacific) is far from its end
_MOST_DEATHS = 3  # an account that takes the process down with it must not keep the others from their turn
_LONGEST_PAUSE = timedelta(days=32)  # no platform asks for more than a month; what says so was noted by a wrong clock

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """The rule of an account, and whose it is: account, both (of a platform at an office), platform, office, all,
    or default."""

    rule: Rule
    source: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Answers when accounts are due, and changes it."""

    schedules: Schedules
    queries: Queries
    clock: Clock

    def rule_of(self, account: StoredAccount) -> Planned:
        """Return the rule that an account is collected by."""
        for scope, text in sorted(self.schedules.list_rules(account), key=lambda one: _narrowness(one[0])):
            try:
                return Planned(parse_rule(text), _source(scope))
            except RuleError:
                _log.warning("the rule %r of %s cannot be read and is passed over", text, scope)
        return Planned(spread_over_the_day(collections_a_day(account), _HOUR, _MINUTE), "default")

    def next_due(self, account: StoredAccount, now: datetime) -> datetime:
        """Return when an account is to be collected next: always after `now`, in UTC.

        It is the rule's next time and the account's own delay after it. The rule's time alone is compared with `now`:
        whoever was collected since that time has had its turn.
        """
        return next(self.list_next(account, now))

    def list_next(self, account: StoredAccount, now: datetime) -> Iterator[datetime]:
        """Yield the next times of an account, without end."""
        planned = self.rule_of(account)
        delay, moment = _delay(account, planned.source), now
        while True:
            moment = next_time(planned.rule, account.office.timezone, moment)
            yield moment + delay

    def set_rule(self, scope: Scope, rule: Rule) -> tuple[StoredAccount, ...]:
        """Set the rule of a scope. Returns the accounts that are in it."""
        self.schedules.set_rule(scope, rule.text, self.clock.now())
        return self._move(scope)

    def reset_rule(self, scope: Scope) -> bool:
        """Drop the rule of a scope: the next wider one holds. Returns whether there was one."""
        found = self.schedules.reset_rule(scope)
        self._move(scope)
        return found

    def mend(self) -> int:
        """Bring back who is due later than the rule says: the clock was wrong when that was noted. Returns how many.

        Whoever the platform asked to wait, waits.
        """
        now, late = self.clock.now(), {}
        for account in self.queries.list_accounts():
            if account.due_at is None or account.due_at <= (due := self.next_due(account, now)):
                continue
            if not self._is_asked_to_wait(account, account.due_at, now):
                late[account.id] = due
        self.schedules.set_due(late)
        return len(late)

    def hurry(self) -> None:
        """Make those due who wait for no turn of their rule, only because nothing came when they were asked last."""
        now, last, waiting = self.clock.now(), self.queries.list_last_snapshots(), []
        for account in self.queries.list_accounts():
            due, went_well = account.due_at, account.id in last and last[account.id].outcome == "ok"
            if went_well or due is None or not now < due <= now + LONGEST_PAUSE:
                continue
            if due < self.next_due(account, now) and not self._is_asked_to_wait(account, due, now):
                waiting.append(account.id)
        self.schedules.set_due(dict.fromkeys(waiting, now))

    def _is_asked_to_wait(self, account: StoredAccount, due: datetime, now: datetime) -> bool:
        """Whether the platform itself asked to be left alone for as long as an account's due time says."""
        pause = self.queries.find_pause(account.platform, str(account.id))
        return pause is not None and due <= pause <= now + _LONGEST_PAUSE

    def take_up(self, snapshot: OpenSnapshot) -> datetime | None:
        """Return when to collect an account again whose snapshot died with its process; None: when it is due anyway.

        That is at once, because it was due when it began; after several deaths in a row only at the rule's next time.
        """
        account = self.queries.find_account(snapshot.account_id)
        if account is None:
            return None
        was_due = account.due_at is not None and account.due_at <= snapshot.started_at
        if self.schedules.count_deaths(account.id, _MOST_DEATHS - 1) < _MOST_DEATHS - 1:
            return None if was_due else snapshot.started_at
        return self.next_due(account, self.clock.now()) if was_due or account.due_at is None else None

    def _move(self, scope: Scope) -> tuple[StoredAccount, ...]:
        """Give the accounts of a scope their new times. Who is due already, or was never collected, stays due."""
        now = self.clock.now()
        within = tuple(account for account in self.queries.list_accounts() if _is_within(account, scope))
        self.schedules.set_due(
            {
                account.id: self.next_due(account, now)
                for account in within
                if account.due_at is not None and account.due_at > now
            }
        )
        return within


def collections_a_day(account: StoredAccount) -> int:
    """Return how often a day an account's platform has to be asked, so that nothing passes unseen."""
    try:
        return get_connector(account.platform).collections_a_day
    except LookupError:
        return 1


def list_seldom(accounts: Iterable[StoredAccount], plan: Plan, now: datetime) -> list[StoredAccount]:
    """Return the accounts whose rule asks less often than their platform needs."""
    seldom = []
    for account in accounts:
        times = plan.list_next(account, now)
        needed = collections_a_day(account)
        if [next(times) for _ in range(needed)][-1] > now + timedelta(days=1) + SPREAD:
            seldom.append(account)
    return seldom


def _delay(account: StoredAccount, source: str) -> timedelta:
    """Return an account's delay within the spread. A rule of its own is kept to the minute.

    It is made of the platform's id, so that offices with the same numbers do not knock together; only the first night,
    before that id is known, has another.
    """
    if source == "account":
        return timedelta(0)
    name = f"{account.platform}:{account.external_id or account.handle}".encode()
    return timedelta(seconds=int.from_bytes(sha256(name).digest()[:4]) % int(SPREAD.total_seconds()))


def _is_within(account: StoredAccount, scope: Scope) -> bool:
    return (
        scope.account_id in (None, account.id)
        and scope.office_id in (None, account.office.id)
        and scope.platform in ("", account.platform)
    )


def _narrowness(scope: Scope) -> tuple[bool, bool, bool]:
    return scope.account_id is None, not scope.platform, scope.office_id is None


def _source(scope: Scope) -> str:
    if scope.account_id is not None:
        return "account"
    if scope.platform and scope.office_id is not None:
        return "both"
    return "platform" if scope.platform else ("office" if scope.office_id is not None else "all")
