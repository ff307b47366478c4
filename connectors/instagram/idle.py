"""Telling an idle day from a missing one (instagram.md §3.2).

A day on which nobody came or went has no bucket at all, as a day has that is not finished. The total of the window
tells them apart: where it equals the sum of the days that have a figure, nothing happened on the others.
"""

from collections.abc import Iterator, Mapping

from connectors.instagram.insights import buckets
from connectors.instagram.measures import Parts
from connectors.kit import Coverage, Days, Gap, Kind, Measure, Node, Observation, Place, PlatformError, Reading, Reason

Totals = Mapping[Measure, tuple[int, Place]]
"""What a window amounts to by measure, and where that is said."""


def totals_of(total: Node, parts: Parts) -> dict[Measure, tuple[int, Place]]:
    """Return what a window amounts to. Distinct people do not add up, so nothing is said of them."""
    found = {"": total["value"]} if "" in parts else dict(buckets(total, "follow_type"))
    return {
        measure: (found[label].number(), found[label].place) if label in found else (0, total.place)
        for label, measure in parts.items()
        if measure.kind is Kind.FLOW
    }


def tell_idle_days(observations: Iterator[Observation], totals: Totals) -> Iterator[Observation]:
    """Pass on what was read of a window's days, its empty days as answered where the window's total shows them idle."""
    sums, empty = dict.fromkeys(totals, 0), list[tuple[Gap, Days]]()
    try:
        for observation in observations:
            match observation:
                case Gap(measure, Reason.EMPTY, Days() as days) if measure in totals:
                    empty.append((observation, days))
                    continue
                case Reading(measure, value) if measure in totals:
                    sums[measure] += value
            yield observation
    except PlatformError:  # the window was not read to its end, so nothing is known of its empty days
        yield from (gap for gap, _ in empty)
        raise
    for gap, days in empty:
        amount, place = totals[gap.measure]
        yield Coverage(gap.measure, days, place) if amount == sums[gap.measure] else gap
