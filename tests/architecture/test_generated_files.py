"""Files that are made by a program are what it makes today, and none tells where it was made."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from architecture_rules import ROOT

from collector.example_env import make_text

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

_MACHINE_PATH = re.compile(
    r"/(?:work|root|builds?|workspace|private|var/folders|home/\w[\w.-]*|Users/\w[\w.-]*|tmp/[\w.-]+)/"
    r"|\b[A-Z]:\\\\?Users\\"
)


def test_the_example_of_the_settings_is_current() -> None:
    """`make example-env` writes it anew; an old one would tell offices of settings that do nothing."""
    assert (ROOT / "config.example.env").read_text("utf-8") == make_text()


def test_the_example_is_printed_byte_for_byte() -> None:
    """The file must not depend on the encoding and line ends of the machine that makes it."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
    printed = subprocess.run(
        [sys.executable, "-m", "collector.example_env"], cwd=ROOT, env=environment, capture_output=True, check=True
    )

    assert printed.stdout == make_text().encode()
    assert printed.stderr == b""


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_address_and_hashes_everything(lock: Path) -> None:
    """It installs from whichever index a machine is set up for, and only what was locked."""
    text = lock.read_text("utf-8")
    requirements = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    blocks = re.split(r"\n(?=\S)", text.strip())

    assert "://" not in text
    assert "--index" not in text
    assert len(requirements) == len(blocks) > 10
    assert [block for block in blocks if not re.match(r"[a-z0-9][a-z0-9._-]*==\S+ ", block)] == []
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_what_an_office_needs_is_locked_alike_everywhere() -> None:
    """What is tested is what is installed: every lock has the versions of `run.txt`, one for each Python."""
    one = re.compile(r"^([a-z0-9._-]+)==([^\s;]+)(?: ; python_full_version ([<>=]+) '3.12')?", re.MULTILINE)
    pinned = {
        lock.stem: [((name, python), version) for name, version, python in one.findall(lock.read_text("utf-8"))]
        for lock in LOCKS
    }

    assert {"dev", "run"} <= set(pinned)
    for name, packages in pinned.items():
        assert len(dict(packages)) == len(packages), name
        assert set(pinned["run"]) - set(packages) == set(), name


def test_no_file_tells_of_the_machine_it_was_made_on() -> None:
    """A path of somebody's machine in a file is noise at best and a leak at worst."""
    telling = []
    for path in _kept_files():
        try:
            text = path.read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        telling += [f"{path.relative_to(ROOT)}: {found}" for found in _MACHINE_PATH.findall(text)]
        telling += [f"{path.relative_to(ROOT)}: {ROOT}" for _ in re.findall(re.escape(f"{ROOT}"), text)]

    assert not telling, "\n".join(telling)


def test_a_path_of_a_machine_is_seen() -> None:
    """Linux, macOS and Windows call their homes differently."""
    paths = ["/" + "root/x", "/" + "home/ani/x", "/" + "Users/ani/x", "C:" + "\\Users\\ani", "/" + "tmp/abc/x"]

    assert [path for path in paths if not _MACHINE_PATH.search(path)] == []
    assert not _MACHINE_PATH.search("https://example.org/users/home")


def _kept_files() -> list[Path]:
    """Return the files that are or would be committed; of an unpacked archive all of them."""
    if not (ROOT / ".git").exists():
        folders = ("collector", "connectors", "migrations", "tests", "docs", "examples", "requirements")
        found = (path for folder in folders for path in (ROOT / folder).rglob("*"))
        return [path for path in found if path.is_file() and "__pycache__" not in path.parts]
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]
