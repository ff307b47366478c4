"""What is peculiar to TikTok: scopes that can be withheld one by one, faults in good-looking answers, used-up keys."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.tiktok import TikTokContract
from collector.demo.world import World
from connectors.kit import (
    AccessError,
    Account,
    Action,
    Exchange,
    Gap,
    Moment,
    NotOfferedError,
    Reading,
    Reason,
    Request,
    SettingError,
    ShapeError,
    ThrottledError,
    UnreachableError,
)
from connectors.kit.errors import GarbledError
from connectors.tiktok import CONNECTOR

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
COUNTS = {"followers:account:now", "following:account:now", "posts:account:now", "likes:account:now"}
TOKEN = "/v2/oauth/token/"
USER = "/v2/user/info/"


@pytest.fixture
def contract(clock):
    return TikTokContract(World(clock))


@pytest.fixture
def talk(ask, contract):
    return ask(contract, CONNECTOR)


def collect(talk, **more):
    return talk.collect(talk.assignment(date(2026, 11, 1), date(2026, 11, 20), **more))


def answered(body, status=200, path=USER, headers=None):
    """An answer as it is diagnosed."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(1, Request("display", path), status, headers or {}, text, NOW)


def refused(code, status, **more):
    return answered({"data": {}, "error": {"code": code, "message": "m", "log_id": "l"}}, status, **more)


def test_the_four_counts_are_read_as_they_stand(talk, contract):
    """The followers of a report are exactly what the answer prints, at the snapshot's moment."""
    collected = collect(talk)

    shown = contract._profile()
    assert collected.error is None
    assert {one.measure.key: one.value for one in collected.all(Reading)} == {
        "followers:account:now": shown["follower_count"],
        "following:account:now": shown["following_count"],
        "posts:account:now": shown["video_count"],
        "likes:account:now": shown["likes_count"],
    }
    assert {one.when for one in collected.observations} == {Moment(NOW)}
    assert len(talk.exchanges) == 1
    assert {one.place.pointer for one in collected.observations if one.measure.key == "followers:account:now"} == {
        "body:/data/user/follower_count"
    }


def test_a_count_that_is_left_out_is_a_gap_and_never_a_zero(talk, contract):
    """TikTok may leave a number out; a follower count of 0 would be a false loss of every follower."""
    contract.missing = {"follower_count", "likes_count"}

    collected = collect(talk)

    assert {one.measure.key: one.reason for one in collected.all(Gap)} == {
        "followers:account:now": Reason.NOT_OFFERED,
        "likes:account:now": Reason.NOT_OFFERED,
    }
    assert {one.measure.key for one in collected.all(Reading)} == {"following:account:now", "posts:account:now"}


@pytest.mark.parametrize(("code", "requests"), [("scope_permission_missed", 5), ("scope_not_authorized", 1)])
def test_withheld_statistics_are_gaps_with_the_answer_as_evidence(talk, contract, code, requests):
    """A person who unticks the statistics gets "not permitted" in the report, not a broken account."""
    contract.scopes = {"user.info.basic", "user.info.profile"}
    contract.withheld = code

    collected = collect(talk)

    assert collected.error is None
    assert {(one.measure.key, one.reason) for one in collected.all(Gap)} == {
        (key, Reason.NOT_PERMITTED) for key in COUNTS
    }
    assert {one.place.pointer for one in collected.observations} == {"body:/error/code"}
    assert len(talk.exchanges) == requests


def test_one_refused_field_does_not_cost_the_others(ask, contract):
    """A field that moves to another scope fails the whole call; the other three must still come."""
    talk = ask(contract, CONNECTOR)
    whole = contract.answer

    def answer(asked):
        if "likes_count" in asked.query.get("fields", ""):
            return contract._fault(400, "scope_permission_missed", "likes_count needs another scope")
        return whole(asked)

    contract.answer = answer

    collected = collect(talk)

    assert {one.measure.key for one in collected.all(Reading)} == COUNTS - {"likes:account:now"}
    assert [(one.measure.key, one.reason) for one in collected.all(Gap)] == [
        ("likes:account:now", Reason.NOT_PERMITTED)
    ]


