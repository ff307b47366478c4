"""The gate: a platform's pace, and the pauses that it asks for."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from collector.clock import SetClock
from collector.collect.limits import Gate
from collector.wiring import Application
from connectors.kit import Limits, ThrottledError

CALM = Limits(per_second=2, burst=3)


@pytest.fixture
def gate(application: Application, clock: SetClock) -> Gate:
    """Return the gate of a process."""
    return Gate(clock, application.ledger, application.queries)


def waits(
    gate: Gate, clock: SetClock, number: int, platform: str = "x", scope: str = "1", limits: Limits = CALM
) -> list[float]:
    """Let some requests through and return how long each waited."""
    waited = []
    for _ in range(number):
        before = clock.now()
        gate.enter(platform, scope, limits)
        waited.append((clock.now() - before).total_seconds())
    return waited


def test_after_a_burst_requests_come_at_the_pace(gate: Gate, clock: SetClock) -> None:
    """Some at once after a rest, then one by one."""
    assert waits(gate, clock, 5) == [0, 0, 0, 0.5, 0.5]


def test_a_rest_fills_the_bucket_up_to_its_burst_and_no_further(gate: Gate, clock: SetClock) -> None:
    """A night without requests must not allow a thousand in the morning."""
    waits(gate, clock, 4)
    clock.sleep(1)
    assert waits(gate, clock, 3) == [0, 0, 0.5]
    clock.sleep(3600)
    assert waits(gate, clock, 4) == [0, 0, 0, 0.5]


def test_platforms_do_not_wait_for_each_other_but_accounts_of_one_do(gate: Gate, clock: SetClock) -> None:
    """The pace is a platform's, whoever asks."""
    assert waits(gate, clock, 2, "x", "1") == [0, 0]
    assert waits(gate, clock, 2, "x", "2") == [0, 0.5]
    assert waits(gate, clock, 3, "tiktok", "3") == [0, 0, 0]


def test_where_a_platform_counts_by_account_none_waits_for_another(gate: Gate, clock: SetClock) -> None:
    """Five requests a second for a whole country would take the night; each account still keeps the pace."""
    calm = replace(CALM, by_account=True)

    assert waits(gate, clock, 4, "facebook", "1", calm) == [0, 0, 0, 0.5]
    assert waits(gate, clock, 3, "facebook", "2", calm) == [0, 0, 0]
    assert waits(gate, clock, 2, "facebook", "1", calm) == [0.5, 0.5]


def test_a_clock_that_was_set_back_does_not_close_the_gate(gate: Gate, clock: SetClock) -> None:
    """Old PCs lose their time; what is counted in seconds must not become hours."""
    waits(gate, clock, 3)
    clock.move_to(clock.now() - timedelta(hours=5))

    assert waits(gate, clock, 5) == [0.5] * 5
    clock.sleep(3600)
    assert waits(gate, clock, 4) == [0, 0, 0, 0.5]


def test_threads_together_keep_the_pace(gate: Gate, clock: SetClock) -> None:
    """Eight connections at once are still one platform."""
    began = clock.now()
    threads = [threading.Thread(target=gate.enter, args=("x", str(number), CALM)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert clock.now() - began >= timedelta(seconds=2.5)
    assert waits(gate, clock, 1)[0] <= 0.5


@pytest.mark.parametrize(("seconds", "is_waited"), [(59, True), (60, True), (60.001, False), (3600, False)])
def test_up_to_a_minute_is_waited(gate: Gate, clock: SetClock, seconds: float, is_waited: bool) -> None:
    """A thread is held for a minute, not for longer."""
    until = clock.now() + timedelta(seconds=seconds)
    gate.pause("x", "1", until)

    if is_waited:
        gate.enter("x", "1", CALM)
        assert clock.now() == until
    else:
        with pytest.raises(ThrottledError) as raised:
            gate.enter("x", "1", CALM)
        assert raised.value.until == until
        assert raised.value.code == "throttled"


def test_a_pause_is_over_at_its_moment(gate: Gate, clock: SetClock) -> None:
    """To the second the platform named: later would cost a snapshot."""
    gate.pause("x", "1", clock.now() + timedelta(hours=1))
    clock.sleep(3600)

    assert waits(gate, clock, 1) == [0]


def test_a_pause_is_of_one_account_of_one_platform(gate: Gate, clock: SetClock) -> None:
    """Others are not stopped by it."""
    gate.pause("x", "1", clock.now() + timedelta(hours=1))

    assert waits(gate, clock, 1, "x", "2") == [0]
    assert waits(gate, clock, 1, "tiktok", "1") == [0]


def test_another_process_respects_a_pause(gate: Gate, application: Application, clock: SetClock) -> None:
    """It is kept in the store."""
    gate.pause("x", "1", clock.now() + timedelta(hours=1))

    with pytest.raises(ThrottledError):
        Gate(clock, application.ledger, application.queries).enter("x", "1", CALM)


def test_an_earlier_moment_never_shortens_a_pause(gate: Gate, application: Application, clock: SetClock) -> None:
    """Two answers may name two moments; the later one is the one that both are content with."""
    later = clock.now() + timedelta(hours=2)
    gate.pause("x", "1", later)
    gate.pause("x", "1", clock.now() + timedelta(hours=1))

    for one in (gate, Gate(clock, application.ledger, application.queries)):
        with pytest.raises(ThrottledError) as raised:
            one.enter("x", "1", CALM)
        assert raised.value.until == later


def test_the_moment_of_an_error_is_what_it_names(gate: Gate, clock: SetClock) -> None:
    """A moment, a span from now, or the usual quarter of an hour; never a moment that is over."""
    now = clock.now()

    assert gate.moment(ThrottledError("", until=now + timedelta(hours=3))) == now + timedelta(hours=3)
    assert gate.moment(ThrottledError("", until=now - timedelta(hours=3))) == now
    assert gate.moment(ThrottledError("", after=timedelta(seconds=7))) == now + timedelta(seconds=7)
    assert gate.moment(ThrottledError("")) == now + timedelta(minutes=15)
