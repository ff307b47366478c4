"""An office at its command line: commands run in this process, with the office's own environment and its clock."""

import json
import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from collector import wiring
from collector.cli import main
from collector.cli.root import collector
from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.platforms import list_connectors
from collector.settings import (
    ALERTS,
    DATABASE_URL,
    ENV_FILE,
    HOME,
    KEY_FILE,
    env_name,
    list_addresses,
    load,
)
from collector.wiring import Application
from connectors.kit import Connector

START = datetime(2027, 1, 5, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
"""Early in a semester: the days to ask for reach back to the beginning of the one before, and not a day further."""


# One process loads the program once and is then forked for each command: a start costs no more than the command.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["collector.cli.root", "alembic.command", *(type(connector).__module__ for connector in list_connectors())]
)


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed on stdout for programs."""
        return json.loads(self.out)


@dataclass
class Office:
    """An installation as the person in front of it has it. `environment` is all that its commands see of settings."""

    environment: dict[str, str]
    clock: SetClock

    @property
    def home(self) -> Path:
        """The folder of the installation."""
        return Path(self.environment[HOME])

    def run(self, *words: str | Path, status: int | None = 0, typed: str | None = None, **settings: str) -> Said:
        """Run a command, which must end with `status` (None: any).

        `typed` is what stdin holds, `settings` what is set besides.
        """
        unset: dict[str, str | None] = {name: None for name in declared_names() if name in os.environ}
        arguments = [str(word) for word in words]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("collector.wiring.SystemClock", lambda: self.clock)
            ended = CliRunner().invoke(
                collector, arguments, typed, env={**unset, **self.environment, **settings}, catch_exceptions=False
            )
        said = Said(ended.exit_code, ended.stdout, ended.stderr)
        assert "Traceback" not in said.out + said.err or settings.get("COLLECTOR_LOG_LEVEL") == "DEBUG"
        assert status in (None, said.status), f"{arguments} ended with {said.status}: {said.out}{said.err}"
        return said

    def start(
        self, *words: str | Path, terminal: Path | None = None, first: Callable[[], None] | None = None
    ) -> "Running":
        """Start a command in a process of its own, at a terminal if one is named. Its clock is its own, set alike.

        `first` is called in that process before the command: how a test ends it at a step that it alone knows.
        """
        count = len(list(self.home.parent.glob("*.said")))
        said = self.home.parent / f"{count}.said"
        streams = [Path(os.devnull), said, said.with_suffix(".err")] if terminal is None else [terminal] * 3
        arguments = [str(word) for word in words]
        process = _PROCESSES.Process(target=_live, args=(arguments, self.environment, self.clock.now(), streams, first))
        process.start()
        return Running(process, said)

    def open(self) -> Application:
        """Open the installation beside its commands."""
        return Application.open(load(self.environment), clock=self.clock)

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database itself."""
        with closing(sqlite3.connect(f"file:{self.home / 'collector.db'}?mode=ro", uri=True)) as database:
            return database.execute(question, values).fetchall()

    def counts(self) -> dict[str, int]:
        """Return how many rows each table holds."""
        tables = [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: int(self.rows(f"SELECT count(*) FROM {name}")[0][0]) for name in tables}

    def readings(self, *words: str) -> list[dict[str, Any]]:
        """Return the readings that `history` gives."""
        found: list[dict[str, Any]] = self.run("history", "--json", *words).json["readings"]
        return found

    def collect(self, *words: str, status: int = 0) -> dict[str, dict[str, Any]]:
        """Collect now and return how it went by platform."""
        return {
            one["platform"]: one for one in self.run("collect", "now", "--json", *words, status=status).json["accounts"]
        }


@dataclass
class Running:
    """A command that runs in a process of its own."""

    process: ForkServerProcess
    said: Path

    def kill(self) -> None:
        """End it as a power cut would: it gets no chance to tidy up."""
        self.process.kill()
        self.process.join(20)
        assert self.process.exitcode == -signal.SIGKILL

    def wait(self) -> Said:
        """Wait for its end."""
        self.process.join(60)
        assert self.process.exitcode is not None, "the command does not end"
        return Said(self.process.exitcode, self.said.read_text(), self.said.with_suffix(".err").read_text())


def _live(
    arguments: list[str],
    environment: dict[str, str],
    moment: datetime,
    streams: list[Path],
    first: Callable[[], None] | None = None,
) -> None:
    """Run a command, in the new process. It has a session of its own: a terminal that it opens is then its own too."""
    os.setsid()
    for name in declared_names():
        os.environ.pop(name, None)
    os.environ.update(environment)
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - multiprocessing had put an empty one there
    wiring.SystemClock = lambda: SetClock(moment)
    sys.argv = ["collector", *arguments]
    if first is not None:
        first()
    main()


def declared_names() -> set[str]:
    """Return every setting that could be set on the machine of a developer."""
    return {name for connector in list_connectors() for name in names_of(connector)} | {
        DATABASE_URL,
        ENV_FILE,
        KEY_FILE,
        ALERTS,
    }


def names_of(connector: Connector) -> set[str]:
    """Return the settings of a platform: its keys, also as files, and its addresses."""
    keys = {env_name(info) for info in connector.Keys.model_fields.values()}
    addresses = {one.setting for one in list_addresses(connector)}
    return keys | {f"{name}_FILE" for name in keys} | addresses


def only(environment: Mapping[str, str], *platforms: str) -> dict[str, str]:
    """Return an environment in which only these platforms are configured."""
    kept = {name for connector in list_connectors() if connector.slug in platforms for name in names_of(connector)}
    every = {name for connector in list_connectors() for name in names_of(connector)}
    return {name: value for name, value in environment.items() if name not in every or name in kept}


def own_settings(folder: Path) -> dict[str, str]:
    """Return the settings of an installation in a folder, with the key outside its home."""
    env_file = folder / "office.env"
    env_file.touch()
    return {HOME: str(folder / "home"), KEY_FILE: str(folder / "outside" / "key"), ENV_FILE: str(env_file)}


def shorten_memories(server: StandIn, days: int = 12) -> None:
    """Let the one platform that is asked for each day singly remember few: hundreds of questions tell no more."""
    server.contracts["instagram"].insights.remembered = timedelta(days=days)
