"""Sample cases: recorded-shape answers of a platform, and what must be read from them.

A case is a folder `connectors/samples/<slug>/<case>/` with `assignment.json`, one `NN-<name>.json` per exchange in the
order asked (`request` as it is kept, `status`, `headers`, and `body` or `text`), `expected.json` and `note.md`, which
says where the shape comes from. The tests, the stand-in and offline checks all walk these folders: a new case needs
no code. `python -m connectors.kit.samples <slug> <case>` prints what a case gives, to be read and then kept.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from connectors.kit.contract import Assignment, Connector
from connectors.kit.node import Exchange
from connectors.kit.observations import Coverage, Gap, Moment, Observation, Post, Reading, When
from connectors.kit.replay import Replayed, load_assignment, replay
from connectors.kit.requests import Request


@dataclass(frozen=True, slots=True)
class Case:
    """One sample case. `expected` is None while it is being made."""

    slug: str
    name: str
    assignment: Assignment
    exchanges: tuple[Exchange, ...]
    expected: dict[str, Any] | None
    note: str


def list_cases(slug: str) -> Iterator[str]:
    """Yield the names of a platform's cases, in order."""
    folder = files("connectors") / "samples" / slug
    if folder.is_dir():
        yield from sorted(case.name for case in folder.iterdir() if case.is_dir())


def load_case(slug: str, name: str) -> Case:
    """Load one case."""
    folder = files("connectors") / "samples" / slug / name
    assignment = load_assignment((folder / "assignment.json").read_text("utf-8"))
    steps = sorted((step for step in folder.iterdir() if step.name[:2].isdigit()), key=lambda step: step.name)
    exchanges = tuple(_exchange(number, step, assignment) for number, step in enumerate(steps, start=1))
    expected = folder / "expected.json"
    return Case(
        slug,
        name,
        assignment,
        exchanges,
        json.loads(expected.read_text("utf-8")) if expected.is_file() else None,
        (folder / "note.md").read_text("utf-8"),
    )


def _exchange(number: int, step: Traversable, assignment: Assignment) -> Exchange:
    kept = json.loads(step.read_text("utf-8"))
    body = kept["text"].encode() if "text" in kept else json.dumps(kept["body"]).encode()
    headers = {name.lower(): value for name, value in kept.get("headers", {}).items()}
    return Exchange(number, Request.from_shape(kept["request"]), kept.get("status", 200), headers, body, assignment.now)


def replay_case(connector: Connector, case: Case) -> Replayed:
    """Read a case's answers."""
    return replay(connector, case.assignment, case.exchanges)


def describe(replayed: Replayed) -> dict[str, Any]:
    """Return what was read as plain values, as `expected.json` holds it."""
    described: dict[str, Any] = {"observations": [_describe(one) for one in replayed.observations]}
    if replayed.error is not None:
        described["error"] = {"code": replayed.error.code, "action": str(replayed.error.action)}
    if replayed.ended:
        described["ended"] = True
    return described


def _describe(observation: Observation) -> dict[str, Any]:
    match observation:
        case Reading():
            plain: dict[str, Any] = {"reading": observation.measure.key, "value": observation.value}
            if observation.upto is not None:
                plain["upto"] = observation.upto
        case Gap():
            plain = {"gap": observation.measure.key, "reason": str(observation.reason)}
        case Coverage():
            plain = {"coverage": observation.measure.key, "when": _span(observation.days)}
        case Post():
            plain = {"post": observation.id, "created_at": observation.created_at.isoformat(), "kind": observation.kind}
    if isinstance(observation, Reading | Gap):
        plain["when"] = _span(observation.when)
        if observation.about:
            plain["about"] = observation.about
    if observation.place is not None:
        plain["place"] = f"{observation.place.exchange:02} {observation.place.pointer}"
    return plain


def _span(when: When) -> str:
    if isinstance(when, Moment):
        return when.at.astimezone(UTC).isoformat()
    return str(when.first) if when.length == 1 else f"{when.first}..{when.last}"


def _print_case(slug: str, name: str) -> None:
    import sys
    from importlib import import_module

    connector: Connector = import_module(f"connectors.{slug}").CONNECTOR
    replayed = replay_case(connector, load_case(slug, name))
    sys.stdout.write(json.dumps(describe(replayed), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    import sys

    _print_case(sys.argv[1], sys.argv[2])
