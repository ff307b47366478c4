"""What is peculiar to Google Analytics: rows left out, days of the property's own zone, flags, refused names."""

import copy
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from collector.demo.standin import Answered
from connectors.kit import ClosedPeriod, Coverage, Days, Gap, Reading, Reason, ShapeError
from connectors.website import CONNECTOR
from connectors.website.measures import GA4

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
IDLE = date(2026, 11, 12)
OCTOBER = ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31)))
QUARTER = ClosedPeriod("quarter", Days(date(2026, 7, 1), date(2026, 9, 30)))
SEMESTER = ClosedPeriod("semester", Days(date(2026, 1, 1), date(2026, 6, 30)))
SESSIONS, PAGE_VIEWS, USERS = (f"{name}@ga4:account:day" for name in ("sessions", "page_views", "users"))
DAILY = {measure.key for measure in GA4.of("day")}
WINDOWS = frozenset(measure.key for measure in GA4.measures if measure.span == "28d")
WHOLE = {measure.metric.key for measure in GA4.of("day")}


def collect(talk, first=FIRST, last=LAST, **more):
    return talk.collect(talk.assignment(first, last, **{"dead_measures": WINDOWS, **more}))


def doctor(contract, change):
    """Let `change` alter each answer of Google's."""
    whole = contract.answer
    contract.answer = lambda asked: change(asked, whole(asked)) if asked.host == "GA4_DATA_URL" else whole(asked)


def questions(talk, dimension, *, limit=None):
    """List the questions with a dimension, "" for those without any. The introduction asks for one row alone."""
    wanted = [{"name": dimension}] if dimension else None
    found = [one for one in talk.questions("GA4_DATA_URL") if one.get("dimensions") == wanted]
    return [one for one in found if (one.get("limit") == "1") == (limit == 1)]


def named(collected):
    """Return the gaps by measure, reason and what they are about, but for the windows that were not asked for."""
    return {(one.measure.key, one.reason, one.about) for one in collected.all(Gap) if one.measure.key not in WINDOWS}


def values_of(counted, name):
    return {(day, day): getattr(one, name) for day, one in counted.items()}


def test_each_day_is_read_as_the_property_counts_it(ga4, contract):
    """The report's daily figures are the rows, on the property's own days; the rates' parts are there too."""
    collected = collect(ga4)

    counted = dict(contract.visits.days(FIRST, LAST))
    assert collected.error is None
    for key, name in (
        (USERS, "users"), (SESSIONS, "sessions"), (PAGE_VIEWS, "page_views"),
        ("website.new_users@ga4:account:day", "new_users"),
        ("website.engaged_sessions@ga4:account:day", "engaged_sessions"),
        ("website.engaged_seconds@ga4:account:day", "engaged_seconds"),
    ):  # fmt: skip
        assert collected.values(key) == values_of(counted, name)


def test_idle_days_are_covered_where_the_rows_add_up(ga4):
    """Google leaves idle days out; only the coverage tells an idle day from a day never asked for."""
    collected = collect(ga4)

    assert {one.measure.key: one.days for one in collected.all(Coverage)} == dict.fromkeys(DAILY, Days(FIRST, LAST))
    assert (IDLE, IDLE) not in collected.values(SESSIONS)
    assert [one["dateRanges"] for one in questions(ga4, "")] == [[{"startDate": "2026-11-01", "endDate": "2026-11-20"}]]


def test_days_that_do_not_add_up_are_missing_and_not_idle(ga4, contract):
    """A row that is withheld looks like an idle day; the window's own total gives it away."""
    contract.ga4.withheld = {date(2026, 11, 5)}

    collected = collect(ga4)

    holes = [(one.when, one.reason) for one in collected.all(Gap, SESSIONS)]
    assert holes == [(Days(day, day), Reason.EMPTY) for day in (date(2026, 11, 5), IDLE)]
    assert [one.days for one in collected.all(Coverage, SESSIONS)] == [
        Days(FIRST, date(2026, 11, 4)), Days(date(2026, 11, 6), date(2026, 11, 11)), Days(date(2026, 11, 13), LAST),
    ]  # fmt: skip
    assert "total" in collected.all(Gap, SESSIONS)[0].note


