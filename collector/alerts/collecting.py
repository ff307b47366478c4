"""Accounts that give no figures any more."""

from collections.abc import Iterator
from datetime import timedelta

from collector.alerts import dates
from collector.alerts.cause import Cause, Level
from collector.alerts.facts import AccountFacts, Facts
from connectors.kit import Words

SILENCE = timedelta(hours=36)
_IN_VAIN = timedelta(hours=12)  # so long it must have been tried, or a weekly schedule would cry at its first failure

_WHY = Words(
    "Selama tidak terkumpul, sebagian angka hari-hari ini tidak dapat diambil lagi.",
    "While nothing comes in, some of these days' figures are lost for good.",
)
_MEND = Words(
    "Jalankan collector accounts check; jawabannya menyebut sebabnya.",
    "Run collector accounts check; its answer names the reason.",
)
_MEND_SERVICE = Words(
    "Mulai ulang layanan, lalu jalankan collector doctor.", "Restart the service, then run collector doctor."
)


def collecting(facts: Facts) -> Iterator[Cause]:
    """Yield the accounts that had no success for 36 hours though they should have."""
    for one in facts.accounts:
        if one.is_watched and (_is_failing(facts, one) or _is_forgotten(facts, one)):
            yield _cause(one)


def _is_failing(facts: Facts, one: AccountFacts) -> bool:
    """Whether it was tried in vain, for long enough and while there was power and a line."""
    failed = [failure.at for failure in one.failures if not facts.was_off(failure.at)]
    if not failed or facts.now - (one.last_good or failed[0]) < SILENCE:
        return False
    return failed[-1] - failed[0] >= _IN_VAIN or facts.on_time(failed[0]) >= _IN_VAIN


def _is_forgotten(facts: Facts, one: AccountFacts) -> bool:
    """Whether the service lives and yet never tried it since it was due."""
    due = one.account.due_at
    return facts.served_since is not None and due is not None and facts.is_overdue(due, SILENCE)


def _cause(one: AccountFacts) -> Cause:
    what = Words(f"{one.label} belum pernah berhasil dikumpulkan.", f"{one.label} was never collected with success.")
    if one.last_good is not None:
        last = dates.moment(one.last_good, one.account.office.timezone)
        what = Words(
            f"{one.label} tidak terkumpul lagi sejak {last.id}.", f"{one.label} has not been collected since {last.en}."
        )
    return Cause(
        f"collect.failed:{one.account.id}", Level.ERROR, one.account.office.name, what, _WHY,
        _MEND if one.failures else _MEND_SERVICE,
        Words(f"{one.label} terkumpul lagi.", f"{one.label} is collected again."), one.account.id,
    )  # fmt: skip
