"""What Meta says of a key: whose it is, what was allowed, and until when (facebook.md §2.1, §2.3).

It tells only an app that names itself with its id and its secret, so nothing is known where these are not filled in.
Two ends are told: the key's own, and the day from which no data is read with it although it is still good.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.kit.auth import Parameters
from connectors.kit.contract import Access, Account, Fetch
from connectors.kit.errors import (
    AccessError,
    NotOfferedError,
    PlatformError,
    ShapeError,
    ThrottledError,
    UnreachableError,
)
from connectors.kit.graph import optional_text, text_id, version_of
from connectors.kit.graph_faults import no_access, wrong_app
from connectors.kit.metrics import Words
from connectors.kit.node import Node
from connectors.kit.requests import Request

INSPECTION = "inspection"
"""The name of the way to sign in that a host is asked with about a key."""

INSPECTED_BY = Parameters({"input_token": "{access_token}", "access_token": "{app_id}|{app_secret}"})

_NEVER = datetime(9999, 1, 1, tzinfo=UTC).timestamp()

_DATA_ENDED_HINT = Words(
    "Izin membaca data sudah berakhir dan harus ditegaskan lagi oleh orang. Sambungkan ulang akun ini.",
    "The permission to read data has ended, and a person has to confirm it. Connect the account again.",
)


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known of a key. `owner` is the id of the Page whose key it is; `problem` what is wrong with it."""

    kind: str = ""
    owner: str = ""
    access: tuple[Access, ...] = ()
    problem: PlatformError | None = None


def inspect(fetch: Fetch, api: str, account: Account, id: str, permissions: frozenset[str]) -> Inspected:
    """Ask about an account's key. Raises AccessError where it is good no longer.

    `permissions` are those that may be given for some accounts only; they count where they are given for `id`. Where
    nothing can be told, who the account is still can.
    """
    if not set(INSPECTED_BY.needs) <= account.keys:
        return Inspected()
    try:
        answer = fetch(Request(api, f"/{version_of(account)}/debug_token", auth=INSPECTION))
    except AccessError as error:  # not the key is refused, but the app that asks about it
        return Inspected(problem=wrong_app(error.message, error.place))
    except (UnreachableError, ThrottledError, NotOfferedError, ShapeError):
        return Inspected()
    try:
        return _inspected(answer["data"], id, permissions)
    except ShapeError:
        return Inspected()


def _inspected(told: Node, id: str, permissions: frozenset[str]) -> Inspected:
    if told["is_valid"].exists and not told["is_valid"].truth():
        fault = told["error"]
        subcode = fault["subcode"].number() if fault["subcode"].exists else 0
        raise no_access(f"the key is good no longer: {optional_text(fault['message'])}", subcode, fault.place)
    granted, data_ends_at = frozenset(_granted(told, id, permissions)), _end(told["data_access_expires_at"])
    access = Access(granted, _end(told["expires_at"]), data_ends_at, "access_token")
    problem = None
    if data_ends_at is not None and data_ends_at <= told.exchange.now:
        place = told["data_access_expires_at"].place
        problem = AccessError("no data is read with this key any more", place=place, code="access.data_ended",
                              hint=_DATA_ENDED_HINT)  # fmt: skip
    owner = text_id(told["profile_id"]) if told["profile_id"].exists else ""
    return Inspected(optional_text(told["type"]), owner, (access,), problem)


def _granted(told: Node, id: str, permissions: frozenset[str]) -> Iterator[str]:
    """Yield what was allowed. The finer list counts where there is one: without targets it is for all of them."""
    if not told["granular_scopes"].exists:
        yield from (scope.text() for scope in told["scopes"])
        return
    for one in told["granular_scopes"]:
        name = one["scope"].text()
        targets = {text_id(target) for target in one["target_ids"]} if one["target_ids"].exists else {id}
        if id in targets or name not in permissions:
            yield name


def _end(seconds: Node) -> datetime | None:
    """Return a moment in unix seconds, None for nought: no end."""
    value = seconds.number() if seconds.exists else 0
    return datetime.fromtimestamp(value, UTC) if 0 < value < _NEVER else None
