"""The reels of a Facebook Page (facebook.md §3.4).

A reel mostly stands among the posts as well, where it is known by its address; only the others are posts of their own.
"""

from collections.abc import Collection, Generator
from datetime import datetime

from connectors.facebook.posts import Listed, title
from connectors.kit import Fetch, NotOfferedError, Observation, Post, Request, graph, pages

_FIELDS = "id,description,created_time,permalink_url"
_PER_PAGE = 25
_MOST_PAGES = 40  # an end for a list that gives none


def read_reels(
    fetch: Fetch, request: Request, oldest: datetime, posts: Collection[Listed]
) -> Generator[Observation, None, list[Listed]]:
    """Read the reels since `oldest` that are not among `posts`, newest first. Returns them.

    A Page may have no such list; its reels are then those among its posts, which is no gap of any figure.
    """
    known, found = {post.video for post in posts if post.video}, []
    asked = request.with_params(fields=_FIELDS, limit=str(_PER_PAGE))
    try:
        for page in pages(fetch, asked, graph.following, cap=_MOST_PAGES):
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
    except NotOfferedError:
        pass
    return found
