"""An office that has lived: collected, typed, attached, reported. Tests work on copies of its home."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from office import START, Office, only, own_settings

from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World

EXAMPLES = Path(__file__).parents[2] / "examples"
OFFICE = "kota-pontianak"
PERIOD = ("report", "2022-S2", "--office", OFFICE)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office whose home is copied. It is not to be changed."""
    folder, clock = tmp_path_factory.mktemp("lived"), SetClock(START)
    with StandIn(World(clock.now)) as standin:
        office = Office(only({**standin.environment(), **own_settings(folder)}, "x"), clock)
        office.run("import", EXAMPLES / "pontianak-2022.csv")
        office.collect("--office", OFFICE)
        proof = folder / "bukti.png"
        proof.write_bytes(b"\x89PNG proof")
        office.run("record", "--office", OFFICE, "--platform", "instagram", "--account", "kpukotapontianak",
                   "--metric", "followers", "--value", "1301", "--at", "2023-01-05", "--attach", proof)  # fmt: skip
        office.run(*PERIOD, "--format", "pdf,html")
        (office.home / "kop").mkdir()
        (office.home / "kop" / "kantor.docx").write_bytes(b"PK letterhead")
        yield office


@pytest.fixture
def office_in(lived: Office) -> Callable[[Path], Office]:
    """Return a function that copies the office into a folder, its key too."""

    def copy(folder: Path) -> Office:
        shutil.copytree(lived.home.parent, folder, ignore=shutil.ignore_patterns("*.lock"))
        return Office({**lived.environment, **own_settings(folder)}, SetClock(lived.clock.now()))

    return copy


@pytest.fixture
def office(office_in: Callable[[Path], Office], tmp_path: Path) -> Office:
    """A copy of the office for this test alone."""
    return office_in(tmp_path / "office")


@pytest.fixture
def elsewhere(tmp_path: Path, lived: Office) -> Office:
    """Another machine: nothing there but the program. Same environment of platforms, no key, no home."""
    (tmp_path / "elsewhere").mkdir()
    return Office({**lived.environment, **own_settings(tmp_path / "elsewhere")}, SetClock(lived.clock.now()))


@pytest.fixture
def bare(tmp_path: Path) -> Office:
    """An office without any platform, and without a home yet."""
    (tmp_path / "bare").mkdir()
    return Office(own_settings(tmp_path / "bare"), SetClock(START))
