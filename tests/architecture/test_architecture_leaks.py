"""A platform is named in its own module, samples and contract, and nowhere else."""

import pytest
from architecture_rules import Module, find_leaks, product

from collector.platforms import list_connectors
from collector.settings import env_name, list_addresses


def _slugs() -> set[str]:
    return {word for connector in list_connectors() for word in (connector.slug, *connector.aliases)}


def _settings() -> set[str]:
    keys = {env_name(info) for connector in list_connectors() for info in connector.Keys.model_fields.values()}
    addresses = {one.setting for connector in list_connectors() for one in list_addresses(connector) if one.setting}
    return keys | addresses


def _judged() -> list[Module]:
    return [
        module
        for module in product().values()
        if module.is_in("collector", "connectors.kit", "migrations") and not module.is_in("collector.demo.contracts")
    ]


def test_no_platform_is_named_outside_its_own_files() -> None:
    """A platform is added by adding files; a branch on its name elsewhere would be the end of that."""
    leaks = [leak for module in _judged() for leak in find_leaks(module, _slugs(), _settings())]

    assert len(_slugs()) > 6
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize(
    "source",
    [
        'if platform == "x":\n    pass',
        'match platform:\n    case "facebook":\n        pass',
        'ORDER = ["YouTube"]',
        'metric("tiktok.profile_views", "view", "", "")',
        'address = values["INSTAGRAM_GRAPH_URL"]',
        "def read_facebook_page():\n    pass",
    ],
)
def test_a_leak_is_seen(source: str) -> None:
    """The test must go red for each way in which a platform has ever leaked."""
    assert list(find_leaks(Module("collector.leaky", source), _slugs(), _settings()))


@pytest.mark.parametrize(
    "source",
    [
        '"""Facebook Pages and x are named in words here."""',
        'mode = open(path, "xb")',
        'name = "followers.x"',
        'text = "X and YouTube are mentioned in a sentence."',
        "max_x = x + 1",
    ],
)
def test_words_that_only_look_like_a_platform_are_no_leak(source: str) -> None:
    """One platform is called by a single letter."""
    assert list(find_leaks(Module("collector.fine", source), _slugs(), _settings())) == []


def test_the_store_and_its_migrations_hold_platforms_as_plain_text() -> None:
    """A new platform must not need a new column or a new table."""
    table_and_column_names = [
        word for module in product().values() if module.is_in("collector.store.schema", "migrations")
        for word in module.source.replace('"', " ").replace(",", " ").split()
    ]  # fmt: skip

    assert {word.casefold() for word in table_and_column_names} & _slugs() == set()
