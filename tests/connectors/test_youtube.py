"""The quirks of YouTube: rounded and hidden counts, unordered uploads, late days, refused metrics, two sign-ins."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.youtube import API_KEY, CHANNEL_ID, YouTubeContract
from collector.demo.contracts.youtube.life import figures_of
from collector.demo.contracts.youtube.sign_in import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from collector.demo.standin import Answered, Asked
from collector.demo.world import World
from connectors.kit import (
    Coverage,
    Days,
    Gap,
    Host,
    KnownPost,
    Post,
    Reading,
    Reason,
    ShapeError,
)
from connectors.youtube import CONNECTOR
from connectors.youtube.data import highest_of

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 19:00 of the 20th Pacific: the last whole day is the 19th
YESTERDAY = date(2026, 11, 19)
DAY_KEYS = (
    "views:account:day", "youtube.engaged_views:account:day", "watch_minutes:account:day",
    "followers_gained:account:day", "followers_lost:account:day",
)  # fmt: skip
KEY_ONLY = {"channel_id": CHANNEL_ID, "api_key": API_KEY}
OWNER_ONLY = {"refresh_token": REFRESH_TOKEN, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.fixture
def contract() -> YouTubeContract:
    return YouTubeContract(World(lambda: NOW))


def google_fault(code: int, reason: str, message: str = "said", **more) -> Answered:
    errors = [{"message": message, "domain": "global", "reason": reason}] if reason else []
    return Answered({"error": {"code": code, "message": message, "errors": errors, **more}}, code)


class Changed(YouTubeContract):
    """The stand-in with one endpoint's good answers changed by a test."""

    path, change = "", staticmethod(lambda asked, body: body)

    def answer(self, asked: Asked) -> Answered:
        answered = super().answer(asked)
        if asked.path != self.path or answered.status != 200:
            return answered
        return replace(answered, body=self.change(asked, answered.body))


def changed(path: str, change: Callable) -> YouTubeContract:
    contract = Changed(World(lambda: NOW))
    contract.path, contract.change = path, change
    return contract


def followers(collected) -> list:
    return [one for one in collected.observations if getattr(one, "measure", None) and
            one.measure.key == "followers:account:now"]  # fmt: skip


# Public counts


def _covered_days(collected) -> list[Coverage]:
    """List what was answered of daily figures; posts are answered by other questions."""
    return [one for one in collected.all(Coverage) if one.measure.span == "day"]


def test_public_counts_are_read_where_they_stand(ask, contract):
    """A few hundred subscribers are exact: no upper end, and the place is the printed text."""
    collected = ask(contract, CONNECTOR).collect(ask(contract, CONNECTOR).assignment(YESTERDAY, YESTERDAY))
    [reading] = followers(collected)

    assert collected.error is None
    assert 300 <= reading.value < 1000
    assert reading.upto is None
    assert reading.place.pointer == "body:/items/0/statistics/subscriberCount"
    assert [len(collected.all(Reading, key)) for key in ("views:account:now", "posts:account:now")] == [1, 1]


def test_a_rounded_count_says_what_it_may_be(ask, contract):
    """From 1,000 up YouTube rounds down: 12,345 is shown as 12300, which means 12,300 to 12,399."""
    contract.subscribers = 12_345
    talk = ask(contract, CONNECTOR)
    [reading] = followers(talk.collect(talk.assignment(YESTERDAY, YESTERDAY)))

    assert (reading.value, reading.upto) == (12_300, 12_399)


@pytest.mark.parametrize(
    ("shown", "highest"),
    [(0, None), (999, None), (1000, 1009), (9990, 9999), (12_300, 12_399), (123_000, 123_999),
     (123_000_000, 123_999_999), (12_345, None)],
)  # fmt: skip
def test_the_rounding_step_follows_the_number_of_digits(shown, highest):
    """Three digits are kept whatever the size; a count that is no multiple of its step was not rounded."""
    assert highest_of(shown) == highest


