"""From a figure of a report back to the readings it was made of, and to the answers that these stand in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.errors import SelectionError
from collector.figures.codes import reading_code
from collector.figures.history import plain_reading
from collector.figures.lines import point_of
from collector.figures.trace import Trace, trace_reading
from collector.growth.points import Point
from collector.language import t
from collector.reports import formats
from collector.reports.archive import load
from collector.reports.evidence import digest_of
from collector.reports.model import Evidence, Figure, Report
from collector.store.history import History
from collector.store.queries import Queries
from collector.store.records import HistoryReading
from collector.store.reports import Reports

_CODE = re.compile(r"F-[0-9A-Z]{4,}", re.IGNORECASE)
_SHOWN_ANSWERS = 2  # of each end the first and the last: the answers of a half-year would fill a book


@dataclass(frozen=True, slots=True)
class Selection:
    """One end's readings as the store has them, and whether they still are what the report was made of."""

    evidence: Evidence
    readings: tuple[HistoryReading, ...]
    is_same: bool


@dataclass(frozen=True, slots=True)
class FigureTrace:
    """A figure with the report that it was last printed in, its readings, and the answers of some of them."""

    figure: Figure
    report: Report
    selections: tuple[Selection, ...]
    answers: tuple[Trace, ...]

    def plain(self) -> dict[str, Any]:
        """Return the trace as plain values."""
        figure = self.figure
        return {
            "code": figure.code,
            "report": {"office": self.report.office, "period": self.report.period, "version": self.report.version},
            "platform": figure.platform,
            "account": figure.account,
            "label": figure.label,
            "value": figure.value,
            "value_at": figure.value_at,
            "base": figure.base,
            "base_at": figure.base_at,
            "difference": figure.difference,
            "percent": figure.percent,
            "formula": figure.formula,
            "flags": list(figure.flags),
            "evidence": [
                {
                    "from": one.evidence.first,
                    "to": one.evidence.last,
                    "count": one.evidence.count,
                    "total": one.evidence.total,
                    "sha256": one.evidence.digest,
                    "agrees": one.is_same,
                    "readings": [plain_reading(reading) for reading in one.readings],
                }
                for one in self.selections
            ],
            "answers": [one.plain() for one in self.answers],
        }

    def lines(self) -> list[str]:
        """Return the trace as lines for a person."""
        figure, report = self.figure, self.report
        lines = [
            f"{figure.code}: {figure.platform} {figure.account}, {figure.label}",
            t(f"  laporan    {report.period}, versi {report.version}",
              en=f"  report     {report.period}, version {report.version}"),
            t("  nilai      ", en="  value      ") + f"{figure.value} ({figure.value_at})",
            t("  dasar      ", en="  base       ") + f"{figure.base} ({figure.base_at})",
            t("  perubahan  ", en="  change     ") + f"{figure.difference} ({figure.percent})",
        ]  # fmt: skip
        if figure.formula:
            lines.append(t("  hitungan   ", en="  reckoned   ") + figure.formula)
        if figure.flags:
            lines.append(t("  catatan    ", en="  remarks    ") + ", ".join(figure.flags))
        for one in self.selections:
            lines += _selection_lines(one)
        for answer in self.answers:
            lines += ["", *answer.lines()]
        return lines


def is_figure_code(code: str) -> bool:
    """Whether a code is one of a report's figure."""
    return _CODE.fullmatch(code.strip()) is not None


def trace_figure(code: str, archive: Reports, history: History, queries: Queries) -> FigureTrace:
    """Trace a figure as it was last printed. Raises SelectionError where no report has it."""
    wanted = code.strip().upper()
    for stored in archive.list_newest():
        if wanted not in stored.model:
            continue
        report = load(stored.model)
        figure = next((one for one in report.figures if one.code == wanted), None)
        if figure is not None:
            selections = tuple(_select(one, report, history) for one in figure.evidence)
            answers = tuple(trace_reading(one, history, queries) for one in _few(selections))
            return FigureTrace(figure, report, selections, answers)
    raise SelectionError(
        t(
            f"Tidak ada laporan yang memuat angka {wanted}. Kode F-… tercetak di laporan yang sudah dibuat.",
            en=f"No report has a figure {wanted}. The F-… codes are printed in reports that were made.",
        )
    )


def _select(evidence: Evidence, report: Report, history: History) -> Selection:
    """Read an end's readings as they were known when the report was made; see whether they still are the same."""
    first, last = date.fromisoformat(evidence.first), date.fromisoformat(evidence.last)
    margin = timedelta(days=1)  # an office's day and that of a moment in UTC may be neighbours
    then, now = (
        _matching(history.list_of_series(evidence.series, first - margin, last + margin, as_of), evidence)
        for as_of in (report.made_at, None)
    )
    return Selection(evidence, then or now, _digest(now) == evidence.digest)


def _matching(readings: Sequence[HistoryReading], evidence: Evidence) -> tuple[HistoryReading, ...]:
    """Return those readings that the evidence is of: the named ones, or between the first and the last named the most
    trusted one of each day."""
    by_code = {reading_code(one.series_id, one.at): one for one in readings}
    if evidence.count <= len(evidence.codes):
        return tuple(by_code[code] for code in evidence.codes if code in by_code)
    ends = [by_code[code].at for code in evidence.codes if code in by_code]
    of_day: dict[date, tuple[Point, HistoryReading]] = {}
    for one in readings:
        if ends and min(ends) <= one.at <= max(ends):
            point = point_of(one, ZoneInfo(one.zone))
            held = of_day.get(point.day)
            if held is None or (point.trust, point.at) > (held[0].trust, held[0].at):
                of_day[point.day] = (point, one)
    return tuple(of_day[day][1] for day in sorted(of_day))


def _digest(readings: Sequence[HistoryReading]) -> str:
    return digest_of(
        (reading_code(one.series_id, one.at), one.value, one.value if one.upto is None else one.upto)
        for one in readings
    )


def _few(selections: Sequence[Selection]) -> list[str]:
    codes: list[str] = []
    for one in selections:
        named = [reading_code(reading.series_id, reading.at) for reading in one.readings]
        codes += named if len(named) <= _SHOWN_ANSWERS else [named[0], named[-1]]
    return list(dict.fromkeys(codes))


def _selection_lines(one: Selection) -> list[str]:
    evidence = one.evidence
    days = formats.days(date.fromisoformat(evidence.first), date.fromisoformat(evidence.last))
    total = formats.number(evidence.total)
    agrees = t("ya", en="yes") if one.is_same else t("TIDAK: direvisi sejak itu", en="NO: revised since")
    lines = [
        "",
        t(
            f"  bukti      {evidence.count} catatan, {days}, jumlah {total}, sha256 {evidence.digest[:16]}…, "
            f"masih sama: {agrees}",
            en=f"  evidence   {evidence.count} readings, {days}, total {total}, sha256 {evidence.digest[:16]}…, "
            f"still the same: {agrees}",
        ),
    ]
    for reading in one.readings:
        plain = plain_reading(reading)
        lines.append(f"    {plain['id']}  {plain['at']}  {plain['value']}  {plain['origin']}  {plain['source']}")
    return lines
