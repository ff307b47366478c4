"""Reading kept answers again: the same connector, the same assignment, no network.

The shell uses it after a crash and for proofs, the samples for tests. Answers are served in the order in which they
were had, because a connector is deterministic: only what it asks may depend on what it was answered.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from connectors.kit.contract import Assignment, Connector, Profile
from connectors.kit.errors import GarbledError, PlatformError, UnreachableError
from connectors.kit.node import Exchange, Node
from connectors.kit.observations import Observation
from connectors.kit.requests import Request

_ASSIGNMENT = TypeAdapter(Assignment)


class ReplayEndedError(Exception):
    """The connector asked for more than was kept: the snapshot was cut off here."""


class ReplayDifferedError(Exception):
    """The connector asked for something else than what was kept: it is not the connector that was answered."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What reading kept answers again gave. `error` is the fault that ended it; `ended` says if answers ran out."""

    observations: tuple[Observation, ...]
    error: PlatformError | None
    ended: bool


def judge(connector: Connector, exchange: Exchange) -> Node:
    """Return an answer as a node. Raises the PlatformError that the answer is, if it is one."""
    if exchange.status == 0:
        raise UnreachableError(f"{exchange.request.path}: no answer", place=exchange.place())
    error = connector.diagnose(exchange)
    if error is not None:
        raise error
    if connector.hosts[exchange.request.api].answers == "json" and exchange.json() is None:
        raise GarbledError(
            f"{exchange.request.path}: the answer (status {exchange.status}, {len(exchange.body)} bytes) is not JSON",
            place=exchange.place(),
        )
    return exchange.root()


def replay(connector: Connector, assignment: Assignment, exchanges: Sequence[Exchange]) -> Replayed:
    """Read kept exchanges again. Raises ReplayDifferedError where the connector asks for something else."""
    answers = iter(exchanges)

    def fetch(request: Request) -> Node:
        exchange = next(answers, None)
        if exchange is None:
            raise ReplayEndedError
        if exchange.request.shape() != request.shape():
            raise ReplayDifferedError(f"asked {request.shape()}, kept {exchange.request.shape()}")
        return judge(connector, exchange)

    observations: list[Observation] = []
    try:
        for observation in connector.collect(assignment, fetch):
            if not isinstance(observation, Profile):  # who it is was seen to when it was answered
                observations.append(observation)
    except PlatformError as error:
        return Replayed(tuple(observations), error, ended=False)
    except ReplayEndedError:
        return Replayed(tuple(observations), None, ended=True)
    return Replayed(tuple(observations), None, ended=False)


def load_assignment(text: str | bytes) -> Assignment:
    """Make an assignment from its stored JSON."""
    return _ASSIGNMENT.validate_json(text)


def dump_assignment(assignment: Assignment) -> str:
    """Return an assignment as JSON, the same for the same assignment."""
    return json.dumps(_plain(_ASSIGNMENT.dump_python(assignment, mode="json")), sort_keys=True)


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Sort what came from a set, so that the text is the same every time."""
    if isinstance(value, dict):
        return {name: sorted(member) if name in ("keys", "dead_measures") else _plain(member)
                for name, member in value.items()}  # fmt: skip
    return value
