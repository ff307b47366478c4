"""The history of figures as plain values: dated as precisely as they are known, and in order."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import language
from collector.figures.codes import reading_code
from collector.figures.gaps import explain_gap
from collector.figures.history import (
    at_text,
    day_of,
    exact,
    moment_of,
    plain_gap,
    plain_reading,
    request_line,
    select_days,
    select_gap_days,
)
from collector.platforms import list_connectors
from collector.store.records import HistoryGap, HistoryReading, to_day_number, to_ms
from connectors.kit import Kind, Measure, Reason, Subject, metrics, since

WIB = ZoneInfo("Asia/Jakarta")
RECORDED = datetime(2026, 6, 10, 3, tzinfo=UTC)
NUMBERS = {"series_id": 7, "definition": 1, "exchange_id": 3, "place_id": 4}


def reading(measure: str = "followers:account:now", **more: Any) -> HistoryReading:
    """Make a reading of an office in Jakarta."""
    filled: dict[str, Any] = {
        "at": to_ms(RECORDED), "office": "kota", "zone": "Asia/Jakarta", "platform": "instagram", "account": "kpu",
        "measure": measure, "about": "", "origin": "api", "precision": "instant", "kind": "level", "decimals": 0,
        "value": 5, "upto": None, "request": "{}", "recorded_at": RECORDED, "source": "", "mark": "", "note": "",
    }  # fmt: skip
    return HistoryReading(**{**NUMBERS, **filled, **more})


def typed_day(day: date, **more: Any) -> HistoryReading:
    """Make a typed reading of a day in Jakarta: its last second is what is stored."""
    at = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=WIB)
    return reading(at=to_ms(at), **{"origin": "typed", "precision": "day", **more})


def gap(measure: str, first: int, last: int, **more: Any) -> HistoryGap:
    """Make an open gap of an office in Jakarta."""
    filled: dict[str, Any] = {
        "office": "kota", "zone": "Asia/Jakarta", "platform": "youtube", "account": "kpu", "measure": measure,
        "about": "", "from_at": first, "to_at": last, "reason": "hidden", "note": "",
    }  # fmt: skip
    return HistoryGap(**{**filled, **more})


def test_a_moment_is_said_in_the_offices_time() -> None:
    """Half past six in the evening UTC is already tomorrow in Jakarta, and the report is dated there."""
    one = reading(at=to_ms(datetime(2026, 6, 9, 18, 30, 0, 250_000, tzinfo=UTC)))

    assert at_text(one) == "2026-06-10T01:30:00.250000+07:00"
    assert day_of(one) == date(2026, 6, 10)
    assert day_of(replace(one, zone="UTC")) == date(2026, 6, 9)


def test_a_platforms_day_is_never_shifted() -> None:
    """A Pacific day belongs to the period that holds its date, in whatever zone the office lies."""
    for zone in ("Asia/Jakarta", "America/Los_Angeles", "Pacific/Kiritimati"):
        one = reading("views:account:day", at=to_day_number(date(2026, 6, 30)), zone=zone, precision="day")
        assert (at_text(one), day_of(one), moment_of(one)) == ("2026-06-30", date(2026, 6, 30), None)


@pytest.mark.parametrize(
    "precision, said, span",
    [("instant", "2026-06-30T23:59:59+07:00", "instant"), ("day", "2026-06-30", "day"), ("month", "2026-06", "month")],
)
def test_a_typed_figure_is_no_more_precise_than_it_was_typed(precision: str, said: str, span: str) -> None:
    """ "June 2026" must not come back as the last second of June."""
    one = typed_day(date(2026, 6, 30), precision=precision)

    assert at_text(one) == said
    assert plain_reading(one)["precision"] == span


@given(st.dates(date(2004, 1, 1), date(2040, 12, 31)), st.sampled_from(["day", "month"]))
def test_a_typed_day_stays_that_day_in_every_zone_of_the_country(day: date, precision: str) -> None:
    """The office's zone may be set after the figure was typed; what was typed for a day stays of that day."""
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"):
        for made_in in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"):
            at = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(made_in))
            assert day_of(reading(at=to_ms(at), zone=zone, precision=precision)) == day


