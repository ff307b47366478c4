"""`collect now`: a snapshot of every account that is meant, at once."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from collector.cli.findings import print_findings
from collector.cli.frame import (
    SOME_FAILED,
    command,
    is_terminal,
    json_option,
    office_option,
    print_json,
    print_table,
)
from collector.cli.words import RESULTS, find_platforms, in_dollars, read_period
from collector.collect.outcome import Outcome, Price, RunResult, plain_gap
from collector.collect.run import Progress, Selection
from collector.language import current, t
from collector.platforms import get_connector
from collector.wiring import Application

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


@click.group(help=t("Mengumpulkan angka dari platform.", en="Collect figures from the platforms."))
def collect() -> None:
    """Hold the collecting commands together."""


@collect.command(help=t("Kumpulkan sekarang juga.", en="Collect right now."))
@click.option("--platform", "platforms", multiple=True, help=t("Hanya platform ini.", en="Only this platform."))
@click.option("--account", "handles", multiple=True, help=t("Hanya akun ini.", en="Only this account."))
@click.option("--period", help=t("Minta ulang periode ini (2026-S1, 2026-Q3, 2026-10, …).", en="Ask this period anew."))
@office_option
@json_option
@command
def now(
    application: Application,
    platforms: tuple[str, ...],
    handles: tuple[str, ...],
    period: str | None,
    office: str | None,
    as_json: bool,
) -> int:
    """Collect right now."""
    slugs = tuple(connector.slug for connector in find_platforms(platforms))
    selection = Selection(office, slugs, handles)
    wanted = read_period(period) if period else None
    with _progress(shown=is_terminal(sys.stderr)) as progress:
        result = application.collecting.run(
            "collect now", selection, period=wanted, progress=progress, announce=print_prices
        )
    if as_json:
        print_json(plain_result(result, application))
    else:
        print_result(result)
        print_findings([one.sentence for one in application.decisions.list_all()])
    return SOME_FAILED if any(outcome.is_failure for outcome in result.outcomes) else 0


def plain_result(result: RunResult, application: Application) -> dict[str, Any]:
    """Return what a run did as plain values. Sums of money are in US dollars, null where a platform is free."""
    zones = {office.slug: office.timezone for office in application.queries.list_offices()}

    def plain(outcome: Outcome) -> dict[str, Any]:
        due = outcome.due_at.astimezone(zones.get(outcome.office)) if outcome.due_at is not None else None
        problem, price = outcome.problem, outcome.price
        return {
            "office": outcome.office,
            "platform": outcome.platform,
            "account": outcome.account,
            "outcome": outcome.result,
            "requests": outcome.requests,
            "readings": outcome.readings,
            "revised": outcome.revised,
            "gaps": [plain_gap(gap) for gap in outcome.gaps],
            "cost": outcome.cost / 1_000_000,
            "estimate": price.most / 1_000_000 if price else None,
            "spent": (price.spent + outcome.cost) / 1_000_000 if price else None,
            "cap": price.cap / 1_000_000 if price else None,
            "next_due": due.isoformat() if due is not None else None,
            "error": {"code": problem.code, "message": problem.message, "hint": problem.hint} if problem else None,
        }

    return {
        "run": result.run_id,
        "trigger": result.trigger,
        "recovered": result.recovered,
        "reduced": result.reduced,
        "accounts": [plain(outcome) for outcome in result.outcomes],
    }


def print_prices(prices: tuple[Price, ...]) -> None:
    """Say what the snapshots of paid platforms will cost, before anything is asked."""
    for price in prices:
        name, handle = get_connector(price.account.platform).name, price.account.handle.lstrip("@")
        most, spent, cap = in_dollars(price.most), in_dollars(price.spent), in_dollars(price.cap)
        click.echo(
            t(f"{name} @{handle}: paling banyak {most}; terpakai tahun ini {spent} dari batas {cap}",
              en=f"{name} @{handle}: at most {most}; spent this year {spent} of the limit of {cap}"), err=True,
        )  # fmt: skip


def print_result(result: RunResult) -> None:
    """Print what a run did for people."""
    if result.recovered:
        click.echo(
            t(f"{result.recovered} pengumpulan yang terputus sudah diselesaikan.",
              en=f"{result.recovered} interrupted collections were completed."), err=True,
        )  # fmt: skip
    if result.reduced:
        click.echo(
            t(f"{result.reduced} jawaban lama diringkas sesuai ketentuan platform; angkanya tetap tersimpan.",
              en=f"{result.reduced} old answers were reduced as the platforms' terms ask; their figures stay."),
            err=True,
        )  # fmt: skip
    print_table(
        (t("Platform", en="Platform"), t("Akun", en="Account"), t("Hasil", en="Result"), t("Angka baru", en="New"),
         t("Direvisi", en="Revised"), t("Tidak ada", en="Missing")),
        [
            (one.platform, one.account, RESULTS[one.result].text(current()), one.readings, one.revised,
             len(one.gaps))
            for one in result.outcomes
        ],
    )  # fmt: skip
    for outcome in result.outcomes:
        if outcome.problem is not None:
            sentence = f"{outcome.platform} {outcome.account}: {outcome.problem.message}. {outcome.problem.hint}"
            click.echo(sentence.replace(".. ", ". ").strip(), err=True)


@contextmanager
def _progress(*, shown: bool) -> Iterator[Progress]:
    """Show a progress bar on a terminal, and nothing anywhere else."""
    with ExitStack() as stack:
        bars: list[ProgressBar[int]] = []

        def tell(total: int, outcome: Outcome | None) -> None:
            if shown and outcome is None:
                label = t("Mengumpulkan", en="Collecting")
                bars.append(stack.enter_context(click.progressbar(length=total, label=label, file=sys.stderr)))
            for bar in bars:
                bar.update(0 if outcome is None else 1)

        yield tell
