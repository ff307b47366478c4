"""The end of the semester draws near: what is missing for its report, while there is still time."""

from collections.abc import Iterator
from datetime import date, timedelta

from collector.alerts import dates
from collector.alerts.cause import NOTHING, Cause, Level, joined
from collector.alerts.facts import AccountFacts, Facts
from collector.growth.periods import Period, period_of, previous
from collector.store.records import Office
from connectors.kit import Words

STEPS = (30, 10, 0)
"""Days before the end at which people are told."""

_AFTERWARDS = timedelta(days=14)  # a computer may be off over New Year
_FRESH = timedelta(days=7)
_OLDEST_BASE = timedelta(days=31)  # an older base gives no percentage (domain.md §6 rule 3)

_WHY = Words(
    "Yang belum ada pada akhir semester tidak dapat dilaporkan.",
    "What is not there at the end of the semester cannot be reported.",
)


def semester(facts: Facts) -> Iterator[Cause]:
    """Yield for each office with accounts that its semester ends in 30, 10 or 0 days, and what is missing."""
    for office in facts.offices:
        today = facts.now.astimezone(office.timezone).date()
        period = semester_at(today)
        step = min((days for days in STEPS if (period.last - today).days <= days), default=None)
        if step is not None and facts.of(office):
            yield _cause(facts, office, period, step, today)


def semester_at(today: date) -> Period:
    """Return the semester that a day's reminders are about: the last one still in the days after its end."""
    present = period_of("semester", today)
    return previous(present) if today - present.first < _AFTERWARDS else present


def is_near(today: date) -> bool:
    """Whether a day is one on which people are reminded of the end of the semester."""
    return (semester_at(today).last - today).days <= STEPS[0]


def _cause(facts: Facts, office: Office, period: Period, step: int, today: date) -> Cause:
    missing = joined(_missing(facts, office, period, today))
    last, left = dates.day(period.last), (period.last - today).days
    number = "I" if period.first.month == 1 else "II"
    in_days = "tomorrow" if left == 1 else f"in {left} days"
    ends = Words(f"berakhir {left} hari lagi, pada {last.id}", f"ends {in_days}, on {last.en}")
    if left <= 0:
        word = Words("berakhir hari ini", "ends today") if left == 0 else Words("sudah berakhir", "has ended")
        ends = Words(f"{word.id}, {last.id}", f"{word.en}, {last.en}")
    lacks = Words(f"Yang kurang: {missing.id}.", f"Missing: {missing.en}.")
    if missing == NOTHING:
        lacks = Words("Semua data lengkap.", "Nothing is missing.")
    key = f"semester:{office.slug}:{period.name}:"
    return Cause(
        f"{key}{step}", Level.NOTE if missing == NOTHING else Level.WARNING, office.name,
        Words(f"Semester {number} {period.last.year} {ends.id}. {lacks.id}",
              f"Semester {number} {period.last.year} {ends.en}. {lacks.en}"),
        _WHY,
        Words(f"Buat drafnya: collector report {period.name}", f"Make its draft: collector report {period.name}"),
        covers=(f"semester:{office.slug}:",), quiet=True,
    )  # fmt: skip


def _missing(facts: Facts, office: Office, period: Period, today: date) -> Iterator[Words]:
    """Yield what the report will lack, each thing with the accounts that lack it."""
    accounts, begin = facts.of(office), period.first - timedelta(days=1)
    yield _of("data dasar semester lalu", "base of last semester",
              [one for one in accounts if one.base is None or one.base < begin - _OLDEST_BASE])  # fmt: skip
    yield _of("angka 7 hari terakhir", "figures of the last 7 days",
              [one for one in accounts if one.last is None or one.last < min(today, period.last) - _FRESH])  # fmt: skip
    yield _of("sambungan yang masih berlaku", "a sign-in that holds",
              [one for one in accounts if _is_stale(facts, one)])  # fmt: skip
    questions = sum(len(one.questions) for one in accounts)
    if questions:
        yield Words(f"jawaban atas {questions} temuan (collector findings list)",
                    f"answers to {questions} findings (collector findings list)")  # fmt: skip
    unwritten = facts.unwritten.get((office.id, period.name), ())
    if unwritten:
        parts = joined(unwritten, ", ")
        yield Words(f"naskah: {parts.id}", f"texts: {parts.en}")


def _of(id: str, en: str, accounts: list[AccountFacts]) -> Words:
    if not accounts:
        return NOTHING
    listed = dates.names(one.label for one in accounts)
    return Words(f"{id} ({listed.id})", f"{en} ({listed.en})")


def _is_stale(facts: Facts, one: AccountFacts) -> bool:
    ends = [end for stored in one.accesses for end in (stored.ends_at, stored.data_ends_at) if end is not None]
    return (
        one.is_cut_off or one.account.state == "reconnect" or (one.is_watched and any(end <= facts.now for end in ends))
    )
