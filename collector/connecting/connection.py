"""One connecting, step by step: fill in what is missing, begin, take the answer, look who it is, choose, done.

Nothing here prints or asks: a command and a web page walk through the same steps. Nothing of the account is changed
before the platform has said who signed in and that is the account that was meant.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlencode

from collector.accounts.keyring import as_seen
from collector.collect.fetch import Fetcher, Shop
from collector.connecting import refusals
from collector.connecting.callback import Callback
from collector.connecting.first import FirstRenewer
from collector.connecting.proof import Proof, make_proof
from collector.connecting.reading import read_fault
from collector.connecting.trade import Gains, Trader, fill
from collector.errors import SettingsError
from collector.language import current, t
from collector.settings import KeyValues, Settings, check_keys, env_name, is_secret
from collector.store.records import Office, StoredAccount
from connectors.kit import (
    Account,
    Choice,
    Connector,
    Consent,
    Device,
    Exchange,
    Pasted,
    Permission,
    PlatformError,
    Profile,
    Trade,
    UnreachableError,
    Way,
)

T = TypeVar("T")

_LONGEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to connect. `handle` names the account; `is_new` says that it is not one of those here."""

    connector: Connector
    way: Way
    office: str | None = None
    handle: str | None = None
    is_new: bool = False
    by: str = ""


