"""`collector prune`: let go of what need not be kept."""

from datetime import datetime

import click

from collector.cli.frame import command, json_option, print_json, print_table
from collector.cli.words import megabytes
from collector.language import t
from collector.ops.pruning import Pruned
from collector.reports import formats
from collector.wiring import Application


@click.command(
    help=t(
        "Ringkas jawaban lama menjadi nilai yang dikutip, dan buang yang tidak dirujuk. Angka, catatan, lampiran yang "
        "dirujuk, dan laporan selalu tetap.",
        en="Reduce old answers to the values that are cited, and drop what nothing refers to. Figures, entries, cited "
        "proofs and reports always stay.",
    )
)
@click.option(
    "--dry-run", is_flag=True, help=t("Tunjukkan saja, jangan ubah apa pun.", en="Only show, change nothing.")
)
@click.option(
    "--older-than",
    type=click.IntRange(1, 36500),
    metavar="DAYS",
    help=t(
        "Jawaban yang lebih tua dari sekian hari; bawaannya COLLECTOR_KEEP_ANSWERS_DAYS.",
        en="Answers older than so many days; COLLECTOR_KEEP_ANSWERS_DAYS by default.",
    ),
)
@json_option
@command
def prune(application: Application, dry_run: bool, older_than: int | None, as_json: bool) -> None:
    """Let go of what need not be kept."""
    pruned = application.pruning.prune(older_than=older_than, dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, **pruned.plain()})
        return
    if pruned.shares:
        headings = (t("Platform", en="Platform"), t("Tahun", en="Year"), t("Jawaban", en="Answers"), "MB")
        rows = ((*key, share.answers, megabytes(share.bytes)) for key, share in sorted(pruned.shares.items()))
        print_table(headings, rows)
    click.echo(_tell_found(pruned) if dry_run else _tell_done(pruned))
    if pruned.until is not None:
        click.echo(_tell_age(pruned.until))
    if not dry_run and pruned.compacted is not None:
        click.echo(_tell_room(pruned))


def _tell_found(pruned: Pruned) -> str:
    return t(
        f"Akan diringkas: {pruned.answers} jawaban. Akan dibuang: {len(pruned.files)} berkas yang tidak dirujuk, "
        f"{pruned.locks} kunci proses mati. Belum ada yang diubah.",
        en=f"Would be reduced: {pruned.answers} answers. Would be dropped: {len(pruned.files)} files that nothing "
        f"cites, {pruned.locks} locks of dead processes. Nothing was changed.",
    )


def _tell_done(pruned: Pruned) -> str:
    return t(
        f"Diringkas: {pruned.answers} jawaban. Dibuang: {len(pruned.files)} berkas yang tidak dirujuk, "
        f"{pruned.locks} kunci proses mati. Semua angka tetap ada.",
        en=f"Reduced: {pruned.answers} answers. Dropped: {len(pruned.files)} files that nothing cites, "
        f"{pruned.locks} locks of dead processes. All figures are still there.",
    )


def _tell_age(until: datetime) -> str:
    day = formats.day(until.date())
    return t(
        f"Umur jawaban dihitung sampai {day}, saat platform terakhir kali menjawab, bukan menurut jam komputer yang "
        "mungkin salah.",
        en=f"The age of answers is counted until {day}, when a platform last answered, and not by the computer's "
        "clock, which may be wrong.",
    )


def _tell_room(pruned: Pruned) -> str:
    before, after = megabytes(pruned.size_before), megabytes(pruned.size_after)
    if pruned.compacted:
        return t(f"Basis data: {before} MB menjadi {after} MB.", en=f"Database: {before} MB became {after} MB.")
    if pruned.needed:
        needed = megabytes(pruned.needed)
        return t(
            f"Ruang belum dikembalikan: untuk itu perlu {needed} MB kosong di disk. Ruang itu dipakai lagi untuk data "
            "baru; jalankan perintah ini lagi setelah ada ruang.",
            en=f"The room was not given back yet: that needs {needed} MB free on the disk. It is used again for new "
            "data; run this command again when there is room.",
        )
    return t(
        f"Ruang belum dikembalikan sekarang. {pruned.hindrance}",
        en=f"The room was not given back now. {pruned.hindrance}",
    )
