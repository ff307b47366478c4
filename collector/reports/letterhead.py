"""The office's own Word file: where it is kept, and what is wrong with it."""

from dataclasses import dataclass
from pathlib import Path

from collector.errors import SelectionError
from collector.language import t

FOLDER = "kop"


@dataclass(frozen=True, slots=True)
class Letterheads:
    """The folder of Word files in the home, one for each office: it is used for every report of that office."""

    home: Path

    def find(self, office_slug: str) -> Path | None:
        """Return an office's file, None where it has none."""
        path = self.home / FOLDER / f"{office_slug}.docx"
        return path if path.is_file() else None

    def list_all(self) -> list[Path]:
        """Return all files."""
        return sorted((self.home / FOLDER).glob("*.docx"))


def find_faults(path: Path) -> str | None:
    """Say what is wrong with an office's file in one sentence, None where nothing is."""
    from collector.reports.render_docx import PLACEHOLDERS, check_template

    try:
        found = check_template(path)
    except SelectionError as error:
        return str(error)
    if found.unknown:
        return t(
            f"Templat {path} memuat tanda isian yang tidak dikenal: {', '.join(found.unknown)}. "
            f"Yang ada: {', '.join(PLACEHOLDERS)}.",
            en=f"The template {path} has unknown placeholders: {', '.join(found.unknown)}. "
            f"There are: {', '.join(PLACEHOLDERS)}.",
        )
    if not found.has_content:
        return t(
            f"Templat {path} belum punya tempat untuk isi laporan. Tulis {{{{p isi }}}} pada baris tersendiri.",
            en=f"The template {path} has no place for the report. Write {{{{p isi }}}} on a line of its own.",
        )
    return None
