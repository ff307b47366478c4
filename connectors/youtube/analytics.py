"""What only the owner sees: figures of whole days (YouTube Analytics API v2, youtube.md §3 and §5).

A day is a Pacific day and is stored as it is. The newest days are absent rows, as idle days are; only a day that lies
far enough back, or before a row that came, counts as answered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from connectors.kit import (
    Assignment,
    Coverage,
    Days,
    Fetch,
    Gap,
    Kind,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Reason,
    Request,
    ShapeError,
    Subject,
    metric,
    since,
    slices,
    window,
)
from connectors.kit.metrics import DAY, FOLLOWERS_GAINED, FOLLOWERS_LOST, VIEWS, WATCH_MINUTES
from connectors.youtube.data import elements, view_definitions
from connectors.youtube.faults import PACIFIC

LONGEST = 365
"""Days in one request: a backfill is cut into years (youtube.md §3)."""

FINISHED_AFTER = 4
"""Days before the last whole Pacific day from which on an absent row means an idle day: figures take up to 72 hours,
and a day is complete about four days later (youtube.md §3 Freshness, §5)."""

_WHEN_ID = "per hari Pasifik (sekitar pukul 15.00 WIB sampai 15.00 WIB esoknya)"
_WHEN_EN = "of a Pacific day (about 08:00 UTC to 08:00 UTC of the next)"

ENGAGED_VIEWS = metric("youtube.engaged_views", "view", "tayangan disimak (engaged views)", "engaged views")

DAY_VIEWS = Measure(
    VIEWS, Subject.ACCOUNT, DAY, Kind.FLOW, view_definitions(f"Tayangan kanal {_WHEN_ID}", f"Channel views {_WHEN_EN}")
)
DAY_ENGAGED_VIEWS = Measure(
    ENGAGED_VIEWS, Subject.ACCOUNT, DAY, Kind.FLOW,
    (since(None, f"Tayangan kanal {_WHEN_ID} yang berlanjut melewati gambar pertama atau diklik; "
                 "artinya tidak berubah pada Agustus 2026",
           f"Channel views {_WHEN_EN} that went on past the first frame or were clicked; "
           "the meaning did not change in August 2026"),),
)  # fmt: skip
DAY_WATCH_MINUTES = Measure(
    WATCH_MINUTES, Subject.ACCOUNT, DAY, Kind.FLOW,
    (since(None, f"Perkiraan menit tonton kanal {_WHEN_ID}", f"Estimated minutes watched {_WHEN_EN}"),),
)  # fmt: skip
DAY_GAINED = Measure(
    FOLLOWERS_GAINED, Subject.ACCOUNT, DAY, Kind.FLOW,
    (since(None, f"Pelanggan (subscriber) baru {_WHEN_ID}; tidak dibulatkan",
           f"New subscribers {_WHEN_EN}; not rounded"),),
)  # fmt: skip
DAY_LOST = Measure(
    FOLLOWERS_LOST, Subject.ACCOUNT, DAY, Kind.FLOW,
    (since(None, f"Pelanggan (subscriber) yang berhenti {_WHEN_ID}; tidak dibulatkan",
           f"Subscribers lost {_WHEN_EN}; not rounded"),),
)  # fmt: skip

WINDOW_VIEWS = Measure(
    VIEWS, Subject.ACCOUNT, window(28), Kind.FLOW,
    view_definitions("Tayangan kanal dalam 28 hari terakhir, dari layar YouTube Studio",
                     "Channel views of the last 28 days, from YouTube Studio's screen"),
)  # fmt: skip
WINDOW_WATCH_MINUTES = Measure(
    WATCH_MINUTES, Subject.ACCOUNT, window(28), Kind.FLOW,
    (since(None, "Menit tonton kanal dalam 28 hari terakhir, dari layar YouTube Studio (jam tonton dikali 60)",
           "Minutes watched in the last 28 days, from YouTube Studio's screen (watch hours times 60)"),),
)  # fmt: skip

DAY_FIGURES = {
    "views": DAY_VIEWS,
    "engagedViews": DAY_ENGAGED_VIEWS,
    "estimatedMinutesWatched": DAY_WATCH_MINUTES,
    "subscribersGained": DAY_GAINED,
    "subscribersLost": DAY_LOST,
}
MEASURES = (*DAY_FIGURES.values(), WINDOW_VIEWS, WINDOW_WATCH_MINUTES)


def read_days(assignment: Assignment, channel_id: str, fetch: Fetch) -> Iterator[Observation]:
    """Ask for the days of the assignment that are over, a year at a time, and read them."""
    yesterday = assignment.now.astimezone(PACIFIC).date() - timedelta(days=1)
    asked = {name: measure for name, measure in DAY_FIGURES.items() if not assignment.is_dead(measure)}
    first, last = assignment.first_day(*asked.values()), min(assignment.window.last, yesterday)
    if first > last:
        return
    finished = yesterday - timedelta(days=FINISHED_AFTER)
    retired = [
        Gap(measure, Reason.RETIRED, Days(first, last), None)
        for measure in DAY_FIGURES.values()
        if assignment.is_dead(measure)
    ]
    for days in slices(Days(first, last), LONGEST):
        yield from (replace(gap, when=days) for gap in retired)
        for observation in _read_slice(fetch, channel_id, days, asked, finished):
            yield observation
            if isinstance(observation, Gap) and observation.reason is Reason.RETIRED:
                retired.append(observation)
        gone = {gap.measure for gap in retired}
        asked = {name: measure for name, measure in asked.items() if measure not in gone}


def _read_slice(
    fetch: Fetch, channel_id: str, days: Days, asked: Mapping[str, Measure], finished: date
) -> Iterator[Observation]:
    """Ask for one slice; one refused name refuses them all, so that each is then asked for by itself."""
    if not asked:
        return
    # The channel is named: the sign-in of another channel is refused, where MINE would quietly answer with that
    # channel's figures (brand accounts, youtube.md §1a and §7).
    request = Request(
        "analytics",
        "/v2/reports",
        {
            "ids": f"channel=={channel_id}",
            "startDate": days.first.isoformat(),
            "endDate": days.last.isoformat(),
            "metrics": ",".join(asked),
            "dimensions": "day",
        },
    )
    try:
        table = fetch(request)
    except NotOfferedError as refusal:
        if len(asked) > 1:
            for name, measure in asked.items():
                yield from _read_slice(fetch, channel_id, days, {name: measure}, finished)
        else:
            for measure in asked.values():
                yield Gap(measure, refusal.reason, days, refusal.place, note=refusal.message)
        return
    yield from _read_table(table, days, asked, finished)


def _read_table(table: Node, days: Days, asked: Mapping[str, Measure], finished: date) -> Iterator[Observation]:
    """Read a result table by the names of its columns. Where there is nothing to report, `rows` may be missing."""
    headers, rows = table["columnHeaders"], list(elements(table["rows"]))
    columns = {header["name"].text(): number for number, header in enumerate(elements(headers))}
    if rows and "day" not in columns:
        raise ShapeError("the table has no column of days", place=headers.place)
    told = {name: measure for name, measure in asked.items() if not rows or name in columns}
    covered, holed = min(days.last, finished), set()
    for row in rows:
        day = _day(row[columns["day"]])
        if not days.first <= day <= days.last:
            continue
        covered = max(covered, day)
        for name, measure in told.items():
            cell = row[columns[name]]
            if cell.exists:
                yield cell.read(measure, on=day)
            else:
                holed.add(name)
                yield cell.gap(measure, Reason.EMPTY, on=day)
    if covered < days.first:
        return
    answered = Days(days.first, covered)
    for name, measure in asked.items():
        if name not in told:
            yield headers.gap(measure, Reason.NOT_OFFERED, on=answered)
        elif name not in holed:  # a row without its number is no idle day
            yield Coverage(measure, answered, table["rows"].place)


def _day(cell: Node) -> date:
    text = cell.text()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ShapeError(f"expected a day at {cell.pointer}, found {text[:40]!r}", place=cell.place) from None
