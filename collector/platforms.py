"""Discovery: the connectors that are installed, found by walking the `connectors` package.

There is no list to edit. A platform is a module or package in `connectors` with one `CONNECTOR`.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import connectors
from connectors.kit import Connector, Measure

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


def find_measure(slug: str, key: str) -> Measure | None:
    """Return a platform's measure by its key, None where this version has no such platform or measure."""
    try:
        return _measures_of(get_connector(slug)).get(key)
    except LookupError:
        return None


@cache
def _measures_of(connector: Connector) -> Mapping[str, Measure]:
    return {measure.key: measure for measure in (*connector.typed_measures, *connector.measures)}
