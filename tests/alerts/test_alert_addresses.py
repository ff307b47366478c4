"""The addresses of the channels are secrets, and what must not be struck out elsewhere is not one of them."""

import pytest

from collector.alerts.addresses import kind_of, list_names, list_secrets, split_addresses
from collector.collect.redact import Redactor
from collector.settings import ALERTS, load

MAIL = "mailtos://kpu.contoh:s3kr3t%21pw@gmail.com?to=staf@kpu-contoh.go.id&smtp=smtp.gmail.com"
TELEGRAM = "tgram://123456789:AAEabcdefghijklmnopqrstuvwxyz123/-1001234567890"
GATEWAY = "whatsapp://EAAtokenofthegateway0123456789@1234567890/628123456789"
HOOK = "json://127.0.0.1:8080/hook/canary-of-the-hook?-key=querycanary9"


def test_addresses_stand_apart_by_blanks_or_lines() -> None:
    """A file with one address on each line reads well."""
    assert split_addresses(f" {MAIL}\n{TELEGRAM}  {HOOK}\n\n") == (MAIL, TELEGRAM, HOOK)


def test_channels_are_named_without_their_addresses() -> None:
    """The name is in the database and in the log; it stays when a password changes."""
    addresses = (MAIL, TELEGRAM, "mailtos://a:b@c.id", "x", "a b")

    assert list_names(addresses) == ("mailtos", "tgram", "mailtos 2", "?", "? 2")
    assert [kind_of(text) for text in ("JSON://a", "://a", "a", "päss://x", "key 9://x")] == ["json", "", "", "", ""]


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        (MAIL, ["s3kr3t%21pw", "s3kr3t!pw"]), (TELEGRAM, ["AAEabcdefghijklmnopqrstuvwxyz123"]),
        ("json://kpu.id/in/siaran", ["/in/siaran"]), (GATEWAY, ["EAAtokenofthegateway0123456789"]),
        (HOOK, ["/hook/canary-of-the-hook", "canary-of-the-hook", "querycanary9"]),
    ],
)  # fmt: skip
def test_each_secret_part_is_struck_out_by_itself(address: str, secrets: list[str]) -> None:
    """A library may show a part of an address: the path of a request, a password."""
    redactor = Redactor()
    redactor.know(*load({ALERTS: address}).list_secrets())

    for secret in (address, *secrets):
        assert secret not in redactor.line(f"asked {secret} for it")


def test_names_of_servers_and_mailboxes_are_no_secrets() -> None:
    """Struck out they would be missing from kept answers, where the office's own site may be named."""
    found = set(list_secrets(f"{MAIL} {TELEGRAM} {HOOK}"))

    assert found.isdisjoint({"gmail.com", "smtp.gmail.com", "kpu-contoh.go.id", "kpu.contoh", "staf", "127.0.0.1"})


@pytest.mark.parametrize("text", ["", "   ", "://", "mailto://[half", "a://b c://d", "\x00://\x01"])
def test_a_wrong_address_breaks_nothing(text: str) -> None:
    """Its fault is said by who tries it out, and not at every start."""
    assert len(list_names(split_addresses(text))) == len(split_addresses(text))
    assert set(split_addresses(text)) <= set(list_secrets(text))
