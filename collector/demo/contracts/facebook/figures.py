"""The living numbers of the stand-in's Facebook Page: each a function of its Pacific day, or of a post's age."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from collector.demo.world import EPOCH, chance, flow, total

PACIFIC = ZoneInfo("America/Los_Angeles")
ONE_DAY = timedelta(days=1)

FLOWS = {
    "page_daily_follows_unique": 0.9,
    "page_daily_unfollows_unique": 0.35,
    "page_media_view": 140.0,
    "page_views_total": 9.0,
    "page_post_engagements": 14.0,
    "page_total_actions": 1.4,
    "page_video_views": 22.0,
    "page_video_complete_views_30s": 6.0,
    "page_video_view_time": 240_000.0,
    "page_actions_post_reactions_like_total": 8.0,
    "page_actions_post_reactions_love_total": 1.2,
    "page_actions_post_reactions_haha_total": 0.2,
    "page_actions_post_reactions_wow_total": 0.3,
    "page_actions_post_reactions_sorry_total": 0.1,
    "page_actions_post_reactions_anger_total": 0.1,
}
UNIQUES = {
    "page_total_media_view_unique": ("page_media_view", 0.45),
    "page_lifetime_engaged_followers_unique": ("page_post_engagements", 0.3),
}
"""People, by the flow that they make and their share of it: fewer than their views."""

WINDOW_DAYS = {"week": 7, "days_28": 28}
_CITIES = (
    ("Pontianak, West Kalimantan, Indonesia", 0.67), ("Sanggau, West Kalimantan, Indonesia", 0.04),
    ("Jakarta, Indonesia", 0.024), ("Sambas, West Kalimantan, Indonesia", 0.023), ("??gua, Indonesia", 0.012),
)  # fmt: skip
_COUNTRIES = (("ID", 0.97), ("MY", 0.008), ("SA", 0.004), ("VN", 0.001))
MAPS = {"page_follows_city": _CITIES, "page_follows_country": _COUNTRIES}
_SMALLEST_GROUP = 2
TOPICS = ("Sosialisasi pemilih pemula", "Rapat pleno rutin", "Pengumuman layanan", "Dokumentasi kegiatan")


@lru_cache(maxsize=4096)
def ends(day: date) -> datetime:
    """Return the moment when a Pacific day ends: 07:00 UTC in summer, 08:00 in winter."""
    return datetime.combine(day + ONE_DAY, time(), PACIFIC).astimezone(UTC)


def followers(day: date) -> int:
    """Return how many follow the Page at the end of a day."""
    gained, lost = "page_daily_follows_unique", "page_daily_unfollows_unique"
    return 420 + total(gained, day, FLOWS[gained]) - total(lost, day, FLOWS[lost])


@lru_cache(maxsize=65536)
def figure(name: str, day: date) -> int:
    """Return a metric's figure of a day."""
    if name == "page_follows":
        return followers(day)
    if name in UNIQUES:
        source, share = UNIQUES[name]
        return round(flow(source, day, FLOWS[source]) * (share + 0.2 * chance(name, day)))
    return flow(name, day, FLOWS[name])


@lru_cache(maxsize=4096)
def window_figure(name: str, last: date, length: int) -> int:
    """Return a metric's figure of the days that end on `last`. People who came twice count once."""
    days = [last - timedelta(days=number) for number in range(length)]
    together = sum(figure(name, day) for day in days if day >= EPOCH)
    return together * 5 // 8 if name in UNIQUES else together


@lru_cache(maxsize=4096)
def map_of(name: str, day: date) -> dict[str, int]:
    """Return a map of the followers at the end of a day; groups that are too small are left out."""
    counts = ((label, int(followers(day) * share)) for label, share in MAPS[name])
    return {label: count for label, count in counts if count >= _SMALLEST_GROUP}


