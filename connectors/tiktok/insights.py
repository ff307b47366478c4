"""What the business service knows of each video beyond its counts (tiktok.md §4.3).

Lifetime figures, a day or two late, that stop a year after publication. Of a video without activity for a week the
reach and the time watched are left out: that is a gap, and the last reading stays what it was. How the viewers of one
video divide (audience, sources, retention) is not kept.
"""

import json
from collections.abc import Iterator, Sequence

from connectors.kit import Assignment, Fetch, Node, Observation, Post, Reason, Request
from connectors.tiktok.business import PATH, read_fraction
from connectors.tiktok.listing import PER_PAGE, read_list
from connectors.tiktok.measures import INSIGHTS
from connectors.tiktok.values import created_at, optional_text, plain_link, text_id, title_of

_FIELDS = ("item_id", "create_time", "caption", "share_url", "media_type")
_MOST_PAGES = 30  # with the questions after a refusal still below the 40 a minute that an account has (tiktok.md §4.4)


def read_insights(assignment: Assignment, fetch: Fetch, listed: frozenset[str]) -> Iterator[Observation]:
    """Read the videos of the days asked for. Those in `listed` are posts that were told of already."""

    def ask(names: Sequence[str], cursor: int | None) -> Node:
        params = {
            "business_id": assignment.account.settings["business_id"],
            "fields": json.dumps((*_FIELDS, *names)),
            "max_count": str(PER_PAGE),
        }
        after = {} if cursor is None else {"cursor": str(cursor)}
        data = fetch(Request("business", f"{PATH}/business/video/list/", {**params, **after}))["data"]
        data.members()
        return data

    def read(video: Node, names: Sequence[str]) -> Iterator[Observation]:
        if text_id(video["item_id"]) not in listed:
            yield _post(video)
        yield from _read_figures(video, names)

    yield from read_list(assignment, INSIGHTS, ask, read, cap=_MOST_PAGES)


def _post(video: Node) -> Post:
    kind = optional_text(video["media_type"]).lower() or "video"
    title, link = title_of(optional_text(video["caption"])), plain_link(video["share_url"])
    return Post(text_id(video["item_id"]), created_at(video), kind, title, link, video.place)


def _read_figures(video: Node, names: Sequence[str]) -> Iterator[Observation]:
    id = text_id(video["item_id"])
    for name in names:
        value, measure = video[name], INSIGHTS[name]
        if measure.places:
            yield read_fraction(value, measure, id)
        else:
            yield value.read(measure, about=id) if value.exists else value.gap(measure, Reason.EMPTY, about=id)
