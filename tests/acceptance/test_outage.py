"""Thirty days without the office's server: what the platforms still remember is read, the rest is named.

Against the program's own stand-in, all six platforms at once, through the commands that people type. What can still
be had is what an office gets that asks for the first time now.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from office import START, Office, own_settings, shorten_memories

from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.platforms import list_connectors
from collector.store.records import from_day_number
from connectors.kit import Reason, Subject
from connectors.kit.metrics import DAY

CONNECTORS = list_connectors()
OFF, BACK = START.date(), (START + timedelta(days=30)).date()


class Two(NamedTuple):
    """An office that was off for thirty days, and one that is new when the first is back. Only look at them."""

    back: Office
    new: Office


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """Collect at the first, be off, and collect at both; each has platforms of its own, where keys are used up."""
    clock = SetClock(START)
    with StandIn(World(clock.now)) as first, StandIn(World(clock.now)) as second:
        shorten_memories(first, days=45)  # more than the outage took
        shorten_memories(second, days=45)
        two = Two(*(
            Office({**standin.environment(), **own_settings(tmp_path_factory.mktemp("office"))}, clock)
            for standin in (first, second)
        ))  # fmt: skip
        two.back.collect()
        clock.move_to(START + timedelta(days=30))
        for office in two:
            ended = office.collect()
            assert {platform: one["outcome"] for platform, one in ended.items()} == {
                connector.slug: "ok" for connector in CONNECTORS
            }
        yield two


Daily = dict[tuple[str, str], dict[str, int]]


def daily(office: Office, slug: str) -> Daily:
    """Return the days' figures of an account by measure and definition."""
    found: Daily = {}
    for one in office.readings("--platform", slug, "--since", str(OFF - timedelta(days=9))):
        if one["precision"] == "day" and not one["post"] and not one["dimension"]:
            values = found.setdefault((one["metric"], one["source"]), {})
            assert one["at"] not in values, "a day is there twice"
            values[one["at"]] = one["value"]
    return found


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda one: one.slug)
def test_every_day_that_can_still_be_had_is_there(offices: Two, connector) -> None:
    """Neither less than an office that asks for the first time now, nor another figure."""
    back, new = daily(offices.back, connector.slug), daily(offices.new, connector.slug)

    measures = [one for one in connector.measures if one.span == DAY and one.subject is Subject.ACCOUNT]
    assert bool(new) == bool(measures)
    for series, values in new.items():
        assert values.items() <= back[series].items(), series
        if measures:
            assert max(values) >= str(BACK - timedelta(days=6))


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda one: one.slug)
def test_every_other_day_is_named(offices: Two, connector) -> None:
    """A day of the outage that is not there was answered without a figure, or is a gap with its reason."""
    gaps = offices.back.run("history", "--json", "--platform", connector.slug).json["gaps"]
    assert {gap["reason"] for gap in gaps} <= {str(reason) for reason in Reason}
    for (metric, source), values in daily(offices.back, connector.slug).items():
        named = [(gap["from"][:10], gap["to"][:10]) for gap in gaps if gap["metric"] == metric]
        answered = [
            (from_day_number(first), from_day_number(last))
            for first, last in offices.back.rows(
                "SELECT first_day, last_day FROM coverage JOIN accounts ON accounts.id = account_id"
                " WHERE platform = ? AND measure LIKE ?", connector.slug, f"{metric}%:account:day",
            )
        ]  # fmt: skip
        newest = date.fromisoformat(max(values))
        for number in range((newest - OFF).days + 1):
            day = OFF + timedelta(days=number)
            assert (
                str(day) in values
                or any(first <= str(day) <= last for first, last in named)
                or any(first <= day <= last for first, last in answered)
            ), (metric, source, day)
