"""Google Analytics 4: the visits of a site, from the Data API v1beta (`runReport`), read as a service account.

Days are the property's own; its time zone comes with every answer. Users are distinct people: they are asked for once
for each span, without dimensions, and never summed (website.md A5). Google leaves idle days out, and sometimes days
with few visitors too: a day without a row is believed to be idle only where the rows add up to the window's own total.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta

from connectors.kit import (
    Action,
    Assignment,
    Coverage,
    Days,
    Fetch,
    Kind,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Reading,
    Reason,
    Request,
    ShapeError,
)
from connectors.kit.metrics import SESSIONS
from connectors.website import ga4_table as table
from connectors.website.days import days_of, say_answered, yesterday_in
from connectors.website.measures import CITY, COUNTRY, GA4, PAGE
from connectors.website.parts import ASKED, KEPT, about_of
from connectors.website.visits import Site

_DIMENSIONS = {PAGE: "pagePath", COUNTRY: "countryId", CITY: "city"}
_ROWS_A_PAGE = 10_000  # the API's own default (website.md A2); a slice of days fits into one page

Json = dict[str, object]


class Ga4:
    """The property of one assignment's account."""

    counted = GA4
    slice_days = 366  # a row for each is a small answer, and its price grows with the rows (website.md A3)

    def __init__(self, assignment: Assignment, fetch: Fetch) -> None:
        self._now = assignment.now
        self._fetch = fetch
        self._path = f"/v1beta/properties/{assignment.account.settings['ga4_property_id']}:runReport"

    def introduce(self, first: date) -> Site:
        """Ask for the first day that has a row: the Data API does not tell since when a property counts."""
        days = Days(first, max(first, self._now.astimezone(UTC).date()))
        question = {**_by_day(0), "limit": "1", "metrics": [{"name": "sessions"}]}
        try:
            answer = self._fetch(self._report(days, question))
            rows = table.rows_of(answer)
            counted = min((table.day_of(row["dimensionValues"][0]["value"]) for row in rows), default=None)
        except (NotOfferedError, ShapeError) as error:
            if error.action is Action.RETRY:
                raise
            return Site(yesterday_in(self._now, "UTC"))  # not told: everything is asked for
        yesterday = yesterday_in(self._now, table.zone_of(answer))
        return Site(yesterday, counted or yesterday + timedelta(days=1), answer["metadata"])

    def read_days(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read a row for each day that was not idle."""
        pages = self._pages(days, wanted)
        where, note = pages[0]["rowCount"], table.why_not_whole(pages[0])
        if note:
            yield from (where.gap(measure, Reason.NOT_OFFERED, on=days, note=note) for measure in wanted)
            return
        sums: dict[date, dict[Measure, int]] = {}
        for page in pages:
            rows = table.rows_of(page)
            columns = table.columns_of(page, self._names(wanted)) if rows else {}
            for row in rows:
                day = table.day_of(row["dimensionValues"][0]["value"])
                if days.first <= day <= days.last:
                    figures = list(table.read_row(row, columns, day))
                    sums[day] = {one.measure: one.value for one in figures if isinstance(one, Reading)}
                    yield from figures
        if not sums:
            yield from (where.gap(measure, Reason.EMPTY, on=days) for measure in wanted)
            return
        span = Days(days.first, max(sums))
        is_whole = len(sums) == span.length or self._adds_up(span, wanted, sums)
        note = "" if is_whole else "the days' rows do not add up to the window's own total"
        yield from say_answered(span, days_of(span) if is_whole else list(sums), wanted, where, note)

    def read_whole(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read a window's totals; a window without visits has no row."""
        answer = self._totals(days, wanted)
        rows, note = table.rows_of(answer), table.why_not_whole(answer)
        if note:
            yield from (answer["metadata"].gap(measure, Reason.NOT_OFFERED, on=days, note=note) for measure in wanted)
        elif not rows:
            reason = Reason.BELOW_FLOOR if table.is_thresholded(answer) else Reason.EMPTY
            yield from (answer["rows"].gap(measure, reason, on=days) for measure in wanted)
        else:
            yield from table.read_row(rows[0], table.columns_of(answer, self._names(wanted)), days)
            yield from (Coverage(measure, days, answer["rows"].place) for measure in wanted)

    def read_part(self, part: str, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read a window's largest rows by page, country or city; small groups may be withheld (website.md A2)."""
        order = {"metric": {"metricName": GA4.name_of(wanted[-1])}, "desc": True}
        question = {"dimensions": [{"name": _DIMENSIONS[part]}], "orderBys": [order], "limit": str(ASKED)}
        answer = self._fetch(self._report(days, {**question, "metrics": self._metrics(wanted)}))
        rows, note = table.rows_of(answer), table.why_not_whole(answer)
        columns = table.columns_of(answer, self._names(wanted)) if rows else {}
        abouts = [about_of(part, row["dimensionValues"][0]["value"].text()) for row in rows]
        kept = [(row, about) for row, about in zip(rows, abouts, strict=True) if about is not None][:KEPT]
        if not note:
            for row, about in kept:
                yield from table.read_row(row, columns, days, about)
        reason, said = table.what_is_withheld(answer, note, is_empty=not kept)
        if reason is not None:
            yield from (answer["metadata"].gap(one, reason, on=days, about=part, note=said) for one in wanted)
        yield from (Coverage(measure, days, answer["metadata"].place) for measure in wanted)

    def _adds_up(self, span: Days, wanted: Sequence[Measure], days: Mapping[date, Mapping[Measure, int]]) -> bool:
        """Whether the days' rows sum up to the window's own total, which is asked for as one window.

        Sessions may sum up to more: one over midnight counts on both of its days (website.md A5).
        """
        answer = self._totals(span, wanted)
        rows = table.rows_of(answer)
        flows = [measure for measure in wanted if measure.kind is Kind.FLOW]
        if not rows or not flows or table.why_not_whole(answer):
            return False
        columns = table.columns_of(answer, self._names(wanted))
        for measure in flows:
            total = rows[0]["metricValues"][columns[measure]]["value"].number()
            summed = sum(figures.get(measure, 0) for figures in days.values())
            if summed < total or (summed > total and measure.metric != SESSIONS):
                return False
        return True

    def _pages(self, days: Days, wanted: Sequence[Measure]) -> list[Node]:
        """Ask for a row per day until all rows are there; there are never more rows than days."""
        pages: list[Node] = []
        had = 0
        while True:
            page = self._fetch(self._report(days, {**_by_day(had), "metrics": self._metrics(wanted)}))
            pages.append(page)
            rows = table.rows_of(page)
            had += len(rows)
            if not page["rowCount"].exists or had >= page["rowCount"].number():
                return pages
            if not rows or had > days.length:
                raise ShapeError(f"{self._path}: {had} rows of {days.length} days", place=page["rowCount"].place)

    def _totals(self, days: Days, wanted: Sequence[Measure]) -> Node:
        """Ask for one row of totals, without dimensions."""
        return self._fetch(self._report(days, {"metrics": self._metrics(wanted)}))

    def _report(self, days: Days, question: Mapping[str, object]) -> Request:
        ranges = [{"startDate": str(days.first), "endDate": str(days.last)}]
        body: Json = {"dateRanges": ranges, **question, "returnPropertyQuota": True}
        return Request("ga4", self._path, method="POST", json=body)

    def _names(self, wanted: Sequence[Measure]) -> dict[Measure, str]:
        return {measure: GA4.name_of(measure) for measure in wanted}

    def _metrics(self, wanted: Sequence[Measure]) -> list[Json]:
        return [{"name": GA4.name_of(measure)} for measure in wanted]


def _by_day(offset: int) -> Json:
    """Return the part of a question that asks for a row per day, from row `offset` on."""
    return {
        "dimensions": [{"name": "date"}],
        "orderBys": [{"dimension": {"dimensionName": "date"}}],
        "limit": str(_ROWS_A_PAGE),
        "offset": str(offset),
    }
