"""What follows from a person's yes or no to a finding."""

from dataclasses import dataclass
from typing import NoReturn

from collector.accounts.service import Accounts
from collector.accounts.succession import Succession
from collector.accounts.wording import STATES, describe
from collector.errors import SelectionError
from collector.language import current, t
from collector.platforms import get_connector
from collector.store.findings import (
    ACCEPTED,
    BIO,
    HANDLE,
    IDENTITY,
    ITSELF,
    JUMP,
    OPEN,
    OTHER_ID,
    REFUSED,
    RENAMED,
    WHICH,
    Findings,
    StoredFinding,
)
from collector.store.records import StoredAccount
from connectors.kit import OtherAccountError, Profile

_FIELD = {RENAMED: "name", HANDLE: "handle", BIO: "bio_link"}


@dataclass(frozen=True, slots=True)
class Question:
    """A finding with the account that it is of."""

    finding: StoredFinding
    account: StoredAccount

    @property
    def sentence(self) -> str:
        """What a person reads of it."""
        told = describe(self.finding, self.account.office.timezone)
        return f"#{self.finding.id} {self.account.platform} {self.account.handle}: {told}"


@dataclass(frozen=True, slots=True)
class Decisions:
    """Lists findings and decides them."""

    accounts: Accounts

    @property
    def _findings(self) -> Findings:
        return self.accounts.findings

    def list_all(self, *, with_decided: bool = False, office_id: int | None = None) -> tuple[Question, ...]:
        """Return the questions that wait, oldest first, or all that ever were put; those of removed accounts last."""
        queries = self.accounts.queries
        known = (*queries.list_accounts(office_id=office_id), *queries.list_removed(office_id=office_id))
        accounts = {account.id: account for account in known if with_decided or account.state != "removed"}
        found = self._findings.list_all(state=None if with_decided else OPEN)
        return tuple(Question(one, accounts[one.account_id]) for one in found if one.account_id in accounts)

    def find(self, finding_id: int) -> Question:
        """Return a question by its number. Raises SelectionError where there is none."""
        found = next((one for one in self.list_all(with_decided=True) if one.finding.id == finding_id), None)
        if found is None:
            raise SelectionError(
                t(
                    f"Tidak ada temuan nomor {finding_id}. Lihat: collector findings list --all.",
                    en=f"There is no finding number {finding_id}. See: collector findings list --all.",
                )
            )
        return found

    def accept(self, finding_id: int, *, by: str = "", note: str = "", account: str | None = None) -> str:
        """Say yes to a question. Returns what followed. Raises SelectionError where that cannot be."""
        question = self.find(finding_id)
        finding = question.finding
        self._must_be_undecided(question, ACCEPTED)
        if (account is not None) != (finding.code == WHICH):
            _refuse_account(question, account)
        followed = ""
        if finding.code == WHICH and account is not None:
            followed = self._join(question, account)
        elif finding.code == OTHER_ID:
            followed = self._replace(question)
        elif finding.code in IDENTITY:
            followed = self._show(question, finding.told["after"])
        self._decide(finding, ACCEPTED, by, note)
        return followed or t("Diterima; angkanya dipakai.", en="Accepted; the figure is used.")

    def refuse(self, finding_id: int, *, by: str = "", note: str = "") -> str:
        """Say no to a question. Returns what followed. Raises SelectionError where that cannot be."""
        question = self.find(finding_id)
        finding, account = question.finding, question.account
        self._must_be_undecided(question, REFUSED)
        if finding.state == ACCEPTED and finding.code in (WHICH, OTHER_ID):
            raise SelectionError(
                t(
                    f"Temuan {finding.id} sudah diterima dan akunnya sudah diubah; itu tidak dapat ditarik kembali.",
                    en=f"Finding {finding.id} was accepted and the accounts were changed; that cannot be taken back.",
                )
            )
        if finding.state == ACCEPTED and finding.code in IDENTITY:
            self._show(question, finding.told["before"])
        if finding.code == OTHER_ID:
            self.accounts.set_state(account, "reconnect", OtherAccountError.code)
        self._decide(finding, REFUSED, by, note)
        if finding.code == JUMP:
            return t("Ditolak; angkanya tidak dipakai dalam laporan, tetapi tetap tersimpan.",
                     en="Refused; the figure is not used in any report, but stays stored.")  # fmt: skip
        if finding.code == OTHER_ID:
            return t(f"Ditolak; sambungkan {account.handle} ulang dengan kuncinya sendiri.",
                     en=f"Refused; connect {account.handle} again with its own key.")  # fmt: skip
        if finding.code == WHICH:
            return t("Ditolak; akun-akun itu tetap terpisah.", en="Refused; the accounts stay apart.")
        return t("Ditolak; lonjakan pengikut akun ini tidak diterima dengan sendirinya.",
                 en="Refused; leaps in the account's followers are not accepted by themselves.")  # fmt: skip

    def _decide(self, finding: StoredFinding, state: str, by: str, note: str) -> None:
        self._findings.decide(finding.id, state, self.accounts.clock.now(), by=by, note=note)

    def _must_be_undecided(self, question: Question, state: str) -> None:
        finding = question.finding
        settled = finding.by == ITSELF and finding.code == OTHER_ID
        if not settled and (finding.state != state or finding.by == ITSELF):
            return
        said = t("selesai sendiri", en="settled") if settled else STATES[state].text(current())
        raise SelectionError(t(f"Temuan {finding.id} sudah {said}.", en=f"Finding {finding.id} was {said} already."))

    def _show(self, question: Question, value: str) -> str:
        """Show an account from now on as it is; what went back by itself is shown as before."""
        finding, account = question.finding, question.account
        shown = {_FIELD[finding.code]: value}
        if finding.code == RENAMED and account.handle == account.name:
            shown["handle"] = value  # it has no handle of its own, and goes by its name
        if "until" not in finding.told:
            self.accounts.directory.rename(account.id, self.accounts.clock.now(), **shown)
        return t("Diterima; riwayatnya berlanjut.", en="Accepted; the history goes on.")

    def _join(self, question: Question, handle: str) -> str:
        """Join the typed account that is meant with the collected one."""
        collected = question.account
        connector = get_connector(collected.platform)
        others = self.accounts.queries.list_accounts(office_id=collected.office.id, platform=collected.platform)
        meant = [one for one in self.accounts.list_called(others, (handle,)) if one.id != collected.id]
        if not meant:
            raise SelectionError(
                t(
                    f"Tidak ada akun {connector.name} lain bernama {handle} di kantor ini.",
                    en=f"This office has no other {connector.name} account called {handle}.",
                )
            )
        joined = self.accounts.bind(meant[0], collected)
        return t(f"Digabung menjadi {joined.handle}.", en=f"Joined as {joined.handle}.")

    def _replace(self, question: Question) -> str:
        """Put the account that answers in the place of the one that was collected."""
        finding, old = question.finding, question.account
        if old.state == "replaced":
            raise SelectionError(t(f"{old.handle} sudah digantikan.", en=f"{old.handle} was succeeded already."))
        told = finding.told
        profile = Profile(told["after"], told["handle"], told["name"], told["link"])
        new = Succession(self.accounts).take_over(old, profile, finding.created_at)
        followed = t(
            f"{new.handle} menggantikan {old.handle}; riwayat keduanya tetap terpisah.",
            en=f"{new.handle} stands in the place of {old.handle}; their histories stay apart.",
        )
        connector = get_connector(new.platform)
        right = profile.id if connector.identity_is == "id" else new.handle
        if new.configured and connector.handle_key(new.configured) != connector.handle_key(right):
            followed += " " + t(
                f"Ganti juga {new.configured} dalam pengaturan akun ini menjadi {right}.",
                en=f"Also change {new.configured} in this account's settings to {right}.",
            )
        return followed


def _refuse_account(question: Question, account: str | None) -> NoReturn:
    number = question.finding.id
    if account is None:
        raise SelectionError(
            t(
                f"Sebutkan akun manual yang dimaksud: collector findings accept {number} --account NAMA.",
                en=f"Name the typed account that is meant: collector findings accept {number} --account NAME.",
            )
        )
    raise SelectionError(t(f"Temuan {number} tidak memerlukan --account.", en=f"Finding {number} needs no --account."))
