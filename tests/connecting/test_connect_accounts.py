"""An Instagram account is connected: through its Page, by itself, and every way in which that fails."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from graph_person import REGISTERED, Visitor, allow, begin, connect
from office import Office

from collector.clock import SetClock
from collector.connecting.callback import read_pasted, read_query
from collector.connecting.refusals import ConnectingError
from collector.demo.contracts.instagram import USER_ID
from collector.demo.contracts.instagram.sign_in import LONG_SECONDS, PREFIX
from collector.demo.graph.keys import Key, read_key
from collector.demo.graph.sign_in import OTHER_PAGE, PERSON
from collector.demo.standin import StandIn
from collector.wiring import Application

BY_PAGE = {"instagram_basic", "instagram_manage_insights", "pages_show_list", "pages_read_engagement"}
BY_ITSELF = {"instagram_business_basic", "instagram_business_manage_insights"}


def sealed(application: Application, account_id: int, name: str) -> str:
    """Return a key field that is sealed for an account."""
    return application.vault.open_all(account_id)[f"key:{name}"].value


def access_of(application: Application, account_id: int):
    """Return what is remembered of an account's sign-in."""
    (access,) = application.accounts.accesses.list_all([account_id])[account_id]
    return access


@pytest.fixture
def contract(standin: StandIn):
    """The stand-in's account, whose misbehaviour may be switched."""
    return standin.contracts["instagram"]


@pytest.fixture
def dialog(standin: StandIn):
    """The page on which Facebook asks; the way through a Page begins there."""
    return standin.contracts["facebook"].dialog


def test_an_account_is_connected_through_its_page_and_collected(
    office: Office, application: Application, clock: SetClock
) -> None:
    """What is kept is the Page's key; the person's word lasts for 90 days."""
    connected = connect(application, "instagram", "halaman", by="Siti")

    account = connected.account
    access, key = access_of(application, account.id), read_key(sealed(application, account.id, "access_token"))
    assert (connected.profile.id, account.handle, connected.withheld) == (USER_ID, "kpu_contoh", ())
    assert key is not None
    assert (key.kind, sealed(application, account.id, "login")) == ("page", "facebook")
    assert (access.granted, access.ends_at) == (BY_PAGE, None)
    assert access.data_ends_at == clock.now() + timedelta(days=90)
    assert office.collect("--platform", "instagram")["instagram"]["outcome"] == "ok"


@pytest.mark.parametrize("is_flat", [True, False])
def test_an_account_is_connected_by_itself_and_collected(
    office: Office, application: Application, clock: SetClock, contract, is_flat: bool
) -> None:
    """Both shapes of the answer are read (instagram.md §2); the end is the one that the platform told."""
    contract.by_itself.is_flat = is_flat
    connected = connect(application, "instagram", "instagram", by="Siti")

    account = connected.account
    access, key = access_of(application, account.id), read_key(sealed(application, account.id, "access_token"), PREFIX)
    assert (connected.profile.id, sealed(application, account.id, "login")) == (USER_ID, "instagram")
    assert key is not None
    assert (key.kind, key.lifetime) == ("account", LONG_SECONDS)
    assert (access.granted, access.data_ends_at) == (BY_ITSELF, None)
    assert access.ends_at == connected.ends_at == clock.now() + timedelta(seconds=LONG_SECONDS)
    if is_flat:
        assert office.collect("--platform", "instagram")["instagram"]["outcome"] == "ok"


def test_a_life_that_is_not_told_is_not_made_up(application: Application, contract) -> None:
    """Sixty days are usual and promised by nobody."""
    contract.by_itself.life_unsaid = True

    assert connect(application, "instagram", "instagram").ends_at is None


