"""By which rule an account is collected, and when: the narrowest rule, the spread, and clocks that were wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import Serving

from collector.clock import SetClock
from collector.collect.run import Selection
from collector.demo.standin import Fault, StandIn
from collector.ops.plan import SPREAD, Plan, list_seldom
from collector.ops.rules import parse_rule
from collector.store.records import Office, StoredAccount
from collector.store.schedules import Schedules, Scope
from collector.wiring import Application
from connectors.kit.replay import load_assignment

JAKARTA = Office(1, "kpu", "KPU", "", "Asia/Jakarta")


class Rules:
    """Rules that are not stored anywhere."""

    def __init__(self, *rules: tuple[Scope, str]) -> None:
        self.rules = rules

    def list_rules(self, account: StoredAccount) -> tuple[tuple[Scope, str], ...]:
        """Return the rules."""
        return self.rules


def account(number: int = 1, platform: str = "square", *, handle: str = "kpu", office: Office = JAKARTA) -> Any:
    """Make an account that is known by its handle only."""
    return StoredAccount(number, office, platform, None, handle, "", "", None, "active", "", None, None)


def plan_by(*rules: tuple[Scope, str]) -> Plan:
    """Make a plan by rules."""
    return Plan(Rules(*rules), None, None)


RULES = {
    "all": (Scope(), "daily 01:00"),
    "office": (Scope(office_id=1), "daily 02:00"),
    "platform": (Scope(platform="square"), "daily 03:00"),
    "both": (Scope(1, "square"), "daily 04:00"),
    "account": (Scope(account_id=1), "daily 05:00"),
}


@pytest.mark.parametrize("kept", range(1, 6))
def test_the_narrowest_rule_holds(kept: int) -> None:
    """An account's, a platform's at an office, a platform's, an office's; else the one for all."""
    there = list(RULES)[:kept]
    planned = plan_by(*(RULES[name] for name in reversed(there))).rule_of(account())

    assert (planned.source, planned.rule.text) == (there[-1], RULES[there[-1]][1])


def test_without_a_rule_it_is_the_default_and_a_broken_one_is_passed_over() -> None:
    """A rule that a later version wrote must not end all collecting here."""
    assert plan_by().rule_of(account()).rule.text == "daily 02:30"
    planned = plan_by((Scope(account_id=1), "every full moon"), RULES["office"]).rule_of(account())
    assert planned.source == "office"


NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(NOWS, st.text(min_size=1, max_size=30))
def test_every_day_has_one_turn_and_it_lies_within_the_spread(now: datetime, handle: str) -> None:
    """Never in the past, never a day left out, always at the same minute of the night."""
    one = account(handle=handle)
    times = plan_by().list_next(one, now)
    first, second, third = (next(times) for _ in range(3))

    assert now < first <= now + timedelta(days=1) + SPREAD
    assert second - first == third - second == timedelta(days=1)
    local = first.astimezone(JAKARTA.timezone)
    assert timedelta(0) <= local - local.replace(hour=2, minute=30, second=0, microsecond=0) < SPREAD


@given(NOWS)
def test_who_was_collected_since_the_rules_time_has_had_its_turn(now: datetime) -> None:
    """Its own minute may be later, or may have changed: it must not be collected twice for one night."""
    one = account()
    due = plan_by().next_due(one, now)
    later = replace(one, external_id="known now")

    for moment in (due, due + timedelta(hours=3)):
        assert plan_by().next_due(one, moment) - due == timedelta(days=1)
        assert plan_by().next_due(later, moment) > due + timedelta(days=1) - SPREAD


def test_offices_do_not_all_knock_at_once() -> None:
    """552 offices at one minute would be a storm on the platforms and on the country's line."""
    now = datetime(2026, 11, 20, tzinfo=UTC)
    dues = [plan_by().next_due(account(handle=f"kpu_{number}"), now) for number in range(552)]

    by_minute = [
        sum(1 for due in dues if due.replace(second=0) == minute) for minute in {d.replace(second=0) for d in dues}
    ]
    assert len(by_minute) == 45
    assert max(by_minute) < 30
    assert dues == [plan_by().next_due(account(handle=f"kpu_{number}"), now) for number in range(552)]


def test_an_accounts_own_rule_is_kept_to_the_minute() -> None:
    """Who names one account and one minute means it."""
    due = plan_by(RULES["account"]).next_due(account(), datetime(2026, 11, 20, tzinfo=UTC))

    assert due == datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


def test_a_platform_whose_figures_live_a_day_is_asked_twice(application: Application) -> None:
    """And a rule that asks less often is noticed."""
    application.collecting.choose(Selection())
    accounts = {one.platform: one for one in application.queries.list_accounts()}
    assert application.plan.rule_of(accounts["instagram"]).rule.text == "daily 02:30,14:30"
    assert application.plan.rule_of(accounts["youtube"]).rule.text == "daily 02:30"

    now = application.clock.now()
    assert list_seldom(accounts.values(), application.plan, now) == []
    application.plan.set_rule(Scope(), parse_rule("daily 03:00"))
    assert [one.platform for one in list_seldom(accounts.values(), application.plan, now)] == ["instagram"]
    application.plan.set_rule(Scope(), parse_rule("daily 03:00,15:00"))
    assert list_seldom(accounts.values(), application.plan, now) == []


