"""Figures: their history, typing them in, and the way back to the answer each stands in."""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from collector.cli.frame import command, complain, json_option, office_option, print_json, print_table
from collector.cli.words import check_metric, get_platform, no_account, read_day
from collector.figures.codes import reading_code
from collector.figures.history import MeasureKey, plain_gap, plain_reading, select_days, select_gap_days
from collector.figures.trace import Trace, trace_reading
from collector.growth.points import Ending
from collector.importers.service import Imported, Importer
from collector.language import t
from collector.reports.tracing import FigureTrace, is_figure_code, trace_figure
from collector.store.history import Wanted
from collector.store.records import HistoryReading
from collector.wiring import PROGRAM, Application
from connectors.kit import Connector
from connectors.kit.metrics import FOLLOWERS

_COLUMNS = ("id", "office", "platform", "account", "metric", "kind", "dimension", "post", "value", "upto", "at",
            "precision", "origin", "source", "definition", "measure", "days", "held", "refused")  # fmt: skip


@click.command(help=t("Lihat riwayat angka.", en="See the history of figures."))
@click.option("--platform", help=t("Hanya platform ini.", en="Only this platform."))
@click.option("--account", "handle", help=t("Hanya akun ini.", en="Only this account."))
@click.option("--metric", help=t("Hanya metrik ini, misalnya followers.", en="Only this metric."))
@click.option("--since", help=t("Mulai tanggal atau bulan ini.", en="From this day or month on."))
@click.option("--until", help=t("Sampai tanggal atau bulan ini.", en="Up to this day or month."))
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table",
    help=t("Tabel untuk dibaca, csv atau json untuk program lain.", en="A table to read, csv or json for programs."),
)  # fmt: skip
@office_option
@json_option
@command
def history(
    application: Application,
    platform: str | None,
    handle: str | None,
    metric: str | None,
    since: str | None,
    until: str | None,
    form: str,
    office: str | None,
    as_json: bool,
) -> None:
    """See the history of figures."""
    connector = get_platform(platform) if platform else None
    wanted = Wanted(
        application.accounts.get_office(office).id if office else None,
        _account_ids(application, handle, connector) if handle else None,
        connector.slug if connector else None,
        check_metric(metric) if metric else None,
    )
    first, last = read_day(since), read_day(until, end=True)
    found = select_days(application.history.list_readings(wanted), first, last)
    unused = _list_unused(application, found)
    readings = [plain_reading(one, unused.get(reading_code(one.series_id, one.at))) for one in found]
    if as_json or form == "json":
        gaps = [plain_gap(gap) for gap in select_gap_days(application.history.list_gaps(wanted), first, last)]
        print_json({"readings": readings, "gaps": gaps})
    elif form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, _COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(readings)
        click.echo(out.getvalue(), nl=False)
    elif readings:
        headings = (t("Platform", en="Platform"), t("Akun", en="Account"), t("Metrik", en="Metric"), t("Per", en="At"),
                    t("Nilai", en="Value"), t("Asal", en="Origin"), t("Kode", en="Code"))  # fmt: skip
        print_table(
            headings,
            [
                (one["platform"], one["account"], _metric_text(one), _at_text(one), _value_text(one), one["origin"],
                 one["id"])
                for one in readings
            ],
        )  # fmt: skip
    else:
        complain(t("Belum ada angka yang cocok.", en="There is no figure that matches yet."))


def _account_ids(application: Application, handle: str, connector: Connector | None) -> list[int]:
    """Return the accounts with a handle, in any spelling they ever had. Raises SelectionError where there is none."""
    slug, queries = connector.slug if connector else None, application.queries
    accounts = (*queries.list_accounts(platform=slug), *queries.list_removed(platform=slug))
    found = [account.id for account in application.accounts.list_called(accounts, (handle,))]
    if not found:
        raise no_account(handle, accounts)
    return found


def _list_unused(application: Application, readings: Iterable[HistoryReading]) -> dict[str, Ending]:
    """Return which readings are held or refused, by code. Only followers ever are."""
    numbers = {one.account_id for one in readings if MeasureKey.of(one.measure).metric == FOLLOWERS.key}
    queries, unused = application.queries, dict[str, Ending]()
    for account in (*queries.list_accounts(), *queries.list_removed()):
        if account.id in numbers:
            unused |= application.lines.list_unused(account)
    return unused


def _metric_text(one: dict[str, object]) -> str:
    about = one["dimension"] or one["post"]
    days = f" {one['days']}d" if isinstance(one["days"], int) and one["days"] > 1 else ""
    return f"{one['metric']}{days}" + (f" {about}" if about else "")


def _at_text(one: dict[str, object]) -> str:
    """Return when a figure is of, to the minute: the rest is for programs."""
    return str(one["at"])[:16].replace("T", " ")


