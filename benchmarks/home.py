"""Making a home with many accounts, through the product's own services: offices, accounts, their own sealed keys.

Each account is bound already, as it is from its first check on; each office has up to six. Run in a process of its
own: `python -m benchmarks.home facebook=9 youtube=7 … ADDRESS`.
"""

import json
import sys

from benchmarks.opening import open_installation
from benchmarks.population import NOW, external_id, handle_of, keys_of
from collector.platforms import get_connector
from collector.store.records import Office
from collector.wiring import Application

_OF_AN_OFFICE = 6


def make_home(counts: dict[str, int], address: str) -> None:
    """Make so many accounts of each platform."""
    wanted = [(platform, number) for platform, count in counts.items() for number in range(count)]
    private_key = json.dumps(_make_private_key()) if counts.get("website") else ""
    with open_installation() as application:
        for place, (platform, number) in enumerate(wanted):
            if place % _OF_AN_OFFICE == 0:
                slug = f"kantor-{place // _OF_AN_OFFICE:04d}"
                office = application.accounts.ensure_office(slug, slug, zone="Asia/Jakarta")
            _add(application, office, platform, number, address, private_key)


def _add(application: Application, office: Office, platform: str, number: int, address: str, private_key: str) -> None:
    connector, handle = get_connector(platform), handle_of(platform, number, address)
    directory = application.accounts.directory
    key = connector.handle_key(handle)
    account_id = directory.add_account(office.id, platform, handle, key, NOW)
    application.keyring.seal_own(connector, account_id, keys_of(platform, number, address, private_key))
    directory.bind(account_id, external_id(platform, number, address), handle, key, handle, "", NOW)


def _make_private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


if __name__ == "__main__":
    *counted, origin = sys.argv[1:]
    make_home({platform: int(count) for platform, _, count in (word.partition("=") for word in counted)}, origin)
