"""Below the platform's floor: what a Page of fewer than 100 likes is answered, and what that means.

Meta promises such a Page no insights, and answers some with empty sets and others with nothing but zeros (facebook.md
§3.2, seen 2026-09). Neither says anything, so that both are gaps. Where one figure is more than zero, the Page is
served after all, and its zeros are figures too.
"""

from collections.abc import Iterable

from connectors.facebook.measures import FLOOR
from connectors.kit import Node, Observation, Reading, Reason


def why_empty(counts: Iterable[Observation]) -> Reason:
    """Return why figures of a Page with these counts are missing where the platform answers without them."""
    known = [one.value for one in counts if isinstance(one, Reading)]
    return Reason.BELOW_FLOOR if known and min(known) < FLOOR else Reason.EMPTY


def zeros_are_figures(empty: Reason, figures: Iterable[Node]) -> bool:
    """Whether the zeros among these figures of one answer may be read."""
    return empty is not Reason.BELOW_FLOOR or any(figure.exists and figure.number() != 0 for figure in figures)
