"""TikTok's videos: a list that may not end, videos that are only gone when asked for by name, counts refused alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.tiktok import life
from collector.demo.standin import Answered
from connectors.kit import Coverage, Days, Gap, KnownPost, Post, Reading, Reason, Subject

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
LIST, QUERY = "/v2/video/list/", "/v2/video/query/"
COUNTS = {f"{one}:post:now" for one in ("views", "likes", "comments", "shares")}
WINDOW = Days(date(2026, 7, 1), date(2026, 11, 21))


def collect(talk, **more):
    return talk.collect(talk.assignment(WINDOW.first, WINDOW.last, **more))


def bodies(talk, path):
    return [asked.json() for asked in talk.asked if asked.path == path]


def of_videos(collected, kind):
    return [one for one in collected.all(kind) if one.measure.subject is Subject.POST]


def listing(contract, *pages):
    """Let the list be made of these answers, the last one for ever."""
    whole, left = contract.answer, list(pages)

    def answer(asked):
        if asked.path != LIST:
            return whole(asked)
        page = left.pop(0) if len(left) > 1 else left[0]
        return Answered({"data": page(asked.json()) if callable(page) else page, "error": {"code": "ok"}})

    contract.answer = answer


def video(id, created, **counts):
    return {"id": id, "create_time": created, "share_url": f"https://t.example/{id}", **counts}


def seconds(*day):
    return int(datetime(*day, tzinfo=UTC).timestamp())


def test_every_video_of_the_window_is_read_with_its_counts(talk, contract):
    """The list comes in pages of twenty; taking only the first is the commonest mistake with it."""
    collected = collect(talk)

    expected = [one for one in life.list_videos(NOW) if one.created >= datetime(2026, 6, 30, tzinfo=UTC)]
    assert collected.error is None
    assert len(expected) > 20
    assert [post.id for post in collected.all(Post)] == [one.id for one in expected]
    views = {one.about: one.value for one in collected.all(Reading, "views:post:now")}
    assert views == {one.id: one.counts(NOW)["view_count"] for one in expected}
    assert {one.measure.key for one in of_videos(collected, Reading)} == COUNTS
    assert "cursor" not in bodies(talk, LIST)[0]
    assert all(body["max_count"] == 20 for body in bodies(talk, LIST))
    assert {(one.measure.key, one.days) for one in collected.all(Coverage)} == {(key, WINDOW) for key in COUNTS}


def test_of_a_video_its_own_title_and_plain_address_are_kept(talk):
    """The address comes with marks to count visitors by; cover pictures die after six hours and are not asked for."""
    post = collect(talk).all(Post)[0]

    assert post.link == f"https://www.tiktok.com/@kpu_contoh/video/{post.id}"
    assert post.title in life._TITLES
    assert post.kind == "video"
    assert not [asked for asked in talk.asked if "cover" in asked.query.get("fields", "")]


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Tahapan pemilu", "Tahapan pemilu"),
        ("Tahapan pemilu \nbaris kedua", "Tahapan pemilu"),
        ("", "Uraian"),
        ("a" * 80, "a" * 80),
        ("a" * 70 + " bbbb cccc dddd", "a" * 70 + " bbbb ccc…"),
    ],
)
def test_a_title_is_one_line_of_eighty_characters_at_most(talk, contract, title, kept):
    """TikTok's titles are whole texts; no more of them is kept than people need to know the video by."""
    one = {**video("1", seconds(2026, 11, 1)), "title": title, "video_description": "Uraian"}
    listing(contract, {"videos": [one], "has_more": False})

    [post] = collect(talk).all(Post)

    assert post.title == kept
    assert len(post.title) <= 80


def test_later_snapshots_read_the_last_thirty_days_alone(talk):
    """What is listed already need not be listed again, but young videos still gather views."""
    resumed = collect(talk, resume=dict.fromkeys(COUNTS, date(2026, 11, 19)))

    created = [post.created_at for post in resumed.all(Post)]
    assert min(created) >= NOW - timedelta(days=30)
    assert len(created) == len([one for one in life.list_videos(NOW) if one.created >= NOW - timedelta(days=30)]) > 0
    assert {one.days for one in resumed.all(Coverage)} == {Days(date(2026, 11, 19), date(2026, 11, 21))}


def test_a_known_video_is_gone_only_when_it_is_asked_for_and_absent(talk, contract):
    """An office that makes a video private keeps its history; a list that left one out is no proof of anything."""
    young = [one for one in life.list_videos(NOW) if one.created >= NOW - timedelta(days=30)]
    hidden, shown = young[0].id, young[1].id
    contract.display.hidden = {hidden}
    known = (KnownPost(hidden, young[0].created), KnownPost(shown, young[1].created))

    collected = collect(talk, known_posts=known)

    assert bodies(talk, QUERY) == [{"filters": {"video_ids": [hidden]}}]
    gaps = of_videos(collected, Gap)
    assert {(one.measure.key, one.reason, one.about) for one in gaps} == {
        (key, Reason.NOT_OFFERED, hidden) for key in COUNTS
    }
    assert hidden not in {one.about for one in of_videos(collected, Reading)}
    assert shown in {one.about for one in of_videos(collected, Reading)}


def test_a_known_video_that_only_the_list_forgot_is_read(talk, contract):
    """Between two pages a video may slip through the list; asked by its id it is still there."""
    forgotten = life.list_videos(NOW)[0]
    listing(contract, {"videos": [], "cursor": 0, "has_more": False})

    collected = collect(talk, known_posts=(KnownPost(forgotten.id, forgotten.created),))

    assert {one.about for one in of_videos(collected, Reading)} == {forgotten.id}
    assert of_videos(collected, Gap) == []


