"""One account in the place of another: a new id at the platform, a history of its own, and a visible seam."""

from dataclasses import dataclass
from datetime import datetime

from collector.accounts.service import Accounts
from collector.errors import SelectionError
from collector.language import t
from collector.platforms import get_connector
from collector.store.records import Office, StoredAccount
from connectors.kit import Connector, Profile


@dataclass(frozen=True, slots=True)
class Succession:
    """Puts accounts in the place of others."""

    accounts: Accounts

    def add(
        self, office: Office, connector: Connector, handle: str, old: StoredAccount, since: datetime,
        *, opened: str | None = None,
    ) -> StoredAccount:  # fmt: skip
        """Add an account that is known by its handle in the place of another. Raises SelectionError where it cannot.

        What the old one is collected with goes along only where it says nothing of which account it is for.
        """
        if old.platform != connector.slug or old.office.id != office.id:
            raise SelectionError(
                t(
                    f"{old.handle} bukan akun {connector.name} di kantor ini.",
                    en=f"{old.handle} is no {connector.name} account of this office.",
                )
            )
        same = [one for one in self.accounts.list_named(office, connector, handle) if one.id != old.id]
        new = same[0] if same else self.accounts.add(office, connector, handle, opened=opened)
        tells = old.configured is not None and connector.handle_key(old.configured) == connector.handle_key(handle)
        return self.put(new, old, since, with_sign_in=old.configured == "" or tells)

    def take_over(self, old: StoredAccount, profile: Profile, since: datetime) -> StoredAccount:
        """Put the account that an old one's sign-in answers for in its place, with that sign-in."""
        connector, now = get_connector(old.platform), self.accounts.clock.now()
        new = self.accounts.queries.find_bound_account(old.platform, profile.id)
        if new is not None and new.office.id != old.office.id:
            raise SelectionError(
                t(
                    f"{new.handle} ({profile.id}) sudah menjadi akun kantor {new.office.slug}.",
                    en=f"{new.handle} ({profile.id}) is an account of the office {new.office.slug} already.",
                )
            )
        if new is None:
            new = self.accounts.add(old.office, connector, profile.handle or profile.id)
            key = connector.handle_key(new.handle)
            self.accounts.directory.bind(new.id, profile.id, new.handle, key, profile.name, profile.link, now)
        elif new.state == "removed":
            self.accounts.set_state(new, "active")
        return self.put(self.accounts.get(new.id), old, since, with_sign_in=True)

    def put(self, new: StoredAccount, old: StoredAccount, since: datetime, *, with_sign_in: bool) -> StoredAccount:
        """Put one account in the place of another. Raises SelectionError where that makes no sense."""
        others = self.accounts.queries.list_accounts(office_id=old.office.id, platform=old.platform)
        standing = next((one for one in others if one.succeeds == old.id and one.id != new.id), None)
        if standing is not None:
            raise SelectionError(
                t(f"{old.handle} sudah digantikan {standing.handle}.", en=f"{standing.handle} succeeds {old.handle}.")
            )
        before: int | None = old.id
        while before is not None:
            if before == new.id:
                raise SelectionError(
                    t(
                        f"{new.handle} tidak dapat menggantikan {old.handle}: {old.handle} sendiri penggantinya.",
                        en=f"{new.handle} cannot succeed {old.handle}, which succeeds it.",
                    )
                )
            before = next((one.succeeds for one in others if one.id == before), None)
        self.accounts.directory.succeed(new.id, old.id, since, self.accounts.clock.now(), with_sign_in=with_sign_in)
        return self.accounts.get(new.id)
