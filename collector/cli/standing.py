"""How the accounts stand: `accounts check`, who keeps them (`accounts custody`), and the sheet for a successor."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from collector.accounts.standing import Standing
from collector.cli.accounts import get_account, platform_option
from collector.cli.findings import print_findings
from collector.cli.frame import SOME_FAILED, command, json_option, office_option, print_json, print_table
from collector.cli.words import STATES
from collector.collect.run import Checked, Selection
from collector.errors import SelectionError
from collector.language import current, t
from collector.reports.handover import Parties, compose, end_text, last_text
from collector.reports.letterhead import Letterheads
from collector.reports.renderers import RENDERERS, TEMPLATED, render_with
from collector.reports.service import write_bytes
from collector.store.custody import Custody
from collector.wiring import Application

_FORMATS = ("docx", "pdf")
_FOLDER = "serah-terima"


@click.command(help=t("Tanyakan kepada platform siapa akun-akun ini.", en="Ask the platforms who the accounts are."))
@office_option
@json_option
@command
def check(application: Application, office: str | None, as_json: bool) -> int:
    """Ask each connected account's platform who it is, and say how the account stands."""
    checked = application.collecting.check(Selection(office))
    standings = {
        (one.account.office.slug, one.account.platform, one.account.handle): one
        for one in application.standings.of(application.queries.list_accounts())
    }
    rows = [(one, standings.get((one.office, one.platform, one.account))) for one in checked]
    now = application.clock.now()
    office_id = application.accounts.get_office(office).id if office else None
    waiting = [one.sentence for one in application.decisions.list_all(office_id=office_id)]
    if as_json:
        print_json(
            {
                "accounts": [{**asdict(one), **_plain(standing, application)} for one, standing in rows],
                "findings": waiting,
            }
        )
        return _status(checked)
    headings = (t("Platform", en="Platform"), t("Akun", en="Account"), t("Berlaku sampai", en="Holds until"),
                t("Terakhir berhasil", en="Last success"), t("Situs kantor di bio", en="Site in bio"),
                t("Jawaban", en="Answer"))  # fmt: skip
    print_table(
        headings,
        [
            (one.platform, one.account, end_text(standing, now) if standing else None,
             last_text(standing) if standing else None, _bio_text(one), one.message)
            for one, standing in rows
        ],
    )  # fmt: skip
    said = [
        line for one, standing in rows if standing is not None for line in _say(one.platform, one.account, standing)
    ]
    if said:
        click.echo("\n" + "\n".join(f"- {line}" for line in said))
    print_findings(waiting)
    return _status(checked)


def _status(checked: list[Checked]) -> int:
    return 0 if all(one.ok for one in checked) else SOME_FAILED


def _say(platform: str, handle: str, standing: Standing) -> Iterator[str]:
    """Say below the table what an account may read, and what its permissions and figures lack."""
    whose = f"{platform} {handle}"
    if standing.account.state == "reconnect":
        yield f"{whose}: {STATES['reconnect'].text(current())}: collector connect {platform}"
    if standing.granted is not None and not standing.missing:
        yield t(f"{whose}: semua izin sudah diberikan", en=f"{whose}: every permission was given")
    for gone in standing.missing:
        yield t(f"{whose}: izin {gone.name} belum diberikan", en=f"{whose}: {gone.name} was not given")
    for lack in standing.lacks:
        yield t(f"{whose}: untuk laporan: {lack}", en=f"{whose}: for the report: {lack}")


def _plain(standing: Standing | None, application: Application) -> dict[str, Any]:
    return plain_standing(standing, application.clock.now()) if standing is not None else {}


def plain_standing(standing: Standing, now: datetime) -> dict[str, Any]:
    """Return how an account stands as plain values."""
    account, end = standing.account, standing.ends_at
    zone = account.office.timezone
    good = standing.last.last_good_at if standing.last is not None else None
    return {
        "office": account.office.slug,
        "platform": account.platform,
        "account": account.handle,
        "name": account.name,
        "state": account.state,
        "granted": standing.granted,
        "missing": [gone.name for gone in standing.missing],
        "ends_at": end.astimezone(zone).isoformat() if end is not None else None,
        "days_left": standing.days_left(now),
        "last_success": good.astimezone(zone).isoformat(timespec="seconds") if good is not None else None,
        "lacks": list(standing.lacks),
    }


