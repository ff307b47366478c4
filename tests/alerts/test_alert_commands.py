"""`collector alerts`, as staff use it; and no secret of a channel anywhere, whatever happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from office import Office, own_settings
from receivers import PATIENCE, MailServer, Webhook

from collector.clock import SetClock
from collector.collect.run import Selection
from collector.settings import ALERTS

SECRETS = (MailServer.password, "canary-of-the-webhook", "hook/canary")


@pytest.fixture
def office(environment: dict[str, str], clock: SetClock) -> Office:
    """An office with one account at the stand-in, whose alerts go to the webhook."""
    return Office(environment, clock)


@pytest.fixture
def bare(tmp_path: Path, clock: SetClock) -> Office:
    """An office without any platform, and without a home yet."""
    (tmp_path / "bare").mkdir()
    return Office(own_settings(tmp_path / "bare"), clock)


def test_without_a_channel_the_causes_are_listed_all_the_same(bare: Office) -> None:
    """Off by default: who looks sees what would be told, and how to have it told."""
    nothing = bare.run("alerts", "list")
    bare.run("init", "--name", "KPU Kota Contoh", "--seat", "Contoh", "--zone", "WIB")
    bare.run("accounts", "add", "website", "kpu-contoh.go.id")
    said, plain = bare.run("alerts", "list"), bare.run("alerts", "list", "--json").json["alerts"]
    english = bare.run("alerts", "list", "--json", COLLECTOR_LANG="en").json["alerts"]

    assert nothing.out == "Tidak ada yang perlu diberitahukan.\n"
    assert ALERTS in nothing.err
    assert said.out.startswith("[kabar] KPU Kota Contoh: Minggu ini semua aman")
    assert [(one["cause"], one["level"], one["since"]) for one in plain] == [
        ("weekly:kpu-kota-contoh:2026-W47", "note", None)
    ]
    assert english[0]["mend"] in ("There is nothing to do.", plain[0]["mend"])


def test_a_trial_says_which_channel_answered(office: Office, webhook: Webhook, mail: MailServer) -> None:
    """Before it is needed, not at night; one that fails makes the command fail."""
    addresses = {ALERTS: f"{webhook.address()} {mail.address()}"}
    well = office.run("alerts", "test", **addresses)
    arrived = webhook.next(), mail.next()
    mail.is_refusing = True
    ill = office.run("alerts", "test", status=1, **addresses)

    assert well.out == "1. json: terkirim.\n2. mailto: terkirim.\n"
    assert all("saluran ini berfungsi" in one.text for one in arrived)
    assert ill.out == (
        "1. json: terkirim.\n2. mailto: belum terkirim: tidak ada jawaban, atau pesannya ditolak. Periksa alamat, kata "
        "sandi, dan sambungan internet.\n"
    )  # nothing technical, and nothing in another language
    assert "Connection error" in office.run("alerts", "test", status=1, COLLECTOR_LOG_LEVEL="INFO", **addresses).err


def test_a_wrong_address_keeps_nothing_from_the_others(office: Office, webhook: Webhook) -> None:
    """One slip in a list of five must not be the reason that nobody is told; it is the set-up all the same."""
    said = office.run("alerts", "test", status=2, **{ALERTS: f"surat://x {webhook.address()}"})

    assert said.out.splitlines()[1] == "2. json: terkirim."
    assert "saluran ini berfungsi" in webhook.next().text


@pytest.mark.parametrize("address", ["surat://kpu:canary-of-the-mail-1@x", "json://", "mailto://canary-of-the-mail-1"])
def test_a_wrong_address_is_one_sentence_here_and_at_the_doctor(office: Office, address: str) -> None:
    """It says which one, and never what it holds."""
    tried = office.run("alerts", "test", status=2, **{ALERTS: address})
    examined = office.run("doctor", "--json", **{ALERTS: address}).json["findings"]

    (found,) = [one for one in examined if one["id"] == "alerts.channel"]
    assert found["what"] in tried.out
    assert found["what"].startswith("Alamat ke-1 (")
    assert not any(secret in tried.out + tried.err + str(examined) for secret in SECRETS)


def test_nothing_to_try_is_said_in_one_sentence(bare: Office) -> None:
    """With the way to set one up."""
    said = bare.run("alerts", "test", status=2)

    assert said.err.count("\n") <= 2
    assert "docs/alerts.md" in said.err


def test_the_addresses_may_stand_in_a_file_of_their_own(
    bare: Office, webhook: Webhook, mail: MailServer, tmp_path: Path
) -> None:
    """As every secret may: a file that only the service can read."""
    (tmp_path / "channels").write_text(f"{webhook.address()}\n{mail.address()}\n")

    said = bare.run("alerts", "test", **{f"{ALERTS}_FILE": str(tmp_path / "channels")})

    assert said.out == "1. json: terkirim.\n2. mailto: terkirim.\n"


def test_without_the_extra_it_says_how_to_install_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 25 MB that most offices do without."""
    monkeypatch.setitem(sys.modules, "apprise", None)

    said = office.run("alerts", "test", status=2)

    assert "pip install 'collector[alerts]'" in said.out


@pytest.mark.parametrize("is_refusing", [False, True])
def test_no_secret_of_a_channel_is_anywhere(
    office: Office, webhook: Webhook, mail: MailServer, is_refusing: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Not at DEBUG, where the libraries write whole addresses; not in the database, and not in any file."""
    webhook.is_refusing = mail.is_refusing = is_refusing
    debug = {ALERTS: f"{webhook.address()} {mail.address()}", "COLLECTOR_LOG_LEVEL": "DEBUG"}
    said = [
        office.run("alerts", "test", status=int(is_refusing), **debug),
        office.run("alerts", "list", "--json", **debug),
        office.run("doctor", **debug),
    ]
    office.environment = {**office.environment, **debug}
    with caplog.at_level("DEBUG"), office.open() as opened:
        opened.accounts.ensure_office("kpu", "KPU Kota Contoh")
        opened.collecting.choose(Selection())
        opened.alerts.look()
        assert opened.alerts.wait(PATIENCE)
        assert opened.alerts.book.list_open()
    texts = [caplog.text, *(text for one in said for text in (one.out, one.err))]
    kept = [path.read_bytes() for path in office.home.rglob("*") if path.is_file()]

    for secret in SECRETS:
        assert not any(secret in text for text in texts)
        assert not any(secret.encode() in content for content in kept)
    assert bool(webhook.rest()) is not is_refusing


def test_no_secret_is_in_the_list_of_processes(bare: Office, webhook: Webhook) -> None:
    """Anybody on the machine may read how a process was started."""
    webhook.hold()
    environment = {**os.environ, **bare.environment, ALERTS: webhook.address()}
    process = subprocess.Popen(
        [sys.executable, "-m", "collector", "alerts", "test"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert webhook.asked.wait(PATIENCE)
    started = Path(f"/proc/{process.pid}/cmdline")
    seen = started.read_bytes() if started.exists() else b"alerts"
    webhook.answers.set()
    out, _ = process.communicate(timeout=PATIENCE)

    assert b"alerts" in seen
    assert b"canary" not in seen
    assert (process.returncode, out) == (0, "1. json: terkirim.\n")
