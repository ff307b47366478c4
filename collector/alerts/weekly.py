"""Once a week: all is well, or the one thing to do. Silence would not tell a dead program from a healthy one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from collector.alerts.cause import Cause, Level
from collector.alerts.facts import EVERYONE, Facts
from collector.store.records import Office
from connectors.kit import Words

_AT = timedelta(hours=8)
"""When the week begins in an office: Monday at eight in the morning."""

_WHY = Words("Kabar mingguan, supaya jelas program ini masih berjalan.", "The weekly word that the program is alive.")


def weekly(facts: Facts, others: Sequence[Cause]) -> Iterator[Cause]:
    """Yield each office's word of the week, by what else there is to tell."""
    for office in facts.offices:
        accounts = facts.of(office)
        if not accounts:
            continue
        year, week, _ = (facts.now.astimezone(office.timezone) - _AT).date().isocalendar()
        mine = [one for one in others if one.office in (office.name, EVERYONE) and one.level is not Level.NOTE]
        yield _cause(office, f"{year}-W{week:02}", mine, len([one for one in accounts if one.is_watched]))


def _cause(office: Office, week: str, others: Sequence[Cause], watched: int) -> Cause:
    what = Words(f"Minggu ini semua aman ({watched} akun dikumpulkan).", f"All is well this week ({watched} accounts).")
    if not watched:
        what = Words("Minggu ini semua aman (angka akun diisi manual).", "All is well this week (figures are typed).")
    mend = Words("Tidak ada yang perlu dikerjakan.", "There is nothing to do.")
    if others:
        first, more = min(others, key=lambda one: list(Level).index(one.level)), len(others) - 1
        what = Words(f"Minggu ini satu hal perlu dikerjakan: {first.what.id}", f"One thing to do: {first.what.en}")
        mend = first.mend
        if more:
            mend = Words(f"{mend.id} ({more} hal lain: collector alerts list)",
                         f"{mend.en} ({more} more: collector alerts list)")  # fmt: skip
    key = f"weekly:{office.slug}:"
    return Cause(f"{key}{week}", Level.NOTE, office.name, what, _WHY, mend, covers=(key,), quiet=True)
