"""One account, one collection: drive its connector, and store what it read together with how it went.

Whatever was read before a failure is kept. What a fault means for the account is decided here and nowhere else.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from collector.accounts.keyring import Keyring, as_seen
from collector.accounts.service import Accounts
from collector.collect.assignments import Assigner
from collector.collect.fetch import LEASE, Fetcher, Shop
from collector.collect.outcome import Outcome, Price, Problem
from collector.errors import CollectorError, StoreError
from collector.figures.leaps import Leaps
from collector.growth.periods import Period
from collector.language import t
from collector.platforms import get_connector
from collector.settings import KeyValues
from collector.store.queries import CHECKED
from collector.store.records import Stored, StoredAccount
from connectors.kit import (
    AccessError,
    Account,
    Action,
    Connector,
    Gap,
    NotOfferedError,
    Observation,
    OtherAccountError,
    PlatformError,
    Profile,
    Reading,
    Reason,
    ThrottledError,
    UnreachableError,
)
from connectors.kit.replay import dump_assignment

LONGEST = timedelta(minutes=15)
"""How long a snapshot may take: it holds a thread, and the next one goes on where it stopped."""

LONGEST_PAUSE = timedelta(hours=1)
"""How long an account waits at most after nothing came: the line comes back within the day, not at the next night."""

_FIRST_PAUSE = timedelta(minutes=5)  # and then as long as nothing came so far

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every snapshot of a run shares."""

    shop: Shop
    keyring: Keyring
    accounts: Accounts
    assigner: Assigner
    leaps: Leaps
    holder: str
    run_id: int


