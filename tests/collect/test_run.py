"""The one path of every collection: who is meant, one snapshot each, and one account's trouble never another's."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from toy import FOLLOWERS, Play, read_followers

from collector import language
from collector.clock import SetClock
from collector.collect.outcome import Outcome, Problem, plain_gap
from collector.collect.run import Selection
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.errors import SelectionError, StoreError
from collector.growth.periods import parse_period
from collector.ops.plan import SPREAD
from collector.platforms import get_connector
from collector.settings import load
from collector.store import schema
from collector.wiring import PROGRAM, Application
from connectors.kit import Assignment, Fetch, Gap, Moment, Observation, Profile, Reason, Request

Rows = Callable[..., list[dict[str, Any]]]
GOOD = Answered({"followers": 1234})
SIX = ("facebook", "instagram", "tiktok", "website", "x", "youtube")


def test_each_account_gets_one_snapshot_and_its_figures(application: Application, rows: Rows, early: SetClock) -> None:
    """The first thing that must work end to end: six platforms, one command."""
    result = application.collecting.run("by hand", Selection(), by="Ibu Sari")

    assert [outcome.platform for outcome in result.outcomes] == list(SIX)
    assert {outcome.result for outcome in result.outcomes} == {"ok"}
    assert not any(outcome.is_failure for outcome in result.outcomes)
    assert len(rows(schema.snapshots)) == 6
    assert {row["run_id"] for row in rows(schema.snapshots)} == {result.run_id}
    [run] = rows(schema.runs)
    assert (run["trigger"], run["by"], run["program"]) == ("by hand", "Ibu Sari", PROGRAM)
    assert run["finished_at"] is not None
    for outcome, snapshot in zip(result.outcomes, sorted(rows(schema.snapshots), key=_platform(application)),
                                 strict=True):  # fmt: skip
        assert (snapshot["readings"], snapshot["outcome"]) == (outcome.readings, "ok")
        assert snapshot["requests"] >= outcome.requests  # signing in is kept as well
        assert outcome.readings > 0
    followers = [row for row in rows(schema.series) if row["measure"] == "followers:account:now"]
    assert len(followers) == 5  # a website has none


def _platform(application: Application) -> Callable[[dict[str, Any]], str]:
    names = {account.id: account.platform for account in application.queries.list_accounts()}
    return lambda row: names[row["account_id"]]


def test_run_again_at_once_it_adds_the_new_levels_and_doubles_nothing(
    application: Application, rows: Rows, early: SetClock
) -> None:
    """A person presses the button twice; a semester's sum must not grow by it."""
    application.collecting.run("test", Selection())
    before = {(row["series_id"], row["at"]): row["value"] for row in rows(schema.readings)}
    posts = len(rows(schema.posts))
    early.sleep(5)

    result = application.collecting.run("test", Selection())

    after = {(row["series_id"], row["at"]): row["value"] for row in rows(schema.readings)}
    series = {row["id"]: row["measure"] for row in rows(schema.series)}
    assert {key: after[key] for key in before} == before
    assert {series[key[0]].endswith(":now") for key in after.keys() - before.keys()} == {True}
    assert sum(outcome.readings for outcome in result.outcomes) == len(after) - len(before)
    assert len(rows(schema.posts)) == posts
    assert rows(schema.replaced) == []


def test_the_next_time_is_the_next_quiet_hour_of_the_office(application: Application) -> None:
    """Half past two in the night, by the office's own clock."""
    result = application.collecting.run("test", Selection(platforms=("x", "tiktok")))

    night = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)  # 02:30 WIB on the next day
    dues = {outcome.due_at for outcome in result.outcomes}
    assert all(night <= due < night + SPREAD for due in dues)
    assert len(dues) == 2  # each has its own minute
    assert {one.due_at for one in application.queries.list_accounts() if one.external_id} == dues


