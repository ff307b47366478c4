"""The contract between a platform and the application: what a connector declares and the three things it can do.

A connector is stateless and knows no secret. `collect` is an ordinary generator: it fetches, reads, and yields what
it read, so that whatever was read before a failure is kept.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from connectors.kit.auth import Host
from connectors.kit.connecting import Way
from connectors.kit.errors import PlatformError
from connectors.kit.metrics import QUOTED_MEASURES, Measure, Words
from connectors.kit.node import Exchange, Node
from connectors.kit.observations import Days, Observation
from connectors.kit.requests import Request

Fetch = Callable[[Request], Node]
"""Asks one question and returns its kept answer. Raises a PlatformError where the answer is a fault."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a connector sees it.

    `id` is the platform's own id (None until a check answered), `handle` what people call it. `settings` are the
    open key fields by name; `keys` the names of all filled key fields, the secret ones included: their names only.
    """

    id: str | None
    handle: str
    settings: Mapping[str, str] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A calendar period that ended and whose figures must be asked for as one window. `span` is "month", …"""

    span: str
    days: Days


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post that an earlier snapshot saw, and when it was last seen."""

    id: str
    created_at: datetime
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one snapshot is to do. Stored with it, so that its kept answers can be read again at any time.

    `now` (UTC) is the snapshot's moment and the only time a connector knows. `window` are the days that the report
    needs; `resume` gives, by measure key, another first day: a later one where the earlier are answered already, an
    earlier one where the platform remembers more than the report needs. `answered_from` gives, by measure key, the
    first day that was ever answered: lists that begin with the newest go on before it. `dead_measures` are the
    measures, or the parts of one, that the platform lately refused. `budget` is what may still be spent, in millionths
    of a US dollar.
    """

    account: Account
    now: datetime
    window: Days
    closed_periods: tuple[ClosedPeriod, ...] = ()
    known_posts: tuple[KnownPost, ...] = ()
    dead_measures: frozenset[str] = frozenset()
    resume: Mapping[str, date] = field(default_factory=dict)
    budget: int | None = None
    answered_from: Mapping[str, date] = field(default_factory=dict)

    def first_day(self, *measures: Measure) -> date:
        """Return the first day still to be asked for, for measures that are asked for together."""
        return min(
            (self.resume.get(measure.key, self.window.first) for measure in measures),
            default=self.window.first,
        )

    def is_dead(self, measure: Measure, about: str = "") -> bool:
        """Whether the platform lately refused this measure, or of an audience's measure the dimension `about`."""
        return bool({measure.key, measure.part(about)} & self.dead_measures)


@dataclass(frozen=True, slots=True)
class Access:
    """What the platform says of an account's sign-in.

    `granted` are the permissions by the platform's names, None where it does not tell. `ends_at` (UTC) is when the
    sign-in ends by itself, `data_ends_at` until when data may be read with it; None where no end was said. `slot`
    tells apart the services that a platform signs in to each by itself.
    """

    granted: frozenset[str] | None = None
    ends_at: datetime | None = None
    data_ends_at: datetime | None = None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who an account is, by the platform's own answer.

    `bio_link` is the address that its bio names: "" where it names none, None where the platform does not tell.
    `problem` is what is wrong with the account's settings although it is known who it is: a check says so, and what
    can be collected all the same still is. `access` is what it says of the sign-in itself, one for each service.
    """

    id: str
    handle: str
    name: str = ""
    link: str = ""
    bio_link: str | None = None
    problem: PlatformError | None = None
    access: tuple[Access, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """An account of another platform that is linked to a chosen one, and that the same sign-in may be good for.

    `way` is its platform's way that this stands for. `keys` are its key fields: values, tickets, or what was filled in
    for this platform, named in braces.
    """

    platform: str
    way: str
    profile: Profile
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One account that a new sign-in sees.

    `keys` are the key fields that choosing it settles: open ones by value, secret ones as the ticket that stood in the
    answer (`Request.bears`). Where it settles none, the account was checked already with the keys there are. `needs`
    names what is missing before it can be chosen at all (no linked professional account, a task lost), None if nothing.
    `linked` are accounts of other platforms that may be connected with it.
    """

    profile: Profile
    keys: Mapping[str, str] = field(default_factory=dict)
    needs: Words | None = None
    linked: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard the platform may be asked: requests a second on average, and how many at once after a pause.

    `by_account`: the platform counts the calls for each account by itself, so that accounts need not wait for another.
    """

    per_second: float
    burst: int = 10
    by_account: bool = False


class Keys(BaseModel):
    """The base of a connector's key fields: what an office fills in to connect an account."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def key(env: str, label: Words, help: Words, default: Any = None, **rules: Any) -> Any:  # noqa: ANN401 - pydantic's own Field is so
    """Declare a key field: the environment's name, what people read, and pydantic's rules for its value.

    Make the field a `SecretStr` where it must be sealed; a secret may also come from the file that `<env>_FILE`
    names.
    """
    words: JsonDict = {"env": env, "label": [label.id, label.en], "help": [help.id, help.en]}
    return Field(default, json_schema_extra=words, **rules)


