"""A command that is killed at one of its own steps, as a power cut would: each time it makes the disk remember."""

import os
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from office import _PROCESSES, Office, _live

_STEPS = ("fsync", "replace", "rename", "link", "unlink", "mkdir")


def count_steps(office: Office, *words: str | Path) -> int:
    """Run a command to its end, and return how many steps it took. It must do its work."""
    trail = office.home.parent / "steps"
    trail.write_bytes(b"")
    assert _run(office, words, trail, -1) == 0, (office.home.parent / "killed.said").read_text()
    return trail.stat().st_size


def kill_at(office: Office, step: int, *words: str | Path) -> None:
    """Run a command and kill it when it begins its step of that number, counted from 0."""
    ended = _run(office, words, Path(os.devnull), step)
    assert ended == -signal.SIGKILL, f"ended with {ended} before step {step}"


def _run(office: Office, words: tuple[str | Path, ...], trail: Path, step: int) -> int | None:
    said = office.home.parent / "killed.said"
    given = ([str(word) for word in words], office.environment, office.clock.now(), [Path(os.devnull), said, said])
    process = _PROCESSES.Process(target=_live_until, args=(trail, step, *given))
    process.start()
    process.join(60)
    return process.exitcode


def _live_until(
    trail: Path, step: int, arguments: list[str], environment: dict[str, str], moment: datetime, streams: list[Path]
) -> None:
    taken = os.open(trail, os.O_WRONLY | os.O_APPEND)
    left = [step]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def take(*given: Any, **named: Any) -> object:
            os.write(taken, b".")
            left[0] -= 1
            if left[0] == -1 and step >= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return take

    for name in _STEPS:
        setattr(os, name, counted(getattr(os, name)))
    _live(arguments, environment, moment, streams)
