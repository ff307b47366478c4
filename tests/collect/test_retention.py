"""Whole answers are let go of when a platform's terms say so; the figures stay, and can still be checked."""

import json
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from toy import FOLLOWERS, VIEWS, Play

from collector.collect import retention
from collector.collect.recovery import ReducedError, read_again
from collector.collect.run import Selection
from collector.demo.standin import Answered
from collector.figures.codes import reading_code
from collector.figures.trace import Trace, trace_reading
from collector.platforms import get_connector
from collector.store import schema
from collector.store.history import Wanted
from collector.store.ledger import Kept
from connectors.kit import Account, Assignment, Fetch, Observation, Profile, Reason, Request

DAYS = 30
ANSWER = {"followers": 1234, "name": "Kantor", "posts": [{"text": "Rapat pleno"}]}


@pytest.fixture
def limited(toy: Play) -> Play:
    """The toy, whose terms let whole answers be kept for thirty days."""
    toy.connector.raw_days = lambda account: DAYS
    return toy


def bodies(toy: Play) -> list[dict[str, Any]]:
    """Return what is kept of every body, in the order they came, with whether each is whole."""
    return [
        {"whole": row["reduced_at"] is None, "holds": json.loads(zlib.decompress(row["packed"]))}
        for row in toy.rows(schema.bodies)
    ]


def later(toy: Play, **span: float) -> datetime:
    """Let time pass, and a platform say so."""
    clock = toy.application.clock
    clock.sleep(timedelta(**span).total_seconds())
    keep_dated(toy, format_datetime(clock.now(), usegmt=True))
    return clock.now()


def keep_dated(toy: Play, date: str) -> None:
    """Keep an answer of another platform, with the date that it names."""
    ledger, now = toy.application.ledger, toy.application.clock.now()
    run = ledger.begin_run("test", "", "test", now)
    ledger.keep_exchange(Kept(run, None, 0, 1, "other", {}, 200, {"date": date}, now, 1, None))


def traced(toy: Play, measure: str = FOLLOWERS.key, **wanted: object) -> Trace:
    """Trace the only figure of a measure."""
    history = toy.application.history
    (one,) = [
        reading
        for reading in history.list_readings(Wanted())
        if reading.measure == measure and all(getattr(reading, name) == value for name, value in wanted.items())
    ]
    return trace_reading(reading_code(one.series_id, one.at), history, toy.application.queries)


def test_after_its_time_an_answer_is_reduced_to_what_is_cited(limited: Play) -> None:
    """The office keeps its figure and its proof; what the terms do not let it keep is gone."""
    limited.answer("/kantor", Answered(ANSWER))
    limited.add("kantor")
    limited.collect()
    kept = limited.rows(schema.exchanges)
    followers = traced(limited)

    later(limited, days=DAYS)
    assert limited.application.collecting.retention.reduce() == 0
    now = later(limited, minutes=1)
    assert limited.application.collecting.retention.reduce() == 1

    assert bodies(limited) == [{"whole": False, "holds": {"body:/followers": 1234}}]
    assert limited.rows(schema.exchanges)[: len(kept)] == kept
    after = traced(limited)
    assert after.agrees
    assert (after.exchange.sha256, after.exchange.reduced_at) == (followers.exchange.sha256, now)
    assert after.answer_lines() == [">>> body:/followers = 1234 <<<"]
    assert limited.application.collecting.retention.reduce() == 0


def test_the_end_of_a_run_lets_go_and_says_so(limited: Play) -> None:
    """Nobody has to think of it: the nightly collection does it."""
    limited.answer("/kantor", Answered(ANSWER), Answered({"followers": 1240}))
    limited.add("kantor")
    assert limited.application.collecting.run("test", Selection()).reduced == 0
    later(limited, days=DAYS, minutes=1)

    assert limited.application.collecting.run("test", Selection()).reduced == 1

    assert sorted(one["whole"] for one in bodies(limited)) == [False, True]


