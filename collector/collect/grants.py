"""Asking a platform for a new key, as its connector declares it, and reading what it gives.

What a platform answers to a sign-in is never kept, only what it was like.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from collector.addresses import check_address
from collector.collect.http import Prepared
from collector.collect.jwt import make_assertion, token_address
from collector.collect.redact import Redactor
from collector.collect.session import Session, plain
from collector.settings import Settings
from collector.store.records import StoredAccess
from connectors.kit import (
    Access,
    Connector,
    Exchange,
    GoogleJwt,
    Prolonged,
    Refreshed,
    Renewable,
    UnreachableError,
)

_LONGEST_LIFE_SECONDS = 10**9  # beyond that it is a slip


@dataclass(frozen=True, slots=True, repr=False)
class Grant:
    """What a platform gave. `key` is the key asked for, `next_seed` the refresh token in the place of the one sent.

    How long each lives and what is allowed are None where the platform does not say.
    """

    key: str
    lives: timedelta | None
    next_seed: str | None
    seed_lives: timedelta | None
    granted: frozenset[str] | None


def grown_slot(way: Renewable) -> str:
    """Return the key field whose value brings new keys."""
    return way.seed if isinstance(way, Refreshed) else way.slot


def prepare_grant(
    session: Session, way: Renewable, value: str, settings: Settings, now: datetime, redactor: Redactor
) -> Prepared:
    """Return the request for a new key, with the secrets in it. `value` is what it is asked for with."""
    slots = {**session.keys.open, **session.keys.secret, grown_slot(way): value}
    address = _address(session, way, settings)
    if isinstance(way, GoogleJwt):
        slots["assertion"] = make_assertion(value, way.scope, address, now)
    redactor.know(*(slots[name] for name in way.needs if name in slots), slots.get("assertion"))
    asked = replace(
        way.request,
        params=_filled(way.request.params, slots) or {},
        form=_filled(way.request.form, slots),
        json=_filled(way.request.json, slots),
    )
    prepared = plain(asked, address)
    if isinstance(way, Refreshed) and way.basic is not None and all(name in slots for name in way.basic):
        user, word = (slots[name] for name in way.basic)
        basic = base64.b64encode(f"{user}:{word}".encode()).decode()
        redactor.know(basic)
        prepared = replace(prepared, headers={**prepared.headers, "Authorization": f"Basic {basic}"})
    return prepared


def read_grant(connector: Connector, way: Renewable, exchange: Exchange) -> Grant:
    """Return what an answer gives. Raises the PlatformError that it states; UnreachableError where it says nothing."""
    fault = connector.diagnose(exchange)
    if fault is not None:
        raise fault
    answered = exchange.json()
    if isinstance(way, Refreshed) and way.within and isinstance(answered, dict):
        answered = answered.get(way.within, {})
    if not isinstance(answered, dict):
        raise UnreachableError(f"{way.request.path}: the sign-in answer (status {exchange.status}) cannot be read")
    key, rotated = answered.get("access_token"), answered.get("refresh_token")
    if not isinstance(key, str) or not key:
        raise UnreachableError(f"{way.request.path}: the sign-in answer holds no key")
    return Grant(
        key,
        _lifetime(answered.get("expires_in")),
        rotated if isinstance(way, Refreshed) and isinstance(rotated, str) and rotated else None,
        _lifetime(answered.get("refresh_expires_in", answered.get("refresh_token_expires_in"))),
        _permissions(answered.get("scope", answered.get("permissions"))),
    )


def as_access(way: Renewable, grant: Grant, known: StoredAccess | None, now: datetime) -> Access:
    """Return what a grant says of the long-lived key. Where it says nothing, what was said of this very key stands."""
    slot = grown_slot(way)
    lives = grant.lives if isinstance(way, Prolonged) else grant.seed_lives
    if lives is not None:
        ends_at: datetime | None = now + lives
    else:
        is_same_key = not isinstance(way, Prolonged) and grant.next_seed is None
        ends_at = known.ends_at if known is not None and is_same_key else None
    if known is None:
        return Access(grant.granted, ends_at, None, slot)
    granted = grant.granted if grant.granted is not None else known.granted
    return Access(granted, ends_at, known.data_ends_at, slot)


def _address(session: Session, way: Renewable, settings: Settings) -> str:
    """Return where to sign in: as the settings say, else as the key file says, else the platform's usual place."""
    host = session.connector.hosts[way.request.api]
    if isinstance(way, GoogleJwt) and host.setting not in settings.values:
        named = token_address(session.value(way.slot))
        if named is not None:
            return check_address("token_uri", named)
    return settings.address_of(host, session.keys) + way.request.path


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


def _lifetime(said: object) -> timedelta | None:
    """Return how long something lives by the platform's word, None where it does not say."""
    seconds = int(said) if isinstance(said, str) and re.fullmatch("[0-9]{1,9}", said) else said
    if isinstance(seconds, bool) or not isinstance(seconds, int | Decimal):
        return None
    return timedelta(seconds=float(seconds)) if 0 < seconds < _LONGEST_LIFE_SECONDS else None


def _permissions(said: object) -> frozenset[str] | None:
    """Return the permissions that were named: one text with blanks or commas, or a list. None where none are."""
    names = said if isinstance(said, list) else re.split(r"[\s,]+", said) if isinstance(said, str) else ()
    return frozenset(name for name in names if isinstance(name, str) and name) or None
