"""Calendar periods: months, quarters, semesters and years, and any span of days between two dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_OF = {"month": 1, "quarter": 3, "semester": 6, "year": 12}
"""The calendar spans and their length in months."""

_CUSTOM = "days"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole days, both ends included. `span` is month, quarter, semester, year, or days for a free one."""

    span: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def name(self) -> str:
        """The period as `parse_period` reads it: 2022-S2, 2022-Q4, 2022-12, 2022, 2022-07-01..2022-12-28."""
        if self.span == _CUSTOM:
            return f"{self.first}..{self.last}"
        year, index = f"{self.first.year:04}", (self.first.month - 1) // MONTHS_OF[self.span] + 1
        return year + {"year": "", "semester": f"-S{index}", "quarter": f"-Q{index}"}.get(self.span, f"-{index:02}")


ROLLING = ("7D", "28D", "30D", "90D")
"""The rolling periods that may be named, as whole days up to yesterday."""


def parse_period(text: str, today: date | None = None) -> Period:
    """Read a period: 2022-S2, 2022-Q4, 2022-12, 2022 or 2022-07-01..2022-12-28; with `today` also 7d, 28d, 30d, 90d.

    Raises ValueError for anything else.
    """
    word = text.strip().upper()
    if today is not None and word in ROLLING:
        return last_days(int(word[:-1]), today)
    if ".." in word:
        first, _, last = word.partition("..")
        period = Period(_CUSTOM, date.fromisoformat(first), date.fromisoformat(last))
        if period.last < period.first:
            raise ValueError(f"{text} ends before it begins")
        return period
    found = re.fullmatch(r"(\d{4})(?:-(?:S([12])|Q([1-4])|(0[1-9]|1[0-2])))?", word)
    if found is None:
        raise ValueError(f"{text!r} is no period")
    year, semester, quarter, month = found.groups()
    if semester:
        return _calendar("semester", int(year), int(semester) - 1)
    if quarter:
        return _calendar("quarter", int(year), int(quarter) - 1)
    if month:
        return _calendar("month", int(year), int(month) - 1)
    return _calendar("year", int(year), 0)


def period_of(span: str, day: date) -> Period:
    """Return the calendar period of a span that holds a day."""
    return _calendar(span, day.year, (day.month - 1) // MONTHS_OF[span])


def previous(period: Period) -> Period:
    """Return the period before: of a calendar span the one before it, of a free one as many days before it."""
    end = period.first - timedelta(days=1)
    if period.span == _CUSTOM:
        return Period(_CUSTOM, end - timedelta(days=period.days - 1), end)
    return period_of(period.span, end)


def year_before(period: Period) -> Period:
    """Return the same period a year earlier: of a calendar span its namesake, of a free one the same dates.

    A 29 February becomes the 28th.
    """
    if period.span == _CUSTOM:
        return Period(_CUSTOM, _a_year_earlier(period.first), _a_year_earlier(period.last))
    return period_of(period.span, _a_year_earlier(period.first))


def last_days(number: int, today: date) -> Period:
    """Return the free period of the last `number` whole days: it ends yesterday."""
    return Period(_CUSTOM, today - timedelta(days=number), today - timedelta(days=1))


def list_closed(span: str, first: date, today: date) -> Iterator[Period]:
    """Yield the calendar periods of a span that begin on or after `first` and ended before `today`, oldest first."""
    period = period_of(span, first)
    while period.last < today:
        if period.first >= first:
            yield period
        period = period_of(span, period.last + timedelta(days=1))


def _a_year_earlier(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _calendar(span: str, year: int, index: int) -> Period:
    length = MONTHS_OF[span]
    first = date(year, index * length + 1, 1)
    after = index * length + length
    last = date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(span, first, last)
