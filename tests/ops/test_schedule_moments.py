"""When a rule comes next, in every zone: never in the past, never left out, never twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.ops.rules import WEEKDAYS, Fire, Rule, parse_rule
from collector.ops.scheduler import next_time

ZONES = (
    "Asia/Jakarta",
    "Asia/Makassar",
    "Asia/Jayapura",
    "Europe/Amsterdam",
    "America/New_York",
    "Australia/Lord_Howe",
)
"""The three of the country, which have no summer time, and three that have; the last one's is half an hour."""

TIMES = st.lists(st.integers(0, 23), min_size=1, max_size=3, unique=True)
DAYS = st.lists(st.sampled_from(sorted(WEEKDAYS)), min_size=1, max_size=3, unique=True)
MINUTES = st.integers(0, 59)
DATES = st.lists(st.integers(1, 31), min_size=1, max_size=3, unique=True)
MONTHS = st.lists(st.sampled_from([1, 3, 5, 7, 8, 10, 12]), min_size=1, max_size=3, unique=True)


def _joined(parts: list[object]) -> str:
    return ",".join(str(part) for part in parts)


RULES = st.one_of(
    st.builds(lambda hours, minute: "daily " + _joined([f"{hour}:{minute:02}" for hour in hours]), TIMES, MINUTES),
    st.builds(
        lambda days, hour, minute: f"weekly {_joined(days)} {hour}:{minute:02}", DAYS, st.integers(0, 23), MINUTES
    ),
    st.builds(lambda minute, hours, days: f"cron {minute} {_joined(hours)} {_joined(days)} * *", MINUTES, TIMES, DATES),
    st.builds(lambda minute, months: f"cron {minute} 2 last {_joined(months)} *", MINUTES, MONTHS),
    st.builds(lambda minute: f"cron {minute} * * * *", MINUTES),
    st.just("cron 30 2 29 2 *"),
).map(parse_rule)
NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text)


def _comes_on(fire: Fire, day: datetime) -> bool:
    is_last = (day + timedelta(days=1)).day == 1
    return (
        (fire.day == "*" or (fire.day == "last" and is_last) or str(day.day) in fire.day.split(","))
        and (fire.month == "*" or str(day.month) in fire.month.split(","))
        and (fire.weekday == "*" or list(WEEKDAYS)[day.weekday()] in fire.weekday.split(","))
    )


def every_moment(rule: Rule, zone: ZoneInfo, since: datetime, days: int) -> list[datetime]:
    """List a rule's moments by looking at each day of the calendar."""
    first = since.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    found = set()
    for number in range(days + 2):
        day = first + timedelta(days=number)
        for fire in rule.fires:
            hours = range(24) if fire.hour == "*" else [int(hour) for hour in fire.hour.split(",")]
            for hour in hours if _comes_on(fire, day) else ():
                hands = day.replace(hour=hour, minute=int(fire.minute), tzinfo=zone)
                found.add(hands.astimezone(UTC))
    return sorted(moment for moment in found if moment > since)


@given(RULES, st.sampled_from(ZONES).map(ZoneInfo), NOWS)
def test_the_next_time_is_the_first_of_the_calendar(rule: Rule, zone: ZoneInfo, now: datetime) -> None:
    """Reckoned another way, day by day: so none is left out, and none lies in the past."""
    due = next_time(rule, zone, now)

    assert due > now
    listed = every_moment(rule, zone, now, 40)
    if listed:
        assert due == listed[0]
    else:  # monthly rules on the 31st, and leap days
        assert now + timedelta(days=27) < due < now + timedelta(days=4 * 366)


@given(RULES, st.sampled_from(ZONES).map(ZoneInfo), NOWS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_later_now_never_gives_an_earlier_time(rule: Rule, zone: ZoneInfo, now: datetime, passed: timedelta) -> None:
    """One run for one time: going from time to time neither stands still nor goes back."""
    due = next_time(rule, zone, now)

    assert next_time(rule, zone, now + passed) >= due
    assert next_time(rule, zone, due) > due
    assert next_time(rule, zone, due - timedelta(milliseconds=1)) == due


@pytest.mark.parametrize(
    ("rule", "zone", "now", "due"),
    [
        ("daily 02:30", "Asia/Jakarta", "2026-11-20T10:00+07:00", "2026-11-21T02:30+07:00"),
        ("daily 02:30", "Asia/Jakarta", "2026-11-20T02:29:59.999+07:00", "2026-11-20T02:30+07:00"),
        ("daily 02:30", "Asia/Jakarta", "2026-11-20T02:30+07:00", "2026-11-21T02:30+07:00"),
        ("daily 02:30", "Asia/Makassar", "2026-11-20T10:00+08:00", "2026-11-21T02:30+08:00"),
        ("daily 02:30", "Asia/Jayapura", "2026-12-31T20:00+09:00", "2027-01-01T02:30+09:00"),
        ("daily 02:30,14:30", "Asia/Jakarta", "2026-11-20T10:00+07:00", "2026-11-20T14:30+07:00"),
        ("weekly mon 03:00", "Asia/Jakarta", "2026-11-20T10:00+07:00", "2026-11-23T03:00+07:00"),
        ("cron 0 3 * * sun", "Asia/Jakarta", "2026-11-20T10:00+07:00", "2026-11-22T03:00+07:00"),
        ("cron 0 3 31 * *", "Asia/Jakarta", "2026-01-31T10:00+07:00", "2026-03-31T03:00+07:00"),
        ("cron 0 3 last * *", "Asia/Jakarta", "2026-01-31T10:00+07:00", "2026-02-28T03:00+07:00"),
        ("cron 0 3 last 2 *", "Asia/Jakarta", "2028-01-31T10:00+07:00", "2028-02-29T03:00+07:00"),
        ("cron 0 3 29 2 *", "Asia/Jakarta", "2026-01-31T10:00+07:00", "2028-02-29T03:00+07:00"),
        ("daily 02:30", "Europe/Amsterdam", "2027-03-27T12:00+01:00", "2027-03-28T03:30+02:00"),  # left out
        ("daily 02:30", "Europe/Amsterdam", "2027-03-28T03:10+02:00", "2027-03-28T03:30+02:00"),
        ("daily 02:30", "Europe/Amsterdam", "2027-10-30T12:00+02:00", "2027-10-31T02:30+02:00"),  # comes twice
        ("daily 02:30", "Europe/Amsterdam", "2027-10-31T02:30+02:00", "2027-11-01T02:30+01:00"),
        ("daily 02:15", "Australia/Lord_Howe", "2026-10-03T12:00+10:30", "2026-10-04T02:45+11:00"),
    ],
)
def test_known_moments(rule: str, zone: str, now: str, due: str) -> None:
    """Month ends, leap days, the turn of the year, and both nights on which a clock is changed."""
    moment = next_time(parse_rule(rule), ZoneInfo(zone), at(now))

    assert (moment, moment.tzinfo) == (at(due), UTC)
