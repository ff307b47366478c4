"""X's posts: what is read of them, in which dialect, how often, and what of it only the owner sees."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.x import APP_BEARER, USER_ID, USERNAME, XContract
from collector.demo.contracts.x.posts import posts_of
from collector.demo.standin import Answered, Asked
from collector.demo.world import World
from connectors.kit import Account, Assignment, Coverage, Days, Exchange, Gap, KnownPost, Post, Reading, Reason, Request
from connectors.x import CONNECTOR
from connectors.x.measures import OF_POSTS, PRIVATE, PUBLIC
from connectors.x.plan import FEWEST, plan_posts

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
YOUNG = date(2026, 10, 24)
WINDOW = date(2026, 10, 25)  # the days before it at the office begin a day earlier at X
KEYS = [measure.key for measure in PUBLIC]
APP_ONLY = {"username": USERNAME, "bearer_token": APP_BEARER}
TIMELINE = f"/2/users/{USER_ID}/tweets"


@pytest.fixture
def contract() -> XContract:
    return XContract(World(lambda: NOW))


def made_between(first: date, end: datetime) -> list:
    """List the posts that the stand-in's account made, oldest first."""
    days = (first + timedelta(days=number) for number in range((end.date() - first).days + 1))
    return [made for day in days for made in posts_of(day) if made.at < end]


def ids(collected) -> set[str]:
    return {post.id for post in collected.all(Post)}


def read(collected, key: str) -> dict[str, int]:
    return {one.about: one.value for one in collected.all(Reading, key)}


def fields_of(asked: Asked) -> tuple[str, set[str]]:
    [name] = {"tweet.fields", "post.fields"} & asked.query.keys()
    return name, set(asked.query[name].split(","))


def listings(talk) -> list[Asked]:
    return [asked for asked in talk.asked if asked.path == TIMELINE]


def later(talk, collected, **more) -> Assignment:
    """Return what the shell would ask the next time, after what was collected."""
    covered = [one.days for one in collected.all(Coverage, KEYS[0])]
    known = tuple(KnownPost(post.id, post.created_at, NOW) for post in collected.all(Post))
    last, first = max(days.last for days in covered), min(days.first for days in covered)
    now = talk.contract.world.now()
    resume = min(last + timedelta(days=1), now.date()) - timedelta(days=1)
    return talk.assignment(first + timedelta(days=1), now.date(), known_posts=known, resume=dict.fromkeys(KEYS, resume),
                           answered_from=dict.fromkeys(KEYS, first), **more)  # fmt: skip


# What is read of a post


def test_the_first_time_lists_what_is_young_and_then_what_was_before(ask, contract):
    """Newest first: the recent posts are the ones whose private figures are still to be had."""
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 9, 2), NOW.date()))

    assert collected.error is None
    assert ids(collected) == {str(made.id) for made in made_between(date(2026, 9, 1), NOW)}
    assert {one.days for one in collected.all(Coverage, KEYS[0])} == {
        Days(YOUNG, NOW.date()), Days(date(2026, 9, 1), YOUNG - timedelta(days=1)),
    }  # fmt: skip
    assert [asked.query["start_time"] for asked in listings(talk)] == ["2026-10-24T00:00:00Z", "2026-09-01T00:00:00Z"]
    for key in KEYS:
        assert set(read(collected, key)) == ids(collected)


@pytest.mark.parametrize("dialect", ["legacy", "current"])
def test_the_figures_are_the_same_in_both_dialects(ask, contract, dialect):
    """X renamed reposts and dropped the older words without saying so; the figures did not change."""
    young = made_between(YOUNG, NOW)
    contract.dialect = dialect
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    figures = {str(made.id): made.figures(NOW, "tweet.fields") for made in young}
    assert read(collected, "shares:post:now") == {
        id: one["public_metrics"]["retweet_count"] for id, one in figures.items()
    }
    assert read(collected, "interactions:post:now") == {
        id: one["non_public_metrics"]["engagements"] for id, one in figures.items()
    }
    assert read(collected, "x.organic_impressions:post:now") == {
        id: one["organic_metrics"]["impression_count"] for id, one in figures.items()
    }
    assert not collected.all(Gap)


