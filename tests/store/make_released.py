"""Make the database of this revision as an office has it, for `released/`: run by hand when a revision is new.

    python tests/store/make_released.py tests/store/released

It is made by the real migrations, two real collections from the stand-in and typed figures, one of them corrected. Of
an older revision it is made with the program as it was then (`git archive`, and this script beside it). A database that
was released once is never changed again.
"""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from collector.clock import SetClock
from collector.collect.run import Selection
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.importers.service import Importer
from collector.platforms import list_connectors
from collector.settings import env_name, load
from collector.store.schema import REVISION
from collector.wiring import Application

START = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
PLATFORMS = ("tiktok", "x")
CORRECTED = """office,platform,account,metric,value,at
Kota Pontianak,tiktok,kpukotapontianak,followers,130,2022-12-28T14:24+07:00
"""
EXAMPLES = Path(__file__).parents[2] / "examples"


def make(folder: Path) -> Path:
    """Write the database of this revision into a folder."""
    with TemporaryDirectory() as work:
        database = Path(work) / "home" / "collector.db"
        live(Path(work))
        note_history(folder, Path(work))
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("VACUUM")
        target = folder / f"{REVISION}.db.xz"
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(lzma.compress(database.read_bytes()))
        return target


def note_history(folder: Path, work: Path) -> None:
    """Write down what the program of this revision makes of it: what `collector history` tells, as a digest."""
    own = {"COLLECTOR_HOME": str(work / "home"), "COLLECTOR_ENV_FILE": str(work / "none.env")}
    told = subprocess.run(
        [sys.executable, "-m", "collector", "history", "--json"], env={**os.environ, **own}, capture_output=True,
        check=True,
    )  # fmt: skip
    path = folder / "histories.json"
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known[REVISION] = digest_of(json.loads(told.stdout)["readings"])
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")


def digest_of(readings: list[dict[str, object]]) -> dict[str, object]:
    """Return how many readings a history has, and a digest of what each says."""
    names = ("id", "platform", "account", "metric", "dimension", "post", "value", "at", "origin")
    lines = sorted(json.dumps([one[name] for name in names]) for one in readings)
    return {"readings": len(lines), "sha256": sha256("\n".join(lines).encode()).hexdigest()}


def live(work: Path) -> None:
    """Take the figures of an old report over and collect on two mornings."""
    clock = SetClock(START)
    with StandIn(World(clock.now)) as standin:
        kept = {
            env_name(info)
            for connector in list_connectors() if connector.slug in PLATFORMS
            for info in connector.Keys.model_fields.values()
        }  # fmt: skip
        environment = {
            name: value for name, value in standin.environment().items() if name in kept or name.endswith("_URL")
        }
        environment.pop("WEBSITE_URL", None)
        (work / "none.env").touch()
        own = {"COLLECTOR_HOME": work / "home", "COLLECTOR_KEY_FILE": work / "key",
               "COLLECTOR_ENV_FILE": work / "none.env"}  # fmt: skip
        settings = load({**environment, **{name: str(path) for name, path in own.items()}})
        with Application.open(settings, clock=clock) as application:
            importer = Importer(application.accounts, application.ledger, settings.home.absolute(), "released")
            importer.import_file(EXAMPLES / "pontianak-2022.csv", office=None, dry_run=False)
            selection = Selection(platforms=PLATFORMS)
            assert not [one for one in application.collecting.run("released", selection).outcomes if one.is_failure]
            clock.move_to(START + timedelta(days=1))
            corrected = work / "corrected.csv"
            corrected.write_text(CORRECTED, "utf-8")
            importer.import_file(corrected, office=None, dry_run=False)
            assert not [one for one in application.collecting.run("released", selection).outcomes if one.is_failure]


if __name__ == "__main__":
    sys.stdout.write(f"{make(Path(sys.argv[1]))}\n")
