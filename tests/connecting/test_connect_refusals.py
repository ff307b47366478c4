"""Everything that can go wrong while an account is connected: the right sentence, and nothing changed."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from connecting_office import Person, begin, connect, consent_page, is_asked
from office import Office

from collector.clock import SetClock
from collector.connecting.callback import Callback, read_pasted, read_query
from collector.connecting.connection import Connection
from collector.connecting.refusals import ConnectingError
from collector.demo.contract import Answered
from collector.demo.standin import Fault, StandIn, broken, cut, throttled
from collector.wiring import Application
from connectors.kit import Consent

CONSENT = ("youtube", "x", "tiktok")
TOKEN_PATHS = {"youtube": "POST /token", "x": "POST /2/oauth2/token", "tiktok": "POST /v2/oauth/token/"}


def refused(application: Application, act: Callable[[], object], code: str, status: int = 1) -> str:
    """Return the sentence that something is refused with; nothing was kept of it."""
    with pytest.raises(ConnectingError) as raised:
        act()
    assert (raised.value.code, raised.value.exit_status) == (code, status), str(raised.value)
    assert "Tidak ada yang berubah" in str(raised.value)
    assert application.queries.list_accounts() == ()
    assert not application.queries.has_credentials()
    return str(raised.value)


def came_back(connection: Connection, person: Person) -> Callback:
    """Return what the browser comes back with."""
    assert isinstance(connection.way, Consent)
    place = connection.way.redirect
    address = connection.invite(f"http://{place.host}:{place.port or 4567}{place.path}")
    return read_query(urlsplit(person.answer(address)).query, connection.way.codes)


@pytest.mark.parametrize("slug", CONSENT)
def test_a_refusal_at_the_page(application: Application, slug: str) -> None:
    """The staff member pressed the other button; nothing is broken."""
    said = refused(application, lambda: connect(application, slug, Person(decision="deny")), "denied")

    assert "pilih Izinkan" in said


@pytest.mark.parametrize("slug", CONSENT)
def test_a_code_that_is_too_old(application: Application, clock: SetClock, slug: str) -> None:
    """One platform's lives for 30 seconds (x.md §2)."""
    connection = begin(application, slug)
    callback = came_back(connection, Person())
    clock.sleep(30 if slug == "x" else 600)

    refused(application, lambda: connection.accept(callback), "code")


@pytest.mark.parametrize("slug", CONSENT)
def test_a_code_that_was_used_already(application: Application, standin: StandIn, slug: str) -> None:
    """Another program, or a second window, was faster."""
    connection = begin(application, slug)
    callback = came_back(connection, Person())
    consent_page(standin, slug).use(callback.code, "", "")

    refused(application, lambda: connection.accept(callback), "code")


@pytest.mark.parametrize("slug", CONSENT)
def test_an_answer_to_another_question(application: Application, slug: str) -> None:
    """Somebody else's code would connect somebody else's account."""
    first, second = begin(application, slug), begin(application, slug)
    callback = came_back(first, Person())
    came_back(second, Person())

    refused(application, lambda: second.accept(callback), "state")


def test_an_answer_is_taken_once(application: Application) -> None:
    """The second is an attempt to slip something in."""
    connection = begin(application, "youtube")
    callback = came_back(connection, Person())
    connection.accept(callback)

    with pytest.raises(ConnectingError) as raised:
        connection.accept(callback)

    assert raised.value.code == "state"


@pytest.mark.parametrize("slug", CONSENT)
def test_a_code_that_somebody_else_asked_for(application: Application, standin: StandIn, slug: str) -> None:
    """Without the verifier a stolen code is worth nothing; a platform that says so is believed."""
    connection = begin(application, slug)
    callback = came_back(connection, Person())
    page = consent_page(standin, slug)
    page.hashed = lambda verifier: "of another verifier"

    refused(application, lambda: connection.accept(callback), "proof")


@pytest.mark.parametrize("slug", CONSENT)
def test_a_wrong_secret_of_the_application(office: Office, application: Application, slug: str) -> None:
    """It is copied by hand, and the sentence says which one to copy again."""
    connection = begin(application, slug)
    connection.given["client_secret"] = "a-secret-of-another-application"
    callback = came_back(connection, Person())

    refused(application, lambda: connection.accept(callback), "app", 2)


