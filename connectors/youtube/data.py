"""What YouTube shows in public: the channel's counts, its uploads and their counts (Data API v3, youtube.md §2).

Works with a key for public data or with the owner's sign-in and reads the same either way: what only the owner sees
(private videos) is left aside, so that changing the way of signing in moves no figure.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from connectors.kit import (
    POST_REFRESH_DAYS,
    AccessError,
    Account,
    Assignment,
    Coverage,
    Days,
    Definition,
    Fetch,
    Kind,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Post,
    Reason,
    Request,
    SettingError,
    ShapeError,
    Subject,
    missing,
    pages,
    since,
)
from connectors.kit.metrics import COMMENTS, FOLLOWERS, LIKES, NOW, POSTS, VIEWS
from connectors.youtube.faults import NO_CHANNEL_HINT, NOT_FOUND_HINT

PER_REQUEST = 50
"""Ids in one request for videos, and entries on a page of uploads: the platform's maximum (youtube.md §2.2, §2.3)."""

PAGE_CAP = 400
"""YouTube lists at most about 20,000 uploads (youtube.md §2.2)."""

EXACT_BELOW = 1000
"""From here up the subscriber count keeps three digits and is rounded down (youtube.md §2.1)."""


def view_definitions(what_id: str, what_en: str) -> tuple[Definition, ...]:
    """Return what a view is, and since when: the counting changed twice (youtube.md §5)."""
    return (
        since(
            None,
            f"{what_id}; dihitung menurut ambang tonton lama",
            f"{what_en}; counted by the older watching threshold",
        ),
        since(
            date(2025, 3, 31),
            f"{what_id}; Shorts dihitung sejak mulai diputar, format lain menurut ambang lama",
            f"{what_en}; Shorts counted from their start, other formats by the older threshold",
        ),
        since(
            date(2026, 8, 24),
            f"{what_id}; semua format dihitung sejak gambar pertama, termasuk putar otomatis dan pratinjau. "
            "Tidak dapat dibandingkan dengan angka sebelum 24 Agustus 2026",
            f"{what_en}; all formats counted from the first frame, autoplay and previews included. "
            "Not comparable with figures from before 24 August 2026",
        ),
    )


CHANNEL_FOLLOWERS = Measure(
    FOLLOWERS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Pelanggan (subscriber) kanal yang ditampilkan YouTube; mulai 1.000 dibulatkan ke bawah "
                 "sehingga hanya tiga angka pertama yang pasti",
           "The channel's subscribers as YouTube shows them; from 1,000 up rounded down, so that only the first three "
           "digits are certain"),),
)  # fmt: skip
CHANNEL_VIEWS = Measure(
    VIEWS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    view_definitions("Semua tayangan kanal sejak dibuat; dapat turun bila video dihapus",
                     "All views of the channel since it was made; can fall when videos are removed"),
)  # fmt: skip
CHANNEL_POSTS = Measure(
    POSTS, Subject.ACCOUNT, NOW, Kind.LEVEL,
    (since(None, "Jumlah video publik di kanal", "The number of public videos on the channel"),),
)  # fmt: skip
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

CHANNEL_COUNTS = {"subscriberCount": CHANNEL_FOLLOWERS, "viewCount": CHANNEL_VIEWS, "videoCount": CHANNEL_POSTS}
VIDEO_COUNTS = {"viewCount": VIDEO_VIEWS, "likeCount": VIDEO_LIKES, "commentCount": VIDEO_COMMENTS}
MEASURES = (*CHANNEL_COUNTS.values(), *VIDEO_COUNTS.values())


