"""The figures of windows, which only the owner sees: totals, countries, traffic sources, viewers and top videos.

Asked for as windows because they cannot be made of days: countries are not told by day, shares are rates, a ranking
holds only its first rows (youtube.md §3 and §5). The windows are the newest 28 complete days, the 28 before them, and
the closed periods.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from connectors.kit import (
    Assignment,
    Coverage,
    Days,
    Fetch,
    Gap,
    Measure,
    Node,
    Observation,
    Place,
    Reading,
    Reason,
    ShapeError,
    Subject,
    last_windows,
    missing,
    window,
)
from connectors.kit.metrics import MONTH
from connectors.youtube.days import last_finished_day
from connectors.youtube.measures import PARTS, TOP, TOTALS, VIDEOS, VIEWERS, Figures
from connectors.youtube.reports import Analytics, Question, Row, Table
from connectors.youtube.videos import read_ranked

WINDOW = window(28)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a table's rows are told apart by: YouTube's dimension, ours, and the figures by span."""

    by: str
    dimension: str
    figures: Mapping[str, Figures]
    label: Callable[[str], str] = str
    top: int = 0


def _age(text: str) -> str:
    """Return an age group as other platforms write it: `age25-34` is 25-34, `age65-` is 65+ (youtube.md §3)."""
    years = text.removeprefix("age")
    return f"{years[:-1]}+" if years.endswith("-") else years


BREAKDOWNS = (
    Breakdown("country", "country", PARTS),
    # Flows of sources add up over months; longer spans may be refused for a channel of many videos (youtube.md §3).
    Breakdown("insightTrafficSourceType", "source", {span: PARTS[span] for span in (WINDOW, MONTH)}),
    Breakdown("ageGroup", "age", VIEWERS, _age),
    Breakdown("gender", "gender", VIEWERS),
    Breakdown("video", "", VIDEOS, top=TOP),
)


@dataclass(slots=True)
class Windows:
    """The windows of one snapshot. `seen` are the videos whose titles were read already."""

    assignment: Assignment
    analytics: Analytics
    fetch: Fetch
    seen: set[str]
    _answered: dict[Measure, Place] = field(default_factory=dict)

    def read(self) -> Iterator[Observation]:
        """Read the windows of 28 days, newest first, then the closed periods that are complete."""
        finished = last_finished_day(self.assignment.now)
        for days in last_windows(finished, 28):
            yield from self._read_window(WINDOW, days)
        for period in self.assignment.closed_periods:
            if period.span not in TOTALS:
                continue
            if period.days.last <= finished:
                yield from self._read_window(period.span, period.days)
            else:
                for measure in _measures_of(period.span):
                    yield missing(measure, Reason.TOO_EARLY, None, self.assignment.now, period.days)

    def _read_window(self, span: str, days: Days) -> Iterator[Observation]:
        """Read one window. What was answered is said at its very end: a window cut short is asked for again."""
        self._answered = {}
        was_watched = False
        for answer in self.analytics.ask(Question(days, "", TOTALS[span])):
            for one in self._read_answer(answer, Reason.EMPTY, lambda row: ""):
                was_watched = was_watched or (isinstance(one, Reading) and one.value > 0)
                yield one
        # Rows below YouTube's minimum are left out of tables but not of totals (youtube.md §5).
        why_none = Reason.BELOW_FLOOR if was_watched else Reason.EMPTY
        for breakdown in BREAKDOWNS:
            if span in breakdown.figures:
                yield from self._read_breakdown(breakdown, span, days, why_none)
        for measure, place in self._answered.items():
            yield Coverage(measure, days, place)

    def _read_breakdown(self, breakdown: Breakdown, span: str, days: Days, why_none: Reason) -> Iterator[Observation]:
        def about(row: Row) -> str:
            label = breakdown.label(row.label.text())
            return f"{breakdown.dimension}:{label}" if breakdown.dimension else label

        question = Question(days, breakdown.by, breakdown.figures[span], breakdown.dimension, breakdown.top)
        ranked: list[str] = []
        for answer in self.analytics.ask(question):
            for one in self._read_answer(answer, why_none, about):
                if isinstance(one, Reading) and one.measure.subject is Subject.POST and one.about not in self.seen:
                    self.seen.add(one.about)
                    ranked.append(one.about)
                yield one
        if ranked:  # a ranking names its videos by id alone (youtube.md §3)
            yield from read_ranked(self.assignment, ranked, self.fetch)

    def _read_answer(
        self, answer: Table | Gap, why_none: Reason, about: Callable[[Row], str]
    ) -> Iterator[Reading | Gap]:
        if isinstance(answer, Gap):
            yield answer
            return
        days = answer.question.days
        yield from answer.gaps_of_columns(days)
        for measure in answer.told.values():
            self._answered.setdefault(measure, answer.body.place)
            if not answer.rows:
                yield answer.body.gap(measure, why_none, on=days, about=answer.question.about)
        for row in answer.rows:
            for name, cell in row.cells.items():
                yield _read_cell(cell, answer.told[name], days, about(row))


def _measures_of(span: str) -> Iterator[Measure]:
    return (measure for figures in (TOTALS, PARTS, VIEWERS, VIDEOS) for measure in figures[span].values())


def _read_cell(cell: Node, measure: Measure, days: Days, about: str) -> Reading | Gap:
    """Read a cell. A share that is written with more decimals than are kept costs only itself: nothing is rounded."""
    if not cell.exists:
        return cell.gap(measure, Reason.EMPTY, on=days, about=about)
    try:
        return cell.read(measure, on=days, about=about)
    except ShapeError:
        if not measure.places:
            raise
        return cell.gap(measure, Reason.UNREADABLE, on=days, about=about)
