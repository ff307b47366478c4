"""What an account is collected with, and which platforms the environment configures."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from collector import language
from collector.accounts.environment import Unready, list_configured
from collector.accounts.keyring import as_seen, identity_of, is_begun, is_enough
from collector.clock import SetClock
from collector.errors import SettingsError
from collector.platforms import get_connector
from collector.settings import KeyValues, load
from collector.store.records import StoredAccount
from collector.wiring import Application
from connectors.kit import Access

X, YOUTUBE, WEBSITE = get_connector("x"), get_connector("youtube"), get_connector("website")


@pytest.fixture
def account(application: Application) -> StoredAccount:
    """Return a typed account on X."""
    return application.accounts.ensure(application.accounts.get_office(None), X, "kpu")


def test_a_typed_account_has_no_keys(application: Application, account: StoredAccount) -> None:
    """The environment's are another account's: its figures must not be taken for this one's."""
    assert application.keyring.keys_of(X, account).names == frozenset()


def test_the_environments_keys_are_for_the_account_that_it_configures(
    application: Application, account: StoredAccount, environment: dict[str, str]
) -> None:
    """And for no other of the same platform."""
    application.accounts.directory.configure(account.id, "kpu")
    configured = application.accounts.get(account.id)

    assert application.keyring.keys_of(X, configured).get("refresh_token") == environment["X_REFRESH_TOKEN"]


def test_an_accounts_own_keys_come_before_the_environments(application: Application, account: StoredAccount) -> None:
    """A province gives each of its offices keys of their own."""
    application.accounts.directory.configure(account.id, "kpu")
    application.keyring.seal_own(X, account.id, {"bearer_token": "its-own-key", "username": "kpu"})
    application.vault.seal(account.id, {"access:refresh_token": "a short-lived key is no key field"})

    keys = application.keyring.keys_of(X, application.accounts.get(account.id))

    assert (keys.get("bearer_token"), keys.get("refresh_token")) == ("its-own-key", None)
    shared = {"client_id", "client_secret", "yearly_cap_usd"}  # the app, and a limit that has a default
    assert keys.names == {"bearer_token", "username", *shared}


def test_own_keys_are_checked_before_they_are_sealed(application: Application, account: StoredAccount) -> None:
    """What would never work is refused at once, and without showing it."""
    with pytest.raises(SettingsError, match="X_YEARLY_CAP_USD") as raised:
        application.keyring.seal_own(X, account.id, {"yearly_cap_usd": "lima-dolar", "bearer_token": "its-own-key"})

    assert "lima-dolar" not in str(raised.value)
    assert application.queries.list_credentials(account.id) == {}


def test_a_connector_sees_names_of_secrets_and_never_a_value(application: Application, account: StoredAccount) -> None:
    """It never holds one, so it can never leak one."""
    keys = KeyValues({"username": "kpu", "yearly_cap_usd": "5"}, {"refresh_token": "the-secret-value"})

    seen = as_seen(X, account, keys)

    assert (seen.id, seen.handle, seen.settings) == (None, "kpu", {"username": "kpu", "yearly_cap_usd": "5"})
    assert seen.keys == {"username", "yearly_cap_usd", "refresh_token"}
    assert "the-secret-value" not in repr(seen)
    assert "the-secret-value" not in repr(keys)


@pytest.mark.parametrize(
    ("names", "is_complete"),
    [
        (set(), False),
        ({"channel_id"}, False),
        ({"api_key"}, False),
        ({"channel_id", "api_key"}, True),
        ({"refresh_token", "client_id"}, False),
        ({"refresh_token", "client_id", "client_secret"}, True),
    ],
)
def test_any_complete_way_to_connect_is_enough(names: set[str], is_complete: bool) -> None:
    """A channel's public counts need a key, its days an owner's sign-in."""
    assert is_enough(YOUTUBE, KeyValues(dict.fromkeys(names, "v"), {})) is is_complete


def test_a_platform_is_begun_by_its_identity_or_a_secret() -> None:
    """Defaults alone, and fields that two platforms share, mean nothing."""
    assert not is_begun(X, KeyValues({"yearly_cap_usd": "5", "client_id": "shared"}, {}))
    assert is_begun(X, KeyValues({"username": "kpu"}, {}))
    assert is_begun(X, KeyValues({}, {"refresh_token": "v"}))
    assert identity_of(X, KeyValues({"username": "kpu"}, {})) == "kpu"
    assert identity_of(X, KeyValues({}, {"refresh_token": "v"})) == ""
    assert identity_of(WEBSITE, KeyValues({"url": "https://kpu.example/"}, {})) == "https://kpu.example/"


# --- the environment ------------------------------------------------------------------------------------------------

Configure = Callable[..., tuple[list[StoredAccount], list[Unready]]]


@pytest.fixture
def configure(environment: dict[str, str], clock: SetClock) -> Configure:
    """Return a function that reads the environment with only these platform settings."""

    def read(**filled: str) -> tuple[list[StoredAccount], list[Unready]]:
        own = {name: value for name, value in environment.items() if name.startswith("COLLECTOR_")}
        settings = load({**own, **filled})
        with Application.open(settings, clock=clock) as application:
            found = list(list_configured(settings, application.accounts, None))
        return [one for one in found if isinstance(one, StoredAccount)], [
            one for one in found if isinstance(one, Unready)
        ]

    return read


