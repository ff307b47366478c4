"""A small platform of our own, so that the rules are tested apart from what the real platforms declare."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest

from collector import language
from collector.importers.figures import TypedFigure, read_entry, read_figures
from collector.importers.tables import read_table
from connectors.kit import (
    Account,
    Assignment,
    Connector,
    Exchange,
    Fetch,
    Host,
    Keys,
    Kind,
    Limits,
    Measure,
    Observation,
    PlatformError,
    Profile,
    Subject,
    since,
    window,
)
from connectors.kit.metrics import DAY, FOLLOWERS, INTERACTIONS, MONTH, NOW, POSTS, REACH, USERS, VIEWS, WATCH_MINUTES

DEFINED = (since(None, "apa adanya", "as it is"),)
WINDOW_DEFINED = (since(None, "orang dalam 28 hari", "people in 28 days"),)

Read = Callable[..., tuple[TypedFigure, ...]]


class Square(Connector):
    """A platform named Alun-Alun with one measure of each sort."""

    slug = "square"
    name = "Alun-Alun"
    aliases = ("plaza",)
    colour = "#336699"
    measures = (
        Measure(FOLLOWERS, Subject.ACCOUNT, NOW, Kind.LEVEL, DEFINED),
        Measure(FOLLOWERS, Subject.AUDIENCE, DAY, Kind.LEVEL, DEFINED),
        Measure(POSTS, Subject.ACCOUNT, DAY, Kind.LEVEL, DEFINED),
        Measure(VIEWS, Subject.ACCOUNT, DAY, Kind.FLOW, DEFINED),
        Measure(VIEWS, Subject.POST, NOW, Kind.COUNTER, DEFINED),
        Measure(REACH, Subject.ACCOUNT, DAY, Kind.UNIQUE, DEFINED),
        Measure(REACH, Subject.ACCOUNT, window(28), Kind.UNIQUE, WINDOW_DEFINED),
        Measure(INTERACTIONS, Subject.ACCOUNT, window(28), Kind.FLOW, DEFINED),
        Measure(USERS, Subject.ACCOUNT, MONTH, Kind.UNIQUE, DEFINED),
        Measure(WATCH_MINUTES, Subject.ACCOUNT, NOW, Kind.LEVEL, DEFINED, places=2),
    )
    hosts: ClassVar[Mapping[str, Host]] = {}
    limits = Limits(1)
    Keys = Keys
    identity = "name"
    identity_is = "handle"
    needs = ()
    reread_days = 0

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Nothing is collected here."""
        yield from ()

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Say who the account is."""
        return Profile("1", account.handle)

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Find no fault."""
        return None


SQUARE = Square()


def find(word: str) -> Connector | None:
    """Find the small platform as the real finder would."""
    return SQUARE if word.casefold() in {"square", "alun-alun", "plaza"} else None


def known() -> tuple[Connector, ...]:
    """List the small platform."""
    return (SQUARE,)


@pytest.fixture(autouse=True)
def indonesian() -> Iterator[None]:
    """Messages are Indonesian unless a test asks otherwise."""
    language.use("id")
    yield
    language.use("id")


@pytest.fixture
def square() -> Connector:
    """The small platform."""
    return SQUARE


@pytest.fixture
def now() -> datetime:
    """Early on 29 December 2022 in Pontianak, still the 28th in UTC."""
    return datetime(2022, 12, 28, 18, 0, tzinfo=UTC)


@pytest.fixture
def wib() -> ZoneInfo:
    """The office's zone."""
    return ZoneInfo("Asia/Pontianak")


@pytest.fixture
def read(now: datetime, wib: ZoneInfo) -> Read:
    """Read a table given as text or bytes, its header included."""

    def read_body(
        body: str | bytes, name: str = "angka.csv", zone_of: Callable[[str], ZoneInfo] = lambda _office: wib
    ) -> tuple[TypedFigure, ...]:
        table = read_table(name, body.encode() if isinstance(body, str) else body)
        return read_figures(table, zone_of=zone_of, now=now, find=find, known=known)

    return read_body


@pytest.fixture
def read_one(read: Read) -> Callable[..., TypedFigure]:
    """Read one figure given by its columns; those not given are those of a plain follower count."""

    def read_columns(**columns: str) -> TypedFigure:
        filled = {"platform": "square", "account": "@kpu", "metric": "followers", "value": "1619", "at": "2022-12-28"}
        filled |= columns
        quoted = ['"' + text.replace('"', '""') + '"' for text in filled.values()]
        (figure,) = read(",".join(filled) + "\n" + ",".join(quoted) + "\n")
        return figure

    return read_columns


@pytest.fixture
def enter(now: datetime, wib: ZoneInfo) -> Callable[..., TypedFigure]:
    """Read one figure given by options of a command line."""
    return lambda **options: read_entry(options, zone=wib, now=now, find=find, known=known)
