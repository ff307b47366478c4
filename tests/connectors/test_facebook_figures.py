"""What each post and reel of a Page has gathered, and its windows of 28 days, against the stand-in's contract."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.facebook import PAGE_ID, USER_KEY, FacebookContract
from collector.demo.contracts.facebook.figures import figure, list_reels, window_figure
from collector.demo.standin import Answered, Asked
from collector.demo.world import World
from connectors.facebook import CONNECTOR
from connectors.facebook.measures import DAILY, WINDOWS
from connectors.facebook.post_insights import ASKED
from connectors.facebook.post_measures import COUNTERS, POST_METRICS, REACTIONS
from connectors.kit import Coverage, Days, Gap, Kind, Post, Reading, Reason, ThrottledError, UnreachableError

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 20 November in the Pacific zone
NEWEST = date(2026, 11, 18)  # the newest day the stand-in answers at NOW
FIRST, LAST = date(2026, 7, 1), date(2026, 11, 21)
AUTUMN = date(2026, 9, 1)  # from here on there are no more posts than one snapshot asks for
VIEWERS = "post_total_media_view_unique"


@pytest.fixture
def contract() -> FacebookContract:
    """The stand-in's Page at NOW."""
    return FacebookContract(World(lambda: NOW))


@pytest.fixture
def talk(ask, contract):
    """A conversation with that Page."""
    return ask(contract, CONNECTOR)


def posts_asked(talk) -> list[Asked]:
    """List the calls for the figures of single posts and reels, in order."""
    return [one for one in talk.asked if f"/{PAGE_ID}/" not in f"{one.path}/"]


def answering(contract, where: str, body, status: int = 200):
    """Let the contract answer with `body` where a path ends with `where`."""
    usual = contract.answer
    contract.answer = lambda asked: Answered(body, status) if asked.path.endswith(where) else usual(asked)


def by_kind(got) -> dict[str, list[str]]:
    """Return the ids of the posts by their kind."""
    kinds: dict[str, list[str]] = {}
    for post in got.all(Post):
        kinds.setdefault(post.kind, []).append(post.id)
    return kinds


# --- the list that fits the kind


def test_each_kind_of_post_is_asked_for_its_own_list(talk):
    """One metric that does not fit fails the whole call (facebook.md §3.4)."""
    got = talk.collect(talk.assignment(FIRST, LAST))
    kinds, asked = by_kind(got), {one.path.split("/")[2]: one.query for one in posts_asked(talk)}

    assert got.error is None
    assert set(kinds) == {"photo", "video", "link", "reel"}
    for kind in ("photo", "link", "video"):
        wanted = [*POST_METRICS, *(["post_video_views"] if kind == "video" else [])]
        lists = {asked[id]["metric"] for id in kinds[kind] if id in asked}
        assert lists == {",".join(wanted)}, kind
    assert {query["period"] for query in asked.values() if "metric" in query} == {"lifetime"}


def test_a_reel_is_asked_by_its_video_and_without_names(talk):
    """Only the call without names gives its reach (facebook.md §3.4); a reel has no insights as a post."""
    got = talk.collect(talk.assignment(FIRST, LAST))
    reels = by_kind(got)["reel"]

    assert any(id.startswith(f"{PAGE_ID}_") for id in reels)  # a post as well
    assert any("_" not in id for id in reels)  # in the list of reels alone
    asked = [one for one in posts_asked(talk) if one.path.endswith("/video_insights")]
    assert len(asked) == len(reels) == len({one.path for one in asked})
    assert not [one for one in asked if "metric" in one.query]
    for key in ("facebook.reel_plays:post:now", "facebook.reel_reach:post:now", "followers_gained:post:now"):
        assert {one.about for one in got.all(Reading, key)} == set(reels)


