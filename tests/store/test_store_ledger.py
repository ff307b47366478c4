"""Writing: who may collect, what is kept before it is read, and what is marked as read."""

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy.exc import DataError
from store_books import FOLLOWERS_NOW, VIEWS_DAY, Books, covered, day, entry, gap, placed, post, reading

from collector.store import schema
from collector.store.ledger import Ledger
from collector.store.records import Stored, to_ms
from connectors.kit import Reason

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)


def test_a_run_is_recorded_from_its_start_to_its_end(books: Books) -> None:
    """A run without an end is one whose process died."""
    number = books.ledger.begin_run("schedule", "ani", "collector 1", NOON)
    row = books.one(schema.runs)
    assert (row["trigger"], row["by"], row["program"], row["started_at"], row["finished_at"]) == (
        "schedule", "ani", "collector 1", to_ms(NOON), None,
    )  # fmt: skip

    books.ledger.finish_run(number, NOON + timedelta(seconds=9))
    assert books.one(schema.runs)["finished_at"] == to_ms(NOON) + 9000


def test_an_account_is_claimed_once_until_it_is_finished(books: Books) -> None:
    """Two snapshots of one account at once would count each other's answers as their own."""
    account, other = books.account("satu"), books.account("dua")
    snapshot = books.must_claim(account)

    assert books.claim(account, holder="another") is None
    assert books.claim(other) is not None

    books.finish(snapshot, account, [])
    assert books.claim(account, holder="another") is not None


def test_a_claim_says_who_holds_it_and_until_when(books: Books) -> None:
    """A dead holder is found by its name, and by its lease where nothing else can tell."""
    account = books.account()
    books.must_claim(account)

    row = books.one(schema.snapshots)
    assert (row["claimed_by"], row["outcome"], row["account_id"], row["assignment"]) == ("me", "running", account, "{}")
    assert row["lease_until"] == row["started_at"] + 600_000


def test_of_many_who_claim_at_once_one_gets_it(books: Books) -> None:
    """The schedule and a person start at the same second."""
    account, run = books.account(), books.run()
    other = books.elsewhere()
    ledgers = [books.ledger, other.ledger] * 8

    def claim(ledger: Ledger) -> int | None:
        return ledger.claim(run, account, "{}", "me", NOON, NOON)

    with ThreadPoolExecutor(8) as pool:
        claimed = [one for one in pool.map(claim, ledgers) if one is not None]
    other.store.close()

    assert len(claimed) == 1


def test_an_assignment_is_given_once_it_is_known_whose_snapshot_it_is(books: Books) -> None:
    """The first snapshot of an account may find out that it is another one."""
    account, other = books.account("satu"), books.account("dua")
    snapshot = books.must_claim(account)
    books.ledger.assign(snapshot, other, '{"now": 1}')

    row = books.one(schema.snapshots)
    assert (row["account_id"], row["assignment"], row["outcome"]) == (other, '{"now": 1}', "running")


def test_each_exchange_renews_the_lease_of_its_snapshot_alone(books: Books) -> None:
    """A slow but living snapshot must not be taken for a dead one."""
    first, second = books.must_claim(books.account("satu")), books.must_claim(books.account("dua"))
    before = books.one(schema.snapshots, id=second)["lease_until"]
    books.keep(first, lease_until=NOON + timedelta(days=30))
    books.keep(second)
    books.keep(None, lease_until=NOON + timedelta(days=60))

    assert books.one(schema.snapshots, id=first)["lease_until"] == to_ms(NOON + timedelta(days=30))
    assert books.one(schema.snapshots, id=second)["lease_until"] == before


def test_an_exchange_is_there_before_anyone_has_read_it(books: Books) -> None:
    """A power cut after the answer costs nothing: it is read at the next start."""
    snapshot = books.must_claim(books.account())
    number = books.keep(
        snapshot, step=3, attempt=2, status=429, headers={"retry-after": "60"}, elapsed_ms=77, cost=5,
        error="terlalu sering", request={"api": "square", "method": "GET", "path": "/café"}, sent_at=NOON,
    )  # fmt: skip

    elsewhere = books.elsewhere()
    kept = elsewhere.queries.find_exchange(number)
    row = elsewhere.one(schema.exchanges)
    elsewhere.store.close()
    assert kept is not None
    assert (kept.snapshot_id, kept.step, kept.status, kept.sent_at) == (snapshot, 3, 429, NOON)
    assert (kept.request, kept.headers) == (
        '{"api": "square", "method": "GET", "path": "/café"}', '{"retry-after": "60"}',
    )  # fmt: skip
    assert (kept.error, kept.elapsed_ms, row["attempt"], row["cost"]) == ("terlalu sering", 77, 2, 5)
    assert row["read_at"] is None


