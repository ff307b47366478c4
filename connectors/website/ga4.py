"""Google Analytics 4: the visits of a site, from the Data API v1beta (`runReport`), read as a service account.

Days are the property's own; its time zone comes with every answer. Users are distinct people: they are asked for once
for each span, without dimensions, and never summed (website.md A5).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.kit import (
    Assignment,
    Coverage,
    Days,
    Fetch,
    Measure,
    Node,
    Observation,
    Reason,
    Request,
    ShapeError,
)
from connectors.kit.metrics import PAGE_VIEWS, SESSIONS, USERS

_NAMES = {USERS: "activeUsers", SESSIONS: "sessions", PAGE_VIEWS: "screenPageViews"}
_ROWS_A_PAGE = 10_000  # the API's own default (website.md A2); a window of days fits into one page


class Ga4:
    """The property of one assignment's account."""

    def __init__(self, assignment: Assignment, fetch: Fetch) -> None:
        self._now = assignment.now
        self._fetch = fetch
        self._path = f"/v1beta/properties/{assignment.account.settings['ga4_property_id']}:runReport"

    def read_days(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read a row for each day that was not idle; what was answered is covered up to the property's yesterday."""
        pages = self._pages(days, wanted)
        finished = min(days.last, _last_day_over(pages[0], self._now))
        for page in pages:
            rows = _rows(page)
            columns = _columns(page, wanted) if rows else {}
            for row in rows:
                day = _day(row["dimensionValues"][0]["value"])
                if days.first <= day <= finished:
                    yield from _read_row(row, columns, day)
        if days.first <= finished:
            covered = Days(days.first, finished)
            yield from (Coverage(measure, covered, pages[0]["rowCount"].place) for measure in wanted)

    def read_period(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read a closed period's totals; a period without visits, or before the first count, has no row."""
        answer = self._fetch(self._report(days, wanted))
        rows = _rows(answer)
        if _last_day_over(answer, self._now) < days.last:
            yield from (answer.gap(measure, Reason.TOO_EARLY, on=days) for measure in wanted)
        elif not rows:
            yield from (answer["rows"].gap(measure, Reason.EMPTY, on=days) for measure in wanted)
        else:
            yield from _read_row(rows[0], _columns(answer, wanted), days)

    def _pages(self, days: Days, wanted: Sequence[Measure]) -> list[Node]:
        """Ask for a row per day until all rows are there; there are never more rows than days."""
        pages: list[Node] = []
        had = 0
        while True:
            page = self._fetch(self._report(days, wanted, offset=had))
            pages.append(page)
            rows = _rows(page)
            had += len(rows)
            if not page["rowCount"].exists or had >= page["rowCount"].number():
                return pages
            if not rows or had > days.length:
                raise ShapeError(f"{self._path}: {had} rows of {days.length} days", place=page["rowCount"].place)

    def _report(self, days: Days, wanted: Sequence[Measure], offset: int | None = None) -> Request:
        """Ask for one row of totals, or from row `offset` on for a row per day."""
        body: dict[str, object] = {
            "dateRanges": [{"startDate": str(days.first), "endDate": str(days.last)}],
            "metrics": [{"name": _NAMES[measure.metric]} for measure in wanted],
        }
        if offset is not None:
            body |= {
                "dimensions": [{"name": "date"}],
                "orderBys": [{"dimension": {"dimensionName": "date"}}],
                "limit": str(_ROWS_A_PAGE),
                "offset": str(offset),
            }
        return Request("ga4", self._path, method="POST", json=body)


def _rows(answer: Node) -> list[Node]:
    """List an answer's rows; the member is left out where there are none (website.md A2)."""
    return list(answer["rows"]) if answer["rows"].exists else []


def _columns(answer: Node, wanted: Sequence[Measure]) -> dict[Measure, int]:
    """Find each measure's column by its header, because no order is promised. Raises ShapeError where it has none."""
    headers = answer["metricHeaders"]
    numbers = {header["name"].text(): number for number, header in enumerate(headers) if header["name"].exists}
    for measure in wanted:
        if _NAMES[measure.metric] not in numbers:
            raise ShapeError(f"no column {_NAMES[measure.metric]} at {headers.pointer}", place=headers.place)
    return {measure: numbers[_NAMES[measure.metric]] for measure in wanted}


def _read_row(row: Node, columns: Mapping[Measure, int], on: date | Days) -> Iterator[Observation]:
    for measure, column in columns.items():
        value = row["metricValues"][column]["value"]
        yield value.read(measure, on=on) if value.exists else value.gap(measure, Reason.NOT_OFFERED, on=on)


def _day(node: Node) -> date:
    """Return the day that answers write as 20261116 (questions write 2026-11-16)."""
    if re.fullmatch(r"[0-9]{8}", node.text()):
        try:
            return date.fromisoformat(node.text())
        except ValueError:
            pass
    raise ShapeError(f"expected a day at {node.pointer}, found {node.text()[:40]!r}", place=node.place)


def _last_day_over(answer: Node, now: datetime) -> date:
    """Return yesterday in the property's own zone, which every answer names; in UTC where it does not."""
    name = answer["metadata"]["timeZone"]
    try:
        zone = ZoneInfo(name.text() if name.exists else "UTC")
    except (KeyError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    return now.astimezone(zone).date() - timedelta(days=1)
