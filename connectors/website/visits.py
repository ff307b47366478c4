"""What is asked of either counting service: the days of the window, then each closed period, measure by measure.

A service only has to read one span of days for some measures; here it is decided which, and what is said about the
measures that cannot be had.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta
from typing import Protocol

from connectors.kit import Assignment, Days, Measure, Metric, NotOfferedError, Observation, Reason, missing
from connectors.kit.metrics import DAY
from connectors.website.measures import CALENDAR_SPANS, VISIT_MEASURES


class Service(Protocol):
    """A counting service. Both methods raise NotOfferedError where a measure is refused."""

    def read_days(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read each day's figures."""

    def read_period(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read the figures of the days as one window."""


def read_visits(assignment: Assignment, service: Service) -> Iterator[Observation]:
    """Read the days still to be asked for, then the closed periods."""
    yesterday = last_day_over(assignment)
    refused: dict[Metric, NotOfferedError] = {}
    first = assignment.first_day(*_measures_of(DAY))
    last = min(assignment.window.last, yesterday)
    if first <= last:
        yield from _read(assignment, service, DAY, Days(first, last), refused)
    for period in assignment.closed_periods:
        if period.span not in CALENDAR_SPANS:
            continue
        if period.days.last <= yesterday:
            yield from _read(assignment, service, period.span, period.days, refused)
        else:
            for measure in _measures_of(period.span):
                yield missing(measure, Reason.TOO_EARLY, None, assignment.now, period.days)


def last_day_over(assignment: Assignment) -> date:
    """Return yesterday in UTC: over wherever the day begins no later than there, as in all of Indonesia.

    A service that names the site's own zone in its answers looks again.
    """
    return assignment.now.astimezone(UTC).date() - timedelta(days=1)


def _measures_of(span: str) -> list[Measure]:
    return [by_span[span] for by_span in VISIT_MEASURES]


def _read(
    assignment: Assignment, service: Service, span: str, days: Days, refused: dict[Metric, NotOfferedError]
) -> Iterator[Observation]:
    """Read a span's measures, and say why of those that are dead or refused."""
    wanted = []
    for measure in _measures_of(span):
        if assignment.is_dead(measure):
            yield missing(measure, Reason.RETIRED, None, assignment.now, days)
        elif measure.metric in refused:
            refusal = refused[measure.metric]
            yield missing(measure, refusal.reason, refusal, assignment.now, days)
        else:
            wanted.append(measure)
    if wanted:
        yield from _ask(assignment, service, days, wanted, refused)


def _ask(
    assignment: Assignment,
    service: Service,
    days: Days,
    wanted: Sequence[Measure],
    refused: dict[Metric, NotOfferedError],
) -> Iterator[Observation]:
    """Ask for all at once; one retired name fails the whole question, so then ask one by one."""
    read = service.read_days if wanted[0].span == DAY else service.read_period
    try:
        yield from read(days, wanted)
    except NotOfferedError as refusal:
        if refusal.reason is Reason.RETIRED and len(wanted) > 1:
            for measure in wanted:
                yield from _ask(assignment, service, days, [measure], refused)
            return
        if refusal.reason is Reason.RETIRED:
            refused[wanted[0].metric] = refusal
        yield from (missing(measure, refusal.reason, refusal, assignment.now, days) for measure in wanted)
