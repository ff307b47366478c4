"""The installations that a benchmark makes, copies and throws away: a folder each, and a database of its own.

With SQLite the database lies in the folder. With PostgreSQL (`--database URL`) each installation has a database
`bench_<name>` on that server, which its user must be allowed to make; nothing else on the server is touched.
"""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.population import environment
from benchmarks.processes import run


@dataclass(frozen=True, slots=True)
class Installations:
    """Installations by name, in one folder. `server` is PostgreSQL's address, "" for SQLite."""

    folder: Path
    server: str = ""

    def environment(self, name: str, address: str) -> Mapping[str, str]:
        """Return the environment of an installation whose platforms are at an address."""
        return environment(str(self.folder / name), address, self._database(name))

    def exists(self, name: str) -> bool:
        """Whether the installation was made."""
        return (self.folder / name).is_dir()

    def make(self, name: str) -> None:
        """Make room for a new one; an earlier one of that name is thrown away."""
        self.drop(name)
        if self.server:
            run("installations", "create", self.server, name)

    def copy(self, source: str, name: str) -> None:
        """Make one that is like another, which nobody has open."""
        self.drop(name)
        shutil.copytree(self.folder / source, self.folder / name)
        key = Path(f"{self.folder / source}.key")
        if key.exists():  # none where no account was made through the services
            shutil.copy(key, f"{self.folder / name}.key")
        if self.server:
            run("installations", "create", self.server, name, source)

    def drop(self, name: str) -> None:
        """Throw one away."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        Path(f"{self.folder / name}.key").unlink(missing_ok=True)
        if self.server:
            run("installations", "drop", self.server, name)

    def _database(self, name: str) -> str:
        return urlsplit(self.server)._replace(path=f"/bench_{name}").geturl() if self.server else ""


def _order(server: str, statement: str) -> None:
    """Give PostgreSQL an order that no transaction may hold."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


if __name__ == "__main__":
    order, where, wanted, *like = sys.argv[1:]
    if order == "create":
        _order(where, f'CREATE DATABASE "bench_{wanted}"' + (f' TEMPLATE "bench_{like[0]}"' if like else ""))
    else:
        _order(where, f'DROP DATABASE IF EXISTS "bench_{wanted}"')
