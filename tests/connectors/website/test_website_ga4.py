"""What is peculiar to Google Analytics: rows that are left out, days of the property's own zone, refused names."""

from datetime import UTC, date, datetime

import pytest

from collector.demo.standin import Answered
from connectors.kit import (
    ClosedPeriod,
    Coverage,
    Days,
    Gap,
    Reading,
    Reason,
    ShapeError,
)
from connectors.website import CONNECTOR

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
OCTOBER = ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31)))
QUARTER = ClosedPeriod("quarter", Days(date(2026, 7, 1), date(2026, 9, 30)))
SEMESTER = ClosedPeriod("semester", Days(date(2026, 1, 1), date(2026, 6, 30)))
STATUS = "website.http_status:account:now"
DAILY = {"users:account:day", "sessions:account:day", "page_views:account:day"}


def collect(talk, first=FIRST, last=LAST, **more):
    return talk.collect(talk.assignment(first, last, **more))


def doctor(contract, change):
    """Let `change` alter each answer of the contract."""
    whole = contract.answer
    contract.answer = lambda asked: change(asked, whole(asked))


def test_each_day_is_read_as_the_property_counts_it(ga4, contract):
    """The report's daily figures are the rows, on the property's own days."""
    collected = collect(ga4)

    counted = dict(contract.visits.days(FIRST, LAST))
    assert collected.error is None
    assert collected.values("users:account:day") == {(day, day): one.users for day, one in counted.items()}
    assert collected.values("sessions:account:day") == {(day, day): one.sessions for day, one in counted.items()}
    assert collected.values("page_views:account:day") == {(day, day): one.page_views for day, one in counted.items()}


def test_the_days_answered_are_covered_even_where_idle(ga4, contract):
    """Google leaves idle days out; only the coverage tells an idle day from a day never asked for."""
    year = date(2025, 11, 1)

    collected = collect(ga4, first=year)

    rows = collected.all(Reading, "sessions:account:day")
    assert {one.measure.key: one.days for one in collected.all(Coverage)} == dict.fromkeys(DAILY, Days(year, LAST))
    assert 0 < len(rows) < Days(year, LAST).length
    assert all(one.value > 0 for one in rows)


def test_today_is_not_asked_for(ga4):
    """Half a day would be stored as a day."""
    collect(ga4, last=date(2026, 11, 21))

    assert ga4.questions("GA4_DATA_URL")[0]["dateRanges"] == [{"startDate": "2026-11-01", "endDate": "2026-11-20"}]


def test_a_day_unfinished_in_the_propertys_zone_is_neither_read_nor_covered(ga4, contract):
    """A property left on American time is still in its yesterday when UTC has gone on."""
    contract.visits.zone = "America/Los_Angeles"

    collected = collect(ga4)

    assert {one.days.last for one in collected.all(Coverage)} == {date(2026, 11, 19)}
    assert max(one.when.last for one in collected.all(Reading, "sessions:account:day")) <= date(2026, 11, 19)


def test_a_window_of_one_unfinished_day_gives_nothing(ga4, contract):
    """There is no span from the 20th to the 19th to be covered."""
    contract.visits.zone = "America/Los_Angeles"

    collected = collect(ga4, first=LAST)

    assert [one.measure.key for one in collected.observations] == [STATUS]


@pytest.mark.parametrize("zone", ["Nowhere/Land", "Asia", "x" * 300, "", "../etc", None])
def test_an_unknown_zone_counts_as_utc(ga4, contract, zone):
    """A zone that this computer does not know, or none at all, must not cost the figures."""
    if zone is None:
        contract.ga4.without = {"metadata"}
    else:
        doctor(contract, lambda asked, good: _with_zone(good, zone) if asked.host == "GA4_DATA_URL" else good)

    collected = collect(ga4)

    assert collected.error is None
    assert {one.days for one in collected.all(Coverage)} == {Days(FIRST, LAST)}


def _with_zone(good, zone):
    return Answered({**good.body, "metadata": {"timeZone": zone}})


