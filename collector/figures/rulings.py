"""From findings to growth: what people said of leaps in the followers, and when an account was in doubt."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collector.growth.holding import Doubt, Ruling, Verdict
from collector.store.findings import ACCEPTED, IDENTITY, ITSELF, JUMP, OPEN, Findings, StoredFinding

_BEFORE = timedelta(days=14)  # what a leap is compared with lies within


@dataclass(frozen=True, slots=True)
class Rulings:
    """What is to be known of an account before its followers are sorted.

    `since` is from when on they have to be read, so that nothing that was asked of is left out; None where all was
    settled.
    """

    verdicts: tuple[Ruling, ...]
    doubts: tuple[Doubt, ...]
    since: date | None


def read_rulings(findings: Findings, account_id: int, as_of: datetime | None = None) -> Rulings:
    """Return what was said of an account, with `as_of` by that moment."""
    known = findings.list_of(account_id, as_of)
    jumps = [one for one in known if one.code == JUMP]
    days = [date.fromisoformat(one.told["day"]) for one in jumps]
    return Rulings(
        tuple(_ruling(one) for one in jumps if one.state != OPEN and one.by != ITSELF),
        tuple(_doubt(one, as_of) for one in known if one.code in IDENTITY and one.state != ACCEPTED),
        min(days) - _BEFORE if days else None,
    )


def _ruling(finding: StoredFinding) -> Ruling:
    told = finding.told
    verdict = Verdict.ACCEPTED if finding.state == ACCEPTED else Verdict.REFUSED
    at = finding.decided_at or finding.created_at
    return Ruling(finding.about, verdict, at, date.fromisoformat(told["day"]), int(told["after"]))


def _doubt(finding: StoredFinding, as_of: datetime | None) -> Doubt:
    """Return the doubt that a change left. An open question leaves it open; a no until the change was undone."""
    said = finding.told.get("until")
    until = datetime.fromisoformat(said) if said and finding.state != OPEN else None
    return Doubt(finding.created_at, None if as_of is not None and until is not None and until > as_of else until)
