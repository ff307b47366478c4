"""Once a week: all is well, or the one thing to do. Silence would not tell a dead program from a healthy one."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from collector.alerts.cause import Cause, Level
from collector.alerts.facts import EVERYONE, AccountFacts, Facts
from collector.store.records import Office
from connectors.kit import Words

_AT = timedelta(hours=8)
"""When the week begins in an office: Monday at eight in the morning."""

_WEEK = timedelta(days=7)

_WHY = Words("Kabar mingguan, supaya jelas program ini masih berjalan.", "The weekly word that the program is alive.")


def weekly(facts: Facts, others: Sequence[Cause]) -> Iterator[Cause]:
    """Yield each office's word of the week, by what else there is to tell."""
    for office in facts.offices:
        accounts = facts.of(office)
        if not accounts:
            continue
        year, week, _ = (facts.now.astimezone(office.timezone) - _AT).date().isocalendar()
        mine = [one for one in others if one.office in (office.name, EVERYONE) and one.level is not Level.NOTE]
        yield _cause(office, f"{year}-W{week:02}", mine, _how(facts, [one for one in accounts if one.is_watched]))


def _how(facts: Facts, watched: Sequence[AccountFacts]) -> Words:
    """Say how the collecting went, where nobody has to do anything."""
    good = [one for one in watched if one.last_good is not None and not _is_waited_for(facts, one, one.last_good)]
    if not watched:
        return Words("Minggu ini semua aman (tidak ada akun yang dikumpulkan: dijeda atau diisi manual).",
                     "All is well this week (no account is collected: paused, or typed).")  # fmt: skip
    if len(good) < len(watched):
        share = f"{len(good)} dari {len(watched)}", f"{len(good)} of {len(watched)}"
        return Words(f"Minggu ini {share[0]} akun terkumpul; yang lain masih dicoba.",
                     f"{share[1]} accounts were collected this week; the others are still tried.")  # fmt: skip
    return Words(f"Minggu ini semua aman ({len(good)} akun dikumpulkan).",
                 f"All is well this week ({len(good)} accounts).")  # fmt: skip


def _is_waited_for(facts: Facts, one: AccountFacts, last_good: datetime) -> bool:
    """Whether a week went by without figures, and not because the schedule asks less often."""
    is_owed = bool(one.failures) or (one.account.due_at is not None and one.account.due_at <= facts.now)
    return is_owed and facts.now - last_good > _WEEK


def _cause(office: Office, week: str, others: Sequence[Cause], what: Words) -> Cause:
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
