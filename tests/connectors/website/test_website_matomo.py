"""What is peculiar to Matomo: objects keyed by day, empty lists, and no distinct visitors of longer spans."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.standin import Answered
from connectors.kit import Action, ClosedPeriod, Coverage, Days, Gap, Reading, Reason, ShapeError
from connectors.website.measures import MATOMO

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
OCTOBER = ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31)))
QUARTER = ClosedPeriod("quarter", Days(date(2026, 7, 1), date(2026, 9, 30)))
SEMESTER = ClosedPeriod("semester", Days(date(2026, 1, 1), date(2026, 6, 30)))
STATUS = "website.http_status:account:now"
SESSIONS, USERS, PAGE_VIEWS = (f"{name}@matomo:account:day" for name in ("sessions", "users", "page_views"))
DAILY = {measure.key for measure in MATOMO.of("day")}
WINDOWS = frozenset(measure.key for measure in MATOMO.measures if measure.span == "28d")


def collect(talk, first=FIRST, last=LAST, **more):
    return talk.collect(talk.assignment(first, last, **{"dead_measures": WINDOWS, **more}))


def doctor(contract, method, change):
    """Let `change` alter each answer of a method of Matomo's."""
    whole = contract.answer

    def answer(asked):
        good = whole(asked)
        return change(good) if asked.host == "MATOMO_URL" and asked.form["method"] == method else good

    contract.answer = answer


def questions(talk, method):
    """List the questions for a method."""
    return [one for one in talk.questions("MATOMO_URL") if one["method"] == method]


def named(collected):
    """Return the gaps by measure, reason and what they are about, but for the windows that were not asked for."""
    return {(one.measure.key, one.reason, one.about) for one in collected.all(Gap) if one.measure.key not in WINDOWS}


def test_matomos_days_are_read_by_their_names(matomo, contract):
    """An object keyed by day: idle days are empty lists, and covered."""
    year = date(2025, 11, 1)

    collected = collect(matomo, first=year)

    counted = dict(contract.visits.days(year, LAST))
    assert collected.error is None
    for key, name in (
        (USERS, "users"), (SESSIONS, "sessions"), (PAGE_VIEWS, "page_views"),
        ("website.bounces@matomo:account:day", "bounces"),
        ("website.visit_seconds@matomo:account:day", "visit_seconds"),
    ):  # fmt: skip
        assert collected.values(key) == {(day, day): getattr(one, name) for day, one in counted.items()}
    covered = [one.days for one in collected.all(Coverage, SESSIONS)]
    assert (covered[0].first, covered[-1].last) == (year, LAST)
    assert sum(one.length for one in covered) == Days(year, LAST).length > len(counted)


def test_the_past_is_asked_for_a_month_at_a_time_from_the_sites_beginning(matomo, contract):
    """A day that was never asked for is worked out first; a server of the office's own must not be held for minutes."""
    collected = collect(matomo, resume=dict.fromkeys(DAILY, date(2016, 11, 20)))

    spans = [one["date"].split(",") for one in questions(matomo, "API.get")]
    days = [Days(date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans]
    assert days[0].first == date(2024, 1, 1)
    assert max(one.length for one in days) == 31
    assert collected.values(SESSIONS).keys() == {(day, day) for day, _ in contract.visits.days(date(2016, 1, 1), LAST)}
    assert [(one.when, one.reason) for one in collected.all(Gap, SESSIONS)] == [
        (Days(date(2016, 11, 20), date(2023, 12, 31)), Reason.EMPTY)
    ]


@pytest.mark.parametrize("as_list", [False, True])
def test_the_sites_own_zone_says_which_day_is_over(matomo, contract, clock, as_list):
    """In the night of Jakarta UTC is a day behind; older servers answer with a list of one."""
    contract.matomo.site_as_list = as_list
    clock.now = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)

    collected = collect(matomo, last=date(2026, 11, 21))

    assert questions(matomo, "API.get")[0]["date"] == "2026-11-01,2026-11-20"
    assert collected.values(SESSIONS)[(LAST, LAST)]