def test_the_address_that_is_pasted_may_end_in_the_platforms_own_mark(application: Application) -> None:
    """Instagram puts `#_` behind the code (instagram.md §2), which would make it another code."""
    connection = begin(application, "instagram", "instagram")
    came = Visitor().answer(connection.invite(REGISTERED))
    assert came.endswith("#_")
    connection.accept(read_pasted(f"  {came[:60]}\n{came[60:]} ", ("code",)))

    assert connection.look()[0].profile.id == USER_ID


@pytest.mark.parametrize(
    ("way", "scope"),
    [("halaman", "instagram_manage_insights"), ("instagram", "instagram_business_manage_insights")],
)
def test_an_unticked_permission_is_named_with_its_cost(application: Application, way: str, scope: str) -> None:
    """Followers are read; reach and views are what the report will lack."""
    connected = connect(application, "instagram", way, Visitor(leaves=(f"scope:{scope}",)))

    assert [one.name for one in connected.withheld] == [scope]
    assert "jangkauan" in connected.withheld[0].without.id


@pytest.mark.parametrize(
    ("way", "scope"),
    [
        ("halaman", "instagram_basic"),
        ("halaman", "pages_show_list"),
        ("halaman", "pages_read_engagement"),
        ("instagram", "instagram_business_basic"),
    ],
)
def test_without_a_needed_permission_nothing_is_connected(application: Application, way: str, scope: str) -> None:
    """It is named, and nothing is left half done."""
    connection = begin(application, "instagram", way)
    allow(connection, Visitor(leaves=(f"scope:{scope}",)))

    with pytest.raises(ConnectingError, match=scope):
        connection.look()
    assert application.queries.list_accounts() == ()


@pytest.mark.parametrize("way", ["halaman", "instagram"])
def test_denying_it_is_said(application: Application, way: str) -> None:
    """A person who chose Cancel is told how to go on."""
    with pytest.raises(ConnectingError) as caught:
        allow(begin(application, "instagram", way), Visitor(decision="deny"))
    assert caught.value.code == "denied"


def test_the_answer_to_another_connecting_is_not_taken(application: Application, contract, dialog) -> None:
    """A foreign state is somebody else's sign-in."""
    contract.dialog.wrong_state = dialog.wrong_state = True
    for way in ("halaman", "instagram"):
        with pytest.raises(ConnectingError) as caught:
            allow(begin(application, "instagram", way))
        assert caught.value.code == "state"


def test_a_code_that_waited_too_long_is_said(application: Application, clock: SetClock) -> None:
    """Instagram's lives for an hour (instagram.md §2)."""
    connection = begin(application, "instagram", "instagram")
    came = Visitor().answer(connection.invite(REGISTERED))
    clock.move_to(clock.now() + timedelta(minutes=61))

    with pytest.raises(ConnectingError) as caught:
        connection.accept(read_query(urlsplit(came).query, ("code",)))
    assert caught.value.code == "code"


def test_an_address_that_is_not_registered_is_said(application: Application, contract) -> None:
    """The office typed its site without the last stroke."""
    connection = begin(application, "instagram", "instagram")
    came = Visitor().answer(connection.invite(REGISTERED))
    connection.redirect_uri = REGISTERED.rstrip("/")

    with pytest.raises(ConnectingError) as caught:
        connection.accept(read_query(urlsplit(came).query, ("code",)))
    assert caught.value.code == "redirect"


def test_the_other_app_id_is_a_setting_to_mend(office: Office) -> None:
    """Meta gives one app two ids, and people take the first that they see (instagram.md §2)."""
    office.environment["INSTAGRAM_LOGIN_APP_SECRET"] = "rahasia-yang-lain"
    with office.open() as application, pytest.raises(ConnectingError) as caught:
        allow(begin(application, "instagram", "instagram"))
    assert (caught.value.code, caught.value.exit_status) == ("app", 2)