def test_a_dialect_dropped_without_a_word_is_asked_for_once_in_the_other(ask, contract):
    """No error tells it: the figures are simply not there. Without a second look the semester would have no posts."""
    contract.dialect = "current"
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert [fields_of(asked)[0] for asked in listings(talk)] == ["tweet.fields", "post.fields"]


def test_a_dialect_that_is_refused_is_asked_for_once_in_the_other(ask, contract):
    """Refusing it would be X's other way to end it; refusals are free."""
    contract.dialect, contract.refuses_fields = "current", True
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert [fields_of(asked)[0] for asked in listings(talk)] == ["tweet.fields", "post.fields"]
    assert ids(collected)
    assert not collected.all(Gap)


def test_a_dialect_may_be_switched_in_the_middle_of_a_snapshot(ask, contract):
    """A page in the one, the next in the other: each answer is looked at by itself."""
    plain = contract._answer

    def switching(asked: Asked) -> Answered:
        contract.dialect = "current" if "pagination_token" in asked.query else "legacy"
        return plain(asked)

    contract._answer = switching
    talk, away = ask(contract, CONNECTOR), date(2026, 6, 1)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date(), resume=dict.fromkeys(KEYS, away),
                                             answered_from=dict.fromkeys(KEYS, away)))  # fmt: skip

    assert [fields_of(asked)[0] for asked in listings(talk) if "pagination_token" in asked.query] == [
        "tweet.fields", "post.fields",
    ]  # fmt: skip
    assert ids(collected) == {str(made.id) for made in made_between(away, NOW)}
    assert set(read(collected, "shares:post:now")) == ids(collected)


def test_figures_that_come_in_no_dialect_are_gaps(ask, contract):
    """Withheld is not zero, and it is asked for twice and no more."""
    contract.withheld = True
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert len(listings(talk)) == 2
    assert not read(collected, "likes:post:now")
    assert {gap.about for gap in collected.all(Gap, "likes:post:now")} == ids(collected)
    assert {gap.reason for gap in collected.all(Gap, "likes:post:now")} == {Reason.NOT_OFFERED}


def test_private_figures_are_asked_for_while_a_post_is_young_only(ask, contract):
    """X hides older posts from whoever asks for their private figures (x.md §3.2)."""
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 9, 2), NOW.date()))

    assert ["organic_metrics" in fields_of(asked)[1] for asked in listings(talk)] == [True, False]
    young = {str(made.id) for made in made_between(YOUNG, NOW)}
    for measure in PRIVATE:
        assert set(read(collected, measure.key)) == young
        [gap] = collected.all(Gap, measure.key)
        assert (gap.reason, gap.about) == (Reason.TOO_LATE, "")


def test_without_the_owners_sign_in_private_figures_are_not_permitted(ask, contract):
    """The application's key sees what everybody sees."""
    talk = ask(contract, CONNECTOR, APP_ONLY)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert "organic_metrics" not in fields_of(listings(talk)[0])[1]
    assert {(gap.measure.key, gap.reason) for gap in collected.all(Gap)} == {
        (measure.key, Reason.NOT_PERMITTED) for measure in PRIVATE
    }


def test_posts_hidden_for_their_private_figures_are_had_without_them(ask, contract):
    """One post that X refuses to open must not be missing from the list (x.md §3.2)."""
    plain, hidden = contract._answer, {str(made.id) for made in made_between(YOUNG, NOW)[:2]}

    def hiding(asked: Asked) -> Answered:
        answered = plain(asked)
        if asked.path != TIMELINE or "organic_metrics" not in fields_of(asked)[1]:
            return answered
        errors = [{"resource_id": id, "type": "https://api.x.com/2/problems/not-authorized-for-field",
                   "detail": "Sorry"} for id in sorted(hidden)]  # fmt: skip
        kept = [post for post in answered.body["data"] if post["id"] not in hidden]
        return replace(answered, body={**answered.body, "data": kept, "errors": errors})

    contract._answer = hiding
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert (
        ids(collected) == {str(made.id) for made in made_between(YOUNG, NOW)} == set(read(collected, "likes:post:now"))
    )
    assert set(read(collected, "clicks:post:now")) == ids(collected) - hidden
    refused = collected.all(Gap, "clicks:post:now")
    assert {(gap.about, gap.reason) for gap in refused} == {(id, Reason.NOT_PERMITTED) for id in hidden}
    assert {gap.place.pointer for gap in refused} == {"body:/errors/0", "body:/errors/1"}