def test_hidden_subscribers_are_a_gap(ask, contract):
    """A hidden count is sent as "0": reading it would end a semester with no followers at all."""
    contract.hidden = True
    talk = ask(contract, CONNECTOR)
    [gap] = followers(talk.collect(talk.assignment(YESTERDAY, YESTERDAY)))

    assert isinstance(gap, Gap)
    assert gap.reason is Reason.HIDDEN


def test_an_absent_count_is_a_gap(ask):
    """A count that did not come is no zero."""

    def drop(asked: Asked, body: dict) -> dict:
        del body["items"][0]["statistics"]["subscriberCount"]
        return body

    contract = changed("/youtube/v3/channels", drop)
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    [gap] = followers(talk.collect(talk.assignment(YESTERDAY, YESTERDAY)))

    assert gap.reason is Reason.NOT_OFFERED


def test_an_unknown_channel_is_a_wrong_setting(ask, contract):
    """YouTube answers 200 without items: waiting would not help, the channel ID has to be mended."""
    talk = ask(contract, CONNECTOR, {**KEY_ONLY, "channel_id": "UCnobody00000000000000a"})
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert collected.observations == ()
    assert collected.error.code == "setting.channel_not_found"
    with pytest.raises(type(collected.error)):
        talk.check()


def test_another_channels_figures_are_not_taken(ask):
    """Only the channel that was asked for counts, whatever else an answer holds."""

    def other(asked: Asked, body: dict) -> dict:
        body["items"] = [{**body["items"][0], "id": "UCother000000000000000a"}, *body["items"]]
        return body

    contract = changed("/youtube/v3/channels", other)
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    [reading] = followers(talk.collect(talk.assignment(YESTERDAY, YESTERDAY)))

    assert reading.place.pointer.startswith("body:/items/1/")


def test_the_owners_own_channel_is_asked_for_without_an_id(ask, contract):
    """With a sign-in alone, `mine` says which channel it is, and only the owner may ask that."""
    talk = ask(contract, CONNECTOR, OWNER_ONLY)
    collected = talk.collect(replace(talk.assignment(YESTERDAY - timedelta(days=9), YESTERDAY)))
    asked = [one for one in talk.asked if one.path == "/youtube/v3/channels"]

    assert collected.error is None
    assert asked[0].query["mine"] == "true"
    assert talk.exchanges[0].request.auth == "owner"
    assert {one.query["ids"] for one in talk.asked if one.path == "/v2/reports"} == {f"channel=={CHANNEL_ID}"}


def test_a_sign_in_without_a_channel_has_to_be_made_again(ask):
    """An empty answer to `mine` means that the wrong Google account was chosen."""
    contract = changed("/youtube/v3/channels", lambda asked, body: {"kind": body["kind"]})
    talk = ask(contract, CONNECTOR, OWNER_ONLY)

    assert talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).error.code == "access.no_channel"


def test_a_closed_channel_leaves_gaps_and_is_told(ask):
    """Nothing of a closed channel can be read; the counts are gaps, and somebody has to hear of it."""
    contract = Closed(World(lambda: NOW))
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert [gap.reason for gap in collected.all(Gap)] == [Reason.NOT_OFFERED] * 3
    assert collected.error.code == "not_offered.channel"


class Closed(YouTubeContract):
    """The stand-in after the channel was suspended."""

    def answer(self, asked: Asked) -> Answered:
        return google_fault(403, "channelSuspended")


def test_check_says_who_the_channel_is(ask, contract):
    """People know a channel by its handle, the store by its id."""
    profile = ask(contract, CONNECTOR).check()

    assert (profile.id, profile.handle, profile.name) == (CHANNEL_ID, "kpucontoh", "KPU Contoh")
    assert profile.link.endswith(CHANNEL_ID)


