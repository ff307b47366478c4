"""The account at TikTok's Display service: scopes withheld one by one, faults in good-looking answers, used-up keys."""

from datetime import UTC, date, datetime

import pytest

from connectors.kit import (
    AccessError,
    Account,
    Action,
    Exchange,
    Gap,
    Moment,
    Reading,
    Reason,
    ShapeError,
    Subject,
)
from connectors.kit.errors import GarbledError
from connectors.tiktok import CONNECTOR
from connectors.tiktok.display import find_address

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
COUNTS = {"followers:account:now", "following:account:now", "posts:account:now", "likes:account:now"}
TOKEN = "/v2/oauth/token/"
USER = "/v2/user/info/"


def collect(talk, **more):
    return talk.collect(talk.assignment(date(2026, 11, 1), date(2026, 11, 20), **more))


def of_account(collected, kind):
    """List the observations of a class that are about the account itself."""
    return [one for one in collected.all(kind) if one.measure.subject is Subject.ACCOUNT]


def asked_users(talk):
    return [asked for asked in talk.asked if asked.path == USER]


def test_the_four_counts_are_read_as_they_stand(talk, contract):
    """The followers of a report are exactly what the answer prints, at the snapshot's moment."""
    collected = collect(talk)

    shown, read = contract.display.profile(), of_account(collected, Reading)
    assert collected.error is None
    assert {one.measure.key: one.value for one in read} == {
        "followers:account:now": shown["follower_count"],
        "following:account:now": shown["following_count"],
        "posts:account:now": shown["video_count"],
        "likes:account:now": shown["likes_count"],
    }
    assert {one.when for one in read} == {Moment(NOW)}
    assert len(asked_users(talk)) == 1
    assert {one.place.pointer for one in read if one.measure.key == "followers:account:now"} == {
        "body:/data/user/follower_count"
    }


def test_a_count_that_is_left_out_is_a_gap_and_never_a_zero(talk, contract):
    """TikTok may leave a number out; a follower count of 0 would be a false loss of every follower."""
    contract.display.missing = {"follower_count", "likes_count"}

    collected = collect(talk)

    assert {one.measure.key: one.reason for one in of_account(collected, Gap)} == {
        "followers:account:now": Reason.NOT_OFFERED,
        "likes:account:now": Reason.NOT_OFFERED,
    }
    assert {one.measure.key for one in of_account(collected, Reading)} == {"following:account:now", "posts:account:now"}


@pytest.mark.parametrize(("code", "requests"), [("scope_permission_missed", 5), ("scope_not_authorized", 1)])
def test_withheld_statistics_are_gaps_with_the_answer_as_evidence(talk, contract, code, requests):
    """A person who unticks the statistics gets "not permitted" in the report, not a broken account."""
    contract.display.scopes = {"user.info.basic", "user.info.profile", "video.list"}
    contract.display.withheld = code

    collected = collect(talk)

    assert collected.error is None
    assert {(one.measure.key, one.reason) for one in of_account(collected, Gap)} == {
        (key, Reason.NOT_PERMITTED) for key in COUNTS
    }
    assert {one.place.pointer for one in of_account(collected, Gap)} == {"body:/error/code"}
    assert len(asked_users(talk)) == requests
    assert collected.all(Reading, "views:post:now")


@pytest.mark.parametrize(
    ("code", "reason"), [("scope_permission_missed", Reason.NOT_PERMITTED), ("invalid_params", Reason.RETIRED)]
)
def test_one_refused_field_does_not_cost_the_others(talk, contract, code, reason):
    """A field that moves to another scope, or goes, fails the whole call; the other three must still come."""
    whole = contract.answer

    def answer(asked):
        if "likes_count" in asked.query.get("fields", ""):
            return contract.display.fault(400, code, "likes_count")
        return whole(asked)

    contract.answer = answer

    collected = collect(talk)

    assert {one.measure.key for one in of_account(collected, Reading)} == COUNTS - {"likes:account:now"}
    [gap] = of_account(collected, Gap)
    assert (gap.measure.key, gap.reason) == ("likes:account:now", reason)
    assert gap.place is not None


def test_a_question_that_is_wrong_as_a_whole_is_said_to_be(talk, contract):
    """Four "retired" figures would hide a fault of ours for a month."""
    whole = contract.answer
    contract.answer = lambda asked: (
        contract.display.fault(400, "invalid_params", "?") if asked.path == USER else whole(asked)
    )

    collected = collect(talk)

    assert collected.error.code == "shape.request"
    assert collected.observations == ()


def test_a_dead_measure_is_not_asked_for(talk):
    """What TikTok lately refused is not asked again; the report still says why it is missing."""
    collected = collect(talk, dead_measures=frozenset({"likes:account:now"}))

    assert [asked.query["fields"] for asked in asked_users(talk)] == ["follower_count,following_count,video_count"]
    assert [(one.measure.key, one.reason, one.place) for one in of_account(collected, Gap)] == [
        ("likes:account:now", Reason.RETIRED, None)
    ]
    assert len(of_account(collected, Reading)) == 3


