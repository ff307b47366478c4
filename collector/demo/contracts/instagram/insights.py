"""The insights of the stand-in's Instagram account: windows, shapes and their many rules (instagram.md §3.2)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from collector.demo.contracts.instagram.figures import (
    FLOWS,
    FOLLOWS,
    GROUPS,
    ONE_DAY,
    PACIFIC,
    UNIQUES,
    ends,
    figure,
    followers,
    of_window,
    zoned,
)
from collector.demo.graph.refusals import RefusedError
from collector.demo.standin import Asked
from collector.demo.world import EPOCH, World, chance, flow

_KNOWN = (
    "reach", "follower_count", "website_clicks", "profile_views", "online_followers", "accounts_engaged",
    "total_interactions", "likes", "comments", "shares", "saves", "replies", "engaged_audience_demographics",
    "reached_audience_demographics", "follower_demographics", "follows_and_unfollows", "profile_links_taps", "views",
    "reposts",
)  # fmt: skip
_TOTALS = frozenset({*FLOWS, *UNIQUES, "follows_and_unfollows", "follower_demographics"}) - {"reach"}
_BREAKDOWNS = {
    "reach": ("follow_type", "media_product_type"), "views": ("follow_type", "follower_type", "media_product_type"),
    "follows_and_unfollows": ("follow_type",), "follower_demographics": tuple(GROUPS),
    "profile_links_taps": ("contact_button_type",),
    **dict.fromkeys(("total_interactions", "likes", "comments", "saves", "shares"), ("media_product_type",)),
}  # fmt: skip
_FLOOR = 100
_LAG = timedelta(hours=24)  # the newest day answered ended a day ago or more
_ONLINE_LAG = timedelta(hours=60)
_REVISED = timedelta(days=3)
_TWO_YEARS = timedelta(days=731, hours=1)


@dataclass(slots=True)
class AccountInsights:
    """What the account's insights answer. The fields are switches for their misbehaviour."""

    world: World
    account: str
    retired: set[str] = field(default_factory=set)  # names that nothing knows any more
    silent: set[str] = field(default_factory=set)  # names that are left out of a good answer
    longest_days: int = 30
    remembered: timedelta = _TWO_YEARS
    is_small: bool = False  # the account has fewer than 100 followers
    says_timeframe: bool = True  # demographics name the timeframe among their dimensions
    revision: int = 0  # what the newest days gained since they were first read

    def answer(self, asked: Asked) -> dict[str, Any]:
        """Answer one question."""
        names = [name for name in asked.query.get("metric", "").split(",") if name]
        for number, name in enumerate(names):
            if name in self.retired or name not in _KNOWN:
                known = ", ".join(one for one in _KNOWN if one not in self.retired)
                raise RefusedError(100, f"(#100) metric[{number}] must be one of the following values: {known}")
        if not names:
            raise RefusedError(100, "(#100) The parameter metric is required")
        period, kind = asked.query.get("period", "day"), asked.query.get("metric_type", "")
        if (only := [name for name in names if name in _TOTALS and kind != "total_value"]) and kind != "time_series":
            raise RefusedError(
                100, f"(#100) The following metrics ({', '.join(only)}) should be specified with parameter "
                     "metric_type=total_value")  # fmt: skip
        if kind == "time_series" and only:
            raise RefusedError(100, f"(#100) The metrics ({', '.join(only)}) do not support metric_type time_series")
        breakdown = asked.query.get("breakdown", "") if kind == "total_value" else ""
        if breakdown and any(breakdown not in _BREAKDOWNS.get(name, ()) for name in names):
            raise RefusedError(100, "An unknown error has occurred")
        if "follower_demographics" in names:
            return {"data": self._demographics(asked, period, breakdown)}
        days = self._days(asked)
        if "online_followers" in names:
            return {"data": self._hours(days)}
        if kind == "total_value":
            data = [self._total(name, days, breakdown) for name in names]
        else:
            data = [self._series(name, days) for name in names]
        return {"data": [one for one in data if one is not None], "paging": self._paging(asked)}

    def _days(self, asked: Asked) -> list[date]:
        """List the Pacific days that end in the window asked for and that are finished by now."""
        now = self.world.now()
        until = _seconds(asked, "until", int(now.timestamp()))
        since = _seconds(asked, "since", until - 86400)
        if until - since > self.longest_days * 86400:
            raise RefusedError(
                100, f"(#100) There cannot be more than {self.longest_days} days ({self.longest_days * 86400} s) "
                     "between since and until")  # fmt: skip
        if since < (now - self.remembered).timestamp():
            raise RefusedError(
                100, "(#100) since param is not valid. Metrics data is available for the last 2 years")  # fmt: skip
        first = max(datetime.fromtimestamp(since, PACIFIC).date() - ONE_DAY, EPOCH)
        count = (until - since) // 86400 + 3
        days = (first + timedelta(days=number) for number in range(count))
        last = min(until, int((now - _LAG).timestamp()))
        return [day for day in days if since < ends(day).timestamp() <= last]

    def _entry(self, name: str, period: str) -> dict[str, Any]:
        title = name.replace("_", " ").capitalize()
        return {"name": name, "period": period, "title": title, "description": "",
                "id": f"{self.account}/insights/{name}/{period}"}  # fmt: skip

    def _series(self, name: str, days: list[date]) -> dict[str, Any] | None:
        if name in self.silent:
            return None
        points = [{"value": figure(name, day) + self._gain(day), "end_time": zoned(ends(day))} for day in days]
        return {**self._entry(name, "day"), "values": points}

    def _total(self, name: str, days: list[date], breakdown: str) -> dict[str, Any] | None:
        if name in self.silent or not days:
            return None
        entry = self._entry(name, "day")
        if name == "follows_and_unfollows":
            return self._follows(entry, days, breakdown)
        return {**entry, "total_value": {"value": of_window(name, days) + sum(self._gain(day) for day in days)}}

    def _follows(self, entry: dict[str, Any], days: list[date], breakdown: str) -> dict[str, Any] | None:
        """Return follows by kind; without the breakdown the total is missing, and so is a kind with nothing."""
        if self.is_small:
            return None
        if not breakdown:
            return entry
        counts = {label: sum(flow(name, day, mean) for day in days) for label, (name, mean) in FOLLOWS.items()}
        results = [{"dimension_values": [label], "value": count} for label, count in counts.items() if count]
        return {**entry, "total_value": {"breakdowns": [{"dimension_keys": ["follow_type"], "results": results}]}}

    def _demographics(self, asked: Asked, period: str, breakdown: str) -> list[dict[str, Any]]:
        timeframe = asked.query.get("timeframe", "")
        if period != "lifetime" or not breakdown or timeframe not in ("this_month", "this_week"):
            raise RefusedError(100, "(#100) follower_demographics needs period, timeframe and breakdown")
        if self.is_small or "follower_demographics" in self.silent:
            return []
        here = followers(self.world.today)
        keys = ["timeframe", breakdown] if self.says_timeframe else [breakdown]
        more = [timeframe.upper()] if self.says_timeframe else []
        results = [
            {"dimension_values": [*more, label], "value": int(here * share)} for label, share in GROUPS[breakdown]
        ]
        total = {"breakdowns": [{"dimension_keys": keys, "results": results}]}
        return [{**self._entry("follower_demographics", "lifetime"), "total_value": total}]

    def _hours(self, days: list[date]) -> list[dict[str, Any]]:
        if self.is_small or "online_followers" in self.silent:
            return []
        newest = self.world.now() - _ONLINE_LAG
        points = [
            {"value": self._online(day) if ends(day) <= newest else {}, "end_time": zoned(ends(day))} for day in days
        ]
        return [{**self._entry("online_followers", "lifetime"), "values": points}]

    def _online(self, day: date) -> dict[str, int]:
        here = followers(day)
        return {str(hour): int(here * (0.2 + 0.3 * chance("online", day, hour))) for hour in range(24)}

    def _gain(self, day: date) -> int:
        return self.revision if self.world.now() - ends(day) < _REVISED else 0

    def _paging(self, asked: Asked) -> dict[str, str]:
        address = f"https://graph.facebook.com{asked.path}?access_token=demo-instagram-key"
        return {"previous": f"{address}&since=0", "next": f"{address}&until=0"}


def _seconds(asked: Asked, name: str, default: int) -> int:
    said = asked.query.get(name, "")
    if not said:
        return default
    if not said.isdigit():
        raise RefusedError(100, f"(#100) Invalid parameter: {name}")
    return int(said)
