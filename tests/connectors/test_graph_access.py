"""What Meta says of a key: asked of the stand-in, which speaks facebook.md §2.1."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conversation import Conversation

from collector.demo.contracts.facebook import PAGE_ID, USER_KEY, FacebookContract
from collector.demo.contracts.instagram import USER_ID, InstagramContract
from collector.demo.graph.keys import Key
from collector.demo.graph.sign_in import APP_ID, APP_SECRET, LONG_SECONDS, PERSON, SCOPES
from collector.demo.standin import Answered, Asked
from collector.demo.world import World
from connectors.facebook import CONNECTOR as FACEBOOK
from connectors.instagram import CONNECTOR as INSTAGRAM
from connectors.kit import AccessError, Profile, SettingError

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
SECOND = int(NOW.timestamp())
EVERY = tuple(SCOPES)
APP = {"app_id": APP_ID, "app_secret": APP_SECRET}
ANOTHER_PAGE = "711000000000002"


class Retold(FacebookContract):
    """A Page's contract that says of keys what a test wants, beside what is so; `refusal` is said instead."""

    told: dict[str, Any] = {}  # noqa: RUF012 - set anew by each test that uses it
    refusal: Answered | None = None

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        good = super().answer(asked)
        if good.status != 200 or not asked.path.endswith("debug_token"):
            return good
        return self.refusal or Answered({"data": {**good.body["data"], **self.told}})


@pytest.fixture
def contract(clock) -> Retold:
    """The stand-in's Page."""
    return Retold(World(clock))


def key_of(kind: str = "page", scopes=EVERY, *, lifetime=0, consented=SECOND, holder=PAGE_ID) -> str:
    """Return a key as the stand-in hands one out."""
    return Key(kind, holder, SECOND, lifetime, tuple(scopes), consented).sealed()


def check(contract, key: str, **keys: str) -> Profile:
    """Check a Page with a key."""
    return Conversation(contract, FACEBOOK, {"page_id": PAGE_ID, "access_token": key, **(keys or APP)}).check()


def test_a_pages_key_tells_what_was_allowed_and_until_when_data_is_read(contract):
    """The key itself never ends; the person's word does after 90 days, and that is what surprises an office."""
    profile = check(contract, key_of())

    (access,) = profile.access
    assert (access.slot, access.granted, access.ends_at) == ("access_token", frozenset(EVERY), None)
    assert access.data_ends_at == NOW + timedelta(days=90)
    assert profile.problem is None


def test_a_business_key_ends_never(contract):
    """Nought means no end for both stamps: a key of the portfolio needs nobody."""
    (access,) = check(contract, key_of(consented=0)).access

    assert (access.ends_at, access.data_ends_at) == (None, None)


def test_a_key_with_an_end_tells_it(contract):
    """A warning 30 days before can only be given of what is known."""
    (access,) = check(contract, key_of(lifetime=LONG_SECONDS)).access

    assert access.ends_at == NOW + timedelta(seconds=LONG_SECONDS)


def test_a_permission_for_another_page_is_not_given(contract):
    """The finer list says for which Pages each one holds; the plain list would pass it off as given."""
    contract.told = {
        "scopes": ["read_insights", "pages_read_engagement", "pages_show_list", "business_management"],
        "granular_scopes": [
            {"scope": "read_insights", "target_ids": [ANOTHER_PAGE]},
            {"scope": "pages_read_engagement", "target_ids": [ANOTHER_PAGE, int(PAGE_ID)]},
            {"scope": "business_management", "target_ids": ["99"]},
        ],
    }
    (access,) = check(contract, key_of()).access

    assert access.granted == {"pages_read_engagement", "business_management"}


def test_without_the_finer_list_the_plain_one_counts(contract):
    """Older keys have no other."""
    contract.told = {"granular_scopes": None, "scopes": ["pages_show_list"]}
    (access,) = check(contract, key_of()).access

    assert access.granted == {"pages_show_list"}


@pytest.mark.parametrize("keys", [{"app_id": APP_ID}, {"app_secret": APP_SECRET}])
def test_without_the_apps_keys_nothing_is_claimed(contract, keys):
    """An access that nobody told of would be reported as checked."""
    talk = Conversation(contract, FACEBOOK, {"page_id": PAGE_ID, "access_token": key_of(), **keys})

    assert talk.check().access == ()
    assert not [asked for asked in talk.asked if asked.path.endswith("debug_token")]


def test_the_key_of_a_person_is_named(contract):
    """It is good for the Page's followers and answers insights with nothing at all (facebook.md §2.2)."""
    for key in (USER_KEY, key_of("user", holder=PERSON), key_of("system", holder=PERSON, consented=0)):
        problem = check(contract, key).problem

        assert isinstance(problem, SettingError)
        assert problem.code == "setting.page_key"
        assert "collector connect facebook" in problem.hint.id


