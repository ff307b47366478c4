"""The Display API v2 (tiktok.md §7 A, as far as the connector uses it)."""

from collections.abc import Sequence

from collector.demo.contracts.tiktok import life
from collector.demo.contracts.tiktok.consent import display_page
from collector.demo.contracts.tiktok.sign_in import Tokens
from collector.demo.standin import Answered, Asked
from collector.demo.world import World

CLIENT = ("demo-tiktok-client", "demo-tiktok-secret")
_REFRESH_SECONDS = 15_552_000
_MOST = 20
_USER_SCOPES = {
    "user.info.basic": ("open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name"),
    "user.info.profile": ("username", "bio_description", "profile_deep_link", "is_verified"),
    "user.info.stats": ("follower_count", "following_count", "likes_count", "video_count"),
}
_VIDEO_FIELDS = (
    "id", "create_time", "cover_image_url", "share_url", "video_description", "title", "duration", "height", "width",
    "embed_html", "embed_link", "like_count", "comment_count", "share_count", "view_count", "is_aigc",
)  # fmt: skip
_CODE_FAULTS = {
    "code": ("invalid_grant", "Authorization code is expired or invalid."),
    "redirect": ("invalid_request", "Redirect_uri is not matched with the uri when requesting code."),
    "verifier": ("invalid_request", "Code verifier or code challenge is invalid."),
}
_SCOPE_OF = {field: scope for scope, fields in _USER_SCOPES.items() for field in fields}


