"""Matomo: the visits of a site, from its Reporting API (Matomo 4 and later), with a key that may only view.

Everything is asked for by POST, because the key must not stand in an address (website.md B1). Days are the site's
own. Matomo counts distinct visitors for days and months only; for longer spans the member is absent (website.md B5).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from connectors.kit import Assignment, Coverage, Days, Fetch, Measure, Node, Observation, Reason, Request, ShapeError
from connectors.kit.metrics import MONTH, PAGE_VIEWS, SESSIONS, USERS

_NAMES = {USERS: "nb_uniq_visitors", SESSIONS: "nb_visits", PAGE_VIEWS: "nb_pageviews"}


class Matomo:
    """The site of one assignment's account."""

    def __init__(self, assignment: Assignment, fetch: Fetch) -> None:
        self._fetch = fetch
        self._site = assignment.account.settings["matomo_site_id"]

    def read_days(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read an object keyed by day; an idle day is an empty list, whatever the others are (website.md B2)."""
        answer = self._ask("day", f"{days.first},{days.last}", wanted)
        answered = []
        for name, figures in () if _is_empty(answer) else answer.members():
            day = _day(name)
            if day is not None and days.first <= day <= days.last:
                answered.append(day)
                yield from () if _is_empty(figures) else _read_figures(figures, wanted, day)
        for covered in _runs(sorted(answered)):
            yield from (Coverage(measure, covered, answer.place) for measure in wanted)
        if not answered:
            yield from (answer.gap(measure, Reason.EMPTY, on=days) for measure in wanted)

    def read_period(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read a closed period: a month by its name, anything longer as a range of days."""
        is_month = wanted[0].span == MONTH
        answer = self._ask(
            "month" if is_month else "range", str(days.first) if is_month else f"{days.first},{days.last}", wanted
        )
        if _is_empty(answer):
            yield from (answer.gap(measure, Reason.EMPTY, on=days) for measure in wanted)
        else:
            yield from _read_figures(answer, wanted, days)

    def _ask(self, period: str, when: str, wanted: Sequence[Measure]) -> Node:
        form = {
            "module": "API",
            "method": "API.get",
            "idSite": self._site,
            "period": period,
            "date": when,
            "columns": ",".join(_NAMES[measure.metric] for measure in wanted),
            "format": "JSON",
            "format_metrics": "0",
            "filter_limit": "-1",
            "language": "en",
        }
        return self._fetch(Request("matomo", "/index.php", method="POST", form=form))


def _read_figures(figures: Node, wanted: Sequence[Measure], on: date | Days) -> Iterator[Observation]:
    figures.members()  # raises ShapeError where it is neither an object nor an empty list
    for measure in wanted:
        value = figures[_NAMES[measure.metric]]
        yield value.read(measure, on=on) if value.exists else value.gap(measure, Reason.NOT_OFFERED, on=on)


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


def _runs(days: Sequence[date]) -> Iterator[Days]:
    """Join sorted days to spans without holes: only the days that the answer names were answered."""
    first = last = None
    for day in days:
        if first is None or last is None or day - last > timedelta(days=1):
            if first is not None and last is not None:
                yield Days(first, last)
            first = day
        last = day
    if first is not None and last is not None:
        yield Days(first, last)