def test_progress_is_told_at_the_start_and_for_each_account(application: Application) -> None:
    """A terminal shows how far it is."""
    told: list[tuple[int, str | None]] = []

    application.collecting.run(
        "test", Selection(platforms=("x", "tiktok")),
        progress=lambda total, outcome: told.append((total, outcome.platform if outcome else None)),
    )  # fmt: skip

    assert told[0] == (2, None)
    assert sorted(told[1:]) == [(2, "tiktok"), (2, "x")]


def test_an_ended_sign_in_marks_its_account_and_the_others_are_collected(
    application: Application, standin: StandIn, early: SetClock
) -> None:
    """What the issue asks to be seen; the account is good again once it works again."""
    standin.contracts["facebook"].expired = True

    outcomes = {one.platform: one for one in application.collecting.run("test", Selection()).outcomes}

    assert {platform for platform, one in outcomes.items() if one.result != "ok"} == {"facebook"}
    assert outcomes["facebook"].is_failure
    assert outcomes["facebook"].problem.hint
    states = {one.platform: (one.state, one.state_code) for one in application.queries.list_accounts()}
    assert states.pop("facebook") == ("reconnect", "access.expired")
    assert set(states.values()) == {("active", "")}

    standin.contracts["facebook"].expired = False
    application.collecting.run("test", Selection(platforms=("facebook",)))
    assert {(one.state, one.state_code) for one in application.queries.list_accounts()} == {("active", "")}


@pytest.mark.parametrize(
    "answer", [Answered({}, 429), Answered(None, drop=True), Answered("<html>"), Answered({}, 503)]
)
def test_nothing_but_a_good_snapshot_unmarks_an_account(toy: Play, answer: Answered) -> None:
    """A line that drops says nothing about a sign-in: the mark stays until it is known to work."""
    toy.answer("/kantor", Answered({}, 401), answer)
    toy.add("kantor")

    for _ in range(2):
        toy.collect()

    assert toy.application.queries.list_accounts()[0].state == "reconnect"


def test_a_refused_metric_of_facebook_costs_only_itself(application: Application, standin: StandIn, rows: Rows) -> None:
    """Both of Meta's platforms fail the whole call for one bad name."""
    standin.contracts["facebook"].retired = {"page_views_total"}

    [outcome] = application.collecting.run("test", Selection(platforms=("facebook",))).outcomes

    assert outcome.result == "ok"
    assert {(gap.measure.key, gap.reason) for gap in outcome.gaps} == {("profile_visits:account:day", Reason.RETIRED)}
    asked = sum("page_views_total" in one.query.get("metric", "") for one in standin.asked)
    application.collecting.run("test", Selection(platforms=("facebook",)))
    assert sum("page_views_total" in one.query.get("metric", "") for one in standin.asked) == asked
    assert len(rows(schema.dead_measures)) == 1


def test_at_most_eight_accounts_of_a_platform_are_asked_at_once(toy: Play) -> None:
    """More connections make the client slower, not faster, and no platform likes it."""
    at_once, most, lock, eight = 0, [0], threading.Lock(), threading.Event()

    def wait(asked: Asked) -> Answered:
        nonlocal at_once
        with lock:
            at_once += 1
            most.append(at_once)
            if at_once == 8:
                eight.set()
        assert eight.wait(10)
        with lock:
            at_once -= 1
        return GOOD

    toy.answer("/.*", wait)
    for number in range(20):
        toy.add(f"kantor{number}")

    outcomes = toy.collect()

    assert {outcome.result for outcome in outcomes.values()} == {"ok"}
    assert max(most) == 8


