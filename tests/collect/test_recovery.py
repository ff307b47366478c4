"""After a crash: what was answered is read, nothing is lost, nothing is doubled, and nobody alive is disturbed."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from toy import FOLLOWERS, Play, read_followers, rows_of

from collector import platforms
from collector.clock import SetClock
from collector.collect.recovery import read_again
from collector.collect.run import Selection
from collector.demo.standin import Answered, Asked
from collector.errors import StoreError
from collector.settings import Settings
from collector.store import schema
from collector.store.readings import at_of
from collector.wiring import Application
from connectors.kit import Assignment, Fetch, Observation, Reading, Request


class KilledError(BaseException):
    """Stands for the end of a process: nothing in the program may catch it."""


def kill_after(application: Application, answers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process die when it has had so many answers, before it can look into the last one."""
    send, had = application.http.send, []
    keep = application.ledger.keep_exchange

    def count(slug: str, prepared: Any) -> Any:
        had.append(slug)
        return send(slug, prepared)

    def keep_and_die(*kept: Any) -> int:
        number = keep(*kept)
        if len(had) >= answers:
            raise KilledError
        return number

    monkeypatch.setattr(application.http, "send", count)
    monkeypatch.setattr(application.ledger, "keep_exchange", keep_and_die)


EVERYTHING = Selection()


def die(settings: Settings, clock: SetClock, answers: int, selection: Selection = EVERYTHING) -> None:
    """Run a collection in a process that dies in the middle of it."""
    with pytest.MonkeyPatch.context() as patch, Application.open(settings, clock=clock) as application:
        kill_after(application, answers, patch)
        with pytest.raises(KilledError):
            application.collecting.run("test", selection)


def figures(application: Application, *, of_days: bool) -> dict[tuple[Any, ...], int]:
    """Return the readings with a span (or of the moment) by what they are of."""
    series = {row["id"]: row for row in rows_of(application, schema.series)}
    return {
        (series[row["series_id"]]["measure"], series[row["series_id"]]["about"], row["at"]): row["value"]
        for row in rows_of(application, schema.readings)
        if series[row["series_id"]]["measure"].endswith(":now") != of_days
    }


@pytest.mark.parametrize(("platform", "answers"), [("facebook", 4), ("youtube", 7), ("website", 8)])
def test_what_a_dead_process_was_answered_is_read_and_nothing_is_doubled(
    settings: Settings, early: SetClock, tmp_path: Path, platform: str, answers: int
) -> None:
    """A home that lost its power in the middle ends with the same days as one that did not."""
    selection = Selection(platforms=(platform,))
    die(settings, early, answers, selection)

    with Application.open(settings, clock=early) as application:
        assert rows_of(application, schema.readings) == []
        assert {row["read_at"] for row in rows_of(application, schema.exchanges)} == {None}

        result = application.collecting.run("test", selection)

        assert (result.recovered, result.outcomes[0].result) == (1, "ok")
        first, second = rows_of(application, schema.snapshots)
        assert (first["outcome"], first["error_code"], second["outcome"]) == ("interrupted", "interrupted", "ok")
        assert first["readings"] > 0
        assert first["error_message"].endswith("what had been answered was read afterwards")
        assert None not in {row["read_at"] for row in rows_of(application, schema.exchanges)}
        days = figures(application, of_days=True)
        assert application.queries.list_accounts()[0].state == "active"

    undisturbed = replace(settings, home=tmp_path / "second", database_url=f"sqlite:///{tmp_path}/second/collector.db")
    with Application.open(undisturbed, clock=early) as other:
        other.collecting.run("test", selection)
        assert figures(other, of_days=True) == days
        assert days


def test_everything_that_was_collected_reads_the_same_again(
    application: Application, rows: Callable[..., list[dict[str, Any]]], early: SetClock
) -> None:
    """The proof that the store holds what its answers say: all six platforms, from the kept answers alone."""
    application.collecting.run("test", Selection())
    snapshots = application.queries.list_snapshots()
    assert len(snapshots) == 6

    places = {row["id"]: row["pointer"] for row in rows(schema.places)}
    stored = {(row["exchange_id"], places[row["place_id"]], row["value"], row["at"]) for row in rows(schema.readings)}
    replayed: list[Reading] = []
    for snapshot in snapshots:
        again = read_again(snapshot, application.queries)
        assert (again.error, again.ended) == (None, False)
        replayed += [one for one in again.observations if isinstance(one, Reading)]

    read = {(one.place.exchange, one.place.pointer, one.value, at_of(one.when)) for one in replayed}
    assert stored <= read
    assert len(stored) > 1000


