"""The texts that people write for a report: one Markdown file for each office and period.

Headings name the parts, lists and paragraphs are taken as they stand. What is not filled in stays empty and is asked
for before signing; nothing is invented.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from collector.language import t
from collector.reports import formats

_FIELD = re.compile(r"^[-*]\s*([^:]{2,40}):\s*(.*)$")
_HEADING = re.compile(r"^(#{1,3})\s+(.*?)\s*$")
_ITEM = re.compile(r"^\s*(?:[-*]|\d+[.)])\s+(.*)$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

FIELDS = {
    "judul": "title", "tempat": "place", "tanggal": "date", "jabatan": "role", "nama": "name", "plt/plh": "acting",
    "title": "title", "place": "place", "date": "date", "role": "role", "name": "name", "acting": "acting",
}  # fmt: skip
PARTS = {
    "pendahuluan": "introduction", "introduction": "introduction",
    "fitur yang dimanfaatkan": "features", "features used": "features",
    "kendala": "obstacles", "obstacles": "obstacles",
    "solusi": "solutions", "solutions": "solutions",
    "penutup": "closing", "closing": "closing",
}  # fmt: skip


_BLANK_ID = """# Naskah laporan {office} — {period}

<!-- Isi atau ubah teks di bawah tiap judul. Baris kosong tidak dicetak. Teks ini dibawa ke laporan berikutnya. -->

## Judul dan tanda tangan

- Judul: Laporan Penggunaan Media Sosial {office}
- Tempat: {seat}
- Tanggal: {month}
- Jabatan: Ketua {office}
- Nama:
- Plt/Plh:

## Pendahuluan

Laporan ini disusun sebagai bentuk pertanggungjawaban pengelolaan media sosial {office}.

## Fitur yang dimanfaatkan

<!-- Satu daftar untuk tiap platform, misalnya story, reels, siaran langsung. -->

{features}
## Kendala

<!-- Satu baris untuk satu kendala, diawali tanda "-". -->

## Solusi

## Penutup

Demikian laporan ini disampaikan untuk menjadi bahan evaluasi.
"""

_BLANK_EN = """# Texts of the report of {office} — {period}

<!-- Fill in or change the text below each heading. Empty lines are not printed. It is carried over to the next one. -->

## Title and signature

- Title: Report on the use of social media of {office}
- Place: {seat}
- Date: {month}
- Role: Chair of {office}
- Name:
- Acting:

## Introduction

This report accounts for the use of social media by {office}.

## Features used

<!-- A list for each platform, for example stories, reels, live streams. -->

{features}
## Obstacles

<!-- A line for each obstacle, beginning with "-". -->

## Solutions

## Closing

This report is submitted for evaluation.
"""


@dataclass(frozen=True, slots=True)
class Text:
    """One part: its paragraphs and its list, and where it has lower headings those by name."""

    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    below: Mapping[str, "Text"] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything."""
        return not self.paragraphs and not self.items and all(text.is_empty for text in self.below.values())


@dataclass(frozen=True, slots=True)
class Narrative:
    """All texts of a report. `fields` are title, place, date, role, name, acting; `parts` the others by name."""

    fields: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Text] = field(default_factory=dict)

    def part(self, name: str) -> Text:
        """Return a part, an empty one where nobody wrote it."""
        return self.parts.get(name, Text())


def read_narrative(markdown: str) -> Narrative:
    """Read a narrative file. Unknown headings are left alone; a text is never refused."""
    fields: dict[str, str] = {}
    parts: dict[str, dict[str, list[str]]] = {}
    part, below = "", ""
    for line in _COMMENT.sub("", markdown).splitlines():
        heading = _HEADING.match(line)
        if heading is not None:
            level, title = len(heading[1]), heading[2]
            if level == 3:
                below = title
            else:
                part, below = PARTS.get(title.casefold(), ""), ""
            continue
        named = _FIELD.match(line)
        if not part and named is not None and named[1].strip().casefold() in FIELDS:
            fields[FIELDS[named[1].strip().casefold()]] = named[2].strip()
        elif part:
            parts.setdefault(part, {}).setdefault(below, []).append(line)
    return Narrative(fields, {name: _text(lines) for name, lines in parts.items()})


def blank_narrative(office_name: str, seat: str, period_text: str, platforms: tuple[str, ...], made: date) -> str:
    """Return a file to fill in, with a word of help for each part."""
    return t(_BLANK_ID, en=_BLANK_EN).format(
        office=office_name,
        seat=seat,
        period=period_text,
        month=formats.month(made),
        features="\n".join(f"### {platform}\n\n" for platform in platforms),
    )


def _text(lines: Mapping[str, list[str]]) -> Text:
    own = lines.get("", [])
    below = {name: _plain(texts) for name, texts in lines.items() if name}
    plain = _plain(own)
    return Text(plain.paragraphs, plain.items, below)


def _plain(lines: list[str]) -> Text:
    paragraphs: list[str] = []
    items: list[str] = []
    running = False
    for line in lines:
        item = _ITEM.match(line)
        if item is not None:
            items.append(item[1].strip())
            running = False
        elif not line.strip():
            running = False
        elif running:
            paragraphs[-1] += f" {line.strip()}"
        else:
            paragraphs.append(line.strip())
            running = True
    return Text(tuple(paragraphs), tuple(one for one in items if one))