def test_ctrl_c_stores_what_was_read_and_asks_no_more(toy: Play) -> None:
    """A person who stops a run keeps what it has; no snapshot is left as if it were running."""
    stopping, seven, arrived = toy.application.shop.stopping, threading.Event(), []

    def two_questions(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        yield from read_followers(assignment, fetch)
        if assignment.account.handle != "cepat":
            fetch(Request("api", f"/{assignment.account.handle}/more"))

    def wait(asked: Asked) -> Answered:
        arrived.append(asked)
        if len(arrived) == 7:
            seven.set()
        assert stopping.wait(2)
        return GOOD

    def when_the_others_are_busy(asked: Asked) -> Answered:
        assert seven.wait(10)
        return GOOD

    def stop(total: int, outcome: Outcome | None) -> None:
        if outcome is not None:
            raise KeyboardInterrupt

    toy.connector.script = two_questions
    toy.answer("/lambat.*", wait)
    toy.answer("/cepat", when_the_others_are_busy)
    toy.add("cepat")
    for number in range(11):
        toy.add(f"lambat{number}")

    with pytest.raises(KeyboardInterrupt):
        toy.collect(progress=stop)

    snapshots = toy.rows(schema.snapshots)
    assert [row["outcome"] for row in snapshots if row["error_code"] is None] == ["ok"]
    begun = [(row["outcome"], row["error_code"], row["readings"]) for row in snapshots if row["error_code"]]
    assert len(begun) < 11  # the last ones were never begun
    assert begun.count(("partial", "ended", 1)) >= 7
    assert set(begun) <= {("partial", "ended", 1), ("failed", "ended", 0)}
    assert not [asked for asked in toy.asked() if asked.path.endswith("/more")]
    [link] = toy.rows(schema.digests)
    assert link["run_id"] == snapshots[0]["run_id"], "what it stored is vouched for from now on, and not a day later"
    assert toy.application.verifying.verify().damages == []


def test_a_check_that_is_broken_off_is_over(toy: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers are evidence of who the account was, and belong to the chain like those of any run."""
    toy.add("kantor")

    def stop(*given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(toy.connector, "profile", stop)

    with pytest.raises(KeyboardInterrupt):
        toy.application.collecting.check(Selection())

    assert [row["finished_at"] is not None for row in toy.rows(schema.runs)] == [True]
    assert len(toy.rows(schema.digests)) == 1


def test_a_database_that_cannot_be_written_ends_the_run(toy: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is nobody's account's fault: it is said once, and no more is asked."""
    toy.answer("/.*", GOOD)
    for number in range(3):
        toy.add(f"kantor{number}")

    def refuse(*given: Any, **more: Any) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(toy.application.ledger, "finish_snapshot", refuse)

    with pytest.raises(StoreError, match="the disk is full"):
        toy.collect()
    assert toy.application.shop.stopping.is_set()
    assert [row["finished_at"] for row in toy.rows(schema.runs)] == [None], "its snapshots are under way"
    monkeypatch.undo()
    toy.application.collecting.recovery.abandon()
    assert toy.application.verifying.verify().damages == []


# --- who is meant ---------------------------------------------------------------------------------------------------


@pytest.fixture
def offices(toy: Play) -> Play:
    """Two offices with two accounts each."""
    for slug, handles in (("pontianak", ("KPU_Pontianak", "kpu_arsip")), ("kayong", ("kpu_kayong", "KPU Arsip"))):
        toy.application.accounts.ensure_office(slug, f"KPU {slug}")
        for handle in handles:
            toy.add(handle, office=slug)
    toy.answer("/.*", GOOD)
    return toy


@pytest.mark.parametrize(
    ("selection", "meant"),
    [
        (Selection(), ["KPU Arsip", "kpu_kayong", "KPU_Pontianak", "kpu_arsip"]),
        (Selection(platforms=("toy",)), ["KPU Arsip", "kpu_kayong", "KPU_Pontianak", "kpu_arsip"]),
        (Selection(office="kayong"), ["KPU Arsip", "kpu_kayong"]),
        (Selection(handles=("@kpu_PONTIANAK",)), ["KPU_Pontianak"]),
        (Selection(handles=("kpu arsip",)), ["KPU Arsip"]),
        (Selection(handles=("KPUarsip", "kpu_arsip")), ["KPU Arsip", "kpu_arsip"]),
        (Selection(office="pontianak", handles=("kpu_arsip", "kpu_kayong")), ["kpu_arsip"]),
    ],
)
def test_a_selection_means_accounts_as_people_write_them(offices: Play, selection: Selection, meant: list[str]) -> None:
    """With or without @, spaces and capitals; of one office or of all."""
    outcomes = offices.application.collecting.run("test", selection).outcomes

    assert sorted(outcome.account for outcome in outcomes) == sorted(meant)


def test_a_selection_may_name_the_platforms_own_id(offices: Play) -> None:
    """It stands in the lists, so it can be copied from there; and the old spelling of a handle still means it."""
    offices.connector.profile = lambda account, fetch: Profile(f"id-{account.handle}", "baru_sekali")
    offices.application.collecting.run("test", Selection(handles=("kpu_kayong",)))

    for word in ("id-kpu_kayong", "kpu_kayong", "Baru_Sekali"):
        [outcome] = offices.application.collecting.run("test", Selection(handles=(word,))).outcomes
        assert outcome.account == "baru_sekali"


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(handles=("tidak_ada",)), "tidak_ada"),
        (Selection(platforms=("toy",), handles=("tidak_ada",)), "toy, tidak_ada"),
        (Selection(office="sambas"), "Kantor sambas tidak ada. Yang ada: pontianak, kayong."),
    ],
)
def test_a_selection_that_means_nobody_is_wrong_use(offices: Play, selection: Selection, said: str) -> None:
    """A typing error must not look like a run in which all went well."""
    with pytest.raises(SelectionError) as raised:
        offices.application.collecting.run("test", selection)

    assert said in str(raised.value)
    assert raised.value.exit_status == 2
    assert offices.asked() == []
    assert offices.rows(schema.runs) == []


