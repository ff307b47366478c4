"""The Graph API of Facebook Pages as the stand-in speaks it (facebook.md §7, as far as the connector uses it).

Every answer is a function of the clock, so that a demo may move it through past months; only the switches and the
counted stumbles are states.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from collector.demo.contracts.facebook.figures import (
    FLOWS,
    MAPS,
    ONE_DAY,
    PACIFIC,
    TOPICS,
    ends,
    figure,
    followers,
    gathered,
    list_posts,
    map_of,
    settled_point,
    zoned,
)
from collector.demo.standin import Answered, Asked, Contract
from collector.demo.world import EPOCH, World

PAGE_ID = "711000000000001"
USER_KEY = "demo-facebook-user-key"
"""A person's key instead of the Page's: good for everything but insights, which it leaves empty (facebook.md §2.2)."""

_PAGE_KEY = "demo-facebook-key"
_APP_ID, _APP_SECRET = "100200300400500", "demo-facebook-app-secret"
_NEWEST_VERSION = 26.0
_LAG = timedelta(hours=24)  # the newest day answered ended one to two days ago (facebook.md §6)
_MAP_LAG = timedelta(hours=30)  # the maps of a new day stay empty a little longer
_REVISED = timedelta(days=3)

_PAGE_FIELDS = frozenset({
    "id", "name", "username", "link", "category", "fan_count", "followers_count", "new_like_count",
    "talking_about_count", "rating_count", "verification_status", "is_published", "picture",
})  # fmt: skip
_POST_FIELDS = frozenset({
    "id", "message", "story", "created_time", "updated_time", "permalink_url", "status_type", "is_published",
    "full_picture", "shares", "attachments", "reactions", "comments",
})  # fmt: skip
_FROM_PEOPLE = frozenset({"reactions", "comments"})


class _RefusedError(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, message: str, *, subcode: int | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {
            "message": message,
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "AdEmO1x",
        }
        if subcode is not None:
            self.body["error_subcode"] = subcode


class FacebookContract(Contract):
    """One Page of a small office. The attributes of `__init__` are switches for its misbehaviour."""

    slug = "facebook"
    hosts = ("FACEBOOK_GRAPH_URL",)
    keys: ClassVar[Mapping[str, str]] = {
        "FACEBOOK_PAGE_ID": PAGE_ID,
        "FACEBOOK_ACCESS_TOKEN": _PAGE_KEY,
        "FACEBOOK_APP_ID": _APP_ID,
        "FACEBOOK_APP_SECRET": _APP_SECRET,
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.expired = False
        self.needs_proof = False  # the app demands `appsecret_proof`
        self.retired: set[str] = set()  # names of metrics and fields that nothing knows any more
        self.silent: set[str] = set()  # metrics that are left out of a good answer
        self.hidden: set[str] = set()  # fields that are left out of a good answer
        self.denied: set[str] = set()  # edges without permission: "", "insights", "published_posts"
        self.reactions_denied = False  # `pages_read_user_content` was not given
        self.longest_days = 90
        self.most_posts = 100  # a longer page is refused as too much data
        self.page_size = 100  # a longer page is cut to this
        self.stumbles = 0  # so many calls fail with code 2
        self.usage = 0  # percent of the quota, in headers from 1 on; 100 refuses
        self.regain_minutes = 17
        self.revision = 0  # what the newest days gained since they were first read

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        try:
            return Answered(self._body(asked), headers=self._usage_headers())
        except _RefusedError as refused:
            return Answered({"error": refused.body}, refused.status, self._usage_headers())

    def _body(self, asked: Asked) -> dict[str, Any]:
        version, _, path = asked.path.lstrip("/").partition("/")
        if not re.fullmatch(r"v\d+\.\d", version) or float(version[1:]) > _NEWEST_VERSION:
            raise _RefusedError(2500, f"Unknown path components: {asked.path}")
        key = self._sign_in(asked)
        if self.stumbles:
            self.stumbles -= 1
            raise _RefusedError(2, "An unexpected error has occurred. Please retry your request later.", status=500)
        if self.usage >= 100:
            raise _RefusedError(80001, "There have been too many calls to this Page account.")
        node, _, edge = path.partition("/")
        if node != PAGE_ID or asked.method != "GET":
            raise _RefusedError(100, f"Unsupported get request. Object with ID '{node}' does not exist", subcode=33)
        edges: dict[str, Callable[[Asked, str], dict[str, Any]]] = {
            "": self._page,
            "insights": self._insights,
            "published_posts": self._posts,
        }
        if edge not in edges:
            raise _RefusedError(2500, f"Unknown path components: /{edge}")
        if edge in self.denied:
            raise _RefusedError(10, "(#10) This endpoint requires the 'pages_read_engagement' permission", status=403)
        return edges[edge](asked, key)

    def _sign_in(self, asked: Asked) -> str:
        key = asked.bearer or asked.query.get("access_token", "")
        if not key:
            raise _RefusedError(2500, "An active access token must be used to query information.")
        if key not in (_PAGE_KEY, USER_KEY):
            raise _RefusedError(190, "Invalid OAuth access token - Cannot parse access token")
        if self.expired:
            raise _RefusedError(190, "Error validating access token: Session has expired on a past day", subcode=463)
        proof = asked.query.get("appsecret_proof")
        if proof is None and self.needs_proof:
            raise _RefusedError(100, "API calls from the server require an appsecret_proof argument")
        good = hmac.new(_APP_SECRET.encode(), key.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(proof, good):
            raise _RefusedError(100, "Invalid appsecret_proof provided in the API argument")
        return key

    def _usage_headers(self) -> dict[str, str]:
        if not self.usage:
            return {}
        minutes = self.regain_minutes if self.usage >= 100 else 0
        share = f'"call_count":{self.usage},"total_cputime":{self.usage // 8},"total_time":{self.usage // 5}'
        page = f'[{{"type":"pages",{share},"estimated_time_to_regain_access":{minutes}}}]'
        return {"X-App-Usage": f"{{{share}}}", "X-Business-Use-Case-Usage": f'{{"{PAGE_ID}":{page}}}'}

    def _page(self, asked: Asked, key: str) -> dict[str, Any]:
        now = self.world.now().astimezone(PACIFIC)
        gone_by = (now.hour * 60 + now.minute) / 1440
        yesterday = followers(now.date() - ONE_DAY)
        count = yesterday + int((followers(now.date()) - yesterday) * gone_by)
        known = {
            "name": "KPU Kabupaten Contoh", "username": "kpucontoh", "link": f"https://www.facebook.com/{PAGE_ID}",
            "category": "Government organization", "fan_count": count * 7 // 8, "followers_count": count,
            "verification_status": "not_verified", "is_published": True,
        }  # fmt: skip
        wanted = self._fields(asked, _PAGE_FIELDS, "Page")
        return {**{name: known[name] for name in known if name in wanted - self.hidden}, "id": PAGE_ID}

    def _fields(self, asked: Asked, known: frozenset[str], kind: str) -> set[str]:
        """Return the top names of `fields`; one unknown name fails the whole call."""
        expressions = re.findall(r"(?:[^,(){}]|\([^)]*\)|\{[^}]*\})+", asked.query.get("fields", "id"))
        names = {re.split(r"[.({]", expression)[0] for expression in expressions}
        for name in sorted(names):
            if name not in known or name in self.retired:
                raise _RefusedError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")
        return names

    def _insights(self, asked: Asked, key: str) -> dict[str, Any]:
        names = [name for name in asked.query.get("metric", "").split(",") if name]
        if not names:
            raise _RefusedError(3001, "(#3001) No metric was specified to be fetched.", subcode=1504028)
        for name in names:
            if name in self.retired or name not in (*FLOWS, *MAPS, "page_follows", "page_total_media_view_unique"):
                raise _RefusedError(100, "(#100) The value must be a valid insights metric")
        period = asked.query.get("period", "day")
        if period == "lifetime" and "page_media_view" in names:
            raise _RefusedError(1, "An unknown error occurred", subcode=99, status=500)
        if period not in ("day", "lifetime"):
            raise _RefusedError(100, "(#100) Invalid parameter: period")
        since, until = self._window(asked)
        answered = [] if period == "lifetime" or key != _PAGE_KEY else [one for one in names if one not in self.silent]
        days = self._days(since, until)
        if not asked.query.get("since") and not asked.query.get("until"):
            days = days[-2:]
        data = [
            {"name": name, "period": "day", "values": [self._point(name, day, age) for day, age in days],
             "title": name, "description": "", "id": f"{PAGE_ID}/insights/{name}/day"}
            for name in answered
        ]  # fmt: skip
        length = until - since
        return {"data": data, "paging": {
            "previous": self._address(asked, key, since=str(since - length), until=str(since)),
            "next": self._address(asked, key, since=str(until), until=str(until + length)),
        }}  # fmt: skip

    def _window(self, asked: Asked) -> tuple[int, int]:
        """Return `since` and `until` in unix seconds: days are Pacific ones, and the last days are the default."""
        until = _instant(asked.query.get("until"), int(self.world.now().timestamp()))
        since = _instant(asked.query.get("since"), until - 7 * 86400)
        if until - since > self.longest_days * 86400:
            raise _RefusedError(
                100, "(#100) There cannot be more than 90 days between since and until", subcode=1504016
            )
        return since, until

    def _days(self, since: int, until: int) -> list[tuple[date, timedelta]]:
        """List the finished days that end after `since` and not after `until`, and how long ago they ended."""
        now = self.world.now()
        until = min(until, int((now - _LAG).timestamp()))
        first = max(datetime.fromtimestamp(since, PACIFIC).date() - ONE_DAY, EPOCH)
        days = (first + timedelta(days=number) for number in range((until - since) // 86400 + 3))
        return [(day, now - ends(day)) for day in days if since < ends(day).timestamp() <= until]

    def _point(self, name: str, day: date, age: timedelta) -> dict[str, Any]:
        if age > _REVISED:
            return settled_point(name, day)
        if name in MAPS:
            value: object = map_of(name, day) if age > _MAP_LAG else {}
        else:
            value = figure(name, day) + (self.revision if name != "page_follows" else 0)
        return {"value": value, "end_time": zoned(ends(day))}

    def _posts(self, asked: Asked, key: str) -> dict[str, Any]:
        wanted = self._fields(asked, _POST_FIELDS, "Post")
        if self.reactions_denied and wanted & _FROM_PEOPLE:
            raise _RefusedError(10, "(#10) This endpoint requires the 'pages_read_engagement' permission", status=403)
        said = asked.query.get("limit", "25")
        if not said.isdigit():
            raise _RefusedError(100, "(#100) Invalid parameter: limit")
        limit = int(said)
        if limit > self.most_posts:
            raise _RefusedError(
                1, "Please reduce the amount of data you're asking for, then retry your request", status=500
            )
        newest, page = _place_of(asked.query.get("after")) or (self.world.today.toordinal() + 1, 0)
        size = min(limit, self.page_size)
        found = list_posts(newest, self.world.now(), size + 1)
        here = [] if page == 1 else found[:size]  # the second page is always an empty one
        last = here[-1][0].toordinal() if here else newest
        cursors = {"before": _cursor(newest, page), "after": _cursor(last, page + 1)}
        paging: dict[str, Any] = {"cursors": cursors}
        if len(here) < len(found):
            paging["next"] = self._address(asked, key, after=cursors["after"])
        return {"data": [self._post(day, at, wanted) for day, at in here], "paging": paging}

    def _post(self, day: date, created: datetime, wanted: set[str]) -> dict[str, Any]:
        age = self.world.now() - created
        reactions, comments = gathered("reactions", 40, day, age), gathered("comments", 9, day, age)
        shares = gathered("shares", 4, day, age)
        number = 122160000000000000 + day.toordinal()
        known: dict[str, Any] = {
            "created_time": zoned(created), "updated_time": zoned(created), "status_type": "added_photos",
            "permalink_url": f"https://www.facebook.com/{PAGE_ID}/posts/{number}", "is_published": True,
            "reactions": {"data": [], "summary": {"total_count": reactions}},
            "comments": {"data": [], "summary": {"order": "ranked", "total_count": comments, "can_comment": True}},
        }  # fmt: skip
        if day.day % 5:
            known["message"] = f"{TOPICS[day.toordinal() % len(TOPICS)]}\n#KPUMelayani"
        if shares:
            known["shares"] = {"count": shares}
        return {**{name: known[name] for name in known if name in wanted - self.hidden}, "id": f"{PAGE_ID}_{number}"}

    def _address(self, asked: Asked, key: str, **changes: str) -> str:
        """Return an address as Meta prints it in `paging`: with the key in it."""
        query = urlencode({**asked.query, "access_token": key, **changes})
        return f"https://graph.facebook.com{asked.path}?{query}"


def _instant(said: str | None, default: int) -> int:
    """Return a unix moment out of seconds or a Pacific day."""
    if not said:
        return default
    if said.isdigit():
        return int(said)
    try:
        return int(datetime.combine(date.fromisoformat(said), time(), PACIFIC).timestamp())
    except ValueError:
        raise _RefusedError(100, "(#100) Invalid parameter: since or until") from None


def _cursor(number: int, page: int) -> str:
    return urlsafe_b64encode(f"{number}:{page}".encode()).decode().rstrip("=")


def _place_of(cursor: str | None) -> tuple[int, int] | None:
    if not cursor:
        return None
    try:
        number, page = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(":")
        return int(number), int(page)
    except ValueError:
        raise _RefusedError(100, "(#100) Invalid parameter: after") from None


CONTRACT = FacebookContract
