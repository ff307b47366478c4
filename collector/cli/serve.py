"""`collector serve`: the background service, until it is told to stop."""

import os
import signal
import sys
from collections.abc import Callable
from queue import Empty, SimpleQueue

import click

from collector import log
from collector.cli.frame import command
from collector.language import t
from collector.ops.service_lock import ServiceLock
from collector.reports.formats import moment
from collector.wiring import Application


@click.command(
    help=t("Layanan latar: mengumpulkan menurut jadwal sampai dihentikan.",
           en="The background service: collects by the schedule until it is stopped.")
)  # fmt: skip
@command
def serve(application: Application) -> None:
    """Serve until SIGTERM, SIGINT or Ctrl-C."""
    settings = application.settings
    with ServiceLock(settings.home.absolute()).hold():
        log.keep(settings.home.absolute() / "logs" / "service.log", application.redactor, settings.log_format)
        with application.watch_over():  # a port that is taken is in the log, too
            wait = _stopped_by_signals()
            _say_start(application)
            if application.service.run(wait):
                return
    # What hangs in a request would keep the process for as long as the platform likes. All is stored.
    for stream in filter(None, (sys.stdout, sys.stderr)):  # without a window (Windows' pythonw) there are none
        stream.flush()
    os._exit(0)


def _stopped_by_signals() -> Callable[[float], bool]:
    """Return how to wait: for so many seconds, or until a signal says to stop. A second signal ends at once."""
    told: SimpleQueue[int] = SimpleQueue()  # may be put into from a signal, unlike what has a lock of its own

    def tell(number: int, frame: object) -> None:
        told.put(number)
        for name in signals:
            signal.signal(name, signal.SIG_DFL)

    signals = [signal.SIGINT, signal.SIGTERM, *filter(None, [getattr(signal, "SIGBREAK", None)])]
    for name in signals:
        signal.signal(name, tell)

    def wait(seconds: float) -> bool:
        try:
            told.get(timeout=seconds)
        except Empty:
            return False
        return True

    return wait


def _say_start(application: Application) -> None:
    due, offices = application.service.status().next_due, application.queries.list_offices()
    when = t("segera", en="at once")
    if due is not None and due > application.clock.now() and offices:
        when = moment(due, offices[0].timezone)
    click.echo(
        t(f"Layanan berjalan (proses {os.getpid()}). Pengumpulan berikutnya: {when}. Hentikan dengan Ctrl-C.",
          en=f"The service runs (process {os.getpid()}). Next collection: {when}. Ctrl-C stops it.")
    )  # fmt: skip
