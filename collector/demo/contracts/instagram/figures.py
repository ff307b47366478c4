"""The living numbers of the stand-in's Instagram account: each a function of its Pacific day, or of an item's age."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from collector.demo.world import EPOCH, chance, flow, total

PACIFIC = ZoneInfo("America/Los_Angeles")
ONE_DAY = timedelta(days=1)

FLOWS = {
    "views": 320.0, "total_interactions": 26.0, "likes": 18.0, "comments": 3.0, "saves": 1.6, "shares": 2.2,
    "replies": 0.8, "reposts": 0.7, "profile_links_taps": 1.2, "profile_views": 11.0,
}  # fmt: skip
UNIQUES = {"reach": ("views", 0.55), "accounts_engaged": ("total_interactions", 0.7)}
FOLLOWS = {"FOLLOWER": ("instagram.gained", 1.1), "NON_FOLLOWER": ("instagram.lost", 0.4)}

_POSTS_A_DAY, _STORIES_A_DAY = 0.6, 0.5
_FIRST_POST, _FIRST_STORY = 17_900_000_000_000_000, 18_000_000_000_000_000
TOPICS = ("Sosialisasi pemilih pemula", "Rapat pleno rutin", "Pengumuman layanan", "Dokumentasi kegiatan")

GROUPS = {
    "city": (("Pontianak, West Kalimantan", 0.61), ("Singkawang, West Kalimantan", 0.06), ("Jakarta, Jakarta", 0.04)),
    "country": (("ID", 0.94), ("MY", 0.01)),
    "age": (("13-17", 0.04), ("18-24", 0.31), ("25-34", 0.29), ("35-44", 0.17), ("45-54", 0.06), ("55-64", 0.02),
            ("65+", 0.01)),
    "gender": (("F", 0.46), ("M", 0.4), ("U", 0.05)),
}  # fmt: skip
"""The shares of the followers of whom something is known; they add up to less than all (instagram.md §6)."""


@lru_cache(maxsize=4096)
def ends(day: date) -> datetime:
    """Return the moment when a Pacific day ends: 07:00 UTC in summer, 08:00 in winter."""
    return datetime.combine(day + ONE_DAY, time(), PACIFIC).astimezone(UTC)


def zoned(at: datetime) -> str:
    """Return a moment as Meta prints it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}+0000"


def followers(day: date) -> int:
    """Return how many follow the account at the end of a day."""
    gained, lost = (total(name, day, average) for name, average in FOLLOWS.values())
    return 560 + gained - lost


@lru_cache(maxsize=65536)
def figure(name: str, day: date) -> int:
    """Return a metric's figure of one day. People reached are fewer than what they saw."""
    if name in UNIQUES:
        of, share = UNIQUES[name]
        return round(figure(of, day) * share * (0.8 + 0.4 * chance(name, day)))
    return flow(f"instagram.{name}", day, FLOWS[name])


def of_window(name: str, days: list[date]) -> int:
    """Return a metric's figure of a window: flows add up, people come again (instagram.md §6)."""
    whole = sum(figure(name, day) for day in days)
    return whole if name in FLOWS or len(days) < 2 else round(whole * (0.62 + 0.38 / len(days)))


@dataclass(frozen=True, slots=True)
class Item:
    """A post or a story of one day."""

    id: str
    day: date
    created: datetime
    product: str
    type: str

    @property
    def number(self) -> int:
        """The ordinal of its day, from which its quirks follow."""
        return self.day.toordinal()


def _created(what: str, day: date) -> datetime:
    return datetime.combine(day, time(1), UTC) + timedelta(seconds=int(8 * 3600 * chance(f"instagram.{what}", day)))


def post_of(day: date) -> Item | None:
    """Return the post of a day, None on the days without."""
    if flow("instagram.posts", day, _POSTS_A_DAY) == 0:
        return None
    product, kind = (("FEED", "CAROUSEL_ALBUM"), ("REELS", "VIDEO"), ("FEED", "IMAGE"))[day.toordinal() % 3]
    return Item(str(_FIRST_POST + day.toordinal()), day, _created("hour", day), product, kind)


def story_of(day: date) -> Item | None:
    """Return the story of a day, None on the days without."""
    if chance("instagram.story", day) >= _STORIES_A_DAY:
        return None
    return Item(str(_FIRST_STORY + day.toordinal()), day, _created("story hour", day), "STORY", "IMAGE")


def find_item(id: str) -> Item | None:
    """Return the post or story with an id."""
    for first, find in ((_FIRST_POST, post_of), (_FIRST_STORY, story_of)):
        if id.isdigit() and EPOCH.toordinal() <= int(id) - first <= date.max.toordinal():
            return find(date.fromordinal(int(id) - first))
    return None


def list_posts(newest: int, now: datetime) -> Iterator[Item]:
    """Yield the posts of the days before the ordinal `newest`, newest first."""
    for number in range(newest - 1, EPOCH.toordinal() - 1, -1):
        post = post_of(date.fromordinal(number))
        if post is not None and post.created <= now:
            yield post


def count_posts(today: date) -> int:
    """Return how many posts are up."""
    return 480 + total("instagram.posts", today, _POSTS_A_DAY)


def gathered(name: str, item: Item, now: datetime) -> int:
    """Return what an item has gathered: half of it in the first 18 hours."""
    if name == "reach":
        return round(gathered("views", item, now) * (0.5 + 0.25 * chance("instagram.reach", item.number)))
    if name == "total_interactions":
        return sum(gathered(one, item, now) for one in ("like_count", "comments_count", "saved", "shares"))
    most = {"views": 600, "like_count": 60, "ig_reels_video_view_total_time": 4_200_000}.get(name, 14)
    share: float = 1 - 0.5 ** ((now - item.created) / timedelta(hours=18))
    return round(most * (0.2 + 0.8 * chance("instagram", name, item.number)) * share)
