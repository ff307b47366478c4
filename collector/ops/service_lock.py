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

    def must_be_free(self, revision: str) -> None:
        """Raise RunningError where a service runs: one of an older program would go on in an upgraded database."""
        number = self.find_holder()
        if number is not None:
            raise RunningError(
                t(
                    f"Basis data (versi {revision}) harus diperbarui untuk program ini, tetapi layanan program lama "
                    f"masih berjalan (proses {number}). Mulai ulang layanan itu, lalu ulangi. Data belum diubah.",
                    en=f"The database (version {revision}) has to be upgraded for this program, but the service of the "
                    f"older one still runs (process {number}). Restart the service, then try again. The data are "
                    "unchanged.",
                )
            )

    def _read(self) -> str:
        with suppress(OSError):
            return self._number.read_text("ascii").strip() or "?"
        return "?"
