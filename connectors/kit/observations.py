"""What a connector yields: readings, gaps, what was answered, and the posts it met.

All are frozen values; the shell stores them together with the exchanges they came from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from connectors.kit.errors import Place, Reason
from connectors.kit.metrics import Measure


@dataclass(frozen=True, slots=True)
class Moment:
    """A figure of the moment `at` (UTC)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Days:
    """A figure of whole days, both ends included, in the platform's own calendar. Never shifted to another zone."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.first} to {self.last} is no span")

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1


def last_windows(last: date, length: int) -> tuple[Days, Days]:
    """Return the window of `length` days that ends on `last`, and the equally long one before it."""
    newest = Days(last - timedelta(days=length - 1), last)
    before = newest.first - timedelta(days=1)
    return newest, Days(before - timedelta(days=length - 1), before)


def join_days(days: Iterable[date]) -> Iterator[Days]:
    """Join days that follow each other into spans. They come in order."""
    span: Days | None = None
    for day in days:
        if span is not None and day - span.last == timedelta(days=1):
            span = Days(span.first, day)
            continue
        if span is not None:
            yield span
        span = Days(day, day)
    if span is not None:
        yield span


When = Moment | Days


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that stands in a kept answer.

    `value` is an integer, scaled by the measure's `places`. `about` is "" for the account, the post's id, or the
    audience's dimension ("city:Pontianak"). `upto` is the upper end, included, where only an interval is known.
    """

    measure: Measure
    value: int
    when: When
    place: Place
    about: str = ""
    upto: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure that is missing, and why. Stored like a reading; never a zero."""

    measure: Measure
    reason: Reason
    when: When
    place: Place | None
    about: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which days of a measure the platform *answered*, whether or not each has a row.

    Platforms leave idle days out: a day without a row is idle only inside a covered window.
    """

    measure: Measure
    days: Days
    place: Place


@dataclass(frozen=True, slots=True)
class Post:
    """A post, video or media item that was seen. No text of other people is kept, only the office's own title."""

    id: str
    created_at: datetime
    kind: str
    title: str
    link: str
    place: Place


Observation = Reading | Gap | Coverage | Post
