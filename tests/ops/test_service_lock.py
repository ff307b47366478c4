"""One service for one home, and looking whether there is one is not being one."""

import threading
from pathlib import Path

import pytest
from filelock import FileLock

from collector.errors import RunningError
from collector.ops.service_lock import ServiceLock


def test_who_only_looks_never_keeps_a_service_from_starting(tmp_path: Path) -> None:
    """A health check looks by taking the lock for a moment; a service refused then would stay away: status 2."""
    lock = ServiceLock(tmp_path)
    looking = FileLock(tmp_path / "locks" / "service.lock", thread_local=False)
    looking.acquire()
    threading.Timer(0.1, looking.release).start()

    with lock.hold():
        assert lock.find_holder() is not None


def test_a_second_service_is_refused(tmp_path: Path) -> None:
    """For as long as the first one lives, and no longer."""
    with (
        ServiceLock(tmp_path).hold(),
        pytest.raises(RunningError, match="sudah berjalan"),
        ServiceLock(tmp_path).hold(),
    ):
        pass
    with ServiceLock(tmp_path).hold():
        pass
