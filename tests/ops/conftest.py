"""A service that is driven by hand: time passes tick by tick, and the computer is switched off and on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from office import START, Office, only
from serving import Serving

from collector.clock import SetClock
from collector.settings import HOME


@pytest.fixture
def clock() -> SetClock:
    """Return a clock at `START`; waiting moves it."""
    return SetClock(START)


@pytest.fixture
def serving(environment: dict[str, str], clock: SetClock, made_home: Path) -> Iterator[Callable[..., Serving]]:
    """Start the service of an office with some of its accounts."""
    opened: list[Serving] = []
    copytree(made_home, environment[HOME])

    def start(*platforms: str) -> Serving:
        opened.append(Serving(Office(only(environment, *platforms), clock)))
        return opened[-1]

    yield start
    for one in opened:
        one.off()
