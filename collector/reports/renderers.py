"""The formats of a report. Each renderer is imported when it is first used: together they weigh more than the rest."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from collector.errors import SettingsError
from collector.language import t
from collector.reports.model import Report

FORMATS = ("docx", "pdf", "xlsx", "html")
TEMPLATED = "docx"
"""The format that may be laid out into the office's own file."""


@contextmanager
def _installed() -> Iterator[None]:
    """Say in a sentence where the libraries of reports were left out of an installation."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingsError(
            t(
                f"Pustaka untuk laporan belum terpasang ({error.name}). Pasang dengan: pip install 'collector[reports]'.",
                en=f"The libraries for reports are not installed ({error.name}): pip install 'collector[reports]'.",
            )
        ) from None


def render_with(report: Report, template: bytes | None = None) -> bytes:
    """Lay a report out as a Word file, into an office's own where one is given."""
    from collector.reports import render_docx

    with _installed():
        return render_docx.render(report, template)


def _pdf(report: Report) -> bytes:
    from collector.reports import render_pdf

    with _installed():
        return render_pdf.render(report)


def _xlsx(report: Report) -> bytes:
    from collector.reports import render_xlsx

    with _installed():
        return render_xlsx.render(report)


def _html(report: Report) -> bytes:
    from collector.reports import render_html

    with _installed():
        return render_html.render(report)


RENDERERS: Mapping[str, Callable[[Report], bytes]] = {
    "docx": render_with, "pdf": _pdf, "xlsx": _xlsx, "html": _html,
}  # fmt: skip
