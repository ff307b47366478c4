"""YouTube, Google's sign-in and Google Analytics: two pages of uploads, two batches of videos, tables of days."""

import json
from base64 import urlsafe_b64decode
from datetime import date, timedelta

from benchmarks.answers.asked import Answer, Asked, RefusedError, figure
from benchmarks.population import NOW, bearer_of, number_of, service_account_of

_UPLOADS, _PER_PAGE = 100, 50
_BETWEEN_UPLOADS = timedelta(hours=7)


def answer_sign_in(asked: Asked) -> Answer:
    """Answer a channel's refresh token or a service account's statement."""
    form = asked.form
    if "assertion" in form:
        claims = form["assertion"].split(".")[1]
        issuer = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"]
        platform, number = "website", int(issuer[6:11])
        if issuer != service_account_of(number):
            raise RefusedError(f"no such service account: {issuer}")
    else:
        platform, number = "youtube", int(form["refresh_token"].rpartition("-")[2])
    return {"access_token": bearer_of(platform, number), "expires_in": 3599, "token_type": "Bearer"}


def answer_data(asked: Asked) -> Answer:
    """Answer for a channel, its uploads or some videos."""
    match asked.path.rpartition("/")[2]:
        case "channels":
            return _channel(asked)
        case "playlistItems":
            return _uploads(asked)
        case "videos":
            return _videos(asked)
    raise RefusedError(asked.path)


def answer_analytics(asked: Asked) -> Answer:
    """Answer a table of days."""
    number = number_of("youtube", asked.query["ids"].removeprefix("channel=="))
    _check(asked, number)
    names = asked.query["metrics"].split(",")
    rows = [
        [str(day), *(figure(number, kind, day.toordinal()) for kind in range(len(names)))]
        for day in _days(asked.query["startDate"], asked.query["endDate"])
    ]
    headers = [{"name": "day", "columnType": "DIMENSION", "dataType": "STRING"}]
    headers += [{"name": name, "columnType": "METRIC", "dataType": "INTEGER"} for name in names]
    return {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers, "rows": rows}


def answer_ga4(asked: Asked) -> Answer:
    """Answer a report of a property by day."""
    number = number_of("ga4", asked.path.rpartition("/")[2].partition(":")[0])
    if asked.bearer != bearer_of("website", number):
        raise RefusedError(f"{asked.path} was not asked with its own key")
    question = json.loads(asked.body)
    names = [metric["name"] for metric in question["metrics"]]
    rows = [
        {
            "dimensionValues": [{"value": f"{day:%Y%m%d}"}],
            "metricValues": [{"value": str(figure(number, kind, day.toordinal()))} for kind in range(len(names))],
        }
        for day in _days(question["dateRanges"][0]["startDate"], question["dateRanges"][0]["endDate"])
    ]
    return {
        "dimensionHeaders": [{"name": "date"}],
        "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in names],
        "rows": rows,
        "rowCount": len(rows),
        "metadata": {"currencyCode": "IDR", "timeZone": "Asia/Jakarta"},
        "kind": "analyticsData#runReport",
    }


def _check(asked: Asked, number: int) -> None:
    if asked.bearer != bearer_of("youtube", number):
        raise RefusedError(f"{asked.path} was not asked with its own key")


def _days(first: str, last: str) -> list[date]:
    begin = date.fromisoformat(first)
    return [begin + timedelta(days=passed) for passed in range((date.fromisoformat(last) - begin).days + 1)]


def _channel(asked: Asked) -> Answer:
    number = number_of("youtube", asked.query["id"])
    _check(asked, number)
    channel = {
        "kind": "youtube#channel",
        "id": asked.query["id"],
        "snippet": {"title": f"KPU Contoh {number}", "description": "Kanal resmi", "customUrl": f"@kpu_{number:05d}",
                    "publishedAt": "2014-02-11T03:12:45Z", "country": "ID"},
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{asked.query['id'][2:]}"}},
        "statistics": {"viewCount": str(30_000 + figure(number, 1, 1)), "hiddenSubscriberCount": False,
                       "subscriberCount": str(400 + figure(number, 1, 2)), "videoCount": str(_UPLOADS)},
    }  # fmt: skip
    return {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 1, "resultsPerPage": 5},
            "items": [channel]}  # fmt: skip


def _uploads(asked: Asked) -> Answer:
    number = number_of("youtube", asked.query["playlistId"].removeprefix("UU"))
    _check(asked, number)
    first = int(asked.query.get("pageToken", "PT0")[2:])
    entries = [
        {
            "kind": "youtube#playlistItem",
            "etag": f"e{number}-{count}",
            "id": f"item-{number}-{count}",
            "contentDetails": {"videoId": f"v{number:05d}{count:05d}", "videoPublishedAt": _published(count)},
            "status": {"privacyStatus": "public"},
        }
        for count in range(first, first + _PER_PAGE)
    ]
    answer: dict[str, object] = {"kind": "youtube#playlistItemListResponse", "items": entries,
                                 "pageInfo": {"totalResults": _UPLOADS, "resultsPerPage": _PER_PAGE}}  # fmt: skip
    if first + _PER_PAGE < _UPLOADS:
        answer["nextPageToken"] = f"PT{first + _PER_PAGE}"
    return answer


def _videos(asked: Asked) -> Answer:
    ids = asked.query["id"].split(",")
    number = int(ids[0][1:6])
    _check(asked, number)
    items = [_video(id, number, int(id[6:])) for id in ids]
    return {"kind": "youtube#videoListResponse", "items": items,
            "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)}}  # fmt: skip


def _video(id: str, number: int, count: int) -> dict[str, object]:
    views, likes, comments = (str(figure(number, 20 + kind, count)) for kind in range(3))
    return {
        "kind": "youtube#video",
        "id": id,
        "snippet": {"publishedAt": _published(count), "channelId": f"UC{number:022d}",
                    "title": f"Sosialisasi pemilih pemula ({count})", "description": "", "channelTitle": "KPU Contoh"},
        "status": {"uploadStatus": "processed", "privacyStatus": "public", "publicStatsViewable": True},
        "statistics": {"viewCount": views, "likeCount": likes, "favoriteCount": "0", "commentCount": comments},
    }  # fmt: skip


def _published(count: int) -> str:
    return f"{NOW - _BETWEEN_UPLOADS * count:%Y-%m-%dT%H:%M:%SZ}"
