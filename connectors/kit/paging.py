"""Walking over answers that come in parts: cursor pages and day windows, always with an end.

An address that an answer gives for its next page is never followed: it may carry a token or name another host
(facebook.md §2.2, seen 2026-09). The next request is built from the cursor instead.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from connectors.kit.contract import Fetch
from connectors.kit.errors import NotOfferedError, Reason
from connectors.kit.node import Node
from connectors.kit.observations import Days
from connectors.kit.requests import Request

POST_REFRESH_DAYS = 30
"""Posts younger than this are read again at every snapshot; most of a post's life is over by then."""


def pages(
    fetch: Fetch, request: Request, following: Callable[[Node], Mapping[str, str] | None], *, cap: int
) -> Iterator[Node]:
    """Yield the pages of a list, at most `cap` of them.

    `following` returns the query parameters of the page after the given one, None after the last. Stops on a cursor
    that was already used, because some platforms re-issue the last one for ever. Raises NotOfferedError where there
    is more after `cap` pages: what was not listed must not pass for not there.
    """
    seen: set[frozenset[tuple[str, str]]] = set()
    for _ in range(cap):
        page = fetch(request)
        yield page
        changes = following(page)
        if changes is None or frozenset(changes.items()) in seen:
            return
        seen.add(frozenset(changes.items()))
        request = request.with_params(**changes)
    raise NotOfferedError(f"{request.path}: the list goes on after {cap} pages", reason=Reason.UNREADABLE)


def slices(days: Days, longest: int) -> Iterator[Days]:
    """Cut a span into slices of at most `longest` days, oldest first."""
    first = days.first
    while first <= days.last:
        last = min(days.last, first + timedelta(days=longest - 1))
        yield Days(first, last)
        first = last + timedelta(days=1)