def test_what_is_typed_for_today_is_never_later_than_it_was_recorded() -> None:
    """This month ends in three weeks; its figure sorts as of now, so that tomorrow's comes after it."""
    month = typed_day(date(2026, 6, 30), precision="month")
    past = typed_day(date(2026, 5, 31), precision="month")

    assert moment_of(month) == RECORDED
    assert moment_of(past) == datetime(2026, 5, 31, 16, 59, 59, tzinfo=UTC)
    assert moment_of(replace(month, recorded_at=None)) == datetime(2026, 6, 30, 16, 59, 59, tzinfo=UTC)
    later = reading(at=to_ms(RECORDED + timedelta(days=40)))
    assert moment_of(later) == RECORDED + timedelta(days=40)  # a moment is what it says, whatever was recorded when


def test_readings_are_in_order_of_what_they_are_about_and_time() -> None:
    """A table that jumps between accounts, cities and days cannot be read."""
    wanted = [
        reading(office="a", platform="x"),
        reading(account="a", measure="posts:account:now"),
        reading("followers:account:day", at=to_day_number(date(2026, 6, 9))),
        reading("followers:account:day", at=to_day_number(date(2026, 6, 10))),
        typed_day(date(2026, 5, 31), precision="month"),
        reading(at=to_ms(RECORDED - timedelta(hours=1))),
        reading(),
        typed_day(date(2026, 6, 30), precision="month"),
        reading("followers:audience:day", about="city:A", at=to_day_number(date(2026, 6, 9))),
        reading("followers:audience:day", about="city:B", at=to_day_number(date(2026, 6, 8))),
        reading("posts:account:now"),
        reading(platform="youtube"),
    ]

    assert select_days(reversed(wanted), None, None) == wanted


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 1, 31)), max_size=8), st.data())
def test_the_days_asked_for_are_both_included(days: list[date], data: st.DataObject) -> None:
    """Every reading of the bounds belongs to what was asked for, and none outside them."""
    bound = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 31))
    since, until = data.draw(bound), data.draw(bound)
    readings = [reading("views:account:day", at=to_day_number(day)) for day in days]

    chosen = [day_of(one) for one in select_days(readings, since, until)]

    assert chosen == sorted(day for day in days if (since or day) <= day <= (until or day))


def test_a_reading_is_told_with_all_that_it_is() -> None:
    """What a program reads: a moment's figure of the account."""
    request = json.dumps({"api": "graph", "method": "GET", "path": "/v26.0/17841"})

    assert plain_reading(reading(request=request)) == {
        "id": reading_code(7, to_ms(RECORDED)),
        "office": "kota", "platform": "instagram", "account": "kpu", "metric": "followers", "kind": "level",
        "dimension": None, "post": None, "value": 5, "upto": None, "at": "2026-06-10T10:00:00+07:00",
        "precision": "instant", "origin": "api", "source": "GET graph/v26.0/17841", "definition": 1,
        "measure": "followers:account:now", "days": None, "held": False, "refused": False,
    }  # fmt: skip


def test_posts_and_dimensions_are_told_apart() -> None:
    """A post's id must not pass for a city."""
    post = plain_reading(reading("likes:post:now", about="123", kind="counter"))
    city = plain_reading(reading("followers:audience:day", about="city:A", at=20_000))

    assert (post["post"], post["dimension"], post["days"]) == ("123", None, None)
    assert (city["post"], city["dimension"], city["days"], city["precision"]) == (None, "city:A", 1, "day")


@pytest.mark.parametrize("span, days", [("now", None), ("day", 1), ("28d", 28), ("month", None), ("semester", None)])
def test_the_length_of_a_window_is_told(span: str, days: int | None) -> None:
    """28 days are no month; a calendar span has no fixed length."""
    plain = plain_reading(reading(f"reach:account:{span}", at=20_000))

    assert plain["days"] == days


@pytest.mark.parametrize(
    "value, decimals, told", [(306, 1, "30.6"), (300, 1, "30.0"), (-5, 2, "-0.05"), (1619, 0, 1619), (0, 1, "0.0")]
)
def test_decimals_are_exact_texts(value: int, decimals: int, told: int | str) -> None:
    """30.6 is 30.6 and no float; a percentage of 30 printed with one place keeps it."""
    assert exact(value, decimals) == told
    plain = plain_reading(reading("followers_change:account:now", value=value, upto=value, decimals=decimals))
    assert (plain["value"], plain["upto"]) == (told, told)


def test_only_what_a_person_typed_has_a_mark_and_a_note() -> None:
    """A platform's figure has no note of anybody's."""
    assert "mark" not in plain_reading(reading())
    typed = plain_reading(reading(origin="typed", mark="stated", note="dari layar", source="Laporan"))
    assert (typed["mark"], typed["note"], typed["source"]) == ("stated", "dari layar", "Laporan")


