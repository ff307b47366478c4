"""An office whose accounts are all at a server that the program has not seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from elsewhere import Elsewhere
from office import START, Office, only, own_settings

from collector.clock import SetClock

SIX = ("facebook", "instagram", "tiktok", "website", "x", "youtube")


@pytest.fixture
def clock() -> SetClock:
    """Return a clock at `START`; waiting moves it."""
    return SetClock(START)


@pytest.fixture
def elsewhere(clock: SetClock, tmp_path: Path) -> Iterator[Elsewhere]:
    """Serve the platforms from elsewhere."""
    with Elsewhere(clock.now, tmp_path) as server:
        yield server


@pytest.fixture
def office(elsewhere: Elsewhere, clock: SetClock, tmp_path: Path) -> Office:
    """An office with its six accounts there; its visits are counted by Google."""
    environment = {**own_settings(tmp_path), **elsewhere.environment()}
    return Office({name: value for name, value in environment.items() if not name.startswith("MATOMO_")}, clock)


@pytest.fixture
def page_office(office: Office) -> Office:
    """The same office with its Page alone."""
    return Office(only(office.environment, "facebook"), office.clock)