def test_check_falls_back_to_the_title(ask):
    """Not every channel has a handle."""

    def drop(asked: Asked, body: dict) -> dict:
        del body["items"][0]["snippet"]["customUrl"]
        return body

    assert ask(changed("/youtube/v3/channels", drop), CONNECTOR).check().handle == "KPU Contoh"


# Videos


def test_videos_are_listed_over_pages_and_read_in_batches(ask, contract):
    """All videos of the window come, whatever the page size; one request never holds more than 50."""
    contract.page_size = 7
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY))
    posts = collected.all(Post)
    batches = [one.query["id"].split(",") for one in talk.asked if one.path == "/youtube/v3/videos"]

    assert len({post.id for post in posts}) == len(posts) > 50
    assert min(post.created_at for post in posts) < datetime(2026, 1, 8, tzinfo=UTC)
    assert all(len(batch) <= 50 for batch in batches)
    assert len(collected.all(Reading, "views:post:now")) == len(posts)
    assert posts[0].link == f"https://www.youtube.com/watch?v={posts[0].id}"


def test_listing_ends_after_a_whole_page_of_older_videos(ask, contract):
    """Years of old uploads are not walked through every day."""
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    talk.collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert len([one for one in talk.asked if one.path == "/youtube/v3/playlistItems"]) == 2


def test_videos_of_the_last_month_are_read_again(ask, contract):
    """Counts of young videos still grow: they are read even where the window is one day."""
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    posts = talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).all(Post)

    assert min(post.created_at for post in posts) < NOW - timedelta(days=20)
    assert all(post.created_at > NOW - timedelta(days=31) for post in posts)


def test_the_order_of_uploads_is_not_relied_on(ask):
    """A video published long after it was sent stands deep in the list, behind older ones."""
    whole = YouTubeContract(World(lambda: NOW))
    talk = ask(whole, CONNECTOR, KEY_ONLY)
    expected = {post.id for post in talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).all(Post)}

    def turn(asked: Asked, body: dict) -> dict:
        return {**body, "items": body["items"][::-1]}

    turned = ask(changed("/youtube/v3/playlistItems", turn), CONNECTOR, KEY_ONLY)

    assert {post.id for post in turned.collect(turned.assignment(YESTERDAY, YESTERDAY)).all(Post)} == expected


def test_a_new_video_behind_many_old_ones_is_found(ask):
    """Only a whole page's worth of older uploads in a row ends the list, however the pages are cut."""
    videos = YouTubeContract(World(lambda: NOW))._life.videos(NOW)
    new, old = videos[-2:], videos[:80]
    order = [*old[:40], new[0], *old[40:], new[1]]

    class Paged(YouTubeContract):
        def answer(self, asked: Asked) -> Answered:
            if asked.path != "/youtube/v3/playlistItems":
                return super().answer(asked)
            start = int(asked.query.get("pageToken", "0"))
            details = [{"videoId": one.id, "videoPublishedAt": one.published.isoformat()} for one in order[start:][:20]]
            following = {"nextPageToken": str(start + 20)} if start + 20 < len(order) else {}
            return Answered({"items": [{"contentDetails": one} for one in details], **following})

    talk = ask(Paged(World(lambda: NOW)), CONNECTOR, KEY_ONLY)
    posts = talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).all(Post)

    assert [post.id for post in posts] == [one.id for one in new]


def test_only_public_uploads_are_posts(ask):
    """The owner's sign-in also lists private videos; they must not come and go with the way of signing in."""
    private: list[str] = []

    def hide(asked: Asked, body: dict) -> dict:
        body["items"][0]["status"]["privacyStatus"] = "private"
        del body["items"][0]["contentDetails"]["videoPublishedAt"]
        private.append(body["items"][0]["contentDetails"]["videoId"])
        return body

    talk = ask(changed("/youtube/v3/playlistItems", hide), CONNECTOR, KEY_ONLY)
    posts = {post.id for post in talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).all(Post)}

    assert posts
    assert private[0] not in posts


