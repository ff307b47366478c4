"""Running one side in a fresh process and asking the operating system what it cost.

This module and whoever starts processes with it stay small: what a parent has in memory would be counted as its
child's highest.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from time import monotonic
from typing import Any


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: seconds of CPU, seconds by the wall clock, MiB of memory at its highest; what it told."""

    cpu: float
    wall: float
    peak: float
    told: Mapping[str, Any]


def run(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a module of this package to its end. Raises CalledProcessError where it failed."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    began = monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=_environment(environment))  # noqa: S603 - our own
    assert process.stdout is not None
    with process.stdout as stream:
        said = stream.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, json.loads(said or b"{}"))


@contextmanager
def serve() -> Iterator["Server"]:
    """Run the server for as long as it is needed."""
    command = [sys.executable, "-m", "benchmarks.server"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(None))  # noqa: S603 - our own
    assert process.stdin is not None
    assert process.stdout is not None
    with process, process.stdout as stream:
        yield Server(f"http://127.0.0.1:{int(stream.readline())}")
        process.stdin.close()


@dataclass(frozen=True, slots=True)
class Server:
    """The running server, as the benchmark orders it about."""

    address: str

    def delay(self, milliseconds: int) -> None:
        """Answer so much later from now on."""
        self._order(f"latency/{milliseconds}")

    def record(self) -> None:
        """Begin to record what is asked."""
        self._order("record")

    def recorded(self) -> bytes:
        """Return what was asked, one request after the other, and stop recording."""
        return self._order("recorded")

    def _order(self, order: str) -> bytes:
        connection = HTTPConnection(self.address.removeprefix("http://"))
        connection.request("GET", f"/-/{order}")
        told = connection.getresponse().read()
        connection.close()
        return told


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """Return this process's environment without any setting of an installation, and with what is wanted."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COLLECTOR_")}
    return {**kept, **(more or {})}
