"""A conversation between a connector and a stand-in contract without any HTTP.

The fixture `ask(contract, connector)` gives a `Conversation` whose `fetch` does in one process what the shell does
over the line: it signs a request in as the connector declares, lets the contract answer, and judges the answer. `keys`
are the key fields by name; without them the contract's own demo keys are used.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import get_args
from urllib.parse import urlencode

from pydantic import SecretStr

from collector.collect.http import Answer
from collector.collect.tickets import take_out
from collector.demo.standin import Asked, Contract, prefix_of
from connectors.kit import (
    Account,
    Assignment,
    Auth,
    Bearer,
    Connector,
    Days,
    Exchange,
    Form,
    GoogleJwt,
    Graph,
    Header,
    Host,
    Node,
    Observation,
    Parameters,
    PlatformError,
    Profile,
    Prolonged,
    Query,
    Reading,
    Refreshed,
    Request,
)
from connectors.kit.replay import judge

ADDRESS = "http://127.0.0.1:9"
"""Stands for the stand-in's origin where a demo key holds `{address}`; nothing is ever asked there."""


class Clock:
    """A clock that a test turns: `clock.now = …`."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Collected:
    """What one collection gave. `error` is the fault that ended it, None where it ran through."""

    observations: tuple[Observation, ...]
    error: PlatformError | None

    def all(self, kind: type, measure: str = "") -> list:
        """List the observations of a class, of one measure key if given."""
        found = [one for one in self.observations if isinstance(one, kind)]
        return [one for one in found if one.measure.key == measure] if measure else found

    def values(self, measure: str) -> dict[tuple[date, date], int]:
        """Return the readings of a measure that has days, by their first and last day."""
        return {(one.when.first, one.when.last): one.value for one in self.all(Reading, measure)}


@dataclass
class Conversation:
    """A connector and a contract talking. `exchanges` are the kept answers, `asked` the requests as they arrived.

    `bearers` gives, by api, a bearer for a host whose sign-in another contract answers.
    """

    contract: Contract
    connector: Connector
    keys: Mapping[str, str]
    bearers: Mapping[str, str] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)
    _access: dict[tuple[str, str], str] = field(default_factory=dict)
    _rotated: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        """The account as the shell would make it from the keys, not yet bound to an id."""
        secret = {name for name, one in self.connector.Keys.model_fields.items() if _is_secret(one.annotation)}
        settings = {name: value for name, value in self.keys.items() if name not in secret}
        named = self.keys.get(self.connector.identity, "")
        bound = named if self.connector.identity_is == "id" else None
        return Account(bound, named, settings, frozenset(self.keys))

    def assignment(self, first: date, last: date, **more) -> Assignment:
        """Make an assignment of this account for the days from `first` to `last`, at the contract's present."""
        return Assignment(
            **{"account": self.account, "now": self.contract.world.now(), "window": Days(first, last), **more}
        )

    def collect(self, assignment: Assignment) -> Collected:
        """Collect to the end or to the first fault, as the shell does."""
        observations: list[Observation] = []
        try:
            for observation in self.connector.collect(assignment, self.fetch_at(assignment.now)):
                observations.append(observation)  # one by one: what came before a fault is kept
        except PlatformError as error:
            return Collected(tuple(observations), error)
        return Collected(tuple(observations), None)

    def questions(self, host: str) -> list:
        """List the bodies that the host of a setting was sent: JSON, or forms."""
        return [asked.json() or asked.form for asked in self.asked if asked.host == host]

    def check(self) -> Profile:
        """Ask who the account is."""
        return self.connector.check(self.account, self.fetch)

    @property
    def fetch(self) -> Callable[[Request], Node]:
        """A fetch at the contract's present."""
        return self.fetch_at(self.contract.world.now())

    def fetch_at(self, now: datetime) -> Callable[[Request], Node]:
        """Return a fetch whose answers carry `now`."""

        def fetch(request: Request) -> Node:
            exchange = self._exchange(request, now, *self._signed(request, now))
            self.exchanges.append(exchange)
            return judge(self.connector, exchange)

        return fetch

    def _exchange(
        self, request: Request, now: datetime, query: Mapping[str, str], headers: Mapping[str, str], form: Mapping
    ) -> Exchange:
        assert all(isinstance(value, str) for value in (*request.params.values(), *(request.form or {}).values()))
        host, path = self._address(request)
        headers, body = dict(headers), b""
        if request.json is not None:
            headers["content-type"], body = "application/json", json.dumps(request.json).encode()
        elif request.form is not None or form:
            body = urlencode({**(request.form or {}), **form}).encode()
            headers["content-type"] = "application/x-www-form-urlencoded"
        asked = Asked(host, request.method, path, {**request.params, **query}, headers, body)
        self.asked.append(asked)
        answered = self.contract.answer(asked)
        number = len(self.exchanges) + 1
        if answered.drop:
            return Exchange(number, request, 0, {}, b"", now)
        kept = {name.lower(): value for name, value in answered.headers.items()}
        answer = take_out(Answer(answered.status, kept, answered.encoded()[0], 0), request.bears, self.taken)
        return Exchange(number, request, answer.status, answer.headers, answer.body, now)

    def _address(self, request: Request) -> tuple[str, str]:
        """Return the setting of the host that is asked, and the path on it."""
        host = self.connector.hosts[request.api]
        if not host.from_key:
            assert host.setting in self.contract.hosts, f"the contract does not serve {host.setting}"
            return host.setting, request.path
        prefix, _, path = request.path.lstrip("/").partition("/")
        return {prefix_of(setting): setting for setting in self.contract.hosts}[prefix], f"/{path}"

    def _signed(self, request: Request, now: datetime) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Return what signing in adds to the query, the headers and the form."""
        name, auth = _way(self.connector.hosts[request.api], request.auth, self.keys)
        match auth:
            case None:
                return {}, {}, {}
            case Bearer() | Prolonged():
                return {}, {"authorization": f"Bearer {self.keys[auth.slot]}"}, {}
            case Header():
                return {}, {auth.name.lower(): self.keys[auth.slot]}, {}
            case Query():
                return {auth.name: self.keys[auth.slot]}, {}, {}
            case Parameters(filled):
                return {one: text.format_map(self.keys) for one, text in filled.items()}, {}, {}
            case Form():
                return {}, {}, {auth.name: self.keys[auth.slot]}
            case Graph():
                return self._proof(auth), {"authorization": f"Bearer {self.keys[auth.slot]}"}, {}
            case Refreshed(header=own) if own:
                return {}, {own.lower(): self._bearer(request.api, name, auth, now)}, {}
            case Refreshed() | GoogleJwt():
                return {}, {"authorization": f"Bearer {self._bearer(request.api, name, auth, now)}"}, {}

    def _proof(self, auth: Graph) -> dict[str, str]:
        secret = self.keys.get(auth.app_secret)
        if not secret:
            return {}
        return {"appsecret_proof": hmac.new(secret.encode(), self.keys[auth.slot].encode(), hashlib.sha256).hexdigest()}

    def _bearer(self, api: str, name: str, auth: Refreshed | GoogleJwt, now: datetime) -> str:
        """Return the access token, asked for once in a conversation; a new refresh token replaces the old one."""
        if api in self.bearers:
            return self.bearers[api]
        if (api, name) not in self._access:
            assert isinstance(auth, Refreshed), f"give the bearer of {api} in `bearers`"
            slots = {**self.keys, **self._rotated}
            form, body = (
                {name: value.format_map(slots) for name, value in fields.items()} if fields is not None else None
                for fields in (auth.request.form, auth.request.json)
            )
            request = replace(auth.request, form=form, json=body)
            basic = {"authorization": _basic(slots, auth.basic)} if auth.basic and set(auth.basic) <= set(slots) else {}
            answer = judge(self.connector, self._exchange(request, now, {}, basic, {}))
            tokens = answer[auth.within] if auth.within else answer
            self._access[api, name] = tokens["access_token"].text()
            if tokens["refresh_token"].exists:
                self._rotated[auth.seed] = tokens["refresh_token"].text()
        return self._access[api, name]


def _basic(slots: Mapping[str, str], names: tuple[str, str]) -> str:
    from base64 import b64encode

    return "Basic " + b64encode(":".join(slots[name] for name in names).encode()).decode()


def _way(host: Host, wanted: str, keys: Mapping[str, str]) -> tuple[str, Auth | None]:
    """Return the way to sign in: the one a request names, else the first that the keys allow."""
    if not host.auth:
        return "", None
    for name, auth in host.auth.items():
        if name == wanted or (not wanted and set(auth.needs) <= set(keys)):
            return name, auth
    raise AssertionError("the keys allow no way to sign in")


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or SecretStr in get_args(annotation)


def demo_keys(
    contract: Contract | type[Contract], connector: Connector, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return keys of a contract, its demo's unless others are given, by the connector's field names."""
    names = {one.json_schema_extra["env"]: name for name, one in connector.Keys.model_fields.items()}
    values = contract.keys if given is None else given
    return {names[env]: value.replace("{address}", ADDRESS) for env, value in values.items() if env in names}