def test_a_page_that_hides_every_post_is_no_fault_of_the_account(ask, contract):
    """A 200 with errors and no data otherwise says that there is no such account."""

    def refusing(asked: Asked) -> Answered:
        errors = [{"resource_id": "7", "type": "/2/problems/field-hydration-failure"}]
        return Answered({"errors": errors, "meta": {"result_count": 0}}) if asked.path == TIMELINE else plain(asked)

    plain, contract._answer = contract._answer, refusing
    talk = ask(contract, CONNECTOR)

    assert talk.collect(talk.assignment(WINDOW, NOW.date())).error is None


def test_a_post_is_told_by_its_first_words_and_its_address(ask, contract):
    """No more of a text is kept: what is deleted at X has to go here, too (x.md §7)."""
    plain = contract._answer
    long = "Jadwal  rapat\n" + "pleno " * 40

    def wordy(asked: Asked) -> Answered:
        answered = plain(asked)
        if asked.path == TIMELINE:
            answered.body["data"][0] |= {"text": long, "referenced_tweets": [{"type": "quoted", "id": "1"}]}
            del answered.body["data"][1]["text"]
        return answered

    contract._answer = wordy
    talk = ask(contract, CONNECTOR)
    first, second, *_ = talk.collect(talk.assignment(WINDOW, NOW.date())).all(Post)

    assert first.title.startswith("Jadwal rapat pleno pleno")
    assert first.title.endswith("…")
    assert len(first.title) <= 80
    assert (first.kind, second.title) == ("quote", "")
    assert first.link == f"https://x.com/{USERNAME}/status/{first.id}"


def test_reposts_of_others_are_not_the_offices_posts(ask, contract):
    """They carry the figures of the original."""
    plain = contract._answer

    def with_repost(asked: Asked) -> Answered:
        answered = plain(asked)
        if asked.path == TIMELINE:
            answered.body["data"][0]["referenced_tweets"] = [{"type": "retweeted", "id": "1"}]
        return answered

    contract._answer = with_repost
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert len(ids(collected)) == len(made_between(YOUNG, NOW)) - 1
    assert all(asked.query["exclude"] == "retweets" for asked in listings(talk))


def test_an_account_without_posts_has_none_and_is_answered(ask, contract):
    """`{"meta":{"result_count":0}}`: nothing is missing."""
    plain = contract._answer
    contract._answer = lambda asked: Answered({"meta": {"result_count": 0}}) if asked.path == TIMELINE else plain(asked)
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert not [gap for gap in collected.all(Gap) if gap.measure in OF_POSTS]
    assert Days(YOUNG, NOW.date()) in {one.days for one in collected.all(Coverage, KEYS[0])}


def test_a_token_that_goes_round_for_ever_ends(ask, contract):
    """Tokens that are issued anew for ever are reported; each page would be paid for."""
    page = {"data": [{"id": "7", "created_at": "2026-11-20T00:00:00.000Z", "public_metrics": {}}]}
    plain, asked_for = contract._answer, []

    def round_and_round(asked: Asked) -> Answered:
        if asked.path != TIMELINE:
            return plain(asked)
        asked_for.append(asked)
        return Answered({**page, "meta": {"next_token": f"n{len(asked_for)}"}})

    contract._answer = round_and_round
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(NOW.date(), NOW.date()))

    assert len(asked_for) <= 4


