"""The formats of a report. Each renderer is imported when it is first used: together they weigh more than the rest."""

from collections.abc import Callable, Mapping

from collector.reports.model import Report

FORMATS = ("docx", "pdf", "xlsx", "html")
TEMPLATED = "docx"
"""The format that may be laid out into the office's own file."""


def render_with(report: Report, template: bytes | None = None) -> bytes:
    """Lay a report out as a Word file, into an office's own where one is given."""
    from collector.reports import render_docx

    return render_docx.render(report, template)


def _pdf(report: Report) -> bytes:
    from collector.reports import render_pdf

    return render_pdf.render(report)


def _xlsx(report: Report) -> bytes:
    from collector.reports import render_xlsx

    return render_xlsx.render(report)


def _html(report: Report) -> bytes:
    from collector.reports import render_html

    return render_html.render(report)


RENDERERS: Mapping[str, Callable[[Report], bytes]] = {
    "docx": render_with, "pdf": _pdf, "xlsx": _xlsx, "html": _html,
}  # fmt: skip
