"""Outages and signs of life: the same on both databases."""

from datetime import datetime, timedelta

import pytest
from store_books import START, Books

from collector.store.outages import Answering, Outages, StoredOutage


@pytest.fixture
def outages(books: Books) -> Outages:
    """Return the outages of an empty store."""
    return Outages(books.store)


def at(hours: float) -> datetime:
    """Return a moment by its distance from the beginning."""
    return START + timedelta(hours=hours)


def spans(outages: Outages, first: float = -1000, last: float = 1000) -> list[tuple[str, datetime, datetime | None]]:
    """List outages as plain values."""
    return [(one.kind, one.since, one.until) for one in outages.list_between(at(first), at(last), at(1000))]


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


def test_a_report_names_what_was_known_when_it_was_made(outages: Outages) -> None:
    """The same report made again as known then must say the same."""
    outages.note_power(at(3), at(10))

    assert outages.list_between(at(0), at(20), at(9)) == ()
    assert len(outages.list_between(at(0), at(20), at(10))) == 1


def test_what_a_clock_dated_that_is_set_moves_with_it(outages: Outages) -> None:
    """A year that nobody lived through must not stand in the report, nor must an outage that lasts lose its hours."""
    outages.note_power(at(-20), at(-10))
    outages.note_power(at(0), at(515))
    outages.open_line(at(516), at(516))

    outages.shift(at(20), timedelta(hours=-500))
    assert spans(outages) == [("power", at(-20), at(-10)), ("power", at(0), at(15)), ("line", at(16), None)]
    outages.shift(at(520), timedelta(hours=500))
    assert outages.find_open_line() == StoredOutage("line", at(516), None)


def test_a_clock_set_back_by_mistake_takes_nothing_away(outages: Outages) -> None:
    """What ended before it began is no outage that a wrong clock noted."""
    outages.note_power(at(0), at(15))
    outages.shift(at(-484), timedelta(hours=-500))
    outages.shift(at(5), timedelta(hours=-100))

    assert spans(outages) == [("power", at(0), at(15))]


def test_what_a_clock_noted_that_was_ahead_is_over_when_the_right_one_says_so(outages: Outages) -> None:
    """It would hush alerts, and stand in next year's report."""
    outages.note_power(at(-20), at(-10))
    outages.note_power(at(0), at(515))
    outages.note_power(at(600), at(610))
    outages.open_line(at(700), at(700))
    outages.close_line(at(30))

    outages.end_ahead(at(30))

    assert spans(outages) == [("power", at(-20), at(-10)), ("power", at(0), at(30))]


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