def test_a_clock_that_is_far_ahead_costs_no_answer(limited: Play) -> None:
    """An old computer's clock says 2090 one morning: what platforms say of the time holds, and nothing is lost."""
    limited.answer("/kantor", Answered(ANSWER), Answered({"followers": 1240}))
    limited.add("kantor")
    limited.collect()
    clock = limited.application.clock
    now, wrong = clock.now(), limited.standin.world.now

    clock.sleep(timedelta(days=20_000).total_seconds())
    assert limited.application.collecting.retention.reduce() == 0, "before anything was asked"
    limited.standin.world.now = lambda: now + timedelta(days=1)
    limited.collect()
    assert limited.application.collecting.retention.reduce() == 0, "after the platform said what day it is"
    assert all(one["whole"] for one in bodies(limited))

    clock.move_to(now + timedelta(days=DAYS + 1))
    limited.standin.world.now = wrong
    limited.collect()
    assert sorted(one["whole"] for one in bodies(limited)) == [False, True]


@pytest.mark.parametrize(
    "said", ["", "kemarin", "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 99 Jan 2027 00:00:00 GMT", "1 1 1 1", "0" * 5000]
)
def test_a_date_that_is_none_says_nothing(limited: Play, said: str) -> None:
    """Whatever a server writes there, the nightly run goes on."""
    limited.answer("/kantor", Answered(ANSWER))
    limited.add("kantor")
    limited.collect()
    limited.application.clock.sleep(timedelta(days=DAYS + 1).total_seconds())
    keep_dated(limited, said)

    assert limited.application.collecting.retention.reduce() == 0


def test_a_platform_without_such_terms_keeps_its_answers(toy: Play) -> None:
    """A proof is not thrown away without need."""
    toy.answer("/kantor", Answered(ANSWER))
    toy.add("kantor")
    toy.collect()
    later(toy, days=3_000)

    toy.collect()

    assert [one["whole"] for one in bodies(toy)] == [True]


def test_a_wrong_figure_is_still_found_out(limited: Play) -> None:
    """What is left of the answer must be able to contradict the figure."""
    limited.answer("/kantor", Answered(ANSWER))
    limited.add("kantor")
    limited.collect()
    later(limited, days=DAYS, minutes=1)
    limited.application.collecting.retention.reduce()
    assert traced(limited).agrees

    with limited.application.store.write() as connection:
        connection.execute(schema.readings.update().values(value=1235))

    assert not traced(limited).agrees


