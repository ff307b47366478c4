"""Logging to stderr, with every secret struck out: of our own lines and of the libraries' too."""

import logging
import sys

from collector.collect.redact import Redactor


class _Formatter(logging.Formatter):
    """Formats a record whole, then strikes out secrets: message, arguments and traceback alike."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the line to print."""
        return self._redactor.line(super().format(record))


def set_up(level: str, redactor: Redactor) -> None:
    """Send all logging to stderr at `level` ("DEBUG", "INFO", …) through the redactor."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(redactor))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
