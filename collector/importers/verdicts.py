"""Whether what a report states can be true: exact reckoning on the integers that it prints."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor

from collector.importers.statements import Statement
from collector.language import t
from collector.reports import formats

RIGHT, WRONG, OPEN = "right", "wrong", "open"
_MOST_BASES = 60  # more possible bases than this say nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a statement is worth. `bases` are the lowest and highest whole base that it can be meant from."""

    statement: Statement
    result: str
    message: str
    bases: tuple[int, int] | None


def judge(statement: Statement) -> Verdict:
    """Judge a statement by its own numbers."""
    if statement.base is not None:
        return _with_base(statement, statement.base)
    if statement.change is not None:
        return _with_base(statement, statement.value - statement.change)
    return _by_percentage(statement)


def _with_base(one: Statement, base: int) -> Verdict:
    """Judge a statement whose base is printed, or follows from its printed change."""
    head, wrong = _head(one), []
    change = one.value - base
    if one.change is not None and one.change != change:
        wrong.append(t(f"selisihnya {_signed(change)}, tertulis {_signed(one.change)}",
                       en=f"the difference is {_signed(change)}, printed {_signed(one.change)}"))  # fmt: skip
    if one.percent is not None:
        if base <= 0:
            wrong.append(t(f"dari {base} tidak ada persentase", en=f"there is no percentage from {base}"))
        else:
            right = _rounded(Fraction(100 * change, base), one.decimals)
            if right != one.percent:
                wrong.append(
                    t(
                        f"seharusnya {_percent(right)} dari {formats.number(base)}; tertulis {_percent(one.percent)}",
                        en=f"should be {_percent(right)} from {formats.number(base)}; printed {_percent(one.percent)}",
                    )
                )
    if wrong:
        return Verdict(one, WRONG, f"{head}: {'; '.join(wrong)}", (base, base))
    told = t(f"cocok dari {formats.number(base)}", en=f"agrees from {formats.number(base)}")
    return Verdict(one, RIGHT, f"{head}: {told}", (base, base))


def _by_percentage(one: Statement) -> Verdict:
    """Judge a value that is printed with a percentage alone: is there a whole base that gives it?"""
    percent = one.percent
    if percent is None:
        return Verdict(one, OPEN, _head(one), None)
    bases = whole_bases(one.value, percent, one.decimals)
    if bases is not None:
        return Verdict(one, RIGHT, f"{_head(one)}: {_from(bases)}", bases)
    other = _divided_by_the_end(one.value, percent, one.decimals)
    if other is not None:
        right = _rounded(Fraction(100 * (one.value - other), other), one.decimals) if other > 0 else None
        told = t(
            f"dibagi nilai akhir; dari {formats.number(other)} menjadi {_percent(right) if right is not None else '–'}",
            en=f"divided by the new value; from {formats.number(other)} it is "
            f"{_percent(right) if right is not None else '–'}",
        )
        return Verdict(one, WRONG, f"{_head(one)}: {told}", (other, other))
    told = t(
        f"tidak ada data dasar bulat yang memberi {_percent(percent)}",
        en=f"no whole base gives {_percent(percent)}",
    )
    return Verdict(one, WRONG, f"{_head(one)}: {told}", None)


def whole_bases(value: int, percent: Decimal, decimals: int) -> tuple[int, int] | None:
    """Return the lowest and highest whole base from which a value is up by a printed percentage, None without any."""
    half = Fraction(1, 2 * 10**decimals)
    exact = Fraction(percent)
    if exact + half <= -100:
        return None
    lowest = ceil(value / (1 + (exact + half) / 100))
    highest = floor(value / (1 + (exact - half) / 100)) if exact - half > -100 else lowest + _MOST_BASES
    fitting = [
        base
        for base in range(max(1, lowest - 1), min(highest + 1, lowest + _MOST_BASES) + 1)
        if _rounded(Fraction(100 * (value - base), base), decimals) == percent
    ]
    return (fitting[0], fitting[-1]) if fitting else None


def _divided_by_the_end(value: int, percent: Decimal, decimals: int) -> int | None:
    """Return the base of a change that was divided by the new value instead of the old one."""
    near = round(Fraction(percent) * value / 100)
    for change in (near, near - 1, near + 1):
        if value > 0 and change and _rounded(Fraction(100 * change, value), decimals) == percent:
            return value - change
    return None


def _rounded(value: Fraction, decimals: int) -> Decimal:
    return formats.rounded(value, decimals).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _head(one: Statement) -> str:
    parts = [formats.number(one.value)]
    if one.change is not None:
        parts.append(_signed(one.change))
    elif one.percent is not None:
        parts.append(_percent(one.percent))
    return ", ".join(parts)


def _from(bases: tuple[int, int]) -> str:
    least, most = (formats.number(base) for base in bases)
    if bases[0] == bases[1]:
        return t(f"cocok dari {least}", en=f"agrees from {least}")
    return t(f"cocok dari {least} sampai {most}; selisihnya tidak tercetak",
             en=f"agrees from {least} to {most}; the difference is not printed")  # fmt: skip


def _signed(value: int) -> str:
    return f"{'+' if value > 0 else ''}{formats.number(value)}"


def _percent(value: Decimal) -> str:
    decimals = max(0, -int(value.as_tuple().exponent))
    return f"{formats.number(int(value.scaleb(decimals)), decimals)}%"
