"""Which posts a snapshot asks for, and how many at most: thrifty, because each one costs money (x.md §1).

A post is read when it is new, and again when it is a week and almost four weeks old: the last time that its private
figures can be had (x.md §3.2). Posts from before the collecting began are listed backwards, some at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

from connectors.kit import POST_REFRESH_DAYS, Assignment, KnownPost
from connectors.x.measures import PUBLIC, YOUNG_DAYS

FEWEST = 5
"""X lists no fewer than this at once (x.md §3.1)."""
LONGEST_PAGE = 100
PAST_AT_ONCE = 100
"""Older posts in one snapshot: half a US dollar at the list price."""

_READ_AGAIN = (timedelta(days=7), timedelta(days=YOUNG_DAYS - 1))
_A_DAY = 10  # posts of a day that are reckoned with at least; three times the usual number where that is more
_KEY = next(iter(PUBLIC)).key  # all are listed together: what holds for one holds for all
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_NOT_YET = timedelta(seconds=30)  # a stretch that begins right now is refused


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the timeline: posts from `start` on and before `end` (None: up to now), at most `most` of them."""

    start: datetime
    end: datetime | None
    most: int
    is_young: bool

    @property
    def last_day(self) -> date:
        """The last whole day of a stretch that has an end."""
        assert self.end is not None
        return (self.end - _SECOND).date()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a snapshot asks for, in this order. `fresh` is what is new, newest first; it is listed without a hole.

    `is_first`: nothing was ever listed. `goes_on`: the last listing was complete until yesterday or today.
    """

    fresh: tuple[Stretch, ...]
    again: tuple[Stretch, ...]
    past: Stretch | None
    is_first: bool
    goes_on: bool

    @property
    def most(self) -> int:
        """How many posts are asked for at most."""
        past = (self.past,) if self.past is not None else ()
        return sum(stretch.most for stretch in (*self.fresh, *self.again, *past))


def plan_posts(assignment: Assignment) -> Plan:
    """Return what to ask for."""
    now, known = assignment.now, assignment.known_posts
    today = now.astimezone(UTC).date()
    young = start_of(today - timedelta(days=YOUNG_DAYS))
    complete, begun = assignment.resume.get(_KEY), assignment.answered_from.get(_KEY)
    goes_on = complete is not None and complete >= today - _DAY
    since = young if complete is None or begun is None else start_of(min(complete, today))
    start = max(post.created_at for post in known) + _SECOND if goes_on and known else since
    return Plan(
        fresh=tuple(_fresh(start, since, young, now, known)),
        again=tuple(_again(known, young, start, now)),
        past=_past(assignment.window.first, begun, start) if not _was_read_today(known, now) else None,
        is_first=begun is None,
        goes_on=goes_on,
    )


def start_of(day: date) -> datetime:
    """Return when a day begins at X, whose days are those of UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _fresh(
    start: datetime, since: datetime, young: datetime, now: datetime, known: Sequence[KnownPost]
) -> Iterator[Stretch]:
    """Yield what is new from `start` on; nothing before `since` is reckoned with, it was listed already."""
    a_day = max(_A_DAY, ceil(3 * len(known) / POST_REFRESH_DAYS))

    def stretch(start: datetime, end: datetime | None, *, is_young: bool) -> Stretch:
        days = ((end or now) - max(start, min(since, now - _DAY))) / _DAY
        return Stretch(start, end, a_day * max(1, ceil(days)), is_young)

    if start <= now - _NOT_YET:
        yield stretch(max(start, young), None, is_young=True)
    if start < young:
        yield stretch(start, young, is_young=False)


def _again(known: Sequence[KnownPost], young: datetime, before: datetime, now: datetime) -> Iterator[Stretch]:
    """Yield the known posts that came of an age since they were last seen; neighbours together, and nothing between."""
    run: list[KnownPost] = []
    for post in sorted(known, key=lambda one: (one.created_at, one.id)):
        seen = post.seen_at or now
        is_due = any(seen - post.created_at < age <= now - post.created_at for age in _READ_AGAIN)
        if is_due and young <= post.created_at < before:
            run.append(post)
        elif run:
            yield _stretch_of(run)
            run = []
    if run:
        yield _stretch_of(run)


def _stretch_of(run: Sequence[KnownPost]) -> Stretch:
    first, last = run[0].created_at, run[-1].created_at
    return Stretch(first, last + _SECOND, max(FEWEST, len(run)), is_young=True)


def _was_read_today(known: Sequence[KnownPost], now: datetime) -> bool:
    """Whether a snapshot went back a step today already: who presses twice does not pay for two."""
    return any(post.seen_at is not None and now - post.seen_at < _DAY / 2 for post in known)


def _past(first: date, begun: date | None, fresh_from: datetime) -> Stretch | None:
    # The window's days are the office's own, and those begin up to 14 hours before the same day of UTC.
    start, end = start_of(first - _DAY), start_of(begun) if begun is not None else fresh_from
    return Stretch(start, end, PAST_AT_ONCE, is_young=False) if start < end else None
