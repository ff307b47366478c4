"""TikTok's Accounts API (tiktok.md §4): refusals with status 200, days newest first, numbers as texts."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from elsewhere.question import Platform, Question, RefusedError, Reply, amount, days_between

DAILY = (
    "video_views", "profile_views", "likes", "comments", "shares", "unique_video_views", "daily_new_followers",
    "daily_lost_followers", "engaged_audience", "bio_link_clicks", "email_clicks", "phone_number_clicks",
    "address_clicks",
)  # fmt: skip
AUDIENCE: Mapping[str, list[dict[str, Any]]] = {
    "audience_countries": [{"percentage": "0.9", "country": "ID"}],
    "audience_cities": [{"percentage": 0.25, "city_name": "ᮘᮔ᮪ᮓᮥᮀ"}, {"percentage": 0, "city_name": "Kota / Contoh"}],
    "audience_genders": [],
    "audience_ages": [{"percentage": 1, "age": "25-34"}],
}
FIGURES = ("reach", "favorites", "total_time_watched", "average_time_watched", "full_video_watched_rate",
           "new_followers", "profile_views")  # fmt: skip
POSTS = 45


class Business(Platform):
    """One account, of a business; each sign-in uses its refresh token up."""

    id, client, first = "000Elsewhere", ("71", "elsewhere-business-secret"), "rft.elsewhere-business"
    keys: ClassVar[Mapping[str, str]] = {
        "TIKTOK_BUSINESS_ID": id, "TIKTOK_BUSINESS_CLIENT_ID": client[0],
        "TIKTOK_BUSINESS_CLIENT_SECRET": client[1], "TIKTOK_BUSINESS_REFRESH_TOKEN": first,
    }  # fmt: skip
    followers = 25_300

    def __init__(self, now: Any) -> None:
        super().__init__(now)
        self.refresh = self.first
        self.given: dict[str, Any] = {}

    @property
    def newest(self) -> date:
        """The newest day that has figures."""
        return self.now().astimezone(UTC).date() - timedelta(days=2)

    def answer(self, question: Question) -> Reply:
        """Answer a sign-in, or a look at the account or its posts. Paths end with a slash."""
        match question.method, question.path:
            case "POST", "/open_api/v1.3/tt_user/oauth2/refresh_token/":
                return self._token(question.json)
            case "GET", "/open_api/v1.3/business/get/":
                return self._account(question, self._fields(question))
            case "GET", "/open_api/v1.3/business/video/list/":
                return self._posts(question, self._fields(question))
        raise RefusedError(404, "<html>404</html>", {"Content-Type": "text/html"})

    def figure(self, name: str, day: date) -> int:
        """Return a day's figure."""
        return self.followers - 1 if name == "followers_count" else amount(name, day)

    def _token(self, body: Mapping[str, str]) -> Reply:
        if (body.get("client_id"), body.get("client_secret")) != self.client:
            raise _refused(40001, "client")
        if body.get("grant_type") != "refresh_token" or body.get("refresh_token") != self.refresh:
            raise _refused(40107, "used up")
        self.refresh, access = f"rft.{uuid4().hex}", f"act.{uuid4().hex}"
        self.given[access] = self.now() + timedelta(seconds=7200)
        return _good({"access_token": access, "refresh_token": self.refresh, "expires_in": 7200,
                      "refresh_token_expires_in": 15552000, "open_id": self.id, "scope": "everything"})  # fmt: skip

    def _fields(self, question: Question) -> list[str]:
        end = self.given.get(question.headers.get("access-token", ""))
        if end is None or end <= self.now() or "authorization" in question.headers:
            raise _refused(40105, "Access token is incorrect")
        if question.query.get("business_id") != self.id:
            raise _refused(40001, "business_id")
        try:
            fields = json.loads(question.query.get("fields", ""))
        except ValueError:
            raise _refused(40002, "fields: must be a list") from None
        assert isinstance(fields, list)
        return fields

    def _account(self, question: Question, fields: list[str]) -> Reply:
        now = {"username": "kpu.lain", "followers_count": str(self.followers), **AUDIENCE}
        if not set(fields) <= {*now, *DAILY}:
            raise _refused(40002, f"fields: {fields}")
        data: dict[str, Any] = {"novel": 1, **{name: now[name] for name in fields if name in now}}
        daily = [name for name in fields if name in DAILY or name == "followers_count"]
        today = self.now().astimezone(UTC).date()
        first = date.fromisoformat(question.query.get("start_date", str(today - timedelta(days=7))))
        last = date.fromisoformat(question.query.get("end_date", str(today - timedelta(days=1))))
        if first < today - timedelta(days=60) or last < first:
            raise _refused(40002, "start_date")
        days = reversed(days_between(first, max(first, min(last, self.newest))))
        if daily:
            data["metrics"] = [{**{name: self.figure(name, day) for name in daily}, "date": str(day)} for day in days]
        return _good(data)

    def _posts(self, question: Question, fields: list[str]) -> Reply:
        if not set(fields) <= {"item_id", "create_time", "caption", "share_url", "media_type", *FIGURES}:
            raise _refused(40002, f"fields: {fields}")
        if not 1 <= int(question.query.get("max_count", "10")) <= 20:
            raise _refused(40002, "max_count")
        cursor = int(question.query.get("cursor", 10**15))
        page = [number for number in range(POSTS) if self.created(number) * 1000 < cursor][:7]
        videos = [{"item_id": f"99{number:05}", "create_time": str(self.created(number)), "reach": number,
                   "favorites": "3", "average_time_watched": 2.5, "novel": None} for number in page]  # fmt: skip
        return _good({"has_more": page[-1] < POSTS - 1, "cursor": self.created(page[-1]) * 1000, "videos": videos})

    def created(self, number: int) -> int:
        """Return when the post before so many others came out."""
        return int(datetime.combine(self.newest - timedelta(days=number), time(5), UTC).timestamp())


def _good(data: dict[str, Any]) -> Reply:
    return Reply({"request_id": "1", "data": data, "message": "OK", "code": 0})


def _refused(code: int, message: str) -> RefusedError:
    return RefusedError(200, {"code": code, "message": message, "request_id": "2", "data": {}})
