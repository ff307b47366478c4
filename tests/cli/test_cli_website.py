"""The website's two services through the whole program: kept apart, said when half filled in, asked until final."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from office import Office

from collector.demo.contracts.website import WebsiteContract
from collector.demo.standin import StandIn


def contract_of(standin: StandIn) -> WebsiteContract:
    return cast(WebsiteContract, standin.contracts["website"])


def test_half_of_a_services_keys_is_said_by_check_and_collect(office_with: Callable[..., Office]) -> None:
    """Silently there would be no visits at the end of the semester; the site itself is looked at all the same."""
    office = office_with("website")
    del office.environment["GA4_SERVICE_ACCOUNT"]

    ended = office.collect(status=1)["website"]
    said = office.run("accounts", "check", "--json", status=1).json["accounts"]

    assert (ended["outcome"], ended["error"]["code"]) == ("partial", "setting.ga4_keys")
    assert [one["value"] for one in office.readings("--metric", "website.http_status")] == [200]
    assert office.rows("SELECT external_id, state FROM accounts") == [("127.0.0.1/site", "active")]
    assert [one["ok"] for one in said] == [False]
    for sentence in (ended["error"]["message"], said[0]["message"]):
        assert "GA4_SERVICE_ACCOUNT" in sentence


def test_a_service_that_wants_to_be_left_alone_does_not_cost_the_look(
    office_with: Callable[..., Office], standin: StandIn
) -> None:
    """Its pause closes the way to the whole account for an hour: the site has to be looked at before."""
    office = office_with("website")
    contract_of(standin).ga4.exhausted = "hour"

    ended = office.collect(status=1)["website"]

    assert (ended["outcome"], ended["error"]["code"]) == ("partial", "throttled.hour")
    assert [one["value"] for one in office.readings("--metric", "website.http_status")] == [200]


def test_typed_and_counted_visitors_stand_side_by_side(office_with: Callable[..., Office], standin: StandIn) -> None:
    """One word for people, three histories: Google's, Matomo's, and what an older report said."""
    office = office_with("website")
    office.run("record", "--platform", "website", "--account", "127.0.0.1/site", "--metric", "users", "--value", "788",
               "--at", "2026-11-20", "--days", "7")  # fmt: skip
    office.collect()
    keys = contract_of(standin).matomo_keys
    office.environment |= {name: value for name, value in keys.items() if name.startswith("MATOMO")}
    del office.environment["GA4_PROPERTY_ID"], office.environment["GA4_SERVICE_ACCOUNT"]
    office.clock.sleep(60)
    office.collect()

    users = office.readings("--platform", "website", "--metric", "users")

    series = {(one["measure"], one["origin"]) for one in users if one["dimension"] is None}
    assert {("users:account:7d", "typed"), ("users@ga4:account:day", "api"), ("users@matomo:account:day", "api")} <= (
        series
    )
    typed = next(one for one in users if one["origin"] == "typed")
    assert "dicatat" in office.run("trace", typed["id"]).out
    assert office.rows("SELECT count(*) FROM accounts") == [(1,)]


def test_a_closed_period_is_asked_for_until_it_is_final(office_with: Callable[..., Office], standin: StandIn) -> None:
    """Google still moves the last days of a month (website.md A5); after that every question is a waste of quota."""
    office = office_with("website")

    def months_asked() -> int:
        standin.asked.clear()
        office.collect()
        questions = [asked.json() for asked in standin.asked if asked.host == "GA4_DATA_URL"]
        return sum(one["dateRanges"] == [{"startDate": "2026-12-01", "endDate": "2026-12-31"}] for one in questions)

    office.clock.move_to(datetime(2027, 1, 2, 3, 0, tzinfo=UTC))
    assert months_asked() == 4
    office.clock.move_to(datetime(2027, 1, 5, 3, 0, tzinfo=UTC))

    assert months_asked() == 4  # whole, and by page, country and city
    office.clock.sleep(86_400)
    assert months_asked() == 0


def test_the_past_is_asked_for_once(office_with: Callable[..., Office], standin: StandIn) -> None:
    """From the site's first count on; the next day only the days that Google still revises are read again."""
    office = office_with("website")
    office.collect()
    standin.asked.clear()
    office.clock.sleep(86_400)

    office.collect()

    days = [asked.json() for asked in standin.asked if asked.host == "GA4_DATA_URL"]
    spans = [one["dateRanges"][0]["startDate"] for one in days if one.get("limit") == "10000"]
    assert spans == ["2026-12-29"]
    first = min(one["at"] for one in office.readings("--metric", "sessions") if one["precision"] == "day")
    assert first.startswith("2024-01")
