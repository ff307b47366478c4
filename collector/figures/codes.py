"""The short codes of readings: `R-` and what identifies a reading, its series and its moment, in base 36."""

import re

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def reading_code(series_id: int, at: int) -> str:
    """Return the code of a reading. It stays the same when the reading's value is revised."""
    return f"R-{_base36(series_id)}-{_base36(at)}"


def parse_reading_code(code: str) -> tuple[int, int] | None:
    """Return the series and moment of a code, None where it is no code of a reading.

    Twelve digits hold every number that the store will ever give, and fit into its 64 bits.
    """
    found = re.fullmatch(r"R-([0-9a-z]{1,12})-([0-9a-z]{1,12})", code.strip(), re.IGNORECASE | re.ASCII)
    return (int(found[1], 36), int(found[2], 36)) if found else None


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
