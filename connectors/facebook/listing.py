"""Asking for a page of a list, and for less of it where the platform refuses (facebook.md §3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.kit import Fetch, Node, NotOfferedError, Request, graph_faults

_PER_PAGE = 25  # more of them with many fields are refused as too much data


@dataclass(slots=True)
class Listing:
    """Asks for `fields` and, by their names, `more` that may be given up. `refused` says what was.

    `doubtful` are those that a refusal is taken to be about where it names none.
    """

    fetch: Fetch
    fields: str
    more: Mapping[str, str] = field(default_factory=dict)
    doubtful: tuple[str, ...] = ()
    limit: int = _PER_PAGE
    refused: dict[str, NotOfferedError] = field(default_factory=dict)

    def __call__(self, request: Request) -> Node:
        while True:
            more = [expression for name, expression in self.more.items() if name not in self.refused]
            try:
                return self.fetch(request.with_params(fields=",".join((self.fields, *more)), limit=str(self.limit)))
            except NotOfferedError as error:
                if not self._wants_less(error):
                    raise

    def _wants_less(self, error: NotOfferedError) -> bool:
        """Want less after a refusal: a shorter page, or the list without what the refusal is about."""
        if error.code == graph_faults.TOO_MUCH:
            self.limit //= 2
            return self.limit > 0
        left = [name for name in self.more if name not in self.refused]
        # A removed field is named in brackets; a missing permission is told by a misleading name (facebook.md §8).
        named = [name for name in left if f"({name})" in error.message]
        given_up = named or [name for name in left if name in self.doubtful]
        self.refused.update(dict.fromkeys(given_up, error))
        return bool(given_up)
