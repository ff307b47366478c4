"""A Page and a professional account on Meta's Graph (facebook.md, instagram.md)."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from elsewhere.professional import MEDIA_FIELDS, POST, Edges
from elsewhere.question import Platform, Question, RefusedError, Reply, amount, days_between

PACIFIC = ZoneInfo("America/Los_Angeles")
ONE_DAY = timedelta(days=1)

# facebook.md §3.2, "currently valid Page metrics" that have a plain number a day, and the two maps.
METRICS = {
    "page_follows", "page_daily_follows", "page_daily_follows_unique", "page_daily_unfollows_unique",
    "page_media_view", "page_total_media_view_unique", "page_views_total", "page_post_engagements",
    "page_total_actions", "page_video_views", "page_video_view_time", "page_lifetime_engaged_followers_unique",
    "page_messages_new_conversations_unique", "page_video_complete_views_30s",
    *(f"page_actions_post_reactions_{kind}_total" for kind in ("like", "love", "wow", "haha", "sorry", "anger")),
}  # fmt: skip
POST_METRICS = {
    "post_media_view", "post_total_media_view_unique", "post_clicks", "post_clicks_by_type",
    "post_reactions_by_type_total",
}  # fmt: skip
REEL = "88800000000001"
MAPS = {
    "page_follows_city": {"Siak Sri Indrapura / Riau": 31, "??gua~1": 4, "Pekanbaru, Riau, Indonesia": 250},
    "page_follows_country": {"ID": 401, "MY": 3},
}
PAGE_FIELDS = {
    "id", "name", "username", "link", "category", "fan_count", "followers_count", "new_like_count",
    "talking_about_count", "rating_count", "verification_status", "is_published", "picture", "website",
}  # fmt: skip
POST_FIELDS = {
    "id", "message", "story", "created_time", "updated_time", "permalink_url", "status_type", "is_published",
    "full_picture", "shares", "attachments", "reactions", "comments",
}  # fmt: skip
ACCOUNT_FIELDS = {
    "id", "username", "name", "biography", "website", "profile_picture_url", "followers_count", "follows_count",
    "media_count",
}  # fmt: skip


def graph_error(code: int, message: str, *, subcode: int | None = None, status: int = 400) -> RefusedError:
    """Return a refusal in the Graph's envelope (facebook.md §4)."""
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Zz9"}
    if subcode is not None:
        error["error_subcode"] = subcode
    return RefusedError(status, {"error": error})


