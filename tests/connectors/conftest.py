"""What the connector tests share: the stand-in's present, and conversations with its contracts."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from conversation import Clock, Conversation, demo_keys

from collector.demo.standin import Contract
from connectors.kit import Connector


@pytest.fixture
def clock() -> Clock:
    """The stand-in's present: a Saturday morning in November 2026 that a test may move."""
    return Clock(datetime(2026, 11, 21, 3, 15, tzinfo=UTC))


@pytest.fixture
def ask() -> Callable[..., Conversation]:
    """Start a conversation: `ask(contract, connector, keys=None, bearers={})`."""

    def start(
        contract: Contract,
        connector: Connector,
        keys: Mapping[str, str] | None = None,
        bearers: Mapping[str, str] | None = None,
    ) -> Conversation:
        given = demo_keys(contract, connector) if keys is None else keys
        return Conversation(contract, connector, given, {**contract.bearers, **(bearers or {})})

    return start
