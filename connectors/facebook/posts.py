"""The posts of a Facebook Page: who they are and what they have gathered so far (facebook.md §3.3)."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from re import search

from connectors.facebook.listing import Listing
from connectors.facebook.post_measures import COUNTERS
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
    missing,
    pages,
)

_FIELDS = "id,message,story,created_time,permalink_url,status_type"
_MORE_FIELDS = {
    "attachments": "attachments{media_type,url}",
    "reactions": "reactions.limit(0).summary(total_count)",
    "comments": "comments.limit(0).summary(true)",
    "shares": "shares",
}
_FROM_PEOPLE = ("reactions", "comments")  # need `pages_read_user_content` beside the rest (facebook.md §2.3)
_KINDS = {"added_photos": "photo", "added_video": "video"}
_MEDIA_KINDS = {"photo": "photo", "album": "photo", "video": "video", "link": "link"}
_REEL_ADDRESS = r"/reels?/([0-9]+)"

_MOST_PAGES = 200  # an end for a list that gives none
_TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Listed:
    """A post of a list, as far as asking for its figures goes. `video` is the id of a reel's video."""

    id: str
    created_at: datetime
    kind: str
    video: str = ""


def read_posts(
    assignment: Assignment, fetch: Fetch, request: Request, oldest: datetime
) -> Generator[Observation, None, list[Listed]]:
    """Read the posts since `oldest`, newest first. Returns them, none where the platform refuses the list.

    Those whose counts were read while they moved are only returned.
    """
    for measure in COUNTERS.values():
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now)
    counted = tuple(name for name, measure in COUNTERS.items() if not assignment.is_dead(measure))
    more = {name: field for name, field in _MORE_FIELDS.items() if name in counted or name not in COUNTERS}
    listing = Listing(fetch, _FIELDS, more, doubtful=_FROM_PEOPLE)
    first = assignment.first_day(*COUNTERS.values())
    still_moving = oldest_wanted(first, assignment.now)
    found = []
    try:
        for page in pages(listing, request, graph.following, cap=_MOST_PAGES):
            posts = [(graph.moment(post["created_time"]), post) for post in page["data"]]
            for created_at, post in posts:
                if created_at >= oldest:
                    listed = _listed(post, created_at)
                    found.append(listed)
                    if created_at >= still_moving:
                        yield from _read(post, listed, listing, counted)
            if any(created_at < oldest for created_at, _ in posts):
                break
        listed_days = Days(min(first, assignment.window.last), assignment.window.last)
        for measure in COUNTERS.values():
            yield Coverage(measure, listed_days, page["data"].place)  # their posts need not be listed again
    except NotOfferedError as error:
        for name in counted:
            yield missing(COUNTERS[name], error.reason, error, assignment.now)
    return found


def oldest_wanted(first: date, now: datetime) -> datetime:
    """Return from when on posts are wanted: those since `first`, and those that still gather much."""
    # The window's days are the office's own, and those begin up to 14 hours before the same day of UTC.
    window_begins = datetime.combine(first, time(), UTC) - timedelta(days=1)
    return min(window_begins, now - timedelta(days=POST_REFRESH_DAYS))


def title(text: str) -> str:
    """Return the first line of a post's text, cut to a title's length."""
    line = text.strip().partition("\n")[0].rstrip()
    return line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1].rstrip()}…"


def _listed(post: Node, created_at: datetime) -> Listed:
    attachment = post["attachments"]["data"][0]
    addresses = f"{graph.optional_text(post['permalink_url'])} {graph.optional_text(attachment['url'])}"
    reel = search(_REEL_ADDRESS, addresses)
    by_status = _KINDS.get(graph.optional_text(post["status_type"]), "post")
    kind = "reel" if reel else _MEDIA_KINDS.get(graph.optional_text(attachment["media_type"]), by_status)
    return Listed(graph.text_id(post["id"]), created_at, kind, reel[1] if reel else "")


def _read(post: Node, listed: Listed, listing: Listing, counted: tuple[str, ...]) -> Iterator[Observation]:
    text = graph.optional_text(post["message"]) or graph.optional_text(post["story"])
    link = graph.optional_text(post["permalink_url"])
    yield Post(listed.id, listed.created_at, listed.kind, title(text), link, post.place)
    for name in counted:
        measure, count = COUNTERS[name], post[name]["summary"]["total_count"]
        if name in listing.refused:
            error = listing.refused[name]
            yield missing(measure, error.reason, error, post.exchange.now, about=listed.id)
        elif name == "shares":
            yield post[name]["count"].or_zero(measure, because="facebook.md §3.3", about=listed.id)
        elif count.exists:
            yield count.read(measure, about=listed.id)
        else:
            yield count.gap(measure, Reason.NOT_OFFERED, about=listed.id)