def test_a_reel_that_is_a_post_is_counted_once(talk):
    """Met in two lists it would be two posts, and its comments twice in a sum."""
    got = talk.collect(talk.assignment(FIRST, LAST))
    videos = {str(900000000000000 + day.toordinal()) for day, _ in list_reels(NOW.toordinal() + 1, NOW, 99)}
    among_posts = {f"90000{post.id[-10:]}" for post in got.all(Post) if post.kind == "reel" and "_" in post.id}

    assert among_posts < videos
    assert not among_posts & {post.id for post in got.all(Post)}
    comments = Counter(one.about for one in got.all(Reading, "comments:post:now"))
    assert set(comments.values()) == {1}


def test_a_kind_of_reaction_that_nobody_chose_is_zero(talk):
    """The table of reactions prints only what was chosen (facebook.md §3.2); clicks are not declared so."""
    got = talk.collect(talk.assignment(LAST, LAST))
    photos = [id for id in by_kind(got)["photo"] if got.all(Reading, "views:post:now")]

    for measure in REACTIONS.values():
        of_photos = [one for one in got.all(Reading, measure.key) if one.about in photos]
        assert [one.about for one in of_photos] == photos
        assert all(one.place.pointer.endswith("/value") for one in of_photos if one.value == 0)
    clicks = [one.value for one in got.all(Reading, "facebook.link_clicks:post:now") if one.about in photos]
    assert clicks
    assert 0 not in clicks


def test_a_reel_leaves_out_what_it_does_not_say(talk):
    """Whether a reel's table leaves zeros out is not known."""
    got = talk.collect(talk.assignment(FIRST, LAST))
    reels = set(by_kind(got)["reel"])

    kinds = [one for measure in REACTIONS.values() for one in got.all(Reading, measure.key) if one.about in reels]
    assert kinds
    assert 0 not in [one.value for one in kinds]
    assert not [one for one in got.all(Gap) if one.about in reels]


# --- how many are asked, and when


def test_fresh_posts_are_asked_at_each_snapshot_and_older_ones_once(talk):
    """Most of a post's life is over after a month; a call a post a day for all of them would never end."""
    first = talk.collect(talk.assignment(AUTUMN, LAST))
    known = {post.id for post in first.all(Post)}
    covered = first.all(Coverage, ASKED.key)[-1].days
    resume = {key: LAST - timedelta(days=6) for key in (ASKED.key, *(one.key for one in COUNTERS.values()))}
    talk.asked.clear()
    later = talk.collect(talk.assignment(AUTUMN, LAST, resume=resume))

    assert covered.last == LAST
    refreshed = {post.id for post in later.all(Post) if post.created_at >= NOW - timedelta(days=30)}
    assert {one.about for one in later.all(Reading, ASKED.key)} == {
        post.id for post in later.all(Post) if post.id in refreshed and post.kind != "reel"
    }
    assert len(posts_asked(talk)) == len(refreshed) < len(known) // 2


def test_a_snapshot_asks_for_some_older_posts_and_the_next_ones_go_on(talk):
    """Calls are bounded (facebook.md §5), and no post is forgotten: each is asked for in the end, oldest first."""
    begin, resume, snapshots, done = date(2025, 7, 1), {}, 0, set()
    while snapshots < 9:
        talk.asked.clear()
        got = talk.collect(talk.assignment(begin, LAST, resume=resume))
        snapshots += 1
        assert got.error is None
        assert len(posts_asked(talk)) <= 100
        done |= {one.about for one in got.all(Reading, ASKED.key)} | {
            one.about for one in got.all(Reading, "facebook.reel_plays:post:now")
        }
        covered = got.all(Coverage, ASKED.key)[-1].days.last
        if not resume:
            every = {post.id for post in got.all(Post)}
            assert covered < date(2026, 6, 1)
        resume = {one.key: LAST - timedelta(days=6) for one in COUNTERS.values()}
        resume[ASKED.key] = covered - timedelta(days=6)
        if covered == LAST:
            break

    assert 2 < snapshots < 9
    assert done == every


