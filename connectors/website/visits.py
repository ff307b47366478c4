"""What is asked of either counting service, in which order, and what is said of that which cannot be had.

First who is counted, in which zone and since when; then the days, slice by slice; then the newest 28 days and the 28
before; then each closed period. A service only has to read one span of days for some measures.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from connectors.kit import (
    Assignment,
    Coverage,
    Days,
    Gap,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Reading,
    Reason,
    last_windows,
    missing,
)
from connectors.kit.metrics import DAY
from connectors.website.days import yesterday_in
from connectors.website.measures import CALENDAR_SPANS, ROLLING, ROLLING_DAYS, Counted

_DAY = timedelta(days=1)
_SILENT_DAYS = 7  # so many idle days in a row are a holiday; more are a service that no longer counts


@dataclass(frozen=True, slots=True)
class Site:
    """What a service says of the site. `yesterday` is the last whole day in the site's own zone.

    `first` is the first day on which it counted anything, None where that is not told; `told` is where it stands.
    """

    yesterday: date
    first: date | None = None
    told: Node | None = None


class Service(Protocol):
    """A counting service. The reading methods raise NotOfferedError where a measure or list is refused.

    `slice_days` is how many days are asked for at once.
    """

    counted: Counted
    slice_days: int

    def introduce(self, first: date) -> Site:
        """Ask where the site's days begin, and since when it is counted; days before `first` do not matter."""

    def read_days(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read each day's figures, and say which days were answered."""

    def read_whole(self, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read the figures of the days as one window."""

    def read_part(self, part: str, days: Days, wanted: Sequence[Measure]) -> Iterator[Observation]:
        """Read the window's figures by page, country or city, the largest first."""


class Visits:
    """The visits of one assignment's site."""

    def __init__(self, assignment: Assignment, service: Service) -> None:
        self._assignment = assignment
        self._service = service
        self._counted = service.counted
        self._refused: dict[str, NotOfferedError] = {}  # by the service's own name of a measure, or by list
        self._site = Site(yesterday_in(assignment.now, "UTC"))  # until the service names the site's own zone

    def read(self) -> Iterator[Observation]:
        """Read all that the assignment wants."""
        assignment = self._assignment
        periods = [period for period in assignment.closed_periods if period.span in CALENDAR_SPANS]
        first = assignment.first_day(*self._alive(DAY))  # what is refused is never answered: it would begin anew
        windows = last_windows(min(assignment.window.last, self._site.yesterday), ROLLING_DAYS)
        self._site = self._service.introduce(min(first, windows[1].first, *(one.days.first for one in periods)))
        last = min(assignment.window.last, self._site.yesterday)
        if first <= last:
            yield from self._read_days(Days(first, last))
        for window in last_windows(last, ROLLING_DAYS):
            yield from self._read_window(ROLLING, window)
        for period in periods:
            if period.days.last <= self._site.yesterday:
                yield from self._read_window(period.span, period.days)
            else:
                for measure in self._counted.of(period.span):
                    yield missing(measure, Reason.TOO_EARLY, None, assignment.now, period.days)

    def _read_days(self, days: Days) -> Iterator[Observation]:
        """Read the days from the first count on, slice by slice. A slice begins after the last day with a figure.

        Idle days at a slice's end are so asked for once more, together with what came after them: only a later figure
        tells idle days from a service that no longer counts.
        """
        begin = self._site.first or days.first
        if days.first < begin:
            yield from self._before_the_count(DAY, Days(days.first, min(days.last, begin - _DAY)))
        first, newest = max(days.first, begin), None
        while first <= days.last:
            asked = Days(first, min(days.last, first + timedelta(days=self._service.slice_days - 1)))
            last_seen = newest
            for observation in self._ask(self._service.read_days, self._counted.of(DAY), asked):
                if isinstance(observation, Reading) and isinstance(observation.when, Days):
                    newest = max(observation.when.last, newest or observation.when.last)
                yield observation
            if asked.last == days.last:
                break
            first = (newest if newest is not None and newest != last_seen else asked.last) + _DAY
        if newest is not None and (days.last - newest).days > _SILENT_DAYS:
            for measure in self._alive(DAY):
                yield missing(measure, Reason.EMPTY, None, self._assignment.now, Days(newest + _DAY, days.last))

    def _read_window(self, span: str, days: Days) -> Iterator[Observation]:
        """Read a window whole and by its parts. It counts as answered when all of it was, not before."""
        if self._site.first is not None and days.last < self._site.first:
            yield from self._before_the_count(span, days)
            return
        answered: list[Observation] = []
        for observation in self._read_whole_and_parts(span, days):
            if isinstance(observation, Coverage):
                answered.append(observation)
            else:
                yield observation
        yield from answered

    def _read_whole_and_parts(self, span: str, days: Days) -> Iterator[Observation]:
        yield from self._ask(self._service.read_whole, self._counted.of(span), days)
        for part in self._counted.parts:

            def read(asked: Days, wanted: Sequence[Measure], part: str = part) -> Iterator[Observation]:
                return self._service.read_part(part, asked, wanted)

            yield from self._ask(read, self._counted.of(span, part), days, part)

    def _before_the_count(self, span: str, days: Days) -> Iterator[Gap]:
        """Say of days before the first count that there is nothing; a zero would make every growth infinite."""
        told, note = self._site.told, f"nothing was counted before {self._site.first}"
        if told is not None:
            yield from (told.gap(measure, Reason.EMPTY, on=days, note=note) for measure in self._alive(span))

    def _alive(self, span: str) -> list[Measure]:
        return [measure for measure in self._counted.of(span) if not self._assignment.is_dead(measure)]

    def _ask(
        self, read: Callable[[Days, Sequence[Measure]], Iterator[Observation]], measures: Sequence[Measure],
        days: Days, part: str = "",
    ) -> Iterator[Observation]:  # fmt: skip
        """Read a span's measures, and say why of those that are dead or refused."""
        wanted = []
        for measure in measures:
            refusal = self._refused.get(self._counted.name_of(measure)) or self._refused.get(_list_of(measure, part))
            if self._assignment.is_dead(measure):
                yield missing(measure, Reason.RETIRED, None, self._assignment.now, days, part)
            elif refusal is not None:
                yield missing(measure, refusal.reason, refusal, self._assignment.now, days, part)
            else:
                wanted.append(measure)
        if wanted:
            yield from self._ask_together(read, wanted, days, part)

    def _ask_together(
        self, read: Callable[[Days, Sequence[Measure]], Iterator[Observation]], wanted: Sequence[Measure],
        days: Days, part: str,
    ) -> Iterator[Observation]:  # fmt: skip
        """Ask for all at once; one retired name fails the whole question, so then ask for it apart from the rest."""
        try:
            yield from read(days, wanted)
        except NotOfferedError as refusal:
            is_retired = refusal.reason is Reason.RETIRED
            if is_retired and len(wanted) > 1:
                for group in self._apart(wanted, refusal):
                    yield from self._ask_together(read, group, days, part)
                return
            if is_retired:
                self._refused[self._counted.name_of(wanted[0])] = refusal
            elif refusal.reason is Reason.NOT_OFFERED:
                self._refused[_list_of(wanted[0], part)] = refusal
            yield from (missing(one, refusal.reason, refusal, self._assignment.now, days, part) for one in wanted)

    def _apart(self, wanted: Sequence[Measure], refusal: NotOfferedError) -> list[list[Measure]]:
        """Set the measures that a refusal names apart from the others; all from each other where it names none."""
        words = set(refusal.message.replace(",", " ").split())
        named = [one for one in wanted if self._counted.name_of(one) in words]
        others = [one for one in wanted if one not in named]
        return [*([one] for one in named), others] if named and others else [[one] for one in wanted]


def _list_of(measure: Measure, part: str) -> str:
    """Name the list that a measure is read from: what is refused there once is not asked for again."""
    return part or ("days" if measure.span == DAY else "whole")