@pytest.mark.parametrize(
    "site", [{}, [], {"timezone": "Nowhere/Land"}, {"timezone": "Asia/Jakarta", "ts_created": "long ago"}, None]
)
def test_a_site_that_tells_nothing_of_itself_is_read_all_the_same(matomo, contract, site):
    """An old server, or a later one with other members, must not cost the figures."""
    if site is None:
        contract.matomo.off = {"SitesManager.getSiteFromId"}
    else:
        doctor(contract, "SitesManager.getSiteFromId", lambda good: Answered(site))

    collected = collect(matomo)

    assert collected.error is None
    assert {one.days for one in collected.all(Coverage, SESSIONS)} == {Days(FIRST, LAST)}


def test_matomo_is_asked_by_post_with_the_key_in_the_form(matomo):
    """A key in an address ends in the logs of others; present keys are refused there."""
    collect(matomo, dead_measures=frozenset(), closed_periods=(OCTOBER, QUARTER))

    for asked in (one for one in matomo.asked if one.host == "MATOMO_URL"):
        assert (asked.method, asked.path, dict(asked.query)) == ("POST", "/index.php", {})
        assert asked.form["token_auth"]
        assert {"format": "JSON", "format_metrics": "0", "language": "en"}.items() <= asked.form.items()
    assert questions(matomo, "API.get")[0]["filter_limit"] == "-1"
    assert "token_auth" not in json.dumps([one.request.shape() for one in matomo.exchanges])


def test_matomos_month_has_distinct_visitors(matomo, contract):
    """A month is asked for by its name, because a range has no distinct visitors."""
    collected = collect(matomo, closed_periods=(OCTOBER,))

    counted = contract.visits.within(OCTOBER.days.first, OCTOBER.days.last)
    days = (OCTOBER.days.first, OCTOBER.days.last)
    assert collected.values("users@matomo:account:month") == {days: counted.users}
    assert collected.values("sessions@matomo:account:month") == {days: counted.sessions}
    assert {one["period"] for one in matomo.questions("MATOMO_URL")[2:]} == {"month"}


@pytest.mark.parametrize("period", [QUARTER, SEMESTER])
def test_matomos_range_has_no_distinct_visitors(matomo, contract, period):
    """Matomo leaves them out; summing the months would count people twice, and a nought would be false."""
    collected = collect(matomo, closed_periods=(period,))

    counted = contract.visits.within(period.days.first, period.days.last)
    assert named(collected) == {(f"users@matomo:account:{period.span}", Reason.NOT_OFFERED, "")}
    assert list(collected.values(f"sessions@matomo:account:{period.span}").values()) == [counted.sessions]
    assert {one.days for one in collected.all(Coverage, f"users@matomo:account:{period.span}")} == {period.days}


def test_a_matomo_that_counts_ranges_is_read(matomo, contract):
    """An administrator can switch distinct visitors of ranges on."""
    contract.matomo.uniques_of_ranges = True

    assert len(collect(matomo, closed_periods=(SEMESTER,)).values("users@matomo:account:semester")) == 1


def test_the_newest_28_days_and_the_28_before_are_ranges(matomo, contract):
    """The reports print both windows, whichever service counts."""
    collected = collect(matomo, dead_measures=frozenset())

    windows = (Days(date(2026, 10, 24), LAST), Days(date(2026, 9, 26), date(2026, 10, 23)))
    assert collected.values("sessions@matomo:account:28d") == {
        (one.first, one.last): contract.visits.within(one.first, one.last).sessions for one in windows
    }
    assert {one.about.partition(":")[0] for one in collected.all(Reading) if one.measure.span == "28d"} == {
        "", "page", "country", "city",
    }  # fmt: skip


