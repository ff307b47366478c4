"""What a media item has gathered since it came out: lifetime totals, one question an item (instagram.md §3.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connectors.instagram.insights import OF_ALL, named
from connectors.instagram.measures import OF_MEDIA, OF_OTHER_MEDIA, ONLY_BY_PAGE
from connectors.kit import (
    Assignment,
    Fetch,
    Measure,
    Node,
    NotOfferedError,
    Observation,
    Reason,
    Request,
    ShapeError,
    graph,
    graph_faults,
    missing,
)

_GIVE_UP_AFTER = 3  # in a row; a post shared with another account may be refused where one's own are not (§3.3)


@dataclass(slots=True)
class Gathered:
    """The insights of one snapshot's media. `root` is a request whose path is the version; `by_page` the way in.

    What is refused of one kind of media is not asked of its others. Media are met newest first, so that nothing older
    than one from before the account's conversion is asked about; nor is any after several were not permitted.
    """

    assignment: Assignment
    fetch: Fetch
    root: Request
    by_page: bool
    _refused: dict[tuple[str, str, str], NotOfferedError] = field(default_factory=dict)
    _not_permitted: int = 0
    _given_up: NotOfferedError | None = None

    def read(self, media: Node, product: str = "") -> Iterator[Observation]:
        """Read what one item has gathered. The names that it may be asked depend on its kind."""
        id, kind = graph.text_id(media["id"]), graph.optional_text(media["media_type"])
        product = product or graph.optional_text(media["media_product_type"])
        wanted = self._wanted(product)
        refused = {name: error for name in wanted if (error := self._refused.get((product, kind, name))) is not None}
        for name, error in refused.items():
            yield self._gap(wanted[name], error, id)
        names = tuple(name for name in wanted if name not in refused)
        if self._given_up is not None:
            yield from (self._gap(wanted[name], self._given_up, id) for name in names)
        elif names:
            yield from self._ask(id, (product, kind), {name: wanted[name] for name in names})

    def _wanted(self, product: str) -> Mapping[str, Measure]:
        known = OF_MEDIA.get(product, OF_OTHER_MEDIA)
        return {
            name: measure
            for name, measure in known.items()
            if not self.assignment.is_dead(measure) and (self.by_page or name not in ONLY_BY_PAGE)
        }

    def _ask(self, id: str, kind: tuple[str, str], wanted: Mapping[str, Measure]) -> Iterator[Observation]:
        request = Request(self.root.api, f"{self.root.path}/{id}/insights")
        try:
            for name, answer in graph.ask_together(self.fetch, request, "metric", tuple(wanted), raised=OF_ALL):
                if isinstance(answer, NotOfferedError):
                    self._refused[(*kind, name)] = answer
                    yield self._gap(wanted[name], answer, id)
                    continue
                yield _read(_value(named(answer, name)), wanted[name], id)
            self._not_permitted = 0
        except NotOfferedError as refusal:
            self._remember(refusal)
            yield from (self._gap(measure, refusal, id) for measure in wanted.values())

    def _remember(self, refusal: NotOfferedError) -> None:
        is_of_permission = refusal.code == graph_faults.NOT_PERMITTED
        self._not_permitted = self._not_permitted + 1 if is_of_permission else 0
        if refusal.code == graph_faults.BEFORE_CONVERSION or self._not_permitted == _GIVE_UP_AFTER:
            self._given_up = refusal

    def _gap(self, measure: Measure, error: NotOfferedError, id: str) -> Observation:
        return missing(measure, error.reason, error, self.assignment.now, about=id)


def _read(value: Node, measure: Measure, id: str) -> Observation:
    """Read one figure of one item; one that cannot be read costs only itself, since so many items follow."""
    if not value.exists:
        return value.gap(measure, Reason.EMPTY, about=id)
    try:
        return value.read(measure, about=id)
    except ShapeError as error:
        return value.gap(measure, Reason.UNREADABLE, about=id, note=error.message)


def _value(entry: Node) -> Node:
    """Return the value of an entry, which some answers print as a total (instagram.md §8)."""
    value = entry["values"][0]["value"]
    return value if value.exists else entry["total_value"]["value"]
