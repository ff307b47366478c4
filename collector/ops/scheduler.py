"""The clock of the schedule: when a rule comes next. What is due is a question to the store.

APScheduler reckons on the wall clock's hands alone, without a zone, and the zone is put on afterwards: so a time that
the change to summer time leaves out comes an hour later instead of not at all, and one that comes twice in autumn is
taken once. Its own timers are not used: they wait for a moment of the wall clock, and a clock that is set back a year
would keep them waiting for a year.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from collector.ops.rules import Fire, Rule

_LARGEST_CHANGE = timedelta(hours=3)  # of a zone's clock; of the zones in use none moves by more
_STEP = timedelta(minutes=1)


def next_time(rule: Rule, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first moment of a rule after another one, in UTC."""
    return min(_next(fire, zone, after) for fire in rule.fires)


def _next(fire: Fire, zone: ZoneInfo, after: datetime) -> datetime:
    hands = after.astimezone(zone).replace(tzinfo=UTC) - _LARGEST_CHANGE
    while True:
        found = _trigger(fire).get_next_fire_time(None, hands)
        assert isinstance(found, datetime)  # a rule that never comes was refused
        moment = found.replace(tzinfo=zone).astimezone(UTC)
        if moment > after:
            return moment
        hands = found + _STEP


@cache
def _trigger(fire: Fire) -> CronTrigger:
    return CronTrigger(
        minute=fire.minute, hour=fire.hour, day=fire.day, month=fire.month, day_of_week=fire.weekday, timezone=UTC
    )
