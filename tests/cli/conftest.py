"""Offices at their command line, and one that has been collected twice for tests that only look."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from office import START, Office, only, own_settings, shorten_memories

from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World


@pytest.fixture
def clock() -> SetClock:
    """Return a clock at `START`; waiting moves it."""
    return SetClock(START)


@pytest.fixture
def office(environment: dict[str, str], clock: SetClock) -> Office:
    """An office whose six accounts are at the stand-in."""
    return Office(environment, clock)


@pytest.fixture
def office_with(environment: dict[str, str], clock: SetClock) -> Callable[..., Office]:
    """Make an office with some of the accounts only: less to wait for."""
    return lambda *platforms: Office(only(environment, *platforms), clock)


@pytest.fixture
def bare(tmp_path: Path, clock: SetClock) -> Office:
    """An office without any platform, and without a home yet."""
    return Office(own_settings(tmp_path), clock)


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that was collected on two mornings, between which the platforms revised some days. Only look at it."""
    folder, clock = tmp_path_factory.mktemp("collected"), SetClock(START)
    with StandIn(World(clock.now)) as standin:
        shorten_memories(standin)
        office = Office({**standin.environment(), **own_settings(folder)}, clock)
        office.collect()
        clock.move_to(START + timedelta(days=1))
        standin.contracts["facebook"].revision = 3
        standin.contracts["youtube"].reports.revision = 2
        office.collect()
        yield office
