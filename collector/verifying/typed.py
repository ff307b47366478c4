"""Typed figures, read again in the file or the entry that was kept of them."""

import json
from zoneinfo import ZoneInfo

from collector.errors import CollectorError
from collector.importers.figures import TypedFigure, read_entry, read_figures
from collector.importers.tables import read_table
from collector.store.records import from_ms
from collector.verifying.answers import Opened

_NO_CELLS = ("by", "attachment")  # beside what was typed, the entry says who and with which proof

Said = tuple[int, int | None]


def read_again(opened: Opened, zone: ZoneInfo) -> dict[str, Said] | None:
    """Return what a kept file or entry says, by pointer; None where this version of the program cannot read it."""
    exchange, now = opened.exchange, from_ms(opened.answer.sent_at)
    if exchange is None or opened.cited is not None:
        return None
    try:
        if exchange.request.method == "ENTRY":
            cells = {name: str(text) for name, text in json.loads(exchange.body).items() if name not in _NO_CELLS}
            return {"body:/value": _said(read_entry(cells, zone=zone, now=now))}
        table = read_table(exchange.request.path.lstrip("/"), exchange.body)
        figures = read_figures(table, zone_of=lambda text: zone, now=now)
    except (CollectorError, ValueError, LookupError, AttributeError):
        return None
    return {f"cell:/{one.row}/{one.column}": _said(one) for one in figures}


def _said(figure: TypedFigure) -> Said:
    return figure.value, figure.upto
