"""Setting up and looking over: `init` and `doctor`."""

import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from collector.accounts.service import DEFAULT_OFFICE
from collector.accounts.standing import Standing
from collector.cli.frame import SOME_FAILED, command, is_terminal, json_option, print_json
from collector.cli.standing import plain_standing, print_standings
from collector.cli.words import LEVELS
from collector.collect.run import Checked, Selection
from collector.errors import SelectionError, SettingsError
from collector.importers.service import make_slug
from collector.language import current, t
from collector.ops.doctor import Doctor
from collector.store.records import Office
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
    offices = application.queries.list_offices()
    if len(offices) > 1 and name is None and slug is None:
        application.accounts.get_office(None)  # says which there are, and that one has to be named
    known = _find_office(offices, name, slug)
    named = known if known is not None and known.slug != DEFAULT_OFFICE else None
    name = name or _prompt(t("Nama kantor", en="The office's name"), named.name if named else t("Kantor", en="Office"))
    seat = seat if seat is not None else _prompt(t("Kota", en="Town"), known.seat if known else "")
    iana = _read_zone(zone or _prompt(t("Zona waktu", en="Time zone"), known.zone if known else "WIB"))
    short = slug or (named.slug if named else make_slug(name))
    if known is not None:
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


def _find_office(offices: Sequence[Office], name: str | None, slug: str | None) -> Office | None:
    """Return the office that is meant: the one of that name, else the one that has no name of its own yet."""
    wanted = slug or (make_slug(name) if name else None)
    named = [office for office in offices if wanted in (None, office.slug)]
    return next(iter(named or [office for office in offices if office.slug == DEFAULT_OFFICE]), None)


def _prompt(question: str, default: str) -> str:
    """Return what a person types, or the default where nobody sits there."""
    return str(click.prompt(question, default=default)) if is_terminal(sys.stdin) else default


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
        application.settings, application.store, application.queries, application.clock, lambda: _ask(application),
        list_channel_faults=application.alerts.list_faults,
        list_questions=lambda: [one.sentence for one in application.decisions.list_all()],
        list_causes=lambda: [one.cause for one in application.alerts.list_standing()],
        list_standings=lambda: _stand(application),
        find_silence=application.find_silence,
    ).examine()  # fmt: skip
    if as_json:
        accounts = [plain_standing(one, application.clock.now()) for one in _stand(application)]
        print_json({"findings": [finding.plain() for finding in examined], "accounts": accounts})
    else:
        for finding in examined:
            level = LEVELS[finding.level].text(current())
            click.echo(f"[{level}] {finding.id}: {finding.what}\n    {finding.why}\n    -> {finding.mend}")
        if not examined:
            click.echo(t("Semua aman.", en="All is well."))
        print_standings(_stand(application), application.clock.now())
    return SOME_FAILED if any(finding.level == "error" for finding in examined) else 0


def _stand(application: Application) -> tuple[Standing, ...]:
    return application.standings.of(application.queries.list_accounts())


def _ask(application: Application) -> list[Checked]:
    """Ask the connected accounts who they are; where none is connected there is nobody to ask."""
    try:
        return application.collecting.check(Selection())
    except SelectionError:
        return []
