"""Metrics and measures: what is counted, and what exactly a platform's figure of it means.

A `Metric` is a word that several platforms share ("followers"). A `Measure` is one platform's figure of it: over which
span, of which kind, and by which definition since when. Kind and definition belong to the measure, because `views` is
a flow of a Facebook day, a counter of a video and a level of a channel. Nothing here does arithmetic; `Kind` says
which arithmetic is allowed.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """How a figure may be compared over time."""

    LEVEL = "level"  # a count as it stood at a moment: last minus base, never summed
    COUNTER = "counter"  # an ever-growing lifetime count: difference; a fall is a correction, and flagged
    FLOW = "flow"  # an amount of a span: sums against sums; a missing day is never a zero
    UNIQUE = "unique"  # distinct people of the platform's own window: never summed over anything
    RATIO = "ratio"  # a percentage or rate that the platform states: quoted, never summed, averaged or grown


class Subject(StrEnum):
    """What a figure is about."""

    ACCOUNT = "account"
    POST = "post"
    AUDIENCE = "audience"  # a share of the account's audience; the reading names the dimension ("city:…")


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the two languages of the product: Bahasa Indonesia first, English second."""

    id: str
    en: str

    def text(self, language: str) -> str:
        """Return the text in `language` ("id" or "en")."""
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class Metric:
    """A shared word for something counted.

    `key` is what stands in the store, in files and on the command line; `unit` is the English singular of what one
    is ("person", "view"); `labels` is what people read.
    """

    key: str
    unit: str
    labels: Words


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure means from `since` on (None: from the beginning of the API's own memory)."""

    since: date | None
    text: Words


NOW, DAY, MONTH, QUARTER, SEMESTER, YEAR = "now", "day", "month", "quarter", "semester", "year"
_SPAN = re.compile(r"now|day|\d+d|month|quarter|semester|year")


def window(days: int) -> str:
    """Return the span word of a rolling window of `days` days ("28d")."""
    return f"{days}d"


def window_days(span: str) -> int | None:
    """Return the length in days of a rolling window's span word, None for any other span."""
    return int(span[:-1]) if span.endswith("d") and span[:-1].isdigit() else None


@dataclass(frozen=True, slots=True)
class Measure:
    """One platform's figure of a metric.

    `span` is `now` for a figure that holds at the moment of asking, `day` for one of a platform's calendar day, `28d`
    (any number) for a rolling window, or the calendar period it covers. `places` is the number of decimal places:
    values are integers scaled by it (a ratio of 30.6 % with one place is stored as 306). `floor` is the audience
    below which the platform answers nothing; `reach_back` how many days back it can be asked. `by` names the service
    that counted, where a platform has two whose figures must never be set against each other.
    """

    metric: Metric
    subject: Subject
    span: str
    kind: Kind
    definitions: tuple[Definition, ...]
    places: int = 0
    floor: int | None = None
    reach_back: int | None = None
    by: str = ""
    key: str = field(init=False, compare=False)
    """Names the measure within its platform: metric, subject and span ("views:post:now", "users@a:account:day")."""

    def __post_init__(self) -> None:
        counted = f"{self.metric.key}@{self.by}" if self.by else self.metric.key
        object.__setattr__(self, "key", f"{counted}:{self.subject}:{self.span}")
        if not _SPAN.fullmatch(self.span):
            raise ValueError(f"unknown span {self.span!r} of {self.metric.key}")
        if not self.definitions:
            raise ValueError(f"{self.metric.key} has no definition")
        later = [definition.since for definition in self.definitions[1:]]
        dates = [day for day in later if day is not None]
        if len(dates) != len(later) or dates != sorted(set(dates)):
            raise ValueError(f"the definitions of {self.metric.key} must be in order of their dates")

    def part(self, about: str) -> str:
        """Name what one refusal is of: the measure, or of an audience's measure one dimension alone ("…/city")."""
        dimension = about.partition(":")[0]
        return f"{self.key}/{dimension}" if dimension and self.subject is Subject.AUDIENCE else self.key

    def version(self, on: date) -> int:
        """Return the number, from 1, of the definition that was in force on the platform's day `on`."""
        return max(
            number
            for number, definition in enumerate(self.definitions, start=1)
            if number == 1 or (definition.since is not None and definition.since <= on)
        )


def metric(key: str, unit: str, id: str, en: str) -> Metric:
    """Declare a metric; `id` and `en` are its labels."""
    return Metric(key, unit, Words(id, en))


def since(day: date | None, id: str, en: str) -> Definition:
    """Declare a definition in force from `day`."""
    return Definition(day, Words(id, en))


# The shared words. A metric that only one platform has is declared in that platform's module, as "<slug>.<key>".
FOLLOWERS = metric("followers", "person", "pengikut", "followers")
FOLLOWING = metric("following", "account", "mengikuti", "following")
POSTS = metric("posts", "post", "unggahan", "posts")
VIEWS = metric("views", "view", "tayangan (views)", "views")
IMPRESSIONS = metric("impressions", "impression", "impresi (impressions)", "impressions")
REACH = metric("reach", "person", "jangkauan", "reach")
INTERACTIONS = metric("interactions", "interaction", "interaksi", "interactions")
REACTIONS = metric("reactions", "reaction", "reaksi", "reactions")
LIKES = metric("likes", "like", "suka", "likes")
COMMENTS = metric("comments", "comment", "komentar", "comments")
SHARES = metric("shares", "share", "dibagikan", "shares")
SAVES = metric("saves", "save", "disimpan", "saves")
CLICKS = metric("clicks", "click", "klik", "clicks")
PROFILE_VISITS = metric("profile_visits", "visit", "kunjungan profil", "profile visits")
WATCH_MINUTES = metric("watch_minutes", "minute", "menit tonton", "watch minutes")
FOLLOWERS_GAINED = metric("followers_gained", "person", "pengikut baru", "followers gained")
FOLLOWERS_LOST = metric("followers_lost", "person", "pengikut berhenti", "followers lost")
SESSIONS = metric("sessions", "session", "sesi kunjungan", "sessions")
USERS = metric("users", "person", "pengunjung", "users")
PAGE_VIEWS = metric("page_views", "view", "halaman dilihat", "page views")

# Percentages that a platform or an older report states. They are quoted and never used to compute anything.
FOLLOWERS_CHANGE = metric("followers_change", "percent", "perubahan pengikut (dikutip)", "change in followers (quoted)")
REACH_CHANGE = metric("reach_change", "percent", "perubahan jangkauan (dikutip)", "change in reach (quoted)")
INTERACTIONS_CHANGE = metric(
    "interactions_change", "percent", "perubahan interaksi (dikutip)", "change in interactions (quoted)"
)
FOLLOWERS_SHARE = metric("followers_share", "percent", "bagian pengikut (dikutip)", "share of followers (quoted)")

_AS_STATED = (since(None, "Persentase sebagaimana tertulis pada sumbernya", "The percentage as its source states it"),)

QUOTED_MEASURES: tuple[Measure, ...] = (
    Measure(FOLLOWERS_CHANGE, Subject.ACCOUNT, NOW, Kind.RATIO, _AS_STATED, places=1),
    Measure(REACH_CHANGE, Subject.ACCOUNT, window(28), Kind.RATIO, _AS_STATED, places=1),
    Measure(INTERACTIONS_CHANGE, Subject.ACCOUNT, window(28), Kind.RATIO, _AS_STATED, places=1),
    Measure(FOLLOWERS_SHARE, Subject.AUDIENCE, NOW, Kind.RATIO, _AS_STATED, places=1),
)
"""What a person may type on every platform although no API gives it: percentages printed by others."""
