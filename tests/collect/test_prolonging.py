"""Keys that live for weeks and are given anew while they live: when it is tried, and what a refusal means."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from toy import Play, rows_of

from collector.clock import SetClock
from collector.collect.http import Http
from collector.collect.run import Selection
from collector.demo.standin import Answered, Asked, Fault, StandIn
from collector.settings import Settings, load
from collector.store import schema
from collector.wiring import Application
from connectors.kit import Prolonged, Request

LONG = Prolonged(
    Request("api", "/longer", {"grant_type": "longer", "access_token": "{token}"}),
    "token",
    every=timedelta(days=7),
    again=timedelta(days=1),
)
DAY = timedelta(days=1)
REFUSED = Answered({"error": "invalid_grant"}, 400)


@pytest.fixture
def toy_auth() -> dict[str, Prolonged]:
    """A key that is prolonged."""
    return {"account": LONG}


@pytest.fixture
def toy_keys() -> dict[str, str]:
    """The key that connecting gave."""
    return {"token": "long-lived-0"}


def longer(number: int, days: int | None = 60) -> Answered:
    """Return the answer that gives a longer life."""
    said = {} if days is None else {"expires_in": days * 86_400}
    return Answered({"access_token": f"long-lived-{number}", "token_type": "bearer", **said})


def sent(toy: Play) -> list[str]:
    """List the keys that were to be prolonged."""
    return [asked.query["access_token"] for asked in toy.asked("/longer")]


def used(toy: Play) -> list[str]:
    """List the keys with which figures were asked for."""
    return [asked.bearer for asked in toy.asked("/kantor")]


def days(toy: Play, count: int) -> None:
    """Collect on so many days, in another process every fifth day."""
    for day in range(count):
        opened, clock = toy.application.settings, toy.application.clock
        clock.sleep(DAY.total_seconds())
        if day % 5 == 0:
            toy.application.close()
            toy.application = Application.open(opened, clock=clock)
        assert toy.collect()["kantor"].result == "ok"


def test_a_key_is_prolonged_weekly_and_the_new_one_used(play: Play, clock: SetClock) -> None:
    """Not once a day, and long before its end: an office may be without power for weeks."""
    began = clock.now()
    play.answer("/longer", longer(1), longer(2), longer(3))
    assert play.collect()["kantor"].result == "ok"
    [access] = next(iter(play.application.accounts.accesses.list_all([1]).values()))
    assert (access.slot, access.ends_at) == ("token", began + 60 * DAY)
    days(play, 15)

    assert sent(play) == ["long-lived-0", "long-lived-1", "long-lived-2"]
    assert used(play) == ["long-lived-1"] * 7 + ["long-lived-2"] * 7 + ["long-lived-3"] * 2


def test_a_key_too_young_to_be_prolonged_is_simply_used(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    """On its first day it is refused a longer life: that is no fault, and the next day it is tried again."""
    play.answer("/longer", REFUSED, longer(1))
    outcome = play.collect()["kantor"]
    assert (outcome.result, outcome.problem, used(play)) == ("ok", None, ["long-lived-0"])
    assert play.collect()["kantor"].result == "ok"
    assert sent(play) == ["long-lived-0"]
    days(play, 1)

    assert used(play)[-1] == "long-lived-1"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert play.rows(schema.renewals) == []


def test_a_key_that_has_ended_is_not_prolonged_but_asked_to_be_connected_again(play: Play, clock: SetClock) -> None:
    """The office was away for longer than it lives; nothing but the person can help, and the platform says so."""
    play.answer("/longer", longer(1))
    play.collect()
    clock.sleep((60 * DAY).total_seconds())
    play.answer("/kantor", Answered({}, 401))

    assert play.collect()["kantor"].problem.code == "access.expired"
    assert play.application.queries.list_accounts()[0].state == "reconnect"
    assert sent(play) == ["long-lived-0"]
    play.add("kantor", token="connected-again")
    play.answer("/kantor", Answered({"followers": 1}))
    assert play.collect()["kantor"].result == "ok"
    assert sent(play)[-1] == "connected-again"


def test_an_outage_costs_neither_figures_nor_a_storm(play: Play) -> None:
    """The key that is there still serves for weeks."""
    play.answer("/longer", Answered("oops", 503))
    usual = play.connector.script

    def ask_often(assignment: Any, fetch: Any) -> Iterator[Any]:
        for _ in range(50):
            fetch(Request("api", "/kantor"))
        yield from usual(assignment, fetch)

    play.connector.script = ask_often
    assert play.collect()["kantor"].result == "ok"
    assert play.collect()["kantor"].result == "ok"

    assert len(sent(play)) == 1
    assert used(play) == ["long-lived-0"] * 102


def test_a_crash_with_the_new_key_in_hand_costs_nothing(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old one lives on beside it."""

    class PowerCutError(BaseException):
        pass

    play.answer("/longer", longer(1), longer(2))
    send = Http.send

    def cut(self: Http, slug: str, prepared: Any) -> Any:
        answer = send(self, slug, prepared)
        if "/longer" in prepared.url:
            raise PowerCutError
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Http, "send", cut)
        with pytest.raises(PowerCutError):
            play.collect()
    days(play, 1)

    assert used(play) == ["long-lived-2"]


