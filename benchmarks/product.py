"""The measured side: one `collect now` by the product's one path, in a process of its own.

`python -m benchmarks.product PERIOD DAYS_LATER`: the period so far, or `-` for the usual night.
"""

import json
import sys
from datetime import timedelta

from benchmarks.opening import open_installation
from benchmarks.population import NOW
from collector.collect import assignments
from collector.collect.run import Selection
from collector.growth.periods import Period, parse_period


def collect(period: str, days_later: int) -> dict[str, object]:
    """Collect all accounts and return what it came to. Raises RuntimeError where an account was not collected whole."""
    with open_installation(NOW + timedelta(days=days_later)) as application:
        if period != "-":
            _begin_with(parse_period(period))
        result = application.collecting.run("collect now", Selection(), by="benchmark")
    for outcome in result.outcomes:
        if outcome.result != "ok":
            said = outcome.problem.message if outcome.problem is not None else ""
            raise RuntimeError(f"{outcome.platform} {outcome.account}: {outcome.result} {said}")
    return {
        "accounts": len(result.outcomes),
        "requests": sum(outcome.requests for outcome in result.outcomes),
        "readings": sum(outcome.readings for outcome in result.outcomes),
        "revised": sum(outcome.revised for outcome in result.outcomes),
    }


def _begin_with(period: Period) -> None:
    """Let a first snapshot ask for the days from the period on; the product's own would ask for two years."""
    assignments._usual_begin = lambda today: period.first
    assignments.Assigner._resume = lambda *_: {}  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(collect(sys.argv[1], int(sys.argv[2]))))
