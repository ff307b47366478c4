"""Which accounts a new key on Meta's Graph sees: Pages, what is linked to them, and why there may be none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from conversation import Conversation

from collector.demo.contracts.facebook import PAGE_ID, FacebookContract
from collector.demo.contracts.instagram import USER_ID, InstagramContract
from collector.demo.contracts.instagram.sign_in import PREFIX
from collector.demo.graph.keys import Key, read_key
from collector.demo.graph.sign_in import (
    APP_ID,
    APP_SECRET,
    BUSINESS_PAGE,
    LONG_SECONDS,
    OFFICE_PAGE,
    OTHER_PAGE,
    PERSON,
    SCOPES,
    Page,
)
from collector.demo.world import World
from connectors.facebook import CONNECTOR as FACEBOOK
from connectors.instagram import CONNECTOR as INSTAGRAM
from connectors.kit import AccessError, OtherAccountError, SettingError

SECOND = int(datetime(2026, 11, 21, 3, 15, tzinfo=UTC).timestamp())
ASKED = tuple(one for one in SCOPES if one != "business_management")
APP = {"app_id": APP_ID, "app_secret": APP_SECRET}


def key_of(scopes=ASKED, kind="user", **more) -> str:
    """Return a person's key as the dialog leads to it."""
    return Key(kind, PERSON, SECOND, LONG_SECONDS, tuple(scopes), SECOND, **more).sealed()


@pytest.fixture
def see(clock):
    """Begin a conversation with a new key: `see(connector, key)`; its `contract` may be switched."""

    def begin(connector, key: str, **keys: str) -> Conversation:
        contract = (FacebookContract if connector is FACEBOOK else InstagramContract)(World(clock))
        return Conversation(contract, connector, {"access_token": key, **APP, **keys})

    return begin


def choices(talk: Conversation, id: str | None = None, handle: str = ""):
    """Ask which accounts there are. `id` is the account that is connected anew, `handle` what a person named."""
    account = replace(talk.account, id=id, handle=handle)
    return talk.connector.list_choices(account, talk.fetch)


def test_every_page_is_listed_with_its_own_key(see):
    """What is kept is the key of the Page that was chosen; the person's is not."""
    talk = see(FACEBOOK, key_of())
    found = choices(talk)

    assert [one.profile.id for one in found] == [OFFICE_PAGE.id, OTHER_PAGE.id]
    assert [one.profile.name for one in found] == [OFFICE_PAGE.name, OTHER_PAGE.name]
    opened = [read_key(talk.taken[one.keys["access_token"]]) for one in found]
    assert [(one.kind, one.holder) for one in opened if one] == [("page", OFFICE_PAGE.id), ("page", OTHER_PAGE.id)]


def test_no_key_of_a_page_is_in_what_the_connector_sees(see):
    """The list prints them in the clear, and the asker's own in its paging addresses (facebook.md §2.2)."""
    talk = see(FACEBOOK, key_of())
    talk.contract.keys_given.page_size = 1
    found = choices(talk)

    assert len(found) == 2
    listing = [one for one in talk.exchanges if one.request.path.endswith("/me/accounts")]
    assert len(listing) == 2
    assert not [secret for one in listing for secret in talk.taken.values() if secret.encode() in one.body]
    assert [one.request.params.get("after") for one in listing] == [None, "QVFIU1"]


def test_the_linked_account_is_told_with_the_page(see):
    """The same sign-in is good for it, with that Page's key."""
    office, other = choices(see(FACEBOOK, key_of()))

    (linked,) = office.linked
    assert (linked.platform, linked.profile.id, linked.profile.handle) == ("instagram", USER_ID, "kpu_contoh")
    assert linked.keys["access_token"] == office.keys["access_token"]
    assert linked.way in [one.name for one in INSTAGRAM.ways]
    assert other.linked == ()


def test_a_page_of_a_portfolio_is_had_by_its_id(see):
    """It is in no list although everything was allowed (facebook.md §2.3)."""
    talk = see(FACEBOOK, key_of())
    assert BUSINESS_PAGE.id not in [one.profile.id for one in choices(talk)]

    for found in (choices(talk, handle=BUSINESS_PAGE.id), choices(see(FACEBOOK, key_of(), page_id=BUSINESS_PAGE.id))):
        (choice,) = found
        assert choice.profile.id == choice.keys["page_id"] == BUSINESS_PAGE.id
        assert "access_token" in choice.keys


