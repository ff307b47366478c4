"""`collector demo`: see the whole of it work, on stand-in platforms of this machine."""

import sys
from datetime import datetime
from pathlib import Path
from threading import Event

import click

from collector.cli.collect import print_result
from collector.cli.frame import SOME_FAILED, plain_errors, print_table
from collector.clock import SetClock, SystemClock
from collector.figures.growth import default_position
from collector.figures.history import plain_reading, select_days
from collector.growth.periods import period_of
from collector.language import t
from collector.reports.recap import followers_of_report
from collector.reports.renderers import FORMATS
from collector.reports.service import write_files
from collector.settings import ENV_FILE
from collector.store.history import Wanted
from collector.wiring import Application


@click.command(help=t("Coba program ini dengan platform tiruan di komputer ini.", en="Try it on stand-in platforms."))
@click.option("--home", type=click.Path(path_type=Path), default=Path("demo-home"), help=t("Folder.", en="The folder."))
@click.option("--no-serve", is_flag=True, help=t("Selesai setelah contoh dibuat.", en="End when the example is made."))
def demo(home: Path, no_serve: bool) -> None:
    """Seed two semesters from the stand-in platforms through the real path, and show what came of it."""
    with plain_errors():
        sys.exit(_run(home, serve=not no_serve))


def _run(folder: Path, *, serve: bool) -> int:
    from collector.demo.seed import env_file_of, list_moments, make_home, seed, write_settings
    from collector.demo.standin import StandIn
    from collector.demo.world import World

    real = SystemClock()
    now, clock = real.now(), SetClock(real.now())
    world = World(clock.now)
    home = make_home(folder)
    with StandIn(world) as standin, Application.open(write_settings(home, standin), clock=clock) as application:
        moments = list(list_moments(now))
        label = t("Mengisi dua semester", en="Seeding two semesters")
        with click.progressbar(length=len(moments), label=label, file=sys.stderr) as bar:
            result = seed(application, clock, moments, now, lambda: bar.update(1))
        click.echo(t(f"\n{len(moments)} pengumpulan terjadwal, lalu collect now:\n",
                     en=f"\n{len(moments)} scheduled runs, then collect now:\n"))  # fmt: skip
        print_result(result)
        _show_followers(application)
        _make_report(application, now)
        _say_where(home, env_file_of(home))
        if serve:
            world.now = real.now
            _serve(standin.address, env_file_of(home))
    return SOME_FAILED if any(outcome.is_failure for outcome in result.outcomes) else 0


def _show_followers(application: Application) -> None:
    click.echo(t("\nPengikut, pertama dan terakhir:\n", en="\nFollowers, first and last:\n"))
    readings = application.history.list_readings(Wanted(metric="followers"))
    rows = []
    for account in application.queries.list_accounts():
        series = [
            one
            for one in readings
            if (one.platform, one.account, one.measure) == (account.platform, account.handle, "followers:account:now")
        ]
        if series:
            line = [plain_reading(one) for one in select_days(series, None, None)]
            first, last = line[0], line[-1]
            rows.append((account.platform, account.handle, first["value"], str(first["at"])[:10], last["value"],
                         str(last["at"])[:10], last["id"]))  # fmt: skip
    headings = (t("Platform", en="Platform"), t("Akun", en="Account"), t("Awal", en="First"), t("Per", en="At"),
                t("Akhir", en="Last"), t("Per", en="At"), t("Kode", en="Code"))  # fmt: skip
    print_table(headings, rows)
    every = application.history.list_readings(Wanted())
    days = {one.at for one in every if one.measure.endswith(":day")}
    click.echo(
        t(
            f"\n{len(every)} angka tersimpan, dari {len(days)} hari platform.",
            en=f"\n{len(every)} readings stored, of {len(days)} platform days.",
        )
    )


def _make_report(application: Application, now: datetime) -> None:
    """Make the running semester's report, as the office would, and say where it is."""
    (office,) = application.queries.list_offices()
    period = period_of("semester", now.astimezone(office.timezone).date())
    accounts = application.queries.list_accounts(office_id=office.id)
    position = default_position(period, now, office.timezone)
    made = application.reporting.make(office, accounts, period, position, formats=FORMATS)
    click.echo(f"\n{made.report.title}, {made.report.period_text}:\n")
    for sentence in followers_of_report(made.report):
        click.echo(f"  {sentence}")
    click.echo()
    for path in write_files(made, application.settings.home / "laporan" / office.slug):
        click.echo(f"  {path}")


def _say_where(home: Path, env_file: Path) -> None:
    database = home / "collector.db"
    click.echo(t(f"\nBasis data : {database}\nPengaturan : {env_file}\n\nLihat sendiri:",
                 en=f"\nDatabase   : {database}\nSettings   : {env_file}\n\nSee for yourself:"))  # fmt: skip
    for line in ("history --metric followers", "growth 90d", "accounts list", "metrics"):
        click.echo(f"  {ENV_FILE}={env_file} {Path(sys.argv[0])} {line}")


def _serve(address: str, env_file: Path) -> None:
    """Keep the stand-in answering until Ctrl-C."""
    sentence = t(
        f"\nPlatform tiruan tetap berjalan di {address} (Ctrl-C untuk berhenti). Di jendela lain:",
        en=f"\nThe stand-in keeps running at {address} (Ctrl-C ends it). In another window:",
    )
    click.echo(f"{sentence}\n  {ENV_FILE}={env_file} collect now")
    Event().wait()
