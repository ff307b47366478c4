"""TikTok's Display API v2 as the stand-in speaks it (tiktok.md §7 A, as far as the connector uses it).

Access tokens say themselves when they were issued and carry a seal, so that the stand-in remembers nothing but which
refresh tokens were used up, and a demo may move the clock through past months.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import ClassVar

from collector.demo.standin import Answered, Asked, Contract
from collector.demo.world import World, total

_CLIENT_KEY, _CLIENT_SECRET = "demo-tiktok-client", "demo-tiktok-secret"
_OPEN_ID = "723f24d7-e717-40f8-a2b6-cb8464cd23b4"
_REFRESH_SECONDS = 15_552_000
_SCOPE_OF = {
    "open_id": "user.info.basic",
    "union_id": "user.info.basic",
    "avatar_url": "user.info.basic",
    "avatar_url_100": "user.info.basic",
    "avatar_large_url": "user.info.basic",
    "display_name": "user.info.basic",
    "username": "user.info.profile",
    "bio_description": "user.info.profile",
    "profile_deep_link": "user.info.profile",
    "is_verified": "user.info.profile",
    "follower_count": "user.info.stats",
    "following_count": "user.info.stats",
    "likes_count": "user.info.stats",
    "video_count": "user.info.stats",
}


@lru_cache(maxsize=4096)
def _seal(*parts: object) -> str:
    return sha256("|".join(("demo-tiktok", *map(str, parts))).encode()).hexdigest()[:24]


def _refresh_token(number: int) -> str:
    return f"rft.{number}.{_seal('refresh', number)}"


def _access_token(number: int, issued: int, lifetime: int) -> str:
    return f"act.{number}.{issued}.{lifetime}.{_seal('access', number, issued, lifetime)}"


class TikTokContract(Contract):
    """One account, `kpu_contoh`. The attributes after the first three are switches for its misbehaviour."""

    slug = "tiktok"
    hosts = ("TIKTOK_API_URL",)
    keys: ClassVar[Mapping[str, str]] = {
        "TIKTOK_USERNAME": "kpu_contoh",
        "TIKTOK_CLIENT_KEY": _CLIENT_KEY,
        "TIKTOK_CLIENT_SECRET": _CLIENT_SECRET,
        "TIKTOK_REFRESH_TOKEN": _refresh_token(0),
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.expires_in = 7200
        self.scopes = set(_SCOPE_OF.values())
        self.withheld = "scope_permission_missed"  # the error for a field of a scope that is not in `scopes`
        self.missing: set[str] = set()  # fields left out of good answers
        self.expired = False  # refuses every access token
        self.revoked = False  # refuses every refresh token
        self.throttled = False
        self.failing = False  # answers 500 in TikTok's own frame
        self.faults_with_200 = False
        self._used: set[str] = set()

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        match asked.method, asked.path:
            case "POST", "/v2/oauth/token/":
                return self._token(asked)
            case "GET", "/v2/user/info/":
                return self._user(asked)
        return Answered("<html><title>404 page not found</title></html>", 404)

    def _token(self, asked: Asked) -> Answered:
        form = asked.form
        if form.get("grant_type") != "refresh_token":
            return self._sign_in_fault("unsupported_grant_type", "Grant type is not supported.")
        if (form.get("client_key"), form.get("client_secret")) != (_CLIENT_KEY, _CLIENT_SECRET):
            return self._sign_in_fault("invalid_client", "Client key or secret is incorrect.")
        token = form.get("refresh_token", "")
        number = self._number_of(token)
        if number is None or token in self._used or self.revoked:
            return self._sign_in_fault("invalid_grant", "Refresh token is invalid or expired.")
        self._used.add(token)
        issued = int(self.world.now().timestamp())
        return Answered(
            {
                "access_token": _access_token(number, issued, self.expires_in),
                "expires_in": self.expires_in,
                "open_id": _OPEN_ID,
                "refresh_expires_in": _REFRESH_SECONDS,
                "refresh_token": _refresh_token(number + 1),
                "scope": ",".join(sorted(self.scopes)),
                "token_type": "Bearer",
            }
        )

    def _number_of(self, refresh_token: str) -> int | None:
        number = refresh_token.removeprefix("rft.").partition(".")[0]
        return int(number) if number.isdecimal() and refresh_token == _refresh_token(int(number)) else None

    def _user(self, asked: Asked) -> Answered:
        if self.throttled:
            return self._fault(429, "rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
        if self.failing:
            return self._fault(500, "internal_error", "An internal error occurred.")
        if self.expired or not self._is_good(asked.bearer):
            return self._fault(401, "access_token_invalid", "The access token is invalid or not found in the request.")
        fields = asked.query.get("fields", "").split(",")
        if not set(fields) <= set(_SCOPE_OF):
            return self._fault(400, "invalid_params", "The fields parameter is missing or has an unknown field.")
        if not {_SCOPE_OF[field] for field in fields} <= self.scopes:
            status = 400 if self.withheld == "scope_permission_missed" else 401
            return self._fault(status, self.withheld, "The user did not authorize the scope required.")
        shown = self._profile()
        user = {field: shown[field] for field in fields if field not in self.missing}
        return Answered({"data": {"user": user}, "error": {"code": "ok", "message": "", "log_id": self._log_id()}})

    def _is_good(self, bearer: str) -> bool:
        parts = bearer.split(".")
        if len(parts) != 5 or not all(part.isdecimal() for part in parts[1:4]):
            return False
        number, issued, lifetime = (int(part) for part in parts[1:4])
        return bearer == _access_token(number, issued, lifetime) and self.world.now().timestamp() < issued + lifetime

    def _profile(self) -> dict[str, object]:
        today = self.world.today
        return {
            "open_id": _OPEN_ID,
            "union_id": "c9c60f44-a68e-4f5d-84dd-ce22faeb0ba1",
            "avatar_url": "https://p16-sign-sg.tiktokcdn.example/avatar.jpeg",
            "avatar_url_100": "https://p16-sign-sg.tiktokcdn.example/avatar-100.jpeg",
            "avatar_large_url": "https://p16-sign-sg.tiktokcdn.example/avatar-large.jpeg",
            "display_name": "KPU Kota Contoh",
            "username": "kpu_contoh",
            "bio_description": "Akun resmi KPU Kota Contoh",
            "profile_deep_link": "https://vm.tiktok.com/ABcdEfghi/",
            "is_verified": False,
            "follower_count": 129 + total("tiktok followers", today, 0.6),
            "following_count": 12 + total("tiktok following", today, 0.3),
            "likes_count": 310 + total("tiktok likes", today, 9),
            "video_count": 4 + total("tiktok videos", today, 0.35),
        }

    def _log_id(self) -> str:
        return f"{self.world.now():%Y%m%d%H%M%S}0B2F3C4D5E6F708192A3B4C5D6"

    def _fault(self, status: int, code: str, message: str) -> Answered:
        body = {"data": {}, "error": {"code": code, "message": message, "log_id": self._log_id()}}
        return Answered(body, 200 if self.faults_with_200 else status)

    def _sign_in_fault(self, error: str, description: str) -> Answered:
        body = {"error": error, "error_description": description, "log_id": self._log_id()}
        return Answered(body, 200 if self.faults_with_200 else 400)


CONTRACT = TikTokContract
