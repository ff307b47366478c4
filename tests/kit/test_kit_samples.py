"""The loader of sample cases, on a case made for it, and how readings are written down as expected."""

import json
import runpy
import sys
from datetime import UTC, date, datetime

import pytest

from connectors.kit import (
    Account,
    Assignment,
    Coverage,
    Days,
    Definition,
    Gap,
    Kind,
    Measure,
    Moment,
    Place,
    Post,
    Reading,
    Reason,
    Subject,
    ThrottledError,
    Words,
    metric,
    samples,
)
from connectors.kit.replay import Replayed, dump_assignment
from connectors.kit.samples import describe, list_cases, load_case

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
DAYS = Days(date(2026, 11, 19), date(2026, 11, 20))
PLAIN = (Definition(None, Words("arti", "meaning")),)
FOLLOWERS = Measure(metric("followers", "person", "pengikut", "followers"), Subject.ACCOUNT, "now", Kind.LEVEL, PLAIN)
VIEWS = Measure(metric("views", "view", "tayangan", "views"), Subject.ACCOUNT, "day", Kind.FLOW, PLAIN)
ASSIGNMENT = Assignment(Account("1", "kpu_contoh"), NOW, DAYS)
HERE = Place(2, "body:/data/0")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A case of a platform that is not there, with its steps out of order on the disk."""
    monkeypatch.setattr(samples, "files", lambda package: tmp_path)
    case = tmp_path / "samples" / "small" / "first"
    case.mkdir(parents=True)
    (case / "assignment.json").write_text(dump_assignment(ASSIGNMENT))
    (case / "note.md").write_text("Shape: invented.\n")
    request = {"api": "main", "method": "GET", "path": "/me"}
    (case / "02-page.json").write_text(json.dumps({"request": request, "status": 503, "text": "<html>é"}))
    (case / "01-me.json").write_text(
        json.dumps({"request": request, "headers": {"Retry-After": "5"}, "body": {"n": 1.50}})
    )
    return case


def test_a_case_is_loaded_in_the_order_asked(folder):
    """The numbers in front of the names are the order; header names are compared in lower case."""
    case = load_case("small", "first")

    me, page = case.exchanges
    assert (me.id, me.status, me.headers, me.json()["n"] * 2) == (1, 200, {"retry-after": "5"}, 3)
    assert (page.id, page.status, page.body, page.json()) == (2, 503, "<html>é".encode(), None)
    assert {me.now, page.now} == {NOW}
    assert (case.assignment, case.note, case.expected) == (ASSIGNMENT, "Shape: invented.\n", None)


def test_what_is_expected_may_still_be_missing(folder):
    """A case is made before it is known what must be read from it."""
    (folder / "expected.json").write_text('{"observations": []}')

    assert load_case("small", "first").expected == {"observations": []}


def test_cases_are_listed_by_name_and_files_are_no_cases(folder):
    """A platform without samples has none; that is for the tests to say."""
    (folder.parent / "another").mkdir()
    (folder.parent / "README.md").write_text("")

    assert list(list_cases("small")) == ["another", "first"]
    assert list(list_cases("nobody")) == []


@pytest.mark.parametrize(
    ("observation", "written"),
    [
        (
            Reading(FOLLOWERS, 1640, Moment(NOW), HERE, upto=1649),
            {
                "reading": "followers:account:now",
                "value": 1640,
                "upto": 1649,
                "when": "2026-11-21T03:15:00+00:00",
                "place": "02 body:/data/0",
            },
        ),
        (
            Reading(VIEWS, 0, Days(DAYS.first, DAYS.first), HERE, about="p1"),
            {
                "reading": "views:account:day",
                "value": 0,
                "when": "2026-11-19",
                "about": "p1",
                "place": "02 body:/data/0",
            },
        ),
        (
            Gap(VIEWS, Reason.EMPTY, DAYS, None),
            {"gap": "views:account:day", "reason": "empty", "when": "2026-11-19..2026-11-20"},
        ),
        (
            Coverage(VIEWS, DAYS, HERE),
            {"coverage": "views:account:day", "when": "2026-11-19..2026-11-20", "place": "02 body:/data/0"},
        ),
        (
            Post("p1", NOW, "video", "Judul", "https://x.example", HERE),
            {"post": "p1", "created_at": "2026-11-21T03:15:00+00:00", "kind": "video", "place": "02 body:/data/0"},
        ),
    ],
)
def test_observations_are_written_as_plain_values(observation, written):
    """`expected.json` is read by people: value, when, about what, and from where."""
    assert describe(Replayed((observation,), None, ended=False)) == {"observations": [written]}


def test_the_end_is_written_down_too():
    """How a collection ended is part of what is expected."""
    assert describe(Replayed((), ThrottledError("slow"), ended=False)) == {
        "observations": [],
        "error": {"code": "throttled", "action": "wait"},
    }
    assert describe(Replayed((), None, ended=True)) == {"observations": [], "ended": True}


def test_a_case_can_be_printed(monkeypatch, capsys):
    """The printed text is what is read critically and then kept as expected."""
    monkeypatch.setattr(sys, "argv", ["samples", "tiktok", "totals"])
    monkeypatch.delitem(sys.modules, "connectors.kit.samples")

    runpy.run_module("connectors.kit.samples", run_name="__main__")

    assert json.loads(capsys.readouterr().out) == load_case("tiktok", "totals").expected
