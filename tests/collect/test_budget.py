"""What X may cost in a year is a promise to an office without a budget."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from collector.clock import SetClock
from collector.collect.outcome import Outcome
from collector.collect.run import Selection
from collector.demo.standin import Answered, Fault, StandIn
from collector.settings import load
from collector.store import schema
from collector.wiring import Application
from connectors.kit import Reason

ONLY_X = Selection(platforms=("x",))
PAID = "GET /2/users/"


@pytest.fixture
def capped(environment: dict[str, str], clock: SetClock) -> Callable[[str], Application]:
    """Return a function that opens the home with a yearly cap."""
    opened: list[Application] = []

    def open_with(cap: str) -> Application:
        opened.append(Application.open(load({**environment, "X_YEARLY_CAP_USD": cap}), clock=clock))
        return opened[-1]

    yield open_with
    for one in opened:
        one.close()


def collect(application: Application) -> Outcome:
    [outcome] = application.collecting.run("test", ONLY_X).outcomes
    return outcome


def paid(standin: StandIn) -> int:
    """Return how often X was asked something that it charges for."""
    return sum(asked.method == "GET" for asked in standin.asked)


@pytest.mark.parametrize("cap", ["0", "0.005", "0.009999"])
def test_below_the_price_of_one_question_nothing_is_asked(
    capped: Callable[[str], Application], standin: StandIn, cap: str
) -> None:
    """Not even who the account is; the figures are gaps that say why."""
    outcome = collect(capped(cap))

    assert len(standin.asked) == 0
    assert (outcome.requests, outcome.readings, outcome.cost) == (0, 0, 0)
    assert {(gap.measure.key, gap.reason) for gap in outcome.gaps} == {
        (f"{metric}:account:now", Reason.BUDGET) for metric in ("followers", "following", "posts")
    }
    assert not outcome.is_failure


def test_the_first_time_costs_two_questions_and_the_cap_holds_from_then_on(
    capped: Callable[[str], Application], standin: StandIn, clock: SetClock
) -> None:
    """Who it is and how it stands; a cap of five questions is used up after four collections."""
    application = capped("0.05")
    results = []
    for _ in range(6):
        outcome = collect(application)
        results.append((outcome.cost, outcome.readings, {str(gap.reason) for gap in outcome.gaps}))
        clock.sleep(86_400)

    assert results == [(20_000, 3, set()), *[(10_000, 3, set())] * 3, *[(0, 0, {"budget"})] * 2]
    assert paid(standin) == 5
    clock.move_to(datetime(2027, 1, 1, tzinfo=UTC))
    assert collect(application).readings == 3


@pytest.mark.parametrize(("cap", "readings", "asked"), [("0.02", 3, 2), ("0.019999", 0, 1)])
def test_a_cap_is_used_to_its_end_and_not_beyond(
    capped: Callable[[str], Application], standin: StandIn, cap: str, readings: int, asked: int
) -> None:
    """To the millionth of a dollar."""
    assert collect(capped(cap)).readings == readings
    assert paid(standin) == asked


def test_the_next_process_knows_what_was_spent(
    capped: Callable[[str], Application], standin: StandIn, rows: Callable[..., list[dict[str, Any]]]
) -> None:
    """The scheduled command is a new process each night."""
    for _ in range(3):
        collect(capped("0.03"))

    assert paid(standin) == 3
    assert [row["cost"] for row in rows(schema.snapshots)] == [20_000, 10_000, 0]


def test_refused_questions_are_free(capped: Callable[[str], Application], standin: StandIn) -> None:
    """X charges for what it gives; counted, an outage of X's would end the office's year."""
    application = capped("0.02")
    standin.faults.append(Fault(PAID, lambda asked, good: Answered({"title": "Service Unavailable"}, 503), times=2))

    assert collect(application).readings == 3


def test_asking_who_an_account_is_keeps_the_cap_as_well(capped: Callable[[str], Application], standin: StandIn) -> None:
    """`accounts check` is a question like any other."""
    application = capped("0.005")

    [checked] = application.collecting.check(ONLY_X)

    assert not checked.ok
    assert "cost" in checked.message
    assert paid(standin) == 0


def test_x_itself_may_say_that_the_money_is_used_up(capped: Callable[[str], Application], standin: StandIn) -> None:
    """Its own word is a fault of the account's, which somebody has to mend; it is not our cap."""
    standin.contracts["x"].out_of_credits = True

    outcome = collect(capped("5"))

    assert (outcome.result, outcome.problem.code) == ("failed", "not_offered.credits")
