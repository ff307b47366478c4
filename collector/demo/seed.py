"""The demo: two semesters of an office's accounts at the stand-in platforms, through the real path.

The clock is moved from week to week and, in the last five weeks, from day to day; each time the same run takes place
that the schedule would cause. Then a `collect now` of this very moment. Nothing of the demo's is special: other
settings, another clock, and that is all.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from collector.accounts.service import DEFAULT_ZONE
from collector.clock import SetClock
from collector.collect.outcome import RunResult
from collector.collect.run import Selection
from collector.demo.standin import StandIn
from collector.errors import SettingsError
from collector.growth.periods import period_of, previous
from collector.language import t
from collector.settings import ENV_FILE, HOME, KEY_FILE, Settings, load
from collector.wiring import Application

_MARK = "demo"  # the folder inside the demo's home that says: this may be thrown away
_DAILY = timedelta(weeks=5)
_AT = timedelta(hours=2, minutes=30)


def list_moments(now: datetime) -> Iterator[datetime]:
    """Yield the moments of the demo's snapshots: weekly from the previous semester on, daily in the last five weeks."""
    zone = ZoneInfo(DEFAULT_ZONE)
    today = now.astimezone(zone).date()
    day, daily_from = previous(period_of("semester", today)).first, today - _DAILY
    while True:
        moment = datetime.combine(day, datetime.min.time(), zone) + _AT
        if moment >= now:
            return
        yield moment.astimezone(UTC)
        day = day + timedelta(days=1) if day >= daily_from else min(day + timedelta(days=7), daily_from)


def seed(
    application: Application, clock: SetClock, moments: Iterable[datetime], now: datetime, step: Callable[[], object]
) -> RunResult:
    """Live through the moments and collect once more `now`. `step` is called after each scheduled run."""
    application.accounts.ensure_office("kpu-contoh", "KPU Kota Contoh", seat="Contoh", zone=DEFAULT_ZONE)
    for moment in moments:
        clock.move_to(moment)
        application.collecting.run("demo", Selection(), by="demo")
        step()
    clock.move_to(now)
    return application.collecting.run("collect now", Selection(), by="demo")


def make_home(folder: Path) -> Path:
    """Return an empty home; an earlier demo's is thrown away, anything else is left alone (SettingsError)."""
    home = folder.absolute()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        if not (home / _MARK).is_dir():
            raise SettingsError(
                t(
                    f"{home} sudah berisi sesuatu yang bukan contoh. Pilih folder lain dengan --home.",
                    en=f"{home} holds something that is no demo. Choose another folder with --home.",
                )
            )
        shutil.rmtree(home)
    (home / _MARK).mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    return home


def env_file_of(home: Path) -> Path:
    """Return where the demo's settings are written, as an office would."""
    return home / _MARK / "env"


def write_settings(home: Path, standin: StandIn) -> Settings:
    """Write the settings of an office whose accounts are all at the stand-in, and load them."""
    folder = home / _MARK
    values = {HOME: str(home), KEY_FILE: str(folder / "key")}
    for name, value in standin.environment().items():
        if "\n" in value or '"' in value:  # a whole key file: kept beside the settings, as an office would
            file = folder / f"{name.lower()}.json"
            file.write_text(value, "utf-8")
            values[f"{name}_FILE"] = str(file)
        else:
            values[name] = value
    env_file = env_file_of(home)
    env_file.write_text("".join(f"{name}='{value}'\n" for name, value in sorted(values.items())), "utf-8")
    return load({ENV_FILE: str(env_file)})