def test_what_an_interruption_leaves_is_gone_on_with(talk, contract):
    """The line breaks in the middle of the older posts: the months before are done."""
    usual, calls = contract.answer, Counter()

    def breaking(asked: Asked) -> Answered:
        calls["posts"] += asked.path.endswith("/insights") and PAGE_ID + "_" in asked.path
        return Answered("", drop=True) if calls["posts"] > 40 else usual(asked)

    contract.answer = breaking
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert isinstance(got.error, UnreachableError)
    done = got.all(Coverage, ASKED.key)
    assert [one.days.first for one in done] == [FIRST, *(one.days.last + timedelta(days=1) for one in done[:-1])]
    assert FIRST < done[-1].days.last < date(2026, 10, 22)
    left = {post.id for post in got.all(Post) if post.created_at.date() <= done[-1].days.last and post.kind != "reel"}
    assert left <= {one.about for one in got.all(Reading, ASKED.key)}


# --- refusals


def test_a_retired_metric_of_posts_costs_two_calls_and_no_other_figure(talk, contract):
    """Asking it again for each post would fail each call (facebook.md §8)."""
    contract.retired = {"post_clicks"}
    got = talk.collect(talk.assignment(LAST, LAST))

    (gap,) = got.all(Gap)
    assert (gap.measure.key, gap.about, gap.reason) == ("clicks:post:now", "", Reason.RETIRED)
    assert gap.place.pointer == "body:/error"
    assert sum("post_clicks" in one.query.get("metric", "").split(",") for one in posts_asked(talk)) == 2
    assert {one.about for one in got.all(Reading, ASKED.key)} == {
        id for kind, ids in by_kind(got).items() for id in ids if kind != "reel"
    }


def test_dead_figures_of_posts_are_not_asked_for(talk):
    """All parts of a table are one metric: it is asked for as long as one of them is wanted."""
    dead = frozenset({"clicks:post:now", "facebook.reactions_like:post:now"})
    got = talk.collect(talk.assignment(LAST, LAST, dead_measures=dead))

    asked = {name for one in posts_asked(talk) for name in one.query.get("metric", "").split(",")}
    assert "post_clicks" not in asked
    assert "post_reactions_by_type_total" in asked
    assert sorted(one.measure.key for one in got.all(Gap)) == sorted(dead)
    assert not got.all(Reading, "facebook.reactions_like:post:now")
    assert got.all(Reading, "facebook.reactions_love:post:now")


def test_viewers_of_small_posts_are_not_offered_and_soon_not_asked_for(talk, contract):
    """Code 200 means no permission elsewhere; here it is the size of the audience (facebook.md §3.4)."""
    contract.viewers_denied = True
    got = talk.collect(talk.assignment(LAST, LAST))

    gaps = got.all(Gap, "reach:post:now")
    assert [(one.reason, bool(one.about)) for one in gaps] == [(Reason.NOT_OFFERED, True)] * 3
    assert sum(one.query.get("metric") == VIEWERS for one in posts_asked(talk)) == 3
    assert {gap.measure.key for gap in got.all(Gap)} == {"reach:post:now"}
    assert got.all(Reading, "views:post:now")


def test_a_post_that_is_gone_is_gaps_for_itself(talk, contract):
    """Asking for each of its metrics alone would be five calls for nothing."""
    first = talk.collect(talk.assignment(LAST, LAST))
    gone = by_kind(first)["photo"][0]
    contract.missing = {gone}
    talk.asked.clear()
    got = talk.collect(talk.assignment(LAST, LAST))

    assert {(one.about, one.reason) for one in got.all(Gap)} == {(gone, Reason.NOT_OFFERED)}
    assert sum(gone in one.path for one in posts_asked(talk)) == 1


def test_without_permission_for_insights_of_posts_one_post_tells_for_all(talk, contract):
    """A refusal of every metric is asked out once; the other posts get one gap each, and no call."""
    contract.denied = {"post_insights", "video_insights"}
    got = talk.collect(talk.assignment(AUTUMN, LAST))

    assert got.error is None
    assert len(posts_asked(talk)) <= 1 + 6 + 1  # a batch, its metrics, a reel
    assert {one.reason for one in got.all(Gap)} == {Reason.NOT_PERMITTED}
    assert {one.about for one in got.all(Gap)} == {post.id for post in got.all(Post)}


