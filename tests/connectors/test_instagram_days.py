"""Instagram's days, windows and audience: what its insights allow to be asked, and what their answers mean."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.instagram import InstagramContract
from collector.demo.contracts.instagram.figures import FOLLOWS, figure
from collector.demo.world import World, flow
from connectors.instagram import CONNECTOR
from connectors.instagram.insights import between
from connectors.kit import ClosedPeriod, Coverage, Days, Gap, Reading, Reason, ThrottledError

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 20 November in the Pacific zone
NEWEST = date(2026, 11, 18)
FIRST = date(2026, 11, 1)
WINDOW = (FIRST, date(2026, 11, 21))
VIEWS, GAINED, LOST = "views:account:day", "followers_gained:account:day", "followers_lost:account:day"
REACH, VISITS = "reach:account:day", "profile_visits:account:day"
ONE_DAY = timedelta(days=1)


@pytest.fixture
def contract() -> InstagramContract:
    """The stand-in's account at NOW."""
    return InstagramContract(World(lambda: NOW))


@pytest.fixture
def talk(ask, contract):
    """A conversation with it through a Page."""
    return ask(contract, CONNECTOR)


def days_from(first: date, last: date = NEWEST) -> list[date]:
    """List the days of a span."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def windows_of(talk, metric: str) -> list[float]:
    """List the lengths, in days, of the windows that were asked for a metric."""
    return [
        (int(asked.query["until"]) - int(asked.query["since"])) / 86400
        for asked in talk.asked
        if metric in asked.query.get("metric", "").split(",") and "since" in asked.query
    ]


def test_every_day_has_its_figures(talk):
    """Days are Pacific ones, and each figure is that of its own day, not of the window it was found in."""
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    for key, name in ((VIEWS, "views"), (REACH, "reach"), ("clicks:account:day", "profile_links_taps")):
        expected = {(day, day): figure(name, day) for day in days_from(FIRST)}
        assert got.values(key) == expected, key


def test_no_question_spans_more_than_thirty_days(talk):
    """A longer one is refused as a whole; the days of November's change of the clock are 25 hours more."""
    got = talk.collect(talk.assignment(date(2026, 6, 1), date(2026, 11, 21)))

    assert got.error is None
    lengths = [length for name in ("reach", "views", "follows_and_unfollows") for length in windows_of(talk, name)]
    assert max(lengths) == 30
    assert set(got.values(REACH)) == {(day, day) for day in days_from(date(2026, 6, 1))}


def test_thirty_days_across_the_end_of_summer_time_lose_their_first_hour():
    """They are an hour longer than the longest window."""
    params = between(Days(date(2026, 11, 1), date(2026, 11, 30)))

    assert int(params["until"]) - int(params["since"]) == 30 * 86400
    assert datetime.fromtimestamp(int(params["until"]), UTC) == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_a_smaller_limit_is_found_and_kept(talk, contract):
    """The longest window is the platform's to change."""
    contract.insights.longest_days = 8
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    assert set(got.values(REACH)) == set(got.values(VIEWS)) == {(day, day) for day in days_from(FIRST)}


def test_answered_days_are_not_asked_for_again(talk):
    """Only the last ones, which are revised, and a window of them."""
    resume = dict.fromkeys((VIEWS, GAINED, LOST, REACH), NEWEST - ONE_DAY)
    resume |= {measure.key: NEWEST for measure in CONNECTOR.measures if measure.key not in resume}
    got = talk.collect(talk.assignment(date(2026, 1, 1), date(2026, 11, 21), resume=resume))

    assert set(got.values(REACH)) == {(day, day) for day in (NEWEST - ONE_DAY, NEWEST)}
    assert set(got.values(VISITS)) == {(NEWEST, NEWEST)}
    assert len(talk.asked) < 45


