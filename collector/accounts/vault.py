"""The vault: sign-ins sealed with a key that lies outside the home, so that a copied home opens nothing.

The key is made at the first sealing and never again: where sealed sign-ins exist and the key is gone, nothing is
overwritten and the person is told.
"""

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from collector.accounts.keyfile import KeyFile
from collector.clock import Clock
from collector.errors import VaultError
from collector.language import t
from collector.store.ledger import Ledger
from collector.store.queries import Queries
from collector.store.records import StoredCredential

Sealed = Mapping[str, StoredCredential]
"""What is sealed for one account, by slot."""


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """A sign-in taken out of the vault. `seed` is a digest of the environment's value that it grew from."""

    value: str
    seed: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class _Held:
    """What was last read of the key file. `older` keys are of files that were replaced while this process ran: what it
    had read of the store before is still opened with them."""

    stamp: tuple[int, int, int] | None
    keys: tuple[str, ...]
    older: tuple[str, ...]
    fits: bool = False


class Vault:
    """Seals and opens sign-ins. One key file, which may hold older keys on further lines.

    `lock` gives the lock under which a key is changed: what is sealed meanwhile would be sealed with the one before.
    """

    def __init__(
        self, key_file: Path, ledger: Ledger, queries: Queries, clock: Clock,
        lock: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:  # fmt: skip
        self._file = KeyFile(key_file)
        self._ledger = ledger
        self._queries = queries
        self._clock = clock
        self._lock = lock
        self._held = _Held(None, (), ())

    def list_sealed(self, account_ids: Collection[int]) -> dict[int, Sealed]:
        """Return what is sealed for accounts, by account id: asked for once, where many are looked at."""
        return self._queries.list_all_credentials(account_ids)

    def open_all(self, account_id: int) -> dict[str, Opened]:
        """Return an account's sign-ins by slot. Raises VaultError where the key is missing or does not fit."""
        return self.open(self._queries.list_credentials(account_id))

    def open(self, sealed: Sealed) -> dict[str, Opened]:
        """Return sealed sign-ins opened, by slot. Raises VaultError where the key is missing or does not fit."""
        if not sealed:
            return {}
        held = self._hold()
        opening = MultiFernet([Fernet(key) for key in (*held.keys, *held.older)])
        try:
            return {
                slot: Opened(json.loads(opening.decrypt(one.sealed)), one.seed, one.expires_at)
                for slot, one in sealed.items()
            }
        except InvalidToken:
            raise self._misfit() from None

    def seal(
        self,
        account_id: int,
        values: Mapping[str, str],
        *,
        seed: str = "",
        expires: Mapping[str, datetime | None] | None = None,
    ) -> None:
        """Seal and commit sign-ins of an account together."""
        with self._lock():
            newest = Fernet(self._fitting_keys()[0])
            sealed = {slot: newest.encrypt(json.dumps(value).encode()) for slot, value in values.items()}
            self._ledger.seal(account_id, sealed, seed, expires or {}, self._clock.now())

    def prepare(self) -> None:
        """See that there is a key to seal with. Raises VaultError where the one that sealed is gone or does not fit."""
        self._fitting_keys()

    def forget(self, account_id: int, slot: str) -> None:
        """Drop a sign-in that the platform no longer takes."""
        self._ledger.forget_credential(account_id, slot)

    def _hold(self) -> _Held:
        """Return the keys as the file holds them now: another process may have changed them meanwhile."""
        held, stamp = self._held, self._file.stamp()
        if stamp is not None and stamp == held.stamp:
            return held
        if not self._file.exists():
            # Looked for once more after asking: another thread may have made it and sealed with it meanwhile.
            if self._queries.has_credentials() and not self._file.exists():
                raise VaultError(
                    t(
                        f"Berkas kunci {self._file.path} tidak ada, padahal ada sambungan akun yang tersegel. "
                        "Pulihkan berkas kunci itu, atau atur COLLECTOR_KEY_FILE ke tempatnya.",
                        en=f"The key file {self._file.path} is missing although sealed sign-ins exist. Restore that "
                        "file, or point COLLECTOR_KEY_FILE to it.",
                    )
                )
            self._file.make()
        stamp, keys = self._file.stamp(), self._file.read()
        self._held = _Held(stamp, keys, tuple(key for key in (*held.keys, *held.older) if key not in keys))
        return self._held

    def _fitting_keys(self) -> tuple[str, ...]:
        """Return the keys to seal with. Raises VaultError where they open nothing of what is sealed already: two keys
        that know nothing of each other would each open a part."""
        held = self._hold()
        if not held.fits:
            sealed = self._queries.list_sealed()
            if sealed and not any(fits(held.keys, one) for one in sealed):
                raise self._misfit()
            self._held = replace(held, fits=True)
        return held.keys

    def _misfit(self) -> VaultError:
        return VaultError(
            t(
                f"Kunci di {self._file.path} tidak cocok dengan basis data ini. Pulihkan berkas kunci yang semula; "
                "tidak ada yang ditimpa.",
                en=f"The key in {self._file.path} does not fit this database. Restore the original key file; "
                "nothing was overwritten.",
            )
        )


def fits(keys: Collection[str], sealed: bytes) -> bool:
    """Whether one of these keys opens what was sealed."""
    for key in keys:
        try:
            Fernet(key).decrypt(sealed)
        except InvalidToken:
            continue
        return True
    return False


def digest(value: str) -> str:
    """Return what the vault remembers of a value in the environment: enough to see that it changed, no more."""
    return sha256(b"collector seed\0" + value.encode()).hexdigest()[:32]
