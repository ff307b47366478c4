"""Facebook's quirks, against the stand-in's contract."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from collector.demo.contracts.facebook import PAGE_ID, USER_KEY, FacebookContract
from collector.demo.contracts.facebook.figures import list_posts
from collector.demo.standin import Asked
from collector.demo.world import World
from connectors.facebook import CONNECTOR
from connectors.facebook.measures import AUDIENCE, COUNTS, DAILY
from connectors.facebook.post_insights import ASKED
from connectors.facebook.post_measures import COUNTERS
from connectors.kit import (
    AccessError,
    Account,
    Assignment,
    Coverage,
    Days,
    Exchange,
    Gap,
    NotOfferedError,
    Post,
    Reading,
    Reason,
    SettingError,
    ThrottledError,
    UnreachableError,
)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 20 November in the Pacific zone: the 19th is its newest whole day
NEWEST = date(2026, 11, 18)  # the newest day the stand-in answers at NOW
FIRST, LAST = date(2026, 7, 1), date(2026, 11, 21)


@pytest.fixture
def contract() -> FacebookContract:
    """The stand-in's Page at NOW."""
    return FacebookContract(World(lambda: NOW))


@pytest.fixture
def talk(ask, contract):
    """A conversation with that Page."""
    return ask(contract, CONNECTOR)


def metrics_asked(talk) -> list[tuple[str, ...]]:
    """List the metrics of each insights call about days, in order."""
    asked = [tuple(one.query["metric"].split(",")) for one in insights_asked(talk, "day")]
    return [names for names in asked if not names[0].startswith("page_follows_")]


def insights_asked(talk, period: str) -> list[Asked]:
    """List the calls for the Page's own insights of a period."""
    return [one for one in talk.asked if one.path.endswith(f"/{PAGE_ID}/insights") and one.query["period"] == period]


def listed(got) -> list[Post]:
    """List the posts of the list of posts: not the reels that stand in their own alone."""
    return [post for post in got.all(Post) if post.id.startswith(f"{PAGE_ID}_")]


def posts_asked(talk) -> list[Asked]:
    """List the calls for posts."""
    return [one for one in talk.asked if one.path.endswith("/published_posts")]


def days_of(observations) -> list[date]:
    """List the days of daily observations."""
    return [one.when.first + timedelta(days=number) for one in observations for number in range(one.when.length)]


def span(first: date, last: date) -> list[date]:
    """List the days from `first` to `last`."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


# --- counts of the moment


def test_the_counts_are_one_call_with_known_fields_only(talk):
    """One unknown field would fail the whole call (facebook.md §3.1)."""
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert talk.asked[0].path == f"/v26.0/{PAGE_ID}"
    assert talk.asked[0].query["fields"] == "id,followers_count,fan_count"
    assert [one.place.pointer for one in got.all(Reading)[:2]] == ["body:/followers_count", "body:/fan_count"]


def test_a_count_that_is_left_out_is_a_gap(talk, contract):
    """An absent count is unknown; the other one stands."""
    contract.hidden = {"fan_count"}
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert [one.reason for one in got.all(Gap, "likes:account:now")] == [Reason.NOT_OFFERED]
    assert not got.all(Reading, "likes:account:now")
    assert len(got.all(Reading, "followers:account:now")) == 1


def test_a_removed_field_does_not_cost_the_headline_number(talk, contract):
    """Likes are on their way out; followers are what the report is about."""
    contract.retired = {"fan_count"}
    got = talk.collect(talk.assignment(FIRST, LAST))

    (gap,) = got.all(Gap, "likes:account:now")
    assert (gap.reason, gap.place.pointer) == (Reason.RETIRED, "body:/error")
    assert len(got.all(Reading, "followers:account:now")) == 1


def test_dead_counts_are_not_asked_for(talk):
    """What the platform lately refused would fail the call again."""
    dead = frozenset(measure.key for measure in COUNTS.values())
    got = talk.collect(talk.assignment(FIRST, LAST, dead_measures=dead))

    assert f"/v26.0/{PAGE_ID}" not in [one.path for one in talk.asked]
    assert [(one.reason, one.place) for one in got.all(Gap)] == [(Reason.RETIRED, None)] * 2


def test_a_page_without_permission_is_gaps_and_the_rest_goes_on(talk, contract):
    """One withheld permission must not end the snapshot."""
    contract.denied = {""}
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert got.error is None
    assert [one.reason for one in got.all(Gap, "followers:account:now")] == [Reason.NOT_PERMITTED]
    assert got.all(Reading, "followers:account:day")


# --- daily figures


def test_each_daily_figure_is_read_for_each_finished_day(talk):
    """The daily follower level is the only one that fills the months before the installation."""
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert got.error is None
    for measure in DAILY.values():
        assert days_of(got.all(Reading, measure.key)) == span(FIRST, NEWEST)
        assert [day for one in got.all(Coverage, measure.key) for day in span(one.days.first, one.days.last)] == span(
            FIRST, NEWEST
        )
    assert not got.all(Gap)


def test_a_slice_is_one_call_of_at_most_ninety_days_on_the_clock(talk):
    """Across the end of summer time 90 Pacific days last an hour longer than the cap (facebook.md §3.2)."""
    talk.collect(talk.assignment(date(2026, 1, 1), LAST))

    windows = [
        (date.fromisoformat(one.query["since"]), date.fromisoformat(one.query["until"]))
        for one in talk.asked
        if one.query.get("metric", "").startswith("page_follows,")
    ]
    assert len(windows) == 4
    assert all(until - since <= timedelta(days=89) for since, until in windows)
    assert all(before[1] == after[0] for before, after in pairwise(windows))
    assert (windows[0][0], windows[-1][1]) == (date(2026, 1, 1), date(2026, 11, 20))


def test_the_day_that_is_going_on_is_not_asked_for(talk):
    """In Pontianak it is Saturday while the Page's Friday has hours to go."""
    got = talk.collect(talk.assignment(date(2026, 11, 20), date(2026, 11, 21)))

    assert metrics_asked(talk) == []
    assert not got.all(Reading, "views:account:day")


