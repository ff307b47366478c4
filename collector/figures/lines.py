"""From the store to growth: an account's stored readings as lines of points."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from collector.figures.codes import reading_code
from collector.figures.history import MeasureKey, day_of, moment_of
from collector.figures.rulings import Rulings, read_rulings
from collector.growth.holding import Sorted, hold
from collector.growth.periods import MONTHS_OF, period_of
from collector.growth.points import Ending, Line, Origin, Point
from collector.platforms import get_connector
from collector.store.findings import Findings
from collector.store.history import History, Wanted
from collector.store.records import HistoryReading, StoredAccount, from_ms
from connectors.kit import Days, Kind, Reason
from connectors.kit.metrics import FOLLOWERS, NOW, window_days

_BEFORE = timedelta(days=40)
"""How long before the earlier period's beginning figures are read: a base of its end is found well within."""

_FIRST_DAY = date(1970, 1, 2)


@dataclass(frozen=True, slots=True)
class Lines:
    """Reads lines. `findings` has what people said of held figures."""

    history: History
    findings: Findings

    def of_account(
        self, account: StoredAccount, first: date, position: datetime, as_of: datetime | None = None
    ) -> tuple[Line, ...]:
        """Return the lines of an account's own figures from `first` to the position, preferred measures first.

        What lies further back is there with its last figure; of the followers also what came later, because that may
        explain a leap. With `as_of` all is as it was known at that moment.
        """
        zone = account.office.timezone
        begin, end = first - _BEFORE, position.astimezone(zone).date() + timedelta(days=1)
        wanted = Wanted(account_ids=(account.id,), subject="account", since=begin, until=end, as_of=as_of)
        readings = [*self.history.list_newest_before(wanted, begin), *self.history.list_readings(wanted)]
        rulings = read_rulings(self.findings, account.id, as_of)
        followers = replace(wanted, metric=FOLLOWERS.key, since=end + timedelta(days=1), until=None)
        readings += self.history.list_readings(followers)
        if rulings.since is not None and rulings.since < begin:
            earlier = replace(followers, since=rulings.since, until=begin - timedelta(days=1))
            readings += self.history.list_newest_before(earlier, rulings.since)
            readings += self.history.list_readings(earlier)
        revised = self.history.list_revised(wanted, position) if as_of is None else {}
        answered = self.history.list_answered(wanted)
        hidden = self._hidden(wanted)
        by_measure: dict[str, list[HistoryReading]] = {}
        for reading in readings:
            by_measure.setdefault(reading.measure, []).append(reading)
        return tuple(
            self._line(
                measure, by_measure.get(measure, []), account, rulings, revised, answered, hidden.get(measure, ())
            )
            for measure in _in_order(account.platform, {*by_measure, *hidden})
        )  # fmt: skip

    def followers_of(self, account: StoredAccount, since: date) -> dict[str, Sorted]:
        """Return how an account's followers are sorted today, by measure, preferred ones first; of late at least."""
        rulings = read_rulings(self.findings, account.id)
        begin = min(since, rulings.since or since)
        wanted = Wanted(account_ids=(account.id,), metric=FOLLOWERS.key, subject="account", since=begin)
        lines: dict[str, list[Point]] = {}
        for reading in (*self.history.list_newest_before(wanted, begin), *self.history.list_readings(wanted)):
            if reading.kind == Kind.LEVEL:
                lines.setdefault(reading.measure, []).append(point_of(reading, account.office.timezone))
        return {
            measure: hold(lines[measure], rulings.verdicts, rulings.doubts)
            for measure in _in_order(account.platform, lines)
        }

    def list_unused(self, account: StoredAccount) -> dict[str, Ending]:
        """Return which of an account's figures are not used now, by code: those that are held, and those refused."""
        sorted_lines = self.followers_of(account, _FIRST_DAY).values()
        return {
            point.code: ending
            for found in sorted_lines
            for ending, points in ((Ending.HELD, found.held), (Ending.REFUSED, found.refused))
            for point in points
        }

    def _line(
        self,
        measure: str,
        readings: list[HistoryReading],
        account: StoredAccount,
        rulings: Rulings,
        revised: dict[tuple[int, int], datetime],
        answered: dict[tuple[int, str], tuple[Days, ...]],
        hidden: tuple[datetime, ...],
    ) -> Line:
        key = MeasureKey.of(measure)
        zone, unique = account.office.timezone, {(one.series_id, one.at): one for one in readings}
        points = tuple(point_of(one, zone, revised.get(name)) for name, one in unique.items())
        found = Sorted(points, (), ())
        kind = Kind(readings[0].kind) if readings else Kind.LEVEL
        if key.metric == FOLLOWERS.key and kind is Kind.LEVEL:
            found = hold(points, rulings.verdicts, rulings.doubts)
        decimals = readings[0].decimals if readings else 0
        days = answered.get((account.id, measure), ())
        return Line(
            measure, key.metric, key.span, kind, found.accepted, key.by, decimals, days, hidden, found.held, found.leaps
        )

    def _hidden(self, wanted: Wanted) -> dict[str, tuple[datetime, ...]]:
        found: dict[str, list[datetime]] = {}
        for gap in self.history.list_gaps(wanted):
            if gap.reason == Reason.HIDDEN and MeasureKey.of(gap.measure).span == NOW:
                found.setdefault(gap.measure, []).append(from_ms(gap.from_at))
        return {measure: tuple(moments) for measure, moments in found.items()}


def point_of(reading: HistoryReading, zone: ZoneInfo, revised_at: datetime | None = None) -> Point:
    """Return a stored reading as a point; one of days sorts as the last second of its last day."""
    day, span = day_of(reading), MeasureKey.of(reading.measure).span
    moment = moment_of(reading) or datetime.combine(day, time(23, 59, 59), zone)
    return Point(
        reading.value, moment, day, reading_code(reading.series_id, reading.at), reading.upto, _length(span, day),
        reading.definition, Origin(reading.origin), reading.precision, reading.source, revised_at,
    )  # fmt: skip


def _length(span: str, day: date) -> int:
    """Return how many days a figure covers that ends on a day."""
    if span in MONTHS_OF:
        return period_of(span, day).days
    return window_days(span) or 1


def _in_order(platform: str, measures: Iterable[str]) -> Iterator[str]:
    """Order measure keys as the connector declares them, those that it does not know at the end."""
    try:
        connector = get_connector(platform)
        declared = [measure.key for measure in (*connector.measures, *connector.typed_measures)]
    except LookupError:
        declared = []
    place = {key: number for number, key in enumerate(declared)}
    return iter(sorted(measures, key=lambda key: (place.get(key, len(place)), key)))
