"""The charts of very small accounts: what an axis says must be what was counted."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from collector.reports.charts import draw
from collector.reports.model import Chart, ChartKind, ChartSeries


@pytest.mark.parametrize("most", [1, 2, 3, 25, 1700])
def test_an_axis_counts_in_whole_followers_and_says_each_once(most: int) -> None:
    """An account of two followers had an axis that read 0 0 0 1 1 1 2 2 2."""
    days = [date(2026, 7, 1) + timedelta(days=day) for day in range(60)]
    points = tuple((day, Decimal(most * number // 59)) for number, day in enumerate(days))
    chart = Chart("kecil", ChartKind.LINES, "Pengikut", "", "", (ChartSeries("Instagram", points),))

    said = re.findall(r'<g id="ytick_\d+">.*?<!-- ([\d.]+) -->', draw(chart).svg, re.DOTALL)

    assert len(said) >= 2
    assert len(said) == len(set(said)), said