def test_a_page_without_a_linked_account_says_what_to_do(application: Application, contract) -> None:
    """The commonest stumbling-block of all: linked by nobody, or still a personal account."""
    contract.by_page.pages = [OTHER_PAGE]
    connection = begin(application, "instagram", "halaman")
    allow(connection)
    (choice,) = connection.look()

    with pytest.raises(ConnectingError, match="Akun tertaut"):
        application.connecting.choose(connection, choice)
    assert application.queries.list_accounts() == ()


def test_somebody_without_a_page_is_told_so(application: Application, contract) -> None:
    """The staff member's profile has never been made a keeper of the Page."""
    contract.by_page.pages = []
    connection = begin(application, "instagram", "halaman")
    allow(connection)

    with pytest.raises(ConnectingError, match="--account") as caught:
        connection.look()
    assert caught.value.code == "setting.no_page"


def test_a_personal_account_says_what_to_do(application: Application, contract) -> None:
    """It has no figures at all; switching takes a minute."""
    contract.account_type = "PERSONAL"
    connection = begin(application, "instagram", "instagram")
    allow(connection)

    with pytest.raises(ConnectingError, match="akun pribadi"):
        application.connecting.choose(connection, connection.look()[0])


@pytest.mark.parametrize("way", ["halaman", "instagram"])
def test_another_account_does_not_take_the_place_of_the_right_one(
    application: Application, standin: StandIn, way: str
) -> None:
    """The browser was still signed in as somebody else."""
    first = connect(application, "instagram", way)
    application.accounts.directory.bind(
        first.account.id, "17841499999999999", "kpu_lain", "kpu_lain", "", "", application.clock.now()
    )
    connection = begin(application, "instagram", way)
    allow(connection)

    with pytest.raises(ConnectingError) as caught:
        application.connecting.choose(connection, connection.look()[0])
    assert caught.value.code in ("access.other_account", "setting.account", "other_account")


def test_a_portfolios_key_reads_the_account_through_its_page(application: Application) -> None:
    """Nobody has to confirm it."""
    connection = begin(application, "instagram", "bisnis")
    connection.fill("user_id", USER_ID)
    connection.fill("access_token", Key("system", PERSON, 1, 0, tuple(BY_PAGE)).sealed())
    connected = application.connecting.choose(connection, connection.look()[0])

    access = access_of(application, connected.account.id)
    assert (access.granted, access.ends_at, access.data_ends_at) == (BY_PAGE, None, None)


def test_changing_the_way_leaves_nothing_of_the_old_one(office: Office, application: Application) -> None:
    """The Page was lost; the account's own sign-in goes on with the same history."""
    first = connect(application, "instagram", "halaman")
    second = connect(application, "instagram", "instagram")

    assert second.account.id == first.account.id
    assert sealed(application, second.account.id, "login") == "instagram"
    assert access_of(application, second.account.id).data_ends_at is None
    assert office.run("accounts", "check", "--json").json["accounts"][0]["ok"]


def test_a_long_key_is_renewed_between_its_first_day_and_its_end(clock: SetClock, contract) -> None:
    """The stand-in is as strict as the platform: not in the first 24 hours, and never after the end."""
    from collector.demo.contract import Asked

    def renew(key: str) -> tuple[int, dict]:
        query = {"grant_type": "ig_refresh_token", "access_token": key}
        answered = contract.answer(Asked("INSTAGRAM_GRAPH_URL", "GET", "/refresh_access_token", query, {}))
        return answered.status, answered.body

    issued = int(clock.now().timestamp())
    key = Key("account", USER_ID, issued, LONG_SECONDS, tuple(BY_ITSELF)).sealed(PREFIX)
    assert renew(key)[0] == 400
    clock.move_to(clock.now() + timedelta(days=1))
    status, body = renew(key)
    assert (status, body["expires_in"]) == (200, LONG_SECONDS)
    assert body["access_token"] != key
    clock.move_to(clock.now() + timedelta(days=60))
    assert renew(key)[1]["error"]["error_subcode"] == 463
    assert renew(body["access_token"])[0] == 400
