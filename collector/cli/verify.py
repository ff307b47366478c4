"""`collector verify`: whether all that is stored is what was stored."""

import sys
from contextlib import ExitStack

import click

from collector.cli.frame import SOME_FAILED, command, is_terminal, json_option, print_json
from collector.language import t
from collector.verifying.service import Verified
from collector.wiring import Application


@click.command(help=t("Periksa apakah semua yang tersimpan masih utuh.", en="Check that all that is stored is intact."))
@click.option(
    "--quick",
    is_flag=True,
    help=t("Tanpa membaca ulang jawaban dengan pembacanya.", en="Do not read the answers again with their readers."),
)
@json_option
@command
def verify(application: Application, quick: bool, as_json: bool) -> int:
    """Check that all that is stored is intact."""
    verified = _verify(application, deep=not quick)
    if as_json:
        print_json(verified.plain())
    elif verified.damages:
        for damage in verified.damages:
            click.echo("\n".join(damage.lines()))
        click.echo(_tell_damages(verified))
    else:
        click.echo(_tell_intact(verified))
    return SOME_FAILED if verified.damages else 0


def _verify(application: Application, *, deep: bool) -> Verified:
    with ExitStack() as stack:
        if not is_terminal(sys.stderr):
            return application.verifying.verify(deep=deep)
        label = t("Memeriksa", en="Verifying")
        bar = stack.enter_context(click.progressbar(length=1, label=label, file=sys.stderr))

        def show(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        return application.verifying.verify(deep=deep, progress=show)


def _tell_intact(verified: Verified) -> str:
    counts, chain = verified.counts, verified.chain
    tied = (
        t(
            f"rantai {chain.links} pengumpulan, ujungnya {chain.end[:12]}",
            en=f"a chain of {chain.links} runs that ends in {chain.end[:12]}",
        )
        if chain.links
        else t("belum ada rantai", en="no chain yet")
    )
    before = (
        t(
            f"; {chain.before} pengumpulan sebelumnya tidak dirantai",
            en=f"; {chain.before} runs before it are not in it",
        )
        if chain.before
        else ""
    )
    return t(
        f"Semua utuh: {counts.answers} jawaban, {verified.files} berkas, {counts.figures} angka "
        f"({tied}{before}).",
        en=f"All is intact: {counts.answers} answers, {verified.files} files, {counts.figures} figures "
        f"({tied}{before}).",
    )  # fmt: skip


def _tell_damages(verified: Verified) -> str:
    counts = verified.counts
    return t(
        f"{len(verified.damages)} kerusakan ditemukan, dari {counts.answers} jawaban, {verified.files} berkas, "
        f"{counts.figures} angka.",
        en=f"{len(verified.damages)} damages were found, in {counts.answers} answers, {verified.files} files, "
        f"{counts.figures} figures.",
    )
