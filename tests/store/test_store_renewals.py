"""Renewals in the store: one holder at a time, and what is remembered of a value that was sent."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from store_books import Books

from collector.store import ledger, schema
from collector.store.records import StoredRenewal
from collector.store.renewals import Renewals

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def renewals(books: Books) -> Renewals:
    """The renewals of a store on each database."""
    return Renewals(books.store)


@pytest.fixture
def wanted(books: Books) -> StoredRenewal:
    """A renewal that is about to begin."""
    return StoredRenewal(books.account(), "refresh_token", "digest-1", NOW, "home-a")


def never(begun: StoredRenewal) -> bool:
    """Believe every holder to be alive."""
    return False


def always(begun: StoredRenewal) -> bool:
    """Believe every holder to be dead."""
    return True


def test_one_of_many_that_begin_at_once_has_it(renewals: Renewals, wanted: StoredRenewal) -> None:
    """Homes on one database have no lock in common but this row."""
    begun: list[StoredRenewal | None] = []
    threads = [
        threading.Thread(target=lambda one=one: begun.append(renewals.begin(one, never)))
        for one in (replace(wanted, holder=f"home-{number}") for number in range(8))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    [winner] = [one for one in begun if one is not None]
    assert renewals.find(wanted.account_id, wanted.slot) == winner
    assert len(begun) == 8


def test_the_value_of_a_dead_holder_may_be_lost(renewals: Renewals, wanted: StoredRenewal) -> None:
    """That is all that the next one has to know; the first time counts, however often it is tried again."""
    renewals.begin(wanted, never)
    second = replace(wanted, begun_at=NOW + timedelta(hours=1), holder="home-b")
    third = replace(wanted, begun_at=NOW + timedelta(hours=2), holder="home-c")

    assert renewals.begin(second, never) is None
    assert renewals.begin(second, always) == replace(second, lost_at=NOW)
    assert renewals.begin(third, always) == replace(third, lost_at=NOW)


def test_of_another_value_nothing_is_known(renewals: Renewals, wanted: StoredRenewal) -> None:
    """Somebody connected the account again: the new key was never sent."""
    renewals.begin(wanted, never)
    renewals.end(replace(wanted, lost_at=NOW, failures=3, refusal="{}"))

    other = replace(wanted, seed="digest-2")
    assert renewals.begin(other, never) == other


def test_what_an_end_left_to_know_is_kept_and_else_nothing(renewals: Renewals, wanted: StoredRenewal) -> None:
    """A row that says nothing would look like a renewal under way."""
    renewals.begin(wanted, never)
    until = NOW + timedelta(minutes=5)
    renewals.end(replace(wanted, failures=2, retry_at=until, lost_at=NOW))
    assert renewals.find(wanted.account_id, wanted.slot) == replace(
        wanted, holder="", failures=2, retry_at=until, lost_at=NOW
    )
    again = renewals.begin(wanted, never)
    assert again == replace(wanted, failures=2, retry_at=until, lost_at=NOW)
    renewals.end(wanted)
    assert renewals.find(wanted.account_id, wanted.slot) is None


def test_who_was_taken_for_dead_ends_nothing_of_the_other(renewals: Renewals, wanted: StoredRenewal) -> None:
    """A machine that slept comes back and finds its renewal taken over."""
    renewals.begin(wanted, never)
    other = renewals.begin(replace(wanted, holder="home-b"), always)
    renewals.end(wanted)

    assert renewals.find(wanted.account_id, wanted.slot) == other


def test_what_came_and_the_end_of_the_renewal_are_one(
    books: Books, renewals: Renewals, wanted: StoredRenewal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended first, a crash would hide a used-up key; sealed first, the next one would be afraid for nothing."""
    renewals.begin(wanted, never)
    renewals.begin(replace(wanted, slot="another"), never)
    pair = {"refresh_token": b"sealed", "access:refresh_token": b"sealed"}
    insert = ledger.insert_new

    def break_off(*words: Any, **changed: bool) -> None:
        insert(*words, **changed)
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "insert_new", break_off)
        with pytest.raises(InterruptedError):
            books.ledger.seal(wanted.account_id, pair, "seed", {}, NOW, "refresh_token")
    assert renewals.find(wanted.account_id, "refresh_token") == wanted
    assert books.rows(schema.credentials) == []

    books.ledger.seal(wanted.account_id, pair, "seed", {}, NOW, "refresh_token")
    assert renewals.find(wanted.account_id, "refresh_token") is None
    assert renewals.find(wanted.account_id, "another") is not None
    books.ledger.seal(wanted.account_id, pair, "seed", {}, NOW)
    assert renewals.find(wanted.account_id, "another") is not None
    assert len(books.rows(schema.credentials)) == 2
