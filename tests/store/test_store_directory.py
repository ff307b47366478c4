"""Who is who: offices, accounts and their spellings, and what happens when two entries are one account."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from store_books import FOLLOWERS_NOW, VIEWS_DAY, Books, covered, day, entry, gap, post, reading

from collector.store import schema
from collector.store.history import Wanted
from collector.store.records import to_day_number, to_ms
from collector.store.sums import DaySum, Sums
from connectors.kit import Days, Reason

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)


def _audit(books: Books) -> list[tuple[str, str]]:
    return [(row["action"], row["detail"]) for row in books.rows(schema.audit)]


def test_an_office_is_added_once(books: Books) -> None:
    """The second import that names it must not change what `init` was told."""
    first = books.directory.add_office("kpu", "KPU Kota Contoh", "Contoh", "Asia/Pontianak", NOON)
    again = books.directory.add_office("kpu", "lain", "lain", "Asia/Jakarta", NOON)

    assert first == again
    row = books.one(schema.offices)
    assert (row["name"], row["seat"], row["zone"], row["created_at"]) == (
        "KPU Kota Contoh", "Contoh", "Asia/Pontianak", to_ms(NOON),
    )  # fmt: skip
    assert _audit(books) == [("office.added", "kpu")]


def test_a_change_of_an_office_is_audited(books: Books) -> None:
    """A wrong zone moves figures to another day: who changed it must be seen."""
    office, other = books.office("kpu"), books.office("lain")
    books.directory.change_office(office, NOON, name="Baru", zone="Asia/Makassar")

    assert {row["slug"]: row["zone"] for row in books.rows(schema.offices)} == {
        "kpu": "Asia/Makassar", "lain": "Asia/Jakarta",
    }  # fmt: skip
    assert books.one(schema.offices, id=other)["name"] == "Kantor lain"
    assert _audit(books)[-1] == ("office.changed", f"{office}: {{'name': 'Baru', 'zone': 'Asia/Makassar'}}")
    assert books.rows(schema.audit)[-1]["at"] == to_ms(NOON)


def test_an_account_begins_with_its_handle_alone(books: Books) -> None:
    """A figure of 2022 can be typed before any platform was ever asked."""
    number = books.directory.add_account(books.office(), "square", "KPU Contoh", "kpucontoh", NOON, opened="2022-10")

    row = books.one(schema.accounts)
    assert (row["id"], row["external_id"], row["state"], row["state_code"], row["opened"]) == (
        number, None, "active", "", "2022-10",
    )  # fmt: skip
    assert (row["state_since"], row["created_at"], row["due_at"]) == (to_ms(NOON), to_ms(NOON), None)
    assert books.queries.list_handle_keys(number) == {"kpucontoh"}
    assert _audit(books)[-1] == ("account.added", f"{number}: square KPU Contoh")


def test_binding_keeps_every_earlier_spelling(books: Books) -> None:
    """A file of last year calls the account as it was called last year."""
    account = books.account("lama")
    books.directory.bind(account, "17841", "baru", "baru", "KPU Baru", "https://x.test/baru", NOON)
    books.directory.bind(account, "17841", "Baru", "baru", "KPU Baru", "https://x.test/baru", NOON)

    row = books.one(schema.accounts)
    assert (row["external_id"], row["handle"], row["name"], row["link"]) == (
        "17841", "Baru", "KPU Baru", "https://x.test/baru",
    )  # fmt: skip
    assert books.queries.list_handle_keys(account) == {"lama", "baru"}
    assert books.one(schema.handles, key="baru")["handle"] == "baru"
    assert _audit(books)[-1] == ("account.bound", f"{account}: 17841 Baru")


def test_one_id_of_a_platform_is_one_account(books: Books) -> None:
    """The same page collected twice would be counted twice in the province's sum."""
    first, second, elsewhere = books.account("satu"), books.account("dua"), books.account("tiga", platform="circle")
    books.directory.bind(first, "17841", "satu", "satu", "", "", NOON)
    books.directory.bind(elsewhere, "17841", "tiga", "tiga", "", "", NOON)

    with pytest.raises(IntegrityError):
        books.directory.bind(second, "17841", "dua", "dua", "", "", NOON)
    assert books.one(schema.accounts, id=second)["external_id"] is None


def test_the_identity_in_the_environment_is_remembered_and_forgotten(books: Books) -> None:
    """An account is found again by it without asking; another identity is another account."""
    account = books.account()
    books.directory.configure(account, "page-1")
    assert books.one(schema.accounts)["configured"] == "page-1"

    books.directory.configure(account, None)
    assert books.one(schema.accounts)["configured"] is None


