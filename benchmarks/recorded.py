"""From the server's record to the plan that the replaying sides follow.

Run as `python -m benchmarks.recorded RECORD PLAN`: not a part of any measured side.
"""

import json
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reading import plan
from benchmarks.server import request_length


def split(recorded: bytes) -> Iterator[bytes]:
    """Yield the requests of a record."""
    while (length := request_length(recorded)) is not None:
        yield recorded[:length]
        recorded = recorded[length:]


if __name__ == "__main__":
    steps = [plan(raw) for raw in split(Path(sys.argv[1]).read_bytes())]
    Path(sys.argv[2]).write_bytes(pickle.dumps(steps))
    sys.stdout.write(json.dumps({"requests": len(steps)}))