def test_days_without_a_hole_need_no_total(ga4):
    """Every question costs the property's quota; there is nothing to be told apart here."""
    collect(ga4, first=date(2026, 11, 13))

    assert questions(ga4, "") == []


@pytest.mark.parametrize(
    ("column", "change", "is_idle"), [(1, 1, False), (1, -1, True), (2, -1, False), (2, 1, False), (0, 50, True)]
)
def test_only_sessions_may_add_up_to_more(ga4, contract, column, change, is_idle):
    """A session over midnight counts on both days (website.md A5); people are not additive; page views are exactly."""

    def shift(asked, good):
        if "dimensions" not in asked.json():
            value = good.body["rows"][0]["metricValues"][column]
            value["value"] = str(int(value["value"]) + change)
        return good

    doctor(contract, shift)

    covered = collect(ga4).all(Coverage, PAGE_VIEWS)

    assert ([one.days for one in covered] == [Days(FIRST, LAST)]) is is_idle


def test_idle_days_at_the_end_stay_open_until_there_is_a_later_figure(ga4, contract, clock):
    """Nobody can tell a quiet day from one that Google has not finished, or from a tag that was taken off."""
    clock.now = datetime(2026, 11, 13, 3, 15, tzinfo=UTC)

    collected = collect(ga4, last=IDLE)

    assert {one.days.last for one in collected.all(Coverage)} == {date(2026, 11, 11)}
    assert named(collected) == set()

    clock.now = datetime(2026, 11, 14, 3, 15, tzinfo=UTC)

    assert {one.days.last for one in collect(ga4, last=date(2026, 11, 13)).all(Coverage)} == {date(2026, 11, 13)}


def test_a_property_that_no_longer_counts_is_named(ga4, contract):
    """A tag that was lost in a redesign of the site must not be stored as weeks without a visitor."""
    contract.ga4.withheld = {date(2026, 11, 6) + timedelta(days=passed) for passed in range(20)}

    collected = collect(ga4)

    assert {one.days for one in collected.all(Coverage)} == {Days(FIRST, date(2026, 11, 5))}
    assert {(one.measure.key, one.reason, one.when) for one in collected.all(Gap) if one.measure.key in DAILY} == {
        (key, Reason.EMPTY, Days(date(2026, 11, 6), LAST)) for key in DAILY
    }


def test_the_past_is_asked_for_in_slices_from_the_first_count_on(ga4, contract):
    """As far back as the property counts, coverage slice by slice: an interrupted backfill goes on where it stopped."""
    collected = collect(ga4, resume=dict.fromkeys(DAILY, date(2016, 11, 20)))

    (introduction,) = questions(ga4, "date", limit=1)
    assert introduction["dateRanges"] == [{"startDate": "2016-11-20", "endDate": "2026-11-21"}]
    asked = [one["dateRanges"][0] for one in questions(ga4, "date")]
    counted = dict(contract.visits.days(date(2016, 1, 1), LAST))
    begin = min(counted)
    assert asked[0]["startDate"] == str(begin)
    assert len(asked) == 3
    covered = [one.days for one in collected.all(Coverage, SESSIONS)]
    assert (covered[0].first, covered[-1].last) == (begin, LAST)
    assert all(after.first == before.last + timedelta(days=1) for before, after in pairwise(covered))
    assert collected.values(SESSIONS) == values_of(counted, "sessions")
    assert [(one.when, one.reason) for one in collected.all(Gap, SESSIONS)] == [
        (Days(date(2016, 11, 20), begin - timedelta(days=1)), Reason.EMPTY)
    ]


def test_every_daily_measure_says_how_far_back_it_is_asked():
    """The assignment begins there; a measure without it would begin with the report's own window."""
    assert {measure.reach_back for measure in GA4.of("day")} == {3653}
    assert {measure.reach_back for measure in GA4.measures if measure.span != "day"} == {None}


