"""One service for one home: a file lock that the operating system lets go of with the process, however that ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from collector.errors import RunningError
from collector.language import t

_PATIENCE_SECONDS = 1.0  # who only asks whether a service runs holds the lock for a moment


class ServiceLock:
    """The lock of a home's service, and beside it the number of the process that holds it."""

    def __init__(self, home: Path) -> None:
        folder = home / "locks"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path, self._number = folder / "service.lock", folder / "service.pid"

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock. Raises RunningError where another process does."""
        lock = FileLock(self._path, timeout=_PATIENCE_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            number = self._read()
            raise RunningError(
                t(
                    f"Layanan sudah berjalan di komputer ini (proses {number}). Cukup satu; yang kedua tidak dimulai.",
                    en=f"The service runs already on this computer (process {number}). One is enough; no second one "
                    "was started.",
                )
            ) from None
        try:
            self._number.write_text(str(os.getpid()), "ascii")
            yield
        finally:
            self._number.unlink(missing_ok=True)
            lock.release()

    def find_holder(self) -> str | None:
        """Return the number of the process that holds the lock, None where none does."""
        try:
            with FileLock(self._path, timeout=0):
                return None
        except Timeout:
            return self._read()

    def _read(self) -> str:
        with suppress(OSError):
            return self._number.read_text("ascii").strip() or "?"
        return "?"
