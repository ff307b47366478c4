"""The comparison of whole collections: the product, the limit and the floor, in turn, on the same requests.

The first run of the product is recorded and not counted; the others are measured from fresh copies of one home. All
sides must end with the same rows, or there is no figure at all.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.installations import Installations
from benchmarks.population import PERIOD, Mix
from benchmarks.processes import Cost, Server, run

Cell = dict[str, Any]

CONNECTIONS_OF_PLATFORM, ALL_CONNECTIONS = 8, 48
"""How many questions the product asks at once: of one platform, and of all six."""


class Comparison:
    """One number of accounts in one mix, at the server."""

    def __init__(self, server: Server, installations: Installations, mix: Mix, accounts: int) -> None:
        self._server, self.installations = server, installations
        self._mix, self._accounts = mix, accounts
        self._counts = mix.counts(accounts)
        self._folder = installations.folder
        self._plan = str(self._folder / "plan")
        self.rows: dict[str, Any] = {}
        self._by_platform: dict[str, int] = {}
        self._recorded = 0

    def prepare(self) -> None:
        """Make the home, and record what the product asks."""
        self.installations.make("home")
        counted = [f"{platform}={count}" for platform, count in self._counts.items() if count]
        run("home", *counted, self._server.address, environment=self._environment("home"))
        self._server.record()
        self._collect("recorded", PERIOD)
        record = self._folder / "record"
        record.write_bytes(self._server.recorded())
        told = run("recorded", str(record), self._plan).told
        self._recorded, self._by_platform = told["requests"], told["platforms"]
        self.rows = dict(run("rows", "product", environment=self._environment("recorded")).told)

    def at_once(self, rounds: int) -> Cell:
        """Compare without latency. The sides take turns; each round's ratios are of that round alone."""
        self._server.delay(0)
        taken: dict[str, list[Cost]] = {"product": [], "limit": [], "floor": []}
        for _ in range(rounds):
            taken["product"].append(self._collect("product", PERIOD))
            for side in ("limit", "floor"):
                taken[side].append(self.replay(side))
        cell = self._cell(0, {side: _figures(costs) for side, costs in taken.items()})
        for side in ("limit", "floor"):
            cell[f"cpu against {side}"] = _ratio(taken["product"], taken[side])
        cell["bytes"] = self._bytes()
        return cell

    def delayed(self, milliseconds: int) -> Cell:
        """Compare where every answer comes so much later."""
        self._server.delay(milliseconds)
        product, limit = self._collect("product", PERIOD), self.replay("limit")
        self._server.delay(0)
        cell = self._cell(milliseconds, {"product": _figures([product]), "limit": _figures([limit])})
        seconds = milliseconds / 1000
        cell["least seconds"] = self._recorded * seconds / ALL_CONNECTIONS
        cell["least seconds by platform"] = max(self._by_platform.values()) * seconds / CONNECTIONS_OF_PLATFORM
        return cell

    def usual_night(self) -> Cell:
        """Measure the second night after the collection that was compared last: one that follows another night."""
        run("product", "-", "1", environment=self._environment("product"))
        return _figures([run("product", "-", "2", environment=self._environment("product"))])

    def _environment(self, name: str) -> Any:  # noqa: ANN401
        return self.installations.environment(name, self._server.address)

    def _collect(self, name: str, period: str) -> Cost:
        """Collect a fresh copy of the home, and see that it came to the same rows."""
        self.installations.copy("home", name)
        cost = run("product", period, "0", environment=self._environment(name))
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

    def _bytes(self) -> Any:  # noqa: ANN401
        return run("sizes", environment=self._environment("product")).told

    def _cell(self, latency: int, sides: dict[str, Cell]) -> Cell:
        return {
            "mix": self._mix.name, "accounts": self._accounts, "latency": latency, "requests": self._recorded,
            "readings": self.rows["rows"], "sides": sides,
        }  # fmt: skip


def _figures(costs: Sequence[Cost]) -> Cell:
    told = dict(costs[-1].told)
    return {
        "cpu": median(cost.cpu for cost in costs), "wall": median(cost.wall for cost in costs),
        "peak": median(cost.peak for cost in costs), "runs": len(costs), **told,
    }  # fmt: skip


def _ratio(ours: Sequence[Cost], theirs: Sequence[Cost]) -> float:
    return median(one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True))


def measure_storing(installations: Installations, rounds: int) -> Cell:
    """Measure storing alone, on the home that the last comparison collected. Rows a second against raw sqlite3."""
    taken = []
    for _ in range(rounds):
        folder = installations.folder / "storing"
        _empty(folder)
        taken.append(dict(run("storing", str(folder), environment=installations.environment("recorded", "")).told))
    cell: Cell = {"readings": taken[0]["readings"], "runs": rounds}
    for which in ("first", "again"):
        for place, kind in enumerate(("cpu", "wall")):
            raw, ours = ([one[f"{side} {which}"][place] for one in taken] for side in ("raw", "product"))
            cell[f"{which} {kind}"] = median(theirs / mine for theirs, mine in zip(raw, ours, strict=True))
    return cell


def _empty(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