def test_idle_days_at_the_end_of_a_slice_are_asked_for_with_what_follows(ga4, contract, monkeypatch):
    """Else the days between the last figure of one slice and the first of the next were never answered."""
    monkeypatch.setattr("connectors.website.ga4.Ga4.slice_days", 12)

    collected = collect(ga4)

    assert [one["dateRanges"][0]["startDate"] for one in questions(ga4, "date")] == ["2026-11-01", "2026-11-12"]
    assert [one.days for one in collected.all(Coverage, SESSIONS)] == [
        Days(FIRST, date(2026, 11, 11)), Days(IDLE, LAST),
    ]  # fmt: skip


def test_a_slice_without_any_row_is_missing_and_passed_over(ga4, contract, monkeypatch):
    """A tag that was off for some time leaves a hole, not visits of nought, and does not stop what came after."""
    monkeypatch.setattr("connectors.website.ga4.Ga4.slice_days", 5)
    contract.ga4.withheld = {date(2026, 11, 6) + timedelta(days=passed) for passed in range(5)}

    collected = collect(ga4)

    assert Days(date(2026, 11, 6), date(2026, 11, 10)) in [one.when for one in collected.all(Gap, SESSIONS)]
    assert collected.all(Coverage, SESSIONS)[0].days == Days(FIRST, date(2026, 11, 5))
    assert collected.all(Coverage, SESSIONS)[-1].days.last == LAST


def test_a_property_without_any_count_is_asked_nothing_more(ga4, contract, clock):
    """A new property: everything is missing, nothing is nought, and the quota is not spent on ten empty years."""
    clock.now = datetime(2023, 11, 21, 3, 15, tzinfo=UTC)

    collected = collect(ga4, first=date(2023, 11, 1), last=date(2023, 11, 20), dead_measures=frozenset())

    assert {one.reason for one in collected.all(Gap)} == {Reason.EMPTY}
    assert {one.measure.key for one in collected.all(Gap)} >= DAILY
    assert len(ga4.questions("GA4_DATA_URL")) == 1


@pytest.mark.parametrize("retired", ["sessions", "date"])
def test_an_introduction_that_is_refused_costs_nothing(ga4, contract, retired):
    """A name that is no longer known must cost its own figures alone."""
    contract.ga4.retired = {retired}

    collected = collect(ga4, closed_periods=(OCTOBER,))

    assert collected.error is None
    assert len(collected.values("page_views@ga4:account:month")) == 1
    assert {"sessions": bool(collected.values(PAGE_VIEWS)), "date": not collected.values(PAGE_VIEWS)}[retired]


def test_today_is_not_asked_for(ga4):
    """Half a day would be stored as a day."""
    collect(ga4, last=date(2026, 11, 21))

    assert questions(ga4, "date")[0]["dateRanges"] == [{"startDate": "2026-11-01", "endDate": "2026-11-20"}]


def test_the_propertys_own_yesterday_is_asked_for(ga4, clock):
    """In the night of Jakarta, UTC is a day behind: the day that is over there is asked for."""
    clock.now = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)

    collected = collect(ga4, last=date(2026, 11, 21))

    assert max(one.when.last for one in collected.all(Reading, SESSIONS)) == LAST


def test_a_day_unfinished_in_the_propertys_zone_is_neither_read_nor_covered(ga4, contract):
    """A property left on American time is still in its yesterday when UTC has gone on."""
    contract.visits.zone = "America/Los_Angeles"

    collected = collect(ga4)

    assert {one.days.last for one in collected.all(Coverage)} == {date(2026, 11, 19)}
    assert max(one.when.last for one in collected.all(Reading, SESSIONS)) == date(2026, 11, 19)


