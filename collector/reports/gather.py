"""From the store to the material of a report: all that one office's report needs, looked up once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from collector.accounts.bio import find_sites, names_site
from collector.figures.gaps import explain_gap
from collector.figures.growth import question_of
from collector.figures.history import MeasureKey
from collector.figures.lines import Lines, point_of
from collector.growth.differ import compare
from collector.growth.periods import Period
from collector.growth.points import Line, Point
from collector.growth.question import Question
from collector.language import current
from collector.platforms import get_connector
from collector.reports.material import AccountMaterial, Material, Missing, Outage, Quote, Share, TopPost
from collector.reports.narrative import Narrative
from collector.reports.recap import followers_of
from collector.reports.standing import Standing, tell_doubts
from collector.store.history import History, Wanted
from collector.store.outages import Outages
from collector.store.records import (
    HistoryGap,
    HistoryReading,
    Office,
    SeenPost,
    StoredAccount,
    from_day_number,
    from_ms,
)
from connectors.kit import Connector, Kind, Measure, Reason, Subject

TOP = 5
"""How many posts are shown."""

_RANKED_BY = ("views", "interactions", "reactions", "likes")  # of a post; the first that the platform counts
_TOLD_REASONS = {
    Reason.HIDDEN, Reason.RETIRED, Reason.NOT_PERMITTED, Reason.NOT_OFFERED, Reason.BELOW_FLOOR, Reason.TOO_LATE,
    Reason.EMPTY, Reason.UNREADABLE, Reason.BUDGET,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Gathers material. `lines`, `history` and `outages` are readers of the store."""

    lines: Lines
    history: History
    outages: Outages

    def gather(
        self,
        office: Office,
        accounts: Sequence[StoredAccount],
        period: Period,
        against: Period,
        position: datetime,
        narrative: Narrative,
        made_at: datetime,
        as_of: datetime | None = None,
    ) -> Material:
        """Return the material of an office's report."""
        sites, standing = find_sites(accounts).get(office.id, frozenset()), Standing.of(accounts)
        known = {one.id: one for one in accounts}
        questions = {one.id: question_of(one, period, against, position) for one in accounts}
        return Material(
            language=current(),
            office=office.slug,
            office_name=office.name,
            seat=office.seat,
            zone=office.timezone,
            period=period,
            against=against,
            position=position,
            made_at=made_at,
            accounts=tuple(
                replace(
                    self._account(one, sites, questions[one.id], as_of),
                    succession=standing.tell(one, known.get(one.succeeds or 0), questions[one.id]),
                )
                for one in accounts
                if standing.is_of(one, questions[one.id])
            ),
            narrative=narrative,
            outages=tuple(self._outages(office, period, position, as_of or made_at)),
        )

    def name_of(self, account: StoredAccount) -> str:
        """Return the name of an account's platform as people know it."""
        connector = _connector(account.platform)
        return connector.name if connector is not None else account.platform

    def _account(
        self,
        account: StoredAccount,
        sites: frozenset[str],
        question: Question,
        as_of: datetime | None,
    ) -> AccountMaterial:
        connector = _connector(account.platform)
        lines = self.lines.of_account(account, question.against.first, question.position, as_of)
        measures = {one.key: one for one in _measures(connector)}
        wanted = Wanted(account_ids=(account.id,), as_of=as_of)
        metric, ranked = self._top(account, connector, wanted, question)
        made = AccountMaterial(
            slug=account.platform,
            platform=self.name_of(account),
            colour=connector.colour if connector is not None else "#444444",
            handle=account.handle,
            name=account.name,
            link=account.link,
            identity=account.external_id or account.handle.casefold(),
            question=question,
            changes=compare([line for line in lines if _is_counted(measures.get(line.measure))], question),
            measures=measures,
            shares=tuple(self._shares(wanted, question)),
            top_metric=metric,
            top_posts=ranked,
            posts_seen=self._count_posts(account, connector, question),
            quotes=tuple(_quotes(lines, question)),
            bio_link=account.bio_link or "",
            names_site=names_site(account, account.bio_link, sites),
            doubts=tuple(tell_doubts(self.lines.findings.list_of(account.id, as_of), question)),
            missing=tuple(_missing(self.history.list_gaps(wanted), measures, question)),
        )
        return replace(made, followers=_history_of_followers(lines, made, question))

    def _shares(self, wanted: Wanted, question: Question) -> Iterator[Share]:
        """Yield the audience of the newest day of each kind that has one within the period."""
        until = question.today + timedelta(days=1)
        audience = replace(wanted, subject=str(Subject.AUDIENCE))
        newest: dict[str, list[HistoryReading]] = {}
        for reading in self.history.list_newest_before(audience, until):
            if reading.kind in (Kind.LEVEL, Kind.COUNTER):
                newest.setdefault(reading.about.partition(":")[0], []).append(reading)
        for kind, readings in newest.items():
            points = [(one, point_of(one, question.zone)) for one in readings]
            last = max(point.day for _, point in points)
            for reading, point in points:
                if point.day == last and question.period.first <= last <= question.period.last:
                    yield Share(kind, reading.about.partition(":")[2], point)

    def _posts(self, account: StoredAccount, question: Question) -> tuple[SeenPost, ...]:
        begin, end = (
            datetime.combine(day, time(), question.zone)
            for day in (question.period.first, question.period.last + timedelta(days=1))
        )
        return self.history.list_posts(account.id, begin, min(end, question.position))

    def _count_posts(self, account: StoredAccount, connector: Connector | None, question: Question) -> int | None:
        lists_posts = connector is not None and any(one.subject is Subject.POST for one in connector.measures)
        seen = self._posts(account, question) if lists_posts else ()
        return len(seen) if seen else None

    def _top(
        self, account: StoredAccount, connector: Connector | None, wanted: Wanted, question: Question
    ) -> tuple[str, tuple[TopPost, ...]]:
        """Return by which metric the period's posts are ranked, and the first of them."""
        posts = {post.id: post for post in self._posts(account, question)}
        if not posts or connector is None:
            return "", ()
        until = question.today + timedelta(days=1)
        of_posts = replace(wanted, subject=str(Subject.POST), abouts=tuple(posts))
        counts: dict[str, dict[str, Point]] = {}
        for reading in self.history.list_newest_before(of_posts, until):
            metric = MeasureKey.of(reading.measure).metric
            if reading.kind == Kind.COUNTER and metric in _RANKED_BY:
                counts.setdefault(metric, {})[reading.about] = point_of(reading, question.zone)
        metric = next((one for one in _RANKED_BY if counts.get(one)), "")
        ranked = sorted(counts.get(metric, {}).items(), key=lambda one: (-one[1].value, one[0]))[:TOP]
        label = next((one.metric.labels.text(current()) for one in connector.measures if one.metric.key == metric), "")
        return label, tuple(
            TopPost(posts[id].title, posts[id].link, posts[id].created_at.astimezone(question.zone).date(), point)
            for id, point in ranked
        )

    def _outages(self, office: Office, period: Period, position: datetime, known_at: datetime) -> Iterator[Outage]:
        """Yield the times in which nothing could be collected, as far as they lie within the period."""
        begin = datetime.combine(period.first, time(), office.timezone)
        end = min(datetime.combine(period.last + timedelta(days=1), time(), office.timezone), position)
        for one in self.outages.list_between(begin, end, known_at):
            yield Outage(one.kind, max(one.since, begin.astimezone(UTC)), min(one.until or end, end).astimezone(UTC))


