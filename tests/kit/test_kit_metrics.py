"""Measures: which definition was in force on a day, and which declarations are mistakes."""

from datetime import date

import pytest

from connectors.kit import Days, Kind, Measure, Subject, Words, last_windows, metric, since, window
from connectors.kit import metrics as shared
from connectors.kit.metrics import QUOTED_MEASURES, Metric, window_days

REACH = metric("reach", "person", "jangkauan", "reach")
FROM_THE_START = since(None, "arti lama", "old meaning")
FROM_AUGUST = since(date(2026, 8, 24), "arti baru", "new meaning")


def measure(*definitions, span="day"):
    return Measure(REACH, Subject.ACCOUNT, span, Kind.UNIQUE, definitions or (FROM_THE_START,))


def test_the_key_says_metric_subject_and_span():
    """The key is what stands in the store."""
    assert measure(span=window(28)).key == "reach:account:28d"
    assert measure(span="semester").key == "reach:account:semester"


def test_two_services_that_count_differently_are_two_measures():
    """Their figures would otherwise be set against each other after a change of service."""
    one, other = (Measure(REACH, Subject.ACCOUNT, "day", Kind.UNIQUE, (FROM_THE_START,), by=by) for by in ("a", "b"))

    assert (one.key, other.key) == ("reach@a:account:day", "reach@b:account:day")


def test_a_refusal_is_of_a_measure_or_of_one_dimension_of_an_audience():
    """A platform that no longer gives ages still gives cities."""
    audience = Measure(REACH, Subject.AUDIENCE, "day", Kind.LEVEL, (FROM_THE_START,))

    assert measure().part("711_5") == measure().part("") == "reach:account:day"
    assert [audience.part(about) for about in ("", "city", "city:Pontianak, West Kalimantan")] == [
        "reach:audience:day", "reach:audience:day/city", "reach:audience:day/city",
    ]  # fmt: skip


def test_the_last_window_and_the_one_before_lie_side_by_side():
    """1 to 28 December is compared with 3 to 30 November."""
    newest, before = last_windows(date(2022, 12, 28), 28)

    assert newest == Days(date(2022, 12, 1), date(2022, 12, 28))
    assert before == Days(date(2022, 11, 3), date(2022, 11, 30))


@pytest.mark.parametrize(
    ("day", "version"),
    [(date(2020, 1, 1), 1), (date(2026, 8, 23), 1), (date(2026, 8, 24), 2), (date(2026, 11, 21), 2)],
)
def test_the_definition_of_a_day_is_the_last_that_had_begun(day, version):
    """Figures before and after a change of meaning are never compared."""
    assert measure(FROM_THE_START, FROM_AUGUST).version(day) == version


def test_a_dated_first_definition_holds_before_its_date_too():
    """A figure from before is of the first known meaning; there is no version nought."""
    assert measure(FROM_AUGUST).version(date(2020, 1, 1)) == 1


def test_three_definitions_are_told_apart():
    """Each change is a version of its own."""
    third = since(date(2026, 10, 1), "ketiga", "third")

    assert [measure(FROM_THE_START, FROM_AUGUST, third).version(day) for day in
            (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))] == [1, 2, 3]  # fmt: skip


@pytest.mark.parametrize("span", ["", "week", "d", "28", "28D", "1d ", "now\n", "-7d", "days_28"])
def test_a_span_that_is_no_span_is_a_mistake(span):
    """A misspelt span would be a series of its own that nothing ever finds."""
    with pytest.raises(ValueError, match="unknown span"):
        measure(span=span)


@pytest.mark.parametrize("span", ["now", "day", "7d", "28d", "month", "quarter", "semester", "year"])
def test_the_spans_there_are(span):
    """The closed list of spans."""
    assert measure(span=span).span == span


@pytest.mark.parametrize(("span", "days"), [("28d", 28), ("7d", 7), ("now", None), ("day", None), ("month", None)])
def test_only_rolling_windows_have_a_length(span, days):
    """A month has 28 to 31 days; a window has what it says."""
    assert window_days(span) == days


def test_a_measure_without_a_definition_is_a_mistake():
    """Nobody could say what its figures mean."""
    with pytest.raises(ValueError, match="no definition"):
        Measure(REACH, Subject.ACCOUNT, "day", Kind.UNIQUE, ())


@pytest.mark.parametrize(
    "definitions",
    [
        (FROM_AUGUST, FROM_THE_START),
        (FROM_THE_START, FROM_THE_START),
        (FROM_THE_START, FROM_AUGUST, FROM_AUGUST),
        (FROM_THE_START, FROM_AUGUST, since(date(2026, 1, 1), "x", "x")),
    ],
)
def test_definitions_out_of_order_are_a_mistake(definitions):
    """The version numbers are stored; they must not depend on a guess."""
    with pytest.raises(ValueError, match="in order"):
        measure(*definitions)


def test_words_come_in_two_languages():
    """Bahasa Indonesia is what is shown unless English is asked for."""
    words = Words("jangkauan", "reach")

    assert (words.text("id"), words.text("en"), words.text("fr")) == ("jangkauan", "reach", "jangkauan")


def test_shared_metrics_have_keys_of_their_own_and_both_labels():
    """Two metrics with one key would be one series."""
    metrics = [one for one in vars(shared).values() if isinstance(one, Metric)]

    assert len({one.key for one in metrics}) == len(metrics)
    assert all(one.labels.id and one.labels.en and one.unit for one in metrics)


def test_quoted_percentages_are_ratios():
    """Nothing is ever computed from a percentage that somebody else printed."""
    assert {one.kind for one in QUOTED_MEASURES} == {Kind.RATIO}


def test_days_are_counted_with_both_ends():
    """From the 1st to the 28th are 28 days."""
    assert Days(date(2022, 12, 1), date(2022, 12, 28)).length == 28
    assert Days(date(2022, 12, 1), date(2022, 12, 1)).length == 1
    with pytest.raises(ValueError, match="no span"):
        Days(date(2022, 12, 2), date(2022, 12, 1))
