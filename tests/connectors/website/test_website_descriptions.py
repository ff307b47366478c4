"""What Google is asked is checked against its own description of the API, where that is at hand."""

import json
import re
from datetime import date

import pytest
from descriptions import SPECS

from connectors.kit import ClosedPeriod, Days
from connectors.kit.samples import list_cases, load_case

DESCRIPTION = SPECS / "analyticsdata.v1beta.json"
PERIODS = (
    ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31))),
    ClosedPeriod("semester", Days(date(2026, 1, 1), date(2026, 6, 30))),
)


@pytest.fixture(scope="module")
def description():
    """Google's description of the Data API; without it there is nothing to be checked against."""
    if not DESCRIPTION.is_file():
        pytest.skip(f"Google's description of the Data API is not at hand: {DESCRIPTION}")
    return json.loads(DESCRIPTION.read_text("utf-8"))


@pytest.fixture
def sheet(description):
    """The sheet that names the metrics and dimensions, which the description leaves to the API's own metadata."""
    return (DESCRIPTION.parents[1] / "website.md").read_text("utf-8")


def faults_of(value, schema, schemas, where=""):
    """Yield what of a value is not as its schema says: unknown members, wrong kinds, words that are none."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type")
    if kind == "object" and isinstance(value, dict):
        for name, member in value.items():
            inner = schema.get("properties", {}).get(name)
            if inner is None:
                yield f"{where}/{name}: no such member"
            else:
                yield from faults_of(member, inner, schemas, f"{where}/{name}")
    elif kind == "array" and isinstance(value, list):
        for number, element in enumerate(value):
            yield from faults_of(element, schema["items"], schemas, f"{where}/{number}")
    elif kind == "string" and isinstance(value, str):
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where}: {value!r} is none of {schema['enum']}"
        if schema.get("format") == "int64" and not re.fullmatch("-?[0-9]+", value):
            yield f"{where}: {value!r} is no number"
    elif not (
        (kind == "boolean" and isinstance(value, bool))
        or (kind in ("integer", "number") and isinstance(value, int | float) and not isinstance(value, bool))
    ):
        yield f"{where}: {value!r} is no {kind}"  # fmt: skip


def test_every_question_is_one_that_google_describes(ga4, contract, description):
    """A misspelt member is ignored by a lenient server and refused by a strict one: neither would be noticed here."""
    method = description["resources"]["properties"]["methods"]["runReport"]
    contract.ga4.withheld = {date(2026, 11, 5)}
    ga4.collect(ga4.assignment(date(2024, 1, 1), date(2026, 11, 20), closed_periods=PERIODS))

    asked = [one for one in ga4.asked if one.host == "GA4_DATA_URL"]

    assert len(asked) > 15
    for one in asked:
        assert one.method == method["httpMethod"]
        assert re.fullmatch(method["flatPath"].replace("{propertiesId}", "[0-9]+"), one.path.lstrip("/"))
        assert list(faults_of(one.json(), method["request"], description["schemas"])) == []
        assert 0 < len(one.json()["metrics"]) <= 10
        assert {"startDate", "endDate"} == one.json()["dateRanges"][0].keys()


def test_every_name_asked_for_is_one_that_the_sheet_lists(ga4, contract, sheet):
    """A metric or dimension that does not exist fails the whole question."""
    ga4.collect(ga4.assignment(date(2026, 11, 1), date(2026, 11, 20), closed_periods=PERIODS))
    listed = {
        word: set(re.findall(r"`(\w+)`", re.search(rf"{word} used here: (.*)", sheet)[1]))
        for word in ("Metrics", "Dimensions")
    }

    questions = ga4.questions("GA4_DATA_URL")

    assert {field["name"] for one in questions for field in one["metrics"]} <= listed["Metrics"]
    assert {field["name"] for one in questions for field in one.get("dimensions", ())} <= listed["Dimensions"]


def test_every_sample_of_google_is_as_google_describes_it(description):
    """A sample of a shape that Google does not give shows something that never happens."""
    schemas, checked = description["schemas"], 0
    for name in list_cases("website"):
        for exchange in load_case("website", name).exchanges:
            body = exchange.json()
            if exchange.request.api != "ga4" or exchange.status != 200 or not isinstance(body, dict):
                continue
            assert list(faults_of(body, {"$ref": "RunReportResponse"}, schemas, name)) == []
            assert list(faults_of(exchange.request.json, {"$ref": "RunReportRequest"}, schemas, name)) == []
            checked += 1

    assert checked > 20


def test_the_check_finds_what_is_wrong(description):
    """A check that finds nothing anywhere would pass everything."""
    wrong = {"metrics": [{"nome": "sessions"}], "limit": "many", "keepEmptyRows": "no",
             "orderBys": [{"dimension": {"dimensionName": "date", "orderType": "LOUD"}}]}  # fmt: skip

    assert len(list(faults_of(wrong, {"$ref": "RunReportRequest"}, description["schemas"]))) == 4
