"""A year of an office, lived through in minutes: with faults on one request in twenty and all that befalls a PC."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from office import START, Office, only, own_settings
from receivers import Webhook, load_apprise
from soaking import Level, Soak, Troubled

from collector.alerts.cause import Cause
from collector.clock import SetClock
from collector.demo.standin import StandIn
from collector.demo.world import World
from collector.settings import ALERTS
from collector.store.records import from_day_number, from_ms

SIGN_IN = "jwt-bearer"
"""The grant of the sign-in that ends: the website's visits are read with it."""

DAY, YEAR = timedelta(days=1), timedelta(days=365)


@dataclass(frozen=True)
class Length:
    """How long a soak is, of which platforms, and on which days what befalls it, for so many days."""

    platforms: tuple[str, ...]
    days: int
    sign_in: tuple[int, float]
    disk: tuple[int, float]
    line: tuple[int, float]
    clock: tuple[int, float]
    power: tuple[int, float]
    semesters: int  # how often people are reminded of the end of a semester


WEEKS = Length(("website", "x"), 13, (1, 1.5), (3, 0.5), (5, 1.5), (7, 1.25), (9, 2), 1)
WHOLE = Length(("website", "youtube", "x"), 371, (20, 5), (45, 1), (70, 7), (110, 1.25), (356, 8), 7)


@contextmanager
def befalls(soak: Soak, kind: str, length: Length) -> Iterator[None]:
    """Let something befall the office, and be over in the end."""
    since = soak.truth()
    if kind == "sign_in":
        soak.standin.ended = SIGN_IN
    elif kind == "disk":
        soak.free = 10**8
    elif kind == "line":
        soak.standin.is_line_gone = True
    elif kind == "clock":
        soak.set_clock(-YEAR)
    yield
    if kind == "clock":
        soak.set_clock(YEAR)
    soak.standin.is_line_gone, soak.standin.ended, soak.free = False, "", None
    if kind == "sign_in":
        soak.off(timedelta(minutes=2))  # whoever connected it again starts the service again
    if kind in ("line", "clock", "sign_in"):
        soak.away.append((since, soak.truth()))


