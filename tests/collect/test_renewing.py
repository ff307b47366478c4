"""Having new keys: what a blip, an outage, a refusal and a lost answer mean, and what is noted of an answer."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from toy import Play, rows_of

from collector.clock import SetClock
from collector.collect.attempts import Attempts
from collector.collect.holder import Holder
from collector.collect.http import Http, NotSentError
from collector.collect.run import Selection
from collector.demo.contracts import tiktok as tiktok_contract
from collector.demo.standin import Answered, Asked, Fault, StandIn, broken, cut, throttled
from collector.errors import StoreError
from collector.settings import Settings, load
from collector.store import schema
from collector.store.ledger import Ledger
from collector.store.records import StoredAccess
from collector.store.renewals import Renewals
from collector.wiring import Application
from connectors.kit import AccessError, GoogleJwt, Query, Refreshed, Request, SettingError

FORM = {"grant_type": "refresh_token", "refresh_token": "{seed}"}
ROTATING = Refreshed(Request("api", "/token", method="POST", form=FORM), seed="seed", single_use=True)
STAYING = replace(ROTATING, single_use=False)
REFUSED = Answered({"error": "invalid_grant"}, 400)
LOST = Answered(None, drop=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def pair(number: int, **more: Any) -> Answered:
    """Return the answer that gives the `number`th pair."""
    return Answered({"access_token": f"short-lived-{number}", "refresh_token": f"rotated-{number}",
                     "expires_in": 7200, **more})  # fmt: skip


@pytest.fixture
def toy_auth() -> dict[str, Refreshed]:
    """Keys that serve once, unless a test says otherwise."""
    return {"owner": ROTATING}


@pytest.fixture
def toy_keys() -> dict[str, str]:
    """What an account is connected with."""
    return {"seed": "connected-0"}


def sent(toy: Play) -> list[str]:
    """List what was sent for new keys."""
    return [asked.form["refresh_token"] for asked in toy.asked("/token")]


def account_state(toy: Play) -> tuple[str, str]:
    """Return the state of the account, and since which fault."""
    [account] = toy.application.queries.list_accounts()
    return account.state, account.state_code


def restart(toy: Play, settings: Settings) -> None:
    """Go on as the next process would."""
    clock = toy.application.clock
    toy.application.close()
    toy.application = Application.open(settings, clock=clock)


def noted(toy: Play) -> StoredAccess:
    """Return what is known of the account's sign-in."""
    [account] = toy.application.queries.list_accounts()
    [access] = toy.application.accounts.accesses.list_all([account.id])[account.id]
    return access


# --- answers that do not come ---------------------------------------------------------------------------------------


def test_a_lost_answer_is_no_ended_sign_in_where_the_key_still_serves(play: Play) -> None:
    """The line dropped before the question arrived, as it does daily: the same key is taken the next time."""
    play.answer("/token", LOST, pair(1))

    assert play.collect()["kantor"].result == "ok"
    assert sent(play) == ["connected-0"] * 2
    assert account_state(play) == ("active", "")
    assert play.rows(schema.renewals) == []


def test_a_lost_answer_that_used_the_key_up_is_named_as_the_reason(play: Play, settings: Settings) -> None:
    """ "Withdrawn or used by another program" would send the person looking for what is not there."""
    play.answer("/token", LOST, REFUSED)

    outcome = play.collect()["kantor"]

    assert (outcome.result, outcome.problem.code) == ("failed", "access.interrupted")
    assert outcome.problem.hint.startswith("Perpanjangan terputus di tengah jalan (listrik atau internet)")
    assert "renewal begun on 2026-11-20 03:00 UTC was interrupted" in outcome.problem.message
    assert account_state(play) == ("reconnect", "access.interrupted")
    restart(play, settings)
    again = play.collect()["kantor"].problem
    assert (again.code, again.message, again.hint) == (
        outcome.problem.code, outcome.problem.message, outcome.problem.hint
    )  # fmt: skip
    assert sent(play) == ["connected-0"] * 2


def test_a_refusal_without_an_interruption_is_an_ordinary_one(play: Play) -> None:
    """The owner withdrew the permission: nothing was lost by the program, and it does not say so."""
    play.answer("/token", REFUSED)

    assert play.collect()["kantor"].problem.code == "access.expired"
    assert account_state(play) == ("reconnect", "access.expired")


