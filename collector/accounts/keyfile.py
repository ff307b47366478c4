"""The key file: the keys that open the sealed sign-ins, the newest on the first line.

It lies outside the home. It is made once, never overwritten by another key, and only ever replaced as a whole by one
that holds all its keys or was shown to open everything.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet

from collector.errors import VaultError
from collector.language import t
from collector.system_errors import reason


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file of keys, one on each line."""

    path: Path

    def exists(self) -> bool:
        """Whether there is one; also where nobody but another user can see it, so that none is made beside it."""
        try:
            return self.path.is_file()
        except PermissionError:
            return True

    def stamp(self) -> tuple[int, int, int] | None:
        """Return what changes whenever another file is put in its place; None where there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def read(self) -> tuple[str, ...]:
        """Return the keys, the newest first. Raises VaultError where they cannot be read."""
        try:
            keys = tuple(self.path.read_text("ascii").split())
            for key in keys:
                Fernet(key)
            if keys:
                return keys
        except (OSError, ValueError):
            pass  # said below, without what stands in the file
        raise VaultError(
            t(
                f"Berkas kunci {self.path} tidak dapat dibaca atau rusak. Pulihkan berkas kunci yang semula.",
                en=f"The key file {self.path} cannot be read or is damaged. Restore the original key file.",
            )
        )

    def make(self, *keys: str) -> None:
        """Make the file, with a new key or with these; where one is already, that stays. Raises VaultError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._draft(keys or (Fernet.generate_key().decode(),)) as draft:
                # Put in its place by a link, which fails where a key is already: no key is ever overwritten.
                os.link(draft, self.path)
                sync_folder(self.path.parent)
        except FileExistsError:
            return  # another process of this home made it a moment ago
        except OSError as error:
            raise VaultError(
                t(
                    f"Berkas kunci {self.path} tidak dapat dibuat ({reason(error)}). Letakkan kuncinya, atau atur "
                    "COLLECTOR_KEY_FILE ke folder yang dapat ditulis.",
                    en=f"The key file {self.path} cannot be made ({reason(error)}). Put the key there, or point "
                    "COLLECTOR_KEY_FILE to a folder that can be written.",
                )
            ) from None

    def replace(self, keys: tuple[str, ...]) -> None:
        """Put a file with these keys in the place of the one that is there. Raises VaultError where it cannot be."""
        path = self.path.resolve()  # of a link, the file it leads to
        try:
            before = path.stat()
            for left in path.parent.glob(f".{self.path.name}.{'[0-9a-f]' * 32}"):
                left.unlink()  # by a power cut in the middle of this
            with self._draft(keys) as draft:
                if sys.platform != "win32" and (before.st_uid, before.st_gid) != (os.getuid(), os.getgid()):
                    os.chown(draft, before.st_uid, before.st_gid)  # root changes it for the service's user
                draft.replace(path)
                sync_folder(path.parent)
        except OSError as error:
            raise VaultError(
                t(
                    f"Berkas kunci {self.path} tidak dapat diganti ({reason(error)}); tidak ada yang berubah. Kunci "
                    "yang diserahkan oleh systemd atau kontainer diganti pada berkas asalnya: atur COLLECTOR_KEY_FILE "
                    "ke berkas itu, ulangi perintah ini sebagai pemiliknya, lalu mulai ulang layanannya.",
                    en=f"The key file {self.path} cannot be replaced ({reason(error)}); nothing was changed. A key "
                    "that systemd or a container hands over is changed in the file it comes from: point "
                    "COLLECTOR_KEY_FILE to that file, run this again as its owner, then restart the service.",
                )
            ) from None

    @contextmanager
    def _draft(self, keys: tuple[str, ...]) -> Iterator[Path]:
        """Write keys aside with their final mode: there is no moment in which others could read them, none with half
        a key (a power cut)."""
        draft = self.path.resolve().parent / f".{self.path.name}.{uuid4().hex}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write("".join(f"{key}\n" for key in keys).encode())
                file.flush()
                os.fsync(file.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Write down for good which files a folder holds: a name that was just given must outlive a power cut."""
    if sys.platform == "win32":  # Windows does so by itself, and opens no folder
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
