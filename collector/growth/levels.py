"""Levels and counters: the last figure of the period against the last one before it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from collector.growth.change import Change, End, Flag, flags_of_ends
from collector.growth.points import Ending, Leap, Line, Point, newest, oldest
from collector.growth.question import Question
from connectors.kit import Kind

FRESH = timedelta(days=7)
"""A figure this old or newer is taken without a word about its age."""

TOO_OLD = timedelta(days=31)
"""A figure older than this says nothing about its period any more."""


def compare_levels(line: Line, question: Question) -> Change:
    """Compare a line's last figure within the period with its last one before."""
    known = [point for point in line.points if point.at <= question.position]
    inside = [point for point in known if question.period.first <= point.day <= question.period.last]
    end, before = newest(inside), newest(point for point in known if point.day <= question.against.last)
    base, flags = _base(before, inside, end, question)
    if _is_hidden(line, question, end):
        end = None
        flags = {Flag.HIDDEN}
    elif end is None:
        flags.add(Flag.NO_READING_IN_PERIOD)
    else:
        flags |= _flags_of_end(line, end, question)
    if base is not None and end is not None and base.definition != end.definition:
        flags.add(Flag.DEFINITION_CHANGED)
    decided = tuple(_decided(line, base, question))
    flags |= {Flag.REFUSED if leap.ending is Ending.REFUSED else Flag.LEAP for leap in decided}
    ends = (End.of(base) if base else None, End.of(end) if end else None)
    change = Change(
        line.measure, line.metric, line.span, line.kind, line.by, line.decimals, *ends,
        frozenset(flags | flags_of_ends(*ends, question.position)), newest(known),
        leaps=decided,
    )  # fmt: skip
    difference = change.difference
    if line.kind is Kind.COUNTER and difference is not None and difference.most < 0:
        return replace(change, flags=change.flags | {Flag.COUNTER_FELL})
    return change


def _base(
    before: Point | None, inside: list[Point], end: Point | None, question: Question
) -> tuple[Point | None, set[Flag]]:
    """Return what the end is compared with. One figure alone never makes a change."""
    if question.is_new_account:
        return None, {Flag.NEW_ACCOUNT}
    if question.is_replaced:
        return before, {Flag.ACCOUNT_REPLACED}
    if before is not None and (before.precision == "month" or question.against.last - before.day <= TOO_OLD):
        is_stale = before.precision != "month" and question.against.last - before.day > FRESH
        return before, {Flag.STALE_BASE} if is_stale else set()
    if end is None:
        return None, set()
    first = oldest(inside)
    if first is None or first.at >= end.at:
        return None, {Flag.NO_BASE}
    return first, {Flag.FIRST_IN_PERIOD}


def _flags_of_end(line: Line, end: Point, question: Question) -> set[Flag]:
    flags = set()
    age = question.today - end.day
    if age > FRESH:
        flags.add(Flag.STALE_END)
    if age > TOO_OLD:
        flags.add(Flag.END_TOO_OLD)
    if any(end.at < point.at <= question.position and point.day <= question.period.last for point in line.held):
        flags.add(Flag.HELD)
    return flags


def _decided(line: Line, base: Point | None, question: Question) -> Iterator[Leap]:
    """Yield the leaps between the base, or the period's beginning, and its end that are not open any more."""
    for leap in line.leaps:
        first = leap.points[0]
        is_after = first.at > base.at if base is not None else first.day >= question.period.first
        is_before = first.at <= question.position and first.day <= question.period.last
        if is_after and is_before and leap.ending is not Ending.HELD:
            yield leap


def _is_hidden(line: Line, question: Question, end: Point | None) -> bool:
    """Whether the figure was hidden when last looked at within the period."""
    within = (
        moment
        for moment in line.hidden
        if moment <= question.position
        and question.period.first <= moment.astimezone(question.zone).date() <= question.period.last
    )
    last = max(within, default=None)
    return last is not None and (end is None or end.at < last)