def test_answered_days_are_not_asked_again(ga4):
    """The assignment says from where each measure goes on; the earliest of them is asked."""
    resume = {key: date(2026, 11, 14) for key in DAILY} | {"sessions:account:day": date(2026, 11, 10)}

    collect(ga4, resume=resume)

    assert ga4.questions("GA4_DATA_URL")[0]["dateRanges"][0]["startDate"] == "2026-11-10"


def test_nothing_is_asked_where_all_days_are_answered(ga4):
    """A question for no days would be refused."""
    collect(ga4, resume=dict.fromkeys(DAILY, date(2026, 11, 21)))

    assert ga4.questions("GA4_DATA_URL") == []


def test_closed_periods_are_asked_for_as_one_window(ga4, contract):
    """People who come twice are one user of the month: summing the days would count them twice."""
    collected = collect(ga4, closed_periods=(OCTOBER, QUARTER, SEMESTER))

    for period in (OCTOBER, QUARTER, SEMESTER):
        counted = contract.visits.within(period.days.first, period.days.last)
        days = (period.days.first, period.days.last)
        assert collected.values(f"users:account:{period.span}") == {days: counted.users}
        assert collected.values(f"sessions:account:{period.span}") == {days: counted.sessions}
        assert collected.values(f"page_views:account:{period.span}") == {days: counted.page_views}
        sums = sum(one.users for _, one in contract.visits.days(*days))
        assert counted.users < sums
    assert all("dimensions" not in body for body in ga4.questions("GA4_DATA_URL")[1:])


def test_a_period_without_rows_is_empty_and_not_nought(ga4):
    """Before the first count there is nothing to say; a zero would make every growth infinite."""
    before = ClosedPeriod("month", Days(date(2023, 5, 1), date(2023, 5, 31)))

    collected = collect(ga4, closed_periods=(before,))

    assert {(one.measure.key, one.reason, one.when) for one in collected.all(Gap)} == {
        (f"{name}:account:month", Reason.EMPTY, before.days) for name in ("users", "sessions", "page_views")
    }
    assert all(one.place is not None for one in collected.all(Gap))


def test_a_period_unfinished_in_the_propertys_zone_is_too_early(ga4, contract, clock):
    """On the first of the month in UTC, an American property still counts the last day."""
    clock.now = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
    contract.visits.zone = "America/Los_Angeles"

    collected = collect(ga4, first=date(2026, 10, 1), closed_periods=(OCTOBER,))

    assert {one.reason for one in collected.all(Gap)} == {Reason.TOO_EARLY}
    assert collected.all(Reading, "users:account:month") == []


def test_rows_are_asked_for_until_all_are_there(ga4, contract):
    """A server may give fewer rows than asked for; the rest of the days would be taken for idle."""
    contract.ga4.page_size = 7

    collected = collect(ga4)

    counted = dict(contract.visits.days(FIRST, LAST))
    assert len(collected.all(Reading, "sessions:account:day")) == len(counted)
    assert [body["offset"] for body in ga4.questions("GA4_DATA_URL")] == [
        str(start) for start in range(0, len(counted), 7)
    ]


def test_a_missing_row_count_ends_the_pages(ga4, contract):
    """The count is left out of empty answers and may be left out of others."""
    contract.ga4.without = {"rowCount"}

    collected = collect(ga4)

    assert collected.error is None
    assert len(collected.all(Coverage)) == 3


@pytest.mark.parametrize("rows", ["the same", "none"])
def test_pages_that_never_end_are_a_shape_error(ga4, contract, rows):
    """A server that gives one page again and again, or empty ones, must not be asked for ever."""
    first = []

    def promise(asked, good):
        if asked.host != "GA4_DATA_URL":
            return good
        first.append(good.body["rows"] if not first else [])
        return Answered({**good.body, "rowCount": 10**9, "rows": first[0] if rows == "the same" else []})

    doctor(contract, promise)

    collected = collect(ga4)

    assert isinstance(collected.error, ShapeError)
    assert len(ga4.questions("GA4_DATA_URL")) <= 2
    assert not collected.all(Coverage)


