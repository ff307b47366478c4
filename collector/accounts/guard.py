"""Who answers is held against who is stored, before anything of the answer is.

History is kept by the platform's id. A sign-in that answers for another id gets nothing into this account's history.
What else tells an account from another (its name, handle, the address in its bio) may change: the history goes on, the
account is found by its new handle at once, and a person is asked whether it was them. Until then it is shown as before.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from collector.language import t
from collector.platforms import get_connector
from collector.store.directory import Directory
from collector.store.findings import (
    BIO,
    HANDLE,
    ITSELF,
    OPEN,
    OTHER_ID,
    REFUSED,
    RENAMED,
    Findings,
    StoredFinding,
)
from collector.store.records import StoredAccount
from connectors.kit import OtherAccountError, Profile, Words

_STILL_OLD_HINT = Words(
    "Isi kunci akun yang baru, atau sambungkan ulang sebagai akun yang baru.",
    "Fill in the new account's key, or connect again as the new account.",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing by which an account is known: as it is stored, as it was seen now, and both as they are compared.

    `is_first`: it was never told before.
    """

    code: str
    about: str
    stored: str
    seen: str
    compared: tuple[str, str]
    is_first: bool = False

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return self.compared[0] == self.compared[1]


@dataclass(frozen=True, slots=True)
class Guard:
    """Sees who answers. `is_own_site` says of an address in a bio whether it is one of the office's own sites."""

    directory: Directory
    findings: Findings
    is_own_site: Callable[[StoredAccount, str], bool]

    def see(self, account: StoredAccount, profile: Profile, at: datetime) -> None:
        """Ask of what changed. Raises OtherAccountError where it is another account."""
        asked = self.findings.list_of(account.id)
        if profile.id != account.external_id:
            self._ask_of_other(account, profile, asked, at)
            raise OtherAccountError(
                t(
                    f"yang menjawab {profile.handle} ({profile.id}), bukan {account.handle} ({account.external_id})",
                    en=f"{profile.handle} ({profile.id}) answers, not {account.handle} ({account.external_id})",
                )
            )
        for finding in asked:
            if finding.code == OTHER_ID and finding.state == OPEN:
                self.findings.decide(finding.id, REFUSED, at, by=ITSELF, note=finding.about)
        for one in compare(account, profile):
            newest = next((finding for finding in reversed(asked) if finding.code == one.code), None)
            self._judge(account, one, newest, at)

    def _judge(self, account: StoredAccount, one: Seen, newest: StoredFinding | None, at: datetime) -> None:
        said = newest.told if newest is not None and newest.state in (OPEN, REFUSED) else {}
        is_mended = one.code == BIO and not one.is_same and self.is_own_site(account, one.seen)
        if one.is_first or is_mended:
            self.directory.rename(account.id, at, **{one.about: one.seen})
        if one.is_first:
            return
        if one.is_same or is_mended:
            if newest is not None and said and "until" not in said:
                self.findings.amend(newest.id, json.dumps({**said, "until": at.isoformat()}, ensure_ascii=False))
        elif said.get("after") != one.seen or "until" in said:
            told = {"before": one.stored, "after": one.seen}
            self.findings.ask(one.code, account.id, at, about=one.about, detail=json.dumps(told, ensure_ascii=False))
            if one.code == HANDLE or (one.code == RENAMED and account.handle == account.name):
                key = get_connector(account.platform).handle_key(one.seen)
                self.directory.add_handle(account.id, one.seen, key, at)

    def _ask_of_other(
        self, account: StoredAccount, profile: Profile, asked: tuple[StoredFinding, ...], at: datetime
    ) -> None:
        known = (one for one in asked if one.code == OTHER_ID and one.about == profile.id)
        if any(one.state in (OPEN, REFUSED) and one.by != ITSELF for one in known):
            return
        told = {"before": account.external_id, "after": profile.id, "handle": profile.handle, "name": profile.name,
                "link": profile.link}  # fmt: skip
        self.findings.ask(OTHER_ID, account.id, at, about=profile.id, detail=json.dumps(told, ensure_ascii=False))


def compare(account: StoredAccount, profile: Profile) -> Iterator[Seen]:
    """Yield what an account is known by besides its id. What a platform does not tell now is left alone."""
    key = get_connector(account.platform).handle_key
    if profile.name:
        yield Seen(RENAMED, "name", account.name, profile.name, (account.name, profile.name), not account.name)
    if profile.handle and profile.handle != profile.name:  # else it has none of its own, and goes by its name
        keys = (key(account.handle), key(profile.handle))
        yield Seen(HANDLE, "handle", account.handle, profile.handle, keys)
    if profile.bio_link is not None:
        before = account.bio_link or ""
        yield Seen(
            BIO, "bio_link", before, profile.bio_link, (_address(before), _address(profile.bio_link)),
            account.bio_link is None,
        )  # fmt: skip


def still_of(old: StoredAccount, successor: StoredAccount) -> OtherAccountError:
    """Return what to say of a successor's sign-in that is of the account in whose place it came."""
    return OtherAccountError(
        t(
            f"kunci untuk {successor.handle} masih milik akun lama {old.handle} ({old.external_id})",
            en=f"the key of {successor.handle} still is of the old account {old.handle} ({old.external_id})",
        ),
        hint=_STILL_OLD_HINT,
    )


def _address(text: str) -> str:
    """Return what two spellings of an address in a bio have in common."""
    return text.strip().rstrip("/").removeprefix("https://").removeprefix("http://").removeprefix("www.")
