"""The Page's days, from its insights (facebook.md §3.2).

They are asked for oldest first and covered slice by slice, so that what an interruption leaves is what the next
snapshot goes on with.
"""

from collections.abc import Generator, Iterable, Iterator
from datetime import date, timedelta

from connectors.facebook.floor import zeros_are_figures
from connectors.facebook.measures import DAILY, REACH_BACK
from connectors.kit import (
    Assignment,
    Days,
    Fetch,
    Kind,
    Node,
    NotOfferedError,
    Observation,
    Reason,
    Request,
    graph,
    missing,
    slices,
)

_SLICE_DAYS = 89  # 90 days at most a call; 90 Pacific days across the end of summer time are an hour more than that
_RECENT_DAYS = 3  # the newest figure of a window or a map may come late; an older one is not worth a call
_ONE_DAY = timedelta(days=1)
_LEVELS = frozenset(name for name, measure in DAILY.items() if measure.kind is Kind.LEVEL)


def recent_days(assignment: Assignment) -> Days:
    """Return the newest whole days, one of which the newest figure that is out will be of."""
    today = graph.pacific_today(assignment.now)
    return Days(today - timedelta(days=_RECENT_DAYS), today - _ONE_DAY)


def of_days(insights: Request, days: Days) -> Request:
    """Return the request for the figures of some days (facebook.md §3.2: of D they end on D + 1)."""
    return insights.with_params(since=str(days.first), until=str(days.last + _ONE_DAY))


def read_days(assignment: Assignment, fetch: Fetch, insights: Request, empty: Reason) -> Iterator[Observation]:
    """Read the daily metrics, oldest slice first; a refused metric is not asked for in the later slices.

    `empty` is why days are missing where the platform answers without them.
    """
    last = min(assignment.window.last, recent_days(assignment).last)
    begins = yield from _begin(assignment, last)
    if empty is Reason.BELOW_FLOOR and begins:
        begins = yield from _probe(fetch, insights, begins, last, empty)
    waiting = list(slices(Days(min(begins.values()), last), _SLICE_DAYS)) if begins else []
    while waiting:
        days = waiting.pop(0)
        names = tuple(name for name, first in begins.items() if first <= days.last)
        try:
            for name, answer in graph.ask_together(fetch, of_days(insights, days), "metric", names) if names else ():
                if isinstance(answer, NotOfferedError):
                    rest = Days(max(days.first, begins.pop(name)), last)
                    yield missing(DAILY[name], answer.reason, answer, assignment.now, on=rest)
                else:
                    zeros = zeros_are_figures(empty, flows(answer, names))
                    yield from graph.read_days(answer, name, DAILY[name], days, empty=empty, zeros=zeros)
        except NotOfferedError:  # this server allows less than 90 days
            if days.length == 1:
                raise
            waiting[:0] = slices(days, (days.length + 1) // 2)


def _begin(assignment: Assignment, last: date) -> Generator[Observation, None, dict[str, date]]:
    """Return the first day to ask for by metric, and yield the gaps of what is not asked for."""
    begins = {}
    earliest = graph.pacific_today(assignment.now) - timedelta(days=REACH_BACK)
    for name, measure in DAILY.items():
        first = assignment.first_day(measure)
        if first > last:
            continue
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now, on=Days(first, last))
            continue
        if first < earliest:
            forgotten = Days(first, min(last, earliest - _ONE_DAY))
            yield missing(measure, Reason.TOO_LATE, None, assignment.now, on=forgotten)
        if earliest <= last:
            begins[name] = max(first, earliest)
    return begins


def _probe(
    fetch: Fetch, insights: Request, begins: dict[str, date], last: date, empty: Reason
) -> Generator[Observation, None, dict[str, date]]:
    """Return what a Page below the floor is worth being asked for, and yield the gaps of the rest.

    Its newest days show whether it is served at all: a quiet Page may ask for little (facebook.md §5), and two years
    of nothing are many calls each day.
    """
    days = Days(max(min(begins.values()), last - (_SLICE_DAYS - 1) * _ONE_DAY), last)
    try:
        answer = fetch(of_days(insights, days).with_params(metric=",".join(begins)))
    except NotOfferedError:  # which metric it is about is found out slice by slice
        return begins
    if zeros_are_figures(empty, flows(answer, tuple(begins))):
        return begins
    worth = {}
    for name, first in begins.items():
        if name in _LEVELS and any(value.number() != 0 for value in graph.points(answer, name).values()):
            worth[name] = first
        else:
            yield answer["data"].gap(DAILY[name], empty, on=Days(first, last))
    return worth


def flows(answer: Node, names: Iterable[str]) -> Iterator[Node]:
    """Yield the values of an answer that tell whether a Page is served: it has followers in any case."""
    for name in names:
        if name not in _LEVELS:
            yield from graph.points(answer, name).values()
