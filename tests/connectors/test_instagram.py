"""Instagram: who the account is, its counts and its two ways in, against the stand-in's contract."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.instagram import APP_SCOPED_ID, USER_ID, InstagramContract
from collector.demo.standin import Asked
from collector.demo.world import World
from connectors.instagram import CONNECTOR
from connectors.kit import (
    AccessError,
    Account,
    Gap,
    OtherAccountError,
    Reading,
    Reason,
    SettingError,
    ThrottledError,
    UnreachableError,
)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DAYS = (date(2026, 11, 17), date(2026, 11, 21))
KEYS = {"user_id": USER_ID, "access_token": "demo-instagram-key", "login": "facebook"}
WITHOUT_PAGE = {"access_token": "demo-instagram-key", "login": "instagram"}
BOTH_WAYS = pytest.mark.parametrize("keys", [KEYS, WITHOUT_PAGE], ids=["through a Page", "without a Page"])
COUNTS = ["followers:account:now", "following:account:now", "posts:account:now"]


@pytest.fixture
def contract() -> InstagramContract:
    """The stand-in's account at NOW."""
    return InstagramContract(World(lambda: NOW))


@BOTH_WAYS
def test_both_ways_read_the_same_counts_in_one_call(ask, contract, keys):
    """An office that changes its way to sign in must not see a break in its series."""
    talk = ask(contract, CONNECTOR, keys)
    got = talk.collect(talk.assignment(*DAYS))

    assert got.error is None
    counts = got.observations[:3]
    assert [one.measure.key for one in counts] == COUNTS
    assert [(one.place.exchange, one.place.pointer) for one in counts] == [
        (1, "body:/followers_count"),
        (1, "body:/follows_count"),
        (1, "body:/media_count"),
    ]
    assert 300 < counts[0].value < 1700


def test_each_way_asks_its_own_host_and_paths(ask, contract):
    """Without a Page only the key says whose account it is, and the answer has to name it."""
    for keys, api, path, field in (
        (KEYS, "facebook", f"/v26.0/{USER_ID}", "id"),
        (WITHOUT_PAGE, "instagram", "/v26.0/me", "user_id"),
    ):
        talk = ask(contract, CONNECTOR, keys)
        talk.collect(talk.assignment(*DAYS))

        node = talk.exchanges[0].request
        assert {exchange.request.api for exchange in talk.exchanges} == {api}
        assert node.path == path
        assert node.params["fields"] == f"{field},username,followers_count,follows_count,media_count"


def test_without_a_page_a_bound_account_is_asked_by_its_own_id(ask, contract):
    """`/me` follows the key; the account's own id does not."""
    talk = ask(contract, CONNECTOR, WITHOUT_PAGE)
    account = Account(USER_ID, "kpu_contoh", {"login": "instagram"}, frozenset(WITHOUT_PAGE))
    talk.collect(talk.assignment(*DAYS, account=account))

    paths = {asked.path for asked in talk.asked}
    assert f"/v26.0/{USER_ID}/insights" in paths
    assert not [path for path in paths if path.startswith("/v26.0/me/")]


def test_a_key_of_another_account_is_refused_before_its_figures_are_read(ask, contract):
    """`/me` answers whosever key it is; the figures of two accounts would become one series."""
    talk = ask(contract, CONNECTOR, {**WITHOUT_PAGE, "user_id": "17841400000000777"})

    with pytest.raises(OtherAccountError) as caught:
        talk.check()
    assert caught.value.code == "access.other_account"
    got = talk.collect(talk.assignment(*DAYS))
    assert got.observations == ()
    assert isinstance(got.error, OtherAccountError)


@BOTH_WAYS
def test_the_profile_names_the_address_in_the_bio(ask, contract, keys):
    """An old address in the bio is one of the things that the report checks."""
    assert ask(contract, CONNECTOR, keys).check().bio_link == "https://kab-contoh.kpu.go.id/"
    contract.hidden = {"website"}
    assert ask(contract, CONNECTOR, keys).check().bio_link == ""


@pytest.mark.parametrize("is_number", [False, True])
@BOTH_WAYS
def test_both_ways_know_the_account_by_its_stable_id(ask, contract, keys, is_number):
    """Without a Page the plain `id` belongs to the app; bound to it, the account would be another one each way."""
    contract.numeric_id = is_number
    profile = ask(contract, CONNECTOR, keys).check()

    assert profile.id == USER_ID != APP_SCOPED_ID
    assert (profile.handle, profile.name) == ("kpu_contoh", "KPU Kabupaten Contoh")
    assert profile.link == "https://www.instagram.com/kpu_contoh/"


def test_an_account_without_a_username_is_called_by_its_name(ask, contract):
    """Then there is no address to link to either."""
    contract.hidden = {"username"}
    profile = ask(contract, CONNECTOR, KEYS).check()

    assert (profile.handle, profile.link) == ("KPU Kabupaten Contoh", "")


def test_the_proof_of_the_apps_secret_is_sent_through_the_page_only(ask, contract):
    """Whether the other host knows it is unconfirmed (instagram.md §2)."""
    secret = {"app_secret": "demo-instagram-app-secret"}
    for keys, is_sent in ((KEYS, True), (WITHOUT_PAGE, False)):
        talk = ask(contract, CONNECTOR, {**keys, **secret})
        talk.check()

        assert ("appsecret_proof" in talk.asked[0].query) is is_sent
    with pytest.raises(SettingError):
        ask(contract, CONNECTOR, {**KEYS, "app_secret": "another"}).check()