@pytest.mark.parametrize("toy_auth", [{"owner": STAYING}])
def test_where_the_same_key_serves_again_an_interruption_is_no_reason(play: Play) -> None:
    """Such a key cannot be used up by a lost answer: its refusal has another cause."""
    play.answer("/token", LOST, REFUSED)

    assert play.collect()["kantor"].problem.code == "access.expired"


def test_a_single_use_key_that_was_refused_is_never_sent_again(play: Play, clock: SetClock, settings: Settings) -> None:
    """One platform ends the whole sign-in when it sees a used key twice."""
    play.answer("/token", REFUSED)
    for _ in range(3):
        play.collect()
        restart(play, settings)
        clock.sleep(DAY.total_seconds() * 30)

    assert sent(play) == ["connected-0"]


def test_connected_again_it_works_at_once(play: Play) -> None:
    """What was refused of the old key says nothing about the new one, and the account asks no longer."""
    play.answer("/token", LOST, REFUSED, pair(1))
    play.collect()
    play.add("kantor", seed="connected-again")

    assert play.collect()["kantor"].result == "ok"
    assert account_state(play) == ("active", "")
    assert sent(play)[-1] == "connected-again"
    assert play.rows(schema.renewals) == []


@pytest.mark.parametrize("change", [broken(503), cut], ids=["503", "cut"])
def test_an_outage_of_the_sign_in_address_is_no_storm(
    play: Play, clock: SetClock, settings: Settings, change: Callable[[Asked, Answered], Answered]
) -> None:
    """Every process and every snapshot asking three times would be a storm just when the platform is in trouble."""
    play.standin.faults.insert(0, Fault(r"POST /token", change, times=None))
    play.collect()
    assert len(sent(play)) == 3

    for _ in range(2):
        restart(play, settings)
        outcome = play.collect()["kantor"]
        assert (outcome.result, outcome.problem.code) == ("failed", "unreachable")
        assert "it failed lately; asked again from 03:05 UTC" in outcome.problem.message
    assert len(sent(play)) == 3

    for _ in range(12):
        clock.sleep(600)
        play.collect()
    assert 5 <= len(sent(play)) - 3 <= 6  # every half hour in the end
    assert account_state(play) == ("active", "")
    play.standin.faults.pop(0)
    play.answer("/token", pair(1))
    clock.sleep(1800)
    assert play.collect()["kantor"].result == "ok"


