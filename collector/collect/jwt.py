"""A Google service account's signed statement (RFC 7523), made from the text of its key file."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime

from connectors.kit import SettingError, Words

_LIFE_SECONDS = 3600  # the longest that Google takes (website.md A1)

_HINT = Words(
    "Isi GA4_SERVICE_ACCOUNT_FILE dengan berkas kunci (JSON) akun layanan dari Google Cloud.",
    "Point GA4_SERVICE_ACCOUNT_FILE to the service account's key file (JSON) from Google Cloud.",
)


def make_assertion(key_file: str, scope: str, audience: str, now: datetime) -> str:
    """Return the signed statement. Raises SettingError where the text is no key file."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    try:
        key = json.loads(key_file)
        private = serialization.load_pem_private_key(key["private_key"].encode(), password=None)
        issuer, number = str(key["client_email"]), str(key.get("private_key_id", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SettingError(
            "the service account's key file cannot be read", code="setting.key_file", hint=_HINT
        ) from None
    if not isinstance(private, rsa.RSAPrivateKey):
        raise SettingError("the service account's key is no RSA key", code="setting.key_file", hint=_HINT)
    begin = int(now.timestamp())
    header = {"alg": "RS256", "typ": "JWT", "kid": number}
    claims = {"iss": issuer, "scope": scope, "aud": audience, "iat": begin, "exp": begin + _LIFE_SECONDS}
    signed = f"{_encode(header)}.{_encode(claims)}"
    signature = private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_base64(signature)}"


def token_address(key_file: str) -> str | None:
    """Return the address that the key file itself names for signing in, None where it names none."""
    try:
        key = json.loads(key_file)
    except ValueError:
        return None
    named = key.get("token_uri") if isinstance(key, dict) else None
    return named if isinstance(named, str) and named else None


def _encode(value: Mapping[str, object]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