def test_columns_are_found_by_their_headers(ga4, contract):
    """No order of columns is promised; a swapped pair would make users of sessions."""

    def swap(asked, good):
        if asked.host != "GA4_DATA_URL":
            return good
        rows = [{**row, "metricValues": row["metricValues"][::-1]} for row in good.body["rows"]]
        return Answered({**good.body, "metricHeaders": good.body["metricHeaders"][::-1], "rows": rows})

    counted = dict(contract.visits.days(FIRST, LAST))
    doctor(contract, swap)

    collected = collect(ga4)

    assert collected.values("users:account:day") == {(day, day): one.users for day, one in counted.items()}


@pytest.mark.parametrize("headers", [None, [], [{"name": "activeUsers"}, {"name": "sessions"}]])
def test_a_column_that_is_not_there_is_a_shape_error(ga4, contract, headers):
    """Reading the wrong column would be worse than reading none."""
    doctor(
        contract,
        lambda asked, good: Answered({**good.body, "metricHeaders": headers}) if asked.host == "GA4_DATA_URL" else good,
    )

    collected = collect(ga4)

    assert isinstance(collected.error, ShapeError)
    assert "metricHeaders" in collected.error.message


def test_an_unnamed_column_is_passed_over(ga4, contract):
    """Only the names of the columns that were asked for matter."""

    def add(asked, good):
        if asked.host != "GA4_DATA_URL":
            return good
        rows = [{**row, "metricValues": [{"value": "9"}, *row["metricValues"]]} for row in good.body["rows"]]
        return Answered({**good.body, "metricHeaders": [{}, *good.body["metricHeaders"]], "rows": rows})

    counted = dict(contract.visits.days(FIRST, LAST))
    doctor(contract, add)

    assert collect(ga4).values("users:account:day") == {(day, day): one.users for day, one in counted.items()}


def test_a_missing_value_is_a_gap_of_its_day(ga4, contract):
    """One value that is left out must cost neither the row nor become a nought."""

    def blank(asked, good):
        if asked.host == "GA4_DATA_URL":
            good.body["rows"][0]["metricValues"][0] = {}
        return good

    doctor(contract, blank)

    collected = collect(ga4)

    gap = collected.all(Gap)[0]
    assert (gap.measure.key, gap.reason) == ("users:account:day", Reason.NOT_OFFERED)
    assert collected.values("sessions:account:day").keys() - collected.values("users:account:day").keys() == {
        (gap.when.first, gap.when.last)
    }


@pytest.mark.parametrize("day", ["2026-11-16", "(other)", "20261301", 20261116])
def test_a_row_that_is_no_day_is_a_shape_error(ga4, contract, day):
    """A figure on a guessed day would be a false figure."""

    def spoil(asked, good):
        if asked.host == "GA4_DATA_URL":
            good.body["rows"][0]["dimensionValues"][0]["value"] = day
        return good

    doctor(contract, spoil)

    collected = collect(ga4)

    assert isinstance(collected.error, ShapeError)
    assert "dimensionValues/0/value" in collected.error.message


def test_a_retired_metric_does_not_cost_the_others(ga4, contract):
    """One bad name fails the whole call; asked one by one, the others come, and the bad one is asked for only once."""
    contract.ga4.retired = {"activeUsers"}

    collected = collect(ga4, closed_periods=(OCTOBER,))

    assert collected.error is None
    assert {(one.measure.key, one.reason, one.place.pointer) for one in collected.all(Gap)} == {
        ("users:account:day", Reason.RETIRED, "body:/error/message"),
        ("users:account:month", Reason.RETIRED, "body:/error/message"),
    }
    assert len(collected.values("sessions:account:month")) == 1
    assert [[one["name"] for one in body["metrics"]] for body in ga4.questions("GA4_DATA_URL")] == [
        ["activeUsers", "sessions", "screenPageViews"],
        ["activeUsers"],
        ["sessions"],
        ["screenPageViews"],
        ["sessions", "screenPageViews"],
    ]


def test_revised_days_are_read_again(ga4, contract):
    """Google goes on counting for two or three days; a second look must show it."""
    before = collect(ga4).values("sessions:account:day")
    contract.visits.revision = 3

    after = collect(ga4).values("sessions:account:day")

    changed = {days for days in after if after[days] != before.get(days)}
    assert changed == {(date(2026, 11, 19),) * 2, (date(2026, 11, 20),) * 2}
    assert CONNECTOR.reread_days >= 3
