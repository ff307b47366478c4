"""The `collector` command and its groups."""

import click

from collector.cli.accounts import accounts
from collector.cli.check_report import check
from collector.cli.collect import collect
from collector.cli.demo import demo
from collector.cli.figures import history, import_file, record, trace
from collector.cli.growth import growth
from collector.cli.metrics import metrics
from collector.cli.prune import prune
from collector.cli.report import report
from collector.cli.setup import doctor, init
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
    accounts, check, collect, demo, doctor, growth, history, import_file, init, metrics, prune, record, report, trace,
    verify,
):  # fmt: skip
    collector.add_command(one)
