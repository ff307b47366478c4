"""Saying why a figure is missing."""

from collector.language import current, t
from connectors.kit import Measure, Reason


def explain_gap(reason: Reason, measure: Measure | None = None) -> str:
    """Return a gap's reason in the user's language, with the platform's limit where a limit is the reason."""
    words = reason.words.text(current())
    if measure is None:
        return words
    if reason is Reason.BELOW_FLOOR and measure.floor is not None:
        return f"{words} ({measure.floor})"
    if reason is Reason.TOO_LATE and measure.reach_back is not None:
        return f"{words} ({measure.reach_back} {t('hari', en='days')})"
    return words
