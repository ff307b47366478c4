"""Changing the key: a new one comes first, everything is sealed anew with it, and older ones go when asked.

At every moment the file holds a key for whatever is sealed, so that a crash at any step leaves all of it openable, and
doing it again is all that is needed.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from collector.accounts.keyfile import KeyFile
from collector.accounts.vault import fits
from collector.errors import VaultError
from collector.language import t
from collector.store.credentials import Credentials
from collector.store.queries import Queries


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of it: how many sign-ins were sealed anew, and how many older keys the file still holds."""

    resealed: int
    older: int


@dataclass(frozen=True, slots=True)
class Rotation:
    """Changes the key. Under `lock` nothing else is sealed."""

    file: KeyFile
    credentials: Credentials
    queries: Queries
    lock: Callable[[], AbstractContextManager[object]]

    def rotate(self, *, drop_old: bool) -> Rotated:
        """Seal everything with a new key. Raises VaultError where something opens with none; nothing changes then."""
        with self.lock():
            if not self.file.exists():
                raise VaultError(
                    t(
                        f"Berkas kunci {self.file.path} tidak ada, jadi tidak ada yang dapat diganti.",
                        en=f"There is no key file {self.file.path}, so there is nothing to replace.",
                    )
                )
            before = self.file.read()
            self._must_open(before)
            keys = (Fernet.generate_key().decode(), *before)
            self.file.replace(keys)
            resealed = self._reseal(keys)
            if not drop_old:
                return Rotated(resealed, len(before))
            self._must_open(keys[:1])
            self.file.replace(keys[:1])
            return Rotated(resealed, 0)

    def _reseal(self, keys: tuple[str, ...]) -> int:
        all_keys = MultiFernet([Fernet(key) for key in keys])
        try:
            return self.credentials.reseal(all_keys.rotate)
        except InvalidToken:
            raise self._misfit() from None

    def _must_open(self, keys: tuple[str, ...]) -> None:
        if not all(fits(keys, sealed) for sealed in self.queries.list_sealed()):
            raise self._misfit()

    def _misfit(self) -> VaultError:
        return VaultError(
            t(
                f"Ada sambungan akun yang tidak dapat dibuka dengan kunci di {self.file.path}. Pulihkan berkas kunci "
                "yang semula sebelum menggantinya; tidak ada sambungan yang berubah.",
                en=f"Some sign-ins do not open with the keys in {self.file.path}. Restore the original key file before "
                "changing it; no sign-in was changed.",
            )
        )
