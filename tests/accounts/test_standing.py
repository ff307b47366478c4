"""How an account stands: what it may read, until when, and what the next report would lack."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.accounts.standing import Standing
from collector.store.records import StoredAccount
from collector.wiring import Application
from connectors.kit import Access, Permission, Words
from connectors.kit.connecting import Pasted
from connectors.x import CONNECTOR as X

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # the moment at which every test begins
READS, LISTS, POSTS = (
    Permission(name, Words(name, name), Words(f"tanpa {name}", f"without {name}")) for name in ("reads", "lists", "own")
)


def way(name: str, *permissions: Permission) -> Pasted:
    """Return a way to connect with these permissions."""
    words = Words(name, name)
    return Pasted(name=name, label=words, reads=words, permissions=permissions, slot="refresh_token")


@pytest.fixture
def account(application: Application, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoredAccount]:
    """Return an account of a platform with two ways to connect."""
    monkeypatch.setattr(type(X), "ways", (way("full", READS, LISTS), way("small", POSTS)))
    accounts = application.accounts
    yield accounts.ensure(accounts.get_office(None), X, "kpu_contoh")


def standing_of(application: Application, account: StoredAccount) -> Standing:
    """Return how the account stands."""
    (found,) = application.standings.of([account])
    return found


def test_a_missing_permission_is_named_with_what_it_costs(application: Application, account: StoredAccount) -> None:
    """Somebody unticked a box: the report will lack something, and it is known today which."""
    access = Access(frozenset({"reads"}), slot="refresh_token")
    application.accounts.accesses.connect(account.id, access, "", "full", NOW)

    found = standing_of(application, account)

    assert (found.granted, found.missing) == (("reads",), (LISTS,))
    assert found.lacks[0] == "tanpa lists"


def test_a_sign_in_from_the_settings_is_held_against_the_way_it_is_most_like(
    application: Application, account: StoredAccount
) -> None:
    """What another way would ask for is not missing."""
    application.accounts.accesses.note(account.id, Access(frozenset({"own"}), slot="refresh_token"), NOW)

    assert standing_of(application, account).missing == ()


def test_a_platform_that_tells_no_permissions_is_not_said_to_lack_any(
    application: Application, account: StoredAccount
) -> None:
    """Not told is not refused."""
    application.accounts.accesses.note(account.id, Access(None, slot="refresh_token"), NOW)

    found = standing_of(application, account)
    assert (found.granted, found.missing) == (None, ())


def test_the_first_end_is_when_a_person_has_to_act(application: Application, account: StoredAccount) -> None:
    """A sign-in that holds for a year is of no use where its data may be read for a month only."""
    year, month = NOW + timedelta(days=365), datetime(2026, 12, 19, 18, 0, tzinfo=UTC)
    application.accounts.accesses.note(account.id, Access(None, year, month, "refresh_token"), NOW)

    found = standing_of(application, account)

    assert found.ends_at == month
    assert found.days_left(NOW) == 30  # 20 November to 20 December by the office's calendar, not by hours
    assert found.days_left(month + timedelta(days=1)) == -1
    assert replace(found, access=()).days_left(NOW) is None


def test_an_account_without_figures_says_so(application: Application, account: StoredAccount) -> None:
    """What is missing for the report is said before the semester ends."""
    assert standing_of(application, account).lacks == ("belum ada angka sama sekali",)