def test_a_window_is_read_by_page_country_and_city(matomo, contract):
    """Counts come as texts in some lists, the rest is gathered in a row `Others`, and some addresses name a person."""
    collected = collect(matomo, closed_periods=(OCTOBER,))

    days = (OCTOBER.days.first, OCTOBER.days.last)
    pages = dict(contract.visits.parts("page", *days))
    read = {(one.measure.key, one.about): one.value for one in collected.all(Reading) if one.about}
    assert read == {
        **{("page_views@matomo:audience:month", f"page:{path}"): one.page_views for path, one in pages.items()
           if "?" not in path and "@" not in path and "6171" not in path},
        **{("sessions@matomo:audience:month", f"country:{code}"): one.sessions
           for code, one in contract.visits.parts("country", *days) if code},
        **{("sessions@matomo:audience:month", f"city:{name}, Indonesia"): one.sessions
           for name, one in contract.visits.parts("city", *days) if name},
    }  # fmt: skip
    assert len(pages) > sum(about.startswith("page:") for _, about in read) > 3
    assert "sum_daily" not in json.dumps(matomo.questions("MATOMO_URL"))


def test_a_server_without_maps_has_no_cities_and_says_so(matomo, contract):
    """One row "Unknown" is no city; a list without a city would look like a site without visitors."""
    contract.matomo.no_maps = True

    collected = collect(matomo, closed_periods=(OCTOBER,))

    assert named(collected) == {("sessions@matomo:audience:month", Reason.NOT_OFFERED, "city")}
    assert not [one for one in collected.all(Reading) if one.about.startswith("city")]


@pytest.mark.parametrize(
    ("method", "part"),
    [("Actions.getPageUrls", "page"), ("UserCountry.getCountry", "country"), ("UserCountry.getCity", "city")],
)
def test_a_list_of_a_plugin_that_is_off_costs_itself_alone(matomo, contract, method, part):
    """What is refused is asked for once in a snapshot, and the rest is read."""
    contract.matomo.off = {method}

    collected = collect(matomo, closed_periods=(OCTOBER, QUARTER))

    assert collected.error is None
    assert {about for _, _, about in named(collected)} == {part, ""}
    assert len(questions(matomo, method)) == 1
    assert len(collected.values("sessions@matomo:account:quarter")) == 1


def test_matomos_texts_are_numbers_too(matomo, contract):
    """Some reports write counts as texts."""
    plain = collect(matomo)
    contract.matomo.texts = True

    assert [one.value for one in collect(matomo).all(Reading)] == [one.value for one in plain.all(Reading)]


@pytest.mark.parametrize("column", MATOMO.whole, ids=lambda column: column.name)
def test_each_column_left_out_in_turn_costs_itself_alone(matomo, contract, column):
    """Without the actions plugin there are no page views; the visits are still there."""
    contract.matomo.without = {column.name}

    collected = collect(matomo, closed_periods=(OCTOBER,))

    assert {(key.partition("@")[0], reason) for key, reason, _ in named(collected)} == {
        (column.metric.key, Reason.NOT_OFFERED)
    }
    read = {one.measure.key.partition("@")[0] for one in collected.all(Reading) if one.measure.span == "day"}
    assert read == {one.metric.key for one in MATOMO.whole} - {column.metric.key}


def test_a_list_without_its_figure_is_a_gap_of_the_row(matomo, contract):
    """A row that says what it is about and not how often is missing, not nought."""
    doctor(contract, "UserCountry.getCountry", lambda good: Answered([{"label": "Indonesia", "code": "id"}]))

    collected = collect(matomo, closed_periods=(OCTOBER,))

    assert named(collected) == {("sessions@matomo:audience:month", Reason.NOT_OFFERED, "country:ID")}


def test_a_matomo_period_without_visits_is_empty_and_asked_for_again(matomo, contract):
    """An empty list where the others are objects answers nothing."""
    doctor(contract, "API.get", lambda good: good if any("-" in name for name in good.body) else Answered([]))

    collected = collect(matomo, closed_periods=(OCTOBER,))

    assert {(key, reason) for key, reason, _ in named(collected)} == {
        (measure.key, Reason.EMPTY) for measure in MATOMO.of("month")
    }
    assert not collected.all(Coverage, "sessions@matomo:account:month")


def test_a_period_before_the_site_was_entered_is_not_asked_for(matomo):
    """There is nothing to be had; the question would only be refused."""
    before = ClosedPeriod("month", Days(date(2023, 5, 1), date(2023, 5, 31)))

    collected = collect(matomo, closed_periods=(before,))

    assert {(key, reason) for key, reason, _ in named(collected)} == {
        (measure.key, Reason.EMPTY) for measure in MATOMO.of("month")
    }
    assert len(questions(matomo, "API.get")) == 1


