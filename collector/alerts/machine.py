"""The office's computer: its disk, its clock, and whether there is a copy of what it holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from collector.alerts import dates
from collector.alerts.cause import Cause, Level
from collector.alerts.facts import Facts
from collector.store.records import CLOCK_TOLERANCE
from connectors.kit import Words

CLOCK_BEHIND = "clock.behind"
"""With a clock that goes back nothing else can be judged."""

LEAST_FREE = 1_000_000_000
NO_BACKUP = timedelta(hours=48)

_OLDEST_CREDIBLE = datetime(2026, 11, 1, tzinfo=UTC)  # before this program was written


def disk(facts: Facts) -> Iterator[Cause]:
    """Yield that the disk is nearly full: a backup and a day's answers must still fit."""
    if facts.free >= max(LEAST_FREE, 2 * facts.database_size):
        return
    left = f"{facts.free / 1e9:.1f}"
    yield Cause(
        "disk.low", Level.ERROR, facts.house,
        Words(f"Ruang disk tinggal {left.replace('.', ',')} GB.", f"Only {left} GB of disk space are left."),
        Words("Bila penuh, angka baru dan cadangan tidak dapat disimpan.",
              "Once it is full, neither figures nor backups can be stored."),
        Words("Kosongkan sampah dan pindahkan berkas besar dari komputer ini; jangan hapus isi folder data.",
              "Empty the bin and move large files off this computer; delete nothing in the home."),
        Words("Ruang disk sudah cukup lagi.", "There is enough disk space again."),
    )  # fmt: skip


def backup(facts: Facts) -> Iterator[Cause]:
    """Yield that the last backup failed, or that there was none for two days where a service should make them."""
    last, good = facts.last_backup, facts.last_good_backup
    since = good or facts.served_since
    kept = Words("Belum ada satu pun cadangan.", "There is no backup at all.")
    if good is not None:
        made = dates.moment(good, facts.zone)
        kept = Words(f"Cadangan terakhir: {made.id}.", f"The last backup: {made.en}.")
    over = Words("Cadangan sudah dibuat lagi.", "A backup was made again.")
    why = Words("Bila komputer ini rusak, angka sesudah cadangan terakhir hilang.",
                "If this computer breaks, the figures since the last backup are lost.")  # fmt: skip
    mend = Words("Jalankan collector backup; pesannya menyebut sebabnya.", "Run collector backup; it names the reason.")
    if last is not None and last.error is not None:
        failed = dates.moment(last.made_at, facts.zone)
        what = Words(f"Pencadangan gagal pada {failed.id}. {kept.id}", f"The backup of {failed.en} failed. {kept.en}")
        yield Cause("backup.failed", Level.ERROR, facts.house, what, why, mend, over, covers=("backup.missing",))
    elif facts.served_since is not None and since is not None and facts.is_overdue(since, NO_BACKUP):
        what = Words(f"Sudah lebih dari 48 jam tidak ada cadangan baru. {kept.id}",
                     f"There was no backup for more than 48 hours. {kept.en}")  # fmt: skip
        yield Cause("backup.missing", Level.ERROR, facts.house, what, why, mend, over, covers=("backup.failed",))


def clock(facts: Facts) -> Iterator[Cause]:
    """Yield that the clock cannot be right: it was later already, or the platforms' clocks say otherwise."""
    why = Words("Setiap angka dicatat menurut jam ini.", "Every figure is dated by this clock.")
    mend = Words("Betulkan tanggal dan jam komputer, lalu nyalakan penyesuaian jam otomatis.",
                 "Set the computer's date and time, and switch on its syncing.")  # fmt: skip
    over = Words("Jam komputer sudah benar lagi.", "The computer's clock is right again.")
    if facts.now < _OLDEST_CREDIBLE or (facts.newest is not None and facts.now < facts.newest - CLOCK_TOLERANCE):
        shown = dates.moment(facts.now, facts.zone)
        what = Words(f"Jam komputer mundur: {shown.id}.", f"The computer's clock went back: {shown.en}.")
        yield Cause(CLOCK_BEHIND, Level.ERROR, facts.house, what, why, mend, over, covers=("clock.drift",))
    elif facts.drift is not None and abs(facts.drift) > CLOCK_TOLERANCE:
        minutes = abs(round(facts.drift.total_seconds() / 60))
        pace = Words("cepat", "ahead of") if facts.drift > timedelta(0) else Words("lambat", "behind")
        what = Words(f"Jam komputer {minutes} menit lebih {pace.id} dari jam platform.",
                     f"The computer's clock is {minutes} minutes {pace.en} the platforms'.")  # fmt: skip
        yield Cause("clock.drift", Level.ERROR, facts.house, what, why, mend, over, covers=(CLOCK_BEHIND,))
