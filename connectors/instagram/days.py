"""The figures of days and of longer spans, asked for as the API can answer them (instagram.md §3.2, §6).

Only reach comes as a series of days. Everything else is one total of the window asked for, so that a day takes a
question of its own: the days that the report needs are asked for one by one, after one question about thirty of them
that says which figures there are at all; what lies before them comes as windows of thirty days.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from connectors.instagram.idle import tell_idle_days, totals_of
from connectors.instagram.insights import ONE_DAY, Asked, Insights, between, is_told, named
from connectors.instagram.measures import (
    FOLLOWS_OF_DAY,
    FOLLOWS_OF_WINDOW,
    LONGEST,
    REACH_OF_DAY,
    REPORTED,
    TOO_LONG,
    TOTALS_OF_DAY,
    TOTALS_OF_MONTH,
    TOTALS_OF_WINDOW,
    Parts,
)
from connectors.kit import (
    Days,
    Gap,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Place,
    Reading,
    Reason,
    Request,
    graph,
    last_windows,
    metrics,
)

_TOO_LONG_NOTE = "one question spans 30 days at most"


def read_reach(insights: Insights) -> Iterator[Observation]:
    """Read the reach of each day, as far back as the platform remembers."""
    asked: Asked = {"reach": {"": REACH_OF_DAY}}
    request = insights.edge.with_params(metric="reach", period="day", metric_type="time_series")

    def read(days: Days) -> Iterator[Observation]:
        answer = insights.fetch(request.with_params(**between(days)))
        yield from graph.read_days(answer, "reach", REACH_OF_DAY, days)

    begins = yield from _begin(insights, asked, date.min)
    for first in begins.values():
        yield from insights.walk(Days(first, insights.newest), request, read, asked)


def read_totals(insights: Insights) -> Iterator[Observation]:
    """Read the totals of the report's days, and of the windows before them."""
    yield from _read_back(insights, insights.totals, TOTALS_OF_WINDOW[LONGEST], TOTALS_OF_DAY)


def read_follows(insights: Insights, few: Reading | None) -> Iterator[Observation]:
    """Read follows and unfollows of the report's days, and of the windows before them; not of `few` followers."""
    if few is None:
        yield from _read_back(insights, insights.follows, FOLLOWS_OF_WINDOW[LONGEST], FOLLOWS_OF_DAY)
        return
    measures = [measure for parts in FOLLOWS_OF_DAY.values() for measure in parts.values()]
    first = max(insights.assignment.first_day(*measures), insights.assignment.window.first)
    if first <= insights.newest:
        yield from _below_floor(FOLLOWS_OF_DAY, Days(first, insights.newest), few)


def read_windows(insights: Insights, few: Reading | None) -> Iterator[Observation]:
    """Read the newest window of the length that the report prints, and the one before it.

    They end a day before the newest one, because a window is not read again when its last day is revised.
    """
    for days in last_windows(insights.newest - ONE_DAY, REPORTED):
        yield from insights.read_window(insights.totals, days, TOTALS_OF_WINDOW[REPORTED])
        follows = FOLLOWS_OF_WINDOW[REPORTED]
        if few is None:
            yield from insights.read_window(insights.follows, days, follows)
        else:
            yield from _below_floor(follows, days, few)


def read_closed_periods(insights: Insights) -> Iterator[Observation]:
    """Read the distinct people of closed months, and say that those of longer periods cannot be had (§6)."""
    for period in insights.assignment.closed_periods:
        days, measures = period.days, [TOO_LONG[period.span]] if period.span in TOO_LONG else []
        if period.span == metrics.MONTH:
            measures = [measure for parts in TOTALS_OF_MONTH.values() for measure in parts.values()]
        if days.length > LONGEST:
            yield from (Gap(one, Reason.NOT_OFFERED, days, None, note=_TOO_LONG_NOTE) for one in measures)
        elif days.last > insights.newest:
            yield from (Gap(one, Reason.TOO_EARLY, days, None) for one in measures)
        else:
            yield from insights.read_window(insights.totals, days, TOTALS_OF_MONTH)


