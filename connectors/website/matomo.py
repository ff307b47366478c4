"""Matomo: the visits of a site, from the Reporting API of the office's own or another's server.

One question at a time, always by POST, because the key must not stand in an address (website.md B1). Days are the
site's own. Matomo counts distinct visitors for days and months only; for longer spans the member is absent unless the
server is set up so (website.md B5).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from connectors.kit import (
    Action,
    Assignment,
    Coverage,
    Days,
    Fetch,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Reason,
    Request,
    ShapeError,
)
from connectors.kit.metrics import MONTH
from connectors.website.days import day_in, say_answered, yesterday_in
from connectors.website.measures import CITY, COUNTRY, MATOMO, PAGE
from connectors.website.parts import ASKED, KEPT, about_of
from connectors.website.visits import Site

_LISTS = {PAGE: "Actions.getPageUrls", COUNTRY: "UserCountry.getCountry", CITY: "UserCountry.getCity"}
_LABELS = {PAGE: "label", COUNTRY: "code", CITY: "label"}
"""Where a row says what it is about; a city's label has its region and country, because its name alone may be two."""


class Matomo:
    """The site of one assignment's account."""

    counted = MATOMO
    slice_days = 31  # each day that was never asked for is worked out first, which may take a server long (B4)

    def __init__(self, assignment: Assignment, fetch: Fetch) -> None:
        self._now = assignment.now
        self._fetch = fetch
        self._site = assignment.account.settings["matomo_site_id"]

    def introduce(self, first: date) -> Site:
        """Ask for the site's zone, and when it was entered: nothing is counted before (website.md B1)."""
        try:
            answer = self._ask("SitesManager.getSiteFromId", {})
        except (NotOfferedError, ShapeError) as error:
            if error.action is Action.RETRY:
                raise
            return Site(yesterday_in(self._now, "UTC"))  # not told: everything is asked for
        site = answer[0] if answer[0].exists else answer  # older ones answer with a list of one
        zone = site["timezone"].text() if site["timezone"].exists else "UTC"
        begun = _moment(site["ts_created"])
        return Site(yesterday_in(self._now, zone), begun and day_in(begun, zone), site["ts_created"])

    def read_days(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read an object keyed by day; an idle day is an empty list, whatever the others are (website.md B2).

        A day that is not worked out yet is an empty list as well: the days after the last figure stay open.
        """
        answer = self._figures("day", f"{days.first},{days.last}", wanted)
        named, newest = set(), None
        for name, figures in () if _is_empty(answer) else answer.members():
            day = _day(name)
            if day is None or not days.first <= day <= days.last:
                continue
            named.add(day)
            if not _is_empty(figures):
                newest = max(day, newest or day)
                yield from _read_figures(figures, wanted, day)
        if newest is None:
            yield from (answer.gap(measure, Reason.EMPTY, on=days) for measure in wanted)
            return
        span, answered = Days(days.first, newest), {day for day in named if day <= newest}
        yield from say_answered(span, answered, wanted, answer, "the answer does not name the day")

    def read_whole(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read a window: a month by its name, anything longer as a range of days."""
        answer = self._figures(*_period(days, wanted), wanted)
        if _is_empty(answer):
            yield from (answer.gap(measure, Reason.EMPTY, on=days) for measure in wanted)
        else:
            yield from _read_figures(answer, wanted, days)
            yield from (Coverage(measure, days, answer.place) for measure in wanted)

    def read_part(self, part: str, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read a window's largest rows by page, country or city. A server without maps knows no city (B3)."""
        names = [MATOMO.name_of(measure) for measure in wanted]
        period, when = _period(days, wanted)
        form = {
            "period": period,
            "date": when,
            "filter_limit": str(ASKED),
            "filter_sort_column": names[0],
            "filter_sort_order": "desc",
            "showColumns": ",".join(("label", *names)),
            **({"flat": "1"} if part == PAGE else {}),
        }
        answer = self._ask(_LISTS[part], form)
        rows = list(answer)
        kept = 0
        for row in rows:
            label = row[_LABELS[part]]
            about = about_of(part, label.text() if label.exists else "")
            if about is None or kept == KEPT:
                continue
            kept += 1
            for measure, name in zip(wanted, names, strict=True):
                figure = row[name]
                if figure.exists:
                    yield figure.read(measure, on=days, about=about)
                else:
                    yield figure.gap(measure, Reason.NOT_OFFERED, on=days, about=about)
        if not kept:
            reason, note = (Reason.NOT_OFFERED, "no row can be shown") if rows else (Reason.EMPTY, "")
            yield from (answer.gap(measure, reason, on=days, about=part, note=note) for measure in wanted)
        yield from (Coverage(measure, days, answer.place) for measure in wanted)

    def _figures(self, period: str, when: str, wanted: Sequence[Measure]) -> Node:
        columns = ",".join(MATOMO.name_of(measure) for measure in wanted)
        return self._ask("API.get", {"period": period, "date": when, "columns": columns, "filter_limit": "-1"})

    def _ask(self, method: str, more: dict[str, str]) -> Node:
        form = {
            "module": "API",
            "method": method,
            "idSite": self._site,
            "format": "JSON",
            "format_metrics": "0",
            "language": "en",
            **more,
        }
        return self._fetch(Request("matomo", "/index.php", method="POST", form=form))


def _period(days: Days, wanted: Sequence[Measure]) -> tuple[str, str]:
    """Return how a window is asked for. Years are ranges too: a year's archive may be stale (website.md B5)."""
    return ("month", str(days.first)) if wanted[0].span == MONTH else ("range", f"{days.first},{days.last}")


def _read_figures(figures: Node, wanted: Sequence[Measure], on: date | Days) -> Iterator[Observation]:
    figures.members()  # raises ShapeError where it is neither an object nor an empty list
    for measure in wanted:
        name = MATOMO.name_of(measure)
        if figures[name].exists:
            yield figures[name].read(measure, on=on)
        else:
            yield figures.gap(measure, Reason.NOT_OFFERED, on=on, note=f"the answer has no {name}")


def _is_empty(node: Node) -> bool:
    try:
        return not list(node)
    except ShapeError:
        return False


def _day(name: str) -> date | None:
    """Return the day that a member is of, None for a member that is no day."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", name):
        return None
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _moment(node: Node) -> datetime | None:
    """Return a moment as Matomo writes it, in UTC; None where it does not."""
    try:
        return datetime.strptime(node.text(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except (ShapeError, ValueError):
        return None
