"""Answers to rows by hand, as the sides read them that do without the product: no checks, no places, no gaps.

A row is (account, measure, about, at, value), the same as the product's readings come to. `plan` says of each recorded
request whose it is and how its answer is to be read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from benchmarks.answers.asked import Asked
from benchmarks.fastest import Parse
from benchmarks.population import NOW, number_of

Row = tuple[str, str, str, int, int]
Read = Callable[[Any], Iterator[tuple[str, str, int, int]]]

NOW_MS = int(NOW.timestamp() * 1000)
_DAY_ZERO = date(1970, 1, 1).toordinal()

_PAGE_COUNTS = {"followers_count": "followers:account:now", "fan_count": "likes:account:now"}
_PAGE_DAYS = {
    "page_follows": "followers", "page_daily_follows_unique": "followers_gained",
    "page_daily_unfollows_unique": "followers_lost", "page_media_view": "views",
    "page_total_media_view_unique": "reach", "page_views_total": "profile_visits",
    "page_post_engagements": "interactions", "page_total_actions": "clicks",
    "page_video_views": "facebook.video_views",
}  # fmt: skip
_MAPS = {"page_follows_city": "city", "page_follows_country": "country"}
_INSTAGRAM = {"followers_count": "followers", "follows_count": "following", "media_count": "posts"}
_CHANNEL = {"subscriberCount": "followers", "viewCount": "views", "videoCount": "posts"}
_VIDEO = {"viewCount": "views", "likeCount": "likes", "commentCount": "comments"}
_CHANNEL_DAYS = {
    "views": "views", "engagedViews": "youtube.engaged_views", "estimatedMinutesWatched": "watch_minutes",
    "subscribersGained": "followers_gained", "subscribersLost": "followers_lost",
}  # fmt: skip
_X = {"followers_count": "followers", "following_count": "following", "tweet_count": "posts"}
_TIKTOK = {"follower_count": "followers", "following_count": "following", "video_count": "posts",
           "likes_count": "likes"}  # fmt: skip
_GA4 = {"activeUsers": "users", "sessions": "sessions", "screenPageViews": "page_views"}
_MATOMO = {"nb_uniq_visitors": "users", "nb_visits": "sessions", "nb_pageviews": "page_views"}


@dataclass(frozen=True, slots=True)
class Step:
    """One request to replay: its bytes, its account ("facebook:12"), and the name of how its answer is read."""

    raw: bytes
    account: str
    how: str


def plan(raw: bytes) -> Step:
    """Say of a recorded request whose it is and how its answer is read."""
    asked = Asked.parse(raw)
    account, how = _whose(asked)
    return Step(raw, account, how)


def _whose(asked: Asked) -> tuple[str, str]:
    match asked.host:
        case "facebook-graph":
            page, _, edge = asked.path.lstrip("/").partition("/")[2].partition("/")
            how = "maps" if "page_follows_city" in asked.query.get("metric", "") else edge or "page"
            return f"facebook:{number_of('facebook', page)}", f"facebook {how}"
        case "instagram-graph":
            return f"instagram:{number_of('instagram', asked.path.rpartition('/')[2])}", "instagram"
        case "youtube-data" | "youtube-analytics":
            what = asked.path.rpartition("/")[2]
            return f"youtube:{int(asked.bearer.split('-')[2])}", f"youtube {what}"
        case "x-api":
            return f"x:{int(asked.path[-5:])}", "x"
        case "tiktok-api" if asked.bearer:
            return f"tiktok:{int(asked.bearer.split('-')[2])}", "tiktok"
        case "tiktok-api":
            return f"tiktok:{_refreshed(asked)}", "sign-in"
        case "google-oauth" if "refresh_token" in asked.form:
            return f"youtube:{_refreshed(asked)}", "sign-in"
        case "matomo":
            return f"website:{asked.form['idSite']}", "matomo"
        case "ga4-data":
            return f"website:{number_of('ga4', asked.path.rpartition('/')[2].partition(':')[0])}", "ga4"
        case "site":
            return f"website:{asked.path.rpartition('/')[2]}", "site"
    return "website:", "sign-in"  # a service account's: whose it is does not matter


def _refreshed(asked: Asked) -> int:
    return int(asked.form["refresh_token"].removeprefix("bench-refresh-")[:5])


def read(how: str, body: bytes, parse: Parse) -> list[tuple[str, str, int, int]]:
    """Return the rows of an answer, without the account."""
    if how == "site":
        return [("website.http_status:account:now", "", NOW_MS, 200)]
    reader = _READERS.get(how)
    return list(reader(parse(body))) if reader is not None else []


def _page(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401 - JSON is what it is, in all of these
    for name, measure in _PAGE_COUNTS.items():
        yield measure, "", NOW_MS, answer[name]


def _insights(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    for series in answer["data"]:
        measure = f"{_PAGE_DAYS[series['name']]}:account:day"
        for point in series["values"]:
            yield measure, "", _day_before(point["end_time"]), point["value"]


def _maps(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    for series in answer["data"]:
        newest = series["values"][-1]
        kind, day = _MAPS[series["name"]], _day_before(newest["end_time"])
        for label, count in newest["value"].items():
            yield "followers:audience:day", f"{kind}:{label}", day, count


def _posts(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    for post in answer["data"]:
        yield "reactions:post:now", post["id"], NOW_MS, post["reactions"]["summary"]["total_count"]
        yield "comments:post:now", post["id"], NOW_MS, post["comments"]["summary"]["total_count"]
        yield "shares:post:now", post["id"], NOW_MS, post["shares"]["count"] if "shares" in post else 0


def _instagram(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    return _counts(answer, _INSTAGRAM)


def _channels(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    return _counts(answer["items"][0]["statistics"], _CHANNEL)


def _videos(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    for video in answer["items"]:
        for name, metric in _VIDEO.items():
            yield f"{metric}:post:now", video["id"], NOW_MS, int(video["statistics"][name])


def _reports(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    names = [header["name"] for header in answer["columnHeaders"]]
    for row in answer["rows"]:
        day = _day(row[0])
        for name, value in zip(names[1:], row[1:], strict=True):
            yield f"{_CHANNEL_DAYS[name]}:account:day", "", day, value


def _x(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    return _counts(answer["data"]["public_metrics"], _X)


def _tiktok(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    return _counts(answer["data"]["user"], _TIKTOK)


def _ga4(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    names = [header["name"] for header in answer["metricHeaders"]]
    for row in answer["rows"]:
        written = row["dimensionValues"][0]["value"]
        day = _day(f"{written[:4]}-{written[4:6]}-{written[6:]}")
        for name, value in zip(names, row["metricValues"], strict=True):
            yield f"{_GA4[name]}:account:day", "", day, int(value["value"])


def _matomo(answer: Any) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    for written, figures in answer.items():
        for name, metric in _MATOMO.items():
            yield f"{metric}:account:day", "", _day(written), figures[name]


def _counts(counts: Any, names: dict[str, str]) -> Iterator[tuple[str, str, int, int]]:  # noqa: ANN401
    for name, metric in names.items():
        yield f"{metric}:account:now", "", NOW_MS, int(counts[name])


@lru_cache(maxsize=4096)
def _day(written: str) -> int:
    return date.fromisoformat(written).toordinal() - _DAY_ZERO


@lru_cache(maxsize=4096)
def _day_before(moment: str) -> int:
    """Return the Pacific day that ends at a moment, which is written in UTC."""
    return _day(moment[:10]) - 1


_READERS: dict[str, Read] = {
    "facebook page": _page, "facebook insights": _insights, "facebook maps": _maps, "facebook published_posts": _posts,
    "instagram": _instagram, "youtube channels": _channels, "youtube videos": _videos, "youtube reports": _reports,
    "x": _x, "tiktok": _tiktok, "ga4": _ga4, "matomo": _matomo,
}  # fmt: skip
