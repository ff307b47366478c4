"""What counts of a home, and a backup of it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from office import Office


def content(home: Path) -> dict[str, Any]:
    """Return all that counts of a home: every row, and every file of its own; not which backups it made."""
    with closing(sqlite3.connect(f"file:{home / 'collector.db'}?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in names if name not in ("backups", "sqlite_sequence")
        }  # fmt: skip
    files = {
        str(path.relative_to(home)): path.read_bytes()
        for folder in ("attachments", "kop", "naskah", "laporan")
        for path in (home / folder).rglob("*")
        if path.is_file()
    }
    return {**rows, **files}


def back_up(office: Office, *words: str | Path) -> Path:
    """Make a backup and return it."""
    before = set((office.home / "backups").glob("*.zip"))
    office.run("backup", *words)
    [made] = set((office.home / "backups").glob("*.zip")) - before
    return made
