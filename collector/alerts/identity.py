"""Accounts that are no longer what they were: a question to a person, because accounts of offices are stolen."""

from collections.abc import Iterator

from collector.alerts import dates
from collector.alerts.cause import Cause, Level
from collector.alerts.facts import AccountFacts, Facts
from collector.store.watch import Question
from connectors.kit import Words

_OF_ACCOUNT, _JUMP, _WHICH = "account.", "followers.jump", "account.which"
_WHY = Words(
    "Akun yang dibajak sering berganti nama atau jumlah pengikutnya melonjak. Angka yang meragukan ditahan dulu.",
    "A stolen account often changes its name or its followers jump. A doubtful figure is held back until then.",
)
_MEND = Words(
    "Lihat akunnya, lalu jawab: collector findings list.", "Look at the account, then answer: collector findings list."
)


def identity(facts: Facts) -> Iterator[Cause]:
    """Yield the open questions on who an account is."""
    for one in facts.accounts:
        for question in one.questions:
            if question.code == _JUMP or question.code.startswith(_OF_ACCOUNT):
                yield Cause(
                    f"identity:{question.id}", Level.WARNING, one.account.office.name, _what(one, question), _WHY,
                    _MEND, Words(f"{one.label}: pertanyaan itu sudah dijawab.", f"{one.label}: that was answered."),
                    one.account.id,
                )  # fmt: skip


def _what(one: AccountFacts, question: Question) -> Words:
    told = _told(one, question)
    if question.seen_at is None:
        return Words(f"{told.id}.", f"{told.en}.")
    seen = dates.moment(question.seen_at, one.account.office.timezone)
    return Words(f"{told.id} (terlihat {seen.id}).", f"{told.en} (seen {seen.en}).")


def _told(one: AccountFacts, question: Question) -> Words:
    if question.code == _JUMP:
        return Words(f"Jumlah pengikut {one.label} berubah tidak biasa",
                     f"The followers of {one.label} changed unusually")  # fmt: skip
    if question.code == _WHICH:
        return Words(f"{one.label}: belum jelas catatan akun mana yang sama dengan akun ini",
                     f"{one.label}: it is not clear which typed account this one is")  # fmt: skip
    return Words(f"Identitas {one.label} berubah dan perlu diperiksa",
                 f"Who {one.label} is has changed and has to be looked at")  # fmt: skip
