"""Below the platform's floor: what a Page of fewer than 100 likes is answered, and what that means.

Meta promises such a Page no insights, and answers some with empty sets and others with nothing but zeros (facebook.md
§3.2, seen 2026-09). Neither says anything, so that both are gaps. Where one figure is more than zero, the Page is
served after all, and its zeros are figures too.
"""

from collections.abc import Iterable

from connectors.facebook.measures import FLOOR
from connectors.kit import Node, Observation, Reading, Reason, ShapeError


def why_empty(counts: Iterable[Observation]) -> Reason:
    """Return why figures of a Page with these counts are missing where the platform answers without them."""
    known = [one.value for one in counts if isinstance(one, Reading)]
    return Reason.BELOW_FLOOR if known and min(known) < FLOOR else Reason.EMPTY


def zeros_are_figures(empty: Reason, values: Iterable[Node]) -> bool:
    """Whether the zeros among these values of one answer, numbers or tables of numbers, may be read."""
    return empty is not Reason.BELOW_FLOOR or any(_is_more_than_zero(value) for value in values)


def _is_more_than_zero(value: Node) -> bool:
    try:
        numbers = [number for _, number in value.members()]
    except ShapeError:
        numbers = [value]
    return any(number.exists and number.number() != 0 for number in numbers)
