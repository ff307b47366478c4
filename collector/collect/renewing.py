"""Having new keys: one renewer at a time, and nothing lost by a crash.

Three things are committed in this order: that a renewal is begun, what came of it (a new pair as a whole, together with
the end of the renewal), and only then is the new key used. Some platforms rotate: the old key is dead once the new one
was given. So a renewal that was begun and has no end says that the held key may be used up. It is sent once more: if it
is taken, nothing was lost; if it is refused, the person reads that a renewal was interrupted, and it is not sent again.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeGuard

from collector.accounts.vault import Opened, Vault, digest
from collector.clock import Clock
from collector.collect.attempts import Attempts
from collector.collect.grants import Grant, as_access, grown_slot, prepare_grant, read_grant
from collector.collect.http import Answer, Http, Prepared
from collector.collect.redact import Redactor
from collector.collect.refusals import NotAskedError
from collector.collect.session import Session
from collector.errors import StoreError
from collector.settings import Settings
from collector.store.accesses import Accesses
from collector.store.records import StoredRenewal
from connectors.kit import Exchange, GoogleJwt, PlatformError, Prolonged, Renewable, UnreachableError

_EARLY = timedelta(seconds=60)  # a key that dies within a minute is not begun with (youtube.md §1c)
_LIFE_UNSAID = timedelta(minutes=30)  # where an answer names no lifetime; every known platform's is longer
_A_WHILE = timedelta(minutes=5)  # how long a prolonged key is used before it is looked after again

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class _Held:
    """A key in use. Until `until` there is no need to look for another. `seed` is of the configured value."""

    value: str
    seed: str
    until: datetime


@dataclass(frozen=True, slots=True, repr=False)
class _Given:
    """What was given, on its way into the vault: values and ends by slot."""

    values: Mapping[str, str]
    expires: Mapping[str, datetime | None]
    seed: str


class Renewer:
    """Gives keys that are alive. One per process; safe to use from several threads."""

    def __init__(
        self,
        settings: Settings,
        vault: Vault,
        accesses: Accesses,
        attempts: Attempts,
        http: Http,
        clock: Clock,
        redactor: Redactor,
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._accesses = accesses
        self._attempts = attempts
        self._http = http
        self._clock = clock
        self._redactor = redactor
        self._held: dict[tuple[int, str], _Held] = {}
        self._unsealed: dict[tuple[int, str], _Given] = {}

    def key(self, session: Session, way: Renewable) -> str:
        """Return a key that is good for at least a minute, had anew where there is none. Raises a PlatformError."""
        name, seed = (session.account_id, key_slot(way)), digest(session.value(grown_slot(way)))
        held = self._held.get(name)
        if not self._is_good(held, seed):
            with self._alone(session.account_id):
                held = self._held[name] = self._look(session, way, seed)
        self._redactor.know(held.value)
        return held.value

    def drop(self, account_id: int, slot: str, value: str) -> None:
        """Let go of a key that was refused before its time. A newer one, of another thread or process, stays."""
        with self._alone(account_id):
            held = self._held.get((account_id, slot))
            if held is not None and held.value == value:
                del self._held[account_id, slot]
            sealed = self._vault.open_all(account_id).get(slot)
            if sealed is not None and sealed.value == value:
                self._vault.forget(account_id, slot)

    @contextmanager
    def _alone(self, account_id: int) -> Iterator[None]:
        """Keep every other thread and process of this home away from an account's keys."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._attempts.holder.lock(f"signin-{account_id}"))
            except TimeoutError:
                raise NotAskedError("another process has been renewing this sign-in for minutes") from None
            yield

    def _is_good(self, held: _Held | None, seed: str) -> TypeGuard[_Held]:
        """Whether a key still lives for a while and grew from the present seed."""
        return held is not None and held.seed == seed and self._clock.now() < held.until

    def _look(self, session: Session, way: Renewable, seed: str) -> _Held:
        """Return the key that is in the vault by now, else a new one."""
        self._seal(session.account_id, way, seed)
        sealed = self._vault.open_all(session.account_id)
        if isinstance(way, Prolonged):
            return self._prolonged(session, way, seed, sealed)
        opened = sealed.get(key_slot(way))
        held = _Held(opened.value, opened.seed, opened.expires_at - _EARLY) if opened and opened.expires_at else None
        return held if self._is_good(held, seed) else self._renew(session, way, seed, sealed)

    def _prolonged(self, session: Session, way: Prolonged, seed: str, sealed: Mapping[str, Opened]) -> _Held:
        """Return a long-lived key, prolonged where it is time. It is used as it is where that is refused."""
        now, value, grown = self._clock.now(), _current(session, way, seed, sealed), sealed.get(way.slot)
        due = now
        if grown is not None and grown.seed == seed:
            if grown.expires_at is not None and grown.expires_at <= now:
                return _Held(value, seed, now + _A_WHILE)  # too late to prolong it: the platform will say so
            due = grown.sealed_at + way.every if grown.sealed_at <= now else now
        due = max(due, self._attempts.find_rest(session.account_id, way, value) or now)
        if due > now:
            return _Held(value, seed, due)
        try:
            return self._renew(session, way, seed, sealed)
        except PlatformError as error:
            _log.info("the key of account %s was not prolonged: %s", session.account_id, error)
            return _Held(value, seed, now + _A_WHILE)

    def _renew(self, session: Session, way: Renewable, seed: str, sealed: Mapping[str, Opened]) -> _Held:
        """Have a new key, seal what came, and only then return it."""
        value = _current(session, way, seed, sealed)
        prepared = prepare_grant(session, way, value, self._settings, self._clock.now(), self._redactor)
        attempt = self._attempts.begin(session.account_id, way, value)
        if attempt is None:
            raise UnreachableError(f"{way.request.path}: another machine is renewing this sign-in")
        after = self._vault.open_all(session.account_id)
        if any(after.get(slot) != sealed.get(slot) for slot in (key_slot(way), grown_slot(way))):
            self._attempts.forget(attempt)  # another home was done between the look and the attempt
            return self._look(session, way, seed)
        grant, answer = self._ask(session, way, attempt, prepared)
        self._redactor.know(grant.key, grant.next_seed)
        now = self._clock.now()
        self._unsealed[session.account_id, key_slot(way)] = _given(way, grant, seed, now)
        self._seal(session.account_id, way, seed)
        session.keep(way.request, answer, None)
        self._note(session.account_id, way, grant, now)
        return _Held(grant.key, seed, _until(way, grant, now))

    def _ask(
        self, session: Session, way: Renewable, attempt: StoredRenewal, prepared: Prepared
    ) -> tuple[Grant, Answer]:
        """Ask for a new key. What comes is looked at before it is kept: each moment more would be one to crash in."""
        try:
            try:
                answer = self._http.send(session.connector.slug, prepared)
            except UnreachableError as error:
                session.keep(way.request, None, error.message)
                raise
            glimpse = Exchange(0, way.request, answer.status, answer.headers, answer.body, self._clock.now())
            try:
                return read_grant(session.connector, way, glimpse), answer
            except PlatformError:
                return read_grant(session.connector, way, session.keep(way.request, answer, None)), answer
        except PlatformError as error:
            raise self._attempts.give_up(way, attempt, error) from None

    def _seal(self, account_id: int, way: Renewable, seed: str) -> None:
        """Seal what was given and is not sealed yet, with the end of its renewal.

        It is all or nothing, so it can be had again where the database's line was cut, later too.
        """
        given = self._unsealed.get((account_id, key_slot(way)))
        if given is None:
            return
        if given.seed == seed:
            seal = partial(
                self._vault.seal,
                account_id, given.values, seed=seed, expires=given.expires, renewed=grown_slot(way),
            )  # fmt: skip
            try:
                seal()
            except StoreError:
                seal()
        del self._unsealed[account_id, key_slot(way)]

    def _note(self, account_id: int, way: Renewable, grant: Grant, now: datetime) -> None:
        """Note what the platform said of the long-lived key: until when it lives, and what it allows."""
        if isinstance(way, GoogleJwt):
            return
        stored = self._accesses.list_all([account_id]).get(account_id, ())
        known = next((one for one in stored if one.slot == grown_slot(way)), None)
        access = as_access(way, grant, known, now)
        if known is not None and known.granted and access.granted is not None and known.granted - access.granted:
            lost = ", ".join(sorted(known.granted - access.granted))
            _log.warning("the sign-in of account %s does not allow any more: %s", account_id, lost)
        self._accesses.note(account_id, access, now)


