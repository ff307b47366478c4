"""Google's sign-in address: the owner's refresh grant (youtube.md §1c) and a service account's (website.md §1).

Both are answered here because both are asked at one address. Nothing is remembered: an access token tells by itself
when it was given out, so that it holds for its time by the world's clock, however that clock is moved.
"""

import base64
import json
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from collector.demo.standin import Answered

REFRESH_TOKEN = "demo-youtube-refresh"  # noqa: S105 - opens nothing but the stand-in
CLIENT_ID = "demo-google-client"
CLIENT_SECRET = "demo-google-secret"  # noqa: S105
GA4_ACCESS = "demo-ga4-access"
"""The bearer that a service account is given; the website's contract accepts it."""

_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_GA4_SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
_SCOPES = "https://www.googleapis.com/auth/youtube.readonly https://www.googleapis.com/auth/yt-analytics.readonly"
_LIFETIME = 3599  # seconds of an access token


def answer_token(form: Mapping[str, str], now: datetime, *, is_ended: bool) -> Answered:
    """Answer a request for an access token. `is_ended` says that the owner has withdrawn the sign-in."""
    grant = form.get("grant_type", "")
    if grant == _JWT_GRANT:
        return _answer_service_account(form.get("assertion", ""))
    if grant != "refresh_token":
        return _fault("unsupported_grant_type", f"Invalid grant_type: {grant}")
    if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
        return _fault("invalid_client", "The OAuth client was not found.", 401)
    if not form.get("refresh_token"):
        return _fault("invalid_request", "Missing required parameter: refresh_token")
    if is_ended or form["refresh_token"] != REFRESH_TOKEN:
        return _fault("invalid_grant", "Token has been expired or revoked.")
    access = access_token(int(now.timestamp()))
    return Answered({"access_token": access, "expires_in": _LIFETIME, "scope": _SCOPES, "token_type": "Bearer"})


def access_token(issued: int) -> str:
    """Return the access token given out at a second."""
    return f"ya29.demo-{issued}-{sha256(f'{REFRESH_TOKEN} {issued}'.encode()).hexdigest()[:16]}"


def is_alive(bearer: str, now: datetime) -> bool:
    """Whether a bearer was given out here and its time is not over."""
    issued = re.fullmatch(r"ya29\.demo-([0-9]{1,12})-[0-9a-f]{16}", bearer)
    if issued is None or bearer != access_token(int(issued[1])):
        return False
    return 0 <= now.timestamp() - int(issued[1]) < _LIFETIME


def _answer_service_account(assertion: str) -> Answered:
    """Check a signed statement's shape and claims; its signature is taken on trust, as there is no key to check it."""
    header, claims = _parts_of(assertion)
    issued, ends = claims.get("iat"), claims.get("exp")
    if header.get("alg") != "RS256" or not claims.get("iss"):
        return _fault("invalid_grant", "Invalid JWT Signature.")
    if not isinstance(issued, int) or not isinstance(ends, int) or not 0 < ends - issued <= 3600:
        return _fault("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
                      "reasonable timeframe. Check your iat and exp values in the JWT claim.")  # fmt: skip
    if not str(claims.get("aud", "")).endswith("/token"):
        return _fault("invalid_grant", "Invalid JWT: Failed audience check.")
    if _GA4_SCOPE not in str(claims.get("scope", "")).split():
        return _fault("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
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


def _fault(error: str, description: str, status: int = 400) -> Answered:
    """Make a fault in the flat form of this address."""
    return Answered({"error": error, "error_description": description}, status)
