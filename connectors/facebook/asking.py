"""Asking for one post after the other, with the list that fits its kind: one call each (facebook.md §3.4).

What is refused or left empty a few times over is not asked for again in the same snapshot: a quiet Page may ask for
little (facebook.md §5), and what holds for a Page holds for all its posts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connectors.facebook.floor import zeros_are_figures
from connectors.facebook.post_measures import (
    KINDS,
    POST_METRICS,
    REEL_ACTIONS,
    REEL_METRICS,
    VIDEO_METRICS,
    VIEWERS,
    WHOLE,
)
from connectors.facebook.posts import Listed
from connectors.kit import (
    Assignment,
    Fetch,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Place,
    Reason,
    Request,
    graph,
    graph_faults,
    missing,
)

Metrics = Mapping[str, Mapping[str, Measure]]

_PATIENCE = 3
_INSIGHTS, _OF_VIDEOS = "insights", "video_insights"
_FINAL = (Reason.RETIRED, Reason.NOT_PERMITTED)  # what no metric or no permission is there for holds for every post
_ONLY_NON_ZERO = "facebook.md §3.2"  # of tables of reactions, the kinds that nobody chose are left out


@dataclass(slots=True)
class Asking:
    """Asks for posts, and for less where the platform refuses.

    `refusals` counts them by metric; where no metric at all was answered by kind of post, or by edge if it is for all
    its posts, and `reasons` says why. `answered` is where the last answer stands.
    """

    assignment: Assignment
    fetch: Fetch
    empty: Reason
    refusals: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Reason] = field(default_factory=dict)
    answered: Place | None = None

    def ask(self, post: Listed) -> Iterator[Observation]:
        """Ask for one post, unless it is known by now that nothing would come of it: then one gap stands for all."""
        metrics = self._worth(post)
        if not metrics:
            return
        for what in filter(self._is_given_up, (post.kind, _edge_of(post))):
            first = next(iter(next(iter(metrics.values())).values()))
            yield missing(first, self.reasons[what], None, self.assignment.now, about=post.id)
            return
        try:
            answers = self._fetch(post, metrics)
        except NotOfferedError as gone:
            yield from self._gaps(metrics, gone, gone.reason, post.id)
            return
        answered = {name: answer for name, answer in answers.items() if isinstance(answer, Node)}
        refused = {name: answer for name, answer in answers.items() if isinstance(answer, NotOfferedError)}
        for name, error in refused.items():
            # Of a post that is answered otherwise, it is its small audience that the viewers fail for (§3.4).
            is_small = name == VIEWERS and answered and error.reason is Reason.NOT_PERMITTED
            reason = self._too_small if is_small else error.reason
            if answered:
                self.refusals[name] += _PATIENCE if reason in _FINAL else 1
            is_for_all = reason is Reason.RETIRED or (answered and reason in _FINAL)
            yield from self._gaps({name: metrics[name]}, error, reason, "" if is_for_all else post.id)
        if answered:
            yield from self._read(metrics, answered, post)
        else:
            reasons = [error.reason for error in refused.values()]
            is_for_all = set(reasons) <= set(_FINAL)
            self._count_silence(_edge_of(post) if is_for_all else post.kind, reasons[0], _PATIENCE if is_for_all else 1)

    def _worth(self, post: Listed) -> Metrics:
        """Return what a post of its kind is asked for: what is alive of it and not given up."""
        alive = {
            name: {label: measure for label, measure in parts.items() if not self.assignment.is_dead(measure)}
            for name, parts in _metrics_of(post).items()
            if not self._is_given_up(name)
        }
        return {name: parts for name, parts in alive.items() if parts}

    def _is_given_up(self, what: str) -> bool:
        return self.refusals[what] >= _PATIENCE

    def _fetch(self, post: Listed, metrics: Metrics) -> dict[str, Node | NotOfferedError]:
        """Return the answers by metric: one for all of them, or one each. Raises NotOfferedError for a gone post."""
        version, edge = graph.version_of(self.assignment.account), _edge_of(post)
        request = Request("graph", f"/{version}/{post.video or post.id}/{edge}")
        if edge == _INSIGHTS:
            request = request.with_params(period="lifetime")
            return dict(graph.ask_together(self.fetch, request, "metric", tuple(metrics), raised=(graph_faults.GONE,)))
        try:
            return dict.fromkeys(metrics, self.fetch(request))
        except NotOfferedError as error:
            if error.code == graph_faults.GONE:
                raise
            return dict.fromkeys(metrics, error)

    def _gaps(self, metrics: Metrics, error: NotOfferedError, reason: Reason, about: str) -> Iterator[Observation]:
        for parts in metrics.values():
            for measure in parts.values():
                yield missing(measure, reason, error, self.assignment.now, about=about)

    @property
    def _too_small(self) -> Reason:
        return self.empty if self.empty is Reason.BELOW_FLOOR else Reason.NOT_OFFERED

    def _read(self, metrics: Metrics, answers: Mapping[str, Node], post: Listed) -> Iterator[Observation]:
        """Read what the answers hold of a post, by metric. A label that a table leaves out is unknown."""
        totals = {name: graph.totals(answer) for name, answer in answers.items()}
        values = {name: totals[name][name] for name in answers if name in totals[name] and totals[name][name].exists}
        figures = {
            (name, label): value if label == WHOLE else value[label]
            for name, value in values.items()
            for label in metrics[name]
        }
        zeros = zeros_are_figures(self.empty, figures.values())
        for name, answer in answers.items():
            self.answered = answer["data"].place
            for label, measure in metrics[name].items():
                figure, is_withheld = figures.get((name, label)), not zeros and measure.floor is not None
                if figure is None:
                    yield answer["data"].gap(measure, self.empty, about=post.id)
                elif figure.exists and not (is_withheld and figure.number() == 0):
                    yield figure.read(measure, about=post.id)
                elif is_withheld:
                    yield figure.gap(measure, self.empty, about=post.id)
                elif name == KINDS:
                    yield figure.or_zero(measure, because=_ONLY_NON_ZERO, about=post.id)
        if values and zeros:
            self.refusals[post.kind] = 0
        else:
            self._count_silence(post.kind, self.empty, 1)

    def _count_silence(self, what: str, reason: Reason, weight: int) -> None:
        self.refusals[what] += weight
        self.reasons[what] = reason


def _edge_of(post: Listed) -> str:
    return _OF_VIDEOS if post.video else _INSIGHTS


def _metrics_of(post: Listed) -> Metrics:
    if post.video:
        return {**REEL_METRICS, **(REEL_ACTIONS if post.id == post.video else {})}
    return {**POST_METRICS, **(VIDEO_METRICS if post.kind == "video" else {})}
