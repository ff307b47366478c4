"""Every way to connect, from the page where a person allows it to an account that is collected."""

from datetime import timedelta
from pathlib import Path

import pytest
from connecting_office import Person, allow, begin, connect, finish, is_asked
from office import Office

from collector.clock import SetClock
from collector.connecting.callback import read_pasted
from collector.connecting.device import ask_code, wait_for_person
from collector.connecting.refusals import ConnectingError
from collector.demo.contracts.website import service_account
from collector.demo.contracts.website.ga4 import PROPERTY
from collector.demo.contracts.website.matomo import SITE, VIEW_KEY
from collector.demo.contracts.youtube import API_KEY, CHANNEL_ID
from collector.demo.standin import StandIn
from collector.errors import SettingsError
from collector.platforms import get_connector
from collector.store.records import StoredAccess
from collector.wiring import Application
from connectors.kit import Consent, Device

CONSENT = ("youtube", "x", "tiktok")
BUSINESS_REDIRECT = "https://kpu-contoh.example/"


def access_of(application: Application, account_id: int, slot: str = "refresh_token") -> StoredAccess:
    """Return what is known of an account's sign-in."""
    return next(one for one in application.accounts.accesses.list_all([account_id])[account_id] if one.slot == slot)


@pytest.mark.parametrize("slug", CONSENT)
def test_an_account_is_connected_and_collected(office: Office, application: Application, slug: str) -> None:
    """That is what connecting is for: the next collection has every figure, without a setting being touched."""
    connected = connect(application, slug, by="Siti")
    access = access_of(application, connected.account.id)

    assert connected.is_new
    assert connected.withheld == ()
    assert (access.person, access.way, access.connected_at) == ("Siti", "browser", office.clock.now())
    assert access.granted == {one.name for one in get_connector(slug).ways[0].permissions}
    assert office.collect("--platform", slug)[slug]["outcome"] == "ok"


@pytest.mark.parametrize("slug", CONSENT)
def test_connecting_uses_up_no_renewal(standin: StandIn, application: Application, slug: str) -> None:
    """A key that serves once must not be spent on the look at who it is of."""
    connect(application, slug)

    asked = [one for one in standin.asked if b"grant_type=refresh_token" in one.body]
    assert asked == []


def test_the_end_is_taken_from_what_the_platform_says(application: Application, clock: SetClock) -> None:
    """Lifetimes have changed within a year; a fixed number would warn too late (tiktok.md §2)."""
    connected = connect(application, "tiktok")

    assert connected.ends_at == clock.now() + timedelta(seconds=15_552_000)
    assert access_of(application, connected.account.id).ends_at == connected.ends_at


def test_a_sign_in_that_lives_for_a_week_is_told_at_once(standin: StandIn, application: Application) -> None:
    """Otherwise it dies every Monday, and nobody knows why (youtube.md §1c)."""
    assert connect(application, "youtube").short_life is None
    standin.contracts["youtube"].pages.testing = True

    connected = connect(application, "youtube")

    assert connected.short_life is not None
    assert "In production" in connected.short_life.words.id


@pytest.mark.parametrize(
    ("slug", "unticked", "lacks"),
    [
        ("youtube", "yt-analytics.readonly", "pertumbuhan pelanggan"),
        ("tiktok", "user.info.stats", "pengikut"),
        ("tiktok", "video.list", "video"),
    ],
)
def test_an_unticked_permission_is_named_with_what_it_costs(
    application: Application, slug: str, unticked: str, lacks: str
) -> None:
    """The account is connected all the same, and nobody wonders at an empty column months later."""
    connected = connect(application, slug, Person(withhold=(unticked,)))

    assert [one.name.endswith(unticked) for one in connected.withheld] == [True]
    assert lacks in connected.withheld[0].without.id


@pytest.mark.parametrize(
    ("slug", "unticked"), [("youtube", "youtube.readonly"), ("x", "offline.access"), ("tiktok", "user.info.basic")]
)
def test_without_a_needed_permission_nothing_is_connected(
    office: Office, application: Application, slug: str, unticked: str
) -> None:
    """An account that cannot be collected must not look connected."""
    with pytest.raises(ConnectingError, match=unticked) as raised:
        connect(application, slug, Person(withhold=(unticked,)))

    assert raised.value.code == "permission"
    assert (office.counts()["accounts"], office.counts()["credentials"]) == (0, 0)


