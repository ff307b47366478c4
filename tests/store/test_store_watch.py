"""What alerts are judged by is read alike from both databases."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert
from store_books import FOLLOWERS_NOW, VIEWS_DAY, Books, day, reading

from collector.store import schema
from collector.store.findings import Findings
from collector.store.records import to_ms
from collector.store.watch import Backup, Failure, Question, Watch

HOUR = timedelta(hours=1)


def write(books: Books, table: str, **values: object) -> None:
    """Write a row as another part of the application does."""
    with books.store.write() as connection:
        connection.execute(insert(schema.metadata.tables[table]).values(**values))


def test_successes_and_failures_are_told_apart(books: Books) -> None:
    """The failures after the last success, of each account by itself."""
    watch, good, bad = Watch(books.store), books.account("good"), books.account("bad")
    books.collect(bad, outcome="failed")
    books.collect(good, outcome="failed")
    books.collect(good, outcome="partial")
    ended = books.now

    assert watch.list_last_good(books.now) == {good: ended}
    assert {account: len(failed) for account, failed in watch.list_failures(books.now).items()} == {bad: 1}
    assert all(isinstance(one, Failure) for one in watch.list_failures(books.now)[bad])
    assert watch.list_failures(books.now + timedelta(days=61)) == {}


def test_an_empty_store_has_nothing_to_tell(books: Books) -> None:
    """Before the first collection nothing is judged."""
    watch = Watch(books.store)

    assert (watch.list_last_good(books.now), watch.list_failures(books.now), watch.list_off(books.now)) == ({}, {}, [])
    assert watch.find_served_since() is watch.find_last_run() is watch.find_last_backup() is None
    assert (watch.find_last_good_backup(books.now), watch.list_questions()) == (None, ())
    assert watch.list_days([1], "followers", date(2026, 6, 30), books.now) == {}


def test_outages_backups_and_questions_are_read(books: Books) -> None:
    """Each as the one who wrote it means it."""
    watch, account, now = Watch(books.store), books.account(), books.now
    write(books, "outages", kind="power", from_at=to_ms(now - 9 * HOUR), to_at=None, noted_at=0)
    write(books, "beats", name="service", at=to_ms(now))
    write(books, "backups", path="a", size=1, sha256="", made_at=to_ms(now - HOUR), error=None)
    write(
        books, "backups", path="c", size=1, sha256="", made_at=to_ms(now + 9_999 * HOUR), error=None
    )  # by a wrong clock
    write(books, "backups", path="b", size=0, sha256="", made_at=to_ms(now), error="full")
    Findings(books.store).ask("account.name", account, now, detail="?")
    books.run("collect now")
    books.run("schedule")

    assert watch.list_off(now) == [(now - 9 * HOUR, now)]
    assert (watch.find_last_backup(), watch.find_last_good_backup(now)) == (Backup(now, "full"), now - HOUR)
    assert [(one.account_id, one.code) for one in watch.list_questions()] == [(account, "account.name")]
    assert all(isinstance(one, Question) for one in watch.list_questions())
    assert watch.find_served_since() == watch.find_last_run() == books.now


def test_the_newest_figure_up_to_a_day_is_found(books: Books) -> None:
    """Followers where there are any, else whatever the account has; a moment by the instant, a day by its date."""
    watch, both, flows = Watch(books.store), books.account("both"), books.account("flows")
    midnight = datetime(2026, 9, 1, tzinfo=UTC)
    before, after = midnight - timedelta(seconds=1), midnight
    books.collect(both, reading(FOLLOWERS_NOW, 1, before - timedelta(days=3)), reading(VIEWS_DAY, 5, day(7)))
    books.collect(both, reading(FOLLOWERS_NOW, 2, before))
    books.collect(both, reading(FOLLOWERS_NOW, 3, after))
    books.collect(flows, reading(VIEWS_DAY, 5, day(2)), reading(VIEWS_DAY, 5, day(9)))

    found = watch.list_days([both, flows, 99], "followers", date(2026, 8, 31), midnight)

    assert found == {both: date(2026, 8, 31), flows: day(2)}
    assert watch.list_days([flows], "followers", date(2026, 1, 1), midnight) == {}