def test_revised_days_are_read_as_they_are_now(talk, contract):
    """Figures settle within 48 hours."""
    contract.insights.revision = 7
    got = talk.collect(talk.assignment(*WINDOW))

    newest = got.values(VIEWS)[NEWEST, NEWEST]
    assert newest == figure("views", NEWEST) + 7
    assert got.values(VIEWS)[FIRST, FIRST] == figure("views", FIRST)


def test_the_past_is_asked_as_far_back_as_the_platform_remembers(talk):
    """Reach day by day; the totals, which take a question a day, in windows of thirty days before the report's."""
    first = NEWEST - timedelta(days=300)
    resume = {
        measure.key: first for measure in CONNECTOR.measures if measure.span == "day" and measure.reach_back == 730
    }
    got = talk.collect(talk.assignment(*WINDOW, resume=resume))

    assert len(got.values(REACH)) == 301
    assert min(got.values(VIEWS)) == (FIRST, FIRST)
    older = sorted(got.values("views:account:30d"))
    assert older[-1] == (FIRST - timedelta(days=30), FIRST - ONE_DAY)
    assert len(older) == 9
    assert all(first <= begin for begin, _ in older)
    begin, end = older[0]
    assert got.values("views:account:30d")[begin, end] == sum(figure("views", day) for day in days_from(begin, end))
    assert len(got.values("followers_gained:account:30d")) == 9


def test_what_lies_before_two_years_is_said_to_be_too_old(talk):
    """Known without asking: a question with such a day would be refused as a whole."""
    got = talk.collect(talk.assignment(date(2024, 10, 1), date(2024, 12, 5), resume={}))

    forgotten = got.all(Gap, REACH)[0]
    assert (forgotten.reason, forgotten.when) == (Reason.TOO_LATE, Days(date(2024, 10, 1), date(2024, 11, 19)))
    assert min(got.values(REACH)) == (date(2024, 11, 20), date(2024, 11, 20))
    series = [int(asked.query["since"]) for asked in talk.asked if asked.query.get("metric_type") == "time_series"]
    assert min(series) == datetime(2024, 11, 20, 8, tzinfo=UTC).timestamp()


def test_a_shorter_memory_is_found_by_halving(talk, contract):
    """Documents say 90 days, the platform two years; what is refused is a gap, what is not is read."""
    contract.insights.remembered = timedelta(days=90)
    first = NEWEST - timedelta(days=200)
    got = talk.collect(talk.assignment(first, date(2026, 11, 21)))

    assert got.error is None
    begins = date(2026, 8, 23)  # the first whole Pacific day of the last ninety
    assert min(got.values(REACH)) == min(got.values(VIEWS)) == (begins, begins)
    for key in (REACH, VIEWS, GAINED):
        forgotten = [one.when for one in got.all(Gap, key) if one.reason is Reason.TOO_LATE]
        assert forgotten == [Days(first, begins - ONE_DAY)], key
    refused = [one for one in talk.exchanges if one.status == 400]
    assert len(refused) < 30


def test_a_platform_that_remembers_nothing_ends_the_search(talk, contract):
    """Every day refused is a gap, found with a handful of questions."""
    contract.insights.remembered = timedelta(hours=1)
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    assert [(one.reason, one.when) for one in got.all(Gap, REACH)] == [(Reason.TOO_LATE, Days(FIRST, NEWEST))]
    assert not got.values(VIEWS)


def test_an_interrupted_past_goes_on_where_it_stopped(talk, contract):
    """The quota may end in the middle: what was read stays answered, and the rest is asked from there on."""
    full = ask_until(talk, contract, after=40)
    assert isinstance(full.error, ThrottledError)
    answered = max(one.days.last for one in full.all(Coverage, VIEWS))

    contract.usage = 0
    resume = {one.measure.key: one.days.last + ONE_DAY for one in full.all(Coverage)}
    rest = talk.collect(talk.assignment(*WINDOW, resume=resume))

    assert FIRST < answered < NEWEST
    assert min(rest.values(VIEWS)) == (answered + ONE_DAY, answered + ONE_DAY)
    read = set(full.values(VIEWS)) | set(rest.values(VIEWS))
    assert read == {(day, day) for day in days_from(FIRST)}