@pytest.mark.parametrize("zone", ["Nowhere/Land", "Asia", "x" * 300, "", "../etc", None])
def test_an_unknown_zone_counts_as_utc(ga4, contract, zone):
    """A zone that this computer does not know, or none at all, must not cost the figures."""
    if zone is None:
        contract.ga4.without = {"metadata"}
    else:
        doctor(contract, lambda asked, good: Answered({**good.body, "metadata": {"timeZone": zone}}))

    collected = collect(ga4)

    assert collected.error is None
    assert {one.days for one in collected.all(Coverage)} == {Days(FIRST, LAST)}


def test_answered_days_are_not_asked_again(ga4):
    """The assignment says from where each measure goes on; the earliest of them is asked."""
    resume = dict.fromkeys(DAILY, date(2026, 11, 14)) | {SESSIONS: date(2026, 11, 10)}

    collect(ga4, resume=resume)

    assert questions(ga4, "date")[0]["dateRanges"][0]["startDate"] == "2026-11-10"


def test_a_refused_measure_does_not_make_the_others_begin_anew(ga4):
    """What is refused is never answered: it would be asked for from ten years ago, day after day."""
    dead = "website.new_users@ga4:account:day"
    resume = {key: date(2016, 11, 20) if key == dead else date(2026, 11, 14) for key in DAILY}

    collect(ga4, resume=resume, dead_measures=frozenset({dead}) | WINDOWS)

    assert questions(ga4, "date")[0]["dateRanges"][0]["startDate"] == "2026-11-14"


def test_no_day_is_asked_for_where_all_are_answered(ga4):
    """A question for no days would be refused."""
    collect(ga4, resume=dict.fromkeys(DAILY, date(2026, 11, 21)))

    assert questions(ga4, "date") == []


def test_the_newest_28_days_and_the_28_before_are_read_as_windows(ga4, contract):
    """The reports print both; distinct people of a window are no sum of its days."""
    collected = collect(ga4, dead_measures=frozenset())

    windows = (Days(date(2026, 10, 24), LAST), Days(date(2026, 9, 26), date(2026, 10, 23)))
    for name in ("users", "sessions", "page_views"):
        assert collected.values(f"{name}@ga4:account:28d") == {
            (one.first, one.last): getattr(contract.visits.within(one.first, one.last), name) for one in windows
        }
    assert {one.days for one in collected.all(Coverage, "users@ga4:account:28d")} == set(windows)


def test_closed_periods_are_asked_for_as_one_window(ga4, contract):
    """People who come twice are one user of the month: summing the days would count them twice."""
    collected = collect(ga4, closed_periods=(OCTOBER, QUARTER, SEMESTER))

    for period in (OCTOBER, QUARTER, SEMESTER):
        counted = contract.visits.within(period.days.first, period.days.last)
        days = (period.days.first, period.days.last)
        for name in ("users", "sessions", "page_views"):
            assert collected.values(f"{name}@ga4:account:{period.span}") == {days: getattr(counted, name)}
        assert counted.users < sum(one.users for _, one in contract.visits.days(*days))
        measures = [*GA4.of(period.span), *(one for part in GA4.parts for one in GA4.of(period.span, part))]
        for measure in measures:  # answered, so that a final period is not asked for again
            assert {one.days for one in collected.all(Coverage, measure.key)} == {period.days}


@pytest.mark.parametrize("dimension", ["pagePath", "countryId", "city"])
def test_a_period_counts_as_answered_only_when_all_of_it_was(ga4, contract, dimension):
    """A quota that ends in the middle must leave the whole period to be asked for again."""

    def exhaust(asked, good):
        if asked.json().get("dimensions") == [{"name": dimension}]:
            return Answered({"error": {"code": 429, "message": "Exhausted property tokens per hour."}}, 429)
        return good

    doctor(contract, exhaust)

    collected = collect(ga4, closed_periods=(OCTOBER,))

    assert collected.error.code == "throttled.hour"
    assert collected.values("users@ga4:account:month")
    assert {one.measure.span for one in collected.all(Coverage)} == {"day"}


