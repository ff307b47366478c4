"""Finding the account that is meant, and joining a typed one with the collected one.

A figure typed today for a handle meets the followers collected tomorrow: when a platform says who an account is, the
typed account with that handle, or the only one of its office and platform, becomes that account. Two accounts that
both have a platform's id are never joined.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.accounts.bio import find_sites, names_site
from collector.accounts.guard import Guard, still_of
from collector.clock import Clock
from collector.errors import SelectionError
from collector.language import t
from collector.platforms import get_connector
from collector.store.accesses import Accesses
from collector.store.custody import Custodies, Custody
from collector.store.directory import Directory
from collector.store.findings import ACCEPTED, OPEN, WHICH, Findings
from collector.store.queries import Queries
from collector.store.records import Office, StoredAccount
from connectors.kit import Connector, Profile

DEFAULT_ZONE = "Asia/Jakarta"
DEFAULT_OFFICE = "default"
"""The short name of the office that is there before anybody named one."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Offices and accounts, changed and found."""

    directory: Directory
    queries: Queries
    accesses: Accesses
    custodies: Custodies
    clock: Clock
    findings: Findings

    def get_office(self, slug: str | None) -> Office:
        """Return the office that is meant; the default one is made where there is none at all.

        Raises SelectionError where there are several and none is named, or the named one is not there.
        """
        offices = self.queries.list_offices()
        if slug is not None:
            found = [office for office in offices if office.slug == slug]
            if found:
                return found[0]
            raise SelectionError(
                t(f"Kantor {slug} tidak ada. {_named(offices)}", en=f"There is no office {slug}. {_named(offices)}")
            )
        if len(offices) > 1:
            raise SelectionError(
                t(
                    f"Di sini ada {len(offices)} kantor; sebutkan satu dengan --office. {_named(offices)}",
                    en=f"There are {len(offices)} offices here; name one with --office. {_named(offices)}",
                )
            )
        return offices[0] if offices else self.ensure_office(DEFAULT_OFFICE, "")

    def ensure_office(self, slug: str, name: str, *, seat: str = "", zone: str = DEFAULT_ZONE) -> Office:
        """Return the office with this slug; it is made where it is not there."""
        self.directory.add_office(slug, name or slug, seat, zone, self.clock.now())
        return next(office for office in self.queries.list_offices() if office.slug == slug)

    def find(self, office: Office, connector: Connector, handle: str) -> StoredAccount | None:
        """Return the office's account with this handle in any spelling it ever had, or this platform's id."""
        return next(iter(drop_replaced(self.list_named(office, connector, handle))), None)

    def list_named(self, office: Office, connector: Connector, handle: str) -> list[StoredAccount]:
        """Return all the office's accounts that a handle means: an old one and its successor may have the same."""
        accounts = self.queries.list_accounts(office_id=office.id, platform=connector.slug)
        return self.list_called(accounts, (handle,))

    def is_called(self, account: StoredAccount, handle: str) -> bool:
        """Whether a handle, in any spelling, or a platform's id means this account."""
        return bool(self.list_called([account], (handle,)))

    def list_called(self, accounts: Sequence[StoredAccount], handles: Collection[str]) -> list[StoredAccount]:
        """Return those of some accounts that any of these handles, in any spelling, or platform's ids means."""
        keys = self.queries.list_all_handle_keys([account.id for account in accounts])
        nothing = frozenset[str]()
        return [
            account
            for account in accounts
            if any(_is_called(account, keys.get(account.id, nothing), handle) for handle in handles)
        ]

    def ensure(self, office: Office, connector: Connector, handle: str, *, opened: str | None = None) -> StoredAccount:
        """Return the office's account with this handle; made where it is not there, brought back if it was removed."""
        account = self.find(office, connector, handle)
        if account is not None:
            return account
        removed = self.queries.list_removed(office_id=office.id, platform=connector.slug)
        for called in self.list_called(removed, (handle,)):
            return self._bring_back(called)
        return self.add(office, connector, handle, opened=opened)

    def add(self, office: Office, connector: Connector, handle: str, *, opened: str | None = None) -> StoredAccount:
        """Add an account, whoever else has that handle: a stolen account's successor often takes it again."""
        shown, now = handle.strip().lstrip("@"), self.clock.now()
        return self.get(
            self.directory.add_account(
                office.id, connector.slug, shown, connector.handle_key(handle), now, opened=opened
            )
        )

    def get(self, account_id: int) -> StoredAccount:
        """Return an account by its number. Raises LookupError where there is none, or it was removed."""
        account = self.queries.find_account(account_id)
        if account is None:
            raise LookupError(account_id)
        return account

    def change_office(self, office: Office, **changes: str) -> None:
        """Change an office's slug, name, seat or zone."""
        self.directory.change_office(office.id, self.clock.now(), **changes)

    def set_state(self, account: StoredAccount, state: str, code: str = "") -> None:
        """Set an account active, paused, reconnect or removed; `code` says after which fault."""
        self.directory.set_state(account.id, state, code, self.clock.now())

    def identify(self, account: StoredAccount, profile: Profile) -> StoredAccount:
        """Take a platform's word on who `account` is. Returns the account that it is from now on.

        `account` is not bound yet. It is joined with the one that has the id already, else with the unbound one whose
        handle matches, else with the only typed one of its office and platform; where there are several and none
        matches, a finding asks. Raises OtherAccountError where the sign-in still is of the account that it succeeds.
        """
        connector, now = get_connector(account.platform), self.clock.now()
        key = connector.handle_key(profile.handle)
        bound = self.queries.find_bound_account(connector.slug, profile.id)
        if bound is not None and bound.id == account.succeeds:
            raise still_of(bound, account)
        if bound is not None:
            return self.note(self._merge(account, self._bring_back(bound)), profile)
        others = [
            other
            for other in self.queries.list_accounts(office_id=account.office.id, platform=account.platform)
            if other.external_id is None and other.id != account.id and other.state != "replaced"
        ]
        keys = self.queries.list_all_handle_keys([other.id for other in others])
        same = [other for other in others if key in keys.get(other.id, ())]
        typed = [other for other in others if self._is_typed(other)]
        target = account
        if same or len(typed) == 1:
            target = self._merge(account, (same or typed)[0])
        elif typed:
            handles = ", ".join(other.handle for other in typed)
            self.findings.ask(WHICH, account.id, now, detail=f"{profile.handle}: {handles}")
        self.directory.bind(target.id, profile.id, profile.handle, key, profile.name, profile.link, now)
        return self.note(self.get(target.id), profile)

    def see(self, account: StoredAccount, profile: Profile, at: datetime) -> StoredAccount:
        """Hold who answers against who an account is known to be; what changed is asked of a person.

        Raises OtherAccountError where it is another account: nothing of it may be stored under this one.
        """
        Guard(self.directory, self.findings, self._is_own_site).see(account, profile, at)
        return self.note(account, profile)

    def note(self, account: StoredAccount, profile: Profile) -> StoredAccount:
        """Remember what a platform told of an account besides who it is: its sign-in, and first what its bio names."""
        for access in profile.access:
            self.accesses.note(account.id, access, self.clock.now())
        if profile.bio_link is None or account.bio_link is not None:
            return account
        self.directory.rename(account.id, self.clock.now(), bio_link=profile.bio_link)
        return self.get(account.id)

    def keep(self, account: StoredAccount, custody: Custody) -> None:
        """Note who keeps an account outside this program."""
        self.custodies.keep(account.id, custody, self.clock.now())

    def bind(self, typed: StoredAccount, collected: StoredAccount) -> StoredAccount:
        """Join by hand: `typed` becomes part of `collected`. Raises SelectionError where both are known by id."""
        if typed.platform != collected.platform or typed.id == collected.id:
            raise SelectionError(
                t(
                    "Hanya dua akun berbeda dari platform yang sama yang dapat digabung.",
                    en="Only two different accounts of one platform can be joined.",
                )
            )
        if typed.external_id is not None and collected.external_id is not None:
            raise SelectionError(
                t(
                    f"{typed.handle} dan {collected.handle} adalah dua akun berbeda di platform; "
                    "riwayatnya tidak digabung.",
                    en=f"{typed.handle} and {collected.handle} are two different accounts on the platform; "
                    "their histories are not joined.",
                )
            )
        source, target = (collected, typed) if typed.external_id is not None else (typed, collected)
        joined = self._merge(source, target)
        for finding in self.findings.list_of(joined.id):
            if finding.code == WHICH and finding.state == OPEN:
                self.findings.decide(finding.id, ACCEPTED, self.clock.now(), note=source.handle)
        return joined

    def _is_own_site(self, account: StoredAccount, address: str) -> bool:
        sites = find_sites(self.queries.list_accounts(office_id=account.office.id))
        return names_site(account, address, sites.get(account.office.id, ())) is True

    def _is_typed(self, account: StoredAccount) -> bool:
        """Whether nothing but typed figures can be behind an account. A connected one will say itself who it is."""
        return account.configured is None and not self.queries.list_credentials(account.id)

    def _bring_back(self, account: StoredAccount) -> StoredAccount:
        """Return an account that may have been removed as one that is there again, with all its history."""
        if account.state == "removed":
            self.set_state(account, "active")
            return self.get(account.id)
        return account

    def _merge(self, source: StoredAccount, target: StoredAccount) -> StoredAccount:
        self.directory.join(source.id, target.id, self.clock.now())
        if source.configured is not None:
            self.directory.configure(target.id, source.configured)
        return self.get(target.id)


def drop_replaced(called: Sequence[StoredAccount]) -> list[StoredAccount]:
    """Drop the accounts in whose place another one of them stands: a successor often has the old one's handle."""
    replaced = {account.succeeds for account in called}
    return [account for account in called if account.id not in replaced]


def _is_called(account: StoredAccount, keys: frozenset[str], handle: str) -> bool:
    if handle == account.external_id:
        return True
    try:
        return get_connector(account.platform).handle_key(handle) in keys
    except LookupError:  # a platform that this version does not have
        return handle == account.handle


def _named(offices: Iterable[Office]) -> str:
    names = ", ".join(office.slug for office in offices)
    return t(f"Yang ada: {names or 'belum ada'}.", en=f"There are: {names or 'none yet'}.")
