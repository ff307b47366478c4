"""The Graph API of Instagram accounts as the stand-in speaks it (instagram.md §7).

One prefix serves both ways to sign in, since one setting names both hosts: an account asked by its id is the way
through a Page, `/me` the way without one.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from collector.demo.contracts.instagram.figures import count_posts, followers
from collector.demo.contracts.instagram.insights import AccountInsights
from collector.demo.contracts.instagram.media import AccountMedia
from collector.demo.contracts.instagram.sign_in import APP_ID, APP_SECRET, CODE_SECONDS, PREFIX, SCOPES, AccountSignIn
from collector.demo.graph.dialog import Dialog
from collector.demo.graph.keys import Key
from collector.demo.graph.refusals import RefusedError, ended, no_such_node
from collector.demo.graph.sign_in import APP_ID as PAGE_APP_ID
from collector.demo.graph.sign_in import APP_SECRET as PAGE_APP_SECRET
from collector.demo.graph.sign_in import GraphSignIn, names_of
from collector.demo.standin import Answered, Asked, Contract
from collector.demo.world import World, chance

USER_ID = "17841400000000001"
APP_SCOPED_ID = "27100000000000009"
"""What `/me` calls `id`: the account's number within one app, which nobody else knows (instagram.md §1)."""

_KEY = "demo-instagram-key"
_STANDING = Key("page", USER_ID, 0, 0, (
    "pages_show_list", "pages_read_engagement", "instagram_basic", "instagram_manage_insights", *SCOPES,
))  # fmt: skip
"""What the demo's key is good for: both ways, and without an end."""
_NEWEST_VERSION = 26.0
_FIELDS = frozenset({
    "id", "username", "name", "biography", "website", "profile_picture_url",
    "followers_count", "follows_count", "media_count",
})  # fmt: skip
_BASIC, _INSIGHTS = (
    frozenset({"instagram_basic", "instagram_business_basic"}),
    frozenset({"instagram_manage_insights", "instagram_business_manage_insights"}),
)
_SCOPES_OF = {"insights": _INSIGHTS}
_SECRETS = (PAGE_APP_SECRET, APP_SECRET)
_FIELDS_OF_ME = _FIELDS | {"user_id", "account_type"}


