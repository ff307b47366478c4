"""Fixtures of the shell's tests."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import Table
from toy import Play, Toy, rows_of

from collector import platforms
from collector import settings as settings_module
from collector.accounts import environment as configured
from collector.clock import SetClock
from collector.demo.standin import Answered, StandIn
from collector.settings import HOME
from collector.store import schema
from collector.wiring import Application
from connectors.kit import Auth, Bearer


@pytest.fixture
def environment(environment: dict[str, str], made_home: Path) -> dict[str, str]:
    """Return the office's environment, its home made already."""
    copytree(made_home, environment[HOME])
    return environment


@pytest.fixture
def early(clock: SetClock) -> SetClock:
    """Return the clock early in a semester: two semesters of days are no more than one then."""
    clock.move_to(datetime(2027, 1, 5, 3, tzinfo=UTC))
    return clock


@pytest.fixture
def rows(application: Application) -> Callable[[Table], list[dict[str, Any]]]:
    """Return a function that gives a table's rows."""
    return lambda table: rows_of(application, table)


@pytest.fixture
def bodies(application: Application) -> Callable[[], list[bytes]]:
    """Return a function that gives every kept body."""
    return lambda: [zlib.decompress(row["packed"]) for row in rows_of(application, schema.bodies)]


@pytest.fixture
def toy_auth() -> Mapping[str, Auth]:
    """How the toy is signed in. Override it for another way."""
    return {"key": Bearer("token")}


@pytest.fixture
def toy_keys() -> dict[str, str]:
    """What every account of the toy has besides its name."""
    return {"token": "toy-token-one"}


@pytest.fixture
def toy_connector(toy_auth: Mapping[str, Auth], monkeypatch: pytest.MonkeyPatch) -> Toy:
    """Install the toy as the only platform."""
    toy = Toy(toy_auth)
    for module in (platforms, settings_module, configured):
        monkeypatch.setattr(module, "list_connectors", lambda: (toy,))
    return toy


@pytest.fixture
def toy(
    toy_connector: Toy,
    toy_keys: dict[str, str],
    environment: dict[str, str],
    standin: StandIn,
    application: Application,
) -> Play:
    """The toy platform, ready to be asked by an installation that knows no other."""
    return Play(toy_connector, standin, application, toy_keys)


@pytest.fixture
def play(toy: Play) -> Iterator[Play]:
    """The toy with one account whose figures are answered."""
    toy.answer("/kantor", Answered({"followers": 1}))
    toy.add("kantor")
    yield toy
    toy.application.close()
