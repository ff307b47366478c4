"""The insights of the stand-in's Page: days, rolling windows and maps (facebook.md §3.2, §6)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from collector.demo.contracts.facebook.figures import (
    FLOWS,
    MAPS,
    ONE_DAY,
    PACIFIC,
    UNIQUES,
    WINDOW_DAYS,
    ends,
    figure,
    map_of,
    settled_point,
    window_figure,
    zoned,
)
from collector.demo.contracts.facebook.graph import PAGE_ID, Graph, address
from collector.demo.graph.refusals import RefusedError
from collector.demo.standin import Asked
from collector.demo.world import EPOCH

_METRICS = frozenset({*FLOWS, *UNIQUES, *MAPS, "page_follows"})
_LAG = timedelta(hours=24)  # the newest day answered ended one to two days ago (facebook.md §6)
_MAP_LAG = timedelta(hours=30)  # the maps of a new day stay empty a little longer
_REVISED = timedelta(days=3)


class Insights(Graph):
    """The Page's insights."""

    def insights(self, asked: Asked, key: str) -> dict[str, Any]:
        """Answer for the metrics that are asked for."""
        names = self.metrics(asked, _METRICS)
        period = asked.query.get("period", "day")
        if period == "lifetime" and "page_media_view" in names:
            raise RefusedError(1, "An unknown error occurred", subcode=99, status=500)
        if period not in ("day", "lifetime", *WINDOW_DAYS):
            raise RefusedError(100, "(#100) Invalid parameter: period")
        since, until = self._window(asked)
        is_empty = period == "lifetime" or not self.reads_insights(key) or self.small == "empty"
        answered = [] if is_empty else [one for one in names if one not in self.silent]
        days = self._days(since, until)
        if not asked.query.get("since") and not asked.query.get("until"):
            days = days[-2:]
        data = [
            {"name": name, "period": period, "values": [self._point(name, period, day, age) for day, age in days],
             "title": name, "description": "", "id": f"{PAGE_ID}/insights/{name}/{period}"}
            for name in answered
        ]  # fmt: skip
        length = until - since
        return {"data": data, "paging": {
            "previous": address(asked, key, since=str(since - length), until=str(since)),
            "next": address(asked, key, since=str(until), until=str(until + length)),
        }}  # fmt: skip

    def _window(self, asked: Asked) -> tuple[int, int]:
        """Return `since` and `until` in unix seconds: days are Pacific ones, and the last days are the default."""
        until = _instant(asked.query.get("until"), int(self.world.now().timestamp()))
        since = _instant(asked.query.get("since"), until - 7 * 86400)
        if until - since > self.longest_days * 86400:
            raise RefusedError(100, "(#100) There cannot be more than 90 days between since and until", subcode=1504016)
        return since, until

    def _days(self, since: int, until: int) -> list[tuple[date, timedelta]]:
        """List the finished days that end after `since` and not after `until`, and how long ago they ended."""
        now = self.world.now()
        until = min(until, int((now - _LAG).timestamp()))
        first = max(datetime.fromtimestamp(since, PACIFIC).date() - ONE_DAY, EPOCH)
        days = (first + timedelta(days=number) for number in range((until - since) // 86400 + 3))
        return [(day, now - ends(day)) for day in days if since < ends(day).timestamp() <= until]

    def _point(self, name: str, period: str, day: date, age: timedelta) -> dict[str, Any]:
        if period == "day" and age > _REVISED and not self.small:
            return settled_point(name, day)
        value: object
        if name in MAPS:
            value = map_of(name, day) if age > _MAP_LAG and not self.small else {}
        elif self.small:
            value = 64 if name == "page_follows" else 0
        elif period == "day":
            value = figure(name, day) + (self.revision if name != "page_follows" and age <= _REVISED else 0)
        else:
            value = window_figure(name, day, WINDOW_DAYS[period])
        return {"value": value, "end_time": zoned(ends(day))}


def _instant(said: str | None, default: int) -> int:
    """Return a unix moment out of seconds or a Pacific day."""
    if not said:
        return default
    if said.isdigit():
        return int(said)
    try:
        return int(datetime.combine(date.fromisoformat(said), time(), PACIFIC).timestamp())
    except ValueError:
        raise RefusedError(100, "(#100) Invalid parameter: since or until") from None
