"""The chain of digests, on both databases: what may happen lawfully leaves it whole, what may not breaks it."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from store_books import (
    FOLLOWERS_NOW,
    LIKES_OF_POST,
    VIEWS_DAY,
    Books,
    covered,
    day,
    entry,
    gap,
    placed,
    post,
    reading,
)

from collector.figures.answers import cite
from collector.store import schema
from collector.store.bodies import Bodies
from collector.store.proofs import open_proofs
from collector.verifying.service import Verified, Verifying


def verify(books: Books, home: Path) -> Verified:
    """Verify a store without reading its answers again: its platform is made up."""
    return Verifying(books.store, books.queries, home, "collector 0").verify(deep=False)


def ids(books: Books, home: Path) -> list[str]:
    """Return the ids of the damages."""
    return [one.id for one in verify(books, home).damages]


def collect(books: Books, account: int, *values: int, first: int = 1) -> int:
    """Collect daily views from a day on in a run of its own, which ends. Returns the snapshot."""
    body = json.dumps({"values": list(values), "followers": sum(values)}).encode()
    run = books.run()
    snapshot = books.ledger.claim(run, account, "{}", "me", books.later(), books.later(minutes=5))
    assert snapshot is not None
    seen = [
        *(
            reading(VIEWS_DAY, value, day(first + place), pointer=f"body:/values/{place}")
            for place, value in enumerate(values)
        ),
        reading(FOLLOWERS_NOW, sum(values), books.now, pointer="body:/followers"),
        gap(LIKES_OF_POST, books.now, pointer="body:/followers"),
        gap(VIEWS_DAY, day(40), pointer="body:/values"),
        covered(VIEWS_DAY, day(first), day(first + len(values))),
        post("p1", books.now),
    ]
    exchange = books.keep(snapshot, run_id=run, body=body)
    books.finish(snapshot, account, placed(seen, exchange))
    books.ledger.finish_run(run, books.later())
    return snapshot


def test_every_run_that_ends_is_a_link(books: Books, tmp_path: Path) -> None:
    """The chain is only worth something if nothing is left out of it."""
    account = books.account()
    collect(books, account, 1, 2, 3)
    collect(books, account, 1, 2, 3, 4)

    links = books.rows(schema.digests)

    assert [row["number"] for row in links] == [1, 2]
    assert links[0]["sha256"] != links[1]["sha256"]
    verified = verify(books, tmp_path)
    assert verified.damages == []
    assert (verified.chain.links, verified.chain.end) == (2, links[1]["sha256"])


def test_what_may_happen_lawfully_leaves_it_whole(books: Books, tmp_path: Path) -> None:
    """A false alarm is worse than none: nobody looks the next time."""
    typed, account = books.account("kpu"), books.account("kpu_contoh")
    figure = reading(FOLLOWERS_NOW, 5, books.now, pointer="cell:/2/5")
    books.enter((typed, [entry(figure)]))
    collect(books, typed, 9, 9, first=2)
    first = collect(books, account, 1, 2, 3)
    collect(books, account, 1, 5, 3, 4)  # revised, the gap told anew, the days answered anew
    collect(books, account, *range(1, 42))  # the gap closed
    (digest,) = Bodies(books.store).list_whole([first])
    owners = Bodies(books.store).list_owners([digest])[digest]
    cited = Bodies(books.store).list_cited([digest])[digest]
    assert Bodies(books.store).reduce(digest, sum(one.exchanges for one in owners), cited, cite, books.later())
    Bodies(books.store).mark([first], books.later())
    books.directory.join(typed, account, books.later())

    verified = verify(books, tmp_path)

    assert [one.plain() for one in verified.damages] == []
    assert verified.chain.links == 4
    assert len(books.rows(schema.replaced)) >= 2


def test_a_run_whose_process_died_is_tied_a_day_later(books: Books, tmp_path: Path) -> None:
    """It ended without a word, and what it had been answered was read afterwards: it belongs to the chain, too."""
    account = books.account()
    collect(books, account, 1)
    dead = books.must_claim(account)
    exchange = books.keep(dead, run_id=books.one(schema.snapshots, id=dead)["run_id"], body=b'{"values": [7]}')
    collect(books, books.account("other"), 1, 2)
    seen = reading(VIEWS_DAY, 7, day(9), pointer="body:/values/0")
    books.finish(dead, account, placed([seen], exchange), outcome="interrupted")
    assert len(books.rows(schema.digests)) == 2
    books.later(days=2)

    collect(books, account, 3)

    run = books.one(schema.snapshots, id=dead)["run_id"]
    assert books.one(schema.digests, run_id=run)["number"] == 3
    assert ids(books, tmp_path) == []


def test_what_was_stored_before_the_chain_is_said_to_be_outside(books: Books, tmp_path: Path) -> None:
    """An installation of an earlier version has years behind it that nothing vouches for."""
    account = books.account()
    collect(books, account, 1, 2)
    with books.store.write() as connection:
        connection.execute(delete(schema.digests))
        connection.execute(update(schema.snapshots).values(tally=None))
    collect(books, account, 3)

    verified = verify(books, tmp_path)

    assert (verified.damages, verified.chain.links, verified.chain.before) == ([], 1, 1)


def test_two_runs_that_end_at_once_are_two_links_of_one_chain(books: Books, tmp_path: Path) -> None:
    """Two chains would each vouch for half of it."""
    books.account()
    runs = [books.run() for _ in range(12)]
    others = [books.elsewhere() for _ in range(3)]

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda run: others[run % 3].ledger.finish_run(run, books.now), runs))
    for other in others:
        other.store.close()

    assert sorted(row["number"] for row in books.rows(schema.digests)) == list(range(1, 13))
    assert ids(books, tmp_path) == []


def test_a_run_that_began_before_the_chain_is_tied_when_it_ends(books: Books, tmp_path: Path) -> None:
    """Two that begin together do not end in that order; nor is the chain's first link the oldest run."""
    first, second = books.run(), books.run()
    books.ledger.finish_run(second, books.later())
    books.ledger.finish_run(first, books.later())

    assert [row["run_id"] for row in books.rows(schema.digests)] == [first, second]
    assert ids(books, tmp_path) == []


