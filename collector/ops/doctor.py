"""The doctor: what is wrong with an installation, why it matters, and how to mend it.

Each finding has a stable id. `error` means that collecting suffers now, `warning` that it will.
"""

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from collector.accounts.service import DEFAULT_ZONE
from collector.accounts.standing import Standing
from collector.alerts.cause import Cause, Level
from collector.clock import Clock
from collector.collect.run import Checked
from collector.language import current, t
from collector.reports import formats
from collector.reports.letterhead import Letterheads, find_faults
from collector.settings import Settings
from collector.store.engine import Store
from collector.store.migrate import revision_of
from collector.store.queries import Queries
from collector.store.records import CLOCK_TOLERANCE
from collector.store.schema import REVISION
from collector.system_errors import reason

_OLDEST_CREDIBLE = datetime(2026, 11, 1, tzinfo=UTC)  # before this program was written
_LOOKED_AT_HERE = ("clock.", "identity", "semester", "weekly")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `level` is error or warning."""

    id: str
    level: str
    what: str
    why: str
    mend: str

    def plain(self) -> dict[str, str]:
        """Return the finding as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Doctor:
    """Looks an installation over. `ask` asks each connected account's platform who it is, and returns what came.

    `list_channel_faults` says what is wrong with the addresses that alerts are sent to, `list_questions` gives the
    findings that wait for a person, as sentences; `list_causes` is what people would be told now, `list_standings` how
    the accounts stand. `find_silence` gives the last sign of life of a service that ran once and does not now.
    """

    settings: Settings
    store: Store
    queries: Queries
    clock: Clock
    ask: Callable[[], list[Checked]]
    list_channel_faults: Callable[[], list[str]] = list
    list_questions: Callable[[], list[str]] = list
    list_causes: Callable[[], Sequence[Cause]] = list
    list_standings: Callable[[], Sequence[Standing]] = list
    find_silence: Callable[[], datetime | None] = lambda: None

    def examine(self) -> list[Finding]:
        """Return everything that is wrong."""
        return [
            *self._home(), *self._database(), *self._key_file(), *self._names(), *self._letterheads(),
            *self._channels(), *self._service(), *self._accounts(), *self._questions(), *self._permissions(),
            *self._causes(), *self._clock(),  # the accounts' answers tell the time
        ]  # fmt: skip

    def _home(self) -> Iterator[Finding]:
        home = self.settings.home.absolute()
        why = t("Tanpa itu tidak ada yang dapat disimpan.", en="Without it nothing can be stored.")
        try:
            with tempfile.TemporaryFile(dir=home):
                pass
        except OSError as error:
            yield Finding(
                "home.writable", "error",
                t(f"Folder data {home} tidak dapat ditulis ({reason(error)}).",
                  en=f"The home {home} cannot be written ({reason(error)})."),
                why,
                t("Beri izin tulis kepada pengguna ini; bila disk penuh, kosongkan dulu.",
                  en="Give this user the permission to write; where the disk is full, make room first."),
            )  # fmt: skip
        if sys.platform != "win32" and stat.S_IMODE(home.stat().st_mode) & 0o077:
            yield Finding(
                "home.private", "warning",
                t(f"Folder data {home} dapat dibaca pengguna lain.", en=f"The home {home} can be read by others."),
                t("Angka dan jawaban platform ada di sana.", en="Figures and answers are in there."),
                f"chmod 700 {home}",
            )  # fmt: skip

    def _database(self) -> Iterator[Finding]:
        found = revision_of(self.store)
        if found != REVISION:
            yield Finding(
                "database.version", "error",
                t(f"Basis data versi {found}, program ini {REVISION}.", en=f"Database {found}, program {REVISION}."),
                t("Program dan basis data harus sama.", en="Program and database must fit."),
                t("Pasang versi program yang terbaru.", en="Install the newest version."),
            )  # fmt: skip

    def _key_file(self) -> Iterator[Finding]:
        path = self.settings.key_file
        try:
            path.open("rb").close()
        except FileNotFoundError:
            if self.queries.has_credentials():
                yield Finding(
                    "key.missing", "error", t(f"Berkas kunci {path} tidak ada.", en=f"The key file {path} is missing."),
                    t("Sambungan akun yang tersegel tidak dapat dibuka.", en="Sealed sign-ins cannot be opened."),
                    t("Pulihkan berkas kunci dari cadangannya.", en="Restore the key file from its copy."),
                )  # fmt: skip
            return
        except OSError:
            yield Finding(
                "key.unreadable", "error",
                t(f"Berkas kunci {path} tidak dapat dibaca pengguna ini.",
                  en=f"The key file {path} cannot be read by this user."),
                t("Sambungan akun yang tersegel tidak dapat dibuka.", en="Sealed sign-ins cannot be opened."),
                t("Jalankan sebagai pemilik berkas itu, atau atur COLLECTOR_KEY_FILE ke berkas kunci yang benar.",
                  en="Run it as that file's owner, or point COLLECTOR_KEY_FILE to the right key file."),
            )  # fmt: skip
            return
        is_ours = not self.settings.is_key_handed  # systemd lets the service in by a list that looks like a group's
        if is_ours and sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(
                "key.mode", "error",
                t(f"Berkas kunci {path} dapat dibaca pengguna lain.", en=f"The key file {path} can be read by others."),
                t("Siapa pun yang membacanya dapat membuka sambungan akun.", en="Who reads it can open the sign-ins."),
                f"chmod 600 {path}",
            )  # fmt: skip
        if _is_below(path, self.settings.home.absolute()):
            yield Finding(
                "key.place", "warning",
                t(f"Berkas kunci {path} ada di dalam folder data.", en=f"The key file {path} lies inside the home."),
                t("Salinan folder data ikut membawa kuncinya.", en="A copy of the home would carry the key along."),
                t("Pindahkan, lalu atur COLLECTOR_KEY_FILE.", en="Move it and set COLLECTOR_KEY_FILE."),
            )  # fmt: skip

    def _clock(self) -> Iterator[Finding]:
        now = self.clock.now()
        why = t("Angka dicatat menurut jam ini.", en="Figures are dated by this clock.")
        mend = t("Perbaiki tanggal dan jam, nyalakan penyesuaian otomatis.", en="Set the clock; switch on its syncing.")
        drift = self.queries.find_clock_drift()
        newest = self.queries.find_newest_moment(drift.confirmed_since if drift is not None else 0)
        if now < _OLDEST_CREDIBLE or (newest is not None and now < newest - CLOCK_TOLERANCE):
            shown = self._shown(now)
            what = t(f"Jam komputer menunjuk {shown}, lebih lama dari data.",
                     en=f"The clock says {shown}, earlier than the data.")  # fmt: skip
            yield Finding("clock.behind", "error", what, why, mend)
        if drift is not None and abs(drift.by) > CLOCK_TOLERANCE:
            minutes = abs(round(drift.by.total_seconds() / 60))
            ahead = drift.by > timedelta(0)
            pace = t("cepat", en="ahead of") if ahead else t("lambat", en="behind")
            what = t(f"Jam komputer {minutes} menit lebih {pace} dari jam platform.",
                     en=f"The clock is {minutes} minutes {pace} the platforms'.")  # fmt: skip
            yield Finding("clock.drift", "error", what, why, mend)

    def _accounts(self) -> Iterator[Finding]:
        for row in self.ask():
            if not row.ok:
                yield Finding(
                    "account.answer", "error", f"{row.platform} {row.account}: {row.message}",
                    t("Akun ini tidak dapat dikumpulkan.", en="This account cannot be collected."),
                    t("Ikuti petunjuk di atas.", en="Follow the hint above."),
                )  # fmt: skip
            elif row.bio_names_site is False:
                yield _other_site(row)

    def _questions(self) -> Iterator[Finding]:
        for sentence in self.list_questions():  # after the accounts were asked, which may find something
            yield Finding(
                "account.findings", "warning", f"{sentence}.",
                t("Hanya orang yang tahu jawabannya.", en="Only a person knows the answer."),
                "collector findings list",
            )  # fmt: skip

    def _permissions(self) -> Iterator[Finding]:
        for one in self.list_standings():
            for gone in one.missing:
                account = one.account
                yield Finding(
                    "account.permission", "warning",
                    t(f"{account.platform} {account.handle}: izin {gone.name} belum diberikan.",
                      en=f"{account.platform} {account.handle}: {gone.name} was not given."),
                    f"{gone.without.text(current())}.".replace("..", "."),
                    t(f"collector connect {account.platform}, dan setujui semua izin yang diminta.",
                      en=f"collector connect {account.platform}, and agree to all that it asks."),
                )  # fmt: skip

    def _causes(self) -> Iterator[Finding]:
        """Yield what people are told of besides. What is looked at here by itself is not said twice, and what a report
        still lacks stands with each account."""
        for cause in self.list_causes():
            topic = cause.key.partition(":")[0]
            if cause.level is Level.NOTE or topic.startswith(_LOOKED_AT_HERE):
                continue
            what, why, mend = (words.text(current()) for words in (cause.what, cause.why, cause.mend))
            yield Finding(topic, str(cause.level), what, why, mend)

    def _service(self) -> Iterator[Finding]:
        since = self.find_silence()
        if since is not None:
            yield Finding(
                "service.silent", "error",
                t(f"Layanan tidak berjalan; tanda terakhirnya {self._shown(since)}.",
                  en=f"The service does not run; its last sign of life was {self._shown(since)}."),
                t("Tanpa layanan tidak ada yang terkumpul sendiri.", en="Without it nothing is collected by itself."),
                t("Jalankan lagi: collector serve, atau nyalakan layanannya (collector service status).",
                  en="Start it again: collector serve, or switch its service on (collector service status)."),
            )  # fmt: skip

    def _shown(self, moment: datetime) -> str:
        offices = self.queries.list_offices()
        return formats.moment(moment, offices[0].timezone if offices else ZoneInfo(DEFAULT_ZONE))

    def _letterheads(self) -> Iterator[Finding]:
        for path in Letterheads(self.settings.home).list_all():
            fault = find_faults(path)
            if fault is not None:
                yield Finding(
                    "report.template", "warning", fault,
                    t("Laporan Word tidak dapat dibuat dengan kop itu.", en="No Word report can be made with it."),
                    t(f"Perbaiki {path}, atau pindahkan dari folder itu.", en=f"Mend {path}, or move it away."),
                )  # fmt: skip

    def _channels(self) -> Iterator[Finding]:
        for fault in self.list_channel_faults():
            yield Finding(
                "alerts.channel", "warning", fault,
                t("Pemberitahuan lewat saluran itu tidak akan sampai.", en="Alerts to that channel will not arrive."),
                t("Betulkan, lalu jalankan collector alerts test.", en="Mend it, then run collector alerts test."),
            )  # fmt: skip

    def _names(self) -> Iterator[Finding]:
        for warning in self.settings.warnings:
            yield Finding(
                "settings.unknown", "warning", warning,
                t("Pengaturan yang salah ketik tidak berpengaruh.", en="A mistyped setting has no effect."),
                t("Betulkan namanya atau hapus.", en="Correct its name or remove it."),
            )  # fmt: skip


def _other_site(row: Checked) -> Finding:
    """Say of an account that its bio does not lead to the office's site."""
    named, nothing = row.bio_link, t("tidak menyebut alamat apa pun", en="names no address at all")
    said = t(f"menyebut {named}, bukan situs kantor", en=f"names {named}, not the office's site") if named else nothing
    return Finding(
        "account.bio", "warning",
        t(f"{row.platform} {row.account}: bio {said}.", en=f"{row.platform} {row.account}: the bio {said}."),
        t("Masyarakat tidak sampai ke situs kantor dari akun ini.", en="From here people do not reach the site."),
        t("Perbarui tautan di bio akun, atau betulkan alamat situs kantor di pengaturan.",
          en="Update the link in the account's bio, or correct the site's address in the settings."),
    )  # fmt: skip


def _is_below(path: Path, folder: Path) -> bool:
    return os.path.commonpath([path.absolute(), folder]) == str(folder)