@pytest.mark.parametrize("slug", CONSENT)
def test_another_redirect_address_than_the_one_that_was_asked_with(application: Application, slug: str) -> None:
    """Platforms compare it letter by letter (x.md §2)."""
    connection = begin(application, slug)
    callback = came_back(connection, Person())
    connection.redirect_uri = "http://127.0.0.1:9999/elsewhere"

    said = refused(application, lambda: connection.accept(callback), "redirect", 2)

    assert "http://127.0.0.1:9999/elsewhere" in said


def test_a_permission_that_the_application_has_not_switched_on(application: Application, standin: StandIn) -> None:
    """One of them refuses the whole sign-in (tiktok.md §1)."""
    consent_page(standin, "tiktok").known_scopes = frozenset({"user.info.basic"})

    said = refused(application, lambda: connect(application, "tiktok"), "page", 2)

    assert "invalid_scope" in said


@pytest.mark.parametrize("slug", CONSENT)
@pytest.mark.parametrize(
    ("fault", "code"), [(cut, "line"), (broken(), "line"), (throttled(60), "throttled")], ids=["cut", "503", "429"]
)
def test_a_platform_that_fails_in_the_middle(
    application: Application, standin: StandIn, slug: str, fault: Callable[..., Answered], code: str
) -> None:
    """A line that drops between the code and the key leaves the office as it was."""
    standin.faults.append(Fault(TOKEN_PATHS[slug], fault, times=None))

    refused(application, lambda: connect(application, slug), code)


def test_the_login_page_of_a_network_is_no_answer(application: Application, standin: StandIn) -> None:
    """The Wi-Fi of the office answers every question with 200 and a page."""
    standin.faults.append(Fault("POST /token", lambda asked, good: Answered("<html>Login</html>"), times=None))

    refused(application, lambda: connect(application, "youtube"), "line")


def test_a_line_that_drops_after_the_key_was_given(application: Application, standin: StandIn) -> None:
    """The key is there, but nobody knows whose it is."""
    standin.faults.append(Fault("/youtube/v3/channels", cut, times=None))

    refused(application, lambda: connect(application, "youtube"), "line")


def test_an_answer_without_the_long_lived_key(application: Application, standin: StandIn) -> None:
    """Google gives it at the first consent only, unless it is asked again (youtube.md §1a)."""

    def forget(asked: object, good: Answered) -> Answered:
        return Answered({name: value for name, value in good.body.items() if name != "refresh_token"})

    standin.faults.append(Fault("POST /token", forget, times=None))

    refused(application, lambda: connect(application, "youtube"), "no_key")


def test_a_person_without_a_channel(application: Application) -> None:
    """Google lets anybody sign in; who has no channel has chosen the wrong account (youtube.md §1a)."""
    said = refused(application, lambda: connect(application, "youtube", Person(account="person")), "access.no_channel")

    assert "tidak punya kanal" in said


@pytest.mark.parametrize(
    "line",
    ["", "4/0AbCdEf", "http://127.0.0.1:8765/callback", "http://127.0.0.1:8765/callback?code=4/0AbC",
     "http://127.0.0.1:8765/callback?state=abc", "https://[half"],
)  # fmt: skip
def test_a_pasted_line_that_is_not_the_address(application: Application, line: str) -> None:
    """A code alone is not taken: nobody could tell whose it is."""
    refused(application, lambda: read_pasted(line, ("code",)), "no_code")


# --- another account than the one that is meant ---------------------------------------------------------------------


@pytest.mark.parametrize("slug", CONSENT)
def test_another_account_is_not_put_in_the_place_of_the_offices(
    office: Office, application: Application, slug: str
) -> None:
    """Whoever is signed in to the browser as themselves would fill the office's history with their own figures."""
    account = connect(application, slug).account
    before = office.rows("SELECT slot, sealed FROM credentials ORDER BY slot")

    with pytest.raises(ConnectingError) as raised:
        connect(application, slug, Person(account="other"))

    assert raised.value.code == "other_account"
    assert account.handle in str(raised.value)
    assert office.rows("SELECT slot, sealed FROM credentials ORDER BY slot") == before
    assert is_asked(office, slug)


@pytest.mark.parametrize("slug", CONSENT)
def test_a_further_account_is_connected_where_it_is_meant(office: Office, application: Application, slug: str) -> None:
    """Some offices have two channels."""
    first = connect(application, slug).account

    second = connect(application, slug, Person(account="other"), is_new=True)

    assert second.is_new
    assert second.account.id != first.id
    assert {one.external_id for one in application.queries.list_accounts(platform=slug)} == {
        first.external_id, second.account.external_id,
    }  # fmt: skip