def _value_text(one: dict[str, object]) -> str:
    value = f"{one['value']}–{one['upto']}" if one["upto"] is not None else str(one["value"])
    if one["held"]:
        return t(f"{value} (ditahan)", en=f"{value} (held)")
    return t(f"{value} (ditolak)", en=f"{value} (refused)") if one["refused"] else value


@click.command("import", help=t("Masukkan angka dari CSV atau Excel.", en="Take in figures from CSV or Excel."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=t("Periksa saja, jangan simpan.", en="Check only, store nothing."))
@office_option
@json_option
@command
def import_file(application: Application, file: Path, dry_run: bool, office: str | None, as_json: bool) -> None:
    """Take in figures from a table."""
    imported = _importer(application).import_file(file, office=office, dry_run=dry_run)
    if as_json:
        print_json(
            {"file": file.name, "figures": len(imported.figures), "readings": imported.stored.readings,
             "revised": imported.stored.revised, "known": imported.known, "dry_run": dry_run}
        )  # fmt: skip
        return
    click.echo(_import_sentence(file.name, imported, dry_run=dry_run))


def _import_sentence(name: str, imported: Imported, *, dry_run: bool) -> str:
    count = len(imported.figures)
    if dry_run:
        return t(f"{name}: {count} angka dapat dibaca; belum ada yang disimpan.",
                 en=f"{name}: {count} figures can be read; nothing was stored.")  # fmt: skip
    if imported.known:
        return t(f"{name}: berkas ini sudah pernah dimasukkan; tidak ada yang ditambah.",
                 en=f"{name}: this file was imported before; nothing was added.")  # fmt: skip
    stored = imported.stored
    return t(
        f"{name}: {count} angka dibaca, {stored.readings} baru, {stored.revised} diganti.",
        en=f"{name}: {count} figures read, {stored.readings} new, {stored.revised} replaced.",
    )


@click.command(help=t("Catat satu angka secara manual.", en="Type one figure in."))
@click.option("--platform", required=True, help=t("Misalnya instagram.", en="For example instagram."))
@click.option("--account", required=True, help=t("Nama akun.", en="The account's handle."))
@click.option("--metric", required=True, help=t("Misalnya followers.", en="For example followers."))
@click.option("--value", required=True, help=t("Angka lengkap, misalnya 1.619.", en="The whole number."))
@click.option("--at", help=t("Tanggal, bulan, atau waktu; kosong = sekarang.", en="Day, month or time; empty is now."))
@click.option("--days", help=t("Panjang jendela, misalnya 28.", en="The window's length, for example 28."))
@click.option("--dimension", help=t("Misalnya city:Pontianak.", en="For example city:Pontianak."))
@click.option("--upto", help=t("Batas atas bila hanya rentang diketahui.", en="Upper end of an interval."))
@click.option("--mark", help=t("stated, derived, atau quoted.", en="stated, derived or quoted."))
@click.option("--source", help=t("Dari mana angkanya.", en="Where the figure is from."))
@click.option("--note", help=t("Catatan.", en="A note."))
@click.option("--attach", type=click.Path(path_type=Path), help=t("Tangkapan layar sebagai bukti.", en="A screenshot."))
@click.option("--by", default="", help=t("Nama pencatat.", en="Who types it in."))
@office_option
@json_option
@command
def record(
    application: Application, /, attach: Path | None, by: str, office: str | None, as_json: bool, **cells: str | None
) -> None:
    """Type one figure in."""
    given = {name: value for name, value in cells.items() if value is not None}
    figure, stored = _importer(application).record(given, office=office, attachment=attach, by=by)
    if as_json:
        print_json({"readings": stored.readings, "revised": stored.revised, "value": figure.value})
    elif stored.readings or stored.revised:
        what = f"{figure.platform} {figure.handle} {figure.measure.metric.key} {given['value']}"
        click.echo(t(f"Tercatat: {what}.", en=f"Recorded: {what}."))  # fmt: skip
    else:
        click.echo(t("Angka itu sudah tercatat; tidak ada yang berubah.",
                     en="That figure is recorded already; nothing changed."))  # fmt: skip


def _importer(application: Application) -> Importer:
    return Importer(application.accounts, application.ledger, application.settings.home.absolute(), PROGRAM)


@click.command(help=t("Telusuri satu angka sampai ke jawaban aslinya.", en="Trace a figure to its stored answer."))
@click.argument("code")
@json_option
@command
def trace(application: Application, code: str, as_json: bool) -> None:
    """Trace a figure to the stored answer that it stands in."""
    if is_figure_code(code):
        traced: Trace | FigureTrace = trace_figure(
            code, application.reporting.archive, application.history, application.queries
        )
    else:
        reading = trace_reading(code, application.history, application.queries)
        unused = _list_unused(application, [reading.reading])
        found = reading_code(reading.reading.series_id, reading.reading.at)
        traced = replace(reading, unused=unused.get(found))
    if as_json:
        print_json(traced.plain())
    else:
        click.echo("\n".join(traced.lines()))
