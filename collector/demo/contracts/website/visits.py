"""The visits of the stand-in's website, in the site's own time zone: the same for both counting services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from collector.demo.world import EPOCH, World, chance, flow


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted in one day or one window, of the whole site or of a part of it."""

    users: int
    sessions: int
    page_views: int
    new_users: int
    engaged_sessions: int
    engaged_seconds: int
    bounces: int
    visit_seconds: int

    def share(self, part: float) -> "Figures":
        """Return what falls on a part of the site."""
        counts = (int(getattr(self, name) * part) for name in self.__slots__)
        return Figures(*counts)


PARTS = {
    "page": {
        "/": 0.31, "/berita/pengumuman-daftar-pemilih": 0.17, "/blog/read/tahapan-pemilihan": 0.12,
        "/berita/cari?q=Budi+Santoso": 0.09, "/page/detail/visi-misi": 0.08, "/ppid/data/budi@kantor.example": 0.06,
        "/jdih": 0.05, "/unduh/6171010101010001": 0.03,
    },
    "country": {"ID": 0.93, "MY": 0.03, "US": 0.02, "": 0.02},
    "city": {"Pontianak": 0.46, "Jakarta": 0.17, "Singkawang": 0.11, "Kuching": 0.03, "北京市": 0.02, "": 0.09},
}  # fmt: skip
"""The shares of pages, countries and cities; "" is what could not be told. Some addresses name a person."""


class Visits:
    """The counted visits. `revision` changes the last two whole days, as late processing does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.zone = "Asia/Jakarta"
        self.revision = 0

    def days(self, first: date, last: date) -> Iterator[tuple[date, Figures]]:
        """Yield the days that were not idle; of today, what was counted until now."""
        now = self.world.now().astimezone(ZoneInfo(self.zone))
        today, minutes = now.date(), now.hour * 60 + now.minute
        day = max(first, EPOCH)
        while day <= min(last, today):
            late = self.revision if today - timedelta(days=2) <= day < today else 0
            counted = _figures(day, late, minutes if day == today else 1440)
            if counted is not None:
                yield day, counted
            day += timedelta(days=1)

    def within(self, first: date, last: date) -> Figures | None:
        """Return what was counted in a window: fewer people than the sum of its days, because some come again."""
        counted = [figures for _, figures in self.days(first, last)]
        if not counted:
            return None
        people = [figures.users for figures in counted]
        distinct = max(max(people), round(sum(people) * (0.5 + 0.5 / len(people))))
        sums = (sum(getattr(figures, name) for figures in counted) for name in Figures.__slots__[1:])
        return Figures(distinct, *sums)

    def parts(self, part: str, first: date, last: date) -> list[tuple[str, Figures]]:
        """Return what was counted in a window by page, country or city, the largest first."""
        whole = self.within(first, last)
        if whole is None:
            return []
        shared = [(label, whole.share(share)) for label, share in PARTS[part].items()]
        return sorted(((label, one) for label, one in shared if one.sessions), key=lambda one: -one[1].sessions)


@lru_cache(maxsize=8192)
def _figures(day: date, more: int, minutes: int) -> Figures | None:
    sessions = (flow("website sessions", day, 34) + more) * minutes // 1440
    if not sessions:
        return None
    pages = round(sessions * (1.8 + 1.6 * chance("website pages", day)))
    users = max(1, round(sessions * (0.7 + 0.2 * chance("website users", day))))
    engaged = round(sessions * (0.4 + 0.3 * chance("website engaged", day)))
    return Figures(
        users, sessions, pages, users * 2 // 5, engaged, engaged * 47, sessions - engaged, sessions * 131
    )  # fmt: skip


def day_of(text: str) -> date | None:
    """Return the day that a question names as 2026-11-16, None for any other text."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
