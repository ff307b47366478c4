"""TikTok's business service: sixty days, late and lost for good; an audience with a floor; refusals with status 200."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collector.demo.contracts.tiktok import life
from collector.demo.standin import Answered
from connectors.kit import (
    AccessError,
    Action,
    Coverage,
    Days,
    Gap,
    Kind,
    OtherAccountError,
    Post,
    Reading,
    Reason,
    Subject,
)
from connectors.kit.metrics import DAY
from connectors.tiktok import CONNECTOR
from connectors.tiktok.measures import AUDIENCE, DAYS, INSIGHTS

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
EARLIEST, NEWEST, YESTERDAY = date(2026, 9, 22), date(2026, 11, 19), date(2026, 11, 20)
GET, VIDEOS = "/open_api/v1.3/business/get/", "/open_api/v1.3/business/video/list/"
DAILY = {measure.key for fields in DAYS for measure in fields.values()}


def collect(talk, first=date(2026, 1, 1), **more):
    return talk.collect(talk.assignment(first, date(2026, 11, 21), **more))


def asked(talk, path):
    return [one for one in talk.asked if one.path == path]


def changed(contract, path, change):
    """Change the data of the answers to a path."""
    whole = contract.answer

    def answer(asked):
        good = whole(asked)
        return Answered({**good.body, "data": change(good.body["data"])}) if asked.path == path else good

    contract.answer = answer


# Days ---------------------------------------------------------------------------------------------------------------


def test_the_first_snapshot_reads_all_that_is_remembered(both):
    """Sixty days back and not one more: older ones would refuse the whole question, younger ones would be lost."""
    collected = collect(both)

    assert collected.error is None
    for fields in DAYS:
        for name, measure in fields.items():
            read = collected.values(measure.key)
            days = [EARLIEST + timedelta(days=number) for number in range((NEWEST - EARLIEST).days + 1)]
            assert read == {(day, day): life.figures_of(day)[name] for day in days}, measure.key
    spans = {(one.query["start_date"], one.query["end_date"]) for one in asked(both, GET) if "start_date" in one.query}
    assert spans == {(str(EARLIEST), str(YESTERDAY))}
    assert {(one.measure.key, one.days) for one in collected.all(Coverage) if one.measure.span == DAY} == {
        (key, Days(EARLIEST, NEWEST)) for key in DAILY
    }


def test_what_is_older_is_said_to_be_too_late(both):
    """The report must name the days that nobody can have any more, with the reason."""
    collected = collect(both)

    gaps = [one for one in collected.all(Gap) if one.measure.span == DAY]
    assert {(one.measure.key, one.reason, one.when) for one in gaps} == {
        (key, Reason.TOO_LATE, Days(date(2026, 1, 1), date(2026, 9, 21))) for key in DAILY
    }
    assert {one.measure.reach_back for one in gaps} == {60}


def test_an_outage_longer_than_the_memory_loses_only_what_is_forgotten(both):
    """After seventy days without a line the last sixty are had, the first ten are named."""
    collected = collect(both, resume=dict.fromkeys(DAILY, date(2026, 9, 12)))

    late = {one.when for one in collected.all(Gap, "views:account:day")}
    assert late == {Days(date(2026, 9, 12), date(2026, 9, 21))}
    assert min(collected.values("views:account:day"))[0] == EARLIEST


def test_each_measure_is_read_from_its_own_first_day_on(both):
    """What was answered long ago is not read again because another figure was not."""
    resume = {**dict.fromkeys(DAILY, date(2026, 11, 17)), "likes:account:day": date(2026, 11, 1)}

    collected = collect(both, resume=resume)

    assert min(collected.values("views:account:day"))[0] == date(2026, 11, 17)
    assert min(collected.values("likes:account:day"))[0] == date(2026, 11, 1)
    assert not collected.all(Gap, "views:account:day")


def test_an_idle_day_is_a_printed_zero_and_a_left_out_one_is_unknown(both, contract):
    """That idle days are left out is promised nowhere; a zero made of silence would be a false fall."""
    idle = next(day for day in _days(EARLIEST, NEWEST) if life.figures_of(day)["shares"] == 0)
    contract.business.left_out = {date(2026, 10, 5), date(2026, 10, 6)}

    collected = collect(both, first=EARLIEST)

    assert collected.values("shares:account:day")[idle, idle] == 0
    assert {(one.reason, one.when) for one in collected.all(Gap, "shares:account:day")} == {
        (Reason.EMPTY, Days(date(2026, 10, 5), date(2026, 10, 6)))
    }
    assert [one.days for one in collected.all(Coverage, "shares:account:day")] == [
        Days(EARLIEST, date(2026, 10, 4)),
        Days(date(2026, 10, 7), NEWEST),
    ]


def test_the_newest_days_are_too_early_where_nothing_else_came(both):
    """Figures come up to two days late: silence about yesterday is no loss, and is not hidden either."""
    collected = collect(both, resume=dict.fromkeys(DAILY, YESTERDAY))

    assert {(one.reason, one.when) for one in collected.all(Gap, "views:account:day")} == {
        (Reason.TOO_EARLY, Days(YESTERDAY, YESTERDAY))
    }
    assert not collected.all(Coverage, "views:account:day")


def test_nothing_is_asked_of_days_to_come(both, clock):
    """An office east of Greenwich begins its day before UTC does."""
    today = date(2026, 11, 21)

    collected = collect(both, first=today)

    assert not [one for one in asked(both, GET) if "start_date" in one.query]
    assert not [one for one in collected.all(Gap) if one.measure.span == DAY]


def test_a_personal_account_lacks_what_is_for_business_accounts(both, contract):
    """Not offered, which an office can change by changing its account; never nought."""
    contract.business.is_business = False

    collected = collect(both, first=EARLIEST)

    lacking = {measure.key for fields in DAYS[1:] for measure in fields.values()}
    assert {one.measure.key for one in collected.all(Gap) if one.reason is Reason.NOT_OFFERED} >= lacking
    assert {one.measure.key for one in collected.all(Reading) if one.measure.span == DAY} == DAILY - lacking


def test_daily_followers_that_are_no_totals_are_not_taken_for_some(both, contract):
    """On some accounts they may be the day's change; charted as a level they would be a collapse of the account."""
    changes = [{"date": str(day), "followers_count": 4, "likes": 1} for day in _days(date(2026, 11, 10), NEWEST)]
    changed(contract, GET, lambda data: {**data, "metrics": changes})

    collected = collect(both, first=date(2026, 11, 10))

    [gap] = collected.all(Gap, "followers@business:account:day")
    assert (gap.reason, gap.when) == (Reason.NOT_OFFERED, Days(date(2026, 11, 10), YESTERDAY))
    assert gap.note == "the daily followers are no totals"
    assert collected.all(Reading, "followers@business:account:now")
    assert len(collected.all(Reading, "likes:account:day")) == 10


