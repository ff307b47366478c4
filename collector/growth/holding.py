"""Holding back a jump in the followers until it is explained.

Hacked accounts are common; a count that leaps is stored and shown, but no report is made of it before a person says
yes, or three more days agree with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from collector.growth.points import Origin, Point

_MOST_DAYS = 7  # after a longer pause the limits grow no further
_RISE, _RISE_PART = 50, Fraction(20, 100)
_FALL, _FALL_PART = 10, Fraction(5, 100)
_AGREEING_DAYS, _AGREEING_PART = 3, Fraction(5, 100)


class Verdict(StrEnum):
    """What a person said of a held figure."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sorted:
    """Points sorted into those that may be used, those that wait, and those that a person refused."""

    accepted: tuple[Point, ...]
    held: tuple[Point, ...]
    refused: tuple[Point, ...]


def hold(points: Iterable[Point], verdicts: Mapping[str, Verdict]) -> Sorted:
    """Sort the points of one line of followers. `verdicts` are by code; what a person typed is never held."""
    accepted: list[Point] = []
    held: list[Point] = []
    refused: list[Point] = []
    run: list[Point] = []  # the newest held ones, which agree with their first
    for point in sorted(points, key=lambda point: (point.at, point.code)):
        verdict = verdicts.get(point.code)
        if verdict is Verdict.REFUSED:
            refused.append(point)
        elif verdict is Verdict.ACCEPTED or point.origin is not Origin.API or not accepted:
            accepted.append(point)
        elif leaps(accepted[-1], point):
            held += [] if not run or _agree(run[0], point) else run
            run = [*run, point] if run and _agree(run[0], point) else [point]
            if len({one.day for one in run[1:]} - {run[0].day}) >= _AGREEING_DAYS:
                accepted, run = accepted + run, []
        else:
            accepted.append(point)
            held, run = held + run, []
    return Sorted(tuple(accepted), (*held, *run), tuple(refused))


def leaps(before: Point, after: Point) -> bool:
    """Whether a count went up or down by more than an account of its size does in that time."""
    days = min(max((after.day - before.day).days, 1), _MOST_DAYS)
    rise = max(Fraction(_RISE), _RISE_PART * before.value) * days
    fall = max(Fraction(_FALL), _FALL_PART * before.value) * days
    return not -fall <= after.value - before.value <= rise


def _agree(anchor: Point, point: Point) -> bool:
    return abs(point.value - anchor.value) <= _AGREEING_PART * anchor.value
