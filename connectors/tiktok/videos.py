"""The public videos and their counts, as the Display service shows them (tiktok.md §3).

A video that the list leaves out is not gone: it is asked for by its id first. Cover pictures are not asked for, their
addresses die after six hours.
"""

from collections.abc import Generator, Iterator, Sequence
from functools import partial

from connectors.kit import Assignment, Fetch, Node, NotOfferedError, Observation, Post, Reason, Request, missing
from connectors.tiktok.listing import PER_PAGE, read_list
from connectors.tiktok.measures import VIDEO_COUNTS
from connectors.tiktok.values import created_at, elements, optional_text, plain_link, text_id, title_of

_FIELDS = ("id", "create_time", "share_url", "title", "video_description")
_MOST_PAGES = 500  # an end for a list that gives none


def read_videos(assignment: Assignment, fetch: Fetch) -> Generator[Observation, None, frozenset[str]]:
    """Read the videos of the days asked for, and those known already. Returns the ids that the list named."""
    listed = set()

    def read(video: Node, names: Sequence[str]) -> Iterator[Observation]:
        listed.add(text_id(video["id"]))
        return _read(video, names)

    names = yield from read_list(assignment, VIDEO_COUNTS, partial(_ask_page, fetch), read, cap=_MOST_PAGES)
    unlisted = [post.id for post in assignment.known_posts if post.id not in listed] if names else []
    for start in range(0, len(unlisted), PER_PAGE):
        yield from _read_known(assignment, fetch, names, unlisted[start : start + PER_PAGE])
    return frozenset(listed)


def _ask_page(fetch: Fetch, names: Sequence[str], cursor: int | None) -> Node:
    after = {} if cursor is None else {"cursor": cursor}
    return _ask(fetch, "/v2/video/list/", names, {"max_count": PER_PAGE, **after})


def _ask(fetch: Fetch, path: str, names: Sequence[str], body: dict[str, object]) -> Node:
    fields = ",".join((*_FIELDS, *names))
    data = fetch(Request("display", path, {"fields": fields}, method="POST", json=body))["data"]
    data.members()
    return data


def _read_known(
    assignment: Assignment, fetch: Fetch, names: Sequence[str], ids: Sequence[str]
) -> Iterator[Observation]:
    """Read known videos by their ids; one that is left out is deleted, private or somebody else's (tiktok.md §3)."""
    measures = [VIDEO_COUNTS[name] for name in names]
    try:
        answer = _ask(fetch, "/v2/video/query/", names, {"filters": {"video_ids": list(ids)}})
    except NotOfferedError as refusal:
        for id in ids:
            yield from (missing(one, refusal.reason, refusal, assignment.now, about=id) for one in measures)
        return
    found = set()
    for video in elements(answer["videos"]):
        found.add(text_id(video["id"]))
        yield from _read(video, names)
    for id in ids:
        if id not in found:
            yield from (answer["videos"].gap(one, Reason.NOT_OFFERED, about=id) for one in measures)


def _read(video: Node, names: Sequence[str]) -> Iterator[Observation]:
    id = text_id(video["id"])
    title = title_of(optional_text(video["title"]) or optional_text(video["video_description"]))
    yield Post(id, created_at(video), "video", title, plain_link(video["share_url"]), video.place)
    for name in names:
        count, measure = video[name], VIDEO_COUNTS[name]
        yield count.read(measure, about=id) if count.exists else count.gap(measure, Reason.NOT_OFFERED, about=id)
