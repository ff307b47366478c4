"""Signing a request in: the declared way, performed. The only module that puts a secret into a platform's request.

What must first be had for it, a short-lived key or a prolonged one, `renewing` has.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from collector.collect.http import Prepared
from collector.collect.redact import Redactor
from collector.collect.renewing import Renewer, key_slot
from collector.collect.session import Session, plain
from collector.settings import Settings
from connectors.kit import (
    AccessError,
    Auth,
    Bearer,
    Form,
    GoogleJwt,
    Graph,
    Header,
    Parameters,
    Prolonged,
    Query,
    Refreshed,
    Request,
    SettingError,
)


class SignIn:
    """Signs requests in. One per process; safe to use from several threads."""

    def __init__(self, settings: Settings, redactor: Redactor, renewer: Renewer) -> None:
        self._settings = settings
        self._redactor = redactor
        self._renewer = renewer

    def prepare(self, session: Session, request: Request) -> Prepared:
        """Return a request with its address and sign-in. Raises a PlatformError where there is no usable way."""
        host = session.connector.hosts[request.api]
        self._redactor.know(*session.keys.secret.values())
        prepared = plain(request, self._settings.address_of(host, session.keys) + request.path)
        if not host.auth:
            return prepared
        refusal: AccessError | None = None
        for name, way in host.auth.items():
            if (request.auth and request.auth != name) or not set(way.needs) <= session.keys.names:
                continue
            try:
                signed = self._attach(session, way, prepared)
            except AccessError as error:
                refusal = error  # the next way may still do: a public key where the owner's sign-in has ended
                continue
            if refusal is not None:
                session.refusals.append(refusal)
            return signed
        raise refusal or SettingError(f"{request.path}: no key is filled in for this")

    def renew(self, session: Session, refused: Prepared) -> bool:
        """Let go of the short-lived key that a request was refused with. Returns whether asking again makes sense."""
        if refused.key is None:
            return False
        self._renewer.drop(session.account_id, *refused.key)
        return True

    def _attach(self, session: Session, way: Auth, prepared: Prepared) -> Prepared:
        match way:
            case Bearer(slot):
                return _with_bearer(prepared, session.value(slot))
            case Header(name, slot):
                return replace(prepared, headers={**prepared.headers, name: session.value(slot)})
            case Query(name, slot):
                return replace(prepared, params={**prepared.params, name: session.value(slot)})
            case Parameters(filled):
                return self._with_parameters(prepared, filled, {slot: session.value(slot) for slot in way.needs})
            case Form(name, slot):
                field = urlencode({name: session.value(slot)}).encode()
                return replace(prepared, content=b"&".join(part for part in (prepared.content, field) if part))
            case Graph(slot, app_secret):
                return self._with_proof(prepared, session.value(slot), session.keys.get(app_secret))
            case Prolonged():
                return _with_bearer(prepared, self._renewer.key(session, way))
            case Refreshed() | GoogleJwt():
                value = self._renewer.key(session, way)
                prepared = replace(prepared, key=(key_slot(way), value))
                if isinstance(way, Refreshed) and way.header:
                    return replace(prepared, headers={**prepared.headers, way.header: value})
                return _with_bearer(prepared, value)

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


def _with_bearer(prepared: Prepared, value: str) -> Prepared:
    return replace(prepared, headers={**prepared.headers, "Authorization": f"Bearer {value}"})
