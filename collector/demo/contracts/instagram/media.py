"""The media and stories of the stand-in's Instagram account, and their insights (instagram.md §3.3, §3.4)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from collector.demo.contracts.instagram.figures import (
    TOPICS,
    Item,
    find_item,
    gathered,
    list_posts,
    story_of,
    zoned,
)
from collector.demo.graph.refusals import RefusedError, no_such_node
from collector.demo.standin import Asked
from collector.demo.world import World

FIELDS = frozenset({
    "id", "caption", "media_type", "media_product_type", "permalink", "shortcode", "timestamp", "like_count",
    "comments_count", "thumbnail_url", "media_url", "is_shared_to_feed",
})  # fmt: skip

_COMMON = frozenset({"views", "reach", "shares", "total_interactions", "reposts"})
_LIKED = frozenset({"likes", "comments", "saved"})
_TO_PROFILE = frozenset({"follows", "profile_visits", "profile_activity"})
_OF_REELS = frozenset({"ig_reels_avg_watch_time", "ig_reels_video_view_total_time", "reels_skip_rate"})
_FITTING = {
    "FEED": _COMMON | _LIKED | _TO_PROFILE,
    "REELS": _COMMON | _LIKED | _OF_REELS,
    "STORY": _COMMON | _TO_PROFILE | {"replies", "navigation", "link_clicks"},
}
_KNOWN = sorted(frozenset().union(*_FITTING.values()) | {"impressions"})
_TINY_STORY = 5  # every so many days the story has too few viewers
_HIDDEN_LIKES = 11
_A_DAY = timedelta(hours=24)


@dataclass(slots=True)
class AccountMedia:
    """What the media edges answer. The fields are switches for their misbehaviour."""

    world: World
    by_page: bool = True  # one address serves both ways in, so that this has to say which it is
    retired: set[str] = field(default_factory=set)  # names of metrics and fields that nothing knows any more
    silent: set[str] = field(default_factory=set)  # metrics that are left out of a good answer
    unfit: set[str] = field(default_factory=set)  # metrics that no kind of media supports just now
    converted_on: date = date.min  # nothing is told of what was posted before the account became professional
    tiny_stories: bool = False  # all stories have too few viewers
    denied: bool = False  # the permission for insights was not given
    page_size: int = 100
    everlasting: bool = False  # the list never ends: its last page names itself as the next

    def list_media(self, asked: Asked) -> dict[str, Any]:
        """Answer a page of the list, newest first; stories are never in it."""
        wanted = self._fields(asked)
        newest = _place_of(asked.query.get("after", "")) or self.world.today.toordinal() + 1
        size = min(int(asked.query.get("limit", "25")), self.page_size)
        found = list(islice(list_posts(newest, self.world.now()), size + 1))
        here = found[:size]
        last = here[-1].number if here else newest
        cursors = {"before": _cursor(newest), "after": _cursor(last)}
        paging: dict[str, Any] = {"cursors": cursors}
        if len(found) > size or self.everlasting:
            paging["next"] = f"https://graph.facebook.com{asked.path}?access_token=demo-instagram-key&after=x"
        return {"data": [self._media(item, wanted) for item in here], "paging": paging}

    def list_stories(self, asked: Asked) -> dict[str, Any]:
        """Answer the stories of the last 24 hours."""
        wanted, now, today = self._fields(asked), self.world.now(), self.world.today
        stories = [story_of(today - timedelta(days=number)) for number in (0, 1)]
        alive = [one for one in stories if one is not None and now - _A_DAY < one.created <= now]
        return {"data": [self._media(item, wanted) for item in alive]}

    def insights(self, id: str, asked: Asked) -> dict[str, Any]:
        """Answer what an item has gathered."""
        item = find_item(id)
        if item is None or item.created > self.world.now():
            raise no_such_node(id)
        if self.denied:
            raise RefusedError(10, "(#10) Application does not have permission for this action", status=403)
        names = [name for name in asked.query.get("metric", "").split(",") if name]
        for number, name in enumerate(names):
            if name in self.retired or name not in _KNOWN:
                raise RefusedError(
                    100, f"(#100) metric[{number}] must be one of the following values: {', '.join(_KNOWN)}"
                )
        if item.product == "STORY":
            self._check_story(item)
        elif item.day < self.converted_on:
            raise RefusedError(100, "Media posted before business account conversion", subcode=2108006)
        for name in names:
            if name == "impressions":
                raise RefusedError(
                    100, "(#100) Starting from version v22.0 and above, the impressions metric is no longer supported "
                         "for the queried media")  # fmt: skip
            if name in self.unfit or name not in _FITTING[item.product] or (name == "link_clicks" and not self.by_page):
                raise RefusedError(
                    100, f"(#100) The Media Insights API does not support the {name} metric for this media product "
                         "type")  # fmt: skip
        return {"data": [self._gathered(item, name) for name in names if name not in self.silent]}

    def _check_story(self, item: Item) -> None:
        if self.world.now() - item.created >= _A_DAY:
            raise no_such_node(item.id)
        if self.tiny_stories or item.number % _TINY_STORY == 3:
            raise RefusedError(10, "(#10) Not enough viewers for the media to show insights", status=403)

    def _gathered(self, item: Item, name: str) -> dict[str, Any]:
        value = gathered(name, item, self.world.now())
        title = name.replace("_", " ").capitalize()
        return {"name": name, "period": "lifetime", "values": [{"value": value}], "title": title, "description": "",
                "id": f"{item.id}/insights/{name}/lifetime"}  # fmt: skip

    def _fields(self, asked: Asked) -> set[str]:
        wanted = set(asked.query.get("fields", "id").split(","))
        for name in sorted(wanted):
            if name not in FIELDS or name in self.retired:
                raise RefusedError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type (IGMedia)")
        return wanted

    def _media(self, item: Item, wanted: set[str]) -> dict[str, Any]:
        code, now = f"D{item.number:x}", self.world.now()
        known: dict[str, Any] = {
            "media_type": item.type, "media_product_type": item.product, "timestamp": zoned(item.created),
            "permalink": f"https://www.instagram.com/{'reel' if item.product == 'REELS' else 'p'}/{code}/",
            "shortcode": code, "comments_count": gathered("comments_count", item, now),
        }  # fmt: skip
        if item.number % _HIDDEN_LIKES:
            known["like_count"] = gathered("like_count", item, now)
        if item.number % 7:
            known["caption"] = f"{TOPICS[item.number % len(TOPICS)]}\n#KPUMelayani"
        if item.product == "STORY":
            for name in ("like_count", "comments_count", "caption"):
                known.pop(name, None)
        return {**{name: known[name] for name in known if name in wanted}, "id": item.id}


def _cursor(number: int) -> str:
    return urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def _place_of(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        return int(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise RefusedError(100, "(#100) Invalid parameter: after") from None
