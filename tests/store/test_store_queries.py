"""Reading for the collecting side: who is there, what is known already, what was kept."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from store_books import FOLLOWERS_NOW, VIEWS_DAY, Books, covered, day, reading

from collector.store import schema
from collector.store.records import Office, to_ms
from connectors.kit import Days

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
AUGUST = Days(day(-23), day(7))
JULY = Days(day(-54), day(-24))


def test_offices_come_in_the_order_they_were_added(books: Books) -> None:
    """The first is the installation's own."""
    first = books.directory.add_office("zeta", "KPU Zeta", "Kota Zeta", "Asia/Jayapura", NOON)
    second = books.office("alfa")

    offices = books.queries.list_offices()
    assert [office.id for office in offices] == [first, second]
    assert offices[0] == Office(first, "zeta", "KPU Zeta", "Kota Zeta", "Asia/Jayapura")
    assert offices[0].timezone.key == "Asia/Jayapura"


def test_accounts_are_listed_by_office_and_platform(books: Books) -> None:
    """The list of an office stays in one order whatever was added when."""
    second, first = books.office("satu"), books.office("dua")
    made = {
        (office, platform): books.account(f"{office}{platform}", platform=platform, office=office)
        for office, platform in ((first, "square"), (second, "square"), (second, "circle"))
    }

    def listed(**wanted: object) -> list[int]:
        return [account.id for account in books.queries.list_accounts(**wanted)]

    assert listed() == [made[second, "circle"], made[second, "square"], made[first, "square"]]
    assert listed(office_id=first) == [made[first, "square"]]
    assert listed(platform="square") == [made[second, "square"], made[first, "square"]]
    assert listed(office_id=second, platform="square") == [made[second, "square"]]
    assert listed(platform="triangle") == []


def test_an_account_is_given_with_its_office_and_all_that_is_known(books: Books) -> None:
    """The rest of the program never looks into a row."""
    office = books.office("kpu")
    number = books.directory.add_account(office, "square", "kpu", "kpu", NOON, opened="2022-10")
    books.directory.bind(number, "17841", "kpu_contoh", "kpu_contoh", "KPU", "https://x.test", NOON)
    books.directory.configure(number, "page-1")
    books.directory.set_state(number, "reconnect", "access.expired", NOON)
    snapshot = books.must_claim(number)
    books.ledger.finish_snapshot(snapshot, number, [], outcome="ok", at=NOON, due_at=NOON + timedelta(days=1))

    (account,) = books.queries.list_accounts()
    assert (account.id, account.office.slug, account.office.zone) == (number, "kpu", "Asia/Jakarta")
    assert (account.platform, account.external_id, account.handle) == ("square", "17841", "kpu_contoh")
    assert (account.name, account.link, account.opened) == ("KPU", "https://x.test", "2022-10")
    assert (account.state, account.state_code, account.configured) == ("reconnect", "access.expired", "page-1")
    assert account.due_at == NOON + timedelta(days=1)


def test_removed_accounts_are_listed_apart(books: Books) -> None:
    """They are not collected any more, and may come back with their history."""
    here, gone = books.account("di sini"), books.account("pergi")
    books.directory.set_state(gone, "removed", "", NOON)

    assert [one.id for one in books.queries.list_accounts()] == [here]
    assert [one.id for one in books.queries.list_removed()] == [gone]
    assert books.queries.list_removed(platform="circle") == ()
    assert [one.id for one in books.queries.list_removed(office_id=books.office(), platform="square")] == [gone]


