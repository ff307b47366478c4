"""The first questions with a new sign-in, before it is sealed: nothing of it may be spent, and nothing stored.

A refresh token that serves once must not be used up by the look at who it is of; the short-lived key that came with it
is asked with instead. Where the account is known already, its other sign-ins are renewed as always.
"""

from collections.abc import Mapping
from datetime import datetime

from collector.accounts.vault import Opened, Vault
from collector.collect.signin import Session, SignIn
from connectors.kit import GoogleJwt, Refreshed, Request


class FirstSignIn(SignIn):
    """Signs the first questions in."""

    lent: Mapping[str, str] = {}
    """Short-lived keys that came with a new sign-in, by the key field of the long-lived one."""

    def renew(self, session: Session, request: Request) -> bool:
        """Renew nothing: a key that is refused as soon as it is new is the answer that the person needs."""
        return False

    def _short_lived(self, session: Session, way: Refreshed | GoogleJwt) -> str:
        lent = self.lent.get(way.seed) if isinstance(way, Refreshed) else None
        return lent if lent is not None else super()._short_lived(session, way)


class Unsealed(Vault):
    """The vault of an account that is not there yet: it has nothing, and keeps nothing."""

    def __init__(self) -> None:
        """Know no key: nothing is ever sealed."""

    def open_all(self, account_id: int) -> dict[str, Opened]:
        """Return nothing."""
        return {}

    def seal(
        self,
        account_id: int,
        values: Mapping[str, str],
        *,
        seed: str = "",
        expires: Mapping[str, datetime | None] | None = None,
    ) -> None:
        """Seal nothing."""

    def forget(self, account_id: int, slot: str) -> None:
        """Forget nothing."""
