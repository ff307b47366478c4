"""Saying why a figure is missing."""

from collector.language import current
from connectors.kit import Reason


def explain_gap(reason: Reason, floor: int | None = None) -> str:
    """Return a gap's reason in the user's language; with the platform's minimum where that is the reason."""
    words = reason.words.text(current())
    return f"{words} ({floor})" if reason is Reason.BELOW_FLOOR and floor is not None else words