@pytest.mark.parametrize("made", ["yesterday", "2026-13-01T00:00:00Z", 7, None])
def test_a_post_without_a_readable_moment_is_reported(ask, contract, made):
    """Without it the post belongs to no semester; the followers were read before."""
    plain = contract._answer
    post = {"id": "7", "created_at": made, "public_metrics": {"like_count": 1}}
    contract._answer = lambda asked: Answered({"data": [post]}) if asked.path == TIMELINE else plain(asked)
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert collected.error.code == "shape"
    assert len(collected.all(Reading)) == 3


# A refusal costs the posts alone


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (402, {"title": "CreditsDepleted", "type": "https://api.x.com/2/problems/credits"}, Reason.BUDGET),
        (429, {"title": "UsageCapExceeded", "type": "https://api.x.com/2/problems/usage-capped"}, Reason.BUDGET),
        (403, {"errors": [{"code": 453, "message": "a subset"}]}, Reason.NOT_PERMITTED),
        (403, {"type": "https://api.x.com/2/problems/not-authorized-for-resource"}, Reason.NOT_PERMITTED),
    ],
)
def test_a_refusal_of_the_posts_leaves_the_followers(ask, contract, status, body, reason):
    """`/2/users/me` was seen to answer without credit: followers only is far better than nothing (x.md §1)."""
    plain = contract._answer
    contract._answer = lambda asked: Answered(body, status) if asked.path == TIMELINE else plain(asked)
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(WINDOW, NOW.date()))

    assert (collected.error, len(collected.all(Reading))) == (None, 3)
    assert [(gap.measure, gap.reason) for gap in collected.all(Gap)] == [(measure, reason) for measure in OF_POSTS]
    assert len(listings(talk)) == 1


# How often a post is read


def test_the_next_night_reads_only_what_is_new(ask, contract):
    """Each post costs half a cent; one that was read yesterday has little to add."""
    moment = [NOW]
    contract.world.now = lambda: moment[0]
    talk = ask(contract, CONNECTOR)
    first = talk.collect(talk.assignment(WINDOW, NOW.date()))
    moment[0] = NOW + timedelta(days=1)
    talk = ask(contract, CONNECTOR, APP_ONLY)
    second = talk.collect(later(talk, first))

    fresh = {str(made.id) for made in made_between(NOW.date(), moment[0]) if made.at >= NOW}
    week_old = {str(made.id) for made in made_between(YOUNG, NOW)
                if NOW - timedelta(days=7) < made.at <= moment[0] - timedelta(days=7)}  # fmt: skip
    ripe = {str(made.id) for made in made_between(YOUNG, NOW) if made.at <= moment[0] - timedelta(days=27)}
    assert ids(second) >= fresh | week_old
    assert ids(second) <= fresh | week_old | ripe
    assert Days(NOW.date(), moment[0].date()) in {one.days for one in second.all(Coverage, KEYS[0])} or fresh


def test_an_hour_later_nothing_is_read_twice(ask, contract):
    """A second `collect now` of a day reads the followers, and no post again (x.md §1)."""
    moment = [NOW]
    contract.world.now = lambda: moment[0]
    talk = ask(contract, CONNECTOR)
    first = talk.collect(talk.assignment(WINDOW, NOW.date()))
    moment[0] = NOW + timedelta(hours=1)
    again = talk.collect(later(talk, first))

    assert ids(again) == {str(made.id) for made in made_between(NOW.date(), moment[0]) if made.at >= NOW}


def known(age: float, seen: float) -> KnownPost:
    """Make a post of an age in days that was last seen so many days ago."""
    return KnownPost(f"p{age}", NOW - timedelta(days=age), NOW - timedelta(days=seen))