def test_an_empty_list_says_what_to_do(see):
    """Nobody guesses that the id has to be named."""
    talk = see(FACEBOOK, key_of())
    talk.contract.keys_given.pages = [BUSINESS_PAGE]

    with pytest.raises(SettingError) as caught:
        choices(talk)
    assert caught.value.code == "setting.no_page"
    assert "--account" in caught.value.hint.id


def test_the_account_that_is_connected_anew_is_the_only_one_to_choose(see):
    """Whoever runs several Pages must not take the wrong one by a slip."""
    assert [one.profile.id for one in choices(see(FACEBOOK, key_of()), id=OTHER_PAGE.id)] == [OTHER_PAGE.id]
    assert [one.profile.id for one in choices(see(INSTAGRAM, key_of()), id=USER_ID)] == [USER_ID]


def test_somebody_else_than_the_pages_keeper_is_told_so(see):
    """A colleague's profile signs in as easily as the right one."""
    talk = see(FACEBOOK, key_of(pages=(OTHER_PAGE.id,)))
    with pytest.raises(SettingError) as caught:
        choices(talk, id=PAGE_ID)
    assert caught.value.code == "setting.account"

    with pytest.raises(SettingError) as caught:
        choices(see(INSTAGRAM, key_of()), id="17841499999999999")
    assert caught.value.code == "setting.account"


@pytest.mark.parametrize("missing", ["pages_show_list", "pages_read_engagement"])
@pytest.mark.parametrize("connector", [FACEBOOK, INSTAGRAM], ids=lambda one: one.slug)
def test_a_needed_permission_that_was_not_ticked_is_named(see, connector, missing):
    """Without it lists come empty, and an office would look for the fault anywhere else."""
    with pytest.raises(AccessError) as caught:
        choices(see(connector, key_of(scope for scope in ASKED if scope != missing)))

    assert caught.value.code == "access.permission"
    assert missing in caught.value.hint.id


def test_a_lost_task_has_to_be_given_back_first(see):
    """Insights need the task ANALYZE (facebook.md §2.3); without it they come empty for months."""
    for connector, attribute in ((FACEBOOK, "keys_given"), (INSTAGRAM, "by_page")):
        talk = see(connector, key_of())
        getattr(talk.contract, attribute).pages = [replace(OFFICE_PAGE, tasks=("MODERATE",))]
        (choice,) = choices(talk)

        assert choice.needs is not None
        assert "Wawasan" in choice.needs.id


def test_a_portfolios_key_is_traded_for_the_pages_own(see):
    """The pasted key is the portfolio's; daily figures come with the Page's only."""
    (choice,) = choices(see(FACEBOOK, key_of(kind="system"), page_id=PAGE_ID))
    assert choice.keys["page_id"] == PAGE_ID
    assert "access_token" in choice.keys


def test_accounts_are_found_through_their_pages(see):
    """A Page without one is listed too, with what has to be done to it."""
    office, other = choices(see(INSTAGRAM, key_of()))

    assert (office.profile.id, office.profile.handle, office.needs) == (USER_ID, "kpu_contoh", None)
    assert (other.profile.name, other.keys) == (OTHER_PAGE.name, {})
    assert other.needs is not None
    assert "profesional" in other.needs.id


def test_an_account_in_no_list_is_had_by_its_id(see):
    """Its Page belongs to a portfolio; the person's own key serves it then."""
    talk = see(INSTAGRAM, key_of())
    talk.contract.by_page.pages = [Page("711000000000009", "PPID", None)]
    (choice,) = choices(talk, handle=USER_ID)

    assert (choice.profile.id, choice.keys) == (USER_ID, {"user_id": USER_ID})


def test_the_account_that_signed_in_by_itself_is_chosen(see):
    """There is just one, and its stable id is not the app's own number for it (instagram.md §1)."""
    key = Key("account", USER_ID, SECOND, LONG_SECONDS, ("instagram_business_basic",)).sealed(PREFIX)
    talk = see(INSTAGRAM, key, login="instagram")
    (choice,) = choices(talk)
    assert (choice.profile.id, choice.profile.handle, choice.needs) == (USER_ID, "kpu_contoh", None)

    talk.contract.account_type = "PERSONAL"
    (choice,) = choices(talk)
    assert choice.needs is not None
    assert "akun pribadi" in choice.needs.id


def test_another_account_that_signed_in_by_itself_is_refused(see):
    """The browser was still signed in as somebody else."""
    key = Key("account", USER_ID, SECOND, LONG_SECONDS, ("instagram_business_basic",)).sealed(PREFIX)

    with pytest.raises(OtherAccountError) as caught:
        choices(see(INSTAGRAM, key, login="instagram"), id="17841499999999999")
    assert caught.value.code == "access.other_account"
