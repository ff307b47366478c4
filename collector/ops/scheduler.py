"""The clock of the schedule. What is due is a question to the store; APScheduler only knows when the next time is."""

from datetime import UTC, datetime

from apscheduler.triggers.cron import CronTrigger

from collector.store.records import Office

_HOUR, _MINUTE = 2, 30  # a quiet hour: the line is free, and the platforms' day (Pacific) is far from its end


def next_due(office: Office, now: datetime) -> datetime:
    """Return when an office's accounts are to be collected next, after `now`, in UTC: once a day at a quiet hour."""
    trigger = CronTrigger(hour=_HOUR, minute=_MINUTE, timezone=office.timezone)
    moment = trigger.get_next_fire_time(None, now.astimezone(office.timezone))
    assert isinstance(moment, datetime)  # a daily time always comes again
    return moment.astimezone(UTC)
