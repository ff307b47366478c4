"""How much room a reading takes: years of a country's figures have to fit on an old PC."""

from pathlib import Path

from store_books import VIEWS_DAY, Books, ask_sqlite, day, reading

from collector.store import schema

SERIES, DAYS, DAYS_OF_A_SNAPSHOT = 20, 1000, 125
MOST_BYTES = 30
"""With its share of the answers it was read from. Where its place is written out with it, a reading takes 46 alone."""


def _size(file_books: Books, database: Path) -> int:
    file_books.store.close()
    ask_sqlite(database, "VACUUM")
    return database.stat().st_size


def test_a_reading_takes_few_bytes(file_books: Books, database: Path) -> None:
    """20,000 daily figures of 20 series, answer by answer, which stand at the same few places again and again."""
    accounts = [file_books.account(f"a{number}") for number in range(SERIES)]
    before = _size(file_books, database)

    for start in range(1, DAYS + 1, DAYS_OF_A_SNAPSHOT):
        for account in accounts:
            file_books.collect(
                account,
                *(
                    reading(VIEWS_DAY, 1_000 + (start + offset) % 977, day(start + offset),
                            pointer=f"body:/data/0/values/{offset}/value")
                    for offset in range(DAYS_OF_A_SNAPSHOT)
                ),
            )  # fmt: skip
    kept = len(file_books.rows(schema.readings))
    growth = _size(file_books, database) - before

    assert kept == SERIES * DAYS
    assert growth / kept <= MOST_BYTES
