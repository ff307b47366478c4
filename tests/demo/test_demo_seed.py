"""The demo's two semesters: when its snapshots are, where it may live, and what its settings hold."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.clock import SetClock
from collector.demo.seed import env_file_of, list_moments, make_home, seed, write_settings
from collector.demo.standin import StandIn
from collector.errors import SettingsError
from collector.store.history import Wanted
from collector.wiring import Application

WIB = ZoneInfo("Asia/Jakarta")
NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))


def days_before(now: datetime) -> list[date]:
    """Return the office's days on which the demo collects."""
    return [moment.astimezone(WIB).date() for moment in list_moments(now)]


@given(NOWS)
def test_moments_are_weekly_then_daily_for_five_weeks(now: datetime) -> None:
    """From the beginning of the previous semester up to now: the report compares two semesters."""
    today = now.astimezone(WIB).date()
    days = days_before(now)

    first = date(today.year - 1, 7, 1) if today.month <= 6 else date(today.year, 1, 1)
    assert days[0] == first
    daily_from = today - timedelta(weeks=5)
    for earlier, later in pairwise(days):
        assert later == (
            earlier + timedelta(days=1) if earlier >= daily_from else min(earlier + timedelta(days=7), daily_from)
        )


@given(NOWS)
def test_moments_are_at_a_quiet_hour_and_before_now(now: datetime) -> None:
    """Half past two in the office's zone, which knows no summer time, in UTC; the last at most a day ago."""
    moments = list(list_moments(now))

    assert {(moment.hour, moment.minute, moment.tzinfo) for moment in moments} == {(19, 30, UTC)}
    assert moments == sorted(set(moments))
    assert timedelta(0) < now - moments[-1] <= timedelta(days=1)


@pytest.mark.parametrize(
    "now, first, last",
    [
        ("2027-01-01T00:30+07:00", date(2026, 7, 1), date(2026, 12, 31)),  # before the quiet hour of New Year's Day
        ("2026-12-31T23:59+07:00", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-07-01T02:30+07:00", date(2026, 1, 1), date(2026, 6, 30)),  # the very moment is not before itself
        ("2026-07-01T02:31+07:00", date(2026, 1, 1), date(2026, 7, 1)),
        ("2028-02-29T12:00+07:00", date(2027, 7, 1), date(2028, 2, 29)),
    ],
)
def test_moments_near_the_edges_of_a_semester(now: str, first: date, last: date) -> None:
    """Year's end and the first hours of a semester are where such lists go wrong."""
    days = days_before(datetime.fromisoformat(now))

    assert (days[0], days[-1]) == (first, last)


def test_a_demo_makes_its_home_for_its_owner_alone(tmp_path: Path) -> None:
    """Like any other home; made in a new folder or an empty one."""
    for folder in (tmp_path / "new" / "demo", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)

        home = make_home(folder)

        assert home == folder.absolute()
        assert home.stat().st_mode & 0o777 == 0o700
        assert [path.name for path in home.iterdir()] == ["demo"]


def test_an_earlier_demo_is_thrown_away(tmp_path: Path) -> None:
    """A second try begins anew."""
    home = make_home(tmp_path / "demo-home")
    (home / "collector.db").write_text("old")
    (home / "demo" / "env").write_text("old")

    assert list(make_home(home).rglob("*")) == [home / "demo"]


@pytest.mark.parametrize("name", ["laporan.docx", "demo", ".hidden"])
def test_a_folder_that_is_no_demos_is_refused_untouched(tmp_path: Path, name: str) -> None:
    """Even a *file* called demo is no sign that the folder may be thrown away."""
    (tmp_path / name).write_text("keep me")

    with pytest.raises(SettingsError, match="bukan contoh"):
        make_home(tmp_path)

    assert (tmp_path / name).read_text() == "keep me"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """`--home laporan.docx` is a slip."""
    (tmp_path / "laporan.docx").write_text("keep me")

    with pytest.raises(SettingsError):
        make_home(tmp_path / "laporan.docx")

    assert (tmp_path / "laporan.docx").read_text() == "keep me"


def test_the_settings_are_those_of_an_office_in_a_file(tmp_path: Path, standin: StandIn) -> None:
    """The demo is set up as an office is: by an env file, a key file beside the home's data, a key file for Google."""
    home = make_home(tmp_path / "demo-home")

    settings = write_settings(home, standin)

    assert settings.home == home
    assert settings.key_file == home / "demo" / "key"
    assert settings.warnings == ()
    assert settings.database_url == f"sqlite:///{home / 'collector.db'}"
    text = env_file_of(home).read_text()
    assert f"GA4_SERVICE_ACCOUNT_FILE='{home / 'demo' / 'ga4_service_account.json'}'" in text
    assert "PRIVATE KEY" not in text
    assert {name: settings.values[name] for name in standin.environment()} == standin.environment()


def test_seeding_lives_through_its_moments_and_collects_once_more(tmp_path: Path, standin: StandIn) -> None:
    """The real path with a moving clock: each moment has its levels; days are filled in behind."""
    now = datetime(2027, 1, 5, 3, tzinfo=UTC)
    moments = [now - timedelta(days=number) for number in (3,)]
    clock = SetClock(now)
    standin.world.now = clock.now
    steps = []
    with Application.open(write_settings(make_home(tmp_path / "home"), standin), clock=clock) as application:
        result = seed(application, clock, moments, now, lambda: steps.append(clock.now()))

        assert {one.result for one in result.outcomes} == {"ok"}
        assert len(result.outcomes) == 6
        assert [step.date() for step in steps] == [moment.date() for moment in moments]
        assert [office.slug for office in application.queries.list_offices()] == ["kpu-contoh"]
        levels = application.history.list_readings(Wanted(platform="x", metric="followers"))
        assert [one.at // 86_400_000 for one in levels] == [
            int(moment.timestamp()) // 86_400 for moment in (*moments, now)
        ]
        days = application.history.list_readings(Wanted(platform="facebook", metric="profile_visits"))
        assert len(days) == 731  # two years back, as of the first morning, and those since
