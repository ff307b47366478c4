"""The backup before an upgrade: without it the database is not touched, unless a person says so."""

import sys

from collector.backups.service import Backups, Made
from collector.errors import BackupError, CollectorError
from collector.language import t


def make_before_upgrade(backups: Backups, found: str) -> Made:
    """Make the backup that goes before an upgrade. Raises BackupError that says how to go on where it fails."""
    try:
        made = backups.make_before_upgrade()
    except CollectorError as error:
        raise BackupError(
            t(
                f"Basis data (versi {found}) harus diperbarui untuk program ini, tetapi cadangan sebelum itu gagal. "
                f"{error} Data belum diubah. Cadangkan ke tempat lain dengan: collector upgrade --to DIR; atau tanpa "
                "cadangan: collector upgrade --without-backup.",
                en=f"The database (version {found}) has to be upgraded for this program, but the backup before that "
                f"failed. {error} The data are unchanged. Back up to another place: collector upgrade --to DIR; or go "
                "on without a backup: collector upgrade --without-backup.",
            )
        ) from None
    if sys.stderr is not None:  # closed altogether, as a service's may be
        sys.stderr.write(
            t(
                f"Basis data versi {found} diperbarui; cadangan sebelumnya: {made.path}\n",
                en=f"The database of version {found} is upgraded; the backup from before: {made.path}\n",
            )
        )
    return made
