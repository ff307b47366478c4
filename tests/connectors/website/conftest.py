"""The website's two conversations: with Google Analytics, and with Matomo."""

import pytest

from collector.demo.contracts.website import WebsiteContract
from collector.demo.contracts.website.ga4 import BEARER
from collector.demo.world import World
from connectors.website import CONNECTOR


@pytest.fixture
def contract(clock):
    """The stand-in's website."""
    return WebsiteContract(World(clock))


@pytest.fixture
def ga4(ask, contract):
    """An office that uses Google Analytics."""
    return ask(contract, CONNECTOR, bearers={"ga4": BEARER})


@pytest.fixture
def matomo(ask, contract):
    """An office that uses Matomo."""
    keys = {
        "url": "http://127.0.0.1:9/site/",
        "matomo_site_id": "3",
        "matomo_token": contract.matomo_keys["MATOMO_TOKEN"],
    }
    return ask(contract, CONNECTOR, keys)
