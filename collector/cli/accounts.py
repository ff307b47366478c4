"""`collector accounts`: who is collected, since when, and how it stands."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
from dotenv import dotenv_values

from collector.accounts.bio import find_sites, names_site
from collector.accounts.keyring import as_seen
from collector.accounts.service import drop_replaced
from collector.accounts.succession import Succession
from collector.cli.frame import command, json_option, office_option, print_json, print_table
from collector.cli.words import STATES, get_platform, no_account, read_position
from collector.errors import CollectorError, SelectionError
from collector.language import current, t
from collector.platforms import get_connector
from collector.settings import check_keys, env_name
from collector.store.records import Office, StoredAccount
from collector.wiring import Application
from connectors.kit import Connector

platform_option = click.option("--platform", help=t("Platform akun itu.", en="The account's platform."))


@click.group(help=t("Akun-akun kantor.", en="The office's accounts."))
def accounts() -> None:
    """Hold the commands on accounts together."""


@accounts.command("list", help=t("Daftar akun dan keadaannya.", en="The accounts and how they stand."))
@office_option
@json_option
@command
def list_accounts(application: Application, office: str | None, as_json: bool) -> None:
    """List the accounts."""
    office_id = application.accounts.get_office(office).id if office else None
    last = application.queries.list_last_snapshots()
    sites = find_sites(application.queries.list_accounts())
    waiting = Counter(one.account.id for one in application.decisions.list_all())
    known = {one.id: one for one in (*application.queries.list_accounts(), *application.queries.list_removed())}
    rows = []
    for account in application.queries.list_accounts(office_id=office_id):
        summary = last.get(account.id)
        zone = account.office.timezone
        good = summary.last_good_at if summary else None
        rows.append(
            {
                "office": account.office.slug,
                "platform": account.platform,
                "account": account.handle,
                "id": account.external_id,
                "name": account.name,
                "state": account.state,
                "connected": _is_connected(application, account),
                "last_outcome": summary.outcome if summary else None,
                "last_success": good.astimezone(zone).isoformat(timespec="seconds") if good else None,
                "error": summary.error_code or None if summary else None,
                "next_due": account.due_at.astimezone(zone).isoformat() if account.due_at else None,
                "opened": account.opened,
                "bio_link": account.bio_link,
                "bio_names_site": names_site(account, account.bio_link, sites.get(account.office.id, ())),
                "succeeds": known[account.succeeds].handle if account.succeeds in known else None,
                "number": account.id,
                "findings": waiting[account.id],
                **_money(application, account),
            }
        )
    if as_json:
        print_json({"accounts": rows})
        return
    headings = (t("Kantor", en="Office"), t("Platform", en="Platform"), t("Akun", en="Account"),
                t("Keadaan", en="State"), t("Terakhir berhasil", en="Last success"))  # fmt: skip
    print_table(
        headings,
        [(row["office"], row["platform"], row["account"], _state_text(row), row["last_success"]) for row in rows],
    )


def _money(application: Application, account: StoredAccount) -> dict[str, float | None]:
    """Return what a paid account has cost this year and may cost, in US dollars; null where asking is free."""
    try:
        connector = get_connector(account.platform)
        seen = as_seen(connector, account, application.keyring.keys_of(connector, account))
        cap = connector.yearly_cap(seen)
    except (CollectorError, LookupError):
        cap = None
    if cap is None:
        return {"spent": None, "cap": None}
    return {"spent": application.assigner.spent(account, application.clock.now()) / 1_000_000, "cap": cap / 1_000_000}


def _state_text(row: Mapping[str, object]) -> str:
    state = STATES[str(row["state"])].text(current())
    if row["state"] == "active" and not row["connected"]:
        state = t("diisi manual", en="typed in")
    if row["succeeds"]:
        state = t(f"{state}; menggantikan {row['succeeds']}", en=f"{state}; in the place of {row['succeeds']}")
    if row["findings"]:
        return t(f"{state}; {row['findings']} temuan", en=f"{state}; {row['findings']} findings")
    return state


def _is_connected(application: Application, account: StoredAccount) -> bool:
    return application.keyring.is_connected(account)


@accounts.command(help=t("Tambah akun.", en="Add an account."))
@click.argument("platform")
@click.argument("handle")
@click.option("--opened", help=t("Bulan akun dibuat, misalnya 2022-10.", en="The month it was opened."))
@click.option(
    "--keys", type=click.Path(path_type=Path),
    help=t("Berkas kunci khusus akun ini (seperti .env); isinya disegel.", en="Keys of this account alone; sealed."),
)  # fmt: skip
@click.option("--succeeds", metavar="HANDLE", help=t("Akun lama yang digantikan.", en="The old account it replaces."))
@click.option("--since", help=t("Mulai tanggal ini; tanpa ini hari ini.", en="From this day on; else today."))
@office_option
@command
def add(
    application: Application,
    platform: str,
    handle: str,
    opened: str | None,
    keys: Path | None,
    succeeds: str | None,
    since: str | None,
    office: str | None,
) -> None:
    """Add an account."""
    connector, whose = get_platform(platform), application.accounts.get_office(office)
    given = _read_keys(connector, keys) if keys is not None else {}
    if succeeds is not None:
        account = _succeed(application, whose, connector, handle, succeeds, since, opened)
    else:
        account = application.accounts.ensure(whose, connector, handle, opened=opened)
    if given:
        application.keyring.seal_own(connector, account.id, given)
    what = f"{account.platform} {account.handle}"
    click.echo(t(f"Akun {what} ada.", en=f"The account {what} is there."))
    terms = getattr(connector, "terms", None)
    if terms is not None:
        said = terms.text(current())
        click.echo(
            t(f"Ketentuan {connector.name}: {said} Selengkapnya: docs/platform-terms.md.",
              en=f"{connector.name}'s terms: {said} More: docs/platform-terms.md.")
        )  # fmt: skip


def _succeed(
    application: Application,
    office: Office,
    connector: Connector,
    handle: str,
    succeeds: str,
    since: str | None,
    opened: str | None,
) -> StoredAccount:
    """Add an account in the place of another, and say so. Raises SelectionError where that cannot be."""
    old, now = get_account(application, succeeds, connector.slug, office.slug), application.clock.now()
    moment = read_position(since, office.timezone, now) if since else now
    account = Succession(application.accounts).add(office, connector, handle, old, moment, opened=opened)
    click.echo(
        t(f"{account.handle} menggantikan {old.handle}; riwayat keduanya tetap terpisah.",
          en=f"{account.handle} stands in the place of {old.handle}; their histories stay apart.")
    )  # fmt: skip
    return account


def _read_keys(connector: Connector, path: Path) -> dict[str, str]:
    """Read the key fields of one account from a file like .env. Raises CollectorError where one is wrong."""
    if not path.is_file():
        raise SelectionError(t(f"Berkas {path} tidak ada.", en=f"The file {path} does not exist."))
    try:
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError):
        raise SelectionError(
            t(f"Berkas {path} tidak dapat dibaca sebagai teks.", en=f"The file {path} cannot be read as text.")
        ) from None
    given = {
        name: str(values[env_name(info)])
        for name, info in connector.Keys.model_fields.items()
        if values.get(env_name(info))
    }
    check_keys(connector, given)  # before the account is made
    return given


def _change_state(application: Application, handle: str, platform: str | None, office: str | None, state: str) -> None:
    account = get_account(application, handle, platform, office)
    if account.state == "replaced" and state != "removed":
        raise SelectionError(
            t(f"{account.handle} sudah digantikan akun lain dan tidak dikumpulkan lagi.",
              en=f"Another account stands in the place of {account.handle}, which is collected no more.")
        )  # fmt: skip
    application.accounts.set_state(account, state)


@accounts.command(help=t("Jangan kumpulkan akun ini dulu.", en="Do not collect an account for now."))
@click.argument("handle")
@platform_option
@office_option
@command
def pause(application: Application, handle: str, platform: str | None, office: str | None) -> None:
    """Pause an account."""
    _change_state(application, handle, platform, office, "paused")


@accounts.command(help=t("Kumpulkan lagi akun yang dijeda.", en="Collect a paused account again."))
@click.argument("handle")
@platform_option
@office_option
@command
def resume(application: Application, handle: str, platform: str | None, office: str | None) -> None:
    """Resume an account."""
    _change_state(application, handle, platform, office, "active")


@accounts.command(help=t("Lepas akun dari daftar; riwayatnya tetap tersimpan.", en="Drop an account; history stays."))
@click.argument("handle")
@platform_option
@office_option
@command
def remove(application: Application, handle: str, platform: str | None, office: str | None) -> None:
    """Remove an account from the lists; nothing of its history is deleted."""
    _change_state(application, handle, platform, office, "removed")


@accounts.command(help=t("Gabungkan akun yang diisi manual dengan akun yang dikumpulkan.", en="Join a typed account."))
@click.argument("typed")
@click.argument("collected")
@platform_option
@office_option
@command
def bind(application: Application, typed: str, collected: str, platform: str | None, office: str | None) -> None:
    """Join a typed account with the collected one."""
    joined = application.accounts.bind(
        get_account(application, typed, platform, office), get_account(application, collected, platform, office)
    )
    click.echo(t(f"Digabung menjadi {joined.platform} {joined.handle}.", en=f"Joined as {joined.handle}."))


def get_account(application: Application, handle: str, platform: str | None, office: str | None) -> StoredAccount:
    """Return the one account that is meant. Raises SelectionError where it is none or not just one."""
    slug = get_platform(platform).slug if platform else None
    office_id = application.accounts.get_office(office).id if office else None
    accounts = application.queries.list_accounts(office_id=office_id, platform=slug)
    found = drop_replaced(application.accounts.list_called(accounts, (handle,)))
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{one.office.slug}/{one.platform}/{one.handle}" for one in found)
        raise SelectionError(
            t(f"{handle} ada lebih dari satu: {names}. Tambahkan --platform atau --office.",
              en=f"There is more than one {handle}: {names}. Add --platform or --office.")
        )  # fmt: skip
    raise no_account(handle, accounts)