def test_the_key_of_another_page_is_named(contract):
    """Two Pages' figures would become one series."""
    problem = check(contract, key_of(holder=ANOTHER_PAGE)).problem

    assert isinstance(problem, SettingError)
    assert problem.code == "setting.account"


def test_the_end_of_data_access_is_a_reason_to_connect_again(contract, clock):
    """The key is still called valid, and everything read with it is empty."""
    key = key_of()
    clock.now = NOW + timedelta(days=90)
    profile = check(contract, key)

    assert isinstance(profile.problem, AccessError)
    assert profile.problem.code == "access.data_ended"
    assert profile.access[0].data_ends_at == clock.now
    clock.now -= timedelta(seconds=1)
    assert check(contract, key).problem is None


@pytest.mark.parametrize(
    ("subcode", "code"),
    [
        (458, "access.revoked"),
        (459, "access.checkpoint"),
        (460, "access.password"),
        (463, "access.expired"),
        (492, "access.role_lost"),
        (777, "access.invalid"),
        (None, "access.invalid"),
    ],
)
def test_a_key_that_is_good_no_longer_says_why(contract, subcode, code):
    """Each reason has its own remedy (facebook.md §4): to reconnect does not pass a security check."""
    fault = {"code": 190, "message": "Error validating access token"}
    contract.told = {"is_valid": False, "error": fault if subcode is None else {**fault, "subcode": subcode}}

    with pytest.raises(AccessError) as caught:
        check(contract, key_of())
    assert caught.value.code == code


def test_an_app_that_is_not_the_keys_own_is_a_setting_to_mend(contract):
    """Who the Page is can be told all the same; when the sign-in ends cannot, and would come as a surprise."""
    profile = check(contract, key_of(), app_id="42", app_secret=APP_SECRET)

    assert profile.id == PAGE_ID
    assert profile.access == ()
    assert profile.problem is not None
    assert profile.problem.code == "setting.app"


@pytest.mark.parametrize(
    "refusal",
    [
        Answered("<html>busy</html>", 503),
        Answered({"error": {"code": 4, "message": "limit"}}, 400),
        Answered({"error": {"code": 10, "message": "not permitted"}}, 403),
        Answered({"data": {"scopes": 7}}),
        Answered({"data": {"is_valid": "yes"}}),
    ],
)
def test_a_question_that_fails_costs_nothing_but_its_answer(contract, refusal):
    """An account that was never checked must not wait for this to be collected."""
    contract.refusal = refusal
    profile = check(contract, key_of())

    assert (profile.id, profile.access, profile.problem) == (PAGE_ID, (), None)


def test_no_kept_question_holds_a_key(contract):
    """The key and the app's secret go into the address when the request is kept already (facebook.md §2.2)."""
    key = key_of()
    talk = Conversation(contract, FACEBOOK, {"page_id": PAGE_ID, "access_token": key, **APP})
    talk.check()

    sent = next(asked for asked in talk.asked if asked.path.endswith("debug_token"))
    assert (sent.query["input_token"], sent.query["access_token"]) == (key, f"{APP_ID}|{APP_SECRET}")
    assert not [one for one in talk.exchanges if APP_SECRET in str(one.request.shape()) or key in str(one.request)]


# --- Instagram through a Page


def check_account(clock, key: str, **keys: str) -> Profile:
    """Check an Instagram account with a key."""
    contract = InstagramContract(World(clock))
    return Conversation(contract, INSTAGRAM, {"user_id": USER_ID, "access_token": key, **keys}).check()


@pytest.mark.parametrize("kind", ["user", "page", "system"])
def test_an_account_takes_every_kind_of_key(clock, kind):
    """Only the Page's insights are choosy (instagram.md §1)."""
    profile = check_account(clock, key_of(kind, holder=PERSON), **APP)

    assert profile.problem is None
    assert profile.access[0].granted == frozenset(EVERY)
    assert profile.access[0].data_ends_at == NOW + timedelta(days=90)


def test_instagrams_own_key_is_asked_about_nowhere(clock):
    """That question exists for the other way only; what is known of this key, its trade told (instagram.md §2)."""
    key = Key("account", USER_ID, SECOND, LONG_SECONDS, ("instagram_business_basic",)).sealed("IGAA")
    talk = Conversation(InstagramContract(World(clock)), INSTAGRAM, {"access_token": key, "login": "instagram", **APP})

    assert talk.check().access == ()
    assert [asked.path for asked in talk.asked] == ["/v26.0/me"]
