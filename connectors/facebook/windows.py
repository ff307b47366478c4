"""The windows of 28 days that reports print: the newest and the one before it, as the platform counted them.

A rolling window is printed for each day (facebook.md §3.2), so that two short spans of days are enough. People of a
window cannot be worked out from its days.
"""

from collections.abc import Generator, Iterator
from datetime import date

from connectors.facebook.days import flows, of_days, recent_days
from connectors.facebook.floor import zeros_are_figures
from connectors.facebook.measures import WINDOW_DAYS, WINDOWS
from connectors.kit import (
    Assignment,
    Days,
    Fetch,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Reason,
    Request,
    graph,
    last_windows,
    missing,
)


def read_windows(assignment: Assignment, fetch: Fetch, insights: Request, empty: Reason) -> Iterator[Observation]:
    """Read both windows of each metric. `empty` is why one is missing where the platform answers without it."""
    request = insights.with_params(period="days_28")
    before = yield from _read_newest(assignment, fetch, request, empty)
    if before:
        yield from _read_before(assignment, fetch, request, before, empty)


def _read_newest(
    assignment: Assignment, fetch: Fetch, request: Request, empty: Reason
) -> Generator[Observation, None, dict[str, Days]]:
    """Read the newest window that is out, and return by metric the one before it."""
    recent = recent_days(assignment)
    expected = last_windows(recent.first, WINDOW_DAYS)
    alive = []
    for name, measure in WINDOWS.items():
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now, on=expected[0])
        elif _is_counted(measure, recent.first):
            alive.append(name)
    before = {}
    for name, answer in _ask(fetch, of_days(request, recent), tuple(alive)):
        measure = WINDOWS[name]
        if isinstance(answer, NotOfferedError):
            yield missing(measure, answer.reason, answer, assignment.now, on=expected[0])
            continue
        values = _values(answer, name, tuple(alive), empty)
        days = [day for day in values if recent.first <= day <= recent.last]
        if not days:
            yield from (answer["data"].gap(measure, empty, on=window) for window in expected)
            continue
        newest, earlier = last_windows(max(days), WINDOW_DAYS)
        yield values[newest.last].read(measure, on=newest)
        if _is_counted(measure, earlier.last):
            before[name] = earlier
    return before


def _read_before(
    assignment: Assignment, fetch: Fetch, request: Request, wanted: dict[str, Days], empty: Reason
) -> Iterator[Observation]:
    ends = [window.last for window in wanted.values()]
    for name, answer in _ask(fetch, of_days(request, Days(min(ends), max(ends))), tuple(wanted)):
        measure, window = WINDOWS[name], wanted[name]
        if isinstance(answer, NotOfferedError):
            yield missing(measure, answer.reason, answer, assignment.now, on=window)
            continue
        values = _values(answer, name, tuple(wanted), empty)
        if window.last in values:
            yield values[window.last].read(measure, on=window)
        else:
            yield answer["data"].gap(measure, empty, on=window)


def _ask(fetch: Fetch, request: Request, names: tuple[str, ...]) -> Iterator[tuple[str, Node | NotOfferedError]]:
    if names:
        yield from graph.ask_together(fetch, request, "metric", names, raised=())


def _values(answer: Node, name: str, names: tuple[str, ...], empty: Reason) -> dict[date, Node]:
    zeros = zeros_are_figures(empty, flows(answer, names))
    return {day: value for day, value in graph.points(answer, name).items() if zeros or value.number() != 0}


def _is_counted(measure: Measure, last: date) -> bool:
    """Whether a window that ends on `last` is of the definition by which the platform counts now."""
    return measure.version(last) == len(measure.definitions)
