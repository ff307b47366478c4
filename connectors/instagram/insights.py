"""Asking for an Instagram account's insights: windows, their limits, and how a total is read (instagram.md §3.2)."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from connectors.instagram.measures import LONGEST, REACH_BACK, Parts
from connectors.kit import (
    Assignment,
    Coverage,
    Days,
    Fetch,
    Gap,
    Node,
    NotOfferedError,
    Observation,
    Reading,
    Reason,
    Request,
    graph,
    graph_faults,
    metrics,
    missing,
    slices,
)

ONE_DAY = timedelta(days=1)
_LAG = timedelta(days=2)  # "read with a 2-3-day lag": figures take up to 48 hours (instagram.md §6)
_LONGEST_SECONDS = LONGEST * 24 * 3600

OF_ALL = frozenset({
    graph_faults.TOO_WIDE, graph_faults.TOO_LATE, graph_faults.TOO_FEW, graph_faults.GONE,
    graph_faults.BEFORE_CONVERSION, graph_faults.NOT_PERMITTED,
})  # fmt: skip
"""Refusals that no single name is the cause of: asking each name alone would only be refused as often."""

Asked = Mapping[str, Parts]
"""What is asked for: what each name gives."""


def between(days: Days) -> dict[str, str]:
    """Return the parameters of a window cut at Pacific midnights (instagram.md §6).

    Thirty days across the end of summer time are an hour more than the longest window: their first hour is left out.
    """
    since, until = (
        int(datetime.combine(day, time(), graph.PACIFIC).timestamp()) for day in (days.first, days.last + ONE_DAY)
    )
    return {"since": str(max(since, until - _LONGEST_SECONDS)), "until": str(until)}


def named(answer: Node, name: str) -> Node:
    """Return the entry of an insights answer that has this name; an absent node where there is none."""
    return next((entry for entry in answer["data"] if entry["name"].text() == name), answer["data"][name])


def buckets(total: Node, dimension: str) -> Iterator[tuple[str, Node]]:
    """Yield a total's values by their labels in one dimension.

    Some answers put a dimension beside it that was not asked for, so its place is looked up (instagram.md §3.2).
    """
    for breakdown in total["breakdowns"] if total["breakdowns"].exists else ():
        keys = [key.text() for key in breakdown["dimension_keys"]]
        number = keys.index(dimension) if dimension in keys else len(keys) - 1
        for bucket in breakdown["results"] if breakdown["results"].exists else ():
            if bucket["value"].exists:
                yield bucket["dimension_values"][number].text(), bucket["value"]


def is_told(total: Node, parts: Parts) -> bool:
    """Whether a total says anything; an empty set and an absent member are no zero (instagram.md §3.2)."""
    return total["value"].exists if "" in parts else any(True for _ in buckets(total, "follow_type"))


@dataclass(frozen=True, slots=True)
class Insights:
    """The insights edge of an account in one snapshot."""

    assignment: Assignment
    fetch: Fetch
    edge: Request

    @property
    def newest(self) -> date:
        """The newest Pacific day that is asked for."""
        return min(self.assignment.window.last, graph.pacific_today(self.assignment.now) - _LAG)

    @property
    def oldest(self) -> date:
        """The oldest Pacific day that the platform remembers."""
        return graph.pacific_today(self.assignment.now) - timedelta(days=REACH_BACK)

    @property
    def totals(self) -> Request:
        """The request for totals of a window; which ones and of which window is to be added."""
        return self.edge.with_params(period="day", metric_type="total_value")

    @property
    def follows(self) -> Request:
        """The same for follows, which are only told with their breakdown."""
        return self.totals.with_params(breakdown="follow_type")

    def ask(self, request: Request, days: Days, names: tuple[str, ...]) -> Iterator[tuple[str, Node | NotOfferedError]]:
        """Ask for some totals of a window and yield each with its answer or its refusal."""
        if names:
            yield from graph.ask_together(
                self.fetch, request.with_params(**between(days)), "metric", names, raised=OF_ALL
            )

    def is_dead(self, parts: Parts) -> bool:
        """Whether the platform lately refused what a name gives."""
        return any(self.assignment.is_dead(measure) for measure in parts.values())

    def read_window(self, request: Request, days: Days, asked: Asked) -> Iterator[Observation]:
        """Read the totals of one window, or say why they are missing."""
        alive = {name: parts for name, parts in asked.items() if not self.is_dead(parts)}
        yield from self.gaps({name: asked[name] for name in asked if name not in alive}, days, Reason.RETIRED)
        try:
            for name, answer in self.ask(request, days, tuple(alive)):
                yield from self.told(answer, name, alive[name], days)
        except NotOfferedError as refusal:
            yield from self.gaps(alive, days, refusal)

    def told(self, answer: Node | NotOfferedError, name: str, parts: Parts, days: Days) -> Iterator[Observation]:
        """Read one name's total of a window, or say why it is missing."""
        if isinstance(answer, NotOfferedError):
            yield from self.gaps({name: parts}, days, answer)
            return
        total = named(answer, name)["total_value"]
        told = is_told(total, parts)
        if told:
            yield from _read(total, parts, days)
        else:
            settled = graph.pacific_today(self.assignment.now) - timedelta(days=graph.UNSETTLED_DAYS)
            reason = Reason.EMPTY if days.first < settled else Reason.TOO_EARLY
            yield from (total.gap(measure, reason, on=days) for measure in parts.values())
        for measure in parts.values():
            # A day without a figure stays unknown. A closed month was answered, whatever the answer says.
            if measure.span == metrics.MONTH or (told and measure.span == metrics.DAY):
                yield Coverage(measure, days, answer["data"].place)

    def gaps(self, asked: Asked, days: Days, why: NotOfferedError | Reason) -> Iterator[Gap]:
        """Say that totals of a window are missing: by a refusal, or for a reason that is known without asking."""
        reason, refusal = (why, None) if isinstance(why, Reason) else (why.reason, why)
        for parts in asked.values():
            for measure in parts.values():
                yield missing(measure, reason, refusal, self.assignment.now, on=days)

    def walk(
        self, days: Days, probe: Request, read: Callable[[Days], Iterator[Observation]], asked: Asked
    ) -> Iterator[Observation]:
        """Read days in windows of thirty, oldest first, each of them shrunk or given up as the platform wants.

        `probe` is asked for single days, to find the first one that the platform still remembers.
        """
        waiting = list(slices(days, LONGEST))
        while waiting:
            part = waiting.pop(0)
            try:
                yield from read(part)
            except NotOfferedError as refusal:
                if refusal.code == graph_faults.TOO_WIDE and part.length > 1:
                    waiting[:0] = slices(part, (part.length + 1) // 2)
                    continue
                begin = self._find_remembered(part.first, days.last, probe, refusal)
                yield from self.gaps(asked, Days(part.first, begin - ONE_DAY), refusal)
                waiting = list(slices(Days(begin, days.last), LONGEST)) if begin <= days.last else []

    def _find_remembered(self, forgotten: date, last: date, probe: Request, refusal: NotOfferedError) -> date:
        """Return the first day that the platform remembers, the one after `last` where there is none."""
        if refusal.code != graph_faults.TOO_LATE:
            return last + ONE_DAY

        def is_remembered(number: int) -> bool:
            day = forgotten + timedelta(days=number)
            try:
                self.fetch(probe.with_params(**between(Days(day, day))))
            except NotOfferedError as error:
                return error.code != graph_faults.TOO_LATE
            return True

        length = (last - forgotten).days + 1
        return forgotten + timedelta(days=bisect_left(range(length), True, lo=1, key=is_remembered))


def _read(total: Node, parts: Parts, days: Days) -> Iterator[Reading]:
    if "" in parts:
        yield total["value"].read(parts[""], on=days)
        return
    found = dict(buckets(total, "follow_type"))
    for label, measure in parts.items():
        if label in found:
            yield found[label].read(measure, on=days)
        else:  # "a category with nothing is omitted" beside one that has something
            yield total["breakdowns"][0][label].or_zero(measure, because="instagram.md §3.2", on=days)
