"""What each post has gathered beside its public counts: which posts are asked for, and how far that has come.

Fresh posts are asked for at every snapshot, older ones once, oldest first and some at a time, so that what is left
over or interrupted is what the next snapshot goes on with.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from connectors.facebook.asking import Asking
from connectors.facebook.post_measures import FIGURES, POST_METRICS, WHOLE
from connectors.facebook.posts import Listed
from connectors.kit import (
    POST_REFRESH_DAYS,
    Assignment,
    Coverage,
    Days,
    Fetch,
    Observation,
    Reason,
    missing,
)

ASKED = POST_METRICS["post_media_view"][WHOLE]
"""The measure whose coverage says up to which day the posts' figures were asked for."""

_MOST_FRESH, _MOST_OLDER = 50, 50  # "cap posts per run" (facebook.md §5)
_STEP = timedelta(days=30)
_ONE_DAY = timedelta(days=1)


def read_figures(assignment: Assignment, fetch: Fetch, posts: Sequence[Listed], empty: Reason) -> Iterator[Observation]:
    """Read the figures of the posts that are due. `empty` is why they are missing where an answer lacks them."""
    for measure in FIGURES:
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now)
    asking = Asking(assignment, fetch, empty)
    fresh, older, left = _choose(posts, assignment)
    for post in fresh:
        yield from asking.ask(post)
    done = min(assignment.first_day(ASKED), assignment.window.last)
    for post in older:
        day = post.created_at.date()
        if day - done > _STEP:
            yield from _cover(asking, done, day - _ONE_DAY)
            done = day
        yield from asking.ask(post)
    until = min((post.created_at.date() - _ONE_DAY for post in left), default=assignment.window.last)
    yield from _cover(asking, done, until)


def _choose(posts: Iterable[Listed], assignment: Assignment) -> tuple[list[Listed], list[Listed], list[Listed]]:
    """Return the fresh posts to ask for, newest first, the older ones, oldest first, and those left for later."""
    newest_first = sorted(posts, key=lambda post: (post.created_at, post.id), reverse=True)
    refreshed = assignment.now - timedelta(days=POST_REFRESH_DAYS)
    fresh = [post for post in newest_first if post.created_at >= refreshed]
    older = [post for post in reversed(newest_first) if post.created_at < refreshed]
    return fresh[:_MOST_FRESH], older[:_MOST_OLDER], [*fresh[_MOST_FRESH:], *older[_MOST_OLDER:]]


def _cover(asking: Asking, first: date, last: date) -> Iterator[Coverage]:
    if asking.answered is not None and first <= last:
        yield Coverage(ASKED, Days(first, last), asking.answered)