def ask_until(talk, contract, after: int):
    """Collect until so many questions were asked, and be throttled then."""
    good = contract.answer

    def answer(asked):
        contract.usage = 100 if len(talk.asked) > after else 0
        return good(asked)

    contract.answer = answer
    try:
        return talk.collect(talk.assignment(*WINDOW))
    finally:
        contract.answer = good


def test_a_retired_total_costs_no_other(talk, contract):
    """One bad name fails the whole question, on every day of it; it is found once and left out from then on."""
    contract.insights.retired = {"profile_views"}
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    assert [(one.reason, one.when) for one in got.all(Gap, VISITS)] == [(Reason.RETIRED, Days(FIRST, NEWEST))]
    assert set(got.values(VIEWS)) == {(day, day) for day in days_from(FIRST)}
    with_it = [asked for asked in talk.asked if "profile_views" in asked.query.get("metric", "")]
    assert len(with_it) == 2


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("reach", [REACH, "reach:account:28d"]),
        ("views", [VIEWS, "views:account:28d"]),
        ("follows_and_unfollows", [GAINED, LOST]),
        ("follower_demographics", ["followers:audience:now"]),
        ("online_followers", ["instagram.online_followers:audience:day"]),
    ],
)
def test_whatever_is_retired_the_rest_is_read(ask, talk, contract, name, keys):
    """Meta retires names overnight, in all versions at once."""
    whole = talk.collect(talk.assignment(*WINDOW))
    contract.insights.retired = {name}
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    lost = {one.measure.key for one in whole.all(Reading)} - {one.measure.key for one in got.all(Reading)}
    assert lost >= set(keys)
    assert all(key.split(":")[0] == keys[0].split(":")[0] or key in keys or "follow" in key for key in lost)
    assert {one.reason for key in keys for one in got.all(Gap, key)} - {Reason.TOO_LATE} == {Reason.RETIRED}


def test_a_total_that_is_left_out_is_a_gap_and_asked_once_a_window(talk, contract):
    """An absent member is no zero; and a day a question for what is not there would be many."""
    contract.insights.silent = {"replies"}
    got = talk.collect(talk.assignment(*WINDOW))

    key = "instagram.replies:account:day"
    assert [(one.reason, one.when) for one in got.all(Gap, key)] == [(Reason.EMPTY, Days(FIRST, NEWEST))]
    assert not got.all(Coverage, key)
    asked = [one for one in talk.asked if "replies,reposts" in one.query.get("metric", "")]
    assert len(asked) == 1


def test_dead_totals_are_not_asked_for(talk):
    """They were refused lately."""
    got = talk.collect(talk.assignment(*WINDOW, dead_measures=frozenset({VISITS, REACH, GAINED})))

    assert not [asked for asked in talk.asked if "profile_views" in asked.query.get("metric", "")]
    assert not [asked for asked in talk.asked if asked.query.get("metric_type") == "time_series"]
    for key in (VISITS, REACH, GAINED, LOST):
        assert [(one.reason, one.place) for one in got.all(Gap, key)] == [(Reason.RETIRED, None)]
    assert len(got.values(VIEWS)) == 18


def test_a_kind_with_nothing_beside_one_with_something_is_zero(talk):
    """The one zero that is declared: "a category with nothing is omitted"."""
    got = talk.collect(talk.assignment(*WINDOW))

    expected = {
        label: {(day, day): flow(name, day, average) for day in days_from(FIRST)}
        for label, (name, average) in FOLLOWS.items()
    }
    gained, lost = got.values(GAINED), got.values(LOST)
    assert gained == {day: count for day, count in expected["FOLLOWER"].items() if day in gained}
    assert lost == {day: count for day, count in expected["NON_FOLLOWER"].items() if day in lost}
    assert 0 in lost.values()


