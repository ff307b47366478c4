"""`collector check-report`: a report that people wrote, reckoned again before it is signed."""

from pathlib import Path

import click

from collector.cli.frame import DONE, SOME_FAILED, complain, json_option, plain_errors, print_json
from collector.errors import SelectionError
from collector.importers.report_check import Checked, check_report, to_csv
from collector.importers.verdicts import RIGHT
from collector.language import t
from collector.system_errors import reason


@click.command("check-report", help=t("Periksa laporan yang diketik.", en="Check a report that was typed."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--write-csv", "table", type=click.Path(path_type=Path, dir_okay=False),
    help=t("Tulis angkanya sebagai berkas untuk collector import.", en="Write its figures for collector import."),
)  # fmt: skip
@json_option
def check(file: Path, table: Path | None, as_json: bool) -> None:
    """Check a report. It needs no installation and changes nothing."""
    with plain_errors():
        if not file.is_file():
            raise SelectionError(t(f"Berkas {file} tidak ada.", en=f"The file {file} does not exist."))
        checked = check_report(file)
        if table is not None:
            _write(table, to_csv(checked))
    if as_json:
        print_json(_plain(checked))
    else:
        _say(checked, table)
    raise SystemExit(SOME_FAILED if checked.wrong or checked.faults else DONE)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise SelectionError(
            t(f"{path} tidak dapat ditulis ({reason(error)}).", en=f"{path} cannot be written ({reason(error)}).")
        ) from None


def _plain(checked: Checked) -> dict[str, object]:
    return {
        "file": checked.name,
        "statements": [
            {
                "passage": one.statement.passage,
                "text": one.statement.text,
                "value": one.statement.value,
                "change": one.statement.change,
                "percent": str(one.statement.percent) if one.statement.percent is not None else None,
                "at": one.statement.at,
                "result": one.result,
                "message": one.message,
                "base": list(one.bases) if one.bases is not None else None,
            }
            for one in checked.verdicts
        ],
        "faults": [{"code": one.code, "passage": one.passage, "message": one.message} for one in checked.faults],
    }


def _say(checked: Checked, table: Path | None) -> None:
    for one in checked.verdicts:
        mark = "✓" if one.result == RIGHT else "✗"
        click.echo(f"{mark} {one.message}")
        if one.result != RIGHT:
            click.echo(f"    “{one.statement.text[:120]}”")
    for fault in checked.faults:
        click.echo(f"! {fault.message}")
    if not checked.verdicts:
        complain(
            t(
                f"{checked.name}: tidak ditemukan kalimat yang menyebut angka dengan perubahan atau persentasenya.",
                en=f"{checked.name}: no sentence states a figure with its change or percentage.",
            )
        )
    if table is not None:
        click.echo(
            t(
                f"Angkanya ditulis ke {table}; lengkapi akun dan tanggalnya, lalu: collector import {table}",
                en=f"Its figures are in {table}; complete accounts and dates, then: collector import {table}",
            )
        )
