"""Alerts in the store, on both databases: a cause is open once, a message is claimed once, nothing is lost."""

from datetime import timedelta
from threading import Barrier, Thread

from store_books import Books

from collector.store import schema
from collector.store.alerts import BEGIN, END, AlertBook

MINUTES_5, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)


def claimed(book: AlertBook, channel: str, books: Books) -> list[tuple[str, str]]:
    """Claim what waits for a channel, and return what it is."""
    return [(one.alert.cause, one.about) for one in book.claim(channel, books.now)]


def deliver(book: AlertBook, channel: str, books: Books) -> list[tuple[str, str]]:
    """Claim what waits for a channel, and note that it was told."""
    tellings = book.claim(channel, books.now)
    book.told(channel, tellings, books.now)
    return [(one.alert.cause, one.about) for one in tellings]


def test_a_cause_goes_from_begin_to_end(books: Books) -> None:
    """Each end of it is told to each channel once."""
    book = AlertBook(books.store)
    assert book.note({"disk.low": "{}"}, [], [], ["a", "b"], books.now)
    (alert,) = book.list_open()
    assert (alert.cause, alert.detail, alert.opened_at, alert.closed_at) == ("disk.low", "{}", books.now, None)
    assert deliver(book, "a", books) == deliver(book, "b", books) == [("disk.low", BEGIN)]
    assert not book.note({}, [], [], ["a", "b"], books.later())
    assert deliver(book, "a", books) == []

    assert book.note({}, [alert.id], [], ["a", "b"], books.later())
    assert book.list_open() == ()
    assert deliver(book, "a", books) == deliver(book, "b", books) == [("disk.low", END)]
    assert not book.note({}, [alert.id], [], ["a", "b"], books.later())


def test_what_was_claimed_and_not_told_comes_again_after_a_pause(books: Books) -> None:
    """Who claimed it may be dead; it must not be sent by two, and not be lost."""
    book = AlertBook(books.store)
    book.note({"disk.low": "{}"}, [], [], ["a"], books.now)
    assert claimed(book, "a", books) == [("disk.low", BEGIN)]
    assert claimed(book, "a", books) == []
    books.later(minutes=4, seconds=59)
    book.note({"clock.drift": "{}"}, [], [], ["a"], books.now)
    assert claimed(book, "a", books) == []  # the channel rests as a whole
    books.later(seconds=1)

    assert claimed(book, "a", books) == [("disk.low", BEGIN), ("clock.drift", BEGIN)]
    books.later(minutes=9, seconds=59)
    assert claimed(book, "a", books) == []
    books.later(seconds=1)
    assert deliver(book, "a", books) == [("disk.low", BEGIN), ("clock.drift", BEGIN)]
    books.later(days=2)
    assert claimed(book, "a", books) == []


def test_a_clock_that_is_set_back_holds_no_message_for_a_year(books: Books) -> None:
    """The pause was an hour at most, whatever the clock says now."""
    book = AlertBook(books.store)
    book.note({"disk.low": "{}"}, [], [], ["a"], books.now)
    claimed(book, "a", books)
    books.later(days=-365)

    assert claimed(book, "a", books) == [("disk.low", BEGIN)]


def test_what_ends_before_it_was_told_is_told_as_both(books: Books) -> None:
    """A channel that was down hears of it once it is back, and one without a word never hears of what was silent."""
    book = AlertBook(books.store)
    book.note({"loud": "{}", "silent": "{}"}, [], [], ["a"], books.now)
    loud, silent = book.list_open()
    book.note({}, [loud.id], [silent.id], ["a"], books.later())

    assert deliver(book, "a", books) == [("loud", BEGIN), ("loud", END)]


def test_what_comes_back_within_a_day_waits_until_it_has_stayed(books: Books) -> None:
    """And where it went again meanwhile, nothing is told at all."""
    book = AlertBook(books.store)
    book.note({"flap": "{}"}, [], [], ["a"], books.now)
    deliver(book, "a", books)
    book.note({}, [book.list_open()[0].id], [], ["a"], books.later(hours=1))
    deliver(book, "a", books)
    book.note({"flap": "{}"}, [], [], ["a"], books.later(hours=1))
    assert claimed(book, "a", books) == []
    book.note({}, [book.list_open()[0].id], [], ["a"], books.later(hours=1))
    assert claimed(book, "a", books) == []
    book.note({"flap": "{}"}, [], [], ["a"], books.later(hours=1))
    books.later(hours=20, minutes=59)
    assert claimed(book, "a", books) == []
    books.later(minutes=1)

    assert deliver(book, "a", books) == [("flap", BEGIN)]


def test_a_new_channel_is_told_what_is_open(books: Books) -> None:
    """What was told to the others does not count for it, and what is over is not told any more."""
    book = AlertBook(books.store)
    book.note({"open": "{}", "over": "{}"}, [], [], ["a"], books.now)
    deliver(book, "a", books)
    book.note({}, [book.list_open()[1].id], [], ["a"], books.later())
    book.note({}, [], [], ["a", "b"], books.later())

    assert claimed(book, "b", books) == [("open", BEGIN)]
    assert claimed(book, "a", books) == [("over", END)]


def test_two_processes_at_once_open_and_claim_once(books: Books) -> None:
    """Every round both see the same new cause at the same moment; one row, one message."""
    other = books.elsewhere()
    sent: list[str] = []

    def work(book: AlertBook, barrier: Barrier, cause: str) -> None:
        barrier.wait(20)
        book.note({cause: "{}"}, [], [], ["a"], books.now)
        tellings = book.claim("a", books.now)
        sent.extend(one.alert.cause for one in tellings)
        book.told("a", tellings, books.now)

    names = [f"cause-{number}" for number in range(10)]
    for name in names:
        barrier = Barrier(2)
        threads = [Thread(target=work, args=(AlertBook(one.store), barrier, name)) for one in (books, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        books.later(hours=2)
        sent.extend(cause for cause, _ in deliver(AlertBook(books.store), "a", books))
    other.store.close()

    assert sorted(sent) == sorted(names)
    assert sorted(row["cause"] for row in books.rows(schema.alerts)) == sorted(names)
