"""Who answers is held against who is stored: what is asked of a person, when, and how often."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from collector.accounts.service import Accounts
from collector.errors import SelectionError
from collector.platforms import get_connector
from collector.store.findings import ITSELF, OPEN, REFUSED
from collector.store.records import StoredAccount
from collector.wiring import Application
from connectors.kit import OtherAccountError, Profile

KNOWN = Profile("17841", "kpu_contoh", "KPU Contoh", "https://i.example/kpu_contoh", "https://kpu-contoh.go.id/")

See = Callable[[Profile], StoredAccount]


@pytest.fixture
def accounts(application: Application) -> Accounts:
    """Return the accounts of an empty home."""
    return application.accounts


@pytest.fixture
def account(accounts: Accounts) -> StoredAccount:
    """Return an account whose platform said who it is."""
    return accounts.identify(accounts.ensure(accounts.get_office(None), get_connector("instagram"), "baru"), KNOWN)


@pytest.fixture
def see(accounts: Accounts, account: StoredAccount, application: Application) -> See:
    """Return a function that sees a profile on another night."""

    def see_on_another_night(profile: Profile) -> StoredAccount:
        application.clock.sleep(24 * 3600)
        return accounts.see(accounts.get(account.id), profile, application.clock.now())

    return see_on_another_night


def asked(accounts: Accounts) -> list[tuple[str, str, str]]:
    return [(one.code, one.about, one.state) for one in accounts.findings.list_all()]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"name": "Undian"}, ["account.renamed"]),
        ({"handle": "undian"}, ["account.handle"]),
        ({"bio_link": "https://judi.example"}, ["account.bio"]),
        ({"bio_link": ""}, ["account.bio"]),
        ({"name": "Undian", "handle": "undian", "bio_link": "judi.example"},
         ["account.renamed", "account.handle", "account.bio"]),
        ({"handle": "@KPU_Contoh"}, []),  # another spelling of the same
        ({"bio_link": "http://www.kpu-contoh.go.id"}, []),
        ({"bio_link": None}, []),  # the platform does not tell it now
        ({"name": ""}, []),
        ({"handle": ""}, []),
        ({"handle": "KPU Contoh"}, []),  # without a handle of its own it goes by its name
        ({"link": "https://i.example/lain"}, []),
    ],
)  # fmt: skip
def test_ten_nights_of_one_change_are_one_question(
    accounts: Accounts, see: See, changes: dict[str, str | None], codes: list[str]
) -> None:
    """Asked again each night, a question is not read; and what is no change must not be asked at all."""
    for _ in range(10):
        seen = see(replace(KNOWN, **changes))

    assert [code for code, _, state in asked(accounts) if state == OPEN] == codes
    assert (seen.handle, seen.name, seen.bio_link) == (KNOWN.handle, KNOWN.name, KNOWN.bio_link), "shown as before"


def test_a_bio_that_leads_to_the_offices_own_site_is_nobodys_work_but_the_offices(
    accounts: Accounts, account: StoredAccount, see: See
) -> None:
    """The doctor asks for exactly that; who would have to confirm it?"""
    accounts.ensure(account.office, get_connector("website"), "https://kab-contoh.kpu.go.id")
    see(replace(KNOWN, bio_link="judi.example"))
    seen = see(replace(KNOWN, bio_link="http://kab-contoh.kpu.go.id/beranda"))

    assert accounts.get(seen.id).bio_link == "http://kab-contoh.kpu.go.id/beranda"
    [finding] = accounts.findings.list_all()
    assert (finding.state, "until" in finding.told) == (OPEN, True)


def test_what_was_never_told_before_is_no_change(accounts: Accounts) -> None:
    """An account that was bound by an older version has no name and no bio yet."""
    bare = accounts.identify(
        accounts.ensure(accounts.get_office(None), get_connector("instagram"), "baru"), Profile("17841", "kpu_contoh")
    )

    seen = accounts.get(accounts.see(bare, KNOWN, accounts.clock.now()).id)

    assert asked(accounts) == []
    assert (seen.name, seen.bio_link) == (KNOWN.name, KNOWN.bio_link)


def test_a_new_handle_finds_the_account_at_once(accounts: Accounts, account: StoredAccount, see: See) -> None:
    """A file of tomorrow calls it as it is called then; of a Page without a handle that is its name."""
    see(replace(KNOWN, handle="kpu_kota"))
    assert accounts.is_called(accounts.get(account.id), "KPU_Kota")

    page = accounts.identify(
        accounts.ensure(accounts.get_office(None), get_connector("facebook"), "baru"),
        Profile("7", "PPID KPU Contoh", "PPID KPU Contoh"),
    )
    accounts.see(page, Profile("7", "PPID Baru", "PPID Baru"), accounts.clock.now())
    assert [one for one in asked(accounts) if one[0] != "account.handle"] == [("account.renamed", "name", OPEN)]
    assert accounts.is_called(page, "ppid baru")


def test_an_accepted_name_of_an_account_without_a_handle_is_its_handle(
    application: Application, accounts: Accounts
) -> None:
    """It is called by its name everywhere."""
    page = accounts.identify(
        accounts.ensure(accounts.get_office(None), get_connector("facebook"), "baru"), Profile("7", "PPID", "PPID")
    )
    accounts.see(page, Profile("7", "PPID Baru", "PPID Baru"), accounts.clock.now())
    application.decisions.accept(1)

    assert (accounts.get(page.id).name, accounts.get(page.id).handle) == ("PPID Baru", "PPID Baru")
    application.decisions.refuse(1)
    assert (accounts.get(page.id).name, accounts.get(page.id).handle) == ("PPID", "PPID")


def test_a_no_is_asked_again_when_it_happens_again(application: Application, accounts: Accounts, see: See) -> None:
    """It was not the office; it was mended; a month later it is back."""
    changed = replace(KNOWN, name="Undian")
    see(changed)
    application.decisions.refuse(1, by="Ani")
    see(changed)
    see(KNOWN)
    assert asked(accounts) == [("account.renamed", "name", REFUSED)]
    [before] = accounts.findings.list_all()
    assert "until" in before.told

    see(changed)
    assert [state for _, _, state in asked(accounts)] == [REFUSED, OPEN]


def test_another_id_is_refused_and_asked_once(accounts: Accounts, account: StoredAccount, see: See) -> None:
    """Not even the name that it shows is taken over."""
    for night in range(4):
        with pytest.raises(OtherAccountError, match="kpu_lain"):
            see(Profile("99999", "kpu_lain", f"Nama {min(night, 2)}", bio_link="lain.example"))
    assert asked(accounts) == [("account.other_id", "99999", OPEN)]
    assert not accounts.is_called(account, "kpu_lain")

    see(KNOWN)
    [settled] = accounts.findings.list_all()
    assert (settled.state, settled.by) == (REFUSED, ITSELF)
    with pytest.raises(OtherAccountError):
        see(Profile("99999", "kpu_lain", "Nama 0"))
    assert [state for _, _, state in asked(accounts)] == [REFUSED, OPEN], "it happened anew"


def test_a_successor_that_another_office_has_is_not_taken_from_it(
    application: Application, accounts: Accounts, see: See
) -> None:
    """The key that was pasted is the neighbour's; accepting it would give away their history."""
    elsewhere = accounts.ensure_office("lain", "KPU Lain")
    theirs = accounts.identify(accounts.ensure(elsewhere, get_connector("instagram"), "kpu_lain"),
                               Profile("99999", "kpu_lain"))  # fmt: skip
    with pytest.raises(OtherAccountError):
        see(Profile("99999", "kpu_lain"))

    with pytest.raises(SelectionError, match="kantor lain"):
        application.decisions.accept(1)
    assert accounts.findings.list_all(state=OPEN)
    assert accounts.get(theirs.id).succeeds is None