def test_days_without_any_follow_are_idle_where_the_window_says_so(talk):
    """They have no bucket at all, like a day that is not finished; the window's total tells them apart."""
    got = talk.collect(talk.assignment(*WINDOW))

    idle = {day for day in days_from(FIRST) if all(flow(name, day, average) == 0 for name, average in FOLLOWS.values())}
    assert idle
    answered = {one.days.first for one in got.all(Coverage, GAINED)}
    assert answered == set(days_from(FIRST))
    assert {first for first, _ in got.values(GAINED)} == answered - idle
    assert not got.all(Gap, GAINED)


def test_an_empty_day_that_the_window_contradicts_stays_open(talk, contract):
    """Then something happened on it that was not told, and it is no zero."""
    day = date(2026, 11, 9)
    begin = between(Days(day, day))["since"]

    def without_one_day(asked, good):
        if asked.query.get("breakdown") == "follow_type" and asked.query["since"] == begin:
            good.body["data"][0]["total_value"]["breakdowns"] = []
        return good

    altered(contract, without_one_day)
    got = talk.collect(talk.assignment(*WINDOW))

    assert flow("instagram.gained", day, 1.1) > 0
    assert day in {one.when.first for one in got.all(Gap, GAINED) if one.reason is Reason.EMPTY}
    assert day not in {one.days.first for one in got.all(Coverage, GAINED)}


def altered(contract, change):
    """Put a change over the contract's answers."""
    good = contract.answer
    contract.answer = lambda asked: change(asked, good(asked))


def test_the_newest_day_may_not_be_finished(talk, contract):
    """What is not there yet is too early, and asked again; it is neither zero nor refused."""

    def unfinished(asked, good):
        newest = between(Days(NEWEST, NEWEST)).items()
        if asked.query.get("metric", "").startswith("views,") and newest <= asked.query.items():
            good.body["data"] = []
        return good

    altered(contract, unfinished)
    got = talk.collect(talk.assignment(*WINDOW))

    assert [(one.reason, one.when) for one in got.all(Gap, VIEWS)] == [(Reason.TOO_EARLY, Days(NEWEST, NEWEST))]
    assert max(one.days.last for one in got.all(Coverage, VIEWS)) == NEWEST - ONE_DAY


def test_the_windows_of_the_report_are_asked_as_windows(talk):
    """Distinct people cannot be summed; the newest 28 finished days, and the 28 before them."""
    got = talk.collect(talk.assignment(*WINDOW))

    newest, before = (date(2026, 10, 21), date(2026, 11, 17)), (date(2026, 9, 23), date(2026, 10, 20))
    reach = got.values("reach:account:28d")
    assert set(reach) == {newest, before}
    assert 0 < reach[newest] < sum(figure("reach", day) for day in days_from(*newest))
    for key, name in (("views:account:28d", "views"), ("interactions:account:28d", "total_interactions")):
        assert got.values(key)[newest] == sum(figure(name, day) for day in days_from(*newest))
    gained = sum(flow("instagram.gained", day, 1.1) for day in days_from(*newest))
    assert got.values("followers_gained:account:28d")[newest] == gained


