"""One office that was collected every night for years: an account on each real platform, with all that it declares.

Each night has one kept answer, which holds the figures in the order in which they were read: counts of the moment,
the day's figures, windows of 28 days, calendar periods on their last day, the audience by label, and for each post of
the last month its counts, as collections read them. What is measured on it is the report, so the platforms are not
asked and the answers have no platform's shape.
Run as `python -m benchmarks.office DAYS` in the environment of a new installation.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from benchmarks.answers import CITIES, COUNTRIES, figure
from benchmarks.opening import read_settings
from benchmarks.population import NOW
from collector.clock import SetClock
from collector.growth.periods import MONTHS_OF, period_of
from collector.platforms import list_connectors
from collector.store.ledger import Kept, Ledger
from collector.wiring import Application
from connectors.kit import (
    POST_REFRESH_DAYS,
    Connector,
    Coverage,
    Days,
    Kind,
    Measure,
    Moment,
    Observation,
    Place,
    Post,
    Reading,
    Subject,
)
from connectors.kit.metrics import DAY, FOLLOWERS, window_days
from connectors.kit.metrics import NOW as AT_NOW

_AT = time(19, 30, tzinfo=UTC)  # half past two in the night of Western Indonesia
_CHUNK = 30  # nights stored together: what is measured is not how they came to be
_POST_EVERY = 2  # days
_FOLLOWERS_ABOUT = (*(f"city:{name}" for name in CITIES), *(f"country:{name}" for name in COUNTRIES))
_ELSE_ABOUT = tuple(f"source:Asal {number}" for number in range(20))


@dataclass(slots=True)
class _Past:
    """One account's nights on their way into the store."""

    ledger: Ledger
    connector: Connector
    account_id: int
    _read: list[Observation] = field(default_factory=list)

    def fill(self, first: date, days: int) -> int:
        """Store so many nights. Returns the number of readings."""
        stored = 0
        for start in range(0, days, _CHUNK):
            begin = first + timedelta(days=start)
            stored += self._store(begin, begin + timedelta(days=min(_CHUNK, days - start) - 1))
        return stored

    def _store(self, first: date, last: date) -> int:
        at = datetime.combine(last, _AT)
        run_id = self.ledger.begin_run("benchmark", "", "", at)
        snapshot = self.ledger.claim(run_id, self.account_id, "", "benchmark", at, at + timedelta(hours=1))
        assert snapshot is not None
        self._read = []
        exchange = 0
        for passed in range((last - first).days + 1):
            exchange = self._keep(run_id, snapshot, first + timedelta(days=passed))
        for measure in self.connector.measures:
            if measure.span == DAY:
                self._read.append(Coverage(measure, Days(first, last), Place(exchange, "body:/0")))
        stored = self.ledger.finish_snapshot(snapshot, self.account_id, self._read, outcome="ok", at=at)
        self.ledger.finish_run(run_id, at)
        return stored.readings

    def _keep(self, run_id: int, snapshot: int, day: date) -> int:
        """Keep one night's answer and read it."""
        night = list(_night_of(self.connector, day))
        figures = [value for _, _, value, _ in night]
        request = {
            "api": "api",
            "method": "GET",
            "path": f"/{self.connector.slug}/figures",
            "params": {"day": str(day)},
        }
        exchange = self.ledger.keep_exchange(
            Kept(
                run_id, snapshot, 1, 1, self.connector.slug, request, 200, {"content-type": "application/json"},
                datetime.combine(day, _AT), 80, json.dumps(figures).encode(),
            )
        )  # fmt: skip
        for place, (measure, about, value, when) in enumerate(night):
            self._read.append(Reading(measure, value, when, Place(exchange, f"body:/{place}"), about))
        if day.toordinal() % _POST_EVERY == 0:
            id = _post_id(day)
            made_at = datetime.combine(day, time(3, tzinfo=UTC))
            link = f"https://contoh.example/{self.connector.slug}/{id}"
            self._read.append(Post(id, made_at, "photo", f"Sosialisasi {day}", link, Place(exchange, "body:/0")))
        return exchange


def _night_of(connector: Connector, day: date) -> Iterator[tuple[Measure, str, int, Moment | Days]]:
    """Yield what is read in the night that ends a day: measure, what about, value, when."""
    count = day.toordinal()
    for kind, measure in enumerate(connector.measures):
        when = _when(measure, day)
        if when is None:
            continue
        for place, (about, age) in enumerate(_abouts(measure, day)):
            grown = (count - 730_000) * 3 if measure.kind is Kind.LEVEL else age * 40
            yield measure, about, 50 + grown + figure(place, kind, 1) % 40 + count % 7, when


def _when(measure: Measure, day: date) -> Moment | Days | None:
    """Return what a measure's figure of that night is of, None where there is none: its period is not over."""
    if measure.span == AT_NOW:
        return Moment(datetime.combine(day, _AT))
    length = 1 if measure.span == DAY else window_days(measure.span)
    if length is not None:
        return Days(day - timedelta(days=length - 1), day)
    assert measure.span in MONTHS_OF
    period = period_of(measure.span, day)
    return Days(period.first, period.last) if period.last == day else None


def _abouts(measure: Measure, day: date) -> list[tuple[str, int]]:
    """Return what a measure has figures of, and how many days old that is."""
    match measure.subject:
        case Subject.ACCOUNT:
            return [("", 0)]
        case Subject.AUDIENCE:
            return [(about, 0) for about in (_FOLLOWERS_ABOUT if measure.metric is FOLLOWERS else _ELSE_ABOUT)]
        case Subject.POST:
            young = ((day - timedelta(days=age), age) for age in range(POST_REFRESH_DAYS))
            return [(_post_id(made), age) for made, age in young if made.toordinal() % _POST_EVERY == 0]


def _post_id(day: date) -> str:
    return f"post-{day.toordinal()}"


def make_office(days: int) -> dict[str, int]:
    """Make the office in this process's installation. Returns what it came to."""
    first, readings = NOW.date() - timedelta(days=days), 0
    with Application.open(read_settings(), clock=SetClock(NOW)) as application:
        office = application.accounts.ensure_office("kpu-contoh", "KPU Kota Contoh", seat="Contoh")
        directory = application.accounts.directory
        for connector in list_connectors():
            account = directory.add_account(office.id, connector.slug, "kpu_contoh", "kpu_contoh", NOW)
            directory.bind(account, f"{connector.slug}-1", "kpu_contoh", "kpu_contoh", "KPU Kota Contoh", "", NOW)
            readings += _Past(application.ledger, connector, account).fill(first, days)
    return {"accounts": len(list_connectors()), "readings": readings}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(make_office(int(sys.argv[1]))))
