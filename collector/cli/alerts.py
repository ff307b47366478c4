"""`collector alerts`: what the program would tell people now, and whether its channels work."""

from zoneinfo import ZoneInfo

import click

from collector.accounts.service import DEFAULT_ZONE
from collector.alerts import dates
from collector.alerts.addresses import split_addresses
from collector.alerts.service import Standing
from collector.cli.frame import DONE, SOME_FAILED, WRONG_USE, command, json_option, print_json
from collector.cli.words import LEVELS
from collector.errors import SettingsError
from collector.language import current, t
from collector.settings import ALERTS
from collector.wiring import Application


@click.group(help=t("Pemberitahuan kepada petugas.", en="What staff are told."))
def alerts() -> None:
    """Hold the commands on alerts together."""


@alerts.command("list", help=t("Apa yang perlu diketahui sekarang.", en="What there is to know now."))
@json_option
@command
def list_alerts(application: Application, as_json: bool) -> None:
    """List the causes that last."""
    standing = application.alerts.list_standing()
    if as_json:
        print_json({"alerts": [_plain(one) for one in standing]})
        return
    for one in standing:
        what, why, mend = (words.text(current()) for words in (one.cause.what, one.cause.why, one.cause.mend))
        begun = dates.moment(one.since, _zone(application)).text(current()) if one.since else ""
        since = t(f", diketahui sejak {begun}", en=f", known since {begun}") if begun else ""
        level = LEVELS[one.cause.level].text(current())
        click.echo(f"[{level}] {one.cause.office}: {what}\n    {one.cause.key}{since}\n    {why}\n    -> {mend}")
    if not standing:
        click.echo(t("Tidak ada yang perlu diberitahukan.", en="There is nothing to tell."))
    if not application.alerts.channels:
        click.echo(_no_channel(), err=True)


def _plain(one: Standing) -> dict[str, str | None]:
    words = {"what": one.cause.what, "why": one.cause.why, "mend": one.cause.mend}
    return {
        "cause": one.cause.key,
        "level": one.cause.level,
        "office": one.cause.office,
        "since": one.since.isoformat(timespec="seconds") if one.since else None,
        **{name: text.text(current()) for name, text in words.items()},
    }


def _zone(application: Application) -> ZoneInfo:
    offices = application.queries.list_offices()
    return offices[0].timezone if offices else ZoneInfo(DEFAULT_ZONE)


def _no_channel() -> str:
    return t(
        f"Belum ada saluran pemberitahuan. Isi {ALERTS} di berkas .env; caranya ada di docs/alerts.md.",
        en=f"No channel is set up for alerts. Fill in {ALERTS} in the .env file; docs/alerts.md says how.",
    )


@alerts.command(help=t("Kirim satu baris percobaan ke setiap saluran.", en="Send a trial line to each channel."))
@command
def test(application: Application) -> int:
    """Send a trial line to each channel. Where an address is wrong, that is the set-up and not the line."""
    if not split_addresses(application.settings.alerts):
        raise SettingsError(_no_channel())
    tried = application.alerts.try_out()
    for channel, problem in tried:
        said = t("terkirim.", en="sent.") if problem is None else problem
        click.echo(f"{channel.number}. {channel.name}: {said}")
    if application.alerts.list_faults():
        return WRONG_USE
    return SOME_FAILED if any(problem is not None for _, problem in tried) else DONE
