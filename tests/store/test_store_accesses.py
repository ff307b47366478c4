"""What is remembered of a sign-in besides its secret: what it allows and until when."""

from datetime import UTC, datetime

from collector.wiring import Application
from connectors.kit import Access
from connectors.x import CONNECTOR as X

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 20, 3, 0, tzinfo=UTC)


def test_a_platforms_word_leaves_who_connected_the_account(application: Application) -> None:
    """The hand-over sheet names the person even after the nightly check took the platform's word anew."""
    accounts = application.accounts
    account = accounts.ensure(accounts.get_office(None), X, "kpu_contoh")

    accounts.accesses.connect(account.id, Access(frozenset({"users.read"}), LATER), "Staf Humas", "browser", NOW)
    accounts.accesses.note(account.id, Access(None, None, LATER), LATER)
    (found,) = accounts.accesses.list_all([account.id])[account.id]

    assert (found.person, found.way, found.connected_at) == ("Staf Humas", "browser", NOW)
    assert (found.granted, found.ends_at, found.data_ends_at, found.checked_at) == (None, None, LATER, LATER)


def test_the_services_of_one_platform_are_told_apart(application: Application) -> None:
    """A platform with two services signs in to each by itself, and one may end before the other."""
    accounts = application.accounts
    account = accounts.ensure(accounts.get_office(None), X, "kpu_contoh")

    accounts.accesses.note(account.id, Access(ends_at=NOW, slot="one"), NOW)
    accounts.accesses.note(account.id, Access(ends_at=LATER, slot="two"), NOW)

    found = accounts.accesses.list_all([account.id, account.id + 1])
    assert [(one.slot, one.ends_at) for one in found[account.id]] == [("one", NOW), ("two", LATER)]
    assert account.id + 1 not in found
