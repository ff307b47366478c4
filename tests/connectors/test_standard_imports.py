"""What the platforms' modules may import and look at: a connector reads answers and does nothing else."""

import ast
import sys
from pathlib import Path

import pytest

import connectors

FOLDER = Path(connectors.__path__[0])
FORBIDDEN = {
    "asyncio", "ctypes", "http", "io", "logging", "multiprocessing", "os", "pathlib", "pickle", "random", "secrets",
    "shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "uuid",
}  # fmt: skip


def modules():
    """List the modules of the platforms and the kit."""
    return sorted(path for path in FOLDER.rglob("*.py") if "samples" not in path.relative_to(FOLDER).parts)


def imported(path):
    """Yield the full names that a module imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by dots"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def platform_of(path):
    return path.relative_to(FOLDER).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_module_imports_only_what_it_may(path):
    """A connector fetches, stores, waits and logs nothing, and knows no other platform."""
    for name in imported(path):
        top, *below = name.split(".")
        assert top in sys.stdlib_module_names or top in ("pydantic", "connectors"), name
        assert top not in FORBIDDEN, name
        assert not name.startswith("urllib.request"), name
        if top == "connectors" and below:
            assert below[0] in ("kit", platform_of(path)), name


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_module_never_looks_at_the_clock(path):
    """The assignment's moment is the only present; else a replay would give other readings."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in ("now", "utcnow", "today"), f"line {node.lineno}"
