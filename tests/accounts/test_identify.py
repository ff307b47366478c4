"""A figure typed today meets the followers collected tomorrow: one account, one history, and never a wrong joining."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from collector.accounts.service import Accounts
from collector.clock import SetClock
from collector.collect.run import Selection
from collector.errors import SelectionError
from collector.importers.service import Importer
from collector.platforms import get_connector
from collector.settings import load
from collector.store import schema
from collector.store.findings import WHICH
from collector.store.records import Office, StoredAccount
from collector.wiring import Application
from connectors.kit import Profile

INSTAGRAM = get_connector("instagram")
CONTOH = Profile("17841400000000001", "kpu_contoh", "KPU Kabupaten Contoh", "https://www.instagram.com/kpu_contoh/")

Rows = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def accounts(application: Application) -> Accounts:
    """Return the accounts of an empty home."""
    return application.accounts


@pytest.fixture
def office(accounts: Accounts) -> Office:
    """Return the default office."""
    return accounts.get_office(None)


@pytest.fixture
def rows(application: Application) -> Rows:
    """Return a function that gives a table's rows."""

    def give(table: Any) -> list[dict[str, Any]]:
        with application.store.read() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    return give


@pytest.fixture
def collected(application: Application, accounts: Accounts, office: Office) -> Callable[..., StoredAccount]:
    """Return a function that adds a connected account, which a platform has not spoken of yet."""

    def add(handle: str = "Akun baru", office: Office = office) -> StoredAccount:
        account = accounts.ensure(office, INSTAGRAM, handle)
        application.keyring.seal_own(INSTAGRAM, account.id, {"access_token": "demo-instagram-key"})
        return account

    return add


def typed(accounts: Accounts, office: Office, handle: str) -> StoredAccount:
    return accounts.ensure(office, INSTAGRAM, handle)


@pytest.mark.parametrize("handle", ["kpu_contoh", "@kpu_contoh", "KPU_Contoh", " kpu _contoh ", "@ KPU_CONTOH"])
def test_a_typed_handle_in_any_spelling_is_the_collected_account(
    accounts: Accounts, office: Office, collected: Callable[..., StoredAccount], handle: str
) -> None:
    """People write handles as they like; beside another typed account it still is the one with that handle."""
    before, another = typed(accounts, office, handle), typed(accounts, office, "kpu_lain")

    account = accounts.identify(collected(), CONTOH)

    assert account.id == before.id
    assert (account.external_id, account.handle, account.name, account.link) == (
        CONTOH.id, CONTOH.handle, CONTOH.name, CONTOH.link,
    )  # fmt: skip
    assert {one.id for one in accounts.queries.list_accounts()} == {before.id, another.id}
    assert accounts.get(another.id).external_id is None


def test_the_only_typed_account_of_the_platform_is_the_collected_one(
    accounts: Accounts, office: Office, collected: Callable[..., StoredAccount]
) -> None:
    """The report calls it "KPU Kabupaten Contoh", Instagram calls it kpu_contoh; there is but one."""
    before = typed(accounts, office, "Instagram kantor kami")

    account = accounts.identify(collected(), CONTOH)

    assert account.id == before.id
    for word in ("kpu_contoh", "instagram kantor KAMI", "akun baru", CONTOH.id):
        assert accounts.find(office, INSTAGRAM, word).id == account.id


def test_where_several_typed_accounts_could_be_meant_a_person_is_asked_once(
    accounts: Accounts, office: Office, collected: Callable[..., StoredAccount], rows: Rows
) -> None:
    """Guessing would put one account's history under another's name."""
    names = ["kpu_satu", "kpu_dua"]
    for name in names:
        typed(accounts, office, name)

    account = accounts.identify(collected(), CONTOH)

    assert account.external_id == CONTOH.id
    assert account.handle == "kpu_contoh"
    assert {one.handle for one in accounts.queries.list_accounts()} == {"kpu_contoh", *names}
    [finding] = rows(schema.findings)
    assert (finding["code"], finding["account_id"], finding["state"]) == (WHICH, account.id, "open")
    assert finding["detail"] == "kpu_contoh: kpu_satu, kpu_dua"

    again = collected("lagi")
    accounts.findings.ask(WHICH, account.id, accounts.clock.now(), detail="the same question")
    assert len(rows(schema.findings)) == 1
    assert again.external_id is None


def test_an_account_without_typed_figures_is_bound_as_it_is(
    accounts: Accounts, collected: Callable[..., StoredAccount], rows: Rows
) -> None:
    """The usual case."""
    account = collected()

    assert accounts.identify(account, CONTOH).id == account.id
    assert rows(schema.findings) == []


