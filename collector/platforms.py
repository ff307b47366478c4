"""Discovery: the connectors that are installed, found by walking the `connectors` package.

There is no list to edit. A platform is a module or package in `connectors` with one `CONNECTOR`.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import connectors
from connectors.kit import Connector

_NOT_PLATFORMS = {"kit", "samples"}


@cache
def list_connectors() -> tuple[Connector, ...]:
    """Return all connectors in the order of their slugs."""
    names = sorted(module.name for module in iter_modules(connectors.__path__) if module.name not in _NOT_PLATFORMS)
    return tuple(import_module(f"connectors.{name}").CONNECTOR for name in names)


def find_connector(word: str) -> Connector | None:
    """Return the connector whose slug, name or alias is `word`, in any case; None where there is none."""
    wanted = word.strip().casefold()
    for connector in list_connectors():
        if wanted in {connector.slug, connector.name.casefold(), *connector.aliases}:
            return connector
    return None


def get_connector(slug: str) -> Connector:
    """Return the connector with this slug. Raises LookupError where it is not installed."""
    for connector in list_connectors():
        if connector.slug == slug:
            return connector
    raise LookupError(slug)
