"""Google's sign-in address: the owner's grants (youtube.md §1a to §1c) and a service account's (website.md §1).

Both are answered here because both are asked at one address. Nothing is remembered: an access token tells by itself
when it was given out, so that it holds for its time by the world's clock, however that clock is moved.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from collector.demo.standin import Answered

REFRESH_TOKEN = "demo-youtube-refresh"  # noqa: S105 - opens nothing but the stand-in
CLIENT_ID = "demo-google-client"
CLIENT_SECRET = "demo-google-secret"  # noqa: S105 - the stand-in's
GA4_ACCESS = "demo-ga4-access"
"""The bearer that a service account is given; the website's contract accepts it."""

_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_GA4_SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
_SCOPE = "https://www.googleapis.com/auth/"
SCOPES = {"r": f"{_SCOPE}youtube.readonly", "a": f"{_SCOPE}yt-analytics.readonly"}
"""The rights that can be given, by the letter that a key carries for each."""
_LIFETIME = 3599  # seconds of an access token


class Pages(Protocol):
    """What the pages of this address gave out: by grant, who a request is for, or what is wrong with it."""

    grants: Mapping[str, Callable[[Mapping[str, str]], "Owner | Answered"]]

    @property
    def life(self) -> Mapping[str, int]:
        """What is said of a sign-in's own life."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who a key is of: the account chosen on the consent page, and a letter for each right that was given."""

    account: str = "office"
    rights: str = "ra"

    @property
    def scope(self) -> str:
        """The rights by Google's names."""
        return " ".join(SCOPES[letter] for letter in self.rights)


OFFICE = Owner()


def answer_token(form: Mapping[str, str], now: datetime, pages: Pages, *, is_ended: bool) -> Answered:
    """Answer a request for an access token. `is_ended` says that the owner has withdrawn the sign-in."""
    grant = form.get("grant_type", "")
    if grant == _JWT_GRANT:
        return _answer_service_account(form.get("assertion", ""))
    if grant not in ("refresh_token", *pages.grants):
        return fault("unsupported_grant_type", f"Invalid grant_type: {grant}")
    if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
        return fault("invalid_client", "The OAuth client was not found.", 401)
    if grant in pages.grants:
        owner = pages.grants[grant](form)
        if isinstance(owner, Answered):
            return owner
        return Answered({**_access(owner, now), "refresh_token": refresh_token(owner), **pages.life})
    if not form.get("refresh_token"):
        return fault("invalid_request", "Missing required parameter: refresh_token")
    owner_of_token = owner_of(form["refresh_token"])
    if is_ended or owner_of_token is None:
        return fault("invalid_grant", "Token has been expired or revoked.")
    return Answered(_access(owner_of_token, now))


def _access(owner: Owner, now: datetime) -> dict[str, Any]:
    access = access_token(int(now.timestamp()), owner)
    return {"access_token": access, "expires_in": _LIFETIME, "scope": owner.scope, "token_type": "Bearer"}


def refresh_token(owner: Owner) -> str:
    """Return the refresh token of an owner. The office's whole one is what the demo's office fills in."""
    return REFRESH_TOKEN if owner == OFFICE else f"{REFRESH_TOKEN}-{owner.account}.{owner.rights}-{_seal(owner)}"


def owner_of(token: str) -> Owner | None:
    """Return whose a refresh token is, None where it was not given out here."""
    written = re.fullmatch(rf"{REFRESH_TOKEN}-([a-z]+)\.([ra]*)-[0-9a-f]{{16}}", token)
    owner = Owner(written[1], written[2]) if written else OFFICE
    return owner if token == refresh_token(owner) else None


def access_token(issued: int, owner: Owner = OFFICE) -> str:
    """Return the access token given out at a second."""
    return f"ya29.demo-{issued}-{owner.account}.{owner.rights}-{_seal(owner, issued)}"


def read_bearer(bearer: str, now: datetime) -> Owner | None:
    """Return whose a bearer is; None where it was not given out here, or its time is over."""
    written = re.fullmatch(r"ya29\.demo-([0-9]{1,12})-([a-z]+)\.([ra]*)-[0-9a-f]{16}", bearer)
    if written is None:
        return None
    owner, issued = Owner(written[2], written[3]), int(written[1])
    known = bearer == access_token(issued, owner) and 0 <= now.timestamp() - issued < _LIFETIME
    return owner if known else None


def _seal(*parts: object) -> str:
    return sha256(f"{REFRESH_TOKEN} {parts}".encode()).hexdigest()[:16]


def _answer_service_account(assertion: str) -> Answered:
    """Check a signed statement's shape and claims; its signature is taken on trust, as there is no key to check it."""
    header, claims = _parts_of(assertion)
    issued, ends = claims.get("iat"), claims.get("exp")
    if header.get("alg") != "RS256" or not claims.get("iss"):
        return fault("invalid_grant", "Invalid JWT Signature.")
    if not isinstance(issued, int) or not isinstance(ends, int) or not 0 < ends - issued <= 3600:
        return fault("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
                      "reasonable timeframe. Check your iat and exp values in the JWT claim.")  # fmt: skip
    if not str(claims.get("aud", "")).endswith("/token"):
        return fault("invalid_grant", "Invalid JWT: Failed audience check.")
    if _GA4_SCOPE not in str(claims.get("scope", "")).split():
        return fault("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return Answered({"access_token": GA4_ACCESS, "expires_in": _LIFETIME, "token_type": "Bearer"})


def _parts_of(assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the claims of a signed statement, empty where it is not one of three parts."""
    texts = assertion.split(".")
    if len(texts) != 3 or not all(texts):
        return {}, {}
    try:
        parts = [base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) for text in texts]
        header, claims = json.loads(parts[0]), json.loads(parts[1])
    except ValueError:
        return {}, {}
    return (header, claims) if isinstance(header, dict) and isinstance(claims, dict) else ({}, {})


def fault(error: str, description: str, status: int = 400) -> Answered:
    """Make a fault in the flat form of this address."""
    return Answered({"error": error, "error_description": description}, status)