def test_an_account_of_a_platform_that_is_not_installed_any_more_is_said_and_stops_nobody(offices: Play) -> None:
    """A version without a platform: its accounts fail, the commands still work, by handle too."""
    directory = offices.application.accounts.directory
    [office, _] = offices.application.queries.list_offices()
    directory.add_account(office.id, "friendster", "lama", "lama", offices.application.clock.now())

    outcomes = offices.collect()

    assert (outcomes["lama"].result, outcomes["lama"].problem.code) == ("failed", "no_connector")
    assert outcomes["kpu_kayong"].result == "ok"
    assert offices.collect("kpu_kayong")["kpu_kayong"].result == "ok"
    assert offices.collect("lama")["lama"].problem.code == "no_connector"


def test_paused_and_typed_accounts_are_left_out_and_said_so(toy: Play) -> None:
    """Neither is a failure: somebody wants it so."""
    toy.answer("/.*", GOOD)
    accounts = toy.application.accounts
    accounts.set_state(toy.add("dijeda"), "paused")
    accounts.ensure(accounts.get_office(None), toy.connector, "diketik")
    toy.add("tersambung")

    outcomes = toy.collect()

    assert {handle: (one.result, one.problem.code if one.problem else None) for handle, one in outcomes.items()} == {
        "dijeda": ("skipped", "paused"),
        "diketik": ("skipped", "not_connected"),
        "tersambung": ("ok", None),
    }
    assert not any(outcome.is_failure for outcome in outcomes.values())
    assert len(toy.asked("/dijeda")) == 0


def test_where_nobody_can_be_collected_the_way_out_is_said(toy: Play) -> None:
    """An empty home, and a home with typed figures only."""
    with pytest.raises(SelectionError, match=r"Belum ada akun\. Isi kunci platform di berkas \.env"):
        toy.collect()
    toy.application.accounts.ensure(toy.application.accounts.get_office(None), toy.connector, "diketik")
    with pytest.raises(SelectionError, match="1 akun hanya diisi manual atau dijeda"):
        toy.collect()
    language.use("en")
    with pytest.raises(SelectionError, match=r"No account is connected \(1 have typed figures only"):
        toy.collect()
    with pytest.raises(SelectionError, match="No connected account matches diketik"):
        toy.collect("diketik")


