"""The living numbers of the stand-in's Facebook Page: each a function of its Pacific day, or of a post's age."""

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
}
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
    """Return a metric's figure of a day. Reached people are fewer than their views."""
    if name == "page_follows":
        return followers(day)
    if name == "page_total_media_view_unique":
        return round(flow("page_media_view", day, FLOWS["page_media_view"]) * (0.45 + 0.2 * chance(name, day)))
    return flow(name, day, FLOWS[name])


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


def list_posts(newest: int, now: datetime, most: int) -> list[tuple[date, datetime]]:
    """List at most so many posts of the days before the ordinal `newest`, with the moments they came out."""
    days = (date.fromordinal(number) for number in range(newest - 1, EPOCH.toordinal() - 1, -1))
    posts = ((day, at) for day in days if (at := post_created(day)) and at <= now)
    return list(islice(posts, most))


def gathered(what: str, most: int, day: date, age: timedelta) -> int:
    """Return what the post of `day` has gathered at an age: half of it in the first 18 hours."""
    share: float = 1 - 0.5 ** (age / timedelta(hours=18))
    return round(most * chance("facebook", what, day) * share)
