"""Where the texts of reports are kept: one Markdown file for each office and period, carried over from the last."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from collector.errors import SelectionError
from collector.growth.periods import Period, parse_period
from collector.language import t
from collector.reports import formats
from collector.reports.narrative import Narrative, blank_narrative, read_narrative
from collector.store.records import Office

FOLDER = "naskah"


@dataclass(frozen=True, slots=True)
class Manuscripts:
    """The folder of narrative files in the home."""

    home: Path

    def path_of(self, office: Office, period: Period) -> Path:
        """Return where an office's texts of a period are."""
        return self.home / FOLDER / office.slug / f"{period.name}.md"

    def read(self, office: Office, period: Period, platforms: tuple[str, ...], today: date) -> Narrative:
        """Return the texts of a period; where there are none yet, the last ones are carried over, else begun blank.

        Raises SelectionError where the file cannot be read as text.
        """
        path = self.path_of(office, period)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._begin(office, period, platforms, today), "utf-8")
        try:
            return read_narrative(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            raise SelectionError(
                t(
                    f"Naskah {path} tidak dapat dibaca sebagai teks UTF-8. Simpan lagi sebagai teks biasa.",
                    en=f"The texts in {path} cannot be read as UTF-8. Save them as plain text again.",
                )
            ) from None

    def _begin(self, office: Office, period: Period, platforms: tuple[str, ...], today: date) -> str:
        last = self._last_before(office, period)
        if last is not None:
            return last.read_text("utf-8", errors="replace")
        return blank_narrative(office.name, office.seat, formats.period(period), platforms, min(period.last, today))

    def _last_before(self, office: Office, period: Period) -> Path | None:
        """Return the file of the latest period before this one."""
        found = []
        for path in (self.home / FOLDER / office.slug).glob("*.md"):
            try:
                other = parse_period(path.stem)
            except ValueError:
                continue
            if other.last < period.first or (other.last <= period.last and other.name != period.name):
                found.append((other.last, path.name, path))
        return max(found)[2] if found else None