def test_the_two_services_followers_are_two_series(both, contract):
    """Each service counts for itself; spliced, a change of the source would look like growth."""
    contract.business.followers = 1_234

    collected = collect(both)

    levels = {one.measure.key: one.value for one in collected.all(Reading) if one.measure.metric.key == "followers"
              and one.measure.span == "now" and one.measure.subject is Subject.ACCOUNT}  # fmt: skip
    assert levels == {
        "followers:account:now": contract.display.profile()["follower_count"],
        "followers@business:account:now": 1_234,
    }


@pytest.mark.parametrize("field", [name for fields in DAYS for name in fields])
def test_a_retired_daily_field_costs_itself_alone(both, contract, field):
    """One unknown field refuses the whole question; the others must still come, with the gap as evidence."""
    contract.business.retired = {field}
    measure = next(fields[field] for fields in DAYS if field in fields)

    collected = collect(both, first=EARLIEST)

    assert collected.error is None
    assert {one.measure.key for one in collected.all(Reading) if one.measure.span == DAY} == DAILY - {measure.key}
    [gap] = collected.all(Gap, measure.key)
    assert (gap.reason, gap.when) == (Reason.RETIRED, Days(EARLIEST, YESTERDAY))
    assert gap.place.pointer == "body:/code"


def test_what_is_dead_is_not_asked_for(both):
    """A refused field would refuse its neighbours every night."""
    dead = frozenset({"likes:account:day", AUDIENCE.key, "reach:post:now", "followers@business:account:now"})

    collected = collect(both, first=EARLIEST, dead_measures=dead)

    questions = [one.query["fields"] for one in (*asked(both, GET), *asked(both, VIDEOS))]
    assert not [fields for fields in questions if '"likes"' in fields or '"audience_' in fields or '"reach"' in fields]
    gaps = {one.measure.key: (one.reason, one.place) for one in collected.all(Gap) if one.measure.key in dead}
    assert gaps == dict.fromkeys(dead, (Reason.RETIRED, None))