def test_a_window_is_read_by_page_country_and_city(ga4, contract):
    """The report names the pages people read and where they are from, each with a name of its own."""
    collected = collect(ga4, closed_periods=(OCTOBER,))

    days = (OCTOBER.days.first, OCTOBER.days.last)
    read = {(one.measure.key, one.about): one.value for one in collected.all(Reading) if one.about}
    expected = {
        ("page_views@ga4:audience:month", f"page:{label.partition('?')[0]}"): one.page_views
        for label, one in contract.visits.parts("page", *days)
        if "@" not in label and "6171010101010001" not in label
    }
    for part in ("country", "city"):
        for label, one in contract.visits.parts(part, *days):
            if label:
                expected[("users@ga4:audience:month", f"{part}:{label}")] = one.users
                expected[("sessions@ga4:audience:month", f"{part}:{label}")] = one.sessions
    assert read == expected
    assert ("sessions@ga4:audience:month", "country:ID") in read


def test_only_twenty_rows_of_a_list_are_kept(ga4, contract):
    """Nobody reads more, and each day adds a window's rows; what is left out makes room for the next."""

    def many(asked, good):
        if asked.json().get("dimensions") == [{"name": "city"}]:
            row = good.body["rows"][0]
            good.body["rows"] = [
                {**row, "dimensionValues": [{"value": f"Kota {number}" if number else "(not set)"}]}
                for number in range(50)
            ]
        return good

    doctor(contract, many)

    collected = collect(ga4, closed_periods=(OCTOBER,))

    cities = [one.about for one in collected.all(Reading, "users@ga4:audience:month") if one.about.startswith("city")]
    assert cities == [f"city:Kota {number}" for number in range(1, 21)]
    assert {one["limit"] for one in questions(ga4, "city")} == {"50"}


def test_withheld_groups_are_named_beside_what_is_there(ga4, contract):
    """Small groups are people; that some were left out is a footnote of the list and not an error."""
    contract.ga4.thresholded = True

    collected = collect(ga4, closed_periods=(OCTOBER,))

    floor = Reason.BELOW_FLOOR
    assert named(collected) == {
        ("page_views@ga4:audience:month", floor, "page"), ("users@ga4:audience:month", floor, "country"),
        ("sessions@ga4:audience:month", floor, "country"), ("users@ga4:audience:month", floor, "city"),
        ("sessions@ga4:audience:month", floor, "city"),
    }  # fmt: skip
    assert collected.all(Reading, "users@ga4:audience:month")
    assert {one.days for one in collected.all(Coverage) if one.measure.span == "day"} == {Days(FIRST, LAST)}


def test_a_window_whose_total_is_withheld_is_below_the_floor(ga4, contract):
    """Too few people to be told is another fact than nobody."""
    contract.ga4.thresholded = True
    doctor(contract, lambda asked, good: good if "dimensions" in asked.json() else _without_rows(good))

    collected = collect(ga4, first=date(2026, 11, 13), closed_periods=(OCTOBER,))

    assert {one.reason for one in collected.all(Gap) if one.measure.key == "users@ga4:account:month"} == {
        Reason.BELOW_FLOOR
    }
    assert not collected.all(Coverage, "users@ga4:account:month")


def _without_rows(good):
    return Answered({name: value for name, value in good.body.items() if name not in ("rows", "rowCount")})


def test_the_row_of_the_rest_is_no_page(ga4, contract):
    """(other) gathers what is too much for Google's table; as a page it would be the first of all."""
    contract.ga4.other = True

    collected = collect(ga4, closed_periods=(OCTOBER,))

    assert not [one for one in collected.all(Reading) if "(other)" in one.about]
    (gap,) = [one for one in collected.all(Gap) if one.measure.key not in WINDOWS]
    assert (gap.reason, gap.about, "(other)" in gap.note) == (Reason.NOT_OFFERED, "page", True)


