"""`kill -9` and power cuts at random points of a run: nothing lost, nothing doubled, and the next makes it whole."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from disturbed import LATER, PLATFORMS, Figures, copy_disk, end, figures, freeze, start_until
from office import START, Office

from collector.demo.standin import StandIn
from collector.store.records import from_ms

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


@pytest.mark.parametrize("seed", [2])
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


@pytest.mark.parametrize("seed", [4, *(pytest.param(seed, marks=pytest.mark.prove) for seed in range(3000, 3020))])
def test_the_service_is_done_with_what_was_interrupted_a_minute_after_its_start(
    office: Office, standin: StandIn, undisturbed: Figures, seed: int
) -> None:
    """Nobody has to do anything: the first look of the next service finds it, reads what was kept, asks the rest."""
    end(start_until(office, standin, Random(seed), most=ANSWERS, words=("serve",)))
    standin.faults.clear()
    office.clock.move_to(START + LATER)
    with office.open() as application:
        application.service.begin()
        application.service.tick()

    assert figures(office) == undisturbed
    assert office.rows("SELECT count(*) FROM snapshots WHERE outcome = 'running'") == [(0,)]
    ends = office.rows("SELECT max(finished_at) FROM snapshots WHERE outcome = 'ok' GROUP BY account_id")
    assert len(ends) == len(PLATFORMS)
    assert max(from_ms(at) for (at,) in ends) - (START + LATER) < timedelta(minutes=1)


@pytest.mark.parametrize("seed", [2])
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
