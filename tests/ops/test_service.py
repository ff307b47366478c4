"""The service, tick by tick: what is due is collected once, a line that is gone is not hammered, faults end nothing."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

import pytest
from serving import Serving

from collector.clock import SetClock
from collector.demo.standin import Asked, Fault, StandIn, cut
from collector.errors import CollectorError, StoreError
from collector.ops.pulse import NAME
from collector.ops.rules import parse_rule
from collector.ops.service import Chore, Service
from collector.store.schedules import Scope

Start = Callable[..., Serving]


def asked(standin: StandIn, setting: str = "") -> list[Asked]:
    """List what a platform was asked."""
    return [one for one in standin.asked if setting in one.host]


def break_line(standin: StandIn) -> None:
    """Cut the line to every platform; requests are counted from here on."""
    standin.faults[:] = [Fault("", cut, times=None)]
    standin.asked.clear()


def mend_line(standin: StandIn) -> None:
    """Give the line back."""
    standin.faults.clear()


def test_each_account_is_collected_once_a_night(serving: Start) -> None:
    """New ones at once, then each at its own minute of the quiet hour, and at no other time."""
    office = serving("x", "tiktok")
    assert office.runs() == [("schedule", "tiktok", "ok"), ("schedule", "x", "ok")]

    office.live(days=2, every=600)

    assert [trigger for trigger, _, _ in office.runs()] == ["schedule"] * 6
    for platform in ("x", "tiktok"):
        _, *nights = office.moments(platform)
        assert [f"{night:%d}" for night in nights] == ["06", "07"]
        assert {(night - night.replace(hour=2, minute=30)) < timedelta(minutes=56) for night in nights} == {True}
    assert office.outages() == []


def test_who_is_paused_or_typed_or_not_due_is_left_alone(serving: Start, standin: StandIn) -> None:
    """And whoever is resumed comes back by itself."""
    office = serving("x")
    accounts = office.application.accounts
    accounts.set_state(office.account("x"), "paused")
    office.office.run(
        "record",
        "--platform",
        "youtube",
        "--account",
        "kpu",
        "--metric",
        "followers",
        "--value",
        "1",
        "--at",
        "2026-06",
    )
    standin.asked.clear()
    office.live(days=2)
    assert (len(office.runs()), len(standin.asked)) == (1, 0)

    accounts.set_state(office.account("x"), "active")
    office.live(minutes=30)
    assert office.runs()[1:] == [("catch-up", "x", "ok")]


def test_a_week_without_power_is_one_catching_up_and_one_outage(serving: Start, clock: SetClock) -> None:
    """Levels are taken once, every missed day is asked for; nobody has to remember what was missed."""
    office = serving("x", "youtube")
    last = clock.now()
    office.off(days=7)

    assert office.runs()[2:] == [("catch-up", "x", "ok"), ("catch-up", "youtube", "ok")]
    [outage] = office.outages()
    assert (outage.kind, outage.until - outage.since) == ("power", timedelta(days=7) - (last - last))
    assert office.office.rows("SELECT count(*) FROM runs WHERE trigger = 'catch-up'") == [(1,)]
    levels = office.office.readings("--platform", "youtube", "--metric", "followers")
    assert len(levels) == 2
    days = {one["at"] for one in office.office.readings("--platform", "youtube", "--metric", "views")}
    assert {f"2027-01-{day:02}" for day in range(3, 8)} <= days
    office.live(hours=2)
    assert len(office.runs()) == 4


def test_over_new_year_the_closed_semester_is_asked_for(serving: Start, clock: SetClock) -> None:
    """The computer is off from before Christmas until January: the months and the semester closed meanwhile."""
    clock.move_to(clock.now() - timedelta(days=16))  # 20 December
    office = serving("youtube")
    before = set(_closed(office))
    office.off(days=20)

    closed = set(_closed(office)) - before
    assert {"month 2026-12-01", "quarter 2026-10-01", "semester 2026-07-01", "year 2026-01-01"} & closed
    assert "month 2026-12-01" in closed
    assert office.runs()[1:] == [("catch-up", "youtube", "ok")]


def _closed(office: Serving) -> list[str]:
    from collector.store.records import from_day_number

    rows = office.office.rows("SELECT measure, first_day FROM coverage")
    return [f"{measure.rpartition(':')[2]} {from_day_number(first)}" for measure, first in rows]


def test_a_line_that_is_gone_is_tried_seldom_and_its_return_is_noticed_within_minutes(
    serving: Start, standin: StandIn, clock: SetClock
) -> None:
    """Not at the next night; and while it is gone one host is asked once, not six three times."""
    office = serving("website", "youtube")
    break_line(standin)
    due = min(office.account(platform).due_at for platform in ("website", "youtube"))
    office.live(hours=18, every=300)  # through the night
    assert {outcome for _, _, outcome in office.runs()[2:]} == {"failed"}
    assert office.office.rows("SELECT count(*) FROM runs") == [(2,)]
    assert len(standin.asked) < (clock.now() - due) / timedelta(minutes=5) + 8
    before = len(standin.asked)
    office.live(hours=3, every=30)
    assert len(standin.asked) - before == pytest.approx(3 * 60 / 5, abs=2)
    [outage] = office.outages()
    assert (outage.kind, outage.until) == ("line", None)
    assert timedelta(0) <= outage.since - due < timedelta(minutes=6)

    mend_line(standin)
    back = clock.now()
    office.live(minutes=6, every=30)

    assert sorted(office.runs()[-2:]) == [("catch-up", "website", "ok"), ("catch-up", "youtube", "ok")]
    assert office.moments("youtube")[-1] - back < timedelta(minutes=6)
    [outage] = office.outages()
    assert timedelta(0) <= outage.until - back < timedelta(minutes=6)
    office.live(hours=3)
    assert office.office.rows("SELECT count(*) FROM runs") == [(3,)]


def test_days_without_a_line_cost_no_day_that_can_still_be_had(serving: Start, standin: StandIn) -> None:
    """One outage, one catching up: the counts of the moment once, and every day between asked for."""
    office, days = serving("youtube"), 2
    break_line(standin)
    office.live(days=days)
    tried = len(standin.asked)
    mend_line(standin)
    office.live(minutes=30)

    assert tried < days * 24 * 12 + 10
    assert len(office.outages()) == 1
    assert [trigger for trigger, _, outcome in office.runs() if outcome == "ok"] == ["schedule", "catch-up"]
    assert len(office.office.readings("--platform", "youtube", "--metric", "followers")) == 2
    views = {one["at"]: one["value"] for one in office.office.readings("--platform", "youtube", "--metric", "views")}
    last = office.application.clock.now().date() - timedelta(days=5)  # the platform is that late
    assert {str(last - timedelta(days=day)) for day in range(days)} <= views.keys()


def test_one_platform_that_is_down_is_no_outage(serving: Start, standin: StandIn) -> None:
    """The others answer, so the line is there; the one is tried again with growing pauses."""
    office = serving("x", "tiktok")
    standin.faults.append(Fault("X_API_URL", cut, times=None))
    office.live(hours=28, every=300)

    assert office.outages() == []
    tries = [outcome for _, platform, outcome in office.runs() if platform == "x"]
    assert 10 < len(tries) < 40
    moments = office.moments("x")[1:]
    pauses = [(later - earlier) / timedelta(minutes=1) for earlier, later in pairwise(moments)]
    assert pauses[0] < 12
    assert max(pauses) < 75
    assert [platform for _, platform, outcome in office.runs() if outcome == "ok"].count("tiktok") == 2


def test_whoever_collects_by_hand_notes_the_outage_and_its_end_too(
    serving: Start, standin: StandIn, clock: SetClock
) -> None:
    """The facts do not depend on who asked; and the service goes on at once when a person found the line again."""
    office = serving("x")
    break_line(standin)
    office.office.collect(status=1)
    [outage] = office.outages()
    assert outage.until is None
    clock.sleep(60)
    office.service.tick()
    mend_line(standin)
    office.office.collect()

    [outage] = office.outages()
    assert outage.until is not None
    assert outage.until > outage.since
    office.service.tick()
    assert office.service.status().outage is None


def test_the_power_that_went_while_the_line_was_gone_is_not_counted_twice(serving: Start, standin: StandIn) -> None:
    """What the line was like while nobody looked is not known."""
    office = serving("x")
    break_line(standin)
    office.live(hours=20)
    office.off(days=2)
    office.live(minutes=10, every=60)
    mend_line(standin)
    office.live(minutes=10, every=60)

    kinds = [outage.kind for outage in office.outages()]
    assert kinds[:2] == ["line", "power"]
    spans = sorted((outage.since, outage.until) for outage in office.outages())
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


def test_a_wrong_setting_is_said_once_and_tried_again_after_an_hour(
    serving: Start, standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """It does not change every half minute, and must not keep the others from their turn."""
    office = serving("x", "tiktok")
    office.office.environment["X_YEARLY_CAP_USD"] = "lima"
    office.off(days=1)
    assert [platform for _, platform, _ in office.runs()[2:]] == ["tiktok"]
    warned = [one.getMessage() for one in caplog.records if "X_YEARLY_CAP_USD" in one.getMessage()]
    assert len(warned) == 1
    runs = office.office.rows("SELECT count(*) FROM runs")
    office.live(minutes=50, every=60)
    assert office.office.rows("SELECT count(*) FROM runs") == runs


def test_a_fault_of_the_store_is_one_sentence_and_the_next_tick_goes_on(
    serving: Start, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is emptied by somebody in the end; the service must still be there then."""
    office = serving("x")

    def fail(*words: object, **more: object) -> None:
        raise StoreError("Disk penuh.")

    with monkeypatch.context() as patch:
        patch.setattr(type(office.application.ledger), "begin_run", fail)
        office.live(hours=20)
    assert [one.getMessage() for one in caplog.records].count("run: Disk penuh.") == 1
    assert len(office.runs()) == 1

    office.live(minutes=10, every=300)
    assert len(office.runs()) == 2