def test_settings_that_are_filled_in_half_fail_alone_and_name_what_is_missing(
    environment: dict[str, str], clock: SetClock
) -> None:
    """The office forgot one of three lines: it is told which, and the other platforms are collected."""
    del environment["TIKTOK_CLIENT_SECRET"], environment["TIKTOK_CLIENT_KEY"]
    environment["INSTAGRAM_LOGIN"] = "foo"

    with Application.open(load(environment), clock=clock) as application:
        outcomes = application.collecting.run("test", Selection(platforms=("tiktok", "instagram", "x"))).outcomes
        only = application.collecting.run("test", Selection(platforms=("tiktok",))).outcomes

    by_platform = {outcome.platform: outcome for outcome in outcomes}
    assert {platform: outcome.result for platform, outcome in by_platform.items()} == {
        "tiktok": "failed", "instagram": "failed", "x": "ok",
    }  # fmt: skip
    assert by_platform["tiktok"].problem == Problem(
        "setting", "Pengaturan TikTok belum lengkap: isi TIKTOK_CLIENT_KEY, TIKTOK_CLIENT_SECRET di berkas .env."
    )
    assert by_platform["instagram"].problem.message.startswith("Nilai INSTAGRAM_LOGIN belum benar. facebook bila ")
    assert [outcome.result for outcome in only] == ["failed"]


def test_another_platforms_half_settings_do_not_fail_a_named_account(
    environment: dict[str, str], clock: SetClock
) -> None:
    """Who asks for one account gets an answer about that one."""
    del environment["TIKTOK_CLIENT_SECRET"]
    environment |= {"TIKTOK_USERNAME": "kpu_lain"}

    with Application.open(load(environment), clock=clock) as application:
        application.collecting.run("test", Selection(platforms=("instagram", "x")))
        named = application.collecting.run("test", Selection(handles=("kpu_contoh",))).outcomes
        meant = application.collecting.run("test", Selection(handles=("@KPU_Lain",))).outcomes

    assert [(one.platform, one.result) for one in named] == [("instagram", "ok"), ("x", "ok")]
    assert [(one.platform, one.result) for one in meant] == [("tiktok", "failed")]


def test_an_address_that_is_wrong_fails_its_platform_with_one_sentence(
    environment: dict[str, str], clock: SetClock
) -> None:
    """A set-up fault of one platform, found when it is asked."""
    with Application.open(load({**environment, "X_API_URL": "http://platform.example"}), clock=clock) as application:
        [outcome] = application.collecting.run("test", Selection(platforms=("x",))).outcomes

    assert (outcome.result, outcome.problem.code) == ("failed", "setup")
    assert outcome.problem.message.startswith("X_API_URL belum benar")


# --- checking -------------------------------------------------------------------------------------------------------


def test_a_check_says_who_each_account_is_and_stores_no_figure(
    application: Application, standin: StandIn, rows: Rows
) -> None:
    """Asked before the first collection, it binds the accounts; nothing is counted yet."""
    standin.contracts["instagram"].expired = True

    checked = {one.platform: one for one in application.collecting.check(Selection())}

    assert {platform for platform, one in checked.items() if not one.ok} == {"instagram"}
    assert (checked["facebook"].account, checked["facebook"].message) == ("kpucontoh", "KPU Kabupaten Contoh")
    assert ". " in checked["instagram"].message
    assert rows(schema.readings) == []
    assert [(row["outcome"], row["cost"]) for row in rows(schema.snapshots)] == [("checked", 10_000)]  # where it costs
    assert application.queries.list_last_snapshots() == {}
    bound = {one.platform for one in application.queries.list_accounts() if one.external_id}
    assert bound == set(SIX) - {"instagram"}
    assert {row["trigger"] for row in rows(schema.runs)} == {"check"}


