"""From a question to its kept answer: kept before it is read, tried again where that helps, obeying the platform."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import FOLLOWERS, VIEWS, Play, read_followers

from collector.clock import SetClock
from collector.collect import http
from collector.collect.fetch import retry_after
from collector.collect.run import Selection
from collector.demo.standin import Answered, Asked, Fault, StandIn, broken, cut, throttled, truncated
from collector.settings import Settings
from collector.store import schema
from collector.wiring import Application
from connectors.kit import (
    Assignment,
    Fetch,
    Limits,
    NotOfferedError,
    Observation,
    PlatformError,
    Request,
    UnreachableError,
)

GOOD = Answered({"followers": 1234})
Changes = Callable[[Asked, Answered], Answered]


def test_an_answer_is_committed_before_anyone_looks_into_it(toy: Play) -> None:
    """The promise of the whole product: what was answered is never lost to a fault of the reader."""

    def break_while_reading(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        node = fetch(Request("api", f"/{assignment.account.handle}"))
        kept = toy.application.queries.find_exchange(node.exchange.id)
        assert kept is not None
        assert kept.body == b'{"followers": 1234}'
        if assignment.account.handle == "rusak":
            raise RuntimeError("a fault in the reader")
        yield node["followers"].read(FOLLOWERS)

    toy.connector.script = break_while_reading
    toy.answer(".*", GOOD)
    toy.add("rusak")
    toy.add("utuh")

    outcomes = toy.collect()

    assert outcomes["rusak"].result == "failed"
    assert outcomes["rusak"].problem.code == "unforeseen"
    assert outcomes["rusak"].problem.message == "RuntimeError: a fault in the reader"
    assert outcomes["utuh"].result == "ok"
    assert [row["body"] is not None for row in toy.rows(schema.exchanges)] == [True, True]


def test_what_was_read_before_a_fault_of_the_reader_is_stored(toy: Play) -> None:
    """A fault costs what comes after it, nothing that came before."""

    def break_later(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        yield from read_followers(assignment, fetch)
        raise ZeroDivisionError

    toy.connector.script = break_later
    toy.answer("/kantor", GOOD)
    toy.add("kantor")

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.readings, outcome.problem.code) == ("partial", 1, "unforeseen")
    assert [row["value"] for row in toy.rows(schema.readings)] == [1234]


@pytest.mark.parametrize(
    "change",
    [broken(503), broken(200), truncated, cut, lambda asked, good: Answered(b"", 200)],
    ids=["5xx", "HTML with a good status", "JSON cut in the middle", "line cut", "empty"],
)
def test_what_is_passing_is_asked_again_after_a_pause(toy: Play, clock: SetClock, change: Changes) -> None:
    """The line of such an office drops often: one bad try must not cost the day's figure."""
    toy.answer("/kantor", GOOD)
    toy.standin.faults.insert(0, Fault("/kantor", lambda asked, good: change(asked, GOOD), times=1))
    toy.add("kantor")
    began = clock.now()

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.requests, outcome.readings) == ("ok", 2, 1)
    assert timedelta(seconds=1) <= clock.now() - began <= timedelta(seconds=2)
    assert [(row["step"], row["attempt"]) for row in toy.rows(schema.exchanges)] == [(1, 1), (1, 2)]


def test_pauses_grow_and_the_third_try_is_the_last(toy: Play, clock: SetClock) -> None:
    """A platform that is down is not hammered, and a thread is not held for long."""
    toy.answer("/kantor", broken(503)(None, GOOD))
    toy.add("kantor")
    began = clock.now()

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.requests, outcome.problem.code) == ("failed", 3, "unreachable")
    assert timedelta(seconds=1 + 4) <= clock.now() - began <= timedelta(seconds=2 + 5)


def test_an_answer_that_stays_garbled_is_kept_and_reported(toy: Play) -> None:
    """A login page of the office's Wi-Fi says nothing of the account; it is kept for who has to find out."""
    toy.answer("/kantor", Answered("<html>portal</html>"))
    account = toy.add("kantor")

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.requests, outcome.problem.code) == ("failed", 3, "shape")
    assert toy.application.accounts.get(account.id).state == "active"
    assert {row["status"] for row in toy.rows(schema.exchanges)} == {200}


