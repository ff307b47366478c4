"""Values as both of TikTok's services write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from connectors.kit import Node, ShapeError

_TITLE_LENGTH = 80


def elements(node: Node) -> Iterator[Node]:
    """Iterate over a list that may be left out where it is empty."""
    return iter(node) if node.exists else iter(())


def text_id(node: Node) -> str:
    """Return an id as text; as a number it has 19 digits, which other readers would round (tiktok.md §3)."""
    try:
        return node.text()
    except ShapeError:
        return str(node.number())


def optional_text(node: Node) -> str:
    """Return a text that may be absent, "" where it is."""
    return node.text() if node.exists else ""


def title_of(text: str) -> str:
    """Return the first line of a post's text, cut to a title's length."""
    line = text.strip().partition("\n")[0].rstrip()
    return line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1].rstrip()}…"


def plain_link(node: Node) -> str:
    """Return a video's address without what TikTok adds to count its visitors by."""
    return optional_text(node).partition("?")[0]


def created_at(video: Node) -> datetime:
    """Return when a video came out: UTC seconds, as a number or a text (tiktok.md §4.3)."""
    seconds = video["create_time"]
    try:
        return datetime.fromtimestamp(seconds.number(), UTC)
    except (OverflowError, ValueError, OSError):
        raise ShapeError(
            f"expected a moment at {seconds.pointer}, found {seconds.number()}", place=seconds.place
        ) from None


def day_of(node: Node) -> date:
    """Return a day. Raises ShapeError for anything else."""
    try:
        return date.fromisoformat(node.text())
    except ValueError:
        raise ShapeError(f"expected a day at {node.pointer}, found {node.text()[:40]!r}", place=node.place) from None