def test_a_retired_metric_is_a_gap_and_is_not_asked_again_in_later_slices(talk, contract):
    """One retired name fails the whole call; asking it in each slice would triple the calls (facebook.md §8)."""
    contract.retired = {"page_total_actions"}
    got = talk.collect(talk.assignment(date(2026, 1, 1), LAST))

    asked = Counter(name for names in metrics_asked(talk) for name in names)
    assert asked["page_total_actions"] == 2  # once in the batch, once alone
    assert [len(names) for names in metrics_asked(talk)] == [18, *[1] * 18, 17, 17, 17]
    (gap,) = got.all(Gap)
    assert (gap.measure.key, gap.reason) == ("clicks:account:day", Reason.RETIRED)
    assert gap.when == Days(date(2026, 1, 1), date(2026, 11, 19))
    assert gap.place.pointer == "body:/error"
    assert days_of(got.all(Reading, "views:account:day")) == span(date(2026, 1, 1), NEWEST)


def test_the_gap_of_a_retired_metric_begins_where_it_was_asked_for(talk, contract):
    """Its earlier days were answered while it lived, and stay readings."""
    contract.retired = {"page_total_actions"}
    resume = {"clicks:account:day": date(2026, 11, 10)}
    got = talk.collect(talk.assignment(FIRST, LAST, resume=resume))

    assert [one.when for one in got.all(Gap)] == [Days(date(2026, 11, 10), date(2026, 11, 19))]


def test_without_any_living_metric_the_later_slices_are_not_asked(talk, contract):
    """An empty list of metrics is refused as a mistake of ours (code 3001)."""
    contract.denied = {"insights"}
    got = talk.collect(talk.assignment(date(2026, 1, 1), LAST))

    assert got.error is None
    assert [len(names) for names in metrics_asked(talk)] == [18, *[1] * 18]
    assert {one.reason for one in got.all(Gap) if one.measure.subject != "post"} == {Reason.NOT_PERMITTED}
    assert got.all(Post)


def test_dead_metrics_are_not_asked_for(talk):
    """They are remembered from an earlier snapshot, whose gap has the evidence."""
    got = talk.collect(talk.assignment(FIRST, LAST, dead_measures=frozenset({"reach:account:day"})))

    assert "page_total_media_view_unique" not in {name for names in metrics_asked(talk) for name in names}
    (gap,) = got.all(Gap)
    assert (gap.reason, gap.place, gap.when) == (Reason.RETIRED, None, Days(FIRST, date(2026, 11, 19)))


