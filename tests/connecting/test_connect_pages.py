"""A Page is connected: by consent, with a portfolio's key, and every way in which that fails."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from graph_person import LOOPBACK, Visitor, allow, begin, connect
from office import Office

from collector.clock import SetClock
from collector.connecting.callback import Callback, read_query
from collector.connecting.refusals import ConnectingError
from collector.demo.contracts.facebook import PAGE_ID
from collector.demo.graph.keys import Key, read_key
from collector.demo.graph.sign_in import BUSINESS_PAGE, OTHER_PAGE, PERSON, SCOPES
from collector.demo.standin import StandIn
from collector.wiring import Application

READS = ("pages_show_list", "pages_read_engagement", "read_insights", "pages_read_user_content")
EVERY = {*READS, "instagram_basic", "instagram_manage_insights"}


def access_of(application: Application, account_id: int):
    """Return what is remembered of an account's sign-in."""
    (access,) = application.accounts.accesses.list_all([account_id])[account_id]
    return access


def key_of(application: Application, account_id: int) -> Key:
    """Return the key that is sealed for an account."""
    key = read_key(application.vault.open_all(account_id)["key:access_token"].value)
    assert key is not None
    return key


def test_a_page_is_connected_and_collected(office: Office, application: Application, clock: SetClock) -> None:
    """From the dialog to the Page's own key, and the next collection has its daily figures."""
    connected = connect(application, "facebook", "browser", by="Siti")

    access, key = access_of(application, connected.account.id), key_of(application, connected.account.id)
    assert (connected.profile.id, connected.is_new, connected.withheld) == (PAGE_ID, True, ())
    assert (key.kind, key.holder, key.lifetime) == ("page", PAGE_ID, 0)
    assert (access.person, access.way, access.slot, access.granted) == ("Siti", "browser", "access_token", set(READS))
    assert (access.ends_at, access.data_ends_at) == (None, clock.now() + timedelta(days=90))
    assert connected.data_ends_at == access.data_ends_at
    assert office.collect("--platform", "facebook")["facebook"]["outcome"] == "ok"
    assert [one for one in office.readings("--platform", "facebook") if one["metric"] == "reach"]


def test_only_what_is_asked_for_is_shown_on_the_page(application: Application) -> None:
    """Nothing that could post, and with the plain way nothing of the other platform."""
    plain = begin(application, "facebook", "browser").invite(LOOPBACK)
    both = begin(application, "facebook", "sekaligus").invite(LOOPBACK)

    assert f"scope={'%2C'.join(READS)}&" in plain
    assert "instagram_basic" in both
    assert "manage_posts" not in plain + both


def test_an_unticked_permission_is_named_with_its_cost(application: Application) -> None:
    """The office goes on without the daily figures, and knows it today and not in December."""
    connected = connect(application, "facebook", "browser", Visitor(leaves=("scope:read_insights",)))

    assert [one.name for one in connected.withheld] == ["read_insights"]
    assert "jangkauan" in connected.withheld[0].without.id
    assert access_of(application, connected.account.id).granted == set(READS) - {"read_insights"}


@pytest.mark.parametrize("missing", ["pages_show_list", "pages_read_engagement"])
def test_without_a_needed_permission_nothing_is_connected(application: Application, missing: str) -> None:
    """The list of Pages would be empty, and nobody would know why."""
    connection = begin(application, "facebook", "browser")
    allow(connection, Visitor(leaves=(f"scope:{missing}",)))

    with pytest.raises(ConnectingError, match=missing):
        connection.look()
    assert application.queries.list_accounts() == ()


def test_denying_it_is_said(application: Application) -> None:
    """A person who chose Cancel is told how to go on."""
    with pytest.raises(ConnectingError) as caught:
        allow(begin(application, "facebook", "browser"), Visitor(decision="deny"))
    assert caught.value.code == "denied"


def test_the_answer_to_another_connecting_is_not_taken(application: Application, standin: StandIn) -> None:
    """A foreign state is somebody else's sign-in put under this office's name."""
    standin.contracts["facebook"].dialog.wrong_state = True

    with pytest.raises(ConnectingError) as caught:
        allow(begin(application, "facebook", "browser"))
    assert caught.value.code == "state"


def test_a_code_that_waited_too_long_is_said(application: Application, clock: SetClock) -> None:
    """The person was called away between the two clicks."""
    connection = begin(application, "facebook", "browser")
    came = Visitor().answer(connection.invite(LOOPBACK))
    clock.move_to(clock.now() + timedelta(minutes=11))

    with pytest.raises(ConnectingError) as caught:
        connection.accept(_read(came))
    assert caught.value.code == "code"


def test_a_code_serves_once(application: Application) -> None:
    """A second tab with the same address must not sign in again."""
    connection = begin(application, "facebook", "browser")
    came = _read(Visitor().answer(connection.invite(LOOPBACK)))
    connection.accept(came)
    with pytest.raises(ConnectingError) as caught:
        connection.accept(came)
    assert caught.value.code == "state"

    second = begin(application, "facebook", "browser")
    second.invite(LOOPBACK)
    assert second._proof is not None
    again = Callback(second._proof.state, came.code)
    with pytest.raises(ConnectingError) as caught:
        second.accept(again)
    assert caught.value.code == "code"