def test_a_check_says_what_is_wrong_with_the_settings(environment: dict[str, str], clock: SetClock) -> None:
    """The same sentences as a collection, without one."""
    del environment["TIKTOK_CLIENT_SECRET"]
    environment |= {"X_API_URL": "ftp://platform.example"}

    with Application.open(load(environment), clock=clock) as application:
        checked = application.collecting.check(Selection(platforms=("tiktok", "x")))

    assert [(one.platform, one.ok) for one in checked] == [("tiktok", False), ("x", False)]
    assert "TIKTOK_CLIENT_SECRET" in checked[0].message
    assert "X_API_URL" in checked[1].message


def test_a_check_of_a_known_account_changes_nothing(application: Application, rows: Rows) -> None:
    """It asks again, and leaves who it is to what is known."""
    application.collecting.check(Selection(platforms=("facebook",)))
    before = rows(schema.accounts)

    [checked] = application.collecting.check(Selection(platforms=("facebook",)))

    assert checked.ok
    assert rows(schema.accounts) == before


# --- outcomes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "problem", "is_failure"),
    [
        ("ok", None, False),
        ("partial", Problem("throttled", ""), True),
        ("failed", Problem("setup", ""), True),
        ("skipped", Problem("paused", ""), False),
        ("skipped", Problem("not_connected", ""), False),
        ("skipped", Problem("busy", ""), True),
    ],
)
def test_a_failure_is_when_the_person_did_not_get_what_was_asked(
    result: str, problem: Problem | None, is_failure: bool
) -> None:
    """The exit status hangs on it: 1 where any account failed."""
    assert Outcome("o", "toy", "a", result, problem=problem).is_failure is is_failure


def test_problems_are_told_in_both_languages() -> None:
    """Staff read them."""
    both = {}
    for word in ("id", "en"):
        language.use(word)
        both[word] = [Problem.busy().message, Problem.busy().hint, Problem.paused().message,
                      Problem.not_connected().message]  # fmt: skip

    assert all(first != second for first, second in zip(both["id"], both["en"], strict=True))


def test_a_gap_is_told_as_plain_values_with_its_reason(clock: SetClock) -> None:
    """What `--json` prints."""
    gap = Gap(FOLLOWERS, Reason.BUDGET, Moment(clock.now()), None, note="X says no")

    assert plain_gap(gap) == {
        "metric": "followers", "measure": "followers:account:now", "about": "", "reason": "budget",
        "message": "melewati batas biaya", "note": "X says no",
    }  # fmt: skip


# --- a named period -------------------------------------------------------------------------------------------------


def test_a_named_period_is_asked_for_anew(application: Application, standin: StandIn, rows: Rows) -> None:
    """Before a report, its own days are read once more: what the platform revised since is taken over."""
    application.collecting.run("test", Selection(platforms=("facebook",)))
    standin.asked.clear()
    standin.faults.append(Fault("/insights", _more_views, times=None))

    [outcome] = application.collecting.run(
        "test", Selection(platforms=("facebook",)), period=parse_period("2026-10")
    ).outcomes  # fmt: skip

    days = [one.query for one in standin.asked if one.query.get("since") and "page_fans" not in one.query["metric"]]
    assert min(query["since"] for query in days) == "2026-10-01"
    assert outcome.revised == 31
    assert len(rows(schema.replaced)) == 31


def _more_views(asked: Asked, good: Answered) -> Answered:
    """Add one to each day's value of the first metric of October."""
    if asked.query.get("since") == "2026-10-01" and isinstance(good.body, dict):
        for point in good.body["data"][0]["values"]:
            point["value"] += 1 if point["end_time"] < "2026-11-02" else 0  # the end of the last day of October
    return good


def test_connectors_are_found_by_the_accounts_platform() -> None:
    """What every snapshot begins with."""
    assert get_connector("x").name == "X"