def test_the_last_snapshot_says_how_it_went_and_when_it_last_went_well(books: Books) -> None:
    """An account that fails since Monday must not look as if it had never worked, nor as if it did today."""
    account, other = books.account("satu"), books.account("dua")
    books.finish(books.must_claim(account), account, [], outcome="ok")
    books.finish(books.must_claim(account), account, [], outcome="partial")
    good = books.now
    snapshot = books.must_claim(account)
    books.ledger.finish_snapshot(
        snapshot, account, [], outcome="failed", at=books.later(), error_code="unreachable", error_message="no line"
    )
    ended = books.now
    books.must_claim(account)
    books.must_claim(other)

    found = books.queries.list_last_snapshots()
    assert set(found) == {account}
    summary = found[account]
    assert (summary.outcome, summary.error_code, summary.error_message) == ("failed", "unreachable", "no line")
    assert (summary.finished_at, summary.last_good_at) == (ended, good)


def test_an_account_that_never_went_well_says_so(books: Books) -> None:
    """An interrupted snapshot is no success."""
    account = books.account()
    books.finish(books.must_claim(account), account, [], outcome="interrupted")

    summary = books.queries.list_last_snapshots()[account]
    assert (summary.error_code, summary.error_message, summary.last_good_at) == ("", "", None)


def test_the_cost_of_an_account_is_summed_since_a_moment(books: Books) -> None:
    """The yearly cap is a promise about money."""
    account, other = books.account("satu"), books.account("dua")
    first, second = books.must_claim(account), books.must_claim(other)
    for snapshot, cost, at in (
        (first, 5, NOON),
        (first, 7, NOON + timedelta(days=1)),
        (second, 100, NOON),
        (None, 9, NOON),
    ):
        books.keep(snapshot, cost=cost, sent_at=at)

    assert books.queries.sum_cost(account, NOON) == 12
    assert books.queries.sum_cost(account, NOON + timedelta(milliseconds=1)) == 7
    assert books.queries.sum_cost(account, NOON + timedelta(days=2)) == 0


def test_a_pause_is_found_by_platform_and_scope(books: Books) -> None:
    """The next process respects what the last one was asked."""
    books.ledger.pause("square", "1", NOON)

    assert books.queries.find_pause("square", "1") == NOON
    assert books.queries.find_pause("square", "2") is None
    assert books.queries.find_pause("circle", "1") is None


def test_running_snapshots_are_listed_for_recovery_and_all_for_proofs(books: Books) -> None:
    """What a dead process left behind is found by what is marked as running."""
    account, other = books.account("satu"), books.account("dua", platform="circle")
    done = books.must_claim(account)
    books.finish(done, account, [])
    running, last = books.must_claim(account), books.must_claim(other)
    books.ledger.assign(last, other, '{"now": 2}')

    found = books.queries.list_open_snapshots()
    assert [(one.id, one.account_id, one.platform, one.assignment, one.claimed_by) for one in found] == [
        (running, account, "square", "{}", "me"), (last, other, "circle", '{"now": 2}', "me"),
    ]  # fmt: skip
    assert to_ms(found[1].lease_until) == books.one(schema.snapshots, id=last)["started_at"] + 600_000
    assert [one.id for one in books.queries.list_snapshots()] == [done, running, last]


def test_of_each_question_the_last_try_is_given_in_the_order_asked(books: Books) -> None:
    """Reading again must see what the connector saw: the answer that came at last."""
    snapshot, other = books.must_claim(books.account("satu")), books.must_claim(books.account("dua"))
    books.keep(snapshot, step=2, attempt=1, body=b"broken", status=503)
    books.keep(snapshot, step=2, attempt=2, body=b"second")
    books.keep(snapshot, step=1, attempt=1, body=b"first")
    books.keep(snapshot, step=3, attempt=1, body=None, status=0)
    books.keep(other, step=1, body=b"foreign")

    kept = books.queries.list_exchanges(snapshot)
    assert [(one.step, one.status, one.body) for one in kept] == [
        (1, 200, b"first"), (2, 200, b"second"), (3, 0, None),
    ]  # fmt: skip
    assert books.queries.list_exchanges(99) == ()


def test_an_exchange_that_is_not_there_is_none(books: Books) -> None:
    """A pruned answer must be said to be gone."""
    assert books.queries.find_exchange(1) is None


