"""Reading kept answers again: the same readings, or a clear word about what does not fit."""

import json
from datetime import UTC, date, datetime
from typing import ClassVar

import pytest

from connectors.kit import (
    Account,
    Assignment,
    ClosedPeriod,
    Connector,
    Coverage,
    Days,
    Definition,
    Exchange,
    Host,
    Keys,
    Kind,
    KnownPost,
    Limits,
    Measure,
    Post,
    Profile,
    Reading,
    Reason,
    Request,
    ShapeError,
    Subject,
    ThrottledError,
    UnreachableError,
    Words,
    metric,
)
from connectors.kit.errors import GarbledError
from connectors.kit.replay import (
    ReplayDifferedError,
    dump_assignment,
    judge,
    load_assignment,
    replay,
)
from connectors.kit.samples import describe

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
DAYS = Days(date(2026, 11, 19), date(2026, 11, 20))
PLAIN = (Definition(None, Words("arti", "meaning")),)
FOLLOWERS = Measure(metric("followers", "person", "pengikut", "followers"), Subject.ACCOUNT, "now", Kind.LEVEL, PLAIN)
VIEWS = Measure(metric("views", "view", "tayangan", "views"), Subject.ACCOUNT, "day", Kind.FLOW, PLAIN)


class Small(Connector):
    """A platform of two answers: the followers, then the views of the first day."""

    slug = "small"
    name = "Small"
    colour = "#000000"
    measures = (FOLLOWERS, VIEWS)
    hosts: ClassVar = {"main": Host("SMALL_URL", "https://small.example"), "page": Host("", "", answers="any")}
    limits = Limits(1)
    Keys = Keys
    identity = "id"
    identity_is = "id"
    needs = ()
    reread_days = 0

    def collect(self, assignment, fetch):
        me = fetch(Request("main", "/me"))
        yield me["followers"].read(FOLLOWERS, upto=139)
        yield Post("p1", NOW, "video", "Judul", "", me.place)
        views = fetch(Request("main", "/views", {"day": str(assignment.window.first)}))
        yield Coverage(VIEWS, DAYS, views.place)
        yield views["views"].gap(VIEWS, Reason.EMPTY, on=DAYS, about="x")

    def check(self, account, fetch):
        return Profile("1", "small")

    def diagnose(self, exchange):
        return ThrottledError("slow", place=exchange.place()) if exchange.status == 429 else None


SMALL = Small()
ASSIGNMENT = Assignment(Account("1", "small"), NOW, DAYS)
ME = Request("main", "/me")
VIEWS_OF_19 = Request("main", "/views", {"day": "2026-11-19"})


def kept(number, request, body, status=200):
    return Exchange(number, request, status, {}, body, NOW)


FIRST = kept(1, ME, b'{"followers": 129}')
SECOND = kept(2, VIEWS_OF_19, b"{}")


def test_kept_answers_give_the_same_readings_again():
    """A number in a report can be read again from its stored answer at any time."""
    replayed = replay(SMALL, ASSIGNMENT, (FIRST, SECOND))

    assert replayed == replay(SMALL, ASSIGNMENT, (FIRST, SECOND))
    assert (replayed.error, replayed.ended) == (None, False)
    assert [type(one) for one in replayed.observations[:1]] == [Reading]
    assert len(replayed.observations) == 4


def test_what_was_read_before_the_answers_ran_out_is_kept():
    """A snapshot that was cut off by a power cut still has its first part."""
    replayed = replay(SMALL, ASSIGNMENT, (FIRST,))

    assert (len(replayed.observations), replayed.error, replayed.ended) == (2, None, True)
    assert describe(replayed)["ended"] is True


def test_what_was_read_before_a_fault_is_kept():
    """A fault ends a snapshot and does not undo it."""
    replayed = replay(SMALL, ASSIGNMENT, (FIRST, kept(2, VIEWS_OF_19, b"{}", 429)))

    assert len(replayed.observations) == 2
    assert isinstance(replayed.error, ThrottledError)
    assert replayed.error.place.exchange == 2
    assert not replayed.ended


@pytest.mark.parametrize(
    "other",
    [
        Request("main", "/you"),
        Request("main", "/me", {"a": "1"}),
        Request("page", "/me"),
        Request("main", "/me", method="POST"),
        Request("main", "/me", form={}),
        Request("main", "/me", json={}),
        Request("main", "/me", cost=1),
        Request("main", "/me", auth="user"),
    ],
)
def test_answers_to_other_questions_are_refused(other):
    """Answers of an older connector must never be read as answers to a new one's questions."""
    with pytest.raises(ReplayDifferedError):
        replay(SMALL, ASSIGNMENT, (kept(1, other, b"{}"),))


