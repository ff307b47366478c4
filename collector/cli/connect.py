"""`collector connect`: a guide through connecting an account, step by step, for somebody who has never done it.

What is typed unseen is never an argument, so that it stands in no list of processes and in no history of a shell.
"""

import click

from collector import language
from collector.addresses import check_address
from collector.cli.connect_words import (
    describe,
    say_connected,
    say_linked,
    say_next,
    say_nothing_linked,
    say_steps,
    say_way,
    say_ways,
)
from collector.cli.frame import command, office_option
from collector.cli.prompting import ask, fill_in
from collector.cli.words import get_platform
from collector.connecting import refusals
from collector.connecting.callback import read_pasted
from collector.connecting.connection import Connection, Wish
from collector.connecting.device import ask_code, wait_for_person
from collector.errors import SelectionError
from collector.language import t
from collector.wiring import Application
from connectors.kit import Choice, Connector, Consent, Device, Way

_PASTED_PORT = 8765  # nobody listens there: any number will do, and a fixed one can be registered


@click.command(help=t("Sambungkan akun: panduan langkah demi langkah.", en="Connect an account, step by step."))
@click.argument("platform")
@click.option(
    "--account", metavar="HANDLE", help=t("Akun yang disambung (ulang).", en="The account to connect (again).")
)
@click.option(
    "--new", "is_new", is_flag=True, help=t("Ini akun tambahan, bukan yang sudah ada.", en="A further account.")
)
@click.option(
    "--way", metavar="NAME", help=t("Cara menyambungkan; daftarnya ditampilkan.", en="The way; they are shown.")
)
@click.option("--paste", is_flag=True,
              help=t("Tempel alamat dari browser di komputer lain.",
                     en="Paste the address from another machine."))  # fmt: skip
@click.option("--redirect", metavar="ADDRESS",
              help=t("Alamat https kantor yang terdaftar pada aplikasi.",
                     en="The registered https address."))  # fmt: skip
@click.option("--no-browser", is_flag=True, help=t("Jangan buka browser; tampilkan saja.", en="Open no browser."))
@click.option("--port", type=click.IntRange(1, 65535), help=t("Porta jawaban browser.", en="The port of the answer."))
@click.option("--choose", type=click.IntRange(1), metavar="N", help=t("Akun ke-N dari daftar.", en="The Nth account."))
@click.option("--wait", type=click.FloatRange(0.01, 120), default=10.0, show_default=True, metavar="MENIT",
              help=t("Lama menunggu browser.", en="How long to wait for the browser."))  # fmt: skip
@click.option("--by", metavar="NAME", default="", help=t("Siapa yang menyambungkan.", en="Who connects it."))
@click.option("--lang", type=click.Choice(["id", "en"]), help=t("Bahasa panduan.", en="The guide's language."))
@office_option
@command
def connect(
    application: Application, platform: str, account: str | None, is_new: bool, way: str | None, paste: bool,
    redirect: str | None, no_browser: bool, port: int | None, choose: int | None, wait: float, by: str,
    lang: str | None, office: str | None,
) -> None:  # fmt: skip
    """Connect an account."""
    if lang is not None:
        language.use(lang)
    connector = get_platform(platform)
    wish = Wish(connector, _choose_way(connector, way), office, account, is_new, by)
    connection = application.connecting.open(wish)
    try:
        say_way(connector, wish.way)
        match wish.way:
            case Consent(redirect=place) if paste or redirect or not place.host:
                _paste(connection, wish.way, redirect, port)
            case Consent():
                _listen(connection, wish.way, port, wait * 60, opens=not no_browser)
            case Device():
                _use_device(connection)
            case _:
                _prepare(connection)
        choice = _choose(connection, choose)
        say_connected(application.connecting.choose(connection, choice))
        _take_linked(application, connection, choice)
    finally:
        application.connecting.close(connection)
    say_next()


def _take_linked(application: Application, connection: Connection, choice: Choice) -> None:
    """Connect what is linked to the chosen account with the same sign-in, or say how it can be connected."""
    for linked in choice.linked:
        if connection.way.takes_linked:
            say_connected(application.connecting.connect_linked(connection, linked))
        else:
            say_linked(linked)
    if connection.way.takes_linked and not choice.linked:
        say_nothing_linked(choice)


def _choose_way(connector: Connector, name: str | None) -> Way:
    """Return the way that is meant: the named one, else the best. Raises SelectionError."""
    if not connector.ways:
        raise SelectionError(
            t(f"{connector.name} disambung lewat berkas .env; lihat config.example.env.",
              en=f"{connector.name} is connected by the .env file; see config.example.env.")
        )  # fmt: skip
    if name is None:
        say_ways(connector)
        return connector.ways[0]
    for way in connector.ways:
        if way.name == name.strip().casefold():
            return way
    known = ", ".join(way.name for way in connector.ways)
    raise SelectionError(
        t(f"Cara {name} tidak ada untuk {connector.name}. Yang ada: {known}.",
          en=f"There is no way {name} for {connector.name}. There are: {known}.")
    )  # fmt: skip