@pytest.fixture
def crashed(toy: Play) -> Callable[..., None]:
    """Return a function that lets the toy's only account be collected by a process that dies while reading."""

    def crash(*, let_go: bool = True) -> None:
        def read_and_die(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
            yield from read_followers(assignment, fetch)
            raise KilledError

        toy.connector.script = read_and_die
        toy.answer("/kantor", Answered({"followers": 77}))
        toy.add("kantor")
        with pytest.raises(KilledError):
            toy.collect()
        if let_go:
            toy.application.close()
        toy.connector.script = read_followers

    return crash


@pytest.fixture
def again(settings: Settings, clock: SetClock, toy: Play) -> Callable[[], Application]:
    """Return a function that opens the home anew, as the next command does."""
    opened: list[Application] = []

    def open_again() -> Application:
        opened.append(Application.open(settings, clock=clock))
        toy.application = opened[-1]
        return opened[-1]

    yield open_again
    for one in opened:
        one.close()


def test_a_snapshot_of_a_dead_holder_is_ended_at_once(
    toy: Play, crashed: Callable[..., None], again: Callable[[], Application]
) -> None:
    """Nobody waits ten minutes for a lease when the lock file already says it."""
    crashed()
    next_process = again()

    assert next_process.collecting.recovery.recover() == 1

    [row] = rows_of(next_process, schema.readings)
    assert row["value"] == 77
    assert next_process.collecting.recovery.recover() == 0
    assert toy.collect()["kantor"].result == "ok"


def test_a_snapshot_of_a_living_process_is_left_alone(
    toy: Play, crashed: Callable[..., None], again: Callable[[], Application]
) -> None:
    """A person who runs the command while the schedule collects must not end what is under way."""
    crashed(let_go=False)
    living = toy.application
    next_process = again()

    assert next_process.collecting.recovery.recover() == 0
    assert toy.collect()["kantor"].problem.code == "busy"

    living.close()
    assert next_process.collecting.recovery.recover() == 1


def test_a_process_does_not_end_its_own_snapshots(toy: Play, crashed: Callable[..., None], clock: SetClock) -> None:
    """They may be long, and another thread of the server begins the next run meanwhile."""
    crashed(let_go=False)
    clock.sleep(3600)

    assert toy.application.collecting.recovery.recover() == 0


def test_a_lease_that_ran_out_ends_a_snapshot_whoever_holds_it(
    toy: Play, crashed: Callable[..., None], again: Callable[[], Application], clock: SetClock
) -> None:
    """Of a holder on another machine nothing else can be known."""
    crashed(let_go=False)
    next_process = again()

    clock.sleep(10 * 60)
    assert next_process.collecting.recovery.recover() == 0
    clock.sleep(1)
    assert next_process.collecting.recovery.recover() == 1
    assert [row["value"] for row in rows_of(next_process, schema.readings)] == [77]


def test_answers_of_another_connector_are_not_misread(
    toy: Play, crashed: Callable[..., None], again: Callable[[], Application]
) -> None:
    """After an update the program may ask otherwise: an answer to another question is no answer."""
    crashed()
    next_process = again()
    toy.connector.script = lambda assignment, fetch: iter(
        [fetch(Request("api", "/kantor", {"fields": "all"}))["followers"].read(FOLLOWERS)]
    )

    assert next_process.collecting.recovery.recover() == 1

    assert rows_of(next_process, schema.readings) == []
    [row] = rows_of(next_process, schema.snapshots)
    assert row["outcome"] == "interrupted"
    assert "cannot be read again: asked " in row["error_message"]
    assert toy.collect()["kantor"].result == "ok"


def test_a_reader_that_fails_on_a_kept_answer_does_not_end_every_later_run(
    toy: Play, crashed: Callable[..., None], again: Callable[[], Application]
) -> None:
    """The very answer that breaks a reader may be the last before a crash: collecting must go on."""
    crashed()
    next_process = again()

    def fail(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        yield from read_followers(assignment, fetch)
        if assignment.account.id is not None:
            toy.connector.script = read_followers
            raise TypeError("an unforeseen answer")

    toy.connector.script = fail

    assert toy.collect()["kantor"].result == "ok"
    first = rows_of(next_process, schema.snapshots)[0]
    assert first["outcome"] == "interrupted"
    assert "an unforeseen answer" in first["error_message"]


def test_a_database_in_trouble_ends_no_snapshot_without_its_figures(
    crashed: Callable[..., None], again: Callable[[], Application]
) -> None:
    """What could not be looked at now is looked at the next time."""
    crashed()
    next_process = again()

    def refuse(snapshot_id: int) -> None:
        raise StoreError("the disk is gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(next_process.queries, "list_exchanges", refuse)
        with pytest.raises(StoreError):
            next_process.collecting.recovery.recover()

    assert next_process.collecting.recovery.recover() == 1
    assert [row["value"] for row in rows_of(next_process, schema.readings)] == [77]


def test_a_snapshot_that_died_before_it_knew_what_to_do_is_ended(toy: Play, again: Callable[[], Application]) -> None:
    """It may die while still asking who the account is: there is nothing to read then."""

    def die_while_asking(account: Any, fetch: Fetch) -> Any:
        raise KilledError

    good = toy.connector.profile
    toy.connector.profile = die_while_asking
    toy.answer("/kantor", Answered({"followers": 77}))
    toy.add("kantor")
    with pytest.raises(KilledError):
        toy.collect()
    toy.application.close()
    toy.connector.profile = good
    again()

    assert toy.collect()["kantor"].result == "ok"
    assert [row["outcome"] for row in toy.rows(schema.snapshots)] == ["interrupted", "ok"]


def test_a_platform_that_is_not_installed_any_more_blocks_nobody(
    toy: Play, crashed: Callable[..., None], again: Callable[[], Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its snapshot is ended; its answers stay for a version that knows it."""
    crashed()
    next_process = again()
    monkeypatch.setattr(platforms, "list_connectors", lambda: ())

    assert next_process.collecting.recovery.recover() == 1
    assert "cannot be read again" in rows_of(next_process, schema.snapshots)[0]["error_message"]


@pytest.mark.parametrize("last", [Answered({}, 503), Answered(None, drop=True)], ids=["503", "cut"])
def test_a_try_that_failed_before_the_crash_gives_no_figure(
    toy: Play, again: Callable[[], Application], last: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only an answer is one; a failed try is kept and read as what it is."""
    toy.answer("/kantor", last)
    toy.add("kantor")
    kill_after(toy.application, 1, monkeypatch)
    with pytest.raises(KilledError):
        toy.collect()
    toy.application.close()
    next_process = again()

    assert next_process.collecting.recovery.recover() == 1
    assert rows_of(next_process, schema.readings) == []
    assert rows_of(next_process, schema.snapshots)[0]["error_message"].endswith("read afterwards")


def test_of_one_question_the_last_try_is_read(
    toy: Play, again: Callable[[], Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed try before a good one must not hide it."""
    toy.answer("/kantor", Answered({}, 503), Answered({"followers": 5}))
    toy.add("kantor")
    kill_after(toy.application, 2, monkeypatch)
    with pytest.raises(KilledError):
        toy.collect()
    toy.application.close()
    next_process = again()

    next_process.collecting.recovery.recover()
    assert [row["value"] for row in rows_of(next_process, schema.readings)] == [5]


def test_while_one_process_collects_an_account_another_is_told_so(toy: Play, again: Callable[[], Application]) -> None:
    """Two snapshots of one account at once would ask everything twice, and cost twice."""
    arrived, go_on = threading.Event(), threading.Event()

    def wait(asked: Asked) -> Answered:
        arrived.set()
        assert go_on.wait(10)
        return Answered({"followers": 1})

    toy.answer("/kantor", wait)
    toy.answer("/lain", Answered({"followers": 2}))
    toy.add("kantor")
    toy.add("lain")
    first = toy.application
    results: list[Any] = []
    thread = threading.Thread(
        target=lambda: results.append(first.collecting.run("test", Selection(handles=("kantor",))))
    )
    thread.start()
    assert arrived.wait(10)
    again()

    outcomes = toy.collect()
    go_on.set()
    thread.join(10)

    assert (outcomes["kantor"].result, outcomes["kantor"].problem.code) == ("skipped", "busy")
    assert outcomes["kantor"].is_failure
    assert outcomes["lain"].result == "ok"
    assert results[0].outcomes[0].result == "ok"
    assert len(toy.asked("/kantor")) == 1
    assert toy.collect("kantor")["kantor"].result == "ok"
    first.close()