def test_days_that_are_answered_are_asked_again_only_for_the_metrics_that_lack_them(talk):
    """A metric that never answers must not make the others be read from the beginning each day."""
    resume = {measure.key: date(2026, 11, 10) for measure in DAILY.values() if measure.key != "clicks:account:day"}
    talk.collect(talk.assignment(FIRST, LAST, resume=resume))

    assert [len(names) for names in metrics_asked(talk)] == [1, 18]
    assert metrics_asked(talk)[0] == ("page_total_actions",)


def test_days_beyond_two_years_are_too_late_and_not_asked_for(talk):
    """Gone for good is a reason of its own."""
    got = talk.collect(talk.assignment(date(2024, 11, 1), LAST))

    first_asked = min(one.query["since"] for one in talk.asked if "since" in one.query)
    assert first_asked == "2024-11-20"
    late = [one for one in got.all(Gap) if one.reason is Reason.TOO_LATE]
    assert {one.when for one in late} == {Days(date(2024, 11, 1), date(2024, 11, 19))}
    assert len(late) == len(DAILY)


def test_a_window_that_is_too_old_as_a_whole_is_only_gaps(talk):
    """Nothing is left to ask for then."""
    got = talk.collect(talk.assignment(date(2022, 7, 1), date(2022, 12, 31)))

    assert metrics_asked(talk) == []
    assert {one.when for one in got.all(Gap)} == {Days(date(2022, 7, 1), date(2022, 12, 31))}


def test_a_persons_key_gives_gaps_and_never_zeros(ask, contract):
    """With the wrong kind of key the platform answers success and nothing (facebook.md §2.2)."""
    talk = ask(contract, CONNECTOR, {"page_id": PAGE_ID, "access_token": USER_KEY})
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert not [one for one in got.all(Reading) if one.measure.span == "day"]
    assert {one.reason for one in got.all(Gap, "views:account:day")} == {Reason.EMPTY, Reason.TOO_EARLY}
    assert not [one for one in got.all(Coverage) if one.measure.span == "day"]


def test_a_metric_that_is_silently_left_out_is_a_gap(talk, contract):
    """Success-looking emptiness went unnoticed for months elsewhere (facebook.md §8)."""
    contract.silent = {"page_views_total"}
    got = talk.collect(talk.assignment(date(2026, 11, 1), date(2026, 11, 17)))

    (gap,) = got.all(Gap)
    assert (gap.measure.key, gap.reason) == ("profile_visits:account:day", Reason.EMPTY)
    assert gap.when == Days(date(2026, 11, 1), date(2026, 11, 17))
    assert got.all(Reading, "views:account:day")


def test_a_server_with_a_narrower_window_is_asked_in_smaller_slices(talk, contract):
    """The cap is the platform's to change; no metric may be given up for it (code 100, subcode 1504016)."""
    contract.longest_days = 30
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert got.error is None
    assert not got.all(Gap)
    assert days_of(got.all(Reading, "views:account:day")) == span(FIRST, NEWEST)


def test_a_server_that_refuses_even_one_day_ends_the_snapshot(talk, contract):
    """Halving has to end somewhere."""
    contract.longest_days = 0
    got = talk.collect(talk.assignment(date(2026, 11, 18), date(2026, 11, 18)))

    assert isinstance(got.error, NotOfferedError)
    assert got.error.code == "not_offered.too_wide"


def test_viewers_replaced_reach_in_the_middle_of_june():
    """A comparison over that day has to be flagged."""
    reach = DAILY["page_total_media_view_unique"]

    assert (reach.version(date(2026, 6, 14)), reach.version(date(2026, 6, 15))) == (1, 2)


RETIRED_NAMES = re.compile(
    r"page_engaged_users|page_consumptions|page_content_activity|page_fans|page_cta_clicks|page_negative_feedback"
    r"|page_fan_adds$|page_fan_removes|page_impressions|page_posts_impressions|page_video_views_unique"
    r"|page_views_\w+unique|page_fans_online|page_tab_views|page_fan_adds_unique"
)


