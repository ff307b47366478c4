"""The report as a model: sections of blocks, whose figures remember what they were made from.

Everything is a plain frozen value, finished to the last word: renderers only lay it out, and never compute, look
anything up or ask what time it is. So one model gives one document, in four formats that hold the same figures.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one end of a figure was made from: readings by their codes, from a day to a day.

    `count` and `total` are of all of them, `digest` a sha256 over their codes and values; `codes` are all of a few, the
    first and last of many. `series` are the stored series that they lie in, by number.
    """

    first: str
    last: str
    count: int
    total: int
    digest: str
    codes: tuple[str, ...]
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the report with its way back. `code` (F-…) stays the same from version to version.

    Texts are as they are printed; `formula` shows how the difference and the percentage come about.
    """

    code: str
    platform: str
    account: str
    label: str
    value: str
    value_at: str
    base: str
    base_at: str
    difference: str
    percent: str
    formula: str
    remarks: tuple[str, ...]
    flags: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class Align(StrEnum):
    """How a column stands."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: its text, the number behind it where it is one, and the figure that it shows.

    `number` is exact and unscaled (a percentage of 30.6 is 30.6); None where there is no figure.
    """

    text: str
    number: Decimal | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. `is_percent` tells a spreadsheet how to show its numbers."""

    title: str
    align: Align = Align.LEFT
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption, and notes below it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `codes` are the figures that it states, `link` an address that it ends with."""

    text: str
    codes: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of points; numbered where `is_numbered`."""

    items: tuple[str, ...]
    is_numbered: bool = False


class ChartKind(StrEnum):
    """How a chart shows its numbers."""

    LINES = "lines"  # values over days
    BARS = "bars"  # a value for each label


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One line or row of bars. `points` are (day or label, value); a day that is missing is not there."""

    label: str
    points: tuple[tuple[date | str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of numbers that stand in the report. `alt` says in words what it shows."""

    key: str
    kind: ChartKind
    title: str
    alt: str
    unit: str
    series: tuple[ChartSeries, ...]


Block = Paragraph | Bullets | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks and the sections below it. `key` names it for templates: "recap", "platform", …"""

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()
    platform: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signs, where and when; texts as they are printed, "" where nobody filled them in."""

    place: str
    date: str
    role: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One pre-signing check: what was looked at, whether it is in order, and what to do where it is not."""

    code: str
    title: str
    is_passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole document. `period` is its name (2026-S2), `period_text` how it is printed.

    `position` is the report's own moment, `made_at` when its newest figure was recorded: never the time of rendering.
    Version 0 is a sheet: it has no cover and no figures, is made anew each time and never frozen.
    """

    language: str
    office: str
    office_name: str
    seat: str
    title: str
    period: str
    against: str
    period_text: str
    position: datetime
    position_text: str
    made_at: datetime
    version: int
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    sign_off: SignOff
    checks: tuple[Check, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def is_sheet(self) -> bool:
        """Whether it is no report but a sheet, laid out like one."""
        return self.version == 0

    @property
    def stem(self) -> str:
        """The name of its files, without an ending."""
        return f"laporan-{self.office}-{self.period}-v{self.version}"

    def blocks(self) -> tuple[Block, ...]:
        """Return all blocks in reading order."""
        return tuple(block for section in self.sections for block in _blocks(section))


def _blocks(section: Section) -> list[Block]:
    return [*section.blocks, *(block for below in section.sections for block in _blocks(below))]