def test_a_successors_key_that_still_is_the_old_ones_joins_nothing(accounts: Accounts, account: StoredAccount) -> None:
    """Added by its handle, connected with the old key by mistake: the two would become one line."""
    from collector.accounts.succession import Succession

    office, instagram = accounts.get_office(None), get_connector("instagram")
    new = Succession(accounts).add(office, instagram, "kpu_resmi", account, accounts.clock.now())

    with pytest.raises(OtherAccountError, match="akun lama kpu_contoh"):
        accounts.identify(new, KNOWN)
    bound = accounts.identify(new, Profile("17842", "kpu_resmi"))
    assert (bound.id, bound.external_id, bound.succeeds) == (new.id, "17842", account.id)
    with pytest.raises(SelectionError, match="sudah digantikan"):
        Succession(accounts).add(office, instagram, "ketiga", accounts.get(account.id), accounts.clock.now())
    with pytest.raises(SelectionError, match="sendiri penggantinya"):
        Succession(accounts).put(accounts.get(account.id), bound, accounts.clock.now(), with_sign_in=False)


def test_a_configured_successor_meets_the_one_that_was_added_by_hand(
    accounts: Accounts, account: StoredAccount
) -> None:
    """First `accounts add --succeeds`, days later the keys: one account, and it still knows whom it succeeds."""
    from collector.accounts.succession import Succession

    office, instagram = accounts.get_office(None), get_connector("instagram")
    since = accounts.clock.now() - timedelta(days=3)
    new = Succession(accounts).add(office, instagram, "kpu_resmi", account, since)
    configured = accounts.ensure(office, instagram, "17842")
    accounts.directory.configure(configured.id, "17842")

    met = accounts.identify(accounts.get(configured.id), Profile("17842", "KPU_Resmi"))

    assert (met.id, met.succeeds, met.succeeds_since, met.configured) == (new.id, account.id, since, "17842")
    assert {one.id: one.state for one in accounts.queries.list_accounts()} == {account.id: "replaced", new.id: "active"}