def _is_counted(measure: Measure | None) -> bool:
    """Whether a measure counts something: a site's status code is a state, and has no growth."""
    return measure is None or measure.metric.unit != "status code"


def _connector(slug: str) -> Connector | None:
    try:
        return get_connector(slug)
    except LookupError:
        return None


def _measures(connector: Connector | None) -> tuple[Measure, ...]:
    return (*connector.measures, *connector.typed_measures) if connector is not None else ()


def _history_of_followers(lines: Sequence[Line], account: AccountMaterial, question: Question) -> tuple[Point, ...]:
    """Return one point a day of the line that the followers were compared on, over both periods."""
    change = followers_of(account)
    line = next((one for one in lines if change is not None and one.measure == change.measure), None)
    if line is None:
        return ()
    by_day = {
        point.day: point
        for point in sorted(line.points, key=lambda point: (point.day, point.trust, point.at))
        if question.against.first <= point.day <= question.period.last and point.at <= question.position
    }
    return tuple(by_day[day] for day in sorted(by_day))


def _quotes(lines: Sequence[Line], question: Question) -> Iterator[Quote]:
    for line in lines:
        if line.kind is not Kind.RATIO:
            continue
        inside = [
            point
            for point in line.points
            if question.period.first <= point.day <= question.period.last and point.at <= question.position
        ]
        if inside:
            newest = max(inside, key=lambda point: (point.day, point.at))
            yield Quote(line.measure, line.metric, line.span, line.decimals, newest)


def _missing(gaps: Sequence[HistoryGap], measures: dict[str, Measure], question: Question) -> Iterator[Missing]:
    """Yield what is missing within the period, each thing once with its first and last day."""
    spans: dict[tuple[str, str], tuple[date, date]] = {}
    for gap in gaps:
        reason = Reason(gap.reason)
        measure = measures.get(gap.measure)
        if measure is None or reason not in _TOLD_REASONS or measure.subject is Subject.POST:
            continue
        first, last = (_day(at, measure, question) for at in (gap.from_at, gap.to_at))
        if last < question.period.first or first > min(question.period.last, question.today):
            continue
        key = (measure.metric.labels.text(current()), explain_gap(reason, measure))
        first, last = max(first, question.period.first), min(last, question.period.last)
        known = spans.get(key, (first, last))
        spans[key] = (min(first, known[0]), max(last, known[1]))
    for (label, message), (first, last) in spans.items():
        yield Missing(label, first, last, message)


def _day(at: int, measure: Measure, question: Question) -> date:
    if measure.span == "now":
        return from_ms(at).astimezone(question.zone).date()
    return from_day_number(at)
