"""The one file of a backup: a ZIP that holds the database's copy, the home's own files and a manifest with a digest of
each. It is looked through before anything of it is used, and nothing is taken out of it but what the manifest names.
"""

import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from collector.errors import BackupError
from collector.language import t
from collector.system_errors import reason

DATABASE = "collector.db"
SEALED_KEY = "key.sealed"
FOLDERS = ("attachments", "kop", "naskah", "laporan")
"""What people brought into the home or may have changed by hand in it. Anything else there can be made again, or is
none of a backup's: locks, other backups, the key, wherever it may lie."""

_MANIFEST = "manifest.json"
_FORMAT = 1
_MOST_MANIFEST = 64 * 2**20
_PART = re.compile(r"[^/\\:\x00-\x1f]+")
_PACKED = {".png", ".jpg", ".jpeg", ".webp", ".mp4", ".docx", ".xlsx", ".pdf", ".zip"}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_CHUNK = 2**20
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of a backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `counts` are rows by table; `revision` is the database's, `zone`
    the first office's."""

    program: str
    revision: str
    made_at: AwareDatetime
    offices: tuple[str, ...]
    counts: Mapping[str, int]
    zone: str
    files: Mapping[str, Packed] = field(default_factory=dict)
    format: int = _FORMAT

    @property
    def size(self) -> int:
        """How much room its files take."""
        return sum(one.size for one in self.files.values())


_READ = TypeAdapter(Manifest)


def list_sources(home: Path, key_file: Path) -> tuple[list[tuple[str, Path]], list[Path]]:
    """Return the home's own files and what each is called in a backup, and those that have to be left out: links,
    which lead elsewhere, and names that another system could not take."""
    taken, left = [], []
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.name.startswith(".") or path.absolute() == key_file.absolute():
                continue  # a draft; and never the key
            name = path.relative_to(home).as_posix()
            if path.is_symlink() or (path.is_file() and not _is_ours(name)):
                left.append(path)
            elif path.is_file():
                taken.append((name, path))
    return taken, left


