"""An answer of Google Analytics as the table it is, and what its metadata says against it (website.md A2)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from connectors.kit import Days, Measure, Node, Observation, Reason, ShapeError


def rows_of(answer: Node) -> list[Node]:
    """List an answer's rows; the member is left out where there are none."""
    return list(answer["rows"]) if answer["rows"].exists else []


def columns_of(answer: Node, names: Mapping[Measure, str]) -> dict[Measure, int]:
    """Find each measure's column by its header, because no order is promised. Raises ShapeError where it has none."""
    headers = answer["metricHeaders"]
    numbers = {header["name"].text(): number for number, header in enumerate(headers) if header["name"].exists}
    for name in names.values():
        if name not in numbers:
            raise ShapeError(f"no column {name} at {headers.pointer}", place=headers.place)
    return {measure: numbers[name] for measure, name in names.items()}


def read_row(row: Node, columns: Mapping[Measure, int], on: date | Days, about: str = "") -> Iterator[Observation]:
    """Read a row's figures, a value that is left out as a gap of its own."""
    for measure, column in columns.items():
        value = row["metricValues"][column]["value"]
        if value.exists:
            yield value.read(measure, on=on, about=about)
        else:
            yield value.gap(measure, Reason.NOT_OFFERED, on=on, about=about)


def day_of(node: Node) -> date:
    """Return the day that answers write as 20261116 (questions write 2026-11-16)."""
    if re.fullmatch(r"[0-9]{8}", node.text()):
        try:
            return date.fromisoformat(node.text())
        except ValueError:
            pass
    raise ShapeError(f"expected a day at {node.pointer}, found {node.text()[:40]!r}", place=node.place)


def zone_of(answer: Node) -> str:
    """Return the property's own zone, which every answer names; UTC where it does not."""
    name = answer["metadata"]["timeZone"]
    return name.text() if name.exists else "UTC"


def why_not_whole(answer: Node) -> str:
    """Say why the figures are not counts of all that happened, "" where they are.

    A sampled figure is an extrapolation and a truncated one a part: neither may pass for the count.
    """
    about = answer["metadata"]
    for sample in rows_in(about["samplingMetadatas"]):
        read, of = sample["samplesReadCount"], sample["samplingSpaceSize"]
        return f"sampled: {_shown(read)} of {_shown(of)} events were read"
    for cut in rows_in(about["dataTruncationReasons"]):
        return f"truncated: {_shown(cut['dataTruncationType'])}"
    return ""


def is_thresholded(answer: Node) -> bool:
    """Whether Google may have withheld small groups of people."""
    return _is_set(answer["metadata"]["subjectToThresholding"])


def what_is_withheld(answer: Node, note: str, *, is_empty: bool) -> tuple[Reason | None, str]:
    """Say why a list is not all of its window, and in which words; None where nothing speaks against it."""
    if note:
        return Reason.NOT_OFFERED, note
    if is_thresholded(answer):
        return Reason.BELOW_FLOOR, "subjectToThresholding: small groups of people are withheld"
    if _is_set(answer["metadata"]["dataLossFromOtherRow"]):
        return Reason.NOT_OFFERED, "dataLossFromOtherRow: the smaller rows are rolled into (other)"
    if is_empty:
        return (Reason.NOT_OFFERED, "no row can be shown") if rows_of(answer) else (Reason.EMPTY, "")
    return None, ""


def rows_in(node: Node) -> list[Node]:
    """List a member's elements; none where it is left out or no list."""
    try:
        return list(node) if node.exists else []
    except ShapeError:
        return []


def _is_set(flag: Node) -> bool:
    try:
        return flag.exists and flag.truth()
    except ShapeError:
        return False


def _shown(node: Node) -> str:
    try:
        return node.text() if node.exists else "?"
    except ShapeError:
        return "?"
