"""An office with something of everything that verifying looks at. Tests break a copy of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from office import START, Office, only, own_settings
from tampering import Broken

from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.settings import HOME

_TABLE = (
    "platform,account,metric,value,at,source,note\n"
    "instagram,@kpu_lama,followers,1240,2026-06,laporan,\n"
    'instagram,@kpu_lama,followers,"1,619",2026-12-28,laporan,diketik\n'
)


@pytest.fixture(scope="session")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that was collected on two mornings, the platform having revised some days between, with a file that was
    imported, a figure with its proof, and a report. Only look at it."""
    folder, clock = tmp_path_factory.mktemp("proven"), SetClock(START)
    with StandIn(World(clock.now)) as standin:
        office = Office({**only(standin.environment(), "facebook", "tiktok"), **own_settings(folder)}, clock)
        office.collect()
        clock.move_to(START + timedelta(days=1))
        standin.contracts["facebook"].revision = 3  # type: ignore[attr-defined]
        office.collect()
        table, proof = folder / "lama.csv", folder / "layar.png"
        table.write_text(_TABLE)
        proof.write_bytes(b"\x89PNG tangkapan layar" * 50)
        office.run("import", table)
        office.run(
            "record", "--platform", "x", "--account", "@kpu", "--metric", "followers", "--value", "1.619",
            "--attach", proof, "--by", "Sari",
        )  # fmt: skip
        office.run("report", "2026-S2", "--format", "html", "--out", folder / "out")
    yield office


@pytest.fixture
def broken(proven: Office, tmp_path: Path) -> Broken:
    """A copy of the office that a test may break."""
    home = tmp_path / "home"
    copytree(proven.home, home)
    return Broken(replace(proven, environment={**proven.environment, HOME: str(home)}))


@pytest.fixture
def bare_office(tmp_path: Path) -> Office:
    """An office without any platform, and without a home yet."""
    return Office(own_settings(tmp_path), SetClock(START))
