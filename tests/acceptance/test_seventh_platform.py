"""A platform that does not exist, added by one module and one folder of samples: everything else finds it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import connectors

ROOT = Path(__file__).parents[2]
SEVENTH = Path(__file__).parent / "seventh"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay a tree of connectors out in which nothing was edited: it is the real one, with two things more."""
    folder = tmp_path_factory.mktemp("tree")
    here = folder / "connectors"
    (here / "samples").mkdir(parents=True)
    real = Path(connectors.__path__[0])
    for below in (Path(), Path("samples")):
        for path in (real / below).iterdir():
            if path.name not in ("samples", "__pycache__"):
                (here / below / path.name).symlink_to(path)
    (here / "pendopo.py").symlink_to(SEVENTH / "pendopo.py")
    (here / "samples" / "pendopo").symlink_to(SEVENTH / "samples")
    return folder


def run(tree: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Python with that tree."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{tree}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, *words], env=environment, cwd=tree, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def said(tree: Path) -> dict[str, Any]:
    """Return what the commands said where the seventh platform is installed."""
    ended = run(tree, SEVENTH / "driver.py", tree)
    assert ended.returncode == 0, ended.stderr
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def test_its_settings_are_in_the_example(said: dict[str, Any]) -> None:
    """Whoever sets the program up reads there which lines to fill in."""
    for name in ("PENDOPO_NAME", "PENDOPO_TOKEN", "PENDOPO_TOKEN_FILE", "PENDOPO_API_URL"):
        assert f"#{name}=" in said["example"]


def test_its_metrics_are_in_the_dictionary(said: dict[str, Any]) -> None:
    """By any of its names; with its own metric beside the shared one."""
    metrics = {one["metric"] for one in json.loads(said["metrics"]["out"])["metrics"] if one["collected"]}

    assert metrics == {"followers", "pendopo.guests"}


def test_an_account_of_it_is_added_with_its_terms(said: dict[str, Any]) -> None:
    """Its line about the platform's terms is shown, as every platform's."""
    assert said["add"]["status"] == 0, said["add"]
    assert "Akun pendopo kpu_contoh ada." in said["add"]["out"]
    assert "Ketentuan Pendopo: Pendopo tidak ada" in said["add"]["out"]


def test_it_is_collected_from_the_stand_in(said: dict[str, Any]) -> None:
    """Nobody wrote a contract: the stand-in gives its samples again."""
    assert said["now"]["status"] == 0, said["now"]
    [account] = json.loads(said["now"]["out"])["accounts"]

    assert (account["platform"], account["outcome"], account["readings"]) == ("pendopo", "ok", 2)


def test_its_figures_are_in_the_history(said: dict[str, Any]) -> None:
    """With their source, like any other's."""
    readings = json.loads(said["history"]["out"])["readings"]

    assert {one["metric"]: one["value"] for one in readings} == {"followers": 412, "pendopo.guests": 90_071}


def test_the_demo_shows_it(said: dict[str, Any]) -> None:
    """Among the six, with its followers."""
    assert said["demo"]["status"] == 0, said["demo"]
    lines = [line.split() for line in said["demo"]["out"].splitlines()]

    assert ["pendopo", "kpu_contoh", "berhasil"] in [line[:3] for line in lines]
    assert [line[2] for line in lines if line[:2] == ["pendopo", "kpu_contoh"] and line[-1].startswith("R-")] == ["412"]


def test_it_gets_the_standard_suite(tree: Path) -> None:
    """Every rule that every platform keeps is put to it, found by itself."""
    ended = run(tree, "-m", "pytest", "-p", "no:cacheprovider", "-k", "pendopo", "-v", "--rootdir", ROOT,
                *sorted((ROOT / "tests" / "connectors").glob("test_standard_*.py")))  # fmt: skip

    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-1000:]
    passed = re.search(r"(\d+) passed", ended.stdout)
    assert passed is not None
    assert int(passed[1]) > 50
