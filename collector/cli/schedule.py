"""`collector schedule`: when each account is collected, and by whose word."""

from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any

import click

from collector.cli.accounts import get_account
from collector.cli.frame import command, complain, json_option, office_option, print_json, print_table
from collector.cli.words import RESULTS, STATES, get_platform
from collector.collect.run import Selection
from collector.errors import SelectionError
from collector.language import current, t
from collector.ops.plan import SPREAD, list_seldom
from collector.ops.rules import parse_rule
from collector.ops.service_lock import ServiceLock
from collector.platforms import get_connector
from collector.reports import formats
from collector.store.records import SnapshotSummary, StoredAccount
from collector.store.schedules import Scope
from collector.wiring import Application
from connectors.kit import Words

_SHOWN = 3  # next times
_SOURCES = {
    "account": Words("akun ini", "this account"),
    "both": Words("platform di kantor ini", "the platform at this office"),
    "platform": Words("platform", "the platform"),
    "office": Words("kantor", "the office"),
    "all": Words("semua akun", "all accounts"),
    "default": Words("bawaan", "default"),
}

platform_option = click.option("--platform", help=t("Hanya akun platform ini.", en="Only this platform's accounts."))
account_option = click.option("--account", "handle", help=t("Hanya akun ini.", en="Only this account."))


@click.group(help=t("Kapan akun dikumpulkan.", en="When accounts are collected."))
def schedule() -> None:
    """Hold the commands on the schedule together."""


@schedule.command(help=t("Jadwal tiap akun dan waktu berikutnya.", en="Each account's rule and its next times."))
@office_option
@json_option
@command
def show(application: Application, office: str | None, as_json: bool) -> None:
    """Show each account's rule, whose it is, its next times and its last run."""
    last = application.queries.list_last_snapshots()
    rows = [_row(application, one, last.get(one.id)) for one in _list_collected(application, office)]
    process = ServiceLock(application.settings.home.absolute()).find_holder()
    if as_json:
        print_json({"service": process is not None, "accounts": rows})
        return
    headings = (t("Kantor", en="Office"), t("Platform", en="Platform"), t("Akun", en="Account"),
                t("Jadwal", en="Rule"), t("Dari", en="From"), t("Berikutnya", en="Next"),
                t("Terakhir", en="Last run"))  # fmt: skip
    print_table(headings, [_cells(row) for row in rows])
    if process is None:
        complain(
            t("Layanan tidak berjalan: tidak ada yang dikumpulkan sendiri. Jalankan: collector serve.",
              en="The service does not run: nothing is collected by itself. Run: collector serve.")
        )  # fmt: skip


@schedule.command("set", help=t("Atur jadwal; yang paling sempit berlaku.", en="Set a rule; the narrowest one holds."))
@click.argument("rule", nargs=-1, required=True)
@platform_option
@account_option
@office_option
@command
def set_rule(
    application: Application, rule: tuple[str, ...], platform: str | None, handle: str | None, office: str | None
) -> None:
    """Set a rule: daily 02:30 · daily 02:30,14:30 · weekly mon 03:00 · cron "30 2 * * mon-fri"."""
    meant = parse_rule(" ".join(rule))
    scope = _scope(application, platform, handle, office)
    within = application.plan.set_rule(scope, meant)
    click.echo(
        t(f"Jadwal {meant} berlaku untuk {len(within)} akun.", en=f"The rule {meant} holds for {len(within)} accounts.")
    )
    if scope.account_id is None:
        minutes = round(SPREAD.total_seconds() / 60)
        click.echo(
            t(f"Tiap akun mendapat menitnya sendiri dalam {minutes} menit sesudah jam itu, agar tidak bersamaan.",
              en=f"Each account has a minute of its own within {minutes} minutes after that time.")
        )  # fmt: skip
    for account in list_seldom(within, application.plan, application.clock.now()):
        name = get_connector(account.platform).name
        complain(
            t(f"{name} {account.handle}: angka yang hanya ada sehari (misalnya story) dapat terlewat; jadwal "
              "bawaannya lebih sering.",
              en=f"{name} {account.handle}: figures that live for a day (such as a story's) may be missed; its default "
              "rule asks more often.")
        )  # fmt: skip


