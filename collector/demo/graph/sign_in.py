"""What the Graph answers to a sign-in: keys for codes, longer keys for short ones, what a key is good for, the Pages
behind it (facebook.md §2).
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from collector.demo.contract import Asked
from collector.demo.graph.keys import Key, read_key
from collector.demo.graph.refusals import ENDED, RefusedError, ended
from collector.demo.world import World

PERSON = "122100000000000001"
APP_ID, APP_SECRET = "100200300400500", "demo-facebook-app-secret"
CODE_SECONDS = 600  # (unconfirmed)
SHORT_SECONDS, LONG_SECONDS = 5400, 5183944

SCOPES = {
    "pages_show_list": "Melihat daftar Halaman Anda",
    "pages_read_engagement": "Membaca isi Halaman Anda",
    "pages_read_user_content": "Membaca tanggapan orang di Halaman Anda",
    "read_insights": "Membaca statistik Halaman Anda",
    "business_management": "Melihat portofolio bisnis Anda",
    "instagram_basic": "Melihat akun Instagram yang tertaut",
    "instagram_manage_insights": "Membaca statistik akun Instagram yang tertaut",
}

_TASKS = ("MANAGE", "CREATE_CONTENT", "MODERATE", "MESSAGING", "ADVERTISE", "ANALYZE")


@dataclass(frozen=True, slots=True)
class Page:
    """A Page of the person who allows. `account` is the id and name of the account that is linked to it."""

    id: str
    name: str
    account: tuple[str, str] | None = None
    tasks: tuple[str, ...] = _TASKS
    of_business: bool = False  # left out of the list of Pages unless the business may be looked at (facebook.md §2.3)


OFFICE_PAGE = Page("711000000000001", "KPU Kabupaten Contoh", ("17841400000000001", "kpu_contoh"))
OTHER_PAGE = Page("711000000000002", "Rumah Pintar Pemilu Contoh")
BUSINESS_PAGE = Page("711000000000003", "PPID KPU Kabupaten Contoh", of_business=True)


@dataclass(slots=True)
class GraphSignIn:
    """One host's sign-in. `standing` are keys that are no sealed ones. The other fields switch its misbehaviour."""

    world: World
    standing: Mapping[str, Key] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=lambda: [OFFICE_PAGE, OTHER_PAGE, BUSINESS_PAGE])
    life_unsaid: bool = False  # `expires_in` is left out
    refused_with: int = 0  # the subcode with which every key and code is refused
    page_size: int = 25
    _used: set[str] = field(default_factory=set)

    def find(self, path: str) -> Callable[[Asked], dict[str, Any]] | None:
        """Return what answers without a key of its own in the header, None for any other path."""
        return {"oauth/access_token": self._key, "debug_token": self._inspect}.get(path)

    def open(self, text: str) -> Key | None:
        """Return a key that was handed out here and is good, None for another text. Raises RefusedError."""
        key = self._find_key(text)
        if key is None:
            return None
        if self.refused_with:
            raise ended(self.refused_with)
        if key.is_over(self.world.now()):
            raise ended(463)
        return key

    def list_pages(self, asked: Asked, key: Key) -> dict[str, Any]:
        """Answer with the person's Pages, each with its own key; the addresses in `paging` hold the asker's."""
        if key.kind == "page":
            raise RefusedError(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
        shown = [page for page in self.pages if "pages_show_list" in key.scopes and key.allows(page.id)
                 and (not page.of_business or "business_management" in key.scopes)]  # fmt: skip
        size = min(int(asked.query.get("limit", "25")), self.page_size)
        first = int(asked.query.get("after", "QVFIU0").removeprefix("QVFIU") or 0)
        some = shown[first : first + size]
        answer: dict[str, Any] = {"data": [self.page_members(page, key, names_of(asked)) for page in some]}
        if some:
            answer["paging"] = {"cursors": {"before": f"QVFIU{first}", "after": f"QVFIU{first + size}"}}
        if first + size < len(shown):
            host = "https://graph.facebook.com"
            answer["paging"]["next"] = f"{host}{asked.path}?access_token={asked.bearer}&after=QVFIU{first + size}"
        return answer

    def page_members(self, page: Page, key: Key, wanted: Collection[str]) -> dict[str, Any]:
        """Return what a person's key shows of a Page beside its figures."""
        own = replace(key.followed("page", self.world.now(), 0), holder=page.id, pages=(page.id,))
        known: dict[str, Any] = {
            "name": page.name, "category": "Government organization", "tasks": list(page.tasks),
            "access_token": own.sealed(),
        }  # fmt: skip
        if page.account is not None and "instagram_basic" in key.scopes:
            id, username = page.account
            known["instagram_business_account"] = {"id": id, "username": username}
        return {**{name: value for name, value in known.items() if name in wanted}, "id": page.id}

    def find_page(self, id: str, key: Key) -> Page | None:
        """Return the Page with an id as far as a key sees it: also one that is in no list."""
        return next((page for page in self.pages if page.id == id and key.allows(id)), None)

    def _key(self, asked: Asked) -> dict[str, Any]:
        query, now = asked.query, self.world.now()
        if query.get("client_id") != APP_ID:
            raise RefusedError(101, "Error validating application. Cannot get application info due to a system error.")
        if query.get("client_secret") != APP_SECRET:
            raise RefusedError(1, "Error validating client secret.")
        if query.get("grant_type") == "fb_exchange_token":
            key = self.open(query.get("fb_exchange_token", ""))
            if key is None or key.kind != "user":
                raise RefusedError(190, "Invalid OAuth access token - Cannot parse access token")
            return self._given(key.followed("user", now, LONG_SECONDS))
        return self._given(self._redeem(query).followed("user", now, SHORT_SECONDS))

    def _redeem(self, query: Mapping[str, str]) -> Key:
        """Take a code: once, within its time, for the address it was given to. The subcodes are (unconfirmed)."""
        code = read_key(query.get("code", ""))
        if code is None or code.kind != "code":
            raise RefusedError(100, "Invalid verification code format.")
        if self.refused_with:
            raise ended(self.refused_with)
        if query["code"] in self._used:
            raise RefusedError(100, "This authorization code has been used.", subcode=36009)
        if code.is_over(self.world.now()):
            raise RefusedError(100, "This authorization code has expired.", subcode=36007)
        if code.redirect != query.get("redirect_uri"):
            raise RefusedError(100, "Error validating verification code. Please make sure your redirect_uri is "
                               "identical to the one you used in the OAuth dialog request", subcode=36008)  # fmt: skip
        self._used.add(query["code"])
        return code

    def _given(self, key: Key) -> dict[str, Any]:
        life = {} if self.life_unsaid else {"expires_in": key.lifetime}
        return {"access_token": key.sealed(), "token_type": "bearer", **life}

    def _inspect(self, asked: Asked) -> dict[str, Any]:
        """Say what a key is good for (facebook.md §2.1)."""
        if asked.query.get("access_token", asked.bearer) != f"{APP_ID}|{APP_SECRET}":
            raise RefusedError(190, "Invalid OAuth access token signature.")
        key = self._find_key(asked.query.get("input_token", ""))
        if key is None:
            return {"data": {"error": {"code": 190, "message": "Invalid OAuth access token."}, "is_valid": False,
                             "scopes": []}}  # fmt: skip
        return {"data": self._described(key)}

    def _find_key(self, text: str) -> Key | None:
        key = self.standing.get(text) or read_key(text)
        return key if key is not None and key.kind != "code" else None

    def _described(self, key: Key) -> dict[str, Any]:
        """Return what is said of a key."""
        now = self.world.now()
        subcode = self.refused_with or (463 if key.is_over(now) else 0)
        said: dict[str, Any] = {
            "app_id": APP_ID, "type": _TYPES[key.kind], "application": "Metrik KPU", "expires_at": key.ends,
            "is_valid": not subcode, "issued_at": key.issued, "scopes": list(key.scopes), "user_id": PERSON,
            "data_access_expires_at": key.data_ends,
            "granular_scopes": [
                {"scope": scope, "target_ids": list(key.pages)} if key.pages and scope in _OF_PAGES
                else {"scope": scope} for scope in key.scopes
            ],
        }  # fmt: skip
        if key.kind == "page":
            said["profile_id"] = key.holder
        if subcode:
            said["error"] = {"code": 190, "message": ENDED[subcode], "subcode": subcode}
        return said


def names_of(asked: Asked) -> set[str]:
    """Return the top names of `fields`."""
    expressions = re.findall(r"(?:[^,(){}]|\([^)]*\)|\{[^}]*\})+", asked.query.get("fields", "id"))
    return {re.split(r"[.({]", expression)[0] for expression in expressions}


_TYPES = {"user": "USER", "page": "PAGE", "system": "SYSTEM_USER"}
_OF_PAGES = frozenset({"pages_show_list", "pages_read_engagement", "pages_read_user_content", "read_insights"})