# --- a code on another device ---------------------------------------------------------------------------------------


def test_a_code_is_typed_on_another_device(standin: StandIn, application: Application, clock: SetClock) -> None:
    """A server in a cupboard has no browser; a phone has."""
    connection = begin(application, "youtube", "perangkat")
    code = ask_code(connection)
    Person().type_code(code.address, code.code)
    wait_for_person(connection, code)
    connected = finish(application, connection)

    assert isinstance(connection.way, Device)
    assert (connected.account.external_id, connected.account.state) == (CHANNEL_ID, "active")
    assert code.until == clock.now() - timedelta(seconds=code.interval) + timedelta(seconds=1800)
    assert code.secret not in repr(code)


def test_polling_waits_as_it_is_told(standin: StandIn, application: Application, clock: SetClock) -> None:
    """Whoever polls too often is shut out altogether (youtube.md §1b)."""
    standin.contracts["youtube"].pages.slow_downs = 2
    connection, person, began = begin(application, "youtube", "perangkat"), Person(), clock.now()
    code = ask_code(connection)
    person.type_code(code.address, code.code)

    wait_for_person(connection, code)

    assert clock.now() - began == timedelta(seconds=5 + 10 + 15)


@pytest.mark.parametrize(("decision", "code", "waited"), [("deny", "denied", 5), ("", "device_expired", 60)])
def test_a_refused_or_forgotten_code_ends_the_waiting(
    application: Application, standin: StandIn, clock: SetClock, decision: str, code: str, waited: int
) -> None:
    """Nobody waits for ever in front of a screen."""
    standin.contracts["youtube"].pages.device_seconds = 60
    connection, began = begin(application, "youtube", "perangkat"), clock.now()
    given = ask_code(connection)
    if decision:
        Person(decision=decision).type_code(given.address, given.code)

    with pytest.raises(ConnectingError) as raised:
        wait_for_person(connection, given)

    assert raised.value.code == code
    assert clock.now() - began == timedelta(seconds=waited)


def test_an_application_of_the_wrong_type_is_a_matter_of_set_up(standin: StandIn, application: Application) -> None:
    """Google lets only one type of application use codes (youtube.md §1b)."""
    standin.contracts["youtube"].pages.other_client_type = True

    with pytest.raises(ConnectingError) as raised:
        ask_code(begin(application, "youtube", "perangkat"))

    assert (raised.value.code, raised.value.exit_status) == ("app", 2)


# --- keys that are pasted -------------------------------------------------------------------------------------------


def fill(application: Application, slug: str, way: str, **given: str) -> object:
    """Connect by keys that a person types."""
    connection = begin(application, slug, way)
    for name in connection.list_missing():
        connection.fill(name, given[name])
    return finish(application, connection)


@pytest.mark.parametrize(
    ("slug", "way", "given"),
    [
        ("youtube", "kunci", {"channel_id": CHANNEL_ID, "api_key": API_KEY}),
        ("x", "kunci", {"username": "kpu_contoh", "bearer_token": "demo-x-app-bearer"}),
        ("website", "matomo", {"matomo_site_id": SITE, "matomo_token": VIEW_KEY}),
        ("website", "google", {"ga4_property_id": PROPERTY}),
    ],
)
def test_a_pasted_key_is_tried_before_it_is_kept(
    office: Office, application: Application, standin: StandIn, slug: str, way: str, given: dict[str, str]
) -> None:
    """A slip of the hand is found while the person is still there."""
    whole = {**given, "url": f"{standin.address}/site/", "service_account": service_account()}
    fill(application, slug, way, **whole)

    assert is_asked(office, slug)


