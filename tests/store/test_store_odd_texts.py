"""Texts that no database takes as they are: they come from platforms, and must not end the collecting."""

from datetime import UTC, datetime

import pytest
from store_books import VIEWS_DAY as VIEWS
from store_books import Books, gap, placed

from collector.store import schema
from connectors.kit import Exchange, Post, Reason, Request

NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)


def _read(body: bytes) -> Exchange:
    return Exchange(1, Request("square", "/v1/posts"), 200, {}, body, NOON)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (rb'{"title": "Selamat \ud83d"}', "Selamat \N{REPLACEMENT CHARACTER}"),
        (rb'{"title": "\uDE00 pagi"}', "\N{REPLACEMENT CHARACTER} pagi"),
        (rb'{"title": "Rapat\u0000 pleno"}', "Rapat\N{REPLACEMENT CHARACTER} pleno"),
        (b'{"title": "Rapat \xed\xa0\xbd"}', "Rapat \N{REPLACEMENT CHARACTER}"),
        (rb'{"title": "Pemilu \ud83d\ude00 damai"}', "Pemilu \N{GRINNING FACE} damai"),
        ('{"title": "Pemilu \N{GRINNING FACE}"}'.encode(), "Pemilu \N{GRINNING FACE}"),
    ],
)
def test_a_title_cut_in_the_middle_of_an_emoji_is_stored(books: Books, body: bytes, title: str) -> None:
    """One such title would make every later collection of that account fail at the same place."""
    account = books.account()
    snapshot = books.must_claim(account)
    exchange = books.keep(snapshot, body=body)
    node = _read(body).root()["title"]
    seen = [
        Post("p1", NOON, "photo", node.text(), "", node.place),
        *placed([gap(VIEWS, NOON.date(), Reason.EMPTY, note=node.text())], exchange),
    ]

    books.finish(snapshot, account, seen)

    assert books.one(schema.posts)["title"] == title
    assert books.one(schema.gaps)["note"] == title


def test_names_and_nested_texts_are_mended_too() -> None:
    """The cities of an audience are names of members, and faults are told deep inside an answer."""
    body = rb'{"error": {"notes": ["\udc00", {"\ud83d": 7, "n": 1.5, "t": true, "z": null}]}}'

    assert _read(body).json() == {
        "error": {
            "notes": ["\N{REPLACEMENT CHARACTER}", {"\N{REPLACEMENT CHARACTER}": 7, "n": 1.5, "t": True, "z": None}]
        }
    }


def test_an_answer_that_is_too_deep_to_mend_is_no_answer() -> None:
    """It would be none of a platform's, and must not end the run."""
    deep = b"[" * 900 + rb'"\ud83d"' + b"]" * 900

    assert isinstance(_read(deep).json(), list | None)
