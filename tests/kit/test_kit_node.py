"""Nodes: absent, null, hidden and nought are different things, and a number is exact or refused."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.kit import (
    Days,
    Definition,
    Exchange,
    Gap,
    Kind,
    Measure,
    Moment,
    Place,
    Reason,
    Request,
    ShapeError,
    Subject,
    UnreachableError,
    Words,
    metric,
    missing,
    window,
)

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
PLAIN = (Definition(None, Words("arti", "meaning")),)
FOLLOWERS = Measure(metric("followers", "person", "pengikut", "followers"), Subject.ACCOUNT, "now", Kind.LEVEL, PLAIN)
VIEWS = Measure(metric("views", "view", "tayangan", "views"), Subject.ACCOUNT, "day", Kind.FLOW, PLAIN)
REACH = Measure(metric("reach", "person", "jangkauan", "reach"), Subject.ACCOUNT, window(28), Kind.UNIQUE, PLAIN)
RATE = Measure(metric("rate", "percent", "rasio", "rate"), Subject.ACCOUNT, "now", Kind.RATIO, PLAIN, places=1)
DAY = date(2026, 11, 20)
LARGEST = 2**63 - 1


def exchange(body, **more):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(7, Request("main", "/v1/me"), more.pop("status", 200), more.pop("headers", {}), raw, NOW)


def node(body):
    return exchange(body).root()


def test_absent_null_and_nought_are_three_things():
    """A hidden count that became a nought would print a loss of every follower."""
    answer = node({"null": None, "nought": 0})

    assert not answer["absent"].exists
    assert not answer["null"].exists
    assert answer["nought"].exists
    assert answer["nought"].read(FOLLOWERS).value == 0
    for name in ("absent", "null"):
        with pytest.raises(ShapeError):
            answer[name].read(FOLLOWERS)


def test_a_zero_that_is_not_printed_needs_its_fact_sheet():
    """Only where the platform declares that absence means nought."""
    answer = node({"null": None, "three": 3, "list": []})

    zero = answer["shares"]["count"].or_zero(FOLLOWERS, because="facebook.md §3.3")

    assert (zero.value, zero.place.pointer) == (0, "body:")
    assert answer["three"].or_zero(FOLLOWERS, because="facebook.md §3.3").value == 3
    with pytest.raises(ValueError, match="fact sheet"):
        answer["shares"].or_zero(FOLLOWERS, because="")
    for name in ("null", "list"):
        with pytest.raises(ShapeError):
            answer[name].or_zero(FOLLOWERS, because="facebook.md §3.3")


def test_a_reading_has_its_place_and_its_moment():
    """The place is the evidence; the moment is the snapshot's, not the clock's."""
    reading = node({"data": [{"value": "129"}]})["data"][0]["value"].read(FOLLOWERS, about="x", upto=139)

    assert reading.value == 129
    assert reading.place == Place(7, "body:/data/0/value")
    assert reading.when == Moment(NOW)
    assert (reading.about, reading.upto) == ("x", 139)


@pytest.mark.parametrize(
    ("measure", "on", "days"),
    [
        (VIEWS, DAY, Days(DAY, DAY)),
        (VIEWS, Days(DAY, DAY), Days(DAY, DAY)),
        (REACH, Days(DAY - timedelta(days=27), DAY), Days(DAY - timedelta(days=27), DAY)),
    ],
)
def test_a_span_takes_its_days(measure, on, days):
    """A figure of a span belongs to the platform's own days."""
    assert node({"n": 1})["n"].read(measure, on=on).when == days


@pytest.mark.parametrize(
    ("measure", "on"),
    [(FOLLOWERS, DAY), (VIEWS, None), (REACH, None), (REACH, DAY), (VIEWS, Days(DAY, DAY + timedelta(days=1)))],
)
def test_a_span_refuses_other_days(measure, on):
    """A reach of 28 days stored as one day would be printed as a day's."""
    with pytest.raises(ValueError, match="day"):
        node({"n": 1})["n"].read(measure, on=on)


