"""Facebook Pages and Instagram accounts: two small answers, one of days, one of maps, and two pages of posts."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from benchmarks.answers.asked import Answer, Asked, RefusedError, figure
from benchmarks.population import NOW, bearer_of, number_of

CITIES = tuple(f"Kota Contoh {number}, Kalimantan Barat, Indonesia" for number in range(45))
COUNTRIES = ("ID", "MY", "SG", "SA", "VN", "JP", "US", "AU", "NL", "GB", "DE", "FR", "TR", "EG", "IN", "PK", "BD", "TH",
             "PH", "KR")  # fmt: skip
_MAPS = {"page_follows_city": CITIES, "page_follows_country": COUNTRIES}
_POSTS, _PER_PAGE = 50, 25
_BETWEEN_POSTS = timedelta(hours=14)
_PACIFIC = ZoneInfo("America/Los_Angeles")
_TEXT = (
    "Sosialisasi pemilih pemula di sekolah menengah: petugas menjelaskan tahapan, syarat memilih, dan cara memeriksa "
    "daftar pemilih. Terima kasih kepada semua yang hadir.\n#KPUMelayani #Contoh"
)


def answer_facebook(asked: Asked) -> Answer:
    """Answer for a Page."""
    _, _, node = asked.path.lstrip("/").partition("/")
    page, _, edge = node.partition("/")
    number = number_of("facebook", page)
    _check(asked, "facebook", number)
    if edge == "insights":
        return _insights(page, number, asked)
    if edge == "published_posts":
        return _posts(page, number, asked)
    followers = 900 + number + figure(number, 1, 1)
    return {"followers_count": followers, "fan_count": followers - 41, "id": page}


def answer_instagram(asked: Asked) -> Answer:
    """Answer for an Instagram account."""
    node = asked.path.rpartition("/")[2]
    number = number_of("instagram", node)
    _check(asked, "instagram", number)
    return {
        "username": f"kpu_{number:05d}",
        "followers_count": 1100 + figure(number, 2, 1),
        "follows_count": 90 + figure(number, 2, 2),
        "media_count": 400 + figure(number, 2, 3),
        "id": node,
    }


def _check(asked: Asked, platform: str, number: int) -> None:
    if asked.bearer != bearer_of(platform, number) or not asked.query.get("appsecret_proof"):
        raise RefusedError(f"{asked.path} was not asked with its own key")


def _insights(page: str, number: int, asked: Asked) -> Answer:
    since, until = (date.fromisoformat(asked.query[name]) for name in ("since", "until"))
    days = [since + timedelta(days=passed) for passed in range((until - since).days)]
    data = [
        {
            "name": name,
            "period": "day",
            "values": [{"value": _value(name, kind, number, day), "end_time": _end(day)} for day in days],
            "title": name.replace("_", " ").title(),
            "description": "Daily: what happened on the Page on that day.",
            "id": f"{page}/insights/{name}/day",
        }
        for kind, name in enumerate(asked.query["metric"].split(","))
    ]
    return {"data": data, "paging": {"previous": "https://graph.example/previous", "next": "https://graph.example/"}}


def _value(name: str, kind: int, number: int, day: date) -> object:
    if name in _MAPS:
        return {label: 3 + figure(number, place, day.toordinal()) for place, label in enumerate(_MAPS[name])}
    return figure(number, kind, day.toordinal())


@lru_cache(maxsize=4096)
def _end(day: date) -> str:
    midnight = datetime.combine(day + timedelta(days=1), time(), _PACIFIC).astimezone(UTC)
    return f"{midnight:%Y-%m-%dT%H:%M:%S}+0000"


def _posts(page: str, number: int, asked: Asked) -> Answer:
    first = int(asked.query.get("after", "0"))
    last = min(_POSTS, first + int(asked.query["limit"]))
    paging: dict[str, object] = {"cursors": {"before": str(first), "after": str(last)}}
    if last < _POSTS:
        paging["next"] = "https://graph.example/next"
    return {"data": [_post(page, number, count) for count in range(first, last)], "paging": paging}


def _post(page: str, number: int, count: int) -> dict[str, object]:
    id = f"{page}_{122_160_000_000_000_000 + _POSTS - count}"
    gathered = [figure(number, 10 + kind, count) for kind in range(3)]
    post: dict[str, object] = {
        "id": id,
        "message": f"{_TEXT} ({count})",
        "created_time": f"{NOW - _BETWEEN_POSTS * count:%Y-%m-%dT%H:%M:%S}+0000",
        "permalink_url": f"https://www.facebook.com/{id.replace('_', '/posts/')}",
        "status_type": "added_photos",
        "reactions": {"data": [], "summary": {"total_count": gathered[0]}},
        "comments": {"data": [], "summary": {"order": "ranked", "total_count": gathered[1], "can_comment": True}},
    }
    if gathered[2] % 4:  # a post that nobody shared has no such member
        post["shares"] = {"count": gathered[2]}
    return post
