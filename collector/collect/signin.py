"""Signing a request in: the declared way, performed. The only module that puts a secret into a request.

Short-lived keys are had for long-lived ones here, one refresher at a time over all processes of a home. A new pair is
sealed and committed before its first use, because some platforms rotate: the old one is dead once the new one was
given. What a platform answers to a sign-in is never kept, only what it was like.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeGuard
from urllib.parse import urlencode

from collector.accounts.vault import Opened, Vault, digest
from collector.clock import Clock
from collector.collect.http import Answer, Http, Prepared
from collector.collect.jwt import make_assertion, token_address
from collector.collect.redact import Redactor
from collector.settings import KeyValues, Settings, check_address
from connectors.kit import (
    AccessError,
    Auth,
    Bearer,
    Connector,
    Exchange,
    Form,
    GoogleJwt,
    Graph,
    Header,
    Parameters,
    Query,
    Refreshed,
    Request,
    SettingError,
    UnreachableError,
)

_EARLY = timedelta(seconds=60)  # a key that dies within a minute is not begun with (youtube.md §1c)
_LIFE_UNSAID = timedelta(minutes=30)  # where an answer names no lifetime; every known platform's is longer
_LONGEST_LIFE_SECONDS = 10**9  # beyond that it is a slip

Keep = Callable[[Request, Answer | None, str | None], Exchange]
"""Keeps what may be kept of a sign-in (what was asked, what came, or why nothing came), and returns the exchange with
its whole answer, to be looked at here and then forgotten."""
Lock = Callable[[str], AbstractContextManager[object]]
"""Gives the lock of a name, over all processes of the home."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is being collected: what is needed to sign their requests in."""

    connector: Connector
    account_id: int
    keys: KeyValues
    keep: Keep