# The audience -------------------------------------------------------------------------------------------------------


def test_the_audience_is_read_by_country_city_gender_and_age(both):
    """Shares are fractions as TikTok prints them, quoted and never summed."""
    shares = {one.about: one.value for one in collect(both).all(Reading, AUDIENCE.key)}

    assert shares["country:ID"] == 971_200
    assert shares["city:Contoh"] == 611_300
    assert shares["gender:Female"] == 523_100
    assert shares["age:55+"] == 50_000
    assert AUDIENCE.kind is Kind.RATIO


@pytest.mark.parametrize(("followers", "reason"), [(99, Reason.BELOW_FLOOR), (100, Reason.EMPTY)])
def test_an_empty_audience_is_below_the_floor_only_below_it(both, contract, followers, reason):
    """A small office reads that it is not eligible yet, with the number; a large one that nothing was answered."""
    contract.business.followers = followers
    if followers >= 100:
        changed(contract, GET, lambda data: {**data, **{name: [] for name in data if name.startswith("audience")}})

    gaps = collect(both).all(Gap, AUDIENCE.key)

    assert {(one.reason, one.about) for one in gaps} == {
        (reason, about) for about in ("country", "city", "gender", "age")
    }
    assert AUDIENCE.floor == 100


def test_one_refused_dimension_does_not_end_the_others_for_a_month(both, contract):
    """A refusal with a place is remembered for the whole measure, which all four dimensions share."""
    contract.business.retired = {"audience_cities"}

    collected = collect(both)

    [gap] = collected.all(Gap, AUDIENCE.key)
    assert (gap.reason, gap.about, gap.place) == (Reason.RETIRED, "city", None)
    assert {one.about.partition(":")[0] for one in collected.all(Reading, AUDIENCE.key)} == {"country", "gender", "age"}


def test_an_audience_that_is_gone_altogether_is_remembered(both, contract):
    """Asking every night for what is refused would cost the others their question."""
    contract.business.retired = {f"audience_{name}" for name in ("countries", "cities", "genders", "ages")}

    collected = collect(both)

    assert {one.place.pointer for one in collected.all(Gap, AUDIENCE.key)} == {"body:/code"}
    assert collected.all(Reading, "followers@business:account:now")


@pytest.mark.parametrize("share", [0.12345678901, "a half", {}])
def test_an_unreadable_share_costs_only_itself(both, contract, share):
    """A share with more digits than are kept must not cost the days."""
    changed(
        contract, GET, lambda data: {**data, "audience_genders": [{"gender": "Female", "percentage": share}]}
        if "audience_genders" in data else data,
    )  # fmt: skip

    collected = collect(both)

    assert collected.error is None
    assert [(one.reason, one.about) for one in collected.all(Gap, AUDIENCE.key)] == [
        (Reason.UNREADABLE, "gender:Female")
    ]
    assert collected.all(Reading, "views:account:day")


