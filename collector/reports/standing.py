"""Which accounts stand in a report, and what is said of their coming and going and of the hands they were in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from collector.accounts.wording import describe_change
from collector.growth.question import Question
from collector.language import t
from collector.reports import formats
from collector.store.findings import ACCEPTED, IDENTITY, REFUSED, StoredFinding
from collector.store.records import StoredAccount


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands in whose place among an office's accounts, by the old one's number."""

    successors: Mapping[int, StoredAccount]

    @classmethod
    def of(cls, accounts: Sequence[StoredAccount]) -> "Standing":
        """Find out who succeeds whom."""
        return cls({one.succeeds: one for one in accounts if one.succeeds is not None})

    def is_of(self, account: StoredAccount, question: Question) -> bool:
        """Whether an account was the office's within the period: a replaced one only up to its seam."""
        since, until = _seam(account), _seam(self.successors.get(account.id))
        is_gone = until is not None and until < question.period.first
        is_to_come = since is not None and since > min(question.period.last, question.today)
        return not is_gone and not is_to_come

    def tell(self, account: StoredAccount, old: StoredAccount | None, question: Question) -> str:
        """Say in whose place an account came, or who came in its place, where the periods see it."""
        since, successor = _seam(account), self.successors.get(account.id)
        until = _seam(successor)
        if until is not None and successor is not None and until <= question.today:
            on = formats.day(until)
            return t(f"Akun ini digantikan {successor.handle} sejak {on}.",
                     en=f"{successor.handle} stands in this account's place since {on}.")  # fmt: skip
        if since is None or since < question.against.first:
            return ""
        on, before = formats.day(since), old.handle if old is not None else ""
        named = t(f" menggantikan {before}", en=f" in the place of {before}") if before else ""
        return t(f"Akun pengganti sejak {on}{named}; riwayatnya tidak disambung dengan akun lama.",
                 en=f"A successor since {on}{named}; its history is not joined with the old account's.")  # fmt: skip


def tell_doubts(findings: Sequence[StoredFinding], question: Question) -> Iterator[str]:
    """Say what about an account changed within the period, and whether the office did it."""
    endings = {ACCEPTED: t("dikonfirmasi kantor", en="confirmed by the office"),
               REFUSED: t("bukan oleh kantor", en="not by the office")}  # fmt: skip
    waits = t("belum dikonfirmasi", en="not confirmed yet")
    for finding in findings:
        day = finding.created_at.astimezone(question.zone).date()
        if finding.code in IDENTITY and question.period.first <= day <= min(question.period.last, question.today):
            yield f"{describe_change(finding, question.zone)}; {endings.get(finding.state, waits)}"


def _seam(account: StoredAccount | None) -> date | None:
    if account is None or account.succeeds_since is None:
        return None
    return account.succeeds_since.astimezone(account.office.timezone).date()
