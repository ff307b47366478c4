"""Numbers, percentages, days and periods as people read them: the one place that rounds.

Indonesian first (`1.619`, `30,6%`, `28 Desember 2022, pukul 14.24 WIB`), English second. Numbers are never shortened.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from collector.growth.change import Amount
from collector.growth.periods import MONTHS_OF, Period
from collector.language import current, t

MINUS, TO, NONE = "−", "–", "–"
"""A real minus sign, the sign between the ends of an interval, and what stands where there is no figure."""

_LOCALES = {"id": Locale("id", "ID"), "en": Locale("en", "GB")}
_ZONES = {7.0: "WIB", 8.0: "WITA", 9.0: "WIT"}  # Keppres 41/1987: three zones, no summer time
_ROMAN = ("I", "II", "III", "IV")


def rounded(value: Fraction, places: int = 1) -> Decimal:
    """Round once, half away from zero."""
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    digits = whole + (2 * rest >= scaled.denominator)
    return Decimal(digits if value >= 0 else -digits).scaleb(-places)


def number(value: int, decimals: int = 0) -> str:
    """Write a stored value: 1.619, −12, 30,6."""
    exact = Decimal(value).scaleb(-decimals)
    pattern = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    text = str(format_decimal(abs(exact), format=pattern, locale=_LOCALES[current()]))
    return f"{MINUS}{text}" if exact < 0 else text


def amount(value: Amount, decimals: int = 0) -> str:
    """Write a number that may be an interval: 37, 36–37."""
    if value.is_exact:
        return number(value.least, decimals)
    return f"{number(value.least, decimals)}{TO}{number(value.most, decimals)}"


def signed(value: Amount, decimals: int = 0) -> str:
    """Write a difference for a table: +379, −12, 0."""
    plus = "+" if value.least > 0 else ""
    return plus + amount(value, decimals)


def percentage(value: Fraction) -> str:
    """Write the size of a percentage, without its sign: 30,6%, and <0,1% for one that would round to nothing."""
    size = abs(value)
    if 0 < size < Fraction(5, 100):
        return t("<0,1%", en="<0.1%")
    text = format_decimal(rounded(size), format="#,##0.0", locale=_LOCALES[current()])
    return f"{text}%"


def day(value: date) -> str:
    """Write a day: 28 Desember 2022."""
    return str(format_date(value, "d MMMM y", locale=_LOCALES[current()]))


def month(value: date) -> str:
    """Write a month: Juni 2022."""
    return str(format_date(value, "MMMM y", locale=_LOCALES[current()]))


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Write a moment in the office's time: 28 Desember 2022, pukul 14.24 WIB."""
    local = value.astimezone(zone)
    return t(
        f"{day(local.date())}, pukul {local:%H.%M} {zone_name(local)}",
        en=f"{day(local.date())}, {local:%H:%M} {zone_name(local)}",
    )


def zone_name(local: datetime) -> str:
    """Name a zone as Indonesia does (WIB, WITA, WIT), by its offset elsewhere."""
    hours = (local.utcoffset() or timedelta(0)) / timedelta(hours=1)
    return _ZONES.get(hours, f"UTC{hours:+g}")


def days(first: date, last: date) -> str:
    """Write a span of days as briefly as it is clear: 1–28 Desember 2022, 3 November–1 Desember 2022."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{TO}{day(last)}"
    if first.year == last.year:
        begin = str(format_date(first, "d MMMM", locale=_LOCALES[current()]))
        return f"{begin}{TO}{day(last)}"
    return f"{day(first)}{TO}{day(last)}"


def period(value: Period) -> str:
    """Name a period: Semester II (Juli–Desember) 2022, Triwulan IV (Oktober–Desember) 2022, Desember 2022, 2022."""
    year = value.first.year
    names = (_month_name(value.first), _month_name(value.last))
    index = (value.first.month - 1) // MONTHS_OF.get(value.span, 12)
    match value.span:
        case "semester":
            return f"Semester {_ROMAN[index]} ({names[0]}{TO}{names[1]}) {year}"
        case "quarter":
            return t(f"Triwulan {_ROMAN[index]}", en=f"Quarter {_ROMAN[index]}") + f" ({names[0]}{TO}{names[1]}) {year}"
        case "month":
            return month(value.first)
        case "year":
            return t(f"Tahun {year}", en=f"Year {year}")
    return days(value.first, value.last)


def _month_name(value: date) -> str:
    return str(format_date(value, "MMMM", locale=_LOCALES[current()]))
