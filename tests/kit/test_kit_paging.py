"""Walks over answers in parts: they end, they ask for nothing twice, and slices leave no day out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.kit import Days, Exchange, NotOfferedError, Reason, Request, pages, slices

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LIST = Request("main", "/v1/posts", {"limit": "10"})


def server(asked, cursors):
    """Answer with the cursors in turn, then for ever with the last; each body is that cursor alone."""

    def fetch(request):
        cursor = cursors[min(len(asked), len(cursors) - 1)]
        asked.append(dict(request.params))
        body = b'{"after": "%s"}' % cursor.encode() if cursor is not None else b"{}"
        return Exchange(len(asked), request, 200, {}, body, NOW).root()

    return fetch


def following(page):
    return {"after": page["after"].text()} if page["after"].exists else None


def test_pages_are_asked_for_by_the_cursor_of_the_one_before():
    """The next question keeps its other parameters and never follows an address from an answer."""
    asked = []

    assert len(list(pages(server(asked, ["a", "b", None]), LIST, following, cap=9))) == 3
    assert asked == [{"limit": "10"}, {"limit": "10", "after": "a"}, {"limit": "10", "after": "b"}]


def test_a_cap_ends_the_walk():
    """A server that always has more must not be asked for ever, and what it kept back is no empty rest."""
    asked, seen = [], []

    with pytest.raises(NotOfferedError, match="goes on after 4 pages") as raised:
        for page in pages(server(asked, [f"c{n}" for n in range(99)]), LIST, following, cap=4):
            seen.append(page)

    assert len(asked) == len(seen) == 4
    assert raised.value.reason is Reason.UNREADABLE


def test_a_list_as_long_as_the_cap_is_whole():
    """The cap is for lists that go on, not for the one that ends with it."""
    assert len(list(pages(server([], ["a", "b", None]), LIST, following, cap=3))) == 3


def test_a_cursor_that_comes_again_ends_the_walk():
    """Some platforms re-issue the last cursor for ever."""
    asked = []

    list(pages(server(asked, ["a", "b", "b"]), LIST, following, cap=99))

    assert [one.get("after") for one in asked] == [None, "a", "b"]


def test_a_circle_of_cursors_ends_the_walk():
    """A circle is longer than one step."""
    asked = []

    list(pages(server(asked, ["a", "b", "a"]), LIST, following, cap=99))

    assert [one.get("after") for one in asked] == [None, "a", "b"]


def test_pages_are_lazy():
    """A reader that has seen enough stops the asking."""
    asked = []

    next(pages(server(asked, ["a", "b"]), LIST, following, cap=99))

    assert len(asked) == 1


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800), st.integers(1, 400))
def test_slices_cover_every_day_once_and_in_order(first, more, longest):
    """A day left out would be a hole, a day asked twice a sum too large."""
    whole = Days(first, first + timedelta(days=more))

    cut = list(slices(whole, longest))

    days = [one.first + timedelta(days=n) for one in cut for n in range(one.length)]
    assert days == [first + timedelta(days=n) for n in range(whole.length)]
    assert all(one.length <= longest for one in cut)
