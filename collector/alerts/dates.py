"""Days and spans in both languages at once, because a cause is told in one and may be looked at in the other."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from collector.reports.formats import zone_name
from connectors.kit import Words

_MOST_NAMES = 4


def day(value: date) -> Words:
    """Write a day: 28 Desember 2022."""
    return Words(*(str(format_date(value, "d MMMM y", locale=locale)) for locale in ("id", "en_GB")))


def moment(value: datetime, zone: ZoneInfo) -> Words:
    """Write a moment in an office's time: 28 Desember 2022, pukul 14.24 WIB."""
    local = value.astimezone(zone)
    written, zoned = day(local.date()), zone_name(local)
    return Words(f"{written.id}, pukul {local:%H.%M} {zoned}", f"{written.en}, {local:%H:%M} {zoned}")


def names(texts: Iterable[str]) -> Words:
    """List names, the first few of many."""
    listed = list(texts)
    shown, more = ", ".join(listed[:_MOST_NAMES]), len(listed) - _MOST_NAMES
    return Words(shown, shown) if more <= 0 else Words(f"{shown}, dan {more} lagi", f"{shown} and {more} more")
