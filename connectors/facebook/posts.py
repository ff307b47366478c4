"""The posts of a Facebook Page: who they are and what they have gathered so far (facebook.md §3.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from connectors.facebook.measures import COUNTERS
from connectors.kit import (
    POST_REFRESH_DAYS,
    Assignment,
    Coverage,
    Days,
    Fetch,
    Node,
    NotOfferedError,
    Observation,
    Post,
    Reason,
    Request,
    graph,
    graph_faults,
    missing,
    pages,
)

_FIELDS = "id,message,story,created_time,permalink_url,status_type"
_COUNTED = {
    "reactions": "reactions.limit(0).summary(total_count)",
    "comments": "comments.limit(0).summary(true)",
    "shares": "shares",
}
_FROM_PEOPLE = ("reactions", "comments")  # need `pages_read_user_content` beside the rest (facebook.md §2.3)
_KINDS = {"added_photos": "photo", "added_video": "video"}

_PER_PAGE = 25  # more of them with these fields are refused as too much data (facebook.md §3.3)
_MOST_PAGES = 200  # an end for a list that gives none
_TITLE_LENGTH = 120


def read_posts(assignment: Assignment, fetch: Fetch, request: Request) -> Iterator[Observation]:
    """Read the posts, newest first, down to the window's first day or to the last ones that still gather much."""
    for measure in COUNTERS.values():
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now)
    listing = _Listing(fetch, tuple(name for name, measure in COUNTERS.items() if not assignment.is_dead(measure)))
    first = assignment.first_day(*COUNTERS.values())
    oldest = _oldest(first, assignment.now)
    try:
        for page in pages(listing, request, graph.following, cap=_MOST_PAGES):
            posts = [(graph.moment(post["created_time"]), post) for post in page["data"]]
            for created_at, post in posts:
                if created_at >= oldest:
                    yield from _read(post, created_at, listing)
            if any(created_at < oldest for created_at, _ in posts):
                break
        listed = Days(min(first, assignment.window.last), assignment.window.last)
        for measure in COUNTERS.values():
            yield Coverage(measure, listed, page["data"].place)  # the posts of these days need not be listed again
    except NotOfferedError as error:
        for name in listing.wanted:
            yield missing(COUNTERS[name], error.reason, error, assignment.now)


def _oldest(first: date, now: datetime) -> datetime:
    # The window's days are the office's own, and those begin up to 14 hours before the same day of UTC.
    window_begins = datetime.combine(first, time(), UTC) - timedelta(days=1)
    return min(window_begins, now - timedelta(days=POST_REFRESH_DAYS))


@dataclass(slots=True)
class _Listing:
    """Asks for a page of the list, and for less of it where the platform refuses. `refused` says what was given up."""

    fetch: Fetch
    wanted: tuple[str, ...]
    limit: int = _PER_PAGE
    refused: dict[str, NotOfferedError] = field(default_factory=dict)

    def __call__(self, request: Request) -> Node:
        while True:
            counted = [_COUNTED[name] for name in self.wanted if name not in self.refused]
            try:
                return self.fetch(request.with_params(fields=",".join((_FIELDS, *counted)), limit=str(self.limit)))
            except NotOfferedError as error:
                if not self._wants_less(error):
                    raise

    def _wants_less(self, error: NotOfferedError) -> bool:
        """Want less after a refusal: a shorter page, or the list without what the refusal is about."""
        if error.code == graph_faults.TOO_MUCH:
            self.limit //= 2
            return self.limit > 0
        left = [name for name in self.wanted if name not in self.refused]
        # A removed field is named in brackets; a missing permission is told by a misleading name (facebook.md §8).
        named = [name for name in left if f"({name})" in error.message]
        given_up = named or [name for name in left if name in _FROM_PEOPLE]
        self.refused.update(dict.fromkeys(given_up, error))
        return bool(given_up)


def _read(post: Node, created_at: datetime, listing: _Listing) -> Iterator[Observation]:
    id = graph.text_id(post["id"])
    text = graph.optional_text(post["message"]) or graph.optional_text(post["story"])
    kind = _KINDS.get(graph.optional_text(post["status_type"]), "post")
    yield Post(id, created_at, kind, _title(text), graph.optional_text(post["permalink_url"]), post.place)
    for name in listing.wanted:
        measure, count = COUNTERS[name], post[name]["summary"]["total_count"]
        if name in listing.refused:
            error = listing.refused[name]
            yield missing(measure, error.reason, error, post.exchange.now, about=id)
        elif name == "shares":
            yield post[name]["count"].or_zero(measure, because="facebook.md §3.3", about=id)
        elif count.exists:
            yield count.read(measure, about=id)
        else:
            yield count.gap(measure, Reason.NOT_OFFERED, about=id)


def _title(text: str) -> str:
    """Return the first line of a post's text, cut to a title's length."""
    line = text.strip().partition("\n")[0].rstrip()
    return line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1].rstrip()}…"
