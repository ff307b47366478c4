"""What is said of a change: the one place that phrases growth.

A wording has a figure ("1.619 pengikut per 28 Desember 2022"), what became of it ("naik 379 (30,6%) dari 1.240 per
30 Juni 2022") and notes. A decrease is "turun 12", never "naik −12"; what cannot be said is said to be so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from collector.growth.change import Amount, Change, End, Flag, Percent
from collector.growth.points import Ending, Leap, Point
from collector.language import current, t
from collector.reports import formats
from connectors.kit import Kind, Measure, Words


@dataclass(frozen=True, slots=True)
class Wording:
    """A change in words. Each part may be empty."""

    figure: str
    change: str
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All of it as one sentence, without its full stop."""
        told = ", ".join(part for part in (self.figure, self.change) if part)
        return f"{told} ({'; '.join(self.notes)})" if self.notes else told


def word(change: Change, noun: str, measure: Measure | None = None, began: date | None = None) -> Wording:
    """Put a change into words. `noun` is what is counted ("pengikut"); `began` when a new account began."""
    notes = tuple(_notes(change))
    if Flag.HIDDEN in change.flags:
        return Wording(t(f"jumlah {noun} disembunyikan pemilik akun", en=f"{noun}: hidden by the owner"), "", ())
    if change.end is None:
        return Wording(_no_figure(change), "", notes)
    figure = _figure(change, change.end, noun)
    if Flag.NEW_ACCOUNT in change.flags:
        when = t(f" (dibuat {formats.month(began)})", en=f" (opened {formats.month(began)})") if began else ""
        return Wording(t(f"akun baru{when}, {figure}", en=f"new account{when}, {figure}"), "", notes)
    return Wording(figure, _became(change, measure, began), notes)


def difference_cell(change: Change) -> str:
    """Return the difference as a table shows it, a dash where there is none."""
    return formats.signed(change.difference, change.decimals) if change.difference is not None else formats.NONE


def percent_cell(change: Change) -> str:
    """Return the percentage as a table shows it, with its sign, a dash where there is none."""
    percent = change.percent
    if percent is None:
        return formats.NONE
    sign = "+" if percent.value > 0 else formats.MINUS if percent.value < 0 else ""
    return _about(percent) + sign + formats.percentage(percent.value)


def value_of(end: End, decimals: int) -> str:
    """Return an end's value, an interval where it is one."""
    return formats.amount(Amount(end.value, end.most), decimals)


def when_of(point: Point) -> str:
    """Return when a figure is of, as precisely as it is known: a day, or a month."""
    if point.precision == "month":
        return formats.month(point.day)
    return formats.day(point.day)


def _figure(change: Change, end: End, noun: str) -> str:
    value = f"{value_of(end, change.decimals)} {noun}"
    if _is_sum(change):
        of = formats.number(end.days)
        known = t(f"{formats.number(end.recorded)} dari {of} hari", en=f"{formats.number(end.recorded)} of {of} days")
        part = t("sebagian: ", en="in part: ") if end.recorded * 10 < end.days * 9 else ""
        return f"{value} ({part}{known})"
    if change.kind in (Kind.LEVEL, Kind.COUNTER):
        if Flag.END_TOO_OLD in change.flags:
            return t(f"{value} sampai {formats.day(end.last)}", en=f"{value} up to {formats.day(end.last)}")
        return t(f"{value} per {when_of(end.points[0])}", en=f"{value} on {when_of(end.points[0])}")
    length = formats.number(end.days)
    within = t(f"dalam {length} hari", en=f"within {length} days")
    return f"{value} {within} ({formats.days(end.first, end.last)})"


def _no_figure(change: Change) -> str:
    if change.last_known is None:
        return t("tidak ada pencatatan dalam periode", en="nothing was recorded within the period")
    value = formats.number(change.last_known.value, change.decimals)
    last = when_of(change.last_known)
    return t(
        f"tidak ada pencatatan dalam periode; terakhir {value} per {last}",
        en=f"nothing was recorded within the period; last {value} on {last}",
    )