def test_another_connected_account_is_never_taken_for_the_typed_one(
    application: Application, accounts: Accounts, collected: Callable[..., StoredAccount]
) -> None:
    """Two accounts of one office, each with its own keys: joined, one would lose its keys and its name."""
    one, two = collected("humas"), collected("pilkada")

    first = accounts.identify(one, CONTOH)
    second = accounts.identify(two, Profile("17841400000000002", "pilkada_contoh"))

    assert (first.id, second.id) == (one.id, two.id)
    assert len(accounts.queries.list_accounts()) == 2
    assert application.keyring.keys_of(INSTAGRAM, second).get("access_token") == "demo-instagram-key"


def test_accounts_of_other_offices_and_platforms_are_left_alone(
    accounts: Accounts, office: Office, collected: Callable[..., StoredAccount]
) -> None:
    """The same handle in another office is another office's business."""
    elsewhere = accounts.ensure_office("lain", "KPU Lain")
    theirs = typed(accounts, elsewhere, "kpu_contoh")
    on_x = accounts.ensure(office, get_connector("x"), "kpu_contoh")
    account = collected()

    assert accounts.identify(account, CONTOH).id == account.id
    assert accounts.get(theirs.id).external_id is None
    assert accounts.get(on_x.id).external_id is None


def test_an_account_that_is_known_by_its_id_is_found_again(
    accounts: Accounts, office: Office, collected: Callable[..., StoredAccount]
) -> None:
    """Connected a second time under another name, in the same office or in another, it is the same account."""
    known = accounts.identify(collected(), CONTOH)
    elsewhere = accounts.ensure_office("lain", "KPU Lain")
    typed(accounts, office, "kpu_baru")

    for second in (collected("kedua"), collected("ketiga", elsewhere)):
        account = accounts.identify(second, Profile(CONTOH.id, "kpu_contoh_baru"))
        assert account.id == known.id
        assert accounts.is_called(account, second.handle)

    assert {one.handle for one in accounts.queries.list_accounts()} == {"kpu_contoh", "kpu_baru"}


def test_a_figure_typed_in_june_and_one_collected_in_november_are_one_history(
    application: Application, environment: dict[str, str], tmp_path: Path, rows: Rows
) -> None:
    """The whole way: a file imported for a handle, then keys in .env, then `collect now`: one account, both figures."""
    file = tmp_path / "juni.csv"
    file.write_text(
        "platform,account,metric,value,at\n"
        "instagram,@KPU_Contoh,followers,1240,2026-06\n"
        "instagram,arsip_lama,followers,30,2026-06\n"
    )
    Importer(application.accounts, application.ledger, tmp_path, "test").import_file(file, office=None, dry_run=False)
    before = application.accounts.find(application.accounts.get_office(None), INSTAGRAM, "kpu_contoh")

    application.collecting.run("test", Selection(platforms=("instagram",)))

    [account] = [one for one in application.queries.list_accounts(platform="instagram") if one.external_id]
    assert (account.id, account.handle, account.configured) == (
        before.id, "kpu_contoh", environment["INSTAGRAM_USER_ID"],
    )  # fmt: skip
    assert len(application.queries.list_accounts(platform="instagram")) == 2
    assert {row["account_id"] for row in rows(schema.snapshots)} == {before.id}
    mine = {row["id"]: row["origin"] for row in rows(schema.series)
            if row["account_id"] == before.id and row["measure"] == "followers:account:now"}  # fmt: skip
    values = {mine[row["series_id"]]: row["value"] for row in rows(schema.readings) if row["series_id"] in mine}
    assert values["typed"] == 1240
    assert set(values) == {"typed", "api"}


def test_what_was_typed_of_a_joined_account_stays_its_history(
    application: Application, accounts: Accounts, office: Office, collected: Callable[..., StoredAccount], rows: Rows
) -> None:
    """All of it goes along; nothing is left behind under a number without an account."""
    before = typed(accounts, office, "instagram kantor")
    with application.store.write() as connection:
        connection.execute(schema.series.insert().values(
            id=1, account_id=before.id, measure="followers:account:now", definition=1, about="", origin="typed",
            precision="day", kind="level", decimals=0))  # fmt: skip
        connection.execute(schema.readings.insert().values(series_id=1, at=1, value=1240, exchange_id=1, place_id=1))

    account = accounts.identify(collected(), CONTOH)

    assert {row["account_id"] for row in rows(schema.series)} == {account.id}
    assert [row["value"] for row in rows(schema.readings)] == [1240]
    assert len(rows(schema.accounts)) == 1


