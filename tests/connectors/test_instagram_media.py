"""Instagram's posts and stories: which names fit which kind, and what one item may cost the others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.instagram import InstagramContract
from collector.demo.world import World
from connectors.instagram import CONNECTOR
from connectors.kit import Coverage, Days, Gap, Post, Reading, Reason

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
WINDOW = (date(2026, 11, 17), date(2026, 11, 21))
WITHOUT_PAGE = {"access_token": "demo-instagram-key", "login": "instagram"}
NOT_OF_REELS = {"follows", "profile_visits", "profile_activity"}


@pytest.fixture
def contract() -> InstagramContract:
    """The stand-in's account at NOW, a story of which is alive."""
    return InstagramContract(World(lambda: NOW))


@pytest.fixture
def talk(ask, contract):
    """A conversation with it through a Page."""
    return ask(contract, CONNECTOR)


def altered(contract, change):
    """Put a change over the contract's answers."""
    good = contract.answer
    contract.answer = lambda asked: change(asked, good(asked))


def refused(good, message: str, code: int = 100, **more):
    """Make a refusal of a good answer."""
    return replace(good, body={"error": {"message": message, "code": code, **more}}, status=400)


def asked_about(talk, id: str) -> list[str]:
    """List the names that were asked of an item, question by question."""
    return [asked.query["metric"] for asked in talk.asked if asked.path.endswith(f"/{id}/insights")]


def posts(got, kind: str = "") -> list[Post]:
    """List the posts that were seen, of one kind if given."""
    return [one for one in got.all(Post) if not kind or one.kind == kind]


def test_each_kind_is_asked_for_what_it_has(talk):
    """One name that does not fit fails the whole question; reels are only told by `media_product_type`."""
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    assert {one.kind for one in posts(got)} == {"album", "photo", "reel", "story"}
    for post in posts(got):
        (names,) = [set(one.split(",")) for one in asked_about(talk, post.id)]
        assert names >= {"views", "reach", "shares", "total_interactions", "reposts"}
        assert ("saved" in names) is (post.kind != "story")
        assert (not NOT_OF_REELS & names) is (post.kind == "reel")
        assert ("ig_reels_avg_watch_time" in names) is (post.kind == "reel")
        assert ("navigation" in names) is ("link_clicks" in names) is (post.kind == "story")


def test_stories_are_read_while_they_live(talk, contract):
    """Only the active ones are listed, and never among the posts."""
    got = talk.collect(talk.assignment(*WINDOW))

    (story,) = posts(got, "story")
    assert NOW - story.created_at < timedelta(hours=24)
    read = {one.measure.key for one in got.all(Reading) if one.about == story.id}
    assert read >= {"views:post:now", "reach:post:now", "instagram.replies:post:now", "clicks:post:now"}
    contract.world.now = lambda: NOW + timedelta(hours=18)
    assert not [one for one in posts(talk.collect(talk.assignment(*WINDOW))) if one.id == story.id]


def test_link_clicks_are_only_asked_for_through_a_page(ask, contract):
    """The other way does not know them, and would refuse the whole question."""
    contract.media.by_page = False
    talk = ask(contract, CONNECTOR, WITHOUT_PAGE)
    got = talk.collect(talk.assignment(*WINDOW))

    (story,) = posts(got, "story")
    assert ["link_clicks" in names for names in asked_about(talk, story.id)] == [False]
    assert "instagram.navigation:post:now" in {one.measure.key for one in got.all(Reading)}


def test_a_story_with_too_few_viewers_costs_only_itself(talk, contract):
    """Code 10 means a missing permission elsewhere; here it must not disable the account, nor be asked name by name."""
    contract.media.tiny_stories = True
    got = talk.collect(talk.assignment(*WINDOW))

    (story,) = posts(got, "story")
    gaps = [one for one in got.all(Gap) if one.about == story.id]
    assert {one.reason for one in gaps} == {Reason.BELOW_FLOOR}
    assert {one.measure.floor for one in gaps if one.measure.metric.key.startswith("instagram.n")} == {5}
    assert len(asked_about(talk, story.id)) == 1
    assert got.all(Reading, "views:post:now")


def test_hidden_likes_are_hidden(talk):
    """The owner hid them: neither zero nor refused."""
    got = talk.collect(talk.assignment(*WINDOW))

    hidden = got.all(Gap, "likes:post:now")
    assert hidden
    assert {one.reason for one in hidden} == {Reason.HIDDEN}
    assert {one.about for one in hidden}.isdisjoint(one.about for one in got.all(Reading, "likes:post:now"))