def test_an_upload_without_status_and_date_is_asked_for(ask):
    """Both are optional; the video itself says when it was published."""

    def drop(asked: Asked, body: dict) -> dict:
        for entry in body["items"][:1]:
            del entry["status"], entry["contentDetails"]["videoPublishedAt"]
        return body

    talk = ask(changed("/youtube/v3/playlistItems", drop), CONNECTOR, KEY_ONLY)
    plain = ask(YouTubeContract(World(lambda: NOW)), CONNECTOR, KEY_ONLY)
    newest = plain.collect(plain.assignment(YESTERDAY, YESTERDAY)).all(Post)[0]

    assert newest.id in {post.id for post in talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).all(Post)}


def test_a_channel_without_uploads_has_no_list_of_them(ask, contract):
    """A 404 for the list means no uploads; what is known already is still asked for."""
    contract.no_uploads = True
    known = KnownPost(contract._life.videos(NOW)[-3].id, NOW - timedelta(days=9))
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY, known_posts=(known,)))

    assert collected.error is None
    assert [post.id for post in collected.all(Post)] == [known.id]


def test_a_channel_with_neither_uploads_nor_known_posts_asks_for_no_videos(ask, contract):
    """An empty list of ids would be refused."""
    contract.no_uploads = True
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    talk.collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert not [one for one in talk.asked if one.path == "/youtube/v3/videos"]


def test_the_id_of_the_uploads_list_can_be_told_from_the_channels(ask):
    """Where the answer leaves it out, it is the channel's id with another head."""

    def drop(asked: Asked, body: dict) -> dict:
        body["items"][0]["contentDetails"]["relatedPlaylists"] = {}
        return body

    talk = ask(changed("/youtube/v3/channels", drop), CONNECTOR, KEY_ONLY)

    assert talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).all(Post)


def test_a_known_video_that_is_gone_becomes_gaps(ask, contract):
    """Removed and private videos are silently left out of the answer; a lost video never counts as 0 views."""
    gone, newest = KnownPost("vGone000000", NOW - timedelta(days=4)), contract._life.videos(NOW)[-1]
    known = (gone, KnownPost(newest.id, newest.published))
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY, known_posts=known))
    gaps = [gap for gap in collected.all(Gap) if gap.about in {gone.id, newest.id}]

    assert [gap.measure.key for gap in gaps] == ["views:post:now", "likes:post:now", "comments:post:now"]
    assert {gap.about for gap in gaps} == {gone.id}
    assert {gap.reason for gap in gaps} == {Reason.NOT_OFFERED}
    assert gone.id not in {post.id for post in collected.all(Post)}


def test_a_video_made_private_is_gone_for_the_owner_too(ask):
    """The owner is still shown its counts; with a key it would be gone, and so it is."""
    newest = YouTubeContract(World(lambda: NOW))._life.videos(NOW)[-1]

    def close(asked: Asked, body: dict) -> dict:
        for item in body["items"]:
            if item["id"] == newest.id:
                item["status"]["privacyStatus"] = "private"
        return body

    talk = ask(changed("/youtube/v3/videos", close), CONNECTOR, KEY_ONLY)
    known = (KnownPost(newest.id, newest.published),)
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY, known_posts=known))

    assert newest.id not in {post.id for post in collected.all(Post)}
    assert [gap.reason for gap in collected.all(Gap) if gap.about == newest.id] == [Reason.NOT_OFFERED] * 3