def ask_channel(account: Account, fetch: Fetch) -> Node:
    """Return the account's channel. Without a channel id it is the one that the owner chose when signing in.

    An unknown or terminated channel is a good answer that has no `items` at all (youtube.md §2.1).
    """
    wanted = account.settings.get("channel_id", "").strip() or account.id or ""
    which = {"id": wanted} if wanted else {"mine": "true"}
    parts = {"part": "id,snippet,contentDetails,statistics"}
    answer = fetch(Request("data", "/youtube/v3/channels", {**parts, **which}, auth="" if wanted else "owner"))
    for channel in elements(answer["items"]):
        if not wanted or channel["id"].text() == wanted:
            return channel
    place = answer["items"].place
    if not wanted:
        raise AccessError("the sign-in has no channel", place=place, code="access.no_channel", hint=NO_CHANNEL_HINT)
    raise SettingError(
        f"there is no channel {wanted}", place=place, code="setting.channel_not_found", hint=NOT_FOUND_HINT
    )


def read_channel(channel: Node) -> Iterator[Observation]:
    """Read the channel's counts. A hidden subscriber count may still be sent as "0" (youtube.md §2.1)."""
    counts = channel["statistics"]
    hidden = counts["hiddenSubscriberCount"]
    is_hidden = hidden.exists and hidden.truth()
    for name, measure in CHANNEL_COUNTS.items():
        count = counts[name]
        if measure is CHANNEL_FOLLOWERS and is_hidden:
            yield hidden.gap(measure, Reason.HIDDEN)
        elif not count.exists:
            yield count.gap(measure, Reason.NOT_OFFERED)
        elif measure is CHANNEL_FOLLOWERS:
            yield count.read(measure, upto=highest_of(count.number()))
        else:
            yield count.read(measure)


def highest_of(shown: int) -> int | None:
    """Return the largest count that YouTube shows as `shown`, None where `shown` is exact."""
    if shown < EXACT_BELOW:
        return None
    step = 10 ** (len(str(shown)) - 3)
    return None if shown % step or step == 1 else shown + step - 1


def read_posts(assignment: Assignment, channel: Node, fetch: Fetch) -> Iterator[Observation]:
    """List the uploads of the time asked for and read them, together with the posts that are known already."""
    refreshed = assignment.now - timedelta(days=POST_REFRESH_DAYS)
    first = assignment.first_day(*VIDEO_COUNTS.values())
    # The office's day may begin before the same day of UTC does; one day more costs nothing.
    window = datetime.combine(first, datetime.min.time(), UTC)
    uploads = _list_uploads(_uploads_of(channel), min(refreshed, window - timedelta(days=1)), fetch)
    known = [post.id for post in assignment.known_posts]
    wanted = list(dict.fromkeys((*known, *uploads)))
    for start in range(0, len(wanted), PER_REQUEST):
        yield from _read_videos(assignment, wanted[start : start + PER_REQUEST], frozenset(known), fetch)
    listed = Days(min(first, assignment.window.last), assignment.window.last)
    for measure in VIDEO_COUNTS.values():
        yield Coverage(measure, listed, channel.place)  # the uploads of these days need not be listed again


def _uploads_of(channel: Node) -> str:
    """Return the id of the list of uploads: as answered, else the channel's id with another head (youtube.md §2.1)."""
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    return (uploads.text() if uploads.exists else "") or f"UU{channel['id'].text().removeprefix('UC')}"


def _list_uploads(playlist: str, oldest: datetime, fetch: Fetch) -> Iterable[str]:
    """List the ids of the public uploads since `oldest`.

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
    except NotOfferedError:
        return found  # youtube.md §2.2: treat as empty
    return found


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
        if privacy.exists and privacy.text() == "private":
            continue  # only the owner's own sign-in is shown these
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


def elements(node: Node) -> Iterator[Node]:
    """Iterate over a list that may be missing altogether."""
    return iter(node) if node.exists else iter(())


def instant(node: Node) -> datetime:
    """Return a moment of the Data API, which are UTC. Raises ShapeError for anything else."""
    text = node.text()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ShapeError(f"expected a moment at {node.pointer}, found {text[:40]!r}", place=node.place) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
