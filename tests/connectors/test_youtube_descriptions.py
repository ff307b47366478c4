"""What YouTube is asked and what the samples answer, held against Google's own descriptions and the fact sheet."""

from datetime import date

import pytest
from descriptions import load, named_in, needs_descriptions
from youtube_standing import KEY_ONLY, OWNER_ONLY, YESTERDAY, standing_in

from connectors.kit import ClosedPeriod, Days, Request
from connectors.kit.samples import list_cases, load_case
from connectors.youtube import CONNECTOR

FILES = {"data": "youtube.v3.json", "analytics": "youtubeAnalytics.v2.json"}
CASES = [load_case("youtube", name) for name in list_cases("youtube")]

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture
def requests(ask) -> list[Request]:
    """List everything that is ever asked, with either way of signing in."""
    periods = tuple(
        ClosedPeriod(span, Days(date.fromisoformat(first), date(2026, 9, 30)))
        for span, first in (("month", "2026-09-01"), ("quarter", "2026-07-01"), ("semester", "2026-04-01"))
    )
    asked: list[Request] = []
    for keys in (KEY_ONLY, OWNER_ONLY, None):
        contract = standing_in()
        contract.page_size, contract.reports.retired = 7, {"shares"}
        talk = ask(contract, CONNECTOR, keys)
        assert talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY, closed_periods=periods)).error is None
        talk.check()
        asked += [one.request for one in talk.exchanges if one.request.api in FILES]
    return asked


@needs_descriptions
def test_everything_that_is_asked_is_described(requests):
    """A parameter that Google does not know would be refused, or worse, left unheard."""
    faults = {(one.path, fault) for one in requests for fault in load(FILES[one.api]).faults_of(one)}

    assert faults == set()
    assert {one.path for one in requests} == {
        "/youtube/v3/channels", "/youtube/v3/playlistItems", "/youtube/v3/videos", "/v2/reports"}  # fmt: skip


@needs_descriptions
def test_every_metric_and_dimension_is_one_of_the_fact_sheets(requests):
    """The description of Analytics leaves the names open; youtube.md §3 lists them. An unknown one fails all others."""
    known = named_in("youtube.md", "## 3")
    tables = [one.params for one in requests if one.path == "/v2/reports"]
    metrics = {name for params in tables for name in params["metrics"].split(",")}
    dimensions = {params["dimensions"] for params in tables if "dimensions" in params}

    assert metrics <= known
    assert dimensions <= known
    assert len(metrics) == 9
    assert len(dimensions) == 6
    assert "impressionsOfSomeKind" not in known


@needs_descriptions
def test_every_part_that_is_asked_for_is_a_member_of_its_resource(requests):
    """Parts are named like the members of what is answered; a part that is none is refused."""
    schemas = load("youtube.v3.json").schemas
    resources = {"channels": "Channel", "playlistItems": "PlaylistItem", "videos": "Video"}
    for one in requests:
        if one.api == "data":
            parts = set(one.params["part"].split(","))
            assert parts <= set(schemas[resources[one.path.rpartition("/")[2]]]["properties"])


@needs_descriptions
@each_case
def test_the_samples_are_as_described(case):
    """A sample of another shape than Google's would prove nothing."""
    for exchange in case.exchanges:
        description = load(FILES[exchange.request.api])
        assert description.faults_of(exchange.request) == []
        if exchange.status == 200:
            assert description.faults_in(exchange) == []


@needs_descriptions
def test_the_stand_in_answers_as_described(ask):
    """What the demo shows must be what an office will see."""
    talk = ask(standing_in(), CONNECTOR)
    talk.collect(talk.assignment(date(2026, 10, 1), YESTERDAY))
    talk.check()

    assert len(talk.exchanges) > 15
    for exchange in talk.exchanges:
        assert load(FILES[exchange.request.api]).faults_in(exchange) == []