def test_nothing_is_asked_when_everything_is_dead(talk):
    """An empty list of fields would be a refused request."""
    collected = collect(talk, dead_measures=frozenset(one.key for one in CONNECTOR.measures))

    assert talk.asked == []
    assert len(of_account(collected, Gap)) == 4
    assert {one.reason for one in collected.all(Gap)} == {Reason.RETIRED}


def test_a_fault_with_status_200_is_a_fault(talk, contract):
    """TikTok may put an error into a good-looking answer; believing the status would read nothing as shape damage."""
    contract.display.faults_with_200 = True
    contract.display.tokens.expired = True

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
    assert (profile.link, profile.bio_link) == ("https://vm.tiktok.com/ABcdEfghi/", "kpu-contoh.go.id")
    assert len(talk.exchanges) == 1


@pytest.mark.parametrize("code", ["scope_permission_missed", "scope_not_authorized"])
def test_check_goes_without_the_username_where_its_scope_was_withheld(talk, contract, code):
    """The @name has a scope of its own; without it the displayed name stands in."""
    contract.display.scopes = {"user.info.basic"}
    contract.display.withheld = code

    profile = talk.check()

    assert profile.id == "723f24d7-e717-40f8-a2b6-cb8464cd23b4"
    assert (profile.handle, profile.link) == ("KPU Kota Contoh", "")


def test_check_takes_the_id_alone(talk, contract):
    """Only the id is sure to be there."""
    contract.display.missing = {"display_name", "username", "profile_deep_link", "bio_description"}

    assert talk.check().id == "723f24d7-e717-40f8-a2b6-cb8464cd23b4"
    assert talk.check().handle == ""


def test_check_asks_for_a_new_sign_in_where_not_even_the_basics_are_allowed(talk, contract):
    """Skipping would leave an account that can never be bound; a person has to tick the permissions."""
    contract.display.scopes = set()

    with pytest.raises(AccessError) as caught:
        talk.check()

    assert caught.value.code == "access.scope"
    assert "centang" in caught.value.hint.id


def test_throttling_and_faults_end_the_collection(talk, contract):
    """Going on after "slow down" would make it worse; a passing fault is tried again later."""
    contract.display.throttled = True
    assert collect(talk).error.action is Action.WAIT

    contract.display.throttled, contract.display.failing = False, True
    assert collect(talk).error.action is Action.RETRY


def test_a_truncated_answer_is_asked_again(talk, contract):
    """Half an answer is damage on the way, not a change of the contract."""
    contract.answer = lambda asked, good=contract.answer: (
        good(asked) if asked.path == TOKEN else type(good(asked))(good(asked).encoded()[0][:40])
    )

    error = collect(talk).error

    assert isinstance(error, GarbledError)
    assert error.action is Action.RETRY


def test_wrong_keys_are_a_setting_to_mend(ask, contract, talk):
    """A typing error in the secret is not mended by signing in again."""
    wrong = ask(contract, CONNECTOR, {**talk.keys, "client_secret": "wrong"})

    assert collect(wrong).error.code == "setting.app_secret"


def test_a_revoked_permission_needs_a_person(talk, contract):
    """Only the account's owner can give it again."""
    contract.display.tokens.revoked = True

    assert collect(talk).error.action is Action.RECONNECT


@pytest.mark.parametrize(
    ("bio", "address"),
    [
        ("Akun resmi. kpu-contoh.go.id", "kpu-contoh.go.id"),
        ("Kunjungi https://kab-contoh.kpu.go.id/berita, ya", "https://kab-contoh.kpu.go.id/berita"),
        ("WWW.KPU-Contoh.go.id.", "WWW.KPU-Contoh.go.id"),
        ("surel: humas@kpu-contoh.go.id", ""),
        ("humas.satu@kpu.go.id | kpu.go.id", "kpu.go.id"),
        ("@kpu.contoh di tempat lain", ""),
        ("Melayani. Jujur, adil 24.7", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_bio_is_found_in_its_text(bio, address):
    """TikTok gives the bio as one text; an e-mail address in it is no site to look at."""
    assert find_address(bio) == address


def test_the_handle_is_compared_without_at_sign_and_case():
    """People write the same account as `@KPU_contoh` and `kpu_contoh`."""
    assert CONNECTOR.handle_key("@KPU_Contoh ") == CONNECTOR.handle_key("kpu_contoh")
    assert CONNECTOR.check(Account(None, ""), _profile_fetch).handle == "kpu_contoh"


def _profile_fetch(request):
    body = b'{"data":{"user":{"open_id":"1","username":"kpu_contoh"}},"error":{"code":"ok"}}'
    return Exchange(1, request, 200, {}, body, NOW).root()
