"""Attempts to renew a sign-in: who may make one, when the next may be made, and what came of those that gave nothing.

They are kept in the store, so that a crash is seen, and so that neither a run of many snapshots nor the next process
asks a dead or failing sign-in over and over. All is remembered of the very value that is sent: another one, connected
anew, is asked for at once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.accounts.vault import digest
from collector.clock import Clock
from collector.collect.grants import grown_slot
from collector.collect.holder import Holder
from collector.collect.http import NotSentError
from collector.collect.redact import Redactor
from collector.collect.refusals import NotAskedError, as_interrupted, dump_refusal, load_refusal
from collector.store.records import StoredRenewal
from collector.store.renewals import Renewals
from connectors.kit import AccessError, Action, GoogleJwt, PlatformError, Prolonged, Refreshed, Renewable

_LEASE = timedelta(minutes=10)  # how long another home's attempt is believed to go on; longer than any answer takes
_STEPS = (1, 4, 300, 900, 1800)  # seconds of rest after so many failures; the first two pass within a snapshot
_REFUSED_REST = timedelta(days=7)  # a person may have lifted a block; one question a week hammers nobody
_STATEMENT_REST = timedelta(hours=1)  # what a wrong clock dated is refused until the clock is right
_LONGEST_REST = timedelta(days=8)  # beyond that the clock was wrong when it was noted


@dataclass(frozen=True, slots=True)
class Attempts:
    """Begins and ends attempts."""

    renewals: Renewals
    clock: Clock
    redactor: Redactor
    holder: Holder

    def find_rest(self, account_id: int, way: Renewable, value: str) -> datetime | None:
        """Return until when a value is not to be sent, None where it may be."""
        known = self.renewals.find(account_id, grown_slot(way))
        return self._rest(known) if known is not None and known.seed == digest(value) else None

    def begin(self, account_id: int, way: Renewable, value: str) -> StoredRenewal | None:
        """Write down that a value is about to be sent. None where another home is renewing the same sign-in.

        Raises the AccessError that the value was refused with, and NotAskedError where it failed a moment ago.
        """
        known = self.renewals.find(account_id, grown_slot(way))
        if known is not None and known.seed == digest(value):
            rest = self._rest(known)
            if known.refusal is not None and (rest is not None or known.retry_at is None):
                raise load_refusal(known.refusal)
            if rest is not None:
                raise NotAskedError(f"{way.request.path}: it failed lately; asked again from {rest:%H:%M} UTC")
        wanted = StoredRenewal(account_id, grown_slot(way), digest(value), self.clock.now(), self.holder.name)
        return self.renewals.begin(wanted, self._is_over)

    def forget(self, attempt: StoredRenewal) -> None:
        """End an attempt in which nothing was sent."""
        self.renewals.end(attempt)

    def give_up(self, way: Renewable, attempt: StoredRenewal, error: PlatformError) -> PlatformError:
        """Write down what an attempt came to that gave nothing. Returns what is to be said of it."""
        now = self.clock.now()
        if isinstance(error, NotSentError):
            self.renewals.end(attempt)
        elif isinstance(way, Prolonged) and error.action is not Action.RETRY:
            self.renewals.end(replace(attempt, retry_at=now + way.again))
        elif isinstance(error, AccessError):
            return self._refuse(way, attempt, error)
        elif error.action in (Action.RETRY, Action.REPORT):  # not a word on the key itself: it may be used up
            rest = timedelta(seconds=_STEPS[min(attempt.failures, len(_STEPS) - 1)])
            lost_at = attempt.lost_at or attempt.begun_at
            self.renewals.end(replace(attempt, lost_at=lost_at, failures=attempt.failures + 1, retry_at=now + rest))
        else:  # refused, but not because of the key
            self.renewals.end(attempt)
        return error

    def _refuse(self, way: Renewable, attempt: StoredRenewal, error: AccessError) -> AccessError:
        """Remember a refusal. A single-use key is never sent again; it is the only one that a crash can use up."""
        retry_at: datetime | None = self.clock.now() + (
            _STATEMENT_REST if isinstance(way, GoogleJwt) else _REFUSED_REST
        )
        if isinstance(way, Refreshed) and way.single_use:
            retry_at = None
            if attempt.lost_at is not None:
                error = as_interrupted(error, attempt.lost_at)
        self.renewals.end(replace(attempt, retry_at=retry_at, refusal=dump_refusal(error, self.redactor)))
        return error

    def _rest(self, known: StoredRenewal) -> datetime | None:
        now = self.clock.now()
        is_ahead = known.retry_at is not None and now < known.retry_at <= now + _LONGEST_REST
        return known.retry_at if is_ahead else None

    def _is_over(self, begun: StoredRenewal) -> bool:
        """Whether a begun attempt is dead. One of this home is: it would hold the lock. Of another, time must tell."""
        age = self.clock.now() - begun.begun_at
        return self.holder.is_here(begun.holder) or not -_LEASE <= age <= _LEASE