def test_days_that_are_not_worked_out_yet_stay_open(matomo, contract):
    """A late archive answers with an empty list, exactly as an idle day does (website.md B5)."""
    contract.matomo.late = 2

    collected = collect(matomo)

    assert {one.days.last for one in collected.all(Coverage)} == {date(2026, 11, 18)}
    assert named(collected) == set()

    contract.matomo.late = 0

    assert {one.days.last for one in collect(matomo).all(Coverage)} == {LAST}


def test_only_days_that_matomo_names_are_covered(matomo, contract):
    """A day that the answer does not name was not answered; calling it idle would hide a hole."""

    def hole(good):
        for name in ("2026-11-05", "2026-11-06"):
            del good.body[name]
        good.body.update({"2026-12-01": {"nb_visits": 5}, "summary": {"nb_visits": 5}, "2026-13-01": []})
        return good

    doctor(contract, "API.get", hole)

    collected = collect(matomo)

    assert [one.days for one in collected.all(Coverage, SESSIONS)] == [
        Days(FIRST, date(2026, 11, 4)), Days(date(2026, 11, 7), LAST),
    ]  # fmt: skip
    assert [(one.when, one.reason) for one in collected.all(Gap, SESSIONS)] == [
        (Days(date(2026, 11, 5), date(2026, 11, 6)), Reason.EMPTY)
    ]
    assert max(one.when.last for one in collected.all(Reading, SESSIONS)) <= LAST


@pytest.mark.parametrize("as_object", [False, True])
def test_days_without_any_figure_are_a_gap(matomo, contract, as_object):
    """Empty days alone do not tell a quiet site from one whose archive was never made."""
    named_days = {str(FIRST + timedelta(days=passed)): [] for passed in range(20)}
    doctor(contract, "API.get", lambda good: Answered(named_days if as_object else []))

    collected = collect(matomo)

    assert {(one.measure.key, one.reason, one.when) for one in collected.all(Gap) if one.measure.span == "day"} == {
        (key, Reason.EMPTY, Days(FIRST, LAST)) for key in DAILY
    }
    assert not collected.all(Coverage)


@pytest.mark.parametrize("figures", [[1], "12", 12])
def test_figures_of_another_shape_are_a_shape_error(matomo, contract, figures):
    """Anything but an object or an empty list is another contract."""
    doctor(contract, "API.get", lambda good: Answered({**good.body, "2026-11-05": figures}))

    assert isinstance(collect(matomo).error, ShapeError)


def test_a_report_that_is_off_is_a_gap_for_each_measure(matomo, contract):
    """An old Matomo without the report still leaves the look at the site, and is not asked again for every slice."""
    contract.matomo.off = {"API.get"}

    collected = collect(matomo, first=date(2025, 11, 1), closed_periods=(OCTOBER,))

    assert collected.error is None
    assert {(reason, about) for _, reason, about in named(collected)} == {(Reason.NOT_OFFERED, "")}
    assert {key for key, _, _ in named(collected)} == DAILY | {measure.key for measure in MATOMO.of("month")}
    assert len(questions(matomo, "API.get")) == 2
    assert collected.all(Reading, STATUS)


def test_days_before_the_web_are_too_late(matomo, contract):
    """Matomo refuses them in words of its own, where it does not say since when it counts."""
    contract.matomo.off = {"SitesManager.getSiteFromId"}

    collected = collect(matomo, first=date(1990, 1, 1), last=date(1990, 1, 2))

    assert {reason for _, reason, _ in named(collected)} == {Reason.TOO_LATE}


def test_a_fault_in_a_list_ends_the_snapshot_as_anywhere_else(matomo, contract):
    """Most of Matomo's faults come with status 200: a list of them must not be read as an empty one."""
    gone = {"result": "error", "message": "MySQL server has gone away"}
    doctor(contract, "UserCountry.getCity", lambda good: Answered(gone))

    collected = collect(matomo, closed_periods=(OCTOBER,))

    assert collected.error.action is Action.RETRY
    assert not [one for one in collected.all(Coverage) if one.measure.span == "month"]
