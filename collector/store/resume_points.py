"""Where an account's next snapshot goes on: what the platforms answered already.

What a clock that was ahead once dated later than the present one says is not taken for answered.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select

from collector.store import schema
from collector.store.engine import Store
from collector.store.records import from_day_number, from_ms, to_ms
from connectors.kit import ClosedPeriod, Days, KnownPost

# What every snapshot asks is put together once: building a question costs five times what asking it does.
_OF_ACCOUNT: BindParameter[int] = bindparam("account")
_FIRST_DAYS = (
    select(schema.coverage.c.measure, func.min(schema.coverage.c.first_day).label("first"))
    .where(schema.coverage.c.account_id == _OF_ACCOUNT)
    .group_by(schema.coverage.c.measure)
)
_LAST_DAYS = (
    select(schema.coverage.c.measure, func.max(schema.coverage.c.last_day).label("last"))
    .where(schema.coverage.c.account_id == _OF_ACCOUNT, schema.coverage.c.answered_at <= bindparam("now"))
    .group_by(schema.coverage.c.measure)
)
_PERIODS = select(schema.coverage).where(
    schema.coverage.c.account_id == _OF_ACCOUNT,
    schema.coverage.c.measure.endswith(bindparam("ending")),
    schema.coverage.c.answered_at <= bindparam("now"),
)
_DEAD_MEASURES = select(schema.dead_measures.c.measure).where(
    schema.dead_measures.c.account_id == _OF_ACCOUNT,
    schema.dead_measures.c.since.between(bindparam("since"), bindparam("now")),
)
_KNOWN_POSTS = (
    select(schema.posts.c.post_id, schema.posts.c.created_at, schema.posts.c.last_seen)
    .where(schema.posts.c.account_id == _OF_ACCOUNT, schema.posts.c.created_at >= bindparam("since"))
    .order_by(schema.posts.c.created_at, schema.posts.c.post_id)
)


class ResumePoints:
    """Reads them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find_last_days(self, account_id: int, now: datetime) -> dict[str, date]:
        """Return, by measure key, the last day that was answered up to now."""
        rows = self._rows(_LAST_DAYS, account=account_id, now=to_ms(now))
        return {row.measure: from_day_number(row.last) for row in rows}

    def find_first_days(self, account_id: int) -> dict[str, date]:
        """Return, by measure key, the first day that was answered."""
        rows = self._rows(_FIRST_DAYS, account=account_id)
        return {row.measure: from_day_number(row.first) for row in rows}

    def list_periods(self, account_id: int, span: str, now: datetime) -> dict[ClosedPeriod, datetime]:
        """Return the closed periods of a span that were asked for, with when each was last answered up to now."""
        answered: dict[ClosedPeriod, datetime] = {}
        for row in self._rows(_PERIODS, account=account_id, ending=f":{span}", now=to_ms(now)):
            period = ClosedPeriod(span, Days(from_day_number(row.first_day), from_day_number(row.last_day)))
            at = from_ms(row.answered_at)
            answered[period] = min(at, answered.get(period, at))
        return answered

    def list_dead_measures(self, account_id: int, since: datetime, now: datetime) -> frozenset[str]:
        """Return the keys of the measures that were refused since a moment, up to now."""
        rows = self._rows(_DEAD_MEASURES, account=account_id, since=to_ms(since), now=to_ms(now))
        return frozenset(row.measure for row in rows)

    def list_known_posts(self, account_id: int, since: datetime) -> tuple[KnownPost, ...]:
        """Return the posts made since a moment, oldest first."""
        rows = self._rows(_KNOWN_POSTS, account=account_id, since=to_ms(since))
        return tuple(KnownPost(row.post_id, from_ms(row.created_at), from_ms(row.last_seen)) for row in rows)

    def _rows(self, find: Select[Any], **values: object) -> Sequence[Row[Any]]:
        with self._store.read() as connection:
            return connection.execute(find, values).all()