def test_a_gap_is_as_short_as_a_reading():
    """A missing figure has its place, its reason and the platform's words."""
    gap = node({"data": {}})["data"]["hidden"].gap(FOLLOWERS, Reason.HIDDEN, about="x", note="hidden by owner")

    assert gap == Gap(FOLLOWERS, Reason.HIDDEN, Moment(NOW), Place(7, "body:/data"), "x", "hidden by owner")


def test_one_gap_may_be_of_many_days():
    """A metric that was refused for a month is one gap, not thirty; a gap of the moment still takes no day."""
    month = Days(date(2026, 10, 1), date(2026, 10, 31))

    assert node({})["rows"].gap(VIEWS, Reason.RETIRED, on=month).when == month
    assert missing(VIEWS, Reason.RETIRED, None, NOW, month) == Gap(VIEWS, Reason.RETIRED, month, None)
    with pytest.raises(ValueError, match="moment"):
        missing(FOLLOWERS, Reason.RETIRED, None, NOW, month)


def test_a_gap_without_an_answer_has_the_faults_place_and_words():
    """The refusal itself is the evidence."""
    fault = UnreachableError("no answer", place=Place(3, "head:/status"))

    gap = missing(FOLLOWERS, Reason.UNREACHABLE, fault, NOW, about="p1")

    assert (gap.place, gap.note, gap.about) == (Place(3, "head:/status"), "no answer", "p1")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("129", 129), ("-5", -5), ('"129"', 129), ('"-5"', -5), ("1.0", 1), ("1e3", 1000), ('"1.29E2"', 129),
        (str(LARGEST), LARGEST), (f'"{LARGEST}"', LARGEST), (f"-{LARGEST}", -LARGEST), ("9007199254740993", 2**53 + 1),
    ],
)  # fmt: skip
def test_numbers_are_exact(written, value):
    """Counts beyond 2^53 lose their last digits in a float; texts hold numbers on some platforms."""
    assert node(f'{{"n": {written}}}'.encode())["n"].number() == value


@pytest.mark.parametrize(("written", "value"), [("30.6", 306), ('"30.6"', 306), ("30", 300), ("-0.1", -1)])
def test_decimal_places_scale(written, value):
    """30.6 % is stored as 306 tenths, not as the nearest float."""
    assert node(f'{{"n": {written}}}'.encode())["n"].number(1) == value