def test_known_videos_are_asked_for_twenty_at_a_time(talk, contract):
    """More ids in one question are refused, and with them all the figures."""
    known = tuple(KnownPost(str(number), NOW) for number in range(45))

    collected = collect(talk, known_posts=known)

    assert [len(body["filters"]["video_ids"]) for body in bodies(talk, QUERY)] == [20, 20, 5]
    assert len({one.about for one in of_videos(collected, Gap)}) == 45


def test_a_refused_question_for_known_videos_is_no_proof_either(talk, contract):
    """A scope withdrawn in the middle says nothing about the videos."""
    whole = contract.answer
    contract.answer = lambda asked: (
        contract.display.fault(401, "scope_not_authorized", "?") if asked.path == QUERY else whole(asked)
    )

    collected = collect(talk, known_posts=(KnownPost("1", NOW),))

    assert collected.error is None
    assert {(one.reason, one.about) for one in of_videos(collected, Gap)} == {(Reason.NOT_PERMITTED, "1")}


def test_a_cursor_that_stands_still_ends_the_list(talk, contract):
    """Else one account would be asked about for ever; what was read stays, and the days are not taken for listed."""
    contract.display.endless = True
    listing(contract, {"videos": [video("1", seconds(2026, 11, 1), view_count=5)], "cursor": 7, "has_more": True})

    collected = collect(talk)

    assert collected.error is None
    assert len(bodies(talk, LIST)) == 2
    assert collected.all(Reading, "views:post:now")
    assert not collected.all(Coverage, "views:post:now")
    assert {one.reason for one in collected.all(Gap, "views:post:now")} == {Reason.UNREADABLE}


def test_a_cursor_that_moves_for_ever_ends_at_the_cap(talk, contract):
    """A list without an end would hold the snapshot until its time is up, night after night."""
    listing(contract, lambda asked: {"videos": [], "cursor": asked.get("cursor", 10**13) - 1, "has_more": True})

    collected = collect(talk)

    assert collected.error is None
    assert len(bodies(talk, LIST)) == 500
    assert {one.note for one in collected.all(Gap, "views:post:now")} == {"the list goes on after 500 pages"}


def test_an_empty_page_is_not_the_end(talk, contract):
    """What was filtered out of a page leaves it empty although the list goes on."""
    found = {"videos": [video("2", str(seconds(2026, 10, 1)), view_count="9007199254740993")], "has_more": False}
    listing(contract, {"videos": [], "cursor": 5, "has_more": True}, found)

    collected = collect(talk)

    assert [one.value for one in collected.all(Reading, "views:post:now")] == [9_007_199_254_740_993]
    assert len(bodies(talk, LIST)) == 2


def test_a_pinned_old_video_does_not_end_the_list(talk, contract):
    """A pinned one may stand before newer ones; stopping there would lose the whole semester."""
    pinned, new = video("1", seconds(2024, 1, 1)), video(7570000000000000001, seconds(2026, 10, 1), view_count=3)
    listing(contract, {"videos": [pinned, new], "cursor": 5, "has_more": True}, {"videos": [pinned], "has_more": True})

    collected = collect(talk)

    assert [post.id for post in collected.all(Post)] == ["7570000000000000001"]
    assert collected.all(Coverage, "views:post:now")


def test_withheld_videos_are_gaps_and_the_counts_stay(talk, contract):
    """A person who unticks the list of videos still has followers."""
    contract.display.scopes.discard("video.list")
    contract.display.withheld = "scope_not_authorized"

    collected = collect(talk)

    assert collected.error is None
    assert {(one.measure.key, one.reason) for one in of_videos(collected, Gap)} == {
        (key, Reason.NOT_PERMITTED) for key in COUNTS
    }
    assert len(bodies(talk, LIST)) == 1
    assert collected.all(Reading, "followers:account:now")


@pytest.mark.parametrize("field", ["view_count", "like_count", "comment_count", "share_count"])
def test_a_retired_count_does_not_cost_the_others(talk, contract, field):
    """TikTok refuses the whole question for one unknown field; a retired one must not take the videos along."""
    contract.display.retired = {field}
    key = f"{field.removesuffix('_count')}s:post:now"

    collected = collect(talk)

    assert {one.measure.key for one in of_videos(collected, Reading)} == COUNTS - {key}
    assert [(one.measure.key, one.reason) for one in of_videos(collected, Gap)] == [(key, Reason.RETIRED)]
    assert len(collected.all(Reading, next(iter(COUNTS - {key})))) > 20


def test_a_count_that_is_left_out_is_a_gap_of_its_video(talk, contract):
    """Absent is unknown; nought views of a video would be a false fall."""
    contract.display.missing = {"share_count"}

    collected = collect(talk)

    assert len(collected.all(Gap, "shares:post:now")) == len(collected.all(Post)) > 20
    assert not collected.all(Reading, "shares:post:now")


@pytest.mark.parametrize("created", [10**18, "soon", None])
def test_a_moment_that_is_none_is_damage(talk, contract, created):
    """A video without its day would be counted in no month; the place of the damage is named."""
    listing(contract, {"videos": [video("1", created)], "cursor": 0, "has_more": False})

    collected = collect(talk)

    assert collected.error.code == "shape"
    assert "/create_time" in collected.error.message
