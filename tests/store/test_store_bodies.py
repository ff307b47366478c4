"""Bodies whose time is over: what is left of them, whose they are, and that nothing is let go of by mistake."""

import json
import zlib
from collections.abc import Collection, Mapping
from datetime import timedelta
from hashlib import sha256

import pytest
from store_books import FOLLOWERS_NOW, START, VIEWS_DAY, Books, day, gap, placed, reading

from collector.store import schema
from collector.store.bodies import Bodies, Owner
from collector.store.records import to_ms

BODY = b'{"value": 1, "secret": "everything else"}'
DIGEST = sha256(BODY).hexdigest()
LATER = START + timedelta(days=40)


def cite(body: bytes, places: Collection[str]) -> Mapping[str, object]:
    """Tell what was asked for, and that it was asked of the whole body."""
    assert body == BODY
    return dict.fromkeys(sorted(places), 1)


def taken(books: Books, account: int, *pointers: str, body: bytes = BODY) -> int:
    """Take a snapshot with one answer and one figure for each pointer. Returns its exchange."""
    snapshot = books.must_claim(account)
    exchange = books.keep(snapshot, body=body)
    seen = [reading(VIEWS_DAY, number, day(number), pointer=one) for number, one in enumerate(pointers)]
    books.finish(snapshot, account, placed(seen, exchange))
    return exchange


def test_a_reduced_body_keeps_its_hash_and_what_is_cited(books: Books) -> None:
    """Address, status and headers stay where they were; of the bytes only the cited values are left."""
    exchange = taken(books, books.account(), "body:/value")
    before = books.one(schema.exchanges)

    assert Bodies(books.store).reduce(DIGEST, 1, {"body:/value"}, cite, LATER)

    row, kept = books.one(schema.bodies), books.queries.find_exchange(exchange)
    assert kept is not None
    assert (row["sha256"], row["size"], row["reduced_at"]) == (DIGEST, len(BODY), to_ms(LATER))
    assert b"everything else" not in zlib.decompress(row["packed"])
    assert (kept.body, kept.cited, kept.reduced_at, kept.sha256) == (None, {"body:/value": 1}, LATER, DIGEST)
    assert books.one(schema.exchanges) == before


def test_the_newest_dates_that_platforms_named(books: Books) -> None:
    """By them an age is told, however many files and entries without any were stored since."""
    for headers in (
        {"date": "satu"},
        {"date": "dua", "x": "y"},
        {"note": 'a "date": of its own'},
        {},
        {"date": "tiga"},
    ):
        books.keep(headers=headers)

    assert Bodies(books.store).list_dates(10) == ("tiga", "dua", "satu")
    assert Bodies(books.store).list_dates(2) == ("tiga", "dua")


def test_a_whole_body_has_nothing_cited_out_of_it(books: Books) -> None:
    """Whoever reads an answer sees at once which of the two it is."""
    kept = books.queries.find_exchange(taken(books, books.account(), "body:/value"))

    assert kept is not None
    assert (kept.body, kept.cited, kept.reduced_at) == (BODY, None, None)


def test_a_body_is_reduced_once(books: Books) -> None:
    """Done again it must not reduce what is left to nothing, nor move the day."""
    taken(books, books.account(), "body:/value")
    bodies = Bodies(books.store)
    assert bodies.reduce(DIGEST, 1, {"body:/value"}, cite, LATER)
    before = books.contents()

    assert not bodies.reduce(DIGEST, 1, {"body:/value"}, cite, LATER + timedelta(days=1))

    assert books.contents() == before


def test_a_body_that_comes_again_is_whole_again(books: Books) -> None:
    """The new answer is not read yet: a reduced body in its place could never be read after a crash."""
    account = books.account()
    first = taken(books, account, "body:/value")
    Bodies(books.store).reduce(DIGEST, 1, {"body:/value"}, cite, LATER)

    second = books.keep(books.must_claim(account), body=BODY)

    for exchange in (first, second):
        kept = books.queries.find_exchange(exchange)
        assert kept is not None
        assert (kept.body, kept.reduced_at) == (BODY, None)
    assert len(books.rows(schema.bodies)) == 1


def test_a_body_that_came_again_meanwhile_is_left_alone(books: Books) -> None:
    """Between looking and reducing another process may have had the same answer."""
    account = books.account()
    taken(books, account, "body:/value")
    books.keep(books.must_claim(account), body=BODY)

    assert not Bodies(books.store).reduce(DIGEST, 1, {"body:/value"}, cite, LATER)

    assert books.one(schema.bodies)["reduced_at"] is None