@pytest.mark.parametrize("slug", ["x", "tiktok"])
def test_an_account_that_is_named_is_the_only_one_that_will_do(application: Application, slug: str) -> None:
    """`--account kpu_contoh` is a promise about whose figures these will be."""
    refused(
        application, lambda: connect(application, slug, Person(account="other"), handle="kpu_contoh"), "other_account"
    )
    assert connect(application, slug, handle="@KPU_Contoh").account.handle == "kpu_contoh"


def test_an_account_that_the_settings_name_is_the_only_one_that_will_do(
    office: Office, application: Application, standin: StandIn
) -> None:
    """The identity in the .env file is a promise as well."""
    office.environment["X_USERNAME"] = "kpu_contoh"
    with office.open() as anew:
        refused(anew, lambda: connect(anew, "x", Person(account="other")), "other_account")
        connected = connect(anew, "x")

    outcomes = office.run("collect", "now", "--json").json["accounts"]

    assert [(one["platform"], one["account"], one["outcome"]) for one in outcomes] == [("x", "kpu_contoh", "ok")]
    assert connected.account.handle == "kpu_contoh"


def test_an_account_of_another_office_is_not_taken_away_from_it(office: Office, application: Application) -> None:
    """Two offices may live in one installation; a wrong one is a slip of the hand."""
    application.accounts.ensure_office("sambas", "KPU Sambas")
    application.accounts.ensure_office("bengkayang", "KPU Bengkayang")
    connect(application, "youtube", office="sambas")

    with pytest.raises(ConnectingError) as raised:
        connect(application, "youtube", office="bengkayang")

    assert raised.value.code == "other_office"
    assert "--office sambas" in str(raised.value)


# --- connecting again -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", CONSENT)
def test_connecting_again_as_somebody_else_loses_nothing(office: Office, application: Application, slug: str) -> None:
    """People move to other offices; the history is the account's, not theirs."""
    first = connect(application, slug, by="Siti")
    office.run("record", "--platform", slug, "--account", first.account.handle, "--metric", "followers", "--value",
               "290", "--at", "2026-06-30")  # fmt: skip
    readings = office.counts()["readings"]
    application.accounts.set_state(first.account, "reconnect", "access.expired")
    office.clock.sleep(86_400)

    again = connect(application, slug, by="Budi")

    assert (again.account.id, again.is_new, again.account.state) == (first.account.id, False, "active")
    (access,) = application.accounts.accesses.list_all([first.account.id])[first.account.id]
    assert (access.person, access.connected_at) == ("Budi", office.clock.now())
    assert office.counts()["readings"] == readings == 1
    assert is_asked(office, slug)


def test_figures_that_were_typed_before_become_the_connected_accounts(office: Office, application: Application) -> None:
    """An office types for a year, then connects: the line goes on."""
    office.run("record", "--platform", "x", "--account", "@KPU_Contoh", "--metric", "followers", "--value", "290",
               "--at", "2026-06-30")  # fmt: skip

    connected = connect(application, "x")

    assert not connected.is_new
    assert len(application.queries.list_accounts(platform="x")) == 1
    assert office.collect("--platform", "x")["x"]["outcome"] == "ok"
    assert {one["origin"] for one in office.readings("--platform", "x", "--metric", "followers")} == {"typed", "api"}


def test_a_paused_account_stays_paused(application: Application) -> None:
    """Somebody decided that; connecting is no reason to decide otherwise."""
    account = connect(application, "youtube").account
    application.accounts.set_state(account, "paused")

    assert connect(application, "youtube").account.state == "paused"


def test_what_looking_costs_is_counted(office: Office, application: Application, standin: StandIn) -> None:
    """X charges for every look, this one too; the yearly limit of the settings holds (x.md §1)."""
    account = connect(application, "x").account

    assert application.assigner.spent(account, office.clock.now()) == standin.contracts["x"].billed
    assert standin.contracts["x"].billed == 10_000


def test_the_yearly_limit_of_the_settings_holds_for_a_connected_account(office: Office) -> None:
    """0 means never to ask, and the account must not fall back to the limit that it was made with."""
    office.environment["X_YEARLY_CAP_USD"] = "0"
    with office.open() as anew, pytest.raises(ConnectingError):
        connect(anew, "x")
