"""What is peculiar to Matomo: objects keyed by day, empty lists, and no distinct visitors of longer spans."""

import json
from datetime import date

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

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
OCTOBER = ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31)))
QUARTER = ClosedPeriod("quarter", Days(date(2026, 7, 1), date(2026, 9, 30)))
SEMESTER = ClosedPeriod("semester", Days(date(2026, 1, 1), date(2026, 6, 30)))
STATUS = "website.http_status:account:now"
DAILY = {"users@matomo:account:day", "sessions@matomo:account:day", "page_views@matomo:account:day"}


def collect(talk, first=FIRST, last=LAST, **more):
    return talk.collect(talk.assignment(first, last, **more))


def doctor(contract, change):
    """Let `change` alter each answer of the contract."""
    whole = contract.answer
    contract.answer = lambda asked: change(asked, whole(asked))


def test_matomos_days_are_read_by_their_names(matomo, contract):
    """An object keyed by day: idle days are empty lists, and covered."""
    year = date(2025, 11, 1)

    collected = collect(matomo, first=year)

    counted = dict(contract.visits.days(year, LAST))
    assert collected.error is None
    assert collected.values("users@matomo:account:day") == {(day, day): one.users for day, one in counted.items()}
    assert collected.values("page_views@matomo:account:day") == {
        (day, day): one.page_views for day, one in counted.items()
    }
    assert {one.measure.key: one.days for one in collected.all(Coverage)} == dict.fromkeys(DAILY, Days(year, LAST))
    assert len(counted) < Days(year, LAST).length


def test_matomo_is_asked_by_post_with_the_key_in_the_form(matomo):
    """A key in an address ends in the logs of others; present keys are refused there."""
    collect(matomo)

    asked = next(one for one in matomo.asked if one.host == "MATOMO_URL")
    assert (asked.method, asked.path, dict(asked.query)) == ("POST", "/index.php", {})
    assert asked.form["token_auth"]
    assert asked.form["date"] == "2026-11-01,2026-11-20"
    assert {"format": "JSON", "format_metrics": "0", "filter_limit": "-1", "language": "en"}.items() <= (
        asked.form.items()
    )
    assert "token_auth" not in json.dumps(matomo.exchanges[0].request.shape())


def test_matomos_month_has_distinct_visitors(matomo, contract):
    """A month is asked for by its name, because a range has no distinct visitors."""
    collected = collect(matomo, closed_periods=(OCTOBER,))

    counted = contract.visits.within(OCTOBER.days.first, OCTOBER.days.last)
    days = (OCTOBER.days.first, OCTOBER.days.last)
    assert collected.values("users@matomo:account:month") == {days: counted.users}
    assert collected.values("sessions@matomo:account:month") == {days: counted.sessions}
    assert matomo.questions("MATOMO_URL")[1]["period"] == "month"


@pytest.mark.parametrize("period", [QUARTER, SEMESTER])
def test_matomos_range_has_no_distinct_visitors(matomo, contract, period):
    """Matomo leaves them out; summing the months would count people twice, and a nought would be false."""
    collected = collect(matomo, closed_periods=(period,))

    counted = contract.visits.within(period.days.first, period.days.last)
    assert [(one.measure.key, one.reason) for one in collected.all(Gap)] == [
        (f"users@matomo:account:{period.span}", Reason.NOT_OFFERED)
    ]
    assert list(collected.values(f"sessions@matomo:account:{period.span}").values()) == [counted.sessions]


def test_a_matomo_that_counts_ranges_is_read(matomo, contract):
    """An administrator can switch distinct visitors of ranges on."""
    contract.matomo.uniques_of_ranges = True

    assert len(collect(matomo, closed_periods=(SEMESTER,)).values("users@matomo:account:semester")) == 1


def test_matomos_texts_are_numbers_too(matomo, contract):
    """Some reports write counts as texts."""
    plain = collect(matomo)
    contract.matomo.texts = True

    assert [one.value for one in collect(matomo).all(Reading)] == [one.value for one in plain.all(Reading)]


def test_a_column_of_a_plugin_that_is_off_is_a_gap(matomo, contract):
    """Without the actions plugin there are no page views; the visits are still there."""
    contract.matomo.without = {"nb_pageviews"}

    collected = collect(matomo, closed_periods=(OCTOBER,))

    assert {one.reason for one in collected.all(Gap)} == {Reason.NOT_OFFERED}
    assert {one.measure.metric.key for one in collected.all(Gap)} == {"page_views"}
    assert len(collected.values("sessions@matomo:account:month")) == 1


def test_a_matomo_period_without_visits_is_empty(matomo):
    """An empty list where the others are objects."""
    before = ClosedPeriod("month", Days(date(2023, 5, 1), date(2023, 5, 31)))

    collected = collect(matomo, closed_periods=(before,))

    assert {one.reason for one in collected.all(Gap)} == {Reason.EMPTY}
    assert len(collected.all(Gap)) == 3


def test_only_days_that_matomo_names_are_covered(matomo, contract):
    """A day that the answer does not name was not answered; calling it idle would hide a hole."""

    def hole(asked, good):
        if asked.host == "MATOMO_URL":
            for name in ("2026-11-05", "2026-11-06"):
                del good.body[name]
            good.body.update({"2026-12-01": {"nb_visits": 5}, "summary": {"nb_visits": 5}, "2026-13-01": []})
        return good

    doctor(contract, hole)

    collected = collect(matomo)

    assert [one.days for one in collected.all(Coverage) if one.measure.key == "sessions@matomo:account:day"] == [
        Days(FIRST, date(2026, 11, 4)),
        Days(date(2026, 11, 7), LAST),
    ]
    assert collected.error is None
    assert max(one.when.last for one in collected.all(Reading, "sessions@matomo:account:day")) <= LAST


def test_an_empty_list_for_all_days_is_a_gap(matomo, contract):
    """An answer that names no day has answered none."""
    doctor(contract, lambda asked, good: Answered([]) if asked.host == "MATOMO_URL" else good)

    collected = collect(matomo)

    assert {(one.measure.key, one.reason, one.when) for one in collected.all(Gap)} == {
        (key, Reason.EMPTY, Days(FIRST, LAST)) for key in DAILY
    }
    assert not collected.all(Coverage)


@pytest.mark.parametrize("figures", [[1], "12", 12])
def test_figures_of_another_shape_are_a_shape_error(matomo, contract, figures):
    """Anything but an object or an empty list is another contract."""

    def spoil(asked, good):
        return Answered({**good.body, "2026-11-05": figures}) if asked.host == "MATOMO_URL" else good

    doctor(contract, spoil)

    assert isinstance(collect(matomo).error, ShapeError)


def test_a_report_that_is_off_is_a_gap_for_each_measure(matomo, contract):
    """An old Matomo without the report still leaves the look at the site."""
    contract.matomo.method_off = True

    collected = collect(matomo, closed_periods=(OCTOBER,))

    assert collected.error is None
    assert {one.reason for one in collected.all(Gap)} == {Reason.NOT_OFFERED}
    assert len(collected.all(Gap)) == 6
    assert len(matomo.questions("MATOMO_URL")) == 2
    assert collected.all(Reading, STATUS)


def test_days_before_the_web_are_too_late(matomo):
    """Matomo refuses them in words of its own."""
    collected = collect(matomo, first=date(1990, 1, 1), last=date(1990, 1, 2))

    assert {one.reason for one in collected.all(Gap)} == {Reason.TOO_LATE}