def key_slot(way: Renewable) -> str:
    """Return the slot under which the key that is attached is sealed."""
    return way.slot if isinstance(way, Prolonged) else f"access:{grown_slot(way)}"


def _current(session: Session, way: Renewable, seed: str, sealed: Mapping[str, Opened]) -> str:
    """Return what a new key is asked for with: the sealed value that grew from the configured one, else that one."""
    grown = sealed.get(grown_slot(way))
    return grown.value if grown is not None and grown.seed == seed else session.value(grown_slot(way))


def _given(way: Renewable, grant: Grant, seed: str, now: datetime) -> _Given:
    """Return what is to be sealed of a grant."""
    usual = None if isinstance(way, Prolonged) else _LIFE_UNSAID
    values, expires = {key_slot(way): grant.key}, {key_slot(way): _end(now, grant.lives or usual)}
    if grant.next_seed is not None:
        values[grown_slot(way)] = grant.next_seed
        expires[grown_slot(way)] = _end(now, grant.seed_lives)
    return _Given(values, expires, seed)


def _end(now: datetime, lives: timedelta | None) -> datetime | None:
    return now + lives if lives is not None else None


def _until(way: Renewable, grant: Grant, now: datetime) -> datetime:
    """Return until when a new key is used without another look."""
    if isinstance(way, Prolonged):
        return now + way.every
    lives = grant.lives or _LIFE_UNSAID
    return now + (lives - _EARLY if lives > _EARLY else lives / 2)
