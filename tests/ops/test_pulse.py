"""Signs of life: what is an outage, and what is only a clock that somebody set."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from serving import Serving

from collector.clock import SetClock
from collector.demo.standin import Fault, StandIn, cut
from collector.errors import StoreError
from collector.store.outages import Outages

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


def test_a_computer_that_starts_with_a_clock_ahead_was_not_away_for_a_year(serving: Start, clock: SetClock) -> None:
    """The clock is put right minutes later: the night without power stays, to the hour."""
    office = serving("website")
    last = clock.now()
    office.off(days=365, hours=15)
    office.live(minutes=5, every=60)
    clock.move_to(clock.now() - timedelta(days=365))
    office.live(minutes=5, every=60)

    [outage] = office.outages()
    assert (outage.since, outage.until - outage.since) == (last, timedelta(hours=15))


def test_a_clock_ahead_that_is_put_right_over_a_restart_leaves_no_year_either(
    serving: Start, clock: SetClock, standin: StandIn
) -> None:
    """Nobody saw it change; the first answer that names the platform's time tells."""
    office = serving("website")
    standin.world.now = clock.now
    last = clock.now()
    office.off(days=365)
    clock.sleep(3600)
    office.off(days=-365, hours=15)
    office.live(days=1)

    [outage] = office.outages()
    assert (outage.kind, outage.since) == ("power", last)
    assert outage.until - last < timedelta(hours=20)


def test_a_flat_battery_hides_no_night(serving: Start, clock: SetClock) -> None:
    """It starts in 2017 each morning, and has the right time as soon as there is a line."""
    office = serving("website")
    last = clock.now()
    office.off(days=-3650, hours=15)
    clock.sleep(120)
    office.service.beat()
    clock.move_to(clock.now() + timedelta(days=3650))
    office.live(minutes=30, every=60)

    [outage] = office.outages()
    assert (outage.kind, outage.since, outage.until) == ("power", last, last + timedelta(hours=15))


def test_a_line_that_is_gone_is_not_gone_for_the_years_that_the_clock_was_behind(
    serving: Start, clock: SetClock, standin: StandIn
) -> None:
    """The clock is put right by the very line that comes back."""
    office = serving("website")
    standin.faults[:] = [Fault("", cut, times=None)]
    office.off(days=-3650, hours=15)
    begin = clock.now() + timedelta(days=3650)
    office.live(hours=4, every=300)
    [gone] = [one for one in office.outages() if one.until is None]
    clock.move_to(clock.now() + timedelta(days=3650))
    standin.faults.clear()
    office.live(minutes=30, every=60)

    power, line = office.outages()
    assert (power.kind, line.kind) == ("power", "line")
    assert abs(power.until - begin) < timedelta(seconds=1)
    assert abs(line.since - gone.since - timedelta(days=3650)) < timedelta(seconds=1)
    assert begin < line.since < line.until < begin + timedelta(hours=4, minutes=15)


def test_a_service_that_cannot_write_at_its_start_serves_all_the_same(
    serving: Start, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that was full when the computer came on is emptied later; nobody starts the service again then."""
    office = serving("website")
    last = clock.now()

    def fail(*words: object) -> None:
        raise StoreError("Disk penuh.")

    with monkeypatch.context() as patch:
        patch.setattr(Outages, "beat", fail)
        patch.setattr(Outages, "note_power", fail)
        office.off(hours=15)
        clock.sleep(3600)
    office.live(hours=6, every=600)

    [outage] = office.outages()
    assert (outage.since, round((outage.until - last) / timedelta(hours=1))) == (last, 16)
    assert len(office.runs()) == 2
