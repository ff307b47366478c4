"""Disturbing an office's run at a chosen moment: its process frozen, killed, or left without room to write."""

import os
import resource
import shutil
import signal
import struct
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event, Lock
from typing import Any

from office import Office, Running

from collector.demo.standin import Answered, Asked, Fault, StandIn

# Not those whose sign-in is used up by an answer that is never seen: tests of their own look at that.
PLATFORMS = ("facebook", "instagram", "youtube")
LATER = timedelta(minutes=5)

Figures = dict[tuple[Any, ...], int]


def figures(office: Office) -> Figures:
    """Return what is known of whole days and posts, by what it is of: the same however often a run was disturbed."""
    return {
        tuple(key): value
        for *key, value in office.rows(
            "SELECT platform, measure, about, at, value FROM readings JOIN series ON series.id = series_id"
            " JOIN accounts ON accounts.id = account_id WHERE measure NOT LIKE '%:now'"
        )
    }


@dataclass
class Count:
    """Tells when so many questions were answered."""

    after: int
    reached: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def __call__(self, asked: Asked, good: Answered) -> Answered:
        """Count an answer."""
        with self.lock:
            self.after -= 1
            if self.after <= 0:
                self.reached.set()
        return good


def start_until(
    office: Office, standin: StandIn, chance: Random, *, most: int, words: tuple[str, ...] = ("collect", "now")
) -> Running:
    """Start a collection and return it at a random point: some answers in, and some milliseconds on."""
    count = Count(chance.randint(1, most))
    standin.faults[:] = [Fault("", count, times=None)]
    running = office.start(*words)
    assert count.reached.wait(60)
    running.process.join(chance.random() * 0.04)  # between two answers lie the writes
    return running


def freeze(running: Running) -> None:
    """Stop all of a process at once, as a camera would."""
    pid = running.process.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    while running.process.is_alive() and _state(pid) != "T":
        running.process.join(0.001)


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def end(running: Running) -> None:
    """End a process as a power cut would; it may have come to its end by itself just before."""
    running.process.kill()
    running.process.join(20)
    assert running.process.exitcode in (-signal.SIGKILL, 0)


def leave_room(running: Running, more: int, home: Path) -> None:
    """Let a process write so many bytes beyond what its largest file has, and not one more."""
    pid = running.process.pid
    assert pid is not None
    size = max(path.stat().st_size for path in home.glob("collector.db*")) + more
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def copy_disk(home: Path, target: Path, chance: Random) -> None:
    """Copy a home as a disk may hold it after the power went.

    What was committed was written and synced before the program went on. Of what came behind the last commit in the log
    any part may be there, whole or torn.
    """
    target.mkdir(mode=0o700)
    for path in home.iterdir():
        if path.is_file() and path.suffix != ".db-shm":  # shared memory is not on the disk
            shutil.copyfile(path, target / path.name)
    log = target / "collector.db-wal"
    if log.exists():
        body = log.read_bytes()
        end = committed_end(body)
        kept = body[: chance.randint(end, len(body))]
        log.write_bytes(kept + chance.randbytes(chance.choice((0, 0, 700))))


def committed_end(log: bytes) -> int:
    """Return where the last commit ends in a write-ahead log (sqlite.org/fileformat2.html, §4)."""
    if len(log) < 32:
        return len(log)
    page, salts, end, place = struct.unpack(">I", log[8:12])[0], log[16:24], 32, 32
    while place + 24 + page <= len(log) and log[place + 8 : place + 16] == salts:
        place += 24 + page
        if struct.unpack(">I", log[place - page - 20 : place - page - 16])[0]:
            end = place
    return end
