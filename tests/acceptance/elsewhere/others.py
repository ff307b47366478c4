"""X, TikTok, a site and Matomo (x.md, tiktok.md, website.md part B)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from elsewhere.question import Platform, Question, RefusedError, Reply, amount, days_between

PROBLEM = {"Content-Type": "application/problem+json"}


class X(Platform):
    """One account, looked up by name with an application's key, and its posts on short pages.

    It knows the newer of the two dialects alone: what it does not know it leaves out without a word. No meters.
    """

    token = "AAAA-elsewhere-app-only-bearer"
    id = "990000000000000001"
    keys: ClassVar[Mapping[str, str]] = {"X_USERNAME": "kpu_lain", "X_BEARER_TOKEN": token}
    metrics: ClassVar[Mapping[str, int]] = {"followers_count": 77, "following_count": 0, "post_count": 1234, "novel": 5}

    def answer(self, question: Question) -> Reply:
        """Answer a look-up."""
        if question.bearer != self.token:
            raise RefusedError(401, {"title": "Unauthorized", "type": "about:blank", "status": 401}, PROBLEM)
        if question.method == "GET" and question.path == f"/2/users/{self.id}/tweets":
            return self._posts(question)
        if question.method != "GET" or not question.path.startswith("/2/users/by/username/"):
            problem = {"title": "Unsupported Authentication", "status": 403,
                       "type": "https://api.x.com/2/problems/unsupported-authentication"}  # fmt: skip
            raise RefusedError(403, problem, PROBLEM)
        if question.path.rpartition("/")[2].casefold() != "kpu_lain":
            raise RefusedError(200, {"errors": [{"title": "Not Found Error", "type": "/resource-not-found"}]})
        asked = question.query.get("user.fields", "").split(",")
        user: dict[str, Any] = {"id": self.id, "username": "KPU_Lain", "name": "KPU Lain", "novel": {}}
        if "public_metrics" in asked:
            user["public_metrics"] = self.metrics
        return Reply({"novel": 1, "data": user})

    def posts(self) -> dict[str, tuple[datetime, dict[str, int]]]:
        """Return the posts by id, newest first: when each was made and what it has gathered. They never change."""
        first = datetime(2026, 8, 3, 1, 30, tzinfo=UTC)
        made = {str(995_000_000_000_000_000 + number): first + number * timedelta(days=9) for number in range(17)}
        counts = ("impression_count", "like_count", "reply_count", "repost_count", "quote_count", "bookmark_count")
        return {id: (at, {name: amount(name, at.date()) for name in counts}) for id, at in reversed(made.items())}

    def _posts(self, question: Question) -> Reply:
        """List posts, three on a page however many are wanted. Private figures are nobody's here."""
        query = question.query
        fields = set(query.get("post.fields", "").split(","))
        if not 5 <= int(query.get("max_results", 10)) <= 100 or fields & {"non_public_metrics", "organic_metrics"}:
            raise RefusedError(400, {"title": "Invalid Request", "type": "/problems/invalid-request"}, PROBLEM)
        start = datetime.fromisoformat(query["start_time"])
        end = datetime.fromisoformat(query["end_time"]) if "end_time" in query else self.now()
        found = [(id, at, counts) for id, (at, counts) in self.posts().items() if start <= at < end]
        first = int(query.get("pagination_token", "token0").removeprefix("token"))
        page: list[dict[str, Any]] = []
        for id, at, counts in found[first : first + 3]:
            known = {"created_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                     "public_metrics": {**counts, "novel": 1}, "text": "Unggahan"}  # fmt: skip
            page.append({"id": id, "novel": [], **{name: known[name] for name in known if name in fields}})
        meta = {"next_token": f"token{first + 3}"} if found[first + 3 :] else {}
        return Reply({**({"data": page} if page else {}), "meta": {"result_count": len(page), **meta}})


class TikTok(Platform):
    """One account; each sign-in uses its refresh token up, and what it gives lives for two hours."""

    client: ClassVar[tuple[str, str]] = ("aw-elsewhere", "elsewhere-tiktok-secret")
    first = "rft.elsewhere-first"
    keys: ClassVar[Mapping[str, str]] = {
        "TIKTOK_CLIENT_KEY": client[0], "TIKTOK_CLIENT_SECRET": client[1], "TIKTOK_REFRESH_TOKEN": first,
    }  # fmt: skip
    counts: ClassVar[Mapping[str, int]] = {
        "follower_count": 25410, "following_count": 12, "likes_count": 318220, "video_count": 407,
    }  # fmt: skip

    def __init__(self, now: Any) -> None:
        super().__init__(now)
        self.refresh = self.first
        self.given: dict[str, Any] = {}

    def answer(self, question: Question) -> Reply:
        """Answer a sign-in or a look at the account. Paths end with a slash."""
        match question.method, question.path:
            case "POST", "/v2/oauth/token/":
                return self._token(question.form)
            case "GET", "/v2/user/info/":
                return self._user(question)
            case "POST", "/v2/video/list/":
                return self._videos(question)
            case "POST", "/v2/video/query/":
                return self._known(question)
        raise RefusedError(404, "<html>404</html>", {"Content-Type": "text/html"})

    def _token(self, form: Mapping[str, str]) -> Reply:
        if (form.get("client_key"), form.get("client_secret")) != self.client:
            raise RefusedError(400, {"error": "invalid_client", "error_description": "?", "log_id": "1"})
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != self.refresh:
            raise RefusedError(400, {"error": "invalid_grant", "error_description": "used up", "log_id": "1"})
        self.refresh, access = f"rft.{uuid4().hex}", f"act.{uuid4().hex}"
        self.given[access] = self.now() + timedelta(seconds=7200)
        return Reply({
            "access_token": access, "refresh_token": self.refresh, "expires_in": 7200, "novel": 1,
            "refresh_expires_in": 15552000, "open_id": "o", "scope": "user.info.basic", "token_type": "Bearer",
        })  # fmt: skip

    def _videos(self, question: Question) -> Reply:
        """Answer the list of videos: two pages of one each, the ids as numbers, a count as a text, another left out."""
        self._check(question)
        names = set(question.query.get("fields", "").split(","))
        if not {"id", "create_time", "view_count"} <= names or "reach" in names:
            raise RefusedError(400, {"data": {}, "error": {"code": "invalid_params", "message": "?", "log_id": "3"}})
        asked = question.json
        if not isinstance(asked.get("max_count"), int) or asked["max_count"] > 20:
            raise RefusedError(400, {"data": {}, "error": {"code": "invalid_params", "message": "?", "log_id": "3"}})
        number = 1 if "cursor" in asked else 2
        created = int((self.now() - timedelta(days=10 - number)).timestamp())
        video = {"id": 7570000000000000000 + number, "create_time": created, "title": None, "view_count": str(number),
                 "video_description": "Contoh", "like_count": 0, "share_url": "https://t.example/v?utm=1"}  # fmt: skip
        data = {"has_more": number == 2, "videos": [video], "cursor": created * 1000, "novel": []}
        return Reply({"data": data, "error": {"code": "ok", "message": "", "log_id": "5"}})

    def _known(self, question: Question) -> Reply:
        """Answer which of some videos are still there: none that only the other service knows."""
        self._check(question)
        assert 1 <= len(question.json["filters"]["video_ids"]) <= 20
        return Reply({"data": {"videos": []}, "error": {"code": "ok", "message": "", "log_id": "6"}})

    def _check(self, question: Question) -> None:
        end = self.given.get(question.bearer)
        if end is None or end <= self.now():
            raise RefusedError(
                401, {"data": {}, "error": {"code": "access_token_invalid", "message": "?", "log_id": "2"}}
            )

    def _user(self, question: Question) -> Reply:
        self._check(question)
        known = {"open_id": "elsewhere-open-id", "display_name": "KPU Lain", "username": "kpu.lain", **self.counts}
        names = question.query.get("fields", "").split(",")
        if not set(names) <= {*known, "union_id", "avatar_url", "bio_description", "profile_deep_link", "is_verified"}:
            raise RefusedError(400, {"data": {}, "error": {"code": "invalid_params", "message": "?", "log_id": "3"}})
        user = {name: known[name] for name in reversed(names) if name in known}
        return Reply(
            {"error": {"log_id": "4", "code": "ok", "message": "", "novel": 0}, "data": {"novel": 1, "user": user}}
        )


class Site(Platform):
    """The office's page."""

    def __init__(self, now: Any) -> None:
        super().__init__(now)
        self.status = 200

    def answer(self, question: Question) -> Reply:
        """Answer with the page, at the very address that was filled in."""
        if (question.path, question.query) != ("/beranda", {"lang": "id"}):
            raise RefusedError(404, "<html>404</html>", {"Content-Type": "text/html"})
        return Reply("<!doctype html><title>KPU Lain</title>", self.status, {"Content-Type": "text/html"})


class Matomo(Platform):
    """A site counted by Matomo: only by POST, counts of months as texts, no distinct visitors of ranges."""

    token = "9e8d7c6b5a49382716059e8d7c6b5a49"
    keys: ClassVar[Mapping[str, str]] = {"MATOMO_SITE_ID": "8", "MATOMO_TOKEN": token}
    since = date(2026, 5, 9)
    columns: ClassVar[Mapping[str, int]] = {
        "nb_visits": 3, "nb_uniq_visitors": 2, "nb_pageviews": 7, "bounce_count": 1, "sum_visit_length": 301,
    }  # fmt: skip

    def answer(self, question: Question) -> Reply:
        """Answer `API.get`, for the site itself, and for lists, of which that of cities is not installed."""
        form = question.form
        if question.method != "POST" or question.query or question.path != "/index.php":
            raise RefusedError(404, "<html>", {"Content-Type": "text/html"})
        if form.get("token_auth") != self.token:
            raise RefusedError(401, {"result": "error", "message": "Unable to authenticate with the provided token."})
        if form.get("idSite") != "8":
            raise RefusedError(401, {"result": "error", "message": "requires 'view' access for the website id"})
        if (form.get("module"), form.get("format")) != ("API", "JSON"):
            raise RefusedError(200, {"result": "error", "message": "Please specify a value for 'format'."})
        match form.get("method"):
            case "SitesManager.getSiteFromId":
                return Reply([{"idsite": "8", "timezone": "Asia/Jakarta", "ts_created": "2026-05-08 20:00:00"}])
            case "Actions.getPageUrls":
                return self._pages(form)
            case "UserCountry.getCountry":
                return Reply([{"label": "Indonesia", "nb_visits": "41", "code": "id", "logo": "x.png"}])
            case "API.get":
                return self._figures(form)
        # an answer like any other, with status 200: it is no mistake of whoever asks for what may be switched off
        message = f"The method '{form.get('method')}' does not exist or is not available in the module 'UserCountry'."
        return Reply({"result": "error", "message": message})

    def _pages(self, form: Mapping[str, str]) -> Reply:
        if form.get("flat") != "1":
            raise RefusedError(200, {"result": "error", "message": "only flat lists here"})
        paths = {"/beranda/": 12, "/cari?kata=Budi": 99, "Others": 4}
        return Reply([{"label": path, "nb_hits": hits, "nb_visits": "1"} for path, hits in paths.items()])

    def _figures(self, form: Mapping[str, str]) -> Reply:
        wanted = [name for name in form.get("columns", "").split(",") if name] or list(self.columns)
        dates = [date.fromisoformat(part) for part in form["date"].split(",")]
        match form["period"], dates:
            case "day", [first, last]:
                return Reply({str(day): self._of_day(day, wanted) for day in reversed(days_between(first, last))})
            case "month", [day]:
                last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
                summed = self._summed(day.replace(day=1), last, wanted)
                return Reply({name: str(value) for name, value in summed.items()})
            case "range", [first, last]:
                summed = self._summed(first, last, wanted)
                summed.pop("nb_uniq_visitors", None)
                return Reply(summed)
        raise RefusedError(200, {"result": "error", "message": "The period is not supported"})

    def value(self, name: str, day: date) -> int:
        """Return a column's value of a day of the site."""
        return amount("matomo", day) * self.columns[name] if day >= self.since else 0

    def _of_day(self, day: date, wanted: list[str]) -> Any:
        if day > self.now().astimezone(ZoneInfo("Asia/Jakarta")).date() or not self.value("nb_visits", day):
            return []
        return {"novel": "x", **{name: self.value(name, day) for name in wanted}}

    def _summed(self, first: date, last: date, wanted: list[str]) -> dict[str, Any]:
        return {name: sum(self.value(name, day) for day in days_between(first, last)) for name in wanted}
