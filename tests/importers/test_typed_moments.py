"""Moments as people write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import language
from collector.importers.moments import CellError, read_moment

MONTHS = {
    "Januari": "January",
    "Februari": "February",
    "Maret": "March",
    "April": "April",
    "Mei": "May",
    "Juni": "June",
    "Juli": "July",
    "Agustus": "August",
    "September": "September",
    "Oktober": "October",
    "November": "November",
    "Desember": "December",
}
ID, EN = list(MONTHS), list(MONTHS.values())
PONTIANAK = ZoneInfo("Asia/Pontianak")
LONG_AFTER = datetime(2099, 12, 31, tzinfo=UTC)

DAY_SPELLINGS = [
    lambda day: day.isoformat(),
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day.day} {ID[day.month - 1]} {day.year}",
    lambda day: f"{day.day} {EN[day.month - 1].upper()} {day.year}",
    lambda day: f"{day.day}-{ID[day.month - 1][:3]}-{day.year}",
    lambda day: f"{day.day} {EN[day.month - 1][:3]}. {day.year}",
    lambda day: f"{EN[day.month - 1]} {day.day}, {day.year}",
]
MONTH_SPELLINGS = [
    lambda day: f"{day:%Y-%m}",
    lambda day: f"{day:%m/%Y}",
    lambda day: f"{ID[day.month - 1]} {day.year}",
    lambda day: f"{EN[day.month - 1]} {day.year}",
    lambda day: f"per {ID[day.month - 1][:3]} {day.year}",
]


@given(st.dates(date(2004, 1, 1), date(2098, 12, 31)), st.sampled_from(DAY_SPELLINGS))
def test_every_day_comes_back_from_every_spelling(day: date, spell) -> None:
    """A day in any spelling is the last second of it in office time."""
    stamp = read_moment(spell(day), zone=PONTIANAK, now=LONG_AFTER)

    assert (stamp.day, stamp.precision) == (day, "day")
    assert stamp.at == datetime(day.year, day.month, day.day, 16, 59, 59, tzinfo=UTC)


@given(st.dates(date(2004, 1, 1), date(2098, 12, 31)), st.sampled_from(MONTH_SPELLINGS))
def test_every_month_comes_back_from_every_spelling(day: date, spell) -> None:
    """A month alone is the last second of its last day."""
    stamp = read_moment(spell(day), zone=PONTIANAK, now=LONG_AFTER)

    assert (stamp.day.year, stamp.day.month, stamp.precision) == (day.year, day.month, "month")
    assert (stamp.day + timedelta(days=1)).day == 1
    assert stamp.at.astimezone(PONTIANAK).isoformat() == f"{stamp.day}T23:59:59+07:00"


@given(
    st.datetimes(datetime(2004, 1, 2), datetime(2098, 12, 31)).map(lambda at: at.replace(microsecond=0)),
    st.integers(-12, 14),
)
def test_every_iso_time_comes_back(at: datetime, hours: int) -> None:
    """Times with an offset are exact, times without one are the office's."""
    there = at.replace(tzinfo=timezone(timedelta(hours=hours)))

    assert read_moment(there.isoformat(), zone=PONTIANAK, now=LONG_AFTER).at == there
    assert read_moment(at.isoformat(" "), zone=PONTIANAK, now=LONG_AFTER).at == at.replace(tzinfo=PONTIANAK)


@pytest.mark.parametrize(
    "written",
    [
        "2022-12-28T14:24+07:00",
        "2022-12-28T14:24:00.5+0700",
        "2022-12-28 14:24",
        "2022-12-28T07:24Z",
        "28/12/2022 14.24",
        "28/12/2022 14:24:00",
        "28/12/2022 15.24 WITA",
        "28 Desember 2022, pukul 14.24 WIB",
        "per 28 Desember 2022 pukul 16.24 WIT",
        "28 Dec 2022 07:24 UTC",
        "28\u00a0Desember\u00a02022 14.24",
    ],
)
def test_the_position_of_the_sample_report_is_read_in_every_spelling(written: str, wib: ZoneInfo, now) -> None:
    """The Pontianak report gives its position as "28 Desember 2022, pukul 14.24 WIB"."""
    stamp = read_moment(written, zone=wib, now=now)

    assert (stamp.at, stamp.precision) == (datetime(2022, 12, 28, 7, 24, tzinfo=UTC), "instant")


@pytest.mark.parametrize(
    "written",
    [
        "12/28/2022",
        "31/02/2022",
        "28/12/22",
        "Des-22",
        "2022",
        "44923",
        "619",
        "28 Duar 2022",
        "Desember 2022 14.24",
        "2022-13",
        "28/12/2022 24.00",
        "28/12/2022 2:24 PM",
        "28/12/2022 14:24+99:00",
        "kemarin",
    ],
)
def test_what_is_no_whole_date_is_refused_with_examples(written: str, wib: ZoneInfo, now) -> None:
    """The day comes first, and a year has four digits: nothing is guessed."""
    with pytest.raises(CellError, match="28/12/2022"):
        read_moment(written, zone=wib, now=now)


def test_an_empty_moment_is_refused(wib: ZoneInfo, now) -> None:
    """A figure without a date is what spoils today's reports."""
    with pytest.raises(CellError, match="kosong"):
        read_moment(" ", zone=wib, now=now)


@pytest.mark.parametrize("written", ["2022-12-29", "2022-12", "29/12/2022 01.00", "29/12/2022 01.05"])
def test_today_this_month_and_a_fast_clock_are_not_the_future(written: str, wib: ZoneInfo, now) -> None:
    """Now is 01.00 on the 29th in the office, where UTC still has the 28th."""
    read_moment(written, zone=wib, now=now)


def test_a_new_year_that_has_begun_elsewhere_is_not_the_future(wib: ZoneInfo) -> None:
    """It is 31 December in the office while an offset far east already writes the next year."""
    stamp = read_moment("2023-01-01T00:30+14:00", zone=wib, now=datetime(2022, 12, 31, 12, tzinfo=UTC))

    assert stamp.day == date(2022, 12, 31)


@pytest.mark.parametrize("written", ["2022-12-30", "2023-01", "29/12/2022 01.06", "2024-01-01", "9999-12-31 23:59-12"])
def test_the_future_is_refused(written: str, wib: ZoneInfo, now) -> None:
    """Nobody has read a figure of tomorrow."""
    with pytest.raises(CellError, match="masa depan"):
        read_moment(written, zone=wib, now=now)


@pytest.mark.parametrize("written", ["2003-12-31", "Juni 1022", "0000-01-01"])
def test_a_year_before_the_platforms_is_refused(written: str, wib: ZoneInfo, now) -> None:
    """A slip in the year would make a base that never was."""
    with pytest.raises(CellError, match="tidak masuk akal"):
        read_moment(written, zone=wib, now=now)


def test_refusals_are_in_english_too(wib: ZoneInfo, now) -> None:
    """The second language of every screen."""
    language.use("en")
    with pytest.raises(CellError, match="in the future"):
        read_moment("2022-12-30", zone=wib, now=now)