@pytest.mark.parametrize(
    "request_, line", [("{}", ""), ("", ""), ('{"method": "GET", "api": "a", "path": "/b"}', "GET a/b")]
)
def test_a_request_is_named_by_host_and_path(request_: str, line: str) -> None:
    """What a person can look up; parameters stand in the trace."""
    assert request_line(request_) == line


def test_a_gap_is_told_with_its_days_or_its_moment() -> None:
    """Days as the platform's dates, a moment in the office's time, the reason in plain words."""
    first, last = to_day_number(date(2026, 6, 1)), to_day_number(date(2026, 6, 9))
    days = plain_gap(gap("views:account:day", first, last, reason="too_late", note="x", platform="friendster"))
    moment = plain_gap(gap("likes:post:now", to_ms(RECORDED), to_ms(RECORDED), about="v1"))
    city = plain_gap(gap("followers:audience:day", first, last, about="city"))

    assert (days["from"], days["to"], days["reason"], days["note"]) == ("2026-06-01", "2026-06-09", "too_late", "x")
    assert days["message"] == "lebih lama dari ingatan platform"
    assert (moment["from"], moment["to"]) == ("2026-06-10T10:00:00+07:00",) * 2
    assert (moment["metric"], moment["post"], moment["dimension"]) == ("likes", "v1", None)
    assert (city["post"], city["dimension"]) == (None, "city")


def test_a_gap_names_the_platforms_limit_wherever_it_is_shown() -> None:
    """The report's footnote is made from the store: a small office must read there, too, how much it lacks."""
    every = [(connector.slug, measure) for connector in list_connectors() for measure in connector.measures]
    small = [(slug, measure) for slug, measure in every if measure.floor is not None]
    short = [(slug, measure) for slug, measure in every if measure.reach_back is not None]

    def message(reason: str, platform: str, measure: str) -> str:
        return str(plain_gap(gap(measure, 20_000, 20_000, reason=reason, platform=platform))["message"])

    assert small
    for slug, measure in small:
        assert message("below_floor", slug, measure.key) == f"belum memenuhi syarat platform ({measure.floor})"
    assert short
    for slug, measure in short:
        said = f"lebih lama dari ingatan platform ({measure.reach_back} hari)"
        assert message("too_late", slug, measure.key) == said
    assert message("below_floor", small[0][0], "views:post:99d") == "belum memenuhi syarat platform"
    assert message("below_floor", "friendster", small[0][1].key) == "belum memenuhi syarat platform"


def test_gaps_that_touch_the_days_asked_for_are_shown() -> None:
    """A gap of a month answers a question about one of its days."""
    first, last = to_day_number(date(2026, 6, 1)), to_day_number(date(2026, 6, 9))
    long = gap("views:account:day", first, last)
    moment = gap("likes:post:now", to_ms(RECORDED), to_ms(RECORDED))

    def shown(since: date | None, until: date | None) -> list[HistoryGap]:
        return select_gap_days([long, moment], since, until)

    assert shown(None, None) == [long, moment]
    assert shown(date(2026, 6, 9), None) == [long, moment]
    assert shown(date(2026, 6, 10), None) == [moment]
    assert shown(None, date(2026, 6, 1)) == [long]
    assert shown(None, date(2026, 5, 31)) == []
    assert shown(date(2026, 6, 11), None) == []


def test_a_gaps_reason_is_said_in_the_users_language() -> None:
    """With the platform's limit where that is the reason, and nowhere else."""
    said = (since(None, "angka", "figure"),)
    measure = Measure(metrics.VIEWS, Subject.ACCOUNT, metrics.DAY, Kind.FLOW, said, floor=100, reach_back=60)
    limitless = Measure(metrics.VIEWS, Subject.ACCOUNT, metrics.DAY, Kind.FLOW, said)

    assert explain_gap(Reason.BELOW_FLOOR, measure) == "belum memenuhi syarat platform (100)"
    assert explain_gap(Reason.BELOW_FLOOR, limitless) == "belum memenuhi syarat platform"
    assert explain_gap(Reason.BELOW_FLOOR) == "belum memenuhi syarat platform"
    assert explain_gap(Reason.TOO_LATE, measure) == "lebih lama dari ingatan platform (60 hari)"
    assert explain_gap(Reason.TOO_LATE, limitless) == "lebih lama dari ingatan platform"
    assert explain_gap(Reason.HIDDEN, measure) == "disembunyikan pemilik akun"
    language.use("en")
    assert explain_gap(Reason.RETIRED) == "no longer offered by the platform"