def test_tries_without_an_answer_are_kept_with_status_0(toy: Play) -> None:
    """When the line was dead has to be seen later: such a day is a gap with a reason."""
    toy.answer("/kantor", Answered(None, drop=True))
    account = toy.add("kantor")

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.problem.code) == ("failed", "unreachable")
    kept = [(row["attempt"], row["status"], row["body"]) for row in toy.rows(schema.exchanges)]
    assert kept == [(1, 0, None), (2, 0, None), (3, 0, None)]
    assert all(row["error"].endswith(": the line was cut") for row in toy.rows(schema.exchanges))
    assert toy.application.accounts.get(account.id).state == "active"


def test_after_a_dead_line_the_account_is_due_soon_and_then_ever_later(toy: Play, clock: SetClock) -> None:
    """The line comes back within the day, and a total that is not had today can never be had later."""
    toy.answer("/kantor", Answered(None, drop=True))
    account = toy.add("kantor")
    pauses = []

    for _ in range(8):
        outcome = toy.collect()["kantor"]
        pauses.append((outcome.due_at - clock.now()) / timedelta(minutes=1))
        assert toy.application.accounts.get(account.id).due_at == outcome.due_at
        clock.move_to(outcome.due_at)

    assert pauses[0] == 5
    assert all(earlier <= later < earlier * 2.1 for earlier, later in pairwise(pauses))
    assert pauses[-1] == 60


def test_once_it_went_well_the_pauses_begin_anew(toy: Play, clock: SetClock) -> None:
    """A line that drops now and then must not be left alone for longer each time."""
    toy.answer("/kantor", Answered(None, drop=True))
    toy.add("kantor")
    toy.collect()
    clock.sleep(7200)
    assert toy.collect()["kantor"].due_at == clock.now() + timedelta(hours=1)
    toy.answer("/kantor", Answered({"followers": 1}))
    toy.collect()
    toy.answer("/kantor", Answered(None, drop=True))

    assert toy.collect()["kantor"].due_at == clock.now() + timedelta(minutes=5)