def test_a_run_that_ends_twice_has_ended_once(books: Books, tmp_path: Path) -> None:
    """Its link speaks of its first end."""
    run = books.run()
    books.ledger.finish_run(run, books.later())
    ended = books.one(schema.runs, id=run)

    books.ledger.finish_run(run, books.later())

    assert books.one(schema.runs, id=run) == ended
    assert ids(books, tmp_path) == []


@pytest.mark.parametrize(
    ("table", "change", "found"),
    [
        ("readings", {"value": schema.readings.c.value + 1}, "figure.differs"),
        ("exchanges", {"request": "{}"}, "run.changed"),
        ("exchanges", {"sent_at": 5}, "run.changed"),
        ("snapshots", {"outcome": "partial"}, "run.changed"),
        ("monthly_sums", {"days": 1}, "sum.differs"),
        ("bodies", {"packed": b"x"}, "answer.damaged"),
        ("bodies", {"crc": 5}, "answer.damaged"),
    ],
)
def test_a_silent_change_shows_on_both_databases(
    books: Books, tmp_path: Path, table: str, change: dict[str, object], found: str
) -> None:
    """The province's server is as changeable as an office's file."""
    collect(books, books.account(), 1, 2, 3)
    with books.store.write() as connection:
        connection.execute(update(schema.metadata.tables[table]).values(change))

    assert found in ids(books, tmp_path)


def test_a_deleted_figure_shows_on_both_databases(books: Books, tmp_path: Path) -> None:
    """Its answer is reduced, so that only the tally still knows of it."""
    collect(books, books.account(), 1, 2, 3)
    with books.store.write() as connection:
        first = connection.execute(select(schema.readings.c.at).limit(1)).scalar_one()
        connection.execute(delete(schema.readings).where(schema.readings.c.at == first))

    assert "figures.changed" in ids(books, tmp_path)


def test_more_than_is_remembered_is_looked_up_anew(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A country's series do not fit into memory, and need not."""
    monkeypatch.setattr("collector.store.proofs._MOST_REMEMBERED", 1)
    for number in range(4):
        collect(books, books.account(f"a{number}"), 1, 2, number)

    assert ids(books, tmp_path) == []


def test_the_room_is_given_back_or_kept_for_use(books: Books) -> None:
    """A file becomes smaller; a server uses the room again."""
    account = books.account()
    for number in range(20):
        books.keep(books.must_claim(books.account(f"b{number}")), body=bytes(range(256)) * 400 + bytes([number]))
    collect(books, account, 1)
    with books.store.write() as connection:
        connection.execute(update(schema.bodies).values(packed=b""))
    before = books.store.size()

    books.store.compact()

    assert not books.store.is_sqlite or books.store.size() < before
    assert books.queries.list_accounts()[0].id == account
    with open_proofs(books.store) as proofs:
        assert proofs.count_taken() == 1
