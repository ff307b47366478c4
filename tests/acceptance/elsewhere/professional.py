"""The edges of a professional account on Meta's Graph (instagram.md §3.2 to §3.4): insights, media and stories."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from elsewhere.question import Question, RefusedError, amount, days_between

PACIFIC = ZoneInfo("America/Los_Angeles")
ONE_DAY = timedelta(days=1)

# instagram.md §3.2: what has a total, and with which breakdowns.
TOTALS = {
    "reach", "views", "accounts_engaged", "total_interactions", "likes", "comments", "saves", "shares", "replies",
    "reposts", "profile_links_taps", "follows_and_unfollows", "profile_views",
}  # fmt: skip
GROUPS = {
    "city": {"Siak Sri Indrapura / Riau": 31, "東京": 4}, "country": {"ID": 700}, "age": {"18-24": 300},
    "gender": {"F": 410, "U": 9},
}  # fmt: skip
OF_FEED = {"views", "reach", "shares", "total_interactions", "likes", "comments", "saved", "reposts", "follows",
           "profile_visits", "profile_activity"}  # fmt: skip
MEDIA_FIELDS = {"id", "caption", "media_type", "media_product_type", "permalink", "shortcode", "timestamp",
                "like_count", "comments_count", "thumbnail_url", "media_url", "is_shared_to_feed"}  # fmt: skip
POST = "18012345678901234"

Refuse = Callable[..., RefusedError]


class Edges:
    """Answers the edges. `refuse` makes a refusal of a code and a message."""

    def __init__(self, now: Callable[[], datetime], refuse: Refuse) -> None:
        self.now, self.refuse = now, refuse

    def list_media(self, wanted: list[str]) -> dict[str, Any]:
        """Return the one post there is, whose likes are hidden and which has no caption."""
        post = {"media_type": "IMAGE", "media_product_type": "FEED", "comments_count": 0,
                "timestamp": f"{self.now() - 3 * ONE_DAY:%Y-%m-%dT%H:%M:%S}+0000"}  # fmt: skip
        return {"data": [{"novel": 1, **{name: post[name] for name in wanted if name in post}, "id": POST}],
                "paging": {"cursors": {"before": "b", "after": "a"}}}  # fmt: skip

    def of_media(self, question: Question) -> dict[str, Any]:
        """Return what the post has gathered, in another order than asked."""
        names = question.query.get("metric", "").split(",")
        for name in names:
            if name not in OF_FEED:
                raise self.refuse(100, f"does not support the {name} metric for this media product type")
        entries = [{"name": name, "period": "lifetime", "values": [{"value": len(name)}]} for name in names]
        return {"data": entries[::-1]}

    def insights(self, question: Question) -> dict[str, Any]:
        """Return the account's figures, as strictly as the sheet says."""
        asked = question.query
        names = asked.get("metric", "").split(",")
        if names == ["follower_demographics"]:
            return self._demographics(asked)
        ends = self._ends(asked)
        if names == ["online_followers"] and asked.get("period") == "lifetime":
            values = [{"value": {"0": 5, "23": 6} if end != ends[-1] else {}, "end_time": _zoned(end)} for end in ends]
            return {"data": [{"values": values, "name": "online_followers", "period": "lifetime"}]}
        if not set(names) <= TOTALS or asked.get("period") != "day":
            raise self.refuse(100, f"(#100) metric[0] must be one of the following values: {', '.join(TOTALS)}")
        if asked.get("metric_type") == "time_series" and names == ["reach"]:
            values = [{"value": self.of(name, [end]), "end_time": _zoned(end)} for name in names for end in ends]
            return {"data": [{"values": values, "name": "reach", "period": "day"}], "paging": {"next": "x"}}
        if asked.get("metric_type") != "total_value":
            raise self.refuse(100, "(#100) The following metrics should be specified with metric_type=total_value")
        if asked.get("breakdown") and names != ["follows_and_unfollows"]:
            raise self.refuse(100, "An unknown error has occurred")
        return {"data": [self._total(name, ends, asked) for name in reversed(names)] if ends else []}

    def of(self, name: str, ends: list[datetime]) -> int:
        """Return a metric's figure of the days that end then."""
        return sum(amount(name, (end - timedelta(seconds=1)).astimezone(PACIFIC).date()) for end in ends)

    def _total(self, name: str, ends: list[datetime], asked: Any) -> dict[str, Any]:
        total: dict[str, Any] = {"value": self.of(name, ends)}
        if name == "follows_and_unfollows":
            results = [{"value": self.of(label, ends), "dimension_values": [label]}
                       for label in ("NON_FOLLOWER", "UNKNOWN", "FOLLOWER")]  # fmt: skip
            total = {"breakdowns": [{"results": results, "dimension_keys": ["follow_type"]}]}
        return {"name": name, "period": "day", "total_value": total, "novel": None}

    def _demographics(self, asked: Any) -> dict[str, Any]:
        if (asked.get("period"), asked.get("metric_type"), asked.get("timeframe")) != (
            "lifetime", "total_value", "this_month",
        ):  # fmt: skip
            raise self.refuse(100, "(#100) Invalid parameter")
        groups = GROUPS[asked["breakdown"]]
        results = [{"dimension_values": [label], "value": count} for label, count in groups.items()]
        total = {"breakdowns": [{"dimension_keys": [asked["breakdown"]], "results": results}]}
        return {"data": [{"total_value": total, "name": "follower_demographics", "period": "lifetime"}]}

    def _ends(self, asked: Any) -> list[datetime]:
        since, until = (datetime.fromtimestamp(int(asked[name]), UTC) for name in ("since", "until"))
        if until - since > 30 * ONE_DAY:
            raise self.refuse(100, "There cannot be more than 30 days (2592000 s) between since and until")
        if since < self.now() - 732 * ONE_DAY:
            raise self.refuse(100, "since param is not valid. Metrics data is available for the last 2 years")
        ends = (datetime.combine(day + ONE_DAY, time(), PACIFIC).astimezone(UTC)
                for day in days_between(since.date() - 2 * ONE_DAY, until.date()))  # fmt: skip
        return [end for end in ends if since < end <= min(until, self.now() - timedelta(hours=26))]


def _zoned(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+0000"
