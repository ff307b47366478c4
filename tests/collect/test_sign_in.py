"""Signing in: each secret where its connector declared it and nowhere else, and no renewed sign-in ever lost."""

import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from toy import Play

from collector.clock import SetClock
from collector.collect.holder import Holder
from collector.collect.outcome import Outcome
from collector.collect.run import Selection
from collector.collect.session import Session
from collector.demo.contracts import tiktok as tiktok_contract
from collector.demo.contracts import x as x_contract
from collector.demo.standin import Answered, Asked, Fault, StandIn, broken, cut, truncated
from collector.settings import KeyValues, Settings, load
from collector.store import schema
from collector.wiring import Application
from connectors.kit import (
    Bearer,
    Exchange,
    Form,
    Graph,
    Header,
    Host,
    Query,
    Refreshed,
    Request,
)

SECRET = "toy-token-one"
TOKEN_FORM = {"grant_type": "refresh_token", "refresh_token": "{seed}", "extra": "{seed} kept as it is"}
RENEWED = Refreshed(Request("api", "/token", method="POST", form=TOKEN_FORM), seed="seed")
TOKENS = {"x": r"POST /2/oauth2/token", "tiktok": r"POST /v2/oauth/token/", "youtube": r"GOOGLE_OAUTH_URL POST /token"}
FIRST_ASKED = {"x": r"GET /2/users/me", "tiktok": r"GET /v2/user/info/", "youtube": r"GET /youtube/v3/channels"}


def collect(application: Application, platform: str) -> Outcome:
    """Collect the one account of a real platform."""
    [outcome] = application.collecting.run("test", Selection(platforms=(platform,))).outcomes
    return outcome


def state_of(application: Application, platform: str) -> str:
    [account] = application.queries.list_accounts(platform=platform)
    return account.state


def count(standin: StandIn, path: str) -> int:
    return sum(asked.path == path for asked in standin.asked)


def everything_of(asked: Asked) -> dict[str, str]:
    """Return all that a request carried, each value by where it stood."""
    return {
        "path": asked.path,
        **{f"query {name}": value for name, value in asked.query.items()},
        **{f"header {name}": value for name, value in asked.headers.items()},
        "body": asked.body.decode(),
    }


# --- where a secret stands ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toy_auth", "stands_in", "value"),
    [
        ({"key": Bearer("token")}, "header authorization", f"Bearer {SECRET}"),
        ({"key": Header("X-Toy-Key", "token")}, "header x-toy-key", SECRET),
        ({"key": Query("key", "token")}, "query key", SECRET),
        ({"key": Form("token_auth", "token")}, "body", f"token_auth={SECRET}"),
        ({"key": Graph("token", "second")}, "header authorization", f"Bearer {SECRET}"),
    ],
    ids=["bearer", "header", "query", "form", "graph"],
)
def test_a_secret_stands_where_it_was_declared_and_nowhere_else(toy: Play, stands_in: str, value: str) -> None:
    """One key too many in an address ends up in the logs of every machine on the way."""
    toy.answer("/kantor", Answered({"followers": 1}))
    toy.add("kantor")

    assert toy.collect()["kantor"].result == "ok"

    [asked] = toy.asked("/kantor")
    assert {place: text for place, text in everything_of(asked).items() if SECRET in text} == {stands_in: value}


@pytest.mark.parametrize("toy_auth", [{"key": Form("token_auth", "token")}])
def test_a_secret_in_a_form_joins_the_fields_that_are_there(toy: Play) -> None:
    """Matomo takes its key as one field of the form that also asks."""
    toy.answer("/kantor", Answered({"followers": 1}))

    toy.fetcher().collect(Request("api", "/kantor", method="POST", form={"method": "API.get", "q": "a&b"}))

    [asked] = toy.asked("/kantor")
    assert asked.form == {"method": "API.get", "q": "a&b", "token_auth": SECRET}
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_json_body_is_sent_as_one(toy: Play) -> None:
    """Google Analytics is asked with a JSON body; what is kept of the question is the same."""
    toy.answer("/kantor", Answered({"followers": 1}))

    toy.fetcher().collect(Request("api", "/kantor", method="POST", json={"dateRanges": [{"startDate": "2026-01-01"}]}))

    [asked] = toy.asked("/kantor")
    assert asked.json() == {"dateRanges": [{"startDate": "2026-01-01"}]}
    assert asked.headers["content-type"] == "application/json"
    assert '"json": {"dateRanges"' in toy.rows(schema.exchanges)[0]["request"]


