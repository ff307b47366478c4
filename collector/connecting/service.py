"""Connecting accounts: which account is meant, whether the one that signed in is it, and keeping what was given.

The last step changes the account all at once, after everything was asked: who it is, its own key fields, what the
platform allows and until when, who allowed it. An account that is connected by somebody else keeps its whole history,
because that hangs on the platform's own id.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.accounts.keyring import Keyring, identity_of
from collector.accounts.service import Accounts
from collector.collect.fetch import LEASE, Shop
from collector.collect.signin import SignIn
from collector.connecting import refusals
from collector.connecting.connection import Connection, Wish
from collector.connecting.first import FirstRenewer
from collector.errors import SettingsError
from collector.platforms import get_connector
from collector.settings import KeyValues, Settings
from collector.store.queries import CHECKED
from collector.store.records import Office, StoredAccount
from connectors.kit import Access, Choice, Connector, Linked, Permission, Profile, ShortLife

TRIGGER = "connect"


@dataclass(frozen=True, slots=True)
class Connected:
    """An account that was connected.

    `withheld` are the permissions that were not given; `ends_at` is when the sign-in ends by the platform's word,
    `data_ends_at` from when on nothing is read with it although it is good; `short_life` what it means where the end is
    only days away.
    """

    account: StoredAccount
    profile: Profile
    is_new: bool
    withheld: tuple[Permission, ...]
    ends_at: datetime | None
    short_life: ShortLife | None
    data_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Connecting:
    """Connects accounts. `make_renewer` makes what gives the keys for the first questions."""

    settings: Settings
    keyring: Keyring
    accounts: Accounts
    shop: Shop
    make_renewer: Callable[[], FirstRenewer]
    holder: str
    program: str

    def open(self, wish: Wish) -> Connection:
        """Begin a connecting: find the account that is meant. Raises CollectorError."""
        office = self.accounts.get_office(wish.office)
        configured = "" if wish.handle or wish.is_new else self._configured(wish.connector)
        expected = wish.handle or configured
        target = None if wish.is_new else self._target(wish, office, expected)
        base = self._base(wish.connector, target, configured)
        self.keyring.vault.prepare()  # a key that is missing is said before anybody signs in, not after
        ledger, now = self.shop.ledger, self.shop.clock.now()
        renewer = self.make_renewer()
        sign_in = SignIn(self.settings, self.shop.redactor, renewer)
        return Connection(
            wish, office, target, expected, base, self.settings, replace(self.shop, sign_in=sign_in), renewer,
            ledger.begin_run(TRIGGER, wish.by, self.program, now),
        )  # fmt: skip

    def close(self, connection: Connection) -> None:
        """Record that a connecting is over, however it ended."""
        self.shop.ledger.finish_run(connection.run_id, self.shop.clock.now())

    def choose(self, connection: Connection, choice: Choice) -> Connected:
        """Connect the chosen account. Raises CollectorError; then nothing was changed."""
        self._compare(connection, choice.profile)
        profile, own = connection.examine(choice)
        connector, way, now = connection.connector, connection.way, self.shop.clock.now()
        bound = self._compare(connection, profile)
        account = bound or connection.target
        is_new = account is None
        if account is None:
            account = self.accounts.ensure(connection.office, connector, profile.handle)
        account = self.accounts.identify(account, profile) if account.external_id is None else account
        self.keyring.replace_own(connector, account.id, own, way.replaces)
        gains = connection.gains
        ends_at = now + timedelta(seconds=gains.life) if gains.life is not None else None
        self.accounts.accesses.connect(
            account.id, Access(gains.granted, ends_at, None, way.slot), connection.wish.by, way.name, now
        )
        account = self.accounts.note(account, profile)
        if account.state == "reconnect":
            self.accounts.set_state(account, "active")
        self._charge(connection, account)
        told = next((one for one in profile.access if one.slot == way.slot), Access(gains.granted, ends_at))
        short = way.short_life if way.short_life and gains.life and _is_short(gains.life, way.short_life) else None
        withheld = connection.list_withheld(told.granted)
        return Connected(
            self.accounts.get(account.id), profile, is_new, withheld, told.ends_at, short, told.data_ends_at
        )  # fmt: skip

    def connect_linked(self, connection: Connection, linked: Linked) -> Connected:
        """Connect an account of another platform with the sign-in of the one that it is linked to.

        Raises CollectorError where that is not good for it; the one that was connected stays so.
        """
        connector = get_connector(linked.platform)
        way = next(one for one in connector.ways if one.name == linked.way)
        wish = replace(connection.wish, connector=connector, way=way, handle=linked.profile.id, is_new=False)
        following = self.open(wish)
        try:
            following.given.update(connection.open_keys(linked.keys))
            return self.choose(following, Choice(linked.profile, {connector.identity: linked.profile.id}))
        finally:
            self.close(following)

    def _configured(self, connector: Connector) -> str:
        """Return the identity that the environment names for this platform, "" where it names none."""
        try:
            return identity_of(connector, self.settings.keys_of(connector))
        except SettingsError:
            return ""

    def _target(self, wish: Wish, office: Office, expected: str) -> StoredAccount | None:
        """Return the account that is meant: the one that is named, else the office's only one on this platform."""
        here = self.accounts.queries.list_accounts(office_id=office.id, platform=wish.connector.slug)
        if expected:
            found = self.accounts.list_called(here, (expected,))
            return next((one for one in here if one.configured == expected), None) or next(iter(found), None)
        return here[0] if len(here) == 1 else None

    def _base(self, connector: Connector, target: StoredAccount | None, configured: str) -> dict[str, str]:
        keys = self.keyring.keys_of(connector, target) if target is not None else KeyValues({}, {})
        identity = {connector.identity: configured} if configured else {}
        return {**self.keyring.shared_of(connector, keys.names), **identity, **keys.open, **keys.secret}

    def _compare(self, connection: Connection, profile: Profile) -> StoredAccount | None:
        """Return the account here that signed in, if there is one. Raises ConnectingError where another was meant."""
        connector, target = connection.connector, connection.target
        came, name = profile.handle or profile.name or profile.id, connector.name
        bound = self.accounts.queries.find_bound_account(connector.slug, profile.id)
        if bound is not None and bound.office.id != connection.office.id:
            raise refusals.other_office(came, bound.office.slug)
        if connection.wish.is_new:
            return bound
        if target is not None and target.external_id is not None and target.external_id != profile.id:
            raise refusals.other_account(name, came, target.handle)
        expected = connection.expected
        key = connector.handle_key
        if expected and target is None and profile.id != expected and key(profile.handle) != key(expected):
            raise refusals.other_account(name, came, expected)
        if bound is None and target is None and (others := self._bound_here(connection)):
            raise refusals.other_account(name, came, " / ".join(one.handle for one in others))
        return bound

    def _bound_here(self, connection: Connection) -> Sequence[StoredAccount]:
        here = self.accounts.queries.list_accounts(office_id=connection.office.id, platform=connection.connector.slug)
        return [] if connection.expected else [one for one in here if one.external_id is not None]

    def _charge(self, connection: Connection, account: StoredAccount) -> None:
        """Count what looking cost towards the account's yearly limit."""
        if not connection.spent:
            return
        ledger, now = self.shop.ledger, self.shop.clock.now()
        number = ledger.claim(connection.run_id, account.id, "", self.holder, now, now + LEASE)
        if number is not None:
            ledger.take_over(connection.run_id, number)
            ledger.finish_snapshot(number, account.id, [], outcome=CHECKED, at=now)


def _is_short(seconds: int, life: ShortLife) -> bool:
    return timedelta(seconds=seconds) <= life.most