# --- by hand --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True], ids=["typed first", "collected first"])
def test_two_are_joined_by_hand_whichever_is_named_first(
    accounts: Accounts, office: Office, collected: Callable[..., StoredAccount], turned: bool
) -> None:
    """The one that the platform knows stays; a person need not know which that is."""
    known, other = accounts.identify(collected(), CONTOH), typed(accounts, office, "arsip lama")

    joined = accounts.bind(known, other) if turned else accounts.bind(other, known)

    assert (joined.id, joined.external_id) == (known.id, CONTOH.id)
    assert accounts.is_called(joined, "Arsip Lama")
    assert len(accounts.queries.list_accounts()) == 1


def test_two_typed_ones_may_be_joined_as_well(accounts: Accounts, office: Office) -> None:
    """Two spellings that no rule could know to be one."""
    joined = accounts.bind(typed(accounts, office, "kpu lama"), typed(accounts, office, "kpu_baru"))

    assert joined.handle == "kpu_baru"
    assert accounts.is_called(joined, "KPU Lama")


def test_two_accounts_with_ids_of_the_platform_are_never_joined(
    accounts: Accounts, collected: Callable[..., StoredAccount]
) -> None:
    """A replaced account is a successor with a seam; as one line its growth would be a lie."""
    one = accounts.identify(collected("satu"), CONTOH)
    two = accounts.identify(collected("dua"), Profile("2", "kpu_dua"))

    with pytest.raises(SelectionError, match="dua akun berbeda di platform; riwayatnya tidak digabung"):
        accounts.bind(one, two)
    assert len(accounts.queries.list_accounts()) == 2


def test_only_two_accounts_of_one_platform_can_be_joined(accounts: Accounts, office: Office) -> None:
    """Followers here and there are not one figure; and an account is no other than itself."""
    here, there = typed(accounts, office, "kpu"), accounts.ensure(office, get_connector("x"), "kpu")

    for pair in ((here, there), (here, here)):
        with pytest.raises(SelectionError, match="Hanya dua akun berbeda dari platform yang sama"):
            accounts.bind(*pair)


def test_a_joined_account_keeps_being_the_one_of_the_environment(
    application: Application, environment: dict[str, str]
) -> None:
    """Otherwise the next run would make it anew beside its own history."""
    accounts = application.accounts
    application.collecting.choose(Selection(platforms=("instagram",)))
    [placeholder] = application.queries.list_accounts(platform="instagram")

    joined = accounts.bind(placeholder, typed(accounts, placeholder.office, "arsip"))

    assert joined.configured == environment["INSTAGRAM_USER_ID"]
    application.collecting.run("test", Selection(platforms=("instagram",)))
    [account] = application.queries.list_accounts(platform="instagram")
    assert (account.id, account.external_id) == (joined.id, CONTOH.id)


# --- the environment ------------------------------------------------------------------------------------------------


def test_another_identity_in_the_environment_is_another_account(
    application: Application, environment: dict[str, str], clock: SetClock
) -> None:
    """The office got a new account: its figures must not go on under the old one's name."""
    application.collecting.run("test", Selection(platforms=("instagram",)))
    application.close()
    with Application.open(load({**environment, "INSTAGRAM_USER_ID": "17841400000000099"}), clock=clock) as changed:
        outcomes = changed.collecting.run("test", Selection(platforms=("instagram",))).outcomes

        old, new = changed.queries.list_accounts(platform="instagram")
        assert (old.external_id, old.configured) == (CONTOH.id, None)
        assert (new.external_id, new.configured, new.handle) == (None, "17841400000000099", "17841400000000099")
        assert {one.account: one.result for one in outcomes} == {"kpu_contoh": "skipped", "17841400000000099": "failed"}

    # Back again, only the first is collected: with its keys the other would get figures that are not its own.
    with Application.open(load(environment), clock=clock) as back:
        outcomes = back.collecting.run("test", Selection(platforms=("instagram",))).outcomes
        assert {one.account: one.result for one in outcomes} == {"kpu_contoh": "ok", "17841400000000099": "skipped"}
        assert len(back.queries.list_accounts(platform="instagram")) == 2


def test_another_spelling_of_the_same_identity_is_the_same_account(
    application: Application, environment: dict[str, str], clock: SetClock
) -> None:
    """Somebody added the @: no second account of it."""
    application.collecting.run("test", Selection(platforms=("x",)))
    application.close()
    with Application.open(load({**environment, "X_USERNAME": "@KPU_Contoh"}), clock=clock) as changed:
        [outcome] = changed.collecting.run("test", Selection(platforms=("x",))).outcomes

        assert outcome.result == "ok"
        [account] = changed.queries.list_accounts(platform="x")
        assert account.configured == "@KPU_Contoh"


