"""The demo: two semesters of an office's accounts at the stand-in platforms, through the real path.

The clock is moved from week to week and, in the last five weeks, from day to day; each time the same run takes place
that the schedule would cause. Then a `collect now` of this very moment. Nothing of the demo's is special: other
settings, another clock, and that is all.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import click

from collector.accounts.service import DEFAULT_ZONE
from collector.cli.collect import print_result
from collector.cli.frame import SOME_FAILED, print_table
from collector.clock import Clock, SetClock, SystemClock
from collector.collect.outcome import RunResult
from collector.collect.run import Selection
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.errors import SettingsError
from collector.figures.history import plain_reading, select_days
from collector.growth.periods import period_of, previous
from collector.language import t
from collector.settings import ENV_FILE, HOME, KEY_FILE, Settings, load
from collector.store.history import Wanted
from collector.wiring import Application

_MARK = "demo"  # the folder inside the demo's home that says: this may be thrown away
_DAILY = timedelta(weeks=5)
_AT = timedelta(hours=2, minutes=30)


def run_demo(folder: Path, *, serve: bool, clock: Clock | None = None) -> int:
    """Make the demo in `folder` and print what came of it. Returns the exit status."""
    real = clock or SystemClock()
    home = _prepare(folder.absolute())
    moving = SetClock(real.now())
    world = World(moving.now)
    with StandIn(world) as standin:
        settings = _settings(home, standin)
        with Application.open(settings, clock=moving) as application:
            office = application.accounts.ensure_office(
                "kpu-contoh", "KPU Kota Contoh", seat="Contoh", zone=DEFAULT_ZONE
            )
            moments = list(list_moments(real.now(), office.timezone))
            with click.progressbar(
                moments,
                label=t("Mengisi dua semester", en="Seeding two semesters"),
                file=click.get_text_stream("stderr"),
            ) as bar:
                for moment in bar:
                    moving.move_to(moment)
                    application.collecting.run("demo", Selection(), by="demo")
            moving.move_to(real.now())
            result = application.collecting.run("collect now", Selection(), by="demo")
            _show(application, result, len(moments))
            _say_where(home, standin, serve=serve)
        if serve:
            world.now = real.now
            _wait()
    return SOME_FAILED if any(outcome.is_failure for outcome in result.outcomes) else 0


def list_moments(now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moments of the demo's snapshots: weekly from the previous semester on, daily in the last five weeks."""
    today = now.astimezone(zone).date()
    day = previous(period_of("semester", today)).first
    while True:
        moment = datetime.combine(day, datetime.min.time(), zone) + _AT
        if moment >= now:
            return
        yield moment.astimezone(UTC)
        day += timedelta(days=1 if day >= today - _DAILY else 7)


def _prepare(home: Path) -> Path:
    """Return an empty home; an earlier demo's is thrown away, anything else is left alone."""
    if home.exists() and any(home.iterdir()):
        if not (home / _MARK).is_dir():
            raise SettingsError(
                t(
                    f"Folder {home} sudah berisi sesuatu yang bukan contoh. Pilih folder lain dengan --home.",
                    en=f"The folder {home} holds something that is no demo. Choose another one with --home.",
                )
            )
        shutil.rmtree(home)
    (home / _MARK).mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    return home


def _settings(home: Path, standin: StandIn) -> Settings:
    """Write the demo's settings as an office would, and load them."""
    folder = home / _MARK
    values = {HOME: str(home), KEY_FILE: str(folder / "key")}
    for name, value in standin.environment().items():
        if "\n" in value or '"' in value:  # a whole key file: kept beside the settings, as an office would
            file = folder / f"{name.lower()}.json"
            file.write_text(value, "utf-8")
            values[f"{name}_FILE"] = str(file)
        else:
            values[name] = value
    env_file = folder / "env"
    env_file.write_text("".join(f"{name}='{value}'\n" for name, value in sorted(values.items())), "utf-8")
    return load({ENV_FILE: str(env_file)})


def _show(application: Application, result: RunResult, runs: int) -> None:
    click.echo(
        t(f"\n{runs} pengumpulan terjadwal, lalu collect now:\n", en=f"\n{runs} scheduled runs, then collect now:\n")
    )
    print_result(result)
    readings = application.history.list_readings(Wanted())
    click.echo(t("\nPengikut, pertama dan terakhir:\n", en="\nFollowers, first and last:\n"))
    rows = []
    for account in application.queries.list_accounts():
        line = [
            plain_reading(one)
            for one in select_days([one for one in readings if one.account == account.handle], None, None)
            if one.platform == account.platform and one.measure == "followers:account:now"
        ]
        if line:
            first, last = line[0], line[-1]
            rows.append((account.platform, account.handle, first["value"], str(first["at"])[:10], last["value"],
                         str(last["at"])[:10], last["id"]))  # fmt: skip
    headings = (t("Platform", en="Platform"), t("Akun", en="Account"), t("Awal", en="First"), t("Per", en="At"),
                t("Akhir", en="Last"), t("Per", en="At"), t("Kode", en="Code"))  # fmt: skip
    print_table(headings, rows)
    days = {one.at for one in readings if one.measure.endswith(":day")}
    click.echo(
        t(
            f"\n{len(readings)} angka tersimpan dari {len(days)} hari platform.",
            en=f"\n{len(readings)} readings stored, of {len(days)} platform days.",
        )
    )


def _say_where(home: Path, standin: StandIn, *, serve: bool) -> None:
    env_file = home / _MARK / "env"
    database = home / "collector.db"
    click.echo(t(f"\nBasis data : {database}\nPengaturan : {env_file}",
                 en=f"\nDatabase   : {database}\nSettings   : {env_file}"))  # fmt: skip
    click.echo(
        t("Lihat sendiri:", en="See for yourself:")
        + f"\n  {ENV_FILE}={env_file} collector history --metric followers"
        + f"\n  {ENV_FILE}={env_file} collector accounts list"
    )
    if serve:
        click.echo(
            t(
                f"Platform tiruan tetap berjalan di {standin.address} (Ctrl-C untuk berhenti); coba di jendela lain:",
                en=f"The stand-in keeps running at {standin.address} (Ctrl-C ends it); in another window:",
            )
            + f"\n  {ENV_FILE}={env_file} collect now"
        )


def _wait() -> None:
    """Serve until Ctrl-C."""
    Event().wait()
