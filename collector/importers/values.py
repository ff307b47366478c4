"""Counts and percentages as people write them.

A count has no decimals, so a dot, a comma or a space in one can only group thousands: `1.619`, `1,619`, `1 619` and
`1619` are one number. Whatever could mean two numbers is refused with the way to write it.
"""

import re
from decimal import Decimal

from collector.importers.cells import Cell, text_of
from collector.language import t
from connectors.kit import Kind, Measure, Subject

_MOST = 2**63 - 1  # the store's integer
_NOTHING = {"", "-", "--", "?", "n/a"}
_PLAIN = re.compile(r"0|[1-9][0-9]*")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([., ])[0-9]{3}(?:\1[0-9]{3})*")
_DIGITS_AND_MARKS = re.compile(r"[0-9]+(?:[., ]+[0-9]+)*")
_ABBREVIATED = re.compile(r"[+-]?[0-9][0-9., ]*(?:k|rb|ribu|jt|juta|m|mn|b|bn|miliar|thousand|million)\.?\+?", re.I)
_PERCENT = re.compile(r"[0-9] ?(?:%|persen|percent)$", re.I)
_DECIMAL = re.compile(r"(?P<sign>[+-]?) ?(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]+))? ?(?:%|persen|percent)?", re.I)
_WHOLE_SHARE = 100


class CellError(ValueError):
    """A cell that cannot be taken: one sentence that says why and how to write it, without naming the place."""


def read_value(cell: Cell, measure: Measure) -> int:
    """Return a figure of `measure` as the integer that is stored. Raises CellError."""
    if measure.kind is not Kind.RATIO and measure.places == 0:
        return read_count(cell)
    value = read_decimal(cell, measure.places)
    is_share = measure.kind is Kind.RATIO and measure.subject is Subject.AUDIENCE
    if is_share and not 0 <= value <= _WHOLE_SHARE * 10**measure.places:
        raise CellError(
            t(
                f'"{text_of(cell)}" bukan bagian dari seluruhnya: tulis antara 0 dan 100.',
                en=f'"{text_of(cell)}" is not a share of a whole: write between 0 and 100.',
            )
        )
    if measure.kind is not Kind.RATIO and value < 0:
        raise _negative(text_of(cell))
    return value


def read_count(cell: Cell) -> int:
    """Return a count: a whole number from 0 up, thousands grouped or not. Raises CellError."""
    written = _written(cell)
    if isinstance(cell, Decimal) and cell != cell.to_integral_value():
        raise _fraction(cell)
    if written.startswith("-"):
        raise _negative(written)
    if _ABBREVIATED.fullmatch(written):
        raise _abbreviated(written)
    if _PERCENT.search(written):
        raise CellError(
            t(
                f'"{written}" adalah persen, padahal metrik ini jumlah. Tulis jumlahnya, misalnya 1619.',
                en=f'"{written}" is a percentage, but this metric is a count. Write the count, such as 1619.',
            )
        )
    if written.startswith("+"):
        raise CellError(
            t(
                f'"{written}" adalah selisih. Tulis jumlah seluruhnya, misalnya 1619.',
                en=f'"{written}" is a difference. Write the whole count, such as 1619.',
            )
        )
    if _PLAIN.fullmatch(written) or _GROUPED.fullmatch(written):
        return _within_store(int(re.sub("[., ]", "", written)), written)
    if _DIGITS_AND_MARKS.fullmatch(written):
        raise CellError(
            t(
                f'"{written}" meragukan: jumlah tidak punya desimal, dan titik atau koma hanya memisahkan tiap tiga '
                "angka. Tulis angkanya tanpa pemisah, misalnya 1619.",
                en=f'"{written}" is doubtful: a count has no decimals, and a dot or comma only parts every three '
                "digits. Write the digits alone, such as 1619.",
            )
        )
    raise _no_number(written)


def read_decimal(cell: Cell, places: int) -> int:
    """Return a number with at most `places` decimals, signed or with a percent sign or not, scaled by them."""
    written = _written(cell)
    if _ABBREVIATED.fullmatch(written):
        raise _abbreviated(written)
    match = _DECIMAL.fullmatch(written)
    if match is None or len(match["part"] or "") > places:
        raise CellError(
            t(
                f'"{written}" tidak dapat dibaca: tulis satu angka dengan paling banyak {places} angka di belakang '
                "koma, tanpa pemisah ribuan, misalnya 30,6.",
                en=f'"{written}" cannot be read: write one number with at most {places} decimal place(s) and no '
                "thousands separator, such as 30.6.",
            )
        )
    scaled = int(match["whole"] + (match["part"] or "").ljust(places, "0"))
    return _within_store(-scaled if match["sign"] == "-" else scaled, written)


def _written(cell: Cell) -> str:
    """Return a number's text with one kind of space and of minus. Raises CellError where there is nothing."""
    written = " ".join(text_of(cell).replace("−", "-").replace("–", "-").replace("—", "-").split())
    if written.casefold() in _NOTHING:
        raise CellError(
            t(
                "kosong. Hapus barisnya; jangan tulis 0 kalau angkanya tidak diketahui.",
                en="empty. Remove the row; do not write 0 for a figure that is not known.",
            )
        )
    return written


def _within_store(value: int, written: str) -> int:
    if abs(value) > _MOST:
        raise CellError(t(f'"{written}" terlalu besar.', en=f'"{written}" is too large.'))
    return value


def _negative(written: str) -> CellError:
    return CellError(
        t(
            f'"{written}" kurang dari nol. Tulis jumlah seluruhnya, bukan selisihnya.',
            en=f'"{written}" is below zero. Write the whole count, not the difference.',
        )
    )


def _abbreviated(written: str) -> CellError:
    # Screens truncate: 1.689 is shown as 1.6K (domain.md §1.3), so the exact number cannot be had back from it.
    return CellError(
        t(
            f'"{written}" adalah angka singkat yang sudah dipotong. Angka lengkapnya ada di halaman statistik akun '
            "atau di profil yang dibuka lewat komputer; tulis misalnya 1619.",
            en=f'"{written}" is an abbreviated figure, already cut off. The exact one is on the account\'s statistics '
            "page or on the profile opened on a computer; write for example 1619.",
        )
    )


def _fraction(cell: Decimal) -> CellError:
    thousandfold = cell * 1000
    meant = int(thousandfold) if thousandfold == int(thousandfold) else 1619
    return CellError(
        t(
            f"{cell:f} adalah pecahan: program yang menyimpan berkas ini membaca titik atau koma sebagai desimal. "
            f"Kalau maksudnya {meant}, tulis {meant} tanpa titik dan koma.",
            en=f"{cell:f} is a fraction: the program that saved this file took the dot or comma for a decimal mark. "
            f"If {meant} is meant, write {meant} without dot and comma.",
        )
    )


def _no_number(written: str) -> CellError:
    return CellError(
        t(
            f'"{written}" bukan angka. Tulis angkanya saja, misalnya 1619.',
            en=f'"{written}" is no number. Write the number alone, such as 1619.',
        )
    )
