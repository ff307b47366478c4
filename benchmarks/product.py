"""The measured side: one `collect now` by the product's one path, in a process of its own.

`python -m benchmarks.product DAYS_LATER`.
"""

import json
import sys
from datetime import timedelta

from benchmarks.opening import open_installation
from benchmarks.population import NOW
from collector.collect.run import Selection


def collect(days_later: int) -> dict[str, object]:
    """Collect all accounts and return what it came to. Raises RuntimeError where an account was not collected whole."""
    with open_installation(NOW + timedelta(days=days_later)) as application:
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


if __name__ == "__main__":
    sys.stdout.write(json.dumps(collect(int(sys.argv[1]))))
