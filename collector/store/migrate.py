"""Bringing a database to the newest shape, and refusing one that is newer than this program.

The scripts are in `migrations/` at the top of the checkout and inside the wheel as `collector/migrations`. Alembic is
imported only when there is something to do, so that the usual command starts fast.
"""

from pathlib import Path

from sqlalchemy import inspect, text

import collector
from collector.errors import StoreError
from collector.language import t
from collector.store.engine import Store
from collector.store.schema import REVISION


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


def upgrade(store: Store) -> None:
    """Make or bring up the database. Raises StoreError where it is newer than this program."""
    found = revision_of(store) if store.path is None or store.path.exists() else None
    if found == REVISION:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(scripts()))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            t(
                f"Basis data ini (versi {found}) dibuat oleh program yang lebih baru. Pasang versi program yang lebih "
                "baru; data tidak diubah.",
                en=f"This database (version {found}) was written by a newer program. Install the newer version of the "
                "program; the data are unchanged.",
            )
        )
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
