"""Asking for several fields at once, and for each alone where the whole question is refused for one of them."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

from connectors.kit import (
    Assignment,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Reason,
    ShapeError,
    missing,
)

FIELD_REFUSED = "not_offered.field"
"""One of the fields is not permitted; the others may be."""
SCOPE_REFUSED = "not_offered.scope"
"""The permission for the whole question is missing."""
BAD_REQUEST = "shape.request"
"""The question is wrong: a fault of ours, or a field that TikTok knows no longer."""

Ask = Callable[[tuple[str, ...]], Node]
"""Asks for fields of the given names, besides those that are always asked for."""


def leave_dead(assignment: Assignment, measures: Mapping[str, Measure]) -> Generator[Observation, None, list[str]]:
    """Return the names that are still to be asked for, and yield the gaps of what TikTok lately refused."""
    alive = []
    for name, measure in measures.items():
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now)
        else:
            alive.append(name)
    return alive


def ask_together(ask: Ask, names: Sequence[str]) -> Iterator[tuple[str, Node | NotOfferedError]]:
    """Yield each name with the answer that holds it, or with its refusal.

    A field that is wrong as long as others are right has been retired. Where all of them are wrong, it is the
    question, and the fault is raised.
    """
    if not names:
        return
    answer = _ask(ask, tuple(names))
    if isinstance(answer, Node) or answer.code == SCOPE_REFUSED:
        yield from ((name, _refusal(answer)) for name in names)
        return
    answers = {name: answer if len(names) == 1 else _ask(ask, (name,)) for name in names}
    if all(isinstance(one, ShapeError) for one in answers.values()):
        raise answer
    yield from ((name, _refusal(one)) for name, one in answers.items())


def _ask(ask: Ask, names: tuple[str, ...]) -> Node | NotOfferedError | ShapeError:
    try:
        return ask(names)
    except NotOfferedError as refusal:
        return refusal
    except ShapeError as fault:
        if fault.code != BAD_REQUEST:
            raise
        return fault


def _refusal(answer: Node | NotOfferedError | ShapeError) -> Node | NotOfferedError:
    if isinstance(answer, ShapeError):
        return NotOfferedError(answer.message, reason=Reason.RETIRED, place=answer.place)
    return answer
