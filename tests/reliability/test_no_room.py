"""No room to write, at every write of a run: one sentence, a database that opens, and nothing committed is lost."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from disturbed import Count, figures, leave_room
from office import Office, Said

from collector.demo.standin import Fault, StandIn
from collector.settings import HOME

PAGE = 4096
SENTENCE = "Basis data"

TakeUp = Callable[[Office], None]


def run_without_room(office: Office, standin: StandIn, more: int) -> Said:
    """Collect, and from the first answer on let the process write only so many bytes more."""
    office.run("accounts", "list")  # the home is there
    count = Count(1)
    standin.faults[:] = [Fault("", count, times=None)]
    running = office.start("collect", "now")
    assert count.reached.wait(60)
    leave_room(running, more, office.home)
    said = running.wait()
    standin.faults.clear()
    return said


def check_told(said: Said, office: Office) -> None:
    """Check what the person saw, and that the home is sound."""
    assert said.status in (1, 2), said.err
    assert "Traceback" not in said.out + said.err
    told = [line for line in said.err.splitlines() if SENTENCE in line]
    assert told, said.err
    assert max(map(len, told)) < 600
    assert office.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("pages", [40])
def test_a_write_that_fails_is_told_and_made_good(
    office: Office, standin: StandIn, take_up: TakeUp, pages: int
) -> None:
    """A sample of the proof below."""
    said = run_without_room(office, standin, pages * PAGE)

    check_told(said, office)
    kept = figures(office)
    take_up(office)
    assert kept.items() <= figures(office).items()


@pytest.mark.prove
@pytest.mark.parametrize("pages", range(0, 400, 2))
def test_whichever_write_fails_it_is_told_and_made_good(
    office: Office, standin: StandIn, take_up: TakeUp, pages: int
) -> None:
    """The system refuses the write itself, at one place after the other until the run has room enough."""
    said = run_without_room(office, standin, pages * PAGE)

    if said.status:
        check_told(said, office)
    kept = figures(office)
    take_up(office)
    assert kept.items() <= figures(office).items()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mount a disk of so many kilobytes. Where this user may not mount, the test is not run."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = []

    def mount(kilobytes: int) -> Path:
        tool = shutil.which("mount")
        command = [tool or "mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "tmpfs", str(folder)]
        if tool is None or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("NOT RUN: no small disk can be mounted here")
        mounted.append(folder)
        return folder

    yield mount
    for one in mounted:
        subprocess.run(["umount", str(one)], check=True)


def make_room(disk: Path) -> None:
    """Give a small disk room enough."""
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)


def put(office: Office, disk: Path) -> Office:
    """Return the office with its home on a disk."""
    return replace(office, environment={**office.environment, HOME: str(disk)})


@pytest.mark.parametrize("kilobytes", [1200])
def test_a_full_disk_is_told_and_made_good_once_there_is_room(
    office: Office, take_up: TakeUp, small_disk: Callable[[int], Path], kilobytes: int
) -> None:
    """The old PC's disk is full one morning. Nothing that was stored is lost, and the next run makes it whole."""
    full = put(office, small_disk(kilobytes))
    full.start("accounts", "list").wait()

    said = full.start("collect", "now").wait()

    check_told(said, full)
    assert "ruang disk" in said.err
    make_room(full.home)
    take_up(full)


@pytest.mark.prove
@pytest.mark.parametrize("kilobytes", range(800, 3000, 100))
def test_a_disk_of_any_size_may_be_full(
    office: Office, take_up: TakeUp, small_disk: Callable[[int], Path], kilobytes: int
) -> None:
    """It may be full at any write of a run."""
    full = put(office, small_disk(kilobytes))
    first = full.start("accounts", "list").wait()
    assert "Traceback" not in first.err

    said = full.start("collect", "now").wait()

    if said.status:
        check_told(said, full)
    make_room(full.home)
    take_up(full)