def _below_floor(asked: Asked, days: Days, few: Reading) -> Iterator[Gap]:
    for parts in asked.values():
        yield from (Gap(measure, Reason.BELOW_FLOOR, days, few.place) for measure in parts.values())


def _begin(insights: Insights, asked: Asked, earliest: date) -> Generator[Observation, None, dict[str, date]]:
    """Return the first day to ask for by name, and yield the gaps of what is not asked for."""
    begins = {}
    for name, parts in asked.items():
        first = max(insights.assignment.first_day(*parts.values()), earliest)
        if first > insights.newest:
            continue
        if insights.is_dead(parts):
            yield from insights.gaps({name: parts}, Days(first, insights.newest), Reason.RETIRED)
            continue
        if first < insights.oldest:
            forgotten = Days(first, min(insights.newest, insights.oldest - ONE_DAY))
            yield from insights.gaps({name: parts}, forgotten, Reason.TOO_LATE)
        if insights.oldest <= insights.newest:
            begins[name] = max(first, insights.oldest)
    return begins


def _read_back(insights: Insights, request: Request, of_window: Asked, of_day: Asked) -> Iterator[Observation]:
    """Read totals: of windows before the report's days where none was answered yet, then day by day."""
    window = insights.assignment.window
    resumed = max(insights.assignment.first_day(*parts.values()) for parts in of_day.values())
    yield from _read_older(insights, request, of_window, max(resumed, insights.oldest), window.first - ONE_DAY)
    begins = yield from _begin(insights, of_day, window.first)
    if begins:
        totals = _Totals(insights, request, {name: of_day[name] for name in begins}, begins)
        probe = request.with_params(metric=next(iter(begins)))
        days = Days(min(begins.values()), insights.newest)
        yield from insights.walk(days, probe, totals.read, totals.asked)


def _read_older(insights: Insights, request: Request, asked: Asked, first: date, last: date) -> Iterator[Observation]:
    """Read windows of thirty days from the last day back, until one says nothing."""
    while last - timedelta(days=LONGEST - 1) >= first:
        days = Days(last - timedelta(days=LONGEST - 1), last)
        says_nothing = True
        for observation in insights.read_window(request, days, asked):
            says_nothing = says_nothing and not isinstance(observation, Reading)
            yield observation
        if says_nothing:
            return
        last = days.first - ONE_DAY


@dataclass(frozen=True, slots=True)
class _Totals:
    """Totals that are read day by day. What is refused is taken out of `asked` and `begins`."""

    insights: Insights
    request: Request
    asked: dict[str, Parts]
    begins: dict[str, date]

    def read(self, days: Days) -> Iterator[Observation]:
        """Ask for the days as one window, and for each day what the window has."""
        windows: dict[str, Node] = {}
        names = tuple(name for name, first in self.begins.items() if first <= days.last)
        for name, answer in self.insights.ask(self.request, days, names):
            if isinstance(answer, NotOfferedError):
                yield from self._give_up(name, days.first, answer)
            elif days.length > 1 and is_told(named(answer, name)["total_value"], self.asked[name]):
                windows[name] = named(answer, name)["total_value"]
            else:
                first = max(days.first, self.begins[name])
                yield from self.insights.told(answer, name, self.asked[name], Days(first, days.last))
        amounts: dict[Measure, tuple[int, Place]] = {}
        for name, total in windows.items():
            amounts |= totals_of(total, self.asked[name])
        yield from tell_idle_days(self._read_days(days, tuple(windows)), amounts)

    def _read_days(self, days: Days, names: tuple[str, ...]) -> Iterator[Observation]:
        for day in (days.first + timedelta(days=number) for number in range(days.length if names else 0)):
            wanted = tuple(name for name in names if self.begins.get(name, date.max) <= day)
            for name, answer in self.insights.ask(self.request, Days(day, day), wanted):
                if isinstance(answer, NotOfferedError):
                    yield from self._give_up(name, day, answer)
                else:
                    yield from self.insights.told(answer, name, self.asked[name], Days(day, day))

    def _give_up(self, name: str, day: date, refusal: NotOfferedError) -> Iterator[Observation]:
        parts, first = self.asked.pop(name), max(day, self.begins.pop(name))
        yield from self.insights.gaps({name: parts}, Days(first, self.insights.newest), refusal)
