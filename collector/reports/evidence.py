"""Figures with their way back: a short code, how they come about, and which readings they are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from collector.figures.codes import parse_reading_code
from collector.growth.change import Change, End, Flag
from collector.growth.points import Point
from collector.reports import formats
from collector.reports.model import Evidence, Figure
from collector.reports.words import difference_cell, percent_cell, value_of, when_of
from connectors.kit import Kind

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no letter that is taken for a digit
_SHORTEST, _FEW = 4, 4


def figure_code(about: str, length: int = _SHORTEST) -> str:
    """Return the code of what a figure is about: the same in every version, and on every machine."""
    number = int.from_bytes(sha256(about.encode()).digest())
    letters = ""
    for _ in range(length):
        number, letter = divmod(number, len(_LETTERS))
        letters += _LETTERS[letter]
    return f"F-{letters}"


@dataclass(slots=True)
class Figures:
    """The figures of one report as they are made. `scope` is what they share: the office and the period."""

    scope: str
    made: dict[str, Figure] = field(default_factory=dict)
    _about: dict[str, str] = field(default_factory=dict)

    def of_change(self, change: Change, platform: str, account: str, identity: str, label: str) -> str:
        """Make the figure of a change. Returns its code."""
        code = self._code(f"{platform}|{identity}|{change.measure}|change")
        difference, percent = difference_cell(change), percent_cell(change)
        self.made[code] = Figure(
            code, platform, account, label, _value(change.end, change), _at(change.end, change),
            _value(change.base, change), _at(change.base, change), difference, percent, _formula(change),
            tuple(_remarks(change)), tuple(str(flag) for flag in Flag if flag in change.flags),
            tuple(evidence_of(end.points) for end in (change.base, change.end) if end is not None and end.points),
        )  # fmt: skip
        return code

    def of_point(self, point: Point, about: str, platform: str, account: str, label: str, value: str) -> str:
        """Make the figure of a single reading. `about` tells it from all others of the report. Returns its code."""
        code = self._code(f"{platform}|{about}")
        self.made[code] = Figure(
            code, platform, account, label, value, when_of(point), formats.NONE, formats.NONE, formats.NONE,
            formats.NONE, "", (), (), (evidence_of([point]),),
        )  # fmt: skip
        return code

    def list_all(self) -> tuple[Figure, ...]:
        """Return all figures in the order in which they were made."""
        return tuple(self.made.values())

    def _code(self, about: str) -> str:
        whole, length = f"{self.scope}|{about}", _SHORTEST
        code = figure_code(whole)
        while self._about.get(code, whole) != whole:  # two things with one code: the later one gets a longer one
            length += 1
            code = figure_code(whole, length)
        self._about[code] = whole
        return code


def evidence_of(points: Sequence[Point]) -> Evidence:
    """Return what a selection of readings comes to."""
    codes = [point.code for point in points]
    shown = codes if len(codes) <= _FEW else [codes[0], codes[-1]]
    series = sorted({number[0] for number in map(parse_reading_code, codes) if number is not None})
    return Evidence(
        points[0].day.isoformat(), points[-1].day.isoformat(), len(points), sum(point.value for point in points),
        digest_of((point.code, point.value, point.most) for point in points), tuple(shown), tuple(series),
    )  # fmt: skip


def digest_of(readings: Iterable[tuple[str, int, int]]) -> str:
    """Return the digest of readings, each with its code, its value and its upper end."""
    return sha256("\n".join(f"{code} {value} {most}" for code, value, most in readings).encode()).hexdigest()


def _value(end: End | None, change: Change) -> str:
    return value_of(end, change.decimals) if end is not None else formats.NONE


def _at(end: End | None, change: Change) -> str:
    if end is None:
        return formats.NONE
    if change.kind in (Kind.LEVEL, Kind.COUNTER):
        return when_of(end.points[0])
    return formats.days(end.first, end.last)


def _formula(change: Change) -> str:
    """Write out the arithmetic: 1.619 − 1.240 = 379; 379 ÷ 1.240 = 30,6%."""
    if change.difference is None or change.base is None or change.end is None:
        return ""
    base, end = value_of(change.base, change.decimals), value_of(change.end, change.decimals)
    gone = formats.amount(change.difference, change.decimals)
    told = f"{end} {formats.MINUS} {base} = {gone}"
    if change.percent is None:
        return told
    percent = percent_cell(change)
    if Flag.MEAN_PER_DAY in change.flags:
        recorded = (formats.number(change.end.recorded), formats.number(change.base.recorded))
        return f"{told}; ({end} ÷ {recorded[0]}) ÷ ({base} ÷ {recorded[1]}) {formats.MINUS} 1 = {percent}"
    return f"{told}; {gone} ÷ {base} = {percent}"


def _remarks(change: Change) -> Iterable[str]:
    sources = {point.source for end in (change.base, change.end) if end is not None for point in end.points}
    yield from sorted(source for source in sources if source)
