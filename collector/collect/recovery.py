"""Reading what is kept again: after a crash, and to prove that the store holds what its answers say."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from collector.clock import Clock
from collector.collect.holder import Holder
from collector.errors import CollectorError
from collector.platforms import get_connector
from collector.store.ledger import Ledger
from collector.store.queries import Queries
from collector.store.records import OpenSnapshot, StoredExchange
from connectors.kit import Exchange, Observation, Request
from connectors.kit.replay import Replayed, load_assignment, replay

INTERRUPTED = "interrupted"
"""The outcome of a snapshot whose process died; what it had been answered was read afterwards."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Ends the snapshots of dead processes: reads their kept answers and stores what they say.

    `take_up` says when the account of such a snapshot is to be collected again, None for when it is due anyway.
    """

    clock: Clock
    ledger: Ledger
    queries: Queries
    holder: Holder
    take_up: Callable[[OpenSnapshot], datetime | None] = lambda snapshot: None

    def recover(self) -> int:
        """End every snapshot whose holder is dead or whose lease ran out. Returns how many there were."""
        count = 0
        for snapshot in self.queries.list_open_snapshots():
            expired = snapshot.lease_until < self.clock.now()
            if snapshot.claimed_by == self.holder.name or (not expired and self.holder.is_alive(snapshot.claimed_by)):
                continue
            self._end(snapshot)
            count += 1
        return count

    def abandon(self) -> int:
        """End the snapshots of this very process, which is about to be ended in their middle. Returns how many."""
        own = [one for one in self.queries.list_open_snapshots() if one.claimed_by == self.holder.name]
        for snapshot in own:
            self._end(snapshot)
        return len(own)

    def _end(self, snapshot: OpenSnapshot) -> None:
        message = "the process ended in the middle; what had been answered was read afterwards"
        observations: tuple[Observation, ...] = ()
        try:
            if snapshot.assignment:  # there is none before it was known whose the account is: nothing was asked yet
                observations = read_again(snapshot, self.queries).observations
        except CollectorError:
            raise
        except Exception as error:  # noqa: BLE001 - the answer that breaks a reader must not break every later run
            message = f"the process ended in the middle and its answers cannot be read again: {error}"
        stored = self.ledger.finish_snapshot(
            snapshot.id, snapshot.account_id, observations, outcome=INTERRUPTED, at=self.clock.now(),
            error_code=INTERRUPTED, error_message=message, due_at=self.take_up(snapshot),
        )  # fmt: skip
        _log.warning("snapshot %s: %s (%s readings)", snapshot.id, message, stored.readings)


class ReducedError(LookupError):
    """An answer cannot be read again: it was reduced to its cited values, as the platform's terms ask."""


def read_again(snapshot: OpenSnapshot, queries: Queries) -> Replayed:
    """Read a snapshot's kept answers with its assignment.

    Raises ReducedError where one is not whole any more, LookupError, ValueError or ReplayDifferedError.
    """
    assignment = load_assignment(snapshot.assignment)
    kept = [exchange for exchange in queries.list_exchanges(snapshot.id) if exchange.step > 0]
    for exchange in kept:
        if exchange.reduced_at is not None:
            raise ReducedError(f"the answer #{exchange.id} was reduced on {exchange.reduced_at:%Y-%m-%d}")
    exchanges = [as_exchange(exchange, assignment.now) for exchange in kept]
    return replay(get_connector(snapshot.platform), assignment, exchanges)


def as_exchange(kept: StoredExchange, now: datetime) -> Exchange:
    """Return a stored exchange as a connector sees it."""
    request = Request.from_shape(json.loads(kept.request))
    return Exchange(kept.id, request, kept.status, json.loads(kept.headers), kept.body or b"", now)
