"""A home that is made already, so that each test begins fast."""

from pathlib import Path
from shutil import copytree

import pytest

from collector.settings import HOME


@pytest.fixture
def environment(environment: dict[str, str], made_home: Path) -> dict[str, str]:
    """Return the office's environment, its home made already."""
    copytree(made_home, environment[HOME])
    return environment