@pytest.mark.parametrize(("switch", "note"), [("sampled", "6888000 of 8400000"), ("truncated", "DATE_RANGE")])
def test_an_extrapolation_is_not_taken_for_a_count(ga4, contract, switch, note):
    """A sampled or truncated figure says something else than the same figure counted."""
    setattr(contract.ga4, switch, True)

    collected = collect(ga4, closed_periods=(OCTOBER,))

    gaps = [one for one in collected.all(Gap) if one.measure.key not in WINDOWS]
    assert collected.error is None
    assert {one.measure.key for one in collected.all(Reading)} == {"website.http_status:account:now"}
    assert {(one.reason, note in one.note) for one in gaps} == {(Reason.NOT_OFFERED, True)}
    assert {one.measure.span for one in gaps} == {"day", "month"}
    assert not collected.all(Coverage, SESSIONS)


def test_odd_flags_cost_nothing(ga4, contract):
    """Metadata of another shape is a later version's, and no reason to lose the figures."""
    odd = {"subjectToThresholding": "yes", "samplingMetadatas": {}, "dataTruncationReasons": 3, "novel": []}
    doctor(contract, lambda asked, good: Answered({**good.body, "metadata": {**good.body["metadata"], **odd}}))

    collected = collect(ga4, closed_periods=(OCTOBER,))

    assert (collected.error, named(collected)) == (None, set())


def test_a_period_from_before_the_first_count_is_empty_and_not_asked_for(ga4):
    """Before the first count there is nothing to say; a zero would make every growth infinite."""
    before = ClosedPeriod("month", Days(date(2023, 5, 1), date(2023, 5, 31)))

    collected = collect(ga4, closed_periods=(before,))

    assert {(one.measure.key, one.reason, one.when) for one in collected.all(Gap, "")
            if one.measure.span == "month"} == {
        (f"{name}@ga4:account:month", Reason.EMPTY, before.days) for name in WHOLE
    }  # fmt: skip
    assert all(one.place is not None for one in collected.all(Gap) if one.measure.span == "month")
    assert len(questions(ga4, "")) == 1


def test_a_period_without_a_row_is_empty_and_asked_for_again(ga4, contract):
    """An answer without a figure answers nothing: it is no coverage."""
    doctor(contract, lambda asked, good: good if "date" in str(asked.json().get("dimensions")) else _without_rows(good))

    collected = collect(ga4, first=date(2026, 11, 13), closed_periods=(OCTOBER,))

    assert {one.reason for one in collected.all(Gap) if one.measure.span == "month"} == {Reason.EMPTY}
    assert not collected.all(Coverage, "users@ga4:account:month")


def test_a_period_unfinished_in_the_propertys_zone_is_too_early(ga4, contract, clock):
    """On the first of the month in UTC, an American property still counts the last day."""
    clock.now = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
    contract.visits.zone = "America/Los_Angeles"

    collected = collect(ga4, first=date(2026, 10, 1), closed_periods=(OCTOBER,))

    assert {one.reason for one in collected.all(Gap) if one.measure.span == "month"} == {Reason.TOO_EARLY}
    assert collected.all(Reading, "users@ga4:account:month") == []


def test_rows_are_asked_for_until_all_are_there(ga4, contract):
    """A server may give fewer rows than asked for; the rest of the days would be taken for idle."""
    contract.ga4.page_size = 7

    collected = collect(ga4)

    counted = dict(contract.visits.days(FIRST, LAST))
    assert len(collected.all(Reading, SESSIONS)) == len(counted)
    assert [body["offset"] for body in questions(ga4, "date")] == [str(start) for start in range(0, len(counted), 7)]


def test_a_missing_row_count_ends_the_pages(ga4, contract):
    """The count is left out of empty answers and may be left out of others."""
    contract.ga4.without = {"rowCount"}

    collected = collect(ga4)

    assert collected.error is None
    assert {one.days for one in collected.all(Coverage, SESSIONS)} == {Days(FIRST, LAST)}


