"""A channel's uploads and their counts, as YouTube shows them in public (Data API v3, youtube.md §2.2 and §2.3).

What only the owner sees (private videos) is left aside, so that changing the way of signing in moves no figure.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from connectors.kit import (
    POST_REFRESH_DAYS,
    Assignment,
    Coverage,
    Days,
    Fetch,
    Kind,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Post,
    Reason,
    Request,
    Subject,
    missing,
    pages,
    since,
)
from connectors.kit.metrics import COMMENTS, LIKES, NOW, VIEWS
from connectors.youtube.data import elements, instant
from connectors.youtube.views import view_definitions

PER_REQUEST = 50
"""Ids in one request for videos, and entries on a page of uploads: the platform's maximum (youtube.md §2.2, §2.3)."""

PAGE_CAP = 400
"""YouTube lists at most about 20,000 uploads (youtube.md §2.2)."""

VIDEO_VIEWS = Measure(
    VIEWS, Subject.POST, NOW, Kind.COUNTER,
    view_definitions("Semua tayangan video sejak terbit", "All views of the video since it was published"),
)  # fmt: skip
VIDEO_LIKES = Measure(
    LIKES, Subject.POST, NOW, Kind.COUNTER,
    (since(None, "Jumlah suka video sejak terbit", "Likes of the video since it was published"),),
)  # fmt: skip
VIDEO_COMMENTS = Measure(
    COMMENTS, Subject.POST, NOW, Kind.COUNTER,
    (since(None, "Jumlah komentar video sejak terbit", "Comments on the video since it was published"),),
)  # fmt: skip

VIDEO_COUNTS = {"viewCount": VIDEO_VIEWS, "likeCount": VIDEO_LIKES, "commentCount": VIDEO_COMMENTS}


def read_posts(assignment: Assignment, channel: Node, fetch: Fetch) -> Iterator[Observation]:
    """List the uploads of the time asked for and read them, together with the posts that are known already."""
    refreshed = assignment.now - timedelta(days=POST_REFRESH_DAYS)
    first = assignment.first_day(*VIDEO_COUNTS.values())
    # The office's day may begin before the same day of UTC does; one day more costs nothing.
    window = datetime.combine(first, datetime.min.time(), UTC)
    uploads, refused = _list_uploads(_uploads_of(channel), min(refreshed, window - timedelta(days=1)), fetch)
    known = [post.id for post in assignment.known_posts]
    wanted = list(dict.fromkeys((*known, *uploads)))
    for start in range(0, len(wanted), PER_REQUEST):
        yield from _read_videos(assignment, wanted[start : start + PER_REQUEST], frozenset(known), fetch)
    listed = Days(min(first, assignment.window.last), assignment.window.last)
    for measure in VIDEO_COUNTS.values():
        if refused is not None and refused.reason is Reason.UNREADABLE:
            yield missing(measure, refused.reason, refused, assignment.now)
        else:
            yield Coverage(measure, listed, channel.place)  # the uploads of these days need not be listed again


def read_ranked(assignment: Assignment, ids: list[str], fetch: Fetch) -> Iterator[Observation]:
    """Read the videos that a ranking names and that were not read yet, for their titles."""
    yield from _read_videos(assignment, ids[:PER_REQUEST], frozenset(), fetch)


def _uploads_of(channel: Node) -> str:
    """Return the id of the list of uploads: as answered, else the channel's id with another head (youtube.md §2.1)."""
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    return (uploads.text() if uploads.exists else "") or f"UU{channel['id'].text().removeprefix('UC')}"


def _list_uploads(playlist: str, oldest: datetime, fetch: Fetch) -> tuple[Iterable[str], NotOfferedError | None]:
    """List the ids of the public uploads since `oldest`, and say what ended the list too early.

    The list is usually newest first but does not promise it (a video may be published long after it was sent), so the
    end is a whole page's worth of older entries in a row. A channel without uploads may have no list at all: 404.
    """
    request = Request(
        "data",
        "/youtube/v3/playlistItems",
        {"part": "contentDetails,status", "playlistId": playlist, "maxResults": str(PER_REQUEST)},
    )
    found: list[str] = []
    older = 0
    try:
        for page in pages(fetch, request, _next_page, cap=PAGE_CAP):
            for entry in elements(page["items"]):
                privacy, published = entry["status"]["privacyStatus"], entry["contentDetails"]["videoPublishedAt"]
                if privacy.exists and privacy.text() != "public":
                    continue
                is_old = published.exists and instant(published) < oldest
                older = older + 1 if is_old else 0
                if not is_old:
                    found.append(entry["contentDetails"]["videoId"].text())
            if older >= PER_REQUEST:
                break
    except NotOfferedError as refusal:
        return found, refusal  # a list that is not there is empty (youtube.md §2.2)
    return found, None


def _next_page(page: Node) -> Mapping[str, str] | None:
    following = page["nextPageToken"]
    return {"pageToken": following.text()} if following.exists else None


def _read_videos(assignment: Assignment, ids: list[str], known: frozenset[str], fetch: Fetch) -> Iterator[Observation]:
    """Read one batch. Videos that are gone or private are silently left out of the answer (youtube.md §2.3)."""
    request = Request("data", "/youtube/v3/videos", {"part": "snippet,statistics,status", "id": ",".join(ids)})
    gone = [one for one in ids if one in known]
    try:
        answer = fetch(request)
    except NotOfferedError as refusal:
        for video in gone:
            for measure in VIDEO_COUNTS.values():
                yield missing(measure, refusal.reason, refusal, assignment.now, about=video)
        return
    for item in elements(answer["items"]):
        privacy = item["status"]["privacyStatus"]
        shown = ("public", "unlisted") if item["id"].text() in known else ("public",)
        if privacy.exists and privacy.text() not in shown:
            continue  # only the owner's own sign-in is shown these, or names them in a ranking
        yield from _read_video(item)
        gone = [one for one in gone if one != item["id"].text()]
    for video in gone:
        for measure in VIDEO_COUNTS.values():
            yield answer["items"].gap(measure, Reason.NOT_OFFERED, about=video)


def _read_video(item: Node) -> Iterator[Observation]:
    video, snippet = item["id"].text(), item["snippet"]
    title = snippet["title"].text() if snippet["title"].exists else ""
    link = f"https://www.youtube.com/watch?v={video}"
    yield Post(video, instant(snippet["publishedAt"]), "video", title, link, item.place)
    for name, measure in VIDEO_COUNTS.items():
        count = item["statistics"][name]
        # Absent means hidden or switched off, never none (youtube.md §2.3).
        yield count.read(measure, about=video) if count.exists else count.gap(measure, Reason.HIDDEN, about=video)