def _became(change: Change, measure: Measure | None, began: date | None) -> str:
    difference, base = change.difference, change.base
    if Flag.DEFINITION_CHANGED in change.flags:
        return _not_comparable(change, measure)
    if Flag.ACCOUNT_REPLACED in change.flags:
        since = t(f" sejak {formats.day(began)}", en=f" since {formats.day(began)}") if began else ""
        return t(f"akun pengganti{since}, tidak dibandingkan", en=f"an account in another's place{since}: not compared")
    if difference is None or base is None or change.end is None:
        return t("belum ada data pembanding", en="nothing to compare with yet")
    if Flag.PARTIAL_COVERAGE in change.flags:
        before = formats.number(base.recorded)
        return t(
            f"tidak dibandingkan: hari terekam belum cukup ({before} dari {formats.number(base.days)} hari sebelumnya)",
            en=f"not compared: too few days recorded ({before} of {formats.number(base.days)} days before)",
        )
    if Flag.MEAN_PER_DAY in change.flags and change.percent is not None:
        return _mean(change, base, change.percent)
    if Flag.FIRST_IN_PERIOD in change.flags:
        first = formats.day(base.last)
        return t(
            f"{_moved(difference, change)} sejak pencatatan pertama pada {first}",
            en=f"{_moved(difference, change)} since the first record on {first}",
        )
    if Flag.BASE_ZERO in change.flags:
        values = value_of(base, change.decimals), value_of(change.end, change.decimals)
        return t(f"dari {values[0]} menjadi {values[1]}", en=f"from {values[0]} to {values[1]}")
    if change.percent is None:  # a figure too old to speak of the period
        return t(f"{_moved(difference, change)} {_from(change, base)}", en=f"{_moved(difference, change)} "
                 f"{_from(change, base)}")  # fmt: skip
    remarks = [_percentage(change.percent)] if difference.least or difference.most else []
    if Flag.SMALL_BASE in change.flags:
        remarks.append(t("basis kecil", en="small base"))
    if Flag.DERIVED_BASE in change.flags:
        remarks.append(t("data dasar dihitung balik dari laporan", en="base worked back from a report"))
    told = f" ({'; '.join(remarks)})" if remarks else ""
    return f"{_moved(difference, change)}{told} {_from(change, base)}"


def _moved(difference: Amount, change: Change) -> str:
    """Say the direction with the size, never with a sign."""
    if difference.least == difference.most == 0:
        return t("tetap", en="unchanged")
    if difference.least < 0 < difference.most:
        return t("berubah ", en="changed by ") + formats.amount(difference, change.decimals)
    if difference.most <= 0:
        size = Amount(-difference.most, -difference.least)
        return t("turun ", en="down ") + formats.amount(size, change.decimals)
    grew = t("bertambah ", en="up ") if Flag.SMALL_BASE in change.flags else t("naik ", en="up ")
    return grew + formats.amount(difference, change.decimals)


def _from(change: Change, base: End) -> str:
    value = value_of(base, change.decimals)
    if _is_sum(change) or change.kind is Kind.UNIQUE or change.kind is Kind.FLOW:
        span = formats.days(base.first, base.last)
        return t(f"dari {value} ({span})", en=f"from {value} ({span})")
    point = base.points[0]
    if point.precision == "month":
        source = t("laporan ", en="report of ") if point.source else ""
        undated = t("tanggal tidak tercantum", en="without a date")
        return t(f"dari {value} ({source}{when_of(point)}, {undated})",
                 en=f"from {value} ({source}{when_of(point)}, {undated})")  # fmt: skip
    return t(f"dari {value} per {when_of(point)}", en=f"from {value} on {when_of(point)}")