def test_a_file_is_known_by_its_bytes_if_it_was_imported(books: Books) -> None:
    """The same bytes as a platform's answer are no import."""
    account = books.account()
    books.keep(body=b"the file")
    collected = books.one(schema.bodies)["sha256"]
    assert books.queries.find_imported(collected) is None

    books.enter((account, []), body=b"the file")
    found = books.queries.find_imported(collected)
    assert found is not None
    assert (found.body, found.platform) == (b"the file", "import")
    assert books.queries.find_imported("0" * 64) is None


def test_the_newest_moment_is_that_of_the_newest_exchange(books: Books) -> None:
    """A clock that stands before it is wrong."""
    assert books.queries.find_newest_moment() is None

    books.keep(sent_at=NOON + timedelta(days=9))
    books.keep(sent_at=NOON)
    assert books.queries.find_newest_moment() == NOON + timedelta(days=9)


@pytest.mark.parametrize(
    ("headers", "drift"),
    [
        ({"date": "Tue, 01 Sep 2026 05:00:00 GMT"}, timedelta(0)),
        ({"date": "Tue, 01 Sep 2026 04:53:00 GMT"}, timedelta(minutes=7)),
        ({"date": "Tue, 01 Sep 2026 12:20:00 +0700"}, timedelta(minutes=-20)),
        ({"date": "Tue, 01 Sep 2026 04:53:00 -0000"}, timedelta(minutes=7)),  # UTC without a place (RFC 5322 §3.3)
        ({"date": "yesterday"}, None),
        ({"date": ""}, None),
        ({"x-note": 'it says "date" here'}, None),
        ({}, None),
    ],
)
def test_the_clock_is_held_against_the_platforms(
    books: Books, headers: Mapping[str, str], drift: timedelta | None
) -> None:
    """A PC whose battery is dead dates every figure wrongly; a strange header must not end the doctor's round."""
    books.keep(sent_at=NOON, headers=headers)

    found = books.queries.find_clock_drift()
    assert (found.by if found is not None else None) == drift


def test_the_newest_answer_that_names_its_time_is_the_one_that_counts(books: Books) -> None:
    """The clock may have been set right since; answers without a time say nothing."""
    assert books.queries.find_clock_drift() is None
    books.keep(sent_at=NOON, headers={"date": "Tue, 01 Sep 2026 02:00:00 GMT"})
    books.keep(sent_at=NOON, headers={"date": "Tue, 01 Sep 2026 05:00:30 GMT"})
    books.keep(sent_at=NOON, headers={})

    found = books.queries.find_clock_drift()
    assert found is not None
    assert found.by == timedelta(seconds=-30)


def test_sealed_sign_ins_are_given_by_slot(books: Books) -> None:
    """Only the vault opens them; whether there are any tells if a lost key matters."""
    account, other = books.account("satu"), books.account("dua")
    assert not books.queries.has_credentials()

    books.ledger.seal(account, {"access": b"1", "refresh": b"2"}, "seed", {"access": NOON}, NOON)
    found = books.queries.list_credentials(account)

    assert books.queries.has_credentials()
    assert {slot: (one.sealed, one.seed, one.expires_at) for slot, one in found.items()} == {
        "access": (b"1", "seed", NOON), "refresh": (b"2", "seed", None),
    }  # fmt: skip
    assert books.queries.list_credentials(other) == {}


def test_reading_changes_nothing(books: Books) -> None:
    """A reader that wrote would be a writer without an audit."""
    account = books.account()
    books.collect(account, reading(FOLLOWERS_NOW, 1, NOON), covered(VIEWS_DAY, day(1), day(2)))
    before = books.contents()
    queries = books.queries
    queries.list_offices(), queries.list_accounts(), queries.list_last_snapshots(), queries.list_snapshots()
    queries.list_exchanges(1), queries.find_clock_drift()

    assert books.contents() == before
