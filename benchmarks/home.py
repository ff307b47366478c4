"""Making a home with many accounts, through the product's own services: offices, accounts, their own sealed keys.

Each account is bound already, as it is from its first check on; each office has one on every platform. Run in a
process of its own: `python -m benchmarks.home COUNT`.
"""

import sys

from benchmarks.opening import open_installation
from benchmarks.population import NOW, SLUGS, handle_of, id_of, keys_of, platform_of
from collector.platforms import get_connector
from collector.store.records import Office
from collector.wiring import Application


def make_home(count: int) -> None:
    """Make so many accounts."""
    with open_installation() as application:
        for first in range(0, count, len(SLUGS)):
            slug = f"kantor-{first // len(SLUGS):04d}"
            office = application.accounts.ensure_office(slug, slug)
            for number in range(first, min(first + len(SLUGS), count)):
                _add(application, office, number)


def _add(application: Application, office: Office, number: int) -> None:
    connector, handle = get_connector(platform_of(number)), handle_of(number)
    directory, key = application.accounts.directory, connector.handle_key(handle)
    account_id = directory.add_account(office.id, connector.slug, handle, key, NOW)
    application.keyring.seal_own(connector, account_id, keys_of(number))
    directory.bind(account_id, id_of(number), handle, key, handle, "", NOW)


if __name__ == "__main__":
    make_home(int(sys.argv[1]))
