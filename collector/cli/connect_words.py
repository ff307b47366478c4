"""What the guide through connecting says: what is read, what to have ready, each step, and how it ended."""

from datetime import datetime

import click

from collector.connecting.connection import Connection
from collector.connecting.service import Connected
from collector.language import current, t
from collector.platforms import get_connector
from connectors.kit import Choice, Connector, Linked, Permission, Way


def say_ways(connector: Connector) -> None:
    """Name the ways that there are besides the best."""
    others = connector.ways[1:]
    if others:
        click.echo(t("Cara lain:", en="Other ways:"))
        for way in others:
            click.echo(f"  --way {way.name}: {way.label.text(current())}")
        click.echo()


def say_way(connector: Connector, way: Way) -> None:
    """Say what is going to be read, that nothing can be changed, and what to have ready."""
    label, reads = way.label.text(current()), way.reads.text(current())
    click.echo(t(f"Menyambungkan {connector.name}: {label}.", en=f"Connecting {connector.name}: {label}."))
    click.echo()
    click.echo(t(f"Yang dibaca: {reads}.", en=f"What is read: {reads}."))
    click.echo(
        t("Program ini hanya membaca: tidak dapat mengunggah, mengubah, atau menghapus apa pun di akun itu.",
          en="This program only reads: it cannot post, change or delete anything in that account.")
    )  # fmt: skip
    if way.permissions:
        click.echo(t("Izin yang diminta:", en="The permissions that are asked for:"))
        for one in way.permissions:
            may = t(" (boleh tidak diberikan)", en=" (may be withheld)") if one.optional else ""
            click.echo(f"  - {_short(one)}: {one.opens.text(current())}{may}")
    if way.at_hand:
        click.echo(t("Siapkan:", en="Have ready:"))
        for words in way.at_hand:
            click.echo(f"  - {words.text(current())}")


def say_steps(connection: Connection) -> None:
    """Say the steps on the platform's own pages."""
    if connection.way.steps:
        click.echo(t("Langkah:", en="Steps:"))
    for number, step in enumerate(connection.way.steps, start=1):
        click.echo(f"  {number}. {connection.say_step(step.words.text(current()))}")
        if step.link:
            click.echo(f"     {step.link}")


def _short(permission: Permission) -> str:
    """Return a permission's name as its platform's page has it; some are whole addresses."""
    return permission.name.rpartition("/")[2]


def describe(choice: Choice) -> str:
    """Return a line about an account that can be chosen."""
    profile = choice.profile
    name = f"{profile.name} " if profile.name and profile.name != profile.handle else ""
    lacks = f": {choice.needs.text(current())}" if choice.needs is not None else ""
    return f"{name}@{profile.handle.lstrip('@')} ({profile.id}){lacks}"


def say_connected(connected: Connected) -> None:
    """Say which account is connected, until when, and what the report will lack."""
    account = connected.account
    click.echo()
    who = describe(Choice(connected.profile))
    click.echo(
        t(f"Tersambung: {who}, kantor {account.office.slug}.", en=f"Connected: {who}, office {account.office.slug}.")
    )
    if not connected.is_new:
        click.echo(t("Riwayat akun ini tetap utuh.", en="The account's history is as it was."))
    click.echo(_until(connected.ends_at, connected))
    if connected.data_ends_at is not None:
        day = connected.data_ends_at.astimezone(account.office.timezone).date()
        click.echo(
            t(f"Data boleh dibaca sampai {day:%d-%m-%Y}; sebelum itu sambungkan sekali lagi untuk menegaskan izin.",
              en=f"Data may be read until {day}; connect once more before that day to confirm the permission.")
        )  # fmt: skip
    if connected.short_life is not None:
        click.echo(t("PERHATIAN: ", en="NOTE: ") + connected.short_life.words.text(current()))
    if connected.withheld:
        click.echo(t("Izin yang tidak diberikan, dan yang karenanya tidak ada di laporan:",
                     en="Permissions that were not given, and what the report lacks for it:"))  # fmt: skip
        for one in connected.withheld:
            click.echo(f"  - {_short(one)}: {one.without.text(current())}")
        click.echo(t("Untuk menambahkannya, jalankan perintah ini sekali lagi dan centang semuanya.",
                     en="To add them, run this once more and tick everything."))  # fmt: skip
    if account.state == "paused":
        click.echo(t(f"Akun ini masih dijeda: collector accounts resume {account.handle}",
                     en=f"The account is still paused: collector accounts resume {account.handle}"))  # fmt: skip


def say_linked(linked: Linked) -> None:
    """Say which account of another platform is linked to the one that was connected."""
    name, handle = get_connector(linked.platform).name, linked.profile.handle
    click.echo(
        t(f"Akun ini tertaut ke {name} @{handle}. Hubungkan juga: collector connect {linked.platform}",
          en=f"This account is linked to {name} @{handle}. Connect it too: collector connect {linked.platform}")
    )  # fmt: skip


def say_nothing_linked(choice: Choice) -> None:
    """Say that nothing that is linked can be seen."""
    click.echo(
        t(f"Tidak terlihat akun profesional yang tertaut ke {choice.profile.name}: tautkan dahulu, lalu ulangi.",
          en=f"No professional account is seen that is linked to {choice.profile.name}: link it, then begin again.")
    )  # fmt: skip


def say_next() -> None:
    """Say how to go on."""
    click.echo(t("Berikutnya: collect now", en="Next: collect now"))


def _until(ends_at: datetime | None, connected: Connected) -> str:
    if ends_at is None:
        return t("Berlaku sampai dicabut; platform tidak menyebut batas waktu.",
                 en="Good until it is withdrawn; the platform names no end.")  # fmt: skip
    day = ends_at.astimezone(connected.account.office.timezone).date()
    if connected.short_life is not None:
        return t(f"Berlaku sampai {day:%d-%m-%Y}.", en=f"Good until {day}.")
    return t(f"Berlaku sampai {day:%d-%m-%Y}, dan diperpanjang sendiri bila platform mengizinkan.",
             en=f"Good until {day}, and renewed by itself where the platform allows it.")  # fmt: skip