def test_a_line_that_is_down_costs_no_rest(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing reached the platform: once the cable is in again, collecting goes on at once."""
    play.answer("/token", pair(1))
    send = Http.send
    monkeypatch.setattr(Http, "send", _raise(NotSentError("no connection")))
    assert play.collect()["kantor"].problem.code == "unreachable"
    assert play.rows(schema.renewals) == []

    monkeypatch.setattr(Http, "send", send)
    assert play.collect()["kantor"].result == "ok"


def _raise(error: Exception) -> Callable[..., Any]:
    def fail(*_: object) -> Any:
        raise error

    return fail


@pytest.mark.parametrize("step", ["throttled", "wrong client"])
def test_an_answer_that_is_not_about_the_key_leaves_it_unused(
    play: Play, clock: SetClock, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong application secret is a setting to mend, and the refusal after it an ordinary one."""
    if step == "throttled":
        play.standin.faults.insert(0, Fault(r"POST /token", throttled(300)))
    else:
        usual = type(play.connector).diagnose
        fault = SettingError("invalid_client", code="setting.client")
        monkeypatch.setattr(
            type(play.connector), "diagnose",
            lambda self, exchange: fault if exchange.status == 402 else usual(self, exchange),
        )  # fmt: skip
        play.answer("/token", Answered({}, 402), REFUSED)
    first = play.collect()["kantor"]
    assert first.problem.code == {"throttled": "throttled", "wrong client": "setting.client"}[step]
    assert account_state(play) == ("active", "")
    assert play.rows(schema.renewals) == []
    if step == "throttled":
        play.answer("/token", REFUSED)
    clock.sleep(1000)

    assert play.collect()["kantor"].problem.code == "access.expired"


def test_a_clock_that_was_years_ahead_does_not_silence_an_account(play: Play, clock: SetClock) -> None:
    """An old PC's clock jumps when its battery is dead; what was put off until then is not put off for years."""
    now = clock.now()
    clock.move_to(now + timedelta(days=3000))
    play.answer("/token", Answered({}, 503))
    play.collect()
    clock.move_to(now)
    play.answer("/token", pair(1))

    assert play.collect()["kantor"].result == "ok"


def test_a_statement_refused_for_a_wrong_clock_is_tried_again_within_the_hour(play: Play, clock: SetClock) -> None:
    """It is made anew each time: once the clock is right it is good, and nobody has to connect anything."""
    signed = GoogleJwt(Request("api", "/token"), "seed", "read")
    attempts = Attempts(Renewals(play.application.store), clock, play.application.redactor, play.application.holder)
    begun = attempts.begin(1, signed, "the key file")
    assert begun is not None
    attempts.give_up(signed, begun, AccessError("reasonable timeframe"))
    with pytest.raises(AccessError, match="reasonable timeframe"):
        attempts.begin(1, signed, "the key file")
    clock.sleep(HOUR.total_seconds())

    assert attempts.begin(1, signed, "the key file") is not None


def test_who_waits_in_vain_for_another_process_goes_on_later(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that hangs with the lock in its hand must not bring every other one down."""
    monkeypatch.setattr(Holder, "lock", _raise(TimeoutError()))

    outcome = play.collect()["kantor"]

    assert (outcome.result, outcome.problem.code) == ("failed", "unreachable")
    assert outcome.problem.message == "another process has been renewing this sign-in for minutes"
    assert account_state(play) == ("active", "")


# --- storing what came ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 2])
def test_a_pair_that_could_not_be_sealed_is_sealed_when_the_database_is_back(
    play: Play, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restarted database server must not cost the sign-in that was given at that very moment."""
    play.answer("/token", pair(1), REFUSED)
    seal, left = Ledger.seal, [times]

    def cut_off(self: Ledger, *rest: Any, **more: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise StoreError("the line to the database was cut")
        seal(self, *rest, **more)

    monkeypatch.setattr(Ledger, "seal", cut_off)
    results = [play.collect()["kantor"].result for _ in range(times)]

    assert results[-1] == "ok"
    assert sent(play) == ["connected-0"]
    assert play.rows(schema.renewals) == []
    [account] = play.application.queries.list_accounts()
    assert play.application.vault.open_all(account.id)["seed"].value == "rotated-1"


def test_that_a_renewal_begins_is_committed_before_anything_is_sent(play: Play) -> None:
    """Written afterwards, a power cut in between would leave a used-up key that nobody knows of."""
    seen: list[list[dict[str, Any]]] = []

    def look(asked: Asked) -> Answered:
        seen.append(rows_of(play.application, schema.renewals))
        return pair(1)

    play.answer("/token", look)
    play.collect()

    [[row]] = seen
    assert (row["slot"], row["holder"], row["lost_at"]) == ("seed", play.application.holder.name, None)
    assert "connected-0" not in str(row)


# --- what is noted --------------------------------------------------------------------------------------------------


def test_the_end_of_the_long_lived_key_is_the_platforms_word(play: Play, clock: SetClock) -> None:
    """Warnings are made of this; an end that nobody named would be a guess."""
    began = clock.now()
    play.answer("/token", pair(1, refresh_expires_in=86_400 * 180, scope="user.info.basic,video.list"),
                pair(2, scope="user.info.basic"))  # fmt: skip
    play.collect()
    access = noted(play)
    assert (access.slot, access.ends_at) == ("seed", began + 180 * DAY)
    assert access.granted == {"user.info.basic", "video.list"}

    clock.sleep(7200)
    play.collect()
    assert (noted(play).ends_at, noted(play).granted) == (None, {"user.info.basic"})


@pytest.mark.parametrize("toy_auth", [{"owner": STAYING}])
def test_of_a_key_that_stays_what_was_said_of_it_stays(play: Play, clock: SetClock) -> None:
    """Some name the end of a grant once, when it is given."""
    [account] = play.application.queries.list_accounts()
    began = clock.now()
    said = Answered({"access_token": "a", "expires_in": 3600, "refresh_token_expires_in": 604_799, "scope": "one two"})
    play.answer("/token", said, Answered({"access_token": "b", "expires_in": 3600}))
    play.collect()
    clock.sleep(3600)
    play.collect()

    access = noted(play)
    assert (access.ends_at, access.granted) == (began + timedelta(seconds=604_799), {"one", "two"})
    assert access.account_id == account.id


@pytest.mark.parametrize("life", [None, 0, -1, "soon", 10**10, [5], True])
def test_what_is_no_lifetime_is_no_claim(play: Play, life: object) -> None:
    """A warning about an end that nobody named would teach people to ignore warnings."""
    play.answer("/token", pair(1, refresh_expires_in=life))

    assert play.collect()["kantor"].result == "ok"
    assert noted(play).ends_at is None


def test_a_permission_that_was_withdrawn_is_said(play: Play, clock: SetClock, caplog: pytest.LogCaptureFixture) -> None:
    """A part of the figures ends with it, without any refused sign-in."""
    play.answer("/token", pair(1, scope=["read", "insights"]), pair(2, scope="read"))
    play.collect()
    assert "does not allow" not in caplog.text
    clock.sleep(7200)
    play.collect()

    assert "does not allow any more: insights" in caplog.text


def test_both_services_of_an_account_are_noted_apart(
    application: Application, standin: StandIn, clock: SetClock
) -> None:
    """They sign in each by itself and end at different times."""
    began = clock.now()
    application.collecting.check(Selection(platforms=("tiktok",)))

    [account] = application.queries.list_accounts(platform="tiktok")
    accesses = {one.slot: one for one in application.accounts.accesses.list_all([account.id])[account.id]}
    assert set(accesses) == {"refresh_token", "business_refresh_token"}
    assert accesses["refresh_token"].ends_at - began < 181 * DAY
    assert accesses["business_refresh_token"].ends_at - began > 364 * DAY
    assert "user.insights" in accesses["business_refresh_token"].granted
    assert "user.info.stats" in accesses["refresh_token"].granted


# --- in the middle of a run -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_known", [True, False], ids=["its end is known", "it is refused early"])
def test_a_key_that_ends_under_several_threads_costs_one_renewal_and_no_figure(
    play: Play, clock: SetClock, is_known: bool
) -> None:
    """Each thread for itself would use up the key that another has just been given."""
    good = {"bearer": "short-lived-1"}
    play.answer("/token", pair(1), pair(2), REFUSED)
    arrived = threading.Barrier(6)

    def answer(asked: Asked) -> Answered:
        if asked.bearer == good["bearer"]:
            return Answered({"followers": 7})
        arrived.wait(20)  # all of them hold the refused key
        return Answered({}, 401)

    play.answer("/kantor", answer)
    play.fetcher().collect(Request("api", "/kantor"))
    fetchers = [play.fetcher() for _ in range(6)]
    good["bearer"] = "short-lived-2"
    if is_known:
        clock.sleep(7200)
    values: list[int] = []

    def ask(fetcher: Any) -> None:
        values.append(fetcher.collect(Request("api", "/kantor"))["followers"].number())

    threads = [threading.Thread(target=ask, args=(one,)) for one in fetchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert values == [7] * 6
    assert sent(play) == ["connected-0", "rotated-1"]


def test_a_refused_key_of_one_process_does_not_cost_the_newer_one_of_another(
    play: Play, settings: Settings, clock: SetClock
) -> None:
    """A check by hand has renewed meanwhile: what is in the vault by then is used, and nothing thrown away."""
    play.answer("/token", pair(1), pair(2), REFUSED)
    with Application.open(settings, clock=clock) as opened:
        one, other = play.fetcher(), replace(play, application=opened).fetcher()
        for each in (one, other):
            each.collect(Request("api", "/kantor"))
        play.answer("/kantor", lambda asked: Answered({}, 200 if asked.bearer == "short-lived-2" else 401))
        for each in (other, one):
            each.collect(Request("api", "/kantor"))

    assert [asked.bearer[-1] for asked in play.asked("/kantor")] == ["1", "1", "1", "2", "1", "2"]
    assert sent(play) == ["connected-0", "rotated-1"]


@pytest.mark.parametrize("platform", ["x", pytest.param("tiktok", marks=pytest.mark.prove)])
def test_a_key_that_ends_between_two_questions_costs_one_renewal_and_no_figure(
    application: Application, standin: StandIn, clock: SetClock, platform: str
) -> None:
    """A long snapshot outlives its short-lived key; the figures are those of a run in which it lived."""
    [whole] = application.collecting.run("test", Selection(platforms=(platform,))).outcomes
    clock.sleep(DAY.total_seconds())
    first = {"x": r"GET /2/users/me", "tiktok": r"GET /v2/user/info/"}[platform]

    def pass_time(asked: Asked, good: Answered) -> Answered:
        clock.sleep(2 * 3600)
        return good

    standin.faults.append(Fault(first, pass_time))
    before = len(standin.asked)
    snapshot_time = timedelta(hours=6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("collector.collect.snapshot.LONGEST", snapshot_time)
        [outcome] = application.collecting.run("test", Selection(platforms=(platform,))).outcomes

    assert (whole.result, outcome.result) == ("ok", "ok")
    tokens = [one for one in list(standin.asked)[before:] if one.path in ("/2/oauth2/token", "/v2/oauth/token/")]
    assert len(tokens) == 2  # at the beginning, and when it ended


# --- the account's state --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("toy_auth", [{"owner": STAYING, "public": Query("key", "token")}])
@pytest.mark.parametrize("toy_keys", [{"seed": "connected-0", "token": "public-key"}])
def test_a_dead_sign_in_asks_for_a_person_although_another_way_was_taken(play: Play) -> None:
    """All goes well by the public key, and nobody would learn that the owner's sign-in is dead."""
    play.answer("/token", REFUSED)

    assert play.collect()["kantor"].result == "ok"
    assert account_state(play) == ("reconnect", "access.expired")


def test_an_account_that_was_connected_again_asks_no_longer_whatever_else_is_wrong(play: Play) -> None:
    """A figure that the platform does not give every night must not keep it waiting for a reconnection for ever."""
    play.answer("/token", REFUSED, pair(1))
    play.collect()
    play.add("kantor", seed="connected-again")
    usual = play.connector.script

    def ask_more(assignment: Any, fetch: Any) -> Any:
        yield from usual(assignment, fetch)
        fetch(Request("api", "/missing"))

    play.connector.script = ask_more
    play.answer("/missing", Answered({}, 404))

    assert play.collect()["kantor"].problem.code == "not_offered.retired"
    assert account_state(play) == ("active", "")


def test_a_check_that_went_well_ends_the_asking(play: Play) -> None:
    """The person has just connected and checks: the list must not still say that it is to be done."""
    play.answer("/token", REFUSED, pair(1))
    play.collect()
    play.add("kantor", seed="connected-again")
    usual = play.connector.profile

    def ask(account: Any, fetch: Any) -> Any:
        fetch(Request("api", "/kantor"))
        return usual(account, fetch)

    play.connector.profile = ask
    [checked] = play.application.collecting.check(Selection())

    assert checked.ok
    assert account_state(play) == ("active", "")


@pytest.mark.parametrize(
    ("platform", "setting"), [("youtube", "GOOGLE_CLIENT_SECRET"), ("tiktok", "TIKTOK_CLIENT_SECRET")]
)
def test_a_wrong_application_secret_is_a_setting_and_no_ended_sign_in(
    environment: dict[str, str], clock: SetClock, application: Application, platform: str, setting: str
) -> None:
    """Connecting again would not help; and once it is mended the same key, unused, works."""
    application.close()
    with Application.open(load({**environment, setting: "a-wrong-secret"}), clock=clock) as wrong:
        [outcome] = wrong.collecting.run("test", Selection(platforms=(platform,))).outcomes
        assert outcome.problem.code.startswith("setting.")
        assert [one.state for one in wrong.queries.list_accounts()] == ["active"] * 6
    with Application.open(load(environment), clock=clock) as mended:
        [checked] = mended.collecting.check(Selection(platforms=(platform,)))
        assert checked.ok


# --- secrets --------------------------------------------------------------------------------------------------------


def test_no_key_of_an_interrupted_renewal_is_found_anywhere(
    application: Application, environment: dict[str, str], settings: Settings, standin: StandIn, clock: SetClock,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """The row of a renewal, the refusal that is kept, the logs: none may hold what was sent or what was given."""
    caplog.set_level(logging.DEBUG)
    given: list[str] = []

    def lose(asked: Asked, good: Answered) -> Answered:
        given.extend([good.body["access_token"], good.body["refresh_token"], asked.form["refresh_token"]])
        return replace(good, drop=True)

    def echo(asked: Asked, good: Answered) -> Answered:
        return Answered({**good.body, "error_description": f"used: {asked.form['refresh_token']}"}, 400)

    standin.faults += [Fault(r"POST /v2/oauth/token/", lose), Fault(r"POST /v2/oauth/token/", echo)]
    [outcome] = application.collecting.run("test", Selection(platforms=("tiktok",))).outcomes

    assert outcome.problem.code == "access.interrupted"
    assert given[2] == tiktok_contract.refresh_token("display", 0)
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    shown = "".join(application.redactor.line(record.getMessage()) for record in caplog.records)
    everything = kept.decode("latin-1") + shown + str(outcome) + str(rows_of(application, schema.renewals))
    assert len(rows_of(application, schema.renewals)) == 1
    assert not [secret for secret in given if secret in everything]
