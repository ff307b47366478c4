"""What X may cost in a year is a promise to an office without a budget."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office import only, own_settings

from collector.clock import SetClock
from collector.collect.outcome import Outcome, Price
from collector.collect.run import Selection
from collector.demo.standin import Answered, Asked, Fault, StandIn, broken, cut, truncated
from collector.demo.world import World
from collector.platforms import get_connector
from collector.settings import load
from collector.store import schema
from collector.wiring import Application
from connectors.kit import Reason
from connectors.x.measures import COUNTS, OF_POSTS

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
    assert {gap.reason for gap in outcome.gaps} == {Reason.BUDGET}
    assert {gap.measure for gap in outcome.gaps} == {*COUNTS, *OF_POSTS}
    assert not outcome.is_failure


def test_the_first_time_costs_two_questions_and_the_cap_holds_from_then_on(
    capped: Callable[[str], Application], standin: StandIn, clock: SetClock
) -> None:
    """Who it is and how it stands; a cap of five questions is used up after four collections."""
    application = capped("0.05")
    results = []
    for _ in range(6):
        outcome = collect(application)
        results.append((outcome.cost, outcome.readings))
        assert {gap.reason for gap in outcome.gaps} == {Reason.BUDGET}  # followers only, and in the end not even those
        clock.sleep(86_400)

    assert results == [(20_000, 3), *[(10_000, 3)] * 3, *[(0, 0)] * 2]
    assert paid(standin) == 5
    clock.move_to(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))  # already the new year at the office, not yet at X
    assert collect(application).readings == 0
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
    application = capped("0.025")

    checked = [application.collecting.check(ONLY_X)[0] for _ in range(3)]

    assert [one.ok for one in checked] == [True, True, False]
    assert "cost" in checked[-1].message
    assert paid(standin) == 2
    assert collect(application).cost == 0


def test_a_check_beside_a_collection_waits_for_it(
    capped: Callable[[str], Application], standin: StandIn, clock: SetClock
) -> None:
    """Both would spend the same last cent."""
    application = capped("0.02")
    [ready], _ = application.collecting.choose(ONLY_X)
    until = clock.now() + timedelta(minutes=5)
    application.ledger.claim(application.ledger.begin_run("test", "", "", clock.now()), ready.account.id, "", "other",
                             clock.now(), until)  # fmt: skip

    [checked] = application.collecting.check(ONLY_X)

    assert (checked.ok, paid(standin)) == (False, 0)


def test_x_itself_may_say_that_the_money_is_used_up(capped: Callable[[str], Application], standin: StandIn) -> None:
    """Its own word is a fault of the account's, which somebody has to mend; it is not our cap."""
    standin.contracts["x"].out_of_credits = True

    outcome = collect(capped("5"))

    assert (outcome.result, outcome.problem.code) == ("failed", "not_offered.credits")


def test_a_page_of_posts_costs_what_came(
    capped: Callable[[str], Application], standin: StandIn, rows: Callable[..., list[dict[str, Any]]]
) -> None:
    """A hundred are set aside, and what was not given is given back: the year's money must last."""
    outcome = collect(capped("5"))

    assert outcome.cost == standin.contracts["x"].billed
    assert outcome.price is not None
    assert outcome.cost < outcome.price.most <= 5_000_000
    assert sum(row["cost"] for row in rows(schema.exchanges)) == rows(schema.snapshots)[0]["cost"] == outcome.cost


def test_the_price_is_told_before_anything_is_asked(capped: Callable[[str], Application], standin: StandIn) -> None:
    """Whoever reads it can still stop."""
    told: list[tuple[Price, int]] = []
    application = capped("5")

    def announce(prices: tuple[Price, ...]) -> None:
        told.extend((price, len(standin.asked)) for price in prices)

    first = application.collecting.run("test", ONLY_X, announce=announce).outcomes[0]
    application.collecting.run("test", ONLY_X, announce=announce)

    assert [(price.account.platform, price.spent, price.cap) for price, _ in told] == [
        ("x", 0, 5_000_000), ("x", first.cost, 5_000_000),
    ]  # fmt: skip
    assert told[0][1] == 0
    assert told[1][0].most < told[0][0].most


def test_no_more_is_spent_than_was_told(
    capped: Callable[[str], Application], monkeypatch: pytest.MonkeyPatch, standin: StandIn
) -> None:
    """Even where the connector plans for more than it said."""
    monkeypatch.setattr(type(get_connector("x")), "estimate", lambda self, assignment: 30_000)

    outcome = collect(capped("5"))

    assert outcome.cost <= 30_000
    assert standin.contracts["x"].billed <= 30_000
    assert outcome.readings == 3


FAULTS: dict[str, Callable[[Asked, Answered], Answered]] = {
    "cut": cut,
    "garbled": truncated,
    "503": broken(503),
    "page": broken(200),
    "401": lambda asked, good: Answered({"title": "Unauthorized"}, 401),
    "402": lambda asked, good: Answered({"title": "CreditsDepleted"}, 402),
    "429": lambda asked, good: Answered({"title": "Too Many Requests"}, 429),
    "bare": lambda asked, good: replace(good, body=_without_figures(good.body)),
    "again": lambda asked, good: replace(good, body=_with_token(good.body)),
}


