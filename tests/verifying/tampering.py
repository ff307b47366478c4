"""Breaking a home on purpose: with SQL beside the program, and byte by byte."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from office import Office


@dataclass
class Broken:
    """An office's home that is being broken."""

    office: Office

    def sql(self, statement: str, *values: object) -> int:
        """Change the database beside the program, as somebody with a database tool could. Returns the rows changed."""
        with closing(sqlite3.connect(self.office.home / "collector.db")) as database, database:
            return database.execute(statement, values).rowcount

    def verify(self, *words: str, status: int = 1) -> list[dict[str, Any]]:
        """Verify and return the damages."""
        damages: list[dict[str, Any]] = self.office.run("verify", "--json", *words, status=status).json["damages"]
        return damages

    def ids(self, *words: str) -> set[str]:
        """Verify and return the ids of the damages."""
        return {one["id"] for one in self.verify(*words)}

    def flip(self, random: Random, table: str, column: str, key: str, value: str) -> None:
        """Flip one byte of a stored value."""
        with closing(sqlite3.connect(self.office.home / "collector.db")) as database, database:
            (body,) = database.execute(f"SELECT {column} FROM {table} WHERE {key} = ?", (value,)).fetchone()
            changed = flipped(body if isinstance(body, bytes) else body.encode(), random)
            place = "CAST(? AS TEXT)" if isinstance(body, str) else "?"
            database.execute(f"UPDATE {table} SET {column} = {place} WHERE {key} = ?", (changed, value))

    def flip_file(self, random: Random, path: Path) -> None:
        """Flip one byte of a file."""
        path.write_bytes(flipped(path.read_bytes(), random))


def flipped(body: bytes, random: Random) -> bytes:
    """Return bytes with one of them another one."""
    changed = bytearray(body)
    changed[random.randrange(len(changed))] ^= random.randrange(1, 256)
    return bytes(changed)