def test_an_empty_environment_configures_nobody(configure: Configure) -> None:
    """Addresses and defaults are no accounts."""
    assert configure() == ([], [])
    assert configure(X_YEARLY_CAP_USD="7", X_API_URL="https://x.example", GOOGLE_CLIENT_ID="shared") == ([], [])


def test_each_complete_platform_is_one_account_however_often_it_is_read(configure: Configure) -> None:
    """The row is made once; from then on it is found by the identity that was configured."""
    filled = {"WEBSITE_URL": "https://kpu.example/", "X_USERNAME": "@kpu", "X_BEARER_TOKEN": "key-key"}

    first, _ = configure(**filled)
    second, _ = configure(**filled)

    assert [(one.platform, one.handle, one.configured) for one in first] == [
        ("website", "https://kpu.example/", "https://kpu.example/"), ("x", "kpu", "@kpu"),
    ]  # fmt: skip
    assert second == first


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"TIKTOK_USERNAME": "kpu"}, "TIKTOK_CLIENT_KEY, TIKTOK_CLIENT_SECRET, TIKTOK_REFRESH_TOKEN"),
        ({"TIKTOK_CLIENT_SECRET": "s", "TIKTOK_REFRESH_TOKEN": "r"}, "TIKTOK_CLIENT_KEY"),
        ({"X_USERNAME": "kpu"}, "X_BEARER_TOKEN"),
        ({"X_REFRESH_TOKEN": "r"}, "X_CLIENT_ID"),
        ({"YOUTUBE_CHANNEL_ID": "UC1"}, "YOUTUBE_API_KEY"),
        ({"FACEBOOK_ACCESS_TOKEN": "t"}, "FACEBOOK_PAGE_ID"),
    ],
)
def test_what_is_missing_is_named_by_its_setting(configure: Configure, filled: dict[str, str], said: str) -> None:
    """By the way to connect that is nearest to done; one sentence in the person's language."""
    ready, [unready] = configure(**filled)

    assert ready == []
    name = unready.connector.name
    assert unready.message == f"Pengaturan {name} belum lengkap: isi {said} di berkas .env."
    language.use("en")
    _, [unready] = configure(**filled)
    assert unready.message == f"The settings of {name} are not complete: fill in {said} in the .env file."


def test_a_value_that_is_wrong_makes_its_platform_unready_and_no_other(configure: Configure) -> None:
    """One sentence, which does not repeat what was filled in."""
    ready, [unready] = configure(
        GA4_PROPERTY_ID="G-ABCDEF", WEBSITE_URL="https://kpu.example/", X_USERNAME="kpu", X_BEARER_TOKEN="key-key"
    )

    assert [one.platform for one in ready] == ["x"]
    assert unready.message.startswith("Nilai GA4_PROPERTY_ID belum benar. Angka saja")
    assert "ABCDEF" not in unready.message


# --- accounts that a person connected -------------------------------------------------------------------------------


def connected(application: Application, slug: str, **own: str) -> StoredAccount:
    """Return an account with keys of its own that somebody connected."""
    connector = get_connector(slug)
    account = application.accounts.ensure(application.accounts.get_office(None), connector, "kpu")
    application.keyring.seal_own(connector, account.id, own)
    application.accounts.accesses.connect(account.id, Access(slot="refresh_token"), "Siti", "browser", account_now())
    return account


def account_now() -> datetime:
    """Return a moment; which one does not matter here."""
    return datetime(2027, 1, 5, tzinfo=UTC)


def test_a_connected_account_has_the_applications_keys_from_the_environment(application: Application) -> None:
    """So that a secret that was renewed at the platform is changed in one place."""
    account = connected(application, "x", refresh_token="its-own")

    keys = application.keyring.keys_of(X, account)

    assert (keys.get("refresh_token"), keys.get("client_id")) == ("its-own", "demo-x-client")
    assert keys.get("username") is None  # that is the identity of another account


def test_an_applications_id_and_secret_are_never_of_two_applications(application: Application) -> None:
    """An id of its own beside the environment's secret would be refused, and nobody would see why."""
    account = connected(application, "x", refresh_token="its-own", client_id="its-own-app")

    keys = application.keyring.keys_of(X, account)

    assert (keys.get("client_id"), keys.get("client_secret")) == ("its-own-app", None)


@pytest.mark.parametrize(
    ("filled", "is_unready"),
    [
        ({"X_CLIENT_ID": "c", "X_CLIENT_SECRET": "s"}, False),
        ({"X_USERNAME": "@KPU", "X_CLIENT_ID": "c"}, False),
        ({"X_USERNAME": "another"}, True),
    ],
)
def test_the_environment_may_hold_less_where_a_person_connected_the_account(
    environment: dict[str, str], clock: SetClock, filled: dict[str, str], is_unready: bool
) -> None:
    """Only the application's keys: what is missing for the account is sealed, and nothing is to be complained of."""
    own = {name: value for name, value in environment.items() if name.startswith("COLLECTOR_")}
    settings = load({**own, **filled})
    with Application.open(settings, clock=clock) as application:
        connected(application, "x", refresh_token="its-own")
        found = list(list_configured(settings, application.accounts, None))

    assert [isinstance(one, Unready) for one in found] == [True] * is_unready


def test_an_applications_keys_alone_are_no_account_yet(configure: Configure) -> None:
    """The first thing that an office fills in, before it connects: no collection is to fail for it."""
    assert configure(X_CLIENT_ID="c", X_CLIENT_SECRET="s", TIKTOK_CLIENT_KEY="k", TIKTOK_CLIENT_SECRET="s") == ([], [])
