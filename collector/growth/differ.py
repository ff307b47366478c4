"""The differ: all changes of an account's lines between two periods.

Which figures may be compared at all is decided here: like with like, one measure at both ends, and for people counted
once only the platform's own windows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from collector.growth.change import Change, Flag
from collector.growth.flows import compare_flows
from collector.growth.levels import compare_levels
from collector.growth.periods import MONTHS_OF
from collector.growth.points import Line
from collector.growth.question import Question
from collector.growth.windows import compare_windows
from connectors.kit import Kind

_LEVEL_KINDS = (Kind.LEVEL, Kind.COUNTER)
_SUMMED = "day"


def compare(lines: Sequence[Line], question: Question) -> tuple[Change, ...]:
    """Return an account's changes. `lines` stand in the order in which their measures are preferred."""
    changes: list[Change] = []
    for group in _alike(lines):
        compared = [_compare(line, question) for line in group]
        found = [change for change in compared if change is not None]
        if found:
            changes.append(max(found, key=_worth))  # of equally good ones the first, which is preferred
    return tuple(_with_net(change, lines, question) for change in changes)


def _alike(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Group the lines that tell of the same thing in the same way: a level of the moment and one of the day's end."""
    groups: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        way = "level" if line.kind in _LEVEL_KINDS else f"{line.kind} {line.span}"
        groups.setdefault((line.metric, line.by, way), []).append(line)
    yield from groups.values()


def _compare(line: Line, question: Question) -> Change | None:
    """Compare one line; None where the period asked for has nothing to do with its span, or it is only quoted."""
    if line.kind in _LEVEL_KINDS:
        return compare_levels(line, question)
    if line.kind is Kind.RATIO:
        return None
    if line.kind is Kind.FLOW and line.span == _SUMMED:
        return compare_flows(line, question)
    if line.span in MONTHS_OF:
        is_asked = line.span == question.period.span == question.against.span
        return compare_windows(line, question) if is_asked else None
    if line.span == _SUMMED and question.period.days > 1:
        return None  # the people of one day say nothing about more days
    return compare_windows(line, question)


def _worth(change: Change) -> int:
    """Rank what a line has to say: a real comparison, a figure at least, nothing."""
    if change.difference is not None and Flag.FIRST_IN_PERIOD not in change.flags:
        return 2
    return 1 if change.end is not None else 0


def _with_net(change: Change, lines: Sequence[Line], question: Question) -> Change:
    """Give a rounded level its exact difference where every gain and loss in between is known.

    A public count that is floored to three digits hides the months of a small channel; gained less lost does not.
    """
    if Flag.INTERVAL not in change.flags or change.base is None or change.end is None or change.difference is None:
        return change
    first, last = change.base.last + timedelta(days=1), change.end.last
    parts = []
    for metric in (f"{change.metric}_gained", f"{change.metric}_lost"):
        line = next((one for one in lines if one.metric == metric and one.span == _SUMMED), None)
        if line is None or first > last:
            return change
        span = replace(question.period, span="days", first=first, last=last)
        total = compare_flows(line, replace(question, period=span)).end
        if total is None or total.recorded < total.days or total.most != total.value:
            return change
        parts.append(total.value)
    net = parts[0] - parts[1]
    return replace(change, exact=net) if change.difference.least <= net <= change.difference.most else change
