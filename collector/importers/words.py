"""The cells of a figure that hold words: its platform, account, dimension, window and mark."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from collector.importers.cells import Cell, text_of
from collector.importers.nearest import suggest
from collector.importers.values import CellError
from collector.language import t
from connectors.kit import Connector

LONGEST_WINDOW = 400  # days; the longest window that platforms show is a year

_MARKS = {name: name for name in ("stated", "derived", "quoted")} | {
    "": "stated",
    "tertulis": "stated",
    "dihitung": "derived",
    "dikutip": "quoted",
}
_DIMENSIONS = {name: name for name in ("city", "country", "age", "gender")} | {
    "kota": "city",
    "negara": "country",
    "usia": "age",
    "umur": "age",
    "jenis kelamin": "gender",
}


@dataclass(frozen=True, slots=True)
class Platforms:
    """The platforms that can be named: how to find one by a word, and all of them for a hint."""

    find: Callable[[str], Connector | None]
    known: Callable[[], Iterable[Connector]]


def read_platform(cell: Cell, *, platforms: Platforms) -> Connector:
    """Return the platform's connector, by slug, name or alias. Raises CellError."""
    word = text_of(cell)
    connector = platforms.find(word)
    if connector is not None:
        return connector
    known = tuple(platforms.known())
    spellings = {slug: slug for slug in sorted(other.slug for other in known)}
    for other in known:
        spellings |= {spelling.casefold(): other.slug for spelling in (other.name, *other.aliases)}
    raise CellError(_named(word, "platform yang dikenal", "known platform") + suggest(word, spellings))


def read_account(cell: Cell, *, connector: Connector | None) -> str:
    """Return the account as written. Raises CellError where it names nothing."""
    handle = text_of(cell)
    if not (connector.handle_key(handle) if connector else handle):
        raise CellError(
            t("kosong. Tulis nama akunnya, misalnya @akun.", en="empty. Write the account, such as @account.")
        )
    return handle


def read_dimension(cell: Cell) -> str:
    """Return "kind:label", the label as written, "" where there is none. Raises CellError."""
    written = text_of(cell)
    if not written:
        return ""
    kind, _, label = written.partition(":")
    known = _DIMENSIONS.get(kind.strip().casefold())
    if known is None or not label.strip():
        raise CellError(
            t(
                f'"{written}" tidak dikenal. Tulis seperti city:Pontianak, country:ID, age:25-34, atau gender:F.',
                en=f'"{written}" is not known. Write it like city:Pontianak, country:ID, age:25-34 or gender:F.',
            )
        )
    return f"{known}:{label.strip()}"


def read_length(cell: Cell) -> int:
    """Return a window's length in days, 0 where there is none. Raises CellError."""
    written = text_of(cell)
    if not written:
        return 0
    length = int(written) if re.fullmatch("[0-9]{1,3}", written) else 0
    if not 1 <= length <= LONGEST_WINDOW:
        raise CellError(
            t(
                f'"{written}" bukan jumlah hari. Tulis bilangan bulat 1 sampai {LONGEST_WINDOW}, misalnya 28.',
                en=f'"{written}" is no number of days. Write a whole number from 1 to {LONGEST_WINDOW}, such as 28.',
            )
        )
    return length


def read_mark(cell: Cell) -> str:
    """Return how the figure is known: "stated" (printed), "derived" (computed back) or "quoted". Raises CellError."""
    written = text_of(cell)
    mark = _MARKS.get(written.casefold())
    if mark is None:
        raise CellError(_named(written, "tanda yang dikenal", "known mark") + suggest(written, _MARKS))
    return mark


def _named(word: str, id: str, en: str) -> str:
    if not word:
        return t("kosong. ", en="empty. ")
    return t(f'"{word}" bukan {id}. ', en=f'"{word}" is no {en}. ')