def test_without_the_list_of_reels_those_among_the_posts_are_read(talk, contract):
    """It is the only thing that may be missing then, and it is said."""
    contract.denied = {"video_reels"}
    got = talk.collect(talk.assignment(FIRST, LAST))

    (gap,) = got.all(Gap)
    assert (gap.measure.key, gap.reason, gap.about) == ("facebook.reel_plays:post:now", Reason.NOT_PERMITTED, "")
    assert all(id.startswith(f"{PAGE_ID}_") for id in by_kind(got)["reel"])
    assert got.all(Reading, "facebook.reel_plays:post:now")


def test_a_server_without_a_list_of_reels_is_none_to_report(talk, contract):
    """An unknown edge is worded like a mistake of ours; it must not cost the figures of the posts."""
    error = {"error": {"message": "Unknown path components: /video_reels", "type": "OAuthException", "code": 2500}}
    answering(contract, "/video_reels", error, 400)
    got = talk.collect(talk.assignment(LAST, LAST))

    assert got.error is None
    assert [one.reason for one in got.all(Gap)] == [Reason.NOT_OFFERED]
    assert got.all(Reading, ASKED.key)


def test_a_limit_in_the_middle_keeps_what_was_read(talk, contract):
    """The figures of the first posts are there; the rest is asked for later."""
    usual = contract.answer

    def limited(asked: Asked) -> Answered:
        contract.usage = 100 if len(posts_asked(talk)) > 3 else 0
        return usual(asked)

    contract.answer = limited
    got = talk.collect(talk.assignment(LAST, LAST))

    assert isinstance(got.error, ThrottledError)
    assert len({one.about for one in got.all(Reading, ASKED.key)}) in (2, 3)


def test_a_persons_key_is_given_up_after_three_posts_of_a_kind(ask, contract):
    """Success and an empty set each time (facebook.md §2.2): a call for each post would say no more."""
    talk = ask(contract, CONNECTOR, {"page_id": PAGE_ID, "access_token": USER_KEY})
    got = talk.collect(talk.assignment(AUTUMN, LAST))

    kinds = by_kind(got)
    assert len(posts_asked(talk)) == sum(min(3, len(ids)) for ids in kinds.values())
    of_posts = [one for one in got.all(Gap) if one.measure.subject == "post"]
    assert {one.about for one in of_posts} == {id for ids in kinds.values() for id in ids}
    assert {one.reason for one in of_posts} == {Reason.EMPTY}
    assert not got.all(Reading, ASKED.key)


# --- windows of 28 days


def test_the_newest_window_and_the_one_before_are_the_platforms_own(talk):
    """Reports print both; people of a window are not the sum of its days."""
    got = talk.collect(talk.assignment(FIRST, LAST))

    for name, measure in WINDOWS.items():
        ends = (NEWEST, NEWEST - timedelta(days=28))
        windows = {Days(end - timedelta(days=27), end): window_figure(name, end, 28) for end in ends}
        assert {one.when: one.value for one in got.all(Reading, measure.key)} == windows
    reach = "page_total_media_view_unique"
    days = [NEWEST - timedelta(days=number) for number in range(28)]
    assert got.all(Reading, WINDOWS[reach].key)[0].value < sum(figure(reach, day) for day in days)


def test_windows_cost_two_short_calls(talk):
    """Each point is a whole window: more of them would only be more of the same."""
    talk.collect(talk.assignment(FIRST, LAST))

    asked = [one.query for one in talk.asked if one.query.get("period") == "days_28"]
    assert [(one["since"], one["until"]) for one in asked] == [
        ("2026-11-17", "2026-11-20"),
        ("2026-10-21", "2026-10-22"),
    ]
    assert {one["metric"] for one in asked} == {",".join(WINDOWS)}


