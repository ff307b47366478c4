"""The text of a report that people wrote, as lines: from Word, from PDF with a text layer, from plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collector.errors import SelectionError
from collector.language import t
from collector.system_errors import reason

_LARGEST = 50 * 1024 * 1024  # bytes; a report with scans is below 20 MiB


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a row of a table with its cells apart. `number` counts from 1 through the document."""

    number: int
    text: str
    cells: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


def read_passages(path: Path) -> list[Passage]:
    """Return a document's passages in reading order. Raises SelectionError where there is no text to be had."""
    readers = {".docx": _read_word, ".pdf": _read_pdf, ".txt": _read_plain, ".md": _read_plain}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise SelectionError(
            t(
                f"{path.name}: hanya .docx, .pdf, dan .txt yang dapat diperiksa. Simpan laporan sebagai .docx.",
                en=f"{path.name}: only .docx, .pdf and .txt can be checked. Save the report as .docx.",
            )
        )
    try:
        if path.stat().st_size > _LARGEST:
            raise SelectionError(t(f"{path.name} terlalu besar (batas 50 MiB).", en=f"{path.name} is over 50 MiB."))
        found = list(reader(path))
    except OSError as error:
        raise SelectionError(
            t(
                f"{path} tidak dapat dibaca ({reason(error)}).",
                en=f"{path} cannot be read ({reason(error)}).",
            )
        ) from None
    if not found:
        raise SelectionError(
            t(
                f"{path.name} tidak memuat teks (mungkin hasil pindaian). Periksa berkas Word aslinya.",
                en=f"{path.name} holds no text (it may be a scan). Check the Word file it was made from.",
            )
        )
    return found


def _read_plain(path: Path) -> Iterator[Passage]:
    body = path.read_bytes()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    yield from _numbered(re.split(r"\n\s*\n|\n(?=\s*(?:[-•*]|\d+[.)])\s)", text))


def _read_pdf(path: Path) -> Iterator[Passage]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = [page.extract_text() for page in PdfReader(path).pages]
    except (PyPdfError, ValueError, KeyError, RecursionError):
        raise _damaged(path) from None
    # A line that does not end a sentence goes on in the next one.
    yield from _numbered(re.split(r"(?<=[.:;])\s*\n|\n\s*\n", "\n\n".join(pages)))


def _read_word(path: Path) -> Iterator[Passage]:
    from zipfile import BadZipFile

    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        document = Document(str(path))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError):
        raise _damaged(path) from None
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            headings: tuple[str, ...] = ()
            for row in block.rows:
                number += 1
                cells = tuple(_plain(cell.text) for cell in row.cells)
                yield Passage(number, " | ".join(cells), cells, headings)
                headings = headings or cells
        elif block.text.strip():
            number += 1
            yield Passage(number, _plain(block.text))


def _numbered(texts: list[str]) -> Iterator[Passage]:
    plain = [_plain(text) for text in texts]
    for number, text in enumerate((text for text in plain if text), start=1):
        cells = tuple(cell.strip() for cell in re.split(r"\s*[|;\t]\s*", text)) if text.count("|") > 1 else ()
        yield Passage(number, text, cells)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _damaged(path: Path) -> SelectionError:
    return SelectionError(
        t(
            f"{path.name} rusak atau bukan berkas {path.suffix}. Simpan lagi dari pengolah kata.",
            en=f"{path.name} is damaged or no {path.suffix} file. Save it again from the word processor.",
        )
    )