@lru_cache(maxsize=65536)
def settled_point(name: str, day: date) -> dict[str, Any]:
    """Return a day's point as an insights answer holds it, once nothing changes about it any more."""
    return {"value": map_of(name, day) if name in MAPS else figure(name, day), "end_time": zoned(ends(day))}


def zoned(at: datetime) -> str:
    """Return a moment as Meta prints it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}+0000"


@lru_cache(maxsize=4096)
def post_created(day: date) -> datetime | None:
    """Return when the office posted on a day, at most once and in its hours; None on the days it did not."""
    if chance("facebook.post", day) >= 0.4:
        return None
    return datetime.combine(day, time(1), UTC) + timedelta(seconds=int(8 * 3600 * chance("facebook.hour", day)))


def kind_of(day: date) -> str:
    """Return the kind of the day's post."""
    return {0: "reel", 3: "video", 6: "link"}.get(day.toordinal() % 9, "photo")


def reel_created(day: date) -> datetime | None:
    """Return when a day's reel came out: those that are posts, and one each month that stands on its own."""
    at = post_created(day)
    if at is not None:
        return at if kind_of(day) == "reel" else None
    return datetime.combine(day, time(4), UTC) if day.day == 10 else None


def list_posts(newest: int, now: datetime, most: int) -> list[tuple[date, datetime]]:
    """List at most so many posts of the days before the ordinal `newest`, with the moments they came out."""
    return _list(post_created, newest, now, most)


def list_reels(newest: int, now: datetime, most: int) -> list[tuple[date, datetime]]:
    """List at most so many reels of the days before the ordinal `newest`, with the moments they came out."""
    return _list(reel_created, newest, now, most)


def _list(
    created: Callable[[date], datetime | None], newest: int, now: datetime, most: int
) -> list[tuple[date, datetime]]:
    days = (date.fromordinal(number) for number in range(newest - 1, EPOCH.toordinal() - 1, -1))
    found = ((day, at) for day in days if (at := created(day)) and at <= now)
    return list(islice(found, most))


def gathered(what: str, most: int, day: date, age: timedelta) -> int:
    """Return what the post of `day` has gathered at an age: half of it in the first 18 hours."""
    share: float = 1 - 0.5 ** (age / timedelta(hours=18))
    return round(most * chance("facebook", what, day) * share)


def reactions_by_type(day: date, age: timedelta) -> dict[str, int]:
    """Return the post's reactions by kind; kinds that nobody chose are left out."""
    most = {"like": 32, "love": 6, "haha": 1, "wow": 2, "sorry": 1}
    kinds = {kind: gathered(f"reactions.{kind}", number, day, age) for kind, number in most.items()}
    return {kind: count for kind, count in kinds.items() if count}


def clicks_by_type(day: date, age: timedelta, kind: str) -> dict[str, int]:
    """Return the post's clicks by what was clicked; what nobody clicked is left out."""
    most = {"link clicks": 20 if kind == "link" else 2, "photo view": 30 if kind == "photo" else 0, "other clicks": 25}
    kinds = {label: gathered(label, number, day, age) for label, number in most.items()}
    return {label: count for label, count in kinds.items() if count}


def reel_figures(day: date, age: timedelta) -> dict[str, Any]:
    """Return all that an answer about a reel's video holds, by Meta's names."""
    plays = gathered("plays", 700, day, age)
    return {
        "blue_reels_play_count": plays,
        "fb_reels_total_plays": plays * 6 // 5,
        "fb_reels_replay_count": plays * 6 // 5 - plays,
        "post_impressions_unique": plays * 4 // 5,
        "post_video_view_time": plays * 9_300,
        "post_video_avg_time_watched": 7_750,
        "post_video_followers": gathered("reel followers", 3, day, age),
        "post_video_likes_by_reaction_type": {
            f"REACTION_{kind.upper()}": count for kind, count in reactions_by_type(day, age).items()
        },
        "post_video_social_actions": {"COMMENT": gathered("comments", 9, day, age)},
        "post_video_retention_graph": {"0": 1.0, "1": 0.61, "2": 0.42},
    }