def _without_figures(body: Any) -> Any:
    """Leave the figures of posts out, as X does without a word: each page is then asked for twice."""
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        return body
    return {**body, "data": [{"id": one["id"], "text": "", "created_at": one.get("created_at", "2026-11-01T00:00:00Z")}
                             for one in body["data"]]}  # fmt: skip


def _with_token(body: Any) -> Any:
    """Say that there is always one page more."""
    return {**body, "meta": {**body["meta"], "next_token": "p1"}} if isinstance(body, dict) and "meta" in body else body


@settings(max_examples=12)
@given(
    cap=st.integers(0, 900).map(lambda thousandths: f"{thousandths / 1000}"),
    days=st.lists(
        st.tuples(st.integers(0, 40), st.lists(st.sampled_from(["good", *FAULTS]), max_size=5)), min_size=2, max_size=5
    ),
    own_app=st.sampled_from(["ya", "tidak"]),
)
def test_never_more_than_the_cap_whatever_comes(cap: str, days: list[tuple[int, list[str]]], own_app: str) -> None:
    """The promise itself: what X gave at its own prices, beside what was counted, beside what the office allowed.

    One answer that was lost and asked for again at once is charged for once: so X says, and so it is counted here.
    """
    clock, pending, given_out = SetClock(datetime(2026, 12, 20, 3, 0, tzinfo=UTC)), list[str](), dict[str, int]()

    def change(asked: Asked, good: Answered) -> Answered:
        name = pending.pop(0) if pending else "good"
        answered = FAULTS[name](asked, good) if name in FAULTS else good
        if answered.status < 400:
            given_out[f"{asked.path} {sorted(asked.query.items())}"] = _price_of(good, own_app)
        return answered

    billed = 0
    with TemporaryDirectory() as folder, StandIn(World(clock.now)) as standin:
        standin.faults.append(Fault("GET /2/users/", change, times=None))
        environment = {**only(standin.environment(), "x"), **own_settings(Path(folder)), "X_YEARLY_CAP_USD": cap,
                       "X_OWN_APP": own_app}  # fmt: skip
        with Application.open(load(environment), clock=clock) as application:
            for hours, faults in days:
                clock.sleep(hours * 3_600)
                pending[:] = faults
                outcome = collect(application)
                assert outcome.price is not None
                assert outcome.cost <= outcome.price.most
                billed += sum(given_out.values())
                given_out.clear()
            [ready], _ = application.collecting.choose(ONLY_X)
            counted = application.assigner.spent(ready.account, clock.now())

    assert billed <= counted <= Decimal(cap) * 1_000_000


def _price_of(good: Answered, own_app: str) -> int:
    """Return what X charges for an answer: a cent a user, half a cent or a tenth of one a post."""
    given = good.body.get("data", []) if isinstance(good.body, dict) else []
    return 10_000 if isinstance(given, dict) else len(given) * (1_000 if own_app == "ya" else 5_000)


# How long a refused sign-in is borne with, because X also refuses good ones for hours


def state_of(application: Application) -> str:
    [account] = application.queries.list_accounts(platform="x")
    return account.state


def test_an_outage_that_refuses_good_sign_ins_asks_nobody_to_connect_again(
    capped: Callable[[str], Application], standin: StandIn, clock: SetClock
) -> None:
    """X did so on 2026-06-30 for two hours: forty offices would have been sent to sign in for nothing (x.md §5)."""
    application = capped("5")
    collect(application)
    standin.contracts["x"].outage = True
    clock.sleep(3_600)
    refused = collect(application)

    assert (refused.result, refused.problem.code, state_of(application)) == ("failed", "access.expired", "active")
    assert "besok" in refused.problem.hint
    standin.contracts["x"].outage = False
    clock.sleep(86_400)
    assert collect(application).result == "ok"
    assert state_of(application) == "active"


def test_a_sign_in_that_stays_refused_for_a_day_has_ended(
    capped: Callable[[str], Application], standin: StandIn, clock: SetClock
) -> None:
    """The next night says so; a night that could not ask proves nothing either way, and a good one begins anew."""
    application, contract = capped("5"), standin.contracts["x"]
    states = []
    for outage, hours in ((True, 24), (False, 24), (True, 12), (True, 12), (True, 0)):
        contract.outage = outage
        collect(application)
        states.append(state_of(application))
        clock.sleep(hours * 3_600)

    assert states == ["active", "active", "active", "active", "reconnect"]


def test_a_refused_renewal_is_certain_at_once(capped: Callable[[str], Application], standin: StandIn) -> None:
    """A refresh token that was used up does not come back (x.md §2)."""
    standin.contracts["x"].is_dead = True
    application = capped("5")
    collect(application)

    assert state_of(application) == "reconnect"