def test_no_retired_name_is_ever_asked_for(talk):
    """The list is the sheet's (facebook.md §3.2); a pinned version does not bring one back."""
    talk.collect(talk.assignment(date(2026, 1, 1), LAST))

    names = {name for one in talk.asked for name in one.query.get("metric", "").split(",")}
    assert not [name for name in names if RETIRED_NAMES.match(name)]


def test_recent_days_are_read_again_and_may_differ(talk, contract):
    """Meta revises the newest days; both answers are kept, each with its own value."""
    before = talk.collect(talk.assignment(date(2026, 11, 1), LAST)).all(Reading, "views:account:day")
    contract.revision = 4
    after = talk.collect(talk.assignment(date(2026, 11, 1), LAST)).all(Reading, "views:account:day")

    changed = [one.when.first for one, again in zip(before, after, strict=True) if again.value != one.value]
    assert changed == [date(2026, 11, 17), NEWEST]
    assert CONNECTOR.reread_days >= 5


# --- where the followers are


@pytest.mark.parametrize("hour", [3, 9])
def test_the_newest_map_with_places_in_it_is_read(ask, contract, hour):
    """The map of a new day is empty for some hours; at nine the 19th has its numbers but not yet its places."""
    contract.world = World(lambda: NOW.replace(hour=hour))
    talk = ask(contract, CONNECTOR)
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert {one.when for one in got.all(Reading, AUDIENCE.key)} == {Days(NEWEST, NEWEST)}
    newest = NEWEST if hour == 3 else NEWEST + timedelta(days=1)
    assert got.all(Reading, "views:account:day")[-1].when.first == newest


def test_maps_name_their_places_as_the_platform_does(talk):
    """Labels may arrive mangled and are kept raw (facebook.md §3.2)."""
    got = talk.collect(talk.assignment(FIRST, LAST))

    places = {one.about: one.value for one in got.all(Reading, AUDIENCE.key)}
    assert places["city:Pontianak, West Kalimantan, Indonesia"] > places["city:??gua, Indonesia"] > 1
    assert places["country:ID"] > places["country:MY"]


def test_only_the_last_days_are_asked_for_maps(talk):
    """One answer holds a whole map for each day."""
    talk.collect(talk.assignment(FIRST, LAST))

    (asked,) = [one for one in talk.asked if one.query.get("metric", "").startswith("page_follows_")]
    assert (asked.query["since"], asked.query["until"]) == ("2026-11-17", "2026-11-20")
    assert asked.query["period"] == "day"  # "lifetime" answers nothing and no error


def test_a_page_without_maps_has_gaps_for_both(talk, contract):
    """Small Pages get none; that is no zero for any city."""
    contract.silent = {"page_follows_city", "page_follows_country"}
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert [(one.about, one.reason) for one in got.all(Gap, AUDIENCE.key)] == [
        ("city", Reason.EMPTY),
        ("country", Reason.EMPTY),
    ]


def test_one_retired_map_is_remembered_and_does_not_end_the_other(talk, contract):
    """Both share one measure; of it only the dimension that was refused is not asked for again."""
    contract.retired = {"page_follows_city"}
    got = talk.collect(talk.assignment(FIRST, LAST))

    (gap,) = got.all(Gap)
    assert (gap.about, gap.reason, gap.place.pointer) == ("city", Reason.RETIRED, "body:/error")
    assert {one.about.split(":")[0] for one in got.all(Reading, AUDIENCE.key)} == {"country"}

    talk.asked.clear()
    again = talk.collect(talk.assignment(FIRST, LAST, dead_measures=frozenset({gap.measure.part(gap.about)})))
    maps = [one.query["metric"] for one in talk.asked if one.query.get("metric", "").startswith("page_follows_")]
    assert maps == ["page_follows_country"]
    assert [(one.about, one.place) for one in again.all(Gap)] == [("city", None)]


def test_dead_maps_are_not_asked_for(talk):
    """The same as for any other measure."""
    got = talk.collect(talk.assignment(FIRST, LAST, dead_measures=frozenset({AUDIENCE.key})))

    assert not [one for one in talk.asked if one.query.get("metric", "").startswith("page_follows_")]
    assert [(one.about, one.reason, one.place) for one in got.all(Gap, AUDIENCE.key)] == [
        ("city", Reason.RETIRED, None),
        ("country", Reason.RETIRED, None),
    ]