def test_a_refused_batch_of_videos_costs_only_the_known_ones(ask):
    """Should YouTube answer 404 instead of leaving videos out, the rest of the snapshot goes on."""
    known = KnownPost("vGone000000", NOW - timedelta(days=4))

    class Refusing(YouTubeContract):
        def answer(self, asked: Asked) -> Answered:
            return google_fault(404, "videoNotFound") if asked.path.endswith("/videos") else super().answer(asked)

    talk = ask(Refusing(World(lambda: NOW)), CONNECTOR)
    collected = talk.collect(talk.assignment(YESTERDAY - timedelta(days=20), YESTERDAY, known_posts=(known,)))

    assert collected.error is None
    assert [gap.reason for gap in collected.all(Gap) if gap.about] == [Reason.NOT_OFFERED] * 3
    assert collected.all(Reading, "views:account:day")


def test_hidden_likes_and_closed_comments_are_gaps(ask):
    """Their absence means hidden or switched off, never none."""

    def drop(asked: Asked, body: dict) -> dict:
        for item in body["items"]:
            item["statistics"] = {"viewCount": "5", "commentCount": "0"}
            del item["snippet"]["title"]
        return body

    talk = ask(changed("/youtube/v3/videos", drop), CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert {gap.reason for gap in collected.all(Gap, "likes:post:now")} == {Reason.HIDDEN}
    assert not collected.all(Reading, "likes:post:now")
    assert {reading.value for reading in collected.all(Reading, "comments:post:now")} == {0}
    assert {post.title for post in collected.all(Post)} == {""}


@pytest.mark.parametrize("published", ["yesterday", "2026-13-01T00:00:00Z"])
def test_a_moment_that_is_none_is_a_shape_fault(ask, published):
    """A publication date that cannot be read must not be guessed."""

    def spoil(asked: Asked, body: dict) -> dict:
        body["items"][0]["snippet"]["publishedAt"] = published
        return body

    talk = ask(changed("/youtube/v3/videos", spoil), CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert isinstance(collected.error, ShapeError)
    assert collected.error.place.pointer == "body:/items/0/snippet/publishedAt"


@pytest.mark.parametrize("published", ["2026-11-14T02:30:11", "2026-11-14T02:30:11.000Z", "2026-11-14T09:30:11+07:00"])
def test_moments_are_utc_however_written(ask, published):
    """A date that slips into another day would put the video into another semester."""

    def write(asked: Asked, body: dict) -> dict:
        body["items"][0]["snippet"]["publishedAt"] = published
        return body

    talk = ask(changed("/youtube/v3/videos", write), CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert collected.all(Post)[0].created_at == datetime(2026, 11, 14, 2, 30, 11, tzinfo=UTC)


# Days


def days_of(collected, key: str = "views:account:day") -> dict[date, int]:
    return {reading.when.first: reading.value for reading in collected.all(Reading, key)}


def test_each_days_figures_are_read_by_the_names_of_their_columns(ask, contract):
    """Servers may order columns as they like; a figure in the wrong column is a wrong report."""
    talk = ask(contract, CONNECTOR)
    assignment = talk.assignment(date(2026, 10, 1), YESTERDAY)
    straight = talk.collect(assignment)
    contract.reversed_columns = True
    turned = talk.collect(assignment)

    assert [days_of(straight, key) for key in DAY_KEYS] == [days_of(turned, key) for key in DAY_KEYS]
    assert tuple(days_of(turned, key)[date(2026, 10, 7)] for key in DAY_KEYS) == figures_of(date(2026, 10, 7))


def test_the_newest_days_are_never_covered(ask, contract):
    """Their rows are absent because they are not finished; covering them would call them idle."""
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 11, 1), date(2026, 11, 21)))
    covered = collected.all(Coverage, "followers_gained:account:day")

    assert [one.days for one in covered] == [Days(date(2026, 11, 1), date(2026, 11, 16))]
    assert max(days_of(collected)) == date(2026, 11, 16)
    assert talk.asked[-1].query["endDate"] == "2026-11-19"
    assert {one.measure.key for one in _covered_days(collected)} == set(DAY_KEYS)


