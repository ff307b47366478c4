"""The history of figures as plain values, for `collector history` and every other reader.

Times are ISO 8601 with the office's offset; a figure of days is dated by its last day, in the platform's calendar; a
typed month stays a month. Nothing is computed here.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from collector.figures.codes import reading_code
from collector.figures.gaps import explain_gap
from collector.growth.points import Ending
from collector.platforms import find_measure
from collector.store.records import HistoryGap, HistoryReading, from_day_number, from_ms
from connectors.kit import Reason
from connectors.kit.metrics import window_days

NOW = "now"
_HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class MeasureKey:
    """A measure's key taken apart."""

    metric: str
    subject: str
    span: str
    by: str

    @classmethod
    @cache
    def of(cls, key: str) -> "MeasureKey":
        """Take a key apart."""
        counted, subject, span = key.split(":")
        metric, _, by = counted.partition("@")
        return cls(metric, subject, span, by)


def moment_of(reading: HistoryReading) -> datetime | None:
    """Return the moment by which a reading of the moment sorts, None for one of days.

    A typed day or month counts as its last second, but never as later than when it was recorded: today's and this
    month's figures are not of the future.
    """
    if MeasureKey.of(reading.measure).span != NOW:
        return None
    moment = from_ms(reading.at)
    if reading.precision != "instant" and reading.recorded_at is not None:
        return min(moment, reading.recorded_at)
    return moment


def day_of(reading: HistoryReading) -> date:
    """Return the day a reading is dated by: the platform's own for spans, the office's for moments.

    A typed day ends where it was typed: half a day earlier is that day still if the office's zone was set later.
    """
    if MeasureKey.of(reading.measure).span != NOW:
        return from_day_number(reading.at)
    moment = from_ms(reading.at) - (_HALF_A_DAY if reading.precision != "instant" else timedelta(0))
    return moment.astimezone(ZoneInfo(reading.zone)).date()


def sort_key(reading: HistoryReading) -> tuple[object, ...]:
    """Order readings by account, metric, what they are about, and time."""
    moment = moment_of(reading) or datetime.combine(day_of(reading), datetime.max.time(), ZoneInfo(reading.zone))
    key = MeasureKey.of(reading.measure)
    return (reading.office, reading.platform, reading.account, key.metric, key.by, key.subject, reading.about,
            key.span, moment, reading.origin)  # fmt: skip


def select_days(readings: Iterable[HistoryReading], since: date | None, until: date | None) -> list[HistoryReading]:
    """Return the readings dated from `since` to `until`, both included, in order."""
    chosen = [
        one for one in readings if (since is None or day_of(one) >= since) and (until is None or day_of(one) <= until)
    ]
    return sorted(chosen, key=sort_key)


def exact(value: int, decimals: int) -> int | str:
    """Return a stored value as it is meant: an integer, or a decimal as exact text."""
    return value if decimals == 0 else str(Decimal(value).scaleb(-decimals))


def plain_reading(reading: HistoryReading, unused: Ending | None = None) -> dict[str, Any]:
    """Return a reading as plain values. `precision` is instant, day or month of a moment's figure, else its span.

    `unused` says of one that is not used whether it is held or was refused.
    """
    key = MeasureKey.of(reading.measure)
    plain = {
        "id": reading_code(reading.series_id, reading.at),
        "office": reading.office,
        "platform": reading.platform,
        "account": reading.account,
        "metric": key.metric,
        "kind": reading.kind,
        "dimension": reading.about if key.subject == "audience" else None,
        "post": reading.about if key.subject == "post" else None,
        "value": exact(reading.value, reading.decimals),
        "upto": exact(reading.upto, reading.decimals) if reading.upto is not None else None,
        "at": at_text(reading),
        "precision": reading.precision if key.span == NOW else key.span,
        "origin": reading.origin,
        "source": reading.source or request_line(reading.request),
        "definition": reading.definition,
        "measure": reading.measure,
        "days": _days(key.span),
        "held": unused is Ending.HELD,
        "refused": unused is Ending.REFUSED,
    }
    if reading.mark:
        plain |= {"mark": reading.mark, "note": reading.note}
    return plain


def plain_gap(gap: HistoryGap) -> dict[str, Any]:
    """Return a gap as plain values."""
    key = MeasureKey.of(gap.measure)
    return {
        "office": gap.office,
        "platform": gap.platform,
        "account": gap.account,
        "metric": key.metric,
        "measure": gap.measure,
        "dimension": gap.about if key.subject == "audience" else None,
        "post": gap.about if key.subject == "post" else None,
        "from": _gap_end(gap, gap.from_at),
        "to": _gap_end(gap, gap.to_at),
        "reason": gap.reason,
        "message": explain_gap(Reason(gap.reason), find_measure(gap.platform, gap.measure)),
        "note": gap.note,
    }


def select_gap_days(gaps: Iterable[HistoryGap], since: date | None, until: date | None) -> list[HistoryGap]:
    """Return the gaps that touch the days from `since` to `until`, both included."""
    return [
        gap
        for gap in gaps
        if (since is None or _gap_day(gap, gap.to_at) >= since)
        and (until is None or _gap_day(gap, gap.from_at) <= until)
    ]


def _gap_day(gap: HistoryGap, at: int) -> date:
    """Return the day of a gap's end: the platform's own for spans, the office's for moments."""
    if MeasureKey.of(gap.measure).span != NOW:
        return from_day_number(at)
    return from_ms(at).astimezone(ZoneInfo(gap.zone)).date()


def at_text(reading: HistoryReading) -> str:
    """Return when a reading is of, as precisely as it is known: a moment, a day or a month."""
    if MeasureKey.of(reading.measure).span != NOW or reading.precision == "day":
        return day_of(reading).isoformat()
    if reading.precision == "month":
        return day_of(reading).isoformat()[:7]
    return from_ms(reading.at).astimezone(ZoneInfo(reading.zone)).isoformat()


def request_line(request: str) -> str:
    """Return the line that names a kept request: its host and path."""
    asked = json.loads(request or "{}")
    return f"{asked.get('method', '')} {asked.get('api', '')}{asked.get('path', '')}".strip()


def _gap_end(gap: HistoryGap, at: int) -> str:
    if MeasureKey.of(gap.measure).span != NOW:
        return from_day_number(at).isoformat()
    return from_ms(at).astimezone(ZoneInfo(gap.zone)).isoformat()


def _days(span: str) -> int | None:
    return 1 if span == "day" else window_days(span)
