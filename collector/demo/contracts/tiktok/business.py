"""The Accounts API v1.3 of TikTok API for Business (tiktok.md §7 B, as far as the connector uses it).

Every refusal has status 200 and a number. A field of an account that is not of the kind for it is left out.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta

from collector.demo.contracts.tiktok import life
from collector.demo.contracts.tiktok.consent import business_page
from collector.demo.contracts.tiktok.sign_in import Tokens
from collector.demo.standin import Answered, Asked
from collector.demo.world import World

CLIENT = ("7000000000000000001", "demo-tiktok-business-secret")
_REFRESH_SECONDS = 31_536_000
_REMEMBERED = timedelta(days=60)
_LAG_DAYS = 2
_FLOOR = 100
_PREFIX = "/open_api/v1.3"

_EVERYONE = ("video_views", "profile_views", "likes", "comments", "shares", "followers_count")
_BUSINESS = ("unique_video_views", "daily_total_followers", "daily_new_followers", "daily_lost_followers",
             "engaged_audience")  # fmt: skip
_REGISTERED = ("bio_link_clicks", "email_clicks", "phone_number_clicks", "address_clicks")
_OF_ACCOUNT = {
    **dict.fromkeys(("display_name", "profile_image"), "user.info.basic"),
    **dict.fromkeys(("username", "profile_deep_link", "bio_description", "is_verified"), "user.info.username"),
    **dict.fromkeys(("followers_count", "following_count", "total_likes", "videos_count"), "user.info.stats"),
    **dict.fromkeys((*_EVERYONE[:-1], *_BUSINESS, *_REGISTERED), "user.insights"),
    **dict.fromkeys(("audience_ages", "audience_genders", "audience_countries", "audience_cities"), "user.insights"),
    "is_business_account": "user.account.type",
}
_OF_VIDEO = {
    **dict.fromkeys(("item_id", "media_type", "share_url", "caption", "create_time", "video_duration", "likes",
                     "comments", "shares", "favorites", "reach", "video_views"), "video.list"),
    **dict.fromkeys(("total_time_watched", "average_time_watched", "full_video_watched_rate", "new_followers",
                     "profile_views"), "video.insights"),
}  # fmt: skip
_FADING = ("reach", "total_time_watched", "average_time_watched", "full_video_watched_rate")
_AUDIENCE: Mapping[str, list[dict[str, object]]] = {
    "audience_countries": [{"country": "ID", "percentage": 0.9712}, {"country": "MY", "percentage": 0.0101}],
    "audience_cities": [{"city_name": "Contoh", "percentage": 0.6113}, {"city_name": "Jakarta", "percentage": 0.08}],
    "audience_genders": [{"gender": "Female", "percentage": 0.5231}, {"gender": "Male", "percentage": 0.4512},
                         {"gender": "Other", "percentage": 0.0257}],
    "audience_ages": [{"age": "18-24", "percentage": 0.4}, {"age": "25-34", "percentage": 0.35},
                      {"age": "55+", "percentage": 0.05}],
}  # fmt: skip


class BusinessService:
    """The same account as the Display service's, under another id. The public attributes are switches."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tokens = Tokens(world, "business", 86_400)
        self.scopes = {*_OF_ACCOUNT.values(), *_OF_VIDEO.values()}
        self.consent = business_page(world, CLIENT[0], frozenset(self.scopes))
        self.username = life.USERNAME
        self.followers: int | None = None  # instead of the account's own
        self.is_business = True  # what only Business accounts are given
        self.retired: set[str] = set()  # fields that it knows no longer
        self.left_out: set[date] = set()  # days without a row
        self.fault_code = 0  # answers every data call with this number
        self.fault_message = "refused"

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        match asked.method, asked.path.removeprefix(_PREFIX):
            case "POST", "/tt_user/oauth2/refresh_token/":
                return self._token(asked.json(), "refresh_token")
            case "POST", "/tt_user/oauth2/token/":
                return self._token(asked.json(), "authorization_code")
            case "GET", "/business/get/":
                return self._refused(asked, _OF_ACCOUNT) or self._account(asked)
            case "GET", "/business/video/list/":
                return self._refused(asked, _OF_VIDEO) or self._videos(asked)
        return Answered("<html><title>404 page not found</title></html>", 404)

    @property
    def newest_day(self) -> date:
        """The newest day that has figures already."""
        return self.world.today - timedelta(days=_LAG_DAYS)

    def _token(self, body: object, grant: str) -> Answered:
        form = body if isinstance(body, dict) else {}
        if form.get("grant_type") != grant:
            return self._said(40002, f"grant_type: must be {grant}")
        if (form.get("client_id"), form.get("client_secret")) != CLIENT:
            return self._said(40001, "client_id or client_secret is not correct")
        if grant == "authorization_code":
            allowed = self.consent.use(str(form.get("auth_code")), str(form.get("redirect_uri")), "")
            if isinstance(allowed, str):
                return self._said(40110 if allowed == "code" else 40002, f"{allowed} is invalid")
            self.scopes = set(allowed.scopes)
            self.username = life.USERNAME if allowed.account == "office" else "budi_pribadi"
            renewed: tuple[str, str] | None = self.tokens.begin(allowed.account)
        else:
            renewed = self.tokens.renew(str(form.get("refresh_token")))
        if renewed is None:
            return self._said(40107, "refresh_token is invalid")
        return self._good({
            "access_token": renewed[0], "token_type": "Bearer", "expires_in": self.tokens.expires_in,
            "open_id": life.BUSINESS_ID, "refresh_token": renewed[1], "refresh_token_expires_in": _REFRESH_SECONDS,
            "scope": ",".join(sorted(self.scopes)),
        })  # fmt: skip

    def _refused(self, asked: Asked, scope_of: Mapping[str, str]) -> Answered | None:
        """Return what is wrong with a data call, None where it may be answered."""
        if self.fault_code:
            return self._said(self.fault_code, self.fault_message)
        access = asked.headers.get("access-token")
        if access is None:
            return self._said(40104, "Access-Token: Missing header")
        if not self.tokens.is_good(access):
            return self._said(40105, "Access token is incorrect or has been revoked.")
        if asked.query.get("business_id") != life.BUSINESS_ID:
            return self._said(40001, "No permission to operate business_id")
        fields = _fields(asked)
        if not fields or not set(fields) <= scope_of.keys() - self.retired:
            return self._said(40002, f"fields: unknown {sorted(set(fields) - (scope_of.keys() - self.retired))}")
        if not {scope_of[field] for field in fields} <= self.scopes:
            return self._said(40001, "The user has not granted the scope of a field.")
        return None

    def _account(self, asked: Asked) -> Answered:
        fields, yesterday = _fields(asked), self.world.today - timedelta(days=1)
        first = date.fromisoformat(asked.query.get("start_date", str(yesterday - timedelta(days=6))))
        last = date.fromisoformat(asked.query.get("end_date", str(yesterday)))
        if first < self.world.today - _REMEMBERED or last < first:
            return self._said(40002, "start_date: the maximum look-back is 60 days")
        totals = life.totals(self.world.today)
        followers = totals["followers"] if self.followers is None else self.followers
        shown: dict[str, object] = {
            "username": self.username, "display_name": life.NAME, "is_business_account": self.is_business,
            "followers_count": followers, "following_count": totals["following"], "total_likes": totals["likes"],
            "videos_count": len(life.list_videos(self.world.now())),
            **(_AUDIENCE if followers >= _FLOOR else {name: [] for name in _AUDIENCE}),
        }  # fmt: skip
        answer = {field: shown[field] for field in fields if field in shown}
        daily = {*fields} & {*_EVERYONE, *_BUSINESS, *_REGISTERED}
        if daily:
            last = min(last, self.newest_day)
            days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
            answer["metrics"] = [self._row(day, daily) for day in days if day not in self.left_out]
        return self._good(answer)

    def _row(self, day: date, fields: set[str]) -> dict[str, object]:
        figures = life.figures_of(day)
        if not self.is_business:
            fields = fields & {*_EVERYONE}
        return {"date": str(day), **{field: figures[field] for field in sorted(fields & figures.keys())}}

    def _videos(self, asked: Asked) -> Answered:
        most, cursor = asked.query.get("max_count", "10"), asked.query.get("cursor", "")
        if not most.isdecimal() or not 1 <= int(most) <= 20 or not (cursor or "0").isdecimal():
            return self._said(40002, "max_count: must be from 1 to 20")
        known = [video for video in life.list_videos(self.world.now()) if video.created.date() <= self.newest_day]
        videos = [one for one in known if not cursor or one.created.timestamp() * 1000 < int(cursor)]
        page = videos[: int(most)]
        after = int(page[-1].created.timestamp() * 1000) if page else int(cursor or 0)
        shown = [self._video(video, _fields(asked)) for video in page]
        return self._good({"videos": shown, "cursor": after, "has_more": len(videos) > len(page)})

    def _video(self, video: life.Video, fields: list[str]) -> dict[str, object]:
        now = self.world.now()
        whole: dict[str, object] = {
            **dict.fromkeys(_OF_VIDEO), **video.insights(now), "item_id": video.id, "media_type": "VIDEO",
            "caption": f"{video.title} #kpu", "create_time": str(int(video.created.timestamp())),
            "share_url": f"https://www.tiktok.com/@{self.username}/video/{video.id}",
        }  # fmt: skip
        if video.is_idle(now):
            whole.update(dict.fromkeys(_FADING))
        return {field: whole[field] for field in ("item_id", *fields)}

    def _good(self, data: dict[str, object]) -> Answered:
        return self._said(0, "OK", data)

    def _said(self, code: int, message: str, data: dict[str, object] | None = None) -> Answered:
        number = f"{self.world.now():%Y%m%d%H%M%S}010245031056"
        return Answered({"code": code, "message": message, "request_id": number, "data": data or {}})


def _fields(asked: Asked) -> list[str]:
    """Return the fields, which are a JSON list in a text; a comma list is none."""
    try:
        fields = json.loads(asked.query.get("fields", ""))
    except ValueError:
        return []
    return [str(field) for field in fields] if isinstance(fields, list) else []
