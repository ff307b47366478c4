"""The report as a Word file: into the default template, or into the office's own with its letterhead.

A template is a Word file with placeholders. `{{p isi }}` takes the whole report; offices that want its parts in places
of their own use `{{p rekap }}` and the like instead. All are listed in `PLACEHOLDERS`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from collector.errors import SelectionError
from collector.language import t
from collector.reports.charts import Picture, draw_all
from collector.reports.model import Align, Block, Bullets, Chart, Paragraph, Report, Section, Table
from collector.system_errors import reason

_PARTS = {
    "pendahuluan": "introduction", "rekap": "recap", "platform": "platform", "kendala": "obstacles",
    "solusi": "solutions", "catatan": "notes", "penutup": "closing", "lampiran": "evidence",
}  # fmt: skip
_WORDS: Mapping[str, Callable[[Report], str]] = {
    "judul": lambda report: report.title,
    "kantor": lambda report: report.office_name,
    "periode": lambda report: report.period_text,
    "posisi": lambda report: report.position_text,
    "versi": lambda report: str(report.version),
    "tempat": lambda report: report.sign_off.place,
    "tanggal": lambda report: report.sign_off.date,
    "jabatan": lambda report: report.sign_off.role,
    "nama": lambda report: report.sign_off.name,
}
_WHOLE = "isi"
PLACEHOLDERS = (*_WORDS, _WHOLE, *_PARTS)
"""What a template may hold. The words are written `{{ judul }}`, the parts `{{p isi }}`."""

_TABLE_POINTS, _TEXT_CENTIMETRES, _CENTIMETRES_A_LETTER = 8.5, 16.0, 0.2


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """What a template holds: placeholders that are not known, and whether the report's content has a place."""

    unknown: tuple[str, ...]
    has_content: bool


def render(report: Report, template: bytes | None = None) -> bytes:
    """Lay a report out as a Word file. Raises SelectionError where the template cannot be used."""
    from docxtpl import DocxTemplate

    usual = sheet_template if report.is_sheet else default_template
    document = DocxTemplate(BytesIO(template if template is not None else usual()))
    document.init_docx()
    pictures = draw_all(report)
    values: dict[str, Any] = {name: value(report) for name, value in _WORDS.items()}
    wanted = document.get_undeclared_template_variables()
    if _WHOLE in wanted:
        values[_WHOLE] = _part(document, [one for one in report.sections if one.key != "evidence"], pictures)
    for name, key in _PARTS.items():
        if name in wanted:
            values[name] = _part(document, [one for one in report.sections if one.key == key], pictures)
    document.render(values, autoescape=True)
    properties = document.docx.core_properties
    properties.title, properties.author = f"{report.title} {report.period_text}", report.office_name
    properties.created = properties.modified = report.made_at.replace(tzinfo=None, microsecond=0)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def check_template(path: Path) -> TemplateCheck:
    """Look at an office's template. Raises SelectionError where it is no Word file or its placeholders are broken."""
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError

    try:
        document = DocxTemplate(BytesIO(read_template(path)))
        document.init_docx()
        found = document.get_undeclared_template_variables()
    except TemplateError as error:
        raise SelectionError(
            t(
                f"Templat {path} punya tanda isian yang rusak ({error.message}). Tulis misalnya {{{{ judul }}}} atau "
                "{{p isi }}, dengan kurung kurawal ganda yang lengkap.",
                en=f"The template {path} has a broken placeholder ({error.message}). Write for example {{{{ judul }}}} "
                "or {{p isi }}, with whole double braces.",
            )
        ) from None
    unknown = tuple(sorted(found - set(PLACEHOLDERS)))
    return TemplateCheck(unknown, bool(found & {_WHOLE, "rekap", "platform"}))


