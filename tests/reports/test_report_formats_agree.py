"""The four formats, opened again: the same figures in each, and each fit for its use."""

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Cm
from openpyxl import load_workbook
from pypdf import PdfReader

from collector.errors import SelectionError
from collector.reports.model import Chart, Paragraph, Report, Table
from collector.reports.render_docx import PLACEHOLDERS, check_template, default_template
from collector.reports.renderers import RENDERERS, render_with

STATED = re.compile(r"\d[\d.,]*%?")


@pytest.fixture(scope="module")
def files(report: Report) -> dict[str, bytes]:
    """The report in each format."""
    return {form: render(report) for form, render in RENDERERS.items()}


class Texts(HTMLParser):
    """The visible text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in ("style", "svg", "script")

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "svg", "script")

    def handle_data(self, data):
        if not self._hidden:
            self.parts.append(data)


def words_of(form: str, body: bytes) -> str:
    """Return a file's text as one line, without spaces: line breaks differ from format to format."""
    if form == "html":
        page = Texts()
        page.feed(body.decode())
        text = " ".join(page.parts)
    elif form == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    else:
        document = Document(BytesIO(body))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_every_sentence_and_cell_is_in_every_format(form: str, files: dict[str, bytes], report: Report) -> None:
    """Four files that differ would be four reports."""
    words = words_of(form, files[form])

    for block in report.blocks():
        if isinstance(block, Paragraph):
            assert squeezed(block.text) in words, block.text
        elif isinstance(block, Table):
            for text in (block.title, *block.notes, *(cell.text for row in block.rows for cell in row)):
                assert squeezed(text) in words, text
        elif isinstance(block, Chart) and form != "pdf":
            assert squeezed(block.title) in words


def test_a_workbook_has_numbers_as_numbers(files: dict[str, bytes], report: Report) -> None:
    """A spreadsheet that holds texts cannot be reckoned with; a dash is no number and no nought."""
    book = load_workbook(BytesIO(files["xlsx"]))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}

    tables = [block for block in report.blocks() if isinstance(block, Table)]
    for cell in (cell for table in tables for row in table.rows for cell in row):
        assert (float(cell.number) if cell.number is not None else cell.text) in cells | {""}, cell
    recap = book.worksheets[1]
    values = {row[0].value: [one.value for one in row[1:9]] for row in recap.iter_rows(min_row=5, max_row=10)}
    assert values["X"][1] == 376
    assert values["X"][3] == 314
    assert values["X"][5:7] == [62, 19.7]
    assert values["TikTok"][3:7] == ["–", "–", "–", "–"]
    assert values["Facebook"][3] == "1.652–1.653"
    assert len(recap._charts) == 2
    assert {sheet.title for sheet in book} >= {"Rekapitulasi Pengikut", "X (KpuPontianak)", "Lampiran  Bukti Angka"}


def test_a_pdf_is_tagged_closed_and_has_its_fonts(files: dict[str, bytes]) -> None:
    """It is signed and published: readable to everyone, and nothing in it that could change."""
    pdf = PdfReader(BytesIO(files["pdf"]))
    root = pdf.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"] is True or str(root["/MarkInfo"]["/Marked"]) == "True"
    assert str(root["/Lang"]) == "id"
    assert "/StructTreeRoot" in root
    assert "pdfuaid" in str(root["/Metadata"].get_data())
    assert not pdf.is_encrypted
    assert "/AcroForm" not in root
    assert not {"/OpenAction", "/AA", "/Names"} & set(root) or "/JavaScript" not in str(root.get("/Names", ""))
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"].get("/Font", {}).values()]
    assert fonts
    for font in fonts:
        (below,) = font["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(below.get_object()["/FontDescriptor"].get_object())


def test_the_same_report_gives_the_same_bytes(files: dict[str, bytes], report: Report) -> None:
    """What is printed again is what was signed. Of the Word file the text is the same."""
    for form in ("pdf", "xlsx", "html"):
        assert RENDERERS[form](report) == files[form], form
    assert words_of("docx", RENDERERS["docx"](report)) == words_of("docx", files["docx"])


def test_a_page_is_whole_in_itself_and_readable(files: dict[str, bytes]) -> None:
    """It is sent by chat and opened without a line; a screen reader gets every chart in words."""
    page = files["html"].decode()

    assert not re.search(r"""(?:src|href)=["'](?!#|https?://)""", page)
    assert "<script" not in page
    assert '<html lang="id">' in page
    assert page.count("<svg") == page.count('role="img"') == 3
    assert page.count("<h1>") == 1
    assert page.count("<caption>") == page.count("<table>")
    assert "&lt;langsung&gt;" in page


def test_charts_in_word_have_words_too(files: dict[str, bytes], report: Report) -> None:
    """A picture without words is nothing to some readers."""
    document = Document(BytesIO(files["docx"]))
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]

    assert described == [block.alt for block in report.blocks() if isinstance(block, Chart)]
    assert document.core_properties.title.startswith("Laporan")


def make_template(tmp_path, *lines: str, header: str = "KOP SURAT KPU KOTA CONTOH"):
    """Make an office's own file with a letterhead."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].left_margin = Cm(4)
    for line in lines:
        document.add_paragraph(line)
    path = tmp_path / "kop.docx"
    document.save(path)
    return path


def test_the_offices_own_file_keeps_its_letterhead(tmp_path, report: Report) -> None:
    """The report opens in the office's letterhead, its parts where the office wants them."""
    path = make_template(tmp_path, "{{ judul }}", "{{p rekap }}", "Isi {{ kantor }}", "{{p platform }}", "{{ nama }}")

    document = Document(BytesIO(render_with(report, path.read_bytes())))

    texts = [paragraph.text for paragraph in document.paragraphs]
    assert document.sections[0].header.paragraphs[0].text == "KOP SURAT KPU KOTA CONTOH"
    assert abs(document.sections[0].left_margin - Cm(4)) < 1000
    assert report.title in texts
    assert texts.index("Rekapitulasi Pengikut") < texts.index("Isi Kota Pontianak") < texts.index("X (KpuPontianak)")
    assert "Catatan Data" not in texts
    assert len(document.tables) == 8


def test_what_is_wrong_with_a_template_is_said(tmp_path) -> None:
    """Unknown placeholders by name, no place for the report, a broken one, and a file that is no Word file."""
    misspelt = check_template(make_template(tmp_path, "{{ judull }}", "{{p isi }}"))
    empty = check_template(make_template(tmp_path, "{{ judul }}"))
    assert (misspelt.unknown, misspelt.has_content) == (("judull",), True)
    assert (empty.unknown, empty.has_content) == ((), False)
    with pytest.raises(SelectionError, match="tanda isian yang rusak"):
        check_template(make_template(tmp_path, "{{ judul }"))
    (tmp_path / "kop.docx").write_bytes(b"no zip")
    with pytest.raises(SelectionError, match="tidak dapat dibuka"):
        check_template(tmp_path / "kop.docx")
    with pytest.raises(SelectionError, match="tidak dapat dibuka"):
        check_template(tmp_path / "none.docx")


def test_the_default_template_is_a_valid_one(tmp_path) -> None:
    """It is what an office begins from."""
    path = tmp_path / "laporan.docx"
    path.write_bytes(default_template())

    found = check_template(path)
    assert (found.unknown, found.has_content) == ((), True)
    assert "isi" in PLACEHOLDERS
