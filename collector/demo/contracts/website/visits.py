"""The visits of the stand-in's website, in the site's own time zone: the same for both counting services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from collector.demo.world import EPOCH, World, chance, flow


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted in one day or one window."""

    users: int
    sessions: int
    page_views: int


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
        return Figures(
            distinct, sum(figures.sessions for figures in counted), sum(figures.page_views for figures in counted)
        )


@lru_cache(maxsize=8192)
def _figures(day: date, more: int, minutes: int) -> Figures | None:
    sessions = (flow("website sessions", day, 34) + more) * minutes // 1440
    if not sessions:
        return None
    pages = round(sessions * (1.8 + 1.6 * chance("website pages", day)))
    return Figures(max(1, round(sessions * (0.7 + 0.2 * chance("website users", day)))), sessions, pages)


def day_of(text: str) -> date | None:
    """Return the day that a question names as 2026-11-16, None for any other text."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
