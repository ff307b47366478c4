"""Signs of life: what is an outage, and what is only a clock that somebody set."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from serving import Serving

from collector.clock import SetClock

Start = Callable[..., Serving]


def test_a_short_restart_is_no_outage(serving: Start) -> None:
    """An update takes minutes, and nobody wants to read of it in the report."""
    office = serving()
    office.off(minutes=14)

    assert office.outages() == []


def test_every_night_without_power_is_noted_by_the_hour(serving: Start, clock: SetClock) -> None:
    """From the last sign of life to the first."""
    office = serving()
    office.live(hours=7)
    last = clock.now()
    for _ in range(3):
        office.off(hours=15)
        office.live(hours=9)

    assert [(one.kind, one.until - one.since) for one in office.outages()] == [("power", timedelta(hours=15))] * 3
    assert office.outages()[0].since == last


def test_a_machine_that_slept_was_away_too(serving: Start, clock: SetClock) -> None:
    """A closed lid stops the service as well as a pulled plug, and it never restarts."""
    office = serving()
    clock.sleep(8 * 3600)
    office.service.beat()

    [outage] = office.outages()
    assert (outage.kind, outage.until - outage.since) == ("power", timedelta(hours=8))


@pytest.mark.parametrize("days", [-3650, -365, -1, 1, 365])
def test_a_clock_that_is_set_while_the_service_lives_is_no_outage(
    serving: Start, clock: SetClock, caplog: pytest.LogCaptureFixture, days: int
) -> None:
    """The steady clock knows how long it really was."""
    office = serving()
    clock.move_to(clock.now() + timedelta(days=days))
    clock.sleep(30)
    office.service.beat()
    office.live(hours=1)

    assert office.outages() == []
    assert caplog.text.count("Jam komputer") == 1


def test_a_clock_set_back_over_a_restart_is_said_and_is_no_outage(
    serving: Start, caplog: pytest.LogCaptureFixture, clock: SetClock
) -> None:
    """The last sign of life lies in the future then; when the clock is put right, no year is missing either."""
    office = serving("x")
    office.off(days=-365)
    assert office.outages() == []
    assert "lebih lama dari tanda hidup terakhir" in caplog.text

    office.off(days=365, minutes=10)
    assert office.outages() == []  # the figures that were collected before tell that nobody was away for a year


def test_the_clock_is_put_right_by_seconds_in_silence(
    serving: Start, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    """That happens every day."""
    office = serving()
    caplog.clear()
    clock.move_to(clock.now() + timedelta(seconds=100))
    office.service.beat()

    assert caplog.records == []