def _prepare(connection: Connection) -> None:
    """Say the steps on the platform's pages, and ask for what is still missing."""
    say_steps(connection)
    fill_in(connection)


def _listen(connection: Connection, way: Consent, port: int | None, seconds: float, *, opens: bool) -> None:
    """Send the person to the platform's page, and wait for the browser to come back to this machine."""
    from collector.connecting.loopback import Loopback  # late: a web server that no other command needs

    place = way.redirect
    with Loopback(place.host, port or place.port, place.path, way.codes) as door:
        connection.redirect_uri = door.address
        _prepare(connection)
        address = connection.invite(door.address)
        was_opened = opens and _open(address)
        click.echo()
        click.echo(
            t("Halaman ini dibuka di browser:", en="This page is opened in the browser:")
            if was_opened
            else t(
                "Buka alamat ini di browser pada komputer ini:", en="Open this address in a browser on this machine:"
            )
        )
        click.echo(address)
        click.echo(t("Menunggu jawaban dari browser …", en="Waiting for the browser …"))
        callback = door.wait(connection.is_mine, seconds)
        if callback is None:
            raise refusals.not_mine() if door.had_stranger else refusals.nobody_answers(seconds)
        connection.accept(callback)


def _open(address: str) -> bool:
    """Open a page in a browser with a window. A browser in the terminal would take the guide's place."""
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser:
        return False
    return browser.open(address)


def _paste(connection: Connection, way: Consent, redirect: str | None, port: int | None) -> None:
    """Send the person to the platform's page on any machine, and take the address that the browser ends at."""
    connection.redirect_uri = _redirect_address(way, redirect, port)
    _prepare(connection)
    click.echo()
    click.echo(t("Buka alamat ini di browser mana pun:", en="Open this address in any browser:"))
    click.echo(connection.invite(connection.redirect_uri))
    click.echo(
        t(
            "Sesudah menekan Izinkan, browser mungkin menampilkan halaman galat: itu wajar. Salin seluruh isi bilah "
            "alamatnya.",
            en="After you chose Allow, the browser may show an error page: that is as it should be. Copy the whole "
            "address bar.",
        )
    )
    if way.code_seconds is not None:
        click.echo(
            t(f"Tempel segera: kodenya hanya berlaku {way.code_seconds} detik.",
              en=f"Paste it at once: the code lives for {way.code_seconds} seconds only.")
        )  # fmt: skip
    pasted = ask(
        t("Tempel alamatnya di sini (tidak ditampilkan)", en="Paste the address here (not shown)"), unseen=True
    )
    connection.accept(read_pasted(pasted or "", way.codes))


def _redirect_address(way: Consent, redirect: str | None, port: int | None) -> str:
    """Return where the platform sends the browser to: what is registered with the office's application."""
    if redirect is None and way.redirect.host:
        return f"http://{way.redirect.host}:{port or way.redirect.port or _PASTED_PORT}{way.redirect.path}"
    if redirect is None:
        redirect = ask(
            t("Alamat https kantor yang terdaftar pada aplikasi (Redirect URI)",
              en="The https address of the office's that is registered with the app (redirect URI)"),
            unseen=False,
        )  # fmt: skip
    check_address("--redirect", redirect or "")
    return redirect or ""


def _use_device(connection: Connection) -> None:
    """Show a code, and wait until the person has typed it on another device."""
    _prepare(connection)
    code = ask_code(connection)
    until = code.until.astimezone(connection.office.timezone)
    click.echo()
    click.echo(t(f"Di HP atau komputer lain, buka: {code.address}", en=f"On a phone or computer, open: {code.address}"))
    click.echo(t(f"Ketik kode ini: {code.code}", en=f"Type this code: {code.code}"))
    click.echo(t(f"Berlaku sampai pukul {until:%H:%M}. Menunggu …", en=f"Good until {until:%H:%M}. Waiting …"))
    wait_for_person(connection, code)


def _choose(connection: Connection, number: int | None) -> Choice:
    """Return the account that is meant, of those that the sign-in sees. Raises SelectionError."""
    choices = connection.look()
    meant = [one for one in choices if connection.is_meant(one)]
    if number is None and len(meant) == 1:
        return meant[0]
    if number is None and len(choices) == 1:
        return choices[0]
    lines = [f"  {place}. {describe(choice)}" for place, choice in enumerate(choices, start=1)]
    if number is None:
        click.echo("\n".join([t("Akun yang terlihat:", en="Accounts that can be seen:"), *lines]))
        answer = ask(t("Nomor akun kantor", en="The number of the office's account"), unseen=False) or ""
        number = int(answer) if answer.isdecimal() else 0
    if not 0 < number <= len(choices):
        listed = "\n".join(lines)
        raise SelectionError(
            t(f"Pilih nomor dari 1 sampai {len(choices)} dengan --choose:\n{listed}",
              en=f"Choose a number from 1 to {len(choices)} with --choose:\n{listed}")
        )  # fmt: skip
    return choices[number - 1]
