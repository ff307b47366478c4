"""Making backups: the database's copy and the home's own files as one file, checked, written down and rotated.

The file is written aside and gets its name only when all of it is on the disk and was read again: a stick that is
pulled out, a power cut and a full disk leave nothing that looks like a backup. Every attempt is a row in `backups`.
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from collector.accounts.keyfile import KeyFile, sync_folder
from collector.accounts.passphrase import seal_keys
from collector.accounts.service import DEFAULT_ZONE
from collector.backups import archive
from collector.backups.archive import Manifest
from collector.backups.keeping import Keeping
from collector.clock import Clock
from collector.errors import BackupError, StoreError
from collector.language import t
from collector.store.backups import BackupLog, LoggedBackup
from collector.store.copying import copy_out, read_facts, size_of
from collector.store.engine import Store
from collector.store.schema import REVISION
from collector.system_errors import reason

FOLDER = "backups"
_SPARE = 2**20  # room for what a file system needs besides
_PATIENCE = 600  # seconds: how long a backup before an upgrade waits for one that is being made

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made. `removed` are older ones that rotation took away, `left_out` files that are not in it."""

    logged: LoggedBackup
    manifest: Manifest
    removed: tuple[Path, ...] = ()
    left_out: tuple[Path, ...] = ()

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.logged.path)