# --- posts


def test_all_posts_of_the_window_are_read_over_an_empty_page(talk):
    """A page may be empty and still have a next one; stopping there would lose most of the semester."""
    got = talk.collect(talk.assignment(FIRST, LAST))

    posts = listed(got)
    begins = datetime(2026, 6, 30, tzinfo=UTC)  # the office's first day may begin 14 hours before that of UTC
    there = [at.replace(microsecond=0) for _, at in list_posts(NOW.toordinal() + 1, NOW, 99) if at >= begins]
    assert len(there) > 40
    assert [post.created_at for post in posts] == there
    assert len({post.id for post in posts}) == len(posts)
    assert {post.kind for post in posts} == {"photo", "video", "link", "reel"}
    assert all(post.link for post in posts)
    ids = [post.id for post in posts]
    for measure in COUNTERS.values():
        assert [one.about for one in got.all(Reading, measure.key) if one.about in ids] == ids


def test_small_pages_of_another_server_give_the_same_posts(talk, contract, ask):
    """How many come at once is the server's choice."""
    whole = [post.id for post in talk.collect(talk.assignment(FIRST, LAST)).all(Post)]
    contract.page_size = 3

    assert [post.id for post in talk.collect(talk.assignment(FIRST, LAST)).all(Post)] == whole


def test_posts_of_the_day_before_the_window_are_read_too(talk):
    """The window's days are the office's, and those begin up to 14 hours before the same day of UTC."""
    ((_, posted),) = list_posts(FIRST.toordinal(), NOW, 1)
    posts = listed(talk.collect(talk.assignment(posted.date() + timedelta(days=1), LAST)))

    assert posts[-1].created_at == posted.replace(microsecond=0)


def test_posts_are_listed_a_month_back_even_in_a_short_window(talk):
    """A post gathers for weeks; its counters are read as long as they move."""
    posts = listed(talk.collect(talk.assignment(LAST, LAST)))

    assert NOW - timedelta(days=30) <= posts[-1].created_at < NOW - timedelta(days=22)
    assert len(posts_asked(talk)) == 1


def test_the_address_of_the_next_page_is_never_followed(talk):
    """It carries the key and may name another host (facebook.md §2.2)."""
    talk.collect(talk.assignment(FIRST, LAST))

    assert len(posts_asked(talk)) > 2
    assert not [one for one in talk.asked if "access_token" in one.query]
    assert all("after" in one.query for one in posts_asked(talk)[1:])


def test_absent_shares_are_zero_and_printed_ones_are_read(talk):
    """This is the one absence that the platform means as zero (facebook.md §3.3)."""
    got = talk.collect(talk.assignment(FIRST, LAST))

    shares = got.all(Reading, "shares:post:now")
    zeros = [one for one in shares if one.value == 0]
    assert zeros and len(zeros) < len(shares)
    assert all(re.fullmatch(r"body:/data/\d+", one.place.pointer) for one in zeros)
    assert all(one.place.pointer.endswith("/shares/count") for one in shares if one.value)


def test_absent_reactions_are_a_gap(talk, contract):
    """Unlike shares: the platform prints a zero where there are none."""
    contract.hidden = {"reactions"}
    got = talk.collect(talk.assignment(LAST, LAST))

    assert not got.all(Reading, "reactions:post:now")
    assert {one.reason for one in got.all(Gap, "reactions:post:now")} == {Reason.NOT_OFFERED}
    assert got.all(Reading, "comments:post:now")


def test_without_permission_for_reactions_posts_and_shares_are_still_read(talk, contract):
    """The refusal names the wrong permission; only the two fields are in its way (facebook.md §8)."""
    contract.reactions_denied = True
    got = talk.collect(talk.assignment(FIRST, LAST))

    posts = [post.id for post in listed(got)]
    assert got.error is None
    assert [one.about for one in got.all(Reading, "shares:post:now")] == posts
    for name in ("reactions", "comments"):
        gaps = got.all(Gap, COUNTERS[name].key)
        assert [one.about for one in gaps] == posts
        assert {one.reason for one in gaps} == {Reason.NOT_PERMITTED}
    assert sum("reactions" in one.query["fields"] for one in posts_asked(talk)) == 1