@dataclass(slots=True)
class Snapshot:
    """One attempt at one account. `due_after` is when the schedule wants it next; `period` days to ask for anew.

    Once its `price` was told, it spends no more than that. With `due_by` it is taken only where it is still due then.
    """

    desk: Desk
    account: StoredAccount
    keys: KeyValues
    due_after: datetime
    period: Period | None = None
    price: Price | None = None
    due_by: datetime | None = None
    _read: list[Observation] = field(default_factory=list)

    def estimate(self) -> Price | None:
        """Say what taking it will cost, None where asking is free. Nothing is asked for that."""
        connector, assigner, now = get_connector(self.account.platform), self.desk.assigner, self.desk.shop.clock.now()
        seen = self._seen(connector)
        cap = connector.yearly_cap(seen)
        if cap is None:
            return None
        assignment = assigner.assign(connector, self.account, seen, now, self.period)
        most, left = connector.estimate(assignment), assignment.budget or 0
        spent = assigner.spent(self.account, now)
        self.price = Price(self.account, left if most is None else min(most, left), spent, cap)
        return self.price

    def take(self) -> Outcome:
        """Collect the account. Never raises for a fault of the platform, the line or the set-up."""
        shop, now = self.desk.shop, self.desk.shop.clock.now()
        if shop.stopping.is_set():
            return Outcome.skipped(self.account, Problem.stopped())
        number = shop.ledger.claim(
            self.desk.run_id, self.account.id, "", self.desk.holder, now, now + LEASE, due_by=self.due_by
        )
        if number is None:
            return Outcome.skipped(self.account, Problem.busy())
        fetcher = self._fetcher(number, now)
        error = self._attempt(fetcher, number, now)
        problem = self._problem(error)
        result = "ok" if problem is None else ("partial" if self._has_readings else "failed")
        due_at = self._next_due(error)
        stored = self._finish(number, result, problem, due_at)
        self._mark_account(error, fetcher)
        if stored.readings or stored.revised:
            self.desk.leaps.look(self.account, shop.clock.now())
        _log.info("snapshot %s of %s %s: %s", number, self.account.platform, self.account.handle, result)
        gaps = tuple(one for one in self._read if isinstance(one, Gap))
        self._read.clear()  # what is stored is not kept in memory as well: a run has thousands of accounts
        return Outcome(
            self.account.office.slug,
            self.account.platform,
            self.account.handle,
            result,
            fetcher.asked,
            stored.readings,
            stored.revised,
            gaps,
            fetcher.spent,
            due_at,
            problem,
            self.price,
        )

    def _finish(self, number: int, result: str, problem: Problem | None, due_at: datetime) -> Stored:
        """Store what was read. It is all or nothing, so it can be had again where the database's line was cut."""
        finish = partial(
            self.desk.shop.ledger.finish_snapshot,
            number, self.account.id, self._read, outcome=result, at=self.desk.shop.clock.now(), due_at=due_at,
            error_code=problem.code if problem else None, error_message=problem.message if problem else None,
        )  # fmt: skip
        try:
            return finish()
        except StoreError:
            return finish()

    def check(self) -> Profile:
        """Ask the platform who the account is, without collecting. Raises PlatformError or CollectorError.

        Where that costs money it is claimed like a collection: what is left of the year's limit is spent only once.
        """
        now, ledger, connector = self.desk.shop.clock.now(), self.desk.shop.ledger, get_connector(self.account.platform)
        if connector.yearly_cap(self._seen(connector)) is None:
            return self._check(self._fetcher(None, now))
        number = ledger.claim(self.desk.run_id, self.account.id, "", self.desk.holder, now, now + LEASE)
        if number is None:
            raise CollectorError(Problem.busy().message)
        try:
            return self._check(self._fetcher(number, now))
        finally:
            ledger.finish_snapshot(number, self.account.id, [], outcome=CHECKED, at=self.desk.shop.clock.now())

    def _check(self, fetcher: Fetcher) -> Profile:
        self._allow(fetcher)
        profile = self._ask_who(fetcher)
        if self.account.external_id is None:
            self.account = self.desk.accounts.identify(self.account, profile)
        else:
            self.account = self.desk.accounts.see(self.account, profile, fetcher.now)
        if self.account.state == "reconnect" and fetcher.answered and not fetcher.refusals:
            self.desk.accounts.set_state(self.account, "active")
        if profile.problem is not None:
            raise profile.problem
        return profile

    def _attempt(self, fetcher: Fetcher, number: int, now: datetime) -> Exception | None:
        """Collect, keeping all that is read. Returns what ended it before its time."""
        connector = fetcher.connector
        try:
            self._allow(fetcher)
            if self.account.external_id is None:
                self._identify(fetcher)
            elif connector.yearly_cap(self._seen(connector)) is None:
                self._recognize(fetcher)
            seen = as_seen(connector, self.account, self.keys)
            assignment = self.desk.assigner.assign(connector, self.account, seen, now, self.period)
            self.desk.shop.ledger.assign(number, self.account.id, dump_assignment(assignment))
            fetcher.allow(self._within(assignment.budget, fetcher))
            for observation in connector.collect(assignment, fetcher.collect):
                if not isinstance(observation, Profile):
                    self._read.append(observation)
                elif self.account.external_id is not None:
                    self.account = self.desk.accounts.see(self.account, observation, now)
        except (PlatformError, CollectorError) as error:
            return error
        except Exception as error:  # noqa: BLE001 - the edge of a snapshot: one account must not end the others
            _log.debug("snapshot %s failed in an unforeseen way", number, exc_info=error)
            return error
        return None

    def _allow(self, fetcher: Fetcher) -> None:
        """Say what may be spent on the account."""
        connector, account = fetcher.connector, self.account
        seen = self._seen(connector)
        fetcher.allow(self._within(self.desk.assigner.budget(connector, account, seen, fetcher.now), fetcher))

    def _seen(self, connector: Connector) -> Account:
        return as_seen(connector, self.account, self.keys)

    def _within(self, budget: int | None, fetcher: Fetcher) -> int | None:
        """Return what may still be spent: no more than the year's limit leaves, and than was told."""
        if budget is None or self.price is None:
            return budget
        return min(budget, self.price.most - fetcher.spent)

    def _identify(self, fetcher: Fetcher) -> None:
        """Learn who a not yet bound account is, and which typed account it may be."""
        try:
            profile = fetcher.connector.check(as_seen(fetcher.connector, self.account, self.keys), fetcher.check)
        except NotOfferedError as refusal:
            if refusal.reason is Reason.BUDGET and refusal.place is None:
                return  # not even that may be asked: the collecting says so figure by figure
            raise
        self.account = self.desk.accounts.identify(self.account, profile)
        fetcher.account_id = self.account.id

    def _recognize(self, fetcher: Fetcher) -> None:
        """See that the account still is who it was, before anything is stored as its own.

        A refusal of that question is no answer: collecting meets it as well, or goes on by another sign-in.
        """
        try:
            profile = self._ask_who(fetcher)
        except OtherAccountError:
            raise
        except PlatformError as error:
            if error.action in (Action.RETRY, Action.WAIT):
                raise
            _log.info("%s %s did not say who it is: %s", self.account.platform, self.account.handle, error)
        else:
            self.account = self.desk.accounts.see(self.account, profile, fetcher.now)

    def _ask_who(self, fetcher: Fetcher) -> Profile:
        """Ask the platform who the account is.

        Where the connector sees that it is another one, it is asked once more without being told who is expected.
        """
        connector, seen = fetcher.connector, self._seen(fetcher.connector)
        try:
            return connector.check(seen, fetcher.check)
        except OtherAccountError as other:
            if self.account.external_id is None:
                raise
            settings = {name: value for name, value in seen.settings.items() if name != connector.identity}
            try:
                return connector.check(replace(seen, id=None, settings=settings), fetcher.check)
            except PlatformError:
                raise other from None

    def _fetcher(self, number: int | None, now: datetime) -> Fetcher:
        connector = get_connector(self.account.platform)
        return Fetcher(
            self.desk.shop, connector, self.account.id, self.keys, self.desk.run_id, number, now, now + LONGEST
        )

    @property
    def _has_readings(self) -> bool:
        return any(isinstance(one, Reading) for one in self._read)

    def _problem(self, error: Exception | None) -> Problem | None:
        if error is None:
            return None
        message = self.desk.shop.redactor.line(str(error))
        if isinstance(error, PlatformError):
            return Problem.of(error, message)
        if isinstance(error, CollectorError):
            return Problem("setup", message)
        hint = t(
            "Jalankan lagi dengan COLLECTOR_LOG_LEVEL=DEBUG dan kirimkan keluarannya kepada pengelola program.",
            en="Run it again with COLLECTOR_LOG_LEVEL=DEBUG and send the output to the program's maintainers.",
        )
        return Problem("unforeseen", f"{type(error).__name__}: {message}", hint)

    def _mark_account(self, error: Exception | None, fetcher: Fetcher) -> None:
        """Mark the account for reconnecting when its sign-in has ended, and unmark it when the sign-in did its work.

        A refused sign-in counts also where another way was taken in its place: else it would be dead unnoticed. A line
        that dropped says nothing about a sign-in and changes nothing.
        """
        refusal = error if isinstance(error, AccessError) else next(iter(fetcher.refusals), None)
        if refusal is not None:
            if self._has_lasted(refusal):
                self.desk.accounts.set_state(self.account, "reconnect", refusal.code)
        elif self.account.state == "reconnect" and (error is None or _came_through(error, fetcher)):
            self.desk.accounts.set_state(self.account, "active")

    def _has_lasted(self, error: AccessError) -> bool:
        """Whether a refused sign-in has been so for long enough not to be an outage of the platform's."""
        queries, now = self.desk.assigner.queries, self.desk.shop.clock.now()
        since = queries.find_failing_since(self.account.id, error.code)
        return since is None or now - since >= error.patience

    def _next_due(self, error: Exception | None) -> datetime:
        if isinstance(error, ThrottledError) and error.until is not None:
            return error.until
        if isinstance(error, UnreachableError):
            now = self.desk.shop.clock.now()
            if self.desk.shop.stopping.is_set():
                return now  # the next start goes on with it
            since = self.desk.assigner.queries.find_failing_since(self.account.id, error.code) or now
            return min(self.due_after, now + min(max(now - since, _FIRST_PAUSE), LONGEST_PAUSE))
        return self.due_after


def _came_through(error: Exception, fetcher: Fetcher) -> bool:
    """Whether a snapshot that ended with this fault shows all the same that the sign-in is good."""
    is_passing = isinstance(error, UnreachableError | ThrottledError)
    return fetcher.answered > 0 and isinstance(error, PlatformError) and not is_passing
