"""Offices that are disturbed, and the figures of one that nobody disturbed."""

from collections.abc import Callable, Iterator

import pytest
from disturbed import LATER, PLATFORMS, Figures, figures
from office import START, Office, only, own_settings, shorten_memories

from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World


@pytest.fixture
def clock() -> SetClock:
    """Return a clock at `START`; waiting moves it."""
    return SetClock(START)


@pytest.fixture
def office(environment: dict[str, str], clock: SetClock) -> Office:
    """An office with three accounts."""
    return Office(only(environment, *PLATFORMS), clock)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """The figures of a run that nobody disturbed."""
    clock = SetClock(START + LATER)
    with StandIn(World(clock.now)) as standin:
        shorten_memories(standin)
        own = own_settings(tmp_path_factory.mktemp("undisturbed"))
        calm = Office(only({**standin.environment(), **own}, *PLATFORMS), clock)
        calm.collect()
        return figures(calm)


@pytest.fixture
def take_up(undisturbed: Figures, standin: StandIn) -> Iterator[Callable[[Office], None]]:
    """Collect again five minutes after a disturbance, and check that all is as if there had been none."""

    def check(office: Office) -> None:
        standin.faults.clear()
        office.clock.move_to(START + LATER)
        ended = office.collect()
        assert {one["outcome"] for one in ended.values()} == {"ok"}
        assert figures(office) == undisturbed
        assert office.rows("SELECT count(*) FROM snapshots WHERE outcome = 'running'") == [(0,)]
        unread = "SELECT count(*) FROM exchanges WHERE snapshot_id IS NOT NULL AND read_at IS NULL"
        assert office.rows(unread) == [(0,)]
        assert office.rows("SELECT count(*) FROM replaced") == [(0,)]
        assert office.rows("PRAGMA integrity_check") == [("ok",)]
        assert office.rows("PRAGMA foreign_key_check") == []

    yield check
