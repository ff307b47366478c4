"""`collector serve` as a process: one for a home, stopped by a signal, gone on with after a power cut."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Event

import pytest
from office import _PROCESSES, Office, Running, only

from collector.clock import SetClock
from collector.collect.run import Selection
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.ops.service_lock import ServiceLock
from collector.settings import DATABASE_URL, ENV_FILE, load
from collector.store import schema
from collector.wiring import Application


class Gate:
    """Holds the answers to some questions until it is opened, and tells when one is waiting."""

    def __init__(self, standin: StandIn, where: str, *, after: int = 0) -> None:
        self.reached, self.opened, self.after = Event(), Event(), after
        standin.faults.append(Fault(where, self, times=None))

    def __call__(self, asked: Asked, good: Answered) -> Answered:
        self.after -= 1
        if self.after < 0:
            self.reached.set()
            self.opened.wait(30)
        return good


@pytest.fixture
def gate(standin: StandIn) -> Iterator[Callable[..., Gate]]:
    """Put a gate before some answers; it is opened in the end."""
    gates: list[Gate] = []

    def put(where: str, **more: int) -> Gate:
        gates.append(Gate(standin, where, **more))
        return gates[-1]

    yield put
    for one in gates:
        one.opened.set()


@pytest.fixture
def office(office_with: Callable[..., Office]) -> Office:
    """An office with one account that takes many questions."""
    return office_with("facebook")


def tell(running: Running, number: int) -> None:
    """Send a signal to a command."""
    assert running.process.pid is not None
    os.kill(running.process.pid, number)


def test_a_second_service_is_refused_and_the_first_stops_cleanly(office: Office, gate: Callable[..., Gate]) -> None:
    """One is enough. Ctrl-C in the middle of a run stores what was read, within seconds, and is no failure."""
    held = gate("insights", after=2)
    first = office.start("serve")
    assert held.reached.wait(30)

    said = office.run("serve", status=2)
    assert f"proses {first.process.pid}" in said.err
    assert office.run("schedule", "show", "--json").json["service"] is True
    now = office.run("collect", "now", status=1)
    assert "Akun ini sedang dikumpulkan proses lain" in now.err

    held.after = 10**6
    tell(first, signal.SIGINT)
    held.opened.set()
    first.process.join(10)
    ended = first.wait()

    assert ended.status == 0
    assert ended.out.startswith(f"Layanan berjalan (proses {first.process.pid}). Pengumpulan berikutnya: segera.")
    assert ended.out.count("\n") == 1
    assert "Traceback" not in ended.err
    [(outcome, code, readings)] = office.rows("SELECT outcome, error_code, readings FROM snapshots")
    assert (outcome, code, readings > 0) == ("partial", "ended", True)
    assert ServiceLock(office.home).find_holder() is None
    assert office.rows("SELECT due_at <= ? FROM accounts", _ms(office.clock)) == [(1,)]  # the next start goes on


def _ms(clock: SetClock) -> int:
    return int((clock.now() + timedelta(minutes=1)).timestamp() * 1000)


def test_a_platform_that_hangs_does_not_hold_up_the_end(office: Office, gate: Callable[..., Gate]) -> None:
    """A request may take two minutes; who switches the computer off has ten seconds."""
    held = gate("insights", after=2)
    running = office.start("serve")
    assert held.reached.wait(30)

    tell(running, signal.SIGTERM)
    running.process.join(10)

    assert running.wait().status == 0
    [(outcome, readings)] = office.rows("SELECT outcome, readings FROM snapshots")
    assert (outcome, readings > 0) == ("interrupted", True)
    held.opened.set()


def test_after_a_power_cut_the_next_start_goes_on_at_once(office: Office, gate: Callable[..., Gate]) -> None:
    """What had been answered is read, the rest is asked for, and the hours without power are written down."""
    held = gate("insights", after=2)
    running = office.start("serve")
    assert held.reached.wait(30)
    running.kill()
    held.after = 10**6
    held.opened.set()
    office.clock.move_to(office.clock.now() + timedelta(hours=5))

    again = office.start("serve")
    _wait_for(office, "SELECT count(*) FROM snapshots WHERE outcome = 'ok'", 1)
    tell(again, signal.SIGTERM)

    assert again.wait().status == 0
    assert office.rows("SELECT outcome FROM snapshots ORDER BY id") == [("interrupted",), ("ok",)]
    [(kind, since, until)] = office.rows("SELECT kind, from_at, to_at FROM outages")
    assert (kind, round((until - since) / 3_600_000)) == ("power", 5)
    assert office.rows("SELECT trigger FROM runs ORDER BY id") == [("schedule",), ("catch-up",)]


def _wait_for(office: Office, question: str, count: int) -> None:
    pause = Event()
    for _ in range(600):
        if office.rows(question) == [(count,)]:
            return
        pause.wait(0.05)
    pytest.fail(f"{question} is not {count}: {office.rows('SELECT * FROM snapshots')}")


SITES = 6


def _collect_due(environment: dict[str, str], moment: datetime, begin: Barrier, end: Barrier, is_late: bool) -> None:
    """Collect what is due, in a process of its own that begins when another has seen the same as due.

    Who is late saw it too, and takes its turn only when the other is done.
    """

    def wait(prices: object) -> None:
        begin.wait(30)
        if is_late:
            end.wait(30)

    clock = SetClock(moment)
    with Application.open(load(environment), clock=clock) as application:
        result = application.collecting.run("schedule", Selection(due_by=clock.now()), announce=wait)
        if not is_late:
            end.wait(30)
        assert len(result.outcomes) == SITES


def _race(office: Office, rounds: int) -> None:
    """Let two processes begin at once, day after day, and count what each account got."""
    with office.open() as application:
        for number in range(1, rounds + 1):
            begin, moment, has_late = _PROCESSES.Barrier(2), office.clock.now(), number % 2 == 0
            end = _PROCESSES.Barrier(2 if has_late else 1)
            two = [
                _PROCESSES.Process(target=_collect_due, args=(office.environment, moment, begin, end, is_late))
                for is_late in (False, has_late)
            ]
            for process in two:
                process.start()
            for process in two:
                process.join(60)
            assert [process.exitcode for process in two] == [0, 0]
            with application.store.read() as connection:
                counts = connection.exec_driver_sql(
                    "SELECT account_id, count(*), sum(CASE WHEN outcome = 'ok' THEN 1 ELSE 0 END) FROM snapshots"
                    " GROUP BY account_id"
                ).all()
            assert [tuple(row)[1:] for row in counts] == [(number, number)] * SITES
            office.clock.move_to(moment + timedelta(days=1))


def _add_sites(office: Office, folder: Path) -> None:
    """Give the office some websites: each is one question."""
    address = office.environment.pop("WEBSITE_URL")
    for name in list(office.environment):
        if name.startswith(("GA4_P", "GA4_S", "MATOMO_S", "MATOMO_T")):
            del office.environment[name]
    for number in range(SITES):
        keys = folder / f"{number}.env"
        keys.write_text(f"WEBSITE_URL='{address}/{number}'\n")
        office.run("accounts", "add", "website", f"{address}/{number}", "--keys", keys)


ROUNDS = [3, pytest.param(50, marks=pytest.mark.prove)]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_processes_at_once_collect_each_due_account_once(
    office_with: Callable[..., Office], tmp_path: Path, rounds: int
) -> None:
    """Whoever comes second finds it running, or done and not due any more."""
    office = office_with("website")
    _add_sites(office, tmp_path)
    _race(office, rounds)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_processes_on_postgresql_too(
    environment: dict[str, str], clock: SetClock, postgresql_address: str, tmp_path: Path, rounds: int
) -> None:
    """There each may be on a machine of its own, with no lock in common but the database's."""
    office = Office({**only(environment, "website"), DATABASE_URL: postgresql_address}, clock)
    with office.open() as application, application.store.write() as connection:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(schema.metadata.tables)} RESTART IDENTITY")
    assert office.environment[ENV_FILE]
    _add_sites(office, tmp_path)
    _race(office, rounds)


def test_signs_of_life_that_wait_for_the_database_do_not_hold_up_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are written, and may wait for half a minute."""
    waits, go_on = Event(), Event()
    monkeypatch.setattr("collector.ops.service.GRACE_SECONDS", 0.2)
    with office.open() as application:
        service = application.service

        def wait(*words: object) -> None:
            waits.set()
            go_on.wait(30)

        monkeypatch.setattr(type(application.outages), "beat", wait)
        assert service.run(lambda seconds: waits.wait(20)) is False
        go_on.set()
