"""What every answer of the stand-in's Graph has in common: sign-in, refusals, fields, addresses and switches."""

import hashlib
import hmac
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from collector.demo.contracts.facebook.figures import ONE_DAY, PACIFIC, followers
from collector.demo.graph.dialog import Dialog
from collector.demo.graph.keys import Key
from collector.demo.graph.refusals import RefusedError, ended
from collector.demo.graph.sign_in import (
    APP_ID,
    APP_SECRET,
    CODE_SECONDS,
    OFFICE_PAGE,
    PERSON,
    SCOPES,
    GraphSignIn,
    names_of,
)
from collector.demo.standin import Asked, Contract
from collector.demo.world import EPOCH, World

PAGE_ID = OFFICE_PAGE.id
PAGE_KEY = "demo-facebook-key"
USER_KEY = "demo-facebook-user-key"
"""A person's key instead of the Page's: good for everything but insights, which it leaves empty (facebook.md §2.2)."""


_SINCE = int(datetime.combine(EPOCH, time(), UTC).timestamp())
_PAGE_SCOPES = ("pages_show_list", "pages_read_engagement", "pages_read_user_content", "read_insights")
STANDING = {
    PAGE_KEY: Key("page", PAGE_ID, _SINCE, 0, _PAGE_SCOPES),
    USER_KEY: Key("user", PERSON, _SINCE, 0, _PAGE_SCOPES),
}
"""The keys of the demo: a business's own, so that they never end however far its clock is moved."""


class Graph(Contract):
    """The common part. The attributes of `__init__` are switches for misbehaviour."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.keys_given = GraphSignIn(world, STANDING)
        self.dialog = Dialog(
            world, "Masuk dengan Facebook", APP_ID, PERSON, SCOPES, CODE_SECONDS, "EAAB", "#_=_",
            [(page.id, page.name) for page in self.keys_given.pages],
        )  # fmt: skip
        self.expired = False
        self.needs_proof = False  # the app demands `appsecret_proof`
        self.silent: set[str] = set()  # metrics that are left out of a good answer
        self.hidden: set[str] = set()  # fields that are left out of a good answer
        self.denied: set[str] = (
            set()
        )  # edges without permission: "", "insights", "published_posts", "video_insights", …
        self.missing: set[str] = set()  # posts and videos that are not there any more
        self.reactions_denied = False  # `pages_read_user_content` was not given
        self.viewers_denied = False  # viewers of posts fail, as with few followers (facebook.md §3.4)
        self.small = ""  # below 100 likes; "empty" or "zeros" is how insights are answered then (facebook.md §3.2)
        self.longest_days = 90
        self.most_posts = 100  # a longer page is refused as too much data
        self.page_size = 100  # a longer page is cut to this
        self.stumbles = 0  # so many calls fail with code 2
        self.usage = 0  # percent of the quota, in headers from 1 on; 100 refuses
        self.regain_minutes = 17
        self.revision = 0  # what the newest days gained since they were first read

    def sign_in(self, asked: Asked) -> str:
        """Return the key that a request came with. Raises RefusedError where it is no good."""
        key = asked.bearer or asked.query.get("access_token", "")
        if not key:
            raise RefusedError(2500, "An active access token must be used to query information.")
        if self.keys_given.open(key) is None:
            raise RefusedError(190, "Invalid OAuth access token - Cannot parse access token")
        if self.expired:
            raise ended(463)
        proof = asked.query.get("appsecret_proof")
        if proof is None and self.needs_proof:
            raise RefusedError(100, "API calls from the server require an appsecret_proof argument")
        good = hmac.new(APP_SECRET.encode(), key.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(proof, good):
            raise RefusedError(100, "Invalid appsecret_proof provided in the API argument")
        return key

    def may(self, key: str, scope: str) -> bool:
        """Whether a key that was good a moment ago was given a permission."""
        return scope in self.opened(key).scopes

    def reads_insights(self, key: str) -> bool:
        """Whether a key shows insights at all: the Page's own, with the permission, and while the person's word lasts.

        Otherwise they are answered empty, and not refused (facebook.md §2.2, §2.3).
        """
        opened = self.opened(key)
        return opened.kind == "page" and self.may(key, "read_insights") and not opened.reads_nothing(self.world.now())

    def opened(self, key: str) -> Key:
        """Return what a key that was good a moment ago tells."""
        opened = self.keys_given.open(key)
        assert opened is not None
        return opened

    def usage_headers(self) -> dict[str, str]:
        """Return the quota headers, none while little was asked."""
        if not self.usage:
            return {}
        minutes = self.regain_minutes if self.usage >= 100 else 0
        share = f'"call_count":{self.usage},"total_cputime":{self.usage // 8},"total_time":{self.usage // 5}'
        page = f'[{{"type":"pages",{share},"estimated_time_to_regain_access":{minutes}}}]'
        return {"X-App-Usage": f"{{{share}}}", "X-Business-Use-Case-Usage": f'{{"{PAGE_ID}":{page}}}'}

    def fields(self, asked: Asked, known: frozenset[str], kind: str) -> set[str]:
        """Return the top names of `fields`; one unknown name fails the whole call."""
        names = names_of(asked)
        for name in sorted(names):
            if name not in known or name in self.retired:
                raise RefusedError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")
        return names

    def metrics(self, asked: Asked, known: frozenset[str]) -> list[str]:
        """Return the metrics asked for; one unknown name fails the whole call."""
        names = [name for name in asked.query.get("metric", "").split(",") if name]
        if not names:
            raise RefusedError(3001, "(#3001) No metric was specified to be fetched.", subcode=1504028)
        for name in names:
            if name in self.retired or name not in known:
                raise RefusedError(100, "(#100) The value must be a valid insights metric")
        return names

    def followers_now(self) -> int:
        """Return how many follow the Page at this moment."""
        if self.small:
            return 64
        now: datetime = self.world.now().astimezone(PACIFIC)
        gone_by = timedelta(hours=now.hour, minutes=now.minute) / ONE_DAY
        yesterday = followers(now.date() - ONE_DAY)
        return yesterday + int((followers(now.date()) - yesterday) * gone_by)


def address(asked: Asked, key: str, **changes: str) -> str:
    """Return an address as Meta prints it in `paging`: with the key in it."""
    query = urlencode({**asked.query, "access_token": key, **changes})
    return f"https://graph.facebook.com{asked.path}?{query}"
