"""The vault: sign-ins sealed with a key that lies outside the home, so that a copied home opens nothing.

The key is made at the first sealing and never again: where sealed sign-ins exist and the key is gone, nothing is
overwritten and the person is told.
"""

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

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
    sealed_at: datetime


class Vault:
    """Seals and opens sign-ins. One key file, which may hold older keys on further lines."""

    def __init__(self, key_file: Path, ledger: Ledger, queries: Queries, clock: Clock) -> None:
        self._key_file = key_file
        self._ledger = ledger
        self._queries = queries
        self._clock = clock
        self._keys: MultiFernet | None = None

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
        keys = self._open_keys()
        try:
            return {
                slot: Opened(json.loads(keys.decrypt(one.sealed)), one.seed, one.expires_at, one.updated_at)
                for slot, one in sealed.items()
            }
        except InvalidToken:
            raise VaultError(
                t(
                    f"Kunci di {self._key_file} tidak cocok dengan basis data ini. Pulihkan berkas kunci yang semula; "
                    "tidak ada yang ditimpa.",
                    en=f"The key in {self._key_file} does not fit this database. Restore the original key file; "
                    "nothing was overwritten.",
                )
            ) from None

    def seal(
        self,
        account_id: int,
        values: Mapping[str, str],
        *,
        seed: str = "",
        expires: Mapping[str, datetime | None] | None = None,
        renewed: str | None = None,
    ) -> None:
        """Seal and commit sign-ins of an account together, and with them the end of the renewal of slot `renewed`."""
        keys = self._open_keys()
        sealed = {slot: keys.encrypt(json.dumps(value).encode()) for slot, value in values.items()}
        self._ledger.seal(account_id, sealed, seed, expires or {}, self._clock.now(), renewed)

    def forget(self, account_id: int, slot: str) -> None:
        """Drop a sign-in that the platform no longer takes."""
        self._ledger.forget_credential(account_id, slot)

    def _open_keys(self) -> MultiFernet:
        if self._keys is None:
            if not self._key_file.is_file():
                # Looked for once more after asking: another thread may have made it and sealed with it meanwhile.
                if self._queries.has_credentials() and not self._key_file.is_file():
                    raise VaultError(
                        t(
                            f"Berkas kunci {self._key_file} tidak ada, padahal ada sambungan akun yang tersegel. "
                            "Pulihkan berkas kunci itu, atau atur COLLECTOR_KEY_FILE ke tempatnya.",
                            en=f"The key file {self._key_file} is missing although sealed sign-ins exist. Restore that "
                            "file, or point COLLECTOR_KEY_FILE to it.",
                        )
                    )
                _make_key(self._key_file)
            self._keys = _read_keys(self._key_file)
        return self._keys


def digest(value: str) -> str:
    """Return what the vault remembers of a value in the environment: enough to see that it changed, no more."""
    return sha256(b"collector seed\0" + value.encode()).hexdigest()[:32]


def _make_key(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written aside with its final mode and then put in its place, which fails where a key is already: there is no
        # moment in which others could read it, none with half a key (a power cut), and no key is ever overwritten.
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(Fernet.generate_key() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        return  # another process of this home made it a moment ago
    except OSError as error:
        raise VaultError(
            t(
                f"Berkas kunci {path} tidak dapat dibuat ({error.strerror}). Letakkan kuncinya, atau atur "
                "COLLECTOR_KEY_FILE ke folder yang dapat ditulis.",
                en=f"The key file {path} cannot be made ({error.strerror}). Put the key there, or point "
                "COLLECTOR_KEY_FILE to a folder that can be written.",
            )
        ) from None


def _read_keys(path: Path) -> MultiFernet:
    try:
        return MultiFernet([Fernet(line) for line in path.read_text("ascii").split()])
    except (OSError, ValueError):
        raise VaultError(
            t(
                f"Berkas kunci {path} tidak dapat dibaca atau rusak. Pulihkan berkas kunci yang semula.",
                en=f"The key file {path} cannot be read or is damaged. Restore the original key file.",
            )
        ) from None
