"""The reels of a Facebook Page (facebook.md §3.4).

A reel mostly stands among the posts as well, where it is known by its address; only the others are posts of their own.
"""

from collections.abc import Collection, Generator
from datetime import datetime

from connectors.facebook.listing import Listing
from connectors.facebook.post_measures import REEL_METRICS, WHOLE
from connectors.facebook.posts import Listed, title
from connectors.kit import (
    Assignment,
    Fetch,
    NotOfferedError,
    Observation,
    Post,
    Reason,
    Request,
    ShapeError,
    graph,
    graph_faults,
    missing,
    pages,
)

_FIELDS = "id,description,created_time,permalink_url"
_MOST_PAGES = 40  # an end for a list that gives none
_PLAYS = REEL_METRICS["blue_reels_play_count"][WHOLE]


def read_reels(
    assignment: Assignment, fetch: Fetch, request: Request, oldest: datetime, posts: Collection[Listed]
) -> Generator[Observation, None, list[Listed]]:
    """Read the reels since `oldest` that are not among `posts`, newest first. Returns them.

    Without the list, the reels among the posts are still known; what the others were played is one gap.
    """
    known, found = {post.video for post in posts if post.video}, []
    try:
        for page in pages(Listing(fetch, _FIELDS), request, graph.following, cap=_MOST_PAGES):
            reels = [(graph.moment(reel["created_time"]), reel) for reel in page["data"]]
            for created_at, reel in reels:
                id = graph.text_id(reel["id"])
                if created_at < oldest or id in known:
                    continue
                known.add(id)
                found.append(Listed(id, created_at, "reel", id))
                link = graph.optional_text(reel["permalink_url"])
                address = f"https://www.facebook.com{link}" if link.startswith("/") else link
                yield Post(id, created_at, "reel", title(graph.optional_text(reel["description"])), address, reel.place)
            if any(created_at < oldest for created_at, _ in reels):
                break
    except NotOfferedError as error:
        yield missing(_PLAYS, error.reason, None, assignment.now)
    except ShapeError as error:
        if error.code != graph_faults.UNKNOWN_REQUEST:
            raise
        yield missing(_PLAYS, Reason.NOT_OFFERED, None, assignment.now)
    return found