def live_through(soak: Soak, length: Length, check: Callable[[], None]) -> None:
    """Live through all of it, and `check` in its middle and its end."""
    every = DAY * max(2, length.days // 50)
    kinds = ("sign_in", "disk", "line", "clock", "power")
    began = soak.now()
    for kind in kinds:
        day, lasts = getattr(length, kind)
        live_until(soak, began + DAY * day, every, check if kind == "clock" else None)
        if kind == "power":
            soak.off(DAY * lasts)
            continue
        with befalls(soak, kind, length):
            soak.live(DAY * lasts)
    live_until(soak, began + DAY * length.days, every, check)


def live_until(soak: Soak, moment: datetime, every: timedelta, check: Callable[[], None] | None) -> None:
    """Live until a moment, measuring now and then."""
    while soak.now() < moment:
        soak.live(min(every, moment - soak.now()))
        soak.measure()
    if check is not None:
        check()


def days_of(office: Office) -> dict[tuple[str, str, int, int], int]:
    """Return the figures of an office's days by what they are of."""
    rows = office.rows(
        "SELECT platform, measure, definition, at, value FROM readings JOIN series ON series.id = series_id"
        " JOIN accounts ON accounts.id = account_id WHERE measure LIKE '%:account:day' AND about = ''"
    )
    found = {(platform, measure, definition, at): value for platform, measure, definition, at, value in rows}
    assert len(found) == len(rows), "a day is there twice"
    return found


def check_days(office: Office, folder: Path, truth: Callable[[], datetime], platforms: tuple[str, ...]) -> None:
    """Check that an office has what one gets that asks undisturbed for all that the platforms still give."""
    with StandIn(World(truth)) as standin:
        own = own_settings(folder)
        new = Office(only({**standin.environment(), **own}, *platforms), SetClock(truth()))
        assert {one["outcome"] for one in new.collect().values()} == {"ok"}
    given, there = days_of(new), days_of(office)
    assert len(given) > 200
    missing = {key for key in given if there.get(key) != given[key]}
    assert not missing, sorted({(platform, str(from_day_number(at))) for platform, _, _, at in missing})


def check_turns(soak: Soak, began: datetime) -> None:
    """Check that each due time was done once: after it went well nothing more is asked until the next."""
    for account in soak.application.queries.list_accounts():
        rows = soak.office.rows(
            "SELECT snapshots.started_at, outcome FROM snapshots JOIN runs ON runs.id = run_id"
            " WHERE account_id = ? AND trigger IN ('schedule', 'catch-up') ORDER BY snapshots.id", account.id
        )  # fmt: skip
        tries = [(from_ms(at), outcome) for at, outcome in rows]
        times = soak.application.plan.list_next(account, began + DAY)  # before, its name was another, and so its minute
        dues = [next(times) for _ in range((soak.now() - began).days - 1)]
        for due, following in pairwise(dues):
            outcomes = [outcome for at, outcome in tries if due <= at < following]
            assert "ok" not in outcomes[:-1], (account.platform, due, outcomes)
            if not any(since - DAY < due and following < until + 2 * DAY for since, until in soak.away):
                assert outcomes[-1:] in (["ok"], ["partial"]), (account.platform, due, outcomes)
        assert {outcome for _, outcome in tries} <= {"ok", "partial", "failed"}


def check_alerts(soak: Soak, webhook: Webhook, length: Length) -> None:
    """Check that each cause began once and was told once, and so its end."""
    began = soak.alerts()
    number = soak.office.rows("SELECT id FROM accounts WHERE platform = 'website'")[0][0]
    semesters = _of(began, "semester:")
    assert began == {**semesters, f"account.reconnect:{number}": 1, "disk.low": 1, "clock.behind": 1}
    assert (len(semesters), set(semesters.values())) == (length.semesters, {1})
    lines = [line for received in webhook.rest() for line in received.lines]
    rows = soak.office.rows("SELECT cause, detail, opened_at, closed_at FROM alerts")
    causes = [(Cause.load(key, detail), opened_at) for key, detail, opened_at, _ in rows]
    for (cause, _), (key, _, _, closed_at) in zip(causes, rows, strict=True):
        if not cause.key.startswith("weekly:"):
            begins, ends = (sum(line.startswith(text) for line in lines) for text in (cause.what.id, _end(cause)))
            assert (begins, ends) == (1, int(cause.over.id != "")), (key, lines)
            assert closed_at is not None or not cause.over.id, key
    weekly = [(cause, at) for cause, at in causes if cause.key.startswith("weekly:")]
    # A word of the week that names what the same message begins with is not said besides.
    said_with = [one for one, at in weekly if any(one.what.id.endswith(f": {of.what.id}") and at == since
                                                  for of, since in causes)]  # fmt: skip
    assert sum(line.startswith("Minggu ini") for line in lines) == len(weekly) - len(said_with)
    assert length.days // 7 - 1 <= len(weekly) <= length.days // 7 + 2


def _end(cause: Cause) -> str:
    return f"Pulih: {cause.over.id}" if cause.over.id else "there is none"


def _of(found: dict[str, int], start: str) -> dict[str, int]:
    return {cause: count for cause, count in found.items() if cause.startswith(start)}


def check_levels(levels: list[Level]) -> None:
    """Check that the last quarter held no more than the second, and that the database grew evenly."""
    quarter = len(levels) // 4
    second, last = levels[quarter : 2 * quarter], levels[-quarter:]
    print(*levels, sep="\n")
    assert mean(one.blocks for one in last) < 1.05 * mean(one.blocks for one in second)
    assert mean(one.resident for one in last) < 1.15 * mean(one.resident for one in second)
    assert max(one.files for one in last) <= max(one.files for one in second) + 4
    assert max(one.threads for one in last) <= max(one.threads for one in second) + 4
    if quarter > 10:  # in some weeks the first collection is most of it
        assert 0.75 < (last[-1].database - last[0].database) / (second[-1].database - second[0].database) < 1.25


@pytest.mark.parametrize("length", [WEEKS, pytest.param(WHOLE, marks=pytest.mark.prove)], ids=["weeks", "year"])
def test_it_runs_by_itself(tmp_path: Path, length: Length) -> None:
    """Every figure that could be had is there once; nothing grows but the database; people are told once of each."""
    load_apprise()
    clock = SetClock(START)
    with Webhook() as webhook, Troubled(clock.now, seed=7) as standin:
        given = only({**standin.environment(), **own_settings(tmp_path)}, *length.platforms)
        soak = Soak(Office({**given, ALERTS: webhook.address()}, clock), standin)
        standin.world.now = soak.truth
        began, checked = soak.now(), []

        def check() -> None:
            checked.append(folder := tmp_path / f"new-{len(checked)}")
            folder.mkdir()
            check_days(soak.office, folder, soak.truth, length.platforms)

        live_through(soak, length, check)
        check_turns(soak, began)
        soak.application.close()
        assert len(checked) == 2
        assert 0.03 < standin.spoiled / standin.given < 0.07
        check_alerts(soak, webhook, length)
        check_levels(soak.levels)
        assert soak.office.rows("PRAGMA integrity_check") == [("ok",)]
        print(standin.given, standin.spoiled, soak.ticks, soak.alerts())