def test_closed_months_are_asked_as_one_window_where_they_fit(talk):
    """Thirty days is the longest; October, a quarter and a semester have no reach at all, which is said."""
    spans = {
        "month": [(date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))],
        "quarter": [(date(2026, 7, 1), date(2026, 9, 30))],
        "semester": [(date(2026, 1, 1), date(2026, 6, 30))],
        "year": [(date(2025, 1, 1), date(2025, 12, 31))],
    }
    closed = tuple(ClosedPeriod(span, Days(*days)) for span, listed in spans.items() for days in listed)
    got = talk.collect(talk.assignment(*WINDOW, closed_periods=closed))

    september, october = spans["month"]
    assert set(got.values("reach:account:month")) == {september}
    assert [one.days for one in got.all(Coverage, "reach:account:month")] == [Days(*september)]
    (gap,) = got.all(Gap, "reach:account:month")
    assert (gap.reason, gap.when, "30 days" in gap.note) == (Reason.NOT_OFFERED, Days(*october), True)
    for span in ("quarter", "semester", "year"):
        assert [(one.reason, one.when) for one in got.all(Gap, f"reach:account:{span}")] == [
            (Reason.NOT_OFFERED, Days(*spans[span][0]))
        ]


def test_demographics_are_read_with_and_without_the_timeframe_among_their_dimensions(talk, contract):
    """The label stands at the place of the dimension that was asked for, wherever that is."""
    read = []
    for says_timeframe in (True, False):
        contract.insights.says_timeframe = says_timeframe
        got = talk.collect(talk.assignment(*WINDOW))
        read.append({one.about: one.value for one in got.all(Reading, "followers:audience:now")})

    assert read[0] == read[1]
    assert {about.partition(":")[0] for about in read[0]} == {"city", "country", "age", "gender"}
    assert read[0]["country:ID"] > read[0]["city:Pontianak, West Kalimantan"] > read[0]["age:65+"] > 0


def test_one_refused_dimension_does_not_end_the_others(talk, contract):
    """They share a measure, which would be taken for dead."""

    def no_cities(asked, good):
        if asked.query.get("breakdown") != "city":
            return good
        body = {"error": {"message": "(#100) metric[0] must be one of the following values: x", "code": 100}}
        return replace(good, body=body, status=400)

    altered(contract, no_cities)
    got = talk.collect(talk.assignment(*WINDOW))

    assert [(one.about, one.reason, one.place) for one in got.all(Gap, "followers:audience:now")] == [
        ("city", Reason.RETIRED, None)
    ]
    assert "gender:F" in {one.about for one in got.all(Reading, "followers:audience:now")}


def test_hours_are_read_of_the_days_that_have_them(talk):
    """The newest days come as empty maps."""
    got = talk.collect(talk.assignment(*WINDOW))

    key = "instagram.online_followers:audience:day"
    hours = got.all(Reading, key)
    assert {one.about for one in hours if one.when.first == FIRST} == {f"hour:{hour}" for hour in range(24)}
    assert max(one.when.first for one in hours) == NEWEST - ONE_DAY
    assert [(one.reason, one.when.first) for one in got.all(Gap, key)] == [(Reason.TOO_EARLY, NEWEST)]


def test_a_small_account_is_below_the_floor_and_not_asked(talk, contract):
    """Below 100 followers these are empty sets; the gap names the platform's minimum, the count is its evidence."""
    contract.insights.is_small = True
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    for key in (GAINED, LOST, "followers:audience:now", "instagram.online_followers:audience:day"):
        gaps = got.all(Gap, key)
        assert {(one.reason, one.measure.floor) for one in gaps} == {(Reason.BELOW_FLOOR, 100)}, key
        assert {one.place.pointer for one in gaps} == {"body:/followers_count"}
        assert not got.all(Reading, key)
    assert not {"follows_and_unfollows", "follower_demographics", "online_followers"} & {
        asked.query.get("metric") for asked in talk.asked
    }
    assert len(got.values(VIEWS)) == 18


def test_empty_demographics_above_the_floor_are_not_called_too_small(talk, contract):
    """They may be too fresh; only the platform knows."""
    contract.insights.silent = {"follower_demographics", "online_followers"}
    got = talk.collect(talk.assignment(*WINDOW))

    assert {one.reason for one in got.all(Gap, "followers:audience:now")} == {Reason.EMPTY}
    assert [one.about for one in got.all(Gap, "followers:audience:now")] == ["city", "country", "age", "gender"]