def test_a_state_is_dated_by_when_it_began(books: Books) -> None:
    """Since when an account has to be reconnected is the first thing a person asks."""
    account = books.account()
    books.directory.set_state(account, "reconnect", "access.expired", NOON)
    books.directory.set_state(account, "reconnect", "access.expired", NOON + timedelta(days=3))
    row = books.one(schema.accounts)
    assert (row["state"], row["state_code"], row["state_since"]) == ("reconnect", "access.expired", to_ms(NOON))

    books.directory.set_state(account, "reconnect", "access.revoked", NOON + timedelta(days=4))
    books.directory.set_state(account, "active", "", NOON + timedelta(days=5))
    assert books.one(schema.accounts)["state_since"] == to_ms(NOON + timedelta(days=5))
    assert [line for line in _audit(books) if line[0] in ("account.reconnect", "account.active")] == [
        ("account.reconnect", f"{account}: access.expired"),
        ("account.reconnect", f"{account}: access.revoked"),
        ("account.active", f"{account}: "),
    ]


def test_joining_moves_everything_an_account_has(books: Books) -> None:
    """A June figure typed for a handle and the followers collected tomorrow are one history."""
    source, target = books.account("@kpu"), books.account("1784")
    books.directory.bind(source, "9", "kpu lama", "kpulama", "", "", NOON)
    books.collect(
        source, reading(FOLLOWERS_NOW, 1, NOON), reading(VIEWS_DAY, 5, day(1)), gap(VIEWS_DAY, day(2), Reason.RETIRED),
        covered(VIEWS_DAY, day(1), day(2)), post("p1", NOON),
    )  # fmt: skip
    books.collect(source, reading(VIEWS_DAY, 6, day(1)))
    books.enter((source, [entry(reading(FOLLOWERS_NOW, 1240, NOON - timedelta(days=70)), precision="month")]))
    books.ledger.seal(source, {"access": b"1"}, "", {}, NOON)
    books.findings.ask("account.which", source, NOON)

    books.directory.join(source, target, NOON)

    tables = (schema.series, schema.handles, schema.posts, schema.coverage, schema.gaps, schema.dead_measures,
              schema.credentials, schema.snapshots, schema.findings)  # fmt: skip
    left = {table.name: {row["account_id"] for row in books.rows(table)} for table in tables}
    assert left == {table.name: {target} for table in tables}
    assert [row["id"] for row in books.rows(schema.accounts)] == [target]
    assert books.queries.list_handle_keys(target) == {"@kpu", "kpulama", "1784"}
    assert [one.value for one in books.history.list_readings(Wanted())] == [1, 6, 1240]
    assert [row["value"] for row in books.rows(schema.replaced)] == [5]
    assert _audit(books)[-1] == ("account.joined", f"{source} -> {target}")


def test_where_both_have_a_figure_the_targets_stands_and_the_other_is_kept(books: Books) -> None:
    """The collected figure is the platform's; the typed one must still be found."""
    source, target = books.account("satu"), books.account("dua")
    for account, values in ((source, (10, 11)), (target, (20, 21))):
        for value in values:
            books.collect(account, reading(VIEWS_DAY, value, day(1)))
    books.collect(source, reading(VIEWS_DAY, 30, day(2)))
    stands = books.one(schema.readings, series_id=books.series(target, VIEWS_DAY))
    books.later()

    books.directory.join(source, target, books.now)

    series = books.series(target, VIEWS_DAY)
    assert books.values(target, VIEWS_DAY) == {to_day_number(day(1)): 21, to_day_number(day(2)): 30}
    assert books.one(schema.readings, at=to_day_number(day(1))) == stands
    replaced = {row["value"]: (row["series_id"], row["replaced_by"], row["replaced_at"])
                for row in books.rows(schema.replaced)}  # fmt: skip
    assert set(replaced) == {10, 11, 20}
    assert {row[0] for row in replaced.values()} == {series}
    assert replaced[11] == (series, stands["exchange_id"], to_ms(books.now))
    assert [row["id"] for row in books.rows(schema.series)] == [series]
    assert len(books.rows(schema.readings)) == 2


def test_joined_days_are_summed_as_the_days_they_are(books: Books) -> None:
    """A month's sum must hold the days that came from the other account, and none twice."""
    source, target = books.account("satu"), books.account("dua")
    books.collect(source, *(reading(VIEWS_DAY, 100, day(8 + one)) for one in range(5)))
    books.collect(target, *(reading(VIEWS_DAY, 1, day(8 + one)) for one in range(3)))

    books.directory.join(source, target, NOON)

    series = books.series(target, VIEWS_DAY)
    assert Sums(books.store).sum_days([series], Days(day(8), day(37))) == ({series: DaySum(5, 203)},)
    assert {row["series_id"] for row in books.rows(schema.monthly_sums)} == {series}


