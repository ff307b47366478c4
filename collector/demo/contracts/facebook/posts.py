"""The posts and reels of the stand-in's Page, and what each has gathered (facebook.md §3.3, §3.4)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from collector.demo.contracts.facebook.figures import (
    TOPICS,
    clicks_by_type,
    gathered,
    kind_of,
    list_posts,
    list_reels,
    reactions_by_type,
    reel_figures,
    zoned,
)
from collector.demo.contracts.facebook.graph import PAGE_ID, Graph, address
from collector.demo.graph.refusals import RefusedError
from collector.demo.standin import Asked

_POST_FIELDS = frozenset({
    "id", "message", "story", "created_time", "updated_time", "permalink_url", "status_type", "is_published",
    "full_picture", "shares", "attachments", "reactions", "comments",
})  # fmt: skip
_REEL_FIELDS = frozenset({"id", "description", "created_time", "updated_time", "permalink_url", "length", "views"})
_FROM_PEOPLE = frozenset({"reactions", "comments"})
_OF_EVERY_POST = frozenset({
    "post_media_view", "post_total_media_view_unique", "post_clicks", "post_clicks_by_type",
    "post_reactions_by_type_total",
})  # fmt: skip
_OF_VIDEOS = frozenset({"post_video_views"})

_FIRST_POST, _FIRST_VIDEO = 122160000000000000, 900000000000000


class Posts(Graph):
    """The Page's posts and reels."""

    def published_posts(self, asked: Asked, key: str) -> dict[str, Any]:
        """Answer with a page of the posts, newest first."""
        wanted = self.fields(asked, _POST_FIELDS, "Post")
        if (self.reactions_denied or not self.may(key, "pages_read_user_content")) and wanted & _FROM_PEOPLE:
            raise RefusedError(10, "(#10) This endpoint requires the 'pages_read_engagement' permission", status=403)
        return self._list(asked, key, list_posts, lambda day, at: self._post(day, at, wanted))

    def video_reels(self, asked: Asked, key: str) -> dict[str, Any]:
        """Answer with a page of the reels, newest first. Most of them are posts as well."""
        wanted = self.fields(asked, _REEL_FIELDS, "Video")
        return self._list(asked, key, list_reels, lambda day, at: self._reel(day, at, wanted))

    def insights_of_post(self, asked: Asked, key: str, number: int) -> dict[str, Any]:
        """Answer with what a post has gathered since it came out."""
        if asked.query.get("period") != "lifetime":
            raise RefusedError(100, "(#100) Invalid parameter: period")
        day, age = self._of(list_posts, number - _FIRST_POST)
        kind = kind_of(day)
        if kind == "reel":
            raise RefusedError(100, "(#100) The value must be a valid insights metric")
        names = self.metrics(asked, _OF_EVERY_POST | (_OF_VIDEOS if kind == "video" else frozenset()))
        if self.viewers_denied and "post_total_media_view_unique" in names:
            raise RefusedError(200, "(#200) Provide valid app ID or a post with more viewers", status=403)
        views = gathered("views", 400, day, age)
        known: dict[str, Any] = {
            "post_media_view": views,
            "post_total_media_view_unique": views * 5 // 9,
            "post_clicks": sum(clicks_by_type(day, age, kind).values()),
            "post_clicks_by_type": clicks_by_type(day, age, kind),
            "post_reactions_by_type_total": reactions_by_type(day, age),
            "post_video_views": views // 4,
        }
        return self._totals(asked, key, f"{PAGE_ID}_{number}", {name: known[name] for name in names})

    def insights_of_video(self, asked: Asked, key: str, number: int) -> dict[str, Any]:
        """Answer with all that is known of a reel's video."""
        day, age = self._of(list_reels, number - _FIRST_VIDEO)
        return self._totals(asked, key, str(number), reel_figures(day, age))

    def _of(self, listed: Callable[..., list[tuple[date, datetime]]], ordinal: int) -> tuple[date, Any]:
        """Return the day of a post or reel and its age. Raises RefusedError where there is none."""
        now = self.world.now()
        for day, at in listed(ordinal + 1, now, 1) if 1 <= ordinal < 3_600_000 else ():
            if day.toordinal() == ordinal:
                return day, now - at
        raise RefusedError(100, "Unsupported get request. Object does not exist", subcode=33)

    def _totals(self, asked: Asked, key: str, id: str, values: dict[str, Any]) -> dict[str, Any]:
        if id in self.missing:
            raise RefusedError(100, f"Unsupported get request. Object with ID '{id}' does not exist", subcode=33)
        if not self.reads_insights(key) or self.small == "empty":
            values = {}
        elif self.small:
            values = {name: {} if isinstance(value, dict) else 0 for name, value in values.items()}
        data = [
            {"name": name, "period": "lifetime", "values": [{"value": value}], "title": name, "description": "",
             "id": f"{id}/insights/{name}/lifetime"}
            for name, value in values.items() if name not in self.silent | self.retired
        ]  # fmt: skip
        return {"data": data, "paging": {"previous": address(asked, key), "next": address(asked, key)}}

    def _list(
        self,
        asked: Asked,
        key: str,
        listed: Callable[[int, datetime, int], list[tuple[date, datetime]]],
        shown: Callable[[date, datetime], dict[str, Any]],
    ) -> dict[str, Any]:
        said = asked.query.get("limit", "25")
        if not said.isdigit():
            raise RefusedError(100, "(#100) Invalid parameter: limit")
        limit = int(said)
        if limit > self.most_posts:
            raise RefusedError(
                1, "Please reduce the amount of data you're asking for, then retry your request", status=500
            )
        newest, page = _place_of(asked.query.get("after")) or (self.world.today.toordinal() + 1, 0)
        size = min(limit, self.page_size)
        found = listed(newest, self.world.now(), size + 1)
        here = [] if page == 1 else found[:size]  # the second page is always an empty one
        last = here[-1][0].toordinal() if here else newest
        cursors = {"before": _cursor(newest, page), "after": _cursor(last, page + 1)}
        paging: dict[str, Any] = {"cursors": cursors}
        if len(here) < len(found):
            paging["next"] = address(asked, key, after=cursors["after"])
        return {"data": [shown(day, at) for day, at in here], "paging": paging}

    def _post(self, day: date, created: datetime, wanted: set[str]) -> dict[str, Any]:
        age, kind, number = self.world.now() - created, kind_of(day), _FIRST_POST + day.toordinal()
        reactions = sum(reactions_by_type(day, age).values())
        comments, shares = gathered("comments", 9, day, age), gathered("shares", 4, day, age)
        video = f"https://www.facebook.com/reel/{_FIRST_VIDEO + day.toordinal()}/"
        known: dict[str, Any] = {
            "created_time": zoned(created), "updated_time": zoned(created),
            "status_type": {"photo": "added_photos", "link": "shared_story"}.get(kind, "added_video"),
            "permalink_url": video if kind == "reel" else f"https://www.facebook.com/{PAGE_ID}/posts/{number}",
            "attachments": {"data": [{"media_type": "video" if kind == "reel" else kind}]}, "is_published": True,
            "reactions": {"data": [], "summary": {"total_count": reactions}},
            "comments": {"data": [], "summary": {"order": "ranked", "total_count": comments, "can_comment": True}},
        }  # fmt: skip
        if day.day % 5:
            known["message"] = f"{TOPICS[day.toordinal() % len(TOPICS)]}\n#KPUMelayani"
        if shares:
            known["shares"] = {"count": shares}
        return {**{name: known[name] for name in known if name in wanted - self.hidden}, "id": f"{PAGE_ID}_{number}"}

    def _reel(self, day: date, created: datetime, wanted: set[str]) -> dict[str, Any]:
        number = str(_FIRST_VIDEO + day.toordinal())
        known = {
            "created_time": zoned(created), "updated_time": zoned(created), "permalink_url": f"/reel/{number}/",
            "description": f"{TOPICS[day.toordinal() % len(TOPICS)]} dalam satu menit",
        }  # fmt: skip
        return {**{name: known[name] for name in known if name in wanted - self.hidden}, "id": number}


def _cursor(number: int, page: int) -> str:
    return urlsafe_b64encode(f"{number}:{page}".encode()).decode().rstrip("=")


def _place_of(cursor: str | None) -> tuple[int, int] | None:
    if not cursor:
        return None
    try:
        number, page = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(":")
        return int(number), int(page)
    except ValueError:
        raise RefusedError(100, "(#100) Invalid parameter: after") from None
