"""How a request is signed in: declared here by a connector, performed by the shell.

A *slot* is the name of one of the connector's key fields ("api_key", "refresh_token"). A connector names slots; only
the shell ever puts a value in one. Each class says which slots it needs, so that the shell can take the first way
that the account's keys allow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from connectors.kit.requests import Request


class _OneSlot:
    """What needs one key field."""

    __slots__ = ()
    slot: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The key fields that must be filled."""
        return (self.slot,)


@dataclass(frozen=True, slots=True)
class Bearer(_OneSlot):
    """`Authorization: Bearer <slot>`."""

    slot: str


@dataclass(frozen=True, slots=True)
class Header(_OneSlot):
    """`<name>: <slot>`."""

    name: str
    slot: str


@dataclass(frozen=True, slots=True)
class Query(_OneSlot):
    """`?<name>=<slot>`, attached after the request is kept, so that no kept address holds it."""

    name: str
    slot: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """Several query parameters at once, each a text with slots in braces; attached after the request is kept."""

    filled: Mapping[str, str]

    @property
    def needs(self) -> tuple[str, ...]:
        """The key fields that must be filled."""
        return tuple(dict.fromkeys(re.findall(r"\{(\w+)\}", " ".join(self.filled.values()))))


@dataclass(frozen=True, slots=True)
class Form(_OneSlot):
    """A field `<name>` of the form body, attached after the request is kept."""

    name: str
    slot: str


@dataclass(frozen=True, slots=True)
class Graph(_OneSlot):
    """Meta's way: a bearer and, where the app's secret is known, `appsecret_proof` made from both."""

    slot: str
    app_secret: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A short-lived access token that is had for a refresh token; attached as a bearer, or by `header` as it is.

    `request` has the slots in braces in its form or JSON body (`{refresh_token}`); `basic` names two slots for Basic
    authentication, used where both are filled. `seed` is the slot of the refresh token. `within` names the member of
    the answer that holds the tokens, where the answer has a frame. `single_use`: each refresh token serves once, and
    the answer brings the next one. The answer is never kept.
    """

    request: Request
    seed: str
    requires: tuple[str, ...] = ()
    basic: tuple[str, str] | None = None
    header: str = ""
    within: str = ""
    single_use: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """The key fields that must be filled."""
        return (self.seed, *self.requires)


@dataclass(frozen=True, slots=True)
class Prolonged(_OneSlot):
    """A bearer that lives for weeks and is given anew, for a longer time, while it lives.

    `request` has the slot in braces among its parameters. It is asked `every` so often, and `again` so long after a
    refusal, which says nothing about the key that is there.
    """

    request: Request
    slot: str
    every: timedelta
    again: timedelta


@dataclass(frozen=True, slots=True)
class GoogleJwt(_OneSlot):
    """A bearer had for a signed statement of a Google service account; `slot` holds its key file's text."""

    request: Request
    slot: str
    scope: str


Renewable = Refreshed | Prolonged | GoogleJwt
"""What the shell has new keys for."""

Auth = Bearer | Header | Query | Parameters | Form | Graph | Renewable


@dataclass(frozen=True, slots=True)
class Host:
    """One of a connector's addresses.

    `setting` is the environment's name that replaces `default` (an origin and optional prefix, never a path of the
    API itself). `auth` are the ways to sign in by name, best first; none means that the host is asked openly.
    `from_key` names a key field that holds the address instead (the office's own site). `answers` is "json", or "any"
    for a host whose pages are only looked at.
    """

    setting: str
    default: str
    auth: Mapping[str, Auth] = field(default_factory=dict)
    from_key: str = ""
    answers: str = "json"
