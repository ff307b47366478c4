"""The account as the Display service shows it: who it is, and its four counts of the moment (tiktok.md §3)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from connectors.kit import (
    AccessError,
    Assignment,
    Fetch,
    Node,
    NotOfferedError,
    Observation,
    Profile,
    Reason,
    Request,
    missing,
)
from connectors.tiktok.faults import TICK_ALL
from connectors.tiktok.fields import ask_together, leave_dead
from connectors.tiktok.measures import COUNTS
from connectors.tiktok.values import optional_text

_NAMES = ("open_id", "display_name", "username", "profile_deep_link", "bio_description")
_NAMES_OF_BASIC = ("open_id", "display_name")
_ADDRESS = re.compile(r"(?<![@\w.-])(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s,;)]*)?(?![@\w])", re.IGNORECASE)
"""An address in a bio's text, with or without https://; what stands around an @ is an e-mail address or a name."""


def read_counts(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
    """Read the account's counts. One that the answer leaves out is a gap, never a zero."""
    alive = yield from leave_dead(assignment, COUNTS)
    for name, user in ask_together(partial(_ask_user, fetch), alive):
        measure = COUNTS[name]
        if isinstance(user, NotOfferedError):
            yield missing(measure, user.reason, user, assignment.now)
        else:
            yield user[name].read(measure) if user[name].exists else user[name].gap(measure, Reason.NOT_OFFERED)


def read_profile(fetch: Fetch) -> Profile:
    """Ask who it is; the @name belongs to a scope of its own, so go without it where it was withheld."""
    try:
        user = _ask_user(fetch, _NAMES)
    except NotOfferedError:
        user = _ask_basic_user(fetch)
    name, bio = optional_text(user["display_name"]), user["bio_description"]
    profile = Profile(
        id=user["open_id"].text(),
        handle=optional_text(user["username"]) or name,
        name=name,
        link=optional_text(user["profile_deep_link"]),
    )
    return replace(profile, bio_link=find_address(bio.text())) if bio.exists else profile


def find_address(bio: str) -> str:
    """Return the first web address of a bio, "" where it names none. It has no field of its own."""
    found = _ADDRESS.search(bio)
    return found.group().rstrip(".") if found else ""


def _ask_user(fetch: Fetch, fields: Sequence[str]) -> Node:
    """Ask for fields of the account that signed in. Raises ShapeError where the answer has no account."""
    user = fetch(Request("display", "/v2/user/info/", {"fields": ",".join(fields)}))["data"]["user"]
    user.members()
    return user


def _ask_basic_user(fetch: Fetch) -> Node:
    try:
        return _ask_user(fetch, _NAMES_OF_BASIC)
    except NotOfferedError as refusal:
        raise AccessError(refusal.message, place=refusal.place, code="access.scope", hint=TICK_ALL) from refusal