class InstagramContract(Contract):
    """One account, `kpu_contoh`. The attributes of `__init__`, and those of its parts, switch its misbehaviour."""

    slug = "instagram"
    hosts = ("INSTAGRAM_GRAPH_URL", "INSTAGRAM_AUTHORIZE_URL", "INSTAGRAM_TOKEN_URL")
    keys: ClassVar[Mapping[str, str]] = {
        "INSTAGRAM_USER_ID": USER_ID,
        "INSTAGRAM_ACCESS_TOKEN": _KEY,
        "INSTAGRAM_LOGIN": "facebook",
        "INSTAGRAM_APP_ID": PAGE_APP_ID,
        "INSTAGRAM_APP_SECRET": PAGE_APP_SECRET,
        "INSTAGRAM_LOGIN_APP_ID": APP_ID,
        "INSTAGRAM_LOGIN_APP_SECRET": APP_SECRET,
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.expired = False
        self.by_page = GraphSignIn(world, {_KEY: _STANDING})
        self.by_itself = AccountSignIn(world, USER_ID)
        self.dialog = Dialog(world, "Masuk dengan Instagram", APP_ID, USER_ID, SCOPES, CODE_SECONDS, PREFIX, "#_")
        self.account_type = "BUSINESS"
        self.hidden: set[str] = set()  # fields that are left out of a good answer
        self.denied: set[str] = set()  # edges without permission: "", "insights", "media", "stories"
        self.insights = AccountInsights(world, USER_ID, retired=self.retired)
        self.media = AccountMedia(world, retired=self.retired)
        self.numeric_id = False  # `user_id` comes as a number
        self.stumbles = 0  # so many calls fail with code 1
        self.usage = 0  # percent of the quota, in headers from 1 on; 100 refuses
        self.regain_minutes = 23

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        match asked.host, asked.method, asked.path:
            case "INSTAGRAM_AUTHORIZE_URL", _, "/oauth/authorize":
                return self.dialog.answer(asked)
            case "INSTAGRAM_TOKEN_URL", "POST", "/oauth/access_token":
                return self.by_itself.redeem(asked)
            case (("INSTAGRAM_AUTHORIZE_URL" | "INSTAGRAM_TOKEN_URL"), _, _):
                return Answered("<html><title>Page not found</title></html>", 404)
        try:
            return Answered(self._body(asked), headers=self._usage_headers())
        except RefusedError as refused:
            return Answered({"error": refused.body}, refused.status, self._usage_headers())

    def _body(self, asked: Asked) -> dict[str, Any]:
        if asked.path in ("/access_token", "/refresh_access_token"):  # these have no version (instagram.md §1)
            return (self.by_itself.lengthen if asked.path == "/access_token" else self.by_itself.renew)(asked)
        version, _, node = asked.path.lstrip("/").partition("/")
        if not re.fullmatch(r"v\d+\.\d", version) or float(version[1:]) > _NEWEST_VERSION:
            raise RefusedError(2500, f"Unknown path components: {asked.path}")
        sign_in = self.by_page.find(node)
        if sign_in is not None:
            return sign_in(asked)
        key = self._sign_in(asked, by_page=node != "me")
        if self.stumbles:
            self.stumbles -= 1
            raise RefusedError(1, "An unknown error occurred", status=500)
        if self.usage >= 100:
            raise RefusedError(80002, "There have been too many calls to this Instagram account.")
        if asked.method != "GET":
            raise RefusedError(100, f"Unsupported {asked.method} request")
        if node == "me/accounts":
            return self.by_page.list_pages(asked, key)
        return self._of_node(asked, node, key)

    def _of_node(self, asked: Asked, path: str, key: Key) -> dict[str, Any]:
        node, _, edge = path.partition("/")
        page = self.by_page.find_page(node, key)
        if page is not None:
            return self.by_page.page_members(page, key, names_of(asked))
        if node not in (USER_ID, "me"):
            if edge != "insights":
                raise no_such_node(node)
            return self.media.insights(node, asked)
        if edge in self.denied or not _SCOPES_OF.get(edge, _BASIC) & set(key.scopes):
            raise RefusedError(10, "(#10) Application does not have permission for this action", status=403)
        match edge:
            case "":
                return self._account(asked, by_page=node != "me")
            case "insights" if key.reads_nothing(self.world.now()):
                return {"data": []}
            case "insights":
                return self.insights.answer(asked)
            case "media":
                return self.media.list_media(asked)
            case "stories":
                return self.media.list_stories(asked)
        raise RefusedError(2500, f"Unknown path components: /{edge}")

    def _sign_in(self, asked: Asked, *, by_page: bool) -> Key:
        key = asked.bearer or asked.query.get("access_token", "")
        if not key:
            raise RefusedError(2500, "An active access token must be used to query information.")
        opened = self.by_page.open(key) or self.by_itself.open(key)
        if opened is None:
            raise RefusedError(190, "Invalid OAuth access token - Cannot parse access token")
        if self.expired:
            raise ended(463)
        proof = asked.query.get("appsecret_proof")
        good = {hmac.new(one.encode(), key.encode(), hashlib.sha256).hexdigest() for one in _SECRETS}
        if by_page and proof is not None and proof not in good:
            raise RefusedError(100, "Invalid appsecret_proof provided in the API argument")
        return opened

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
                raise RefusedError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type (IGUser)")
        today = self.world.today
        known: dict[str, Any] = {
            "user_id": int(USER_ID) if self.numeric_id else USER_ID, "account_type": self.account_type,
            "username": "kpu_contoh", "name": "KPU Kabupaten Contoh",
            "profile_picture_url": "https://scontent.example/kpu_contoh.jpg",
            "followers_count": 87 if self.insights.is_small else followers(today),
            "follows_count": 97 + int(6 * chance("instagram.following", today.year, today.month)),
            "media_count": count_posts(today), "website": "https://kab-contoh.kpu.go.id/",
        }  # fmt: skip
        id = USER_ID if by_page else APP_SCOPED_ID
        return {**{name: known[name] for name in known if name in wanted - self.hidden}, "id": id}


CONTRACT = InstagramContract
