"""TikTok's page where an account allows an application: one for both services (tiktok.md §2, §4.1).

A desktop app is sent back to loopback with any port and must have a challenge in hex; the business service's app goes
to an https address that ends with a slash, and has none.
"""

from hashlib import sha256
from urllib.parse import urlsplit

from collector.demo.consent import ConsentPage
from collector.demo.world import World

PATH = "/v2/auth/authorize/"
_ACCOUNTS = {"office": "@kpu_contoh", "other": "@budi_pribadi"}
_CODE_SECONDS = 600


def display_page(world: World, client_key: str, scopes: frozenset[str]) -> ConsentPage:
    """Make the Display service's page."""
    return ConsentPage(
        world, "TikTok", _ACCOUNTS, "client_key", client_key, ",", _CODE_SECONDS, _is_desktop, _hex, scopes
    )


def business_page(world: World, app_id: str, scopes: frozenset[str]) -> ConsentPage:
    """Make the business service's page."""
    return ConsentPage(
        world, "TikTok for Business", _ACCOUNTS, "client_key", app_id, ",", _CODE_SECONDS, _is_office_page, None,
        scopes, code_name="auth_code",
    )  # fmt: skip


def _is_desktop(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost") and parts.port is not None


def _is_office_page(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.port is None and parts.path.endswith("/") and not parts.query


def _hex(verifier: str) -> str:
    return sha256(verifier.encode()).hexdigest()