class _Graph(Platform):
    """What the two have in common: versions, sign-in, fields that fail the whole call."""

    token: ClassVar[str]
    secret: ClassVar[str] = ""

    def __init__(self, now: Any) -> None:
        super().__init__(now)
        self.expired = False
        self.retired: set[str] = set()

    def step_in(self, question: Question) -> str:
        """Check version, method and sign-in, and return the rest of the path."""
        found = re.fullmatch(r"/v(\d+)\.(\d)/(.+)", question.path)
        if found is None or int(found[1]) > 26:
            raise graph_error(2500, f"Unknown path components: {question.path}")
        token = question.bearer or question.query.get("access_token", "")
        if not token:
            raise graph_error(2500, "An active access token must be used to query information.")
        if token != self.token:
            raise graph_error(190, "Invalid OAuth access token.", status=401)
        if self.expired:
            raise graph_error(190, "Error validating access token: Session has expired", subcode=463, status=401)
        proof = question.query.get("appsecret_proof")
        if self.secret and proof is None:
            raise graph_error(100, "API calls from the server require an appsecret_proof argument")
        good = hmac.new(self.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and proof != good:
            raise graph_error(100, "Invalid appsecret_proof provided in the API argument")
        if question.method != "GET":
            raise graph_error(100, "Unsupported request")
        return found[3]

    def fields(self, question: Question, known: set[str], kind: str) -> list[str]:
        """Return the fields asked for; one that is not known fails the call."""
        wanted = re.findall(r"(\w+)(?:\.\w+\([^)]*\))*(?:\{[^}]*\})?(?:,|$)", question.query.get("fields", "id"))
        for name in wanted:
            if name not in known or name in self.retired:
                raise graph_error(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")
        return list(wanted)


class Page(_Graph):
    """A Page without a username and without a link, of which one day was never counted."""

    token = "EAAB-elsewhere-page-token"
    secret = "elsewhere-app-secret-value"
    derived = "EAAB-a-key-that-was-never-given-to-anybody"  # stands in paging addresses (facebook.md §2.2)
    id = "90210000000042"
    keys: ClassVar[Mapping[str, str]] = {
        "FACEBOOK_PAGE_ID": id, "FACEBOOK_ACCESS_TOKEN": token, "FACEBOOK_APP_SECRET": secret,
        "FACEBOOK_APP_ID": "77",
    }  # fmt: skip
    counts: ClassVar[Mapping[str, int]] = {"followers_count": 4_321, "fan_count": 4_000}
    uncounted = date(2026, 10, 10)

    def __init__(self, now: Any) -> None:
        super().__init__(now)
        self.page_size = 3
        self._born: date = now().date()

    def answer(self, question: Question) -> Reply:
        """Answer for the Page's node, its insights and its posts."""
        if re.fullmatch(r"/v\d+\.\d/debug_token", question.path):
            return Reply(self._inspect(question))
        node, _, edge = self.step_in(question).partition("/")
        for post in self.list_posts():
            if (node, edge) == (post["id"], "insights"):
                return Reply(self._post_insights(question, post))
        if (node, edge) == (REEL, "video_insights"):
            return Reply({"data": [{"name": "fb_reels_total_plays", "values": [{"value": 77}]}, {"name": "novel"}]})
        if node != self.id:
            raise graph_error(100, f"Unsupported get request. Object with ID '{node}' does not exist", subcode=33)
        usage = {"X-App-Usage": '{"call_count":3.5,"novelty":[]}', "X-Business-Use-Case-Usage": "not JSON at all"}
        match edge:
            case "":
                return Reply(self._node(question), headers=usage)
            case "insights":
                return Reply(self._insights(question), headers={"Content-Type": "text/javascript; charset=UTF-8"})
            case "published_posts":
                return Reply(self._posts(question))
            case "video_reels":
                self.fields(question, {"id", "description", "created_time", "permalink_url"}, "Video")
                created = datetime.combine(self._born - timedelta(days=3), time(4), UTC)
                return Reply({"data": [{"id": int(REEL), "created_time": f"{created:%Y-%m-%dT%H:%M:%S}+0000"}]})
        raise graph_error(2500, f"Unknown path components: /{edge}")

    def _inspect(self, question: Question) -> dict[str, Any]:
        """Say what a key is good for, to its own app alone; there is no finer list of what was allowed."""
        if question.query.get("access_token") != f"{self.keys['FACEBOOK_APP_ID']}|{self.secret}":
            raise graph_error(190, "Invalid OAuth access token signature.")
        if question.query.get("input_token") != self.token:
            raise graph_error(100, "(#100) The parameter input_token is required")
        return {"data": {"type": "PAGE", "profile_id": int(self.id), "scopes": ["read_insights", "public_profile"],
                         "is_valid": True, "expires_at": 0, "novel": {}}}  # fmt: skip

    def _node(self, question: Question) -> dict[str, Any]:
        given: dict[str, Any] = {"name": "KPU Kab. Lain", **self.counts}
        wanted = self.fields(question, PAGE_FIELDS, "Page")
        return {"zz_new": {"deep": [1, {"id": "not this one"}], "you_sent": self.token}, "id": self.id,
                **{name: given[name] for name in wanted if name in given}}  # fmt: skip

    def value(self, name: str, day: date) -> int:
        """Return a metric's value of a Pacific day."""
        return 4_000 + day.toordinal() % 50 if name == "page_follows" else amount(name, day)

    def _insights(self, question: Question) -> dict[str, Any]:
        names = [name for name in question.query.get("metric", "").split(",") if name]
        if not names:
            raise graph_error(3001, "(#3001) No metric was specified to be fetched.", subcode=1504028)
        if any(name in self.retired or name not in METRICS | set(MAPS) for name in names):
            raise graph_error(100, "(#100) The value must be a valid insights metric")
        period = question.query.get("period", "")
        if period not in ("day", "days_28"):
            raise graph_error(100, "(#100) this server knows days and windows of 28 days only")
        since, until = self._window(question)
        ends = [end for day in days_between(since.date() - 2 * ONE_DAY, until.date())
                if since < (end := datetime.combine(day + ONE_DAY, time(), PACIFIC).astimezone(UTC)) <= until
                and end <= self.now() - timedelta(hours=26)]  # fmt: skip
        data = [self._series(name, period, ends) for name in reversed(names)]
        data.append({"name": "page_nobody_asked_for", "period": "day", "values": [], "id": "?"})
        forever = f"https://graph.facebook.com/elsewhere?access_token={self.derived}"
        return {"data": data, "paging": {"next": forever, "previous": forever}, "summary": None}

    def _window(self, question: Question) -> tuple[datetime, datetime]:
        bounds = []
        for name, default in (("since", self.now() - 2 * ONE_DAY), ("until", self.now())):
            said = question.query.get(name)
            if said is None:
                bounds.append(default)
            elif said.isdigit():
                bounds.append(datetime.fromtimestamp(int(said), UTC))
            else:
                bounds.append(datetime.combine(date.fromisoformat(said), time(), PACIFIC).astimezone(UTC))
        if bounds[1] - bounds[0] > 90 * ONE_DAY:
            raise graph_error(100, "(#100) There cannot be more than 90 days between since and until", subcode=1504016)
        return bounds[0], bounds[1]

    def window(self, name: str, last: date) -> int:
        """Return a metric's value of the 28 days that end on `last`, which nobody could work out from the days."""
        return 9_000 + amount(name, last)

    def post_values(self, post: dict[str, Any]) -> dict[str, Any]:
        """Return what insights say of a post; only some kinds of reactions are printed, and clicks are not at all."""
        number = int(post["id"].rpartition("_")[2])
        values: dict[str, Any] = {"post_media_view": number, "post_total_media_view_unique": number // 2}
        return values | {"post_reactions_by_type_total": {"like": number // 3, "care": 9}, "post_video_views": 4}

    def _post_insights(self, question: Question, post: dict[str, Any]) -> dict[str, Any]:
        names, known = question.query.get("metric", "").split(","), set(POST_METRICS)
        known |= {"post_video_views"} if "status_type" in post else set()
        if any(name in self.retired or name not in known for name in names):
            raise graph_error(100, "(#100) The value must be a valid insights metric")
        if question.query.get("period") != "lifetime":
            raise graph_error(100, "(#100) posts have totals only")
        values = self.post_values(post)
        return {"data": [{"values": [{"novel": 1, "value": values[name]}], "name": name}
                         for name in reversed(names) if name in values]}  # fmt: skip

    def _series(self, name: str, period: str, ends: list[datetime]) -> dict[str, Any]:
        values: list[dict[str, Any]] = []
        for end in ends:
            day = (end - timedelta(seconds=1)).astimezone(PACIFIC).date()
            value: Any = MAPS.get(name) or (self.value if period == "day" else self.window)(name, day)
            if name in MAPS and end == ends[-1]:
                value = {}  # the newest distribution comes late
            if name == "page_views_total" and day == self.uncounted:
                continue
            values.append({"end_time": f"{end:%Y-%m-%dT%H:%M:%S}+0000", "is_final": True, "value": value})
        return {"values": values, "period": period, "name": name, "id": f"{self.id}/insights/{name}/{period}"}

    def list_posts(self) -> list[dict[str, Any]]:
        """Return the posts, newest first: some bare, some full, the last from before the time asked for."""
        posts = []
        for number in range(9):
            created = datetime.combine(self._born - timedelta(days=1 + number * 25), time(8, 30), UTC)
            post: dict[str, Any] = {
                "id": f"{self.id}_{500 - number}", "created_time": f"{created:%Y-%m-%dT%H:%M:%S}+0000",
                "reactions": {"data": [], "summary": {"total_count": 40 + number, "viewer_reaction": "NONE"}},
                "comments": {"data": [], "summary": {"total_count": number}}, "novel": {"a": 1},
            }  # fmt: skip
            if number % 2:
                post |= {
                    "message": f"Pengumuman {number}\nbaris kedua", "shares": {"count": number, "x": None},
                    "permalink_url": f"https://www.facebook.com/{number}", "status_type": "added_video",
                }  # fmt: skip
            if number == 4:
                del post["comments"]["summary"]
            posts.append(post)
        return posts

    def _posts(self, question: Question) -> dict[str, Any]:
        wanted = {"id", "novel", *self.fields(question, POST_FIELDS, "Post")}
        limit = int(question.query.get("limit", "25"))
        if not 1 <= limit <= 100:
            raise graph_error(100, "(#100) Invalid limit")
        steps = int(question.query.get("after", "c/+=0").removeprefix("c/+=") or 0)
        size = min(limit, self.page_size)
        pages: list[list[dict[str, Any]]] = [[]]  # the first page is an empty one that has a next
        every = self.list_posts()
        pages += [every[start : start + size] for start in range(0, len(every), size)]
        paging: dict[str, Any] = {"cursors": {"before": "b", "after": f"c/+={steps + 1}"}}
        if steps + 1 < len(pages):
            paging["next"] = f"https://graph.facebook.com/v26.0/x?access_token={self.token}&after=elsewhere"
        shown = [{name: value for name, value in post.items() if name in wanted} for post in pages[steps]]
        return {"paging": paging, "data": shown}


class Instagram(_Graph):
    """An account without biography, website and name. `/me` gives its number as a number, as some answers do."""

    token = "IGAA-elsewhere-account-token"
    id = "17849990000000777"
    keys: ClassVar[Mapping[str, str]] = {"INSTAGRAM_USER_ID": id, "INSTAGRAM_ACCESS_TOKEN": token}
    counts: ClassVar[Mapping[str, int]] = {"media_count": 0, "followers_count": 999, "follows_count": 12}

    def answer(self, question: Question) -> Reply:
        """Answer for the account's node, its insights, its media and its stories."""
        path = self.step_in(question)
        edges = Edges(self.now, graph_error)
        match path.split("/"):
            case [self.id, "insights"]:
                return Reply(edges.insights(question))
            case [self.id, "media"]:
                return Reply(edges.list_media(self.fields(question, MEDIA_FIELDS, "IGMedia")))
            case [self.id, "stories"]:
                return Reply({"data": []})
            case [media, "insights"] if media == POST:
                return Reply(edges.of_media(question))
        return self._node(question, path)

    def _node(self, question: Question, node: str) -> Reply:
        given: dict[str, Any] = {**self.counts, "username": "KPU.Lain"}
        if node == "me":
            wanted = self.fields(question, ACCOUNT_FIELDS | {"user_id", "account_type"}, "IGUser")
            shown = {name: {**given, "user_id": int(self.id)}[name] for name in wanted if name in {*given, "user_id"}}
            return Reply({**shown, "id": "31000000001", "novel": None})
        if node != self.id:
            raise graph_error(100, f"Unsupported get request. Object with ID '{node}' does not exist", subcode=33)
        wanted = self.fields(question, ACCOUNT_FIELDS, "IGUser")
        return Reply({"novel": True, **{name: given[name] for name in wanted if name in given}, "id": self.id})
