"""Growth of an office's accounts: the question put to each account's lines, and the answer as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from collector.figures.history import exact
from collector.figures.lines import Lines
from collector.growth.change import Change, End, Flag
from collector.growth.differ import compare
from collector.growth.periods import Period, parse_period
from collector.growth.question import Question
from collector.platforms import get_connector
from collector.reports import formats
from collector.store.records import StoredAccount
from connectors.kit import Kind, Measure


@dataclass(frozen=True, slots=True)
class Growth:
    """One account's changes between two periods."""

    account: StoredAccount
    question: Question
    changes: tuple[Change, ...]


def compare_accounts(
    lines: Lines,
    accounts: Sequence[StoredAccount],
    period: Period,
    against: Period,
    position: datetime,
    as_of: datetime | None = None,
) -> tuple[Growth, ...]:
    """Compare two periods for each account, as of a position and as known at a moment (now without it)."""
    found = []
    for account in accounts:
        question = question_of(account, period, against, position)
        first = min(period.first, against.first)
        found.append(Growth(account, question, compare(lines.of_account(account, first, position, as_of), question)))
    return tuple(found)


def question_of(account: StoredAccount, period: Period, against: Period, position: datetime) -> Question:
    """Return the question as it is put to an account."""
    zone, since = account.office.timezone, account.succeeds_since
    if since is not None:  # it is new because it took another's place, and that is what is said
        return Question(period, against, position, zone, replaced=since.astimezone(zone).date())
    opened = parse_period(account.opened).first if account.opened else None
    return Question(period, against, position, zone, opened)


def default_position(period: Period, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the report's own moment: now, or the period's last second in the office's time if that is over."""
    return min(now, datetime.combine(period.last, time(23, 59, 59), zone))


def measure_of(account: StoredAccount, change: Change) -> Measure | None:
    """Return the measure that a change is of, None where this version does not know it."""
    try:
        connector = get_connector(account.platform)
    except LookupError:
        return None
    every = (*connector.measures, *connector.typed_measures)
    return next((measure for measure in every if measure.key == change.measure), None)


def plain_change(account: StoredAccount, change: Change) -> dict[str, Any]:
    """Return a change as plain values. The percentage is text with one decimal, rounded half away from zero."""
    difference, percent = change.difference, change.percent
    plain: dict[str, Any] = {
        "office": account.office.slug,
        "platform": account.platform,
        "account": account.handle,
        "metric": change.metric,
        "kind": str(change.kind),
        "measure": change.measure,
        "span": change.span,
        "base": _value(change.base, change.decimals),
        "base_at": _at(change.base, change, account),
        "end": _value(change.end, change.decimals),
        "end_at": _at(change.end, change, account),
        "difference": exact(difference.most, change.decimals) if difference is not None else None,
        "percent": str(formats.rounded(percent.value)) if percent is not None else None,
        "flags": [str(flag) for flag in Flag if flag in change.flags],
        "base_days": _days(change.base, change),
        "end_days": _days(change.end, change),
        "readings": [point.code for one in (change.base, change.end) if one is not None for point in one.points[-1:]],
    }
    if difference is not None and not difference.is_exact:
        plain |= {"difference_from": exact(difference.least, change.decimals)}
        plain |= {"difference_to": exact(difference.most, change.decimals)}
    if percent is not None and percent.least != percent.most:
        plain |= {"percent_from": str(formats.rounded(percent.least)), "percent_to": str(formats.rounded(percent.most))}
    for name, end in (("base", change.base), ("end", change.end)):
        if end is not None and end.most != end.value:
            plain[f"{name}_upto"] = exact(end.most, change.decimals)
    return plain


def _value(end: End | None, decimals: int) -> int | str | None:
    return exact(end.value, decimals) if end is not None else None


def _at(end: End | None, change: Change, account: StoredAccount) -> str | None:
    """Return when an end is of, as precisely as it is known; of a sum or window its last day."""
    if end is None:
        return None
    if change.kind not in (Kind.LEVEL, Kind.COUNTER) or change.span != "now":
        return end.last.isoformat()
    point = end.points[0]
    if point.precision == "instant":
        return point.at.astimezone(account.office.timezone).isoformat()
    return point.day.isoformat()[:7] if point.precision == "month" else point.day.isoformat()


def _days(end: End | None, change: Change) -> dict[str, Any] | None:
    """Return which days a sum or window covers and how many of them are known."""
    if end is None or change.kind in (Kind.LEVEL, Kind.COUNTER):
        return None
    return {"first": end.first.isoformat(), "last": end.last.isoformat(), "days": end.days, "recorded": end.recorded}
