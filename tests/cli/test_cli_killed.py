"""A power cut in the middle of a run, and two runs at once: nothing is lost, nothing doubled."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Any

import pytest
from office import START, Office, only, own_settings, shorten_memories

from collector.clock import SetClock
from collector.collect.recovery import read_again
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.demo.world import World
from collector.store.readings import at_of
from connectors.kit import Reading

# Not TikTok and X: they use a sign-in up when they answer, and a cut before that answer is stored costs it for good.
PLATFORMS = ("facebook", "instagram", "youtube")
LATER, WEEK = timedelta(minutes=5), timedelta(days=7)

Figures = dict[tuple[Any, ...], int]


@dataclass
class Valve:
    """Lets so many requests through and holds the next ones, so that a process can be killed at a known point."""

    after: int
    reached: Event = field(default_factory=Event)
    opened: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def __call__(self, asked: Asked, good: Answered) -> Answered:
        """Hold an answer once enough have gone through."""
        with self.lock:
            self.after -= 1
            is_held = self.after < 0
        if is_held:
            self.reached.set()
            self.opened.wait(30)
        return good


@pytest.fixture
def killed_after(office_with: Callable[..., Office], standin: StandIn) -> Iterator[Callable[[int], Office]]:
    """Kill a first collection after so many answers and return the office."""
    valves = []

    def kill(after: int) -> Office:
        office, valve = office_with(*PLATFORMS), Valve(after)
        valves.append(valve)
        standin.faults[:] = [Fault("", valve, times=None)]
        running = office.start("collect", "now")
        assert valve.reached.wait(30)
        running.kill()
        standin.faults.clear()
        return office

    yield kill
    for valve in valves:
        valve.opened.set()


def figures(office: Office) -> Figures:
    """Return what is known of whole days and posts, by what it is of: the same however often a run was cut."""
    return {
        tuple(key): value
        for *key, value in office.rows(
            "SELECT platform, measure, about, at, value FROM readings JOIN series ON series.id = series_id"
            " JOIN accounts ON accounts.id = account_id WHERE measure NOT LIKE '%:now'"
        )
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """The figures of a run that nobody cut."""
    return live(tmp_path_factory.mktemp("undisturbed"), START + LATER)


@pytest.fixture(scope="module")
def undisturbed_week(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """The figures of two runs a week apart that nobody cut."""
    return live(tmp_path_factory.mktemp("undisturbed"), START, START + WEEK + LATER)


def live(folder: Path, *moments: datetime) -> Figures:
    """Collect at each moment and return the figures."""
    clock = SetClock(moments[0])
    with StandIn(World(clock.now)) as standin:
        shorten_memories(standin)
        office = Office(only({**standin.environment(), **own_settings(folder)}, *PLATFORMS), clock)
        for moment in moments:
            clock.move_to(moment)
            office.collect()
        return figures(office)


def check_nothing_is_lost(office: Office, ended: dict[str, dict[str, Any]], whole: Figures) -> None:
    """Check a home after a cut run and a whole one against the figures of a run that nobody cut."""
    assert {one["outcome"] for one in ended.values()} == {"ok"}
    assert figures(office) == whole
    assert office.rows("SELECT count(*) FROM accounts") == [(len(PLATFORMS),)]
    assert office.rows("SELECT count(*) FROM snapshots WHERE outcome = 'running'") == [(0,)]
    assert office.rows("SELECT count(*) FROM exchanges WHERE snapshot_id IS NOT NULL AND read_at IS NULL") == [(0,)]
    assert office.rows("SELECT count(*) FROM (SELECT 1 FROM series GROUP BY account_id, measure, definition, about,"
                       " origin, precision HAVING count(*) > 1)") == [(0,)]  # fmt: skip
    assert office.rows("SELECT count(*) FROM replaced") == [(0,)]
    assert office.rows("PRAGMA integrity_check") == [("ok",)]
    assert office.rows("PRAGMA foreign_key_check") == []


def check_kept_answers_were_read(office: Office) -> int:
    """Check that whatever the cut snapshots had been answered stands in the store. Returns how much that was."""
    stored = {
        tuple(key): value
        for *key, value in office.rows(
            "SELECT account_id, measure, about, at, value FROM readings JOIN series ON series.id = series_id"
        )
    }
    count = 0
    with office.open() as opened:
        outcomes = dict(office.rows("SELECT id, outcome FROM snapshots"))
        for snapshot in opened.queries.list_snapshots():
            if outcomes[snapshot.id] != "interrupted" or not snapshot.assignment:
                continue
            for one in read_again(snapshot, opened.queries).observations:
                if isinstance(one, Reading):
                    assert stored[snapshot.account_id, one.measure.key, one.about, at_of(one.when)] == one.value
                    count += 1
    return count


def take_up(office: Office, whole: Figures) -> int:
    """Collect again after a cut, and check that all is as if there had been none. Returns what was kept of it."""
    interrupted = office.rows("SELECT count(*) FROM snapshots WHERE outcome = 'running'")[0][0]
    office.clock.sleep(LATER.total_seconds())

    said = office.run("collect", "now", "--json").json

    assert interrupted >= 1
    assert said["recovered"] == interrupted
    kept = check_kept_answers_were_read(office)
    check_nothing_is_lost(office, {one["platform"]: one for one in said["accounts"]}, whole)
    office.run("verify")
    return kept


@pytest.mark.parametrize("after", [2, 9, 18])
def test_a_run_that_was_killed_is_taken_up(
    killed_after: Callable[[int], Office], after: int, undisturbed: Figures
) -> None:
    """The office has power cuts. The next run reads what was kept, asks for the rest, and doubles nothing."""
    kept = take_up(killed_after(after), undisturbed)

    assert kept > 0 or after < 9  # the first answers only say who the accounts are


def test_a_run_that_was_killed_twice_is_taken_up(killed_after: Callable[[int], Office], undisturbed: Figures) -> None:
    """Power cuts come in groups: what the first attempt was answered must survive the second."""
    killed_after(12)

    assert take_up(killed_after(9), undisturbed) > 0


@pytest.mark.prove
@pytest.mark.parametrize("after", [*range(18), *range(18)])
def test_a_first_run_may_be_killed_anywhere(
    killed_after: Callable[[int], Office], after: int, undisturbed: Figures
) -> None:
    """Like the points above, at every point, and twice: what else is on its way differs each time."""
    take_up(killed_after(after), undisturbed)


@pytest.mark.prove
@pytest.mark.parametrize("after", [*range(8), *range(8), *range(8)])
def test_a_later_run_may_be_killed_anywhere(
    killed_after: Callable[[int], Office], after: int, office_with: Callable[..., Office], undisturbed_week: Figures
) -> None:
    """The same a week later, when most days are there already and some are asked for again."""
    office = office_with(*PLATFORMS)
    office.collect()
    office.clock.sleep(WEEK.total_seconds())

    take_up(killed_after(after), undisturbed_week)


def test_the_person_is_told_what_was_taken_up(killed_after: Callable[[int], Office]) -> None:
    """After a power cut the table alone would look as if nothing had happened."""
    office = killed_after(5)
    interrupted = office.rows("SELECT count(*) FROM snapshots WHERE outcome = 'running'")[0][0]

    said = office.run("collect", "now")

    assert f"{interrupted} pengumpulan yang terputus sudah diselesaikan." in said.err
    assert "terputus" not in said.out


def test_two_runs_at_once_share_the_work(office_with: Callable[..., Office], standin: StandIn) -> None:
    """The schedule and a person press at the same moment: each account is collected once, and the second is told."""
    office, valve = office_with(*PLATFORMS), Valve(8)
    standin.faults.append(Fault("", valve, times=None))
    first = office.start("collect", "now", "--json")
    assert valve.reached.wait(30)
    running = {one for (one,) in office.rows("SELECT platform FROM snapshots JOIN accounts ON accounts.id = account_id"
                                             " WHERE outcome = 'running'")}  # fmt: skip
    standin.faults.clear()

    second = office.collect(status=1)
    valve.opened.set()
    said = first.wait()

    assert said.status == 0
    busy = {platform for platform, one in second.items() if one["outcome"] == "skipped"}
    assert busy
    assert busy <= running
    assert {second[one]["error"]["code"] for one in busy} == {"busy"}
    assert {one["outcome"] for one in said.json["accounts"]} == {"ok"}
    assert said.json["recovered"] == 0
    assert office.rows("SELECT count(*) FROM snapshots WHERE outcome NOT IN ('ok')") == [(0,)]
    assert [
        one.name for one in (office.home / "locks").glob("*.lock") if not one.name.startswith(("signin-", "vault"))
    ] == []