def test_two_rows_of_one_file_for_two_spellings_can_be_joined(books: Books) -> None:
    """One file called the account by two names, and both rows were corrected later."""
    source, target = books.account("satu"), books.account("dua")
    for value in (1, 5):
        figures = [
            entry(reading(FOLLOWERS_NOW, value + row, NOON, pointer=f"cell:/{row}/4"), precision="day")
            for row in (2, 3)
        ]
        books.enter((source, figures[:1]), (target, figures[1:]), body=str(value).encode())

    books.directory.join(source, target, NOON)

    assert books.values(target, FOLLOWERS_NOW) == {to_ms(NOON): 8}
    assert sorted(row["value"] for row in books.rows(schema.replaced)) == [3, 4, 7]


def test_what_both_have_is_kept_once(books: Books) -> None:
    """The target knows the newer title, the later answer and its own sign-in."""
    source, target = books.account("satu"), books.account("dua")
    for account in (source, target):
        books.collect(account, post("p1", NOON, title=f"{account}"), covered(VIEWS_DAY, day(1), day(2)),
                      gap(VIEWS_DAY, day(1), Reason.RETIRED, note=f"{account}"))  # fmt: skip
        books.ledger.seal(account, {"access": f"{account}".encode()}, "", {}, NOON)

    books.directory.join(source, target, NOON)

    assert books.one(schema.posts)["title"] == f"{target}"
    assert books.one(schema.gaps)["note"] == f"{target}"
    assert books.one(schema.credentials)["sealed"] == f"{target}".encode()
    assert books.one(schema.coverage)["exchange_id"] == 2
    assert len(books.rows(schema.dead_measures)) == 1


def test_when_an_account_was_opened_is_not_lost_by_joining(books: Books) -> None:
    """A person said it of the typed entry; without it the first semester has no base."""
    source = books.directory.add_account(books.office(), "square", "kpu", "kpu", NOON, opened="2022-10")
    target, opened = books.account("1784"), books.account("lain")
    books.directory.join(source, target, NOON)
    assert books.one(schema.accounts, id=target)["opened"] == "2022-10"

    books.directory.join(opened, target, NOON)
    assert books.one(schema.accounts, id=target)["opened"] == "2022-10"


def test_a_successor_stands_in_the_old_ones_place_with_its_sign_in(books: Books) -> None:
    """Two histories with a seam; what the old one was collected with goes along where it answers for the new one."""
    old, new, other = books.account("lama"), books.account("baru"), books.account("lain")
    for account in (old, other):
        books.directory.configure(account, f"id-{account}")
        books.ledger.seal(account, {"refresh_token": f"{account}".encode()}, "seed", {}, NOON)

    books.directory.succeed(new, old, NOON - timedelta(days=2), NOON, with_sign_in=True)

    row = books.one(schema.accounts, id=new)
    assert (row["succeeds"], row["succeeds_since"], row["configured"]) == (
        old, to_ms(NOON - timedelta(days=2)), f"id-{old}",
    )  # fmt: skip
    before = books.one(schema.accounts, id=old)
    assert (before["state"], before["configured"], before["due_at"]) == ("replaced", None, None)
    assert {row["account_id"]: row["sealed"] for row in books.rows(schema.credentials)} == {
        new: f"{old}".encode(), other: f"{other}".encode(),
    }  # fmt: skip
    assert _audit(books)[-1] == ("account.succeeded", f"{old} -> {new}")
    account = books.queries.find_account(new)
    assert account is not None
    assert (account.succeeds, account.succeeds_since) == (old, NOON - timedelta(days=2))

    books.directory.succeed(other, new, NOON, NOON, with_sign_in=False)
    assert books.one(schema.accounts, id=other)["configured"] == f"id-{other}"
    assert books.one(schema.accounts, id=new)["configured"] == f"id-{old}"


def test_joining_keeps_who_succeeds_whom(books: Books) -> None:
    """The successor was added by its handle; the keys come later, and the old one may have been typed twice."""
    old, typed, collected = books.account("lama"), books.account("baru"), books.account("1785")
    books.directory.succeed(typed, old, NOON, NOON, with_sign_in=False)
    books.directory.join(typed, collected, NOON)
    assert books.one(schema.accounts, id=collected)["succeeds"] == old
    assert books.one(schema.accounts, id=collected)["succeeds_since"] == to_ms(NOON)

    older = books.account("lama juga")
    books.directory.join(old, older, NOON)
    assert books.one(schema.accounts, id=collected)["succeeds"] == older
    assert books.one(schema.accounts, id=older)["state"] == "replaced"

    books.directory.join(older, collected, NOON)
    row = books.one(schema.accounts, id=collected)
    assert (row["succeeds"], row["succeeds_since"], row["state"]) == (None, None, "active")
