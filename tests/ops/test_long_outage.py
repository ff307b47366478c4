"""A month without a line while the service lives: it asks little, notes one outage, and then catches all up at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from serving import Serving

from collector.clock import SetClock
from collector.demo.standin import Fault, StandIn, cut
from collector.store.records import to_day_number


@pytest.mark.parametrize("days", [4, pytest.param(30, marks=pytest.mark.prove)])
def test_a_line_that_was_gone_for_long_costs_no_day(
    serving: Callable[..., Serving], standin: StandIn, clock: SetClock, days: int
) -> None:
    """The cable was cut at the pole. Nobody restarts anything when it is mended."""
    office, first = serving("website", "youtube"), clock.now()
    standin.faults[:] = [Fault("", cut, times=None)]
    standin.asked.clear()

    office.live(days=days)

    assert len(standin.asked) < days * 24 * 60 / 5
    tried = len(office.runs())  # in one run: those of the two whose minute had come by then
    assert {outcome for _, _, outcome in office.runs()[2:]} == {"failed"}
    assert office.office.rows("SELECT count(*) FROM runs") == [(2,)]
    standin.faults.clear()
    back = clock.now()
    office.live(minutes=15, every=60)
    assert sorted(office.runs()[tried:]) == [("catch-up", "website", "ok"), ("catch-up", "youtube", "ok")]
    [outage] = office.outages()
    assert (outage.kind, outage.since < first + timedelta(days=1)) == ("line", True)
    assert timedelta(0) <= outage.until - back < timedelta(minutes=6)
    answered = office.office.rows("SELECT first_day, last_day FROM coverage WHERE measure = 'sessions@ga4:account:day'")
    for day in range(to_day_number(first.date()), to_day_number(clock.now().date()) - 2):  # idle days have no row
        assert any(begin <= day <= end for begin, end in answered), day
