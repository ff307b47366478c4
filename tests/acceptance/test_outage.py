"""Thirty days without the office's server: what the platforms still remember is read, the rest is named.

Against the program's own stand-in, all six platforms at once, through the commands that people type.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from office import START, Office, own_settings

from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.platforms import list_connectors
from connectors.kit import Subject
from connectors.kit.metrics import DAY

SIX = tuple(connector.slug for connector in list_connectors())
OUTAGE = timedelta(days=30)
LAST_BEFORE, BACK = START.date(), (START + OUTAGE).date()


@pytest.fixture(scope="module")
def back(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that collected, was off for thirty days, and collected again. Only look at it."""
    folder, clock = tmp_path_factory.mktemp("outage"), SetClock(START)
    with StandIn(World(clock.now)) as standin:
        office = Office({**standin.environment(), **own_settings(folder)}, clock)
        office.collect()
        clock.move_to(START + OUTAGE)
        ended = office.collect()
        assert {platform: one["outcome"] for platform, one in ended.items()} == dict.fromkeys(SIX, "ok")
        yield office


def daily_measures(slug: str) -> list[str]:
    """Name the measures that are counted for each day of the account."""
    (connector,) = (one for one in list_connectors() if one.slug == slug)
    return [one.key for one in connector.measures if one.span == DAY and one.subject is Subject.ACCOUNT]


def days(first: date, last: date) -> set[str]:
    """Return every day from the first to the last."""
    return {str(first + timedelta(days=number)) for number in range((last - first).days + 1)}


def spans_of(office: Office, table: str, slug: str, measure: str) -> set[str]:
    """Return the days that a table's spans of a measure hold."""
    dated = {"coverage": ("first_day", "last_day"), "gaps": ("first_day", "last_day")}[table]
    found = office.rows(
        f"SELECT {dated[0]}, {dated[1]} FROM {table} JOIN accounts ON accounts.id = account_id"
        " WHERE platform = ? AND measure = ?", slug, measure,
    )  # fmt: skip
    return {day for first, last in found if first for day in days(date.fromisoformat(first), date.fromisoformat(last))}


@pytest.mark.parametrize("slug", SIX)
def test_every_day_of_the_outage_is_read_or_named(back: Office, slug: str) -> None:
    """No day of any daily measure is lost without a word, and none is stored twice."""
    read = back.rows(
        "SELECT measure, at FROM readings JOIN series ON series.id = series_id JOIN accounts ON accounts.id = account_id"
        " WHERE platform = ?", slug,
    )  # fmt: skip
    print(read[:2])