def _read(address: str) -> Callback:
    return read_query(urlsplit(address).query, ("code",))


def test_a_security_check_is_passed_at_the_platform(application: Application, standin: StandIn) -> None:
    """Beginning again would not help; signing in at facebook.com does (facebook.md §4, 190/459)."""
    connection = begin(application, "facebook", "browser")
    came = Visitor().answer(connection.invite(LOOPBACK))
    standin.contracts["facebook"].keys_given.refused_with = 459

    with pytest.raises(ConnectingError, match="pemeriksaan keamanan") as caught:
        connection.accept(_read(came))
    assert caught.value.code == "access.checkpoint"


def test_a_wrong_app_secret_is_a_setting_to_mend(office: Office) -> None:
    """It was copied from the wrong line; it is no fault of the person who signed in."""
    office.environment["FACEBOOK_APP_SECRET"] = "salah-salin"
    with office.open() as application, pytest.raises(ConnectingError) as caught:
        allow(begin(application, "facebook", "browser"))
    assert (caught.value.code, caught.value.exit_status) == ("app", 2)


def test_somebody_without_a_page_is_told_so(application: Application, standin: StandIn) -> None:
    """The list is empty for a Page of a portfolio, too: its id helps."""
    standin.contracts["facebook"].keys_given.pages = [BUSINESS_PAGE]
    connection = begin(application, "facebook", "browser")
    allow(connection)
    with pytest.raises(ConnectingError, match="--account") as caught:
        connection.look()
    assert caught.value.code == "setting.no_page"

    connected = connect(application, "facebook", "browser", handle=BUSINESS_PAGE.id)
    assert connected.profile.id == BUSINESS_PAGE.id


def test_the_wrong_page_does_not_take_the_place_of_the_right_one(application: Application) -> None:
    """The office's history goes on under its own Page, whoever signs in."""
    first = connect(application, "facebook", "browser")
    connection = begin(application, "facebook", "browser")
    allow(connection, Visitor(leaves=(f"page:{PAGE_ID}",)))

    with pytest.raises(ConnectingError) as caught:
        connection.look()
    assert caught.value.code == "setting.account"
    assert key_of(application, first.account.id).holder == PAGE_ID


def test_another_person_reconnects_it_and_its_history_stays(office: Office, application: Application) -> None:
    """The colleague who connected it has moved to another office."""
    first = connect(application, "facebook", "browser", by="Siti")
    office.run("record", "--platform", "facebook", "--account", "kpucontoh", "--metric", "followers", "--value", "9")
    application.accounts.set_state(first.account, "reconnect", "access.password")
    second = connect(application, "facebook", "browser", by="Budi")

    assert (second.account.id, second.is_new, second.account.state) == (first.account.id, False, "active")
    assert access_of(application, first.account.id).person == "Budi"
    assert [one["value"] for one in office.readings("--account", "kpucontoh")] == [9]


def test_a_portfolios_key_becomes_the_pages_own(application: Application) -> None:
    """The sturdiest way: no person has to confirm it, and insights come with the Page's key only."""
    connection = begin(application, "facebook", "bisnis")
    assert connection.list_missing()[:2] == ["page_id", "access_token"]
    connection.fill("page_id", PAGE_ID)
    connection.fill("access_token", Key("system", PERSON, 1, 0, READS).sealed())
    (choice,) = connection.look()
    connected = application.connecting.choose(connection, choice)

    assert key_of(application, connected.account.id).kind == "page"
    access = access_of(application, connected.account.id)
    assert (access.ends_at, access.data_ends_at, access.way) == (None, None, "bisnis")


@pytest.mark.parametrize("is_linked", [True, False])
def test_the_linked_account_is_connected_at_once(application: Application, standin: StandIn, is_linked: bool) -> None:
    """One sign-in for both, where the Page is linked; without a link the Page is connected all the same."""
    if not is_linked:
        standin.contracts["facebook"].keys_given.pages = [OTHER_PAGE]
    connection = begin(application, "facebook", "sekaligus")
    allow(connection)
    choice = connection.look()[0]
    connected = application.connecting.choose(connection, choice)
    followed = [application.connecting.connect_linked(connection, one) for one in choice.linked]

    assert connected.withheld == ()
    if is_linked:
        (account,) = [one.account for one in followed]
        assert (account.platform, account.handle) == ("instagram", "kpu_contoh")
        assert access_of(application, account.id).granted == EVERY
        assert key_of(application, account.id).holder == PAGE_ID
        assert application.vault.open_all(account.id)["key:login"].value == "facebook"
    else:
        assert followed == []


def test_the_dialog_refuses_what_the_platform_would(application: Application, standin: StandIn) -> None:
    """A stand-in that sent people anywhere would pass flows that the platform stops."""
    good = begin(application, "facebook", "browser").invite(LOOPBACK)
    for wrong in (
        good.replace("client_id=1", "client_id=9"),
        good.replace("localhost", "kpu.example"),
        good.replace("read_insights", "publish_everything"),
        good.replace("response_type=code", "response_type=token"),
    ):
        assert wrong != good
        assert httpx.get(wrong, trust_env=False).status_code == 400
    assert httpx.get(good.replace("/v26.0/", "/"), trust_env=False).status_code == 404
    assert set(READS) <= set(SCOPES)