@pytest.mark.parametrize(
    ("age", "seen", "is_read"),
    [(0.5, 0.4, False), (6.9, 6, False), (7, 6, True), (9, 3, True), (9, 1.5, False), (26.9, 19, False), (27, 1, True),
     (28, 0.5, False), (28, 21.5, True)],
)  # fmt: skip
def test_a_post_is_read_again_at_a_week_and_before_its_private_figures_go(age, seen, is_read):
    """Nights that were missed are made good; a post that came of no age costs nothing."""
    assignment = Assignment(
        Account(USER_ID, USERNAME), NOW, Days(NOW.date(), NOW.date()), known_posts=(known(age, seen), known(0.2, 0.1)),
        resume=dict.fromkeys(KEYS, NOW.date() - timedelta(days=1)), answered_from=dict.fromkeys(KEYS, date(2026, 1, 1)),
    )  # fmt: skip
    again = plan_posts(assignment).again

    assert [(one.start, one.most) for one in again] == ([(NOW - timedelta(days=age), FEWEST)] if is_read else [])


def test_neighbours_are_read_together_and_none_between(ask):
    """One request for a day's posts, and no post in it that nobody wanted."""
    posts = (known(9.2, 3), known(9.1, 3), known(9.05, 1), known(9, 3), known(0.2, 0.1))
    assignment = Assignment(
        Account(USER_ID, USERNAME), NOW, Days(NOW.date(), NOW.date()), known_posts=posts,
        resume=dict.fromkeys(KEYS, NOW.date() - timedelta(days=1)), answered_from=dict.fromkeys(KEYS, date(2026, 1, 1)),
    )  # fmt: skip

    assert [(one.start, one.end) for one in plan_posts(assignment).again] == [
        (posts[0].created_at, posts[1].created_at + timedelta(seconds=1)),
        (posts[3].created_at, posts[3].created_at + timedelta(seconds=1)),
    ]


def test_after_an_outage_every_post_is_read(ask, contract):
    """Thirty days without a snapshot: the posts of all of them, the older ones without their private figures."""
    talk = ask(contract, CONNECTOR)
    away = date(2026, 10, 10)
    assignment = talk.assignment(date(2026, 1, 1), NOW.date(), resume=dict.fromkeys(KEYS, away),
                                 answered_from=dict.fromkeys(KEYS, date(2025, 12, 31)))  # fmt: skip
    collected = talk.collect(assignment)

    assert ids(collected) == {str(made.id) for made in made_between(away, NOW)}
    assert ["organic_metrics" in fields_of(asked)[1] for asked in listings(talk)] == [True, False]
    assert {one.days for one in collected.all(Coverage, KEYS[0])} == {Days(away, NOW.date())}


def test_the_past_is_gone_back_to_a_hundred_posts_at_a_time(ask, contract):
    """Half a US dollar a night at most, and on from there the next night, until the window is whole."""
    talk = ask(contract, CONNECTOR)
    first = date(2026, 1, 1)
    collected = talk.collect(talk.assignment(first, NOW.date()))
    met, nights = ids(collected), 1
    while min(one.days.first for one in collected.all(Coverage)) > first:
        oldest = min(one.days.first for one in collected.all(Coverage))
        found = talk.collect(talk.assignment(
            first, NOW.date(), resume=dict.fromkeys(KEYS, NOW.date() - timedelta(days=1)),
            answered_from=dict.fromkeys(KEYS, oldest),
            known_posts=(KnownPost("1", NOW - timedelta(minutes=1), NOW - timedelta(days=1)),),
        ))  # fmt: skip
        assert len(found.all(Post)) <= 100
        collected = found
        met |= ids(found)
        nights += 1

    assert nights in (4, 5)
    assert met == {str(made.id) for made in made_between(first - timedelta(days=1), NOW)}


def test_a_page_is_no_larger_than_what_may_be_paid(ask, contract):
    """The budget of a few posts buys these, the newest; the rest is a gap that says so."""
    talk = ask(contract, CONNECTOR, APP_ONLY)
    reserve = 40 * 10_000
    collected = talk.collect(talk.assignment(WINDOW, NOW.date(), budget=10_000 + reserve + 7 * 5_000))

    assert [int(asked.query["max_results"]) for asked in listings(talk)] == [7]
    assert len(ids(collected)) == 7
    assert {(gap.measure, gap.reason) for gap in collected.all(Gap)} == {
        *((measure, Reason.BUDGET) for measure in PUBLIC), *((measure, Reason.NOT_PERMITTED) for measure in PRIVATE),
    }  # fmt: skip


