"""What is due, and the rules: the same on both databases."""

from datetime import timedelta

import pytest
from store_books import Books

from collector.store import schema
from collector.store.records import from_ms
from collector.store.schedules import Schedules, Scope


@pytest.fixture
def schedules(books: Books) -> Schedules:
    """Return the schedules of an empty store."""
    return Schedules(books.store)


def connected(books: Books, handle: str = "kpu") -> int:
    """Make an account that the environment configures."""
    account = books.account(handle)
    books.directory.configure(account, handle)
    return account


def test_who_is_due(books: Books, schedules: Schedules) -> None:
    """Connected, neither paused nor removed nor being collected, and never yet or at a time that has come."""
    new, due, later, typed, paused, removed, running = (
        connected(books, name) if name != "typed" else books.account(name)
        for name in ("new", "due", "later", "typed", "paused", "removed", "running")
    )
    sealed = books.account("sealed")
    books.ledger.seal(sealed, {"key:token": b"x"}, "", {}, books.now)
    now = books.later()
    schedules.set_due({due: now, later: now + timedelta(milliseconds=1), paused: now, removed: now})
    books.directory.set_state(paused, "paused", "", now)
    books.directory.set_state(removed, "removed", "", now)
    books.claim(running)

    assert schedules.list_due(now) == {new: None, due: now, sealed: None}
    assert schedules.list_due(now + timedelta(hours=1)).keys() == {new, due, sealed, later}
    assert schedules.find_next_due() == now
    assert typed not in schedules.list_due(now)


def test_a_claim_of_what_is_not_due_any_more_is_refused(books: Books, schedules: Schedules) -> None:
    """Two processes saw it due; the second must not collect it again when the first is done with it."""
    account = connected(books)
    now = books.later()
    run = books.run()

    def claim(by_hand: bool = False) -> int | None:
        by = None if by_hand else now
        return books.ledger.claim(run, account, "{}", "me", now, now + timedelta(minutes=10), due_by=by)

    first = claim()
    assert first is not None
    assert claim() is None
    books.ledger.finish_snapshot(first, account, [], outcome="ok", at=now, due_at=now + timedelta(days=1))
    assert claim() is None
    assert books.rows(schema.snapshots, outcome="running") == []  # a refused claim leaves nothing behind
    assert claim(by_hand=True) is not None


def test_a_scope_has_one_rule_and_an_account_sees_those_it_is_in(books: Books, schedules: Schedules) -> None:
    """Set again it is another, dropped it is gone, and the neighbours' rules are theirs."""
    here, there = books.office("here"), books.office("there")
    number = books.account("kpu", platform="square", office=here)
    [account] = [one for one in books.queries.list_accounts() if one.id == number]
    every = [Scope(), Scope(here), Scope(platform="square"), Scope(here, "square"), Scope(account_id=number)]
    others = [Scope(there), Scope(platform="round"), Scope(there, "square"), Scope(account_id=number + 1_000_000)]
    for scope in [*every, *others[:3]]:
        schedules.set_rule(scope, "daily 01:00", books.later())
    schedules.set_rule(Scope(here), "daily 02:00", books.later())

    found = dict(schedules.list_rules(account))
    assert found == {**dict.fromkeys(every, "daily 01:00"), Scope(here): "daily 02:00"}
    assert schedules.reset_rule(Scope(here))
    assert not schedules.reset_rule(Scope(here))
    assert dict(schedules.list_rules(account)).keys() == {*every} - {Scope(here)}


def test_deaths_are_counted_from_the_last_one_back(books: Books, schedules: Schedules) -> None:
    """A snapshot that ended by itself in between ends the row of deaths."""
    account = connected(books)
    assert schedules.count_deaths(account, 3) == 0
    for outcome, deaths in (("interrupted", 1), ("failed", 0), ("interrupted", 1), ("interrupted", 2), ("ok", 0)):
        books.finish(books.must_claim(account), account, [], outcome=outcome)
        assert schedules.count_deaths(account, 3) == deaths


def test_a_due_time_survives_to_the_millisecond(books: Books, schedules: Schedules) -> None:
    """The store's unit: a rounded one would be due twice."""
    account = connected(books)
    moment = from_ms(1_800_000_000_123)
    schedules.set_due({account: moment})

    assert schedules.list_due(moment) == {account: moment}
    assert schedules.list_due(moment - timedelta(milliseconds=1)) == {}