def read_template(path: Path) -> bytes:
    """Return a template's bytes. Raises SelectionError where it is not there or no Word file."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        body = path.read_bytes()
        Document(BytesIO(body))
    except (OSError, ValueError, KeyError, BadZipFile, PackageNotFoundError) as error:
        why = reason(error) if isinstance(error, OSError) else t("bukan berkas .docx", en="not a .docx file")
        raise SelectionError(
            t(
                f"Templat {path} tidak dapat dibuka ({why}). Simpan lagi dari pengolah kata sebagai .docx.",
                en=f"The template {path} cannot be opened ({why}). Save it again from the word processor as .docx.",
            )
        ) from None
    return body


@cache
def default_template() -> bytes:
    """Return the template of an ordinary official report, to be used as it is or to be adapted."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    document = _page()
    _center(document, (("{{ judul }}", 20, 140), ("{{ periode }}", 14, 12), ("Posisi data: {{ posisi }}", 11, 12),
                       ("{{ kantor }}", 14, 220)))  # fmt: skip
    document.add_page_break()
    document.add_paragraph("{{p isi }}")
    for text in ("{{ tempat }}, {{ tanggal }}", "{{ jabatan }}", "", "", "", "{{ nama }}"):
        line = document.add_paragraph(text)
        line.paragraph_format.left_indent, line.alignment = Cm(8), WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.keep_with_next = True
    document.add_page_break()
    document.add_paragraph("{{p lampiran }}")
    return _bytes_of(document)


@cache
def sheet_template() -> bytes:
    """Return the template of a sheet: a title over its sections."""
    document = _page()
    _center(document, (("{{ judul }}", 16, 0), ("{{ periode }}", 11, 2)))
    document.add_paragraph("{{p isi }}")
    return _bytes_of(document)


def _page() -> Any:  # noqa: ANN401 - the library's own
    """Return an empty document of an official look, with the office above and the title below each page."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin = page.bottom_margin = Cm(2.3)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Bookman Old Style", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Bookman Old Style")
    for level, size in ((1, 14), (2, 12)):
        heading = document.styles[f"Heading {level}"]
        heading.font.name, heading.font.size, heading.font.bold = "Bookman Old Style", Pt(size), True
        heading.font.color.rgb = RGBColor(0, 0, 0)
    caption = document.styles["Caption"]
    caption.font.name, caption.font.size, caption.font.color.rgb = "Bookman Old Style", Pt(9.5), RGBColor(0, 0, 0)
    header = page.header.paragraphs[0]
    header.text, header.alignment = "{{ kantor }}", WD_ALIGN_PARAGRAPH.CENTER
    footer = page.footer.paragraphs[0]
    footer.text, footer.alignment = "{{ judul }} · {{ periode }}", WD_ALIGN_PARAGRAPH.CENTER
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "id-ID")
    style.element.rPr.append(language)
    return document


def _center(document: Any, lines: Iterable[tuple[str, int, int]]) -> None:  # noqa: ANN401 - the library's own
    """Write lines in the middle: text, size and the room above in points."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for text, size, before in lines:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_before = Pt(before)
        run = line.add_run(text)
        run.bold, run.font.size = size > 11, Pt(size)


def _bytes_of(document: Any) -> bytes:  # noqa: ANN401 - the library's own
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _part(document: Any, sections: Iterable[Section], pictures: Mapping[str, Picture]) -> Any:  # noqa: ANN401 - the library's own
    part = document.new_subdoc()
    styles = {style.name for style in document.docx.styles}
    writer = _Writer(part, styles, pictures)
    for section in sections:
        writer.section(section, 1)
    return part


