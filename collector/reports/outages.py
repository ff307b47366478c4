"""The outages of a period in sentences: for the notes on the data, and as a proposal for the obstacles."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from collector.language import t
from collector.reports import formats
from collector.reports.material import Material, Outage

_NAMED = 5  # outages, the longest; of the others there is the count
_LONG = timedelta(hours=24)  # an office's computer is off at night: worth a word from a day on


def list_notes(material: Material) -> Iterator[str]:
    """Yield what the notes say: how often, for how long in all, and which were the longest."""
    lines, powers = (_of_kind(material, kind) for kind in ("line", "power"))
    if lines:
        yield t(
            f"Jaringan terputus {len(lines)} kali, total {_hours(lines)} jam: {_spans(lines, material)}.",
            en=f"The line was down {_times(lines)}, {_hours(lines)} hours in all: {_spans(lines, material)}.",
        )
    if powers:
        long = [one for one in powers if one.last - one.first >= _LONG]
        which = f": {_spans(long, material)}" if long else ""
        yield t(
            f"Komputer pengumpul mati atau tidak mengumpulkan {len(powers)} kali, total {_hours(powers)} jam; yang "
            f"sehari atau lebih {len(long)} kali{which}. Sesudahnya angka harian diminta lagi.",
            en=f"The collecting computer was off {_times(powers)}, {_hours(powers)} hours in all; for a day or longer "
            f"{_times(long)}{which}. Afterwards the days' figures were asked for again.",
        )


def propose_obstacles(material: Material) -> tuple[str, ...]:
    """Return what may be said under the obstacles where nobody wrote anything: facts from the program's own log."""
    lines = _of_kind(material, "line")
    long = [one for one in _of_kind(material, "power") if one.last - one.first >= _LONG]
    proposed = []
    if lines:
        proposed.append(
            t(f"Jaringan terputus {len(lines)} kali, total {_hours(lines)} jam",
              en=f"The line was down {_times(lines)}, {_hours(lines)} hours in all")
        )  # fmt: skip
    if long:
        proposed.append(
            t(f"Komputer pengumpul mati sehari atau lebih {len(long)} kali, total {_hours(long)} jam",
              en=f"The collecting computer was off for a day or longer {_times(long)}, {_hours(long)} hours in all")
        )  # fmt: skip
    told = t(" (usulan dari catatan program; sunting atau hapus lewat naskah).",
             en=" (proposed from the program's own log; edit or drop it in the texts).")  # fmt: skip
    return tuple(sentence + told for sentence in proposed)


def _of_kind(material: Material, kind: str) -> list[Outage]:
    return [one for one in material.outages if one.kind == kind]


def _hours(outages: Sequence[Outage]) -> str:
    hour = timedelta(hours=1)
    hours = (sum((one.last - one.first for one in outages), timedelta(0)) + hour / 2) // hour  # half away from zero
    return formats.number(hours) if hours else t("kurang dari 1", en="less than 1")


def _times(outages: Sequence[Outage]) -> str:
    return "once" if len(outages) == 1 else f"{len(outages)} times"


def _spans(outages: Sequence[Outage], material: Material) -> str:
    """Name the longest outages, in their order."""
    longest = sorted(outages, key=lambda one: one.first - one.last)[:_NAMED]
    named = "; ".join(
        f"{formats.moment(one.first, material.zone)} – {formats.moment(one.last, material.zone)}"
        for one in sorted(longest, key=lambda one: one.first)
    )
    more = len(outages) - len(longest)
    return named + (t(f"; dan {more} lainnya", en=f"; and {more} more") if more else "")