def test_an_identity_that_the_sign_in_tells_needs_no_setting(environment: dict[str, str], clock: SetClock) -> None:
    """A home without X_USERNAME: the sign-in says who it is, once and for all."""
    del environment["X_USERNAME"]

    for _ in range(2):
        with Application.open(load(environment), clock=clock) as application:
            [outcome] = application.collecting.run("test", Selection(platforms=("x",))).outcomes
            assert (outcome.account, outcome.result) == ("kpu_contoh", "ok")
            [account] = application.queries.list_accounts(platform="x")
            assert (account.configured, account.handle) == ("", "kpu_contoh")


def test_the_offices_of_a_province_have_to_be_named(application: Application, accounts: Accounts) -> None:
    """With several offices nobody can guess whose keys these are."""
    for slug in ("pontianak", "kayong"):
        accounts.ensure_office(slug, slug)

    with pytest.raises(SelectionError, match="Di sini ada 2 kantor; sebutkan satu dengan --office"):
        application.collecting.run("test", Selection(platforms=("x",)))
    [outcome] = application.collecting.run("test", Selection("kayong", ("x",))).outcomes
    assert (outcome.office, outcome.result) == ("kayong", "ok")
    [again] = application.collecting.run("test", Selection(platforms=("x",))).outcomes
    assert again.office == "kayong"


# --- offices and removed accounts -----------------------------------------------------------------------------------


def test_the_default_office_is_made_by_what_first_needs_one(accounts: Accounts) -> None:
    """A single office never has to name itself."""
    assert accounts.queries.list_offices() == ()
    office = accounts.get_office(None)
    assert (office.slug, office.zone) == ("default", "Asia/Jakarta")
    assert accounts.get_office(None) == office
    assert accounts.get_office("default") == office
    with pytest.raises(SelectionError, match=r"Kantor sambas tidak ada\. Yang ada: default\."):
        accounts.get_office("sambas")


def test_an_office_can_be_renamed_with_all_it_has(accounts: Accounts, office: Office) -> None:
    """The first import gives it its name."""
    account = typed(accounts, office, "kpu")
    accounts.change_office(office, slug="pontianak", name="KPU Kota Pontianak", zone="Asia/Pontianak")

    moved = accounts.get(account.id).office
    assert (moved.id, moved.slug, moved.name, moved.zone) == (
        office.id, "pontianak", "KPU Kota Pontianak", "Asia/Pontianak",
    )  # fmt: skip
    assert accounts.ensure_office("pontianak", "ignored").name == "KPU Kota Pontianak"


def test_a_removed_account_stays_away_and_comes_back_with_its_history(
    application: Application, accounts: Accounts
) -> None:
    """Keys left in .env must not undo what a person decided; adding it again brings it back."""
    only_x = Selection(platforms=("x",))
    application.collecting.run("test", only_x)
    [account] = application.queries.list_accounts(platform="x")
    accounts.set_state(account, "removed")

    with pytest.raises(SelectionError):
        application.collecting.run("test", only_x)
    assert application.queries.list_accounts(platform="x") == ()

    back = accounts.ensure(account.office, get_connector("x"), "@KPU_Contoh")
    assert (back.id, back.state) == (account.id, "active")
    [outcome] = application.collecting.run("test", only_x).outcomes
    assert outcome.result == "ok"


def test_a_removed_account_that_a_platform_speaks_of_again_is_that_account(
    accounts: Accounts, collected: Callable[..., StoredAccount]
) -> None:
    """Its id is the platform's: a second account with it cannot be."""
    account = accounts.identify(collected("satu"), CONTOH)
    accounts.set_state(account, "removed")

    back = accounts.identify(collected("dua"), CONTOH)

    assert (back.id, back.state) == (account.id, "active")


def test_a_state_tells_since_when_and_why(accounts: Accounts, office: Office, rows: Rows, clock: SetClock) -> None:
    """A mark set again each night must not look as if it had begun last night; the audit has one line for it."""
    account = typed(accounts, office, "kpu")
    for _ in range(3):
        accounts.set_state(account, "reconnect", "access.expired")
        clock.sleep(86_400)

    [row] = rows(schema.accounts)
    assert (row["state"], row["state_code"]) == ("reconnect", "access.expired")
    assert row["state_since"] == datetime(2026, 11, 20, 3, tzinfo=UTC).timestamp() * 1000
    assert sum(line["action"] == "account.reconnect" for line in rows(schema.audit)) == 1
