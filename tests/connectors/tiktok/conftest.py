"""What the tests of TikTok share: an account at both services, and one at the Display service alone."""

import pytest

from collector.demo.contracts.tiktok import TikTokContract
from collector.demo.world import World
from connectors.tiktok import CONNECTOR


@pytest.fixture
def contract(clock):
    """The stand-in's TikTok."""
    return TikTokContract(World(clock))


@pytest.fixture
def talk(ask, contract):
    """A conversation of an account without the business service."""
    whole = ask(contract, CONNECTOR)
    keys = {name: value for name, value in whole.keys.items() if not name.startswith("business")}
    return ask(contract, CONNECTOR, keys)


@pytest.fixture
def both(ask, contract):
    """A conversation of an account with both services."""
    return ask(contract, CONNECTOR)
