"""What a report is made from: plain values that were looked up before, so that composing needs no store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from collector.growth.change import Change
from collector.growth.periods import Period
from collector.growth.points import Point
from collector.growth.question import Question
from collector.reports.narrative import Narrative
from connectors.kit import Measure


@dataclass(frozen=True, slots=True)
class Share:
    """One part of an audience: a city, a country, an age group. `kind` is the dimension's ("city")."""

    kind: str
    label: str
    point: Point


@dataclass(frozen=True, slots=True)
class TopPost:
    """A post of the period with its count of the one metric that posts are ranked by."""

    title: str
    link: str
    created: date
    point: Point


@dataclass(frozen=True, slots=True)
class Quote:
    """A percentage that a platform or an older report states: printed as it stands, never computed with."""

    measure: str
    metric: str
    span: str
    decimals: int
    point: Point


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that is missing on some days, and why, in words."""

    label: str
    first: date
    last: date
    message: str


@dataclass(frozen=True, slots=True)
class AccountMaterial:
    """All about one account. `measures` are the known ones by key; `shares` are of the newest day of each kind.

    `names_site` says whether the link of its bio leads to the office's own site, None where that is not known;
    `succession` in whose place it came, or who came in its place; `doubts` what about it changed, and by whose hand.
    """

    slug: str
    platform: str
    colour: str
    handle: str
    name: str
    link: str
    identity: str
    question: Question
    changes: tuple[Change, ...]
    measures: Mapping[str, Measure]
    followers: tuple[Point, ...] = ()
    shares: tuple[Share, ...] = ()
    top_metric: str = ""
    top_posts: tuple[TopPost, ...] = ()
    posts_seen: int | None = None
    quotes: tuple[Quote, ...] = ()
    missing: tuple[Missing, ...] = ()
    bio_link: str = ""
    names_site: bool | None = None
    succession: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which nothing could be collected. `kind` is power (the service did not run) or line."""

    kind: str
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Material:
    """What one report is made from."""

    language: str
    office: str
    office_name: str
    seat: str
    zone: ZoneInfo
    period: Period
    against: Period
    position: datetime
    made_at: datetime
    accounts: tuple[AccountMaterial, ...]
    narrative: Narrative
    outages: tuple[Outage, ...] = ()