class Connector(ABC):
    """One platform. Subclasses declare the class variables and write the three methods.

    `needs` lists sets of key fields, any one of which is enough to collect; `identity` is the key field that says
    which account it is, and `identity_is` whether that is the platform's "id" or a "handle". `terms` is the line that
    people read when they add an account: what the platform's terms ask of an office (docs/platform-terms.md).
    `ways` are the ways to connect an account, best first. `shared` are the key fields that hold for every account of
    the platform here (the office's application, a limit): an account with keys of its own has them from the
    environment, each group as a whole or not at all, because an application's id and secret belong together.
    """

    slug: ClassVar[str]
    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    colour: ClassVar[str]
    measures: ClassVar[tuple[Measure, ...]]
    typed_measures: ClassVar[tuple[Measure, ...]] = QUOTED_MEASURES
    hosts: ClassVar[Mapping[str, Host]]
    limits: ClassVar[Limits]
    Keys: ClassVar[type[Keys]]
    identity: ClassVar[str]
    identity_is: ClassVar[str]
    needs: ClassVar[tuple[frozenset[str], ...]]
    reread_days: ClassVar[int]  # how many past days the platform still revises
    terms: ClassVar[Words]
    collections_a_day: ClassVar[int] = 1  # more where figures live for less than two days
    ways: ClassVar[tuple[Way, ...]] = ()
    shared: ClassVar[tuple[frozenset[str], ...]] = ()

    @property
    def is_site(self) -> bool:
        """Whether an account here is a site of the office's own: the address that is asked is itself the identity."""
        return any(host.from_key == self.identity for host in self.hosts.values())

    @abstractmethod
    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation | Profile]:
        """Ask what the assignment wants and yield what was read. May raise a PlatformError at any point.

        Where asking is paid for, the shell does not ask each day who the account is. Such a connector yields what it
        sees of that on its way, before anything else.
        """

    @abstractmethod
    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask the platform who the account is. Raises a PlatformError."""

    @abstractmethod
    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what an answer's fault is, None for a good answer. Also sees the answers to sign-in requests."""

    def list_choices(self, account: Account, fetch: Fetch) -> tuple[Choice, ...]:
        """Return the accounts that a new sign-in sees, of which a person chooses one. Raises a PlatformError.

        `account` has the key fields that connecting gave; its id is that of the account that is connected anew, None
        for a new one. Most platforms sign in to just one account.
        """
        return (Choice(self.check(account, fetch)),)

    def pause_until(self, exchange: Exchange) -> datetime | None:
        """Return until when the answer asks to be left alone (quota headers), None for go on."""
        return None

    def handle_key(self, handle: str) -> str:
        """Return what two spellings of one handle have in common: without `@`, spaces and case."""
        return "".join(handle.split()).lstrip("@").casefold()

    def yearly_cap(self, account: Account) -> int | None:
        """Return what a year may cost in millionths of a US dollar, None where asking is free."""
        return None

    def estimate(self, assignment: Assignment) -> int | None:
        """Return what a snapshot will cost at most, in millionths of a US dollar; None where asking is free.

        It counts `check` too where the account's id is not known yet: the shell asks who it is first. The shell
        shows it before anything is spent, and lets the snapshot spend no more.
        """
        return None

    def charge(self, exchange: Exchange) -> int:
        """Return what a good answer cost, in millionths of a US dollar: by what came, where that sets the price.

        `Request.cost` is set aside before the question is asked, and is the price where nothing else is known.
        """
        return exchange.request.cost

    def raw_answer_days(self, account: Account) -> int | None:
        """Return for how many days the platform's terms let whole answers be kept, None for as long as wanted."""
        return None