def pack(target: Path, sources: Iterable[tuple[str, Path]], manifest: Manifest, sealed_key: bytes | None) -> Manifest:
    """Write a backup to a new file and down on the disk. Returns its manifest, with the files that it has."""
    files: dict[str, Packed] = {}
    moment = max(manifest.made_at.astimezone(ZoneInfo(manifest.zone)).timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600), "wb") as raw:
        with zipfile.ZipFile(raw, "w") as archive:
            for name, path in sources:
                with (
                    _open_source(path) as source,
                    archive.open(_entry(name, moment, path), "w", force_zip64=True) as to,
                ):
                    files[name] = _pour(source, to)
            if sealed_key is not None:
                archive.writestr(_entry(SEALED_KEY, moment), sealed_key)
                files[SEALED_KEY] = Packed(len(sealed_key), sha256(sealed_key).hexdigest())
            whole = replace(manifest, files=files)
            # The last of it: a backup that was cut off has neither a manifest nor the directory of a ZIP.
            archive.writestr(_entry(_MANIFEST, moment), _READ.dump_json(whole, indent=1))
        raw.flush()
        os.fsync(raw.fileno())
    return whole


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself. Raises BackupError where the file is none, or holds what none has."""
    with _opened(path) as archive:
        return _read_manifest(path, archive)


def check(path: Path) -> Manifest:
    """Compare every digest. Raises BackupError where one does not fit."""
    return _go_through(path, None)


def unpack(path: Path, folder: Path) -> Manifest:
    """Take all out into an empty folder, down on the disk, comparing every digest. Raises BackupError."""
    return _go_through(path, folder)


def digest(path: Path) -> str:
    """Return the digest of a whole file."""
    with path.open("rb") as file:
        return _pour(file, None).sha256


def _go_through(path: Path, folder: Path | None) -> Manifest:
    with _opened(path) as archive:
        manifest = _read_manifest(path, archive)
        for name, told in manifest.files.items():
            try:
                with archive.open(name) as source:
                    found = _pour(source, None) if folder is None else _take_out(source, folder / name, told)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
                raise _damaged(path, name) from None
            if found != told:
                raise _damaged(path, name)
        return manifest


def _take_out(source: IO[bytes], target: Path, told: Packed) -> Packed:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600), "wb") as file:
        found = _pour(source, file, most=told.size)
        file.flush()
        os.fsync(file.fileno())
    return found


def _pour(source: IO[bytes], target: IO[bytes] | None, *, most: int | None = None) -> Packed:
    """Copy to the end, or until it is more than was told of: a few bytes can be packed that fill a disk."""
    size, running = 0, sha256()
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        running.update(chunk)
        if most is not None and size > most:
            break
        if target is not None:
            target.write(chunk)
    return Packed(size, running.hexdigest())


def _open_source(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise BackupError(
            t(
                f"Berkas {path} tidak dapat dibaca ({reason(error)}), jadi cadangan tidak dibuat. Perbaiki izin "
                "berkas itu atau pindahkan dari sana, lalu ulangi.",
                en=f"The file {path} cannot be read ({reason(error)}), so no backup was made. Mend its permissions or "
                "move it away, then try again.",
            )
        ) from None


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        if path.stat().st_size == 0:
            raise BackupError(
                t(
                    f"{path} kosong: penulisannya tidak selesai. Pilih cadangan lain.",
                    en=f"{path} is empty: it was not written to its end. Choose another backup.",
                )
            )
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError):
        raise BackupError(
            t(
                f"{path} bukan cadangan, atau terpotong sebelum selesai ditulis (misalnya stik USB dicabut). Pilih "
                "cadangan lain.",
                en=f"{path} is no backup, or was cut off before it was written to its end (a stick that was pulled "
                "out). Choose another backup.",
            )
        ) from None
    except OSError as error:
        raise BackupError(
            t(
                f"{path} tidak dapat dibaca ({reason(error)}). Periksa alamat dan izin berkasnya.",
                en=f"{path} cannot be read ({reason(error)}). Check its path and permissions.",
            )
        ) from None


def _read_manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    if _MANIFEST not in names:
        raise BackupError(
            t(
                f"{path} bukan cadangan program ini (tidak ada {_MANIFEST} di dalamnya). Pilih berkas collector-….zip.",
                en=f"{path} is no backup of this program (it holds no {_MANIFEST}). Choose a file collector-….zip.",
            )
        )
    try:
        if archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
            raise _damaged(path, _MANIFEST)
        if any(entry.compress_type not in _METHODS for entry in archive.infolist()):
            raise _damaged(path, _MANIFEST)  # one changed bit makes it another method, each with faults of its own
        manifest = _READ.validate_json(archive.read(_MANIFEST))
        manifest.made_at.astimezone(ZoneInfo(manifest.zone))
    except (
        OverflowError,
        ValidationError,
        ValueError,
        ZoneInfoNotFoundError,
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        raise _damaged(path, _MANIFEST) from None
    if manifest.format > _FORMAT:
        raise BackupError(
            t(
                f"{path} dibuat oleh program yang lebih baru ({manifest.program}). Pasang versi itu, lalu ulangi.",
                en=f"{path} was made by a newer program ({manifest.program}). Install that version and try again.",
            )
        )
    strange = [name for name in (*names, *manifest.files) if not _is_ours(name)]
    if strange or sorted(names) != sorted([*manifest.files, _MANIFEST]) or DATABASE not in manifest.files:
        raise _damaged(path, strange[0] if strange else _MANIFEST)
    return manifest


def _is_ours(name: str) -> bool:
    """Whether a name may stand in a backup: never one that leads out of the folder it is unpacked into."""
    if name in (DATABASE, SEALED_KEY, _MANIFEST):
        return True
    folder, *parts = name.split("/")
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        return False  # bytes that are no text
    return folder in FOLDERS and bool(parts) and all(_PART.fullmatch(part) and part.strip(". ") for part in parts)


def _damaged(path: Path, name: str) -> BackupError:
    return BackupError(
        t(
            f"{path} rusak atau diubah sesudah dibuat ({name!r} tidak cocok dengan catatannya). Tidak ada yang "
            "dipulihkan; pilih cadangan lain.",
            en=f"{path} is damaged, or was changed after it was made ({name!r} is not what its manifest says). Nothing "
            "was restored; choose another backup.",
        )
    )


def _entry(name: str, moment: tuple[int, ...], path: Path | None = None) -> zipfile.ZipInfo:
    year, month, day, hour, minute, second = moment
    entry = zipfile.ZipInfo(name, (year, month, day, hour, minute, second))
    is_packed = path is not None and path.suffix.lower() in _PACKED
    entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
