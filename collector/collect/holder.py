"""Who holds a snapshot: this process, and whether another holder is still alive.

Each process holds one file lock in the home for as long as it lives. The operating system lets it go with the
process, however that ends, so that a dead holder is seen at once and not only when its lease runs out. Of a holder on
another home (several machines on one database) only the lease can tell.
"""

import socket
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout


class Holder:
    """This process as a holder of snapshots. `close` it at the end; a crash does as much."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "locks"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._home = sha256(f"{socket.gethostname()}:{home.resolve()}".encode()).hexdigest()[:12]
        self.name = f"{self._home}-{uuid4().hex}"
        self._lock = FileLock(self._path(self.name), thread_local=False)
        self._lock.acquire()

    def is_alive(self, name: str) -> bool:
        """Whether the holder of that name still lives, as far as this home can tell."""
        if name == self.name or not self.is_here(name):
            return True
        path = self._path(name)
        if not path.exists():
            return False
        try:
            with FileLock(path, timeout=0):
                path.unlink(missing_ok=True)
                return False
        except Timeout:
            return True

    def is_here(self, name: str) -> bool:
        """Whether the holder of that name is, or was, one of this home."""
        return name.startswith(f"{self._home}-")

    def list_dead(self) -> tuple[str, ...]:
        """Return the holders of this home that died without tidying up."""
        names = (path.stem for path in sorted(self._folder.glob(f"{self._home}-*.lock")))
        return tuple(name for name in names if name != self.name and self._is_free(name))

    def _is_free(self, name: str) -> bool:
        try:
            with FileLock(self._path(name), timeout=0):
                return True
        except Timeout:
            return False

    def lock(self, name: str) -> AbstractContextManager[object]:
        """Return a lock by name that holds over all processes of the home. TimeoutError where it is not had in time."""
        return FileLock(self._path(name), timeout=120)

    def close(self) -> None:
        """Let go."""
        self._lock.release()
        self._path(self.name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"
