"""Trades: a code for a key, a short-lived key for a long-lived one. Of an answer only the outline is kept."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from collector.clock import Clock
from collector.collect.http import Http, Prepared
from collector.collect.redact import Redactor
from collector.collect.signin import Session
from collector.settings import Settings
from connectors.kit import Exchange, Request, Trade, UnreachableError

_SLOT = re.compile(r"\{(\w+)\}")
_OPEN = frozenset({"scope", "redirect_uri"})  # what comes up on the way and is no secret
_MOST_SECONDS = 10**9  # a longer life is a slip


@dataclass(frozen=True, slots=True)
class Trader:
    """Performs the trades of one connecting."""

    session: Session
    http: Http
    settings: Settings
    redactor: Redactor
    clock: Clock

    def ask(self, request: Request, slots: Mapping[str, str], basic: tuple[str, str] | None = None) -> Exchange:
        """Ask one question with the slots filled in. Returns its whole answer, to be looked at and then forgotten.

        Raises UnreachableError where no answer came.
        """
        keys, connector = self.session.keys, self.session.connector
        self.redactor.know(*(value for name, value in slots.items() if name not in _OPEN | keys.open.keys()))
        host = connector.hosts[request.api]
        prepared = _prepare(request, self.settings.address_of(host, keys), slots)
        if basic is not None and all(name in slots for name in basic):
            user, word = (slots[name] for name in basic)
            encoded = base64.b64encode(f"{user}:{word}".encode()).decode()
            self.redactor.know(encoded)
            prepared = replace(prepared, headers={**prepared.headers, "Authorization": f"Basic {encoded}"})
        try:
            answer = self.http.send(connector.slug, prepared)
        except UnreachableError as error:
            self.session.keep(request, None, error.message)
            raise
        self.redactor.know(*_secrets_of(answer.body))
        return self.session.keep(request, answer, None)


@dataclass(slots=True, repr=False)
class Gains:
    """What the trades of a connecting gave so far. It never prints a value.

    `slots` are values by slot, `granted` the permissions where they were told, `life` the seconds that the long-lived
    key lives where that was told, `short_lived` the key for the first questions.
    """

    slots: dict[str, str] = field(default_factory=dict)
    granted: frozenset[str] | None = None
    life: int | None = None
    short_lived: str = ""

    def take(self, trade: Trade, body: Any) -> None:  # noqa: ANN401 - JSON is what it is
        """Take what a good answer gives."""
        told = unframe(body, trade.within)
        for member, slot in trade.gives.items():
            value = told.get(member)
            if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
                self.slots[slot] = str(value)
        granted = told.get(trade.granted)
        if isinstance(granted, str):
            self.granted = frozenset(re.split(r"[\s,]+", granted.strip())) - {""}
        elif isinstance(granted, list):
            self.granted = frozenset(one for one in granted if isinstance(one, str))
        life = told.get(trade.life)
        if re.fullmatch("[0-9]{1,9}", str(life)) and 0 < int(str(life)) < _MOST_SECONDS:
            self.life = int(str(life))
        if isinstance(short := told.get("access_token"), str):
            self.short_lived = short


def unframe(body: Any, within: str) -> Mapping[str, Any]:  # noqa: ANN401 - JSON is what it is
    """Return the members of an answer, out of its frame where it has one."""
    framed = body.get(within) if within and isinstance(body, dict) else None
    if isinstance(framed, list) and framed:
        framed = framed[0]
    told = framed if isinstance(framed, dict) else body
    return told if isinstance(told, dict) else {}


def fill(fields: Mapping[str, Any], slots: Mapping[str, str]) -> dict[str, Any]:
    """Fill the slots in braces; what has a slot that nobody filled is left out."""
    return {
        name: _SLOT.sub(lambda slot: slots[slot[1]], value) if isinstance(value, str) else value
        for name, value in fields.items()
        if not isinstance(value, str) or all(slot in slots for slot in _SLOT.findall(value))
    }


def _prepare(request: Request, address: str, slots: Mapping[str, str]) -> Prepared:
    path = _SLOT.sub(lambda slot: slots.get(slot[1], ""), request.path)
    headers: dict[str, str] = {}
    content: bytes | None = None
    if request.form is not None:
        content = urlencode(fill(request.form, slots)).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    elif request.json is not None:
        content = json.dumps(fill(request.json, slots)).encode()
        headers["Content-Type"] = "application/json"
    return Prepared(request.method, f"{address}{path}", fill(request.params, slots), headers, content)


def _secrets_of(body: bytes) -> list[str]:
    """Return the values of an answer that may sign somebody in, so that nothing that is kept of it can hold one."""
    try:
        answered = json.loads(body)
    except ValueError:
        return []
    found: list[str] = []
    waiting = [answered]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
            names = ("access_token", "refresh_token", "id_token", "device_code")
            found += [one[name] for name in names if isinstance(one.get(name), str)]
    return found