@schedule.command(help=t("Hapus jadwal; yang lebih luas berlaku lagi.", en="Drop a rule; the next wider one holds."))
@platform_option
@account_option
@office_option
@command
def reset(application: Application, platform: str | None, handle: str | None, office: str | None) -> None:
    """Drop a rule."""
    if application.plan.reset_rule(_scope(application, platform, handle, office)):
        click.echo(t("Jadwal itu dihapus.", en="The rule was dropped."))
    else:
        click.echo(t("Tidak ada jadwal khusus di situ.", en="There was no rule of its own."))


def _scope(application: Application, platform: str | None, handle: str | None, office: str | None) -> Scope:
    """Return whom a rule is for. Raises SelectionError where it is nobody, or not just one account."""
    _see_new(application, office)
    if handle is not None:
        return Scope(account_id=get_account(application, handle, platform, office).id)
    office_id = application.accounts.get_office(office).id if office is not None else None
    scope = Scope(office_id, get_platform(platform).slug if platform is not None else "")
    if platform is not None and not application.queries.list_accounts(office_id=office_id, platform=scope.platform):
        raise SelectionError(
            t(f"Belum ada akun {platform}. Lihat: collector accounts list.",
              en=f"There is no account of {platform} yet. See: collector accounts list.")
        )  # fmt: skip
    return scope


def _list_collected(application: Application, office: str | None) -> list[StoredAccount]:
    """Return the connected accounts."""
    office_id = application.accounts.get_office(office).id if office else None
    _see_new(application, office)
    accounts = application.queries.list_accounts(office_id=office_id)
    return [account for account in accounts if application.keyring.is_connected(account)]


def _see_new(application: Application, office: str | None) -> None:
    """Make the accounts that the environment has only just been given; where there is none, that is no fault here."""
    with suppress(SelectionError):
        application.collecting.choose(Selection(office))


def _list_next(application: Application, account: StoredAccount) -> list[datetime]:
    """Return the next times of an account: when it is due, and the rule's times after that."""
    if account.state == "paused":
        return []
    now = application.clock.now()
    due = account.due_at or now
    later = application.plan.list_next(account, max(due, now))
    return [due, *islice((moment for moment in later if moment > due), _SHOWN - 1)]


def _row(application: Application, account: StoredAccount, last: SnapshotSummary | None) -> dict[str, Any]:
    planned, zone = application.plan.rule_of(account), account.office.timezone
    moments = [moment.astimezone(zone).isoformat(timespec="seconds") for moment in _list_next(application, account)]
    return {
        "office": account.office.slug,
        "platform": account.platform,
        "account": account.handle,
        "state": account.state,
        "rule": planned.rule.text,
        "from": planned.source,
        "next": moments,
        "is_due": bool(moments) and (account.due_at is None or account.due_at <= application.clock.now()),
        "last_run": last.finished_at.astimezone(zone).isoformat(timespec="seconds") if last else None,
        "last_outcome": last.outcome if last else None,
    }


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    planned = [datetime.fromisoformat(moment) for moment in row["next"]]
    moments = [f"{moment:%d/%m %H:%M}" for moment in planned]
    if row["is_due"]:
        moments[0] = t("segera", en="at once")
    if len(moments) > row["is_due"]:
        moments[-1] += f" {formats.zone_name(planned[-1])}"  # offices of one home may be in several zones
    if not moments:
        moments = [STATES[row["state"]].text(current())]
    last = f"{datetime.fromisoformat(row['last_run']):%d/%m %H:%M}" if row["last_run"] else None
    ended = f"{last} {RESULTS[row['last_outcome']].text(current())}" if last else None
    return (row["office"], row["platform"], row["account"], str(parse_rule(row["rule"])),
            _SOURCES[row["from"]].text(current()), ", ".join(moments), ended)  # fmt: skip
