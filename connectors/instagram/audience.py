"""Who an Instagram account's followers are, and at which hours they are online (instagram.md §3.2)."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.instagram.insights import ONE_DAY, Insights, between, buckets, named
from connectors.instagram.measures import AUDIENCE, DEMOGRAPHICS, ONLINE
from connectors.kit import (
    Coverage,
    Days,
    Gap,
    Moment,
    NotOfferedError,
    Observation,
    Reading,
    Reason,
    graph,
    missing,
)

_PERIOD = "this_month"  # the others were dropped, and this one does not make it historical (instagram.md §3.2, §6)


def read_demographics(insights: Insights, few: Reading | None) -> Iterator[Observation]:
    """Read the followers by each dimension; one dimension a question."""
    now = Moment(insights.assignment.now)
    if few is not None:
        yield from (Gap(AUDIENCE, Reason.BELOW_FLOOR, now, few.place, name) for name in DEMOGRAPHICS)
        return
    if insights.assignment.is_dead(AUDIENCE):
        yield missing(AUDIENCE, Reason.RETIRED, None, insights.assignment.now)
        return
    refused = {}
    request = insights.edge.with_params(
        metric="follower_demographics", period="lifetime", metric_type="total_value", timeframe=_PERIOD
    )
    for name in DEMOGRAPHICS:
        try:
            answer = insights.fetch(request.with_params(breakdown=name))
        except NotOfferedError as refusal:
            refused[name] = refusal
            continue
        groups = list(buckets(named(answer, "follower_demographics")["total_value"], name))
        yield from (count.read(AUDIENCE, about=f"{name}:{label}") for label, count in groups)
        if not groups:
            yield answer["data"].gap(AUDIENCE, Reason.EMPTY, about=name)
    for name, error in refused.items():
        # A refusal with a place is remembered for the measure, which the dimensions share: one must not end them all.
        place = error.place if len(refused) == len(DEMOGRAPHICS) else None
        yield Gap(AUDIENCE, error.reason, now, place, name, error.message)


def read_online(insights: Insights, few: Reading | None) -> Iterator[Observation]:
    """Read how many followers were online at each hour of the last days; the newest are often empty."""
    assignment = insights.assignment
    first, today = assignment.first_day(ONLINE), graph.pacific_today(assignment.now)
    earliest = today - timedelta(days=(ONLINE.reach_back or 0) - 1)
    if first < earliest <= insights.newest:
        yield missing(ONLINE, Reason.TOO_LATE, None, assignment.now, on=Days(first, earliest - ONE_DAY))
    if max(first, earliest) > insights.newest:
        return
    days = Days(max(first, earliest), insights.newest)
    if few is not None:
        yield Gap(ONLINE, Reason.BELOW_FLOOR, days, few.place)
    elif assignment.is_dead(ONLINE):
        yield missing(ONLINE, Reason.RETIRED, None, assignment.now, on=days)
    else:
        yield from _read_hours(insights, days)


def _read_hours(insights: Insights, days: Days) -> Iterator[Observation]:
    request = insights.edge.with_params(metric="online_followers", period="lifetime", **between(days))
    try:
        answer = insights.fetch(request)
    except NotOfferedError as refusal:
        yield missing(ONLINE, refusal.reason, refusal, insights.assignment.now, on=days)
        return
    maps = {day: list(hours.members()) for day, hours in graph.points(answer, "online_followers").items()}
    for day in (days.first + timedelta(days=number) for number in range(days.length)):
        if maps.get(day):
            yield from (count.read(ONLINE, on=day, about=f"hour:{hour}") for hour, count in maps[day])
            yield Coverage(ONLINE, Days(day, day), answer["data"].place)
        else:
            settled = graph.pacific_today(insights.assignment.now) - timedelta(days=graph.UNSETTLED_DAYS)
            yield answer["data"].gap(ONLINE, Reason.EMPTY if day < settled else Reason.TOO_EARLY, on=day)
