"""`collector backup`, `restore` and `upgrade`: a copy that another machine can go on with, and bringing it back."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from collector.accounts.passphrase import check_passphrase
from collector.backups.archive import SEALED_KEY, Manifest
from collector.backups.keeping import keep_last
from collector.backups.restore import Restored, Restoring
from collector.backups.service import Made
from collector.cli.frame import DONE, command, complain, is_terminal, load_settings, open_application, plain_errors
from collector.cli.words import megabytes
from collector.errors import BackupError, SelectionError
from collector.language import t
from collector.wiring import Application, restoring_into

NOT_WANTED = 130
"""How a command ends that a person stops, by Ctrl-C or by a no."""

_passphrase_option = click.option(
    "--passphrase-file", type=click.Path(path_type=Path, dir_okay=False),
    help=t("Berkas berisi kata sandi; tanpa ini ditanyakan.", en="A file with the passphrase; else it is asked for."),
)  # fmt: skip
_to_option = click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False),
    help=t("Folder tujuan, misalnya stik USB; tanpa ini backups/ di folder data.",
           en="Where to, such as a USB stick; else backups/ in the home."),
)  # fmt: skip


@click.command(help=t("Buat cadangan: satu berkas.", en="Make a backup: one file."))
@_to_option
@click.option("--with-key", is_flag=True, help=t("Sertakan kunci, disegel kata sandi.", en="With the key, sealed."))
@_passphrase_option
@click.option(
    "--keep", type=click.IntRange(min=1), metavar="N",
    help=t("Simpan N terbaru; tanpa ini 7 harian, 4 mingguan, 12 bulanan.",
           en="Keep the N newest; else 7 daily, 4 weekly, 12 monthly."),
)  # fmt: skip
@command
def backup(
    application: Application, to: Path | None, with_key: bool, passphrase_file: Path | None, keep: int | None
) -> None:
    """Make a backup."""
    passphrase = _new_passphrase(passphrase_file) if with_key or passphrase_file else None
    made = application.backups.make(to, keeping=keep_last(keep) if keep else None, passphrase=passphrase)
    _say_made(made, with_key=passphrase is not None)


def _say_made(made: Made, *, with_key: bool) -> None:
    size = megabytes(made.logged.size)
    click.echo(t(f"Cadangan dibuat: {made.path} ({size} MB)", en=f"Backup made: {made.path} ({size} MB)"))
    click.echo(f"  {_content(made.manifest)}")
    if with_key:
        click.echo(
            t(
                "  Kunci ikut, disegel dengan kata sandi. Simpan kata sandinya di tempat lain.",
                en="  The key is in it, sealed under the passphrase. Keep the passphrase elsewhere.",
            )
        )
    else:
        click.echo(
            t(
                "  Kunci sambungan akun tidak ikut. Simpan salinannya di tempat lain, bukan di sebelah cadangan.",
                en="  The key of the sign-ins is not in it. Keep a copy elsewhere, not beside the backup.",
            )
        )
    for path in made.left_out:
        complain(t(f"  Tidak ikut dicadangkan: {path}", en=f"  Left out of the backup: {path}"))
    if made.removed:
        count = len(made.removed)
        click.echo(t(f"  {count} cadangan lama dihapus.", en=f"  {count} older backups were removed."))


def _content(manifest: Manifest) -> str:
    counts = manifest.counts
    names = ", ".join(manifest.offices) or t("belum ada kantor", en="no office yet")
    return t(
        f"{names}: {counts.get('accounts', 0)} akun, {counts.get('readings', 0)} angka, "
        f"{counts.get('reports', 0)} laporan, {counts.get('attachments', 0)} lampiran.",
        en=f"{names}: {counts.get('accounts', 0)} accounts, {counts.get('readings', 0)} readings, "
        f"{counts.get('reports', 0)} reports, {counts.get('attachments', 0)} attachments.",
    )


@click.command(help=t("Pulihkan dari cadangan.", en="Restore from a backup."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help=t("Folder data.", en="The home."))
@click.option("--yes", is_flag=True, help=t("Ganti isi yang sekarang tanpa bertanya.", en="Replace without asking."))
@_passphrase_option
@click.option("--without-key", is_flag=True, help=t("Jangan ambil kunci di dalamnya.", en="Leave its key alone."))
def restore(file: Path, home: Path | None, yes: bool, passphrase_file: Path | None, without_key: bool) -> None:
    """Restore from a backup. The home is not opened for that: it may be broken."""
    with plain_errors():
        restoring = restoring_into(load_settings(home)[0])
        manifest = restoring.look(file)
        _confirm(restoring, manifest, yes=yes)
        passphrase = None
        if SEALED_KEY in manifest.files and not without_key:
            passphrase = _known_passphrase(passphrase_file)
        restored = restoring.restore(file, passphrase=passphrase)
        _say_restored(restoring, restored)
        sys.exit(DONE)


def _confirm(restoring: Restoring, manifest: Manifest, *, yes: bool) -> None:
    """Ask before anything is replaced. Raises SelectionError where nobody sits there and nobody said yes."""
    replaced = restoring.list_replaced()
    if not replaced or yes:
        return
    home = restoring.settings.home.absolute()
    if not is_terminal(sys.stdin):
        raise SelectionError(
            t(
                f"Folder data {home} sudah berisi. Tambahkan --yes untuk menggantinya; isi yang sekarang disimpan di "
                "sebelahnya.",
                en=f"The home {home} is not empty. Add --yes to replace what is in it; that is kept beside it.",
            )
        )
    made_at = f"{manifest.made_at.astimezone(ZoneInfo(manifest.zone)):%Y-%m-%d %H:%M}"
    click.echo(t(f"Cadangan {made_at}, {_content(manifest)}", en=f"Backup of {made_at}, {_content(manifest)}"))
    question = t(
        f"Ganti isi {home} dengan cadangan ini? Isi yang sekarang disimpan di sebelahnya.",
        en=f"Replace what is in {home} by this backup? What is there now is kept beside it.",
    )
    if not click.confirm(question):
        complain(t("Tidak jadi; tidak ada yang diubah.", en="Not done; nothing was changed."))
        sys.exit(NOT_WANTED)


def _say_restored(restoring: Restoring, restored: Restored) -> None:
    home, key_file = restoring.settings.home.absolute(), restoring.settings.key_file
    click.echo(t(f"Dipulihkan ke {home}: {_content(restored.manifest)}",
                 en=f"Restored into {home}: {_content(restored.manifest)}"))  # fmt: skip
    if restored.aside is not None:
        click.echo(t(f"Isi yang lama disimpan di {restored.aside}", en=f"What was there before is in {restored.aside}"))
    if restored.is_key_written:
        click.echo(t(f"Kunci ditulis ke {key_file}", en=f"The key was written to {key_file}"))
    if restored.reconnect:
        accounts = ", ".join(restored.reconnect)
        click.echo(
            t(
                f"Perlu disambung ulang, karena kuncinya tidak ada di sini: {accounts}. Riwayat dan laporan utuh. "
                "Sambungan lamanya tetap tersegel di berkas cadangan; bila kunci lama ditemukan, taruh di "
                f"{key_file} lalu pulihkan lagi.",
                en=f"To be reconnected, because their key is not here: {accounts}. History and reports are whole. The "
                f"old sign-ins stay sealed in the backup; should the old key turn up, put it into {key_file} and "
                "restore again.",
            )
        )
    click.echo(
        t(
            "Berikutnya: isi berkas .env (pengaturan tidak ikut dicadangkan), lalu collector doctor.",
            en="Next: fill in the .env file (settings are in no backup), then collector doctor.",
        )
    )


@click.command(help=t("Perbarui basis data untuk program ini.", en="Upgrade the database for this program."))
@_to_option
@click.option("--without-backup", is_flag=True, help=t("Tanpa cadangan lebih dulu.", en="Without a backup first."))
def upgrade(to: Path | None, without_backup: bool) -> None:
    """Upgrade the database; every command does so by itself, where there is room for the backup before it."""
    with plain_errors():
        with open_application(
            lambda backups, found: None if without_backup else backups.make_before_upgrade(to)
        ) as app:
            last = None if without_backup else app.backup_log.find_last_good()
        if last is not None:
            click.echo(t(f"Cadangan terakhir: {last.path}", en=f"The last backup: {last.path}"))
        click.echo(t("Basis data sesuai dengan program ini.", en="The database fits this program."))
        sys.exit(DONE)


def _new_passphrase(file: Path | None) -> str:
    if file is not None:
        return check_passphrase(_read_passphrase(file))
    _must_be_asked()
    prompt = t("Kata sandi untuk kunci", en="Passphrase for the key")
    again = t("Ulangi kata sandi", en="The passphrase again")
    return check_passphrase(str(click.prompt(prompt, hide_input=True, confirmation_prompt=again, err=True)))


def _known_passphrase(file: Path | None) -> str:
    if file is not None:
        return _read_passphrase(file)
    _must_be_asked()
    prompt = t("Kata sandi kunci di cadangan ini", en="The passphrase of this backup's key")
    return str(click.prompt(prompt, hide_input=True, err=True))


def _must_be_asked() -> None:
    """Raise SelectionError where nobody sits there to type a passphrase."""
    if not is_terminal(sys.stdin):
        raise SelectionError(
            t(
                "Kata sandi tidak dapat ditanyakan di sini. Beri berkasnya dengan --passphrase-file (atau pulihkan "
                "dengan --without-key).",
                en="The passphrase cannot be asked for here. Give it in a file by --passphrase-file (or restore with "
                "--without-key).",
            )
        )


def _read_passphrase(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise BackupError(
            t(
                f"Berkas kata sandi {file} tidak dapat dibaca sebagai teks. Periksa alamat dan izinnya.",
                en=f"The passphrase file {file} cannot be read as text. Check its path and permissions.",
            )
        ) from None
