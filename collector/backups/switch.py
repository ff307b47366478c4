"""Putting what was restored in the place of what was there: all of it or nothing, whenever the power goes.

What is to be moved is written down first. From that moment on it is carried to its end, by this process or by the next
one that opens the home; before it, nothing was touched. While a process restores, no other opens the home.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from collector.accounts.keyfile import sync_folder
from collector.errors import BackupError
from collector.language import t
from collector.system_errors import reason

_PLAN = "restore.json"
_LOCK = "restore.lock"
_DRAFTS = ".restoring-"


@dataclass(frozen=True, slots=True)
class Move:
    """What stands `at` a place goes `aside`, and what is `new`, if anything, takes its place."""

    at: str
    aside: str
    new: str | None


def settle(home: Path) -> None:
    """Carry a restoring to its end that was cut off. Raises BackupError while one is going on."""
    lock = home / "locks" / _LOCK
    if not lock.exists():
        return
    try:
        with FileLock(lock, timeout=1):
            _settle(home)
            _let_in(lock)
    except Timeout:
        raise _busy() from None
    except OSError as error:
        raise BackupError(
            t(
                f"Pemulihan folder data {home} yang terputus belum dapat diselesaikan ({reason(error)}). Periksa izin "
                "folder, lalu ulangi.",
                en=f"A restoring of the home {home} was cut off and cannot be finished yet ({reason(error)}). Check "
                "the folder's permissions, then try again.",
            )
        ) from None


@contextmanager
def restoring(home: Path) -> Iterator[Path]:
    """Keep all others out, and give an empty folder of the home for what is to be put in place."""
    locks = home / "locks"
    locks.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock, drafts = FileLock(locks / _LOCK), home / f"{_DRAFTS}{os.getpid()}"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _busy() from None
    try:
        _settle(home)
        if _is_held(locks):
            raise BackupError(
                t(
                    f"Folder data {home} sedang dipakai (layanan atau pengumpulan berjalan). Hentikan dulu, lalu "
                    "ulangi; tidak ada yang diubah.",
                    en=f"The home {home} is in use (the service or a run). Stop it first, then try again; nothing was "
                    "changed.",
                )
            )
        drafts.mkdir(mode=0o700)
        yield drafts
    finally:
        if not (home / _PLAN).exists():
            shutil.rmtree(drafts, ignore_errors=True)
            _let_in(locks / _LOCK)
        lock.release()


def put_in_place(home: Path, moves: Sequence[Move]) -> None:
    """Do the moves: from the moment that they are written down they are done, whatever happens."""
    draft = home / f".{_PLAN}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump([asdict(move) for move in moves], file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / _PLAN)
    sync_folder(home)
    _settle(home)


def _settle(home: Path) -> None:
    plan = home / _PLAN
    if plan.exists():
        moves = [Move(**one) for one in json.loads(plan.read_text("utf-8"))]
        for move in moves:
            _carry_out(move)
        for folder in {Path(place).parent for move in moves for place in (move.at, move.aside)}:
            if folder.exists():
                sync_folder(folder)
        plan.unlink()
    for drafts in home.glob(f"{_DRAFTS}*"):
        shutil.rmtree(drafts, ignore_errors=True)


def _carry_out(move: Move) -> None:
    """Do a move, or what is left of it: it may have been cut off at any point."""
    at, aside = Path(move.at), Path(move.aside)
    if move.new is not None and not Path(move.new).exists():
        return  # done: what is new is in its place
    if at.exists():
        aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        while aside.exists():  # somebody put something there meanwhile: what was kept is not overwritten by it
            aside = aside.with_name(f"{aside.name}-2")
        at.rename(aside)
    if move.new is not None:
        Path(move.new).rename(at)


def _let_in(lock: Path) -> None:
    with suppress(OSError):  # Windows keeps an open file; the next who looks finds that nobody holds it
        lock.unlink()


def _is_held(locks: Path) -> bool:
    """Whether a process of this home holds any of its locks: a service, a run, a backup."""
    for path in locks.glob("*.lock"):
        if path.name != _LOCK:
            try:
                with FileLock(path, timeout=0):
                    pass
            except Timeout:
                return True
    return False


def _busy() -> BackupError:
    return BackupError(
        t(
            "Folder data ini sedang dipulihkan dari cadangan. Tunggu sampai selesai, lalu ulangi.",
            en="This home is being restored from a backup. Wait until that is done, then try again.",
        )
    )
