"""The timeline of the stand-in's X account: posts that gather figures as they grow older (x.md §3, §4 and §9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from collector.demo.standin import Answered, Asked
from collector.demo.world import EPOCH, chance, flow

PROBLEMS = "https://api.x.com/2/problems/"
POSTS_A_DAY = 1.1
PRIVATE_FOR = timedelta(days=30)

_X_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
_PRIVATE = ("non_public_metrics", "organic_metrics")
_TOPICS = ("Jadwal rapat pleno terbuka", "Daftar pemilih tetap", "Sosialisasi ke sekolah", "Simulasi pemungutan suara")


@dataclass(frozen=True, slots=True)
class Made:
    """A post: its number at X, when it was made, and whether it answers another."""

    id: int
    at: datetime
    is_reply: bool

    def figures(self, now: datetime, dialect: str) -> dict[str, dict[str, int]]:
        """Return what it has gathered by `now`; most of it in the first days."""
        days = (now - self.at) / timedelta(days=1)
        share = days / (days + 1.5)

        def of(name: str, most: int) -> int:
            return int(most * (0.2 + chance("x", name, self.id)) * share)

        reposts, seen, likes = of("reposts", 9), of("seen", 2_400), of("likes", 60)
        public = {"retweet_count" if dialect == "tweet.fields" else "repost_count": reposts,
                  "reply_count": of("replies", 6), "like_count": likes, "quote_count": of("quotes", 2),
                  "bookmark_count": of("bookmarks", 4), "impression_count": seen}  # fmt: skip
        clicks = {"url_link_clicks": of("links", 30), "user_profile_clicks": of("profile", 8)}
        return {
            "public_metrics": public,
            "non_public_metrics": {"impression_count": seen, "engagements": likes + reposts + sum(clicks.values()),
                                   **clicks},
            "organic_metrics": {"impression_count": seen, "like_count": likes, **clicks},
        }  # fmt: skip


@lru_cache(maxsize=2_000)
def posts_of(day: date) -> tuple[Made, ...]:
    """Return the posts of a day of UTC, oldest first."""
    made = []
    for number in range(flow("x.posts", day, POSTS_A_DAY)):
        seconds = int(3600 * (1 + 9 * chance("x.hour", day, number))) + number
        at = datetime.combine(day, time(), UTC) + timedelta(seconds=seconds)
        id = (int((at - _X_EPOCH) / timedelta(milliseconds=1)) << 22) + number
        made.append(Made(id, at, chance("x.reply", day, number) < 0.1))
    return tuple(sorted(made, key=lambda one: one.at))


def list_posts(asked: Asked, now: datetime, dialect: str, *, private: bool, withheld: bool, refuses: bool) -> Answered:
    """Answer for the timeline: newest first, a page at a time; what is not asked for in a known word is left out."""
    query = asked.query
    size = query.get("max_results", "10")
    if not size.isdigit() or not 5 <= int(size) <= 100:
        return problem(400, "invalid-request", "Invalid Request", f"The `max_results` query parameter value [{size}] "
                       "is not between 5 and 100")  # fmt: skip
    if dialect == "current" and refuses and "tweet.fields" in query:
        return problem(400, "invalid-request", "Invalid Request", "The query parameter [tweet.fields] is not one of "
                       "[post.fields]")  # fmt: skip
    words = "post.fields" if dialect == "current" or "post.fields" in query else "tweet.fields"
    fields = set(query.get(words, "").split(","))
    start, end = _moment(query.get("start_time"), EPOCH_MOMENT), _moment(query.get("end_time"), now)
    wanted = [
        made for made in _between(start, min(end, now)) if not (made.is_reply and "replies" in query.get("exclude", ""))
    ]
    first = int(query.get("pagination_token", "p0")[1:])
    page, rest = wanted[first : first + int(size)], wanted[first + int(size) :]
    given, errors = [], []
    for made in page:
        refused = [name for name in _PRIVATE if name in fields and not (private and now - made.at < PRIVATE_FOR)]
        if refused:
            errors += [_field_problem(made, name) for name in refused]
        else:
            given.append(_shown(made, fields, words, now, withheld=withheld))
    meta: dict[str, Any] = {"result_count": len(given)}
    if given:
        meta |= {"newest_id": given[0]["id"], "oldest_id": given[-1]["id"]}
    if rest:
        meta["next_token"] = f"p{first + int(size)}"
    parts: Mapping[str, Any] = {"data": given, "errors": errors}
    return Answered({**{name: value for name, value in parts.items() if value}, "meta": meta})


def _between(start: datetime, end: datetime) -> list[Made]:
    days = (start.date() + timedelta(days=number) for number in range((end.date() - start.date()).days + 1))
    return sorted((made for day in days for made in posts_of(day) if start <= made.at < end),
                  key=lambda made: made.at, reverse=True)  # fmt: skip


def _shown(made: Made, fields: set[str], words: str, now: datetime, *, withheld: bool) -> dict[str, Any]:
    history = "edit_history_tweet_ids" if words == "tweet.fields" else "edit_history_post_ids"
    topic = _TOPICS[int(chance("x.topic", made.id) * len(_TOPICS))]
    whole: dict[str, Any] = {
        "created_at": f"{made.at:%Y-%m-%dT%H:%M:%S}.000Z",
        **made.figures(now, words),
    }
    if made.is_reply and words == "tweet.fields":
        whole["referenced_tweets"] = [{"type": "replied_to", "id": str(made.id - 1)}]
    if withheld:
        del whole["public_metrics"]
    chosen = {name: value for name, value in whole.items() if name in fields}
    return {
        "id": str(made.id),
        "text": f"{topic}, {made.at:%d-%m-%Y} https://t.co/kpu",
        history: [str(made.id)],
        **chosen,
    }


def _field_problem(made: Made, name: str) -> dict[str, str]:
    return {"resource_type": "tweet", "resource_id": str(made.id), "parameter": "id",
            "field": f"{name}.impression_count",
            "title": "Field Authorization Error", "section": "data", "value": str(made.id),
            "detail": f"Sorry, you are not authorized to access '{name}.impression_count' on the Tweet with id : "
                      f"[{made.id}].", "type": f"{PROBLEMS}not-authorized-for-field"}  # fmt: skip


def _moment(text: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else otherwise


EPOCH_MOMENT = datetime.combine(EPOCH, time(), UTC)


def problem(
    status: int, slug: str, title: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: str
) -> Answered:
    """Make a fault in the usual form, problem+json."""
    return Answered({"title": title, "detail": detail, "type": f"{PROBLEMS}{slug}", "status": status, **more},
                    status, headers or {})  # fmt: skip
