"""`collector report`: the document of a period, in the formats that are wanted."""

from pathlib import Path

import click

from collector import language
from collector.cli.frame import command, complain, json_option, office_option, print_json
from collector.cli.words import read_period, read_position
from collector.errors import SelectionError
from collector.figures.growth import default_position
from collector.language import current, t
from collector.reports.letterhead import Letterheads, find_faults
from collector.reports.renderers import FORMATS, TEMPLATED
from collector.reports.service import Made, write_files
from collector.store.records import Office
from collector.wiring import Application

_FOLDER = "laporan"


@click.command(help=t("Buat laporan satu periode.", en="Make the report of a period."))
@click.argument("period")
@click.option(
    "--format", "form", default="docx,pdf", show_default=True,
    help=t("docx, pdf, xlsx, html; dipisah koma.", en="docx, pdf, xlsx, html; with commas between."),
)  # fmt: skip
@click.option("--lang", type=click.Choice(["id", "en"]), help=t("Bahasa laporan.", en="The report's language."))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help=t("Folder berkas; tanpa ini laporan/ di folder data.", en="The files' folder; else laporan/ in the home."),
)  # fmt: skip
@click.option(
    "--template", type=click.Path(path_type=Path, dir_okay=False),
    help=t("Berkas Word kantor dengan kopnya; tanpa ini kop/<kantor>.docx di folder data, bila ada.",
           en="The office's Word file with its letterhead; else kop/<office>.docx in the home, if it is there."),
)  # fmt: skip
@click.option("--position", metavar="TIME", help=t("Posisi data laporan.", en="The moment the report speaks of."))
@click.option("--as-of", metavar="TIME", help=t("Seperti diketahui saat itu.", en="As it was known at that moment."))
@click.option(
    "--against", metavar="PERIOD",
    help=t("Pembanding; tanpa ini periode sebelumnya.", en="What to compare with; else the period before."),
)  # fmt: skip
@click.option("--version", type=int, help=t("Cetak ulang versi ini.", en="Print this version again."))
@office_option
@json_option
@command
def report(
    application: Application,
    period: str,
    form: str,
    lang: str | None,
    out: Path | None,
    template: Path | None,
    position: str | None,
    as_of: str | None,
    against: str | None,
    version: int | None,
    office: str | None,
    as_json: bool,
) -> int:
    """Make a report."""
    shown_in = current()
    language.use(lang or shown_in)
    try:
        formats = _read_formats(form, template)
        whose = application.accounts.get_office(office)
        now, zone = application.clock.now(), whose.timezone
        wanted = read_period(period, now.astimezone(zone).date())
        own = template or Letterheads(application.settings.home).find(whose.slug)
        if version is not None:
            made = application.reporting.reprint(whose, wanted, version, formats)
        else:
            accounts = application.queries.list_accounts(office_id=whose.id)
            if not accounts:
                raise SelectionError(t("Belum ada akun di kantor ini.", en="This office has no account yet."))
            made = application.reporting.make(
                whose, accounts, wanted,
                read_position(position, zone, now) if position else default_position(wanted, now, zone),
                against=read_period(against) if against else None,
                as_of=read_position(as_of, zone, now) if as_of else None, formats=formats,
                template=_read_template(own) if own else None,
            )  # fmt: skip
        paths = write_files(made, out or application.settings.home / _FOLDER / whose.slug)
    finally:
        language.use(shown_in)
    _say(application, made, paths, whose, as_json=as_json)
    return 0


def _read_formats(text: str, template: Path | None) -> list[str]:
    formats = [word.strip().lower() for word in text.split(",") if word.strip()]
    unknown = [word for word in formats if word not in FORMATS]
    if unknown or not formats:
        raise SelectionError(
            t(
                f"Format {', '.join(unknown) or text} tidak dikenal. Yang ada: {', '.join(FORMATS)}.",
                en=f"The format {', '.join(unknown) or text} is not known. There are: {', '.join(FORMATS)}.",
            )
        )
    return formats if template is None or TEMPLATED in formats else [*formats, TEMPLATED]


def _read_template(path: Path) -> bytes:
    """Return an office's own Word file. Raises SelectionError where it cannot be used."""
    from collector.reports.render_docx import read_template

    fault = find_faults(path)
    if fault is not None:
        raise SelectionError(fault)
    return read_template(path)


def _say(application: Application, made: Made, paths: list[Path], office: Office, *, as_json: bool) -> None:
    report = made.report
    failed = [one for one in report.checks if not one.is_passed]
    if as_json:
        print_json(
            {
                "office": office.slug,
                "period": report.period,
                "against": report.against,
                "position": report.position.isoformat(),
                "version": report.version,
                "new": made.is_new,
                "language": report.language,
                "files": [str(path) for path in paths],
                "changed": list(report.changed),
                "checks": [
                    {"code": one.code, "title": one.title, "passed": one.is_passed, "detail": one.detail}
                    for one in report.checks
                ],
                "figures": [
                    {
                        "code": one.code, "platform": one.platform, "account": one.account, "label": one.label,
                        "value": one.value, "value_at": one.value_at, "base": one.base, "base_at": one.base_at,
                        "difference": one.difference, "percent": one.percent, "flags": list(one.flags),
                    }
                    for one in report.figures
                ],
            }
        )  # fmt: skip
        return
    state = t("versi baru", en="new version") if made.is_new else t("tidak berubah", en="unchanged")
    click.echo(f"{report.title}, {report.period_text}: {t('versi', en='version')} {report.version} ({state})")
    for path in paths:
        click.echo(f"  {path}")
    for line in report.changed:
        click.echo(f"  ~ {line}")
    manuscript = application.reporting.manuscripts.path_of(office, read_period(report.period))
    click.echo(t(f"Naskah yang dapat diubah: {manuscript}", en=f"The texts to edit: {manuscript}"))
    if failed:
        complain(t("Periksa sebelum ditandatangani:", en="To be checked before signing:"))
        for one in failed:
            complain(f"  ! {one.title}: {one.detail}")