# Videos -------------------------------------------------------------------------------------------------------------


def test_what_the_service_adds_to_videos_is_read(both):
    """Reach, saves and the time watched, of the very posts that the Display service counts."""
    collected = collect(both)

    newest = max(one.about for one in collected.all(Reading, "reach:post:now"))
    figures = {one.measure.key: one for one in collected.all(Reading) if one.about == newest}
    [video] = [one for one in life.list_videos(NOW) if one.id == newest]
    insights = video.insights(NOW)
    assert figures["reach:post:now"].value == insights["reach"]
    assert figures["reach:post:now"].measure.kind is Kind.UNIQUE
    assert figures["saves:post:now"].value == insights["favorites"]
    assert figures["tiktok.watch_seconds:post:now"].value == insights["total_time_watched"] * 10**6
    assert figures["views:post:now"].value == video.counts(NOW)["view_count"]
    assert len(collected.all(Post)) == len({post.id for post in collected.all(Post)})


def test_an_idle_video_lacks_its_watch_time_and_keeps_its_saves(both):
    """Without activity for a week reach and watch time vanish; a nought would wipe out what was reported."""
    idle = next(one for one in life.list_videos(NOW) if one.is_idle(NOW))

    collected = collect(both)

    lacking = {one.measure.key: one.reason for one in collected.all(Gap) if one.about == idle.id}
    assert lacking == dict.fromkeys(
        ("reach:post:now", "tiktok.watch_seconds:post:now", "tiktok.average_watch_seconds:post:now",
         "tiktok.watched_full_share:post:now"), Reason.EMPTY)  # fmt: skip
    assert idle.id in {one.about for one in collected.all(Reading, "saves:post:now")}


def test_a_post_that_the_display_service_does_not_list_is_told_of(both, contract):
    """A reading of a post that nobody ever named could not be shown."""
    missing = next(one for one in life.list_videos(NOW) if not one.is_idle(NOW) and one.created.date() <= NEWEST)
    contract.display.hidden = {missing.id}

    posts = {post.id: post for post in collect(both).all(Post)}

    assert posts[missing.id].title == f"{missing.title} #kpu"
    assert (posts[missing.id].kind, posts[missing.id].created_at) == ("video", missing.created)


@pytest.mark.parametrize("field", INSIGHTS)
def test_a_retired_insight_costs_itself_alone(both, contract, field):
    """The same for videos as for days."""
    contract.business.retired = {field}

    collected = collect(both)

    assert [one.reason for one in collected.all(Gap, INSIGHTS[field].key)] == [Reason.RETIRED]
    others = {one.key for name, one in INSIGHTS.items() if name != field}
    assert {one.measure.key for one in collected.all(Reading)} >= others


def test_a_list_of_videos_never_costs_more_than_the_minute_allows(both, contract):
    """Forty questions a minute per account; a longer list would be refused in the middle every night."""
    whole = contract.answer
    contract.answer = lambda one: (
        Answered({"code": 0, "data": {"videos": [], "cursor": int(one.query.get("cursor", 10**13)) - 1,
                                      "has_more": True}}) if one.path == VIDEOS else whole(one)
    )  # fmt: skip

    collected = collect(both)

    assert collected.error is None
    assert len(asked(both, VIDEOS)) == 30
    assert {one.reason for one in collected.all(Gap, "reach:post:now")} == {Reason.UNREADABLE}


# Refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "action"),
    [(40105, Action.RECONNECT), (40102, Action.RECONNECT), (40100, Action.WAIT), (50002, Action.RETRY),
     (41000, Action.FIX)],
)  # fmt: skip
def test_a_refused_service_costs_nothing_of_the_other(both, contract, code, action):
    """What the Display service gave is kept, whatever happens to the second; and the fault is not hidden."""
    contract.business.fault_code = code

    collected = collect(both)

    assert collected.error.action is action
    assert collected.all(Reading, "followers:account:now")
    assert collected.all(Reading, "views:post:now")