@pytest.mark.parametrize("rows", ["the same", "none"])
def test_pages_that_never_end_are_a_shape_error(ga4, contract, rows):
    """A server that gives one page again and again, or empty ones, must not be asked for ever."""
    first = []

    def promise(asked, good):
        if asked.json().get("limit") == "1":
            return good
        first.append(good.body["rows"] if not first else [])
        return Answered({**good.body, "rowCount": 10**9, "rows": first[0] if rows == "the same" else []})

    doctor(contract, promise)

    collected = collect(ga4)

    assert isinstance(collected.error, ShapeError)
    assert len(questions(ga4, "date")) <= 2
    assert not collected.all(Coverage)


def test_columns_are_found_by_their_headers(ga4, contract):
    """No order of columns is promised; a swapped pair would make users of sessions."""

    def swap(asked, good):
        rows = [{**row, "metricValues": row["metricValues"][::-1]} for row in good.body["rows"]]
        return Answered({**good.body, "metricHeaders": good.body["metricHeaders"][::-1], "rows": rows})

    counted = dict(contract.visits.days(FIRST, LAST))
    doctor(contract, swap)

    assert collect(ga4).values(USERS) == values_of(counted, "users")


@pytest.mark.parametrize("headers", [None, [], [{"name": "activeUsers"}, {"name": "sessions"}]])
def test_a_column_that_is_not_there_is_a_shape_error(ga4, contract, headers):
    """Reading the wrong column would be worse than reading none."""
    doctor(contract, lambda asked, good: Answered({**good.body, "metricHeaders": headers}))

    collected = collect(ga4)

    assert isinstance(collected.error, ShapeError)
    assert "metricHeaders" in collected.error.message


def test_an_unnamed_column_is_passed_over(ga4, contract):
    """Only the names of the columns that were asked for matter."""

    def add(asked, good):
        rows = [{**row, "metricValues": [{"value": "9"}, *row["metricValues"]]} for row in good.body["rows"]]
        return Answered({**good.body, "metricHeaders": [{}, *good.body["metricHeaders"]], "rows": rows})

    counted = dict(contract.visits.days(FIRST, LAST))
    doctor(contract, add)

    assert collect(ga4).values(USERS) == values_of(counted, "users")


def test_a_missing_value_is_a_gap_of_its_day(ga4, contract):
    """One value that is left out must cost neither the row nor become a nought."""

    def blank(asked, good):
        if asked.json().get("limit") == "10000":
            good.body["rows"][0]["metricValues"][0] = {}
        return good

    doctor(contract, blank)

    collected = collect(ga4)

    (gap,) = [one for one in collected.all(Gap) if one.measure.key not in WINDOWS]
    assert (gap.measure.key, gap.reason) == (USERS, Reason.NOT_OFFERED)
    assert collected.values(SESSIONS).keys() - collected.values(USERS).keys() == {(gap.when.first, gap.when.last)}


@pytest.mark.parametrize("day", ["2026-11-16", "(other)", "20261301", 20261116])
def test_a_row_that_is_no_day_is_a_shape_error(ga4, contract, day):
    """A figure on a guessed day would be a false figure."""

    def spoil(asked, good):
        if asked.json().get("limit") == "10000":
            good.body["rows"][0]["dimensionValues"][0]["value"] = day
        return good

    doctor(contract, spoil)

    collected = collect(ga4)

    assert isinstance(collected.error, ShapeError)
    assert "dimensionValues/0/value" in collected.error.message


@pytest.mark.parametrize("column", GA4.whole, ids=lambda column: column.name)
def test_each_metric_retired_in_turn_costs_itself_alone(ga4, contract, column):
    """One bad name fails the whole question; asked apart, the others come, and the bad one is asked for only once."""
    whole = collect(ga4, closed_periods=(OCTOBER,))
    contract.ga4.retired = {column.name}
    ga4.asked.clear()

    collected = collect(ga4, closed_periods=(OCTOBER,))

    def values(of):
        return {(one.measure.key, one.when, one.about): one.value for one in of.all(Reading)}

    retired = {key for key in values(whole) if key[0].startswith(f"{column.metric.key}@")}
    assert collected.error is None
    assert values(collected) == {key: value for key, value in values(whole).items() if key not in retired}
    assert {(key, about) for key, reason, about in named(collected)} == {
        (key, about.partition(":")[0]) for key, _, about in retired
    }
    assert {reason for _, reason, _ in named(collected)} == {Reason.RETIRED}
    asked = [[one["name"] for one in body["metrics"]] for body in ga4.questions("GA4_DATA_URL")[1:]]
    assert sum(column.name in names for names in asked) == 2


