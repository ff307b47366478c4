"""What the tests of the shell share: a small platform of their own, and a look at what the store holds.

The shell's rules hold for any platform, so most of them are shown on a small one, `toy`, whose connector asks what a
test tells it to ask, and whose answers a test writes. They travel over the stand-in's real HTTP like any other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import SecretStr
from sqlalchemy import Table, select

from collector.collect.fetch import Fetcher
from collector.collect.outcome import Outcome
from collector.collect.run import Selection
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.store.records import StoredAccount
from collector.wiring import Application
from connectors.kit import (
    AccessError,
    Account,
    Assignment,
    Auth,
    Connector,
    Exchange,
    Fetch,
    Host,
    Keys,
    Kind,
    Limits,
    Measure,
    NotOfferedError,
    Observation,
    PlatformError,
    Profile,
    Reason,
    Request,
    Subject,
    ThrottledError,
    UnreachableError,
    Words,
    key,
    metrics,
    since,
)

_SAID = (since(None, "angka", "figure"),)
FOLLOWERS = Measure(metrics.FOLLOWERS, Subject.ACCOUNT, metrics.NOW, Kind.LEVEL, _SAID)
VIEWS = Measure(metrics.VIEWS, Subject.ACCOUNT, metrics.DAY, Kind.FLOW, _SAID)
LIKES = Measure(metrics.LIKES, Subject.POST, metrics.NOW, Kind.COUNTER, _SAID)
USERS = Measure(metrics.USERS, Subject.ACCOUNT, metrics.MONTH, Kind.UNIQUE, _SAID)

_WORDS = Words("isi", "value")


class ToyKeys(Keys):
    """Key fields with every kind of rule that the shell has to keep."""

    name: str | None = key("TOY_NAME", _WORDS, _WORDS)
    token: SecretStr | None = key("TOY_TOKEN", _WORDS, _WORDS)
    second: SecretStr | None = key("TOY_SECOND", _WORDS, _WORDS)
    seed: SecretStr | None = key("TOY_SEED", _WORDS, _WORDS)
    cap: Decimal | None = key("TOY_CAP", _WORDS, _WORDS, ge=0)


Script = Callable[[Assignment, Fetch], Iterator[Observation]]


class Toy(Connector):
    """A platform that asks what the test's `script` asks. `profile` is who it says an account is."""

    slug = "toy"
    name = "Toy"
    aliases = ("mainan",)
    colour = "#000000"
    measures = (FOLLOWERS, VIEWS, LIKES, USERS)
    limits = Limits(per_second=1000, burst=1000)
    Keys = ToyKeys
    identity = "name"
    identity_is = "handle"
    needs = (frozenset({"name", "token"}), frozenset({"name", "seed"}))
    reread_days = 3
    terms = Words("Hanya untuk dicoba.", "Only to be tried.")
    hosts: ClassVar[Mapping[str, Host]] = {}

    def __init__(self, auth: Mapping[str, Auth]) -> None:
        self.hosts = {"api": Host("X_API_URL", "https://toy.example", auth=auth)}
        self.script: Script = read_followers
        self.profile: Callable[[Account, Fetch], Profile] = lambda account, fetch: Profile(
            f"id-{account.handle}", account.handle
        )
        self.wants_pause: Callable[[Exchange], Any] = lambda exchange: None
        self.raw_days: Callable[[Account], int | None] = lambda account: None

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        yield from self.script(assignment, fetch)

    def check(self, account: Account, fetch: Fetch) -> Profile:
        return self.profile(account, fetch)

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        place, body = exchange.place(), exchange.json()
        said = str(body.get("error", "")) if isinstance(body, dict) else ""
        if exchange.status == 401 or said == "invalid_grant":
            return AccessError(f"refused {said}", place=place)
        if exchange.status == 429:
            return ThrottledError("slow down", place=place)
        if exchange.status >= 500:
            return UnreachableError(f"status {exchange.status}", place=place)
        if exchange.status == 404:
            return NotOfferedError("not here", reason=Reason.RETIRED, place=place)
        return None

    def pause_until(self, exchange: Exchange) -> Any:
        return self.wants_pause(exchange)

    def raw_answer_days(self, account: Account) -> int | None:
        return self.raw_days(account)

    def yearly_cap(self, account: Account) -> int | None:
        cap = account.settings.get("cap")
        return int(Decimal(cap) * 1_000_000) if cap is not None else None


def read_followers(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
    """Ask for the followers, the usual script."""
    yield fetch(Request("api", f"/{assignment.account.handle}"))["followers"].read(FOLLOWERS)


@dataclass
class Play:
    """The toy platform as a test handles it: what it asks, what it is answered, what came of it."""

    connector: Toy
    standin: StandIn
    application: Application
    keys: dict[str, str]

    def answer(self, path: str, *answers: Answered | Callable[[Asked], Answered]) -> None:
        """Answer a path: each answer once, the last one from then on."""
        waiting = list(answers)

        def change(asked: Asked, good: Answered) -> Answered:
            one = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return one(asked) if callable(one) else one

        self.standin.faults.insert(0, Fault(rf"^X_API_URL \w+ {path}\?", change, times=None))

    def asked(self, path: str = "") -> list[Asked]:
        """List the requests that arrived, of one path if given."""
        return [one for one in self.standin.asked if one.host == "X_API_URL" and one.path.startswith(path or "/")]

    def add(self, handle: str, office: str | None = None, **keys: str) -> StoredAccount:
        """Add an account with keys of its own."""
        accounts = self.application.accounts
        account = accounts.ensure(accounts.get_office(office), self.connector, handle)
        given = {**self.keys, "name": handle, **keys}
        self.application.keyring.seal_own(self.connector, account.id, given)
        return account

    def collect(self, *handles: str, **more: Any) -> dict[str, Outcome]:
        """Collect and return the outcomes by handle."""
        result = self.application.collecting.run("test", Selection(handles=handles), **more)
        return {outcome.account: outcome for outcome in result.outcomes}

    def fetcher(self, handle: str = "kantor", **more: Any) -> Fetcher:
        """Return a fetcher of an account outside any snapshot."""
        account = self.application.accounts.find(self.application.accounts.get_office(None), self.connector, handle)
        account = account or self.add(handle)
        now = self.application.clock.now()
        run = self.application.ledger.begin_run("test", "", "test", now)
        keys = self.application.keyring.keys_of(self.connector, account)
        deadline = more.pop("deadline", now.replace(year=now.year + 1))
        return Fetcher(self.application.shop, self.connector, account.id, keys, run, None, now, deadline, **more)

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return a table's rows."""
        return rows_of(self.application, table)


def rows_of(application: Application, table: Table) -> list[dict[str, Any]]:
    """Return a table's rows in the order they were written."""
    with application.store.read() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]
