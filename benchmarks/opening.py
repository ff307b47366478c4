"""The product as a benchmark opens it: real settings, real store, and a clock that stands still."""

import os
from datetime import datetime

from benchmarks import platforms
from benchmarks.population import NOW
from collector.clock import SetClock
from collector.settings import ENV_FILE, Settings, load
from collector.wiring import Application


def open_installation(now: datetime = NOW) -> Application:
    """Open the installation of this process's environment at a moment, with the benchmark's platforms."""
    platforms.install()
    return Application.open(read_settings(), clock=SetClock(now))


def read_settings() -> Settings:
    """Return the settings of this process's environment and of nothing else."""
    return load({name: value for name, value in os.environ.items() if name != ENV_FILE})