@dataclass(frozen=True, slots=True)
class Backups:
    """Makes backups of one home."""

    home: Path
    store: Store
    key_file: KeyFile
    clock: Clock
    program: str

    def make(self, to: Path | None = None, *, keeping: Keeping | None = None, passphrase: str | None = None) -> Made:
        """Make a backup in the home's own folder, or in `to`, and let older ones of that folder go.

        With a passphrase the key goes along, sealed under it. Raises CollectorError where it fails, which is logged.
        """
        sealed_key = self._seal_key(passphrase) if passphrase is not None else None
        log = BackupLog(self.store)
        with self._alone(0):
            try:
                made = self._make(to, "collector", sealed_key)
                log.note(made.logged)
            except (BackupError, StoreError) as error:
                with suppress(StoreError):  # a disk that is full takes no row either
                    log.note(LoggedBackup(str(self._folder(to)), 0, "", self.clock.now(), str(error)))
                raise
            return replace(made, removed=self._rotate(made, log, keeping or Keeping()))

    def make_before_upgrade(self, to: Path | None = None) -> Made:
        """Make the backup that goes before an upgrade. Rotation never takes it; it is logged once there is a table."""
        with self._alone(_PATIENCE):
            return self._make(to, f"before-{REVISION}", None)

    def note(self, made: Made) -> None:
        """Log a backup that was made before the upgrade."""
        BackupLog(self.store).note(made.logged)

    def _make(self, to: Path | None, stem: str, sealed_key: bytes | None) -> Made:
        folder, now = self._folder(to), self.clock.now()
        try:
            if to is None:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            elif not folder.is_dir():
                raise _no_folder(folder)
            sources, left_out = archive.list_sources(self.home, self.key_file.path)
            aside = self._find_room(folder, sum(path.stat().st_size for _, path in sources))
            with self._drafts(aside, folder) as (copy, draft):
                copy_out(self.store, copy)
                facts = read_facts(copy)
                told = Manifest(self.program, facts.revision, now, facts.offices, facts.counts,
                                facts.zone or DEFAULT_ZONE)  # fmt: skip
                archive.pack(draft, [(archive.DATABASE, copy), *sources], told, sealed_key)
                manifest = archive.check(draft)
                target = _free_name(folder, f"{stem}-{_stamp(now, told.zone)}")
                logged = LoggedBackup(str(target), draft.stat().st_size, archive.digest(draft), now, None)
                draft.rename(target)
                with suppress(OSError):  # a stick's file system may not know of it
                    sync_folder(folder)
        except OSError as error:
            raise BackupError(
                t(
                    f"Cadangan tidak dapat ditulis ke {folder} ({reason(error)}). Periksa ruang dan izin folder, atau "
                    "pilih tempat lain dengan --to; tidak ada cadangan setengah jadi yang tertinggal.",
                    en=f"The backup cannot be written to {folder} ({reason(error)}). Check the room and the folder's "
                    "permissions, or choose another place with --to; no half backup was left.",
                )
            ) from None
        return Made(logged, manifest, left_out=tuple(left_out))

    def _seal_key(self, passphrase: str) -> bytes:
        if not self.key_file.exists():
            raise BackupError(
                t(
                    f"Belum ada kunci di {self.key_file.path}. Buat cadangan tanpa --with-key.",
                    en=f"There is no key in {self.key_file.path} yet. Make the backup without --with-key.",
                )
            )
        return seal_keys(self.key_file.read(), passphrase)

    def _folder(self, to: Path | None) -> Path:
        return (to or self.home / FOLDER).absolute()

    def _find_room(self, folder: Path, files: int) -> Path:
        """Return where the database is copied to on the way: in the home, or beside the backup where that is full.

        Raises BackupError where the backup would not fit, before anything is written.
        """
        copy = size_of(self.store) + _SPARE
        whole, there = copy + files, shutil.disk_usage(folder).free
        is_same_disk = folder.stat().st_dev == self.home.stat().st_dev
        is_beside = is_same_disk or shutil.disk_usage(self.home).free < copy
        needed = whole + copy if is_beside else whole
        if there < needed:
            raise BackupError(
                t(
                    f"Ruang di {folder} tidak cukup untuk cadangan: perlu {_megabytes(needed)} MB, tersedia "
                    f"{_megabytes(there)} MB. Kosongkan ruang, atau pilih tempat lain dengan --to.",
                    en=f"There is not enough room in {folder} for a backup: it needs {_megabytes(needed)} MB, "
                    f"{_megabytes(there)} MB are free. Make room, or choose another place with --to.",
                )
            )
        return folder if is_beside else self.home

    @contextmanager
    def _alone(self, patience: float) -> Iterator[None]:
        """Make one backup of a home at a time."""
        locks = self.home / "locks"
        locks.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with FileLock(locks / "backup.lock", timeout=patience):
                yield
        except Timeout:
            raise BackupError(
                t(
                    "Cadangan lain sedang dibuat. Tunggu sampai selesai, lalu ulangi.",
                    en="Another backup is being made. Wait until it is done, then try again.",
                )
            ) from None

    @contextmanager
    def _drafts(self, aside: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
        """Give the places of the database's copy and of the file while it is written; what a power cut left there goes
        first, and nothing stays."""
        mark = sha256(str(self.home.absolute()).encode()).hexdigest()[:8]
        copying, draft = aside / f".draft-{mark}", folder / f"collector-{mark}.part"
        try:
            shutil.rmtree(copying, ignore_errors=True)
            draft.unlink(missing_ok=True)
            copying.mkdir(mode=0o700)
            yield copying / archive.DATABASE, draft
        finally:
            shutil.rmtree(copying, ignore_errors=True)
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _rotate(self, made: Made, log: BackupLog, keeping: Keeping) -> tuple[Path, ...]:
        """Let older backups go: only of the new one's folder, only what this home made, and never the new one."""
        folder, zone = made.path.parent, ZoneInfo(made.manifest.zone)
        sizes = {path.name: _size_of(path) for path in folder.glob("collector-*.zip")}
        there: dict[Path, datetime] = {}
        for one in log.list_all():
            name = Path(one.path).name
            if one.error is None and sizes.get(name) == one.size:
                there.setdefault(folder / name, one.made_at.astimezone(zone))
        kept, removed = keeping.choose(list(there.values())), []
        for path, moment in there.items():
            if moment not in kept and path != made.path:
                try:
                    path.unlink()
                except OSError as error:
                    _log.warning("%s cannot be removed: %s", path, error.strerror)
                else:
                    removed.append(path)
        return tuple(removed)


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:  # a link that leads nowhere, a stick that was pulled out just now
        return None


def _stamp(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H%M}"


def _free_name(folder: Path, name: str) -> Path:
    """Return a name that no file of the folder has: two backups of one minute are two."""
    target, number = folder / f"{name}.zip", 1
    while target.exists():
        number += 1
        target = folder / f"{name}-{number}.zip"
    return target


def _no_folder(folder: Path) -> BackupError:
    return BackupError(
        t(
            f"Folder {folder} tidak ada. Pasang stik USB-nya dan periksa huruf atau nama tempatnya; folder itu tidak "
            "dibuat sendiri, supaya cadangan tidak jatuh ke disk yang salah.",
            en=f"There is no folder {folder}. Plug the stick in and check its letter or name; the folder is not made "
            "by itself, so that the backup does not end up on the wrong disk.",
        )
    )


def _megabytes(size: int) -> int:
    return -(-size // 10**6)
