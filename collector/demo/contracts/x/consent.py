"""X's page where an account allows an application (x.md §2): exact redirect address, codes that live for 30 seconds."""

import base64
from hashlib import sha256

from collector.demo.consent import ConsentPage
from collector.demo.world import World

PAGE = "/i/oauth2/authorize"
REDIRECTS = frozenset({"http://127.0.0.1:8765/callback"})
"""What is registered in X's console. X compares letter by letter; a test that needs a free port registers its own."""

FAMILY = 1_000_000
"""Refresh tokens are numbered on from here at each consent, so that one tells which consent it grew from."""


def make_page(world: World, client_id: str, redirects: set[str]) -> ConsentPage:
    """Make the page."""
    return ConsentPage(
        world, "X", {"office": "@kpu_contoh", "other": "@budi_pribadi"}, "client_id", client_id, " ", 30,
        lambda address: address in redirects, _base64url, frozenset({"users.read", "tweet.read", "offline.access"}),
    )  # fmt: skip


def _base64url(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
