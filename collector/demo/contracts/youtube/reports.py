"""YouTube Analytics as the stand-in speaks it: which tables there are, and their rows (youtube.md §3).

What a table leaves out, its totals keep: the newest days, idle days, and rows that are too small to be shown.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from collector.demo.contracts.youtube.life import METRICS, PACIFIC, Life, figures_of
from collector.demo.world import EPOCH, chance

MISSING_DAYS = 3
"""Newest whole days that have no rows yet."""

SMALLEST_ROW, FEWEST_VIEWS = 3, 60
"""Views below which a row, and views of a window below which its viewers, are not shown."""

MOST_VIDEO_DAYS = 50_000
MONETARY = {"estimatedRevenue", "estimatedAdRevenue", "grossRevenue", "cpm", "monetizedPlaybacks"}

_SUPPORTED: Mapping[str, frozenset[str]] = {
    "": frozenset(METRICS), "day": frozenset(METRICS), "country": frozenset(METRICS), "video": frozenset(METRICS),
    "insightTrafficSourceType": frozenset(METRICS[:3]),
    "ageGroup": frozenset({"viewerPercentage"}), "gender": frozenset({"viewerPercentage"}),
}  # fmt: skip
_RANKED_BY = set(METRICS[:5])
_SHARES: Mapping[str, Mapping[str, float]] = {
    "country": {"ID": 0.89, "MY": 0.045, "SG": 0.02, "TW": 0.012, "US": 0.008, "ZZ": 0.006},
    "insightTrafficSourceType": {"YT_SEARCH": 0.31, "EXT_URL": 0.22, "RELATED_VIDEO": 0.15, "SUBSCRIBER": 0.12,
                                 "SHORTS": 0.09, "YT_CHANNEL": 0.06, "NOTIFICATION": 0.03},
}  # fmt: skip
_VIEWERS: Mapping[str, Mapping[str, int]] = {
    "ageGroup": {"age13-17": 60, "age18-24": 290, "age25-34": 310, "age35-44": 190, "age45-54": 100, "age55-64": 40},
    "gender": {"female": 430, "male": 560},
}
"""Parts of a thousand; the last group of each has what is left."""
_LAST_GROUP = {"ageGroup": "age65-", "gender": "user_specified"}


@dataclass(slots=True)
class Refusal(Exception):
    """A question that Analytics refuses."""

    status: int
    reason: str
    message: str


@dataclass(slots=True)
class Reports:
    """The tables of the demo channel. The contract's switches of the same names are kept here."""

    life: Life
    retired: set[str] = field(default_factory=set)
    lost_days: set[date] = field(default_factory=set)
    reversed_columns: bool = False
    too_few: bool = False
    revision: int = 0

    def answer(self, query: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """Answer a question, or raise Refusal."""
        today = now.astimezone(PACIFIC).date()
        first, last = (_day_of(query, name) for name in ("startDate", "endDate"))
        metrics, by = query["metrics"].split(","), query.get("dimensions", "")
        if last < first:
            raise Refusal(400, "badRequest", "The end date is before the start date.")
        self._check(query, metrics, by, (last - first).days + 1, now)
        days = list(_days(max(first, EPOCH), min(last, today - timedelta(days=MISSING_DAYS + 1))))
        rows = [row for row in self._rows(by, metrics, days, today) if row]
        headers = [{"name": by, "columnType": "DIMENSION", "dataType": "STRING"}] if by else []
        kinds = {"viewerPercentage": "FLOAT"}
        headers += [{"name": one, "columnType": "METRIC", "dataType": kinds.get(one, "INTEGER")} for one in metrics]
        if query.get("sort"):
            column = [one["name"] for one in headers].index(query["sort"].removeprefix("-"))
            rows = sorted(rows, key=lambda row: (-row[column], row[0]))[: int(query["maxResults"])]
        if self.reversed_columns:
            headers, rows = headers[::-1], [row[::-1] for row in rows]
        table: dict[str, Any] = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers}
        return {**table, "rows": rows} if rows else table

    def _check(self, query: Mapping[str, str], metrics: list[str], by: str, length: int, now: datetime) -> None:
        for metric in metrics:
            if metric in MONETARY:
                raise Refusal(403, "forbidden", "Forbidden")
            if metric not in {*METRICS, "viewerPercentage"} or metric in self.retired:
                raise Refusal(400, "badRequest", f"Unknown identifier ({metric}) given in field parameters.metrics.")
        wanted = {name for name in ("sort", "maxResults") if name in query}
        is_ranked = by == "video"
        if by not in _SUPPORTED or not set(metrics) <= _SUPPORTED[by] or "filters" in query:
            raise _unsupported()
        if wanted != ({"sort", "maxResults"} if is_ranked else set()):
            raise _unsupported()
        if is_ranked and not (
            query["sort"].startswith("-")
            and query["sort"][1:] in _RANKED_BY & set(metrics)
            and query["maxResults"].isdigit()
            and 1 <= int(query["maxResults"]) <= 200
        ):
            raise _unsupported()
        videos = len(self.life.videos(now)) if by == "insightTrafficSourceType" else 0
        if videos * length > MOST_VIDEO_DAYS:
            raise _unsupported()

    def _rows(self, by: str, metrics: list[str], days: list[date], today: date) -> Iterator[list[Any]]:
        told = {day: figures for day in days if any(figures := self._figures(day, today))}
        picks = [METRICS.index(metric) for metric in metrics if metric in METRICS]
        totals = [sum(figures[pick] for figures in told.values()) for pick in range(len(METRICS))]
        if by == "day":
            yield from ([str(day), *(told[day][pick] for pick in picks)] for day in told if day not in self.lost_days)
        elif by == "":
            yield [totals[pick] for pick in picks] if told else []
        elif by in _VIEWERS:
            if totals[0] >= FEWEST_VIEWS and not self.too_few:
                yield from _viewers(by, days)
        elif not self.too_few:
            parts = self._videos(days) if by == "video" else _parts(by, totals)
            for label, part in parts:
                if part[0] >= SMALLEST_ROW:
                    yield [label, *(part[pick] for pick in picks)]

    def _figures(self, day: date, today: date) -> tuple[int, ...]:
        views, *others = figures_of(day)
        if views and day > today - timedelta(days=14):
            views += self.revision
        return views, *others

    def _videos(self, days: list[date]) -> Iterator[tuple[str, list[int]]]:
        """Yield what each video drew in the days."""
        if not days:
            return
        begin, end = (datetime.combine(day, time(), PACIFIC) for day in (days[0], days[-1] + timedelta(days=1)))
        for video in self.life.videos(end):
            views = video.views(end) - video.views(begin)
            rest = [0] * (len(METRICS) - 3)
            yield video.id, [views, round(views * 0.71), round(views * 2.3), *rest]


def _viewers(by: str, days: list[date]) -> Iterator[list[Any]]:
    left = 1000
    for label, usual in _VIEWERS[by].items():
        part = usual - int(chance("youtube.viewers", by, label, days[-1]) * usual / 20)
        left -= part
        yield [label, part / 10]
    yield [_LAST_GROUP[by], left / 10]


def _parts(by: str, totals: list[int]) -> Iterator[tuple[str, list[int]]]:
    for label, share in _SHARES[by].items():
        yield label, [int(total * share) for total in totals]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _day_of(query: Mapping[str, str], name: str) -> date:
    """Return the day of a parameter. Raises Refusal where it is not written YYYY-MM-DD."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", query[name]):
            return date.fromisoformat(query[name])
    except ValueError:
        pass
    raise Refusal(400, "badRequest", f"Could not parse content ({query[name]}) of field {name}.")


def _unsupported() -> Refusal:
    return Refusal(
        400,
        "badRequest",
        "The query is not supported. Check the documentation at "
        "https://developers.google.com/youtube/analytics/v2/available_reports for a list of supported queries.",
    )