@BOTH_WAYS
def test_a_count_that_is_left_out_is_a_gap(ask, contract, keys):
    """Missing is never zero; the others stand."""
    contract.hidden = {"follows_count"}
    talk = ask(contract, CONNECTOR, keys)
    got = talk.collect(talk.assignment(*DAYS))

    assert [(type(one), one.measure.key) for one in got.observations[:3]] == [
        (Reading, COUNTS[0]),
        (Gap, COUNTS[1]),
        (Reading, COUNTS[2]),
    ]
    assert got.observations[1].reason is Reason.NOT_OFFERED


def test_a_removed_field_does_not_cost_the_others(ask, contract):
    """The follower total has no history: a day lost is lost for good."""
    contract.retired = {"media_count"}
    talk = ask(contract, CONNECTOR, KEYS)
    got = talk.collect(talk.assignment(*DAYS))

    assert [one.reason for one in got.all(Gap, COUNTS[2])] == [Reason.RETIRED]
    assert [one.measure.key for one in got.all(Reading)][:2] == COUNTS[:2]


def test_dead_counts_are_not_asked_for(ask, contract):
    """They were refused lately, and would fail the call again."""
    talk = ask(contract, CONNECTOR, KEYS)
    got = talk.collect(talk.assignment(*DAYS, dead_measures=frozenset({COUNTS[2]})))

    assert "media_count" not in talk.asked[0].query["fields"]
    assert [(one.reason, one.place) for one in got.all(Gap, COUNTS[2])] == [(Reason.RETIRED, None)]


def test_a_missing_permission_is_gaps(ask, contract):
    """It is said for each figure, with the refusal as evidence, and costs no question a figure."""
    contract.denied = {"", "insights", "media", "stories"}
    talk = ask(contract, CONNECTOR, KEYS)
    got = talk.collect(talk.assignment(*DAYS))

    assert got.error is None
    assert {(one.reason, one.place.pointer) for one in got.all(Gap)} == {(Reason.NOT_PERMITTED, "body:/error")}
    assert {one.measure.key for one in got.all(Gap)} >= {*COUNTS, "reach:account:day", "views:post:now"}
    assert not got.all(Reading)
    assert len(talk.asked) < 20


def test_a_wrong_id_is_a_setting_to_mend(ask, contract):
    """It is neither a dead login nor a missing figure."""
    talk = ask(contract, CONNECTOR, {**KEYS, "user_id": "42"})

    error = talk.collect(talk.assignment(*DAYS)).error
    assert isinstance(error, SettingError)
    assert error.code == "setting.account"


def test_through_a_page_an_id_is_needed(ask, contract):
    """The key alone belongs to a person or a Page there, not to the account."""
    talk = ask(contract, CONNECTOR, {"access_token": "demo-instagram-key", "login": "facebook"})

    with pytest.raises(SettingError):
        talk.check()
    assert not talk.asked


@BOTH_WAYS
def test_an_expired_key_ends_the_snapshot(ask, contract, keys):
    """Without a Page it is never renewed by itself once it is missed for 60 days (instagram.md §4)."""
    contract.expired = True
    talk = ask(contract, CONNECTOR, keys)

    error = talk.collect(talk.assignment(*DAYS)).error
    assert isinstance(error, AccessError)
    assert error.code == "access.expired"


def test_the_accounts_own_limit_ends_the_snapshot_until_its_time(ask, contract):
    """A quiet account has the smallest quota of all (instagram.md §5)."""
    contract.usage = 100
    talk = ask(contract, CONNECTOR, KEYS)

    error = talk.collect(talk.assignment(*DAYS)).error
    assert isinstance(error, ThrottledError)
    assert error.until == NOW + timedelta(minutes=23)


def test_rising_usage_pauses_before_the_limit(ask, contract):
    """At 95 % it is time to stop."""
    contract.usage = 95
    talk = ask(contract, CONNECTOR, KEYS)
    talk.check()

    assert CONNECTOR.pause_until(talk.exchanges[0]) == NOW + timedelta(hours=1)


def test_a_stumble_passes(ask, contract):
    """Code 1 is temporary."""
    contract.stumbles = 1
    talk = ask(contract, CONNECTOR, KEYS)

    with pytest.raises(UnreachableError):
        talk.check()
    assert talk.check().id == USER_ID


def test_either_way_of_signing_in_is_enough():
    """With the way that needs no Page, the account's id is found out."""
    assert [set(KEYS) >= needed or set(WITHOUT_PAGE) >= needed for needed in CONNECTOR.needs] == [True, True]
    assert any(set(WITHOUT_PAGE) >= needed for needed in CONNECTOR.needs)


@pytest.mark.parametrize(
    ("path", "key", "fields", "code"),
    [
        (f"/v26.0/{USER_ID}", "", "id", 2500),
        (f"/v26.0/{USER_ID}", "another", "id", 190),
        (f"/{USER_ID}", "demo-instagram-key", "id", 2500),
        (f"/v27.0/{USER_ID}", "demo-instagram-key", "id", 2500),
        (f"/v26.0/{USER_ID}/posts", "demo-instagram-key", "id", 2500),
        (f"/v26.0/{USER_ID}/media", "demo-instagram-key", "id,shares", 100),
        (f"/v26.0/{USER_ID}", "demo-instagram-key", "id,user_id", 100),
        ("/v26.0/me", "demo-instagram-key", "id,fan_count", 100),
    ],
)
def test_the_stand_in_is_as_strict_as_the_platform(contract, path, key, fields, code):
    """A lenient one would let mistakes through to the real platform."""
    query = {"fields": fields, **({"access_token": key} if key else {})}
    answered = contract.answer(Asked("INSTAGRAM_GRAPH_URL", "GET", path, query, {}))

    assert answered.status == 400
    assert answered.body["error"]["code"] == code
