"""The home: the folder that holds an installation's database, attachments and locks. Only its owner may enter."""

import sys
from pathlib import Path

from collector.errors import SettingsError
from collector.language import t
from collector.system_errors import reason


def open_home(home: Path) -> Path:
    """Return the home's absolute path; it is made where it is not there, and that is said on stderr."""
    home = home.absolute()
    if not home.exists():
        try:
            home.mkdir(parents=True, mode=0o700)
        except OSError as error:
            raise SettingsError(
                t(
                    f"Folder data {home} tidak dapat dibuat ({reason(error)}). Atur COLLECTOR_HOME ke folder "
                    "yang dapat ditulis.",
                    en=f"The home {home} cannot be made ({reason(error)}). Point COLLECTOR_HOME to a folder that "
                    "can be written.",
                )
            ) from None
        if sys.stderr is not None:  # closed altogether, as a service's may be
            sys.stderr.write(t(f"Folder data baru dibuat: {home}\n", en=f"Made a new home: {home}\n"))
    if not home.is_dir():
        raise SettingsError(
            t(
                f"{home} bukan folder. Atur COLLECTOR_HOME ke sebuah folder.",
                en=f"{home} is no folder. Point COLLECTOR_HOME to a folder.",
            )
        )
    return home