@pytest.mark.parametrize("toy_auth", [{"key": Graph("token", "second")}])
@pytest.mark.parametrize("toy_keys", [{"token": SECRET, "second": "the-apps-secret"}])
def test_the_proof_of_the_apps_secret_is_made_of_the_very_key_used(toy: Play) -> None:
    """Meta refuses a wrong proof; the app's secret itself never travels."""
    toy.answer("/kantor", Answered({"followers": 1}))
    toy.add("kantor")
    toy.collect()

    [asked] = toy.asked("/kantor")
    expected = hmac.new(b"the-apps-secret", SECRET.encode(), hashlib.sha256).hexdigest()
    assert asked.query["appsecret_proof"] == expected
    assert not [place for place, text in everything_of(asked).items() if "the-apps-secret" in text]
    assert expected not in str(toy.rows(schema.exchanges))


@pytest.mark.parametrize("toy_auth", [{"key": Graph("token", "second")}])
def test_without_the_apps_secret_there_is_no_proof(toy: Play) -> None:
    """Most apps do not demand one; a proof of nothing would be refused."""
    toy.answer("/kantor", Answered({"followers": 1}))
    toy.add("kantor")

    assert toy.collect()["kantor"].result == "ok"
    assert "appsecret_proof" not in toy.asked("/kantor")[0].query


@pytest.mark.parametrize("toy_auth", [{"first": Bearer("second"), "then": Query("key", "token")}])
def test_the_first_way_that_the_keys_allow_is_taken(toy: Play) -> None:
    """Ways are declared best first; an office has the keys it has."""
    toy.answer("/.*", Answered({"followers": 1}))
    toy.add("satu")
    toy.add("dua", second="the-better-key")
    toy.collect()

    assert toy.asked("/satu")[0].query == {"key": SECRET}
    assert "authorization" not in toy.asked("/satu")[0].headers
    assert toy.asked("/dua")[0].query == {}
    assert toy.asked("/dua")[0].bearer == "the-better-key"


@pytest.mark.parametrize("toy_auth", [{"first": Bearer("token"), "then": Query("key", "second")}])
@pytest.mark.parametrize("toy_keys", [{"token": SECRET, "second": "another-key"}])
def test_a_question_may_name_its_way(toy: Play) -> None:
    """Some figures are given to the owner's sign-in only, whatever other keys there are."""
    toy.answer("/kantor", Answered({"followers": 1}))

    toy.fetcher().collect(Request("api", "/kantor", auth="then"))

    assert toy.asked()[0].query == {"key": "another-key"}
    assert toy.asked()[0].bearer == ""


@pytest.mark.parametrize("toy_auth", [{"only": Bearer("second")}])
def test_without_a_key_for_it_nothing_is_asked(toy: Play) -> None:
    """Asking without a sign-in would be refused as if the sign-in had ended."""
    account = toy.add("kantor")

    outcome = toy.collect()["kantor"]

    assert (outcome.result, outcome.problem.code, outcome.requests) == ("failed", "setting", 0)
    assert toy.asked() == []
    assert toy.application.accounts.get(account.id).state == "active"


@pytest.mark.parametrize("toy_auth", [{}])
def test_a_host_that_is_asked_openly_gets_no_secret(toy: Play) -> None:
    """The office's own site is looked at like anybody would."""
    toy.answer("/kantor", Answered({"followers": 1}))
    toy.add("kantor")
    toy.collect()

    assert not [text for text in everything_of(toy.asked()[0]).values() if SECRET in text]


def test_the_address_may_be_a_key_field_of_its_own(toy: Play, standin: StandIn) -> None:
    """A site's own address is no service's: its origin is asked, its path comes with the question."""
    toy.connector.hosts = {"site": Host("", "", from_key="name", answers="any")}
    fetcher = toy.fetcher()
    fetcher.keys = KeyValues({"name": f"{standin.address}/site/deep?x=1"}, {})

    fetcher.collect(Request("site", "/site/"))

    assert standin.asked[-1].host == "SITE_URL"
    assert (standin.asked[-1].path, standin.asked[-1].query) == ("/", {})


