"""Finding what a written report states: a value, how much it changed, by how many percent, from what, as of when.

Dates, times and lengths of windows are taken out first, so that no year is ever read as a number of followers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from collector.importers.report_text import Passage

_MONTHS = "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\s*[–-]\s*)?\d{{1,2}}\s+(?:{_MONTHS})\s+\d{{4}}\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}\b|"
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b(?:{_MONTHS})(?:\s+\d{{4}})?\b", re.IGNORECASE)
_NOISE = re.compile(
    r"\b(?:pukul|pkl\.?|jam)\s*\d{1,2}[.:]\d{2}(?:\s*wi(?:b|ta|t)\b)?|"  # a time of day
    r"\b\d+\s*(?:hari|jam|menit|days?)\b|"  # a length
    r"\b(?:semester|triwulan|tahun|pasal|nomor|no\.|bab|tabel|gambar)\s*(?:[ivx]+|\d+)\b|"  # a numbered thing
    r"@[\w.]+|https?://\S+|\b(?:19|20)\d{2}\b",  # a handle, an address, a year
    re.IGNORECASE,
)
_NUMBER = r"\d{1,3}(?:[.,]\d{3})+|\d+"
_PERCENT = re.compile(r"([+−-]?)\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:%|persen\b)(?:\s*persen\b)?", re.IGNORECASE)
_UP = r"naik|bertambah|meningkat|kenaikan|peningkatan|penambahan|tambahan|tumbuh"
_DOWN = r"turun|berkurang|menurun|penurunan|pengurangan"
_BY = rf"(?:\s+(?:sebesar|sebanyak|sekitar|yaitu|hingga))?\s+({_NUMBER})(?![\d.,]*\s*(?:%|persen))"
_RISE = re.compile(rf"(?:{_UP}){_BY}", re.IGNORECASE)
_FALL = re.compile(rf"(?:{_DOWN}){_BY}", re.IGNORECASE)
_SIGNED = re.compile(rf"(?<![\w.,])([+−-])\s?({_NUMBER})(?![\d.,]*\s*(?:%|persen|[kK]\b))")
_FROM = re.compile(rf"\bdari(?:\s+(?:sebelumnya|semula))?\s+({_NUMBER})(?!\d|[.,]\d)", re.IGNORECASE)
_TO = re.compile(rf"\bmenjadi(?:\s+sebanyak)?\s+({_NUMBER})(?![\d.,]*\s*%)", re.IGNORECASE)
_COUNT = re.compile(rf"(?<![\w.,+−-])({_NUMBER})(?![\d.,]*\s*(?:%|persen|[kKmM]\b|rb\b|ribu\b|jt\b))", re.IGNORECASE)
_FALLING = re.compile(rf"\b(?:{_DOWN})\b", re.IGNORECASE)
_ARITHMETIC = re.compile(r"[^;|]*[=÷][^;|]*")  # "1.619 − 1.240 = 379" is a reckoning, and states no change
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure as a report states it. What it does not say is None; `decimals` are those of the percentage.

    `at` is the text of its date, `base_at` the month or semester that it is compared with, "" where none is named.
    """

    passage: int
    text: str
    value: int
    change: int | None
    percent: Decimal | None
    decimals: int
    base: int | None
    at: str
    base_at: str
    section: str


def find_statements(passages: Sequence[Passage]) -> Iterator[Statement]:
    """Yield what is stated, in reading order. `section` is the last short line before, such as a platform's name."""
    position, section = "", ""
    for passage in passages:
        dated = _DATE.search(passage.text)
        if dated is not None and re.search(r"\bposisi\b", passage.text, re.IGNORECASE):
            position = dated[0]
        found = list(_of_passage(passage, dated[0] if dated is not None else position, section))
        if not found and len(passage.text) < 80 and not passage.cells:
            section = passage.text
        yield from found


def _of_passage(passage: Passage, at: str, section: str) -> Iterator[Statement]:
    if passage.cells:
        one = _read(passage, "; ".join(passage.cells), at, passage.cells[0])
        if one is not None:
            yield one
        return
    for sentence in _SENTENCE.split(passage.text):
        dated = _DATE.search(sentence)
        one = _read(passage, sentence, dated[0] if dated is not None else at, section)
        if one is not None:
            yield one


def _read(passage: Passage, text: str, at: str, section: str) -> Statement | None:
    """Read a sentence or a table's row. None where it states no value with a change or percentage."""
    without_dates = _DATE.sub(" ", _ARITHMETIC.sub(" ", text))
    month = _MONTH.search(without_dates)
    plain = _NOISE.sub(" ", _MONTH.sub(" ", without_dates))
    percent, decimals, is_negative = _percentage(plain)
    base, change = _first(_FROM, plain), _change(plain)
    value = _first(_TO, plain)
    if value is None:
        value = _value(_without(plain, change, base))
    if value is None or (percent is None and change is None):
        return None
    if percent is not None and (is_negative or (_FALLING.search(plain) and change is None)):
        percent = -abs(percent)
    if percent is not None and change is not None and change < 0:
        percent = -abs(percent)
    compared = re.search(r"semester (?:pertama|i\b|sebelumnya|lalu)", without_dates, re.IGNORECASE)
    base_at = month[0] if month is not None else compared[0] if compared is not None else ""
    return Statement(passage.number, text, value, change, percent, decimals, base, at, base_at, section)


def _percentage(text: str) -> tuple[Decimal | None, int, bool]:
    found = _PERCENT.search(text)
    if found is None:
        return None, 0, False
    number = found[2].replace(",", ".")
    return Decimal(number), len(number.partition(".")[2]), found[1] in ("−", "-")


def _change(text: str) -> int | None:
    signed = _SIGNED.search(text)
    if signed is not None:
        return _integer(signed[2]) * (1 if signed[1] == "+" else -1)
    rise, fall = _first(_RISE, text), _first(_FALL, text)
    return rise if rise is not None else -fall if fall is not None else None


def _value(text: str) -> int | None:
    """Return the count that is stated: the first number that is neither a percentage nor shortened."""
    return _first(_COUNT, _PERCENT.sub(" ", text))


def _without(text: str, change: int | None, base: int | None) -> str:
    for pattern, there in ((_SIGNED, change), (_RISE, change), (_FALL, change), (_FROM, base)):
        if there is not None:
            text = pattern.sub(" ", text, count=1)
    return text


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return _integer(found[1]) if found is not None else None


def _integer(text: str) -> int:
    return int(text.replace(".", "").replace(",", ""))


def with_base(statement: Statement, base: int) -> Statement:
    """Return a statement with the base that it implies."""
    return replace(statement, base=base)