def test_an_answer_that_is_too_large_is_not_kept(toy: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would fill the disk as well as the memory."""
    monkeypatch.setattr(http, "_LARGEST_ANSWER", 100)
    toy.answer("/kantor", Answered({"followers": 1, "padding": "x" * 100}))
    toy.add("kantor")

    assert toy.collect()["kantor"].problem.code == "unreachable"
    assert toy.rows(schema.bodies) == []
    assert all("larger than" in row["error"] for row in toy.rows(schema.exchanges))


# --- leaving a platform alone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [1, 30, 60])
def test_a_short_wait_in_seconds_is_waited(toy: Play, clock: SetClock, seconds: int) -> None:
    """Up to a minute is cheaper waited than begun anew."""
    toy.answer("/kantor", throttled(seconds)(None, GOOD), GOOD)
    toy.add("kantor")
    began = clock.now()

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.requests) == ("ok", 2)
    assert clock.now() - began == timedelta(seconds=seconds)


def test_a_wait_that_is_named_as_a_date_is_waited(toy: Play, clock: SetClock) -> None:
    """Retry-After may be an HTTP date (RFC 9110 §10.2.3)."""
    until = clock.now() + timedelta(seconds=45)
    toy.answer("/kantor", Answered({}, 429, {"Retry-After": format_datetime(until, usegmt=True)}), GOOD)
    toy.add("kantor")

    assert toy.collect()["kantor"].result == "ok"
    assert clock.now() == until


def test_a_long_wait_ends_the_snapshot_with_what_it_has(toy: Play, clock: SetClock) -> None:
    """Waiting an hour would hold a thread; the account is due at that moment instead."""

    def two_questions(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        yield from read_followers(assignment, fetch)
        yield fetch(Request("api", "/days"))["views"].read(VIEWS, on=assignment.window.last)

    toy.connector.script = two_questions
    toy.answer("/kantor", GOOD)
    toy.answer("/days", throttled(3600)(None, GOOD))
    account = toy.add("kantor")
    began = clock.now()

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.readings, outcome.problem.code) == ("partial", 1, "throttled")
    assert clock.now() == began
    assert outcome.due_at == began + timedelta(hours=1)
    assert toy.application.accounts.get(account.id).due_at == outcome.due_at
    assert len(toy.asked("/days")) == 1


def test_a_wait_without_a_time_is_a_quarter_of_an_hour(toy: Play, clock: SetClock) -> None:
    """Too soon again makes it worse; too late costs the day."""
    toy.answer("/kantor", Answered({}, 429))
    toy.add("kantor")

    assert toy.collect()["kantor"].due_at == clock.now() + timedelta(minutes=15)


def test_a_pause_is_respected_by_the_next_process(toy: Play, settings: Settings, clock: SetClock) -> None:
    """A person who runs the command again and again would otherwise end the office's quota for good."""
    toy.answer("/kantor", throttled(3600)(None, GOOD), GOOD)
    toy.add("kantor")
    until = toy.collect()["kantor"].due_at
    toy.application.close()
    asked_before = len(toy.asked())

    with Application.open(settings, clock=clock) as again:
        toy.application = again
        outcome = toy.collect()["kantor"]
        assert (outcome.result, outcome.problem.code, outcome.due_at) == ("failed", "throttled", until)
        assert outcome.requests == 0
        assert len(toy.asked()) == asked_before

        clock.move_to(until)
        assert toy.collect()["kantor"].result == "ok"


def test_a_pause_concerns_one_account_only(toy: Play) -> None:
    """Platforms count by account: one busy account must not stop the other thirteen of a province."""
    toy.answer("/satu", throttled(3600)(None, GOOD))
    toy.answer("/dua", GOOD)
    toy.add("satu")
    toy.add("dua")

    outcomes = toy.collect()

    assert (outcomes["satu"].result, outcomes["dua"].result) == ("failed", "ok")


def test_quota_headers_of_a_good_answer_close_the_gate_for_the_next_question(toy: Play, clock: SetClock) -> None:
    """The answer itself is good and read; only going on would be one question too many."""

    def two_questions(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        yield from read_followers(assignment, fetch)
        yield fetch(Request("api", "/more"))["followers"].read(FOLLOWERS)

    toy.connector.script = two_questions
    toy.connector.wants_pause = lambda exchange: exchange.now + timedelta(hours=2)
    toy.answer("/kantor", GOOD)
    toy.add("kantor")

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.readings, outcome.requests) == ("partial", 1, 1)
    assert outcome.due_at == clock.now() + timedelta(hours=2)


@given(st.one_of(st.text(max_size=40), st.integers().map(str), st.sampled_from(["²", "١٢", "-5", "1e3", "0x10"])))
def test_no_retry_after_whatever_breaks_a_snapshot(value: str) -> None:
    """It is text from outside: it is read or it is not, and it never closes the gate for years."""
    now = datetime(2026, 11, 20, tzinfo=UTC)

    named = retry_after({"retry-after": value}, now)

    assert named is None or named <= now + timedelta(days=7)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta()),
        ("604799", timedelta(seconds=604_799)),
        ("604801", timedelta(days=7)),
        ("99999999999", timedelta(days=7)),
        ("Sat, 01 Jan 2050 00:00:00 GMT", timedelta(days=7)),
        ("Fri, 20 Nov 2026 00:00:07 GMT", timedelta(seconds=7)),
        ("Thu, 19 Nov 2026 23:59:00 GMT", timedelta(minutes=-1)),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, expected: timedelta | None) -> None:
    """Seconds or a date; a slip of the platform's must not close the gate for years."""
    now = datetime(2026, 11, 20, tzinfo=UTC)

    named = retry_after({"retry-after": value}, now)

    assert named == (now + expected if expected is not None else None)


# --- pace, time and money -------------------------------------------------------------------------------------------


