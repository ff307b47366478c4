"""The comparison of whole collections: the product, the limit and the floor, in turn, on the same requests.

The first run of the product is recorded and not counted; the others are measured from fresh copies of one home. All
sides must end with the same rows, or there is no figure at all.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.installations import Installations
from benchmarks.processes import Cost, Server, run

Cell = dict[str, Any]

ALL_CONNECTIONS = 48
"""How many questions the product asks at once: eight of each of the six platforms."""


class Comparison:
    """One number of accounts, at the server."""

    def __init__(self, server: Server, installations: Installations, accounts: int) -> None:
        self._server, self.installations, self._accounts = server, installations, accounts
        self._folder = installations.folder
        self._plan = str(self._folder / "plan")
        self.rows: dict[str, Any] = {}
        self._recorded = 0

    def prepare(self) -> None:
        """Make the home, and record what the product asks."""
        self.installations.make("home")
        run("home", str(self._accounts), environment=self._environment("home"))
        self._server.record()
        self._collect("recorded")
        record = self._folder / "record"
        record.write_bytes(self._server.recorded())
        self._recorded = run("recorded", str(record), self._plan).told["requests"]
        self.rows = dict(run("rows", "product", environment=self._environment("recorded")).told)

    def at_once(self, rounds: int) -> Cell:
        """Compare without latency. The sides take turns; each round's ratios are of that round alone."""
        self._server.delay(0)
        taken: dict[str, list[Cost]] = {"product": [], "limit": [], "floor": []}
        for _ in range(rounds):
            taken["product"].append(self._collect("product"))
            for side in ("limit", "floor"):
                taken[side].append(self.replay(side))
        cell = self._cell(0, {side: summarize(costs) for side, costs in taken.items()})
        for side in ("limit", "floor"):
            cell[f"cpu against {side}"] = _ratio(taken["product"], taken[side])
        cell["bytes"] = run("sizes", environment=self._environment("product")).told
        return cell

    def delayed(self, milliseconds: int) -> Cell:
        """Compare where every answer comes so much later."""
        self._server.delay(milliseconds)
        product, limit = self._collect("product"), self.replay("limit")
        self._server.delay(0)
        cell = self._cell(milliseconds, {"product": summarize([product]), "limit": summarize([limit])})
        cell["least seconds"] = self._recorded * milliseconds / 1000 / ALL_CONNECTIONS
        return cell

    def usual_night(self) -> Cell:
        """Measure the second night after the collection that was compared last: one that follows another night."""
        run("product", "1", environment=self._environment("product"))
        return summarize([run("product", "2", environment=self._environment("product"))])

    def _environment(self, name: str) -> Mapping[str, str]:
        return self.installations.environment(name, self._server.address)

    def _collect(self, name: str) -> Cost:
        """Collect a fresh copy of the home, and see that it came to the same rows."""
        self.installations.copy("home", name)
        cost = run("product", "0", environment=self._environment(name))
        self._check(dict(run("rows", "product", environment=self._environment(name)).told), name)
        return cost

    def replay(self, side: str) -> Cost:
        """Replay what was recorded by another side, and see that it came to the same rows."""
        database = self._folder / f"{side}.db"
        for leftover in self._folder.glob(f"{side}.db*"):
            leftover.unlink()
        cost = run(side, self._server.address, self._plan, str(database))
        self._check(dict(run("rows", "flat", str(database)).told), side)
        return cost

    def _check(self, rows: dict[str, Any], side: str) -> None:
        if self.rows and rows != self.rows:
            raise RuntimeError(f"{side} ended with other rows: {rows} instead of {self.rows}")

    def _cell(self, latency: int, sides: dict[str, Cell]) -> Cell:
        return {
            "accounts": self._accounts, "latency": latency, "requests": self._recorded, "readings": self.rows["rows"],
            "sides": sides,
        }  # fmt: skip


def summarize(costs: Sequence[Cost]) -> Cell:
    """Return the medians of several runs of one side, and what the last one told."""
    return {
        "cpu": median(cost.cpu for cost in costs), "wall": median(cost.wall for cost in costs),
        "peak": median(cost.peak for cost in costs), "runs": len(costs), **costs[-1].told,
    }  # fmt: skip


def _ratio(ours: Sequence[Cost], theirs: Sequence[Cost]) -> float:
    return median(one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True))
