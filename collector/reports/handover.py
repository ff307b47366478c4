"""The hand-over sheet: everything that the next person needs to keep the accounts going, and not one secret.

It is laid out by the renderers of the report, as a document without a version: made anew each time, never frozen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.accounts.standing import Standing
from collector.language import current, t
from collector.platforms import get_connector
from collector.reports import formats
from collector.reports.model import Block, Bullets, Cell, Column, Paragraph, Report, Section, SignOff, Table
from collector.store.custody import Custody
from collector.store.records import Office


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie on this machine: names of folders and files, and when the last good backup was made."""

    home: str
    key_file: str
    backup: str = ""
    backed_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Who hands over and who takes over, as typed; "" leaves room to write."""

    giver: str = ""
    taker: str = ""


def compose(
    office: Office,
    standings: Sequence[Standing],
    custody: Mapping[int, Custody],
    places: Places,
    parties: Parties,
    now: datetime,
) -> Report:
    """Make the sheet as of a moment."""
    local = now.astimezone(office.timezone)
    day = formats.day(local.date())
    sections = (
        Section("accounts", t("Akun yang diserahterimakan", en="The accounts"), (_accounts(standings),)),
        Section("custody", t("Penanggung jawab di luar program", en="Who keeps them outside this program"),
                tuple(_custody(standings, custody))),
        Section("access", t("Sambungan dan masa berlakunya", en="Connections and until when they hold"),
                tuple(_access(standings, now))),
        Section("places", t("Data, cadangan, dan kunci", en="Data, backups and the key"),
                tuple(_places(places, office))),
        Section("steps", t("Langkah serah terima", en="Steps of the hand-over"), (_steps(standings),)),
        Section("parties", t("Yang menyerahkan dan yang menerima", en="Who hands over and who takes over"),
                (_parties(parties, office, day),)),
    )  # fmt: skip
    return Report(
        language=current(), office=office.slug, office_name=office.name, seat=office.seat,
        title=t("Serah Terima Akun Media Sosial", en="Hand-over of the Social-Media Accounts"),
        period=local.date().isoformat(), against="", period_text=day, position=now,
        position_text=formats.moment(now, office.timezone), made_at=now, version=0, sections=sections, figures=(),
        sign_off=SignOff(office.seat, day, "", ""),
    )  # fmt: skip


def _accounts(standings: Sequence[Standing]) -> Table:
    columns = (Column("Platform"), Column(t("Akun", en="Account")), Column(t("Nama", en="Name")),
               Column(t("ID pada platform", en="Id at the platform")), Column(t("Tautan", en="Link")))  # fmt: skip
    rows = tuple(
        tuple(
            Cell(text or formats.NONE)
            for text in (
                _platform(one), one.account.handle, one.account.name, one.account.external_id, one.account.link,
            )
        )
        for one in standings
    )  # fmt: skip
    return Table(t("Akun kantor", en="The office's accounts"), columns, rows)


def _custody(standings: Sequence[Standing], custody: Mapping[int, Custody]) -> Iterator[Block]:
    columns = (Column(t("Akun", en="Account")), Column(t("Pemegang", en="Owner")),
               Column(t("Surel pemulihan", en="Recovery mail")), Column(t("Admin kedua", en="Second admin")),
               Column(t("Catatan", en="Note")))  # fmt: skip
    rows = []
    for one in standings:
        kept = custody.get(one.account.id, Custody())
        texts = (kept.owner, kept.recovery_mail, kept.second_admin, kept.note)
        rows.append((Cell(_name(one)), *(Cell(text or "………") for text in texts)))
    yield Table(t("Siapa memegang akun", en="Who holds the accounts"), columns, tuple(rows))
    if any(not custody.get(one.account.id, Custody()).second_admin for one in standings):
        yield Paragraph(
            t("Akun tanpa admin kedua hilang bersama orangnya: tambahkan satu pegawai lagi di setiap platform.",
              en="An account without a second admin is lost with its person: add one more colleague everywhere.")
        )  # fmt: skip


def _access(standings: Sequence[Standing], now: datetime) -> Iterator[Block]:
    columns = (Column(t("Akun", en="Account")), Column(t("Disambungkan oleh", en="Connected by")),
               Column(t("Berlaku sampai", en="Holds until")), Column(t("Terakhir berhasil", en="Last success")),
               Column(t("Izin yang belum ada", en="Permissions not given")))  # fmt: skip
    yield Table(
        t("Sambungan akun", en="Connections"),
        columns,
        tuple(
            (Cell(_name(one)), Cell(_connected_by(one)), Cell(end_text(one, now)), Cell(last_text(one)),
             Cell(", ".join(gone.name for gone in one.missing) or formats.NONE))
            for one in standings
        ),
    )  # fmt: skip


def end_text(standing: Standing, now: datetime) -> str:
    """Say until when a sign-in holds, and how many days that are."""
    end, days = standing.ends_at, standing.days_left(now)
    if end is None or days is None:
        return t("tanpa batas yang diketahui", en="no end known")
    day = formats.day(end.astimezone(standing.account.office.timezone).date())
    if days < 0:
        return t(f"berakhir {day}", en=f"ended on {day}")
    return t(f"{day} ({days} hari lagi)", en=f"{day} ({days} days left)")


def last_text(standing: Standing) -> str:
    """Say when an account was last collected well."""
    at = standing.last.last_good_at if standing.last is not None else None
    return formats.moment(at, standing.account.office.timezone) if at is not None else formats.NONE


def _places(places: Places, office: Office) -> Iterator[Block]:
    at = places.backed_up_at
    backup = (
        t(f"Cadangan terakhir: {places.backup}, {formats.moment(at, office.timezone)}.",
          en=f"The last backup: {places.backup}, {formats.moment(at, office.timezone)}.")
        if at is not None
        else t("Belum ada cadangan. Buat sekarang: collector backup --to FOLDER (misalnya stik USB).",
               en="There is no backup yet. Make one now: collector backup --to FOLDER (a USB stick, say).")
    )  # fmt: skip
    yield Bullets((
        t(f"Folder data: {places.home}", en=f"The data: {places.home}"),
        backup,
        t(f"Berkas kunci: {places.key_file}. Kunci tidak ikut dalam cadangan; simpan salinannya terpisah. Tanpa kunci, "
          "riwayat tetap ada, tetapi akun harus disambung ulang.",
          en=f"The key file: {places.key_file}. It is in no backup; keep a copy elsewhere. Without it the history "
          "stays, but the accounts have to be connected again."),
    ))  # fmt: skip


def _steps(standings: Sequence[Standing]) -> Bullets:
    slugs = sorted({one.account.platform for one in standings if one.access})
    commands = ", ".join(f"collector connect {slug}" for slug in slugs) or "collector connect PLATFORM"
    return Bullets(
        (
            t("Jadikan penerima admin pada setiap akun, lalu pastikan ia dapat masuk sendiri.",
              en="Make the new person an admin of each account, and see that they can sign in themselves."),
            t("Ganti surel pemulihan dan nomor telepon menjadi milik kantor.",
              en="Change the recovery mail and phone number to the office's own."),
            t(f"Sambungkan ulang sebagai penerima: {commands}. Riwayat angka tetap utuh.",
              en=f"Connect again as the new person: {commands}. The history of figures stays whole."),
            t("Periksa: collector accounts check, lalu collector doctor.",
              en="Look it over: collector accounts check, then collector doctor."),
            t("Barulah hapus orang lama dari admin setiap akun dan ganti kata sandi bersama.",
              en="Only then remove the old person from the admins and change shared passwords."),
            t("Serahkan stik USB cadangan dan salinan berkas kunci secara terpisah.",
              en="Hand over the USB stick with the backup and the copy of the key file, one apart from the other."),
        ),
        is_numbered=True,
    )  # fmt: skip


def _parties(parties: Parties, office: Office, day: str) -> Table:
    blank = "………………"
    rows = (
        (t("Nama", en="Name"), parties.giver or blank, parties.taker or blank),
        (t("Jabatan", en="Role"), blank, blank),
        (t("Tanda tangan", en="Signature"), blank, blank),
    )
    place = ", ".join(part for part in (office.seat, day) if part)
    columns = (Column(""), Column(t("Yang menyerahkan", en="Hands over")), Column(t("Yang menerima", en="Takes over")))
    return Table(place, columns, tuple(tuple(Cell(text) for text in row) for row in rows))


def _platform(standing: Standing) -> str:
    try:
        return get_connector(standing.account.platform).name
    except LookupError:  # a platform that this version does not have
        return standing.account.platform


def _name(standing: Standing) -> str:
    return f"{_platform(standing)} {standing.account.handle}"


def _connected_by(standing: Standing) -> str:
    zone = standing.account.office.timezone
    said = [
        ", ".join(part for part in (one.person, formats.day(one.connected_at.astimezone(zone).date())) if part)
        for one in standing.access
        if one.connected_at is not None
    ]
    return "; ".join(said) or t("lewat berkas pengaturan", en="by the settings file")