def test_questions_keep_the_platforms_pace(toy: Play, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking faster than a platform allows ends in its refusal for everyone behind that line."""
    monkeypatch.setattr(toy.connector, "limits", Limits(per_second=2, burst=3))
    toy.answer("/kantor", GOOD)
    fetcher = toy.fetcher()
    began = clock.now()

    for _ in range(7):
        fetcher.collect(Request("api", "/kantor"))

    assert clock.now() - began == timedelta(seconds=2)  # three at once, then one each half second


def test_a_snapshot_ends_after_its_longest_time_and_keeps_what_it_has(toy: Play, clock: SetClock) -> None:
    """A platform that answers slowly for ever must not hold a thread; the next snapshot goes on."""

    def ask_for_long(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        for _ in range(10):
            yield fetch(Request("api", "/kantor"))["followers"].read(FOLLOWERS)

    def slowly(asked: Asked) -> Answered:
        clock.sleep(6 * 60)
        return GOOD

    toy.connector.script = ask_for_long
    toy.answer("/kantor", slowly)
    toy.add("kantor")

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.problem.code, outcome.requests) == ("partial", "ended", 3)
    assert outcome.due_at == clock.now() + timedelta(minutes=5)


def test_a_question_that_would_cost_too_much_is_not_asked(toy: Play) -> None:
    """The office has no budget: what a year may cost is a promise."""
    toy.answer("/.*", GOOD)
    fetcher = toy.fetcher()
    fetcher.allow(25)

    fetcher.collect(Request("api", "/a", cost=10))
    fetcher.collect(Request("api", "/b", cost=10))
    with pytest.raises(Exception, match="cost more") as raised:
        fetcher.collect(Request("api", "/c", cost=10))
    fetcher.collect(Request("api", "/d", cost=5))

    assert raised.value.code == "not_offered.budget"
    assert [asked.path for asked in toy.asked()] == ["/a", "/b", "/d"]
    assert fetcher.spent == 25


def test_refused_questions_are_free(toy: Play) -> None:
    """Platforms that charge do so for what they give; counting refusals would stop the office early."""
    toy.answer("/kantor", Answered({}, 503), Answered({}, 503), Answered({"followers": 1}))
    fetcher = toy.fetcher()
    fetcher.allow(10)

    fetcher.collect(Request("api", "/kantor", cost=10))

    assert fetcher.spent == 10
    assert [row["cost"] for row in toy.rows(schema.exchanges)] == [0, 0, 10]


@pytest.mark.parametrize("lost", [Answered(None, drop=True), Answered(b"<html>half a pa")], ids=["cut", "garbled"])
def test_an_answer_that_was_lost_may_have_cost(toy: Play, lost: Answered) -> None:
    """The platform gave it, whether or not it came whole. The same question asked again is charged for once."""
    toy.answer("/kantor", lost)
    toy.answer("/later", lost, lost, Answered({"followers": 1}))
    fetcher = toy.fetcher()
    fetcher.allow(20)

    with pytest.raises(PlatformError):
        fetcher.collect(Request("api", "/kantor", cost=10))
    fetcher.collect(Request("api", "/later", cost=10))

    assert fetcher.spent == 20
    costs = [row["cost"] for row in toy.rows(schema.exchanges)]
    assert (sum(costs[:3]), costs[3:]) == (10, [0, 0, 10])


def test_a_question_that_never_left_costs_nothing(toy: Play) -> None:
    """An office whose line is down for weeks must not find its year's money gone."""
    fetcher = toy.fetcher()
    toy.application.settings.values["X_API_URL"] = "http://127.0.0.1:9"  # nobody listens there

    with pytest.raises(UnreachableError):
        fetcher.collect(Request("api", "/kantor", cost=10))

    assert fetcher.spent == 0


def test_what_came_sets_the_price(toy: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list is paid by its length: the highest price is set aside before, and what is left of it is given back."""
    monkeypatch.setattr(type(toy.connector), "charge", lambda self, exchange: len(exchange.json()["data"]))
    toy.answer("/a", Answered({"data": [1, 2, 3]}))
    fetcher = toy.fetcher()
    fetcher.allow(12)

    fetcher.collect(Request("api", "/a", cost=10))
    fetcher.collect(Request("api", "/a", cost=9))

    assert fetcher.spent == 6
    assert [row["cost"] for row in toy.rows(schema.exchanges)] == [3, 3]
    with pytest.raises(NotOfferedError):
        fetcher.collect(Request("api", "/a", cost=7))


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_an_exchange_is_kept_with_all_that_proves_it_and_no_more(toy: Play, clock: SetClock) -> None:
    """Evidence: what was asked, when, what came. Cookies and the like are nobody's business."""
    headers = {
        "X-App-Usage": '{"call_count":3}', "X-Rate-Limit-Remaining": "7", "Retry-After": "0",
        "Set-Cookie": "session=abcdef", "ETag": "q", "X-Tt-Logid": "L1",
    }  # fmt: skip
    toy.answer("/kantor", Answered({"followers": 5}, 200, headers))
    fetcher = toy.fetcher()

    node = fetcher.collect(Request("api", "/kantor", {"fields": "a,b"}, cost=3))

    [row] = toy.rows(schema.exchanges)
    kept = toy.application.queries.find_exchange(node.exchange.id)
    assert kept.request == (
        '{"api": "api", "method": "GET", "path": "/kantor", "params": {"fields": "a,b"}, "cost": 3}'
    )
    assert (kept.status, kept.sent_at, kept.body) == (200, clock.now(), b'{"followers": 5}')
    assert (row["step"], row["attempt"], row["platform"], row["cost"]) == (1, 1, "toy", 3)
    assert set(node.exchange.headers) == {
        "content-type", "date", "x-app-usage", "x-rate-limit-remaining", "retry-after", "x-tt-logid",
    }  # fmt: skip
    assert "abcdef" not in row["headers"]


def test_questions_besides_the_collecting_are_kept_apart(toy: Play) -> None:
    """Reading the answers again needs only those of the collecting; step 0 says which are not."""
    toy.answer("/kantor", GOOD)
    fetcher = toy.fetcher()

    fetcher.check(Request("api", "/kantor"))
    fetcher.collect(Request("api", "/kantor"))

    assert [row["step"] for row in toy.rows(schema.exchanges)] == [0, 1]


def test_each_exchange_renews_the_lease(toy: Play, clock: SetClock) -> None:
    """A slow snapshot that lives must not be taken for a dead one."""
    leases: list[int] = []

    def watch(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        for _ in range(2):
            clock.sleep(300)
            yield fetch(Request("api", "/kantor"))["followers"].read(FOLLOWERS)
            leases.append(toy.application.queries.list_open_snapshots()[0].lease_until - clock.now())

    toy.connector.script = watch
    toy.answer("/kantor", GOOD)
    toy.add("kantor")
    toy.collect()

    assert leases == [timedelta(minutes=10)] * 2


def test_a_dead_network_stores_failed_tries_and_nothing_else(
    application: Application, standin: StandIn, rows: Callable[..., list[dict]]
) -> None:
    """All six real platforms: no reading, no gap, no post, no sign-in is made of silence, and nobody is blamed."""
    standin.stop()

    result = application.collecting.run("test", Selection())

    assert {outcome.platform: outcome.result for outcome in result.outcomes} == dict.fromkeys(
        ("facebook", "instagram", "tiktok", "website", "x", "youtube"), "failed"
    )
    assert {outcome.problem.code for outcome in result.outcomes} == {"unreachable"}
    assert not any(outcome.gaps for outcome in result.outcomes)
    exchanges = rows(schema.exchanges)
    assert len(exchanges) == 6 * 3 + 3  # a silent website is a fact of its own: its visits are counted elsewhere
    assert {(row["status"], row["body"]) for row in exchanges} == {(0, None)}
    for table in (schema.readings, schema.gaps, schema.posts, schema.coverage, schema.bodies, schema.credentials):
        assert rows(table) == [], table.name
    assert {account.state for account in application.queries.list_accounts()} == {"active"}