def test_a_refusal_that_names_nothing_is_asked_for_one_by_one(ga4, contract):
    """Where the words do not tell which name is bad, only asking does."""
    contract.ga4.retired = {"activeUsers"}

    def vague(asked, good):
        if good.status == 400:
            good.body["error"]["message"] = "Field is not a valid metric."
        return good

    doctor(contract, vague)

    collected = collect(ga4)

    assert named(collected) == {(USERS, Reason.RETIRED, "")}
    assert len(collected.values(SESSIONS)) == len(dict(contract.visits.days(FIRST, LAST)))


@pytest.mark.parametrize(("dimension", "part"), [("pagePath", "page"), ("countryId", "country"), ("city", "city")])
def test_each_dimension_retired_in_turn_costs_its_list_alone(ga4, contract, dimension, part):
    """A list that is no longer there must cost neither the others nor the totals, and is asked for once."""
    contract.ga4.retired = {dimension}

    collected = collect(ga4, closed_periods=(OCTOBER, QUARTER))

    assert collected.error is None
    assert {(reason, about) for _, reason, about in named(collected)} == {(Reason.NOT_OFFERED, part)}
    assert {one.about.partition(":")[0] for one in collected.all(Reading)} == {"", "page", "country", "city"} - {part}
    assert len(questions(ga4, dimension)) == 1


def test_revised_days_are_read_again(ga4, contract):
    """Google goes on counting for two or three days; a second look must show it."""
    before = collect(ga4).values(SESSIONS)
    contract.visits.revision = 3

    after = collect(ga4).values(SESSIONS)

    changed = {days for days in after if after[days] != before.get(days)}
    assert changed == {(date(2026, 11, 19),) * 2, (date(2026, 11, 20),) * 2}
    assert CONNECTOR.reread_days >= 3


@pytest.mark.parametrize(
    ("quota", "until"),
    [
        ({}, None),
        ({"tokensPerHour": {"consumed": 9, "remaining": 100}}, None),
        ({"tokensPerHour": {"consumed": 9, "remaining": 99}}, datetime(2026, 11, 21, 4, 15, tzinfo=UTC)),
        ({"tokensPerProjectPerHour": {"consumed": 9}}, datetime(2026, 11, 21, 4, 15, tzinfo=UTC)),
        ({"tokensPerDay": {"remaining": 3}, "tokensPerHour": {}}, datetime(2026, 11, 21, 8, 0, tzinfo=UTC)),
        ({"serverErrorsPerProjectPerHour": {"consumed": 10}}, None),
        ({"tokensPerHour": "odd"}, None),
        ({"tokensPerHour": {"remaining": "odd"}}, None),
        ("odd", None),
    ],
)
def test_the_propertys_quota_is_not_used_up(ga4, contract, quota, until):
    """An exhausted quota shuts out everyone who looks at the property; a reserve stays."""
    doctor(contract, lambda asked, good: Answered({**copy.deepcopy(good.body), "propertyQuota": quota}))

    collect(ga4)

    assert {CONNECTOR.pause_until(one) for one in ga4.exchanges if one.request.api == "ga4"} == {until}


def test_every_question_asks_what_is_left_of_the_quota(ga4, contract):
    """Without being asked for, Google does not tell (website.md A2)."""
    contract.ga4.tokens_left = 0

    collect(ga4, dead_measures=frozenset())

    assert {one["returnPropertyQuota"] for one in ga4.questions("GA4_DATA_URL")} == {True}
    assert None not in {CONNECTOR.pause_until(one) for one in ga4.exchanges if one.request.api == "ga4"}
    assert CONNECTOR.pause_until(ga4.exchanges[0]) is None  # the site's own answer
