"""What one snapshot is to do, worked out from what is answered already.

The first snapshot asks from the beginning of the previous semester on, because the report compares two, and for daily
figures as far back as the platform remembers; later ones ask from the last answered day on, with the days that the
platform still revises once more. Closed periods are asked for
until an answer was had after the platform had finished them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from collector.growth.periods import MONTHS_OF, Period, list_closed, period_of, previous
from collector.store.queries import Queries
from collector.store.records import StoredAccount
from collector.store.resume_points import ResumePoints
from connectors.kit import POST_REFRESH_DAYS, Account, Assignment, ClosedPeriod, Connector, Days, Subject
from connectors.kit.metrics import DAY

FINAL_AFTER = timedelta(days=4)
"""When a closed period's figures are taken to be final: no known platform revises for longer than that."""

_DEAD_FOR = timedelta(days=30)  # a refused measure is tried again after this: platforms also bring things back


@dataclass(frozen=True, slots=True)
class Assigner:
    """Makes assignments."""

    queries: Queries
    resume_points: ResumePoints

    def assign(
        self, connector: Connector, account: StoredAccount, seen: Account, now: datetime, period: Period | None
    ) -> Assignment:
        """Return the assignment of a snapshot at `now`; with `period` its days are asked for anew.

        The days from there up to today are asked for as well: what is answered must stay without a hole, because the
        next snapshot goes on after the last answered day.
        """
        today = now.astimezone(account.office.timezone).date()
        begin, resume = _usual_begin(today), self._resume(connector, account, now)
        if period is not None:
            begin, resume = min(begin, period.first), {key: min(day, period.first) for key, day in resume.items()}
        return Assignment(
            account=seen,
            now=now,
            window=Days(begin, today),
            closed_periods=tuple(self._closed_periods(connector, account, now, today, period)),
            known_posts=self.resume_points.list_known_posts(account.id, now - timedelta(days=POST_REFRESH_DAYS)),
            dead_measures=self.resume_points.list_dead_measures(account.id, now - _DEAD_FOR, now),
            resume=resume,
            answered_from=self.resume_points.find_first_days(account.id),
            budget=self.budget(connector, account, seen, now),
        )

    def budget(self, connector: Connector, account: StoredAccount, seen: Account, now: datetime) -> int | None:
        """Return what may still be spent on an account this year, in millionths of a US dollar; None: no end."""
        cap = connector.yearly_cap(seen)
        if cap is None:
            return None
        return max(0, cap - self.spent(account, now))

    def spent(self, account: StoredAccount, now: datetime) -> int:
        """Return what was spent on an account this year (UTC), in millionths of a US dollar."""
        return self.queries.sum_cost(account.id, datetime(now.astimezone(UTC).year, 1, 1, tzinfo=UTC))

    def _resume(self, connector: Connector, account: StoredAccount, now: datetime) -> dict[str, date]:
        """Return, by measure, the first day to ask for: the last answered one less those still revised.

        Nothing answered yet: as far back as the platform remembers, where that is more than the report needs. Of a
        post's measure the answered days are those whose posts were listed to the end.
        """
        today = now.astimezone(account.office.timezone).date()
        answered = self.resume_points.find_last_days(account.id, now)
        reread = timedelta(days=connector.reread_days)
        first: dict[str, date] = {}
        for measure in connector.measures:
            if measure.span != DAY and measure.subject is not Subject.POST:
                continue
            if measure.key in answered:
                first[measure.key] = min(answered[measure.key] + timedelta(days=1), today) - reread
            elif measure.reach_back is not None and today - timedelta(days=measure.reach_back) < _usual_begin(today):
                first[measure.key] = today - timedelta(days=measure.reach_back)
        return first

    def _closed_periods(
        self, connector: Connector, account: StoredAccount, now: datetime, today: date, period: Period | None
    ) -> Iterator[ClosedPeriod]:
        first, last = (period.first, period.last) if period is not None else (_usual_begin(today), today)
        for span in MONTHS_OF:
            if not any(measure.span == span for measure in connector.measures):
                continue
            answered = self.resume_points.list_periods(account.id, span, now)
            for closed in list_closed(span, first, today):
                if closed.last > last:
                    break
                asked = ClosedPeriod(span, Days(closed.first, closed.last))
                final = datetime.combine(closed.last, datetime.min.time(), account.office.timezone) + FINAL_AFTER
                if asked not in answered or answered[asked] < final or period is not None:
                    yield asked


def _usual_begin(today: date) -> date:
    """Return the first day that a first snapshot asks for: the report compares this semester with the one before."""
    return previous(period_of("semester", today)).first