@pytest.mark.parametrize(
    "written",
    [
        "1.5", '"1.5"', "true", "[]", "{}", '""', '"1,619"', '"1.619.000"', '"1_000"', '" 12"', '"25,4 rb"', '"NaN"',
        '"Infinity"', '"１２"', '"0x10"', '"+1"', str(LARGEST + 1), f'"{LARGEST + 1}"', "1e400", '"1e400"', "1e-400",
        "1e-99999999",
        "1.0000000000000000000000000000001", '"1.0000000000000000000000000000001"', "0." + "0" * 40 + "1",
        "1e999999999999999999", '"' + "9" * 5000 + '"',
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused(written):
    """Exact or not at all: rounding here would be a figure that no answer prints."""
    with pytest.raises(ShapeError) as caught:
        node(f'{{"deep": [{{"n": {written}}}]}}'.encode())["deep"][0]["n"].read(FOLLOWERS)

    assert "/deep/0/n" in caught.value.message
    assert "/v1/me" in caught.value.message
    assert caught.value.place == Place(7, "body:/deep/0/n")


def test_more_places_than_declared_are_refused():
    """A ratio with one place that comes with two has changed its meaning."""
    with pytest.raises(ShapeError, match="at most 1"):
        node({"n": "30.61"})["n"].read(RATE)


@given(st.integers(-LARGEST, LARGEST), st.integers(0, 6))
def test_any_64_bit_number_survives(value, places):
    """As a number and as a text, scaled or not."""
    written = Decimal(value).scaleb(-places)
    if abs(value) < 10**15:
        assert node(f'{{"n": {written:f}}}'.encode())["n"].number(places) == value
    assert node({"n": f"{written:f}"})["n"].number(places) == value


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"n": 1', b'{"n": NaN}', b'{"n": Infinity}', b"\xff\xfe\x00", b"[" * 100_000,
     b'{"n": 1e99999999999999999999999}', b'{"n": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_what_is_no_json_is_none_and_reads_nothing(body):
    """A cut answer, a login page or a number beyond all bounds must never stop the program."""
    broken = exchange(body)

    assert broken.json() is None
    assert not broken.root().exists
    with pytest.raises(ShapeError):
        broken.root()["n"].read(FOLLOWERS)
    assert broken.root()["n"].place == Place(7, "body:")


def test_lists_and_objects_are_walked_with_their_places():
    """Only a list is walked as one, only an object has members."""
    answer = node({"rows": [1, 2], "days": {"2026-11-16": 3}})

    assert [one.number() for one in answer["rows"]] == [1, 2]
    assert [(name, one.number(), one.pointer) for name, one in answer["days"].members()] == [
        ("2026-11-16", 3, "body:/days/2026-11-16")
    ]
    for wrong in (answer["days"], answer["absent"], answer["rows"][0]):
        with pytest.raises(ShapeError):
            list(wrong)
    for wrong in (answer["rows"], answer["absent"]):
        with pytest.raises(ShapeError):
            list(wrong.members())


def test_texts_and_truths_are_not_guessed():
    """The text "false" is not false, and the number 1 is no text."""
    answer = node({"text": "a", "yes": True, "no": False, "one": 1, "word": "false"})

    assert answer["text"].text() == "a"
    assert (answer["yes"].truth(), answer["no"].truth()) == (True, False)
    for wrong in (answer["one"], answer["absent"]):
        with pytest.raises(ShapeError):
            wrong.text()
    for wrong in (answer["one"], answer["word"], answer["absent"]):
        with pytest.raises(ShapeError):
            wrong.truth()


def test_an_absent_place_is_the_nearest_that_exists():
    """Evidence has to point at something that is there."""
    answer = node({"data": [{"a": {}}]})

    assert answer["data"][0]["a"]["b"]["c"].place.pointer == "body:/data/0/a"
    assert answer["data"][5]["a"].place.pointer == "body:/data"
    assert exchange({}, status=404).status_node.number() == 404
    assert exchange({}, status=404).status_node["x"].place.pointer == "head:/status/x"


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)  # no server stores those

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~0", max_size=3), inner, max_size=3),
    max_leaves=12,
)


def walk(one):
    yield one
    try:
        below = [inner for _, inner in one.members()]
    except ShapeError:
        try:
            below = list(one)
        except ShapeError:
            below = []
    for inner in below:
        yield from walk(inner)


def resolve(document, pointer):
    """RFC 6901, written apart from the code that is tested."""
    for step in pointer.removeprefix("body:").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


@given(json_values)
def test_every_pointer_resolves_to_what_was_there(document):
    """Whatever the names are (slashes and tildes too), a stored place finds its value again."""
    for one in walk(node(document)):
        if one.exists:
            assert resolve(document, one.pointer) == one._value
            assert one.place == Place(7, one.pointer)
        assert not one["no such"]["member"].exists


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("Sat, 21 Nov 2026 03:20:00 GMT", timedelta(minutes=5)),
        ("Sat, 21 Nov 2026 03:20:00 -0000", timedelta(minutes=5)),
        ("Sat, 21 Nov 2026 03:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("99999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, wait):
    """Both forms are in use; the date counts from the snapshot's moment, so that a replay waits alike."""
    assert exchange({}, headers={"retry-after": header}).retry_after == wait
    assert exchange({}).retry_after is None