def test_a_new_rule_moves_who_waits_and_leaves_who_is_due(serving: Callable[..., Serving], clock: SetClock) -> None:
    """It must hold from now on, and must not make an overdue account wait for another day."""
    office = serving("x", "tiktok")
    plan, before = office.application.plan, office.account("tiktok").due_at
    Schedules(office.application.store).set_due({office.account("x").id: clock.now() - timedelta(hours=1)})

    plan.set_rule(Scope(), parse_rule("weekly wed 20:00"))

    assert office.account("x").due_at == clock.now() - timedelta(hours=1)
    moved = office.account("tiktok").due_at.astimezone(JAKARTA.timezone)
    assert (f"{moved:%a %H}", moved > before) == ("Wed 20", True)
    assert plan.reset_rule(Scope())
    assert office.account("tiktok").due_at == plan.next_due(office.account("tiktok"), clock.now())
    assert not plan.reset_rule(Scope())


@pytest.mark.parametrize("years", [1, 10])
def test_a_clock_set_back_stops_nobody(serving: Callable[..., Serving], clock: SetClock, years: int) -> None:
    """A flat battery sets it back by years: nothing may wait until the old time comes round again."""
    office = serving("x")
    clock.move_to(clock.now() - timedelta(days=365 * years))
    office.service.beat()
    office.service.tick()

    assert clock.now() < office.account("x").due_at <= clock.now() + timedelta(days=1) + SPREAD
    office.live(days=2)
    assert len(office.runs()) == 3


def test_a_clock_set_forward_causes_one_run_and_the_way_back_none(
    serving: Callable[..., Serving], clock: SetClock
) -> None:
    """No storm of everything that would have been due meanwhile."""
    office = serving("x")
    clock.move_to(clock.now() + timedelta(days=365))
    office.live(hours=3)
    assert len(office.runs()) == 2

    clock.move_to(clock.now() - timedelta(days=365))
    office.live(hours=3)
    assert len(office.runs()) == 2
    office.live(days=1)
    assert len(office.runs()) == 3


def test_a_clock_that_was_ahead_hushes_no_alert_for_a_year(
    serving: Callable[..., Serving], clock: SetClock, standin: StandIn
) -> None:
    """What was dated by it lies in the future for a year; the platforms' own clocks tell that it is right again."""
    office = serving("x")
    truth = clock.now()
    standin.world.now = lambda: truth + timedelta(seconds=clock.steady())
    alerts = office.application.alerts

    def causes() -> set[str]:
        return {one.cause.key.partition(":")[0] for one in alerts.list_standing()} - {"weekly", "semester"}

    clock.move_to(clock.now() + timedelta(days=365))
    office.live(days=1, hours=2)
    assert causes() == {"clock.drift", "backup.missing"}
    clock.move_to(clock.now() - timedelta(days=365))
    office.live(minutes=30)
    assert causes() == {"clock.behind"}

    office.live(days=1, hours=2)
    assert causes() == {"backup.missing"}
    clock.move_to(clock.now() - timedelta(days=365))
    office.live(days=1, hours=2)
    assert causes() == {"clock.behind"}


@pytest.mark.parametrize(("days", "waits"), [(3, True), (31, True), (400, False)])
def test_a_pause_is_waited_for_unless_a_wrong_clock_noted_it(
    serving: Callable[..., Serving], clock: SetClock, days: int, waits: bool
) -> None:
    """A platform's pause may be longer than the rule; one of more than a month was noted before the clock was set."""
    office = serving("x")
    until = clock.now() + timedelta(days=days)
    office.application.ledger.pause("x", str(office.account("x").id), until)
    office.application.plan.schedules.set_due({office.account("x").id: until})
    office.off(minutes=5)

    assert (office.account("x").due_at == until) is waits
    office.live(days=1, hours=2)
    assert office.runs()[1:] == ([] if waits else [("schedule", "x", "ok")])


@pytest.mark.parametrize("went_well", [True, False])
def test_only_who_was_tried_in_vain_is_hurried(
    serving: Callable[..., Serving], clock: SetClock, standin: StandIn, went_well: bool
) -> None:
    """The first night has a minute of its own: who went well and whose turn comes within the hour waits for it."""
    office = serving("x")
    if not went_well:
        standin.faults.append(Fault("", lambda asked, good: replace(good, status=500), times=None))
        office.application.plan.schedules.set_due({office.account("x").id: clock.now()})
        office.service.tick()
    soon = clock.now() + timedelta(minutes=20)
    office.application.plan.schedules.set_due({office.account("x").id: soon})
    assert soon < office.application.plan.next_due(office.account("x"), clock.now())

    office.application.plan.hurry()

    assert office.account("x").due_at == (soon if went_well else clock.now())


def test_a_clock_that_was_ahead_does_not_hush_an_account_that_fails_later(
    serving: Callable[..., Serving], clock: SetClock, standin: StandIn
) -> None:
    """Its last success lies in the future then; the account would fail unnoticed until that day."""
    office = serving("youtube")
    clock.move_to(clock.now() + timedelta(days=365))
    office.live(days=1)
    clock.move_to(clock.now() - timedelta(days=365))
    office.live(days=1)
    standin.faults.append(Fault("", lambda asked, good: replace(good, status=500), times=None))
    office.live(days=3)

    causes = {one.cause.key.partition(":")[0] for one in office.application.alerts.list_standing()}
    assert "collect.failed" in causes
    [summary] = office.application.queries.list_last_snapshots().values()
    assert summary.last_good_at < clock.now()


def test_what_was_answered_by_a_clock_that_was_ahead_is_asked_for_again(
    serving: Callable[..., Serving], clock: SetClock, standin: StandIn
) -> None:
    """Days that had not come were marked as answered; an outage on them would cost them for good."""
    office = serving("website")
    clock.move_to(clock.now() + timedelta(days=60))
    office.live(days=1)
    clock.move_to(clock.now() - timedelta(days=60))
    office.live(days=1)
    gone = clock.now().date()
    office.off(days=25)

    assignment = load_assignment(office.application.queries.list_snapshots()[-1].assignment)
    assert max(assignment.resume.values()) < gone
