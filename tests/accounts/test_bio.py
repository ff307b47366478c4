"""Whether an account's bio leads to the office's own site: spelled in many ways, and never guessed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from collector.accounts.bio import find_sites, host_of, names_site
from collector.accounts.service import Accounts
from collector.platforms import get_connector, list_connectors
from collector.store.records import StoredAccount
from collector.wiring import Application
from connectors.kit import Profile

Add = Callable[..., StoredAccount]


@pytest.fixture
def accounts(application: Application) -> Accounts:
    """Return the accounts of an empty home."""
    return application.accounts


@pytest.fixture
def add(accounts: Accounts) -> Add:
    """Return a function that adds an account of an office."""

    def add_one(platform: str, handle: str, office: str = "contoh") -> StoredAccount:
        return accounts.ensure(accounts.ensure_office(office, ""), get_connector(platform), handle)

    return add_one


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://kota-contoh.kpu.go.id/", "kota-contoh.kpu.go.id"),
        ("http://www.Kota-Contoh.kpu.go.id/blog?a=1", "kota-contoh.kpu.go.id"),
        ("kota-contoh.kpu.go.id", "kota-contoh.kpu.go.id"),
        (" www.kpu-contoh.go.id:8080/profil ", "kpu-contoh.go.id"),
        ("https://kpu-contoh.go.id?ref=bio", "kpu-contoh.go.id"),
        ("kpu-contoh.go.id.", "kpu-contoh.go.id"),
        ("https://wwwkpu.go.id#profil", "wwwkpu.go.id"),
        ("", ""),
    ],
)
def test_a_host_is_compared_without_what_makes_no_other_site(address: str, host: str) -> None:
    """Staff write the address as it looks nice; it is the same site with and without www."""
    assert host_of(address) == host


def test_only_a_platform_whose_identity_is_an_address_is_a_site() -> None:
    """Nothing else names the platform of websites: what it declares of its host says it."""
    assert [connector.slug for connector in list_connectors() if connector.is_site] == ["website"]


def test_a_bio_is_held_against_the_sites_of_its_own_office(accounts: Accounts, add: Add) -> None:
    """The neighbour's site in one's own bio is as wrong as the old domain; two sites are both one's own."""
    add("website", "https://kpu-contoh.go.id/")
    add("website", "www.ppid.kpu-contoh.go.id")
    add("website", "https://tetangga.go.id", "tetangga")
    here, there = add("instagram", "kpu_contoh"), add("instagram", "tetangga", "tetangga")
    sites = find_sites(accounts.queries.list_accounts())

    def said(account: StoredAccount, link: str | None) -> bool | None:
        return names_site(account, link, sites[account.office.id])

    assert said(here, "http://www.kpu-contoh.go.id/beranda") is True
    assert said(here, "ppid.kpu-contoh.go.id") is True
    assert said(here, "https://tetangga.go.id") is False
    assert said(here, "https://sub.kpu-contoh.go.id") is False
    assert said(there, "https://tetangga.go.id") is True


def test_nothing_is_said_where_there_is_nothing_to_compare(accounts: Accounts, add: Add) -> None:
    """A bio that was never asked for is not an empty one, and an office without a site has no wrong link."""
    account = add("instagram", "kpu_contoh")
    assert find_sites(accounts.queries.list_accounts()) == {}
    assert names_site(account, "https://a.example", ()) is None

    site = add("website", "https://kpu-contoh.go.id/")
    sites = find_sites(accounts.queries.list_accounts())[site.office.id]
    assert names_site(account, None, sites) is None
    assert names_site(account, "", sites) is False
    assert names_site(site, "https://a.example", sites) is None
    assert names_site(replace(account, platform="friendster"), "kpu-contoh.go.id", sites) is True


def test_a_site_that_is_only_a_name_is_compared_with_nothing(accounts: Accounts, add: Add) -> None:
    """Figures may have been typed for "Situs KPU" before anyone gave its address."""
    add("website", "Situs KPU Contoh")
    add("instagram", "kpu_contoh")

    assert find_sites(accounts.queries.list_accounts()) == {}


def test_what_a_bio_names_is_remembered_and_changed_by_a_person_alone(accounts: Accounts, add: Add) -> None:
    """The list shows it without asking again; an intruder's link is asked of before it is taken for the office's."""
    account = add("instagram", "Akun baru")
    assert account.bio_link is None

    account = accounts.identify(account, Profile("1", "kpu_contoh", bio_link="http://lama.example"))
    assert account.bio_link == "http://lama.example"
    assert accounts.note(account, Profile("1", "kpu_contoh")).bio_link == "http://lama.example"
    account = accounts.see(account, Profile("1", "kpu_contoh", bio_link=""), accounts.clock.now())
    assert (account.bio_link, accounts.get(account.id).bio_link) == ("http://lama.example", "http://lama.example")
    [finding] = accounts.findings.list_of(account.id)
    assert (finding.code, finding.told) == ("account.bio", {"before": "http://lama.example", "after": ""})
