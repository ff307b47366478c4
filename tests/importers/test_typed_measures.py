"""Which measure a typed figure is of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from collector.errors import ImportRowsError
from collector.importers.figures import TypedFigure
from connectors.kit import Connector, Days, Kind, Moment

ReadOne = Callable[..., TypedFigure]


@pytest.mark.parametrize(
    ("columns", "key", "kind"),
    [
        ({"metric": "followers"}, "followers:account:now", Kind.LEVEL),
        ({"metric": "Followers"}, "followers:account:now", Kind.LEVEL),
        ({"metric": "Pengikut"}, "followers:account:now", Kind.LEVEL),
        ({"metric": "posts"}, "posts:account:now", Kind.LEVEL),
        ({"metric": "followers", "dimension": "city:Sambas"}, "followers:audience:now", Kind.LEVEL),
        (
            {"metric": "followers_share", "dimension": "city:Sambas", "value": "67"},
            "followers_share:audience:now",
            "ratio",
        ),
        ({"metric": "followers_change", "value": "14,1"}, "followers_change:account:now", Kind.RATIO),
        ({"metric": "watch_minutes", "value": "12,5"}, "watch_minutes:account:now", Kind.LEVEL),
        ({"metric": "reach", "days": "28"}, "reach:account:28d", Kind.UNIQUE),
        ({"metric": "reach", "days": "7"}, "reach:account:7d", Kind.UNIQUE),
        ({"metric": "reach", "days": "1"}, "reach:account:day", Kind.UNIQUE),
        ({"metric": "interactions", "days": "28"}, "interactions:account:28d", Kind.FLOW),
        ({"metric": "interactions", "days": "1"}, "interactions:account:day", Kind.FLOW),
        ({"metric": "views", "days": "400"}, "views:account:400d", Kind.FLOW),
        ({"metric": "users", "days": "31", "at": "31/05/2022"}, "users:account:month", Kind.UNIQUE),
        ({"metric": "users", "days": "31", "at": "2022-05"}, "users:account:month", Kind.UNIQUE),
        ({"metric": "users", "days": "30", "at": "31/05/2022"}, "users:account:30d", Kind.UNIQUE),
        ({"metric": "users", "days": "120", "at": "30/04/2022"}, "users:account:120d", Kind.UNIQUE),
        ({"metric": "users", "days": "61", "at": "31/05/2022"}, "users:account:61d", Kind.UNIQUE),
        ({"metric": "users", "days": "181", "at": "30/06/2022"}, "users:account:181d", Kind.UNIQUE),
        ({"metric": "reach_change", "days": "28", "value": "29"}, "reach_change:account:28d", Kind.RATIO),
        ({"metric": "reach_change", "days": "7", "value": "29"}, "reach_change:account:7d", Kind.RATIO),
    ],
)
def test_the_measure_follows_metric_dimension_and_window(
    read_one: ReadOne, columns: dict[str, str], key: str, kind: Kind
) -> None:
    """A typed figure must land beside the platform's own figures of the same meaning, and beside no others."""
    measure = read_one(**columns).measure

    assert (measure.key, measure.kind) == (key, kind)


def test_a_derived_measure_keeps_everything_but_the_span(read_one: ReadOne, square: Connector) -> None:
    """A week's reach is defined like the reach of 28 days, not like a day's."""
    of_a_day = next(measure for measure in square.measures if measure.key == "reach:account:day")
    of_28_days = next(measure for measure in square.measures if measure.key == "reach:account:28d")

    assert read_one(metric="reach", days="7").measure == replace(of_28_days, span="7d")
    assert read_one(metric="reach", days="1").measure == of_a_day


@pytest.mark.parametrize(
    ("span", "days", "at"), [("quarter", "92", "2022-09"), ("semester", "181", "2022-06"), ("year", "365", "2021-12")]
)
def test_a_whole_calendar_period_takes_its_own_measure(
    read_one: ReadOne, square: Connector, span: str, days: str, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A semester's users typed from a screen are those that the platform gives for the semester."""
    users = next(measure for measure in square.measures if measure.key == "users:account:month")
    monkeypatch.setattr(type(square), "measures", (users, replace(users, span=span)))

    assert read_one(metric="users", days=days, at=at).measure.span == span


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"metric": "reach"}, "kolom days: wajib untuk reach"),
        ({"metric": "views"}, "kolom days: wajib untuk views"),
        ({"metric": "followers", "days": "28"}, "kolom days: followers adalah posisi"),
        ({"metric": "posts", "days": "28"}, "kolom days: posts adalah posisi"),
        ({"metric": "followers_change", "days": "28"}, "kolom days: followers_change adalah posisi"),
        ({"metric": "posts", "dimension": "city:Sambas"}, "kolom dimension: platform ini tidak merinci posts"),
        ({"metric": "followers_share"}, "kolom dimension: wajib untuk followers_share"),
        ({"metric": "folowers"}, 'kolom metric: "folowers" bukan metrik Alun-Alun. Mungkin maksudnya "followers"'),
        (
            {"metric": "zzz"},
            "Yang dikenal: followers, posts, views, reach, interactions, users, watch_minutes, followers_c",
        ),
        ({"metric": ""}, "kolom metric: kosong"),
    ],
)
def test_what_has_no_measure_is_refused(read_one: ReadOne, columns: dict[str, str], says: str) -> None:
    """Each refusal stands at the column that is to be changed."""
    with pytest.raises(ImportRowsError, match=says):
        read_one(**columns)


def test_a_window_covers_its_days_and_a_moment_its_last_second(read_one: ReadOne) -> None:
    """28 days to 28 December are 1 to 28 December, both included (domain.md §4)."""
    assert read_one(metric="reach", days="28").when == Days(date(2022, 12, 1), date(2022, 12, 28))
    assert read_one(metric="reach", days="28", at="2022-11").when == Days(date(2022, 11, 3), date(2022, 11, 30))
    assert read_one(metric="followers").when == Moment(datetime(2022, 12, 28, 16, 59, 59, tzinfo=UTC))


def test_the_precision_says_what_was_written(read_one: ReadOne) -> None:
    """A window has days, so a time of day adds nothing to it; a month stays a month."""
    written = ["2022-11", "2022-12-28", "2022-12-28 14:24"]

    assert [read_one(at=at).precision for at in written] == ["month", "day", "instant"]
    assert [read_one(metric="reach", days="28", at=at).precision for at in written] == ["month", "day", "day"]


def test_a_window_that_has_not_ended_is_refused(read_one: ReadOne) -> None:
    """A position "in December" may be given in December; 28 days to the 31st may not, on the 29th."""
    read_one(metric="followers", at="2022-12")
    with pytest.raises(ImportRowsError, match="berakhir di masa depan"):
        read_one(metric="reach", days="28", at="2022-12")
