"""The report as one self-contained HTML file: accessible, no scripts, and printable."""

from functools import cache
from typing import Any

from collector.language import t
from collector.reports.charts import draw_all
from collector.reports.model import Bullets, Chart, Paragraph, Report, Table

_TEMPLATE = "report.html"


def render(report: Report) -> bytes:
    """Lay a report out as HTML."""
    page = _environment().get_template(_TEMPLATE)
    words = {
        "version": t(f"Versi {report.version}", en=f"Version {report.version}"),
        "position": t("Posisi data", en="Data as of"),
        "contents": t("Isi", en="Contents"),
        "skip": t("Langsung ke isi", en="Skip to the content"),
    }
    return str(page.render(report=report, pictures=draw_all(report), words=words)).encode()


@cache
def _environment() -> Any:  # noqa: ANN401 - the library's own
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("collector.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.tests["paragraph"] = lambda block: isinstance(block, Paragraph)
    environment.tests["bullets"] = lambda block: isinstance(block, Bullets)
    environment.tests["table"] = lambda block: isinstance(block, Table)
    environment.tests["chart"] = lambda block: isinstance(block, Chart)
    return environment
