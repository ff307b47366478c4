"""Lines and questions from short texts, so that a test shows dates and values and little else."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector.growth.differ import compare
from collector.growth.periods import parse_period, previous
from collector.growth.points import Line, Origin, Point
from collector.growth.question import Question
from connectors.kit import Days, Kind

WIB = ZoneInfo("Asia/Jakarta")
ORIGINS = {"api": Origin.API, "typed": Origin.TYPED, "derived": Origin.DERIVED}


def at(text: str) -> datetime:
    """Read a moment of the office: a day alone is its last second, a month alone that of its last day."""
    if len(text) == 7:
        return datetime.combine(parse_period(text).last, datetime.max.time(), WIB)
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), datetime.max.time(), WIB)
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def point(row: str, days: int = 1) -> Point:
    """Read "2022-06-30 1240", "2022-06 1652..1653 derived", "2026-09-01 12 v2", "2022-12-28T14:24 376 typed"."""
    when, number, *words = row.split()
    value, _, upto = number.partition("..")
    moment = at(when)
    origin = next((ORIGINS[word] for word in words if word in ORIGINS), Origin.API)
    definition = next((int(word[1:]) for word in words if word[0] == "v" and word[1:].isdigit()), 1)
    precision = {7: "month", 10: "day"}.get(len(when), "instant")
    return Point(
        int(value), moment, moment.date(), f"R-{when}-{number}", int(upto) if upto else None, days, definition, origin,
        precision if origin is not Origin.API else "instant",
    )  # fmt: skip


def line(rows: str, *, metric: str = "followers", span: str = "now", kind: Kind = Kind.LEVEL, **more) -> Line:
    """Make a line of rows."""
    days = int(span[:-1]) if span.endswith("d") else 1
    points = tuple(point(row, days) for row in rows.strip().splitlines() if row.strip())
    return Line(f"{metric}:account:{span}", metric, span, kind, points, **more)


def days_of(first: str, last: str) -> list[date]:
    """List the days from one to another, both included."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


def daily(values: dict[date, int], **more) -> Line:
    """Make a line of daily views."""
    points = tuple(
        Point(value, datetime.combine(day, datetime.max.time(), WIB), day, f"R-{day}") for day, value in values.items()
    )
    return Line("views:account:day", "views", "day", Kind.FLOW, points, **more)


def answered(first: str, last: str) -> Days:
    """Name days that were answered."""
    return Days(date.fromisoformat(first), date.fromisoformat(last))


def ask(period: str, *, against: str | None = None, position: str | None = None, **more) -> Question:
    """Ask for a period, against the one before, as of its end."""
    wanted = parse_period(period)
    other = parse_period(against) if against else previous(wanted)
    moment = at(position) if position else datetime.combine(wanted.last, datetime.max.time(), WIB)
    return Question(wanted, other, moment.astimezone(UTC), WIB, **more)


def change_of(lines: Line | list[Line], question: Question):
    """Return the one change of some lines."""
    (found,) = compare([lines] if isinstance(lines, Line) else lines, question)
    return found


def told(change) -> tuple:
    """Return base, end, difference and the flags' words: what most tests look at."""
    difference = change.difference
    return (
        change.base.value if change.base else None,
        change.end.value if change.end else None,
        (difference.least if difference.is_exact else (difference.least, difference.most)) if difference else None,
        {str(flag) for flag in change.flags},
    )
