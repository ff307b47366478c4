"""Offices whose accounts are not connected yet."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from connecting_office import Terminals, app_settings
from office import START, Office, own_settings

from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.settings import load
from collector.wiring import Application


@pytest.fixture
def clock() -> SetClock:
    """Return a clock at `START`; waiting moves it."""
    return SetClock(START)


@pytest.fixture
def office(standin: StandIn, tmp_path: Path, clock: SetClock, made_home: Path) -> Office:
    """An office that has its applications at the platforms, and has not connected an account yet."""
    settings = own_settings(tmp_path)
    copytree(made_home, tmp_path / "home")
    return Office({**app_settings(standin), **settings}, clock)


@pytest.fixture
def application(office: Office) -> Iterator[Application]:
    """The office's installation, opened."""
    with Application.open(load(office.environment), clock=office.clock) as opened:
        yield opened


@pytest.fixture
def terminals(office: Office) -> Iterator[Terminals]:
    """Return what opens terminals."""
    opened = Terminals(office)
    yield opened
    opened.close()
