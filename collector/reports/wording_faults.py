"""Faults in how numbers are written: mixed grouping, a doubled percent, abbreviations."""

import re
from collections.abc import Iterator

from collector.language import t

_DOUBLE = re.compile(r"\d\s*%\s*(?:persen|percent)\b", re.IGNORECASE)
_DOT_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,]*\d)")
_COMMA_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,]*\d)")
_SHORTENED = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?\s?(?:[KkMm]|rb|ribu|jt|juta)\b")


def find_faults(text: str, language: str = "id") -> Iterator[str]:
    """Yield what is wrong with the numbers of a text, each with the words that show it."""
    for found in _DOUBLE.finditer(text):
        yield t(f"“{found[0]}”: persen ditulis dua kali", en=f"“{found[0]}”: percent is written twice")
    wrong = _DOT_GROUPED if language == "en" else _COMMA_GROUPED
    for found in wrong.finditer(text):
        yield t(
            f"“{found[0]}”: ribuan ditulis dengan {'koma' if language == 'en' else 'titik'}",
            en=f"“{found[0]}”: thousands are grouped with a {'comma' if language == 'en' else 'dot'}",
        )
    for found in _SHORTENED.finditer(text):
        yield t(f"“{found[0]}”: angka disingkat", en=f"“{found[0]}”: the number is shortened")
