"""`collector growth`: how the figures changed between two periods."""

from datetime import datetime

import click

from collector.cli.frame import command, json_option, office_option, print_json, print_table
from collector.cli.words import get_platform, read_period, read_position
from collector.errors import SelectionError
from collector.figures.growth import Growth, compare_accounts, default_position, measure_of, plain_change
from collector.growth.change import Change
from collector.growth.periods import Period, previous, year_before
from collector.language import t
from collector.reports import formats
from collector.reports.words import difference_cell, percent_cell, say, value_of
from collector.store.records import StoredAccount
from collector.wiring import Application

_A_YEAR_AGO = "year"


@click.command(help=t("Perubahan angka antara dua periode.", en="How the figures changed between two periods."))
@click.argument("period")
@click.option(
    "--against", metavar="PERIOD",
    help=t("Pembanding; tanpa ini periode sebelumnya, `year` untuk setahun lalu.",
           en="What to compare with; else the period before; `year` for a year ago."),
)  # fmt: skip
@click.option("--platform", help=t("Hanya platform ini.", en="Only this platform."))
@click.option("--position", metavar="TIME", help=t("Posisi data laporan.", en="The moment the report speaks of."))
@click.option("--as-of", metavar="TIME", help=t("Seperti diketahui saat itu.", en="As it was known at that moment."))
@office_option
@json_option
@command
def growth(
    application: Application,
    period: str,
    against: str | None,
    platform: str | None,
    position: str | None,
    as_of: str | None,
    office: str | None,
    as_json: bool,
) -> None:
    """Compare two periods."""
    whose, now = application.accounts.get_office(office), application.clock.now()
    zone = whose.timezone
    wanted = read_period(period, now.astimezone(zone).date())
    other = _other(wanted, against)
    slug = get_platform(platform).slug if platform else None
    accounts = application.queries.list_accounts(office_id=whose.id, platform=slug)
    if not accounts:
        raise SelectionError(t("Belum ada akun di kantor ini.", en="This office has no account yet."))
    known = read_position(as_of, zone, now) if as_of else None
    moment = read_position(position, zone, now) if position else default_position(wanted, now, zone)
    found = compare_accounts(application.lines, accounts, wanted, other, moment, known)
    if as_json:
        print_json(_plain(wanted, other, moment, found))
        return
    click.echo(f"{formats.period(wanted)}  |  {formats.period(other)}  |  {formats.moment(moment, zone)}\n")
    print_table(
        (t("Platform", en="Platform"), t("Akun", en="Account"), t("Metrik", en="Metric"), t("Dasar", en="Base"),
         t("Akhir", en="End"), t("Selisih", en="Difference"), "%"),
        [_row(one.account, change) for one in found for change in one.changes],
    )  # fmt: skip
    click.echo()
    for one in found:
        for change in one.changes:
            said = say(change, measure_of(one.account, change), one.question.began)
            click.echo(f"{one.account.platform} {one.account.handle}: {said}.")


def _other(period: Period, against: str | None) -> Period:
    """Return the earlier period. Raises SelectionError where it does not end before the other begins."""
    if against is None:
        return previous(period)
    other = year_before(period) if against.strip().lower() == _A_YEAR_AGO else read_period(against)
    if other.last >= period.first:
        raise SelectionError(
            t(
                f"Pembanding {against} harus berakhir sebelum periodenya mulai ({period.first}).",
                en=f"What is compared with ({against}) has to end before the period begins ({period.first}).",
            )
        )
    return other


def _plain(period: Period, against: Period, position: datetime, found: tuple[Growth, ...]) -> dict[str, object]:
    return {
        "period": period.name,
        "against": against.name,
        "position": position.isoformat(),
        "changes": [plain_change(one.account, change) for one in found for change in one.changes],
    }


def _row(account: StoredAccount, change: Change) -> tuple[str, ...]:
    ends = (value_of(end, change.decimals) if end is not None else formats.NONE for end in (change.base, change.end))
    span = "" if change.span == "now" else f" ({change.span})"
    return (account.platform, account.handle, f"{change.metric}{span}", *ends, difference_cell(change),
            percent_cell(change))  # fmt: skip