@dataclass(slots=True, repr=False)
class Connection:
    """One connecting. `target` is the account that is meant, None for one that is not here yet.

    `expected` is how the account that is meant is called, "" where any will do. `base` are the key fields that are
    there already, `given` those that a person filled in.
    """

    wish: Wish
    office: Office
    target: StoredAccount | None
    expected: str
    base: Mapping[str, str]
    settings: Settings
    shop: Shop
    renewer: FirstRenewer
    run_id: int
    given: dict[str, str] = field(default_factory=dict)
    gains: Gains = field(default_factory=Gains)
    redirect_uri: str = ""
    taken: dict[str, str] = field(default_factory=dict)
    spent: int = 0
    _proof: Proof | None = None

    @property
    def connector(self) -> Connector:
        """The platform."""
        return self.wish.connector

    @property
    def way(self) -> Way:
        """The way to connect."""
        return self.wish.way

    def list_missing(self) -> list[str]:
        """Return the key fields that have to be filled in first, in order.

        A long-lived key that is pasted is asked for even where there is one: it is the one to be replaced. What may
        stay empty is asked for only beside something that must not.
        """
        wanted = [one for one in self.way.asks if one not in {*self.base, *self.given} or self._is_pasted_anew(one)]
        needed = [one for one in wanted if one not in self.way.optional]
        return wanted if needed else []

    def _is_pasted_anew(self, name: str) -> bool:
        return isinstance(self.way, Pasted) and name == self.way.slot and name not in self.given

    def fill(self, name: str, value: str) -> str | None:
        """Fill in a key field. Returns what to do next with what the value tells. Raises SettingsError."""
        value = value.strip()
        check_keys(self.connector, {name: value})
        told = None
        if isinstance(self.way, Pasted) and self.way.file is not None and self.way.file.field == name:
            told = self.way.file.words.text(current()).replace("{value}", self._tell(name, value, self.way.file.tells))
        self.shop.redactor.know(value if self.is_secret(name) else None)
        self.given[name] = value
        return told

    def known(self, name: str) -> str | None:
        """Return what the settings have for a secret key field, None where they have nothing."""
        return self.settings.given_to(self.connector).get(name) if self.is_secret(name) else None

    def label_of(self, name: str) -> tuple[str, str]:
        """Return what a key field is called, and where it is found."""
        words = self.connector.Keys.model_fields[name].json_schema_extra
        assert isinstance(words, dict)
        label, note = words["label"], words["help"]
        assert isinstance(label, list)
        assert isinstance(note, list)
        return t(str(label[0]), en=str(label[1])), t(str(note[0]), en=str(note[1]))

    def is_secret(self, name: str) -> bool:
        """Whether a key field has to be typed unseen."""
        return is_secret(self.connector.Keys.model_fields[name])

    def _tell(self, name: str, text: str, member: str) -> str:
        try:
            return str(json.loads(text)[member])
        except (ValueError, TypeError, KeyError):
            setting = env_name(self.connector.Keys.model_fields[name])
            raise SettingsError(
                t(
                    f"Isi {setting} bukan berkas kunci yang dimaksud: {member} tidak ada di dalamnya. "
                    "Unduh lagi berkas JSON-nya.",
                    en=f"What was given for {setting} is not the key file that is wanted: it has no {member}. Download "
                    "the JSON file again.",
                )
            ) from None

    def say_step(self, text: str) -> str:
        """Return the text of a step with its slots filled in."""
        slots = {**self._keys().open, "redirect_uri": self.redirect_uri}
        for name, value in slots.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    # -- consent -----------------------------------------------------------------------------------------------------

    def invite(self, redirect_uri: str) -> str:
        """Return the address of the page where a person allows it; the browser comes back to `redirect_uri`."""
        assert isinstance(self.way, Consent)
        self._proof, self.redirect_uri = make_proof(self.way.pkce), redirect_uri
        keys = self._keys()
        slots = {
            **keys.open,
            "scope": self._scope(self.way),
            "state": self._proof.state,
            "redirect_uri": redirect_uri,
        }
        if self._proof.challenge:
            slots["challenge"] = self._proof.challenge
        return f"{self.settings.address_of_page(self.way.page, keys)}?{urlencode(fill(self.way.params, slots))}"

    def is_mine(self, state: str) -> bool:
        """Whether a state is this connecting's."""
        return self._proof is not None and self._proof.is_mine(state)

    def accept(self, callback: Callback) -> None:
        """Take what the page sent back with the browser, and trade the code in. Raises ConnectingError."""
        assert isinstance(self.way, Consent)
        if self._proof is None or not self._proof.is_mine(callback.state):
            raise refusals.not_mine()
        proof, self._proof = self._proof, None  # one answer, and no second
        if callback.error == "access_denied":
            raise refusals.denied(self.connector.name)
        if callback.error:
            raise refusals.page_refused(self.connector.name, f"{callback.error} {callback.description}".strip()[:120])
        slots = {"code": callback.code, "redirect_uri": self.redirect_uri}
        if proof.verifier:
            slots["code_verifier"] = proof.verifier
        for number, trade in enumerate(self.way.trades):
            self.trade(trade, slots, is_first=number == 0)

    def _scope(self, way: Consent | Device) -> str:
        return way.separator.join(one.name for one in way.permissions)

    # -- trades ------------------------------------------------------------------------------------------------------

    def trade(self, trade: Trade, slots: Mapping[str, str], *, is_first: bool) -> None:
        """Trade something in and take what it gives. Raises ConnectingError."""
        exchange = self.ask(trade, slots)
        fault = read_fault(self.connector, exchange, self.redirect_uri, is_first=is_first)
        if fault is not None:
            raise fault
        self.gains.take(trade, exchange.json())

    def ask(self, trade: Trade, slots: Mapping[str, str]) -> Exchange:
        """Ask for a trade. Raises ConnectingError where no answer came."""
        keys = self._keys()
        trader = Trader(self._fetcher(keys).session, self.shop.http, self.settings, self.shop.redactor, self.shop.clock)
        try:
            return trader.ask(trade.request, {**keys.open, **keys.secret, **slots}, trade.basic)
        except UnreachableError:
            raise refusals.line_cut(self.connector.name) from None

    # -- who it is ---------------------------------------------------------------------------------------------------

    def look(self) -> tuple[Choice, ...]:
        """Return the accounts that the sign-in sees. Raises ConnectingError where it may not, or sees none."""
        self._check_permissions()
        if self.way.slot and self.way.slot not in {**self.gains.slots, **self.given}:
            raise refusals.no_key(self.connector.name)
        choices = self._question(lambda seen, fetcher: self.connector.list_choices(seen, fetcher.check))
        if not choices:
            raise refusals.no_account(self.connector.name)
        return choices

    def is_meant(self, choice: Choice) -> bool:
        """Whether a choice is the account that was meant to be connected."""
        profile, key = choice.profile, self.connector.handle_key
        if self.target is not None and self.target.external_id is not None:
            return profile.id == self.target.external_id
        return bool(self.expected) and (profile.id == self.expected or key(profile.handle) == key(self.expected))

    def examine(self, choice: Choice) -> tuple[Profile, Mapping[str, str]]:
        """Return who a choice is, by the platform's word, and the key fields that are to be sealed for it."""
        if choice.needs is not None:
            raise refusals.ConnectingError("choice", choice.needs.text(current()))
        settled = self.open_keys(choice.keys)
        self.gains.slots.update(settled)
        profile = choice.profile
        if settled:
            profile = self._question(lambda seen, fetcher: self.connector.check(seen, fetcher.check))
        if profile.problem is not None:
            raise self._explain(profile.problem)
        fields = self.connector.Keys.model_fields
        made = {name: value for name, value in self.gains.slots.items() if name in fields}
        return profile, {**self.way.settles, **self.given, **made}

    def open_keys(self, keys: Mapping[str, str]) -> dict[str, str]:
        """Return key fields with their tickets opened, and those in braces taken from this connecting's own."""
        there = self._keys()
        return fill({name: self.taken.get(one, one) for name, one in keys.items()}, {**there.open, **there.secret})

    def list_withheld(self, granted: frozenset[str] | None) -> tuple[Permission, ...]:
        """Return the permissions that were not given, as far as the platform tells."""
        return tuple(one for one in self.way.permissions if granted is not None and one.name not in granted)

    def _check_permissions(self) -> None:
        needed = [one for one in self.list_withheld(self.gains.granted) if not one.optional]
        if needed:
            raise refusals.permissions_missing(self.connector.name, needed)

    def _question(self, ask: Callable[[Account, Fetcher], T]) -> T:
        """Ask the platform with the keys there are. What that may cost ends at the account's yearly limit."""
        keys = self._keys()
        fetcher = self._fetcher(keys)
        seen = self._seen(keys)
        cap = self.connector.yearly_cap(seen)
        fetcher.allow(None if cap is None else cap - self.spent)
        try:
            return ask(seen, fetcher)
        except PlatformError as error:
            raise self._explain(error) from None
        finally:
            self.spent += fetcher.spent

    def _explain(self, error: PlatformError) -> refusals.ConnectingError:
        if isinstance(error, UnreachableError):
            return refusals.line_cut(self.connector.name)
        return refusals.platform_refused(self.connector.name, error, self.shop.redactor.line(error.message))

    def _seen(self, keys: KeyValues) -> Account:
        if self.target is not None:
            return as_seen(self.connector, self.target, keys)
        return Account(None, self.expected, keys.open, keys.names)

    def _keys(self) -> KeyValues:
        """Return all key fields as they stand, and what the trades gave besides. Raises SettingsError."""
        fields = self.connector.Keys.model_fields
        made = {name: value for name, value in self.gains.slots.items() if name in fields}
        keys = check_keys(self.connector, {**self.base, **self.way.settles, **self.given, **made})
        besides = {name: value for name, value in self.gains.slots.items() if name not in fields}
        return KeyValues(keys.open, {**keys.secret, **besides})

    def _fetcher(self, keys: KeyValues) -> Fetcher:
        self.renewer.fresh, self.renewer.lent = self.way.slot, self.gains.short_lived
        now = self.shop.clock.now()
        account_id = self.target.id if self.target is not None else 0
        return Fetcher(
            self.shop, self.connector, account_id, keys, self.run_id, None, now, now + _LONGEST, taken=self.taken
        )