def test_idle_days_are_covered_without_a_row(ask, contract):
    """YouTube leaves idle days out; they are answered all the same, and no zero is made up for them."""
    idle = next(day for day in (date(2026, 6, 1) + timedelta(days=n) for n in range(150)) if not any(figures_of(day)))
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(idle - timedelta(days=2), idle + timedelta(days=2)))

    assert idle not in days_of(collected)
    assert [one.days.length for one in collected.all(Coverage, "views:account:day")] == [5]


@pytest.mark.parametrize("rows", ["omitted", "empty", "null"])
def test_a_window_without_rows_is_covered_as_far_as_it_is_finished(ask, rows):
    """Nothing to report: four days before the last whole day an absent row is an idle day, after it it is not."""

    def empty(asked: Asked, body: dict) -> dict:
        table = {"kind": body["kind"]}
        return table if rows == "omitted" else {**table, "rows": [] if rows == "empty" else None}

    talk = ask(changed("/v2/reports", empty), CONNECTOR)
    young = talk.collect(talk.assignment(date(2026, 11, 10), YESTERDAY))
    old = talk.collect(talk.assignment(date(2026, 5, 1), date(2026, 5, 9)))
    unfinished = talk.collect(talk.assignment(date(2026, 11, 17), YESTERDAY))

    assert young.error is None
    assert [one.days for one in _covered_days(young)] == [Days(date(2026, 11, 10), date(2026, 11, 15))] * 5
    assert [one.days for one in _covered_days(old)] == [Days(date(2026, 5, 1), date(2026, 5, 9))] * 5
    assert _covered_days(unfinished) == []
    assert not [one for one in young.all(Reading) if one.measure.key in DAY_KEYS]


def test_days_already_answered_are_not_asked_again(ask, contract):
    """`resume` moves the start; a window that lies in the future is not asked for at all."""
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY, resume=dict.fromkeys(DAY_KEYS, date(2026, 11, 6))))
    start = talk.asked[-1].query["startDate"]
    before = len(talk.asked)
    talk.collect(talk.assignment(date(2026, 11, 20), date(2026, 11, 21)))

    assert start == "2026-11-06"
    assert not [one for one in talk.asked[before:] if one.path == "/v2/reports"]


def test_long_backfills_are_cut_into_years(ask, contract):
    """No request spans more than 365 days, none is left out, none asked twice."""
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2024, 6, 1), YESTERDAY))
    asked = [(one.query["startDate"], one.query["endDate"]) for one in talk.asked if one.path == "/v2/reports"]

    assert asked == [("2024-06-01", "2025-05-31"), ("2025-06-01", "2026-05-31"), ("2026-06-01", "2026-11-19")]
    assert len(days_of(collected)) == len(collected.all(Reading, "views:account:day")) > 800


def test_a_retired_metric_costs_only_itself(ask, contract):
    """One unknown name refuses the whole batch: the others are asked for one by one."""
    contract.retired = {"engagedViews"}
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 11, 1), YESTERDAY))
    [gap] = collected.all(Gap, "youtube.engaged_views:account:day")

    assert collected.error is None
    assert gap.reason is Reason.RETIRED
    assert gap.when == Days(date(2026, 11, 1), YESTERDAY)
    assert gap.place is not None
    assert {one.measure.key for one in _covered_days(collected)} == {*DAY_KEYS} - {"youtube.engaged_views:account:day"}


def test_a_retired_metric_is_not_asked_for_in_the_next_year(ask, contract):
    """Once refused, it is dead for the rest of the backfill, whose days are gaps too."""
    contract.retired = {"engagedViews"}
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2025, 6, 1), YESTERDAY))
    later = [one for one in talk.asked if one.query.get("startDate") == "2026-06-01"]

    assert [one.query["metrics"] for one in later] == [
        "views,estimatedMinutesWatched,subscribersGained,subscribersLost"
    ]
    assert [gap.when for gap in collected.all(Gap, "youtube.engaged_views:account:day")] == [
        Days(date(2025, 6, 1), date(2026, 5, 31)),
        Days(date(2026, 6, 1), YESTERDAY),
    ]


