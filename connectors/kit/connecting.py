"""How a person connects an account: declared here by a connector, performed by the shell.

A connector lists its *ways*, best first. Each says what it reads, what to have at hand, which steps there are on the
platform's own pages, and which key fields it fills. As everywhere, a connector names slots and never sees a value:
what is written in braces (`{client_id}`, `{code}`) is filled in by the shell alone.

Slots are the connector's key fields and what comes up on the way: `{state}`, `{scope}`, `{redirect_uri}` and
`{challenge}` in the address of a page; `{code}`, `{code_verifier}`, `{redirect_uri}` and `{device_code}` in a trade,
and whatever an earlier trade gave. A parameter or field whose slot nobody filled is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from connectors.kit.metrics import Words
from connectors.kit.requests import Request

AT_THE_PLATFORM = "access.checkpoint"
"""The code of an AccessError that says: whoever signs in has to pass a check on the platform's own pages first."""

REDIRECT_REFUSED = "setting.redirect"
"""The code of a SettingError that says: the redirect address is not the one that the app has."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that a sign-in may have, by the platform's own name for it.

    `opens` is what is read with it, `without` what the report lacks where it was not given. One that is not `optional`
    is needed to connect at all.
    """

    name: str
    opens: Words
    without: Words
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on the platform's own pages. The text may name `{redirect_uri}` and open key fields."""

    words: Words
    link: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the platform's where a person signs in.

    `setting` is the environment's name that replaces `default`: an origin and optional prefix, as with a host. `path`
    is the page's own and may name open key fields (`/{graph_version}/dialog/oauth`).
    """

    setting: str
    default: str
    path: str


class Pkce(StrEnum):
    """How the challenge is written that binds the code to whoever asked for it (RFC 7636), if there is one."""

    NONE = "none"
    BASE64URL = "base64url"
    HEX = "hex"


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the platform sends the browser back to.

    `host` is the loopback name that the platform allows ("127.0.0.1" or "localhost"), "" where it wants https: then
    the address is one that the office registered, and what the browser ends at is pasted. `port` 0 is any free one;
    another must be the registered one.
    """

    host: str = "127.0.0.1"
    port: int = 0
    path: str = "/"


@dataclass(frozen=True, slots=True)
class Trade:
    """One request that gives a key for a code, or a long-lived key for a short-lived one. The answer is never kept.

    `request` has slots in braces in its parameters, form or JSON; `basic` names two slots for Basic authentication,
    used where both are filled. `gives` says which slot each member of the answer fills: a key field is sealed in the
    end, any other serves the next trades. `within` names the member that holds them, where the answer has a frame (a
    list's first is taken; an answer without the frame is read as it is). `granted` names the member with the
    permissions, a text or a list; `life` the one with the seconds that the way's long-lived key lives.
    """

    request: Request
    gives: Mapping[str, str]
    basic: tuple[str, str] | None = None
    within: str = ""
    granted: str = "scope"
    life: str = ""


@dataclass(frozen=True, slots=True)
class ShortLife:
    """What it means, and how to mend it, where a new sign-in lives for no longer than `most`."""

    most: timedelta
    words: Words


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key field that is a whole JSON file. Its member `tells` is no secret; `words` say what to do with `{value}`."""

    field: str
    tells: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to connect an account: the base of the three kinds below.

    `name` is what people type to choose it. `reads` says what is read, `at_hand` what to have ready. `asks` are the key
    fields that must be filled before it begins, in the order in which they are asked for where nobody filled them yet;
    those in `optional` may stay empty. `slot` is the key field of the long-lived key, by which the access is known.
    `settles` are open key fields that choosing this way decides, `replaces` the account's own key fields that are let
    go of, because they would go before the new ones. `takes_linked` connects what is linked on other platforms too.
    """

    name: str
    label: Words
    reads: Words
    at_hand: tuple[Words, ...] = ()
    steps: tuple[Step, ...] = ()
    asks: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    permissions: tuple[Permission, ...] = ()
    slot: str = ""
    settles: Mapping[str, str] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()
    takes_linked: bool = False
    short_life: ShortLife | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Way):
    """A person allows it on the platform's page; the browser comes back with a code, which is traded for keys.

    `params` are the page's, with slots in braces; no secret may be among them. `separator` stands between the names
    of permissions. `codes` are the names under which the code may come back, `code_seconds` how long it lives where
    that is so short that whoever pastes it must hurry.
    """

    page: Page
    params: Mapping[str, str]
    trades: tuple[Trade, ...]
    redirect: Redirect = field(default_factory=Redirect)
    pkce: Pkce = Pkce.NONE
    separator: str = " "
    codes: tuple[str, ...] = ("code",)
    code_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(Way):
    """A short code is shown, which a person types on the platform's page with any other device (RFC 8628).

    `request` has the code; the first of `trades` is asked again and again until the person is done.
    """

    request: Request
    trades: tuple[Trade, ...]
    separator: str = " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted(Way):
    """A long-lived key that a person made on the platform's pages is typed in or named as a file."""

    file: KeyFile | None = None