def test_a_body_is_kept_once_and_compressed(books: Books) -> None:
    """A website's page says the same every day; a hundred copies of it would fill the disk of a small office."""
    body = b'{"followers": 1619}' * 200
    for _ in range(3):
        books.keep(body=body)
    books.keep(body=b"other")

    digest = sha256(body).hexdigest()
    row = books.one(schema.bodies, sha256=digest)
    assert [one["body"] for one in books.rows(schema.exchanges)][:3] == [digest] * 3
    assert len(books.rows(schema.bodies)) == 2
    assert row["size"] == len(body)
    assert zlib.decompress(row["packed"]) == body
    assert len(row["packed"]) < len(body) / 20


def test_no_answer_at_all_is_an_exchange_without_a_body(books: Books) -> None:
    """An empty answer is an answer; a dead line is none."""
    nothing, empty = books.keep(body=None, status=0, error="no connection"), books.keep(body=b"")

    bodies = [books.queries.find_exchange(number) for number in (nothing, empty)]
    assert [one.body if one else "" for one in bodies] == [None, b""]
    assert [one.sha256 is None if one else "" for one in bodies] == [True, False]


def test_finishing_stores_everything_and_marks_its_answers_as_read(books: Books) -> None:
    """From then on a crash cannot make the same answers be read again."""
    account = books.account()
    snapshot = books.must_claim(account)
    first, second = books.keep(snapshot, cost=3), books.keep(snapshot, step=2, cost=4)
    foreign = books.keep()
    seen = placed(
        [reading(VIEWS_DAY, 1, day(1)), reading(FOLLOWERS_NOW, 2, NOON), gap(VIEWS_DAY, day(2), Reason.RETIRED),
         covered(VIEWS_DAY, day(1), day(2)), post("p1", NOON)], second,
    )  # fmt: skip
    books.ledger.finish_snapshot(
        snapshot, account, seen, outcome="partial", at=NOON, error_code="throttled", error_message="later",
        due_at=NOON + timedelta(hours=1),
    )  # fmt: skip

    row = books.one(schema.snapshots)
    assert (row["outcome"], row["finished_at"], row["error_code"], row["error_message"]) == (
        "partial", to_ms(NOON), "throttled", "later",
    )  # fmt: skip
    assert (row["requests"], row["cost"], row["readings"], row["revised"]) == (2, 7, 2, 0)
    assert {one["id"]: one["read_at"] for one in books.rows(schema.exchanges)} == {
        first: to_ms(NOON), second: to_ms(NOON), foreign: None,
    }  # fmt: skip
    tables = (schema.readings, schema.gaps, schema.coverage, schema.posts, schema.dead_measures)
    assert [len(books.rows(table)) for table in tables] == [2, 1, 1, 1, 1]
    assert books.one(schema.accounts)["due_at"] == to_ms(NOON + timedelta(hours=1))


def test_an_account_stays_due_when_nothing_is_said_of_it(books: Books) -> None:
    """Ending a dead snapshot must not put off the next collection."""
    account = books.account()
    snapshot = books.must_claim(account)
    books.ledger.finish_snapshot(snapshot, account, [], outcome="ok", at=NOON, due_at=NOON)
    books.finish(books.must_claim(account), account, [], outcome="interrupted")

    assert books.one(schema.accounts)["due_at"] == to_ms(NOON)


def test_an_answer_that_was_read_keeps_the_time_of_its_first_reading(books: Books) -> None:
    """What was known when is told by it."""
    account = books.account()
    snapshot = books.must_claim(account)
    books.keep(snapshot)
    books.finish(snapshot, account, [])
    first = books.one(schema.exchanges)["read_at"]
    books.finish(snapshot, account, [])

    assert books.one(schema.exchanges)["read_at"] == first


