"""What an account is collected with: the key fields of the environment or of its own sealed ones, put together."""

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

        `sealed` is what the vault holds for it, where that was asked for already.
        """
        if sealed is None:
            sealed = self.vault.list_sealed([account.id]).get(account.id, {})
        own = {
            slot.removeprefix(OWN_PREFIX): opened.value
            for slot, opened in self.vault.open(sealed).items()
            if slot.startswith(OWN_PREFIX)
        }
        if own:
            return check_keys(connector, own)
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

    def seal_own(self, connector: Connector, account_id: int, given: dict[str, str]) -> None:
        """Seal key fields for one account alone. Raises SettingsError where one is wrong."""
        check_keys(connector, given)
        self.vault.seal(account_id, {f"{OWN_PREFIX}{name}": value for name, value in given.items()})


def is_enough(connector: Connector, keys: KeyValues) -> bool:
    """Whether these key fields are enough to collect with."""
    return any(wanted <= keys.names for wanted in connector.needs)


def is_begun(connector: Connector, keys: KeyValues) -> bool:
    """Whether anything was filled in that only this platform could want: its account's identity or a secret."""
    return connector.identity in keys.names or bool(keys.secret)


def identity_of(connector: Connector, keys: KeyValues) -> str:
    """Return the account's identity as it is configured: the platform's id or a handle; "" where the sign-in tells."""
    return keys.get(connector.identity) or ""


def as_seen(connector: Connector, account: StoredAccount, keys: KeyValues) -> Account:
    """Return an account as its connector sees it: open settings, and only the names of the secret ones."""
    return Account(account.external_id, account.handle, keys.open, keys.names)