def test_a_dead_measure_is_not_asked_for(talk):
    """What TikTok lately refused is not asked again; the report still says why it is missing."""
    collected = collect(talk, dead_measures=frozenset({"likes:account:now"}))

    assert talk.asked[-1].query["fields"] == "follower_count,following_count,video_count"
    assert [(one.measure.key, one.reason, one.place) for one in collected.all(Gap)] == [
        ("likes:account:now", Reason.RETIRED, None)
    ]
    assert len(collected.all(Reading)) == 3


def test_nothing_is_asked_when_everything_is_dead(talk):
    """An empty list of fields would be a refused request."""
    collected = collect(talk, dead_measures=frozenset(COUNTS))

    assert talk.asked == []
    assert len(collected.all(Gap)) == 4


def test_a_fault_with_status_200_is_a_fault(talk, contract):
    """TikTok may put an error into a good-looking answer; believing the status would read nothing as shape damage."""
    contract.faults_with_200 = True
    contract.expired = True

    collected = collect(talk)

    assert isinstance(collected.error, AccessError)
    assert collected.error.code == "access.expired"
    assert collected.observations == ()


def test_an_answer_without_the_account_is_a_shape_error(talk, contract):
    """Four gaps would hide that the contract itself has changed."""
    contract.answer = lambda asked, good=contract.answer: (
        good(asked)
        if asked.path == TOKEN
        else type(good(asked))({"data": {}, "error": {"code": "ok", "message": "", "log_id": ""}})
    )

    collected = collect(talk)

    assert isinstance(collected.error, ShapeError)
    assert "/data/user" in collected.error.message


def test_check_says_who_it_is(talk):
    """The open id binds the account; the @name is what people type."""
    profile = talk.check()

    assert profile.id == "723f24d7-e717-40f8-a2b6-cb8464cd23b4"
    assert (profile.handle, profile.name) == ("kpu_contoh", "KPU Kota Contoh")
    assert profile.link == "https://vm.tiktok.com/ABcdEfghi/"
    assert len(talk.exchanges) == 1


@pytest.mark.parametrize("code", ["scope_permission_missed", "scope_not_authorized"])
def test_check_goes_without_the_username_where_its_scope_was_withheld(talk, contract, code):
    """The @name has a scope of its own; without it the displayed name stands in."""
    contract.scopes = {"user.info.basic"}
    contract.withheld = code

    profile = talk.check()

    assert profile.id == "723f24d7-e717-40f8-a2b6-cb8464cd23b4"
    assert (profile.handle, profile.link) == ("KPU Kota Contoh", "")


def test_check_takes_the_id_alone(talk, contract):
    """Only the id is sure to be there."""
    contract.missing = {"display_name", "username", "profile_deep_link"}

    assert talk.check().id == "723f24d7-e717-40f8-a2b6-cb8464cd23b4"
    assert talk.check().handle == ""


def test_check_asks_for_a_new_sign_in_where_not_even_the_basics_are_allowed(talk, contract):
    """Skipping would leave an account that can never be bound; a person has to tick the permissions."""
    contract.scopes = set()

    with pytest.raises(AccessError) as caught:
        talk.check()

    assert caught.value.code == "access.scope"
    assert "centang" in caught.value.hint.id


@pytest.mark.parametrize(
    ("exchange", "kind", "code"),
    [
        (refused("access_token_invalid", 401), AccessError, "access.expired"),
        (refused("scope_not_authorized", 401), NotOfferedError, "not_offered.scope"),
        (refused("scope_permission_missed", 400), NotOfferedError, "not_offered.field"),
        (refused("invalid_params", 400), ShapeError, "shape.request"),
        (refused("rate_limit_exceeded", 429), ThrottledError, "throttled.app"),
        (refused("rate_limit_exceeded", 200), ThrottledError, "throttled.app"),
        (refused("internal_error", 500), UnreachableError, "unreachable"),
        (refused("internal_error", 200), UnreachableError, "unreachable"),
        (refused("invalid_file_upload", 400), ShapeError, "shape.error"),
        (refused("a_new_word", 401), AccessError, "access.refused"),
        (answered({"error": {"message": "slow down"}}, 429), ThrottledError, "throttled.app"),
        (answered({"error": {"message": "no code"}}, 404), ShapeError, "shape.error"),
        (answered({"detail": "a proxy's"}, 403), ShapeError, "shape"),
        (answered(b"<html>", 502), UnreachableError, "unreachable"),
        (answered(b"<html>", 401), UnreachableError, "unreachable"),
        (answered(b"<html>", 302), UnreachableError, "unreachable"),
    ],
)
def test_each_fault_of_data_calls_has_its_class(exchange, kind, code):
    """What happens next depends on the class: a proxy's page with 401 must never be taken for a dead sign-in."""
    error = CONNECTOR.diagnose(exchange)

    assert (type(error), error.code) == (kind, code)
    assert error.place is not None