def test_typed_windows_and_collected_ones_are_one_measure():
    """An office that typed June's window compares it with December's; reach and viewers stay apart."""
    keys = [measure.key for measure in (*CONNECTOR.measures, *CONNECTOR.typed_measures)]
    reach = WINDOWS["page_total_media_view_unique"]

    assert sorted(key for key in keys if key.endswith(":28d") and "change" not in key) == [
        "interactions:account:28d", "reach:account:28d", "views:account:28d",
    ]  # fmt: skip
    assert reach.kind is Kind.UNIQUE
    assert (reach.version(date(2022, 12, 28)), reach.version(date(2026, 6, 15))) == (1, 2)


def test_a_window_of_viewers_is_never_stored_as_one_of_reach(ask, contract):
    """At the change of June 2026 the window before is of the older meaning, which the platform no longer counts."""
    contract.world = World(lambda: datetime(2026, 7, 1, 3, 0, tzinfo=UTC))
    talk = ask(contract, CONNECTOR)
    got = talk.collect(talk.assignment(date(2026, 6, 1), date(2026, 7, 1)))

    assert [one.when.last for one in got.all(Reading, "reach:account:28d")] == [date(2026, 6, 28)]
    assert [one.when.last.month for one in got.all(Reading, "views:account:28d")] == [6, 5]

    contract.world = World(lambda: datetime(2026, 6, 10, 3, 0, tzinfo=UTC))
    got = talk.collect(talk.assignment(date(2026, 6, 1), date(2026, 6, 10)))
    assert not got.all(Reading, "reach:account:28d")


@pytest.mark.parametrize("retired", sorted(WINDOWS))
def test_a_window_that_is_refused_does_not_cost_the_others(talk, contract, retired):
    """One bad name fails the whole call (facebook.md §3.2)."""
    contract.retired = {retired}
    got = talk.collect(talk.assignment(FIRST, LAST))

    assert {(one.measure.key, one.reason) for one in got.all(Gap) if one.measure.span == "28d"} == {
        (WINDOWS[retired].key, Reason.RETIRED)
    }
    assert len([one for one in got.all(Reading) if one.measure.span == "28d"]) == 4


def test_dead_windows_are_not_asked_for(talk):
    """They are remembered from an earlier snapshot."""
    dead = frozenset(measure.key for measure in WINDOWS.values())
    got = talk.collect(talk.assignment(FIRST, LAST, dead_measures=dead))

    assert not [one for one in talk.asked if one.query.get("period") == "days_28"]
    assert {(one.measure.key, one.reason, one.place) for one in got.all(Gap)} == {
        (key, Reason.RETIRED, None) for key in dead
    }


# --- two years back


def test_two_years_are_asked_for_slice_by_slice_and_an_interruption_costs_one_of_them(talk, contract):
    """What was answered is covered, oldest first, so that the next snapshot begins where this one stopped."""
    begin = date(2024, 11, 21)
    every = {measure.key: begin for measure in DAILY.values()}
    usual, calls = contract.answer, Counter()

    def limited(asked: Asked) -> Answered:
        calls["days"] += asked.path.endswith("/insights") and asked.query.get("period") == "day"
        contract.usage = 100 if calls["days"] == 4 else 0
        return usual(asked)

    contract.answer = limited
    first = talk.collect(talk.assignment(FIRST, LAST, resume=every))
    contract.answer = usual
    contract.usage = 0
    done = {one.measure.key: one.days.last for one in first.all(Coverage)}
    resume = {key: last + timedelta(days=1) - timedelta(days=CONNECTOR.reread_days) for key, last in done.items()}
    talk.asked.clear()
    second = talk.collect(talk.assignment(FIRST, LAST, resume=resume))

    assert isinstance(first.error, ThrottledError)
    assert second.error is None
    assert set(done.values()) == {begin + timedelta(days=3 * 89 - 1)}
    first_asked = min(one.query["since"] for one in talk.asked if one.query.get("period") == "day")
    assert first_asked == str(begin + timedelta(days=3 * 89 - 7))
    for measure in DAILY.values():
        days = {one.when.first for got in (first, second) for one in got.all(Reading, measure.key)}
        assert days == {begin + timedelta(days=number) for number in range((NEWEST - begin).days + 1)}