def test_without_an_end_by_the_platforms_word_none_is_claimed(play: Play) -> None:
    """It is prolonged by the week all the same."""
    play.answer("/longer", longer(1, days=None))
    play.collect()

    [account] = play.application.queries.list_accounts()
    [access] = play.application.accounts.accesses.list_all([account.id])[account.id]
    assert access.ends_at is None
    assert play.application.vault.open_all(account.id)["token"].expires_at is None


def test_a_clock_that_was_years_ahead_does_not_let_the_key_die(play: Play, clock: SetClock) -> None:
    """Sealed in the year 2035, it would not be prolonged before 2035."""
    now = clock.now()
    clock.move_to(now + 3000 * DAY)
    play.answer("/longer", longer(1), longer(2))
    play.collect()
    clock.move_to(now)
    days(play, 1)

    assert sent(play) == ["long-lived-0", "long-lived-1"]


def test_the_keys_stand_in_no_kept_address_and_no_log(
    play: Play, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """The key travels in the address, and addresses are what every log writes down."""
    caplog.set_level(logging.DEBUG)
    play.answer("/longer", lambda asked: longer(1))
    play.collect()

    [row] = [row for row in play.rows(schema.exchanges) if "/longer" in row["request"]]
    assert json.loads(row["request"])["params"]["access_token"] == "{token}"
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file()).decode("latin-1")
    shown = "".join(play.application.redactor.line(record.getMessage()) for record in caplog.records)
    assert "/longer" in shown
    assert not [secret for secret in ("long-lived-0", "long-lived-1") if secret in kept + shown]


def test_the_platform_that_has_such_keys_is_asked_as_it_wants(
    application: Application, environment: dict[str, str], standin: StandIn, clock: SetClock
) -> None:
    """Its own words, its own address, its own refusals; and its old key serves until the new one is there."""
    application.close()
    own = load({**environment, "INSTAGRAM_LOGIN": "instagram"})
    given = environment["INSTAGRAM_ACCESS_TOKEN"]
    fault = {"error": {"message": "too young", "type": "OAuthException", "code": 190}}
    answers = [Answered(fault, 400), Answered({"access_token": given, "token_type": "bearer", "expires_in": 5_183_944,
                                               "permissions": "instagram_business_basic"})]  # fmt: skip
    asked: list[Asked] = []

    def answer(one: Asked, good: Answered) -> Answered:
        asked.append(one)
        return answers[len(asked) - 1]

    standin.faults.append(Fault(r"INSTAGRAM_GRAPH_URL GET /refresh_access_token\?", answer, times=None))
    for expected in (1, 2):
        with Application.open(own, clock=clock) as opened:
            [checked] = opened.collecting.check(Selection(platforms=("instagram",)))
            assert (checked.ok, len(asked)) == (True, expected)
            assert opened.queries.list_accounts(platform="instagram")[0].state == "active"
            accesses = rows_of(opened, schema.accesses)
        clock.sleep(DAY.total_seconds())

    assert dict(asked[0].query) == {"grant_type": "ig_refresh_token", "access_token": given}
    assert asked[0].bearer == ""
    [access] = [row for row in accesses if row["slot"] == "access_token"]
    assert json.loads(access["granted"]) == ["instagram_business_basic"]
    assert access["ends_at"] is not None
