"""What every platform's ways to connect must hold to, so that the shell can walk them without knowing the platform."""

import re
from collections.abc import Iterator

import pytest

from collector.platforms import list_connectors
from collector.settings import is_secret
from connectors.kit import Connector, Consent, Device, Pasted, Pkce, Trade, Way

_SLOT = re.compile(r"\{(\w+)\}")
WAYS = [
    pytest.param(connector, way, id=f"{connector.slug}-{way.name}")
    for connector in list_connectors()
    for way in connector.ways
]
_OF_PAGE = {"state", "scope", "redirect_uri", "challenge"}
_OF_TRADE = {"code", "code_verifier", "redirect_uri", "device_code", "scope"}


def slots_of(trade: Trade) -> set[str]:
    """Return the slots of a trade's request."""
    fields = (
        *trade.request.params.values(),
        *(trade.request.form or {}).values(),
        *(trade.request.json or {}).values(),
    )
    return {slot for value in (trade.request.path, *map(str, fields)) for slot in _SLOT.findall(value)}


def trades_of(way: Way) -> Iterator[Trade]:
    """Yield what is traded, in order."""
    if isinstance(way, Consent | Device):
        yield from way.trades


def test_there_are_ways_to_look_at() -> None:
    """An empty list would hold to anything."""
    assert {type(param.values[1]) for param in WAYS} == {Consent, Device, Pasted}


@pytest.mark.parametrize("connector", list_connectors(), ids=lambda one: one.slug)
def test_a_way_is_known_by_its_name(connector: Connector) -> None:
    """It is typed on the command line and kept with the access."""
    names = [way.name for way in connector.ways]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{2,20}", name) for name in names)
    assert set().union(*connector.shared) <= set(connector.Keys.model_fields)


@pytest.mark.parametrize(("connector", "way"), WAYS)
def test_a_way_speaks_of_key_fields_that_there_are(connector: Connector, way: Way) -> None:
    """A slip would be found by the office, in the middle of connecting."""
    fields = set(connector.Keys.model_fields)

    assert {*way.asks, *way.optional, *way.replaces} <= fields
    assert way.optional <= set(way.asks)
    assert way.slot in fields
    assert way.slot not in way.replaces
    if isinstance(way, Pasted):
        assert way.slot in way.asks
        assert way.file is None or (way.file.field in way.asks and "{value}" in way.file.words.id)


@pytest.mark.parametrize(("connector", "way"), [one for one in WAYS if isinstance(one.values[1], Consent)])
def test_no_secret_is_in_the_address_of_a_page(connector: Connector, way: Consent) -> None:
    """It stands in the browser's history, and in the logs on the way."""
    slots = {slot for value in way.params.values() for slot in _SLOT.findall(value)}
    fields = connector.Keys.model_fields

    assert {"state", "redirect_uri"} <= slots <= _OF_PAGE | set(fields)
    assert not [slot for slot in slots & set(fields) if is_secret(fields[slot])]
    assert ("challenge" in slots) is (way.pkce is not Pkce.NONE)
    assert any("code_verifier" in slots_of(trade) for trade in way.trades) is (way.pkce is not Pkce.NONE)


@pytest.mark.parametrize(("connector", "way"), WAYS)
def test_a_trade_is_asked_of_a_host_that_is_declared(connector: Connector, way: Way) -> None:
    """And fills its slots with what is there by then; in the end there is the long-lived key."""
    there = {*connector.Keys.model_fields, *_OF_TRADE}
    for trade in trades_of(way):
        assert trade.request.api in connector.hosts
        assert slots_of(trade) <= there
        assert {*(trade.basic or ())} <= there
        there |= set(trade.gives.values())
    if isinstance(way, Consent | Device):
        assert way.permissions
        assert "scope" in {slot for value in _page_values(way) for slot in _SLOT.findall(value)}


def _page_values(way: Consent | Device) -> list[str]:
    return (
        list(way.params.values())
        if isinstance(way, Consent)
        else [str(one) for one in (way.request.form or {}).values()]
    )


@pytest.mark.parametrize(("connector", "way"), WAYS)
def test_a_person_is_told_what_it_is_about(connector: Connector, way: Way) -> None:
    """In both languages: what is read, what to have ready, each step, and what a missing permission costs."""
    said = [way.label, way.reads, *way.at_hand, *(step.words for step in way.steps)]
    said += [words for one in way.permissions for words in (one.opens, one.without)]

    assert way.at_hand
    assert way.steps
    assert all(words.id.strip() and words.en.strip() for words in said)
    assert all(step.link.startswith("https://") for step in way.steps if step.link)