class SignIn:
    """Signs requests in. One per process; safe to use from several threads."""

    def __init__(
        self, settings: Settings, vault: Vault, http: Http, clock: Clock, redactor: Redactor, lock: Lock
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._http = http
        self._clock = clock
        self._redactor = redactor
        self._lock = lock
        self._refused: dict[tuple[int, str], AccessError] = {}
        self._alive: dict[tuple[int, str], Opened] = {}  # short-lived keys as sealed, by account and slot

    def prepare(self, session: Session, request: Request) -> Prepared:
        """Return a request with its address and sign-in. Raises a PlatformError where there is no usable way."""
        host = session.connector.hosts[request.api]
        self._redactor.know(*session.keys.secret.values())
        prepared = _plain(request, self._settings.address_of(host, session.keys))
        if not host.auth:
            return prepared
        refusal: AccessError | None = None
        for name, way in host.auth.items():
            if (request.auth and request.auth != name) or not set(way.needs) <= session.keys.names:
                continue
            try:
                return self._attach(session, way, prepared)
            except AccessError as error:
                refusal = error  # the next way may still do: a public key where the owner's sign-in has ended
        raise refusal or SettingError(f"{request.path}: no key is filled in for this")

    def renew(self, session: Session, request: Request) -> bool:
        """Drop the short-lived key that a request was refused with. Returns whether asking again makes sense."""
        for name, way in session.connector.hosts[request.api].auth.items():
            if isinstance(way, Refreshed | GoogleJwt) and (not request.auth or request.auth == name):
                self._forget(session.account_id, _short_slot(way))
                return set(way.needs) <= session.keys.names
        return False

    def _forget(self, account_id: int, slot: str) -> None:
        """Drop a short-lived key, here and in the vault; there only the same one: a newer is another process's."""
        refused = self._alive.pop((account_id, slot), None)
        sealed = self._vault.open_all(account_id).get(slot)
        if refused is None or sealed is None or sealed.value == refused.value:
            self._vault.forget(account_id, slot)

    def _attach(self, session: Session, way: Auth, prepared: Prepared) -> Prepared:
        match way:
            case Bearer(slot):
                return _with_bearer(prepared, _value(session.keys, slot))
            case Header(name, slot):
                return replace(prepared, headers={**prepared.headers, name: _value(session.keys, slot)})
            case Query(name, slot):
                return replace(prepared, params={**prepared.params, name: _value(session.keys, slot)})
            case Parameters(filled):
                return self._with_parameters(prepared, filled, {slot: _value(session.keys, slot) for slot in way.needs})
            case Form(name, slot):
                field = urlencode({name: _value(session.keys, slot)}).encode()
                return replace(prepared, content=b"&".join(part for part in (prepared.content, field) if part))
            case Graph(slot, app_secret):
                return self._with_proof(prepared, _value(session.keys, slot), session.keys.get(app_secret))
            case Refreshed(header=name) if name:
                return replace(prepared, headers={**prepared.headers, name: self._short_lived(session, way)})
            case Refreshed() | GoogleJwt():
                return _with_bearer(prepared, self._short_lived(session, way))

    def _with_parameters(self, prepared: Prepared, filled: Mapping[str, str], slots: Mapping[str, str]) -> Prepared:
        params = {name: text.format_map(slots) for name, text in filled.items()}
        self._redactor.know(*params.values())  # made of several slots, one is a secret of its own
        return replace(prepared, params={**prepared.params, **params})

    def _with_proof(self, prepared: Prepared, bearer: str, app_secret: str | None) -> Prepared:
        signed = _with_bearer(prepared, bearer)
        if app_secret is None:
            return signed
        # Hex HMAC-SHA256 of the very key used, under the app's secret (facebook.md §2.2).
        proof = hmac.new(app_secret.encode(), bearer.encode(), hashlib.sha256).hexdigest()
        self._redactor.know(proof)
        return replace(signed, params={**signed.params, "appsecret_proof": proof})

    def _short_lived(self, session: Session, way: Refreshed | GoogleJwt) -> str:
        """Return a short-lived key that is good for at least a minute, had anew where there is none."""
        alive, seed = (session.account_id, _short_slot(way)), _seed_digest(session, way)
        known_refusal = self._refused.get((session.account_id, seed))
        if known_refusal is not None:
            raise known_refusal
        if not self._is_good(self._alive.get(alive), seed):
            with self._lock(f"signin-{session.account_id}"):
                sealed = self._vault.open_all(session.account_id)
                held = sealed.get(_short_slot(way))
                try:
                    self._alive[alive] = held if self._is_good(held, seed) else self._obtain(session, way, sealed)
                except AccessError as error:
                    self._refused[(session.account_id, seed)] = error
                    raise
        value = self._alive[alive].value
        self._redactor.know(value)
        return value

    def _is_good(self, held: Opened | None, seed: str) -> TypeGuard[Opened]:
        """Whether a short-lived key still lives for a while and grew from the present seed."""
        if held is None or held.seed != seed or held.expires_at is None:
            return False
        return held.expires_at > self._clock.now() + _EARLY

    def _obtain(self, session: Session, way: Refreshed | GoogleJwt, sealed: Mapping[str, Opened]) -> Opened:
        """Have a new short-lived key, seal what came, and only then return it."""
        slots = {**session.keys.open, **session.keys.secret}
        if isinstance(way, GoogleJwt):
            slots["assertion"] = make_assertion(
                _value(session.keys, way.slot), way.scope, self._address(session, way), self._clock.now()
            )
        else:
            slots[way.seed] = _current_seed(session, way, sealed)
        answered = self._ask(session, way, slots)
        access = answered.get("access_token")
        if not isinstance(access, str) or not access:
            raise UnreachableError(f"{way.request.path}: the sign-in answer holds no key")
        values = {_short_slot(way): access}
        expires: dict[str, datetime | None] = {
            _short_slot(way): self._clock.now() + _lifetime(answered.get("expires_in"))
        }
        rotated = answered.get("refresh_token")
        if isinstance(way, Refreshed) and isinstance(rotated, str) and rotated:
            life = answered.get("refresh_expires_in", answered.get("refresh_token_expires_in"))
            values[way.seed] = rotated
            expires[way.seed] = self._clock.now() + _lifetime(life) if life is not None else None
            self._redactor.know(rotated)
        self._redactor.know(access)
        seed = _seed_digest(session, way)
        self._vault.seal(session.account_id, values, seed=seed, expires=expires)
        return Opened(access, seed, expires[_short_slot(way)])

    def _ask(self, session: Session, way: Refreshed | GoogleJwt, slots: Mapping[str, str]) -> Mapping[str, Any]:
        self._redactor.know(*(slots[name] for name in way.needs if name in slots), slots.get("assertion"))
        asked = replace(way.request, form=_filled(way.request.form, slots), json=_filled(way.request.json, slots))
        prepared = replace(_plain(asked, ""), url=self._address(session, way))
        if isinstance(way, Refreshed) and way.basic is not None and all(name in slots for name in way.basic):
            user, word = (slots[name] for name in way.basic)
            basic = base64.b64encode(f"{user}:{word}".encode()).decode()
            self._redactor.know(basic)
            prepared = replace(prepared, headers={**prepared.headers, "Authorization": f"Basic {basic}"})
        try:
            answer = self._http.send(session.connector.slug, prepared)
        except UnreachableError as error:
            session.keep(way.request, None, error.message)
            raise
        exchange = session.keep(way.request, answer, None)
        fault = session.connector.diagnose(exchange)
        if fault is not None:
            raise fault
        answered = exchange.json()
        if isinstance(way, Refreshed) and way.within and isinstance(answered, dict):
            answered = answered.get(way.within, {})
        if not isinstance(answered, dict):
            raise UnreachableError(f"{way.request.path}: the sign-in answer (status {answer.status}) cannot be read")
        return answered

    def _address(self, session: Session, way: Refreshed | GoogleJwt) -> str:
        """Return where to sign in: as the settings say, else as the key file says, else the platform's usual place."""
        host = session.connector.hosts[way.request.api]
        if isinstance(way, GoogleJwt) and host.setting not in self._settings.values:
            named = token_address(_value(session.keys, way.slot))
            if named is not None:
                return check_address("token_uri", named)
        return self._settings.address_of(host, session.keys) + way.request.path


def _plain(request: Request, address: str) -> Prepared:
    headers: dict[str, str] = {}
    content: bytes | None = None
    if request.form is not None:
        content = urlencode(request.form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    elif request.json is not None:
        content = json.dumps(request.json).encode()
        headers["Content-Type"] = "application/json"
    return Prepared(request.method, f"{address}{request.path}", request.params, headers, content)


def _with_bearer(prepared: Prepared, value: str) -> Prepared:
    return replace(prepared, headers={**prepared.headers, "Authorization": f"Bearer {value}"})


def _lifetime(said: object) -> timedelta:
    """Return how long something lives: by the platform's word, and never by a fixed number where there is one."""
    seconds = int(said) if isinstance(said, str) and re.fullmatch("[0-9]{1,9}", said) else said
    if isinstance(seconds, int | Decimal) and 0 < seconds < _LONGEST_LIFE_SECONDS:
        return timedelta(seconds=float(seconds))
    return _LIFE_UNSAID


def _value(keys: KeyValues, slot: str) -> str:
    value = keys.get(slot)
    if value is None:
        raise SettingError(f"{slot} is not filled in")
    return value


def _filled(fields: Mapping[str, Any] | None, slots: Mapping[str, str]) -> dict[str, Any] | None:
    """Fill the values that are one slot in braces; any other value stays as it is."""
    if fields is None:
        return None
    return {
        name: slots.get(value[1:-1], "")
        if isinstance(value, str) and value.startswith("{") and value.endswith("}")
        else value
        for name, value in fields.items()
    }


def _short_slot(way: Refreshed | GoogleJwt) -> str:
    return f"access:{way.seed if isinstance(way, Refreshed) else way.slot}"


def _seed_digest(session: Session, way: Refreshed | GoogleJwt) -> str:
    return digest(_value(session.keys, way.seed if isinstance(way, Refreshed) else way.slot))


def _current_seed(session: Session, way: Refreshed, sealed: Mapping[str, Opened]) -> str:
    """Return the refresh token to use: the sealed one that grew from the environment's, else the environment's."""
    grown = sealed.get(way.seed)
    if grown is not None and grown.seed == _seed_digest(session, way):
        return grown.value
    return _value(session.keys, way.seed)
