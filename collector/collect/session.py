"""Who is being collected, and a request before it is signed in."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from collector.collect.http import Answer, Prepared
from collector.settings import KeyValues
from connectors.kit import AccessError, Connector, Exchange, Request, SettingError

Keep = Callable[[Request, Answer | None, str | None], Exchange]
"""Keeps what may be kept of a sign-in (what was asked, what came, or why nothing came), and returns the exchange with
its whole answer, to be looked at and then forgotten."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is being collected: what is needed to sign their requests in.

    `refusals` takes the refused sign-ins in whose place another way was taken.
    """

    connector: Connector
    account_id: int
    keys: KeyValues
    keep: Keep
    refusals: list[AccessError] = field(default_factory=list)

    def value(self, slot: str) -> str:
        """Return a key field's value. Raises SettingError where it is not filled in."""
        value = self.keys.get(slot)
        if value is None:
            raise SettingError(f"{slot} is not filled in")
        return value


def plain(request: Request, url: str) -> Prepared:
    """Return a request as it is sent to an address, not signed in."""
    headers: dict[str, str] = {}
    content: bytes | None = None
    if request.form is not None:
        content = urlencode(request.form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    elif request.json is not None:
        content = json.dumps(request.json).encode()
        headers["Content-Type"] = "application/json"
    return Prepared(request.method, url, request.params, headers, content)
