"""What `accounts check` and the guide say of a sign-in at Meta, in the words that the office reads."""

from datetime import timedelta

import pytest
from connecting_office import Terminals
from graph_person import begin, connect
from office import Office, only

from collector.clock import SetClock
from collector.demo.contracts.facebook import PAGE_ID, USER_KEY
from collector.demo.graph.keys import Key
from collector.demo.graph.sign_in import PERSON, SCOPES
from collector.demo.standin import StandIn
from collector.wiring import Application

NEEDED = tuple(one for one in SCOPES if one != "business_management")


@pytest.fixture
def office(office: Office) -> Office:
    """An office that has a Page only."""
    office.environment = only(office.environment, "facebook")
    return office


def check(office: Office) -> list[dict[str, object]]:
    """Run `accounts check` and return its rows."""
    rows: list[dict[str, object]] = office.run("accounts", "check", "--json", status=1).json["accounts"]
    return rows


@pytest.mark.parametrize(
    ("subcode", "sentence"),
    [
        (458, "Izin untuk program ini dicabut"),
        (459, "pemeriksaan keamanan"),
        (460, "Kata sandi diganti"),
        (492, "tidak lagi bertugas di halaman ini"),
    ],
)
def test_a_sign_in_that_has_ended_says_why(
    office: Office, application: Application, standin: StandIn, subcode: int, sentence: str
) -> None:
    """Each has another remedy, and the person who reads it has no other source."""
    connect(application, "facebook", "browser")
    standin.contracts["facebook"].keys_given.refused_with = subcode

    (row,) = check(office)
    assert sentence in str(row["message"])


def test_the_end_of_data_access_is_said_although_the_key_is_good(
    office: Office, application: Application, clock: SetClock
) -> None:
    """Everything would be answered empty from this day on, and nothing refused (facebook.md §2.1)."""
    connected = connect(application, "facebook", "browser")
    assert office.run("accounts", "check").status == 0
    clock.move_to(clock.now() + timedelta(days=90))

    (row,) = check(office)
    assert "Izin membaca data sudah berakhir" in str(row["message"])
    (access,) = application.accounts.accesses.list_all([connected.account.id])[connected.account.id]
    assert (access.data_ends_at, access.person, access.way) == (clock.now(), "", "browser")


def test_what_was_allowed_is_known_after_a_check(office: Office, application: Application, standin: StandIn) -> None:
    """Keys that came by the .env file are asked about too."""
    office.environment |= {"FACEBOOK_PAGE_ID": PAGE_ID, "FACEBOOK_ACCESS_TOKEN": Key(
        "page", PAGE_ID, 1, 0, ("pages_read_engagement",), int(office.clock.now().timestamp())
    ).sealed()}  # fmt: skip
    office.run("accounts", "check")

    (account,) = application.queries.list_accounts()
    (access,) = application.accounts.accesses.list_all([account.id])[account.id]
    assert access.granted == {"pages_read_engagement"}
    assert access.data_ends_at == office.clock.now() + timedelta(days=90)


def test_a_persons_key_in_the_settings_is_named(office: Office) -> None:
    """It collects followers and leaves every daily figure empty, for months if nobody says so."""
    office.environment |= {"FACEBOOK_PAGE_ID": PAGE_ID, "FACEBOOK_ACCESS_TOKEN": USER_KEY}

    (row,) = check(office)
    assert "bukan milik Halaman" in str(row["message"])
    assert "collector connect facebook" in str(row["message"])


def test_the_guide_names_what_is_linked(office: Office, application: Application, terminals: Terminals) -> None:
    """A portfolio's key sees the link; whether the account is connected too, the office decides."""
    begin(application, "facebook", "bisnis")
    terminal = terminals.start("facebook", "--way", "bisnis")
    terminal.wait_for("ID Halaman Facebook.*:")
    terminal.type(PAGE_ID)
    terminal.wait_for("Kunci Halaman.*:")
    terminal.type(Key("system", PERSON, 1, 0, NEEDED).sealed())
    said = terminal.end()

    assert f"@kpucontoh ({PAGE_ID})" in said
    assert "tertaut ke Instagram @kpu_contoh. Hubungkan juga: collector connect instagram" in said
    assert "Berlaku sampai dicabut" in said
    assert "Data boleh dibaca sampai" not in said
