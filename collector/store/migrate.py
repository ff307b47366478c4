"""Bringing a database to the newest shape, and refusing one that is newer than this program.

The scripts are in `migrations/` at the top of the checkout and inside the wheel as `collector/migrations`. Alembic is
imported only when there is something to do, so that the usual command starts fast.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

import collector
from collector.errors import StoreError
from collector.language import t
from collector.store.engine import Store
from collector.store.schema import REVISION

if TYPE_CHECKING:
    from alembic.config import Config


def scripts() -> Path:
    """Return the folder of the migration scripts, in a checkout or in an installed wheel."""
    inside = Path(collector.__file__).parent / "migrations"
    return inside if inside.is_dir() else Path(collector.__file__).parent.parent / "migrations"


def revision_of(store: Store) -> str | None:
    """Return the database's revision, None for an empty one."""
    with store.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def knows(revision: str) -> bool:
    """Whether this program has the script of a revision: a newer program's it has not."""
    return revision in _list_known()


def upgrade(store: Store, *, to: str | None = None, before: Callable[[str], object] = lambda found: None) -> None:
    """Make or bring up the database. Raises StoreError where it is newer than this program.

    `before` is called with the revision of a database that has something in it, before anything is changed; what it
    raises ends the upgrade. `to` is an older revision to make, for the copy of a database that has that.
    """
    found = revision_of(store) if store.path is None or store.path.exists() else None
    wanted = to or REVISION
    if found == wanted:
        return
    from alembic import command

    if found is not None and not knows(found):
        raise StoreError(
            t(
                f"Basis data ini (versi {found}) dibuat oleh program yang lebih baru. Pasang versi program yang lebih "
                "baru; data tidak diubah.",
                en=f"This database (version {found}) was written by a newer program. Install the newer version of the "
                "program; the data are unchanged.",
            )
        )
    if found is not None and _has_rows(store):
        before(found)
    config = _configure()
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to or "head")


def _configure() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts()))
    return config


def _list_known() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(_configure()).walk_revisions())


def _has_rows(store: Store) -> bool:
    """Whether anything was ever stored: all begins with an office or a run."""
    with store.read() as connection:
        return any(
            connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first()  # noqa: S608 - names of our own
            for table in ("offices", "runs")
        )