def test_without_permission_for_posts_there_are_gaps_and_no_end(talk, contract):
    """The other parts were read and stay."""
    contract.denied = {"published_posts"}
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert got.error is None
    assert [(one.measure.key, one.reason) for one in got.all(Gap)] == [
        (measure.key, Reason.NOT_PERMITTED) for measure in COUNTERS.values()
    ]


def test_too_much_data_is_asked_for_in_smaller_pages(talk, contract):
    """Meta refuses long pages of busy Pages with code 1 (facebook.md §3.3)."""
    whole = [post.id for post in talk.collect(talk.assignment(FIRST, LAST)).all(Post)]
    contract.most_posts = 7
    talk.asked.clear()
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert [post.id for post in got.all(Post)] == whole
    assert [one.query["limit"] for one in posts_asked(talk)[:4]] == ["25", "12", "6", "6"]


def test_a_list_that_is_too_much_even_one_by_one_is_a_gap(talk, contract):
    """Shrinking has to end somewhere."""
    contract.most_posts = 0
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert got.error is None
    assert [one.measure.key for one in got.all(Gap)] == [
        *(measure.key for measure in COUNTERS.values()),
        "facebook.reel_plays:post:now",
    ]
    assert posts_asked(talk)[-1].query["limit"] == "1"


def test_a_removed_field_of_posts_costs_only_its_own_figure(talk, contract):
    """The refusal names the field in brackets."""
    contract.retired = {"shares"}
    got = talk.collect(talk.assignment(LAST, LAST))

    assert {one.reason for one in got.all(Gap, "shares:post:now")} == {Reason.RETIRED}
    assert got.all(Reading, "reactions:post:now")
    assert not got.all(Reading, "shares:post:now")


def test_dead_counters_of_posts_are_not_asked_for(talk):
    """Posts are still listed without them."""
    got = talk.collect(talk.assignment(LAST, LAST, dead_measures=frozenset({"comments:post:now"})))

    assert "comments" not in posts_asked(talk)[0].query["fields"]
    assert [(one.reason, one.place) for one in got.all(Gap)] == [(Reason.RETIRED, None)]
    assert got.all(Post)


@pytest.mark.parametrize(
    ("post", "title", "kind"),
    [
        ({"message": "  Rapat pleno\nIsi panjang"}, "Rapat pleno", "post"),
        ({"message": "a" * 130, "status_type": "added_video"}, "a" * 79 + "…", "video"),
        ({"message": "b" * 80, "status_type": "unheard_of"}, "b" * 80, "post"),
        ({"message": "", "story": "KPU memperbarui foto sampul"}, "KPU memperbarui foto sampul", "post"),
        ({"message": None}, "", "post"),
        ({}, "", "post"),
    ],
)
def test_a_post_is_titled_by_the_first_line_of_its_text(ask, contract, post, title, kind):
    """People find a post again by how it begins; its text is not kept."""
    contract._post = lambda day, at, wanted: {  # the stand-in's posts, but with this text
        "id": "7_1", "created_time": "2026-11-20T01:00:00+0000", **post
    }  # fmt: skip
    talk = ask(contract, CONNECTOR)
    read = talk.collect(talk.assignment(LAST, LAST)).all(Post)[0]

    assert (read.title, read.kind, read.link) == (title, kind, "")


# --- who it is, and faults


def test_a_page_is_known_by_its_id_and_its_username(talk):
    """The id stays when the name changes."""
    profile = talk.check()

    assert (profile.id, profile.handle, profile.name) == (PAGE_ID, "kpucontoh", "KPU Kabupaten Contoh")
    assert profile.link == f"https://www.facebook.com/{PAGE_ID}"
    assert profile.bio_link == "https://kab-contoh.kpu.example/"


def test_a_page_is_known_without_its_website_too(talk, contract):
    """The field may be empty or be taken away; who the Page is does not hang on it."""
    contract.hidden = {"website"}
    assert talk.check().bio_link == ""

    contract.retired = {"website"}
    assert (talk.check().handle, talk.check().bio_link) == ("kpucontoh", "")