def test_a_dead_display_sign_in_does_not_cost_the_days(both, contract):
    """Days are lost after sixty of them; the account is marked for connecting all the same."""
    contract.display.tokens.revoked = True

    collected = collect(both)

    assert isinstance(collected.error, AccessError)
    assert "TIKTOK_BUSINESS" not in collected.error.hint.id
    assert collected.all(Reading, "views:account:day")
    assert collected.all(Post)


def test_where_both_sign_ins_are_dead_the_first_is_said(both, contract):
    """One fault at a time can be mended; without the first nothing of the account is left."""
    contract.display.tokens.revoked = contract.business.tokens.revoked = True

    collected = collect(both)

    assert "invalid_grant" in collected.error.message
    assert collected.all(Reading) == []


@pytest.mark.parametrize("name", ["throttled", "failing"])
def test_a_passing_fault_of_the_display_service_is_waited_for(both, contract, name):
    """The line is in doubt, or the account wants to be left alone: going on would make it worse."""
    setattr(contract.display, name, True)

    collected = collect(both)

    assert collected.error.action in (Action.WAIT, Action.RETRY)
    assert not [one for one in both.asked if one.host == "TIKTOK_BUSINESS_URL"]


@pytest.mark.parametrize("scope", ["user.insights", "video.insights", "video.list", "user.info.stats"])
def test_a_permission_that_was_not_ticked_costs_its_own_part(both, contract, scope):
    """People untick; what the other permissions give must still come."""
    contract.business.scopes.discard(scope)

    collected = collect(both)

    assert collected.error is None
    refused = {one.measure.key for one in collected.all(Gap) if one.reason is Reason.NOT_PERMITTED}
    expected = {
        "user.insights": (DAILY - {"followers@business:account:day"}) | {AUDIENCE.key},
        "video.insights": {INSIGHTS[name].key for name in INSIGHTS if name not in ("reach", "favorites")},
        "video.list": {measure.key for measure in INSIGHTS.values()},
        "user.info.stats": {"followers@business:account:day", "followers@business:account:now"},
    }
    assert refused == expected[scope]


def test_keys_that_are_given_in_part_are_named(ask, both, contract):
    """Left aside in silence, days would be lost for weeks before anybody looked."""
    keys = {name: value for name, value in both.keys.items() if name != "business_client_secret"}
    talk = ask(contract, CONNECTOR, keys)

    collected = collect(talk)

    assert (collected.error.code, collected.error.action) == ("setting.business_keys", Action.FIX)
    assert collected.error.hint.id.startswith("Isi juga TIKTOK_BUSINESS_CLIENT_SECRET")
    assert collected.all(Reading, "followers:account:now")


def test_without_its_keys_the_service_is_left_alone(talk):
    """Most offices have the Display service alone; nothing of the other is a gap of theirs."""
    collected = collect(talk)

    assert collected.error is None
    assert not [one for one in talk.asked if one.host == "TIKTOK_BUSINESS_URL"]
    assert collected.all(Gap) == []


# Who it is ----------------------------------------------------------------------------------------------------------


def test_a_check_sees_that_both_services_speak_of_one_account(both, contract):
    """The days of another office beside one's own followers would be noticed by nobody."""
    assert both.check().handle == "kpu_contoh"
    contract.business.username = "kpu_lain"

    with pytest.raises(OtherAccountError) as caught:
        both.check()

    assert caught.value.code == "access.other_account"
    assert caught.value.place.pointer == "body:/data/username"


def test_a_check_goes_without_the_name_where_either_service_withholds_it(both, contract):
    """A name that is not told can be compared with nothing."""
    contract.business.username = "kpu_lain"
    contract.display.scopes.discard("user.info.profile")

    assert both.check().handle == "KPU Kota Contoh"


def _days(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