@pytest.mark.parametrize(
    "request_made",
    [
        ME,
        VIEWS_OF_19,
        Request("main", "/r", method="POST", json={"a": [1]}, cost=5000, auth="user"),
        Request("main", "/f", method="POST", form={"a": "b"}),
    ],
)
def test_a_request_is_made_again_from_its_shape(request_made):
    """The shape is what is kept beside the answer."""
    shape = json.loads(json.dumps(request_made.shape()))

    assert Request.from_shape(shape) == request_made
    assert Request.from_shape(shape).shape() == shape


def test_judging_tells_silence_damage_and_faults_apart():
    """Each has another next step."""
    with pytest.raises(UnreachableError):
        judge(SMALL, kept(1, ME, b"", 0))
    with pytest.raises(ThrottledError):
        judge(SMALL, kept(1, ME, b"<html>", 429))
    with pytest.raises(GarbledError) as caught:
        judge(SMALL, kept(1, ME, b"<html>"))
    assert isinstance(caught.value, ShapeError)
    assert judge(SMALL, FIRST)["followers"].number() == 129


def test_a_host_that_may_answer_anything_is_not_judged_by_its_body():
    """A site's page is only looked at."""
    page = judge(SMALL, kept(1, Request("page", "/"), b"<html>"))

    assert page.exchange.status_node.number() == 200


FULL = Assignment(
    Account(None, "kpu_contoh", {"url": "https://kpu-contoh.go.id"}, frozenset({"url", "api_key", "b", "a"})),
    NOW,
    DAYS,
    closed_periods=(ClosedPeriod("month", Days(date(2026, 10, 1), date(2026, 10, 31))),),
    known_posts=(KnownPost("p1", NOW),),
    dead_measures=frozenset({"b:account:day", "a:account:day"}),
    resume={"views:account:day": date(2026, 11, 20)},
    budget=5_000_000,
)


@pytest.mark.parametrize("assignment", [ASSIGNMENT, FULL])
def test_an_assignment_survives_being_stored(assignment):
    """A kept answer can only be read again together with what was asked of it."""
    text = dump_assignment(assignment)

    assert load_assignment(text) == assignment
    assert load_assignment(text.encode()) == assignment
    assert dump_assignment(load_assignment(text)) == text


def test_the_stored_text_does_not_depend_on_the_order_of_sets():
    """The text is compared and hashed; a set has no order."""
    text = json.loads(dump_assignment(FULL))

    assert text["dead_measures"] == ["a:account:day", "b:account:day"]
    assert text["account"]["keys"] == ["a", "api_key", "b", "url"]


def test_an_assignment_resumes_where_its_measures_were_left():
    """Measures that are asked for together start at the earliest day that one of them still needs."""
    assert FULL.first_day(VIEWS) == date(2026, 11, 20)
    assert FULL.first_day(VIEWS, FOLLOWERS) == DAYS.first
    assert FULL.first_day() == DAYS.first
    assert Assignment(Account("1", "x"), NOW, DAYS, dead_measures=frozenset({VIEWS.key})).is_dead(VIEWS)
    assert not FULL.is_dead(VIEWS)


def test_a_dimension_is_dead_by_itself_and_with_its_whole_measure():
    """The ages of an audience may be refused while its cities are given."""
    audience = Measure(VIEWS.metric, Subject.AUDIENCE, "day", Kind.LEVEL, PLAIN)
    ages = Assignment(Account("1", "x"), NOW, DAYS, dead_measures=frozenset({audience.part("age")}))
    whole = Assignment(Account("1", "x"), NOW, DAYS, dead_measures=frozenset({audience.key}))

    assert [ages.is_dead(audience, about) for about in ("age", "age:18-24", "city", "")] == [True, True, False, False]
    assert [whole.is_dead(audience, about) for about in ("age", "city", "")] == [True, True, True]


def test_a_connector_has_plain_defaults():
    """No pause, no cap, and handles compared without their at sign, spaces and case."""
    assert SMALL.pause_until(FIRST) is None
    assert SMALL.yearly_cap(FULL.account) is None
    assert SMALL.estimate(FULL) is None
    assert SMALL.charge(Exchange(1, Request("main", "/me", cost=7), 200, {}, b"{}", NOW)) == 7
    assert SMALL.handle_key(" @KPU _Contoh") == "kpu_contoh"
