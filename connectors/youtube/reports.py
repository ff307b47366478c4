"""Asking YouTube Analytics for one table, and its rows by the names of their columns (youtube.md §3 and §4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from connectors.kit import (
    Assignment,
    Days,
    Fetch,
    Gap,
    Measure,
    Node,
    NotOfferedError,
    Reason,
    Request,
    ShapeError,
    missing,
)
from connectors.youtube.data import elements
from connectors.youtube.measures import Figures


@dataclass(frozen=True, slots=True)
class Question:
    """What one table is asked for: `figures` of `days`, told apart by the dimension `by` ("": one row of totals).

    `about` is what a gap of the whole table is about; `top` asks for the first so many rows of a ranking.
    """

    days: Days
    by: str
    figures: Figures
    about: str = ""
    top: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is of, and its cells by measure."""

    label: Node
    cells: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Table:
    """An answer. `told` are the figures that have a column; where there is nothing to report, `rows` is empty."""

    question: Question
    headers: Node
    body: Node
    told: Figures
    rows: tuple[Row, ...]

    def gaps_of_columns(self, days: Days) -> Iterator[Gap]:
        """Yield a gap for each figure that was asked for and silently left out."""
        for name, measure in self.question.figures.items():
            if name not in self.told:
                yield self.headers.gap(measure, Reason.NOT_OFFERED, on=days, about=self.question.about)


class Analytics:
    """One channel's tables during one snapshot. What was refused is not asked for a second time."""

    def __init__(self, assignment: Assignment, channel_id: str, fetch: Fetch) -> None:
        self._assignment = assignment
        self._fetch = fetch
        # The channel is named: the sign-in of another channel is refused, where MINE would quietly answer with that
        # channel's figures (brand accounts, youtube.md §1a and §7).
        self._ids = f"channel=={channel_id}"
        self._shut: NotOfferedError | None = None
        self._retired: dict[str, NotOfferedError] = {}
        self._refused: dict[tuple[str, str], tuple[int, NotOfferedError]] = {}

    def ask(self, question: Question) -> Iterator[Table | Gap]:
        """Ask for a table: one answer, or one for each figure where one refused name refuses them all."""
        asked: dict[str, Measure] = {}
        for name, measure in question.figures.items():
            refusal = self._known_refusal(question, name)
            if self._assignment.is_dead(measure):
                yield self._gap(question, measure, None)
            elif refusal is not None:
                yield self._gap(question, measure, refusal)
            else:
                asked[name] = measure
        if asked:
            yield from self._ask(replace(question, figures=asked))

    def _ask(self, question: Question) -> Iterator[Table | Gap]:
        try:
            table = _read(question, self._fetch(self._request(question)))
        except NotOfferedError as refusal:
            if refusal.reason is Reason.NOT_PERMITTED:
                self._shut = refusal
            elif len(question.figures) > 1:
                for name, measure in question.figures.items():
                    yield from self.ask(replace(question, figures={name: measure}))
                return
            self._remember(question, refusal)
            for measure in question.figures.values():
                yield self._gap(question, measure, refusal)
            return
        yield table

    def _request(self, question: Question) -> Request:
        names = list(question.figures)
        params = {
            "ids": self._ids,
            "startDate": question.days.first.isoformat(),
            "endDate": question.days.last.isoformat(),
            "metrics": ",".join(names),
        }
        if question.by:  # an empty parameter is refused (youtube.md §3)
            params["dimensions"] = question.by
        if question.top:  # a ranking without both is refused, in misleading words (youtube.md §7)
            params |= {"sort": f"-{names[0]}", "maxResults": str(question.top)}
        return Request("analytics", "/v2/reports", params)

    def _remember(self, question: Question, refusal: NotOfferedError) -> None:
        """Remember a refusal: of a name for good, of a table for all spans at least as long (youtube.md §3)."""
        for name in question.figures:
            if refusal.reason is Reason.RETIRED:
                self._retired[name] = refusal
            else:
                self._refused[question.by, name] = question.days.length, refusal

    def _known_refusal(self, question: Question, name: str) -> NotOfferedError | None:
        length, refusal = self._refused.get((question.by, name), (0, None))
        if refusal is not None and question.days.length < length:
            refusal = None
        return self._shut or self._retired.get(name) or refusal

    def _gap(self, question: Question, measure: Measure, refusal: NotOfferedError | None) -> Gap:
        reason = refusal.reason if refusal is not None else Reason.RETIRED
        return missing(measure, reason, refusal, self._assignment.now, question.days, question.about)


def _read(question: Question, answer: Node) -> Table:
    """Find each column by its header, because servers may order them as they like. `rows` may be missing."""
    headers, body = answer["columnHeaders"], answer["rows"]
    columns = {header["name"].text(): number for number, header in enumerate(elements(headers))}
    rows = list(elements(body))
    if not rows:
        return Table(question, headers, body, question.figures, ())
    if question.by and question.by not in columns:
        raise ShapeError(f"the table has no column {question.by}", place=headers.place)
    told = {name: measure for name, measure in question.figures.items() if name in columns}
    label = columns.get(question.by, 0)
    return Table(
        question, headers, body, told,
        tuple(Row(row[label], {name: row[columns[name]] for name in told}) for row in rows),
    )  # fmt: skip
