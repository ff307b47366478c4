"""What the benchmark's platforms answer: always the same for the same question, about 35 KB for an account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import parse_qsl

from benchmarks.population import NOW, handle_of, id_of_refresh_key, key_of

Answer = dict[str, object]

LEVELS = ("followers", "likes", "following", "posts", "views")
FLOWS = ("impressions", "interactions", "clicks", "comments", "shares")
OF_POSTS = ("reactions", "comments", "shares")

CITIES = tuple(f"Kota Contoh {number}, Kalimantan Barat, Indonesia" for number in range(45))
COUNTRIES = ("ID", "MY", "SG", "SA", "VN", "JP", "US", "AU", "NL", "GB", "DE", "FR", "TR", "EG", "IN", "PK", "BD", "TH",
             "PH", "KR")  # fmt: skip
_POSTS = 50
_BETWEEN_POSTS = timedelta(hours=14)
_TEXT = (
    "Sosialisasi pemilih pemula di sekolah menengah: petugas menjelaskan tahapan, syarat memilih, dan cara memeriksa "
    "daftar pemilih. Terima kasih kepada semua yang hadir.\n#KPUMelayani #Contoh"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, taken apart as far as an answer needs it. `slug` is the first part of the path: the platform."""

    slug: str
    path: str
    query: Mapping[str, str]
    bearer: str
    body: bytes

    @classmethod
    def parse(cls, raw: bytes) -> "Asked":
        """Take a whole HTTP request apart."""
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        target, _, query = lines[0].split(" ")[1].partition("?")
        slug, _, path = target.lstrip("/").partition("/")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        return cls(slug, f"/{path}", dict(parse_qsl(query)), bearer, body)

    @property
    def question(self) -> str:
        """What is asked: the last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def id(self) -> str:
        """Whose figures are asked for, or who wants to sign in."""
        if self.question == "sign-in":
            return id_of_refresh_key(dict(parse_qsl(self.body.decode()))["refresh_token"])
        return self.path.split("/")[2]


class RefusedError(Exception):
    """A request that no good side makes: the benchmark must not go on with it."""


def answer(asked: Asked) -> Answer:
    """Answer a request. Raises RefusedError where it was asked with another account's key."""
    if asked.question == "sign-in":
        return {"access_token": key_of(asked.id), "expires_in": 3599, "token_type": "Bearer"}
    if asked.bearer != key_of(asked.id):
        raise RefusedError(f"{asked.path} was not asked with its own key")
    return _ANSWERS[asked.question](asked)


def figure(number: int, kind: int, day: int) -> int:
    """Return a number from 0 to 396 that depends on the account, the kind of figure and the day alone."""
    return (number * 7919 + kind * 104_729 + day * (day + 13) * 31) % 397


def _profile(asked: Asked) -> Answer:
    number = int(asked.id)
    counts = {name: 900 + figure(number, kind, 1) for kind, name in enumerate(LEVELS)}
    return {"id": asked.id, "handle": handle_of(number), "name": f"KPU Contoh {number}", "counts": counts}


def _days(asked: Asked) -> Answer:
    first, last = (date.fromisoformat(asked.query[name]) for name in ("since", "until"))
    days = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
    return {
        "series": {
            name: [{"day": str(day), "value": figure(int(asked.id), kind, day.toordinal())} for day in days]
            for kind, name in enumerate(FLOWS)
        }
    }


def _audience(asked: Asked) -> Answer:
    day = date.fromisoformat(asked.query["day"]).toordinal()
    labels = [*(("city", name) for name in CITIES), *(("country", name) for name in COUNTRIES)]
    parts = [
        {"dimension": dimension, "name": name, "count": 3 + figure(int(asked.id), place, day)}
        for place, (dimension, name) in enumerate(labels)
    ]
    return {"day": asked.query["day"], "parts": parts}


def _posts(asked: Asked) -> Answer:
    first = int(asked.query.get("after", "0"))
    last = min(_POSTS, first + int(asked.query["limit"]))
    listed: Answer = {"posts": [_post(asked.id, count) for count in range(first, last)]}
    return {**listed, "after": str(last)} if last < _POSTS else listed


def _post(account: str, count: int) -> Answer:
    id = f"{account}_{122_160_000_000_000_000 + _POSTS - count}"
    counts = {name: figure(int(account), 10 + kind, count) for kind, name in enumerate(OF_POSTS)}
    return {
        "id": id,
        "text": f"{_TEXT} ({count})",
        "created_at": f"{NOW - _BETWEEN_POSTS * count:%Y-%m-%dT%H:%M:%S}+00:00",
        "link": f"https://bench.example/{account}/posts/{id}",
        "picture": f"https://bench.example/pictures/{id}/large.jpg?stp=dst-jpg_p720x720&ohc={id}",
        "kind": "added_photos",
        "counts": counts,
    }


_ANSWERS: Mapping[str, Callable[[Asked], Answer]] = {
    "profile": _profile, "days": _days, "audience": _audience, "posts": _posts,
}  # fmt: skip
