"""The report as a workbook: numbers as numbers, native charts, one sheet for each platform, and the sources."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from collector.language import t
from collector.reports.model import Align, Bullets, Cell, Chart, ChartKind, Paragraph, Report, Section, Table

_INTEGER, _PERCENT, _DECIMAL = "#,##0", '0.0"%"', "#,##0.0"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_WIDTHS = (34, 20, 14, 22, 16, 22, 14, 12, 14)


def render(report: Report) -> bytes:
    """Lay a report out as a workbook."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # The moment comes from the model, so that the same report gives the same bytes.
    book.set_properties({"title": f"{report.title} {report.period_text}", "created": _naive(report.made_at)})
    sheets = _Sheets(book, report)
    for section in report.sections:
        sheets.add(section)
    book.close()
    return out.getvalue()


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None, microsecond=0)


class _Sheets:
    """The sheets of one workbook: each table and its charts on the sheet of its section."""

    def __init__(self, book: Any, report: Report) -> None:  # noqa: ANN401 - the library's own
        self._book = book
        self._report = report
        self._names: set[str] = set()
        self._title = book.add_format({"bold": True, "font_size": 13})
        self._heading = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1, "text_wrap": True})
        self._text = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self._right = book.add_format({"border": 1, "align": "right", "valign": "top"})
        self._plain = book.add_format({"text_wrap": True, "valign": "top"})
        self._numbers = {
            form: book.add_format({"border": 1, "num_format": form, "valign": "top"})
            for form in (_INTEGER, _PERCENT, _DECIMAL)
        }

    def add(self, section: Section) -> None:
        """Add a section's sheet."""
        sheet = self._book.add_worksheet(self._name(section))
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width)
        sheet.write_string(0, 0, section.title, self._title)
        sheet.write_string(1, 0, f"{self._report.period_text} · {self._report.position_text}")
        row = 3
        for block in _blocks(section):
            row = self._block(sheet, row, block)

    def _block(self, sheet: Any, row: int, block: object) -> int:  # noqa: ANN401 - the library's own
        """Write a block from a row on. Returns the next free row."""
        match block:
            case Paragraph():
                text = " ".join((block.text, block.link, *block.codes)).strip()
                sheet.merge_range(row, 0, row, 7, text, self._plain)
                return row + 1
            case Bullets():
                for number, item in enumerate(block.items):
                    sheet.merge_range(row + number, 0, row + number, 7, f"• {item}", self._plain)
                return row + len(block.items) + 1
            case Table():
                return self._table(sheet, row, block)
            case Chart():
                return self._chart(sheet, row, block)
        return row

    def _table(self, sheet: Any, row: int, table: Table) -> int:  # noqa: ANN401 - the library's own
        sheet.write_string(row, 0, table.title, self._title)
        for place, column in enumerate(table.columns):
            sheet.write_string(row + 1, place, column.title, self._heading)
        for number, cells in enumerate(table.rows, start=row + 2):
            for place, cell in enumerate(cells):
                self._cell(sheet, number, place, cell, table)
        row += 2 + len(table.rows)
        for note in table.notes:
            sheet.merge_range(row, 0, row, 7, note, self._plain)
            row += 1
        return row + 1

    def _cell(self, sheet: Any, row: int, place: int, cell: Cell, table: Table) -> None:  # noqa: ANN401 - the library's own
        column = table.columns[place]
        if cell.number is None:
            sheet.write_string(row, place, cell.text, self._right if column.align is Align.RIGHT else self._text)
            return
        is_whole = cell.number == cell.number.to_integral_value()
        form = _PERCENT if column.is_percent else _INTEGER if is_whole else _DECIMAL
        sheet.write_number(row, place, cell.number, self._numbers[form])

    def _chart(self, sheet: Any, row: int, chart: Chart) -> int:  # noqa: ANN401 - the library's own
        """Write the numbers of a chart to the right of the sheet, and the chart that reads them."""
        native = self._book.add_chart({"type": "line" if chart.kind is ChartKind.LINES else "bar"})
        name = sheet.get_name()
        column = 11
        day = self._book.add_format({"num_format": "dd/mm/yyyy"})
        for series in chart.series:
            sheet.write_string(row, column + 1, series.label, self._heading)
            for number, (label, value) in enumerate(series.points, start=row + 1):
                if isinstance(label, date):
                    sheet.write_datetime(number, column, datetime(label.year, label.month, label.day), day)  # noqa: DTZ001 - a day of a spreadsheet has no zone
                else:
                    sheet.write_string(number, column, label)
                sheet.write_number(number, column + 1, value)
            last = row + len(series.points)
            native.add_series(
                {
                    "name": [name, row, column + 1],
                    "categories": [name, row + 1, column, last, column],
                    "values": [name, row + 1, column + 1, last, column + 1],
                    "data_labels": {"value": chart.kind is ChartKind.BARS},
                }
            )
            column += 3
        native.set_title({"name": chart.title, "name_font": {"size": 11}})
        native.set_size({"width": 760, "height": 300})
        if chart.kind is ChartKind.LINES:
            native.set_x_axis({"date_axis": True, "num_format": "mm/yyyy"})
            native.set_y_axis({"min": 0, "num_format": _INTEGER})
        else:
            native.set_y_axis({"reverse": True})
            native.set_legend({"none": True})
        sheet.insert_chart(row, 0, native, {"description": chart.alt})
        return row + max(16, max(len(series.points) for series in chart.series) + 2)

    def _name(self, section: Section) -> str:
        """Name a sheet: short, and each name once."""
        name = _FORBIDDEN.sub(" ", section.title).strip()[:_LONGEST_NAME] or t("Lembar", en="Sheet")
        number = 2
        while name.casefold() in self._names:
            name = f"{name[: _LONGEST_NAME - 3]} {number}"
            number += 1
        self._names.add(name.casefold())
        return name


def _blocks(section: Section) -> Iterator[object]:
    yield from section.blocks
    for below in section.sections:
        yield Paragraph(below.title)
        yield from _blocks(below)
