"""The life of the stand-in's account: its followers, its videos, and what happens to them from day to day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from collector.demo.world import EPOCH, chance, flow, total

OPEN_ID = "723f24d7-e717-40f8-a2b6-cb8464cd23b4"
BUSINESS_ID = "000CtContoh"  # each app has an id of its own for one account
USERNAME, NAME, BIO = "kpu_contoh", "KPU Kota Contoh", "Akun resmi KPU Kota Contoh. kpu-contoh.go.id"

_TITLES = ("Tahapan pemilu", "Cek data pemilih", "Tanya jawab PPID", "Sosialisasi di pasar", "Pelantikan PPS")
_DAILY = {"profile_views": 9.0, "likes": 14.0, "comments": 2.0, "shares": 1.5, "unique_video_views": 90.0,
          "daily_new_followers": 1.4, "daily_lost_followers": 0.5, "engaged_audience": 11.0, "bio_link_clicks": 0.8,
          "email_clicks": 0.2, "phone_number_clicks": 0.2, "address_clicks": 0.3, "video_views": 130.0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Video:
    """A video. Its figures grow with its age and never fall."""

    id: str
    created: datetime
    title: str

    def counts(self, now: datetime) -> Mapping[str, int]:
        """Return its lifetime counts, by the Display service's names."""
        age = max(0.0, (now - self.created) / timedelta(days=1))
        views = int((60 + 900 * chance("tiktok video", self.id)) * age / (age + 4))
        return {
            "view_count": views,
            "like_count": views // 17,
            "comment_count": views // 230,
            "share_count": views // 90,
        }

    def insights(self, now: datetime) -> Mapping[str, int | float]:
        """Return what the business service adds."""
        views = self.counts(now)["view_count"]
        return {"reach": views * 4 // 5, "favorites": views // 120, "new_followers": views // 150,
                "profile_views": views // 60, "total_time_watched": views * 12.5, "average_time_watched": 12.5,
                "full_video_watched_rate": round(0.1 + 0.3 * chance("tiktok whole", self.id), 4)}  # fmt: skip

    def is_idle(self, now: datetime) -> bool:
        """Whether nothing has happened to it for over a week; the business service then leaves its insights out."""
        return now - self.created > timedelta(days=60)


def list_videos(now: datetime) -> list[Video]:
    """List the videos that are out at `now`, newest first."""
    return [video for video in _videos_until(now.astimezone(UTC).date()) if video.created <= now]


@lru_cache(maxsize=64)
def _videos_until(last: date) -> tuple[Video, ...]:
    videos = []
    for passed in range((last - EPOCH).days + 1):
        day = EPOCH + timedelta(days=passed)
        for number in range(flow("tiktok videos", day, 0.35) + (4 if day == EPOCH else 0)):
            created = datetime.combine(day, time(2 + number, 17), UTC)
            id = str(7_570_000_000_000_000_001 + passed * 10 + number)
            videos.append(Video(id, created, _TITLES[int(chance("tiktok title", id) * len(_TITLES))]))
    return tuple(reversed(videos))


def totals(today: date) -> Mapping[str, int]:
    """Return the account's totals that are no sums of its videos."""
    return {
        "followers": 129 + total("tiktok followers", today, 0.6),
        "following": 12 + total("tiktok following", today, 0.3),
        "likes": 310 + total("tiktok likes", today, 9),
    }


def figures_of(day: date) -> Mapping[str, int]:
    """Return what happened on a day, by the business service's names. An idle day has zeros."""
    figures = {name: flow(f"tiktok {name}", day, average) for name, average in _DAILY.items()}
    return {**figures, "followers_count": totals(day)["followers"]}
