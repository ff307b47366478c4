"""A Page below the platform's floor of 100 likes, against the stand-in's contract."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.facebook import PAGE_ID, FacebookContract
from collector.demo.standin import Answered, Asked
from collector.demo.world import World
from connectors.facebook import CONNECTOR
from connectors.facebook.measures import DAILY, FLOOR
from connectors.kit import Coverage, Gap, Post, Reading, Reason, Subject

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 7, 1), date(2026, 11, 21)
TWO_YEARS = {measure.key: date(2024, 11, 21) for measure in DAILY.values()}


@pytest.fixture
def contract() -> FacebookContract:
    """A Page of 56 likes and 64 followers, whose insights are empty."""
    contract = FacebookContract(World(lambda: NOW))
    contract.small = "empty"
    return contract


@pytest.fixture
def talk(ask, contract):
    """A conversation with that Page."""
    return ask(contract, CONNECTOR)


@pytest.mark.parametrize("answered", ["empty", "zeros"])
def test_every_figure_below_the_floor_is_a_gap_that_says_so(talk, contract, answered):
    """Not an error, and never a zero: the platform does not count for so small a Page (facebook.md §3.2)."""
    contract.small = answered
    got = talk.collect(talk.assignment(FIRST, LAST, resume=TWO_YEARS))

    assert got.error is None
    gaps = got.all(Gap)
    assert {one.reason for one in gaps} == {Reason.BELOW_FLOOR}
    assert {one.measure.floor for one in gaps} == {FLOOR} == {100}
    silent = {measure.key for measure in DAILY.values()} - ({"followers:account:day"} if answered == "zeros" else set())
    assert {one.measure.key for one in gaps if one.measure.span == "day"} == silent | {"followers:audience:day"}
    assert {one.measure.key for one in gaps} >= {"reach:account:28d", "views:account:28d", "views:post:now"}
    zeros = [one for one in got.all(Reading) if one.value == 0]
    assert {one.measure.key for one in zeros} <= {"shares:post:now", "comments:post:now", "reactions:post:now"}


def test_its_followers_are_read_all_the_same(talk, contract):
    """They are its one history (facebook.md §3.2), and a Page of 64 followers has them however silent it is."""
    contract.small = "zeros"
    got = talk.collect(talk.assignment(FIRST, LAST, resume=TWO_YEARS))

    followers = got.all(Reading, "followers:account:day")
    assert {one.value for one in followers} == {64}
    assert len(followers) == (date(2026, 11, 18) - date(2024, 11, 21)).days + 1
    assert len(got.all(Coverage, "followers:account:day")) == 9
    assert not got.all(Coverage, "views:account:day")


@pytest.mark.parametrize("answered", ["empty", "zeros"])
def test_a_silent_page_is_asked_once_and_not_for_two_years_each_day(talk, contract, answered):
    """A quiet Page may ask for very little (facebook.md §5): of its days once, of its posts three of each kind."""
    contract.small = answered
    got = talk.collect(talk.assignment(FIRST, LAST, resume=TWO_YEARS))

    flows = [one for one in talk.asked if "page_media_view" in one.query.get("metric", "").split(",")]
    assert [one.query["period"] for one in flows] == ["day", "days_28"]
    assert sum(one.path.endswith(("/insights", "/video_insights")) and PAGE_ID + "/" not in one.path
               for one in talk.asked) == 12  # fmt: skip
    assert {one.when.first for one in got.all(Gap) if one.measure.key == "views:account:day"} == {date(2024, 11, 21)}


def test_a_page_below_the_floor_that_is_served_is_read_as_any_other(talk, contract):
    """Some are; then a zero among their figures is a quiet day."""
    contract.small, usual = "", contract.followers_now
    contract.followers_now = lambda: min(usual(), 80)
    got = talk.collect(talk.assignment(FIRST, LAST))

    lost = {one.when.first: one.value for one in got.all(Reading, "followers_lost:account:day")}
    assert len(lost) == (date(2026, 11, 18) - FIRST).days + 1
    assert 0 in lost.values()
    assert got.all(Reading, "views:account:28d")
    assert got.all(Reading, "facebook.reactions_anger:post:now")
    assert not got.all(Gap)


def test_one_metric_refused_below_the_floor_is_still_found_out(talk, contract):
    """The first call is refused as a whole: which metric it is about has to be asked one by one."""
    contract.small, contract.retired = "zeros", {"page_views_total"}
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert {one.measure.key for one in got.all(Gap) if one.reason is Reason.RETIRED} == {"profile_visits:account:day"}
    assert got.all(Reading, "followers:account:day")


def test_viewers_that_are_refused_for_want_of_followers_are_below_the_floor(talk, contract):
    """Code 200 is a missing permission elsewhere, which would alarm the office for nothing (facebook.md §3.4)."""
    contract.small, contract.viewers_denied = "zeros", True
    got = talk.collect(talk.assignment(LAST, LAST))

    assert {one.reason for one in got.all(Gap, "reach:post:now")} == {Reason.BELOW_FLOOR}


def test_its_posts_and_their_public_counts_are_there(talk):
    """A small office is one that posts, too."""
    got = talk.collect(talk.assignment(FIRST, LAST))

    posts = [post.id for post in got.all(Post) if post.id.startswith(PAGE_ID)]
    assert [one.about for one in got.all(Reading, "reactions:post:now")] == posts
    assert got.all(Gap, "reactions:post:now") == []


def test_without_its_counts_an_empty_answer_is_only_empty(talk, contract):
    """What cannot be known is not said: the floor is told from the likes."""
    contract.hidden = {"fan_count", "followers_count"}
    got = talk.collect(talk.assignment(date(2026, 11, 1), date(2026, 11, 15)))

    assert {one.reason for one in got.all(Gap) if one.measure.subject is Subject.ACCOUNT and one.measure.floor} == {
        Reason.EMPTY
    }


def test_a_page_that_grows_past_the_floor_is_asked_for_its_past(talk, contract):
    """Nothing was covered while it was silent, so that two years are asked for as soon as they are had."""
    small = talk.collect(talk.assignment(FIRST, LAST, resume=TWO_YEARS))
    assert not [one for one in small.all(Coverage) if one.measure.span == "day"]
    contract.small = ""
    got = talk.collect(talk.assignment(FIRST, LAST, resume=TWO_YEARS))

    days = [one.when.first for one in got.all(Reading, "views:account:day")]
    assert (days[0], days[-1]) == (date(2024, 11, 21), date(2026, 11, 18))
    assert len(days) == (days[-1] - days[0]) // timedelta(days=1) + 1


def test_the_stand_in_is_below_the_floor_in_both_ways(contract):
    """Empty sets and zeros were both seen (facebook.md §3.2, §4)."""
    question = {"metric": "page_follows,page_media_view", "period": "day", "access_token": "demo-facebook-key"}
    asked = Asked("FACEBOOK_GRAPH_URL", "GET", f"/v26.0/{PAGE_ID}/insights", question, {})
    answered: Answered = contract.answer(asked)
    assert answered.body["data"] == []

    contract.small = "zeros"
    values = {one["name"]: one["values"][-1]["value"] for one in contract.answer(asked).body["data"]}
    assert values == {"page_follows": 64, "page_media_view": 0}