@pytest.mark.parametrize("affordable", [3, 6, 21, 26, 40])
def test_what_was_paid_for_is_not_paid_for_again(ask, contract, affordable):
    """After an outage the money may end in the middle: what was listed whole counts as listed, however little."""
    talk, away = ask(contract, CONNECTOR, APP_ONLY), date(2026, 9, 1)
    budget = 10_000 * 41 + affordable * 5_000
    collected = talk.collect(talk.assignment(
        away, NOW.date(), budget=budget, resume=dict.fromkeys(KEYS, away),
        answered_from=dict.fromkeys(KEYS, date(2026, 1, 1)),
    ))  # fmt: skip

    covered = {one.days for one in collected.all(Coverage, KEYS[0])}
    assert len(ids(collected)) <= affordable
    if not ids(collected):
        assert covered == set()
        return
    [days] = covered
    whole = {str(made.id) for made in made_between(days.first, NOW)}
    assert whole <= ids(collected)
    assert days.last == NOW.date()
    assert Reason.BUDGET in {gap.reason for gap in collected.all(Gap)}


# What an answer costs


@pytest.mark.parametrize(
    ("body", "cost"),
    [
        ({"data": [{"id": "1"}, {"id": "2"}]}, 10_000),
        ({"data": []}, 0),
        ({"meta": {"result_count": 0}}, 0),
        ({"data": [{"id": "1"}], "includes": {"users": [{}], "tweets": [{}, {}]}}, 5_000 + 10_000 + 10_000),
        ({"errors": [{}]}, 0),
        (b"<html>", 50_000),
    ],
)
def test_what_came_is_what_is_paid(body, cost):
    """By the list: half a cent a post, a cent a user, and nothing for the asking; unreadable counts in full."""
    request = Request("api", TIMELINE, {"max_results": "10"}, cost=50_000)
    encoded = body if isinstance(body, bytes) else Answered(body).encoded()[0]

    assert CONNECTOR.charge(Exchange(1, request, 200, {}, encoded, NOW)) == cost


def test_the_estimate_counts_who_it_is_and_what_is_planned(ask, contract):
    """The first time twice a user; where the office owns the application its posts are five times cheaper."""
    talk = ask(contract, CONNECTOR)
    account = Account(USER_ID, USERNAME, {}, frozenset(talk.keys))
    posts = plan_posts(talk.assignment(WINDOW, NOW.date(), account=account)).most

    def estimate(account: Account, **more) -> int:
        return CONNECTOR.estimate(talk.assignment(WINDOW, NOW.date(), account=account, **more))

    assert estimate(account) == 10_000 + posts * 5_000
    assert estimate(replace(account, id=None)) == 20_000 + posts * 5_000
    assert estimate(replace(account, settings={"own_app": "ya"})) == 10_000 + posts * 1_000
    assert (
        estimate(replace(account, settings={"own_app": "ya"}, keys=frozenset({"bearer_token"})))
        == 10_000 + posts * 5_000
    )
    assert [estimate(replace(account, id=None), budget=left) for left in (9_999, 15_000, 20_000)] == [0, 10_000, 20_000]
    assert estimate(account, budget=10_000 + 400_000 + 34_999) == 10_000 + 6 * 5_000


def test_followers_of_the_coming_days_are_kept_back(ask, contract):
    """A missed day of followers is gone for good: posts must not use up its cent."""
    talk = ask(contract, CONNECTOR)
    enough_for_followers = 10_000 * 41
    collected = talk.collect(talk.assignment(WINDOW, NOW.date(), budget=enough_for_followers))

    assert not listings(talk)
    assert {gap.measure for gap in collected.all(Gap)} == set(OF_POSTS)
    assert {gap.reason for gap in collected.all(Gap)} == {Reason.BUDGET}
