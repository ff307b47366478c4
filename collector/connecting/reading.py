"""What a platform's answer to a trade means for the person: the standard's words first, then the connector's.

The words of RFC 6749 are the same everywhere, and what a code is refused for stands in the description, because several
platforms say no more than `invalid_request` (x.md §2, tiktok.md §2).
"""

from typing import Any

from collector.connecting import refusals
from collector.connecting.refusals import ConnectingError
from collector.language import current
from connectors.kit import (
    AccessError,
    Connector,
    Exchange,
    PlatformError,
    SettingError,
    ThrottledError,
    UnreachableError,
)
from connectors.kit.connecting import AT_THE_PLATFORM, REDIRECT_REFUSED

_APP = ("invalid_client", "unauthorized_client", "org_internal", "admin_policy_enforced")


def word_of(body: Any) -> str:  # noqa: ANN401 - JSON is what it is
    """Return the standard's word for a fault, "" where there is none."""
    word = body.get("error") if isinstance(body, dict) else None
    return word if isinstance(word, str) else ""


def read_fault(
    connector: Connector, exchange: Exchange, redirect_uri: str, *, is_first: bool
) -> ConnectingError | None:
    """Say what is wrong with the answer to a trade, None for a good one. `is_first`: a code was traded in."""
    body, name = exchange.json(), connector.name
    fault, word = connector.diagnose(exchange), word_of(body)
    if fault is None and not word:
        return None if isinstance(body, dict) else refusals.line_cut(name)  # a page of somebody else's on the line
    if isinstance(fault, ThrottledError) or exchange.status == 429:
        return refusals.too_often(name)
    if isinstance(fault, UnreachableError):
        return refusals.line_cut(name)
    if word == "access_denied":
        return refusals.denied(name)
    described = f"{word} {body.get('error_description', '')}".casefold() if isinstance(body, dict) else ""
    if (fault is not None and fault.code == REDIRECT_REFUSED) or "redirect" in described:
        return refusals.redirect_refused(name, redirect_uri)
    if word in _APP:
        return refusals.app_refused(name, _hint(fault))
    if fault is not None and fault.code == AT_THE_PLATFORM:
        return refusals.platform_refused(name, fault, str(fault))
    if is_first and ("verifier" in described or "challenge" in described):
        return refusals.proof_refused(name)
    if is_first and (word == "invalid_grant" or "code" in described or isinstance(fault, AccessError)):
        return refusals.code_refused(name)
    if isinstance(fault, SettingError):
        return refusals.app_refused(name, _hint(fault))
    return refusals.platform_refused(name, fault or PlatformError(word), word or str(fault))


def _hint(fault: PlatformError | None) -> str:
    return (fault or SettingError("")).hint.text(current())