def _mean(change: Change, base: End, percent: Percent) -> str:
    """Speak of a day's mean where the recorded days differ: the sums would tell of the calendar."""
    rate = percent.value
    direction = t("tetap", en="unchanged") if rate == 0 else t("naik", en="up") if rate > 0 else t("turun", en="down")
    size = f" {formats.percentage(rate)}" if rate else ""
    small = t("; basis kecil", en="; small base") if Flag.SMALL_BASE in change.flags else ""
    value, recorded, of = value_of(base, change.decimals), formats.number(base.recorded), formats.number(base.days)
    return t(
        f"rata-rata per hari {direction}{size}{small} dari periode sebelumnya ({value}; {recorded} dari {of} hari)",
        en=f"a day's mean {direction}{size}{small} from the period before ({value}; {recorded} of {of} days)",
    )


def _percentage(percent: Percent) -> str:
    return _about(percent) + formats.percentage(percent.value)


def _about(percent: Percent) -> str:
    """Return "about " where the percentage is of an interval that shows."""
    shown = {formats.percentage(part) for part in (percent.least, percent.value, percent.most)}
    return "" if len(shown) == 1 else t("sekitar ", en="about ")


def _not_comparable(change: Change, measure: Measure | None) -> str:
    since = None
    if measure is not None and change.end is not None and change.end.points:
        version = change.end.points[-1].definition
        since = measure.definitions[version - 1].since if version <= len(measure.definitions) else None
    on = t(f" pada {formats.day(since)}", en=f" on {formats.day(since)}") if since else ""
    return t(
        f"tidak dapat dibandingkan: definisi diubah platform{on}",
        en=f"not comparable: the platform changed its meaning{on}",
    )


def _notes(change: Change) -> Iterator[str]:
    if Flag.HELD in change.flags:
        yield t("angka lebih baru menunggu konfirmasi", en="a newer figure waits to be confirmed")
    yield from (leap_text(leap) for leap in change.leaps)
    if Flag.COUNTER_FELL in change.flags:
        yield t("platform mengoreksi hitungannya", en="the platform corrected its count")
    if Flag.REVISED_SINCE in change.flags:
        yield t("direvisi sesudah posisi laporan", en="revised after the report's position")
    if Flag.MANUAL in change.flags and change.end is not None and _is_typed(change.end):
        yield t("diisi manual", en="typed in")


def leap_text(leap: Leap) -> str:
    """Say of a leap when it was and how it ended."""
    first, last = leap.points[0].day, leap.points[-1].day
    if leap.ending is Ending.REFUSED:
        days = formats.days(first, last)
        return t(f"angka {days} ditolak dan tidak dipakai", en=f"the figures of {days} were refused and are not used")
    which = t("kenaikan", en="rise") if leap.is_rise else t("penurunan", en="fall")
    day = formats.day(first)
    if leap.ending is Ending.AGREED:
        return t(
            f"{which} tidak biasa pada {day}, diterima karena tiga hari berikutnya tetap sama",
            en=f"an unusual {which} on {day}, taken because the three days after agreed",
        )
    return t(f"{which} tidak biasa pada {day}, dikonfirmasi", en=f"an unusual {which} on {day}, confirmed")


def _is_typed(end: End) -> bool:
    return any(point.origin != "api" for point in end.points)


def _is_sum(change: Change) -> bool:
    return change.kind is Kind.FLOW and change.span == "day"


_UNITS = {"person": Words("orang", "people"), "account": Words("akun", "accounts")}


def say(change: Change, measure: Measure | None, began: date | None = None) -> str:
    """Say a change as a sentence: "1.619 pengikut per …", but "Jangkauan: 788 orang dalam 28 hari …".

    Where the metric's word is not what is counted (reach is not "788 jangkauan" but 788 people), it goes before.
    """
    if measure is None:
        return word(change, change.metric, None, began).sentence
    label, unit = measure.metric.labels.text(current()), _UNITS.get(measure.metric.unit)
    if unit is not None and (change.kind is Kind.UNIQUE or measure.metric.unit == "account"):
        told = word(change, unit.text(current()), measure, began).sentence
        return f"{label[:1].upper()}{label[1:]}: {told}"
    told = word(change, label, measure, began).sentence
    return f"{told[:1].upper()}{told[1:]}"
