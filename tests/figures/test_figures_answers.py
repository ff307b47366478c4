"""A kept answer is shown with one place marked, whatever the answer is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.figures.answers import MARK_LEFT, MARK_RIGHT, find_at, show_marked

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def marked(body: Any, pointer: str) -> list[str]:
    """Return the lines that are marked, without their marks."""
    lines = show_marked("", json.dumps(body).encode(), 200, f"body:{pointer}")
    return [line[len(MARK_LEFT) : -len(MARK_RIGHT)] for line in lines if line.startswith(MARK_LEFT)]


def test_the_value_is_marked_and_its_surroundings_are_shown() -> None:
    """A person sees the whole small answer, and at once which of its numbers is meant."""
    lines = show_marked("", b'{"data": [{"value": 5}, {"value": 5}], "n": {}}', 200, "body:/data/1/value")

    assert lines == [
        "    {",
        '      "data": [',
        "        {",
        '          "value": 5',
        "        }",
        "        {",
        '>>> "value": 5 <<<',
        "        }",
        "      ]",
        '      "n": {}',
        "    }",
    ]


@pytest.mark.parametrize(
    "pointer, shown",
    [
        ("/a~1b/c~0d", '"c~d": 1'),
        ("/~01/0", "2"),
        ("/Jakarta, Indonesia", '"Jakarta, Indonesia": 3'),
        ("/", '"": 4'),
        ("/list", '"list": ['),
        ("/text", '"text": "}"'),
        ("", "{"),
    ],
)
def test_names_are_escaped_as_pointers_are(pointer: str, shown: str) -> None:
    """City labels and ids hold slashes and tildes (RFC 6901 §3); an absent member points to what is above it."""
    body = {"a/b": {"c~d": 1}, "~1": [2], "Jakarta, Indonesia": 3, "": 4, "list": [1], "text": "}"}

    assert marked(body, pointer) == [shown]


@given(JSON, st.data())
def test_every_place_of_every_answer_is_marked_once(body: Any, data: st.DataObject) -> None:
    """Whatever a platform may answer: each pointer marks one line, and that line begins what stands there."""
    pointers = list(places(body, ""))
    pointer, value = data.draw(st.sampled_from(pointers))

    lines = marked(body, pointer)

    assert len(lines) == 1
    begins = json.dumps(value, ensure_ascii=False)
    is_open = isinstance(value, dict | list) and value
    assert lines[0].endswith(begins[0] if is_open else begins)
    assert find_at(json.dumps(body).encode(), f"body:{pointer}") == value


def places(value: Any, pointer: str) -> Any:
    """Yield every place of a JSON value."""
    yield pointer, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        step = str(name).replace("~", "~0").replace("/", "~1")
        yield from places(member, f"{pointer}/{step}")


def test_a_long_answer_is_shown_around_its_mark() -> None:
    """Two thousand lines would hide the one that matters; how many are left out is said."""
    body = {"data": list(range(500))}

    lines = show_marked("", json.dumps(body).encode(), 200, "body:/data/250")

    assert lines[0] == "    … (222)"
    assert lines[-1] == "    … (221)"
    assert lines[31] == ">>> 250 <<<"
    assert len(lines) == 63
    assert show_marked("", json.dumps(body).encode(), 200, "body:/data/2")[0] == "    {"
    assert show_marked("", json.dumps(body).encode(), 200, "body:/data/499")[-1] == "    }"


def test_an_answer_that_is_no_json_is_shown_as_it_is() -> None:
    """A page of a proxy, with bytes that are no text, is still evidence."""
    assert show_marked("", b"<html>\nLogin \xff", 200, "body:") == ["<html>", "Login �"]


def test_of_an_answer_without_a_body_the_status_is_marked() -> None:
    """Of a website only the status counts."""
    assert show_marked("", b"", 503, "head:/status") == [">>> status 503 <<<"]


def test_of_a_table_the_row_is_shown_below_its_headings() -> None:
    """A cell means nothing without its heading; the rows between are left out."""
    body = b"platform;nilai\nig;1\n\nfb;2\nx;3\n"

    assert show_marked("a.csv", body, 200, "cell:/4/2") == ["    1 | platform | nilai", "    4 | fb | >>> 2 <<<"]
    assert show_marked("a.csv", body, 200, "cell:/1/1") == ["    1 | >>> platform <<< | nilai"]


@pytest.mark.parametrize("pointer", ["body:/b", "body:/a/1", "body:/a/x", "body:/a/0/deeper"])
def test_a_place_that_is_not_there_is_not_found(pointer: str) -> None:
    """A trace must fail loudly rather than show another place."""
    with pytest.raises((LookupError, ValueError, TypeError)):
        find_at(b'{"a": [1]}', pointer)


def test_half_an_emoji_in_an_answer_can_be_printed() -> None:
    """Platforms cut titles in the middle of a character; the trace of such a post must not break off."""
    lines = show_marked("", b'{"title": "Pemilu \\ud83d", "likes": 3}', 200, "body:/likes")

    assert any("Pemilu ?" in line for line in lines)
    assert "".join(lines).encode()
