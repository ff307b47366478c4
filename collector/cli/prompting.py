"""Asking the person in front of the screen for what is missing: one thing at a time, secrets unseen."""

import sys
from pathlib import Path

import click

from collector.cli.frame import complain, is_terminal
from collector.connecting.connection import Connection
from collector.errors import CollectorError, SettingsError
from collector.language import t
from collector.settings import env_name
from connectors.kit import Pasted

_TRIES = 3


def ask(question: str, *, unseen: bool) -> str | None:
    """Return what is typed, "" for nothing; None where nobody is there any more."""
    if is_terminal(sys.stdin):
        return str(click.prompt(question, default="", show_default=False, hide_input=unseen)).strip()
    click.echo(f"{question}:")  # what is piped in is read as it is, and never shown
    line = sys.stdin.readline()
    return line.strip() if line else None


def fill_in(connection: Connection) -> None:
    """Ask for the key fields that are still missing. Raises SettingsError."""
    missing = connection.list_missing()
    if missing:
        click.echo()
    for name in missing:
        _fill_in_one(connection, name)


def _fill_in_one(connection: Connection, name: str) -> None:
    label, note = connection.label_of(name)
    click.echo(f"  {note}")
    for number in range(_TRIES):
        given = _ask_for(connection, name, label)
        if given == "" and name in connection.way.optional:
            return
        try:
            if not given:
                raise _not_filled_in(connection, name)
            told = connection.fill(name, given)
        except CollectorError as error:
            if number == _TRIES - 1 or not is_terminal(sys.stdin):
                raise
            complain(str(error))
            continue
        if told is not None:
            click.echo(f"  {told}")
            if is_terminal(sys.stdin):
                ask(t("Tekan Enter sesudah selesai", en="Press Enter when done"), unseen=False)
        return


def _ask_for(connection: Connection, name: str, label: str) -> str | None:
    """Return what is typed for a key field, or what the settings have for it where nothing is."""
    there = connection.known(name)
    way = connection.way
    is_file = isinstance(way, Pasted) and way.file is not None and way.file.field == name
    question = t(f"{label}: letak berkasnya", en=f"{label}: where the file is") if is_file else label
    if there is not None:
        question += t(" (Enter: pakai yang dari pengaturan)", en=" (Enter: take the one of the settings)")
    elif name in way.optional:
        question += t(" (Enter: kosongkan)", en=" (Enter: leave it empty)")
    elif connection.is_secret(name) and not is_file:
        question += t(" (tidak ditampilkan)", en=" (not shown)")
    given = ask(question, unseen=connection.is_secret(name) and not is_file)
    if not given:
        return there if there is not None else given
    return _read(Path(given)) if is_file else given


def _read(path: Path) -> str:
    try:
        return path.expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            t(f"Berkas {path} tidak dapat dibaca. Periksa letak dan izinnya.",
              en=f"The file {path} cannot be read. Check its path and permissions.")
        ) from None  # fmt: skip


def _not_filled_in(connection: Connection, name: str) -> SettingsError:
    setting = env_name(connection.connector.Keys.model_fields[name])
    return SettingsError(
        t(f"{setting} belum diisi. Jalankan perintah ini di terminal, atau isi {setting} di berkas .env.",
          en=f"{setting} is not filled in. Run this in a terminal, or fill in {setting} in the .env file.")
    )  # fmt: skip