def print_standings(standings: Sequence[Standing], now: datetime) -> None:
    """Print how the accounts stand, and below what the next report would lack of each."""
    if not standings:
        return
    click.echo()
    headings = (t("Platform", en="Platform"), t("Akun", en="Account"), t("Nama", en="Name"),
                t("Keadaan", en="State"), t("Berlaku sampai", en="Holds until"),
                t("Terakhir berhasil", en="Last success"))  # fmt: skip
    print_table(
        headings,
        [
            (one.account.platform, one.account.handle, one.account.name or None,
             STATES[one.account.state].text(current()), end_text(one, now), last_text(one))
            for one in standings
        ],
    )  # fmt: skip
    for one in standings:
        for line in _say(one.account.platform, one.account.handle, one):
            click.echo(f"- {line}")


def _bio_text(one: Checked) -> str | None:
    if one.bio_names_site is None:
        return None
    if one.bio_names_site:
        return t("ya", en="yes")
    return t(f"bukan: {one.bio_link}", en=f"other: {one.bio_link}") if one.bio_link else t("tidak ada", en="none")


@click.command(help=t("Catat siapa yang memegang akun ini (tanpa kata sandi).", en="Note who holds an account."))
@click.argument("handle")
@click.option("--owner", help=t("Pemegang akun.", en="Who holds it."))
@click.option("--recovery-mail", help=t("Surel pemulihan.", en="The recovery mail."))
@click.option("--second-admin", help=t("Admin kedua.", en="The second admin."))
@click.option("--note", help=t("Catatan lain. Jangan menulis kata sandi.", en="Anything else. Write no password."))
@platform_option
@office_option
@command
def custody(
    application: Application,
    handle: str,
    owner: str | None,
    recovery_mail: str | None,
    second_admin: str | None,
    note: str | None,
    platform: str | None,
    office: str | None,
) -> None:
    """Note who keeps an account; what is not named stays as it was."""
    account = get_account(application, handle, platform, office)
    before = application.accounts.custodies.list_all([account.id]).get(account.id, Custody())
    kept = Custody(
        before.owner if owner is None else owner.strip(),
        before.recovery_mail if recovery_mail is None else recovery_mail.strip(),
        before.second_admin if second_admin is None else second_admin.strip(),
        before.note if note is None else note.strip(),
    )
    if kept != replace(before, updated_at=None):
        application.accounts.keep(account, kept)
    headings = (t("Pemegang", en="Owner"), t("Surel pemulihan", en="Recovery mail"),
                t("Admin kedua", en="Second admin"), t("Catatan", en="Note"))  # fmt: skip
    print_table(headings, [tuple(text or None for text in (kept.owner, kept.recovery_mail, kept.second_admin,
                                                           kept.note))])  # fmt: skip


@click.command(help=t("Buat lembar serah terima akun.", en="Make the hand-over sheet of the accounts."))
@click.option(
    "--format",
    "form",
    default="docx,pdf",
    show_default=True,
    help=t("docx, pdf; dipisah koma.", en="docx, pdf; with commas between."),
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False),
              help=t("Folder berkas; tanpa ini serah-terima/ di folder data.",
                     en="The files' folder; else serah-terima/ in the home."))  # fmt: skip
@click.option("--from", "giver", default="", help=t("Nama yang menyerahkan.", en="Who hands over."))
@click.option("--to", "taker", default="", help=t("Nama yang menerima.", en="Who takes over."))
@office_option
@command
def handover(application: Application, form: str, out: Path | None, giver: str, taker: str, office: str | None) -> None:
    """Make the hand-over sheet."""
    forms = _read_forms(form)
    whose = application.accounts.get_office(office)
    listed = application.queries.list_accounts(office_id=whose.id)
    if not listed:
        raise SelectionError(t("Belum ada akun di kantor ini.", en="This office has no account yet."))
    kept = application.accounts.custodies.list_all([account.id for account in listed])
    now = application.clock.now()
    sheet = compose(
        whose, application.standings.of(listed), kept, application.places(), Parties(giver, taker), now
    )  # fmt: skip
    own = Letterheads(application.settings.home).find(whose.slug)
    stem = f"serah-terima-{whose.slug}-{sheet.period}"
    files = {
        f"{stem}.{one}": render_with(sheet, own.read_bytes() if own is not None else None)
        if one == TEMPLATED
        else RENDERERS[one](sheet)
        for one in forms
    }
    for path in write_bytes(files, out or application.settings.home / _FOLDER):
        click.echo(path)


def _read_forms(text: str) -> list[str]:
    forms = [word.strip().lower() for word in text.split(",") if word.strip()]
    wrong = [one for one in forms if one not in _FORMATS]
    if wrong or not forms:
        raise SelectionError(
            t(f"Format {text} tidak dikenal. Yang ada: {', '.join(_FORMATS)}.",
              en=f"The format {text} is not known. There are: {', '.join(_FORMATS)}.")
        )  # fmt: skip
    return forms
