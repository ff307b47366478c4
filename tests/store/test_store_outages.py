"""Outages and signs of life: the same on both databases."""

from datetime import datetime, timedelta

import pytest
from store_books import START, Books

from collector.store.outages import Answering, Outages


@pytest.fixture
def outages(books: Books) -> Outages:
    """Return the outages of an empty store."""
    return Outages(books.store)


def at(hours: float) -> datetime:
    """Return a moment by its distance from the beginning."""
    return START + timedelta(hours=hours)


def spans(outages: Outages, first: float = -1000, last: float = 1000) -> list[tuple[str, datetime, datetime | None]]:
    """List outages as plain values."""
    return [(one.kind, one.since, one.until) for one in outages.list_between(at(first), at(last))]


def test_the_line_has_one_open_outage_at_most(outages: Outages) -> None:
    """Whoever notices it second notices the same one."""
    outages.open_line(at(1), at(1))
    outages.open_line(at(2), at(2))
    assert outages.find_open_line() is not None
    assert spans(outages) == [("line", at(1), None)]

    outages.close_line(at(3))
    outages.close_line(at(4))
    assert (spans(outages), outages.find_open_line()) == ([("line", at(1), at(3))], None)
    outages.open_line(at(5), at(5))
    assert len(spans(outages)) == 2


def test_an_outage_never_ends_before_it_began(outages: Outages) -> None:
    """The clock may have been set back meanwhile; a negative length would lower the sum of the others."""
    outages.open_line(at(5), at(5))
    outages.close_line(at(1))

    assert spans(outages) == [("line", at(5), at(5))]


def test_without_power_nothing_is_known_of_the_line(outages: Outages) -> None:
    """The hours of the one must not be counted for the other as well."""
    outages.open_line(at(1), at(1))
    outages.note_power(at(3), at(10))

    assert spans(outages) == [("line", at(1), at(3)), ("power", at(3), at(10))]


def test_a_span_lists_what_reaches_into_it(outages: Outages) -> None:
    """A report of a period counts the part that lies within it."""
    outages.note_power(at(0), at(2))
    outages.open_line(at(8), at(8))

    assert [one[0] for one in spans(outages, 1, 5)] == ["power"]
    assert spans(outages, 2, 8) == []
    assert [one[0] for one in spans(outages, 20, 30)] == ["line"]


def test_what_answered_in_a_run(books: Books, outages: Outages) -> None:
    """A refusal is an answer too: the line is there."""
    silent, mixed, nothing = books.run(), books.run(), books.run()
    first = books.now + timedelta(minutes=1)
    books.keep(run_id=silent, status=0, body=None)
    books.keep(run_id=silent, status=0, body=None, platform="round")
    books.keep(run_id=mixed, status=0, body=None)
    books.keep(run_id=mixed, status=503)
    came = books.now

    assert outages.find_answering(silent) == Answering(frozenset({"square", "round"}), first, None)
    assert outages.find_answering(mixed).answered_at == came
    assert outages.find_answering(nothing) == Answering(frozenset(), None, None)


def test_a_sign_of_life_is_the_last_one(outages: Outages) -> None:
    """Each name has its own."""
    assert outages.find_beat("serve") is None
    for hours in (1, 2, 0.5):
        outages.beat("serve", at(hours))

    assert (outages.find_beat("serve"), outages.find_beat("nightly")) == (at(0.5), None)
