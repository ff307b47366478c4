"""The life of the demo channel: what happens on each Pacific day, and what stands at a moment. All from the clock."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from collector.demo.world import EPOCH, chance, flow

PACIFIC = ZoneInfo("America/Los_Angeles")
METRICS = (
    "views", "engagedViews", "estimatedMinutesWatched", "subscribersGained", "subscribersLost", "likes", "comments",
    "shares",
)  # fmt: skip

_AT_EPOCH = (268, 31_400)  # subscribers and views
_TITLES = (
    "Sosialisasi pemilih pemula", "Rapat pleno terbuka", "Cara cek daftar pemilih", "Tahapan pemilihan",
    "Simulasi pemungutan suara", "Apel pagi dan arahan", "Pendidikan pemilih di sekolah", "Layanan informasi publik",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Video:
    """One upload and how it is taken."""

    id: str
    published: datetime
    title: str
    draw: float  # how much it draws, from 0 up to 1

    def views(self, now: datetime) -> int:
        """Return how often it was viewed up to a moment."""
        age = max(0.0, (now - self.published).total_seconds()) / 86_400
        return int((40 + 360 * self.draw**2) * age / (age + 6))

    def counts(self, now: datetime) -> dict[str, str]:
        """Return its counts at a moment. Some videos hide their likes, some have their comments switched off."""
        views = self.views(now)
        counts = {"viewCount": views, "likeCount": views // 27, "favoriteCount": 0, "commentCount": views // 190}
        if chance(self.id, "hides likes") < 0.04:
            del counts["likeCount"]
        if chance(self.id, "no comments") < 0.06:
            del counts["commentCount"]
        return {name: str(count) for name, count in counts.items()}  # 64-bit numbers are texts


@lru_cache(maxsize=20_000)
def figures_of(day: date) -> tuple[int, ...]:
    """Return a Pacific day's figures in the order of METRICS, all nought on an idle day."""
    views = flow("youtube.views", day, 42)
    if views == 0:
        return (0,) * len(METRICS)
    gained, lost = flow("youtube.gained", day, 0.8), flow("youtube.lost", day, 0.5)
    likes = flow("youtube.likes", day, 1.6) - (chance("youtube.like taken back", day) < 0.05)
    comments, shares = flow("youtube.comments", day, 0.3), flow("youtube.shares", day, 0.7)
    return views, round(views * 0.71), round(views * 2.3), gained, lost, likes, comments, shares


class Life:
    """The channel through time. What was worked out is kept, because every snapshot asks for it again."""

    def __init__(self) -> None:
        self._sums = [_AT_EPOCH]  # before each day since the epoch
        self._videos: list[Video] = []
        self._times: list[datetime] = []

    def levels(self, now: datetime) -> tuple[int, int]:
        """Return subscribers and views as they stand at a moment: all whole Pacific days and today's part."""
        here = now.astimezone(PACIFIC)
        number = max(0, (here.date() - EPOCH).days)
        while len(self._sums) <= number:
            views, _, _, gained, lost, *_ = figures_of(EPOCH + timedelta(days=len(self._sums) - 1))
            subscribers, all_views = self._sums[-1]
            self._sums.append((subscribers + gained - lost, all_views + views))
        views, _, _, gained, lost, *_ = figures_of(here.date())
        passed = (here.hour * 60 + here.minute) / 1440
        subscribers, all_views = self._sums[number]
        return subscribers + int(gained * passed) - int(lost * passed), all_views + int(views * passed)

    def videos(self, now: datetime) -> list[Video]:
        """Return the videos that are out at a moment, oldest first; a new one comes every few days."""
        day = self._times[-1].date() + timedelta(days=1) if self._times else EPOCH
        while day <= now.date():
            if chance("youtube.video", day) < 0.28:
                at = datetime.combine(day, time(1 + int(chance("youtube.hour", day) * 12), 30), UTC)
                name = sha256(f"video {day}".encode()).hexdigest()
                title = _TITLES[int(name[:4], 16) % len(_TITLES)]
                self._videos.append(Video(f"v{name[4:14]}", at, title, chance("youtube.draw", day)))
                self._times.append(at)
            day += timedelta(days=1)
        return self._videos[: bisect_right(self._times, now)]
