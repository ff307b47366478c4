"""The product as a benchmark opens it: real settings, real store, a clock that stands still, and no polite pace.

The pace is the one thing that is replaced: connectors declare how hard a platform may be asked (five requests a second
and the like), and that would be all that a benchmark measures.
"""

import os
from datetime import datetime

from benchmarks.population import NOW
from collector.clock import SetClock
from collector.platforms import list_connectors
from collector.settings import ENV_FILE, Settings, load
from collector.wiring import Application
from connectors.kit import Limits

_UNBOUND = Limits(per_second=1e9, burst=1_000_000_000)


def open_installation(now: datetime = NOW) -> Application:
    """Open the installation of this process's environment, at a moment, without the connectors' pace."""
    for connector in list_connectors():
        vars(connector)["limits"] = _UNBOUND
    return Application.open(read_settings(), clock=SetClock(now))


def read_settings() -> Settings:
    """Return the settings of this process's environment and of nothing else."""
    return load({name: value for name, value in os.environ.items() if name != ENV_FILE})