# --- short-lived keys -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("toy_auth", [{"owner": RENEWED}])
@pytest.mark.parametrize("toy_keys", [{"seed": "the-long-lived-one"}])
class TestAnySignIn:
    """The rules of renewing, shown on a small platform."""

    def play(self, toy: Play, *tokens: Answered) -> None:
        toy.answer("/token", *tokens)
        toy.answer("/kantor", Answered({"followers": 1}))
        toy.add("kantor")

    def test_the_form_is_filled_where_a_value_is_one_slot(self, toy: Play) -> None:
        """A slot in braces is filled; anything else of the form stays as its connector wrote it."""
        self.play(toy, Answered({"access_token": "short-lived-1", "expires_in": 3600}))

        assert toy.collect()["kantor"].result == "ok"

        [asked] = toy.asked("/token")
        assert asked.form == {**TOKEN_FORM, "refresh_token": "the-long-lived-one"}
        assert toy.asked("/kantor")[0].bearer == "short-lived-1"

    @pytest.mark.parametrize(
        ("lifetime", "good_for"),
        [(3600, 3600), ("7200", 7200), (None, 1800), (0, 1800), (-5, 1800), ("soon", 1800), (90.5, 90.5)],
    )
    def test_a_short_lived_key_is_used_until_a_minute_before_its_end(
        self, toy: Play, clock: SetClock, lifetime: object, good_for: float
    ) -> None:
        """Begun with a dying key, a snapshot would lose its sign-in in the middle. Half an hour if untold."""
        said = {} if lifetime is None else {"expires_in": lifetime}
        self.play(toy, Answered({"access_token": "short-lived-1", **said}), Answered({"access_token": "short-lived-2"}))
        toy.collect()

        clock.sleep(good_for - 61)
        toy.collect()
        assert [asked.bearer for asked in toy.asked("/kantor")] == ["short-lived-1"] * 2

        clock.sleep(1)
        toy.collect()
        assert toy.asked("/kantor")[-1].bearer == "short-lived-2"
        assert len(toy.asked("/token")) == 2

    def test_a_key_refused_before_its_time_is_renewed_once_and_the_question_repeated(self, toy: Play) -> None:
        """Platforms withdraw short-lived keys early; that is no ended sign-in."""
        self.play(toy, Answered({"access_token": "short-lived-1"}), Answered({"access_token": "short-lived-2"}))
        toy.answer("/kantor", Answered({}, 401), Answered({"followers": 8}))

        outcome = toy.collect()["kantor"]

        assert (outcome.result, outcome.readings) == ("ok", 1)
        assert [asked.bearer for asked in toy.asked("/kantor")] == ["short-lived-1", "short-lived-2"]
        [answers] = [row for row in toy.rows(schema.exchanges) if row["step"] and row["status"] == 200]
        assert (answers["step"], answers["attempt"]) == (1, 2)

    def test_refused_again_it_is_an_ended_sign_in(self, toy: Play) -> None:
        """One renewal is a try, a second would be a loop."""
        self.play(toy, Answered({"access_token": "short-lived-1"}), Answered({"access_token": "short-lived-2"}))
        toy.answer("/kantor", Answered({}, 401))

        outcome = toy.collect()["kantor"]

        assert (outcome.result, outcome.problem.code) == ("failed", "access.expired")
        assert (len(toy.asked("/kantor")), len(toy.asked("/token"))) == (2, 2)
        [account] = toy.application.queries.list_accounts()
        assert (account.state, account.state_code) == ("reconnect", "access.expired")

    def test_an_ended_sign_in_is_left_alone_by_this_process_and_the_next(
        self, toy: Play, settings: Settings, clock: SetClock
    ) -> None:
        """Every night would ask a dead sign-in again; after a week one question more finds what was mended there."""
        self.play(toy, Answered({"error": "invalid_grant"}, 400), Answered({"access_token": "short-lived-1"}))

        outcomes = [toy.collect()["kantor"] for _ in range(3)]
        for _ in range(6):
            clock.sleep(24 * 3600)
            with Application.open(settings, clock=clock) as again:
                toy.application = again
                outcomes.append(toy.collect()["kantor"])

        assert {(outcome.problem.code, outcome.problem.message) for outcome in outcomes} == {
            ("access.expired", "refused invalid_grant")
        }
        assert len({outcome.problem.hint for outcome in outcomes}) == 1
        assert len(toy.asked("/token")) == 1
        assert toy.asked("/kantor") == []
        clock.sleep(24 * 3600)
        with Application.open(settings, clock=clock) as again:
            toy.application = again
            assert toy.collect()["kantor"].result == "ok"
            assert again.queries.list_accounts()[0].state == "active"

    def test_an_account_is_good_again_once_it_was_connected_again(self, toy: Play) -> None:
        """The new key is another key: what was refused of the old one says nothing about it."""
        self.play(toy, Answered({"error": "invalid_grant"}, 400), Answered({"access_token": "short-lived-1"}))
        toy.collect()
        assert toy.application.queries.list_accounts()[0].state == "reconnect"

        toy.add("kantor", seed="connected-again")

        assert toy.collect()["kantor"].result == "ok"
        assert toy.application.queries.list_accounts()[0].state == "active"

    @pytest.mark.parametrize(
        "answered",
        [
            Answered("<html>login</html>"),
            Answered([1]),
            Answered({"token_type": "bearer"}),
            Answered({"access_token": ""}),
            Answered({"access_token": 5}),
            Answered({}, 503),
            Answered(None, drop=True),
        ],
        ids=["page", "list", "no key", "empty", "number", "503", "cut"],
    )
    def test_no_answer_of_its_own_is_never_taken_for_an_ended_sign_in(self, toy: Play, answered: Answered) -> None:
        """A captive portal or a dead line would make a person connect an account that is connected."""
        self.play(toy, answered)

        outcome = toy.collect()["kantor"]

        assert (outcome.result, outcome.problem.code) == ("failed", "unreachable")
        assert len(toy.asked("/token")) == 3  # it is tried again like anything that passes
        assert toy.application.queries.list_accounts()[0].state == "active"

    def test_a_sign_in_address_that_wants_to_be_left_alone_is_left_alone(self, toy: Play, clock: SetClock) -> None:
        """Asked again at once, three times, it would only close for longer."""
        self.play(toy, Answered({}, 429), Answered({"access_token": "short-lived-1"}))
        began = clock.now()

        outcome = toy.collect()["kantor"]

        assert (outcome.problem.code, outcome.due_at) == ("throttled", began + timedelta(minutes=15))
        assert toy.collect()["kantor"].problem.code == "throttled"
        assert len(toy.asked("/token")) == 1
        clock.move_to(outcome.due_at)
        assert toy.collect()["kantor"].result == "ok"

    def test_of_a_sign_in_is_kept_that_it_was_and_what_it_was_like(self, toy: Play) -> None:
        """Enough to see later why an account could not be collected; nothing that opens one."""
        given = {
            "access_token": "short-lived-1", "refresh_token": "rotated-1", "expires_in": 3600, "scope": "read",
            "refresh_expires_in": 99, "error_description": "the-long-lived-one was used", "open_id": "private",
        }  # fmt: skip
        self.play(toy, Answered(given))
        toy.collect()

        [row] = [row for row in toy.rows(schema.exchanges) if "/token" in row["request"]]
        assert row["step"] == 0
        body = json.loads(toy.application.queries.find_exchange(row["id"]).body)
        assert body == {
            "names": sorted(given), "expires_in": 3600, "scope": "read", "refresh_expires_in": 99,
            "error_description": "[disembunyikan] was used",
        }  # fmt: skip
        assert "{seed}" in row["request"]

    def test_of_a_sign_in_page_only_its_size_is_kept(self, toy: Play) -> None:
        """What is no answer of the platform's may hold anything."""
        self.play(toy, Answered("<html>short-lived-1</html>"))
        toy.collect()

        kept = {bytes(toy.application.queries.find_exchange(row["id"]).body) for row in toy.rows(schema.exchanges)}
        assert kept == {b'{"bytes": 26}'}

    def test_the_lifetime_of_a_rotated_key_is_remembered(self, toy: Play, clock: SetClock) -> None:
        """TikTok's lives for a year, and a person has to be told before it ends."""
        self.play(toy, Answered({"access_token": "a", "refresh_token": "rotated", "refresh_token_expires_in": 86400}))
        account = toy.application.queries.list_accounts()[0]
        toy.collect()

        opened = toy.application.vault.open_all(account.id)
        assert (opened["seed"].value, opened["seed"].expires_at) == ("rotated", clock.now() + timedelta(days=1))

    @pytest.mark.parametrize("machines", [1, 2], ids=["two threads", "two processes"])
    def test_two_that_need_a_new_key_at_once_have_it_renewed_once(
        self, toy: Play, settings: Settings, machines: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With single-use keys the second renewal would end the whole sign-in."""
        both_want_it = threading.Event()
        wanted: list[str] = []
        account = toy.add("kantor")

        def give(asked: Asked) -> Answered:
            assert both_want_it.wait(10)
            return Answered({"access_token": "short-lived-1", "refresh_token": "rotated-1"})

        toy.answer("/token", give, Answered({"error": "invalid_grant"}, 400))
        toy.answer("/kantor", Answered({"followers": 1}))

        def lock(holder: Holder, name: str) -> AbstractContextManager[object]:
            wanted.append(name)
            if len(wanted) == 2:
                both_want_it.set()
            return usual_lock(holder, name)

        usual_lock = Holder.lock
        monkeypatch.setattr(Holder, "lock", lock)

        def prepare(application: Application, bearers: list[str]) -> None:
            keys = application.keyring.keys_of(toy.connector, account)

            def keep(request, answer, error):
                return Exchange(1, request, answer.status, {}, answer.body, application.clock.now())

            session = Session(toy.connector, account.id, keys, keep)
            prepared = application.shop.sign_in.prepare(session, Request("api", "/kantor"))
            bearers.append(prepared.headers["Authorization"])

        with Application.open(settings, clock=toy.application.clock) as other:
            bearers: list[str] = []
            applications = [toy.application, other if machines == 2 else toy.application]
            threads = [threading.Thread(target=prepare, args=(one, bearers)) for one in applications]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)

        assert bearers == ["Bearer short-lived-1"] * 2
        assert len(toy.asked("/token")) == 1
        assert set(wanted) == {f"signin-{account.id}", "vault"}


BASIC = replace(RENEWED, basic=("name", "second"))


@pytest.mark.parametrize("toy_auth", [{"owner": BASIC}])
@pytest.mark.parametrize("toy_keys", [{"seed": "the-long-lived-one"}])
def test_basic_is_used_where_both_its_slots_are_filled(toy: Play) -> None:
    """X tells confidential applications, which have a secret, from public ones, which must not send one."""
    toy.answer("/token", Answered({"access_token": "short-lived-1"}))
    toy.answer("/.*tik", Answered({"followers": 1}))
    toy.add("cantik", second="apps-secret")
    toy.add("batik")
    toy.collect()

    sent = sorted(asked.headers.get("authorization", "") for asked in toy.asked("/token"))
    assert sent == ["", f"Basic {base64.b64encode(b'cantik:apps-secret').decode()}"]


FRAMED = Refreshed(
    Request("api", "/token", method="POST", json={"client_id": "{name}", "refresh_token": "{seed}", "times": 1}),
    seed="seed", header="Access-Token", within="data",
)  # fmt: skip


@pytest.mark.parametrize("toy_auth", [{"owner": FRAMED}])
@pytest.mark.parametrize("toy_keys", [{"seed": "the-long-lived-one"}])
class TestASignInThatIsFramed:
    """Some services renew by JSON, answer in a frame of code and data, and want the key in a header of their own."""

    def test_it_is_asked_for_by_json_and_attached_by_its_header(self, toy: Play, clock: SetClock) -> None:
        """A bearer, or a form, would be refused as if the sign-in had ended."""
        given = {"access_token": "short-lived-1", "refresh_token": "rotated-1", "refresh_token_expires_in": 86400}
        toy.answer("/token", Answered({"code": 0, "message": "OK", "data": given}))
        toy.answer("/kantor", Answered({"followers": 1}))
        account = toy.add("kantor")

        assert toy.collect()["kantor"].result == "ok"

        [token] = toy.asked("/token")
        assert token.json() == {"client_id": "kantor", "refresh_token": "the-long-lived-one", "times": 1}
        [asked] = toy.asked("/kantor")
        assert asked.headers["access-token"] == "short-lived-1"
        assert "authorization" not in asked.headers
        opened = toy.application.vault.open_all(account.id)["seed"]
        assert (opened.value, opened.expires_at) == ("rotated-1", clock.now() + timedelta(days=1))

    def test_of_a_refusal_its_number_and_words_are_kept(self, toy: Play) -> None:
        """It comes with status 200; without its number nobody could say later why the account stood still."""
        toy.answer("/token", Answered({"code": 401, "message": "the-long-lived-one has ended", "data": {}}))
        toy.add("kantor")
        toy.collect()

        row = toy.rows(schema.exchanges)[0]
        assert json.loads(toy.application.queries.find_exchange(row["id"]).body) == {
            "names": ["code", "data", "message"], "code": 401, "message": "[disembunyikan] has ended",
        }  # fmt: skip

    @pytest.mark.parametrize("body", [{"code": 0}, {"code": 0, "data": None}, {"code": 0, "data": ["short-lived-1"]}])
    def test_an_empty_frame_is_a_passing_fault(self, toy: Play, body: dict[str, Any]) -> None:
        """It says nothing about the sign-in, so nobody is asked to connect again."""
        toy.answer("/token", Answered(body))
        toy.add("kantor")

        assert toy.collect()["kantor"].problem.code == "unreachable"


@pytest.mark.parametrize("toy_auth", [{"owner": RENEWED, "public": Query("key", "token")}])
@pytest.mark.parametrize("toy_keys", [{"seed": "the-long-lived-one", "token": SECRET}])
def test_where_the_sign_in_has_ended_the_next_way_is_taken(toy: Play) -> None:
    """What anybody may ask with a public key must not be lost with the owner's sign-in."""
    toy.answer("/token", Answered({"error": "invalid_grant"}, 400))
    toy.answer("/kantor", Answered({"followers": 1}))
    toy.add("kantor")

    assert toy.collect()["kantor"].result == "ok"
    assert toy.asked("/kantor")[0].query == {"key": SECRET}


# --- the three platforms that renew ---------------------------------------------------------------------------------


def renewals(standin: StandIn, platform: str) -> list[Asked]:
    """List the renewals that were asked for."""
    return [
        asked for asked in standin.asked if re.search(TOKENS[platform], f"{asked.host} {asked.method} {asked.path}")
    ]


def watch_tokens(standin: StandIn, where: str) -> list[dict[str, Any]]:
    """Return a list that fills with the sign-in answers that the stand-in gives."""
    given: list[dict[str, Any]] = []

    def look(asked: Asked, good: Answered) -> Answered:
        given.append(good.body)
        return good

    standin.faults.append(Fault(where, look, times=None))
    return given


@pytest.mark.parametrize("platform", ["x", "tiktok", "youtube"])
def test_each_platform_is_asked_with_the_key_that_its_sign_in_gave(
    application: Application, standin: StandIn, environment: dict[str, str], platform: str
) -> None:
    """The declared sign-ins fit the contracts: what is sent, where, and what is then used."""
    given = watch_tokens(standin, TOKENS[platform])

    assert collect(application, platform).result == "ok"

    [token] = renewals(standin, platform)
    sent = {name: environment[name] for name in environment if name.endswith(("CLIENT_ID", "CLIENT_KEY"))}
    match platform:
        case "x":
            basic = base64.b64encode(f"{sent['X_CLIENT_ID']}:{environment['X_CLIENT_SECRET']}".encode()).decode()
            assert token.headers["authorization"] == f"Basic {basic}"
            assert token.form["client_id"] == sent["X_CLIENT_ID"]
        case "tiktok":
            assert token.form["client_key"] == sent["TIKTOK_CLIENT_KEY"]
            assert token.form["client_secret"] == environment["TIKTOK_CLIENT_SECRET"]
        case "youtube":
            assert token.form["client_id"] == sent["GOOGLE_CLIENT_ID"]
            assert token.form["client_secret"] == environment["GOOGLE_CLIENT_SECRET"]
    assert token.form["refresh_token"] == environment[f"{platform.upper()}_REFRESH_TOKEN"]
    data = [asked for asked in standin.asked if asked.bearer]
    assert {asked.bearer for asked in data} == {given[0]["access_token"]}
    assert all("refresh" not in str(everything_of(asked)) for asked in data)


@pytest.mark.parametrize("platform", ["x", "tiktok"])
def test_a_rotated_pair_is_sealed_before_its_first_use(
    application: Application, standin: StandIn, platform: str
) -> None:
    """The old key is dead once the new one was given: a power cut in between must not cost the sign-in."""
    given = watch_tokens(standin, TOKENS[platform])
    sealed: list[list[str]] = []

    def look(asked: Asked, good: Answered) -> Answered:
        [account] = application.queries.list_accounts(platform=platform)
        sealed.append([opened.value for opened in application.vault.open_all(account.id).values()])
        return good

    standin.faults.append(Fault(FIRST_ASKED[platform], look))
    assert collect(application, platform).result == "ok"

    [at_first_use] = sealed
    assert sorted(at_first_use) == sorted([given[0]["access_token"], given[0]["refresh_token"]])


@pytest.mark.parametrize("platform", ["x", "tiktok"])
def test_a_crash_after_the_renewal_does_not_cost_the_sign_in(
    application: Application, settings: Settings, standin: StandIn, clock: SetClock, platform: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A process died with the new pair in hand: the next one goes on with it, even when the short-lived key ended."""
    send = application.http.send

    def die_after_sign_in(slug: str, prepared: Any) -> Any:
        if "token" not in prepared.url:
            raise RuntimeError("the power is cut")
        return send(slug, prepared)

    monkeypatch.setattr(application.http, "send", die_after_sign_in)
    assert collect(application, platform).problem.code == "unforeseen"
    application.close()
    clock.sleep(3 * 3600)

    with Application.open(settings, clock=clock) as again:
        assert collect(again, platform).result == "ok"
        assert state_of(again, platform) == "active"


@pytest.mark.parametrize("platform", ["x", "tiktok"])
def test_the_vaults_pair_wins_while_the_environment_stays(
    application: Application, settings: Settings, standin: StandIn, clock: SetClock, platform: str
) -> None:
    """The environment holds the key of the day it was connected: used a second time it would end the sign-in."""
    for _ in range(3):
        with Application.open(settings, clock=clock) as each:
            assert collect(each, platform).result == "ok"
        clock.sleep(3 * 3600)

    sent = [asked.form["refresh_token"] for asked in renewals(standin, platform)]
    assert len(set(sent)) == len(sent) == 3


@pytest.mark.parametrize(
    ("platform", "another"),
    [("x", x_contract.refresh_token(7)), ("tiktok", tiktok_contract.refresh_token("display", 7))],
    ids=["x", "tiktok"],
)
def test_a_new_value_in_the_environment_wins_over_the_vault(
    application: Application, environment: dict[str, str], standin: StandIn, clock: SetClock, platform: str,
    another: str,
) -> None:  # fmt: skip
    """Somebody connected the account again: the sealed pair is of no use any more, nor its short-lived key."""
    assert collect(application, platform).result == "ok"
    application.close()

    changed = load({**environment, f"{platform.upper()}_REFRESH_TOKEN": another})
    with Application.open(changed, clock=clock) as again:
        assert collect(again, platform).result == "ok"

    posted = [asked.form["refresh_token"] for asked in renewals(standin, platform)]
    assert posted == [environment[f"{platform.upper()}_REFRESH_TOKEN"], another]


def test_an_ended_sign_in_of_tiktok_marks_the_account_and_costs_no_other(
    application: Application, standin: StandIn
) -> None:
    """A person has to connect it again; until then everything else goes on."""
    standin.contracts["tiktok"].display.tokens.revoked = True

    result = application.collecting.run("test", Selection(platforms=("tiktok", "x", "instagram")))

    results = {outcome.platform: outcome.result for outcome in result.outcomes}
    assert results == {"tiktok": "failed", "x": "ok", "instagram": "ok"}
    assert [(one.platform, one.state, one.state_code) for one in application.queries.list_accounts()
            if one.state != "active"] == [("tiktok", "reconnect", "access.revoked")]  # fmt: skip
    [problem] = [outcome.problem for outcome in result.outcomes if outcome.problem]
    assert problem.hint.startswith("Sambungkan ulang akun TikTok ini")


def test_without_its_sign_in_youtube_still_gives_its_public_counts(
    application: Application, standin: StandIn, rows: Callable[..., list[dict[str, Any]]]
) -> None:
    """The key for public figures is enough for the subscribers: they cannot be had later."""
    standin.contracts["youtube"].expired = True

    outcome = collect(application, "youtube")

    assert (outcome.result, outcome.problem.code) == ("partial", "access.expired")
    assert outcome.readings >= 3
    assert state_of(application, "youtube") == "reconnect"
    assert "followers:account:now" in {row["measure"] for row in rows(schema.series)}
    assert count(standin, "/token") == 1
    assert all("key" in asked.query for asked in standin.asked if asked.host == "YOUTUBE_DATA_URL")


@pytest.mark.parametrize("platform", ["x", "tiktok", "youtube"])
@pytest.mark.parametrize(
    "change",
    [cut, broken(503), broken(200), broken(403), truncated, lambda asked, good: Answered("", 302, {"Location": "/"})],
    ids=["cut", "503", "page", "page with 403", "truncated", "redirect"],
)
def test_a_line_in_trouble_is_never_an_ended_sign_in(
    application: Application, standin: StandIn, platform: str, change: Callable[[Asked, Answered], Answered]
) -> None:
    """The office's line drops daily; nobody must be sent to connect six accounts again for that."""
    standin.faults.append(Fault(TOKENS[platform], change, times=None))

    outcome = collect(application, platform)

    assert outcome.result == "failed"
    assert outcome.problem.code == "unreachable"
    assert state_of(application, platform) == "active"


@pytest.mark.parametrize("platform", ["x", "tiktok"])
def test_a_key_that_a_real_platform_refuses_early_is_renewed(
    application: Application, standin: StandIn, platform: str
) -> None:
    """The platforms' own refusals, in their own words, lead to the same renewal."""
    refusals = {
        "x": Answered({"title": "Unauthorized", "status": 401}, 401),
        "tiktok": Answered({"data": {}, "error": {"code": "access_token_invalid", "message": ""}}, 401),
    }
    standin.faults.append(Fault(FIRST_ASKED[platform], lambda asked, good: refusals[platform]))

    assert collect(application, platform).result == "ok"
    assert len(renewals(standin, platform)) == 2


def test_no_answer_of_a_sign_in_is_kept_anywhere(
    application: Application, settings: Settings, standin: StandIn, early: SetClock, bodies: Callable[[], list[bytes]]
) -> None:
    """A copied home must open nothing: no key that was given, in no file and no table."""
    given = {where: watch_tokens(standin, where) for where in (*TOKENS.values(), r"POST /open_api/.*/refresh_token/")}
    application.collecting.run("test", Selection())

    secrets = [answer[name] for answers in given.values() for answer in (one.get("data", one) for one in answers)
               for name in ("access_token", "refresh_token") if name in answer]  # fmt: skip
    assert len(secrets) >= 8
    everything = [path.read_bytes() for path in settings.home.rglob("*") if path.is_file()] + bodies()
    assert len(everything) > 10
    for secret in secrets:
        assert not [one for one in everything if secret.encode() in one], secret


# --- the vault's key ------------------------------------------------------------------------------------------------


def spoil_key(path: Path, how: str) -> None:
    """Take the key away, or put another or a damaged one in its place."""
    match how:
        case "missing":
            path.unlink()
        case "another":
            path.write_bytes(base64.urlsafe_b64encode(b"k" * 32) + b"\n")
        case "damaged":
            path.write_text("no key at all\n")
        case "empty":
            path.write_text("")


@pytest.mark.parametrize("how", ["missing", "another", "damaged", "empty"])
def test_without_the_right_key_nothing_is_asked_and_nothing_is_overwritten(
    application: Application, settings: Settings, standin: StandIn, clock: SetClock, how: str,
    rows: Callable[..., list[dict[str, Any]]],
) -> None:  # fmt: skip
    """A restored home without its key: a fresh key or a fresh sign-in in its place would end what could be mended."""
    assert collect(application, "x").result == "ok"
    sealed = rows(schema.credentials)
    application.close()
    spoil_key(settings.key_file, how)
    left = settings.key_file.read_bytes() if settings.key_file.exists() else None
    asked = len(standin.asked)
    clock.sleep(3 * 3600)

    with Application.open(settings, clock=clock) as again:
        outcome = next(iter(again.collecting.choose(Selection(platforms=("x",)))[1]))

        assert (outcome.result, outcome.problem.code) == ("failed", "setup")
        assert str(settings.key_file) in outcome.problem.message
        assert "\n" not in outcome.problem.message
        assert len(standin.asked) == asked
        assert rows(schema.credentials) == sealed
        assert (settings.key_file.read_bytes() if settings.key_file.exists() else None) == left