def test_a_name_that_does_not_fit_is_left_out_from_then_on(talk, contract):
    """Which names fit changes with roll-outs; it is found out once for each kind."""
    contract.media.unfit = {"reposts"}
    got = talk.collect(talk.assignment(*WINDOW))

    assert {one.reason for one in got.all(Gap, "instagram.reposts:post:now")} == {Reason.NOT_OFFERED}
    assert {one.about for one in got.all(Gap, "instagram.reposts:post:now")} == {one.id for one in posts(got)}
    assert {one.about for one in got.all(Reading, "views:post:now")} == {one.id for one in posts(got)}
    joined = [one for post in posts(got) for one in asked_about(talk, post.id) if "reposts" in one and "," in one]
    assert len(joined) == 4  # one for each kind: album, photo, reel, story


@pytest.mark.parametrize("name", ["views", "reach", "saved", "navigation", "ig_reels_avg_watch_time"])
def test_a_retired_metric_of_media_costs_no_other(talk, contract, name):
    """Asked among others it fails the question for every item."""
    whole = talk.collect(talk.assignment(*WINDOW))
    contract.media.retired = {name}
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    lost = {one.measure.key for one in whole.all(Reading)} - {one.measure.key for one in got.all(Reading)}
    assert len(lost) == 1
    assert {one.reason for one in got.all(Gap, lost.pop())} == {Reason.RETIRED}


def test_a_retired_count_of_the_list_costs_no_other(talk, contract):
    """The list is refused as a whole and asked for again without it."""
    contract.media.retired = {"like_count"}
    got = talk.collect(talk.assignment(*WINDOW))

    assert {one.reason for one in got.all(Gap, "likes:post:now")} == {Reason.RETIRED}
    assert len(got.all(Reading, "comments:post:now")) == len([one for one in posts(got) if one.kind != "story"])


def test_dead_measures_of_media_are_not_asked_for(talk):
    """They were refused lately."""
    got = talk.collect(talk.assignment(*WINDOW, dead_measures=frozenset({"saves:post:now", "likes:post:now"})))

    assert not [asked for asked in talk.asked if "saved" in asked.query.get("metric", "")]
    assert not [asked for asked in talk.asked if "like_count" in asked.query.get("fields", "")]
    assert [(one.reason, one.about) for one in got.all(Gap, "saves:post:now")] == [(Reason.RETIRED, "")]


def test_nothing_is_asked_of_media_from_before_the_conversion(talk, contract):
    """The list is newest first: after the first such item all others are of that time, too."""
    contract.media.converted_on = date(2026, 11, 10)
    got = talk.collect(talk.assignment(*WINDOW))

    old = [one for one in posts(got) if one.created_at.date() < date(2026, 11, 10)]
    assert len(old) > 3
    assert sum(len(asked_about(talk, one.id)) for one in old) == 1
    gaps = got.all(Gap, "views:post:now")
    assert {one.about for one in gaps} == {one.id for one in old}
    assert {one.reason for one in gaps} == {Reason.NOT_OFFERED}
    assert {one.about for one in got.all(Reading, "comments:post:now")} >= {one.id for one in old}


def test_a_missing_permission_is_not_asked_about_for_ever(talk, contract):
    """Three in a row are no shared posts of others any more."""
    contract.media.denied = True
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    assert len([asked for asked in talk.asked if "/1" in asked.path and asked.path.count("/") == 3
                and "17841400000000001" not in asked.path]) == 3  # fmt: skip
    assert {one.reason for one in got.all(Gap, "views:post:now")} == {Reason.NOT_PERMITTED}
    assert len(got.all(Gap, "views:post:now")) == len(posts(got))


def test_a_post_shared_with_another_account_costs_only_itself(talk, contract):
    """Its owner's insights are refused; one's own posts are told as ever."""
    whole = talk.collect(talk.assignment(*WINDOW))
    shared = {one.id for one in posts(whole)[2:4]}
    altered(contract, lambda asked, good: refused(good, "(#10) Application does not have permission", 10)
            if asked.path.split("/")[2] in shared else good)  # fmt: skip
    got = talk.collect(talk.assignment(*WINDOW))

    assert {one.about for one in got.all(Gap, "views:post:now")} == shared
    assert len(got.all(Reading, "views:post:now")) == len(posts(got)) - 2


