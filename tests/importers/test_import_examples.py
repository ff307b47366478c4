"""The example files hold the figures of the two real reports, and the real platforms take every one of them."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from collector.importers.figures import TypedFigure, read_figures
from collector.importers.tables import read_table
from connectors.kit import Days, Moment

EXAMPLES = Path(__file__).parents[2] / "examples"
POSITION = Moment(datetime(2022, 12, 28, 7, 24, tzinfo=UTC))
JUNE_2022 = Moment(datetime(2022, 6, 30, 16, 59, 59, tzinfo=UTC))
JUNE_2021 = Moment(datetime(2021, 6, 30, 16, 59, 59, tzinfo=UTC))
DECEMBER = Days(date(2022, 12, 1), date(2022, 12, 28))


def read_example(name: str) -> tuple[TypedFigure, ...]:
    """Read an example as an office in West Kalimantan would import it today."""
    table = read_table(name, (EXAMPLES / name).read_bytes())
    zone = ZoneInfo("Asia/Pontianak")
    return read_figures(table, zone_of=lambda _office: zone, now=datetime(2026, 11, 21, tzinfo=UTC))


@pytest.fixture(scope="module")
def pontianak() -> tuple[TypedFigure, ...]:
    """The figures of the Pontianak 2022 report."""
    return read_example("pontianak-2022.csv")


def test_pontianaks_positions_are_those_of_the_report(pontianak: tuple[TypedFigure, ...]) -> None:
    """domain.md §1.3, "per 28 Desember 2022, pukul 14.24 WIB"."""
    stated = {
        (figure.platform, figure.measure.key): figure.value
        for figure in pontianak
        if figure.mark == "stated" and figure.when == POSITION and not figure.about
    }

    assert stated == {
        ("x", "followers:account:now"): 376,
        ("facebook", "followers:account:now"): 1689,
        ("instagram", "posts:account:now"): 2080,
        ("instagram", "followers:account:now"): 1619,
        ("instagram", "following:account:now"): 1010,
        ("youtube", "followers:account:now"): 32,
        ("tiktok", "followers:account:now"): 129,
    }
    assert {figure.office for figure in pontianak} == {"Kota Pontianak"}


def test_pontianaks_bases_are_derived_and_facebooks_is_an_interval(pontianak: tuple[TypedFigure, ...]) -> None:
    """domain.md §1.4: the bases that the report's own statements leave possible."""
    bases = {figure.platform: figure for figure in pontianak if figure.when == JUNE_2022}

    assert {slug: (base.value, base.upto) for slug, base in bases.items()} == {
        "x": (314, None),
        "facebook": (1652, 1653),
        "instagram": (1240, None),
        "youtube": (31, None),
    }
    assert {(base.mark, base.precision) for base in bases.values()} == {("derived", "month")}


def test_pontianaks_percentages_are_quoted_as_printed(pontianak: tuple[TypedFigure, ...]) -> None:
    """Two of them are wrong, which the check of reports must be able to show."""
    quoted = {
        (figure.platform, figure.measure.key): figure.value
        for figure in pontianak
        if figure.mark == "quoted" and not figure.about
    }

    assert quoted == {
        ("x", "followers_change:account:now"): 141,
        ("facebook", "followers_change:account:now"): 22,
        ("facebook", "reach_change:account:28d"): 290,
        ("facebook", "interactions_change:account:28d"): 450,
        ("instagram", "followers_change:account:now"): 306,
        ("youtube", "followers_change:account:now"): 31,
    }


def test_pontianaks_28_days_are_the_platforms_window(pontianak: tuple[TypedFigure, ...]) -> None:
    """1 to 28 December, both included."""
    windows = {figure.measure.key: figure.value for figure in pontianak if figure.when == DECEMBER}

    assert windows == {
        "reach:account:28d": 788,
        "reach_change:account:28d": 290,
        "interactions:account:28d": 357,
        "interactions_change:account:28d": 450,
    }


def test_pontianaks_audience_holds_exact_counts_and_quoted_shares(pontianak: tuple[TypedFigure, ...]) -> None:
    """The abbreviated 1.1K and 1.6K are in no count."""
    audience = [figure for figure in pontianak if figure.about]
    counts = {figure.about: figure.value for figure in audience if figure.measure.key == "followers:audience:now"}
    shares = {figure.about: figure.value for figure in audience if figure.measure.key == "followers_share:audience:now"}

    assert len(counts) + len(shares) == len(audience) == 29
    assert (counts["city:Sanggau"], counts["city:Singkawang"], counts["country:Malaysia"]) == (45, 23, 8)
    assert (sum(counts.values()), "city:Pontianak" in counts, "country:Indonesia" in counts) == (213, False, False)
    assert (shares["city:Pontianak"], shares["country:Indonesia"], shares["city:Sintang"]) == (670, 990, 10)


def test_kayong_utaras_positions_are_known_by_month() -> None:
    """An Indonesian semicolon file; the report of June 2021 gives no day (domain.md §6, rule 4)."""
    figures = read_example("kayong-utara-2021.csv")

    assert [(figure.platform, figure.handle, figure.value) for figure in figures] == [
        ("instagram", "@kpukayongutarakab", 1030),
        ("facebook", "PPID KPU KKU", 659),
        ("x", "@kpu_kku", 350),
        ("youtube", "KPU Kayong Utara", 25),
    ]
    assert {(figure.when, figure.precision, figure.mark) for figure in figures} == {(JUNE_2021, "month", "stated")}


def test_every_example_figure_says_where_it_is_from(pontianak: tuple[TypedFigure, ...]) -> None:
    """An example teaches: no figure without a source."""
    assert all(figure.source.startswith("Laporan") for figure in (*pontianak, *read_example("kayong-utara-2021.csv")))
