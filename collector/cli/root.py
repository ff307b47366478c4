"""The `collector` command and its groups."""

import click

from collector.cli import standing
from collector.cli.accounts import accounts
from collector.cli.alerts import alerts
from collector.cli.backup import backup, restore, upgrade
from collector.cli.check_report import check
from collector.cli.collect import collect
from collector.cli.connect import connect
from collector.cli.demo import demo
from collector.cli.figures import history, import_file, record, trace
from collector.cli.findings import findings
from collector.cli.growth import growth
from collector.cli.metrics import metrics
from collector.cli.prune import prune
from collector.cli.report import report
from collector.cli.schedule import schedule
from collector.cli.serve import serve
from collector.cli.service import service
from collector.cli.setup import doctor, init
from collector.cli.vault import vault
from collector.cli.verify import verify
from collector.language import t
from collector.wiring import PROGRAM


@click.group(
    help=t(
        "Pengumpul angka media sosial kantor: mencatat, menyimpan buktinya, dan menyiapkan laporan semester.",
        en="The office's collector of social-media figures: it records them, keeps the proof and prepares the report.",
    )
)
@click.version_option(message=PROGRAM)
def collector() -> None:
    """Hold all commands together."""


for one in (
    accounts,
    alerts,
    backup,
    check,
    collect,
    connect,
    demo,
    doctor,
    findings,
    growth,
    history,
    import_file,
    init,
    metrics,
    prune,
    record,
    report,
    restore,
    schedule,
    serve,
    service,
    trace,
    upgrade,
    vault,
    verify,
):
    collector.add_command(one)
for one in (standing.check, standing.custody, standing.handover):
    accounts.add_command(one)
