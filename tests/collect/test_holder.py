"""Who holds a snapshot, and whether that process still lives."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from collector.collect.holder import Holder


@pytest.fixture
def holder(tmp_path: Path) -> Holder:
    """Return this process as a holder."""
    opened = Holder(tmp_path)
    yield opened
    opened.close()


def test_a_holder_knows_that_it_lives_itself(holder: Holder) -> None:
    """Otherwise a process would take its own snapshots for dead ones."""
    assert holder.is_alive(holder.name)


def test_another_process_of_the_home_lives_until_it_lets_go(holder: Holder, tmp_path: Path) -> None:
    """Two commands at once are usual: the schedule and a person."""
    other = Holder(tmp_path)
    assert other.name != holder.name
    assert holder.is_alive(other.name)
    assert other.is_alive(holder.name)

    other.close()

    assert not holder.is_alive(other.name)
    assert holder.is_alive(holder.name)


def test_a_process_that_was_killed_is_seen_to_be_dead_at_once(holder: Holder, tmp_path: Path) -> None:
    """A power cut leaves a lock file without a lock; nobody should wait for a lease to run out."""
    program = (
        "import sys; from pathlib import Path; from collector.collect.holder import Holder\n"
        "holder = Holder(Path(sys.argv[1])); print(holder.name, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        name = child.stdout.readline().strip()
        assert holder.is_alive(name)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()

        assert (tmp_path / "locks" / f"{name}.lock").exists()
        assert not holder.is_alive(name)
        assert not (tmp_path / "locks" / f"{name}.lock").exists()


def test_of_a_holder_of_another_home_only_the_lease_can_tell(holder: Holder, tmp_path_factory) -> None:
    """Several machines on one database cannot see each other's files: such a one is taken to live."""
    elsewhere = Holder(tmp_path_factory.mktemp("other"))
    elsewhere.close()

    assert holder.is_alive(elsewhere.name)
    assert holder.is_alive("never-heard-of")


def test_a_lock_by_name_holds_over_threads_and_processes(holder: Holder, tmp_path: Path) -> None:
    """One refresher at a time."""
    other, inside, together = Holder(tmp_path), [], []

    def work(one: Holder) -> None:
        for _ in range(5):
            with one.lock("signin-1"):
                inside.append(one)
                together.append(len(inside))
                inside.remove(one)

    threads = [threading.Thread(target=work, args=(one,)) for one in (holder, holder, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.close()

    assert together == [1] * 15


def test_the_locks_lie_in_a_folder_that_only_the_owner_may_enter(tmp_path: Path) -> None:
    """They are part of the home."""
    holder = Holder(tmp_path / "home")
    holder.close()

    assert (tmp_path / "home" / "locks").stat().st_mode & 0o777 == 0o700
    assert list((tmp_path / "home" / "locks").iterdir()) == []
