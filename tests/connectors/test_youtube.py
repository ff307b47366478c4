"""The quirks of YouTube: rounded and hidden counts, unordered uploads, late days, refused metrics, two sign-ins."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from youtube_standing import KEY_ONLY, NOW, OWNER_ONLY, YESTERDAY, changed, google_fault, standing_in

from collector.demo.contracts.youtube import CHANNEL_ID, YouTubeContract
from collector.demo.standin import Answered, Asked
from collector.demo.world import World
from connectors.kit import (
    AccessError,
    Coverage,
    Days,
    Gap,
    KnownPost,
    OtherAccountError,
    Post,
    Reading,
    Reason,
    ShapeError,
)
from connectors.youtube import CONNECTOR
from connectors.youtube.data import highest_of


@pytest.fixture
def contract() -> YouTubeContract:
    return standing_in()


def followers(collected) -> list:
    return [one for one in collected.observations if getattr(one, "measure", None) and
            one.measure.key == "followers:account:now"]  # fmt: skip


# Public counts


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
        body["items"][0].get("snippet", {}).pop("customUrl", None)
        return body

    assert ask(changed("/youtube/v3/channels", drop), CONNECTOR).check().handle == "KPU Contoh"


@pytest.mark.parametrize(
    ("said", "code"),
    [({"items": [{"id": "UCother000000000000000a"}]}, "access.other_channel"), ({}, "access.no_channel")],
)
def test_a_sign_in_of_another_channel_is_said_when_it_is_connected(ask, said, code):
    """A personal account chosen instead of the office's channel would leave every owner's figure out for ever."""

    def other(asked: Asked, body: dict) -> dict:
        return said if "mine" in asked.query else body

    talk = ask(changed("/youtube/v3/channels", other), CONNECTOR)
    try:
        fault = talk.check().problem  # beside a key for public data the channel is known all the same
    except AccessError as raised:
        fault = raised

    assert fault.code == code
    assert fault.hint.id.startswith(("Masuk lagi sebagai pemilik", "Akun Google yang dipakai"))


def test_a_sign_in_of_another_channel_alone_is_no_sign_in_of_this_one(ask):
    """Without a key for public data nothing else says whose figures would come."""

    def other(asked: Asked, body: dict) -> dict:
        return {"items": [{"id": "UCother000000000000000a"}]} if "mine" in asked.query else body

    talk = ask(changed("/youtube/v3/channels", other), CONNECTOR, {**OWNER_ONLY, "channel_id": CHANNEL_ID})
    with pytest.raises(OtherAccountError):
        talk.check()


def test_who_is_signed_in_is_asked_only_of_a_sign_in(ask, contract):
    """A key belongs to nobody, and without a channel id the sign-in itself says which channel it is."""
    for keys, times in ((KEY_ONLY, 0), (OWNER_ONLY, 2), (None, 1)):
        talk = ask(contract, CONNECTOR, keys)
        assert talk.check().id == CHANNEL_ID
        assert len([one for one in talk.asked if one.query.get("mine") == "true"]) == times


def test_an_ended_sign_in_beside_a_key_is_told_by_collecting(ask, contract):
    """Else a channel that was never collected would lose its public counts too; without a key nothing can be had."""

    class Ended(YouTubeContract):
        def answer(self, asked: Asked) -> Answered:
            return google_fault(401, "authError") if asked.query.get("mine") else super().answer(asked)

    assert ask(Ended(World(lambda: NOW)), CONNECTOR).check().id == CHANNEL_ID
    with pytest.raises(AccessError):
        ask(Ended(World(lambda: NOW)), CONNECTOR, OWNER_ONLY).check()


@pytest.mark.parametrize(
    ("description", "link"),
    [
        ("Kanal resmi. Situs: https://kpu-contoh.example/ppid. Telepon 0561", "https://kpu-contoh.example/ppid"),
        ("(www.kpu-contoh.example)", "www.kpu-contoh.example"),
        ("Kanal resmi KPU", ""),
        (None, ""),
    ],
)
def test_the_address_in_the_description_is_the_bios(ask, description, link):
    """The site's check wants to know whether the account names the site; the channel's own links are not given."""

    def write(asked: Asked, body: dict) -> dict:
        snippet = body["items"][0].setdefault("snippet", {})
        snippet.pop("description", None)
        if description is not None:
            snippet["description"] = description
        return body

    assert ask(changed("/youtube/v3/channels", write), CONNECTOR, KEY_ONLY).check().bio_link == link


def test_answers_had_by_a_key_alone_are_kept_for_thirty_days(ask, contract):
    """YouTube's terms: public data for thirty days, the channel's own as long as its owner agrees."""
    days = {name: CONNECTOR.raw_answer_days(ask(contract, CONNECTOR, keys).account)
            for name, keys in (("key", KEY_ONLY), ("owner", OWNER_ONLY), ("both", None))}  # fmt: skip

    assert days == {"key": 30, "owner": None, "both": None}
    assert "30 hari" in CONNECTOR.terms.id
    assert "30 days" in CONNECTOR.terms.en


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


def test_quota_ends_the_data_of_the_stand_in(ask, contract):
    """The switch gives the real envelope, which the connector understands."""
    contract.quota_exceeded = True
    talk = ask(contract, CONNECTOR, KEY_ONLY)

    assert talk.collect(talk.assignment(YESTERDAY, YESTERDAY)).error.code == "throttled.quota"


def test_uploads_of_answered_days_are_not_listed_again(ask, contract):
    """A year of uploads is read once; later only what is new and what still gathers views."""
    talk = ask(contract, CONNECTOR, KEY_ONLY)
    first = talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY))
    answered = {one.measure.key: one.days for one in first.all(Coverage) if one.measure.key.endswith(":post:now")}

    assert set(answered.values()) == {Days(date(2026, 1, 1), YESTERDAY)}
    resume = {key: days.last for key, days in answered.items()}
    later = talk.collect(talk.assignment(date(2026, 1, 1), YESTERDAY, resume=resume))
    oldest = min(post.created_at for post in later.all(Post))

    assert len(later.all(Post)) < len(first.all(Post))
    assert oldest >= contract.world.now() - timedelta(days=32)
