"""Moments as people write them: a month, a day or a time of day, in Indonesian, English or ISO form.

The day always comes before the month (28/12/2022). A time without an offset is the office's own time.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from collector.importers.cells import Cell, text_of
from collector.importers.values import CellError
from collector.language import t

FIRST_YEAR = 2004  # the year the oldest of the platforms opened
CLOCK_SLACK = timedelta(minutes=5)  # what the clocks of a phone and of the office's machine may differ by

_LAST_SECOND = time(23, 59, 59)
_MONTH_NAMES = (
    ("januari", "january"),
    ("februari", "february", "pebruari"),
    ("maret", "march"),
    ("april",),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("agustus", "august", "agt"),
    ("september", "sept"),
    ("oktober", "october"),
    ("november", "nopember"),
    ("desember", "december"),
)
_MONTHS = {
    spelling: number
    for number, names in enumerate(_MONTH_NAMES, start=1)
    for name in names
    for spelling in (name, name[:3])
}
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "wib": 7, "wita": 8, "wit": 9}  # Keppres 41/1987, hours before UTC

_DATES = (
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?",
    r"(?:(?P<day>\d{1,2})[-/.])?(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
    r"(?:(?P<day>\d{1,2})[-/ ])?(?P<name>[a-z]{3,9})\.?[-/ ](?P<year>\d{4})",
    r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})",
)
_TIME = (
    r"(?:t| ?, ?| )(?:pukul |pkl\.? |jam )?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
)
_OFFSET = r"(?: ?(?:(?P<zone>z|utc|gmt|wib|wita|wit)|(?P<sign>[+-])(?P<hours>\d{2})(?::?(?P<minutes>\d{2}))?))?"
_SPELLINGS = tuple(re.compile(f"(?:per )?{spelling}(?:{_TIME}{_OFFSET})?", re.ASCII) for spelling in _DATES)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a figure held. `at` (UTC) is the last second of a day or month; `day` is its date for the office."""

    at: datetime
    day: date
    precision: str


def read_moment(cell: Cell, *, zone: ZoneInfo, now: datetime) -> Stamp:
    """Read a moment of an office in `zone`. Raises CellError, also for what has not been yet and for ancient dates."""
    written = text_of(cell)
    spelled = " ".join(written.replace("−", "-").casefold().split())
    match = next((found for found in (spelling.fullmatch(spelled) for spelling in _SPELLINGS) if found), None)
    if match is None:
        raise _unreadable(written)
    if int(match["year"]) < FIRST_YEAR:
        raise _ancient(written)
    today = now.astimezone(zone).date()
    if int(match["year"]) > today.year + 1:  # the next year may have begun where the writer's offset holds
        raise _future(written)
    stamp = _stamp(match.groupdict(), written, zone)
    is_future = {
        "instant": stamp.at > now + CLOCK_SLACK,
        "day": stamp.day > today,
        "month": (stamp.day.year, stamp.day.month) > (today.year, today.month),
    }[stamp.precision]
    if is_future:
        raise _future(written)
    return stamp


def _stamp(parts: dict[str, str | None], written: str, zone: ZoneInfo) -> Stamp:
    year, month = int(parts["year"] or 0), _month(parts, written)
    if parts["day"] is None:
        if parts["hour"] is not None:
            raise _unreadable(written)
        last = date(year, month, monthrange(year, month)[1])
        return Stamp(_end_of(last, zone), last, "month")
    try:
        day = date(year, month, int(parts["day"]))
        if parts["hour"] is None:
            return Stamp(_end_of(day, zone), day, "day")
        clock = time(int(parts["hour"]), int(parts["minute"] or 0), int(parts["second"] or 0))
        at = datetime.combine(day, clock, _offset(parts) or zone).astimezone(UTC)
    except ValueError as fault:
        raise _unreadable(written) from fault
    return Stamp(at, at.astimezone(zone).date(), "instant")


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, _LAST_SECOND, zone).astimezone(UTC)


def _month(parts: dict[str, str | None], written: str) -> int:
    name = parts.get("name")
    month = _MONTHS.get(name, 0) if name else int(parts["month"] or 0)
    if not 1 <= month <= len(_MONTH_NAMES):
        raise _unreadable(written)
    return month


def _offset(parts: dict[str, str | None]) -> tzinfo | None:
    """Return the offset that is written beside a time, None where there is none."""
    if parts["zone"]:
        return timezone(timedelta(hours=_ZONES[parts["zone"]]))
    if parts["sign"] is None:
        return None
    away = timedelta(hours=int(parts["hours"] or 0), minutes=int(parts["minutes"] or 0))
    return timezone(-away if parts["sign"] == "-" else away)


def _future(written: str) -> CellError:
    return CellError(t(f'"{written}" adalah tanggal di masa depan.', en=f'"{written}" is a date in the future.'))


def _ancient(written: str) -> CellError:
    return CellError(
        t(
            f'"{written}" tidak masuk akal: sebelum tahun {FIRST_YEAR} belum ada akun seperti ini.',
            en=f'"{written}" is improbable: before {FIRST_YEAR} there were no such accounts.',
        )
    )


def _unreadable(written: str) -> CellError:
    if not written:
        return CellError(
            t(
                "kosong. Tulis tanggal atau bulannya, misalnya 28/12/2022 atau 2022-06.",
                en="empty. Write the date or the month, such as 28/12/2022 or 2022-06.",
            )
        )
    return CellError(
        t(
            f'"{written}" tidak dapat dibaca sebagai tanggal. Tulis hari, bulan, lalu tahun empat angka, misalnya '
            "28/12/2022, 28 Desember 2022, 2022-12-28 14:24, atau bulannya saja: 2022-06.",
            en=f'"{written}" cannot be read as a date. Write the day, the month, then the year in four digits, such as '
            "28/12/2022, 28 December 2022, 2022-12-28 14:24, or the month alone: 2022-06.",
        )
    )
