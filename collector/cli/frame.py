"""What every command shares: opening the installation, saying errors in one paragraph, printing tables and JSON."""

import functools
import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TextIO

import click

from collector import log, settings
from collector.backups.upgrade import make_before_upgrade
from collector.collect.redact import Redactor
from collector.errors import CollectorError
from collector.language import t
from collector.wiring import Application, BackUp

P = ParamSpec("P")
DONE, SOME_FAILED, WRONG_USE = 0, 1, 2

_log = logging.getLogger(__name__)


def command(function: Callable[Concatenate[Application, P], int | None]) -> Callable[P, None]:
    """Make a command of a function that gets the opened installation and returns its exit status (None: done)."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with plain_errors():
            with open_application() as application:
                status = function(application, *args, **kwargs)
            sys.exit(status or DONE)

    return run


@contextmanager
def open_application(back_up: BackUp = make_before_upgrade) -> Iterator[Application]:
    """Open the installation that the environment describes."""
    loaded, redactor = load_settings()
    application = Application.open(loaded, redactor=redactor, back_up=back_up)
    try:
        yield application
    finally:
        application.close()


def load_settings(home: Path | None = None) -> tuple[settings.Settings, Redactor]:
    """Read the settings and begin to log, saying what looks wrong with them."""
    loaded = settings.load(home=home)
    redactor = Redactor()
    redactor.know(*loaded.list_secrets())
    log.set_up(loaded.log_level, redactor, loaded.log_format)
    for warning in loaded.warnings:
        complain(warning)
    return loaded, redactor


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what ends a command into one paragraph on stderr and an exit status; never a traceback."""
    try:
        yield
    except CollectorError as error:
        complain(str(error))
        sys.exit(error.exit_status)
    except (KeyboardInterrupt, click.Abort):  # Ctrl-C, and the end of what is typed where a question waits
        complain(t("Dihentikan. Yang sudah terbaca tetap tersimpan.", en="Stopped. What was read is stored."))
        sys.exit(130)
    except PermissionError as error:  # a home or a key of another user: the set-up, wherever it shows first
        where = error.filename or t("sebuah berkas", en="a file")
        complain(
            t(
                f"Pengguna ini tidak boleh membuka {where}. Jalankan perintah ini sebagai pemilik folder data "
                "(misalnya pengguna layanan), atau beri pengguna ini izin.",
                en=f"This user may not open {where}. Run the command as the home's owner (the service's user, say), or "
                "give this user the permission.",
            )
        )
        sys.exit(WRONG_USE)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away; there is nobody to tell
        sys.exit(SOME_FAILED)
    except Exception as error:  # noqa: BLE001 - the edge of a command
        _log.debug("unforeseen", exc_info=error)
        complain(
            t(
                f"Kesalahan yang tidak terduga ({type(error).__name__}). Jalankan lagi dengan "
                "COLLECTOR_LOG_LEVEL=DEBUG dan kirimkan keluarannya kepada pengelola program.",
                en=f"An unforeseen error ({type(error).__name__}). Run it again with "
                "COLLECTOR_LOG_LEVEL=DEBUG and send the output to the program's maintainers.",
            )
        )
        sys.exit(SOME_FAILED)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits at a stream. It may be closed altogether, as a service's is."""
    return stream is not None and stream.isatty()


def complain(text: str) -> None:
    """Say something on stderr."""
    click.echo(text, err=True)


def print_json(value: object) -> None:
    """Print a result for programs on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a result for people on stdout: columns as wide as their content, numbers to the right."""
    lines = [[str(cell) if cell is not None else "–" for cell in row] for row in rows]
    widths = [max(len(line[place]) for line in [list(headings), *lines]) for place in range(len(headings))]
    numeric = [
        bool(lines)
        and all(line[place].lstrip("+−-").replace(".", "").isdigit() or line[place] == "–" for line in lines)
        for place in range(len(headings))
    ]

    def show(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        )
        return "  ".join(padded).rstrip()

    click.echo(show(list(headings)))
    click.echo("  ".join("-" * width for width in widths))
    for line in lines:
        click.echo(show(line))


office_option = click.option(
    "--office", metavar="SLUG", help=t("Kantor yang dimaksud.", en="The office that is meant.")
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help=t("Keluaran untuk program lain.", en="Output for other programs.")
)
