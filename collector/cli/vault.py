"""`collector vault`: the key that opens the sealed sign-ins."""

import click

from collector.cli.frame import command
from collector.language import t
from collector.wiring import Application


@click.group(help=t("Kunci pembuka sambungan akun.", en="The key that opens the sealed sign-ins."))
def vault() -> None:
    """Hold the commands on the key together."""


@vault.command(
    help=t("Ganti kunci; semua sambungan disegel ulang.", en="Change the key; all sign-ins are sealed anew.")
)
@click.option(
    "--drop-old", is_flag=True,
    help=t("Buang kunci lama setelah semuanya terbuka dengan yang baru.",
           en="Drop older keys once all opens with the new one."),
)  # fmt: skip
@command
def rotate(application: Application, drop_old: bool) -> None:
    """Change the key."""
    rotated, path = application.rotation.rotate(drop_old=drop_old), application.settings.key_file
    click.echo(
        t(
            f"Kunci diganti: {rotated.resealed} sambungan disegel ulang. Simpan salinan baru dari {path}.",
            en=f"The key was changed: {rotated.resealed} sign-ins were sealed anew. Keep a new copy of {path}.",
        )
    )
    if rotated.older:
        click.echo(
            t(
                f"{rotated.older} kunci lama masih ada di berkas itu, untuk memulihkan cadangan yang lebih tua; buang "
                "dengan --drop-old.",
                en=f"The file still holds {rotated.older} older keys, for restoring older backups; drop them with "
                "--drop-old.",
            )
        )
    else:
        click.echo(
            t(
                "Kunci lama dibuang: sambungan di cadangan yang lebih tua hanya terbuka dengan salinan kunci lama. "
                "Buat cadangan baru sekarang: collector backup.",
                en="Older keys were dropped: the sign-ins in older backups open only with a copy of the old key. Make "
                "a new backup now: collector backup.",
            )
        )
