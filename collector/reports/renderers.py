"""The formats of a report. Each renderer is imported when it is first used: together they weigh more than the rest."""

from collections.abc import Callable, Mapping
from importlib import import_module

from collector.reports.model import Report

FORMATS = ("docx", "pdf", "xlsx", "html")
TEMPLATED = "docx"
"""The format that may be laid out into the office's own file."""


def _late(form: str) -> Callable[[Report], bytes]:
    def render(report: Report) -> bytes:
        return bytes(import_module(f"collector.reports.render_{form}").render(report))

    return render


RENDERERS: Mapping[str, Callable[[Report], bytes]] = {form: _late(form) for form in FORMATS}


def render_with(report: Report, template: bytes) -> bytes:
    """Lay a report out into an office's own Word file."""
    return bytes(import_module(f"collector.reports.render_{TEMPLATED}").render(report, template))
