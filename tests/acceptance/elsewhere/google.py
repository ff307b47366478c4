"""Google: signing in, YouTube's two APIs and Analytics (youtube.md, website.md part A)."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from elsewhere.question import Platform, Question, RefusedError, Reply, amount, days_between

PACIFIC = ZoneInfo("America/Los_Angeles")
JAKARTA = ZoneInfo("Asia/Jakarta")


def google_error(code: int, reason: str, message: str = "no") -> RefusedError:
    """Return a refusal in Google's envelope (youtube.md §4)."""
    errors = [{"message": message, "domain": "global", "reason": reason}]
    return RefusedError(code, {"error": {"code": code, "message": message, "status": "X", "errors": errors}})


class OAuth(Platform):
    """The sign-in address. Access tokens are made up anew each time and live for their time."""

    refresh_token = "1//elsewhere-refresh-token"
    client = ("elsewhere.apps.example", "GOCSPX-elsewhere-secret")
    keys: ClassVar[Mapping[str, str]] = {
        "GOOGLE_CLIENT_ID": client[0], "GOOGLE_CLIENT_SECRET": client[1], "YOUTUBE_REFRESH_TOKEN": refresh_token,
    }  # fmt: skip

    def __init__(self, now: Callable[[], datetime], address: str) -> None:
        super().__init__(now)
        self.given: dict[str, tuple[str, datetime]] = {}
        self.revoked = False
        self._address = address
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def key_file(self) -> str:
        """The service account's key file."""
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return json.dumps({"private_key": pem, "client_email": "robot@elsewhere.example", "type": "service_account",
                           "private_key_id": "k1", "token_uri": "https://oauth2.googleapis.com/token"})  # fmt: skip

    def answer(self, question: Question) -> Reply:
        """Give out an access token."""
        form = question.form
        if (question.method, question.path) != ("POST", "/token"):
            raise RefusedError(404, "<html>not here</html>", {"Content-Type": "text/html"})
        match form.get("grant_type"):
            case "refresh_token":
                if (form.get("client_id"), form.get("client_secret")) != self.client:
                    raise RefusedError(401, {"error": "invalid_client"})
                if self.revoked or form.get("refresh_token") != self.refresh_token:
                    raise RefusedError(400, {"error": "invalid_grant", "error_description": "expired or revoked."})
                return self._give("owner", {"scope": "https://www.googleapis.com/auth/youtube.readonly"})
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                self._verify(form.get("assertion", ""))
                return self._give("robot", {"id_token": "never-kept-either"})
        raise RefusedError(400, {"error": "unsupported_grant_type"})

    def _give(self, whom: str, more: dict[str, str]) -> Reply:
        token = f"ya29.{whom}-{uuid4().hex}"
        self.given[token] = (whom, self.now() + timedelta(seconds=1800))
        return Reply({**more, "access_token": token, "expires_in": 1800, "token_type": "Bearer", "novel": {}})

    def _verify(self, assertion: str) -> None:
        """Check a signed statement as Google does: signature, audience, lifetime, scope (website.md A1)."""
        signed, _, signature = assertion.rpartition(".")
        header, claims = (json.loads(_unpacked(part)) for part in signed.split("."))
        self._key.public_key().verify(_unpacked(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        issued = int(claims["iat"])
        if header["alg"] != "RS256" or claims["aud"] != self._address or not 0 < claims["exp"] - issued <= 3600:
            raise RefusedError(400, {"error": "invalid_grant", "error_description": "Invalid JWT"})
        if abs(issued - self.now().timestamp()) > 300 or "analytics.readonly" not in claims["scope"]:
            raise RefusedError(400, {"error": "invalid_grant", "error_description": "Invalid JWT: iat"})

    def check(self, bearer: str, whom: str) -> None:
        """Check an access token. Raises RefusedError."""
        known = self.given.get(bearer)
        if known is None or known[0] != whom or known[1] <= self.now():
            raise google_error(401, "authError", "Invalid Credentials")


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class YouTube(Platform):
    """A channel without a handle of its own, its uploads in no order, two on a page."""

    id = "UCelsewhere0000000000042"
    key = "AIza-elsewhere-public-key"
    keys: ClassVar[Mapping[str, str]] = {"YOUTUBE_CHANNEL_ID": id, "YOUTUBE_API_KEY": key}
    statistics: ClassVar[Mapping[str, Any]] = {
        "viewCount": "9007199254740993", "subscriberCount": "12300", "hiddenSubscriberCount": False,
        "videoCount": "7", "commentCount": "0", "novelCount": "1",
    }  # fmt: skip

    def __init__(self, now: Callable[[], datetime], oauth: OAuth) -> None:
        super().__init__(now)
        self._oauth = oauth
        self._born = now()
        self.hidden = False

    def answer(self, question: Question) -> Reply:
        """Answer for channels, playlist items and videos."""
        if question.bearer:
            self._oauth.check(question.bearer, "owner")
        elif question.query.get("key") != self.key:
            raise google_error(400, "badRequest", "API key not valid. Please pass a valid API key.")
        parts = set(question.query.get("part", "").split(","))
        if question.method != "GET" or not parts - {""}:
            raise google_error(400, "missingRequiredParameter")
        match question.path:
            case "/youtube/v3/channels":
                return self._channels(question, parts)
            case "/youtube/v3/playlistItems":
                return self._uploads(question, parts)
            case "/youtube/v3/videos":
                return self._list_videos(question, parts)
        raise RefusedError(404, "<html>", {"Content-Type": "text/html"})

    def _channels(self, question: Question, parts: set[str]) -> Reply:
        filters = [name for name in ("id", "forHandle", "forUsername", "mine") if name in question.query]
        if len(filters) != 1 or (filters == ["mine"] and not question.bearer):
            raise google_error(400, "incompatibleParameters")
        if filters == ["id"] and self.id not in question.query["id"].split(","):
            return Reply({"pageInfo": {"totalResults": 0}})
        counts = {**self.statistics, "hiddenSubscriberCount": self.hidden}
        if self.hidden:
            del counts["subscriberCount"]
        channel = {"statistics": counts, "snippet": {"title": "KPU Lain", "novel": []},
                   "contentDetails": {"relatedPlaylists": {"uploads": "UUother-list"}}}  # fmt: skip
        return Reply(
            {"items": [{"novel": 1, **{part: channel[part] for part in parts if part in channel}, "id": self.id}]}
        )

    def list_videos(self) -> dict[str, dict[str, Any]]:
        """Return the videos by id, in the order of the list of uploads, which is none."""
        ages = (3, 200, 45, 12, 400, 100, 1)
        return {f"vid-{age}": {"age": age, "published": self._born - timedelta(days=age)} for age in ages}

    def counts_of(self, id: str) -> dict[str, str]:
        """Return a video's counts: likes are hidden on one, comments off on another."""
        age = self.list_videos()[id]["age"]
        counts = {"viewCount": str(1000 - age), "likeCount": str(age % 7), "commentCount": "0", "favoriteCount": "0"}
        for hidden, name in ((45, "likeCount"), (12, "commentCount")):
            if age == hidden:
                del counts[name]
        return counts

    def _uploads(self, question: Question, parts: set[str]) -> Reply:
        if question.query.get("playlistId") != "UUother-list":
            raise google_error(404, "playlistNotFound")
        if not 0 <= int(question.query.get("maxResults", "5")) <= 50:
            raise google_error(400, "invalid")
        start = int(question.query.get("pageToken", "t0").removeprefix("t"))
        entries = [
            {"contentDetails": {"videoId": id, "videoPublishedAt": f"{video['published']:%Y-%m-%dT%H:%M:%SZ}"},
             "status": {"privacyStatus": "public"}, "snippet": {"title": "?"}}
            for id, video in self.list_videos().items()
        ]  # fmt: skip
        entries.insert(
            2, {"contentDetails": {"videoId": "vid-private"}, "status": {"privacyStatus": "private"}, "snippet": {}}
        )
        entries.insert(5, {"contentDetails": {"videoId": "vid-deleted"}, "status": {}, "snippet": {}})
        shown = [{part: entry[part] for part in parts if part in entry} for entry in entries[start : start + 2]]
        more = {"nextPageToken": f"t{start + 2}"} if start + 2 < len(entries) else {}
        return Reply({"items": shown, "novel": "?", **more})

    def _list_videos(self, question: Question, parts: set[str]) -> Reply:
        ids = question.query.get("id", "").split(",")
        if not 1 <= len(ids) <= 50 or {"maxResults", "pageToken"} & set(question.query):
            raise google_error(400, "invalidFilters")
        videos = self.list_videos()
        items = []
        for id in sorted(set(ids) & set(videos)):
            published = f"{videos[id]['published']:%Y-%m-%dT%H:%M:%SZ}"
            whole = {"snippet": {"title": f"Video {id}", "publishedAt": published},
                     "statistics": self.counts_of(id), "contentDetails": {"duration": "PT1M"},
                     "status": {"privacyStatus": "public"}}  # fmt: skip
            items.append({"id": id, "novel": 0, **{part: whole[part] for part in parts if part in whole}})
        return Reply({"items": items})


class Analytics(Platform):
    """Reports with columns the other way round, the newest days first, idle days and small groups left out."""

    metrics: ClassVar[tuple[str, ...]] = (
        "views", "engagedViews", "estimatedMinutesWatched", "subscribersGained", "subscribersLost", "likes", "shares",
        "comments", "averageViewDuration",
    )  # fmt: skip
    parts: ClassVar[Mapping[str, Mapping[str, int]]] = {
        "country": {"ID": 3, "MY": 31, "ZZ": 997},
        "insightTrafficSourceType": {"YT_SEARCH": 2, "SOUND_PAGE": 7},
    }
    """Of a window's total each has one part in so many."""
    viewers: ClassVar[Mapping[str, Mapping[str, float]]] = {
        "ageGroup": {"age18-24": 62.5, "age65-": 37.25, "age25-34": 0.25},
        "gender": {},
    }

    def __init__(self, now: Callable[[], datetime], oauth: OAuth, channel: YouTube) -> None:
        super().__init__(now)
        self._oauth, self._channel = oauth, channel
        self.retired: set[str] = set()

    def answer(self, question: Question) -> Reply:
        """Answer one report."""
        self._oauth.check(question.bearer, "owner")
        query = question.query
        if (question.method, question.path) != ("GET", "/v2/reports") or "" in query.values():
            raise google_error(400, "badRequest")
        if not {"ids", "startDate", "endDate", "metrics"} <= set(query):
            raise google_error(400, "required")
        if query["ids"] not in ("channel==MINE", f"channel=={self._channel.id}"):
            raise google_error(403, "forbidden", "Forbidden")
        by, asked = query.get("dimensions", ""), query["metrics"].split(",")
        is_ranked = query.get("sort") == f"-{asked[0]}" and 0 < int(query.get("maxResults", "0")) <= 200
        if by not in ("", "day", "video", *self.parts, *self.viewers) or is_ranked is not (by == "video"):
            raise google_error(400, "badRequest", "The query is not supported.")
        for name in asked:
            if name in self.retired or name not in (("viewerPercentage",) if by in self.viewers else self.metrics):
                raise google_error(400, "badRequest", f"Unknown identifier ({name}) given in field parameters.metrics.")
        first, last = (date.fromisoformat(query[name]) for name in ("startDate", "endDate"))
        told = self.told(by, asked, first, last)
        rows = [[*reversed(values), *([label] if by else [])] for label, values in told.items()]
        columns = [{"name": name, "columnType": "METRIC", "dataType": "INTEGER"} for name in reversed(asked)]
        columns += [{"name": by, "columnType": "DIMENSION", "dataType": "STRING"}] if by else []
        table = {"columnHeaders": columns, "debug": f"asked with {question.bearer}"}
        return Reply({**table, "rows": rows if by == "video" else rows[::-1]} if rows else table)

    def told(self, by: str, asked: list[str], first: date, last: date) -> dict[str, list[Any]]:
        """Return the rows of a report by what they are of."""
        days = self.days(first, last)
        totals = [sum(self.value(name, day) for day in days) for name in asked]
        if by == "day":
            return {str(day): [self.value(name, day) for name in asked] for day in days}
        if not days:
            return {}
        if by == "video":
            ranked = sorted(self._channel.list_videos(), reverse=True)
            return {id: [total // (number + 2) for total in totals] for number, id in enumerate(ranked)}
        if by in self.viewers:
            return {label: [share] for label, share in self.viewers[by].items()}
        if by in self.parts:
            return {label: [total // part for total in totals] for label, part in self.parts[by].items()}
        return {"": totals}

    def days(self, first: date, last: date) -> list[date]:
        """Return the days that have a row: not the newest three, and not the idle ones."""
        newest = self.now().astimezone(PACIFIC).date() - timedelta(days=4)
        return [day for day in days_between(first, min(last, newest)) if self.value("views", day)]

    def value(self, name: str, day: date) -> int:
        """Return a metric's value of a Pacific day; every eleventh day is idle."""
        return 0 if day.toordinal() % 11 == 0 else 1 + amount(name, day)


class Property(Platform):
    """A property of Google Analytics, fifty rows at a time, metrics in another order than asked, counting since June.

    Every list ends with what could not be told; groups of a few people are always withheld.
    """

    id = "500600700"
    keys: ClassVar[Mapping[str, str]] = {"GA4_PROPERTY_ID": id}
    since = date(2026, 6, 20)
    metrics: ClassVar[Mapping[str, int]] = {
        "activeUsers": 2, "sessions": 3, "screenPageViews": 7, "newUsers": 1, "engagedSessions": 2,
        "userEngagementDuration": 91,
    }  # fmt: skip
    parts: ClassVar[Mapping[str, Mapping[str, int]]] = {
        "pagePath": {"/": 3, "/beranda/": 5, "/surat/budi@lain.example": 7},
        "countryId": {"ID": 2, "TL": 30, "(not set)": 50},
        "city": {"Ende": 2, "Կիև": 9, "(not set)": 11},
    }

    def __init__(self, now: Callable[[], datetime], oauth: OAuth) -> None:
        super().__init__(now)
        self._oauth = oauth

    def answer(self, question: Question) -> Reply:
        """Answer one report."""
        self._oauth.check(question.bearer, "robot")
        if (question.method, question.path) != ("POST", f"/v1beta/properties/{self.id}:runReport"):
            raise google_error(403, "forbidden")
        asked = question.json
        (span,) = asked["dateRanges"]
        first, last = (date.fromisoformat(span[name]) for name in ("startDate", "endDate"))
        names = [one["name"] for one in asked["metrics"]][::-1]
        if not names or not set(names) <= set(self.metrics) or last < first:
            raise google_error(400, "badRequest", "Field is not a valid metric.")
        if not 1 <= int(asked.get("limit", "10000")) <= 250_000:
            raise google_error(400, "badRequest", "Limit")
        dimensions = [one["name"] for one in asked.get("dimensions", [])]
        if len(dimensions) > 1 or not set(dimensions) <= {"date", *self.parts}:
            raise google_error(400, "badRequest", "Field is not a valid dimension.")
        if dimensions and dimensions != ["date"]:
            rows = self._rows_of_part(dimensions[0], first, last, names)
        else:
            rows = self._rows(first, last, names, by_day=bool(dimensions))
        offset = int(asked.get("offset", "0"))
        reply: dict[str, Any] = {
            "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in names],
            "metadata": {"timeZone": "Asia/Jakarta", "subjectToThresholding": True, "novel": []}, "novel": {},
        }  # fmt: skip
        if dimensions:
            reply["dimensionHeaders"] = [{"name": "date"}]
        if rows:
            reply |= {"rows": rows[offset : offset + 50], "rowCount": len(rows)}
        return Reply(reply)

    def _rows(self, first: date, last: date, names: list[str], *, by_day: bool) -> list[dict[str, Any]]:
        today = self.now().astimezone(JAKARTA).date()
        days = [day for day in days_between(max(first, self.since), min(last, today)) if day.toordinal() % 9]
        if by_day:
            return [
                {
                    "dimensionValues": [{"value": f"{day:%Y%m%d}", "novel": 1}],
                    "metricValues": [{"value": str(self.value(name, day))} for name in names],
                }
                for day in days
            ]
        if not days:
            return []
        return [{"metricValues": [{"value": str(self.of_window(name, days[0], days[-1]))} for name in names]}]

    def _rows_of_part(self, dimension: str, first: date, last: date, names: list[str]) -> list[dict[str, Any]]:
        return [
            {"dimensionValues": [{"value": label}],
             "metricValues": [{"value": str(self.of_part(name, dimension, label, first, last))} for name in names]}
            for label in self.parts[dimension]
        ]  # fmt: skip

    def of_part(self, name: str, dimension: str, label: str, first: date, last: date) -> int:
        """Return what falls on a part of a window."""
        return self.of_window(name, max(first, self.since), last) // self.parts[dimension][label]

    def value(self, name: str, day: date) -> int:
        """Return a metric's value of a day of the property."""
        return (amount("site", day) + 1) * self.metrics[name]

    def of_window(self, name: str, first: date, last: date) -> int:
        """Return a metric's value of a window: distinct people are fewer than the sum of their days."""
        days = [day for day in days_between(first, last) if day.toordinal() % 9]
        summed = sum(self.value(name, day) for day in days)
        return summed // 2 if name == "activeUsers" else summed