def test_dead_measures_are_not_asked_for(ask, contract):
    """What was lately refused stays a gap without asking; with all dead there is no request."""
    talk = ask(contract, CONNECTOR)
    talk.collect(talk.assignment(YESTERDAY, YESTERDAY, dead_measures=frozenset(DAY_KEYS[1:])))
    metrics = talk.asked[-1].query["metrics"]
    before = len(talk.asked)
    collected = talk.collect(talk.assignment(YESTERDAY, YESTERDAY, dead_measures=frozenset(DAY_KEYS)))

    assert metrics == "views"
    assert not [one for one in talk.asked[before:] if one.path == "/v2/reports"]
    assert [(gap.reason, gap.place) for gap in collected.all(Gap) if gap.measure.key in DAY_KEYS] == [
        (Reason.RETIRED, None)
    ] * 5


def test_the_wrong_owner_costs_only_the_days(ask, contract):
    """A personal account chosen for a brand's channel is refused, because the channel is named."""
    contract.not_owner = True
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(YESTERDAY - timedelta(days=9), YESTERDAY))

    assert collected.error is None
    assert {gap.reason for gap in collected.all(Gap) if gap.measure.key in DAY_KEYS} == {Reason.NOT_PERMITTED}
    assert {gap.measure.key for gap in collected.all(Gap) if gap.measure.key in DAY_KEYS} == set(DAY_KEYS)
    assert followers(collected)[0].value > 0


def test_an_ended_sign_in_keeps_the_public_counts(ask, contract):
    """Counts are asked for first, here by the key; then the account has to be connected again."""
    talk = ask(contract, CONNECTOR, {**KEY_ONLY, **OWNER_ONLY})
    sign_in, contract.expired = CONNECTOR.hosts["data"].auth, True
    connector = _with_public_data(sign_in)
    collected = ask(contract, connector, talk.keys).collect(talk.assignment(YESTERDAY, YESTERDAY))

    assert followers(collected)
    assert collected.error.code == "access.expired"


def _with_public_data(sign_in) -> object:
    """The connector as the shell uses it once the owner's way has failed: data by the key."""
    fallen = type(CONNECTOR)()
    public = Host("YOUTUBE_DATA_URL", "", auth={"public": sign_in["public"]})
    vars(fallen)["hosts"] = {**CONNECTOR.hosts, "data": public}
    return fallen


def test_a_key_alone_expects_no_days(ask, contract):
    """Without the owner's sign-in nobody expects figures of days: no request, no gaps."""
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    collected = talk.collect(talk.assignment(date(2026, 11, 1), YESTERDAY))

    assert not [one for one in talk.asked if one.host != "YOUTUBE_DATA_URL"]
    assert not [one for one in (*collected.all(Gap), *collected.all(Coverage)) if one.measure.key in DAY_KEYS]


def test_a_revised_day_has_its_new_value(ask, contract):
    """YouTube corrects recent days; reading them again gives what it says now."""
    talk = ask(contract, CONNECTOR)
    assignment = talk.assignment(date(2026, 11, 1), YESTERDAY)
    before = days_of(talk.collect(assignment))
    contract.revision = 5
    after = days_of(talk.collect(assignment))

    assert after[date(2026, 11, 13)] == before[date(2026, 11, 13)] + 5
    assert after[date(2026, 11, 2)] == before[date(2026, 11, 2)]