@pytest.mark.parametrize(
    ("slug", "way", "given"),
    [
        ("youtube", "kunci", {"channel_id": CHANNEL_ID, "api_key": "a-key-that-nobody-made"}),
        ("youtube", "kunci", {"channel_id": "UCnobody", "api_key": API_KEY}),
        ("x", "kunci", {"username": "kpu_contoh", "bearer_token": "a-key-that-nobody-made"}),
        ("x", "kunci", {"username": "nobody_here", "bearer_token": "demo-x-app-bearer"}),
        ("website", "matomo", {"matomo_site_id": SITE, "matomo_token": "0" * 32}),
        ("website", "matomo", {"matomo_site_id": "77", "matomo_token": VIEW_KEY}),
        ("website", "google", {"ga4_property_id": "999999999"}),
    ],
)
def test_a_wrong_key_leaves_no_account_behind(
    office: Office, application: Application, standin: StandIn, slug: str, way: str, given: dict[str, str]
) -> None:
    """An account that was never collected would stand in every list."""
    whole = {**given, "url": f"{standin.address}/site/", "service_account": service_account()}

    with pytest.raises(ConnectingError, match="Tidak ada yang berubah"):
        fill(application, slug, way, **whole)

    assert (office.counts()["accounts"], office.counts()["credentials"]) == (0, 0)


def test_the_address_in_a_key_file_is_told_to_be_added(application: Application) -> None:
    """Forgetting it is the most reported failure of Google Analytics (website.md A1)."""
    connection = begin(application, "website", "google")

    told = connection.fill("service_account", service_account())

    assert told is not None
    assert "collector@kpu-kota-contoh.iam.gserviceaccount.example" in told
    with pytest.raises(SettingsError, match="GA4_SERVICE_ACCOUNT"):
        connection.fill("service_account", '{"installed": {"client_id": "of another kind"}}')


def test_a_pasted_key_is_asked_for_even_where_there_is_one(application: Application) -> None:
    """It is the one to be replaced; the rest of what is known is not asked for again."""
    assert begin(application, "x", "kunci").list_missing() == ["username", "bearer_token"]
    fill(application, "x", "kunci", username="kpu_contoh", bearer_token="demo-x-app-bearer")

    assert begin(application, "x", "kunci").list_missing() == ["bearer_token"]


def test_the_keys_that_would_go_first_are_let_go(office: Office, application: Application) -> None:
    """A dead sign-in of the account's own would be tried before the new key, for ever."""
    connect(application, "x")
    fill(application, "x", "kunci", username="kpu_contoh", bearer_token="demo-x-app-bearer")
    (account,) = application.queries.list_accounts(platform="x")

    keys = application.keyring.keys_of(get_connector("x"), account)

    assert ("bearer_token" in keys.names, "refresh_token" in keys.names) == (True, False)
    assert is_asked(office, "x")


# --- what comes by an address that is pasted ------------------------------------------------------------------------


def test_the_business_service_is_added_to_a_connected_account(office: Office, application: Application) -> None:
    """Its page sends the browser to an address of the office's, so what stands in the address bar is pasted."""
    account = connect(application, "tiktok").account
    connection = begin(application, "tiktok", "bisnis")
    ended_at = Person().answer(connection.invite(BUSINESS_REDIRECT))
    assert isinstance(connection.way, Consent)
    connection.accept(read_pasted(f' "{ended_at[:60]}\n {ended_at[60:]}" ', connection.way.codes))

    connected = finish(application, connection)

    assert (connected.account.id, connected.is_new) == (account.id, False)
    assert access_of(application, account.id, "business_refresh_token").way == "bisnis"
    assert office.collect("--platform", "tiktok")["tiktok"]["outcome"] == "ok"
    assert {one["metric"] for one in office.readings("--platform", "tiktok")} >= {"followers", "reach"}


def test_the_business_service_of_another_account_is_refused(application: Application) -> None:
    """Two services that know nothing of each other could be signed in to as two accounts."""
    connect(application, "tiktok")
    connection = begin(application, "tiktok", "bisnis")
    allow(connection, Person(account="other"), BUSINESS_REDIRECT)

    with pytest.raises(ConnectingError):
        finish(application, connection)


def test_a_home_without_its_key_says_so_before_anybody_signs_in(
    office: Office, application: Application, standin: StandIn
) -> None:
    """A consent that cannot be kept is a consent for nothing."""
    connect(application, "youtube")
    Path(office.environment["COLLECTOR_KEY_FILE"]).unlink()
    asked = len(standin.asked)

    said = office.run("connect", "x", status=2)

    assert "berkas kunci" in said.err.lower()
    assert len(standin.asked) == asked