@pytest.mark.parametrize(
    "where",
    ["write_readings", "write_gaps", "write_coverage", "write_posts", "_close_gaps", "_upsert", "intern_places"],
)
def test_whatever_fails_while_finishing_nothing_is_stored(
    books: Books, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """All or nothing, wherever the power goes."""
    account = books.account()
    snapshot = books.must_claim(account)
    exchange = books.keep(snapshot)
    seen = placed([reading(VIEWS_DAY, 1, day(1)), gap(VIEWS_DAY, day(2)), post("p1", NOON)], exchange)
    before = books.contents()
    _fail_after(monkeypatch, where)

    with pytest.raises(RuntimeError, match="power"):
        books.finish(snapshot, account, seen)
    monkeypatch.undo()

    assert books.contents() == before
    assert books.finish(snapshot, account, seen) == Stored(1, 0)


def _fail_after(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Let a step of the writing do its work and then fail."""
    from collector.store.readings import ReadingWriter

    step: Callable[..., object] = getattr(ReadingWriter, where)

    def broken(*args: object, **more: object) -> None:
        step(*args, **more)
        raise RuntimeError("the power went")

    monkeypatch.setattr(ReadingWriter, where, broken)


def test_typed_figures_point_into_the_file_they_came_from(books: Books) -> None:
    """Who doubts a figure is shown the row and column of the very file."""
    account = books.account()
    figure = reading(FOLLOWERS_NOW, 1240, NOON, pointer="cell:/2/4")
    stored = books.enter(
        (account, [entry(figure, mark="derived", note="dihitung balik", by="Ani", attachment="ab12")]), body=b"the file"
    )

    kept = books.one(schema.exchanges)
    row, said = books.one(schema.readings), books.one(schema.entries)
    assert stored == Stored(1, 0)
    assert kept["read_at"] == to_ms(books.now)
    assert (row["exchange_id"], said["exchange_id"]) == (kept["id"], kept["id"])
    assert row["place_id"] == said["place_id"] == books.one(schema.places, pointer="cell:/2/4")["id"]
    assert (said["mark"], said["source"], said["note"], said["by"], said["attachment"]) == (
        "derived", "laporan", "dihitung balik", "Ani", "ab12",
    )  # fmt: skip
    assert books.one(schema.series)["origin"] == "derived"


def test_a_file_for_several_accounts_is_counted_as_a_whole(books: Books) -> None:
    """The person is told once what the file brought."""
    first, second = books.account("satu"), books.account("dua")
    figures = [entry(reading(FOLLOWERS_NOW, 1, NOON, pointer=f"cell:/{row}/4")) for row in (2, 3)]
    books.enter((first, figures[:1]), body=b"one")

    changed = [entry(reading(FOLLOWERS_NOW, 7, NOON, pointer="cell:/2/4"), mark="quoted")]
    assert books.enter((first, changed), (second, figures[1:]), body=b"two") == Stored(1, 1)


def test_a_file_with_one_impossible_figure_stores_nothing_of_it(books: Books) -> None:
    """Half a file is worse than none: nobody knows which half."""
    account = books.account()
    before = {name: rows for name, rows in books.contents().items() if name != "runs"}
    figures = [entry(reading(FOLLOWERS_NOW, value, NOON, pointer=f"cell:/{value % 9}/4")) for value in (1, 2**63)]

    with pytest.raises((OverflowError, DataError)):
        books.enter((account, figures[:1]), (books.account("dua"), figures[1:]))

    after = {name: rows for name, rows in books.contents().items() if name != "runs"}
    for name in ("exchanges", "bodies", "readings", "series", "entries", "places"):
        assert after[name] == before[name], name


def test_a_kept_file_is_recorded_once(books: Books) -> None:
    """The same screenshot may prove several figures."""
    books.ledger.keep_attachment("ab12", "layar.png", 99, NOON)
    books.ledger.keep_attachment("ab12", "salinan.png", 99, NOON + timedelta(days=1))

    assert books.rows(schema.attachments) == [
        {"sha256": "ab12", "name": "layar.png", "size": 99, "added_at": to_ms(NOON)}
    ]


def test_a_pause_is_never_shortened(books: Books) -> None:
    """Of two answers the one that asks for more patience is obeyed."""
    for minutes in (10, 30, 20):
        books.ledger.pause("square", "1", NOON + timedelta(minutes=minutes))
    books.ledger.pause("square", "2", NOON)
    books.ledger.pause("circle", "1", NOON + timedelta(minutes=1))

    found = {(row["platform"], row["scope"]): row["until"] - to_ms(NOON) for row in books.rows(schema.pauses)}
    assert found == {("square", "1"): 1_800_000, ("square", "2"): 0, ("circle", "1"): 60_000}


def test_a_new_pair_of_sign_ins_takes_the_place_of_the_old_one(books: Books) -> None:
    """Half of a rotated pair would lock the account out for good."""
    account = books.account()
    books.ledger.seal(account, {"access": b"1", "refresh": b"2"}, "seed", {"access": NOON}, NOON)
    books.ledger.seal(account, {"access": b"3", "refresh": b"4"}, "seed2", {"refresh": NOON}, NOON + timedelta(hours=1))

    found = {row["slot"]: (row["sealed"], row["seed"], row["expires_at"], row["updated_at"])
             for row in books.rows(schema.credentials)}  # fmt: skip
    later = to_ms(NOON) + 3_600_000
    assert found == {"access": (b"3", "seed2", None, later), "refresh": (b"4", "seed2", to_ms(NOON), later)}


def test_a_pair_of_which_one_cannot_be_stored_leaves_the_old_one(books: Books) -> None:
    """The new pair is there as a whole or not at all."""
    account = books.account()
    books.ledger.seal(account, {"access": b"1", "refresh": b"2"}, "seed", {}, NOON)
    before = books.rows(schema.credentials)

    with pytest.raises(UnicodeEncodeError):
        books.ledger.seal(account, {"access": b"3", "half a letter \ud83d": b"4"}, "seed", {}, NOON)

    assert books.rows(schema.credentials) == before


def test_a_sign_in_that_is_no_longer_taken_is_dropped_alone(books: Books) -> None:
    """The other slots and the other accounts keep theirs."""
    first, second = books.account("satu"), books.account("dua")
    for account in (first, second):
        books.ledger.seal(account, {"access": b"1", "refresh": b"2"}, "", {}, NOON)
    books.ledger.forget_credential(first, "access")

    found = [(row["account_id"], row["slot"]) for row in books.rows(schema.credentials)]
    assert found == [(first, "refresh"), (second, "access"), (second, "refresh")]
