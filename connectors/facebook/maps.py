"""Where the Page's followers are, as the newest day says it (facebook.md §3.2)."""

from collections.abc import Iterator

from connectors.facebook.days import of_days, recent_days
from connectors.facebook.measures import AUDIENCE, MAPS
from connectors.kit import (
    Assignment,
    Days,
    Fetch,
    Node,
    NotOfferedError,
    Observation,
    Reason,
    Request,
    graph,
    missing,
)


def read_maps(assignment: Assignment, fetch: Fetch, insights: Request, empty: Reason) -> Iterator[Observation]:
    """Read both maps. `empty` is why one is missing where the platform answers without it."""
    days = recent_days(assignment)
    alive = []
    for name, dimension in MAPS.items():
        if assignment.is_dead(AUDIENCE, dimension):
            yield missing(AUDIENCE, Reason.RETIRED, None, assignment.now, on=days, about=dimension)
        else:
            alive.append(name)
    for name, answer in graph.ask_together(fetch, of_days(insights, days), "metric", tuple(alive)) if alive else ():
        if isinstance(answer, NotOfferedError):
            yield missing(AUDIENCE, answer.reason, answer, assignment.now, on=days, about=MAPS[name])
        else:
            yield from _read(answer, name, days, empty)


def _read(answer: Node, name: str, days: Days, empty: Reason) -> Iterator[Observation]:
    maps = graph.points(answer, name)
    for day in sorted((day for day in maps if day <= days.last), reverse=True):
        counts = list(maps[day].members())
        if counts:  # the newest map may still be empty
            yield from (count.read(AUDIENCE, on=day, about=f"{MAPS[name]}:{label}") for label, count in counts)
            return
    yield answer["data"].gap(AUDIENCE, empty, on=days, about=MAPS[name])