class DisplayService:
    """One account, `kpu_contoh`. The public attributes are switches for its misbehaviour."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tokens = Tokens(world, "display", 7200)
        self.scopes = {*_USER_SCOPES, "video.list"}
        self.consent = display_page(world, CLIENT[0], frozenset(self.scopes))
        self.withheld = "scope_permission_missed"  # the error for a field of a scope that is not in `scopes`
        self.missing: set[str] = set()  # fields left out of good answers
        self.retired: set[str] = set()  # fields that it knows no longer
        self.hidden: set[str] = set()  # videos that are not public any more
        self.endless = False  # the list has always more
        self.throttled = False
        self.failing = False  # answers 500 in TikTok's own frame
        self.faults_with_200 = False

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        match asked.method, asked.path:
            case "POST", "/v2/oauth/token/":
                return self._token(asked)
            case "GET", "/v2/user/info/":
                return self._refused(asked) or self._user(asked)
            case "POST", "/v2/video/list/":
                return self._refused(asked) or self._list(asked)
            case "POST", "/v2/video/query/":
                return self._refused(asked) or self._query(asked)
        return Answered("<html><title>404 page not found</title></html>", 404)

    def profile(self) -> dict[str, object]:
        """Return the account as it is now."""
        totals = life.totals(self.world.today)
        return {
            "open_id": life.OPEN_ID,
            "union_id": "c9c60f44-a68e-4f5d-84dd-ce22faeb0ba1",
            "avatar_url": "https://p16-sign-sg.tiktokcdn.example/avatar.jpeg",
            "avatar_url_100": "https://p16-sign-sg.tiktokcdn.example/avatar-100.jpeg",
            "avatar_large_url": "https://p16-sign-sg.tiktokcdn.example/avatar-large.jpeg",
            "display_name": life.NAME,
            "username": life.USERNAME,
            "bio_description": life.BIO,
            "profile_deep_link": "https://vm.tiktok.com/ABcdEfghi/",
            "is_verified": False,
            "follower_count": totals["followers"],
            "following_count": totals["following"],
            "likes_count": totals["likes"],
            "video_count": len(self.videos()),
        }

    def videos(self) -> list[life.Video]:
        """List the videos that are public now, newest first."""
        return [video for video in life.list_videos(self.world.now()) if video.id not in self.hidden]

    def fault(self, status: int, code: str, message: str) -> Answered:
        """Return a refusal of a data call."""
        body = {"data": {}, "error": {"code": code, "message": message, "log_id": self._log_id()}}
        return Answered(body, 200 if self.faults_with_200 else status)

    def _token(self, asked: Asked) -> Answered:
        form = asked.form
        if form.get("grant_type") not in ("refresh_token", "authorization_code"):
            return self._sign_in_fault("unsupported_grant_type", "Grant type is not supported.")
        if (form.get("client_key"), form.get("client_secret")) != CLIENT:
            return self._sign_in_fault("invalid_client", "Client key or secret is incorrect.")
        if form["grant_type"] == "authorization_code":
            allowed = self.consent.use(
                form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", "")
            )
            if isinstance(allowed, str):
                return self._sign_in_fault(*_CODE_FAULTS[allowed])
            self.scopes = set(allowed.scopes)
            renewed: tuple[str, str] | None = self.tokens.begin(allowed.account)
        else:
            renewed = self.tokens.renew(form.get("refresh_token", ""))
        if renewed is None:
            return self._sign_in_fault("invalid_grant", "Refresh token is invalid or expired.")
        return Answered({
            "access_token": renewed[0],
            "expires_in": self.tokens.expires_in,
            "open_id": life.OPEN_ID,
            "refresh_expires_in": _REFRESH_SECONDS,
            "refresh_token": renewed[1],
            "scope": ",".join(sorted(self.scopes)),
            "token_type": "Bearer",
        })  # fmt: skip

    def _refused(self, asked: Asked) -> Answered | None:
        """Return what is wrong with a data call, None where it may be answered."""
        if self.throttled:
            return self.fault(429, "rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
        if self.failing:
            return self.fault(500, "internal_error", "An internal error occurred.")
        if not self.tokens.is_good(asked.bearer):
            return self.fault(401, "access_token_invalid", "The access token is invalid or not found in the request.")
        is_user = asked.path == "/v2/user/info/"
        fields, known = _fields(asked), set(_SCOPE_OF if is_user else _VIDEO_FIELDS) - self.retired
        if not set(fields) <= known:
            return self.fault(400, "invalid_params", "The fields parameter is missing or has an unknown field.")
        if not ({_SCOPE_OF[field] for field in fields} if is_user else {"video.list"}) <= self.scopes:
            status = 400 if self.withheld == "scope_permission_missed" else 401
            return self.fault(status, self.withheld, "The user did not authorize the scope required.")
        return None

    def _user(self, asked: Asked) -> Answered:
        shown = self.profile()
        if self.tokens.account_of(asked.bearer) == "other":
            shown |= {"open_id": "open-id-of-budi", "username": "budi_pribadi", "display_name": "Budi"}
        return self._good({"user": {field: shown[field] for field in _fields(asked) if field not in self.missing}})

    def _list(self, asked: Asked) -> Answered:
        body = asked.json() or {}
        most, cursor = body.get("max_count", 10), body.get("cursor")
        if not isinstance(most, int) or not 1 <= most <= _MOST or not isinstance(cursor, int | None):
            return self.fault(400, "invalid_params", "max_count must be from 1 to 20, cursor a number.")
        videos = [one for one in self.videos() if cursor is None or one.created.timestamp() * 1000 < cursor]
        page = videos[:most]
        after = int(page[-1].created.timestamp() * 1000) if page else (cursor or 0)
        shown = [self._shown(video, _fields(asked)) for video in page]
        return self._good({"videos": shown, "cursor": after, "has_more": self.endless or len(videos) > most})

    def _query(self, asked: Asked) -> Answered:
        ids = ((asked.json() or {}).get("filters") or {}).get("video_ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= _MOST or not all(isinstance(id, str) for id in ids):
            return self.fault(400, "invalid_params", "video_ids must be 1 to 20 ids.")
        return self._good({"videos": [self._shown(one, _fields(asked)) for one in self.videos() if one.id in ids]})

    def _shown(self, video: life.Video, fields: Sequence[str]) -> dict[str, object]:
        whole = {
            **dict.fromkeys(_VIDEO_FIELDS, ""),
            "id": video.id,
            "create_time": int(video.created.timestamp()),
            "title": video.title,
            "video_description": f"{video.title} #kpu",
            "duration": 34,
            "share_url": f"https://www.tiktok.com/@{life.USERNAME}/video/{video.id}?utm_campaign=tt4d_open_api",
            **video.counts(self.world.now()),
        }
        return {field: whole[field] for field in fields if field not in self.missing}

    def _good(self, data: dict[str, object]) -> Answered:
        return Answered({"data": data, "error": {"code": "ok", "message": "", "log_id": self._log_id()}})

    def _log_id(self) -> str:
        return f"{self.world.now():%Y%m%d%H%M%S}0B2F3C4D5E6F708192A3B4C5D6"

    def _sign_in_fault(self, error: str, description: str) -> Answered:
        body = {"error": error, "error_description": description, "log_id": self._log_id()}
        return Answered(body, 200 if self.faults_with_200 else 400)


def _fields(asked: Asked) -> list[str]:
    return asked.query.get("fields", "").split(",")
