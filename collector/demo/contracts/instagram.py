"""The Graph API of Instagram accounts as the stand-in speaks it (instagram.md §3.1, §4; account node only).

One prefix serves both ways to sign in, since one setting names both hosts: an account asked by its id is the way
through a Page, `/me` the way without one.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from collector.demo.standin import Answered, Asked, Contract
from collector.demo.world import World, chance, total

USER_ID = "17841400000000001"
APP_SCOPED_ID = "27100000000000009"
"""What `/me` calls `id`: the account's number within one app, which nobody else knows (instagram.md §1)."""

_KEY, _APP_SECRET = "demo-instagram-key", "demo-instagram-app-secret"
_NEWEST_VERSION = 26.0
_FIELDS = frozenset({
    "id", "username", "name", "biography", "website", "profile_picture_url",
    "followers_count", "follows_count", "media_count",
})  # fmt: skip
_FIELDS_OF_ME = _FIELDS | {"user_id", "account_type"}


class _RefusedError(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, message: str, *, subcode: int | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {
            "message": message,
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "AdEmO2x",
        }
        if subcode is not None:
            self.body["error_subcode"] = subcode


class InstagramContract(Contract):
    """One account, `kpu_contoh`. The attributes of `__init__` are switches for its misbehaviour."""

    slug = "instagram"
    hosts = ("INSTAGRAM_GRAPH_URL",)
    keys: ClassVar[Mapping[str, str]] = {
        "INSTAGRAM_USER_ID": USER_ID,
        "INSTAGRAM_ACCESS_TOKEN": _KEY,
        "INSTAGRAM_LOGIN": "facebook",
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.expired = False
        self.retired: set[str] = set()  # names of fields that nothing knows any more
        self.hidden: set[str] = set()  # fields that are left out of a good answer
        self.denied = False  # `instagram_basic` was not given
        self.numeric_id = False  # `user_id` comes as a number
        self.stumbles = 0  # so many calls fail with code 1
        self.usage = 0  # percent of the quota, in headers from 1 on; 100 refuses
        self.regain_minutes = 23

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        try:
            return Answered(self._body(asked), headers=self._usage_headers())
        except _RefusedError as refused:
            return Answered({"error": refused.body}, refused.status, self._usage_headers())

    def _body(self, asked: Asked) -> dict[str, Any]:
        version, _, node = asked.path.lstrip("/").partition("/")
        if not re.fullmatch(r"v\d+\.\d", version) or float(version[1:]) > _NEWEST_VERSION:
            raise _RefusedError(2500, f"Unknown path components: {asked.path}")
        self._sign_in(asked, by_page=node != "me")
        if self.stumbles:
            self.stumbles -= 1
            raise _RefusedError(1, "An unknown error occurred", status=500)
        if self.usage >= 100:
            raise _RefusedError(80002, "There have been too many calls to this Instagram account.")
        if node not in (USER_ID, "me") or asked.method != "GET":
            raise _RefusedError(100, f"Unsupported get request. Object with ID '{node}' does not exist", subcode=33)
        if self.denied:
            raise _RefusedError(10, "(#10) Application does not have permission for this action", status=403)
        return self._account(asked, by_page=node != "me")

    def _sign_in(self, asked: Asked, *, by_page: bool) -> None:
        key = asked.bearer or asked.query.get("access_token", "")
        if not key:
            raise _RefusedError(2500, "An active access token must be used to query information.")
        if key != _KEY:
            raise _RefusedError(190, "Invalid OAuth access token - Cannot parse access token")
        if self.expired:
            raise _RefusedError(190, "Error validating access token: Session has expired on a past day", subcode=463)
        proof = asked.query.get("appsecret_proof")
        good = hmac.new(_APP_SECRET.encode(), key.encode(), hashlib.sha256).hexdigest()
        if by_page and proof is not None and not hmac.compare_digest(proof, good):
            raise _RefusedError(100, "Invalid appsecret_proof provided in the API argument")

    def _usage_headers(self) -> dict[str, str]:
        if not self.usage:
            return {}
        minutes = self.regain_minutes if self.usage >= 100 else 0
        share = f'"call_count":{self.usage},"total_cputime":{self.usage // 8},"total_time":{self.usage // 5}'
        account = f'[{{"type":"instagram",{share},"estimated_time_to_regain_access":{minutes}}}]'
        return {"X-Business-Use-Case-Usage": f'{{"{USER_ID}":{account}}}'}

    def _account(self, asked: Asked, *, by_page: bool) -> dict[str, Any]:
        wanted = set(asked.query.get("fields", "id").split(","))
        for name in sorted(wanted):
            if name not in (_FIELDS if by_page else _FIELDS_OF_ME) or name in self.retired:
                raise _RefusedError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type (IGUser)")
        today = self.world.today
        known: dict[str, Any] = {
            "user_id": int(USER_ID) if self.numeric_id else USER_ID, "account_type": "BUSINESS",
            "username": "kpu_contoh", "name": "KPU Kabupaten Contoh",
            "profile_picture_url": "https://scontent.example/kpu_contoh.jpg",
            "followers_count": 560 + total("instagram.gained", today, 1.1) - total("instagram.lost", today, 0.4),
            "follows_count": 97 + int(6 * chance("instagram.following", today.year, today.month)),
            "media_count": 480 + total("instagram.posts", today, 0.6),
        }  # fmt: skip
        id = USER_ID if by_page else APP_SCOPED_ID
        return {**{name: known[name] for name in known if name in wanted - self.hidden}, "id": id}


CONTRACT = InstagramContract
