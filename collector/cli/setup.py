"""Setting up and looking over: `init` and `doctor`."""

import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from collector.cli.frame import SOME_FAILED, command, json_option, print_json
from collector.collect.run import Checked, Selection
from collector.errors import SelectionError, SettingsError
from collector.importers.service import make_slug
from collector.language import t
from collector.ops.doctor import Doctor
from collector.wiring import Application

_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


@click.command(help=t("Siapkan pemasangan ini untuk satu kantor.", en="Set this installation up for an office."))
@click.option("--name", help=t("Nama kantor, misalnya KPU Kota Pontianak.", en="The office's name."))
@click.option("--seat", help=t("Kota tempat kantor, misalnya Pontianak.", en="The town of the office."))
@click.option("--zone", help=t("WIB, WITA, WIT, atau nama seperti Asia/Jakarta.", en="WIB, WITA, WIT or an IANA name."))
@click.option("--slug", help=t("Nama pendek untuk perintah.", en="The short name for commands."))
@command
def init(application: Application, name: str | None, seat: str | None, zone: str | None, slug: str | None) -> None:
    """Set this installation up for an office."""
    asks = sys.stdin.isatty()
    offices = application.queries.list_offices()
    known = offices[0] if len(offices) == 1 else None
    if name is None:
        before = known.name if known else t("Kantor", en="Office")
        name = click.prompt(t("Nama kantor", en="The office's name"), default=before) if asks else before
    if seat is None:
        seat = click.prompt(t("Kota", en="Town"), default=known.seat if known else "") if asks else ""
    if zone is None:
        zone = (
            click.prompt(t("Zona waktu", en="Time zone"), default="WIB") if asks else (known.zone if known else "WIB")
        )
    iana, short = _read_zone(zone), slug or make_slug(name)
    if known is not None and (known.slug in (short, "default")):
        application.accounts.change_office(known, slug=short, name=name, seat=seat, zone=iana)
    else:
        application.accounts.ensure_office(short, name, seat=seat, zone=iana)
    home = application.settings.home.absolute()
    click.echo(
        t(
            f"Kantor {name} ({short}, {iana}) siap. Data: {home}. Berikutnya: isi kunci platform di berkas .env "
            "(contoh: config.example.env), lalu jalankan collect now.",
            en=f"The office {name} ({short}, {iana}) is ready. Home: {home}. Next: fill in the platforms' keys in .env "
            "(see config.example.env), then run collect now.",
        )
    )


def _read_zone(text: str) -> str:
    """Return the IANA name of a zone. Raises SettingsError where there is none."""
    named = {"WIB": _ZONES[0], "WITA": _ZONES[1], "WIT": _ZONES[2]}.get(text.strip().upper(), text.strip())
    try:
        ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(
            t(
                f"Zona waktu {text} tidak dikenal. Tulis WIB, WITA, WIT, atau nama seperti {_ZONES[0]}.",
                en=f"The time zone {text} is not known. Write WIB, WITA, WIT or a name like {_ZONES[0]}.",
            )
        ) from None
    return named


@click.command(help=t("Periksa apakah semuanya beres.", en="Check whether all is well."))
@json_option
@command
def doctor(application: Application, as_json: bool) -> int:
    """Check whether all is well."""
    examined = Doctor(
        application.settings, application.store, application.queries, application.clock, lambda: _ask(application)
    ).examine()
    if as_json:
        print_json({"findings": [finding.plain() for finding in examined]})
    elif not examined:
        click.echo(t("Semua aman.", en="All is well."))
    else:
        for finding in examined:
            click.echo(f"[{finding.level}] {finding.id}: {finding.what}\n    {finding.why}\n    -> {finding.mend}")
    return SOME_FAILED if any(finding.level == "error" for finding in examined) else 0


def _ask(application: Application) -> list[Checked]:
    """Ask the connected accounts who they are; where none is connected there is nobody to ask."""
    try:
        return application.collecting.check(Selection())
    except SelectionError:
        return []
