"""The media of an Instagram account and the stories that are alive (instagram.md §3.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from connectors.instagram.gathered import Gathered
from connectors.instagram.measures import LISTED, OF_STORY_ONLY, POST_MEASURES
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

_FIELDS_OF_STORY = "id,media_type,media_product_type,permalink,timestamp"
_FIELDS = f"{_FIELDS_OF_STORY},caption"
_PER_PAGE = "50"
_MOST_PAGES = 200  # 10,000 media are listed at most (instagram.md §3.3)
_TITLE_LENGTH = 80

_KINDS = {"REELS": "reel", "STORY": "story", "AD": "ad"}
_KINDS_OF_FEED = {"IMAGE": "photo", "VIDEO": "video", "CAROUSEL_ALBUM": "album"}


def read_posts(assignment: Assignment, fetch: Fetch, request: Request, gathered: Gathered) -> Iterator[Observation]:
    """Read the posts, newest first, down to the window's first day or to the last ones that still gather much."""
    alive = [measure for measure in POST_MEASURES if not assignment.is_dead(measure)]
    for measure in POST_MEASURES:
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now)
    first = assignment.first_day(*alive)
    oldest = _oldest(first, assignment.now)
    listing = _Listing(fetch, tuple(name for name, measure in LISTED.items() if measure in alive))
    seen: set[str] = set()
    try:
        for page in pages(listing, request.with_params(limit=_PER_PAGE), graph.following, cap=_MOST_PAGES):
            listed = {graph.text_id(post["id"]): post for post in page["data"]}
            posts = [(graph.moment(post["timestamp"]), post) for id, post in listed.items() if id not in seen]
            seen |= listed.keys()
            for created_at, post in posts:
                if created_at >= oldest:
                    yield _post(post, created_at)
                    yield from listing.read_counts(post)
                    yield from gathered.read(post)
            if any(created_at < oldest for created_at, _ in posts) or (listed and not posts):
                break  # far enough back, or a page that only repeats what was listed
    except NotOfferedError as refusal:
        yield from (missing(measure, refusal.reason, refusal, assignment.now) for measure in alive)
        return
    days = Days(min(first, assignment.window.last), assignment.window.last)
    for measure in alive:
        yield Coverage(measure, days, page["data"].place)  # the posts of these days need not be listed again


def read_stories(assignment: Assignment, fetch: Fetch, request: Request, gathered: Gathered) -> Iterator[Observation]:
    """Read the stories that are alive: after 24 hours nothing can be had of them any more (instagram.md §3.3)."""
    try:
        for page in pages(fetch, request.with_params(fields=_FIELDS_OF_STORY), graph.following, cap=_MOST_PAGES):
            for story in page["data"]:
                yield _post(story, graph.moment(story["timestamp"]), "story")
                yield from gathered.read(story, "STORY")
    except NotOfferedError as refusal:
        yield from (missing(measure, refusal.reason, refusal, assignment.now) for measure in OF_STORY_ONLY)


def _oldest(first: date, now: datetime) -> datetime:
    # The window's days are the office's own, and those begin up to 14 hours before the same day of UTC.
    window_begins = datetime.combine(first, time(), UTC) - timedelta(days=1)
    return min(window_begins, now - timedelta(days=POST_REFRESH_DAYS))


@dataclass(frozen=True, slots=True)
class _Listing:
    """Asks for a page of the list, without the counts that the platform no longer knows."""

    fetch: Fetch
    wanted: tuple[str, ...]
    refused: dict[str, NotOfferedError] = field(default_factory=dict)

    def __call__(self, request: Request) -> Node:
        while True:
            left = [name for name in self.wanted if name not in self.refused]
            try:
                return self.fetch(request.with_params(fields=",".join((_FIELDS, *left))))
            except NotOfferedError as error:
                named = [name for name in left if f"({name})" in error.message]  # a removed field is named in brackets
                if not named:
                    raise
                self.refused.update(dict.fromkeys(named, error))

    def read_counts(self, post: Node) -> Iterator[Observation]:
        """Read the counts of one post. Its owner may hide the likes, which are then left out (instagram.md §3.3)."""
        id = graph.text_id(post["id"])
        for name in self.wanted:
            measure = LISTED[name]
            if name in self.refused:
                yield missing(measure, self.refused[name].reason, self.refused[name], post.exchange.now, about=id)
            elif post[name].exists:
                yield post[name].read(measure, about=id)
            else:
                yield post[name].gap(measure, Reason.HIDDEN if name == "like_count" else Reason.NOT_OFFERED, about=id)


def _post(media: Node, created_at: datetime, kind: str = "") -> Post:
    told = graph.optional_text(media["media_product_type"])
    in_feed = _KINDS_OF_FEED.get(graph.optional_text(media["media_type"]), "post")
    line = graph.optional_text(media["caption"]).strip().partition("\n")[0].rstrip()
    title = line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1].rstrip()}…"
    id, link = graph.text_id(media["id"]), graph.optional_text(media["permalink"])
    return Post(id, created_at, kind or _KINDS.get(told, in_feed), title, link, media.place)
