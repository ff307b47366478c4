"""Faults in how numbers are written: a doubled percent, foreign grouping, shortened numbers."""

import re
from collections.abc import Iterator

from collector.language import t

_TWICE = re.compile(r"\d[\d.,]*\s*%\s*(?:persen|percent)\b", re.IGNORECASE)
_DOT_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,]*\d)")
_COMMA_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,]*\d)")
_SHORTENED = re.compile(r"(?<![\w.,])(\d+)(?:[.,](\d+))?\s?(k|rb|ribu|jt|juta|m)\b", re.IGNORECASE)
_TIMES = {"k": 1_000, "rb": 1_000, "ribu": 1_000, "jt": 1_000_000, "juta": 1_000_000, "m": 1_000_000}


def find_faults(text: str, language: str = "id") -> Iterator[str]:
    """Yield what is wrong with the numbers of a text, each with the words that show it."""
    yield from find_twice(text)
    wrong = _DOT_GROUPED if language == "en" else _COMMA_GROUPED
    for found in wrong.finditer(text):
        yield t(
            f"“{found[0]}”: ribuan ditulis dengan {'koma' if language == 'en' else 'titik'}",
            en=f"“{found[0]}”: thousands are grouped with a {'comma' if language == 'en' else 'dot'}",
        )
    for short, _, _ in find_shortened(text):
        yield t(f"“{short}”: angka disingkat", en=f"“{short}”: the number is shortened")


def find_twice(text: str) -> Iterator[str]:
    """Yield each percentage whose sign is written twice."""
    for found in _TWICE.finditer(text):
        yield t(f"“{found[0]}”: persen ditulis dua kali", en=f"“{found[0]}”: percent is written twice")


def find_shortened(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each shortened number with the whole numbers it may stand for: from the first up to before the second."""
    for found in _SHORTENED.finditer(text):
        digits, times = found[2] or "", _TIMES[found[3].casefold()]
        step = times // 10 ** len(digits) or 1
        least = int(found[1] + digits) * step
        yield found[0], least, least + step