def read_all(assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
    """Read a figure, a declared zero and a gap from one answer."""
    answer = fetch(Request("api", f"/{assignment.account.handle}"))
    yield answer["followers"].read(FOLLOWERS)
    yield answer["posts"][0]["likes"].or_zero(VIEWS, because="the toy's page", on=assignment.window.first)
    yield answer["name"].gap(VIEWS, Reason.EMPTY, on=assignment.window.last)


def test_declared_zeros_and_gaps_keep_their_places_and_no_content(limited: Play) -> None:
    """A place that is an object says that it is one: nothing of the post that stood there is kept."""
    limited.connector.script = read_all
    limited.answer("/kantor", Answered({**ANSWER, "name": "K" * 200}))
    limited.add("kantor")
    limited.collect()
    later(limited, days=DAYS, minutes=1)

    limited.application.collecting.retention.reduce()

    assert [one["holds"] for one in bodies(limited)] == [
        {"body:/followers": 1234, "body:/posts/0": {}, "body:/name": "K" * 80}
    ]
    assert traced(limited, VIEWS.key).agrees


def test_a_shared_answer_waits_for_the_youngest_and_keeps_what_all_cite(limited: Play) -> None:
    """The same bytes came on two days for two accounts: they are one body, and reduced once, for both."""
    for handle in ("satu", "dua"):
        limited.answer(f"/{handle}", Answered(ANSWER))
        limited.add(handle)
    limited.collect("satu")
    later(limited, days=10)
    limited.connector.script = read_all
    limited.collect("dua")

    later(limited, days=DAYS - 5)
    assert limited.application.collecting.retention.reduce() == 0
    later(limited, days=10)
    assert limited.application.collecting.retention.reduce() == 1

    assert [set(one["holds"]) for one in bodies(limited)] == [{"body:/followers", "body:/posts/0", "body:/name"}]
    assert traced(limited, account="satu").agrees
    assert traced(limited, account="dua").agrees


def test_an_answer_that_another_account_may_keep_stays_whole(limited: Play) -> None:
    """One office's key must not cost another office's proof."""
    limited.connector.raw_days = lambda account: DAYS if account.handle == "satu" else None
    for handle in ("satu", "dua"):
        limited.answer(f"/{handle}", Answered(ANSWER))
        limited.add(handle)
    limited.collect()
    later(limited, days=100)

    assert limited.application.collecting.retention.reduce() == 0

    assert [one["whole"] for one in bodies(limited)] == [True]


def test_what_nobody_has_read_yet_is_never_reduced(limited: Play) -> None:
    """A snapshot that is still open after a long outage is read again from its whole answers first."""
    limited.answer("/kantor", Answered(ANSWER))
    account = limited.add("kantor")
    limited.collect()
    now = later(limited, minutes=5)
    ledger, holder = limited.application.ledger, limited.application.holder.name
    run = ledger.begin_run("test", "", "test", now)
    number = ledger.claim(run, account.id, "", holder, now, now + timedelta(days=1000))
    [kept] = limited.rows(schema.bodies)
    ledger.keep_exchange(
        Kept(run, number, 1, 1, "toy", {"api": "api", "method": "GET", "path": "/kantor"}, 200, {}, now, 1,
             zlib.decompress(kept["packed"]))
    )  # fmt: skip
    later(limited, days=100)

    assert limited.application.collecting.retention.reduce() == 0
    assert number is not None
    ledger.finish_snapshot(number, account.id, [], outcome="interrupted", at=limited.application.clock.now())
    assert limited.application.collecting.retention.reduce() == 1


def test_reduced_answers_are_not_read_again(limited: Play) -> None:
    """Reading a remnant as if it were the answer would turn figures into gaps."""
    limited.answer("/kantor", Answered(ANSWER))
    limited.add("kantor")
    limited.collect()
    [snapshot] = limited.application.queries.list_snapshots()
    assert len(read_again(snapshot, limited.application.queries).observations) == 1
    later(limited, days=DAYS, minutes=1)
    limited.application.collecting.retention.reduce()

    with pytest.raises(ReducedError, match="was reduced on 2026-12-20"):
        read_again(snapshot, limited.application.queries)


def test_interrupted_it_goes_on_where_it_stopped(limited: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut between two bodies costs nothing: neither is touched twice, none is forgotten."""
    limited.connector.script = lambda assignment, fetch: (
        fetch(Request("api", f"/{part}"))["followers"].read(FOLLOWERS) for part in "abc"
    )
    for number, part in enumerate("abc"):
        limited.answer(f"/{part}", Answered({"followers": number}))
    limited.add("kantor")
    limited.collect()
    later(limited, days=DAYS, minutes=1)
    done: list[bytes] = []

    def fail_at_the_second(body: bytes, places: Any) -> dict[str, object]:
        if done:
            raise RuntimeError("the power went")
        done.append(body)
        return {"first": 1}

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="power"):
        patch.setattr(retention, "cite", fail_at_the_second)
        limited.application.collecting.retention.reduce()
    assert sorted(one["whole"] for one in bodies(limited)) == [False, True, True]

    assert limited.application.collecting.retention.reduce() == 2

    assert sum(one["holds"] == {"first": 1} for one in bodies(limited)) == 1
    assert not any(one["whole"] for one in bodies(limited))


def test_a_long_past_is_gone_through_in_small_steps(limited: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first night after an upgrade must not hold the database for an hour."""
    monkeypatch.setattr(retention, "MOST", 2)
    limited.answer("/kantor", *(Answered({"followers": number}) for number in range(5)))
    limited.add("kantor")
    for _ in range(5):
        limited.collect()
        later(limited, minutes=1)
    later(limited, days=DAYS)

    counts = [limited.application.collecting.retention.reduce() for _ in range(4)]

    assert counts == [2, 2, 1, 0]


def test_a_missing_key_costs_no_answer(limited: Play) -> None:
    """The terms follow how the account was last asked; a settings file that is gone for a day changes nothing."""

    def by_key(account: Account) -> int | None:
        return None if "token" in account.keys else DAYS

    limited.connector.raw_days = by_key
    limited.answer("/kantor", Answered(ANSWER))
    account = limited.add("kantor")
    limited.collect()
    limited.application.ledger.forget_credential(account.id, "key:token")
    later(limited, days=100)

    assert limited.application.collecting.retention.reduce() == 0


def test_a_removed_account_is_kept_to_the_terms_too(limited: Play) -> None:
    """What an office has stopped collecting it may keep no longer than what it still collects."""
    limited.answer("/kantor", Answered(ANSWER))
    account = limited.add("kantor")
    limited.collect()
    limited.application.accounts.set_state(account, "removed")
    later(limited, days=DAYS, minutes=1)

    assert limited.application.collecting.retention.reduce() == 1


def test_answers_to_a_check_go_by_what_holds_without_a_sign_in(limited: Play) -> None:
    """They are of no account yet, and nothing cites them."""
    limited.connector.profile = lambda account, fetch: Profile(fetch(Request("api", "/me"))["id"].text(), "kantor")
    limited.answer("/me", Answered({"id": "1", "bio": "https://kantor.example"}))
    limited.add("kantor")
    limited.application.collecting.check(Selection())
    later(limited, days=DAYS, minutes=1)

    assert limited.application.collecting.retention.reduce() == 1

    assert bodies(limited) == [{"whole": False, "holds": {}}]


def test_a_file_that_a_person_brought_is_the_offices_own(limited: Play) -> None:
    """No platform's terms reach what the office typed itself, not even where its bytes are a platform's answer."""
    limited.answer("/kantor", Answered("angka"))
    limited.add("kantor")
    limited.collect()
    ledger, now = limited.application.ledger, limited.application.clock.now()
    run = ledger.begin_run("import", "", "test", now)
    [body] = limited.rows(schema.bodies)
    ledger.store_entries(Kept(run, None, 0, 1, "import", {}, 200, {}, now, 0, zlib.decompress(body["packed"])), [], now)
    later(limited, days=1_000)

    assert limited.application.collecting.retention.reduce() == 0


def test_an_answer_that_is_no_text_for_machines_leaves_nothing(limited: Play) -> None:
    """A login page of the office's line, kept as the answer, cites nothing and must not stop the rest."""
    limited.answer("/kantor", Answered("<html>login</html>"))
    limited.add("kantor")
    assert limited.collect()["kantor"].result == "failed"
    later(limited, days=DAYS, minutes=1)

    assert limited.application.collecting.retention.reduce() == 1

    assert bodies(limited) == [{"whole": False, "holds": {}}]


@pytest.mark.parametrize("packed", [b"", b"\x00", zlib.compress(b"{}" * 99)[:-9], zlib.compress(b'{"followers": 7}')])
def test_a_damaged_answer_stops_neither_the_run_nor_the_others(limited: Play, packed: bytes) -> None:
    """An old disk has flipped a bit: that is for verify to tell, and no reason for every later night to fail."""
    limited.connector.script = lambda assignment, fetch: (
        fetch(Request("api", f"/{part}"))["followers"].read(FOLLOWERS) for part in "ab"
    )
    for number, part in enumerate("ab"):
        limited.answer(f"/{part}", Answered({"followers": number}))
    limited.add("kantor")
    limited.collect()
    damaged = limited.rows(schema.bodies)[0]["sha256"]
    with limited.application.store.write() as connection:
        connection.execute(schema.bodies.update().where(schema.bodies.c.sha256 == damaged).values(packed=packed))
    later(limited, days=DAYS, minutes=1)

    assert limited.application.collecting.retention.reduce() == 1

    left = {row["sha256"]: row for row in limited.rows(schema.bodies)}
    assert left.pop(damaged)["packed"] == packed, "what is left of it is not made to look whole"
    assert [row["reduced_at"] is None for row in left.values()] == [False]


def test_a_platform_that_is_not_installed_any_more_keeps_its_answers(
    limited: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is there to say what its terms were; a person decides."""
    limited.answer("/kantor", Answered(ANSWER))
    limited.add("kantor")
    limited.collect()
    assert get_connector("toy") is limited.connector
    monkeypatch.setattr("collector.platforms.list_connectors", lambda: ())
    later(limited, days=1_000)

    assert limited.application.collecting.retention.reduce() == 0