def test_a_missing_column_and_an_empty_cell_are_gaps(ask):
    """A metric that is silently left out, and a cell without a number, are missing and no zeros."""

    def spoil(asked: Asked, body: dict) -> dict:
        body["columnHeaders"][5]["name"] = "somethingElse"
        body["rows"][0][1] = None
        return body

    talk = ask(changed("/v2/reports", spoil), CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 11, 10), YESTERDAY))
    [lost] = collected.all(Gap, "followers_lost:account:day")
    [views] = collected.all(Gap, "views:account:day")

    assert (lost.reason, lost.when) == (Reason.NOT_OFFERED, Days(date(2026, 11, 10), date(2026, 11, 16)))
    assert (views.reason, views.when) == (Reason.EMPTY, Days(date(2026, 11, 10), date(2026, 11, 10)))
    assert not collected.all(Coverage, "followers_lost:account:day")
    assert not collected.all(Coverage, "views:account:day")
    assert collected.all(Coverage, "watch_minutes:account:day")


def test_days_outside_the_request_are_not_read(ask):
    """A row of an unfinished day that came by mistake would be taken for final."""

    def add(asked: Asked, body: dict) -> dict:
        return {**body, "rows": [*body["rows"], ["2026-11-20", 1, 1, 1, 1, 1]]}

    talk = ask(changed("/v2/reports", add), CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 11, 10), YESTERDAY))

    assert max(days_of(collected)) == date(2026, 11, 16)
    assert collected.all(Coverage, "views:account:day")[0].days.last == date(2026, 11, 16)


@pytest.mark.parametrize("spoil", ["day", "header"])
def test_a_table_that_cannot_be_read_is_a_shape_fault(ask, spoil):
    """Better no figure than one of a guessed day."""

    def change(asked: Asked, body: dict) -> dict:
        if spoil == "day":
            body["rows"][0][0] = "last Monday"
        else:
            body["columnHeaders"][0]["name"] = "month"
        return body

    talk = ask(changed("/v2/reports", change), CONNECTOR)

    assert isinstance(talk.collect(talk.assignment(date(2026, 11, 10), YESTERDAY)).error, ShapeError)


def test_gains_and_losses_are_not_rounded_and_agree_with_the_level(ask, contract):
    """The exact growth of a period is gained minus lost; the demo's level moves by just that."""
    talk = ask(contract, CONNECTOR)
    collected = talk.collect(talk.assignment(date(2026, 7, 1), date(2026, 10, 31)))
    gained, lost = (sum(days_of(collected, key).values()) for key in DAY_KEYS[3:])
    levels = [contract._life.levels(datetime(*day, 7, tzinfo=UTC))[0] for day in ((2026, 7, 1), (2026, 11, 1))]

    assert levels[1] - levels[0] == gained - lost


def test_views_have_a_new_definition_from_the_change_on():
    """From 24 August 2026 a view is counted at the first frame: a comparison across it has to be flagged."""
    by_key = {measure.key: measure for measure in CONNECTOR.measures}
    for key in ("views:account:day", "views:account:now", "views:post:now", "views:account:28d"):
        assert by_key[key].version(date(2026, 8, 24)) == by_key[key].version(date(2026, 8, 23)) + 1
    assert by_key["youtube.engaged_views:account:day"].version(date(2026, 12, 1)) == 1


def test_quota_ends_the_data_of_the_stand_in(ask, contract):
    """The switch gives the real envelope, which the connector understands."""
    contract.quota_exceeded = True
    talk = ask(contract, CONNECTOR, KEY_ONLY)

    assert talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).error.code == "throttled.quota"


def test_uploads_of_answered_days_are_not_listed_again(ask, contract):
    """A year of uploads is read once; later only what is new and what still gathers views."""
    talk = ask(contract, CONNECTOR)
    first = talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY))
    answered = {one.measure.key: one.days for one in first.all(Coverage) if one.measure.subject == "post"}

    assert set(answered.values()) == {Days(date(2026, 1, 1), YESTERDAY)}
    resume = {key: days.last for key, days in answered.items()}
    later = talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY, resume=resume))
    oldest = min(post.created_at for post in later.all(Post))

    assert len(later.all(Post)) < len(first.all(Post))
    assert oldest >= contract.world.now() - timedelta(days=32)
