"""`kill -9` and power cuts at random points of a run: nothing lost, nothing doubled, and the next makes it whole."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from disturbed import copy_disk, end, freeze, start_until
from office import Office

from collector.demo.standin import StandIn

ANSWERS = 130
"""About how many a first run of these three accounts is given."""

TakeUp = Callable[[Office], None]


def kill(office: Office, standin: StandIn, seed: int) -> None:
    """Kill a run at a random point."""
    end(start_until(office, standin, Random(seed), most=ANSWERS))


def cut_power(office: Office, standin: StandIn, seed: int, folder: Path) -> None:
    """Take a picture of the disk at a random point of a run, and go on from it."""
    chance = Random(seed)
    running = start_until(office, standin, chance, most=ANSWERS)
    freeze(running)
    copy_disk(office.home, folder / "disk", chance)
    end(running)
    for path in office.home.iterdir():
        if path.is_file():
            path.unlink()
    for path in (folder / "disk").iterdir():
        path.rename(office.home / path.name)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_run_loses_nothing(office: Office, standin: StandIn, take_up: TakeUp, seed: int) -> None:
    """A sample of the proof below."""
    kill(office, standin, seed)
    take_up(office)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_two_hundred_killed_runs_lose_nothing(office: Office, standin: StandIn, take_up: TakeUp, seed: int) -> None:
    """Somebody pulls the plug, the system runs out of memory: whichever write was under way."""
    kill(office, standin, seed)
    take_up(office)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_power_cut_loses_nothing(
    office: Office, standin: StandIn, take_up: TakeUp, seed: int, tmp_path: Path
) -> None:
    """A sample of the proof below."""
    cut_power(office, standin, seed, tmp_path)
    take_up(office)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2000, 2200))
def test_two_hundred_power_cuts_lose_nothing(
    office: Office, standin: StandIn, take_up: TakeUp, seed: int, tmp_path: Path
) -> None:
    """The database and its log as they were last synced, with any part of what came behind, whole or torn."""
    cut_power(office, standin, seed, tmp_path)
    take_up(office)
