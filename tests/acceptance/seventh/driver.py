"""Lives through an office's day with every platform that is installed; run in a process of its own."""

import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from collector import example_env, wiring
from collector.cli.root import collector
from collector.clock import SetClock
from collector.demo import seed
from collector.demo import standin as stand_in
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.settings import ENV_FILE, HOME, KEY_FILE

NOW = datetime(2027, 1, 5, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


def run(*words: str) -> dict[str, object]:
    """Run a command and return how it ended."""
    ended = CliRunner().invoke(collector, list(words))
    return {"status": ended.exit_code, "out": ended.stdout, "err": ended.stderr}


def forgetful(world: World) -> StandIn:
    """Return platforms that remember little: what they are asked for each day singly is not what is looked at here."""
    standin = StandIn(world)
    standin.contracts["instagram"].insights.remembered = timedelta(days=12)
    return standin


def live(folder: Path) -> dict[str, object]:
    """Return what each command said."""
    clock = SetClock(NOW)
    wiring.SystemClock = lambda: clock
    said: dict[str, object] = {"example": example_env.make_text()}
    with StandIn(World(clock.now)) as standin:
        (folder / "office.env").touch()
        own = {HOME: folder / "home", KEY_FILE: folder / "outside" / "key", ENV_FILE: folder / "office.env"}
        os.environ.update({name: str(path) for name, path in own.items()})
        os.environ.update({name: value for name, value in standin.environment().items() if name.startswith("PENDOPO")})
        said["metrics"] = run("metrics", "--json", "--platform", "joglo")
        said["add"] = run("accounts", "add", "Pendopo", "kpu_contoh")
        said["now"] = run("collect", "now", "--json")
        said["history"] = run("history", "--json", "--platform", "pendopo")
        for name in [*own, *(name for name in os.environ if name.startswith("PENDOPO"))]:
            os.environ.pop(name)
    seed.list_moments = lambda now: iter(())
    from collector.cli import demo

    demo.SystemClock = lambda: clock
    stand_in.StandIn = forgetful
    said["demo"] = run("demo", "--home", str(folder / "demo"), "--no-serve")
    return said


if __name__ == "__main__":
    sys.stdout.write(json.dumps(live(Path(sys.argv[1]))))