def test_a_page_without_a_username_is_called_by_its_name(talk, contract):
    """Not every Page has one (facebook.md §3.1)."""
    contract.hidden = {"username", "link"}
    profile = talk.check()

    assert (profile.handle, profile.link) == ("KPU Kabupaten Contoh", f"https://www.facebook.com/{PAGE_ID}")


def test_a_wrong_id_is_a_setting_to_mend(ask, contract):
    """It is neither a dead login nor a missing figure."""
    talk = ask(contract, CONNECTOR, {"page_id": "42", "access_token": "demo-facebook-key"})

    with pytest.raises(SettingError) as caught:
        talk.check()
    assert caught.value.code == "setting.account"
    assert isinstance(talk.collect(talk.assignment(FIRST, LAST)).error, SettingError)


def test_an_account_without_an_id_is_a_setting_to_mend(talk):
    """There is no way to ask for a Page that is not named."""
    with pytest.raises(SettingError):
        CONNECTOR.check(Account(None, "kpu"), talk.fetch)


def test_a_bound_account_needs_no_setting(talk, contract):
    """An account that was connected in another way knows its id itself."""
    assert CONNECTOR.check(Account(PAGE_ID, "kpu"), talk.fetch).id == PAGE_ID


def test_the_version_is_a_setting(ask, contract):
    """Versions end after about two years (facebook.md §1)."""
    talk = ask(contract, CONNECTOR, {"page_id": PAGE_ID, "access_token": "demo-facebook-key", "graph_version": "v25.0"})
    talk.check()

    assert talk.asked[0].path == f"/v25.0/{PAGE_ID}"


def test_an_expired_key_ends_the_snapshot(talk, contract):
    """A person has to connect again; nothing is made of the refusal."""
    contract.expired = True
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert isinstance(got.error, AccessError)
    assert got.error.code == "access.expired"
    assert got.observations == ()


def test_the_pages_own_limit_ends_the_snapshot_until_its_time(talk, contract):
    """Page keys run into code 80001; its minutes stand in a header (facebook.md §5)."""
    contract.usage = 100
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert isinstance(got.error, ThrottledError)
    assert got.error.until == NOW + timedelta(minutes=17)


def test_rising_usage_pauses_before_the_limit(talk, contract):
    """At 95 % it is time to stop (facebook.md §5)."""
    contract.usage = 96
    talk.check()
    contract.usage = 80
    talk.check()

    pages = [exchange for exchange in talk.exchanges if exchange.request.path.endswith(PAGE_ID)]
    assert [CONNECTOR.pause_until(exchange) for exchange in pages] == [NOW + timedelta(hours=1), None]


def test_a_stumble_passes(talk, contract):
    """Code 2 is temporary; the same question is answered the next time."""
    contract.stumbles = 1

    with pytest.raises(UnreachableError):
        talk.check()
    assert talk.check().id == PAGE_ID


def test_a_wrong_app_secret_is_a_setting_to_mend(ask, contract):
    """Connecting again would not help (facebook.md §2.2)."""
    keys = {"page_id": PAGE_ID, "access_token": "demo-facebook-key", "app_secret": "another"}

    with pytest.raises(SettingError) as caught:
        ask(contract, CONNECTOR, keys).check()
    assert caught.value.code == "setting.app_secret"


def test_an_app_that_demands_the_proof_says_so_when_the_secret_is_missing(ask, contract):
    """The office reads which field to fill in."""
    contract.needs_proof = True
    keys = {"page_id": PAGE_ID, "access_token": "demo-facebook-key"}

    with pytest.raises(SettingError):
        ask(contract, CONNECTOR, keys).check()
    assert ask(contract, CONNECTOR).check().id == PAGE_ID


def test_the_key_of_another_app_is_refused(ask, contract):
    """The stand-in has to be as strict as the platform."""
    with pytest.raises(AccessError):
        ask(contract, CONNECTOR, {"page_id": PAGE_ID, "access_token": "another"}).check()


# --- the stand-in itself


def asked(path: str, key: str = "demo-facebook-key", **query: str) -> Asked:
    """Ask the stand-in with the key in the query."""
    return Asked("FACEBOOK_GRAPH_URL", "GET", path, {"access_token": key, **query} if key else query, {})


INSIGHTS = f"/v26.0/{PAGE_ID}/insights"


