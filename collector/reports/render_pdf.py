"""The report as PDF: tagged and PDF/UA-1, fonts embedded, no forms and no scripts, with room for the signature.

The model becomes a typst document; typst is imported when the first one is made.
"""

import re
from collections.abc import Iterator
from typing import Any

from collector.language import t
from collector.reports.charts import draw_all
from collector.reports.model import Align, Block, Bullets, Cell, Chart, Paragraph, Report, Section, SignOff, Table

_SPECIAL = re.compile(r"([\\#$*_`<>@=\[\]~\-+/\"'])")

_STYLE = """
#set page(paper: "a4", margin: (x: 2.4cm, top: 2.4cm, bottom: 2.2cm), numbering: "1 / 1",
  header: context { if counter(page).get().first() > 1 { text(size: 8pt, fill: luma(90))[%(running)s] } })
#set text(font: "Libertinus Serif", size: 11pt, lang: "%(language)s", hyphenate: false)
#set par(justify: true, leading: 0.65em)
#show heading: set block(above: 1.4em, below: 0.8em)
#show heading.where(level: 1): set text(size: 14pt)
#show table: set text(size: 8.5pt)
#show table: set par(justify: false)
#show figure.where(kind: table): set block(breakable: true)
#show figure.caption: set text(size: 9pt)
#set table(stroke: 0.5pt + luma(120), inset: 4pt)
#set figure.caption(position: top)
"""


def render(report: Report) -> bytes:
    """Lay a report out as PDF."""
    import typst

    files = {f"{key}.svg": picture.svg.encode() for key, picture in draw_all(report).items()}
    files["main.typ"] = "\n".join(_document(report)).encode()
    # Without the system's fonts the same report gives the same bytes on every machine.
    compile_files: Any = typst.compile  # its types do not know that files may be given by name
    return bytes(compile_files(files, format="pdf", pdf_standards="ua-1", ignore_system_fonts=True))


def _document(report: Report) -> Iterator[str]:
    made = report.position
    day = f"datetime(year: {made.year}, month: {made.month}, day: {made.day})"
    yield f"#set document(title: [{_plain(report.title)} {_plain(report.period_text)}], date: {day})"
    yield _STYLE % {"language": report.language, "running": _plain(f"{report.title} · {report.period_text}")}
    yield from (_heading(report) if report.is_sheet else _cover(report))
    for section in report.sections:
        if section.key == "evidence":
            yield from _signature(report.sign_off, report)
            yield "#pagebreak()"
        yield from _section(section, 1)


def _cover(report: Report) -> Iterator[str]:
    version = t(f"Versi {report.version}", en=f"Version {report.version}")
    position = t("Posisi data: ", en="Data as of ") + report.position_text
    yield "#align(center)[#set par(justify: false)"
    yield "#v(5cm)"
    yield f'#text(size: 20pt, weight: "bold")[{_plain(report.title)}]\n'
    yield "#v(0.6cm)"
    yield f"#text(size: 14pt)[{_plain(report.period_text)}]\n"
    yield "#v(1.2cm)"
    yield f"{_plain(position)}\n"
    yield "#v(8cm)"
    yield f'#text(size: 14pt, weight: "bold")[{_plain(report.office_name)}]\n'
    yield f"{_plain(version)}"
    yield "]\n#pagebreak()"


def _heading(report: Report) -> Iterator[str]:
    yield "#align(center)[#set par(justify: false)"
    yield f"{_plain(report.office_name)}\\"
    yield f'#text(size: 16pt, weight: "bold")[{_plain(report.title)}]\\'
    yield f"{_plain(report.period_text)}]\n#v(0.6cm)"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'=' * level} {_plain(section.title)}\n"
    for block in section.blocks:
        yield from _block(block)
    for below in section.sections:
        yield from _section(below, level + 1)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            codes = f" #text(size: 7.5pt, fill: luma(80))[{_plain(' '.join(block.codes))}]" if block.codes else ""
            link = f" #link({_string(block.link)})[{_plain(block.link)}]" if block.link else ""
            yield f"{_plain(block.text)}{link}{codes}\n"
        case Bullets():
            mark = "+" if block.is_numbered else "-"
            yield "\n".join(f"{mark} {_plain(item)}" for item in block.items) + "\n"
        case Table():
            yield from _table(block)
        case Chart():
            yield (
                f"#figure(image({_string(block.key + '.svg')}, alt: {_string(block.alt)}, width: 100%), "
                f"caption: [{_plain(block.title)}])\n"
            )


def _table(table: Table) -> Iterator[str]:
    aligns = ", ".join("right" if column.align is Align.RIGHT else "left" for column in table.columns)
    columns = ", ".join("1fr" if _is_long(table, place) else "auto" for place in range(len(table.columns)))
    yield f"#figure(kind: table, caption: [{_plain(table.title)}], table(columns: ({columns},), align: ({aligns},),"
    yield "  table.header(" + ", ".join(f"[*{_plain(column.title)}*]" for column in table.columns) + "),"
    for row in table.rows:
        yield "  " + ", ".join(f"[{_cell(cell)}]" for cell in row) + ","
    yield "))\n"
    for note in table.notes:
        yield f"#text(size: 9pt)[{_plain(note)}]\n"


def _cell(cell: Cell) -> str:
    # An address has no spaces to break at: let it break after its slashes.
    text = _plain(cell.text)
    return text.replace("\\/", "\\/\u200b") if cell.text.startswith("http") else text


def _is_long(table: Table, place: int) -> bool:
    return max((len(row[place].text) for row in table.rows), default=0) > 18


def _signature(signed: SignOff, report: Report) -> Iterator[str]:
    place = ", ".join(part for part in (signed.place, signed.date) if part)
    yield "#v(1cm)\n#align(right)[#block(breakable: false, width: 7.5cm)[#align(center)["
    yield f"{_plain(place)}\\"
    yield f"{_plain(signed.role or report.office_name)}"
    yield "#v(2.8cm)"
    yield f"{_plain(signed.name) or '#h(1pt)'}"
    yield "]]]\n"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
