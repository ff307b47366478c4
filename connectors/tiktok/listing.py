"""Walking over a list of videos, newest first, as both services give it: `videos`, `cursor`, `has_more`."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from connectors.kit import (
    POST_REFRESH_DAYS,
    Assignment,
    Coverage,
    Days,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Reason,
    missing,
)
from connectors.tiktok.fields import ask_together, leave_dead
from connectors.tiktok.values import created_at, elements

PER_PAGE = 20
"""The most that either service gives at once, and the most ids that can be asked for (tiktok.md §3, §4.3)."""

AskPage = Callable[[Sequence[str], int | None], Node]
"""Asks with some of the figures' fields for the page after a cursor, or for the first."""
ReadVideo = Callable[[Node, Sequence[str]], Iterator[Observation]]
"""Reads a video and some of its figures."""


def read_list(
    assignment: Assignment, measures: Mapping[str, Measure], ask: AskPage, read: ReadVideo, *, cap: int
) -> Generator[Observation, None, tuple[str, ...]]:
    """Read the videos of the days asked for, and the younger ones. Returns which of `measures` were answered."""
    alive = yield from leave_dead(assignment, measures)
    first_page: Node | None = None
    names: tuple[str, ...] = ()
    for name, answer in ask_together(lambda names: ask(names, None), alive):
        if isinstance(answer, NotOfferedError):
            yield missing(measures[name], answer.reason, answer, assignment.now)
        else:
            first_page, names = answer, (*names, name)
    if first_page is None:
        return ()
    if len(names) < len(alive):
        first_page = ask(names, None)  # what was answered name by name holds one figure each
    first = assignment.first_day(*(measures[name] for name in names))
    videos = _Videos(first_page, lambda cursor: ask(names, cursor), _oldest(first, assignment.now), cap)
    for video in videos:
        yield from read(video, names)
    days = Days(min(first, assignment.window.last), assignment.window.last)
    for name in names:
        if videos.unfinished:
            yield first_page["has_more"].gap(measures[name], Reason.UNREADABLE, note=videos.unfinished)
        else:
            yield Coverage(measures[name], days, first_page.place)  # the videos of these days are listed now
    return names


@dataclass
class _Videos:
    """The videos of a list down to `oldest`. Afterwards `unfinished` says why it broke off, "" where it did not.

    There is no date filter: the end is a page of older videos alone (a pinned one may stand before newer ones), the
    list's own end, a cursor that was used before, or `cap` pages.
    """

    first_page: Node
    page_after: Callable[[int], Node]
    oldest: datetime
    cap: int
    unfinished: str = ""

    def __iter__(self) -> Iterator[Node]:
        page, used = self.first_page, set[int]()
        while True:
            videos = list(elements(page["videos"]))
            recent = [video for video in videos if created_at(video) >= self.oldest]
            yield from recent
            if (videos and not recent) or not (page["has_more"].exists and page["has_more"].truth()):
                return
            cursor = page["cursor"].number()
            if cursor in used:
                self.unfinished = "the list has more but its cursor stands still"
                return
            used.add(cursor)
            if len(used) == self.cap:
                self.unfinished = f"the list goes on after {self.cap} pages"
                return
            page = self.page_after(cursor)


def _oldest(first: date, now: datetime) -> datetime:
    """Return how far down a list is read: to the first day, or to the last videos that still gather much."""
    # The days are the office's own, and those begin up to 14 hours before the same day of UTC.
    return min(datetime.combine(first, time(), UTC) - timedelta(days=1), now - timedelta(days=POST_REFRESH_DAYS))
