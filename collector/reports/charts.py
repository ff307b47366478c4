"""Charts as pictures: readable in grey, each line with its own mark and its own name beside it.

The library is imported when the first chart is drawn: it costs a second, and most commands draw none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO, StringIO
from typing import Any

from collector.reports.formats import number
from collector.reports.model import Chart, ChartKind, Report

_SIZE = (7.2, 3.1)  # inches; the width of a page's text
_DOTS = 150
_GREYS = ("#111111", "#555555", "#888888", "#333333", "#707070", "#999999")
_LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
_MARKS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart in both kinds of image. `alt` says in words what it shows."""

    svg: str
    png: bytes
    alt: str
    title: str


def draw_all(report: Report) -> Mapping[str, Picture]:
    """Draw a report's charts, by key."""
    return {block.key: draw(block) for block in report.blocks() if isinstance(block, Chart)}


@lru_cache(maxsize=64)
def draw(chart: Chart) -> Picture:
    """Draw a chart. The same chart gives the same bytes."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    # Letters as outlines: the picture needs no font where it is shown. A fixed salt: the same ids every time.
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": chart.key, "font.size": 8, "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        if chart.kind is ChartKind.LINES:
            _lines(axes, chart)
        else:
            _bars(axes, chart)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        svg, png = StringIO(), BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None})
        figure.savefig(png, format="png", dpi=_DOTS, metadata={"Software": None})
    text = svg.getvalue()
    return Picture(text[text.index("<svg") :], png.getvalue(), chart.alt, chart.title)


def _lines(axes: Any, chart: Chart) -> None:  # noqa: ANN401 - the library's own
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for place, series in enumerate(chart.series):
        days = [label for label, _ in series.points if isinstance(label, date)]
        values = [float(value) for _, value in series.points]
        style = place % len(_GREYS)
        every = max(1, len(days) // 8)
        axes.plot(days, values, color=_GREYS[style], linestyle=_LINES[style], marker=_MARKS[style], markersize=3.5,
                  markevery=every, linewidth=1.2)  # fmt: skip
        axes.annotate(series.label, (days[-1], values[-1]), xytext=(4, 0), textcoords="offset points", va="center",
                      annotation_clip=False)  # fmt: skip
    axes.margins(x=0.02)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))  # there is no half follower
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(round(value))))
    ticks = _months([label for series in chart.series for label, _ in series.points if isinstance(label, date)])
    axes.set_xticks(ticks, [f"{day:%m/%Y}" for day in ticks])


def _months(days: list[date]) -> list[date]:
    """Return the firsts of at most eight months between the first and the last day."""
    first, last = min(days), max(days)
    months = [
        date(month // 12, month % 12 + 1, 1)
        for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    ]
    inside = [day for day in months if first <= day <= last] or [first]
    return inside[:: max(1, -(-len(inside) // 8))]


def _bars(axes: Any, chart: Chart) -> None:  # noqa: ANN401 - the library's own
    (series,) = chart.series
    labels = [str(label) for label, _ in series.points][::-1]
    values = [value for _, value in series.points][::-1]
    drawn = axes.barh(range(len(labels)), [float(value) for value in values], color="#bbbbbb", edgecolor="#222222",
                      hatch="//", linewidth=0.8, height=0.6)  # fmt: skip
    axes.set_yticks(range(len(labels)), labels)
    decimals = max((-int(value.as_tuple().exponent) for value in values), default=0)
    texts = [number(int(value.scaleb(decimals)), decimals) + ("%" if chart.unit == "%" else "") for value in values]
    axes.bar_label(drawn, texts, padding=3)
    axes.axvline(0, color="#222222", linewidth=0.8)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.12)