@pytest.mark.parametrize(
    ("question", "code", "subcode"),
    [
        (asked(f"/v26.0/{PAGE_ID}", key=""), 2500, None),
        (asked(f"/{PAGE_ID}"), 2500, None),
        (asked(f"/v27.0/{PAGE_ID}"), 2500, None),
        (asked(f"/v26.0/{PAGE_ID}/fans"), 2500, None),
        (asked("/v26.0/42"), 100, 33),
        (replace(asked(f"/v26.0/{PAGE_ID}"), method="POST"), 100, 33),
        (asked(f"/v26.0/{PAGE_ID}", fields="id,likes"), 100, None),
        (asked(INSIGHTS, period="day"), 3001, 1504028),
        (asked(INSIGHTS, metric="page_media_view,page_fans"), 100, None),
        (asked(INSIGHTS, metric="page_media_view", period="lifetime"), 1, 99),
        (asked(INSIGHTS, metric="page_follows", period="month"), 100, None),
        (asked(INSIGHTS, metric="page_follows", since="2026-01-01", until="2026-04-02"), 100, 1504016),
        (asked(INSIGHTS, metric="page_follows", since="soon"), 100, None),
        (asked(f"/v26.0/{PAGE_ID}/published_posts", after="???"), 100, None),
        (asked(f"/v26.0/{PAGE_ID}/published_posts", limit="few"), 100, None),
    ],
)
def test_the_stand_in_is_as_strict_as_the_platform(contract, question, code, subcode):
    """A lenient one would let mistakes through to the real platform."""
    answered = contract.answer(question)

    assert answered.status == 500 if code == 1 else answered.status == 400
    assert (answered.body["error"]["code"], answered.body["error"].get("error_subcode")) == (code, subcode)


def test_the_stand_in_gives_two_points_without_a_window_and_nothing_for_a_lifetime_map(contract):
    """As the platform does (facebook.md §3.2)."""
    two = contract.answer(asked(INSIGHTS, metric="page_follows")).body
    none = contract.answer(asked(INSIGHTS, metric="page_follows_city", period="lifetime")).body

    assert [point["end_time"] for point in two["data"][0]["values"]] == [
        "2026-11-18T08:00:00+0000",
        "2026-11-19T08:00:00+0000",
    ]
    assert none["data"] == []


def test_the_stand_in_takes_seconds_as_well_as_days_and_prints_a_trap_of_a_next_address(contract):
    """Both are the platform's ways: a window that never ends, and the key inside it."""
    seconds = str(int(datetime(2026, 11, 2, 8, tzinfo=UTC).timestamp()))
    body = contract.answer(asked(INSIGHTS, metric="page_follows", since="2026-10-31", until=seconds)).body

    assert [point["end_time"] for point in body["data"][0]["values"]] == [
        "2026-11-01T07:00:00+0000",
        "2026-11-02T08:00:00+0000",
    ]
    assert "access_token=demo-facebook-key" in body["paging"]["next"]
    assert f"since={seconds}" in body["paging"]["next"]


def test_answers_read_again_give_the_same(talk):
    """A snapshot that died is read from its kept answers."""
    from connectors.kit.replay import dump_assignment, load_assignment, replay

    assignment: Assignment = talk.assignment(FIRST, LAST)
    got = talk.collect(assignment)
    kept: list[Exchange] = talk.exchanges

    assert replay(CONNECTOR, load_assignment(dump_assignment(assignment)), kept).observations == got.observations


def test_posts_of_answered_days_are_not_listed_again(ask, contract):
    """A year of posts is read once; later only what is new and what still gathers reactions."""
    talk = ask(contract, CONNECTOR)
    first = talk.collect(talk.assignment(date(2026, 1, 1), LAST))
    listed_to = {measure.key: first.all(Coverage, measure.key)[-1].days for measure in COUNTERS.values()}

    assert set(listed_to.values()) == {Days(date(2026, 1, 1), LAST)}
    resume = {key: days.last for key, days in listed_to.items()} | {ASKED.key: LAST}
    later = talk.collect(talk.assignment(date(2026, 1, 1), LAST, resume=resume))
    oldest = min(post.created_at for post in later.all(Post))

    assert len(later.all(Post)) < len(first.all(Post))
    assert oldest >= contract.world.now() - timedelta(days=32)