@pytest.mark.parametrize(
    ("word", "kind", "code"),
    [
        ("invalid_grant", AccessError, "access.revoked"),
        ("access_denied", AccessError, "access.revoked"),
        ("a_new_word", AccessError, "access.refused"),
        ("invalid_client", SettingError, "setting.app_secret"),
        ("unauthorized_client", SettingError, "setting.app_secret"),
        ("invalid_request", SettingError, "setting.sign_in"),
        ("invalid_scope", SettingError, "setting.sign_in"),
        ("unsupported_grant_type", SettingError, "setting.sign_in"),
        ("unsupported_response_type", SettingError, "setting.sign_in"),
        ("server_error", UnreachableError, "unreachable"),
        ("temporarily_unavailable", UnreachableError, "unreachable"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_each_fault_of_a_renewal_has_its_class(word, kind, code, status):
    """Renewals have flat faults, perhaps with status 200; the wrong class would ask people to sign in for nothing."""
    error = CONNECTOR.diagnose(answered({"error": word, "error_description": "d", "log_id": "l"}, status, TOKEN))

    assert (type(error), error.code) == (kind, code)
    assert error.place.pointer == "body:/error"


def test_good_answers_have_no_fault():
    """A renewal's answer has no error member at all, a data call's says "ok"."""
    assert CONNECTOR.diagnose(answered({"access_token": "act.x", "expires_in": 7200}, 200, TOKEN)) is None
    assert CONNECTOR.diagnose(refused("ok", 200)) is None
    assert CONNECTOR.diagnose(answered({"data": {}, "error": {}})) is None
    assert CONNECTOR.diagnose(answered({"access_token": "act.x", "error": ""}, 200, TOKEN)) is None


def test_the_wait_is_a_minute_unless_the_answer_says_otherwise():
    """The limit is a sliding minute without headers; a Retry-After that comes all the same is believed."""
    plain = CONNECTOR.diagnose(refused("rate_limit_exceeded", 429))
    told = CONNECTOR.diagnose(refused("rate_limit_exceeded", 429, headers={"retry-after": "300"}))

    assert plain.after == timedelta(minutes=1)
    assert told.after == timedelta(minutes=5)


def test_throttling_and_faults_end_the_collection(talk, contract):
    """Going on after "slow down" would make it worse; a passing fault is tried again later."""
    contract.throttled = True
    assert collect(talk).error.action is Action.WAIT

    contract.throttled, contract.failing = False, True
    assert collect(talk).error.action is Action.RETRY


def test_a_truncated_answer_is_asked_again(talk, contract):
    """Half an answer is damage on the way, not a change of the contract."""
    contract.answer = lambda asked, good=contract.answer: (
        good(asked) if asked.path == TOKEN else type(good(asked))(good(asked).encoded()[0][:40])
    )

    error = collect(talk).error

    assert isinstance(error, GarbledError)
    assert error.action is Action.RETRY


def test_wrong_keys_are_a_setting_to_mend(ask, contract):
    """A typing error in the secret is not mended by signing in again."""
    talk = ask(contract, CONNECTOR)
    wrong = ask(contract, CONNECTOR, {**talk.keys, "client_secret": "wrong"})

    assert collect(wrong).error.code == "setting.app_secret"


def test_a_revoked_permission_needs_a_person(talk, contract):
    """Only the account's owner can give it again."""
    contract.revoked = True

    assert collect(talk).error.action is Action.RECONNECT


def test_the_handle_is_compared_without_at_sign_and_case():
    """People write the same account as `@KPU_contoh` and `kpu_contoh`."""
    assert CONNECTOR.handle_key("@KPU_Contoh ") == CONNECTOR.handle_key("kpu_contoh")
    assert CONNECTOR.check(Account(None, ""), _profile_fetch).handle == "kpu_contoh"


def _profile_fetch(request):
    body = b'{"data":{"user":{"open_id":"1","username":"kpu_contoh"}},"error":{"code":"ok"}}'
    return Exchange(1, request, 200, {}, body, NOW).root()