def test_a_power_cut_while_reducing_leaves_the_body_whole(books: Books) -> None:
    """Half a body would be neither an answer nor its cited values."""
    taken(books, books.account(), "body:/value")
    before = books.contents()

    def fail(body: bytes, places: Collection[str]) -> Mapping[str, object]:
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        Bodies(books.store).reduce(DIGEST, 1, {"body:/value"}, fail, LATER)

    assert books.contents() == before


def test_what_anyone_cites_of_a_shared_body_is_listed(books: Books) -> None:
    """Figures of two accounts, what a figure was before, and the place of a gap: each must be checkable afterwards."""
    first, second = books.account("satu"), books.account("dua")
    taken(books, first, "body:/a", "body:/b")
    taken(books, first, "body:/c", body=b"another answer")  # revises nothing: day 0 is read with an equal value
    taken(books, second, "body:/d")
    snapshot = books.must_claim(second)
    changed = [reading(VIEWS_DAY, 9, day(0), pointer="body:/e"), gap(FOLLOWERS_NOW, START, pointer="body:/f")]
    books.finish(snapshot, second, placed(changed, books.keep(snapshot, body=BODY)))

    assert Bodies(books.store).list_cited([DIGEST]) == {DIGEST: {"body:/a", "body:/b", "body:/d", "body:/e", "body:/f"}}


def test_the_owners_of_a_body_are_told_by_account(books: Books) -> None:
    """Each may keep it for another time; one that nobody has read yet may not lose it at all."""
    first, second = books.account("satu"), books.account("dua")
    taken(books, first)
    taken(books, first)
    newest = books.now - timedelta(minutes=1)
    books.keep(books.must_claim(second), body=BODY)
    unread = books.now
    books.keep(None, body=BODY, platform="circle")

    owners = Bodies(books.store).list_owners([DIGEST, "0" * 64])

    assert set(owners) == {DIGEST}
    assert sorted(owners[DIGEST], key=lambda one: (one.account_id is None, one.account_id)) == [
        Owner(first, "square", 2, newest, True),
        Owner(second, "square", 1, unread, False),
        Owner(None, "circle", 1, books.now, True),
    ]


def test_snapshots_are_gone_through_once_oldest_first(books: Books) -> None:
    """A little at a time, and never those that run, or that a later answer belongs to."""
    account, bodies = books.account(), Bodies(books.store)
    other = books.account("lain")
    taken(books, other)
    exchanges = [taken(books, account) for _ in range(3)]
    snapshots = [books.one(schema.exchanges, id=one)["snapshot_id"] for one in exchanges]
    before = books.later()
    late = books.must_claim(account)  # begins in time, and is answered too late
    books.keep(late, sent_at=before + timedelta(days=1))
    books.finish(late, account, [])
    books.must_claim(account)

    assert bodies.list_over(account, before + timedelta(hours=1), 2) == tuple(snapshots[:2])
    assert bodies.list_over(account, before + timedelta(hours=1), 9) == tuple(snapshots)
    bodies.mark(snapshots[:2], LATER)
    assert bodies.list_over(account, before + timedelta(hours=1), 9) == (snapshots[2],)
    assert bodies.list_over(account, before + timedelta(days=2), 9) == (snapshots[2], late)


def test_the_whole_bodies_of_snapshots_are_listed(books: Books) -> None:
    """What was reduced already, and what no answer came for, is nothing to do."""
    account, bodies = books.account(), Bodies(books.store)
    snapshot = books.must_claim(account)
    for step, body in enumerate((BODY, b"second", BODY, None), start=1):
        books.keep(snapshot, step=step, body=body)
    books.finish(snapshot, account, [])
    second = sha256(b"second").hexdigest()

    assert set(bodies.list_whole([snapshot])) == {DIGEST, second}
    bodies.reduce(DIGEST, 2, (), cite, LATER)
    assert bodies.list_whole([snapshot]) == (second,)


def test_answers_outside_any_snapshot_are_found_by_their_platform(books: Books) -> None:
    """Checks ask who an account is; files that people brought are never among them."""
    bodies = Bodies(books.store)
    books.keep(None, run_id=books.run("check"), body=BODY)
    books.keep(None, run_id=books.run("check"), body=b"other", platform="circle")
    books.keep(None, run_id=books.run("import"), body=b"file")
    taken(books, books.account(), body=b"collected")

    assert bodies.list_whole_outside("square", books.later(), 9) == (DIGEST,)
    assert bodies.list_whole_outside("square", START, 9) == ()


def test_what_is_left_is_plain_json(books: Books) -> None:
    """Who opens the database in ten years can read it without this program."""
    taken(books, books.account(), "body:/value")
    Bodies(books.store).reduce(DIGEST, 1, {"body:/value"}, cite, LATER)

    assert json.loads(zlib.decompress(books.one(schema.bodies)["packed"])) == {"body:/value": 1}
