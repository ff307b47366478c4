"""Logging, with every secret struck out: of our own lines and of the libraries' too.

Commands log to stderr. The service keeps a file besides, in the home, that goes round: so that an office can look up
what happened at night also where no system keeps logs.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from collector.collect.redact import Redactor
from collector.errors import SettingsError
from collector.language import t
from collector.system_errors import reason

PLAIN, JSON = "plain", "json"

_FILE_BYTES, _OLDER_FILES = 2 * 1024 * 1024, 5


class _Plain(logging.Formatter):
    """Formats a record whole, then strikes out secrets: message, arguments and traceback alike."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the line to print."""
        return self._redactor.line(super().format(record))


class _Json(logging.Formatter):
    """One JSON object a line: at (UTC), level, name, message, and the traceback where there is one."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the line to print. Secrets are struck out before it is put together, so that it stays JSON."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "name": record.name,
            "message": self._redactor.line(record.getMessage()),
        }
        if record.exc_info:
            said["error"] = self._redactor.line(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)


def _formatter(form: str, redactor: Redactor) -> logging.Formatter:
    return _Json(redactor) if form == JSON else _Plain(redactor)


def set_up(level: str, redactor: Redactor, form: str = PLAIN) -> None:
    """Send all logging to stderr at `level` ("DEBUG", "INFO", …) through the redactor, as lines or as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(form, redactor))
    handler.setLevel(level)
    # A line that cannot be written (a full disk) would be printed with its bare arguments, past the redactor.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def keep(path: Path, redactor: Redactor, form: str = PLAIN) -> None:
    """Keep a file of what happens, from INFO on, six files of 2 MiB at most. Raises SettingsError where it cannot be.

    One process only may keep a file: two would move it away from each other.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = _PrivateFile(path, maxBytes=_FILE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            t(
                f"Catatan kerja {path} tidak dapat ditulis ({reason(error)}). Beri izin tulis pada folder itu.",
                en=f"The log {path} cannot be written ({reason(error)}). Let this user write there.",
            )
        ) from None
    handler.setFormatter(_formatter(form, redactor))
    root = logging.getLogger()
    handler.setLevel(min(root.level, logging.INFO))
    root.addHandler(handler)
    root.setLevel(min(root.level, logging.INFO))


class _PrivateFile(RotatingFileHandler):
    """A file that goes round and that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600))
