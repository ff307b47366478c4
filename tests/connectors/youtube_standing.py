"""What the tests of YouTube share: the moment, and the stand-in with one endpoint's answers changed by a test."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from collector.demo.contracts.youtube import API_KEY, CHANNEL_ID, YouTubeContract
from collector.demo.contracts.youtube.sign_in import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from collector.demo.standin import Answered, Asked
from collector.demo.world import World

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 19:00 of the 20th Pacific: the last whole day is the 19th
YESTERDAY = date(2026, 11, 19)
KEY_ONLY = {"channel_id": CHANNEL_ID, "api_key": API_KEY}
OWNER_ONLY = {"refresh_token": REFRESH_TOKEN, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
DAY_KEYS = (
    "views:account:day", "youtube.engaged_views:account:day", "watch_minutes:account:day",
    "followers_gained:account:day", "followers_lost:account:day", "likes:account:day", "comments:account:day",
    "shares:account:day",
)  # fmt: skip


def standing_in() -> YouTubeContract:
    """Return the stand-in at NOW."""
    return YouTubeContract(World(lambda: NOW))


def google_fault(code: int, reason: str, message: str = "said", **more) -> Answered:
    """Make a fault in Google's envelope (youtube.md §4)."""
    errors = [{"message": message, "domain": "global", "reason": reason}] if reason else []
    return Answered({"error": {"code": code, "message": message, "errors": errors, **more}}, code)


class Changed(YouTubeContract):
    """The stand-in with one endpoint's good answers changed by a test."""

    path, change = "", staticmethod(lambda asked, body: body)

    def answer(self, asked: Asked) -> Answered:
        answered = super().answer(asked)
        if asked.path != self.path or answered.status != 200:
            return answered
        changed = self.change(asked, answered.body)
        return changed if isinstance(changed, Answered) else replace(answered, body=changed)


def changed(path: str, change: Callable) -> YouTubeContract:
    """Return the stand-in whose good answers at `path` are what `change(asked, body)` makes of them."""
    contract = Changed(World(lambda: NOW))
    contract.path, contract.change = path, change
    return contract
