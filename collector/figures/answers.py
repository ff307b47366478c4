"""Showing a kept answer with one place in it marked."""

import json
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from collector.importers.tables import read_table

MARK_LEFT, MARK_RIGHT = ">>> ", " <<<"
_AROUND = 30  # lines shown on each side of the mark; more of a long answer only hides it
_LONGEST = 80  # characters of a cited text that outlive its answer: as many as are kept of a post's text


def show_marked(name: str, body: bytes, status: int, pointer: str) -> list[str]:
    """Return an answer's lines with the place at `pointer` marked. `name` is the file's, for an imported table."""
    scheme, _, path = pointer.partition(":")
    if scheme == "head":
        return [f"{MARK_LEFT}status {status}{MARK_RIGHT}"]
    if scheme == "cell":
        row, column = (int(part) for part in path.strip("/").split("/"))
        return list(_table_lines(name, body, row, column))
    try:
        parsed = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace").splitlines()
    return _shorten([_printable(_marked_line(text, here == path)) for text, here in _lines(parsed, "", 0, "")])


def find_at(body: bytes, pointer: str) -> Any:  # noqa: ANN401 - JSON is what it is
    """Return what stands at a JSON pointer of a body. Raises LookupError where nothing does."""
    return walk(json.loads(body), pointer)


def is_said(found: object, value: int, decimals: int) -> bool:
    """Whether what stands at a place is a stored value; a declared zero has no value there but 0."""
    if isinstance(found, dict | list):
        return value == 0
    try:
        return Decimal(str(found)).scaleb(decimals) == value
    except InvalidOperation:
        return False


def cite(body: bytes, pointers: Collection[str]) -> dict[str, object]:
    """Return what stands at some places of a body, by pointer: enough to check the figures that cite it.

    Of an object or a list it is only told which it is: a figure that stands there is a declared zero, or a gap.
    """
    wanted = sorted(pointer for pointer in pointers if pointer.startswith("body:"))
    try:
        parsed = json.loads(body) if wanted else None
    except (ValueError, RecursionError):
        return {}
    cited: dict[str, object] = {}
    for pointer in wanted:
        try:
            cited[pointer] = _brief(walk(parsed, pointer))
        except (LookupError, ValueError, TypeError):
            continue  # such a figure did not agree with its answer before either
    return cited


def show_cited(cited: Mapping[str, object], pointer: str) -> list[str]:
    """Return what is left of an answer, with the place at `pointer` marked."""
    lines = [(f"{place} = {json.dumps(value, ensure_ascii=False)}", place) for place, value in sorted(cited.items())]
    return _shorten([_printable(_marked_line(text, place == pointer)) for text, place in lines])


def _brief(value: object) -> object:
    if isinstance(value, str):
        return value[:_LONGEST]
    return type(value)() if isinstance(value, dict | list) else value


def walk(here: Any, pointer: str) -> Any:  # noqa: ANN401 - JSON
    """Return what stands at a JSON pointer of a parsed body. Raises LookupError, ValueError or TypeError."""
    for step in pointer.removeprefix("body:").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        here = here[int(name)] if isinstance(here, list) else here[name]
    return here


def _lines(value: object, pointer: str, depth: int, label: str) -> Iterator[tuple[str, str]]:
    """Yield a JSON value's lines as one would print it, each with the pointer of what begins on it."""
    indent = "  " * depth
    if isinstance(value, dict) and value:
        yield f"{indent}{label}{{", pointer
        for name, member in value.items():
            step = name.replace("~", "~0").replace("/", "~1")
            yield from _lines(member, f"{pointer}/{step}", depth + 1, f"{json.dumps(name, ensure_ascii=False)}: ")
        yield f"{indent}}}", ""
    elif isinstance(value, list) and value:
        yield f"{indent}{label}[", pointer
        for number, element in enumerate(value):
            yield from _lines(element, f"{pointer}/{number}", depth + 1, "")
        yield f"{indent}]", ""
    else:
        yield f"{indent}{label}{json.dumps(value, ensure_ascii=False)}", pointer


def _printable(line: str) -> str:
    """Return a line that any terminal takes: half an emoji, as platforms cut titles, is shown as a question mark."""
    return line.encode("utf-8", "replace").decode()


def _marked_line(text: str, is_marked: bool) -> str:
    return f"{MARK_LEFT}{text.strip()}{MARK_RIGHT}" if is_marked and text.strip() not in "}]" else f"    {text}"


def _shorten(lines: list[str]) -> list[str]:
    marked = next((number for number, line in enumerate(lines) if line.startswith(MARK_LEFT)), 0)
    first, last = max(0, marked - _AROUND), min(len(lines), marked + _AROUND + 1)
    before = [f"    … ({first})"] if first else []
    after = [f"    … ({len(lines) - last})"] if last < len(lines) else []
    return [*before, *lines[first:last], *after]


def _table_lines(name: str, body: bytes, row: int, column: int) -> Iterator[str]:
    rows = read_table(name, body).rows
    for number, line in enumerate(rows):
        if number == 0 or line.number == row:
            shown = [
                f"{MARK_LEFT}{cell}{MARK_RIGHT}" if (line.number, place) == (row, column) else str(cell)
                for place, cell in enumerate(line.cells, start=1)
            ]
            yield f"{line.number:>5} | " + " | ".join(shown)