def test_deleted_media_are_gaps(talk, contract):
    """Gone between the list and the question."""
    gone = posts(talk.collect(talk.assignment(*WINDOW)))[4].id
    altered(contract, lambda asked, good: refused(good, "Object does not exist", 100, error_subcode=33)
            if asked.path.split("/")[2] == gone else good)  # fmt: skip
    before = len(talk.asked)
    got = talk.collect(talk.assignment(*WINDOW))

    assert [(one.about, one.reason) for one in got.all(Gap, "reach:post:now")] == [(gone, Reason.NOT_OFFERED)]
    assert len([asked for asked in talk.asked[before:] if asked.path.endswith(f"/{gone}/insights")]) == 1


def test_an_unknown_kind_is_asked_for_what_all_kinds_have(talk, contract):
    """Ads, and whatever Meta thinks of next."""

    def renamed(asked, good):
        if asked.path.endswith("/media"):
            for number, post in enumerate(good.body["data"][:2]):
                post["media_product_type"] = ("AD", "HOLOGRAM")[number]
        return good

    altered(contract, renamed)
    got = talk.collect(talk.assignment(*WINDOW))

    first, second = [one for one in posts(got) if one.kind != "story"][:2]
    assert first.kind == "ad"
    assert asked_about(talk, first.id) == asked_about(talk, second.id) == ["views,reach,shares,total_interactions"]


def test_a_figure_that_cannot_be_read_costs_only_itself(talk, contract):
    """So many items follow that one odd number must not end the snapshot."""
    odd = posts(talk.collect(talk.assignment(*WINDOW)))[3].id

    def garbled(asked, good):
        if asked.path.endswith(f"/{odd}/insights"):
            good.body["data"][0]["values"] = [{"value": {"a": 1}}]
        return good

    altered(contract, garbled)
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    assert [(one.about, one.reason) for one in got.all(Gap) if one.reason is Reason.UNREADABLE] == [
        (odd, Reason.UNREADABLE)
    ]
    assert odd in {one.about for one in got.all(Reading, "reach:post:now")}


def test_posts_are_listed_down_to_the_last_ones_that_still_gather(talk, contract):
    """What is older was read before; a small page is only a reason for another."""
    contract.media.page_size = 4
    got = talk.collect(talk.assignment(*WINDOW))

    listed = [one for one in posts(got) if one.kind != "story"]
    assert min(one.created_at for one in listed) >= NOW - timedelta(days=30)
    assert len(listed) == len({one.id for one in listed}) > 8
    assert [one.days for one in got.all(Coverage, "likes:post:now")] == [Days(*WINDOW)]


def test_a_first_snapshot_lists_the_reports_posts(talk):
    """The report names the best of the period."""
    got = talk.collect(talk.assignment(date(2026, 7, 1), date(2026, 11, 21)))

    assert min(one.created_at.date() for one in posts(got)) <= date(2026, 7, 3)


@pytest.mark.parametrize("cursors", ["same", "new"])
def test_a_list_that_never_ends_is_left(talk, contract, cursors):
    """Some platforms re-issue the last page for ever, with the cursor of before or with another."""
    contract.media.page_size = 100
    counted = iter(range(10_000))

    def endless(asked, good):
        if asked.path.endswith("/media"):
            good.body["data"] = good.body["data"][:3] or FIRST_PAGE
            FIRST_PAGE[:] = good.body["data"]
            after = "x" if cursors == "same" else str(next(counted))
            good.body["paging"] = {"cursors": {"after": after}, "next": "https://graph.facebook.com/x?access_token=x"}
        return good

    def without_cursor(asked):
        return replace(asked, query={name: value for name, value in asked.query.items() if name != "after"})

    good = contract.answer
    contract.answer = lambda asked: endless(asked, good(without_cursor(asked)))
    got = talk.collect(talk.assignment(*WINDOW))

    assert got.error is None
    assert len([asked for asked in talk.asked if asked.path.endswith("/media")]) == 2
    assert len([one for one in posts(got) if one.kind != "story"]) == 3


FIRST_PAGE: list = []


def test_titles_are_short_and_of_one_line(talk):
    """The office's own words only, and not many of them."""
    got = talk.collect(talk.assignment(*WINDOW))

    titles = {one.title for one in posts(got)}
    assert "Rapat pleno rutin" in titles
    assert "" in titles
    assert all("\n" not in title and len(title) <= 80 for title in titles)
    assert all(one.link.startswith("https://www.instagram.com/") for one in posts(got))
