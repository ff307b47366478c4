"""What an account is collected with: the key fields of the environment or of its own sealed ones, put together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from collector.accounts.vault import Sealed, Vault
from collector.errors import CollectorError
from collector.platforms import get_connector
from collector.settings import KeyValues, Settings, check_keys
from collector.store.records import StoredAccount
from connectors.kit import Account, Connector

OWN_PREFIX = "key:"
"""Slots of key fields that were given for one account alone (`accounts add --keys`)."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Finds the key fields of an account."""

    settings: Settings
    vault: Vault

    def keys_of(self, connector: Connector, account: StoredAccount, sealed: Sealed | None = None) -> KeyValues:
        """Return an account's key fields: its own sealed ones, else the environment's where it is that account.

        To its own come those of the environment that all accounts of the platform share. `sealed` is what the vault
        holds for it, where that was asked for already.
        """
        own = self._own(account.id, sealed)
        if own:
            return check_keys(connector, {**self.shared_of(connector, own), **own})
        if account.configured is not None:
            return self.settings.keys_of(connector)
        return KeyValues({}, {})

    def is_connected(self, account: StoredAccount) -> bool:
        """Whether what is filled in for an account is enough to collect it."""
        try:
            connector = get_connector(account.platform)
            return is_enough(connector, self.keys_of(connector, account))
        except (CollectorError, LookupError):
            return False

    def shared_of(self, connector: Connector, own: Collection[str] = ()) -> dict[str, str]:
        """Return the environment's key fields that all accounts share, but for the groups that `own` has a part of."""
        given = self.settings.given_to(connector)
        groups = (group for group in connector.shared if not group & set(own))
        return {name: given[name] for group in groups for name in group if name in given}

    def seal_own(self, connector: Connector, account_id: int, given: Mapping[str, str]) -> None:
        """Seal key fields for one account alone. Raises SettingsError where one is wrong."""
        check_keys(connector, given)
        self.vault.seal(account_id, {f"{OWN_PREFIX}{name}": value for name, value in given.items()})

    def replace_own(
        self, connector: Connector, account_id: int, given: Mapping[str, str], gone: Collection[str]
    ) -> None:
        """Seal key fields for one account alone, and let go of its own that they come in the place of."""
        self.seal_own(connector, account_id, given)
        for name in gone:
            self.vault.forget(account_id, f"{OWN_PREFIX}{name}")

    def _own(self, account_id: int, sealed: Sealed | None = None) -> dict[str, str]:
        if sealed is None:
            sealed = self.vault.list_sealed([account_id]).get(account_id, {})
        return {
            slot.removeprefix(OWN_PREFIX): opened.value
            for slot, opened in self.vault.open(sealed).items()
            if slot.startswith(OWN_PREFIX)
        }


def is_enough(connector: Connector, keys: KeyValues) -> bool:
    """Whether these key fields are enough to collect with."""
    return any(wanted <= keys.names for wanted in connector.needs)


def is_begun(connector: Connector, keys: KeyValues) -> bool:
    """Whether anything was filled in that is of one account alone: its identity, or a secret that is not the app's."""
    shared = frozenset[str]().union(*connector.shared)
    return connector.identity in keys.names or bool(keys.secret.keys() - shared)


def identity_of(connector: Connector, keys: KeyValues) -> str:
    """Return the account's identity as it is configured: the platform's id or a handle; "" where the sign-in tells."""
    return keys.get(connector.identity) or ""


def as_seen(connector: Connector, account: StoredAccount, keys: KeyValues) -> Account:
    """Return an account as its connector sees it: open settings, and only the names of the secret ones."""
    return Account(account.external_id, account.handle, keys.open, keys.names)
