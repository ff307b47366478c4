"""The accounts that the environment configures: each gets its row in the store before it is collected.

An account of the environment is remembered by the identity that was configured, so that it is found again without
asking, and so that another identity is another account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from collector.accounts.keyring import identity_of, is_begun, is_enough
from collector.accounts.service import Accounts
from collector.errors import CollectorError
from collector.language import t
from collector.platforms import list_connectors
from collector.settings import KeyValues, Settings, env_name
from collector.store.records import StoredAccount
from connectors.kit import Connector


@dataclass(frozen=True, slots=True)
class Unready:
    """A platform that the environment configures in part: what is wrong with it, in one sentence."""

    connector: Connector
    identity: str
    message: str


def list_configured(
    settings: Settings, accounts: Accounts, office_slug: str | None
) -> Iterator[StoredAccount | Unready]:
    """Yield the account of each platform that the environment configures, made where it is not there yet."""
    for connector in list_connectors():
        try:
            keys = settings.keys_of(connector)
        except CollectorError as error:
            yield Unready(connector, "", str(error))
            continue
        if not is_begun(connector, keys):
            continue
        if not is_enough(connector, keys):
            if _is_connected(connector, identity_of(connector, keys), accounts):
                continue
            yield Unready(connector, identity_of(connector, keys), _what_is_missing(connector, keys))
            continue
        if _is_removed(connector, identity_of(connector, keys), accounts):
            continue
        yield _account_of(connector, identity_of(connector, keys), accounts, office_slug)


def _is_removed(connector: Connector, identity: str, accounts: Accounts) -> bool:
    """Whether a person removed the configured account: it stays so until it is added again, keys or no keys."""
    return any(
        one.configured == identity or (identity and one.external_id == identity)
        for one in accounts.queries.list_removed(platform=connector.slug)
    )


def _is_connected(connector: Connector, identity: str, accounts: Accounts) -> bool:
    """Whether a person connected the account that is meant: the environment then lends it no more than the app."""
    here = accounts.queries.list_accounts(platform=connector.slug)
    accesses = accounts.accesses.list_all([one.id for one in here])
    connected = [one for one in here if any(access.connected_at for access in accesses.get(one.id, ()))]
    return bool(accounts.list_called(connected, (identity,)) if identity else connected)


def _account_of(connector: Connector, identity: str, accounts: Accounts, office_slug: str | None) -> StoredAccount:
    known = accounts.queries.list_accounts(platform=connector.slug)
    by_identity = (account for account in known if account.configured == identity)
    by_id = (account for account in known if identity and account.external_id == identity)
    account = next(by_identity, None) or next(by_id, None)
    if account is None:
        account = accounts.ensure(accounts.get_office(office_slug), connector, identity or connector.name)
    for other in known:  # another identity was configured until now: these keys are not that account's any more
        if other.configured is not None and other.id != account.id:
            accounts.directory.configure(other.id, None)
    if account.configured != identity:
        accounts.directory.configure(account.id, identity)
    return accounts.get(account.id)


def _what_is_missing(connector: Connector, keys: KeyValues) -> str:
    """Say which settings are missing, by the way to connect that is nearest to done."""
    nearest = min(connector.needs, key=lambda wanted: len(wanted - keys.names))
    fields = connector.Keys.model_fields
    names = ", ".join(sorted(env_name(fields[name]) for name in nearest - keys.names))
    return t(
        f"Pengaturan {connector.name} belum lengkap: isi {names} di berkas .env.",
        en=f"The settings of {connector.name} are not complete: fill in {names} in the .env file.",
    )
