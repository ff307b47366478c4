"""YouTube as the stand-in speaks it: Data API v3, Analytics API v2 and Google's sign-in address (youtube.md §8).

The sign-in address is shared with the website's Google Analytics. Every figure is a function of the clock; what the
platform withholds or refuses is switched on by attributes.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from collector.demo.contracts.youtube import sign_in
from collector.demo.contracts.youtube.life import PACIFIC, Life, Video
from collector.demo.contracts.youtube.pages import DEVICE_PAGE, PAGE, GooglePages
from collector.demo.contracts.youtube.reports import Refusal, Reports
from collector.demo.standin import Answered, Asked, Contract, without
from collector.demo.world import World

CHANNEL_ID = "UCdemoKpuContoh000000001"
OTHER_CHANNEL_ID = "UCdemoKanalHobi000000002"
UPLOADS = f"UU{CHANNEL_ID[2:]}"
API_KEY = "demo-youtube-key"

_FOUND_IN = ("id", "forHandle", "forUsername", "mine")


class YouTubeContract(Contract):
    """The stand-in of YouTube and of Google's sign-in.

    Switches: `expired` ends the owner's sign-in, `not_owner` gives it another channel, `hidden` and `subscribers`
    change the public subscriber count, `page_size` the pages, `quota_exceeded` and `no_uploads` what is refused;
    `daily_units` is what may be asked of public data until midnight Pacific. Of `reports`: `retired` are metrics that
    Analytics no longer knows, `lost_days` have no row although their figures are in the totals, `too_few` leaves all
    rows out that tell people apart, `reversed_columns` turns the columns, `revision` is added to the views of the
    last two weeks.
    """

    slug = "youtube"
    hosts = ("YOUTUBE_DATA_URL", "YOUTUBE_ANALYTICS_URL", "GOOGLE_OAUTH_URL", "GOOGLE_AUTHORIZE_URL")
    keys: ClassVar[Mapping[str, str]] = {
        "YOUTUBE_CHANNEL_ID": CHANNEL_ID,
        "YOUTUBE_API_KEY": API_KEY,
        "YOUTUBE_REFRESH_TOKEN": sign_in.REFRESH_TOKEN,
        "GOOGLE_CLIENT_ID": sign_in.CLIENT_ID,
        "GOOGLE_CLIENT_SECRET": sign_in.CLIENT_SECRET,
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.expired = False
        self.not_owner = False
        self.hidden = False
        self.quota_exceeded = False
        self.no_uploads = False
        self.subscribers: int | None = None
        self.page_size = 50
        self.daily_units: int | None = None
        self._units: Counter[date] = Counter()
        self._life = Life()
        self.reports = Reports(self._life, self.retired)
        self.pages = GooglePages(world)

    def answer(self, asked: Asked) -> Answered:
        """Answer one request as Google would."""
        routes: Mapping[tuple[str, str, str], Callable[[Asked], Answered]] = {
            ("GOOGLE_OAUTH_URL", "POST", "/token"): self._token,
            ("GOOGLE_OAUTH_URL", "POST", "/device/code"): self.pages.give_device_code,
            **{("GOOGLE_AUTHORIZE_URL", method, PAGE): self.pages.consent.answer for method in ("GET", "POST")},
            **{("GOOGLE_AUTHORIZE_URL", method, DEVICE_PAGE): self.pages.device for method in ("GET", "POST")},
            ("YOUTUBE_DATA_URL", "GET", "/youtube/v3/channels"): self._channels,
            ("YOUTUBE_DATA_URL", "GET", "/youtube/v3/playlistItems"): self._playlist_items,
            ("YOUTUBE_DATA_URL", "GET", "/youtube/v3/videos"): self._list_videos,
            ("YOUTUBE_ANALYTICS_URL", "GET", "/v2/reports"): self._reports,
        }
        route = routes.get((asked.host, asked.method, asked.path))
        if route is None:
            return Answered("<html><title>Error 404 (Not Found)!!1</title></html>", 404)
        if asked.host in ("GOOGLE_OAUTH_URL", "GOOGLE_AUTHORIZE_URL"):
            return route(asked)
        refused = self._refuse_credentials(asked)
        if refused is None and (self.quota_exceeded or self._is_used_up(asked)):
            refused = fault(403, "quotaExceeded", "The request cannot be completed because you have exceeded your "
                            "quota.", domain="youtube.quota")  # fmt: skip
        return refused or without(route(asked), self.retired)

    def _is_used_up(self, asked: Asked) -> bool:
        """Count a unit for each question about public data, refused ones too, until midnight Pacific."""
        if asked.host != "YOUTUBE_DATA_URL" or self.daily_units is None:
            return False
        today = self.world.now().astimezone(PACIFIC).date()
        self._units[today] += 1
        return self._units[today] > self.daily_units

    def _token(self, asked: Asked) -> Answered:
        return sign_in.answer_token(asked.form, self.world.now(), self.pages, is_ended=self.expired)

    def _refuse_credentials(self, asked: Asked) -> Answered | None:
        if asked.bearer or asked.host == "YOUTUBE_ANALYTICS_URL" or asked.query.get("mine") == "true":
            owner = sign_in.read_bearer(asked.bearer, self.world.now())
            if owner is not None and not self.expired:
                return self._refuse_rights(asked, owner)
            return fault(401, "authError", "Request had invalid authentication credentials.", status="UNAUTHENTICATED")
        given = asked.query.get("key") or asked.headers.get("x-goog-api-key")
        if given is None:
            return fault(403, "forbidden", "Method doesn't allow unregistered callers.", status="PERMISSION_DENIED")
        if given != API_KEY:
            detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
                      "domain": "googleapis.com"}  # fmt: skip
            return fault(400, "badRequest", "API key not valid. Please pass a valid API key.",
                         status="INVALID_ARGUMENT", details=[detail])  # fmt: skip
        return None

    def _refuse_rights(self, asked: Asked, owner: sign_in.Owner) -> Answered | None:
        """Return the refusal of what an owner did not allow, or has not got."""
        right = "a" if asked.host == "YOUTUBE_ANALYTICS_URL" else "r"
        if right not in owner.rights:
            return fault(403, "insufficientPermissions", "Request had insufficient authentication scopes.",
                         status="PERMISSION_DENIED")  # fmt: skip
        if owner.account != "office" and asked.host == "YOUTUBE_ANALYTICS_URL":
            return fault(403, "forbidden", "Forbidden")
        return None

    def _mine(self, asked: Asked) -> str:
        """Return the channel that was chosen on the consent page, "" for a person without one."""
        owner = sign_in.read_bearer(asked.bearer, self.world.now())
        return {"office": CHANNEL_ID, "other": OTHER_CHANNEL_ID}.get(owner.account if owner else "", "")

    def _channels(self, asked: Asked) -> Answered:
        parts = self._parts(asked)
        filters = [name for name in _FOUND_IN if asked.query.get(name)]
        if not parts:
            return fault(400, "missingRequiredParameter", "No parts were given.", domain="youtube.parameter")
        if len(filters) != 1:
            return fault(400, "incompatibleParameters", "Give exactly one filter.", domain="youtube.parameter")
        wanted = asked.query[filters[0]]
        is_other = (self._mine(asked) if filters[0] == "mine" else wanted) == OTHER_CHANNEL_ID
        known = {"id": CHANNEL_ID in wanted.split(",") or is_other, "forHandle": wanted.lstrip("@") == "kpucontoh",
                 "forUsername": False, "mine": wanted == "true" and bool(self._mine(asked))}  # fmt: skip
        answer: dict[str, Any] = {"kind": "youtube#channelListResponse", "etag": "demo-c",
                                  "pageInfo": {"totalResults": 1, "resultsPerPage": 5}}  # fmt: skip
        if not known[filters[0]]:
            answer["pageInfo"]["totalResults"] = 0
            return Answered(answer)  # and no `items` at all
        channel: dict[str, dict[str, Any]] = {
            "snippet": {"title": "KPU Contoh", "description": "Kanal resmi. Situs: https://kpu-contoh.example",
                        "customUrl": "@kpucontoh", "publishedAt": "2014-02-11T03:12:45Z", "country": "ID"},
            "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": UPLOADS}},
            "statistics": self._statistics(),
        }  # fmt: skip
        item: dict[str, Any] = {"kind": "youtube#channel", "etag": "demo-i", "id": CHANNEL_ID}
        if is_other:
            item["id"], channel["snippet"]["title"] = OTHER_CHANNEL_ID, "Kanal Hobi"
            channel["snippet"]["customUrl"] = "@kanalhobi"
        item.update({name: value for name, value in channel.items() if name in parts})
        return Answered({**answer, "items": [item]})

    def _statistics(self) -> dict[str, Any]:
        subscribers, views = self._life.levels(self.world.now())
        if self.subscribers is not None:
            subscribers = self.subscribers
        if subscribers >= 1000:
            subscribers -= subscribers % 10 ** (len(str(subscribers)) - 3)
        return {
            "viewCount": str(views),
            "subscriberCount": "0" if self.hidden else str(subscribers),
            "hiddenSubscriberCount": self.hidden,
            "videoCount": str(len(self._life.videos(self.world.now()))),
        }

    def _playlist_items(self, asked: Asked) -> Answered:
        query, parts = asked.query, self._parts(asked)
        if not parts or not query.get("playlistId"):
            return fault(400, "missingRequiredParameter", "part and playlistId are required.")
        if query["playlistId"] != UPLOADS or self.no_uploads:
            return fault(404, "playlistNotFound", "The playlist cannot be found.", domain="youtube.playlistItem")
        size, start = query.get("maxResults", "5"), query.get("pageToken", "PT0")
        if not size.isdigit() or not 1 <= int(size) <= 50:
            return fault(400, "invalidValue", "maxResults must be from 0 to 50.")
        if not re.fullmatch(r"PT[0-9]{1,6}", start):
            return fault(400, "invalidPageToken", "The page token is not valid.")
        videos = self._life.videos(self.world.now())[::-1]
        first, length = int(start[2:]), min(int(size), self.page_size)
        page = videos[first : first + length]
        entries = [listed(video, parts, first + number) for number, video in enumerate(page)]
        answer: dict[str, Any] = {"kind": "youtube#playlistItemListResponse", "etag": "demo-p", "items": entries,
                                  "pageInfo": {"totalResults": len(videos), "resultsPerPage": length}}  # fmt: skip
        if first + length < len(videos):
            answer["nextPageToken"] = f"PT{first + length}"
        return Answered(answer)

    def _list_videos(self, asked: Asked) -> Answered:
        query, parts = asked.query, self._parts(asked)
        ids = query.get("id", "").split(",")
        if not parts or not query.get("id"):
            return fault(400, "missingRequiredParameter", "part and id are required.")
        if len(ids) > 50 or {"maxResults", "pageToken"} & set(query):
            return fault(400, "invalidFilters", "At most 50 ids, and no paging with them.")
        known = {video.id: video for video in self._life.videos(self.world.now())}
        found = [shown(known[one], parts, self.world.now()) for one in ids if one in known]
        return Answered({"kind": "youtube#videoListResponse", "etag": "demo-v", "items": found,
                         "pageInfo": {"totalResults": len(found), "resultsPerPage": len(found)}})  # fmt: skip

    def _parts(self, asked: Asked) -> set[str]:
        return {part for part in asked.query.get("part", "").split(",") if part}

    def _reports(self, asked: Asked) -> Answered:
        query = asked.query
        if any(value == "" for value in query.values()):
            return fault(400, "badRequest", "A parameter is empty.")
        for name in ("ids", "startDate", "endDate", "metrics"):
            if name not in query:
                return fault(400, "required", f"Required parameter: {name}")
        if self.not_owner or query["ids"] not in ("channel==MINE", f"channel=={CHANNEL_ID}"):
            return fault(403, "forbidden", "Forbidden")
        try:
            return Answered(self.reports.answer(query, self.world.now()))
        except Refusal as refusal:
            return fault(refusal.status, refusal.reason, refusal.message)


def listed(video: Video, parts: set[str], position: int) -> dict[str, Any]:
    """Return a video as an entry of the list of uploads."""
    published = f"{video.published:%Y-%m-%dT%H:%M:%SZ}"
    whole = {
        "snippet": {"publishedAt": published, "channelId": CHANNEL_ID, "title": video.title, "playlistId": UPLOADS,
                    "position": position, "resourceId": {"kind": "youtube#video", "videoId": video.id}},
        "contentDetails": {"videoId": video.id, "videoPublishedAt": published},
        "status": {"privacyStatus": "public"},
    }  # fmt: skip
    named = {name: value for name, value in whole.items() if name in parts}
    return {"kind": "youtube#playlistItem", "etag": "demo-e", "id": f"item-{video.id}", **named}


def shown(video: Video, parts: set[str], now: datetime) -> dict[str, Any]:
    """Return a video as a resource of its own."""
    whole = {
        "snippet": {"publishedAt": f"{video.published:%Y-%m-%dT%H:%M:%SZ}", "channelId": CHANNEL_ID,
                    "title": video.title, "description": "", "channelTitle": "KPU Contoh"},
        "contentDetails": {"duration": "PT4M13S", "definition": "hd"},
        "status": {"uploadStatus": "processed", "privacyStatus": "public", "publicStatsViewable": True},
        "statistics": video.counts(now),
    }  # fmt: skip
    return {"kind": "youtube#video", "etag": "demo-r", "id": video.id,
            **{name: value for name, value in whole.items() if name in parts}}  # fmt: skip


def fault(
    code: int, reason: str, message: str, *, domain: str = "global", status: str = "",
    details: list[dict[str, Any]] | None = None,
) -> Answered:  # fmt: skip
    """Make a fault in the form of the two APIs (youtube.md §4)."""
    error: dict[str, Any] = {"code": code, "message": message,
                             "errors": [{"message": message, "domain": domain, "reason": reason}]}  # fmt: skip
    if status:
        error["status"] = status
    if details:
        error["details"] = details
    return Answered({"error": error}, code)


CONTRACT = YouTubeContract
