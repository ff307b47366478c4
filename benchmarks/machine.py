"""The machine and the versions that the figures are of, in general words."""

import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version

_TOLD = ("sqlalchemy", "httpx", "uvloop", "orjson", "duckdb")


def describe_machine() -> dict[str, object]:
    """Return what another person has to know to compare."""
    return {
        "processors": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: found for name in _TOLD if (found := _version(name))},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
