"""Bringing a backup back: looked through and made ready aside, then put in the place of what was there.

Sign-ins that no key here opens are let go, and their accounts marked for reconnecting: left in place they would stand
in the way of a new key. They are still in the backup, should the old key turn up.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from collector.accounts.keyfile import KeyFile
from collector.accounts.passphrase import open_keys
from collector.accounts.vault import fits
from collector.backups import archive
from collector.backups.archive import DATABASE, FOLDERS, SEALED_KEY, Manifest
from collector.backups.service import FOLDER as BACKUPS
from collector.backups.switch import Move, put_in_place, restoring
from collector.clock import Clock
from collector.errors import BackupError
from collector.home import open_home
from collector.language import t
from collector.settings import Settings
from collector.store.backups import BackupLog, LoggedBackup
from collector.store.copying import condense, is_alone, is_empty, is_sound, load_into, read_facts
from collector.store.credentials import Credentials
from collector.store.engine import Store
from collector.store.migrate import knows, upgrade
from collector.store.queries import Queries
from collector.system_errors import reason

KEY_MISSING = "key.missing"
"""Why an account has to be reconnected whose sign-in no key opens."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `aside` is where that is now which was there before, None where nothing was."""

    manifest: Manifest
    aside: Path | None
    reconnect: tuple[str, ...]
    is_key_written: bool