def test_chores_are_done_once_a_day_after_the_nights_run_and_fail_by_themselves(
    serving: Start, standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """A backup that fails must not keep the others from being done, nor the accounts from being collected."""
    office = serving("x")
    done: list[str] = []

    def fail() -> None:
        done.append("fails")
        raise CollectorError("Stik USB tidak ada.")

    office.nightly = (Chore("backup", fail), Chore("second", lambda: done.append("second")))
    office.watch = lambda: done.append("watch")
    office.off(minutes=1)
    assert done == ["fails", "second", "watch"]  # by day nothing was due: the morning's turn

    done.clear()
    office.live(days=1, every=300)
    assert (done.count("fails"), done.count("second")) == (1, 1)
    assert done.count("watch") > 200
    assert "backup: Stik USB tidak ada." in [one.getMessage() for one in caplog.records]

    office.off(minutes=1)
    assert done.count("second") == 1  # it was done today
    break_line(standin)
    office.live(days=1)
    assert done.count("second") == 2  # without a run too


def test_the_status_says_how_the_service_is(serving: Start, clock: SetClock) -> None:
    """Whoever watches over it from outside asks this."""
    office = serving("x")
    status = office.service.status()

    assert (status.alive_since, status.is_running, status.outage) == (clock.now(), False, None)
    assert status.last_tick == status.alive_since
    assert status.next_due == office.account("x").due_at


def test_without_an_account_the_service_waits_for_one(
    serving: Start, standin: StandIn, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """It may be installed before anybody has keys; an account that is added later is collected within a minute."""
    office = serving("x")
    given = {name: office.office.environment.pop(name) for name in list(office.office.environment) if name[:2] == "X_"}
    office.office.environment["X_API_URL"] = given["X_API_URL"]
    office.application.accounts.set_state(office.account("x"), "removed")
    office.off(minutes=1)
    assert "Belum ada akun" in caplog.text
    office.live(minutes=5, every=60)
    assert len(office.runs()) == 1

    keys = tmp_path / "x.env"
    keys.write_text("".join(f"{name}='{value}'\n" for name, value in given.items()))
    office.office.run("accounts", "add", "x", "kpu_lain", "--keys", keys)
    office.live(minutes=1, every=30)
    assert [platform for _, platform, _ in office.runs()] == ["x", "x"]


def test_an_account_that_takes_the_process_down_waits_for_its_next_turn(serving: Start, standin: StandIn) -> None:
    """After three deaths in a row the others come first; at its own time it is tried again."""
    office = serving("x")
    office.live(hours=14)
    for death in range(4):
        started = office.application.clock.now()
        run = office.application.ledger.begin_run("test", "", "test", started)
        office.application.ledger.claim(run, office.account("x").id, "", f"{death}", started, started)
        due = office.account("x").due_at
        office.application.clock.sleep(60)
        assert office.application.collecting.recovery.recover() == 1
        again = office.account("x").due_at
        assert (again == started) is (death == 0)
        assert (again == due) is (death in (1, 3))
        assert (again > started) is (death in (2, 3))


def test_what_hangs_is_ended_and_what_it_was_answered_is_stored(
    serving: Start, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that does not answer for minutes must not hold up who switches the computer off."""
    office, asked_for, go_on = serving("youtube"), Event(), Event()

    def hang(question: Asked, good: object) -> object:
        asked_for.set()
        go_on.wait(30)
        return good

    standin.faults.append(Fault("YOUTUBE_ANALYTICS", hang, times=None))
    office.application.clock.sleep(86_400)
    monkeypatch.setattr("collector.ops.service.GRACE_SECONDS", 0.2)
    service: Service = office.service

    ended = service.run(lambda seconds: asked_for.wait(20))

    assert ended is False
    [(outcome, readings)] = office.office.rows("SELECT outcome, readings FROM snapshots ORDER BY id DESC LIMIT 1")
    assert (outcome, readings > 0) == ("interrupted", True)
    go_on.set()


def test_a_service_that_hangs_gives_no_sign_of_life(serving: Start, clock: SetClock) -> None:
    """Its process is there and its lock is held; only its silence tells that nothing is looked for any more."""
    office, hangs, go_on = serving("x"), Event(), Event()

    def hang() -> None:
        hangs.set()
        go_on.wait(30)

    office.service._watch = hang
    clock.sleep(300)  # the next look for alerts is due
    begun, waits = clock.now(), iter(range(480))  # of half a minute: four hours

    def wait(seconds: float) -> bool:
        clock.sleep(seconds)
        return next(waits, None) is None

    worker = Thread(target=office.service.tick)
    worker.start()
    assert hangs.wait(20)
    office.service._live(wait)
    go_on.set()
    worker.join()

    last = office.application.outages.find_beat(NAME)
    assert last is not None
    assert timedelta(minutes=59) < last - begun < timedelta(minutes=61)


def test_a_service_at_its_chores_is_not_silent_unless_it_hangs_in_them(serving: Start, clock: SetClock) -> None:
    """The backup of many offices takes an old computer more than five minutes, and nothing takes an hour."""
    office, silent = serving("x"), []

    def take_long() -> None:
        for seconds in (1800, 1801):
            clock.sleep(seconds)
            silent.append(office.service.status().silent)

    office.nightly = (Chore("backup", take_long),)
    office.off(days=1)

    assert silent == [timedelta(0), timedelta(seconds=3601)]
    assert office.service.status().silent == timedelta(seconds=3601)
    office.service.tick()
    assert office.service.status().silent == timedelta(0)


def test_who_is_asked_once_a_day_is_asked_once_also_where_the_computer_comes_on_before(
    serving: Start, clock: SetClock
) -> None:
    """On from nine to three, its turn at half past nine: what is not due yet must not be taken early and then again."""
    office = serving("website")
    office.application.plan.set_rule(Scope(), parse_rule("daily 09:30"))
    office.live(hours=5)
    for _ in range(3):
        office.off(hours=18)
        office.live(hours=6, every=600)

    assert [f"{moment:%d}" for moment in office.moments("website")] == ["05", "06", "07", "08"]


def test_a_computer_that_comes_on_waits_for_its_line_and_calls_that_no_outage(serving: Start, standin: StandIn) -> None:
    """The service is there before the network is, each morning: 120 outages in a semester that were none."""
    office = serving("website", "youtube")
    break_line(standin)
    office.off(hours=18)
    office.live(seconds=40, every=20)
    assert len(office.runs()) == 2
    mend_line(standin)
    office.live(seconds=60, every=30)

    assert [one.kind for one in office.outages()] == ["power"]
    assert {outcome for _, _, outcome in office.runs()} == {"ok"}
    assert len(office.runs()) == 4


def test_who_is_connected_during_a_run_is_collected_after_it(serving: Start, standin: StandIn) -> None:
    """Only who was tried in vain is left alone for an hour."""
    office = serving("website", "youtube")
    schedules, now = office.application.plan.schedules, office.application.clock.now()
    website, youtube = office.account("website").id, office.account("youtube").id
    schedules.set_due({website: now, youtube: now + timedelta(days=1)})

    def connect(question: Asked, good: object) -> object:
        schedules.set_due({youtube: now})
        return good

    standin.faults.append(Fault("", connect))
    office.live(minutes=2, every=30)

    assert [platform for _, platform, _ in office.runs()[2:]] == ["website", "youtube"]


def test_a_disk_that_is_full_is_not_filled_by_a_backup_every_half_minute(
    serving: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the chores were done cannot be written down then; they are tried once a day all the same."""
    office, done = serving("website"), []
    office.nightly = (Chore("backup", lambda: done.append("backup")),)
    office.off(minutes=1)

    def fail(*words: object) -> None:
        raise StoreError("Disk penuh.")

    done.clear()
    with monkeypatch.context() as patch:
        patch.setattr(type(office.application.outages), "beat", fail)
        office.service._do_chores(True)
        office.application.clock.sleep(86_400)
        for _ in range(3):
            office.service._do_chores(True)
    assert done == ["backup"]