class _Writer:
    """Writes sections into a part of a document, with the styles that its template has."""

    def __init__(self, part: Any, styles: set[str], pictures: Mapping[str, Picture]) -> None:  # noqa: ANN401 - the library's own
        self._part = part
        self._styles = styles
        self._pictures = pictures

    def section(self, section: Section, level: int) -> None:
        """Write a section and those below it."""
        self._paragraph(section.title, f"Heading {level}", is_bold=f"Heading {level}" not in self._styles)
        for block in section.blocks:
            self._block(block)
        for below in section.sections:
            self.section(below, level + 1)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                codes = f" [{' '.join(block.codes)}]" if block.codes else ""
                self._paragraph(" ".join((f"{block.text}{codes}", block.link)).strip())
            case Bullets():
                style = "List Number" if block.is_numbered else "List Bullet"
                for number, item in enumerate(block.items, start=1):
                    mark = "" if style in self._styles else f"{number}. " if block.is_numbered else "• "
                    self._paragraph(f"{mark}{item}", style)
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)

    def _paragraph(self, text: str, style: str = "", *, is_bold: bool = False) -> Any:  # noqa: ANN401 - the library's own
        paragraph = self._part.add_paragraph()
        if style in self._styles:
            paragraph.style = style
        paragraph.add_run(text).bold = True if is_bold else None
        return paragraph

    def _table(self, table: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm, Pt

        caption = self._paragraph(table.title, "Caption", is_bold=True)
        caption.paragraph_format.keep_with_next = True
        drawn = self._part.add_table(rows=1, cols=len(table.columns))
        drawn.autofit = False
        _border(drawn)
        widths = [Cm(share) for share in _widths(table)]
        for drawn_column, width in zip(drawn.columns, widths, strict=True):
            drawn_column.width = width  # word processors differ in which of the two widths they look at
        titles = [column.title for column in table.columns]
        for texts, is_heading in ((titles, True), *(([cell.text for cell in row], False) for row in table.rows)):
            row = drawn.rows[0] if is_heading else drawn.add_row()
            _keep_whole(row)
            for cell, text, column, width in zip(row.cells, texts, table.columns, widths, strict=True):
                cell.width = width
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
                run = cell.paragraphs[0].add_run(text)
                run.font.size, run.bold = Pt(_TABLE_POINTS), is_heading or None
                if column.align is Align.RIGHT:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _repeat_heading(drawn.rows[0])
        for note in table.notes:
            self._paragraph(note).runs[0].font.size = Pt(_TABLE_POINTS + 0.5)

    def _chart(self, chart: Chart) -> None:
        from docx.shared import Cm

        picture = self._pictures[chart.key]
        line = self._part.add_paragraph()
        inline = line.add_run().add_picture(BytesIO(picture.png), width=Cm(_TEXT_CENTIMETRES))._inline
        inline.docPr.set("descr", picture.alt)  # what a screen reader says
        inline.docPr.set("title", picture.title)
        self._paragraph(chart.title, "Caption")


def _widths(table: Table) -> list[float]:
    """Share out a page's width in centimetres: each column by its longest word, the rest by its longest text."""
    texts = [
        [column.title, *(row[place].text for row in table.rows)] for place, column in enumerate(table.columns)
    ]  # fmt: skip
    words = [max(len(word) for text in column for word in (text.split() or [""])) for column in texts]
    least = [min(_CENTIMETRES_A_LETTER * letters + 0.45, 4.0) for letters in words]
    wanted = [min(_CENTIMETRES_A_LETTER * max(map(len, column)) + 0.45, 7.0) for column in texts]
    room = max(_TEXT_CENTIMETRES - sum(least), 0.0)
    more = [max(want - width, 0.0) for want, width in zip(wanted, least, strict=True)]
    part = min(1.0, room / sum(more)) if sum(more) else 0.0
    widths = [width + extra * part for width, extra in zip(least, more, strict=True)]
    scale = min(1.0, _TEXT_CENTIMETRES / sum(widths))
    return [width * scale for width in widths]


def _keep_whole(row: Any) -> None:  # noqa: ANN401 - the library's own
    """Keep a row on one page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _border(table: Any) -> None:  # noqa: ANN401 - the library's own
    """Draw a table's lines whatever styles the template has."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "808080")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _repeat_heading(row: Any) -> None:  # noqa: ANN401 - the library's own
    """Let a table's heading stand on each of its pages."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
