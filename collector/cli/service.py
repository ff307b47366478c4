"""`collector service`: install the background service on this machine, take it away, and see how it is."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from collector.accounts.service import DEFAULT_ZONE
from collector.cli.frame import DONE, SOME_FAILED, command, complain, json_option, print_json
from collector.clock import Clock
from collector.errors import RunningError, SettingsError
from collector.language import t
from collector.ops.pulse import NAME
from collector.ops.service_lock import ServiceLock
from collector.ops.systemd import Systemd, Unit
from collector.ops.vitals import SILENT_AFTER
from collector.reports import formats
from collector.wiring import Application


@click.group(help=t("Layanan latar di komputer ini.", en="The background service on this machine."))
def service() -> None:
    """Hold the commands on the service together."""


@service.command(help=t("Pasang layanan supaya berjalan sendiri sejak komputer menyala.",
                        en="Install the service, so that it runs by itself from the machine's start on."))  # fmt: skip
@click.option("--run-as", metavar="USER",
              help=t("Pengguna sistem untuk layanan (bila dipasang sebagai root).",
                     en="The service's own system user (where installed as root)."))  # fmt: skip
@click.option("--print", "only_print", is_flag=True, help=t("Hanya tampilkan berkasnya.", en="Only show the file."))
@command
def install(application: Application, run_as: str | None, only_print: bool) -> int:
    """Install the service."""
    settings = application.settings
    unit = Unit(settings.home.absolute(), settings.key_file.absolute(), settings.env_file, run_as)
    if only_print:
        click.echo(unit.text(), nl=False)
        return DONE
    systemd = Systemd.here()
    if systemd.is_of_machine and run_as is None:
        raise SettingsError(
            t(
                "Sebagai root, sebutkan pengguna layanan dengan --run-as (misalnya collector): layanan tidak perlu hak "
                "root. Atau pasang sebagai pengguna biasa.",
                en="As root, name the service's user with --run-as (collector, say): the service needs no rights of "
                "root's. Or install it as an ordinary user.",
            )
        )
    if not systemd.is_of_machine and run_as is not None:
        raise SettingsError(
            t("--run-as hanya berlaku bila dipasang sebagai root.", en="--run-as is only for an installation as root.")
        )
    lock = ServiceLock(unit.home)
    process = lock.find_holder()
    if process is not None and not systemd.is_active():
        raise RunningError(
            t(
                f"Layanan sudah berjalan di komputer ini (proses {process}), dimulai dengan cara lain. Hentikan dulu, "
                "lalu ulangi.",
                en=f"The service runs already on this computer (process {process}), started in another way. Stop that "
                "one, then try again.",
            )
        )
    application.make_key()
    systemd.install(unit)
    if not _has_come_up(application.clock, lock):
        complain(
            t(f"Layanan terpasang ({systemd.path}) tetapi belum berjalan. Sebabnya: {systemd.journal}",
              en=f"Installed ({systemd.path}), but it does not run yet. The reason: {systemd.journal}")
        )  # fmt: skip
        return SOME_FAILED
    click.echo(t(f"Layanan terpasang dan berjalan: {systemd.path}", en=f"Installed and running: {systemd.path}"))
    if not systemd.is_of_machine:
        complain(
            t("Supaya tetap berjalan tanpa ada yang masuk, jalankan sekali: sudo loginctl enable-linger $USER",
              en="To keep it running while nobody is logged in, run once: sudo loginctl enable-linger $USER")
        )  # fmt: skip
    return DONE


def _has_come_up(clock: Clock, lock: ServiceLock) -> bool:
    """Whether the service holds its home within half a minute: systemd calls it started before it read a setting."""
    for _ in range(60):
        if lock.find_holder() is not None:
            return True
        clock.sleep(0.5)
    return False


@service.command(help=t("Lepas layanan; data tidak disentuh.", en="Take the service away; the data are not touched."))
@command
def uninstall(application: Application) -> None:
    """Take the service away."""
    systemd = Systemd.here()
    if systemd.uninstall():
        click.echo(t("Layanan dihentikan dan dilepas. Data tetap ada.", en="Stopped and taken away. The data stay."))
    else:
        click.echo(t("Layanan memang belum terpasang.", en="The service was not installed."))


@service.command(help=t("Bagaimana keadaan layanan.", en="How the service is."))
@json_option
@command
def status(application: Application, as_json: bool) -> int:
    """Say whether a service works on this home: by its lock and its signs of life, whoever started it."""
    home: Path = application.settings.home.absolute()
    process = ServiceLock(home).find_holder()
    beat, due = application.outages.find_beat(NAME), application.plan.schedules.find_next_due()
    now = application.clock.now()
    is_well = process is not None and beat is not None and now - beat <= SILENT_AFTER
    if as_json:
        print_json({
            "running": process is not None, "process": process, "ok": is_well,
            "last_sign": beat.isoformat(timespec="seconds") if beat is not None else None,
            "next_due": due.isoformat(timespec="seconds") if due is not None else None,
        })  # fmt: skip
        return 0 if is_well else SOME_FAILED
    zone = next((office.timezone for office in application.queries.list_offices()), ZoneInfo(DEFAULT_ZONE))

    def when(value: datetime | None) -> str:
        return formats.moment(value, zone) if value is not None else formats.NONE

    if process is None:
        said = t("Layanan tidak berjalan. Mulai dengan collector serve, atau collector service install.",
                 en="The service does not run. Start it: collector serve, or collector service install.")  # fmt: skip
    elif is_well:
        said = t(f"Layanan berjalan (proses {process}).", en=f"The service runs (process {process}).")
    else:
        said = t(f"Layanan (proses {process}) tidak memberi tanda sejak {when(beat)}. Mulai ulang layanan itu.",
                 en=f"The service (process {process}) gives no sign since {when(beat)}. Start it again.")  # fmt: skip
    click.echo(said)
    click.echo(t(f"Tanda terakhir: {when(beat)}. Pengumpulan berikutnya: {when(due)}.",
                 en=f"Last sign: {when(beat)}. Next collection: {when(due)}."))  # fmt: skip
    return 0 if is_well else SOME_FAILED