@dataclass(frozen=True, slots=True)
class Restoring:
    """Restores backups into the home of some settings."""

    settings: Settings
    clock: Clock

    def look(self, file: Path) -> Manifest:
        """Return what a backup says of itself. Raises BackupError where it is none, or a newer program's."""
        manifest = archive.read_manifest(file)
        if not knows(manifest.revision):
            raise BackupError(
                t(
                    f"{file} dibuat oleh program yang lebih baru ({manifest.program}, basis data versi "
                    f"{manifest.revision}). Pasang versi itu, lalu ulangi; tidak ada yang diubah.",
                    en=f"{file} was made by a newer program ({manifest.program}, database version "
                    f"{manifest.revision}). Install that version and try again; nothing was changed.",
                )
            )
        return manifest

    def list_replaced(self) -> list[Path]:
        """Return what is there already and would be put aside."""
        return [path for path in self._places() if path.exists()]

    def restore(self, file: Path, *, passphrase: str | None = None) -> Restored:
        """Restore a backup; with a passphrase its key, too. Raises CollectorError; then nothing was changed."""
        manifest, home = self.look(file), open_home(self.settings.home)
        server = self._open_server()
        try:
            with restoring(home) as folder:
                self._must_fit(home, manifest)
                if archive.unpack(file, folder) != manifest:
                    raise _changed(file)
                self._make_ready(file, folder / DATABASE, manifest)
                keys, is_new = self._find_keys(folder, passphrase)
                reconnect = self._let_go(folder / DATABASE, keys)
                self._note_backups(folder / DATABASE, file, manifest)
                self._must_be_alone()
                if is_new:
                    KeyFile(self.settings.key_file).make(*keys)
                moves = self._list_moves(home, folder, manifest)
                if server is None:
                    put_in_place(home, moves)
                else:
                    with server.write() as connection:  # where the loading fails, no file was moved either
                        load_into(connection, folder / DATABASE)
                        put_in_place(home, moves)
        except OSError as error:
            raise BackupError(
                t(
                    f"Cadangan tidak dapat dipulihkan ke {home} ({reason(error)}). Periksa ruang dan izin folder.",
                    en=f"The backup cannot be restored into {home} ({reason(error)}). Check the room and permissions.",
                )
            ) from None
        finally:
            if server is not None:
                server.close()
        aside = next((Path(move.aside).parent for move in moves if Path(move.aside).exists()), None)
        return Restored(manifest, aside, reconnect, is_new)

    @property
    def _database(self) -> Path | None:
        path = Store(self.settings.database_url).path
        return path.absolute() if path is not None else None

    def _places(self) -> Iterator[Path]:
        database = self._database
        if database is not None:
            yield from (database.with_name(f"{database.name}{end}") for end in ("", "-wal", "-shm"))
        yield from (self.settings.home.absolute() / folder for folder in FOLDERS)

    def _open_server(self) -> Store | None:
        """Return the database on a server that is restored into, None for a file. Raises BackupError where it has
        something in it: nobody can put that aside."""
        store = Store(self.settings.database_url)
        if store.path is not None:
            return None
        if not is_empty(store):
            store.close()
            raise BackupError(
                t(
                    "Basis data PostgreSQL tujuan tidak kosong. Buat basis data baru yang kosong, arahkan "
                    "COLLECTOR_DATABASE_URL ke sana, lalu ulangi; yang lama tetap utuh.",
                    en="The PostgreSQL database is not empty. Make a new, empty one, point COLLECTOR_DATABASE_URL "
                    "there and try again; the old one stays as it is.",
                )
            )
        upgrade(store)
        return store

    def _must_fit(self, home: Path, manifest: Manifest) -> None:
        needed, free = 2 * manifest.size, shutil.disk_usage(home).free  # the database may be written anew
        if free < needed:
            raise BackupError(
                t(
                    f"Ruang di {home} tidak cukup: perlu {needed // 10**6 + 1} MB, tersedia {free // 10**6} MB.",
                    en=f"There is not enough room in {home}: it needs {needed // 10**6 + 1} MB, {free // 10**6} MB "
                    "are free.",
                )
            )

    def _must_be_alone(self) -> None:
        """Raise BackupError where somebody has the database open that is to be put aside. Who opens it from now on
        sees that a restoring is going on."""
        database = self._database
        if database is not None and database.exists() and not is_alone(database):
            raise BackupError(
                t(
                    f"Basis data {database} sedang dibuka program lain. Hentikan layanan atau perintah yang berjalan, "
                    "lalu ulangi; tidak ada yang diubah.",
                    en=f"The database {database} is open in another program. Stop the service or the command that "
                    "runs, then try again; nothing was changed.",
                )
            )

    def _make_ready(self, file: Path, database: Path, manifest: Manifest) -> None:
        """Bring the copy up to this program's revision."""
        if not is_sound(database) or read_facts(database).revision != manifest.revision:
            raise _changed(file)
        store = Store(f"sqlite:///{database}")
        try:
            upgrade(store)
        finally:
            store.close()

    def _find_keys(self, folder: Path, passphrase: str | None) -> tuple[tuple[str, ...], bool]:
        """Return the keys to open with, and whether they have to be written to the key file, which has none yet."""
        file, sealed = KeyFile(self.settings.key_file), folder / SEALED_KEY
        here = file.read() if file.exists() else ()
        if passphrase is None or not sealed.exists():
            return here, False
        brought = open_keys(sealed.read_bytes(), passphrase)
        if not here:
            return brought, True
        if not set(brought) <= set(here):
            raise BackupError(
                t(
                    f"Di {file.path} sudah ada kunci lain, dan itu tidak ditimpa. Atur COLLECTOR_KEY_FILE ke tempat "
                    "yang masih kosong, atau pulihkan tanpa kunci dengan --without-key; tidak ada yang diubah.",
                    en=f"There is another key in {file.path} already, and it is not overwritten. Point "
                    "COLLECTOR_KEY_FILE to a place that is free, or restore without the key by --without-key; nothing "
                    "was changed.",
                )
            )
        return here, False

    def _let_go(self, database: Path, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Let go of sign-ins that no key opens, and return the accounts that have to be reconnected."""
        store = Store(f"sqlite:///{database}")
        try:
            marked = Credentials(store).drop(lambda sealed: not fits(keys, sealed), KEY_MISSING, self.clock.now())
            accounts = [Queries(store).find_account(number) for number in marked]
        finally:
            store.close()
        condense(database)  # nothing of what was let go stays behind in it
        return tuple(f"{account.platform} {account.handle}" for account in accounts if account is not None)

    def _note_backups(self, database: Path, file: Path, manifest: Manifest) -> None:
        """Log what a backup's own database cannot know of: itself, and those that this home made after it. Else they
        would be nobody's, and rotation would leave them for ever."""
        store = Store(f"sqlite:///{database}")
        try:
            log = BackupLog(store)
            known = {(Path(one.path).name, one.size) for one in log.list_all()}
            there = sorted((self.settings.home.absolute() / BACKUPS).glob("collector-*.zip"))
            for path in dict.fromkeys((file.absolute(), *there)):
                found = _find_made_at(path, manifest)
                size = path.stat().st_size
                if found is not None and (path.name, size) not in known:
                    log.note(LoggedBackup(str(path), size, archive.digest(path), found, None))
        finally:
            store.close()

    def _list_moves(self, home: Path, folder: Path, manifest: Manifest) -> list[Move]:
        """Return what goes where. What is put aside stays on its own disk: a move within one is whole or not at all."""
        stamp = f"before-restore-{self.clock.now().astimezone(ZoneInfo(manifest.zone)):%Y-%m-%dT%H%M%S}"
        taken = len(list(home.glob(f"{stamp}*")))
        name = f"{stamp}-{taken + 1}" if taken else stamp
        moves = []
        for at in self._places():
            new = folder / (DATABASE if at == self._database else at.name)
            if new.exists() and at.parent != home:
                at.parent.mkdir(parents=True, exist_ok=True)
                new = Path(shutil.move(new, at.with_name(f".restoring-{at.name}")))
            moves.append(Move(str(at), str(at.parent / name / at.name), str(new) if new.exists() else None))
        return moves


def _find_made_at(path: Path, restored: Manifest) -> datetime | None:
    """Return when a backup was made, None where it is none, or is older or of another office than that restored."""
    try:
        manifest = archive.read_manifest(path)
    except BackupError:
        return None
    is_later = manifest.made_at >= restored.made_at and manifest.offices[:1] == restored.offices[:1]
    return manifest.made_at if is_later else None


def _changed(file: Path) -> BackupError:
    return BackupError(
        t(
            f"Basis data di dalam {file} rusak atau berubah. Tidak ada yang dipulihkan; pilih cadangan lain.",
            en=f"The database inside {file} is damaged or changed. Nothing was restored; choose another backup.",
        )
    )
