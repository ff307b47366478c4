"""What a view is, and since when: YouTube changed its counting twice (youtube.md §5).

A figure of one day or moment has the meaning of that day. A window that reaches over a change holds both meanings in
one number; it is a series of its own, so that it is never set against windows of one meaning.
"""

from collections.abc import Mapping
from datetime import date

from connectors.kit import Definition, since, window
from connectors.kit.metrics import MONTH, QUARTER, SEMESTER

SHORTS_CHANGE = date(2025, 3, 31)
CHANGE = date(2026, 8, 24)

_WHOLLY_AFTER: Mapping[str, tuple[date, date]] = {
    window(28): (date(2025, 4, 27), date(2026, 9, 20)),
    MONTH: (date(2025, 4, 1), date(2026, 9, 1)),
    QUARTER: (date(2025, 4, 1), date(2026, 10, 1)),
    SEMESTER: (date(2025, 7, 1), date(2027, 1, 1)),
}
"""From which last day on a window begins on or after each of the two changes."""

_OLD = ("dihitung menurut ambang tonton lama", "counted by the older watching threshold")
_SHORTS = (
    "Shorts dihitung sejak mulai diputar, format lain menurut ambang lama",
    "Shorts counted from their start, other formats by the older threshold",
)
_NEW = (
    "semua format dihitung sejak gambar pertama, termasuk putar otomatis dan pratinjau. "
    "Tidak dapat dibandingkan dengan angka sebelum 24 Agustus 2026",
    "all formats counted from the first frame, autoplay and previews included. "
    "Not comparable with figures from before 24 August 2026",
)


def view_definitions(what_id: str, what_en: str) -> tuple[Definition, ...]:
    """Return what a view of one day or moment is; `what` says whose views."""
    meanings = ((None, _OLD), (SHORTS_CHANGE, _SHORTS), (CHANGE, _NEW))
    return tuple(since(day, f"{what_id}; {id}", f"{what_en}; {en}") for day, (id, en) in meanings)


def window_view_definitions(span: str, what_id: str, what_en: str) -> tuple[Definition, ...]:
    """Return what the views of a window are, by the window's last day."""
    of_shorts, raised = _WHOLLY_AFTER[span]
    meanings = (
        (None, _OLD),
        (SHORTS_CHANGE, _mixed("31 Maret 2025", "31 March 2025")),
        (of_shorts, _SHORTS),
        (CHANGE, _mixed("24 Agustus 2026", "24 August 2026")),
        (raised, _NEW),
    )
    return tuple(since(day, f"{what_id}; {id}", f"{what_en}; {en}") for day, (id, en) in meanings)


def _mixed(day_id: str, day_en: str) -> tuple[str, str]:
    return (
        f"memuat hari sebelum dan sesudah perubahan cara hitung {day_id}, sehingga tidak dapat dibandingkan",
        f"holds days from before and after the counting changed on {day_en}, and so is not comparable",
    )
